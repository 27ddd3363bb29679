"""Means in a nested sample: the mean of world means, with Student limits."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.clusters import Moments
from pactrisk.estimators.estimate import Estimates, Kind
from pactrisk.later import special

__all__ = ["Evenly", "lopsided", "mean", "mean_by_date", "noise_variance", "unseen", "world_mean_variance"]

_ROUNDING, _EXACT = 1e-12, 1e-9
_ENOUGH = 20.0
"""Sightings, alike in size, that tell how far off a bound trials lie."""
Floats = npt.NDArray[np.float64]


def mean(
    moments: Moments,
    level: float = 0.95,
    bounds: tuple[float, float] = (-math.inf, math.inf),
    kind: Kind = "mean",
    reach: float = math.inf,
    uneven: npt.ArrayLike = 1.0,
) -> Estimates:
    """Mean of a number over trials.

    ``value = total / trials``; the interval is ``value +- t[W - 1] sd(world means) / sqrt(W)``, t the
    Student quantile. Worlds, not trials, are what is independent.

    The variance is that of :func:`noise_variance`. One world (or replicate) says nothing about the next: the interval
    is then ``bounds``, if its trials differ. When all means are the same, trials of another value may still exist: in
    at most a share q of trials (:func:`unseen`), so where both bounds are finite the interval reaches a part q of the
    way to each, and where all are at the only finite one, a part q of ``reach`` away from it. Where nearly all trials
    are at a bound, the limit away from it is that of :func:`lopsided`.

    Parameters
    ----------
    moments : shape S.
    level : confidence, between 0 and 1.
    bounds : least and greatest possible value, where they are known; limits stay between them.
    kind : "mean", or "difference" for a paired difference of two means.
    reach : how far off the only finite bound a trial may lie, if all are at it.
    uneven : as for :func:`lopsided`.
    """
    total = np.asarray(moments.total, dtype=np.float64)
    worlds, trials = moments.worlds, moments.trials
    least, greatest = bounds
    value = total / trials if trials else np.full(total.shape, np.nan)
    if worlds > 1:
        error = np.sqrt(noise_variance(moments, level) / worlds)
        half = np.asarray(special.stdtrit(worlds - 1.0, 0.5 * (1.0 + level)) * error, dtype=np.float64)
    else:
        told = trials > 0 and math.isfinite(greatest - least)
        half = np.where(_differs(moments), np.inf, 0.0) if told else np.full(total.shape, np.inf)
    low, high = lopsided(value, half, bounds, level, uneven)
    if math.isfinite(greatest - least):
        share = np.where(half > 0.0, 0.0, unseen(moments.worlds_in_all, level))
        low, high = low - share * (value - least), high + share * (greatest - value)
    else:
        off = unseen(moments.worlds_in_all, level) * reach
        # a mean of trials that are all at 0.1 is 0.1 but for rounding
        at_least, at_greatest = ((half == 0.0) & np.isclose(value, end, rtol=_EXACT, atol=0.0) for end in bounds)
        low, high = np.where(at_greatest, value - off, low), np.where(at_least, value + off, high)
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


def mean_by_date(
    moments: Moments, level: float, bounds: tuple[float, float], off: npt.ArrayLike | None = None
) -> Estimates:
    """:func:`mean` of one number at several dates, S being the dates; ``off`` is how many trials are not at the bound,
    where that is known, which tells how uneven they are.

    Where all trials of a date are at the only finite bound (nothing delivered yet), a trial is taken to lie no farther
    off it than those that do at any other date, as the mean seen from what is off it. Where none does, nothing is known
    of a measure, and a count is taken to be off by one.

    Where few trials are off it, they may all be nearer to it than the next (a flow that has just begun): the limit away
    from it leaves room for one that lies as far off as those do at the nearest date that has enough.
    """
    bound = next((end for end in bounds if math.isfinite(end)), 0.0)
    total, square = (np.asarray(each, dtype=np.float64) for each in (moments.total, moments.trial_square))
    away = np.abs(total - bound * moments.trials)
    squares = square - 2.0 * bound * total + bound * bound * moments.trials
    seen = np.divide(squares, away, out=np.zeros_like(away), where=_differs(moments) & (away > 0.0))
    least = math.inf if np.asarray(moments.total).dtype.kind == "f" else 1.0
    sightings = np.divide(away, seen, out=np.zeros_like(away), where=seen > 0.0)
    uneven = 1.0 if off is None else _uneven(np.asarray(off, np.float64), sightings, seen, bounds[1] - bounds[0])
    found = mean(moments, level, bounds, reach=float(seen.max(initial=0.0)) or least, uneven=uneven)
    one_more = _farther(seen, sightings) / max(moments.trials, 1)
    if math.isfinite(bounds[0]):
        return replace(found, high=np.fmin(found.high + one_more, bounds[1]))
    return replace(found, low=found.low - one_more) if math.isfinite(bounds[1]) else found


def _uneven(off: Floats, sightings: Floats, seen: Floats, span: float) -> Floats:
    """How many times larger than those seen the next sighting may be, as :func:`lopsided` takes it; 1 where there are
    none, and no more than the ``span`` between the bounds allows.

    Of amounts that spread by c times their mean, the size that makes a sum lopsided is ``1 + c**2`` times the one that
    makes its variance (if they are lognormal; less if exponential). Few sightings tell neither well, so c**2 is taken
    twice, and something is added that few of the same size would not show.
    """
    some = (off > 0.0) & (sightings > 0.0)
    spread = np.where(some, np.maximum(off / np.where(some, sightings, 1.0) - 1.0, 0.0), 0.0)
    larger = 1.0 + 2.0 * spread * off / np.maximum(off - 1.0, 1.0) + 2.0 / np.maximum(off, 1.0)
    most = np.maximum(span / np.where(seen > 0.0, seen, 1.0), 1.0)
    return np.where(some, np.minimum(larger, most), 1.0)


def _farther(seen: Floats, sightings: Floats) -> Floats:
    """How much farther off a bound trials are at the nearest date with enough sightings than at each with few."""
    enough, dates = np.flatnonzero(sightings >= _ENOUGH), np.arange(len(seen))
    if not len(enough):
        return np.zeros_like(seen)
    away = np.abs(enough - dates[:, None])
    there = np.where(away == away.min(axis=1, keepdims=True), seen[enough], 0.0).max(axis=1)
    return np.where((sightings > 0.0) & (sightings < _ENOUGH), np.maximum(there - seen, 0.0), 0.0)


def lopsided(
    value: Floats, half: Floats, bounds: tuple[float, float], level: float, uneven: npt.ArrayLike = 1.0
) -> tuple[Floats, Floats]:
    """Limits ``value -+ half``, the one away from a bound no nearer than few sightings of what lies off it allow.

    What is hardly ever off its least value y0 (nothing delivered yet, none in symbolic diplomacy) is a sum of few
    sightings, which Student's limits take for many: with ``n = (z (value - y0) / half)**2`` of them, z the normal
    quantile, the upper limit is Garwood's (1936) for the mean of a Poisson law, ``(value - y0) / n`` times the greatest
    mean that n sightings allow. Of many it is Student's again. As much holds below the greatest value.

    Garwood's limit leaves room for one more sighting of the size of the others. Of amounts that are ``uneven``, few of
    which are large, the next may be larger: then the limit is that of Fay and Feuer (1997) for a weighted sum of
    Poisson counts, in which the next weighs so many times as much.

    Parameters
    ----------
    value, half : shape S.
    bounds : least and greatest possible value, infinite where they are not known.
    level : confidence, between 0 and 1.
    uneven : at least 1, shape S; of what is off the first bound that is finite.
    """
    least, greatest = bounds
    low, high = value - half, value + half
    if math.isfinite(least):
        high = np.maximum(high, least + _few(value - least, half, level, uneven))
    if math.isfinite(greatest):
        below = 1.0 if math.isfinite(least) else uneven
        low = np.minimum(low, greatest - _few(greatest - value, half, level, below))
    return low, high


def _few(away: Floats, half: Floats, level: float, uneven: npt.ArrayLike) -> Floats:
    """Upper limit of how far a mean lies away from a bound; 0 where that is not seen, or not at all known."""
    tail = 0.5 * (1.0 + level)
    known = (away > 0.0) & (half > 0.0) & np.isfinite(half)
    sightings = np.square(special.ndtri(tail) * away / np.where(known, half, 1.0))
    each = away / np.where(known, sightings, 1.0)
    more = np.asarray(uneven, dtype=np.float64)
    size = (sightings + more * more) / (sightings + more)
    return np.where(known, each * size * special.gammaincinv((sightings + more) / size, tail), 0.0)


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

    Of whole numbers over replicates whose trials differ it is no less than :class:`Evenly` says; of others, which agree
    to the last bit only where they are lumps (a depth, delivered or not), no less than one lump makes it where they do.

    Raises ValueError for fewer than two of them.
    """
    found, m, worlds = world_mean_variance(moments), moments.trials_per_world, moments.worlds
    if moments.worlds_each == 1:
        return found
    total, square = (np.asarray(each, dtype=np.float64) for each in (moments.total, moments.trial_square))
    if np.asarray(moments.total).dtype.kind == "f":
        lump = np.divide(square, np.abs(total), out=np.zeros_like(total), where=_differs(moments) & (total != 0.0))
        alike = unseen(worlds, level)
        return np.where(found > 0.0, found, alike * (1.0 - alike) * np.square(lump / m))
    sums = Evenly(m, moments.worlds_each, ((moments.total, 1), (moments.square, 2)))
    apart, together = square - total * total / moments.trials, found * (worlds - 1.0) * m**2
    least = sums.least(unseen(worlds, level), apart, together) / m**2
    return np.where(_differs(moments), np.maximum(found, least), found)


def _differs(moments: Moments) -> npt.NDArray[np.bool_]:
    """Whether there are trials of more than one value, as far as sums of squares can tell."""
    total, square = (np.asarray(each, dtype=np.float64) for each in (moments.total, moments.trial_square))
    return np.asarray(square * moments.trials - total * total > _ROUNDING * square * moments.trials)
