"""Whose ignorance: how much of the variance between worlds each uncertain assumption explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.clusters import Moments, Numbers
from pactrisk.estimators.means import world_mean_variance
from pactrisk.estimators.shares import least_share
from pactrisk.later import special

__all__ = ["EDGES", "Bins", "FirstOrder", "first_order"]

EDGES = (0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.94, 0.97, 0.99)
"""Levels that part the worlds into bins: narrow ones in the tails, where a number moves most from level to level."""

Floats = npt.NDArray[np.float64]

_ENOUGH = 15
"""Worlds that must speak: of fewer the variance between them is hardly known, nor whose it is."""


@dataclass(frozen=True, eq=False)
class Bins:
    """World sums gathered by the level of each assumption.

    An assumption's level in a world is the probability at which its value was drawn, uniform in (0, 1);
    B bins part it.

    Parameters
    ----------
    totals : sum of world sums, shape (assumption, bin) + S.
    counts : worlds, shape (assumption, bin).
    """

    totals: Numbers
    counts: npt.NDArray[np.int64]

    @classmethod
    def from_world_sums(cls, sums: Numbers, levels: npt.NDArray[np.float64], edges: Sequence[float] = EDGES) -> Bins:
        """Gather world sums of shape S + (W,) by levels of shape (assumption, W), in bins parted by rising ``edges``.

        More bins follow a bend more closely and need more worlds.
        """
        member, bins = np.searchsorted(edges, levels, side="right"), len(edges) + 1
        counts = np.zeros((len(levels), bins), dtype=np.int64)
        totals = np.zeros((len(levels), bins, *sums.shape[:-1]), dtype=sums.dtype)
        for assumption, chosen in enumerate(member):
            counts[assumption] = np.bincount(chosen, minlength=bins)
            for number in np.flatnonzero(counts[assumption]):
                totals[assumption, number] = sums[..., chosen == number].sum(axis=-1)
        return cls(totals, counts)

    def in_pairs(self) -> Bins:
        """Each two neighbours together; the last of an odd number stays alone."""
        first = range(0, self.counts.shape[1], 2)
        return Bins(np.add.reduceat(self.totals, first, axis=1), np.add.reduceat(self.counts, first, axis=1))

    def __add__(self, other: Bins) -> Bins:
        """Both parts of a sample together. Raises ValueError if the bins differ in number."""
        if self.counts.shape != other.counts.shape:
            raise ValueError(f"bins of shapes {self.counts.shape} and {other.counts.shape} do not add")
        return Bins(self.totals + other.totals, self.counts + other.counts)


@dataclass(frozen=True, eq=False)
class FirstOrder:
    """First-order shares (Sobol) of the variance between worlds, all of shape (assumption,) + S.

    ``share`` lies between 0 and 1, and the truth between ``low`` and ``high``; ``se`` is its standard error,
    ``p_value`` the chance of as much where there is nothing, and ``indistinguishable`` says that by this it cannot be
    told from zero. All are NaN (and True, the limits 0 and 1) where the worlds do not differ, or too few of them speak.
    Shares of assumptions that act apart from each other sum to 1; what is missing they do together.
    """

    share: Floats
    low: Floats
    high: Floats
    se: Floats
    p_value: Floats
    indistinguishable: npt.NDArray[np.bool_]

    def __getitem__(self, index: Any) -> FirstOrder:
        """A part, chosen as numpy chooses."""
        return FirstOrder(
            np.asarray(self.share[index]),
            np.asarray(self.low[index]),
            np.asarray(self.high[index]),
            np.asarray(self.se[index]),
            np.asarray(self.p_value[index]),
            np.asarray(self.indistinguishable[index]),
        )


def first_order(bins: Bins, moments: Moments, level: float = 0.95, comparisons: int = 1) -> FirstOrder:
    """Share of the variance between worlds that each assumption explains by itself.

    One-way analysis of variance of world means by bin. With SSB the sum of squares between B bins, MSW the
    mean square within bins and N worlds, the explained variance is ``V = (SSB - (B - 1) MSW) / (N - 1)``,
    without bias but for the bend within a bin. Bins twice as wide lose about four times as much by that, so a third of
    what they explain less is added (Richardson). It is divided by the variance between worlds, cleared of chance:
    ``world_var - chance_var / m``; with m = 1, where the two cannot be told apart, by the variance of a trial.

    The standard error is that of a squared multiple correlation (Olkin and Finn 1995), for normal variation between as
    many worlds as speak (what is rare lies in few of them), and half of what was added for the bend. The limits are
    those of Fieller (1954) for a quotient, with as many degrees of freedom as worlds that the bins leave over, since
    few worlds tell neither what is divided nor what it is divided by; the lower one allows for what bins of few worlds
    explain by chance.

    Parameters
    ----------
    bins : of shape (assumption, bin) + S.
    moments : of the same worlds, shape S.
    level : confidence in the limits.
    comparisons : the F test against zero is held at ``1 - level`` for so many of them together.

    Raises
    ------
    ValueError : the bins hold other worlds than the moments.
    """
    worlds, m = moments.worlds, moments.trials_per_world
    if np.any(bins.counts.sum(axis=1) != worlds):
        raise ValueError(f"every assumption must place all {worlds} worlds in its bins")
    total = np.asarray(moments.total, dtype=np.float64)
    ignorance_part = _between_part(moments)
    world_var = world_mean_variance(moments)
    everything = world_var * (worlds - 1.0) * m**2

    between, filled = _between_bins(bins, total / worlds)
    wide_between, wide_filled = _between_bins(bins.in_pairs(), total / worlds)
    spare, speak = worlds - filled, _speaking(moments, world_var * ignorance_part)
    within = np.maximum(everything - between, 0.0) / np.maximum(spare, 1)

    known = (everything > 0.0) & (ignorance_part > 0.0) & (spare > 0) & (filled > 1) & (speak >= _ENOUGH)
    whole = np.where(known, everything, 1.0)
    bend = (between - wide_between - (filled - wide_filled) * within) / 3.0 / whole
    raw = np.maximum((between - (filled - 1) * within) / whole + bend, 0.0)
    freedom = wide_filled - 1 + (filled - wide_filled) * 16.0 / 9.0
    # what is taken off for chance within bins is known no better than the worlds that bins leave over tell
    freedom = freedom * (1.0 + (filled - 1) / np.maximum(spare, 1))
    part = np.where(known, ignorance_part, 1.0)
    rough = (1.0 - np.minimum(raw, 1.0)) ** 2 * (4.0 * raw / speak + 2.0 * freedom / speak**2)
    # The part that is ignorance, 1 - 1 / F, is itself an estimate when m > 1.
    loose = 2.0 * (1.0 - part) ** 2 * (1.0 / speak + 1.0 / (worlds * max(m - 1, 1)))
    rough = rough + np.square(0.5 * bend)
    se = np.sqrt(rough + (raw / part) ** 2 * loose) / part
    quantile = special.stdtrit(np.maximum(spare, 1), 0.5 * (1.0 + level))
    # bins that explain all but rounding leave nothing to divide by
    some = known & (within > np.finfo(float).eps * between)
    ratio = np.where(some, between / np.maximum(filled - 1, 1), np.inf) / np.where(some, within, 1.0)
    chance_of_it = special.fdtrc(np.maximum(filled - 1, 1), np.maximum(spare, 1), ratio)
    least = _least_explained(ratio, np.maximum(filled - 1, 1), np.maximum(spare, 1), 0.5 * (1.0 - level))
    below = np.maximum(quantile**2 * rough, np.square(np.maximum(raw - least, 0.0)))
    low, high = _quotient(raw, part, (below, quantile**2 * rough), quantile**2 * loose)
    return FirstOrder(
        share=np.where(known, np.minimum(raw / part, 1.0), np.nan),
        low=np.where(known, low, 0.0),
        high=np.where(known, high, 1.0),
        se=np.where(known, se, np.nan),
        p_value=np.where(known, chance_of_it, np.nan),
        indistinguishable=~known | (chance_of_it > (1.0 - level) / comparisons),
    )


def _least_explained(ratio: Floats, bins: Floats, spare: Floats, tail: float) -> Floats:
    """Lower limit of the part of a variance that bins explain, from the F ratio with so many degrees of freedom, each
    held in one of two samples of ``tail`` (Helland 1987: of what worlds are drawn for, the ratio follows an F with more
    degrees of freedom, and larger, as the part grows)."""

    def enough(part: Floats) -> npt.NDArray[np.bool_]:
        odds = part / (1.0 - part)
        moved = (bins + spare) * odds + bins
        free = moved**2 / ((bins + spare) * odds * (odds + 2.0) + bins)
        return np.asarray(special.fdtrc(free, spare, ratio * bins / moved) >= tail)

    return least_share(enough, np.shape(ratio))


def _quotient(
    top: Floats, bottom: Floats, top_squares: tuple[Floats, Floats], bottom_square: Floats
) -> tuple[Floats, Floats]:
    """Limits of a quotient between 0 and 1 (Fieller 1954), from the squared distances to the limits of what is divided,
    below and above, and of what divides it."""
    square, product = bottom**2 - bottom_square, top * bottom
    ends = [top**2 - each for each in top_squares]
    roots = [np.sqrt(np.maximum(product**2 - square * end, 0.0)) for end in ends]
    # where the divisor may be nought, so may what would be the upper limit's
    high = np.divide(product + roots[1], square, out=np.ones_like(top), where=square > 0.0)
    low = np.divide(ends[0], product + roots[0], out=np.zeros_like(top), where=ends[0] > 0.0)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def _between_bins(bins: Bins, middle: Floats) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Sum of squares between bins, shape (assumption,) + S, and how many are filled, which broadcasts to it."""
    counts = bins.counts.reshape(*bins.counts.shape, *([1] * middle.ndim))
    shift = np.asarray(bins.totals, dtype=np.float64) / np.maximum(counts, 1) - middle
    return (counts * shift * shift).sum(axis=1), (counts > 0).sum(axis=1)


def _speaking(moments: Moments, ignorance: Floats) -> Floats:
    """Worlds among which the rates of what is counted are spread, ``N / (1 + cv**2)``: of what is rare a few worlds
    hold most, and the variance between worlds, their ``ignorance``, rests on them. Of what is measured, and with one
    trial a world, all are taken to speak."""
    if np.asarray(moments.total).dtype.kind == "f" or moments.trials_per_world == 1:
        return np.full(np.shape(moments.total), float(moments.worlds))
    value = np.asarray(moments.total, dtype=np.float64) / moments.trials
    event = np.asarray(moments.total) == np.asarray(moments.trial_square)
    rarer = np.where(event, np.minimum(value, 1.0 - value), value)
    square = np.square(rarer)
    return moments.worlds / (1.0 + np.divide(ignorance, square, out=np.zeros_like(square), where=square > 0.0))


def _between_part(moments: Moments) -> Floats:
    """Part of the variance of world means that is ignorance, ``1 - V / B``; all of it when m = 1."""
    worlds, m = moments.worlds, moments.trials_per_world
    between = m * world_mean_variance(moments)
    if m == 1:
        return np.ones(between.shape)
    square = np.asarray(moments.square, dtype=np.float64)
    within = np.maximum(np.asarray(moments.trial_square, np.float64) - square / m, 0.0) / (worlds * (m - 1))
    return np.maximum(1.0 - np.divide(within, between, out=np.ones_like(within), where=between > 0.0), 0.0)
