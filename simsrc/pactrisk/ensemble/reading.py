"""How an analysis reads the sums of a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pactrisk.ensemble.plan import Plan
from pactrisk.ensemble.sums import Sums, moments
from pactrisk.estimators import Moments

__all__ = ["Reading"]


@dataclass(frozen=True)
class Reading:
    """The plan, the sums of all blocks, and the name under which an analysis kept its own."""

    plan: Plan
    sums: Sums
    name: str = ""

    def own(self, key: str) -> Moments:
        """Moments that the analysis kept under ``key``."""
        return moments(self.sums, f"{self.name}/{key}", self.plan.trials_per_world)

    def shared(self, key: str) -> Moments:
        """Moments that every run keeps: ``classes``, ``groups``, ``portfolio``, ``mean``."""
        return moments(self.sums, key, self.plan.trials_per_world)

    @property
    def level(self) -> float:
        """Confidence of the intervals."""
        return self.plan.question.level

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
    def names(self) -> tuple[str, ...]:
        """Names of the agreements for people, in file order."""
        return tuple(agreement.name for agreement in self.plan.scenario.agreements)

    @property
    def date(self) -> date:
        """Date of the headline."""
        return self.plan.grid.dates[self.plan.headline]
