"""Correlation of two events in a nested sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.clusters import Numbers, world_sums
from pactrisk.estimators.estimate import Estimates
from pactrisk.estimators.proportions import spread_over
from pactrisk.estimators.ratios import ConditionalMoments, ratio
from pactrisk.later import special

__all__ = ["PairMoments", "correlation"]

Floats = npt.NDArray[np.float64]

_FIRST, _SECOND, _NOT_FIRST, _NOT_SECOND = (0, 1, 0, 0), (0, 0, 1, 0), (1, -1, 0, 0), (1, 0, -1, 0)
_CASES = (
    ((0, 0, 0, 1), _FIRST, _SECOND),
    ((0, 1, 0, -1), _FIRST, _NOT_SECOND),
    ((0, 0, 1, -1), _NOT_FIRST, _SECOND),
    ((1, -1, -1, 1), _NOT_FIRST, _NOT_SECOND),
)
"""The four cases and the two events that make each of them, as parts of all trials and of a, b and c."""
_RARE = 20.0
"""A case that is seen less often, or in fewer worlds, has exact limits: its scatter says little of where it may lie."""


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
    symmetric for ``atanh(phi)``, with the Student quantile of as many degrees of freedom as worlds less one. They reach
    at least as far as the limits of the chance of each of the four cases (both, either alone, neither) that is rare or
    was never seen, given the rarer of the events that make it: what did not happen in these trials has no scatter, and
    may happen. Where an event never or always happened, nothing is known: the value is NaN and the interval (-1, 1).

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
    low, high = np.tanh(np.arctanh(inside) - half), np.tanh(np.arctanh(inside) + half)
    known &= worlds > 1
    below, above = _rare_cases(moments, level)
    low, high = np.minimum(low, safe - below / scale), np.maximum(high, safe + above / scale)
    return Estimates(
        value=phi,
        low=np.where(known, np.maximum(low, -1.0), -1.0),
        high=np.where(known, np.minimum(high, 1.0), 1.0),
        level=level,
        kind="mean",
        trials=np.full(phi.shape, trials, dtype=np.int64),
        worlds=worlds * moments.worlds_each,
    )


def _rare_cases(moments: PairMoments, level: float) -> tuple[Floats, Floats]:
    """How far below and above its estimate the chance of both may lie by what is known of each rare case given the
    rarer of the two events that make it, the chances of these being what they are; shape S each.
    """
    worlds, m = moments.worlds, moments.trials_per_world
    sums = np.concatenate([np.full((1, *moments.sums.shape[1:]), m * worlds), moments.sums])
    products = np.empty((4, *sums.shape), dtype=sums.dtype)
    products[0], products[1:, 0], products[1:, 1:] = m * sums, m * moments.sums, moments.products
    below, above = np.zeros(sums.shape[1:]), np.zeros(sums.shape[1:])
    for case, *events in _CASES:
        total, square = np.tensordot(case, sums, 1), np.tensordot(np.outer(case, case), products, 2)
        one, other = (
            (np.tensordot(of, sums, 1), np.tensordot(np.outer(case, of), products, 2),
             np.tensordot(np.outer(of, of), products, 2))
            for of in events
        )  # fmt: skip
        given, cross, given_square = (np.where(one[0] <= other[0], x, y) for x, y in zip(one, other, strict=True))
        kept = ConditionalMoments(total, given, square, cross, given_square, worlds, m, moments.worlds_each)
        share, size = ratio(kept, level), given / max(m * worlds, 1)
        rare = np.minimum(total, spread_over(total, square) * moments.worlds_each) < _RARE
        less, more = (np.where(rare, size * x, 0.0) for x in (share.value - share.low, share.high - share.value))
        # the chances of the events being what they are, one alone happens more often where both do less often
        fewer, further = (less, more) if case[3] > 0 else (more, less)
        below, above = np.fmax(below, fewer), np.fmax(above, further)
    return below, above
