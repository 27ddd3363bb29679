"""Means in a nested sample: the mean of world means, with Student limits."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.clusters import Moments
from pactrisk.estimators.estimate import Estimates, Kind
from pactrisk.later import special

__all__ = ["Evenly", "mean", "noise_variance", "unseen", "world_mean_variance"]

_ROUNDING, _EXACT = 1e-12, 1e-9
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


_ALIKE = 0.04
"""Sums of replicates that scatter less than this part of what independent trials would are taken to go by worlds."""


class Evenly(NamedTuple):
    """Sums over what is independent; over replicates, if they hold more than one world, which a sampler spreads evenly.

    What is decided once a world (whether an agreement exists, on which side of a cut its depth lies) holds in all the
    trials of a world or in none, and the worlds in which it holds differ by one at most between such replicates. So
    sums are taken to go by worlds where all that is known of them can be divided by the trials of a world, and where
    they scatter next to nothing.

    Parameters
    ----------
    m, worlds_each : trials and worlds (or mirrored pairs) in a replicate.
    known : what is known of the sums, each with its power of them: total (1), sum of squares (2).
    largest : what a trial adds to a sum where it holds: 1 for events.
    """

    m: int
    worlds_each: int
    known: tuple[tuple[npt.ArrayLike, int], ...]
    largest: npt.ArrayLike = 1.0

    def least(self, alike: float, apart: Floats, together: Floats) -> Floats:
        """The least that is taken for the squared deviation of a replicate's sum: that one in as many of them as
        ``alike`` says differs by one trial, or by all the trials of one world.

        ``apart`` and ``together`` are as for :func:`~pactrisk.estimators.proportions.effective_size`.
        """
        world = self.m / self.worlds_each
        step = np.where(together < _ALIKE * apart, world * np.asarray(self.largest, dtype=np.float64), 1.0)
        # of two worlds that mirror each other one may change alone
        for each in (world / 2, world):
            whole = [np.asarray(one, dtype=np.float64) / each**power for one, power in self.known]
            divides = [np.abs(one - np.rint(one)) < _EXACT * np.maximum(np.abs(one), 1.0) for one in whole]
            step = np.where(np.logical_and.reduce(divides), np.maximum(step, each), step)
        return np.asarray(alike * (1.0 - alike) * np.square(step))


def noise_variance(moments: Moments, level: float) -> Floats:
    """Variance of the means of what is independent, worlds or replicates, shape S.

    Of whole numbers over replicates whose trials differ it is no less than :class:`Evenly` says.

    Raises ValueError for fewer than two of them.
    """
    found, m, worlds = world_mean_variance(moments), moments.trials_per_world, moments.worlds
    if moments.worlds_each == 1 or np.asarray(moments.total).dtype.kind == "f":
        return found
    total, square = (np.asarray(each, dtype=np.float64) for each in (moments.total, moments.trial_square))
    sums = Evenly(m, moments.worlds_each, ((moments.total, 1), (moments.square, 2)))
    apart, together = square - total * total / moments.trials, found * (worlds - 1.0) * m**2
    least = sums.least(unseen(worlds, level), apart, together) / m**2
    return np.where(_differs(moments), np.maximum(found, least), found)


def _differs(moments: Moments) -> npt.NDArray[np.bool_]:
    """Whether there are trials of more than one value, as far as sums of squares can tell."""
    total, square = (np.asarray(each, dtype=np.float64) for each in (moments.total, moments.trial_square))
    return np.asarray(square * moments.trials - total * total > _ROUNDING * square * moments.trials)
