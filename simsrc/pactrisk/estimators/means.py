"""Means in a nested sample: the mean of world means, with Student limits."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.clusters import Moments
from pactrisk.estimators.estimate import Estimates, Kind
from pactrisk.later import special

__all__ = ["mean", "unseen", "world_mean_variance"]

Floats = npt.NDArray[np.float64]


def mean(
    moments: Moments,
    level: float = 0.95,
    bounds: tuple[float, float] = (-math.inf, math.inf),
    kind: Kind = "mean",
) -> Estimates:
    """Mean of a number over trials.

    ``value = total / trials``; the interval is ``value +- t[W - 1] sd(world means) / sqrt(W)``, t the
    Student quantile. Worlds, not trials, are what is independent.

    One world says nothing about the next: the interval is then ``bounds``. When all world means are the
    same, trials of another value may still exist: in at most a share q of trials
    (:func:`unseen`), so the interval reaches from the value a part q of the way to each bound that is finite.

    Parameters
    ----------
    moments : shape S.
    level : confidence, between 0 and 1.
    bounds : least and greatest possible value, where they are known; limits stay between them.
    kind : "mean", or "difference" for a paired difference of two means.
    """
    total = np.asarray(moments.total, dtype=np.float64)
    worlds, trials = moments.worlds, moments.trials
    least, greatest = bounds
    if worlds > 1:
        value = total / trials
        half = special.stdtrit(worlds - 1.0, 0.5 * (1.0 + level)) * np.sqrt(world_mean_variance(moments) / worlds)
        share = np.where(half > 0.0, 0.0, unseen(moments.worlds_in_all, level))
        low, high = value - half, value + half
        if math.isfinite(least):
            low = np.maximum(low - share * (value - least), least)
        if math.isfinite(greatest):
            high = np.minimum(high + share * (greatest - value), greatest)
    else:
        value = total / trials if trials else np.full(total.shape, np.nan)
        low, high = np.full(total.shape, least), np.full(total.shape, greatest)
    return Estimates(
        value=value,
        low=low,
        high=high,
        level=level,
        kind=kind,
        trials=np.full(total.shape, trials, dtype=np.int64),
        worlds=moments.worlds_in_all,
    )


def unseen(worlds: int, level: float) -> float:
    """Greatest probability of what W worlds never showed, ``1 - ((1 - level) / 2) ** (1 / W)``."""
    return -math.expm1(math.log(0.5 * (1.0 - level)) / worlds) if worlds else 1.0


def world_mean_variance(moments: Moments) -> Floats:
    """Variance of world means, shape S; what is within rounding error of the sums counts as 0.

    Raises ValueError for fewer than two worlds.
    """
    worlds = moments.worlds
    if worlds < 2:
        raise ValueError("a variance between worlds needs two worlds")
    total = np.asarray(moments.total, dtype=np.float64)
    square = np.asarray(moments.square, dtype=np.float64)
    spread = square - total * total / worlds
    # A sum of W squares is off by some ulps of itself; equal worlds must not look different by that.
    rounding = 4.0 * np.finfo(np.float64).eps * math.sqrt(worlds) * square
    return np.where(spread > rounding, spread, 0.0) / ((worlds - 1.0) * moments.trials_per_world**2)
