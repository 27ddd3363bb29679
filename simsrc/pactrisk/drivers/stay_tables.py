"""A regime laid out as arrays, for the compiled loop that follows its stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from pactrisk.drivers.stays import Stays

__all__ = ["Tables"]


@dataclass(frozen=True)
class Tables:
    """What the loop needs besides where each trial begins; the shapes are told where the loop is."""

    words: npt.NDArray[np.uint64]
    durations: tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]
    clocks: tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]
    odds: tuple[npt.NDArray[Any], ...]
    pushes: tuple[npt.NDArray[Any], ...]

    @classmethod
    def of(cls, stays: Stays) -> Tables | None:
        """The tables; None where a duration is of a family that the loop does not know."""
        coded = [None if d is None else d.coded(stays.setting.worlds.count) for d in stays.durations]
        if any(c is None and d is not None for c, d in zip(coded, stays.durations, strict=True)):
            return None
        words = np.stack([stays.stay_rows.words, stays.next_rows.words])
        return cls(words, _durations(coded, stays), _clocks(stays), _odds(stays), _pushes(stays))

    def given(self) -> tuple[npt.NDArray[Any], ...]:
        """The arrays in the order in which the loop takes them."""
        return (self.words, *self.durations, *self.clocks, *self.odds, *self.pushes)


def _durations(
    coded: list[tuple[int, npt.NDArray[np.float64]] | None], stays: Stays
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    rows = max((len(c[1]) for c in coded if c is not None), default=1)
    tables = np.full((len(coded), rows, stays.setting.worlds.count), np.nan)
    codes = np.full(len(coded), -1)
    for number, found in enumerate(coded):
        if found is not None:
            codes[number] = found[0]
            tables[number, : len(found[1])] = found[1]
    return codes, tables


def _clocks(stays: Stays) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    own = [clock for clock in stays.clocks if clock is not None]
    places = np.full(len(stays.clocks), -1)
    places[[clock is not None for clock in stays.clocks]] = np.arange(len(own))
    if len(own) == 1:
        return places, own[0].by_trial[None]
    return places, np.stack([clock.by_trial for clock in own]) if own else np.empty((0, 1, 1))


def _odds(stays: Stays) -> tuple[npt.NDArray[Any], ...]:
    """States that can follow, how many, the levels that part them; which regime decides, its state, its path."""
    states, worlds = len(stays.specs), stays.setting.worlds.count
    entries = 1 + max(len(spec.when) for spec in stays.specs)
    targets, many = np.zeros((states, entries, states), dtype=np.int64), np.ones((states, entries), dtype=np.int64)
    edges = np.empty((states, entries, max(states - 1, 1), worlds))
    regime, inside = np.full((states, entries), -1), np.zeros((states, entries), dtype=np.int64)
    readers = sorted({entry.driver for spec in stays.specs for entry in spec.when})
    paths = {name: stays.setting.paths.regime(name) for name in readers}
    for s, spec in enumerate(stays.specs):
        for e, entry in enumerate(spec.when):
            regime[s, e] = readers.index(entry.driver)
            inside[s, e] = paths[entry.driver].names.index(entry.state)
        for e, odds in enumerate((*(entry.next for entry in spec.when), spec.next)):
            places, levels = stays.edges(odds)
            many[s, e] = max(len(places), 1)
            targets[s, e, : len(places)] = places
            for j, level in enumerate(levels):
                edges[s, e, j] = level[:worlds] if np.ndim(level) else level  # type: ignore[index]
    seen = np.stack([paths[name].states for name in readers]) if readers else np.empty((0, 1, 1), dtype=np.int8)
    return targets, many, edges, regime, inside, seen


def _pushes(stays: Stays) -> tuple[npt.NDArray[Any], ...]:
    trials, states = stays.setting.trials, len(stays.names)
    if stays.forced_time is None:
        nothing = np.zeros((0, trials), dtype=np.int64), np.zeros((0, trials, states), dtype=np.bool_)
        return np.full((1, trials), np.inf), *nothing
    return stays.forced_time, stays.forced_state, stays.forced_from
