"""Rare events against closed forms: the pilot finds the draws that lead there, and the weights undo the tilts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from pactrisk.analyses import registry
from pactrisk.ensemble import Plan, Reading, Sums, aimed, pilot, run
from pactrisk.ensemble.rare import to_headline, weighted_block
from pactrisk.ensemble.unlikely import chance_in, heaviest_in, is_heavy, store_weighted, weighted_in
from pactrisk.errors import RunError
from pactrisk.estimators import Estimate, proportion
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.study import Study
from small_world import plan as small

RARE = 1e-4
MONTHS = 24
OBSERVERS = {"rare": registry()["rare"].observe}


def exponential(chance: float) -> dict[str, Any]:
    """A duration that is over in two years with this chance."""
    return {"distribution": "exponential", "mean": -MONTHS / np.log1p(-chance)}


def world(agreements: int = 1, drivers: dict[str, Any] | None = None, **works: Any) -> dict[str, Any]:
    milestones = {"works": {"track": "material", "weight": 1.0, "duration": exponential(RARE), **works}}
    return {
        "title": "One work",
        "signed": date(2026, 1, 1),
        "factors": {"demand": {}},
        "drivers": drivers or {},
        "agreements": [{"id": f"a{i}", "milestones": milestones} for i in range(agreements)],
    }


def plan_of(event: str, tables: dict[str, Any], **asked: Any) -> Plan:
    question: dict[str, Any] = {
        "scenario": "rare",
        "horizon": 36,
        "headline": MONTHS,
        "trials": 20_000,
        "rare": event,
        "seed": 5,
    }
    question["level"] = 0.9999  # closed forms are held to limits that hardly ever miss
    return Plan(Question.model_validate({**question, **asked}), Scenario.from_data(tables))


def chance(plan: Plan) -> Estimate:
    plan = aimed(plan)
    return chance_in(Reading(plan, run(plan, OBSERVERS), "rare")).item()


def gold(volatility: float = 0.3) -> dict[str, Any]:
    driver = {"kind": "geometric_brownian", "initial": 100.0, "drift": 0.0, "volatility": volatility}
    return {"gold": {**driver, "factors": {"demand": 0.8}}}


SOLD_UNDER = 100 * np.exp(stats.norm.ppf(RARE) * 0.3 * np.sqrt(2))
"""What gold is below after two years with a chance of 1 in 10,000; its trend is cut by half the variance."""


def median_of_log() -> float:
    """Mean of the log of gold after two years over its start: drift is that of the mean, or of the log."""
    from pactrisk.grid import TimeGrid

    driver = Scenario.from_data(world(drivers=gold())).driver("gold")
    return float(np.log(np.exp(driver.theory(TimeGrid(date(2026, 1, 1), MONTHS)).mean[-1]) / 100))


CASES = {
    "a milestone": ("a0.works", world(), RARE),
    "the number of agreements": ("number >= 1", world(), RARE),
    "three milestones at once": ("number >= 3", world(3, duration=exponential(0.05)), 0.05**3),
    "any of three milestones": ("number >= 1", world(3), 1 - (1 - RARE) ** 3),
    "two milestones, or a third": (
        "a0.works and a1.works or a2.works and a3.works and a4.works",
        world(5, duration=exponential(0.01)),
        1e-4 + 1e-6 - 1e-10,
    ),
    "a class": ("not a0.dormant and a0.substantive", world(), RARE),
    "an uncertain chance": (
        "number >= 1",
        world(duration=exponential(0.01), never={"distribution": "uniform", "low": 0.98, "high": 1.0}),
        RARE,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_milestones_have_their_closed_forms(name: str) -> None:
    event, tables, truth = CASES[name]
    found = chance(plan_of(event, tables))
    assert found.low < truth < found.high
    assert (found.high - found.low) / 2 / truth < 0.2


def test_a_sum_of_normals_has_its_closed_form() -> None:
    """The log of a price, half of it a common factor's: what is shifted is two rows of two dozen normals."""
    cut = SOLD_UNDER * np.exp(median_of_log())
    found = chance(plan_of(f"gold < {float(cut)!r}", world(drivers=gold())))
    assert found.low < RARE < found.high
    assert (found.high - found.low) / 2 / RARE < 0.2


def test_events_of_both_kinds_at_once() -> None:
    """Gold below its 1% quantile, and a milestone of 1%: units that have nothing in common."""
    cut = 100 * np.exp(median_of_log() + stats.norm.ppf(0.01) * 0.3 * np.sqrt(2))
    found = chance(plan_of(f"gold < {float(cut)!r} and a0.works", world(drivers=gold(), duration=exponential(0.01))))
    assert found.low < RARE < found.high
    assert (found.high - found.low) / 2 / RARE < 0.25


def test_two_ways_that_have_nothing_in_common() -> None:
    """Gold below its quantile of one in 10,000, or two milestones of 1% each: a pilot of both would find one."""
    cut = SOLD_UNDER * np.exp(median_of_log())
    event = f"gold < {float(cut)!r} or a0.works and a1.works"
    plan = aimed(plan_of(event, world(2, drivers=gold(), duration=exponential(0.01))))
    assert plan.tilts is not None
    assert [sorted(direction.tilts) for direction in plan.tilts] == [
        ["driver/gold/diffusion", "factor/demand"],
        ["agreement/a0/works/duration", "agreement/a1/works/duration"],
    ]
    assert sum(direction.share for direction in plan.tilts) == pytest.approx(1.0)
    found = chance(plan)
    truth = 2 * RARE - RARE**2
    assert found.low < truth < found.high
    assert (found.high - found.low) / 2 / truth < 0.2


def test_a_way_that_cannot_be_tilted_keeps_its_trials() -> None:
    """A war of 1 in 100 is drawn plainly: beside two milestones it must be seen as often as by itself, or nearly."""
    never = {"distribution": "exponential", "mean": -MONTHS / np.log1p(-0.01)}
    war = {
        "kind": "regime",
        "initial": "calm",
        "states": {"calm": {"duration": never, "next": {"hot": 1}}, "hot": {}},
    }
    tables = world(2, drivers={"war": war}, duration=exponential(0.01))
    worth = []
    for event in ("war.hot", "war.hot or a0.works and a1.works"):
        plan = aimed(plan_of(event, tables, level=0.95))
        reading = Reading(plan, run(plan, OBSERVERS), "rare")
        found = chance_in(reading).item()
        assert found.low < 0.01 < found.high
        worth.append(weighted_in(reading, "given").effective)
    assert worth[1] > 0.4 * worth[0]


def test_a_pilot_stops_where_the_run_is_asked_to() -> None:
    calls: list[int] = []

    def asked() -> int:
        calls.append(1)
        return 15 if len(calls) > 3 else 0

    with pytest.raises(KeyboardInterrupt) as stopped:
        aimed(plan_of("number >= 1", world()), asked)
    assert (stopped.value.args, len(calls)) == ((15,), 4)


def test_a_way_that_another_settles_is_no_fault() -> None:
    """The logarithm of a loss is open by itself; where gold has lost, the event is settled by the other way."""
    event = "a0.works and (gold <= 100 or log(gold - 100) > -50)"
    found = chance(plan_of(event, world(drivers=gold())))
    assert found.low < RARE < found.high
    assert (found.high - found.low) / 2 / RARE < 0.2


def test_intervals_hold_the_truth_as_often_as_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way, pilot included, over 60 seeds, with few trials and rough tilts."""
    monkeypatch.setattr(pilot, "_BLOCKS", 3)
    event, tables, truth = CASES["three milestones at once"]
    held = 0
    for seed in range(60):
        found = chance(plan_of(event, tables, trials=2000, seed=seed, level=0.95))
        held += found.low < truth < found.high
    assert held / 60 > 0.95 - 3.5 * np.sqrt(0.95 * 0.05 / 60)


@pytest.mark.parametrize("event", ["a0.works * a1.works > 0", "a0.works * a1.works >= 1", "a0.works + a1.works > 1"])
def test_however_it_is_written_what_leads_there_is_tilted(event: str) -> None:
    tilted = aimed(plan_of(event, world(2, duration=exponential(0.01)))).tilted
    assert set(tilted) == {"agreement/a0/works/duration", "agreement/a1/works/duration"}


def test_what_goes_with_a_rare_state_is_tilted_though_the_state_is_not() -> None:
    """A milestone of 1 in 100 in a war of 1 in 100: worth many times the two sightings of as many plain trials."""
    stay = {"distribution": "exponential", "mean": -MONTHS / np.log1p(-0.01)}
    war = {"kind": "regime", "initial": "calm", "states": {"calm": {"duration": stay, "next": {"hot": 1}}, "hot": {}}}
    tables = world(drivers={"war": war}, duration=exponential(0.01))
    for event in ("war.hot * (a0.works > 0) >= 1", "war.hot and a0.works"):
        found = plan_of(event, tables)
        assert set(aimed(found).tilted) == {"agreement/a0/works/duration"}
        assert chance(found).low < RARE < chance(found).high


def test_only_what_leads_there_is_tilted() -> None:
    tables = world(3)
    tables["agreements"][0]["milestones"] = {
        "works": {"track": "material", "weight": 1.0, "duration": exponential(RARE)}
    }
    assert set(aimed(plan_of("a0.works", tables)).tilted) == {"agreement/a0/works/duration"}
    # and nothing where the event is no rarity
    often = world(duration=exponential(0.9))
    found = aimed(plan_of("number >= 1", often))
    assert set(found.tilted) <= {"agreement/a0/works/duration"}
    assert chance(found).low < 0.9 < chance(found).high


def rare_small(trials: int = 8000, workers: int = 1) -> tuple[Plan, Sums]:
    """The small world in which every term matters, with an event about as rare as 1 in 500."""
    plan = aimed(small(rare="number >= 3 and oil > 90", horizon=36, headline=30, trials=trials, trials_per_world=20))
    return plan, run(plan, OBSERVERS, workers)


def test_ordinary_results_of_weighted_trials_are_those_of_plain_ones() -> None:
    """Every statistic of the tilted trials, its weights undone, against plain trials of another seed."""
    plan, sums = rare_small(20_000)
    assert len(plan.tilted) > 5
    whole = weighted_in(Reading(plan, sums, "rare"), "whole")
    short = to_headline(replace(plan, question=plan.question.model_copy(update={"seed": 99})))
    plain = [weighted_block(short, block, []) for block in range(20)]
    from pactrisk.analyses.rare import _statistics

    values = np.concatenate([_statistics(plan, part) for part in plain], axis=1)
    error = np.sqrt(whole.variances + values.var(axis=1) / values.shape[1])
    apart = np.abs(whole.means - values.mean(axis=1))
    assert (apart <= 4.5 * error).all()
    happens = np.concatenate([part.happens for part in plain]).mean()
    found = chance_in(Reading(plan, sums, "rare")).item()
    assert abs(found.value - happens) < 4.5 * np.sqrt(happens / 40_000 + ((found.high - found.low) / 4) ** 2)
    # no weight is above ten, so for ordinary results they never collapse
    assert whole.effective > 2000


def test_where_it_happens_is_what_plain_trials_say_of_it() -> None:
    """Chances given the event: of the plain trials in which it happened, and of weighted ones."""
    plan, sums = rare_small(20_000)
    short = to_headline(replace(plan, question=plan.question.model_copy(update={"seed": 98})))
    plain = [weighted_block(short, block, []) for block in range(40)]
    from pactrisk.analyses.rare import _statistics

    kept = np.concatenate([_statistics(plan, part)[:, part.happens] for part in plain], axis=1)
    given = weighted_in(Reading(plan, sums, "rare"), "given")
    assert kept.shape[1] > 100
    error = np.sqrt(given.variances + kept.var(axis=1) / kept.shape[1])
    # what always goes with the event has no scatter on either side
    assert (np.abs(given.means - kept.mean(axis=1)) <= 4.5 * error + 3 / kept.shape[1]).all()


def test_plain_sums_are_the_same_bits_with_a_rare_event_and_without() -> None:
    observers = {name: registry()[name].observe for name in ("rare", "portfolio", "drivers")}
    with_it = aimed(small(rare="number >= 3", trials=2000))
    found, without = run(with_it, observers), run(small(trials=2000), observers)
    assert any(name.startswith("rare/") for name in found)
    assert without.keys() == {name for name in found if not name.startswith("rare/")}
    for name, value in without.items():
        np.testing.assert_array_equal(value, found[name], err_msg=name)


def same(first: Sums, second: Sums) -> None:
    assert first.keys() == second.keys()
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name], err_msg=name)


def test_the_same_bits_whoever_makes_the_blocks_and_where_a_run_went_on() -> None:
    plan, sums = rare_small(8000)
    same(sums, rare_small(8000, workers=2)[1])
    same(sums, run(plan, OBSERVERS, begun=(2, run(replace(plan, question=shorter(plan, 4000)), OBSERVERS))))
    # the pilot finds the same tilts again, and the sums hold what was drawn with them
    again = aimed(replace(plan, tilts=None))
    assert again.tilts == plan.tilts
    assert {name.removeprefix("rare/drawn/") for name in sums if "drawn/" in name} == set(plan.tilted)


def shorter(plan: Plan, trials: int) -> Question:
    return plan.question.model_copy(update={"trials": trials})


def test_more_tilted_trials_for_each_plain_one() -> None:
    event = {"event": "number >= 1", "times": 3}
    plan = aimed(plan_of("number >= 1", world(), rare=event, trials=4000))
    sums = run(plan, OBSERVERS)
    assert (int(sums["trials"]), int(sums["rare/tilted"])) == (4000, 12_000)
    # other trials, not the same ones thrice
    weights = [weighted_block(to_headline(plan), 2**31 + block, plan.tilts or ()).weights for block in range(6)]
    assert len({float(w[-1]) for w in weights}) == 6
    assert sums["rare/whole/w"] == pytest.approx(np.sum(weights))


@pytest.mark.parametrize("event", ["1 / (number - number) > 0", "not (log(number - 1) > 0)", "log(number)"])
def test_undefined_arithmetic_stops_the_run(event: str) -> None:
    said = f"rare: {event} is not a finite number on 2028-01-01"
    where = r"\(world \d+ of block \d+( of the pilot)? for the rare event\)"
    with pytest.raises(RunError, match=rf"{re.escape(said)} {where}$"):
        chance(plan_of(event, world()))


def test_the_largest_weight_is_known_within_a_tenth() -> None:
    plan, sums = rare_small(8000)
    reading = Reading(plan, sums, "rare")
    parts = [weighted_block(to_headline(plan), 2**31 + block, plan.tilts or ()) for block in range(4)]
    largest = max(float(part.weights[part.happens].max(initial=0)) for part in parts)
    assert largest <= heaviest_in(reading) < 1.1 * largest


def test_a_run_stops_where_the_chance_is_narrow_enough() -> None:
    narrow = {"half_width": 1e-5, "of": ["rare"]}
    plan = plan_of("number >= 1", world(), trials=400_000, precision=narrow, analyses=("headline", "rare"))
    result = Study(plan).run()
    assert int(result.sums["trials"]) < 60_000
    found = chance_in(Reading(result.study.plan, result.sums, "rare")).item()
    assert (found.high - found.low) / 2 <= 1e-5


def test_plain_trials_look_on() -> None:
    plan = aimed(plan_of("number >= 1", world(duration=exponential(0.2)), trials=4000))
    reading = Reading(plan, run(plan, OBSERVERS), "rare")
    plain = proportion(reading.own("plain")).item()
    assert plain.trials == 4000
    # squares are of replicates, which a sampler draws as one: no less than if all were alike
    kept = reading.own("plain")
    assert kept.square >= kept.total**2 / plan.replicates
    assert plan.trials_per_replicate > plan.trials_per_world
    assert plain.low < 0.2 < plain.high


@pytest.mark.parametrize(
    ("weights", "heavy"),
    [([0.1] * 3, False), ([0.1], False), ([5.0, *[0.01] * 40], True), ([1.0] * 40, False)],
)
def test_a_few_sightings_that_weigh_the_same_are_few_and_no_collapse(weights: list[float], heavy: bool) -> None:
    happens = np.arange(2000) < len(weights)
    part: Any = SimpleNamespace(weights=np.where(happens, 0.0, 1.0), happens=happens)
    part.weights[: len(weights)] = weights
    sums = {f"rare/{key}": value for key, value in store_weighted(part, np.ones((1, 2000))).items()}
    reading: Any = SimpleNamespace(name="rare", sums={**sums, "rare/drawn/x": np.zeros(3)})
    assert is_heavy(reading) == heavy
