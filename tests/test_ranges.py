"""Ranges of formulas and drivers: by hand, and never narrower than what trials reach."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import numpy as np
import pytest

from pactrisk.drivers import StatePath
from pactrisk.ensemble import simulate_block
from pactrisk.ranges import Range, driver_range, formula_range
from pactrisk.scenario import Scenario
from small_world import data, plan

INF = float("inf")


def world(**drivers: Any) -> Scenario:
    tables = data()
    tables["drivers"] |= drivers
    return Scenario.from_data(tables)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", Range(3, 3, True)),
        ("0.5", Range(0.5, 0.5)),
        ("grain.contract + rail.contract + science.contract", Range(0, 3, True)),
        ("2 * grain.contract - war.hot", Range(-1, 2, True)),
        ("grain.delivery * 100", Range(0, 100)),
        ("grain.flow / 2", Range(0, INF)),
        ("1 / oil", Range(0, INF)),
        ("1 / will", Range()),
        ("will > 0.5 and not war.hot", Range(0, 1, True)),
        ("clip(will, 0, 1)", Range(0, 1)),
        ("where(war.hot, 3, 5)", Range(3, 5, True)),
        ("min(oil, 2) - max(gold, 1)", Range(-INF, 1)),
        ("abs(war.hot - 3)", Range(2, 3, True)),
        ("abs(war.hot - 0.5)", Range(0, 0.5)),
        ("oil ** 0.5", Range(0, INF)),
        ("exp(will)", Range(0, INF)),
        ("log(oil)", Range()),
        ("-fair", Range(-1, 0)),
        ("stress", Range(0, 1)),
        ("summits", Range(0, INF)),
    ],
)
def test_by_hand(text: str, expected: Range) -> None:
    found = formula_range(world(), text)
    assert (found.low, found.high, found.whole) == (expected.low, expected.high, expected.whole)


def test_cuts_of_an_index_hold_until_a_shock_is_added() -> None:
    cut = {"kind": "index", "mean": 0.5, "half_life": 12, "sd": 0.1, "least": 0, "most": 1}
    tables = copy.deepcopy(data())
    tables["drivers"]["mood"] = cut
    assert driver_range(Scenario.from_data(tables), "mood") == Range(0, 1)
    tables["shocks"].append({"driver": "mood", "date": date(2026, 6, 1), "size": 0.9})
    assert driver_range(Scenario.from_data(tables), "mood") == Range()


def test_a_negative_impulse_opens_the_range() -> None:
    assert driver_range(world(blows={"kind": "events", "rate": 1, "impulse": -1}), "blows") == Range()


def test_no_trial_leaves_the_range_of_its_driver() -> None:
    asked = plan()
    block = simulate_block(asked, 0)
    for name, path in block.base.paths.items().items():
        if not isinstance(path, StatePath):
            within = driver_range(asked.scenario, name)
            assert within.low <= path.values.min() <= path.values.max() <= within.high
    for text in ("carried", "grain.total"):
        expression = asked.scenario.quantities[text].expression if text == "carried" else text
        within, value = formula_range(asked.scenario, expression), block.evaluate(expression, text)
        assert within.low <= np.min(value) <= np.max(value) <= within.high
