"""Where a number lies in most worlds, where these are of several kinds.

An agreement that may not exist is there in some worlds and not in others, and what is said of it, or of all of them
together, is nought in those or lower: a lump beside what the other assumptions spread. One smooth law with the same
variance would end where no world does. Kinds may be coarser than the lumps (worlds by how many agreements exist, and
not by which; an agreement that waits for another that may not exist): then a range is that of fewer, smoother laws.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.clusters import Moments
from pactrisk.estimators.composition import Composition, composition
from pactrisk.estimators.shares import NEARLY_ALL
from pactrisk.later import special

__all__ = ["of_kinds"]

Floats = npt.NDArray[np.float64]
_STEPS, _FAR = 60, 8.0


@dataclass(frozen=True)
class _Law:
    """A share of all worlds, with the mean and variance of the number over them."""

    share: float
    mean: float
    variance: float


def of_kinds(whole: Composition, kinds: Sequence[Sequence[Moments]]) -> Composition:
    """``whole``, whose ranges over worlds are those of its kinds of worlds together.

    A range is that between two quantiles of the mixture of the kinds, each by its share of the worlds and with the law
    that :func:`composition` would take for it alone: Beta for events, normal for numbers, a point where worlds of the
    kind do not differ.

    Parameters
    ----------
    whole : of a statistic of shape S.
    kinds : for each number of S in turn, moments over the worlds of each kind, without shape. Where a statistic has no
        kinds, or was never or always seen, its ranges stay as they are.
    """
    words = ("ignorance_low", "ignorance_high", "most_low", "most_high")
    ends = [np.array(getattr(whole, word)).reshape(-1) for word in words]
    known = ~np.isnan(whole.ignorance_var) & ~(whole.event & np.isin(whole.value, (0.0, 1.0)))
    for i, (told, parts) in enumerate(zip(known.reshape(-1), kinds, strict=True)):
        some = [part for part in parts if part.worlds]
        if told and len(some) > 1:
            for end, at in zip(ends, _ends(some, whole), strict=True):
                end[i] = at
    found: Any = {word: end.reshape(whole.value.shape) for word, end in zip(words, ends, strict=True)}
    return replace(whole, **found)


def _ends(parts: Sequence[Moments], whole: Composition) -> list[float]:
    worlds = sum(part.worlds for part in parts)
    likely: list[_Law] = []
    most: list[_Law] = []
    for part in parts:
        share, mean = part.worlds / worlds, float(part.total) / part.trials
        # one world says nothing of the next of its kind
        one = composition(part, whole.most, level=whole.level) if part.worlds > 1 else None
        for laws, variance in (
            (likely, 0.0 if one is None else float(one.ignorance_var)),
            (most, 0.0 if one is None else float(one.share_high * (one.ignorance_var + one.chance_var))),
        ):
            room = NEARLY_ALL * mean * (1.0 - mean) if whole.event else math.inf
            laws.append(_Law(share, mean, min(variance, room)))
    tail = 0.5 * (1.0 - whole.inside)
    return [_quantile(laws, level, whole.event) for laws in (likely, most) for level in (tail, 1.0 - tail)]


def _quantile(laws: Sequence[_Law], level: float, event: bool) -> float:
    """The least value that a share ``level`` of the worlds does not exceed, by bisection."""
    reach = [_FAR * math.sqrt(law.variance) for law in laws]
    low = min(law.mean - far for law, far in zip(laws, reach, strict=True))
    high = max(law.mean + far for law, far in zip(laws, reach, strict=True))
    if event:
        low, high = max(low, 0.0), min(high, 1.0)
    if _below(laws, low, event) >= level:
        return low
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _below(laws, middle, event) >= level else (middle, high)
    return high


def _below(laws: Sequence[_Law], x: float, event: bool) -> float:
    """The share of worlds at ``x`` or below."""
    return float(sum(law.share * _one_below(law, x, event) for law in laws))


def _one_below(law: _Law, x: float, event: bool) -> float:
    if not law.variance > 0.0:
        return float(x >= law.mean)
    if not event:
        return float(special.ndtr((x - law.mean) / math.sqrt(law.variance)))
    size = law.mean * (1.0 - law.mean) / law.variance - 1.0
    return float(special.betainc(law.mean * size, (1.0 - law.mean) * size, min(max(x, 0.0), 1.0)))
