"""Stopping at a precision: the bits of a run of as many trials, whoever made them, and intervals that still cover."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from pactrisk.ensemble import Plan, Sums, run
from pactrisk.ensemble.reading import Reading
from pactrisk.estimators import proportion
from pactrisk.manifest import missed_precision
from pactrisk.outcomes import CLASSES
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.stopping import Stopping, half_widths
from pactrisk.study import Result, Study
from small_world import PLAIN, data


def plan(precision: Any, trials: int = 400_000, seed: int = 1, **more: Any) -> Plan:
    asked = {
        "scenario": "small",
        "horizon": 24,
        "trials": trials,
        "precision": precision,
        "seed": seed,
        **PLAIN,
        **more,
    }
    return Plan(Question.model_validate(asked), Scenario.from_data(data()))


def same(first: Sums, second: Sums) -> None:
    assert first.keys() == second.keys()
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name], err_msg=name)


@pytest.mark.parametrize("workers", [1, 2])
def test_it_stops_where_it_may_and_is_the_run_of_so_many_trials(workers: int) -> None:
    asked = plan(0.008)
    seen: list[tuple[int, int]] = []
    found = run(asked, {}, workers, lambda done, of: seen.append((done, of)), Stopping(asked))
    trials = int(found["trials"])
    assert 10_000 < trials < 400_000
    assert max(half_widths(asked, found).values()) <= 0.008
    same(found, run(plan(None, trials=trials), {}))
    # what is forecast ends at what was done, and a look before would not have done
    assert [done for done, _ in seen] == list(range(1, trials // 2000 + 1))
    assert all(of > done for done, of in seen[:-1])
    assert seen[-1][0] == seen[-1][1]


def test_the_most_trials_are_the_most() -> None:
    asked = plan(0.0001, trials=14_000)
    assert int(run(asked, {}, 1, None, Stopping(asked))["trials"]) == 14_000


@pytest.mark.parametrize("half_width", [1e-200, 5e-324])
def test_what_no_run_can_reach_ends_with_the_most_trials(half_width: float) -> None:
    asked = plan({"half_width": half_width, "of": ["number"]}, 14_000)
    assert int(run(asked, {}, 1, None, Stopping(asked))["trials"]) == 14_000


def test_looks_are_few_and_fixed_beforehand() -> None:
    asked, widths = plan(0.01), np.linspace(0.5, 0.02, 200)
    looks = []

    def half_width(_: Plan, sums: Sums) -> dict[str, float]:
        looks.append(int(sums["blocks"]))
        return {"agreements": widths[looks[-1]]}

    stopping = Stopping(asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pactrisk.stopping.half_widths", half_width)
        for done in range(1, 100):
            assert stopping({"blocks": np.array(done)}, done) > done
    assert looks == [5, 8, 12, 18, 27, 41, 62, 93]


def test_who_asks_for_as_many_trials_as_are_proposed_has_the_precision() -> None:
    """Widths go up and down as trials are added; without a margin some of these would miss again."""
    for seed in range(8):
        many = 10_000 + 2000 * seed
        bare = plan(0.4, trials=many, seed=seed, sampler="latin")
        width = half_widths(bare, run(bare, {}))["agreements"]
        goal = width / 1.05
        record = {"trials": many, "precision": {"half_width": goal, "reached": {"agreements": width}}}
        proposed = re.search(r"about ([\d,]+) --trials", missed_precision(record))
        assert proposed
        again = plan(goal, trials=int(proposed[1].replace(",", "")), seed=seed, sampler="latin")
        assert half_widths(again, run(again, {}))["agreements"] <= goal, seed


def test_everything_that_can_be_named() -> None:
    world = Scenario.from_data(data())
    names = ["agreements", "number", *world.ids, *world.quantities]
    wide = plan({"half_width": 0.05, "of": names}, trials=6000)
    found = Study(wide).run()
    widths = half_widths(wide, found.sums)
    assert list(widths) == names
    assert all(0 < x < 100 for x in widths.values())
    table = found.tables["agreements"].set_index("agreement")
    low, high = (table[f"substantive_cooperation_{side}"] for side in ("low", "high"))
    assert widths["agreements"] == pytest.approx(((high - low) / 2).max())
    assert widths[world.ids[0]] == pytest.approx((high - low).loc[world.ids[0]] / 2)


def test_what_a_variant_or_a_condition_makes_of_an_agreement_can_be_named() -> None:
    first = Scenario.from_data(data()).ids[0]
    names = ["variants", "slow", f"slow.{first}", "conditions", "war.hot", f"war.hot.{first}", f"{first}.symbolic"]
    slower = data()
    slower["paces"]["works"]["effects"][0]["factor"] = 0.2
    asked = replace(plan({"half_width": 0.3, "of": names}, trials=6000), variants={"slow": Scenario.from_data(slower)})
    found = Study(asked).run()
    widths = half_widths(asked, found.sums)
    assert list(widths) == names

    def shown(table: str, column: str, **row: str) -> float:
        frame = found.tables[table]
        for key, value in row.items():
            frame = frame[frame[key] == value]
        return float(((frame[f"{column}_high"] - frame[f"{column}_low"]) / 2).max())

    by_agreement = {"variant": "slow", "group": "substantive cooperation"}
    assert widths["variants"] == widths["slow"] == pytest.approx(shown("variants", "number_difference", variant="slow"))
    assert widths[f"slow.{first}"] == pytest.approx(
        shown("variants-agreements", "difference", **by_agreement, agreement=first)
    )
    given = {"condition": "war.hot", "group": "substantive cooperation"}
    assert widths["war.hot"] == pytest.approx(shown("conditions-agreements", "given", **given))
    assert widths[f"war.hot.{first}"] == pytest.approx(
        shown("conditions-agreements", "given", **given, agreement=first)
    )
    assert widths["conditions"] == pytest.approx(shown("conditions-agreements", "given", group=given["group"]))
    place = CLASSES.index("symbolic")
    each = proportion(Reading(asked, found.sums).shared("classes")[:1, asked.headline, place], asked.question.level)
    assert widths[f"{first}.symbolic"] == pytest.approx((each.high - each.low)[0] / 2)


def test_a_result_says_how_many_trials_there_were() -> None:
    asked = plan(0.02)
    found = Study(asked).run()
    assert isinstance(found, Result)
    assert found.study.plan.trials == int(found.sums["trials"]) < asked.trials


@pytest.mark.parametrize(("sampler", "half_width"), [("plain", 0.016), ("latin", 0.011)])
def test_stopping_early_leaves_intervals_their_coverage(sampler: str, half_width: float) -> None:
    """Many runs that stop at the same half width: how often the truth lies inside."""
    runs, level = 100, 0.9
    truth = run(plan(None, trials=400_000, seed=999), {})
    k = plan(None).headline
    centre = proportion(Reading(plan(None), truth).shared("groups")[:, k, 0], level).value
    inside = np.zeros(len(centre))
    for seed in range(runs):
        asked = plan(half_width, trials=200_000, seed=seed, level=level, sampler=sampler)
        found = run(asked, {}, 1, None, Stopping(asked))
        chance = proportion(Reading(asked, found).shared("groups")[:, k, 0], level)
        inside += (chance.low <= centre) & (centre <= chance.high)
    least = stats.binom.ppf(0.0005, runs, level)
    assert (inside >= least).all(), inside


def test_a_quantity_that_no_trial_shows_yet_is_not_known_outright() -> None:
    """Nothing flows by the headline in any trial; what does later bounds it, and no run stops because of it."""
    world = data() | {"quantities": {"carried": {"expression": "grain.flow"}}}
    asked = replace(
        plan({"half_width": 1e-9, "of": ["carried"]}, trials=2000, headline=1), scenario=Scenario.from_data(world)
    )
    found = Study(asked).run()
    shown = found.tables["quantities"].set_index("date").loc[asked.grid.dates[1].isoformat()]
    assert shown["mean"] == 0
    assert 0 < half_widths(asked, found.sums)["carried"] == shown["mean_high"] / 2 < np.inf
