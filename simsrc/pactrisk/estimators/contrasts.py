"""Paired differences: the same trials under two variants."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.clusters import Moments
from pactrisk.estimators.estimate import Estimates
from pactrisk.estimators.means import Evenly
from pactrisk.estimators.proportions import effective_size, exact_limits, spread_over, unseen_limit

__all__ = ["difference"]

Floats = npt.NDArray[np.float64]


def difference(moments: Moments, level: float = 0.95) -> Estimates:
    """Difference of the probabilities of two events seen in the same trials, second minus first.

    In a trial d is 1 when only the second event happened, -1 when only the first, else 0. With up
    and down the shares of trials with d = 1 and d = -1, each with Korn-Graubard limits whose effective
    size comes from the variance of d between worlds, and r the correlation of up and down, the limits
    combine the two (Zou and Donner 2008, Statistics in Medicine 27, 1693-1702):

        value - sqrt(x**2 + y**2 - 2 r x y),   x = up - up_low,    y = down_high - down
        value + sqrt(x**2 + y**2 - 2 r x y),   x = up_high - up,   y = down - down_low

    With many trials that differ this is the Student interval on world means; with few it stays
    right where Student's does not, and with none it is the bound on what W worlds never showed, to both
    sides. ``count`` is the number of trials that differ.

    Parameters
    ----------
    moments : of d, shape S, with ``trial_square`` given.
    level : confidence, between 0 and 1.
    """
    total = np.asarray(moments.total, dtype=np.float64)
    square = np.asarray(moments.square, dtype=np.float64)
    differing = np.asarray(moments.trial_square, dtype=np.float64)
    worlds, trials = moments.worlds, moments.trials
    if trials:
        size = effective_size(
            apart=differing - total * total / trials,
            together=square - total * total / worlds,
            trials=trials,
            worlds=moments.worlds_in_all,
            # Ups and downs of one world may cancel: no more worlds than trials that differ.
            bearing=np.minimum(np.minimum(spread_over(differing, square), differing), worlds),
            drawn=worlds,
            level=level,
            sums=Evenly(moments.trials_per_world, moments.worlds_each, ((total, 1), (differing, 1), (square, 2))),
        )
        up, down = (differing + total) / (2.0 * trials), (differing - total) / (2.0 * trials)
        up_low, up_high = exact_limits(up, size, level)
        down_low, down_high = exact_limits(down, size, level)
        # trials that differ are bounded no tighter for having been seen a few times
        both = up + down
        unseen = unseen_limit(both, trials, moments.worlds_in_all, level)
        short = np.maximum(unseen - exact_limits(both, size, level)[1], 0.0)
        up_high, down_high = np.minimum(up_high + short, 1.0), np.minimum(down_high + short, 1.0)
        value = total / trials
        # A trial is up, down or neither: multinomial shares, so one rises at the other's cost.
        odds = up * down
        against = np.sqrt(odds / np.where(odds > 0.0, (1.0 - up) * (1.0 - down), 1.0))
        low = np.maximum(value - _joined(up - up_low, down_high - down, against), -1.0)
        high = np.minimum(value + _joined(up_high - up, down - down_low, against), 1.0)
    else:
        value = np.full(total.shape, np.nan)
        low, high = np.full(total.shape, -1.0), np.full(total.shape, 1.0)
    return Estimates(
        value=value,
        low=low,
        high=high,
        level=level,
        kind="difference",
        trials=np.full(total.shape, trials, dtype=np.int64),
        worlds=moments.worlds_in_all,
        count=differing.astype(np.int64),
    )


def _joined(x: Floats, y: Floats, against: Floats) -> Floats:
    return np.asarray(np.sqrt(x * x + y * y + 2.0 * against * x * y))
