"""What happened where a condition held, against where it did not, from sums that add up.

In a world of m trials, c is the number of trials in which the condition held, t the sum of a statistic x over
all of its trials and a its sum over those in which the condition held. The complement follows: m - c, t - a.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble.reading import Reading
from pactrisk.ensemble.sums import Sums
from pactrisk.estimators import ConditionalMoments, Estimates, Moments, proportion, ratio, world_sums
from pactrisk.estimators.means import lopsided
from pactrisk.estimators.proportions import spread_over
from pactrisk.later import special

__all__ = ["Given", "given_in", "store_given"]

Array = npt.NDArray[np.float64]


def store_given(name: str, holds: npt.NDArray[np.bool_], statistics: npt.NDArray[Any], trials_per_world: int) -> Sums:
    """Sums of a block, kept under ``name``.

    Parameters
    ----------
    name : what the sums are kept under.
    holds : whether each condition held, shape (condition, trial).
    statistics : events (booleans) or whole numbers, shape (statistic, trial).
    trials_per_world : m.
    """
    m, worlds = trials_per_world, holds.shape[-1] // trials_per_world
    c, t = world_sums(holds, m), world_sums(statistics, m)
    # one small product of matrices a world: (condition, trial) by (trial, statistic); whole numbers stay exact
    inside = holds.reshape(-1, m, worlds).transpose(2, 0, 1).astype(np.float64)
    values = statistics.reshape(-1, m, worlds).transpose(2, 1, 0).astype(np.float64)
    a = np.rint(np.moveaxis(inside @ values, 0, -1)).astype(np.int64)
    return {
        f"{name}/{key}": value
        for key, value in {
            "c": c.sum(axis=-1),
            "cc": np.einsum("kw,kw->k", c, c),
            "t": t.sum(axis=-1),
            "tt": np.einsum("sw,sw->s", t, t),
            "a": a.sum(axis=-1),
            "aa": np.einsum("ksw,ksw->ks", a, a),
            "ac": np.einsum("ksw,kw->ks", a, c),
            "at": np.einsum("ksw,sw->ks", a, t),
            "ct": np.einsum("kw,sw->ks", c, t),
        }.items()
    }


@dataclass(frozen=True, eq=False)
class Given:
    """Second moments over worlds of c, t and a; ``c`` and ``cc`` have shape (condition, 1), ``t`` and ``tt``
    (1, statistic), the others (condition, statistic)."""

    c: Array
    cc: Array
    t: Array
    tt: Array
    a: Array
    aa: Array
    ac: Array
    at: Array
    ct: Array
    worlds: int
    trials_per_world: int
    worlds_each: int = 1

    def chance(self, level: float = 0.95) -> Estimates:
        """Chance of each condition, shape (condition,)."""
        c, cc = self.c[:, 0].astype(np.int64), self.cc[:, 0].astype(np.int64)
        return proportion(Moments(c, cc, c, self.worlds, self.trials_per_world, self.worlds_each), level)

    @property
    def inside(self) -> ConditionalMoments:
        """Moments of (a, c): where the condition held."""
        return self._moments(self.a, self.c, self.aa, self.ac, self.cc)

    @property
    def outside(self) -> ConditionalMoments:
        """Moments of (t - a, m - c): where it did not."""
        m, worlds = self.trials_per_world, self.worlds
        given = worlds * m - self.c
        given_square = worlds * m * m - 2 * m * self.c + self.cc
        cross = m * self.t - self.ct - m * self.a + self.ac
        return self._moments(self.t - self.a, given, self.tt - 2 * self.at + self.aa, cross, given_square)

    def _moments(
        self, both: Array, given: Array, both_square: Array, cross: Array, square: Array
    ) -> ConditionalMoments:
        given, square = np.broadcast_to(given, both.shape), np.broadcast_to(square, both.shape)
        return ConditionalMoments(
            both, given, both_square, cross, square, self.worlds, self.trials_per_world, self.worlds_each
        )

    def chances(self, level: float = 0.95) -> tuple[Estimates, Estimates, Estimates]:
        """P(x given the condition), P(x otherwise) and their difference, for events x."""
        given, otherwise = ratio(self.inside, level), ratio(self.outside, level)
        return given, otherwise, self._apart(given, otherwise, 1.0)

    def means(self, level: float = 0.95, most: float = np.inf) -> tuple[Estimates, Estimates, Estimates]:
        """Mean of x given the condition, otherwise, and their difference, for whole numbers x from 0 to ``most``."""
        given, otherwise = _mean(self.inside, level, most), _mean(self.outside, level, most)
        return given, otherwise, self._apart(given, otherwise, most)

    def _apart(self, given: Estimates, otherwise: Estimates, most: float) -> Estimates:
        r"""Difference of two estimates from the same worlds (Zou and Donner 2008, Statistics in Medicine 27, 1693):

        .. math:: L = d - \sqrt{x^2 + y^2 - 2 r x y}

        with x and y the distances to the limits that the difference is nearest to, and r the correlation between
        worlds of the linearised residuals ``a - R c`` inside and outside.
        """
        inside, outside = self.inside, self.outside
        first, second = np.nan_to_num(given.value), np.nan_to_num(otherwise.value)
        m = self.trials_per_world
        together = (
            (self.at - self.aa)
            - second * (m * self.a - self.ac)
            - first * (self.ct - self.ac)
            + first * second * (m * self.c - self.cc)
        )
        spread = np.sqrt(_residual(inside, first) * _residual(outside, second))
        r = np.clip(np.divide(together, spread, out=np.zeros_like(spread), where=spread > 0), -1, 1)
        # of two worlds r is 1 or -1 whatever the truth, and few tell little of it: it is not to narrow by that
        speak = np.minimum(*(spread_over(part.given, part.given_square) for part in (inside, outside)))
        r = np.where(r > 0, r * np.clip(1 - 1 / np.maximum(speak - 1, 1), 0, 1), r)
        value = given.value - otherwise.value

        def distance(x: Array, y: Array) -> Array:
            # an end that is not known stays so, whatever the other says
            with np.errstate(invalid="ignore"):
                square = x * x + y * y - 2 * r * x * y
            return np.sqrt(np.maximum(np.where(np.isfinite(square), square, np.inf), 0.0))

        low = value - distance(given.value - given.low, otherwise.high - otherwise.value)
        high = value + distance(given.high - given.value, otherwise.value - otherwise.low)
        return Estimates(
            value=value,
            low=np.where(np.isnan(value), -most, np.maximum(low, -most)),
            high=np.where(np.isnan(value), most, np.minimum(high, most)),
            level=given.level,
            kind="difference",
            trials=np.minimum(given.trials, otherwise.trials),
            worlds=self.worlds * self.worlds_each,
        )


def _residual(moments: ConditionalMoments, share: Array) -> Array:
    """Sum over worlds of ``(a - R c)**2``."""
    square = moments.both_square - 2 * share * moments.cross + share * share * moments.given_square
    return np.asarray(np.maximum(square, 0.0))


def _mean(moments: ConditionalMoments, level: float, most: float) -> Estimates:
    r"""Ratio of two sums over worlds, ``R = sum a / sum c``, with Student limits on linearised residuals.

    The degrees of freedom are one less than the worlds in which the condition held, weighed by how often (Kish).
    Where all of them agree, the limits are those for what they never showed.
    """
    given = np.asarray(moments.given, dtype=float)
    known = given > 0
    whole = np.where(known, given, 1.0)
    value = np.where(known, moments.both / whole, np.nan)
    speak = np.where(known, whole * whole / np.where(known, moments.given_square, 1.0), 1.0)
    worlds = moments.worlds
    square = _residual(moments, np.nan_to_num(value))
    rounding = 16 * np.finfo(float).eps * np.asarray(moments.both_square, dtype=float)
    square = np.where(square > rounding, square, 0.0)
    error = np.sqrt(square * worlds / max(worlds - 1, 1)) / whole
    half = special.stdtrit(np.maximum(speak - 1, 1e-3), 0.5 * (1 + level)) * error
    share = -np.expm1(np.log(0.5 * (1 - level)) / np.maximum(moments.speaking, 1.0))
    half = np.where((speak > 1) & (worlds > 1), half, np.where(error > 0, np.inf, 0.0))
    share = np.where(half > 0, 0.0, share)
    ceiling = most if np.isfinite(most) else np.inf
    rise = share * (most - np.nan_to_num(value)) if np.isfinite(most) else np.where(share > 0, np.inf, 0.0)
    low, high = lopsided(value, half, (0.0, most), level)
    low = np.where(known, np.maximum(low - share * np.nan_to_num(value), 0.0), 0.0)
    high = np.where(known, np.minimum(high + rise, ceiling), ceiling)
    in_all = worlds * moments.worlds_each
    return Estimates(value, low, high, level, "mean", given.astype(np.int64), in_all)


def given_in(reading: Reading, name: str) -> Given:
    """What an analysis kept under ``name``."""

    def kept(key: str) -> Array:
        return np.asarray(reading.sums[f"{reading.name}/{name}/{key}"], dtype=float)

    rows = {key: kept(key)[:, None] for key in ("c", "cc")}
    columns = {key: kept(key)[None, :] for key in ("t", "tt")}
    cells = {key: kept(key) for key in ("a", "aa", "ac", "at", "ct")}
    plan = reading.plan
    return Given(
        **rows,
        **columns,
        **cells,
        worlds=reading.replicates,
        trials_per_world=plan.trials_per_replicate,
        worlds_each=plan.worlds_each,
    )
