"""What blocks leave behind: arrays that add up. Trials are never kept.

Every statistic is a sum over trials or over worlds. Sums of whole numbers are exact; the others are added
in the order of the blocks. So neither the number of workers nor who finishes first can move a bit.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble.block import Block
from pactrisk.estimators import Moments, world_sums
from pactrisk.outcomes import CLASSES, GROUPS, group_members

__all__ = ["Observer", "Sums", "add", "moments", "observe_outcomes", "store"]

Sums: TypeAlias = dict[str, npt.NDArray[Any]]
"""Sums by name."""
Observer: TypeAlias = Callable[[Block], Sums]
"""What an analysis takes down from each block."""


def add(sums: Sums, more: Mapping[str, npt.NDArray[Any]]) -> Sums:
    """``sums`` with those of one more block added in place."""
    for name, value in more.items():
        sums[name] = sums[name] + value if name in sums else np.array(value)
    return sums


def store(name: str, found: Moments) -> Sums:
    """Moments as sums, under ``name/total`` and so on."""
    return {
        f"{name}/total": found.total,
        f"{name}/square": found.square,
        f"{name}/trial_square": found.trial_square,
    }


def moments(sums: Sums, name: str, trials_per_world: int) -> Moments:
    """The moments kept under ``name``."""
    return Moments(
        sums[f"{name}/total"],
        sums[f"{name}/square"],
        sums[f"{name}/trial_square"],
        int(sums["worlds"]),
        trials_per_world,
    )


def observe_outcomes(block: Block) -> Sums:
    """What every chapter reads, at each grid date.

    ``classes`` (agreement, time, class); ``groups`` (agreement, time, group); ``portfolio`` (time, number of
    agreements in substantive cooperation); ``mean`` (time,) that number itself.
    """
    m, classes = block.trials_per_world, block.base.classes
    by_class: list[npt.NDArray[Any]] = [world_sums(classes == c, m) for c in range(len(CLASSES))]
    by_group = [functools.reduce(np.add, [by_class[c] for c in group_members(g)]) for g in GROUPS]
    count = (classes <= 1).sum(axis=0, dtype=np.int8)
    sums: Sums = {"worlds": np.array(block.worlds), "trials": np.array(block.trials)}
    sums |= store("classes", _stacked(by_class, m))
    sums |= store("groups", _stacked(by_group, m))
    sums |= store("portfolio", _stacked([world_sums(count == n, m) for n in range(len(classes) + 1)], m))
    sums |= store("mean", Moments.from_trials(count.astype(np.int64), m))
    return sums


def _stacked(sums: Sequence[npt.NDArray[Any]], trials_per_world: int) -> Moments:
    """Moments of events with these world sums, one after another along a last axis."""
    total = np.stack([s.sum(axis=-1) for s in sums], axis=-1)
    square = np.stack([np.einsum("...w,...w->...", s, s) for s in sums], axis=-1)
    return Moments(total, square, total, sums[0].shape[-1], trials_per_world)
