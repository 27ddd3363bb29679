"""What is to be simulated: a question put to a scenario and its variants, checked and in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pactrisk.agreements.draws import own_draws
from pactrisk.drivers.processes.regime import Regime
from pactrisk.ensemble.unchanged import unchanged_drivers
from pactrisk.expressions import Expression
from pactrisk.grid import TimeGrid
from pactrisk.question import Question
from pactrisk.ranges import Range, driver_ranges, formula_range
from pactrisk.samplers import Sampler
from pactrisk.scenario import Scenario
from pactrisk.streams import BLOCK
from pactrisk.tilting import Direction

__all__ = ["Plan"]


@dataclass(frozen=True)
class Plan:
    """A question, its scenario, and the variants of it by name."""

    question: Question
    scenario: Scenario
    variants: Mapping[str, Scenario] = field(default_factory=dict)
    tilts: tuple[Direction, ...] | None = None
    """The draws that lead to the rare event and how far they are tilted, one direction a way, once a pilot has found
    them.
    """

    @property
    def tilted(self) -> list[str]:
        """Addresses of all draws that are tilted in one direction or another."""
        return sorted({address for direction in self.tilts or () for address in direction.tilts})

    @cached_property
    def grid(self) -> TimeGrid:
        """From the scenario's signature to the question's horizon."""
        return self.question.grid(self.scenario.signed)

    @cached_property
    def headline(self) -> int:
        """Grid point of the headline."""
        return self.question.headline_point(self.scenario.signed)

    @cached_property
    def headline_grid(self) -> TimeGrid:
        """The grid as far as variants are simulated, of which nothing later is told."""
        return self.grid.until(self.headline)

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

    @cached_property
    def ranges(self) -> dict[str, Range]:
        """What each quantity, and each driver that has values, can be."""
        world, drivers = self.scenario, driver_ranges(self.scenario)
        quantities = {name: formula_range(world, q.expression, drivers) for name, q in world.quantities.items()}
        valued = (name for name, driver in world.drivers.items() if not isinstance(driver, Regime))
        return quantities | {f"drivers.{name}": drivers[name] for name in valued}

    @cached_property
    def traced(self) -> dict[str, frozenset[str]]:
        """Of each agreement, what a quantity or a condition reads of it at every date."""
        formulas = [quantity.expression for quantity in self.scenario.quantities.values()]
        formulas += [condition.when for condition in self.question.conditions.values()]
        names = [name.partition(".") for text in formulas for name in Expression(text).names]
        return {id_: frozenset(part for first, _, part in names if first == id_) for id_ in self.scenario.ids}

    def sampler(self, scenario: Scenario) -> Sampler:
        """How the random numbers of the scenario, or of a variant of it, are spread.

        What a variant draws besides comes after what the scenario draws, so that both share their numbers.
        """
        places: dict[str, tuple[str, int]] = {}
        if self.question.sampler == "sobol":
            for agreement in scenario.agreements:
                known = own_draws(self.scenario.agreement(agreement.id)) if agreement.id in self.scenario.ids else []
                more = [address for address in own_draws(agreement) if address not in known]
                places |= {address: (agreement.id, place) for place, address in enumerate([*known, *more])}
        return Sampler(self.question.sampler, BLOCK // self.trials_per_world, places)

    @cached_property
    def replicates_in_block(self) -> int:
        """Parts of a block that are drawn apart and alike: its worlds, unless the sampler spreads them together."""
        return self.sampler(self.scenario).replicates or BLOCK // self.trials_per_world

    @property
    def trials_per_replicate(self) -> int:
        """Trials in a replicate, in whole worlds."""
        return BLOCK // self.replicates_in_block

    @property
    def worlds_each(self) -> int:
        """Worlds in a replicate, or pairs of worlds where one mirrors the other."""
        worlds = self.trials_per_replicate // self.trials_per_world
        return max(worlds // 2, 1) if self.question.sampler == "antithetic" else worlds

    @property
    def replicates(self) -> int:
        """Replicates in all: enough for the trials asked for."""
        return -(-self.question.trials // self.trials_per_replicate)

    @property
    def trials(self) -> int:
        """Trials in all, in whole replicates."""
        return self.replicates * self.trials_per_replicate

    @property
    def worlds(self) -> int:
        """Worlds in all."""
        return self.trials // self.trials_per_world

    @property
    def blocks(self) -> int:
        """Blocks of trials."""
        return -(-self.trials // BLOCK)

    def replicates_in(self, block: int) -> int:
        """Replicates of a block that count; the last block may be cut short."""
        full = self.replicates_in_block
        return min(full, self.replicates - block * full)

    @property
    def window(self) -> int:
        """Window of ceremony, in steps; no longer than the grid, which it then holds whole."""
        return min(max(round(self.question.rule.window / self.grid.step), 1), self.grid.points)
