"""Whose ignorance: how much of the variance between worlds each uncertain assumption explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.clusters import Moments, Numbers
from pactrisk.estimators.means import world_mean_variance
from pactrisk.later import special

__all__ = ["Bins", "FirstOrder", "first_order"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bins:
    """World sums gathered by the level of each assumption.

    An assumption's level in a world is the probability at which its value was drawn, uniform in (0, 1);
    B bins of equal probability part it.

    Parameters
    ----------
    totals : sum of world sums, shape (assumption, bin) + S.
    counts : worlds, shape (assumption, bin).
    """

    totals: Numbers
    counts: npt.NDArray[np.int64]

    @classmethod
    def from_world_sums(cls, sums: Numbers, levels: npt.NDArray[np.float64], bins: int) -> Bins:
        """Gather world sums of shape S + (W,) by levels of shape (assumption, W).

        More bins follow a bend more closely and need more worlds; a straight effect loses a share of
        ``1 / bins**2`` of its variance.
        """
        member = np.minimum((levels * bins).astype(np.intp), bins - 1)
        counts = np.zeros((len(levels), bins), dtype=np.int64)
        totals = np.zeros((len(levels), bins, *sums.shape[:-1]), dtype=sums.dtype)
        for assumption, chosen in enumerate(member):
            counts[assumption] = np.bincount(chosen, minlength=bins)
            for number in np.flatnonzero(counts[assumption]):
                totals[assumption, number] = sums[..., chosen == number].sum(axis=-1)
        return cls(totals, counts)

    def __add__(self, other: Bins) -> Bins:
        """Both parts of a sample together. Raises ValueError if the bins differ in number."""
        if self.counts.shape != other.counts.shape:
            raise ValueError(f"bins of shapes {self.counts.shape} and {other.counts.shape} do not add")
        return Bins(self.totals + other.totals, self.counts + other.counts)


@dataclass(frozen=True, eq=False)
class FirstOrder:
    """First-order shares (Sobol) of the variance between worlds, all of shape (assumption,) + S.

    ``share`` lies between 0 and 1, ``se`` is its standard error, and ``indistinguishable`` says that at this
    number of worlds it cannot be told from zero. All are NaN (and True) where the worlds do not differ.
    Shares of assumptions that act apart from each other sum to 1; what is missing they do together.
    """

    share: Floats
    se: Floats
    indistinguishable: npt.NDArray[np.bool_]

    def __getitem__(self, index: Any) -> FirstOrder:
        """A part, chosen as numpy chooses."""
        return FirstOrder(
            np.asarray(self.share[index]),
            np.asarray(self.se[index]),
            np.asarray(self.indistinguishable[index]),
        )


def first_order(bins: Bins, moments: Moments, level: float = 0.95) -> FirstOrder:
    """Share of the variance between worlds that each assumption explains by itself.

    One-way analysis of variance of world means by bin. With SSB the sum of squares between B bins, MSW the
    mean square within bins and N worlds, the explained variance is ``(SSB - (B - 1) MSW) / (N - 1)``,
    without bias but for the bend within a bin. It is divided by the variance between worlds,
    cleared of chance: ``world_var - chance_var / m``; with m = 1, where the two cannot be told
    apart, by the variance of a trial.

    The standard error is that of a squared multiple correlation (Olkin and Finn 1995), for normal variation.

    Parameters
    ----------
    bins : of shape (assumption, bin) + S.
    moments : of the same worlds, shape S.
    level : the F test against zero is held at ``1 - level``.

    Raises
    ------
    ValueError : the bins hold other worlds than the moments.
    """
    worlds, m = moments.worlds, moments.trials_per_world
    if np.any(bins.counts.sum(axis=1) != worlds):
        raise ValueError(f"every assumption must place all {worlds} worlds in its bins")
    total = np.asarray(moments.total, dtype=np.float64)
    ignorance_part = _between_part(moments)
    everything = world_mean_variance(moments) * (worlds - 1.0) * m**2

    counts = bins.counts.reshape(*bins.counts.shape, *([1] * total.ndim))
    held = np.maximum(counts, 1)
    shift = np.asarray(bins.totals, dtype=np.float64) / held - total / worlds
    between = (counts * shift * shift).sum(axis=1)
    filled = (counts > 0).sum(axis=1)
    spare = worlds - filled
    within = np.maximum(everything - between, 0.0) / np.maximum(spare, 1)

    known = (everything > 0.0) & (ignorance_part > 0.0) & (spare > 0) & (filled > 1)
    whole = np.where(known, everything, 1.0)
    raw = np.maximum(between - (filled - 1) * within, 0.0) / whole
    part = np.where(known, ignorance_part, 1.0)
    rough = (1.0 - np.minimum(raw, 1.0)) ** 2 * (4.0 * raw / worlds + 2.0 * (filled - 1) / worlds**2)
    # The part that is ignorance, 1 - 1 / F, is itself an estimate when m > 1.
    loose = 2.0 * (1.0 - part) ** 2 * (1.0 / (worlds - 1.0) + 1.0 / (worlds * max(m - 1, 1)))
    se = np.sqrt(rough + (raw / part) ** 2 * loose) / part
    # bins that explain all but rounding leave nothing to divide by
    some = known & (within > np.finfo(float).eps * between)
    ratio = np.where(some, between / np.maximum(filled - 1, 1), np.inf) / np.where(some, within, 1.0)
    chance_of_it = special.fdtrc(np.maximum(filled - 1, 1), np.maximum(spare, 1), ratio)
    return FirstOrder(
        share=np.where(known, np.minimum(raw / part, 1.0), np.nan),
        se=np.where(known, se, np.nan),
        indistinguishable=~known | (chance_of_it > 1.0 - level),
    )


def _between_part(moments: Moments) -> Floats:
    """Part of the variance of world means that is ignorance, ``1 - V / B``; all of it when m = 1."""
    worlds, m = moments.worlds, moments.trials_per_world
    between = m * world_mean_variance(moments)
    if m == 1:
        return np.ones(between.shape)
    square = np.asarray(moments.square, dtype=np.float64)
    within = np.maximum(np.asarray(moments.trial_square, np.float64) - square / m, 0.0) / (worlds * (m - 1))
    return np.maximum(1.0 - np.divide(within, between, out=np.ones_like(within), where=between > 0.0), 0.0)
