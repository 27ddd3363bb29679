"""Paces as clocks: one integral for all the milestones that share a pace."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.agreements.terms import Ceremony, Pace
from pactrisk.clocks import Clock
from pactrisk.drivers.effects import Effect, product
from pactrisk.drivers.paths import DriverPaths, EventPath
from pactrisk.grid import TimeGrid
from pactrisk.magnitude import sound
from pactrisk.quantities import Value, Worlds
from pactrisk.reuse import Reuse

__all__ = ["SHARED", "Clocks", "effects_of"]

Array = npt.NDArray[np.float64]
SHARED = 50
"""Clocks that are kept for variants."""


def reached(name: str, paces: Mapping[str, Pace], seen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The paces that a pace includes, directly or through others, and then itself; each of them once.

    Raises
    ------
    ValueError : where paces include one another in a circle.
    """
    if name in seen:
        raise ValueError(f"paces include one another in a circle: {' <- '.join((*seen, name))}")
    found = (one for other in paces[name].includes for one in reached(other, paces, (*seen, name)))
    return tuple(dict.fromkeys((*found, name)))


def effects_of(name: str, paces: Mapping[str, Pace]) -> tuple[Effect, ...]:
    """The effects of a pace and of those that it reaches.

    Raises
    ------
    ValueError : where paces include one another in a circle.
    """
    return tuple(effect for one in reached(name, paces) for effect in paces[one].effects)


def ceremonial(
    ceremonies: tuple[Ceremony, ...], paths: DriverPaths, window: int, grid: TimeGrid, signed: float
) -> Array | None:
    """Summed weights of the ceremonial events of the last ``window`` steps, shape (time, trial), since the agreement
    that they honour was ``signed``, in months.
    """
    total: Array | None = None
    for ceremony in sorted(ceremonies, key=lambda c: (c.driver, c.weight)):
        path = paths.events(ceremony.driver)
        total = np.zeros(path.counts.shape) if total is None else total
        counts = path.counts if signed <= 0 else _since(path, grid, signed)
        kernels.progress.ceremony(counts, float(ceremony.weight), window, total)
    return total


def _since(path: EventPath, grid: TimeGrid, signed: float) -> npt.NDArray[np.int16]:
    """Events of each step that did not happen before the day of signature."""
    point = min(math.ceil(signed / grid.step), grid.points)
    counts = path.counts.copy()
    counts[:point] = 0
    if point < grid.points:
        early = (path.times > (point - 1) * grid.step) & (path.times < signed)
        counts[point] -= early.sum(axis=0, dtype=np.int16)
    return counts


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
        self._made: dict[tuple[str | None, tuple[Ceremony, ...], float], Clock] = {}
        self._products: dict[tuple[str, frozenset[str]], Array] = {}

    def of(self, pace: str | None, ceremonies: tuple[Ceremony, ...], signed: float) -> Clock:
        """The clock of a pace (None: nothing disturbs it) for an agreement that was ``signed`` in that month and has
        these ceremonies.
        """
        if self._effect == 0 or not ceremonies:
            ceremonies, signed = (), 0.0
        key = (pace, ceremonies, signed)
        if key not in self._made:
            every = effects_of(pace, self._paces) if pace else ()
            inputs = (self._said(pace), self._effect, *self.paths.of(every), *self.paths.of(ceremonies))
            # each is as large as a driver's path: of a great many only some are kept
            reuse = self.worlds.reuse if len(self._made) < SHARED else Reuse()
            self._made[key] = reuse.of(("clock", *key), inputs, lambda: self._clock(*key))
        return self._made[key]

    def honours(self, ceremonies: tuple[Ceremony, ...], signed: float) -> Array | None:
        """Weights of ceremonial events behind an agreement that was ``signed`` in that month, as :func:`ceremonial`."""
        return ceremonial(ceremonies, self.paths, self.window, self.grid, signed)

    def _clock(self, pace: str | None, ceremonies: tuple[Ceremony, ...], signed: float) -> Clock:
        speed = self._speed(pace)
        honours = self.honours(ceremonies, signed) if ceremonies else None
        if honours is not None:
            speed = speed * (1 + self.worlds.value(self._effect) * -np.expm1(-honours[:-1]))
        return Clock.from_pace(speed, self.grid.step)

    def _said(self, pace: str | None) -> tuple[Any, ...]:
        """A pace and those that it reaches, by name."""
        return () if pace is None else tuple((one, self._paces[one]) for one in reached(pace, self._paces))

    def _speed(self, pace: str | None, but: frozenset[str] = frozenset()) -> Array:
        """The pace in each step and trial, without what it has from paces in ``but``."""
        word = pace or ""
        within = reached(word, self._paces) if word else ()
        key = word, but.intersection(within)
        if key not in self._products:
            effects, includes = (self._paces[word].effects, self._paces[word].includes) if word else ((), ())
            own = found = product(effects, self.paths, self.worlds, self.grid, f"paces.{word}")
            # what a pace includes is multiplied once for all the paces that include it, and once in each of them
            for other in sorted(includes):
                if other not in but:
                    factor = self._speed(other, but)
                    but = but.union(reached(other, self._paces))
                    found = factor if found is None else np.multiply(found, factor, out=own)
            # a part of a pace may be larger than all of it
            if found is not None and includes and not key[1] and not sound(found):
                # all at once, for the message that names the drivers
                found = product(effects_of(word, self._paces), self.paths, self.worlds, self.grid, f"paces.{word}")
            shape = (self.grid.steps, self.worlds.streams.size)
            self._products[key] = np.ones(shape) if found is None else np.broadcast_to(found, shape)
        return self._products[key]
