"""Numbers that are allowed and far out: every sum of a run is finite, or it stops and says whose, when and where."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pactrisk.analyses import chosen
from pactrisk.ensemble import Plan, run
from pactrisk.errors import RunError
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from small_world import data

NAMED = re.compile(r"(drivers|paces|agreements|quantities)\.[\w.]+.* on \d{4}-\d\d-\d\d \(world \d+ of block 0\)")
ASKED = Question.model_validate({"scenario": "small", "horizon": 12, "headline": 6, "trials": 2000})
FAR = (1e300, 1e60, 1e30, 1e12, 1e3, 30.0, 1.0, 1e-9, 1e-300, 0.0, -0.999999, -5.0, -1e12, -1e300)


def wide() -> dict[str, Any]:
    """The small world with every kind of driver, form of effect and family of durations in use."""
    tables = data()
    tables["ceremony_effect"] = 0.2
    tables["factors"]["fear"]["tails"] = 5.0
    tables["drivers"]["gas"]["jumps"] = {"rate": 1.0, "mean": 0.1, "sd": 0.3}
    tables["drivers"]["gold"]["jumps"] = {"rate": 1.0, "mean": 0.1, "sd": 0.3}
    tables["drivers"]["attacks"] |= {"impulse": 1.5, "half_life": 3.0}
    tables["drivers"]["past"] = {"kind": "bootstrap", "initial": 50.0, "file": "past.csv", "column": "price"}
    tables["drivers"]["past"] |= {"block": 6.0, "drift": 0.05, "returns": (0.1, -0.2, 0.3, 0.0)}
    tables["drivers"]["share"] = {"kind": "formula", "expression": "log(gold) / (oil - 1) + exp(will)"}
    tables["shocks"] += [
        {"driver": "will", "date": date(2026, 5, 1), "size": 0.3, "half_life": 3.0},
        {"driver": "gas", "date": date(2026, 5, 1), "size": -0.3},
    ]
    tables["paces"]["works"]["effects"] += [
        {"driver": "gas", "below": 25.0, "factor": 0.5, "lag": 2.0},
        {"driver": "attacks", "per_unit": 0.9, "reference": 1.0, "average": 3.0},
        {"driver": "gold", "elasticity": 0.2, "reference": 2000.0, "average": 3.0},
    ]
    tables["agreements"][0]["ending"] = {"rate": 0.1, "effects": [{"driver": "will", "per_unit": 0.5}]}
    tables["agreements"][0]["flow"]["effects"] += [{"driver": "past", "elasticity": 0.4}]
    tables["agreements"][1]["milestones"]["contract"]["duration"] = {
        "distribution": "gamma",
        "shape": 3.0,
        "scale": 3.0,
    }
    tables["quantities"]["odd"] = {"expression": "sqrt(share + 1000) * past"}
    return tables


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the numbers of a table stand."""
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in entries:
        yield from places(value, (*path, key))
    if isinstance(node, int | float):
        yield path


WIDE = wide()
PLACES = list(places(WIDE))


def with_numbers(numbers: dict[tuple[Any, ...], float]) -> dict[str, Any]:
    """The wide world with other numbers in some places."""
    tables = copy.deepcopy(WIDE)
    for path, number in numbers.items():
        table = tables
        for key in path[:-1]:
            table = table[key]
        table[path[-1]] = number
    return tables


def stands(numbers: dict[tuple[Any, ...], float]) -> str:
    """What becomes of a run with these numbers: refused, finite, or what it says when it stops."""
    try:
        plan = Plan(ASKED, Scenario.from_data(with_numbers(numbers)))
    except ValueError:
        return "refused"
    try:
        sums = run(plan, {name: analysis.observe for name, analysis in chosen(ASKED.analyses).items()})
    except RunError as error:
        return str(error)
    assert [name for name, value in sums.items() if not np.isfinite(value).all()] == []
    return "finite"


def test_the_wide_world_itself_runs() -> None:
    assert stands({}) == "finite"


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(PLACES), st.sampled_from(FAR), min_size=1, max_size=3))
def test_any_number_that_is_allowed_is_reckoned_with_or_named(numbers: dict[tuple[Any, ...], float]) -> None:
    found = stands(numbers)
    assert found in ("refused", "finite") or NAMED.match(found) or "events in a trial" in found, found
