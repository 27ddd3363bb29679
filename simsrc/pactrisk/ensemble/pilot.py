"""Which draws to tilt for a rare event, and how strongly: found by a small run of its own.

The cross-entropy method by levels (Rubinstein and Kroese 2004, The Cross-Entropy Method): of a sample the trials that
come nearest to the event are taken, at least a tenth of them, and each draw is tilted towards its mean among those,
with weights undone; then again from a sample so tilted, until the event itself is frequent. Only draws whose mean is
beyond noise are tilted, and each by less the nearer to noise it is, or hundreds of small tilts would scatter the
weights and teach nothing. Of the tilts so found those are kept under which a sample saw the most of the event, counted
by its effective size.

The pilot is a function of the plan and its seed: a run that goes on, or is made again, finds the same tilts.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble.nearness import nearer
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
_ENOUGH = 100.0
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
    best, most, arrived = tilts, -1.0, False
    for turn in range(_ROUNDS):
        first = _FIRST + turn * _BLOCKS
        sample = [weighted_block(short, number, tilts) for number in range(first, first + _BLOCKS)]
        weights = np.concatenate([part.weights for part in sample])
        sightings = _effective(weights[np.concatenate([part.happens for part in sample])])
        if sightings > most:
            best, most = tilts, sightings
        if arrived:
            break
        near, arrived = _nearest(short, sample)
        if _effective(weights[near]) < _ENOUGH:
            break
        tilts = _fitted(sample, near, weights[near])
        if not tilts:
            break
    return best


def _effective(weights: Array) -> float:
    return float(effective(weights.sum(), (weights * weights).sum()))


def _nearest(plan: Plan, sample: list[Weighted]) -> tuple[npt.NDArray[np.intp], bool]:
    """The tenth of all trials that is nearest to the event, and whether the event itself holds in so many."""
    rare = plan.question.rare
    assert rare is not None
    happens = np.concatenate([part.happens for part in sample])
    graded = [nearer(plan, part) for part in sample]
    read = {name: np.concatenate([part[name] for part in graded]) for name in graded[0]}
    margin = np.broadcast_to(Expression(rare.event).margin(read.__getitem__), happens.shape)
    margin = np.where(happens, 0.0, np.minimum(np.nan_to_num(margin, nan=-np.inf), -1e-9))
    least = np.sort(margin)[int((1.0 - _NEAREST) * len(margin))]
    return np.nonzero(margin >= least)[0], bool(least >= 0.0)


def _fitted(sample: list[Weighted], near: npt.NDArray[np.intp], weights: Array) -> dict[str, float]:
    """The tilt of each draw to its weighted mean among the trials ``near``, where that is beyond noise."""
    many = _effective(weights)

    def beyond_noise(parts: list[Array], mean: float, sd: float) -> float | None:
        apart = float((weights * np.concatenate(parts)[near]).sum() / weights.sum()) - mean
        beyond = abs(apart) / sd * float(np.sqrt(many))
        return mean + apart * (1.0 - 1.0 / beyond**2) if beyond > _BEYOND_NOISE else None

    found = {}
    for address in sorted(sample[0].streams.uniforms):
        level = beyond_noise([part.streams.uniforms[address] for part in sample], 0.5, np.sqrt(1 / 12))
        if level is not None:
            found[address] = strength_of(level)
    for address in sorted(sample[0].streams.normals):
        shift = beyond_noise([part.streams.normals[address] for part in sample], 0.0, 1.0)
        if shift is not None:
            found[address] = shift
    return found
