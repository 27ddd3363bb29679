"""How an analysis reads the sums of a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble.integrated import out_of_reach
from pactrisk.ensemble.plan import Plan
from pactrisk.ensemble.sums import Sums, moments
from pactrisk.ensemble.tallies import complement
from pactrisk.estimators import Moments
from pactrisk.outcomes import GROUPS
from pactrisk.spreads import plain_number

__all__ = ["Reading"]

_COOPERATION = list(GROUPS).index("substantive cooperation")


@dataclass(frozen=True)
class Reading:
    """The plan, the sums of all blocks, and the name under which an analysis kept its own."""

    plan: Plan
    sums: Sums
    name: str = ""

    def own(self, key: str) -> Moments:
        """Moments that the analysis kept under ``key``."""
        return moments(self.sums, f"{self.name}/{key}", self.plan)

    def shared(self, key: str) -> Moments:
        """Moments that every run keeps: ``classes``, ``groups``, ``portfolio``, ``mean``."""
        return moments(self.sums, key, self.plan)

    def by_world(self, key: str) -> Moments:
        """Moments over worlds at the headline: of the ``number`` in substantive cooperation, of there being ``some``,
        and of ``each`` agreement."""
        if f"by_world/{key}/total" in self.sums:
            total, square, trial_square = (
                self.sums[f"by_world/{key}/{word}"] for word in ("total", "square", "trial_square")
            )
            return Moments(total, square, trial_square, self.worlds, self.plan.trials_per_world)
        return self.at_headline(key)

    def at_headline(self, key: str) -> Moments:
        """The same over what is independent, which the simulation noise is told by."""
        k = self.plan.headline
        if key == "number":
            return self.shared("mean")[k]
        if key == "some":
            return complement(self.shared("portfolio")[k, 0])
        return self.shared("groups")[:, k, _COOPERATION]

    @property
    def level(self) -> float:
        """Confidence of the intervals."""
        return self.plan.question.level

    @property
    def replicates(self) -> int:
        """Replicates simulated: worlds, unless the sampler spreads several together."""
        return int(self.sums["replicates"])

    @property
    def worlds(self) -> int:
        """Worlds simulated."""
        return int(self.sums["worlds"])

    @property
    def trials(self) -> int:
        """Trials simulated."""
        return int(self.sums["trials"])

    @property
    def certain(self) -> bool:
        """Whether no number of the scenario has a spread, so that all variance is chance."""
        return not self.plan.uncertain

    @property
    def surely(self) -> npt.NDArray[np.bool_]:
        """Whether each agreement is known to exist: of none of these is absence an estimate."""
        return np.array([plain_number(agreement.presence) == 1 for agreement in self.plan.scenario.agreements])

    @property
    def nowhere(self) -> npt.NDArray[np.bool_]:
        """Whether each agreement is known to be in the portfolio of no world."""
        return np.array([plain_number(agreement.presence) == 0 for agreement in self.plan.scenario.agreements])

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the agreements for people, in the order of the plan."""
        return tuple(agreement.name for agreement in self.plan.scenario.agreements)

    @property
    def counted(self) -> tuple[str, ...]:
        """Names of the agreements whose chances at the headline conditional Monte Carlo counts all the same."""
        told = dict(zip(self.plan.scenario.ids, self.names, strict=True))
        return tuple(told[id_] for id_ in out_of_reach(self.plan.scenario))

    @property
    def date(self) -> date:
        """Date of the headline."""
        return self.plan.grid.dates[self.plan.headline]
