"""Dated values, joined: a known programme, an exhibition, a phase-out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from pactrisk.drivers.paths import Path
from pactrisk.drivers.process import Process, Setting, Theory, kind
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Num, Value
from pactrisk.specs import Documented, Ruled, Wrong


class DatedValue(Documented):
    """A value on a date."""

    date: date
    """the day"""
    value: Annotated[Value, Num("value on that day")]


@kind
class Trend(Process, Ruled):
    """Values known by date.

    Straight lines lie between them, or steps; before the first and after the last it is constant.
    """

    kind: Literal["trend"]
    values: Annotated[tuple[DatedValue, ...], Field(min_length=1)]
    """dated values, in order of time"""
    interpolation: Literal["linear", "step"] = "linear"
    """straight lines between the values, or each value until the next"""

    def wrong(self) -> Iterator[Wrong]:
        """Dates that do not rise."""
        days = [entry.date for entry in self.values]
        if days != sorted(set(days)):
            yield Wrong("values must be in order of time, each date once", ("values.*.date",), ("values",))

    def simulate(self, setting: Setting) -> Path:
        """The same line in every trial of a world."""
        knots = np.array([setting.grid.month_of(entry.date) for entry in self.values])
        heights = [np.zeros(setting.trials) + setting.value(entry.value) for entry in self.values]
        return Path(self._line(setting.grid, knots, np.array(heights)))

    def _line(self, grid: TimeGrid, knots: np.ndarray, heights: np.ndarray) -> np.ndarray:
        months = grid.months
        right = np.searchsorted(knots, months, side="right")
        low = np.clip(right - 1, 0, len(knots) - 1)
        if self.interpolation == "step" or len(knots) == 1:
            return np.asarray(heights[low])
        high = np.clip(right, 0, len(knots) - 1)
        width = np.where(high > low, knots[high] - knots[low], 1.0)
        part = np.where(right == 0, 0.0, np.clip((months - knots[low]) / width, 0.0, 1.0))
        return np.asarray(heights[low] * (1 - part[:, None]) + heights[high] * part[:, None])

    def theory(self, grid: TimeGrid) -> Theory:
        """The line itself, without spread."""
        knots = np.array([grid.month_of(entry.date) for entry in self.values])
        heights = np.array([[float(entry.value)] for entry in self.values])  # type: ignore[arg-type]
        if self.interpolation == "linear":
            line = np.interp(grid.months, knots, heights[:, 0])
        else:
            line = np.array([heights[max(int((knots <= m).sum()) - 1, 0), 0] for m in grid.months])
        return Theory("plain", line, np.zeros(grid.points))
