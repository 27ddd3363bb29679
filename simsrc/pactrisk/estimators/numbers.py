"""How many of some things: of a single one that is whether it is, and no less sure than its chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pactrisk.estimators.clusters import Moments
from pactrisk.estimators.contrasts import difference
from pactrisk.estimators.estimate import Estimates
from pactrisk.estimators.means import mean
from pactrisk.estimators.proportions import proportion

__all__ = ["how_many", "how_many_more"]


def how_many(moments: Moments, level: float = 0.95, most: int = 1) -> Estimates:
    """Expected number of things of which there are ``most``, as :func:`~pactrisk.estimators.means.mean` has it.

    Of one thing it is the chance of an event, and has the interval of
    :func:`~pactrisk.estimators.proportions.proportion`: a mean does not know that a number can only be 0 or 1, and
    tells nothing from one replicate.

    Parameters
    ----------
    moments : of numbers from 0 to ``most``, shape S.
    level : confidence, between 0 and 1.
    most : how many there can be.
    """
    if most == 1:
        return replace(proportion(moments, level), kind="mean")
    return mean(moments, level, bounds=(0, most))


def how_many_more(moments: Moments, level: float = 0.95, bounds: tuple[int, int] = (-1, 1)) -> Estimates:
    """Difference of two numbers of things in the same trials, as :func:`~pactrisk.estimators.means.mean` has it.

    Of one thing and another it is the difference of two chances, and has the interval of
    :func:`~pactrisk.estimators.contrasts.difference`. Of several, which hardly ever differ, the interval is no narrower
    than that: few trials that differ, nearly all by one, are no matter for Student's limits.

    Parameters
    ----------
    moments : of differences of numbers, shape S.
    level : confidence, between 0 and 1.
    bounds : the least difference that there can be, and the greatest.
    """
    if bounds == (-1, 1):
        return difference(moments, level)
    several = mean(moments, level, bounds, "difference")
    # the squares of the differences, where they add up to no more than the trials, can be so many trials that differ
    seldom = np.asarray(moments.trial_square) <= moments.trials
    total, square, differing = (
        np.where(seldom, each, 0) for each in (moments.total, moments.square, moments.trial_square)
    )
    few = difference(replace(moments, total=total, square=square, trial_square=differing), level)
    low = np.where(seldom, np.minimum(several.low, few.low), several.low)
    high = np.where(seldom, np.maximum(several.high, few.high), several.high)
    return replace(several, low=low, high=high)
