"""What is to be simulated: a question put to a scenario and its variants, checked and in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pactrisk.ensemble.unchanged import unchanged_drivers
from pactrisk.grid import TimeGrid
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.streams import BLOCK

__all__ = ["Plan"]


@dataclass(frozen=True)
class Plan:
    """A question, its scenario, and the variants of it by name."""

    question: Question
    scenario: Scenario
    variants: Mapping[str, Scenario] = field(default_factory=dict)

    @cached_property
    def grid(self) -> TimeGrid:
        """From the scenario's signature to the question's horizon."""
        return self.question.grid(self.scenario.signed)

    @cached_property
    def headline(self) -> int:
        """Grid point of the headline."""
        return self.question.headline_point(self.scenario.signed)

    @cached_property
    def trials_per_world(self) -> int:
        """Trials in a world; 1 where no number is uncertain, so that every trial stands for itself."""
        every = (self.scenario, *self.variants.values())
        uncertain = any(s.spreads() or s.uncertain_presence() for s in every)
        return self.question.trials_per_world if uncertain else 1

    @cached_property
    def unchanged(self) -> dict[str, frozenset[str]]:
        """Of each variant, the drivers whose paths are those of the scenario."""
        return {name: unchanged_drivers(self.scenario, variant) for name, variant in self.variants.items()}

    @cached_property
    def uncertain(self) -> tuple[str, ...]:
        """Addresses of every number and presence of the scenario that differs between worlds."""
        exists = (f"agreements.{id_}.presence/exists" for id_ in self.scenario.uncertain_presence())
        return (*self.scenario.spreads(), *exists)

    @property
    def worlds(self) -> int:
        """Worlds in all: enough for the trials asked for."""
        return -(-self.question.trials // self.trials_per_world)

    @property
    def trials(self) -> int:
        """Trials in all, in whole worlds."""
        return self.worlds * self.trials_per_world

    @property
    def blocks(self) -> int:
        """Blocks of trials."""
        return -(-self.trials // BLOCK)

    def worlds_in(self, block: int) -> int:
        """Worlds of a block that count; the last block may be cut short."""
        full = BLOCK // self.trials_per_world
        return min(full, self.worlds - block * full)

    @property
    def window(self) -> int:
        """Window of ceremony, in steps; no longer than the grid, which it then holds whole."""
        return min(max(round(self.question.rule.window / self.grid.step), 1), self.grid.points)
