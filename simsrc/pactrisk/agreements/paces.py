"""Paces as clocks: one integral for all the milestones that share a pace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.agreements.terms import Ceremony, Pace
from pactrisk.clocks import Clock
from pactrisk.drivers.effects import Effect, product
from pactrisk.drivers.paths import DriverPaths
from pactrisk.grid import TimeGrid
from pactrisk.magnitude import sound
from pactrisk.quantities import Value, Worlds
from pactrisk.reuse import Reuse

__all__ = ["SHARED", "Clocks", "ceremonial", "effects_of"]

Array = npt.NDArray[np.float64]
SHARED = 50
"""Clocks that are kept for variants."""


def effects_of(name: str, paces: Mapping[str, Pace], seen: tuple[str, ...] = ()) -> tuple[Effect, ...]:
    """The effects of a pace and of those it includes.

    Raises
    ------
    ValueError : where paces include one another in a circle.
    """
    if name in seen:
        raise ValueError(f"paces include one another in a circle: {' <- '.join((*seen, name))}")
    pace = paces[name]
    inherited = tuple(e for other in pace.includes for e in effects_of(other, paces, (*seen, name)))
    return inherited + pace.effects


def ceremonial(ceremonies: tuple[Ceremony, ...], paths: DriverPaths, window: int) -> Array | None:
    """Summed weights of the ceremonial events of the last ``window`` steps, shape (time, trial)."""
    total: Array | None = None
    for ceremony in sorted(ceremonies, key=lambda c: (c.driver, c.weight)):
        counts = paths.events(ceremony.driver).counts
        total = np.zeros(counts.shape) if total is None else total
        kernels.progress.ceremony(counts, float(ceremony.weight), window, total)
    return total


class Clocks:
    """The clocks of one block, each made once and only when asked for.

    ``ceremony_effect`` is the scenario's one number by which ceremony may speed work: the pace is
    multiplied by ``1 + ceremony_effect * (1 - exp(-weights of ceremonial events of the window))``. The ``window`` is
    that of ceremony, in steps.
    """

    def __init__(
        self,
        paces: Mapping[str, Pace],
        ceremony_effect: Value,
        window: int,
        paths: DriverPaths,
        worlds: Worlds,
        grid: TimeGrid,
    ) -> None:
        self._paces, self._effect, self.window = paces, ceremony_effect, window
        self.paths, self.worlds, self.grid = paths, worlds, grid
        self._made: dict[tuple[str | None, tuple[Ceremony, ...]], Clock] = {}
        self._products: dict[str, Array] = {}

    def of(self, pace: str | None, ceremonies: tuple[Ceremony, ...] = ()) -> Clock:
        """The clock of a pace (None: nothing disturbs it) for an agreement with these ceremonies."""
        if self._effect == 0:
            ceremonies = ()
        key = (pace, ceremonies)
        if key not in self._made:
            every = effects_of(pace, self._paces) if pace else ()
            inputs = (self._said(pace), self._effect, *self.paths.of(every), *self.paths.of(ceremonies))
            # each is as large as a driver's path: of a great many only some are kept
            reuse = self.worlds.reuse if len(self._made) < SHARED else Reuse()
            self._made[key] = reuse.of(("clock", *key), inputs, lambda: self._clock(pace, ceremonies))
        return self._made[key]

    def _clock(self, pace: str | None, ceremonies: tuple[Ceremony, ...]) -> Clock:
        speed = self._speed(pace)
        honours = ceremonial(ceremonies, self.paths, self.window) if ceremonies else None
        if honours is not None:
            speed = speed * (1 + self.worlds.value(self._effect) * -np.expm1(-honours[:-1]))
        return Clock.from_pace(speed, self.grid.step)

    def _said(self, pace: str | None) -> tuple[Any, ...]:
        """A pace and those it includes, as they include one another."""
        if pace is None:
            return ()
        return pace, self._paces[pace], *(self._said(other) for other in sorted(self._paces[pace].includes))

    def _speed(self, pace: str | None) -> Array:
        word = pace or ""
        if word not in self._products:
            every = effects_of(word, self._paces) if word else ()
            effects, includes = (self._paces[word].effects, self._paces[word].includes) if word else ((), ())
            own = found = product(effects, self.paths, self.worlds, self.grid, f"paces.{word}")
            # what a pace includes is multiplied once for all the paces that include it
            for other in (self._speed(other) for other in sorted(includes)):
                found = other if found is None else np.multiply(found, other, out=own)
            if found is not None and includes and not sound(found):
                # all at once, for the message that names the drivers
                found = product(every, self.paths, self.worlds, self.grid, f"paces.{word}")
            shape = (self.grid.steps, self.worlds.streams.size)
            self._products[word] = np.ones(shape) if found is None else np.broadcast_to(found, shape)
        return self._products[word]
