"""Interval of the share of variance that lies between worlds.

The F interval of one-way analysis of variance takes the means of worlds and their trials for normal. Of what lies
between two bounds (events; how many of some things) they are not: rates near a bound are crooked, and where worlds all
but decide an event few of them tell how large chance is. So the degrees of freedom are here those that have the same
variance (Satterthwaite 1946), by the law of Beta rates with binomial counts, at each share that is tried.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.means import unseen
from pactrisk.later import special

__all__ = ["NEARLY_ALL", "least_share", "share_limits"]

Floats = npt.NDArray[np.float64]

NEARLY_ALL = 1.0 - 1e-6
"""The most of the variance of an event that may lie between worlds, for a law that can be computed."""
_STEPS, _FAR = 40, 18.0


def share_limits(
    value: Floats, between: Floats, within: Floats, worlds: int, trials_per_world: int, most: float, level: float
) -> tuple[Floats, Floats]:
    """Interval of ``share``, shape S; (0, 1) where nothing varies.

    The lower limit is the least share at which as large a ratio of mean squares as was found is seen with probability
    ``(1 - level) / 2``, the upper one the largest at which as small a ratio is. With ``most`` infinite it is the exact
    interval for normal variation.

    Parameters
    ----------
    value : mean, from 0 to ``most``.
    between, within : mean squares between worlds and within.
    worlds, trials_per_world : W and m, both above 1.
    most : the greatest possible value, 1 for events; infinite where none is known.
    level : confidence, between 0 and 1.
    """
    m = trials_per_world
    if np.isfinite(most):
        mean, variance = value / most, (within + np.maximum(between - within, 0.0) / m) / most**2
    else:
        mean, variance = np.full(np.shape(value), 0.5), np.zeros(np.shape(value))
    known = within > 0.0
    ratio = np.where(known, between / np.where(known, within, 1.0), 1.0)

    tail = 0.5 * (1.0 - level)
    probability = np.reshape([1.0 - tail, tail], (2, *[1] * np.ndim(value)))

    def below(share: Floats) -> npt.NDArray[np.bool_]:
        """Whether each limit is no more than this, by the distribution function of the ratio at what was found."""
        first, second = _degrees(mean, variance, share, worlds, m)
        return np.asarray(special.fdtr(first, second, ratio / (1.0 + m * share / (1.0 - share))) <= probability)

    lower, upper = least_share(below, (2, *np.shape(value)))
    # trials of a world that were always alike may not be so in worlds that were not drawn
    hidden = 0.25 * unseen(worlds, level) * most**2 * m / (m - 1.0) if np.isfinite(most) else 0.0
    decided, varies = ~known & (between > 0.0), known | (between > 0.0)
    least = np.maximum(between - hidden, 0.0) / np.where(decided, between + (m - 1.0) * hidden, 1.0)
    lower = np.where(decided, least, lower)
    return np.where(varies, lower, 0.0), np.where(known, upper, 1.0)


def least_share(enough: Callable[[Floats], npt.NDArray[np.bool_]], shape: tuple[int, ...]) -> Floats:
    """The least share from 0 to 1 that is ``enough``, for every place of ``shape``, where all larger ones are too; 1
    where none is."""
    low, high = np.full(shape, -_FAR), np.full(shape, _FAR)
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        found = enough(special.expit(middle))
        low, high = np.where(found, low, middle), np.where(found, middle, high)
    return np.where(enough(np.zeros(shape)), 0.0, np.where(high < _FAR, special.expit(high), 1.0))


def _degrees(mean: Floats, variance: Floats, share: Floats, worlds: int, m: int) -> tuple[Floats, Floats]:
    """Degrees of freedom of the mean squares between worlds and within, no more than those of normal variation.

    ``variance`` is that of a trial whose numbers go from 0 to 1, of which ``share`` lies between worlds. With b and v
    what one world adds to the mean squares B and V, they are twice the worlds over the variances of b / B and v / V,
    and both are as many times more as the variance of ``b / B - v / V`` is less than these together. They follow from
    the central moments of the rates of worlds (``second`` to ``fourth``), and from what the variance of a trial is over
    worlds: its mean, that of its square, and that of both times how far a rate lies from the mean.
    """
    odds, crooked = mean * (1.0 - mean), 1.0 - 2.0 * mean
    possible = odds > 0.0
    odds = np.where(possible, odds, 0.25)
    part = np.minimum(variance / odds, 1.0)
    alike = np.minimum(share * part, NEARLY_ALL)
    # a trial is the mean of so many that happen or do not
    each = np.maximum((1.0 - share) * part, 1e-12) / (1.0 - alike)
    second = odds * alike
    third = 2.0 * crooked * second * alike / (1.0 + alike)
    fourth = second**2 * (3.0 + 6.0 * alike * (crooked**2 / odds - 1.0 - alike) / ((1.0 + alike) * (1.0 + 2.0 * alike)))
    chance = odds - second
    squared = odds**2 + (crooked**2 - 2.0 * odds) * second - 2.0 * crooked * third + fourth
    moved = odds * second + crooked * third - fourth
    lopsided = (crooked**2 - 2.0 * odds) * second - 3.0 * crooked * third + 2.0 * fourth
    tailed = each**3 * (chance - 6.0 * squared)
    within, squared, moved, lopsided = each * chance, each**2 * squared, each * moved, each**2 * lopsided
    between = m * second + within
    far = fourth + 6.0 * moved / m + 4.0 * lopsided / m**2 + 3.0 * squared / m**2 + tailed / m**3
    first = m**2 * far / between**2 - 1.0
    inner = (squared * (1.0 + 2.0 / (m - 1.0)) + tailed / m) / within**2 - 1.0
    both = m * (moved + squared / m + 2.0 * lopsided / m + tailed / m**2) / (between * within) - 1.0
    scale = np.maximum(first + inner - 2.0 * both, 1e-9) / (first + inner)
    usable = possible & (variance > 0.0)
    found = []
    for own, free, normal in ((first, worlds - 1.0, worlds - 1.0), (inner, worlds, worlds * (m - 1.0))):
        found.append(np.where(usable, np.fmin(2.0 * free / (scale * own), normal), normal))
    return found[0], found[1]
