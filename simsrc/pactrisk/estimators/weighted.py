r"""Estimates from trials that carry weights: each drawn with some other density, and weighed to undo that.

Trials are independent of each other, and a mean over N of them of weight times number is without bias:

.. math:: \hat p = \frac{1}{N} \sum_i w_i 1_i, \qquad
          \hat R = \frac{\sum_i w_i x_i}{\sum_i w_i}.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.estimate import Estimates
from pactrisk.estimators.proportions import exact_limits
from pactrisk.later import special

__all__ = ["WeightedMoments", "effective", "rare_chance", "weighted_mean", "weighted_share"]

Floats = npt.NDArray[np.float64]


def effective(total: npt.ArrayLike, square: npt.ArrayLike) -> Floats:
    """How many equal weights would tell as much, ``(sum w)**2 / sum w**2`` (Kish); 0 without any."""
    total, square = np.asarray(total, np.float64), np.asarray(square, np.float64)
    return np.where(square > 0.0, total * total / np.where(square > 0.0, square, 1.0), 0.0)


def rare_chance(
    total: float, square: float, largest: float, trials: int, level: float = 0.95, most: float = 1.0
) -> Estimates:
    r"""Probability of a rare event from the weights of the trials in which it happened.

    The limits are those of Fay and Feuer (1997, Statistics in Medicine 16, 791) for a weighted sum of Poisson counts.
    With :math:`y = \sum w / N`, :math:`v = \sum w^2 / N^2` and k the largest weight over N,

    .. math:: L = \frac{v}{2 y} \chi^2_{2 y^2 / v}\Big(\frac{1 - c}{2}\Big), \quad
              U = \frac{v + k^2}{2 (y + k)} \chi^2_{2 (y + k)^2 / (v + k^2)}\Big(\frac{1 + c}{2}\Big).

    They are Garwood's exact limits where all weights are one, and count for one more event, of the largest weight, at
    the upper end. Where the event never happened, that is ``most``, the largest weight that a trial can have.

    Parameters
    ----------
    total, square : sums of w and of w**2 over the trials in which the event happened.
    largest : the largest of these weights.
    trials : N.
    level : confidence c.
    most : largest weight that any trial can have.
    """
    y, v = total / trials, square / trials**2
    k = (largest if total > 0.0 else most) / trials
    low = 0.0
    if y > 0.0:
        low = v / y * float(special.gammaincinv(y * y / v, 0.5 * (1.0 - level)))
    shape = (y + k) ** 2 / (v + k * k)
    high = (v + k * k) / (y + k) * float(special.gammaincinv(shape, 0.5 * (1.0 + level)))
    return Estimates(
        value=np.array(y),
        low=np.array(low),
        high=np.array(min(max(high, y), 1.0)),
        level=level,
        kind="probability",
        trials=np.array(trials, dtype=np.int64),
        worlds=trials,
    )


@dataclass(frozen=True, eq=False)
class WeightedMoments:
    """Sums over trials with weights w of numbers x, for any shape S of statistics; they add over parts of a sample.

    ``w`` and ``ww`` are the sums of w and w**2, ``wx``, ``wwx`` and ``wwxx``, of shape S, those of w x, w**2 x and
    w**2 x**2.
    """

    w: Floats
    ww: Floats
    wx: Floats
    wwx: Floats
    wwxx: Floats

    @classmethod
    def from_trials(cls, x: npt.NDArray[Any], weights: Floats) -> WeightedMoments:
        """From numbers or yes-or-noes of shape S + (trial,) and weights of shape (trial,)."""
        x, squares = np.asarray(x, dtype=np.float64), weights * weights
        # not by a product of matrices: its order of adding is for the library to choose
        (w, wx), (ww, wwx) = (
            (np.einsum("t,t->", np.ones_like(each), each), np.einsum("...t,t->...", x, each))
            for each in (weights, squares)
        )
        return cls(w, ww, wx, wwx, np.einsum("...t,t->...", x * x, squares))

    def __getitem__(self, index: Any) -> WeightedMoments:
        """A part of the statistics, chosen as numpy chooses."""
        return WeightedMoments(self.w, self.ww, *(np.asarray(x[index]) for x in (self.wx, self.wwx, self.wwxx)))

    @property
    def effective(self) -> float:
        """Kish's effective number of trials."""
        return float(effective(self.w, self.ww))

    @property
    def means(self) -> Floats:
        """Means of x, shape S; NaN without any weight."""
        return np.asarray(self.wx / self.w) if self.w > 0.0 else np.full(np.shape(self.wx), np.nan)

    @property
    def variances(self) -> Floats:
        """Squared standard errors of the means, from the linearised residuals ``w (x - R)``, shape S."""
        r = np.nan_to_num(self.means)
        square = self.wwxx - 2.0 * r * self.wwx + r * r * self.ww
        # equal numbers must not look different by the rounding of their squares
        square = np.where(square > 64 * np.finfo(float).eps * np.abs(self.wwxx), square, 0.0)
        return np.asarray(square / np.where(self.w > 0.0, self.w, 1.0) ** 2)


def weighted_share(moments: WeightedMoments, level: float = 0.95) -> Estimates:
    """Probability of each event, with the limits of Clopper and Pearson for its effective size.

    The size is ``R (1 - R) / se**2``, but no more than the effective number of trials, which it is where an event
    always or never happened.
    """
    value, size = np.clip(moments.means, 0.0, 1.0), np.full(np.shape(moments.wx), moments.effective)
    known = np.nan_to_num(value)
    variance = moments.variances
    odds = known * (1.0 - known)
    size = np.where(variance > 0.0, np.minimum(odds / np.where(variance > 0.0, variance, 1.0), size), size)
    low, high = exact_limits(known, size, level)
    if not moments.w > 0.0:
        low, high = np.zeros(value.shape), np.ones(value.shape)
    return _estimates(moments, value, low, high, level, "probability")


def weighted_mean(moments: WeightedMoments, level: float = 0.95) -> Estimates:
    """Mean of each number, with Student limits; the degrees of freedom are the effective trials less one."""
    free = moments.effective - 1.0
    if free > 0.0:
        half = special.stdtrit(free, 0.5 * (1.0 + level)) * np.sqrt(moments.variances)
    else:
        half = np.full(np.shape(moments.wx), np.inf)
    return _estimates(moments, moments.means, moments.means - half, moments.means + half, level, "mean")


def _estimates(
    moments: WeightedMoments, value: Floats, low: Floats, high: Floats, level: float, kind: Any
) -> Estimates:
    size = round(moments.effective)
    return Estimates(value, low, high, level, kind, np.full(np.shape(value), size, dtype=np.int64), size)
