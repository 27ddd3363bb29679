"""A small world to run, and blocks made by hand whose answers can be counted."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy import stats

from pactrisk.analyses import registry
from pactrisk.drivers import DriverPaths
from pactrisk.ensemble import Block, Plan, Reading, Simulated, Sums, add, observe_outcomes, simulate_block
from pactrisk.ensemble.kinds import observe_kinds
from pactrisk.findings import Finding
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from small_world import PLAIN

MEMORANDUM = {
    "pace": "works",
    "frailty": 0.4,
    "depth": {"p10": 0.6, "p90": 0.95},
    "milestones": {
        "plan": {"track": "formal", "duration": {"p50": 3, "p90": 9}, "weight": 0.5},
        "works": {"track": "material", "after": "plan", "duration": {"p50": 12, "p90": 40}, "weight": 1.0},
    },
}


def world() -> dict[str, Any]:
    """Tables of a scenario with every kind of thing an analysis looks at, in five words of each."""
    return {
        "title": "Two parties",
        "signed": date(2026, 2, 27),
        "factors": {"demand": {}},
        "drivers": {
            "brent": {
                "kind": "mean_reverting",
                "unit": "USD/bbl",
                "initial": 70,
                "level": {"p10": 60, "p90": 80},
                "half_life": 12,
                "volatility": 0.3,
                "factors": {"demand": 0.7},
            },
            "war": {
                "kind": "regime",
                "title": "The war",
                "initial": "fighting",
                "states": {
                    "truce": {"duration": 30, "next": {"fighting": 1}},
                    "fighting": {"duration": {"p50": 12, "p90": 40}, "next": {"truce": 1}},
                },
            },
            "visits": {"kind": "events", "rate": 1.5},
            "programme": {"kind": "trend", "values": [{"date": date(2026, 1, 1), "value": 2.0}]},
        },
        "paces": {"works": {"effects": [{"driver": "war", "state": "fighting", "factor": {"p10": 0.3, "p90": 0.6}}]}},
        "templates": {"memorandum": copy.deepcopy(MEMORANDUM)},
        "agreements": [
            {"id": "rail", "title": "Railway", "template": "memorandum", "sector": "transport", "parties": ["A", "B"]},
            {
                "id": "school",
                "template": "memorandum",
                "sector": "culture",
                "parties": ["A"],
                "stakeholders": ["unions"],
            },
            {
                "id": "grain",
                "template": "memorandum",
                "sector": "transport",
                "parties": ["A", "B"],
                "flow": {"unit": "t", "target": 100, "after": "works", "weight": 0.4, "ramp": 6},
                "milestones": {"works": {**MEMORANDUM["milestones"]["works"], "weight": 0.6}},
            },
        ],
        "quantities": {"income": {"title": "Income", "unit": "USD", "expression": "grain.flow * brent"}},
    }


@dataclass(frozen=True)
class Run:
    """A plan with its raw blocks, and what analyses take down from them."""

    plan: Plan
    blocks: tuple[Block, ...]

    def sums(self, name: str) -> Sums:
        """The sums that a run keeps."""
        total: Sums = {}
        for block in self.blocks:
            own = {f"{name}/{key}": value for key, value in registry()[name].observe(block).items()}
            add(total, observe_outcomes(block) | observe_kinds(block) | own)
        return total

    def reading(self, name: str) -> Reading:
        """The sums as the analysis reads them."""
        return Reading(self.plan, self.sums(name), name)

    def finding(self, name: str) -> Finding | None:
        """What the analysis finds."""
        return registry()[name].finding(self.plan, self.sums(name))

    def raw(self, of: Callable[[Block], Any]) -> Any:
        """An array of every block, joined along its trials."""
        return np.concatenate([of(block) for block in self.blocks], axis=-1)


@pytest.fixture(scope="session")
def tables() -> Callable[[], dict[str, Any]]:
    """The tables of the small world, anew at each call."""
    return world


@pytest.fixture(scope="session")
def simulated() -> Callable[..., Run]:
    """Simulate a scenario, of two blocks unless told otherwise, and keep the raw blocks."""

    def simulate(
        data: dict[str, Any] | None = None, others: dict[str, dict[str, Any]] | None = None, **asked: Any
    ) -> Run:
        question = Question(
            **{"scenario": "small", "horizon": 30, "headline": 24, "trials": 2600, "seed": 7} | PLAIN | asked
        )
        variants = {name: Scenario.from_data(other) for name, other in (others or {}).items()}
        plan = Plan(question, Scenario.from_data(data or world()), variants)
        return Run(plan, tuple(simulate_block(plan, index) for index in range(plan.blocks)))

    return simulate


@pytest.fixture(scope="session")
def small(simulated: Callable[..., Run]) -> Run:
    """The small world, simulated."""
    return simulated()


@pytest.fixture(scope="session")
def by_hand() -> Callable[..., Run]:
    """A run of blocks whose classes (agreement, trial) hold at every date, and whose drivers are given."""

    def make(
        classes: Iterable[Any],
        data: dict[str, Any] | None = None,
        paths: Iterable[dict[str, Any]] | None = None,
        changed: Iterable[dict[str, Any]] | None = None,
        others: dict[str, dict[str, Any]] | None = None,
        **asked: Any,
    ) -> Run:
        given = [np.asarray(each, dtype=np.int8) for each in classes]
        question = Question(**{"scenario": "hand", "horizon": 3, "sampler": "plain", "trials_per_world": 2} | asked)
        scenario = Scenario.from_data(data or world())
        plan = Plan(question, scenario, {name: Scenario.from_data(other) for name, other in (others or {}).items()})
        drivers = list(paths) if paths is not None else [{}] * len(given)
        apart = list(changed) if changed is not None else [{}] * len(given)

        def always(each: Any) -> Any:
            each = np.asarray(each, dtype=np.int8)
            return np.broadcast_to(each[:, None], (len(each), plan.grid.points, each.shape[-1])).copy()

        blocks = [
            Block(
                plan,
                index,
                one.shape[-1] // plan.trials_per_world,
                Simulated(scenario, DriverPaths(dict(drivers[index])), {}, always(one), {}),
                {name: np.asarray(each, dtype=np.int8) for name, each in apart[index].items()},
            )
            for index, one in enumerate(given)
        ]
        return Run(plan, tuple(blocks))

    return make


@pytest.fixture
def upper_limit() -> Callable[..., float]:
    """Upper limit of the mean of what is never below 0, from means of worlds: Student's, or Garwood's for few; that of
    Fay and Feuer, if one more sighting may be so many times larger than those seen."""

    def limit(means: np.ndarray[Any, Any], larger: float = 1.0) -> float:
        half = stats.t.ppf(0.975, len(means) - 1) * means.std(ddof=1) / np.sqrt(len(means))
        sightings = (stats.norm.ppf(0.975) * means.mean() / half) ** 2
        size = (sightings + larger**2) / (sightings + larger)
        poisson = means.mean() * size * stats.chi2.ppf(0.975, 2 * (sightings + larger) / size) / (2 * sightings)
        return float(max(means.mean() + half, poisson))

    return limit
