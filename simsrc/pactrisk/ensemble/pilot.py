"""Which draws to tilt for a rare event, and how strongly: found by a small run of its own.

The cross-entropy method by levels (Rubinstein and Kroese 2004, The Cross-Entropy Method): of a sample the trials that
come nearest to the event are taken, at least a tenth of them, and each draw is tilted towards its mean among those,
with weights undone; then again from a sample so tilted, until the event itself is frequent. Only draws whose mean is
beyond noise are tilted, and each by less the nearer to noise it is, or hundreds of small tilts would scatter the
weights and teach nothing. Where the nearest trials are too few to learn from, the tilts before them stay.

The pilot is a function of the plan and its seed: a run that goes on, or is made again, finds the same tilts.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble.plan import Plan
from pactrisk.ensemble.rare import Weighted, to_headline, weighted_block
from pactrisk.estimators.weighted import effective
from pactrisk.expressions import Expression
from pactrisk.tilting import strength_of

__all__ = ["aimed", "find_tilts"]

Array = npt.NDArray[np.float64]

_FIRST = 2**31 + 2**30
_BLOCKS, _ROUNDS = 10, 6
_NEAREST = 0.1
_ENOUGH = 400.0
_BEYOND_NOISE = 3.0


def aimed(plan: Plan) -> Plan:
    """The plan with the tilts for its rare event, where it asks for one."""
    if plan.question.rare is None or plan.tilts is not None:
        return plan
    return replace(plan, tilts=find_tilts(plan))


def find_tilts(plan: Plan) -> dict[str, float]:
    """Strength of the tilt by address; empty where the event is frequent as it is, or nothing leads to it."""
    short = to_headline(plan)
    tilts: dict[str, float] = {}
    for turn in range(_ROUNDS):
        first = _FIRST + turn * _BLOCKS
        sample = [weighted_block(short, number, tilts) for number in range(first, first + _BLOCKS)]
        near, arrived = _nearest(short, sample)
        weights = np.concatenate([part.weights for part in sample])[near]
        if effective(weights.sum(), (weights * weights).sum()) < _ENOUGH:
            break
        tilts = _fitted(sample, near, weights)
        if arrived:
            break
    return tilts


def _nearest(plan: Plan, sample: list[Weighted]) -> tuple[npt.NDArray[np.intp], bool]:
    """The tenth of all trials that is nearest to the event, and whether the event itself holds in so many."""
    rare = plan.question.rare
    assert rare is not None
    happens = np.concatenate([part.happens for part in sample])
    read = {name: np.concatenate([part.read[name] for part in sample]) for name in sample[0].read}
    margin = np.broadcast_to(Expression(rare.event).margin(read.__getitem__), happens.shape)
    margin = np.where(happens, 0.0, np.minimum(np.nan_to_num(margin, nan=-np.inf), -1e-9))
    least = np.sort(margin)[int((1.0 - _NEAREST) * len(margin))]
    return np.nonzero(margin >= least)[0], bool(least >= 0.0)


def _fitted(sample: list[Weighted], near: npt.NDArray[np.intp], weights: Array) -> dict[str, float]:
    """The tilt of each draw to its weighted mean among the trials ``near``, where that is beyond noise."""
    found = {}
    noise = float(np.sqrt(1.0 / 12.0 / effective(weights.sum(), (weights * weights).sum())))
    for address in sorted(sample[0].levels):
        levels = np.concatenate([part.levels[address] for part in sample])[near]
        apart = float((weights * levels).sum() / weights.sum()) - 0.5
        beyond = abs(apart) / noise
        if beyond > _BEYOND_NOISE:
            found[address] = strength_of(0.5 + apart * (1.0 - 1.0 / beyond**2))
    return found
