"""Correlation of two events in a nested sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.clusters import Numbers, world_sums
from pactrisk.estimators.estimate import Estimates
from pactrisk.estimators.means import unseen
from pactrisk.later import special

__all__ = ["PairMoments", "correlation"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PairMoments:
    """Second moments of three counts a world: a, trials with the first event, b, with the second, c, with both.

    ``sums`` holds the sums of a, b and c over worlds, shape (3,) + S; ``products`` those of their products, shape
    (3, 3) + S. They add over the parts of a sample.
    """

    sums: Numbers
    products: Numbers
    worlds: int
    trials_per_world: int
    worlds_each: int = 1

    @classmethod
    def from_trials(
        cls, first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_], trials_per_world: int
    ) -> PairMoments:
        """From a block: two events, booleans of shape S + (N,)."""
        counts = np.stack([world_sums(event, trials_per_world) for event in (first, second, first & second)])
        products = np.asarray(np.einsum("i...w,j...w->ij...", counts, counts), dtype=np.int64)
        sums = np.asarray(counts.sum(axis=-1), dtype=np.int64)
        return cls(sums, products, counts.shape[-1], trials_per_world)


def correlation(moments: PairMoments, level: float = 0.95) -> Estimates:
    r"""Correlation of two events over trials (the phi coefficient), with Fisher limits.

    .. math:: \phi = \frac{p_{ab} - p_a p_b}{\sqrt{p_a (1 - p_a)\, p_b (1 - p_b)}}

    Its standard error is that of the linearised phi over worlds (delta method). The limits are
    symmetric for ``atanh(phi)``, with the Student quantile of as many degrees of freedom as worlds less one. Where
    an event never or always happened, nothing is known: the value is NaN and the interval (-1, 1).

    Parameters
    ----------
    moments : shape S.
    level : confidence, between 0 and 1.
    """
    sums, products = np.asarray(moments.sums, np.float64), np.asarray(moments.products, np.float64)
    worlds, trials = moments.worlds, moments.worlds * moments.trials_per_world
    first, second, both = sums / max(trials, 1)
    odds = first * (1 - first), second * (1 - second)
    known = (odds[0] > 0) & (odds[1] > 0)
    scale = np.sqrt(np.where(known, odds[0] * odds[1], 1.0))
    phi = np.where(known, (both - first * second) / scale, np.nan)
    safe = np.nan_to_num(phi)
    slopes = [
        -other / scale - safe * (1 - 2 * own) / (2 * np.where(known, spread, 1.0))
        for own, other, spread in ((first, second, odds[0]), (second, first, odds[1]))
    ]
    gradient = np.stack([*slopes, 1 / scale])
    apart = products - np.einsum("i...,j...->ij...", sums, sums) / max(worlds, 1)
    square = np.einsum("i...,ij...,j...->...", gradient, apart, gradient)
    error = np.sqrt(np.maximum(square, 0.0) * worlds / max(worlds - 1, 1)) / max(trials, 1)
    inside = np.clip(safe, -1 + 1e-12, 1 - 1e-12)
    quantile = special.stdtrit(max(worlds - 1, 1), 0.5 * (1 + level))
    half = quantile * error / (1 - inside * inside)
    # Two events that always (or never) went together: what W worlds never showed moves phi by so much at most.
    unshown = np.where(error > 1e-9, 0.0, unseen(worlds * moments.worlds_each, level) / scale)
    known &= worlds > 1
    return Estimates(
        value=phi,
        low=np.where(known, np.maximum(np.tanh(np.arctanh(inside) - half) - unshown, -1.0), -1.0),
        high=np.where(known, np.minimum(np.tanh(np.arctanh(inside) + half) + unshown, 1.0), 1.0),
        level=level,
        kind="mean",
        trials=np.full(phi.shape, trials, dtype=np.int64),
        worlds=worlds * moments.worlds_each,
    )
