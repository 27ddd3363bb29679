"""The grid of dates on which results are kept: from signature to horizon, by month or by quarter."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

__all__ = ["TimeGrid", "add_months", "months_between"]


def add_months(start: date, months: int) -> date:
    """``start`` moved by whole months; a day that the month lacks becomes its last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> float:
    """Months from ``start`` to ``end``: whole calendar months plus the fraction of the month under way."""
    whole = (end.year - start.year) * 12 + end.month - start.month
    if _day(start, whole) > end.toordinal():
        whole -= 1
    before, after = _day(start, whole), _day(start, whole + 1)
    return whole + (end.toordinal() - before) / (after - before)


def _day(start: date, months: int) -> int:
    """The ordinal of ``start`` moved by months, also where no date of Python reaches."""
    # the calendar repeats after 4800 months, which are 146,097 days
    cycles = (start.year * 12 + start.month - 1 + months) // 4800 - 1
    return add_months(start, months - 4800 * cycles).toordinal() + 146_097 * cycles


@dataclass(frozen=True)
class TimeGrid:
    """Grid points k = 0..steps, ``step`` months apart, from ``start`` (the signature).

    Driver values at point k rule the step from k to k + 1.
    """

    start: date
    steps: int
    step: int = 1

    @property
    def points(self) -> int:
        """Number of grid points, one more than steps."""
        return self.steps + 1

    @property
    def months(self) -> npt.NDArray[np.float64]:
        """Months since the start, shape (time,)."""
        return np.arange(self.points, dtype=float) * self.step

    @property
    def years(self) -> float:
        """Length of one step, in years."""
        return self.step / 12.0

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The calendar date of every grid point."""
        return tuple(add_months(self.start, k * self.step) for k in range(self.points))

    def until(self, point: int) -> TimeGrid:
        """The same to one of its grid points, which is then the last; a step is the least that there can be."""
        return replace(self, steps=max(point, 1))

    def month_of(self, day: date) -> float:
        """Months from the start to ``day`` (negative before it)."""
        return months_between(self.start, day)

    def at(self, months: float) -> int:
        """The last grid point not later than ``months``, kept within the grid."""
        return int(min(max(np.floor(months / self.step + 1e-9), 0), self.steps))
