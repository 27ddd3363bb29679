"""Dated shocks: a departure that can be written into any scenario."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import numpy as np

from pactrisk.drivers.paths import EventPath, Path, StatePath
from pactrisk.drivers.process import Process
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Num, Value, Worlds
from pactrisk.specs import Documented, Ruled, Wrong

__all__ = ["Shock", "shocked"]


class Shock(Documented, Ruled):
    """A departure of one driver from a date on.

    Of a price ``size`` is relative: -0.3 takes 30% off on the date; with ``half_life`` the departure of the
    logarithm halves in that time, without it stays. Of another valued driver it is added, in its unit, to what is seen.
    A regime takes ``state`` instead: it is in that state from the date on, for a newly drawn time.
    """

    driver: str
    """the driver that departs"""
    date: date
    """the day it begins"""
    size: Annotated[Value, Num("relative departure of a price (above -1), or units added")] | None = None
    half_life: (
        Annotated[Value, Num("time for the departure to halve; it stays if not given", "months", above=0)] | None
    ) = None
    state: str | None = None
    """state that a regime is put into"""

    def wrong(self) -> Iterator[Wrong]:
        """Both a size and a state or neither, and a state that is to fade."""
        if (self.size is None) == (self.state is None):
            yield Wrong("a shock has either a size or, for a regime, a state", ("size", "state"))
        elif self.state is not None and self.half_life is not None:
            yield Wrong("a state has no half_life: it lasts as long as the regime says", ("size", "state"))


def shocked(
    path: Path | StatePath, shocks: list[Shock], driver: Process, worlds: Worlds, grid: TimeGrid
) -> Path | StatePath:
    """The path with the sized shocks of its driver applied."""
    if isinstance(path, StatePath) or not shocks:
        return path
    values, before = path.values.copy(), path.before
    for shock in sorted(shocks, key=lambda s: (s.date, str(s.size))):
        assert shock.size is not None
        since = grid.months - grid.month_of(shock.date)
        on = since >= 0
        if on[0]:
            before = path.initial
        size = np.asarray(worlds.value(shock.size))
        left = np.where(on, 1.0, 0.0)[:, None]
        if shock.half_life is not None:
            half_life = np.asarray(worlds.value(shock.half_life))
            left = left * np.exp2(-np.where(on, since, 0.0)[:, None] / half_life)
        if driver.positive:
            values *= np.exp(np.log1p(np.maximum(size, -1 + 1e-12)) * left)
        else:
            values += size * left
    values = driver.seen(values)
    if isinstance(path, EventPath):
        return EventPath(values, path.counts, path.times, before=before)
    return Path(values, before=before)
