"""Conditional Monte Carlo: chances given the rest of a trial, against every pattern of pursuit and closed forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import stats

from pactrisk.ensemble import Plan, Sums, moments, run, simulate_block
from pactrisk.ensemble.integrated import MOST, entangled, out_of_reach
from pactrisk.estimators import proportion
from pactrisk.outcomes import CLASSES
from pactrisk.quantities import Worlds
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.streams import Streams
from small_world import data, plan

ON: dict[str, Any] = {"conditional_monte_carlo": True}
RATE, HORIZON = 0.2, 24


def rich() -> dict[str, Any]:
    """The small world with more that may not be pursued, and an ending for each."""
    tables = data()
    tables["agreements"][0]["ending"] = {
        "rate": {"p10": 0.05, "p90": 0.2},
        "effects": [{"driver": "war", "state": "hot", "factor": 2.0}],
    }
    for agreement in tables["agreements"]:
        for name, milestone in agreement.get("milestones", {}).items():
            if name != "plan":
                milestone["never"] = 0.3
    return tables


def one_hot(classes: Any) -> np.ndarray:
    return np.stack([classes == place for place in range(len(CLASSES))], axis=1).astype(float)


def test_a_chance_is_the_sum_over_being_there_and_every_pattern_of_pursuit() -> None:
    tables = rich()
    tables["agreements"][0]["presence"] = {"p10": 0.5, "p90": 0.9}
    check_chances(tables)


def test_no_event_before_its_signature_moves_a_chance_that_is_worked_out() -> None:
    """It quickens nothing of an agreement that is signed later."""
    tables = rich()
    tables["agreements"][0]["signed"] = date(2026, 8, 10)
    tables["drivers"]["summits"]["rate"] = 12.0
    check_chances(tables | {"ceremony_effect": 3.0})


def check_chances(tables: dict[str, Any]) -> None:
    """Chances against those of every pattern of pursuit by itself."""
    asked = plan(tables, **ON)
    block = simulate_block(asked, 0)
    assert block.base.chances is not None
    worlds = Worlds(Streams(asked.question.seed, 0, sampler=asked.sampler(asked.scenario)), asked.trials_per_world)
    months = float(asked.grid.months[asked.headline])
    for place, agreement in enumerate(asked.scenario.agreements):
        assert agreement.id not in entangled(asked.scenario)
        uncertain = [name for name, m in agreement.milestones.items() if m.never != 0]
        expected = np.zeros(block.base.chances[place].shape)
        for pattern in product((False, True), repeat=len(uncertain)):
            idle = dict(zip(uncertain, pattern, strict=True))
            weight: Any = 1.0
            for name, stays_idle in idle.items():
                never = worlds.value(agreement.milestones[name].never)
                weight = weight * (never if stays_idle else 1.0 - np.asarray(never))
            milestones = {
                name: m.model_copy(update={"never": float(idle.get(name, False))})
                for name, m in agreement.milestones.items()
            }
            other = agreement.model_copy(update={"milestones": milestones, "ending": None, "presence": 1.0})
            agreements = tuple(other if a.id == agreement.id else a for a in asked.scenario.agreements)
            scenario = asked.scenario.model_copy(update={"agreements": agreements})
            # the trials are those of this scenario: what is drawn is drawn by name
            alone = simulate_block(
                Plan(asked.question.model_copy(update={"conditional_monte_carlo": False}), scenario), 0
            )
            expected += one_hot(alone.base.classes[:, asked.headline])[place] * weight
        hazard = block.base.progress[agreement.id].hazard
        if hazard is not None:
            begun, until = (np.full(2000, month) for month in (block.base.progress[agreement.id].signed, months))
            gone = -np.expm1(hazard.at(begun) - hazard.at(until))
            expected *= 1.0 - gone
            expected[CLASSES.index("reversed")] += gone
        exists = np.asarray(worlds.value(agreement.presence))
        expected *= exists
        expected[CLASSES.index("absent")] += 1.0 - exists
        np.testing.assert_allclose(block.base.chances[place], expected, atol=1e-12)
        assert ((expected > 0.001) & (expected < 0.999)).any()


def single(never: float = 0.3, **more: Any) -> Scenario:
    """One milestone with an exponential duration, in an agreement that may end."""
    milestone = {"track": "material", "weight": 1.0, "never": never}
    milestone["duration"] = {"distribution": "exponential", "mean": 12}
    agreement = {"id": "rail", "milestones": {"opening": milestone}, "ending": {"rate": RATE}}
    return Scenario.from_data({"title": "one", "signed": date(2026, 1, 1), "agreements": [agreement]} | more)


def asked_of(scenario: Scenario, **words: Any) -> Plan:
    return Plan(Question(scenario="x", horizon=HORIZON, **{"trials": 2000, **ON, **words}), scenario)


# not ended by then; done by then and pursued, whenever it would have ended later
TRUTH = float(np.exp(-RATE * HORIZON / 12)) * 0.7 * (1 - float(np.exp(-HORIZON / 12)))


def test_intervals_hold_a_closed_form_as_often_as_they_say_and_are_narrower_than_counts() -> None:
    held, widths = 0, {True: 0.0, False: 0.0}
    for seed in range(400):
        for on in (True, False):
            asked = asked_of(single(), seed=seed, conditional_monte_carlo=on, sampler="latin")
            sums = run(asked, {})
            found = proportion(moments(sums, "classes", asked)[0, asked.headline, 0])
            widths[on] += float(found.high - found.low)
            held += on and bool(found.low <= TRUTH <= found.high)
    # 95% of 400 less four standard errors; so little scatters here that no interval may be as narrow as that
    assert held >= 362
    assert widths[True] < 0.7 * widths[False]


def test_only_the_headline_is_moved_and_by_no_more_than_noise() -> None:
    asked = plan(rich(), trials=20_000, headline=18, sampler="latin", trials_per_world=5, **ON)
    counted = replace(asked, question=asked.question.model_copy(update={"conditional_monte_carlo": False}))
    given, plain = run(asked, {}), run(counted, {})
    k = asked.headline
    assert 0 < k < asked.grid.steps
    for name in ("classes", "groups", "mean"):
        for word in ("total", "square", "trial_square"):
            at = (slice(None), k) if name != "mean" else (k,)
            one, other = np.array(given[f"{name}/{word}"], float), np.array(plain[f"{name}/{word}"], float)
            one[at], other[at] = 0.0, 0.0
            assert np.array_equal(one, other)
    near, far = (moments(sums, "classes", p)[:, k] for sums, p in ((given, asked), (plain, counted)))
    (first, e1), (second, e2) = ((m.total / m.trials, scatter(m)) for m in (near, far))
    error = np.sqrt(e1**2 + e2**2)
    assert (np.abs(first - second) <= 4.5 * error + 1e-9).all()
    assert e1.mean() < 0.9 * e2.mean()
    found = proportion(near)
    told = (first > 0.1) & (first < 0.9) & (e1 > 0.001)
    assert told.sum() > 3
    half = ((found.high - found.low) / 2)[told] / e1[told]
    np.testing.assert_allclose(half, stats.t.ppf(0.975, asked.replicates - 1), rtol=0.06)
    number = moments(given, "mean", asked)[k]
    assert number.total == pytest.approx(near.total[:, :2].sum())
    assert near.total.sum() == pytest.approx(asked.trials * len(asked.scenario.ids))


def scatter(m: Any) -> np.ndarray:
    """Standard errors of means over replicates."""
    value = m.total / m.worlds
    return np.asarray(np.sqrt(np.maximum(m.square / m.worlds - value**2, 0) / (m.worlds - 1)) / m.trials_per_world)


@pytest.mark.parametrize("sampler", ["plain", "antithetic", "sobol"])
def test_every_sampler_takes_it_and_workers_move_nothing(sampler: str) -> None:
    asked = plan(rich(), trials=9_400, sampler=sampler, **ON)
    alone, together = run(asked, {}, 1), run(asked, {}, 2)
    assert all(alone[name].tobytes() == together[name].tobytes() for name in alone)
    assert total(alone, asked) == pytest.approx(len(asked.scenario.ids))


def total(sums: Sums, asked: Plan) -> float:
    found = moments(sums, "classes", asked)[:, asked.headline]
    return float(found.total.sum() / found.trials)


def test_what_waits_for_itself_through_others_and_what_has_too_many_sets_is_counted() -> None:
    def milestone(after: list[str], weight: float = 0.0) -> dict[str, Any]:
        return {"track": "material", "weight": weight, "duration": {"p10": 2, "p90": 9}, "never": 0.3, "after": after}

    ring = [
        {"id": "a", "milestones": {"first": milestone([]), "last": milestone(["b.middle"], 1.0)}},
        {"id": "b", "milestones": {"middle": milestone(["a.first"], 1.0)}},
        {"id": "wide", "milestones": {f"m{n}": milestone([], 1 / 11) for n in range(11)}},
    ]
    scenario = single(agreements=ring)
    assert entangled(scenario) == {"a"}
    assert out_of_reach(scenario) == ("a", "wide")
    asked = asked_of(scenario)
    block = simulate_block(asked, 0)
    assert block.base.chances is not None
    counts = one_hot(block.base.classes[:, asked.headline])
    assert MOST < 2**11
    assert np.array_equal(block.base.chances[[0, 2]], counts[[0, 2]])
    assert not np.array_equal(block.base.chances[1], counts[1])


def test_what_is_not_in_doubt_makes_no_sets() -> None:
    sure: dict[str, Any] = {"track": "material", "duration": 1}
    every = {f"m{n}": {**sure, "weight": 0.05} for n in range(11)} | {"open": {**sure, "weight": 0.45, "never": 0.25}}
    # what nothing is told by counts only through what waits for it
    chain = {f"c{n}": {**sure, "track": "formal", "never": 0.1, "after": [f"c{n - 1}"] if n else []} for n in range(12)}
    last = {**sure, "weight": 1.0, "after": ["c11"]}
    agreements = [{"id": "some", "milestones": every}, {"id": "long", "milestones": {**chain, "last": last}}]
    scenario = single(agreements=agreements)
    assert out_of_reach(scenario) == ()
    block = simulate_block(asked_of(scenario), 0)
    assert block.base.chances is not None
    substantive = block.base.chances[:, CLASSES.index("substantive")]
    np.testing.assert_allclose(substantive[scenario.ids.index("some")], 0.75)
    np.testing.assert_allclose(substantive[scenario.ids.index("long")], 0.9**12)
