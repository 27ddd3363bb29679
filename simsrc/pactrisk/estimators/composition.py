"""The three-way bar: simulation noise, ignorance and chance.

One-way analysis of variance with worlds as random groups (Fisher; Searle, Casella and McCulloch 1992).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.clusters import Moments
from pactrisk.estimators.means import noise_variance, unseen, world_mean_variance
from pactrisk.estimators.shares import NEARLY_ALL, share_limits
from pactrisk.later import special

__all__ = ["Composition", "composition"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Composition:
    """What makes a number uncertain, for statistics of shape S.

    The variance of a single trial is ``ignorance_var + chance_var``; ``noise_se`` is apart from it, the
    standard error of the estimate, and vanishes with more trials. Variances have the squared unit of
    the statistic.

    Parameters
    ----------
    value : the mean, or the probability.
    noise_se : standard error of ``value`` over worlds; infinite with one world.
    ignorance_var : variance between worlds (epistemic), at least 0; NaN where it cannot be told from chance.
    chance_var : variance between the trials of a world (aleatory).
    ignorance_share : ``ignorance_var / (ignorance_var + chance_var)``; NaN where no trial differs.
    share_low, share_high : interval of the share at ``level``, as :func:`~pactrisk.estimators.shares.share_limits` has
        it.
    ignorance_low, ignorance_high : where the mean or probability of a world lies, with probability
        ``inside``: quantiles of the Beta (events) or normal law with mean ``value`` and variance
        ``ignorance_var``. Where no trial differs, the bound on what W worlds never showed.
    most_low, most_high : the same if ignorance were as large as ``share_high`` leaves room for.
    indistinguishable : at this number of trials, ignorance cannot be told from zero: its share may be none. This is
        an F test of one side, which raises a false alarm with probability ``(1 - level) / 2``.
    noise_var : variance of the means of what is independent: of worlds, ignorance and chance / m together, or of
        replicates.
    noise_trials, noise_worlds : trials in each of these, and worlds (or mirrored pairs of them).
    worlds, trials_per_world, level, inside, most : the sample and what was asked.
    """

    value: Floats
    noise_se: Floats
    ignorance_var: Floats
    chance_var: Floats
    ignorance_share: Floats
    share_low: Floats
    share_high: Floats
    ignorance_low: Floats
    ignorance_high: Floats
    most_low: Floats
    most_high: Floats
    indistinguishable: npt.NDArray[np.bool_]
    noise_var: Floats
    noise_trials: int
    noise_worlds: int
    worlds: int
    trials_per_world: int
    level: float
    inside: float
    most: float

    @property
    def event(self) -> bool:
        """Whether the statistics are events, else numbers."""
        return self.most == 1.0

    def __getitem__(self, index: Any) -> Composition:
        """A part of the statistics, chosen as numpy chooses."""
        parts: dict[str, Any] = {
            field.name: np.asarray(getattr(self, field.name)[index])
            for field in fields(self)
            if isinstance(getattr(self, field.name), np.ndarray)
        }
        return replace(self, **parts)

    def trials_for(self, halfwidth: float, level: float = 0.95, reach: float = 1.0) -> Floats:
        """Trials, in whole worlds or replicates, that bring the interval of ``value`` down to +- ``halfwidth``.

        ``m ceil((z / halfwidth)**2 noise_var)``, z the normal quantile, at least two worlds; where nothing ever
        varied, as of an event that never or always happened, the worlds whose bound is ``2 halfwidth`` wide, the
        statistic being able to go as far as ``reach``. Rare events need somewhat more, since their exact limits are
        wider than normal ones. Infinite where one world leaves the variance unknown.

        Raises ValueError unless ``halfwidth`` is above 0.
        """
        if not halfwidth > 0.0:
            raise ValueError(f"a half-width must be above 0, not {halfwidth}")
        z = special.ndtri(0.5 * (1.0 + level))
        bound = 2.0 * halfwidth / reach
        never = math.log(0.5 * (1.0 - level)) / math.log1p(-bound) / self.noise_worlds if bound < 1.0 else 1.0
        needed = np.where(self.noise_var > 0.0, (z / halfwidth) ** 2 * self.noise_var, never)
        return np.asarray(np.maximum(np.ceil(needed), 2.0) * self.noise_trials)


def composition(
    moments: Moments,
    most: float = 1.0,
    certain: bool = False,
    level: float = 0.95,
    inside: float = 0.90,
    noise: Moments | None = None,
) -> Composition:
    """Split the variance of each statistic into ignorance and chance.

    With B the mean square between worlds, ``m`` times the variance of world means, and V that between the
    trials of a world: ``chance_var = V`` and ``ignorance_var = max((B - V) / m, 0)``.

    Parameters
    ----------
    moments : shape S. With m = 1 ignorance and chance cannot be told apart and are NaN.
    most : the greatest possible value: 1 for events (x is 0 or 1), more for whole numbers from 0, infinite for others.
    certain : no assumption has a spread, so that all variance is chance by construction.
    level : confidence in the limits of the share, and in the verdict on it, between 0 and 1.
    inside : part of all worlds that the ranges hold, between 0 and 1.
    noise : the same statistics over replicates, where worlds were not drawn apart, or as conditional Monte Carlo has
        them: simulation noise is told by these.

    Raises
    ------
    ValueError : no trial at all.
    """
    worlds, m, trials, event = moments.worlds, moments.trials_per_world, moments.trials, most == 1.0
    if not trials:
        raise ValueError("no trials to compose a variance from")
    total = np.asarray(moments.total, dtype=np.float64)
    square = np.asarray(moments.square, dtype=np.float64)
    trial_square = np.asarray(moments.trial_square, dtype=np.float64)
    shape, value = total.shape, total / trials
    world_var = world_mean_variance(moments) if worlds > 1 else np.full(shape, np.inf)
    share_low, share_high = np.zeros(shape), np.ones(shape)
    unlike = np.zeros(shape, dtype=np.bool_)
    if certain:
        spread = np.maximum(trial_square - total * value, 0.0)
        chance = spread / (trials - 1) if trials > 1 else np.full(shape, np.nan)
        ignorance = np.zeros(shape)
        world_var = chance / m
        share_high = np.zeros(shape)
    elif m == 1 or worlds == 1:
        chance = ignorance = np.full(shape, np.nan)
        if m > 1:
            chance = np.maximum(trial_square - square / m, 0.0) / (m - 1)
    else:
        chance = np.maximum(trial_square - square / m, 0.0) / (worlds * (m - 1))
        ignorance = np.maximum(world_var - chance / m, 0.0)
    noise_var, noisy = world_var, moments
    if noise is not None and (noise.worlds < moments.worlds or not np.array_equal(noise.total, total)):
        noise_var, noisy = noise_variance(noise, level) if noise.worlds > 1 else np.full(shape, np.inf), noise
        if event and noise.worlds_each == 1:
            # as in an interval: drawn apart, no chance is known better than by as many independent trials
            chances = np.asarray(noise.total, dtype=np.float64) / trials
            noise_var = np.maximum(noise_var, chances * (1.0 - chances) / noise.trials_per_world)
    both = ignorance + chance
    share = np.divide(ignorance, both, out=np.full(shape, np.nan), where=both > 0.0)
    if not certain and m > 1 and worlds > 1:
        share_low, share_high = share_limits(value, m * world_var, chance, worlds, m, most, level)
        # few degrees of freedom move the middle of an F distribution from 1, where the share itself lies
        share_low, share_high = np.fmin(share_low, share), np.fmax(share_high, share)
        unlike = share_low > 0.0
    ranged = _event_range if event else _normal_range
    ends = [*ranged(value, ignorance, inside), *ranged(value, share_high * both, inside)]
    if event and not certain:
        alike = (value <= 0.0) | (value >= 1.0)
        bound = unseen(worlds, level)
        lowest, highest = np.maximum(value - bound, 0.0), np.minimum(value + bound, 1.0)
        ends = [np.where(alike, bare, end) for bare, end in zip((lowest, highest) * 2, ends, strict=True)]
    return Composition(
        value=value,
        noise_se=np.sqrt(noise_var / noisy.worlds),
        ignorance_var=ignorance,
        chance_var=chance,
        ignorance_share=share,
        share_low=share_low,
        share_high=share_high,
        ignorance_low=ends[0],
        ignorance_high=ends[1],
        most_low=ends[2],
        most_high=ends[3],
        indistinguishable=~unlike,
        noise_var=noise_var,
        noise_trials=noisy.trials_per_world,
        noise_worlds=noisy.worlds_each,
        worlds=worlds,
        trials_per_world=m,
        level=level,
        inside=inside,
        most=most,
    )


def _event_range(value: Floats, variance: Floats, level: float) -> tuple[Floats, Floats]:
    """Central range of the Beta law with this mean and variance; (0, 1) where the variance is NaN."""
    most = value * (1.0 - value)
    usable = (most > 0.0) & (variance > 0.0)
    safe = np.where(usable, most, 0.25)
    size = safe / np.where(usable, np.minimum(variance, NEARLY_ALL * safe), 0.125) - 1.0
    middle = np.where(usable, value, 0.5)
    tail = 0.5 * (1.0 - level)
    low = special.betaincinv(middle * size, (1.0 - middle) * size, tail)
    high = special.betaincinv(middle * size, (1.0 - middle) * size, 1.0 - tail)
    unknown = np.isnan(variance)
    return (
        np.where(unknown, 0.0, np.where(usable, low, value)),
        np.where(unknown, 1.0, np.where(usable, high, value)),
    )


def _normal_range(value: Floats, variance: Floats, level: float) -> tuple[Floats, Floats]:
    """Central range of the normal law with this mean and variance; unbounded where the variance is NaN."""
    half = special.ndtri(0.5 * (1.0 + level)) * np.sqrt(np.where(np.isnan(variance), np.inf, variance))
    return value - half, value + half
