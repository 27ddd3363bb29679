"""A regime laid out as arrays, for the compiled loop that follows its stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pactrisk.clocks import Clock
from pactrisk.distributions import Distribution, Real
from pactrisk.drivers.process import Setting, stacked
from pactrisk.drivers.states import State
from pactrisk.quantities import Value

__all__ = ["Pushes", "Tables", "edges"]

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Pushes: TypeAlias = tuple[Array | None, Indices, Indices, npt.NDArray[np.bool_]]
"""Pushes in order of time: the month of each, shape (push, trial), the last row infinite, or None where nothing pushes;
whose it is, shape (push, trial); and of each source the state it pushes into, and which states can be left,
shape (source, state)."""


def edges(setting: Setting, names: Sequence[str], odds: Mapping[str, Value]) -> tuple[Indices, list[Real]]:
    """Places of the states in the odds, and the levels at which one gives way to the next."""
    order = sorted(odds, key=names.index)
    total: Real = 0.0
    sums: list[Real] = []
    for name in order:
        total = total + setting.value(odds[name])
        sums.append(total)
    return np.array([names.index(name) for name in order], dtype=np.intp), [x / total for x in sums[:-1]]


@dataclass(frozen=True)
class Tables:
    """What the loop needs besides where each trial begins; the shapes are told where the loop is."""

    words: npt.NDArray[np.uint64]
    durations: tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]
    clocks: tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]
    odds: tuple[npt.NDArray[Any], ...]
    pushes: tuple[npt.NDArray[Any], ...]

    @classmethod
    def of(
        cls,
        setting: Setting,
        names: Sequence[str],
        specs: Sequence[State],
        durations: Sequence[Distribution | None],
        clocks: Sequence[Clock | None],
        pushes: Pushes,
    ) -> Tables | None:
        """The tables of the states ``names``; None where a duration is of a family that the loop does not know."""
        worlds = setting.worlds.count
        coded = [None if d is None else d.coded(worlds) for d in durations]
        if any(c is None and d is not None for c, d in zip(coded, durations, strict=True)):
            return None
        words = np.stack([setting.rows(word).words for word in ("stay", "next")])
        odds = _odds(setting, names, specs)
        return cls(words, _durations(coded, worlds), _clocks(clocks), odds, _pushed(pushes, setting.trials))

    def given(self) -> tuple[npt.NDArray[Any], ...]:
        """The arrays in the order in which the loop takes them."""
        return (self.words, *self.durations, *self.clocks, *self.odds, *self.pushes)


def _durations(
    coded: Sequence[tuple[int, npt.NDArray[np.float64]] | None], worlds: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    rows = max((len(c[1]) for c in coded if c is not None), default=1)
    tables = np.full((len(coded), rows, worlds), np.nan)
    codes = np.full(len(coded), -1)
    for number, found in enumerate(coded):
        if found is not None:
            codes[number] = found[0]
            tables[number, : len(found[1])] = found[1]
    return codes, tables


def _clocks(clocks: Sequence[Clock | None]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    own = [clock.by_trial for clock in clocks if clock is not None]
    places = np.full(len(clocks), -1)
    places[[clock is not None for clock in clocks]] = np.arange(len(own))
    return places, stacked(own) if own else np.empty((0, 1, 1))


def _odds(setting: Setting, names: Sequence[str], specs: Sequence[State]) -> tuple[npt.NDArray[Any], ...]:
    """States that can follow, how many, the levels that part them; which regime decides, its state, its path."""
    states, worlds = len(specs), setting.worlds.count
    entries = 1 + max(len(spec.when) for spec in specs)
    targets, many = np.zeros((states, entries, states), dtype=np.int64), np.ones((states, entries), dtype=np.int64)
    parted = np.empty((states, entries, max(states - 1, 1), worlds))
    regime, inside = np.full((states, entries), -1), np.zeros((states, entries), dtype=np.int64)
    readers = sorted({entry.driver for spec in specs for entry in spec.when})
    paths = {name: setting.paths.regime(name) for name in readers}
    for s, spec in enumerate(specs):
        for e, entry in enumerate(spec.when):
            regime[s, e] = readers.index(entry.driver)
            inside[s, e] = paths[entry.driver].names.index(entry.state)
        for e, odds in enumerate((*(entry.next for entry in spec.when), spec.next)):
            places, levels = edges(setting, names, odds)
            many[s, e] = max(len(places), 1)
            targets[s, e, : len(places)] = places
            for j, level in enumerate(levels):
                parted[s, e, j] = level[:worlds] if np.ndim(level) else level  # type: ignore[index]
    seen = stacked([paths[name].states for name in readers]) if readers else np.empty((0, 1, 1), dtype=np.int8)
    return targets, many, parted, regime, inside, seen


def _pushed(pushes: Pushes, trials: int) -> tuple[npt.NDArray[Any], ...]:
    times, *rest = pushes
    return np.full((1, trials), np.inf) if times is None else times, *rest
