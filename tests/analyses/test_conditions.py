"""Shocks looked back on, counted by hand and against raw trials."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from pactrisk.analyses.conditions import _rivals, _strongest
from pactrisk.drivers import Path, StatePath
from pactrisk.errors import RunError
from pactrisk.estimators import Estimates


def frames(run: Any) -> dict[str, Any]:
    return {table.name: table.frame for table in run.finding("conditions").tables}


ASKED = {
    "cheap": {"title": "Oil below 55", "when": "brent < 55", "months": 3},
    "truce": {"when": "war.truce and brent > 50", "months": 6},
}


@pytest.fixture(scope="module")
def asked(simulated: Any) -> Any:
    return simulated(conditions=ASKED)


def test_chances_and_differences_are_those_of_raw_trials(asked: Any) -> None:
    h = asked.plan.headline
    classes = asked.raw(lambda b: b.base.classes[:, h])
    brent = asked.raw(lambda b: b.base.paths.valued("brent").values)[:h]
    truce = asked.raw(lambda b: b.base.paths.regime("war").indicator("truce"))[:h]
    held = {"cheap": (brent < 55).sum(0) >= 3, "truce": (truce & (brent > 50)).sum(0) >= 6}
    found = frames(asked)
    overview = found["conditions"].set_index("condition")
    each = found["conditions-agreements"].set_index(["condition", "group", "agreement"])
    number = (classes <= 1).sum(axis=0)
    for name, c in held.items():
        row = overview.loc[name]
        assert row.trials == c.sum()
        assert row.chance == c.mean()
        assert row.number_given == pytest.approx(number[c].mean())
        assert row.number_otherwise == pytest.approx(number[~c].mean())
        assert row.number_difference == pytest.approx(number[c].mean() - number[~c].mean())
        assert row.some_given == pytest.approx((number[c] > 0).mean())
        for group, places in (("substantive cooperation", (0, 1)), ("symbolic diplomacy", (2, 4))):
            for i, agreement in enumerate(("rail", "school", "grain")):
                inside = np.isin(classes[i], places)
                cell = each.loc[(name, group, agreement)]
                assert cell.given == pytest.approx(inside[c].mean())
                assert cell.otherwise == pytest.approx(inside[~c].mean())
                assert cell.difference_low <= cell.difference <= cell.difference_high


@pytest.mark.parametrize("when", ["1 / (brent - brent) > 0", "not (log(brent - 70) > 0.1)", "log(war.truce)"])
def test_undefined_arithmetic_stops_the_run(when: str, simulated: Any) -> None:
    run = simulated(conditions={"it": {"when": when}})
    said = f"conditions.it: {when} is not a finite number on 20"
    with pytest.raises(RunError, match=rf"{re.escape(said)}\d\d-\d\d-\d\d \(world \d+ of block 0\)"):
        run.sums("conditions")


def test_by_hand(by_hand: Any) -> None:
    # two worlds of two trials a block; the shock holds for two of three months before the date in trials 1 and 3
    states = np.zeros((4, 4), np.int8)
    states[0:2, 1] = 1
    states[1:3, 3] = 1
    states[3, 0] = 1  # at the date itself: too late to count
    war = StatePath(states, ("fighting", "truce"))
    paths = [{"war": war, "brent": Path(np.full((4, 4), 70.0))}] * 2
    classes = [[[0, 5, 1, 5], [5, 5, 0, 4], [2, 2, 2, 2]]] * 2
    run = by_hand(classes, paths=paths, conditions={"truce": {"when": "war.truce", "months": 2}})
    row = frames(run)["conditions"].iloc[0]
    assert (row.trials, row.chance) == (4, 0.5)
    assert (row.number_given, row.number_otherwise) == (0.0, 1.5)
    assert row.number_difference == -1.5
    assert row.some_difference == -1.0
    assert row.chance_low < 0.5 < row.chance_high


def test_what_comes_after_the_headline_is_not_looked_at(by_hand: Any) -> None:
    # the root of a loss on the day itself says nothing of the months before it
    oil = np.full((4, 4), 70.0)
    oil[1, 0], oil[3] = 60.0, 40.0
    run = by_hand(
        [[[0, 5, 1, 5], [5, 5, 0, 4], [2, 2, 2, 2]]],
        paths=[{"brent": Path(oil)}],
        conditions={"dear": {"when": "sqrt(brent - 50) > 4", "months": 3}},
    )
    row = frames(run)["conditions"].iloc[0]
    assert (row.trials, row.chance) == (3, 0.75)


def test_without_conditions_each_state_is_a_shock_and_what_always_holds_is_left_out(small: Any) -> None:
    finding = small.finding("conditions")
    assert list(frames(small)["conditions"].condition) == ["war.truce"]
    assert any("The war: fighting (over" in note for note in finding.notes)
    assert any("states of the regimes" in note for note in finding.notes)


def test_every_shock_that_ties_is_named_or_counted(by_hand: Any, tables: Any) -> None:
    data = tables()
    for n in range(4):
        data["drivers"][f"war{n}"] = data["drivers"]["war"]
    states = np.zeros((4, 4), np.int8)
    states[:3, :2] = 1
    war = StatePath(states, ("fighting", "truce"))
    paths = [{f"war{n}": war for n in range(4)}] * 100
    classes = [[[0, 0, 5, 5], [5, 5, 5, 5], [2, 2, 2, 2]]] * 100
    asked = {f"w{n}": {"title": f"truce {n}", "when": f"war{n}.truce", "months": 2} for n in range(4)}
    said = by_hand(classes, data, paths, conditions=asked).finding("conditions").sentence
    assert said.startswith(
        "Of 4 shocks looked back on, truce 0 goes with the largest difference: where it came to pass"
    )
    assert said.endswith(" more; truce 1, truce 2 and 1 more cannot be told apart from it.")
    one = by_hand(classes, data, paths, conditions={"w0": asked["w0"]}).finding("conditions").sentence
    assert one.startswith("One shock is looked back on, truce 0: where it came to pass")


def test_differences_of_opposite_signs_are_no_tie(by_hand: Any, tables: Any) -> None:
    data = tables()
    data["drivers"]["other"] = data["drivers"]["war"]
    states = np.zeros((4, 4), np.int8)
    states[:3, :2] = 1
    paths = [{name: StatePath(x, ("fighting", "truce")) for name, x in (("war", states), ("other", 1 - states))}] * 100
    classes = [[[0, 0, 5, 5], [5, 5, 5, 5], [2, 2, 2, 2]]] * 100
    asked = {f"{n}": {"title": f"peace {n}", "when": f"{n}.truce", "months": 2} for n in ("war", "other")}
    said = by_hand(classes, data, paths, conditions=asked).finding("conditions").sentence
    assert "told apart" not in said
    assert said.endswith(" more; peace other may go with as large a difference the other way.")


def test_what_does_not_show_may_be_as_large_as_what_does() -> None:
    low, high = np.array([[-0.7], [-1.3], [-0.1], [0.3], [0.1]]), np.array([[-0.2], [0.5], [0.1], [0.5], [0.15]])
    apart = Estimates((low + high) / 2, low, high, 0.95, "difference", np.full(low.shape, 400), 400)
    assert _strongest(apart) == 0
    assert _rivals(apart, 0) == ([1], [3])
    assert _strongest(apart[1:3]) is None


def test_what_never_held_gets_a_bound(simulated: Any) -> None:
    run = simulated(trials=400, conditions={"dear": {"title": "Oil above 9000", "when": "brent > 9000"}})
    finding = run.finding("conditions")
    assert finding.tables == ()
    assert any("Oil above 9000 (under " in note for note in finding.notes)
    assert "0%" not in finding.sentence


def test_caution_is_always_said(asked: Any) -> None:
    assert any("is not to make it happen" in note for note in asked.finding("conditions").notes)


def test_figures_show_differences(asked: Any) -> None:
    first, second = asked.finding("conditions").figures
    overview = frames(asked)["conditions"]
    np.testing.assert_array_equal(first.value[:, 0], np.sort(overview.number_difference))
    assert second.rows == ("Railway", "school", "grain")
    assert second.series == ("where it happened", "elsewhere")


def test_no_regime_and_no_condition_is_nothing_to_say(simulated: Any, tables: Any) -> None:
    data = tables()
    del data["drivers"]["war"]
    data["paces"] = {"works": {}}
    assert simulated(data, trials=200).finding("conditions") is None


def test_blocks_add_up(asked: Any) -> None:
    whole = asked.sums("conditions")
    parts = [type(asked)(asked.plan, (block,)).sums("conditions") for block in asked.blocks]
    for key, value in whole.items():
        np.testing.assert_array_equal(value, sum(part[key] for part in parts))


def test_shocks_that_are_left_out_are_counted_and_told_apart(simulated: Any) -> None:
    often, never = {"when": "brent > 1", "months": 2}, {"when": "brent > 1", "months": 1000}
    finding = simulated(conditions=ASKED | {"often": often, "never": never}).finding("conditions")
    assert finding.sentence.endswith("2 more are left out: see the notes.")
    assert any("nearly every trial has it: brent > 1 for 2 months in all (" in note for note in finding.notes)
    assert any("no trial has it: brent > 1 for 1000 months in all (" in note for note in finding.notes)
