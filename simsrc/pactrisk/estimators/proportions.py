"""Probabilities of events in a nested sample.

The interval is that of Clopper and Pearson (1934) with the sample size that independent trials would
need for the same precision (Korn and Graubard 1998, Survey Methodology 24, 193-201).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.clusters import Moments
from pactrisk.estimators.estimate import Estimates
from pactrisk.estimators.means import Evenly, unseen
from pactrisk.later import special

__all__ = ["effective_size", "exact_limits", "proportion", "spread_over", "unseen_limit", "wary_limits"]

Floats = npt.NDArray[np.float64]


def proportion(moments: Moments, level: float = 0.95) -> Estimates:
    """Probability of each event, with Korn-Graubard limits.

    ``p = total / trials``; the limits are those of Clopper and Pearson for ``p n`` events in ``n`` trials,
    ``n`` from :func:`effective_size`, but never nearer to 0 or 1 than :func:`wary_limits` allow.

    An event that never (or always) happened gives no sign of how alike the trials of a world are, so
    the number of worlds W is taken for ``n``: the bound is ``1 - ((1 - level) / 2) ** (1 / W)``. It
    holds whatever the spread between worlds, since ``E[(1 - p_w)**m] <= 1 - E[p_w]``.

    Without trials the value is NaN and the interval is (0, 1).

    Parameters
    ----------
    moments : of events, shape S.
    level : confidence, between 0 and 1.
    """
    total = np.asarray(moments.total, dtype=np.float64)
    square = np.asarray(moments.square, dtype=np.float64)
    m, worlds, trials = moments.trials_per_world, moments.worlds, moments.trials
    if trials:
        value = total / trials
        size = effective_size(
            apart=total * (1.0 - value),
            together=square - total * total / worlds,
            trials=trials,
            worlds=moments.worlds_in_all,
            bearing=np.minimum(
                spread_over(total, square),
                spread_over(trials - total, worlds * m * m - 2.0 * m * total + square),
            ),
            drawn=worlds,
            level=level,
            sums=Evenly(m, moments.worlds_each, ((total, 1), (square, 2)), _borne(total, moments.trial_square)),
        )
        low, high = wary_limits(value, size, trials, moments.worlds_in_all, level)
    else:
        value = np.full(total.shape, np.nan)
        low, high = np.zeros(total.shape), np.ones(total.shape)
    return Estimates(
        value=value,
        low=low,
        high=high,
        level=level,
        kind="probability",
        trials=np.full(total.shape, trials, dtype=np.int64),
        worlds=moments.worlds_in_all,
        count=total.astype(np.int64),
    )


def _borne(total: Floats, trial_square: npt.ArrayLike) -> Floats:
    """What a trial adds where it adds anything, as the mean seen from what is added: 1 for events, less for chances."""
    known = total > 0.0
    return np.where(known, np.asarray(trial_square, dtype=np.float64) / np.where(known, total, 1.0), 1.0)


def spread_over(total: npt.ArrayLike, square: npt.ArrayLike) -> Floats:
    """Number of worlds that a count is spread over, ``total**2 / square`` (Kish); 0 for no count."""
    total, square = np.asarray(total, np.float64), np.asarray(square, np.float64)
    known = square > 0.0
    return np.where(known, total * total / np.where(known, square, 1.0), 0.0)


def effective_size(
    apart: npt.ArrayLike,
    together: npt.ArrayLike,
    trials: npt.ArrayLike,
    worlds: npt.ArrayLike,
    bearing: npt.ArrayLike,
    drawn: int,
    level: float,
    sums: Evenly,
) -> Floats:
    """Independent trials that would be as precise as this nested sample: from W to n, or beyond n where it is spread.

    ``n / deff * (t[n - 1] / t[K - 1])**2``, where ``deff`` is the variance between worlds over the variance
    that independent trials would have, and ``t`` are Student quantiles: few worlds leave ``deff``
    itself uncertain. Korn and Graubard take for K the worlds drawn; but a rare event teaches ``deff``
    only through the worlds in which it happens, so K is here the number of worlds that bear it. (With
    the worlds drawn, 95% limits miss an event of 1 in 100 in up to 16 of 100 samples of 100 worlds.)
    Since ``deff`` cannot exceed the trials of a world, the answer is never below W.

    A sample that is spread evenly within replicates may be better than so many independent trials, and ``deff`` then
    falls below 1. Replicates that all agree do not make it nought: the least that is taken for their scatter is that
    one in as many of them as :func:`~pactrisk.estimators.means.unseen` allows differs, as :meth:`Evenly.least
    <pactrisk.estimators.means.Evenly.least>` says.

    Parameters
    ----------
    apart : sum over trials of the squared deviation of a trial from its expected value.
    together : sum over worlds of the squared deviation of a world's sum from its expected value.
    trials : n, trials that speak about the statistic.
    worlds : W, worlds that speak about it; need not be whole.
    bearing : K, worlds that the event (or its opposite, if rarer) is spread over.
    drawn : worlds in the sample, or replicates.
    level : confidence of the interval to be drawn from it.
    sums : what is known of the sums; over replicates of several worlds the sampler spreads these evenly.
    """
    apart, together, trials, worlds, bearing = (
        np.asarray(each, dtype=np.float64) for each in (apart, together, trials, worlds, bearing)
    )
    tail = 0.5 * (1.0 + level)
    # Bessel's factor for worlds against that for trials; with one trial a world they cancel.
    bessel = drawn / max(drawn - 1.0, 1.0) * (1.0 - 1.0 / np.maximum(trials, 1.0))
    known = (apart > 0.0) & (bearing > 1.0)
    spread = sums.worlds_each > 1
    if spread:
        together = np.maximum(together, drawn * sums.least(unseen(drawn, level), apart, together))
    deff = np.maximum(bessel * together / np.where(known, apart, 1.0), 0.0 if spread else 1.0)
    few = special.stdtrit(np.maximum(trials - 1.0, 1.0), tail) / special.stdtrit(
        np.where(known, bearing - 1.0, 1.0), tail
    )
    size = np.maximum(trials / np.where(known, deff, 1.0) * few**2, worlds)
    return np.where(known, size if spread else np.minimum(size, np.maximum(trials, worlds)), worlds)


def exact_limits(value: npt.ArrayLike, size: npt.ArrayLike, level: float) -> tuple[Floats, Floats]:
    """Limits of Clopper and Pearson for ``value * size`` events in ``size`` trials; neither need be whole."""
    value, size = np.broadcast_arrays(np.asarray(value, float), np.asarray(size, float))
    count = value * size
    tail = 0.5 * (1.0 - level)
    inside = (value > 0.0) & (size > 0.0)
    low = np.where(inside, special.betaincinv(np.where(inside, count, 1.0), size - count + 1.0, tail), 0.0)
    inside = (value < 1.0) & (size > 0.0)
    high = np.where(inside, special.betaincinv(count + 1.0, np.where(inside, size - count, 1.0), 1.0 - tail), 1.0)
    return low, high


def wary_limits(
    value: npt.ArrayLike, size: npt.ArrayLike, trials: npt.ArrayLike, worlds: npt.ArrayLike, level: float
) -> tuple[Floats, Floats]:
    """The limits of :func:`exact_limits`, kept as far from 0 and 1 as :func:`unseen_limit` says.

    Parameters
    ----------
    value, size : share of trials in which the event happened, and effective size.
    trials, worlds : that speak about it; neither need be whole.
    """
    value = np.asarray(value, dtype=np.float64)
    low, high = exact_limits(value, size, level)
    ceiling = 1.0 - unseen_limit(1.0 - value, trials, worlds, level)
    return np.minimum(low, ceiling), np.maximum(high, unseen_limit(value, trials, worlds, level))


def unseen_limit(value: npt.ArrayLike, trials: npt.ArrayLike, worlds: npt.ArrayLike, level: float) -> Floats:
    """Least upper limit of an event seen in a share ``value`` of trials: that of two sightings in as many trials as
    there are worlds, or of fewer where there were fewer.

    A world that was not drawn may hold the event in all of its trials, and sightings scattered over other worlds say
    nothing against it. So a thing seen a few times is bounded no tighter than one never seen.
    """
    twice = 2.0 / np.maximum(np.asarray(trials, dtype=np.float64), 1.0)
    return exact_limits(np.minimum(np.asarray(value, dtype=np.float64), twice), worlds, level)[1]
