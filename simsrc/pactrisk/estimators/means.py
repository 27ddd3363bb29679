"""Means in a nested sample: the mean of world means, with Student limits."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.clusters import Moments
from pactrisk.estimators.estimate import Estimates, Kind
from pactrisk.later import special

__all__ = ["mean", "noise_variance", "unseen", "world_mean_variance", "world_step"]

_ROUNDING = 1e-12
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

    The variance is that of :func:`noise_variance`. One world (or replicate) says nothing about the next: the interval
    is then ``bounds``, if its trials differ. When all means are the same, trials of another value may still exist: in
    at most a share q of trials (:func:`unseen`), so where both bounds are finite the interval reaches a part q of the
    way to each.

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
    value = total / trials if trials else np.full(total.shape, np.nan)
    if worlds > 1:
        half = special.stdtrit(worlds - 1.0, 0.5 * (1.0 + level)) * np.sqrt(noise_variance(moments, level) / worlds)
    else:
        told = trials > 0 and math.isfinite(greatest - least)
        half = np.where(_differs(moments), np.inf, 0.0) if told else np.full(total.shape, np.inf)
    low, high = value - half, value + half
    if math.isfinite(greatest - least):
        share = np.where(half > 0.0, 0.0, unseen(moments.worlds_in_all, level))
        low, high = low - share * (value - least), high + share * (greatest - value)
    low, high = np.fmax(low, least), np.fmin(high, greatest)
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


def world_step(m: int, worlds_each: int, *counts: tuple[npt.ArrayLike, int]) -> Floats | None:
    """The least by which the sums of replicates can differ, in trials; None for worlds drawn apart.

    What is decided once a world (whether an agreement exists, on which side of a cut its depth lies) holds in all the
    trials of a world or in none, and a sampler that spreads worlds evenly lets the worlds in which it holds differ by
    one between replicates: sums go by the trials of a world. So they are taken to do where all that is known of them
    can be divided by that; else they go by single trials.

    Parameters
    ----------
    m, worlds_each : trials and worlds in a replicate.
    counts : what is known of the sums, each with its power of them: total (1), sum of squares (2).
    """
    if worlds_each == 1:
        return None
    each = m / worlds_each
    whole = [np.asarray(known, dtype=np.float64) / each**power for known, power in counts]
    divides = [np.abs(one - np.rint(one)) < 1e-9 * np.maximum(np.abs(one), 1.0) for one in whole]
    return np.where(np.logical_and.reduce(divides), each, 1.0)


def noise_variance(moments: Moments, level: float) -> Floats:
    """Variance of the means of what is independent, worlds or replicates, shape S.

    Replicates whose trials differ, and whose sums all but agree, may do so by chance: of whole numbers the least that
    is taken for their scatter is that one in as many of them as :func:`unseen` allows differs by one
    :func:`world_step`.

    Raises ValueError for fewer than two of them.
    """
    found = world_mean_variance(moments)
    step = world_step(moments.trials_per_world, moments.worlds_each, (moments.total, 1), (moments.square, 2))
    if step is None or np.asarray(moments.total).dtype.kind == "f":
        return found
    rarely = unseen(moments.worlds, level)
    least = rarely * (1.0 - rarely) * np.square(step / moments.trials_per_world)
    return np.where(_differs(moments), np.maximum(found, least), found)


def _differs(moments: Moments) -> npt.NDArray[np.bool_]:
    """Whether there are trials of more than one value, as far as sums of squares can tell."""
    total, square = (np.asarray(each, dtype=np.float64) for each in (moments.total, moments.trial_square))
    return np.asarray(square * moments.trials - total * total > _ROUNDING * square * moments.trials)
