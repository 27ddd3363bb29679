"""Small worlds in which every term matters, for the promises of the engine."""

from __future__ import annotations

import copy
import random
from datetime import date
from typing import Any

import numpy as np

from pactrisk.drivers import EventPath, StatePath
from pactrisk.ensemble import Plan, Simulated, simulate_block
from pactrisk.question import Question
from pactrisk.scenario import Scenario

_DATA: dict[str, Any] = {
    "title": "A small world in which every term matters",
    "signed": date(2026, 2, 27),
    "factors": {"demand": {}, "fear": {"tails": 5}},
    "drivers": {
        "oil": {
            "kind": "mean_reverting",
            "initial": 70.0,
            "level": {"p10": 55, "p90": 85},
            "half_life": 12,
            "volatility": 0.33,
            "jumps": {"rate": 0.4, "mean": -0.05, "sd": 0.2},
            "factors": {"demand": 0.7},
            "when": [{"driver": "war", "state": "hot", "volatility": 0.6}],
        },
        "gas": {
            "kind": "two_factor",
            "initial": 30.0,
            "half_life": 6,
            "passing_volatility": 0.5,
            "lasting_volatility": 0.2,
            "correlation": 0.3,
            "factors": {"demand": 0.5, "fear": 0.3},
        },
        "gold": {"kind": "geometric_brownian", "initial": 2000.0, "drift": 0.02, "volatility": 0.15},
        "will": {"kind": "index", "mean": 0.5, "half_life": 12, "sd": 0.1, "factors": {"fear": -0.4}},
        "war": {
            "kind": "regime",
            "initial": "cold",
            "elapsed": 10,
            "states": {
                "cold": {"duration": {"p50": {"p10": 12, "p90": 24}, "p90": 60}, "next": {"hot": 1}},
                "hot": {"duration": {"distribution": "exponential", "mean": 9}, "next": {"cold": 0.8, "truce": 0.2}},
                "truce": {"duration": 18, "next": {"cold": 1}},
            },
        },
        "attacks": {
            "kind": "events",
            "rate": 1.3,
            "excitation": {"branching": 0.3, "half_life": 2},
            "dated": [{"date": date(2027, 5, 1), "chance": 0.5}],
            "when": [{"driver": "war", "state": "hot", "rate": 4}],
        },
        "route": {
            "kind": "regime",
            "initial": "open",
            "states": {
                "open": {},
                "shut": {
                    "duration": {"distribution": "lognormal", "median": 2, "sigma": 0.5},
                    "next": {"open": 1},
                    "effects": [{"driver": "war", "state": "hot", "factor": 0.5}],
                },
            },
            "triggers": [{"driver": "attacks", "state": "shut", "chance": 0.4, "delay": {"p50": 0.5, "p90": 2}}],
        },
        "summits": {"kind": "events", "rate": 1.0},
        "fair": {
            "kind": "trend",
            "values": [{"date": date(2026, 9, 1), "value": 0}, {"date": date(2027, 5, 15), "value": 1}],
        },
        "stress": {"kind": "formula", "expression": "max(70 - oil, 0) / 70 * war.hot"},
    },
    "shocks": [{"driver": "oil", "date": date(2026, 4, 1), "size": {"p10": 0.2, "p90": 0.6}, "half_life": 4}],
    "paces": {
        "works": {
            "effects": [
                {"driver": "war", "state": "hot", "factor": {"p10": 0.3, "p90": 0.8}},
                {"driver": "oil", "elasticity": 0.3, "lag": 6},
                {"driver": "will", "per_unit": 2.0},
                {"driver": "stress", "above": 0.1, "factor": 0.7, "average": 3},
            ]
        },
        "transport": {"includes": "works", "effects": [{"driver": "route", "state": "shut", "factor": 0.1}]},
    },
    "frailties": {"north": {"sd": 0.3}},
    "templates": {
        "memorandum": {
            "pace": "works",
            "frailties": ["north"],
            "frailty": 0.4,
            "ending": {"rate": 0.04, "effects": [{"driver": "war", "state": "hot", "factor": 2}]},
            "ceremonies": [{"driver": "summits", "weight": 0.3}],
            "milestones": {
                "signing": {"track": "formal", "duration": 0, "weight": 0.3},
                "plan": {
                    "track": "formal",
                    "after": "signing",
                    "duration": {"p50": {"p10": 6, "p90": 12}, "p90": 30},
                    "weight": 0.25,
                    "never": 0.2,
                },
                "contract": {
                    "track": "material",
                    "after": "plan",
                    "duration": {"distribution": "weibull", "scale": 9, "shape": 1.3},
                    "weight": 0.4,
                    "never": {"p10": 0.1, "p90": 0.4},
                },
            },
        }
    },
    "agreements": [
        {
            "id": "grain",
            "template": "memorandum",
            "sector": "trade",
            "depth": {"p10": 0.6, "p90": 0.95},
            "flow": {
                "unit": "t",
                "target": 100,
                "capacity": {"p10": 60, "p90": 200},
                "after": "contract",
                "ramp": 6,
                "variation": 0.2,
                "effects": [{"driver": "route", "state": "shut", "factor": 0.2}],
            },
        },
        {
            "id": "rail",
            "template": "memorandum",
            "sector": "transport",
            "pace": "transport",
            "presence": 0.8,
            "milestones": {
                "contract": {"weight": 0.5},
                "opening": {"track": "material", "after": ["contract", "grain.contract"], "duration": 6, "weight": 0.5},
            },
        },
        {
            "id": "science",
            "template": "memorandum",
            "sector": "science",
            "signed": date(2026, 8, 1),
            "milestones": {"contract": {"weight": 1.0, "earliest": date(2027, 3, 1)}},
        },
    ],
    "quantities": {"carried": {"expression": "grain.flow * (1 - route.shut) + gold / 1000"}},
}


def data() -> dict[str, Any]:
    """The tables of the world, to change at will."""
    return copy.deepcopy(_DATA)


PLAIN = {"sampler": "plain", "trials_per_world": 20}
"""What is asked unless a test says otherwise: worlds drawn apart, of as many trials as most proofs count on."""


def plan(tables: dict[str, Any] | None = None, variants: dict[str, dict[str, Any]] | None = None, **asked: Any) -> Plan:
    """A plan of the world: one block to 36 months unless asked otherwise."""
    question = Question(**{"scenario": "small", "horizon": 36, "trials": 2000, "seed": 7, **PLAIN, **asked})
    worlds = {name: Scenario.from_data(other) for name, other in (variants or {}).items()}
    return Plan(question, Scenario.from_data(tables if tables is not None else data()), worlds)


def arrays(simulated: Simulated) -> dict[str, np.ndarray]:
    """Every array of a simulated scenario, by a name that does not depend on the order of the file."""
    found: dict[str, np.ndarray] = {}
    for name, path in simulated.paths.paths.items():
        found[f"driver/{name}"] = path.states if isinstance(path, StatePath) else path.values
        if isinstance(path, EventPath):
            found[f"driver/{name}/counts"] = path.counts
    for place, id_ in enumerate(simulated.scenario.ids):
        progress = simulated.progress[id_]
        found |= {f"{id_}/{word}": getattr(progress, word) for word in ("present", "ended", "delivery", "honours")}
        found |= {f"{id_}/done/{name}": months for name, months in progress.done.items()}
        found[f"{id_}/classes"] = simulated.classes[place]
        if progress.flow is not None:
            found[f"{id_}/flow"] = progress.flow
    return found


def base(tables: dict[str, Any] | None = None, block: int = 0, **asked: Any) -> dict[str, np.ndarray]:
    return arrays(simulate_block(plan(tables, **asked), block).base)


def same(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> None:
    moved = [name for name, value in first.items() if not np.array_equal(value, second[name])]
    assert moved == []


def shuffled(value: Any, rng: random.Random, word: str = "") -> Any:
    """The same tables with every table and list of entries in another order, but where the order says something."""
    if isinstance(value, dict):
        items = [(key, shuffled(inner, rng, key)) for key, inner in value.items()]
        rng.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        items = [shuffled(inner, rng, word) for inner in value]
        return items if word in ("when", "values") else rng.sample(items, len(items))
    return value
