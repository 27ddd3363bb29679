"""Ranges of formulas and drivers: by hand, and never narrower than what trials reach."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import numpy as np
import pytest

from pactrisk.drivers import StatePath
from pactrisk.ensemble import simulate_block
from pactrisk.ranges import Range, driver_ranges, formula_range, settled
from pactrisk.scenario import Scenario
from small_world import data, plan

INF = float("inf")


def world(**drivers: Any) -> Scenario:
    tables = data()
    tables["drivers"] |= drivers
    return Scenario.from_data(tables)


def of(scenario: Scenario, text: str) -> Range:
    return formula_range(scenario, text, driver_ranges(scenario))


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
    found = of(world(), text)
    assert (found.low, found.high, found.whole) == (expected.low, expected.high, expected.whole)


def test_cuts_of_an_index_hold_until_a_shock_is_added() -> None:
    cut = {"kind": "index", "mean": 0.5, "half_life": 12, "sd": 0.1, "least": 0, "most": 1}
    tables = copy.deepcopy(data())
    tables["drivers"]["mood"] = cut
    assert driver_ranges(Scenario.from_data(tables))["mood"] == Range(0, 1)
    tables["shocks"].append({"driver": "mood", "date": date(2026, 6, 1), "size": 0.9})
    assert driver_ranges(Scenario.from_data(tables))["mood"] == Range()


def test_a_negative_impulse_opens_the_range() -> None:
    assert driver_ranges(world(blows={"kind": "events", "rate": 1, "impulse": -1}))["blows"] == Range()


def test_a_shock_opens_the_range_of_a_formula() -> None:
    tables = copy.deepcopy(data())
    tables["drivers"]["part"] = {"kind": "formula", "expression": "clip(oil / 100, 0.1, 1)"}
    assert driver_ranges(Scenario.from_data(tables))["part"] == Range(0.1, 1, not_0=True)
    tables["shocks"].append({"driver": "part", "date": date(2026, 6, 1), "size": -0.3})
    assert driver_ranges(Scenario.from_data(tables))["part"] == Range()


@pytest.mark.parametrize(
    ("text", "positive"),
    [
        ("oil", True),
        ("0.5 + 0.3 * oil / 9800 + 0.2 * gold / 100", True),
        ("exp(oil / 9800)", True),
        ("exp(will)", True),
        ("max(0.1, will)", True),
        ("max(will, oil / 9800)", True),
        ("max(0, oil - 30)", False),
        ("min(oil, gold)", True),
        ("min(oil, war.hot)", False),
        ("oil + war.hot", True),
        ("oil + will", False),
        ("oil * war.hot", False),
        ("oil ** -0.5", True),
        ("will ** 2", False),
        ("sqrt(oil)", True),
        ("sqrt(war.hot)", False),
        ("abs(oil)", True),
        ("abs(will)", False),
        ("1 / oil", True),
        ("war.hot / oil", False),
        ("where(war.hot, oil, 1)", True),
        ("where(war.hot, oil, 0)", False),
        ("clip(oil, 0, 100)", True),
        ("clip(will, 0, 1)", False),
        ("clip(will, 0.1, 1)", True),
        ("-oil", False),
        ("oil - 1", False),
        ("1 + -war.hot", False),
        ("log(oil)", False),
        ("1 + log(oil)", False),
        ("stress", False),
        ("1 + stress", True),
    ],
)
def test_what_stays_above_0_by_hand(text: str, positive: bool) -> None:
    assert of(world(), text).positive == positive


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oil > 0", None),
        ("oil >= 0", True),
        ("oil < 0", False),
        ("0 > oil", False),
        ("oil > 80", None),
        ("share < 0.2", False),
        ("share <= 0.2", None),
        ("share < 0.9", None),
        ("share <= 0.9", True),
        ("share > 0.9", False),
        ("share == 1", False),
        ("share != 1", True),
        ("share == 0.5", None),
        ("0 < share < 0.1", False),
        ("0 < share < 1", True),
        ("not share > 0.9", True),
        ("oil > 80 and share > 0.9", False),
        ("oil > 80 or share > 0.9", None),
        ("oil >= 0 or share > 0.9", True),
        ("oil >= 0 and share < 1", True),
        ("grain.contract > 1", False),
        ("grain.contract", None),
        ("unknown > 1 and unknown.part > 1", None),
    ],
)
def test_comparisons_that_are_settled_beforehand_by_hand(text: str, expected: bool | None) -> None:
    share = {"kind": "index", "mean": 0.5, "half_life": 12, "sd": 0.1, "least": 0.2, "most": 0.9}
    scenario = world(share=share)
    assert settled(scenario, text, driver_ranges(scenario)) is expected


def test_many_formulas_that_read_one_another_twice_take_no_time() -> None:
    tower = {f"f{n}": {"kind": "formula", "expression": f"f{n - 1} + f{n - 1}"} for n in range(1, 200)}
    floor = {"f0": {"kind": "formula", "expression": "oil"}}
    assert driver_ranges(world(**floor, **tower))["f199"].positive


def test_no_trial_leaves_the_range_of_its_driver() -> None:
    asked = plan()
    block = simulate_block(asked, 0)
    for name, path in block.base.paths.items().items():
        if not isinstance(path, StatePath):
            within = asked.ranges[f"drivers.{name}"]
            assert within.low <= path.values.min() <= path.values.max() <= within.high
    for text in ("carried", "grain.total"):
        expression = asked.scenario.quantities[text].expression if text == "carried" else text
        within, value = of(asked.scenario, expression), block.evaluate(expression, text)
        assert within.low <= np.min(value) <= np.max(value) <= within.high
