"""One block of trials, simulated: the unit of work and of randomness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.agreements import Clocks, Progress, follow
from pactrisk.drivers import DriverPaths, EventPath, Path, StatePath, simulate, until
from pactrisk.ensemble.integrated import chances_given
from pactrisk.ensemble.plan import Plan
from pactrisk.expressions import Expression
from pactrisk.grid import TimeGrid
from pactrisk.magnitude import sound, unsound
from pactrisk.outcomes import GROUPS, Wanted, classify, group_members, numbers_in
from pactrisk.quantities import Worlds
from pactrisk.reuse import Reuse
from pactrisk.scenario import Scenario
from pactrisk.streams import BLOCK, Streams

__all__ = ["Block", "Simulated", "simulate_block", "simulate_on"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Simulated:
    """A scenario in one block: its drivers, its agreements and their classes.

    ``classes`` holds places in ``outcomes.CLASSES``, shape (agreement, time, trial), in the scenario's order.
    """

    scenario: Scenario
    paths: DriverPaths
    progress: Mapping[str, Progress]
    classes: npt.NDArray[np.int8]
    levels: Mapping[str, Array]
    """Quantile level of every uncertain number, by address, shape (world,)."""
    chances: Array | None = None
    """By conditional Monte Carlo: the chance of each class at the headline, shape (agreement, class, trial)."""
    symbolic: npt.NDArray[np.bool_] | None = None
    """Where analyses read it: whether ceremony alone keeps an agreement alive, however young it is; shaped as classes.
    """

    def read(self, name: str, step: int) -> Array:
        """What a formula's name stands for, shape (time, trial): a driver, a state, or a part of an agreement."""
        first, _, part = name.partition(".")
        if first not in self.progress:
            return self.paths.read(name)
        progress = self.progress[first]
        if part == "delivery":
            return progress.delivery
        if part in ("flow", "total"):
            value = progress.flow if part == "flow" else progress.total
            assert value is not None
            return value
        done = progress.done[part]
        stands = np.empty((progress.points, len(done)))
        kernels.clocks.stands(done, step, stands)
        return stands


@dataclass(frozen=True)
class Block:
    """All that is simulated of one block: the scenario whole, of each variant its classes.

    Trial i belongs to world ``i % worlds``, and to replicate ``i % replicates``: whole worlds, drawn apart from those
    of all other replicates. A plain sample draws every world apart.
    """

    plan: Plan
    index: int
    worlds: int
    base: Simulated
    variants: Mapping[str, npt.NDArray[np.int8]]
    """Classes at the headline under each variant, shape (agreement, trial), in the variant's order."""

    @property
    def trials_per_world(self) -> int:
        """Trials in a world."""
        return self.plan.trials_per_world

    @property
    def trials(self) -> int:
        """Trials in the block."""
        return self.worlds * self.plan.trials_per_world

    @property
    def trials_per_replicate(self) -> int:
        """Trials in a replicate: what is independent is one of these from the next."""
        return self.plan.trials_per_replicate

    @property
    def replicates(self) -> int:
        """Replicates in the block."""
        return self.trials // self.trials_per_replicate

    @cached_property
    def numbers(self) -> Mapping[str, npt.NDArray[np.int16]]:
        """How many of the agreements are in each group of classes, shape (time, trial)."""
        return dict(zip(GROUPS, numbers_in(self.base.classes, GROUPS), strict=True))

    def expected(self, group: str) -> npt.NDArray[Any]:
        """How many agreements are in the group at the headline, shape (trial,); by conditional Monte Carlo how many are
        to be expected given the rest of a trial.
        """
        if self.base.chances is None:
            return np.asarray(self.numbers[group][self.plan.headline])
        return np.asarray(self.base.chances[:, group_members(group)].sum(axis=(0, 1)))

    def evaluate(self, text: str, what: str, at: slice = slice(None)) -> Array:
        """A formula over drivers and agreements at the grid points ``at``, shape (time, trial).

        Raises
        ------
        RunError : where it is not a finite number, or too large.
        """
        grid = self.plan.grid
        value = np.asarray(Expression(text).evaluate(lambda name: self.base.read(name, grid.step)[at]), dtype=float)
        dates = grid.dates[at]
        value = np.broadcast_to(value, (len(dates), self.trials))
        if not sound(value):
            raise unsound(f"{what}: {text} is", value, dates, self.worlds, self.index)
        return value


def simulate_block(plan: Plan, index: int, keep: bool = True) -> Block:
    """Simulate block ``index`` of the plan: the scenario, then each variant on the same random numbers.

    ``keep`` says that analyses will read it.
    """
    streams = _streams(plan, plan.scenario, index)
    reuse = Reuse(keep=bool(plan.variants))
    base = _simulate(plan, plan.scenario, streams, reuse, given=plan.question.conditional_monte_carlo, keep=keep)
    # what is told of a variant is told at the headline, and what happens later moves none of it
    grid, at = plan.headline_grid, slice(plan.headline, plan.headline + 1)
    begun = {driver: until(path, grid.points) for driver, path in base.paths.items().items()} if plan.variants else {}
    variants = {}
    for name, scenario in plan.variants.items():
        known = {driver: begun[driver] for driver in plan.unchanged[name]}
        drawn = _streams(plan, scenario, index)
        variants[name] = _simulate(plan, scenario, drawn, Reuse(reuse), known, grid, at).classes[:, 0]
    replicates, full = plan.replicates_in(index), plan.replicates_in_block
    if replicates < full:
        left = np.nonzero(np.arange(BLOCK) % full < replicates)[0]
        base = _kept(base, left, left[left < BLOCK // plan.trials_per_world])
        variants = {name: classes[:, left] for name, classes in variants.items()}
    worlds = replicates * plan.trials_per_replicate // plan.trials_per_world
    return Block(plan, index, worlds, base, variants)


def _streams(plan: Plan, scenario: Scenario, index: int) -> Streams:
    return Streams(plan.question.seed, index, sampler=plan.sampler(scenario))


def simulate_on(plan: Plan, streams: Streams, at: slice = slice(None)) -> Simulated:
    """The plan's scenario on these random numbers, its classes at the grid points ``at``."""
    return _simulate(plan, plan.scenario, streams, Reuse(), at=at)


def _simulate(
    plan: Plan,
    scenario: Scenario,
    streams: Streams,
    reuse: Reuse,
    known: Mapping[str, Path | StatePath] | None = None,
    grid: TimeGrid | None = None,
    at: slice = slice(None),
    given: bool = False,
    keep: bool = False,
) -> Simulated:
    """The scenario in one block, its classes at the grid points ``at``; ``known`` are drivers already simulated, and
    ``reuse`` what else is known. It goes to the end of the ``grid``, if not of the plan's.

    ``given`` asks for the chances at the headline by conditional Monte Carlo; ``keep`` says that analyses will read it.
    """
    worlds = Worlds(streams, plan.trials_per_world, reuse)
    grid, window = grid or plan.grid, plan.window
    paths = simulate(
        scenario.drivers, scenario.factors, scenario.shocks, worlds, grid, known, scenario.drivers_in_order
    )
    clocks = Clocks(scenario.paces, scenario.ceremony_effect, window, paths, worlds, grid)
    progress = follow(scenario.agreements, scenario.frailties, clocks, scenario.milestones_in_order)
    points = len(range(*at.indices(grid.points)))
    classes = np.empty((len(scenario.ids), points, BLOCK), dtype=np.int8)
    symbolic = np.empty(classes.shape, dtype=np.bool_) if keep else None
    rule, chances = plan.question.rule, None
    for place, id_ in enumerate(scenario.ids):
        wanted = None if symbolic is None else Wanted(plan.headline, plan.traced[id_], symbolic[place])
        classify(rule, progress[id_], grid, at, classes[place], wanted)
    if given:
        chances = chances_given(scenario, progress, clocks, worlds, rule, grid, plan.headline)
    return Simulated(scenario, paths, progress, classes, worlds.levels, chances, symbolic)


def _kept(simulated: Simulated, keep: npt.NDArray[np.intp], worlds: npt.NDArray[np.intp]) -> Simulated:
    """The same with only some of the trials and worlds."""

    def some(x: Any) -> Any:
        return None if x is None else x[..., keep]

    def path(p: Path | StatePath) -> Path | StatePath:
        if isinstance(p, StatePath):
            return StatePath(some(p.states), p.names, some(p.before))
        if isinstance(p, EventPath):
            return EventPath(some(p.values), some(p.counts), some(p.times), before=some(p.before))
        return Path(some(p.values), before=some(p.before))

    return Simulated(
        simulated.scenario,
        DriverPaths({name: path(p) for name, p in simulated.paths.paths.items()}),
        {id_: p.of(keep) for id_, p in simulated.progress.items()},
        some(simulated.classes),
        {address: level[worlds] for address, level in simulated.levels.items()},
        some(simulated.chances),
        some(simulated.symbolic),
    )
