"""What blocks leave behind: arrays that add up. Trials are never kept.

Every statistic is a sum over trials or over worlds. Sums of whole numbers are exact; the others are added
in the order of the blocks. So neither the number of workers nor who finishes first can move a bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble.block import Block
from pactrisk.ensemble.plan import Plan
from pactrisk.ensemble.tallies import each
from pactrisk.errors import RunError
from pactrisk.estimators import Moments
from pactrisk.outcomes import CLASSES, GROUPS, group_members

__all__ = ["Observer", "Sums", "add", "moments", "observe_outcomes", "store"]

Sums: TypeAlias = dict[str, npt.NDArray[Any]]
"""Sums by name."""
Observer: TypeAlias = Callable[[Block], Sums]
"""What an analysis takes down from each block."""


def add(sums: Sums, more: Mapping[str, npt.NDArray[Any]]) -> Sums:
    """``sums`` with those of one more block added in place.

    Raises
    ------
    RunError : where those of one name have another shape than before.
    """
    for name, value in more.items():
        if name in sums and sums[name].shape != np.shape(value):
            shapes = f"{np.shape(value)} after {sums[name].shape}"
            raise RunError(f"the sums of {name} do not add up: a block has them in another shape, {shapes}")
        sums[name] = sums[name] + value if name in sums else np.array(value)
    return sums


def store(name: str, found: Moments) -> Sums:
    """Moments as sums, under ``name/total`` and so on."""
    return {
        f"{name}/total": found.total,
        f"{name}/square": found.square,
        f"{name}/trial_square": found.trial_square,
    }


def moments(sums: Sums, name: str, plan: Plan) -> Moments:
    """The moments kept under ``name``, over the replicates of the plan."""
    return Moments(
        sums[f"{name}/total"],
        sums[f"{name}/square"],
        sums[f"{name}/trial_square"],
        int(sums["replicates"]),
        plan.trials_per_replicate,
        plan.worlds_each,
    )


def observe_outcomes(block: Block) -> Sums:
    """What every chapter reads, at each grid date.

    ``classes`` (agreement, time, class); ``groups`` (agreement, time, group); ``portfolio`` (time, number of
    agreements in substantive cooperation); ``mean`` (time,) that number itself. Where worlds are not what is
    independent, or chances are not counted, ``by_world/number``, ``by_world/some`` and ``by_world/each`` (agreement,):
    the number, whether there is any, and each agreement in substantive cooperation at the headline, by world. By
    conditional Monte Carlo ``classes``, ``groups`` and ``mean`` hold sums of chances at the headline, and so does
    ``portfolio`` where there is one agreement.
    """
    m, classes, k = block.trials_per_replicate, block.base.classes, block.plan.headline
    found, groups = each(classes, len(CLASSES), m, [group_members(group) for group in GROUPS])
    count = block.numbers["substantive cooperation"]
    mean = Moments.from_trials(count, m)
    portfolio = each(count, len(classes) + 1, m)[0]
    if block.base.chances is not None:
        found, groups, mean, portfolio = _given(block, (found, groups, mean, portfolio))
    sums: Sums = {key: np.array(getattr(block, key)) for key in ("replicates", "worlds", "trials")}
    sums |= store("classes", found)
    sums |= store("groups", groups)
    sums |= store("portfolio", portfolio)
    sums |= store("mean", mean)
    if block.replicates < block.worlds or block.base.chances is not None:
        number = count[k].astype(np.int64)
        for name, values in (("number", number), ("some", number > 0), ("each", classes[:, k] <= 1)):
            sums |= store(f"by_world/{name}", Moments.from_trials(values, block.trials_per_world))
    return sums


def _given(block: Block, counted: tuple[Moments, ...]) -> tuple[Moments, ...]:
    """Classes, groups, the mean number and the number with what they hold of the headline taken from chances, not from
    counts; of several agreements the number is counted, for it hangs on what they do together.
    """
    chances, k, m = block.base.chances, block.plan.headline, block.trials_per_replicate
    assert chances is not None
    groups = np.stack([chances[:, group_members(group)].sum(axis=1) for group in GROUPS], axis=1)
    number = block.expected(next(iter(GROUPS)))
    every = [((slice(None), k), chances), ((slice(None), k), groups), ((k,), number)]
    if len(chances) == 1:
        # chances that sum to one may miss it by a last digit
        every.append(((k,), np.stack([np.maximum(1.0 - number, 0.0), number])))
    found = [_put(moments_, at, Moments.from_trials(x, m)) for moments_, (at, x) in zip(counted, every, strict=False)]
    return *found, *counted[len(found) :]


def _put(counted: Moments, at: tuple[Any, ...], given: Moments) -> Moments:
    parts = []
    for word in ("total", "square", "trial_square"):
        part = getattr(counted, word).astype(np.float64)
        part[at] = getattr(given, word)
        parts.append(part)
    return replace(counted, total=parts[0], square=parts[1], trial_square=parts[2])
