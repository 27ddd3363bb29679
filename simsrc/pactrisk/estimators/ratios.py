"""Conditional probabilities in a nested sample: P(A given C)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.estimators.clusters import Numbers, world_sums
from pactrisk.estimators.estimate import Estimates
from pactrisk.estimators.means import Evenly
from pactrisk.estimators.proportions import effective_size, spread_over, wary_limits

__all__ = ["ConditionalMoments", "ratio"]


@dataclass(frozen=True, eq=False)
class ConditionalMoments:
    """Second moments of two counts a world: c, trials in which C happened, and a, those with A too.

    All of shape S: ``both`` sum of a, ``given`` sum of c, ``both_square`` sum of a**2, ``cross`` sum of
    a c, ``given_square`` sum of c**2, over worlds. They add over the parts of a sample.
    """

    both: Numbers
    given: Numbers
    both_square: Numbers
    cross: Numbers
    given_square: Numbers
    worlds: int
    trials_per_world: int
    worlds_each: int = 1

    @classmethod
    def from_world_sums(cls, both: Numbers, given: Numbers, trials_per_world: int) -> ConditionalMoments:
        """From the counts a and c of each world, shapes S + (W,) that broadcast to each other."""
        both, given = np.broadcast_arrays(both, given)
        return cls(
            both=both.sum(axis=-1),
            given=given.sum(axis=-1),
            both_square=(both * both).sum(axis=-1),
            cross=(both * given).sum(axis=-1),
            given_square=(given * given).sum(axis=-1),
            worlds=both.shape[-1],
            trials_per_world=trials_per_world,
        )

    @classmethod
    def from_trials(cls, event: Any, given: Any, trials_per_world: int) -> ConditionalMoments:
        """From a block: events A and C, booleans of shapes S + (N,) that broadcast to each other."""
        return cls.from_world_sums(
            world_sums(np.asarray(event) & np.asarray(given), trials_per_world),
            world_sums(np.asarray(given), trials_per_world),
            trials_per_world,
        )

    @property
    def speaking(self) -> npt.NDArray[np.float64]:
        """Worlds in which C happened, weighed by how often (Kish); of replicates as many worlds as it would fill, the
        fewest that it can have happened in.
        """
        filled = np.asarray(self.given, dtype=np.float64) * self.worlds_each / self.trials_per_world
        return np.maximum(spread_over(self.given, self.given_square), filled)

    def __add__(self, other: ConditionalMoments) -> ConditionalMoments:
        """Moments of both parts together. Raises ValueError if their worlds differ in size."""
        if self.trials_per_world != other.trials_per_world:
            raise ValueError(f"worlds of {self.trials_per_world} and of {other.trials_per_world} trials do not add")
        return ConditionalMoments(
            self.both + other.both,
            self.given + other.given,
            self.both_square + other.both_square,
            self.cross + other.cross,
            self.given_square + other.given_square,
            self.worlds + other.worlds,
            self.trials_per_world,
            self.worlds_each,
        )


def ratio(moments: ConditionalMoments, level: float = 0.95) -> Estimates:
    """P(A given C) with limits of the Korn-Graubard kind.

    ``R = sum a / sum c``. Its variance between worlds is that of the linearised residuals ``a - R c``;
    set against the variance of independent trials it gives the effective size, and that the limits, as
    for :func:`~pactrisk.estimators.proportion`. The worlds that speak are those in which C
    happens, weighed by how often: ``(sum c)**2 / sum c**2`` (Kish), or of replicates the fewest that they
    can be. When A always or never goes with C, this number is taken for the size.

    ``trials`` of the answer counts the trials in which C happened, ``count`` those with A too. When
    C never happened the value is NaN and the interval (0, 1).

    Parameters
    ----------
    moments : shape S.
    level : confidence, between 0 and 1.
    """
    both, given, both_square, cross, given_square = (
        np.asarray(each, dtype=np.float64)
        for each in (moments.both, moments.given, moments.both_square, moments.cross, moments.given_square)
    )
    value = np.divide(both, given, out=np.full(both.shape, np.nan), where=given > 0)
    share = np.nan_to_num(value)
    worlds = moments.speaking
    size = effective_size(
        apart=both * (1.0 - share),
        together=both_square - 2.0 * share * cross + share * share * given_square,
        trials=given,
        worlds=worlds,
        bearing=np.minimum(
            spread_over(both, both_square),
            spread_over(given - both, given_square - 2.0 * cross + both_square),
        ),
        drawn=moments.worlds,
        level=level,
        sums=Evenly(moments.trials_per_world, moments.worlds_each, ((both, 1), (given, 1), (both_square, 2))),
    )
    low, high = wary_limits(share, size, given, worlds, level)
    return Estimates(
        value=value,
        low=low,
        high=high,
        level=level,
        kind="probability",
        trials=given.astype(np.int64),
        worlds=moments.worlds * moments.worlds_each,
        count=both.astype(np.int64),
    )
