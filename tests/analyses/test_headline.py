"""The first screen: its numbers again from raw trials, its ties declared, its three ways honest."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from pactrisk.analyses import registry
from pactrisk.cuts import Cuts
from pactrisk.estimators import Moments, composition, mean
from pactrisk.findings import StackedBars, ThreeWay
from pactrisk.findings.wording import interval_text, number_text
from pactrisk.outcomes import CLASSES, GROUPS


def frames(run: Any) -> dict[str, Any]:
    return {table.name: table.frame for table in run.finding("headline").tables}


def three_way(run: Any) -> ThreeWay:
    figure = run.finding("headline").figures[0]
    assert isinstance(figure, ThreeWay)
    return figure


def test_tables_are_those_of_raw_trials(small: Any) -> None:
    classes = small.raw(lambda b: b.base.classes[:, b.plan.headline])
    found = frames(small)
    for i, id_ in enumerate(small.plan.scenario.ids):
        row = found["agreements"].set_index("agreement").loc[id_]
        for group, members in GROUPS.items():
            word, share = group.replace(" ", "_"), np.isin(classes[i], [CLASSES.index(c) for c in members]).mean()
            if word in row:
                assert row[word] == pytest.approx(share)
                assert row[f"{word}_low"] <= row[word] <= row[f"{word}_high"]
            else:
                assert share == 0
        row = found["agreement-classes"].set_index("agreement").loc[id_]
        for c, name in enumerate(CLASSES):
            if name in row:
                assert row[name] == pytest.approx((classes[i] == c).mean())


def test_three_way_is_the_analysis_of_variance_of_raw_trials(small: Any) -> None:
    m = small.plan.trials_per_world
    number = [(b.base.classes[:, b.plan.headline] <= 1).sum(axis=0).astype(np.int64) for b in small.blocks]
    moments = Moments.from_trials(number[0], m) + Moments.from_trials(number[1], m)
    some = Moments.from_trials(number[0] > 0, m) + Moments.from_trials(number[1] > 0, m)
    first, second = three_way(small).rows
    bar, chance = composition(moments, len(small.plan.scenario.ids)), composition(some)
    assert first.value == pytest.approx(np.concatenate(number).mean())
    assert first.ignorance == pytest.approx((max(float(bar.ignorance_low), 0), min(float(bar.ignorance_high), 3)))
    assert second.value == pytest.approx((np.concatenate(number) > 0).mean())
    assert second.ignorance == pytest.approx((float(chance.ignorance_low), float(chance.ignorance_high)))
    assert second.chance is None


def test_chance_is_where_nine_trials_in_ten_lie(small: Any) -> None:
    number = small.raw(lambda b: (b.base.classes[:, b.plan.headline] <= 1).sum(axis=0))
    low, high = three_way(small).rows[0].chance or (np.nan, np.nan)
    assert ((number >= low) & (number <= high)).mean() >= 0.9
    assert (number < low).mean() <= 0.05
    assert (number > high).mean() <= 0.05


def test_one_trial_a_world_does_not_pass_for_certainty(simulated: Any) -> None:
    # assumptions have spreads, but nothing can tell them from chance: no bar of no width
    first, second = three_way(simulated(trials_per_world=1, trials=2000)).rows
    for row in (first, second):
        assert np.isnan(row.ignorance).all()
        assert "cannot be told from chance" in row.chance_text


def test_by_hand(by_hand: Any) -> None:
    classes = np.full((3, 200), 5)
    classes[0, :100], classes[1, :60], classes[2, :] = 1, 4, 4
    run = by_hand([classes])
    said = run.finding("headline").sentence
    assert "we expect 0.50" in said
    assert "1.30" in said
    assert "and 1.20" in said
    assert "to have failed" in said
    assert "the chance that none is in substantive cooperation is 50%" in said
    assert "Railway has the best chance: 50%" in said
    found = frames(run)["agreements"].set_index("agreement")
    assert found.loc["school"].symbolic_diplomacy == 0.3
    # never seen is bounded, not left out
    assert found.loc["school"].substantive_cooperation == 0
    assert found.loc["school"].substantive_cooperation_high > 0.01


def test_ties_are_declared(by_hand: Any) -> None:
    alike = np.tile(np.array([1, 5]), (3, 100))
    said = by_hand([alike]).finding("headline").sentence
    assert "No agreement can be told from the one with the best chance: 50%" in said
    alike[1, :10] = 5
    said = by_hand([alike]).finding("headline").sentence
    assert said.endswith("; grain and school cannot be told apart from it.")
    alike[2] = 5
    said = by_hand([alike]).finding("headline").sentence
    assert "Railway has the best chance: 50%" in said
    assert said.endswith("; school cannot be told apart from it.")


def many(count: int) -> dict[str, Any]:
    works = {"works": {"track": "material", "duration": 1, "weight": 1.0}}
    ids = [f"a{i}" for i in range(count)]
    return {"title": "Many", "signed": date(2026, 2, 27), "agreements": [{"id": i, "milestones": works} for i in ids]}


def test_more_ties_than_can_be_named_are_counted(by_hand: Any) -> None:
    classes = np.tile(np.array([1, 5]), (6, 100))
    classes[5] = 5
    said = by_hand([classes], many(6)).finding("headline").sentence
    assert "A0 has the best chance: 50%" in said
    assert said.endswith("; a1, a2 and 2 more cannot be told apart from it.")


def test_the_leader_is_named_with_its_own_number_and_the_others_in_their_order(by_hand: Any) -> None:
    classes = np.full((5, 200), 5)
    for row, hits in enumerate((86, 80, 100, 90)):
        classes[row, :hits] = 1
    said = by_hand([classes], many(5)).finding("headline").sentence
    assert "A2 has the best chance: 50%" in said
    assert said.endswith("; a3, a0 and 1 more cannot be told apart from it.")


def test_one_agreement_needs_no_ranking(by_hand: Any) -> None:
    said = by_hand([np.tile(np.array([1, 5]), (1, 100))], many(1)).finding("headline").sentence
    assert "of 1 agreement to have become" in said
    assert "best chance" not in said


def test_the_number_of_one_agreement_is_as_sure_as_its_chance(simulated: Any, tables: Any) -> None:
    data, other = tables(), tables()
    for each in (data, other):
        each["agreements"], each["quantities"] = each["agreements"][:1], {}
    other["drivers"]["war"]["initial"] = "truce"
    truce = {"truce": {"when": "war.truce", "months": 6}}
    run = simulated(data, {"peace": other}, trials=200, conditions=truce, cuts={"lax": Cuts(partial=0.2)})
    found = {t.name: t.frame for n in ("variants", "conditions", "cuts", "certainty") for t in run.finding(n).tables}
    row = frames(run)["agreements"].iloc[0]
    (chance,) = {(row.substantive_cooperation_low, row.substantive_cooperation_high)}
    assert three_way(run).rows[0].noise == chance
    assert (found["cuts"].substantive_cooperation_low[0], found["cuts"].substantive_cooperation_high[0]) == chance
    for name, pairs in (
        ("variants", (("number", "some"), ("number_difference", "some_difference"))),
        ("conditions", (("number_given", "some_given"), ("number_difference", "some_difference"))),
    ):
        for number, some in pairs:
            for end in ("", "_low", "_high"):
                np.testing.assert_array_equal(found[name][f"{number}{end}"], found[name][f"{some}{end}"])


def test_nothing_substantive_is_a_bound(by_hand: Any) -> None:
    said = by_hand([np.full((3, 200), 5)]).finding("headline").sentence
    assert "the chance that none is in substantive cooperation is over" in said
    assert " 0%" not in said


def test_what_cannot_be_is_left_out(simulated: Any, by_hand: Any, tables: Any) -> None:
    assert "absent" not in frames(simulated(trials=400))["agreement-classes"]
    assert "pending" not in frames(simulated(trials=400))["agreement-classes"]
    data = tables()
    data["agreements"][0]["presence"] = 0.5
    found = frames(simulated(data, trials=400))["agreement-classes"].set_index("agreement")
    assert found.loc["rail"].absent > 0
    assert np.isnan(found.loc["school"].absent)
    # three months old, so that an agreement could still be pending: none is, and that has a bound
    young = frames(by_hand([np.full((3, 200), 4)]))["agreement-classes"]
    assert (young.pending == 0).all()
    assert (young.pending_high > 0).all()


def test_how_many_are_not_in_the_portfolio_is_as_sure_as_that_the_one_is(simulated: Any, tables: Any) -> None:
    """Only one can be absent, so how many are is whether it is; replicates hardly differ, and both allow for that."""
    data = tables()
    data["agreements"][0]["presence"] = 0.7
    run = simulated(data, trials=10_000, sampler="latin")
    row = frames(run)["agreements"].set_index("agreement").loc["rail"]
    number = mean(run.reading("headline").own("not in the portfolio"), bounds=(0, 1)).item()
    assert number.value == row.not_in_the_portfolio == pytest.approx(0.3, abs=0.001)
    assert (number.low, number.high) == pytest.approx(
        (row.not_in_the_portfolio_low, row.not_in_the_portfolio_high), abs=5e-4
    )
    assert number_text(number.value, number.low, number.high, step=0.01) in run.finding("headline").sentence


def test_an_agreement_that_is_sure_to_be_absent_is_counted(simulated: Any, tables: Any) -> None:
    data = tables()
    data["agreements"][0]["presence"] = 0
    said = simulated(data, trials=400).finding("headline").sentence
    assert "and 1 not to be in the portfolio;" in said, said


def test_what_is_known_of_every_agreement_is_known_of_their_number(simulated: Any, tables: Any) -> None:
    data = tables()
    data["agreements"][0]["signed"] = date(2029, 1, 1)
    said = simulated(data, trials=400).finding("headline").sentence
    assert "and 1 to be too young to judge;" in said, said
    for agreement in data["agreements"]:
        agreement["signed"] = date(2029, 1, 1)
    said = simulated(data, trials=400).finding("headline").sentence
    assert said.endswith("and 3 to be too young to judge; none can be in substantive cooperation then."), said


def test_bars_sum_to_one(small: Any) -> None:
    bars = small.finding("headline").figures[1]
    assert isinstance(bars, StackedBars)
    assert bars.values.sum(axis=1) == pytest.approx(1)


def test_notes_say_the_rule_and_what_ceremony_does(small: Any, simulated: Any, tables: Any) -> None:
    assert "ceremony_effect = 0" in " ".join(small.finding("headline").notes)
    data = tables() | {"ceremony_effect": {"value": 0, "source": "Judgement"}}
    assert "does not speed delivery" in " ".join(simulated(data, trials=200).finding("headline").notes)
    for effect, said in ((0.2, "speeds work"), (-0.3, "slows work"), ({"p10": -0.2, "p90": 0.4}, "moves work")):
        data["ceremony_effect"] = effect
        notes = " ".join(simulated(data, trials=200).finding("headline").notes)
        assert f"ceremony {said}: ceremony_effect = {effect if isinstance(effect, float) else '{ p10'}" in notes


GIVEN: dict[str, Any] = {"trials": 4000, "sampler": "latin", "conditional_monte_carlo": True}


def test_what_is_worked_out_is_one_thing_on_the_first_screen(simulated: Any, tables: Any) -> None:
    data = tables()
    data["agreements"][0]["presence"] = 0.7
    run = simulated(data, **GIVEN)
    reading, table = run.reading("headline"), frames(run)["agreements"]
    for group in ("symbolic diplomacy", "failed", "not in the portfolio"):
        expected = table[group.replace(" ", "_")].sum()
        assert mean(reading.own(group)).value == pytest.approx(expected, abs=1e-9)
    assert mean(reading.own("not in the portfolio")).value == pytest.approx(0.3)
    assert any("counted in trials" in note for note in run.finding("headline").notes)
    assert any("the noise of counting" in note for note in run.finding("when").notes)


def test_of_one_agreement_that_none_is_substantive_is_worked_out_too(simulated: Any, tables: Any) -> None:
    data = tables()
    data["agreements"], data["quantities"] = data["agreements"][:1], {}
    run = simulated(data, **GIVEN)
    row = frames(run)["agreements"].iloc[0]
    none = 1 - row.substantive_cooperation, 1 - row.substantive_cooperation_high, 1 - row.substantive_cooperation_low
    assert f"none is in substantive cooperation is {interval_text(*none)}." in run.finding("headline").sentence
    assert not any("counted in trials" in note for note in run.finding("headline").notes)


def test_agreements_that_are_counted_all_the_same_are_named(simulated: Any, tables: Any) -> None:
    data = tables()
    doubtful = {"track": "formal", "duration": 1, "never": 0.1, "weight": 0.01}
    data["agreements"][0].setdefault("milestones", {}).update({f"step{n}": doubtful for n in range(12)})
    run = simulated(data, **GIVEN)
    name = run.reading("headline").names[0]
    (note,) = (note for note in run.finding("headline").notes if "worked out" in note)
    assert f"Not so of {name}, which is counted" in note
    said = run.finding("method").tables[0].frame
    assert said.astype(str).apply(lambda row: row.str.contains(f"and all of {name}")).to_numpy().any()


def test_blocks_add_up(small: Any) -> None:
    sums = small.sums("headline")
    parts = [registry()["headline"].observe(block) for block in small.blocks]
    for key in parts[0]:
        assert np.array_equal(sums[f"headline/{key}"], parts[0][key] + parts[1][key])


def test_what_is_of_age_cannot_be_too_early(simulated: Any, tables: Any) -> None:
    """One of three is too young to judge at the headline: the column is there, and the others are ruled out of it."""
    data = tables()
    data["agreements"][0]["signed"] = date(2027, 8, 27)
    run = simulated(data, trials=400)
    for name, column in (("agreements", "too_early"), ("agreement-classes", "pending")):
        found = frames(run)[name].set_index("agreement")
        assert found.loc["rail", column] > 0
        assert list(found.loc[["school", "grain"], f"{column}_high"]) == [0, 0]
    assert found.loc["rail", "symbolic_high"] == 0
