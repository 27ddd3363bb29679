"""Milestones and classes by date: counted again from raw trials, and quantiles from sorted times."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy import integrate, optimize

from pactrisk.analyses import registry, when
from pactrisk.analyses.when import months_to
from pactrisk.estimators import Estimates
from pactrisk.findings import Lines, StackedArea
from pactrisk.outcomes import CLASSES, GROUPS


def frames(run: Any) -> dict[str, Any]:
    return {table.name: table.frame for table in run.finding("when").tables}


def times(run: Any, id_: str, name: str) -> Any:
    return run.raw(lambda b: b.base.progress[id_].done[name])


def chances(curve: list[float], gap: float = 0.0) -> Estimates:
    value = np.array(curve)
    low, high = np.maximum(value - gap, 0), np.minimum(value + gap, 1)
    return Estimates(value, low, high, 0.95, "probability", np.array(100), 10)


def test_milestones_by_date_are_counts(small: Any) -> None:
    found = frames(small)["milestones-by-date"].set_index(["agreement", "milestone", "date"])
    for id_, name in (("rail", "plan"), ("rail", "works"), ("grain", "works")):
        done = times(small, id_, name)
        for k, day in enumerate(small.plan.grid.dates):
            row = found.loc[(id_, name, day.isoformat())]
            assert row.done == (done <= k).mean()
            assert row.done_low <= row.done <= row.done_high


@pytest.mark.parametrize("step", ["month", "quarter"])
def test_months_are_quantiles_of_all_trials(simulated: Any, step: str) -> None:
    run = simulated(step=step)
    found = frames(run)["milestones"].set_index(["agreement", "milestone"])
    finite = 0
    for id_ in ("rail", "school", "grain"):
        for name in ("plan", "works"):
            done = np.sort(times(run, id_, name))
            row = found.loc[(id_, name)]
            assert row.by_horizon == pytest.approx(np.isfinite(done).mean())
            assert row.never == pytest.approx(np.isinf(done).mean())
            assert row.never_low == pytest.approx(1 - row.by_horizon_high)
            assert row.never_high == pytest.approx(1 - row.by_horizon_low)
            for share, word in ((0.1, "p10"), (0.5, "p50"), (0.9, "p90")):
                exact = done[math.ceil(share * len(done)) - 1]
                if np.isinf(exact):
                    assert row[word] == np.inf
                else:
                    step_months = run.plan.grid.step
                    assert row[word] == step_months * math.ceil(exact / step_months - 1e-9)
                    assert row[f"{word}_low"] % step_months == row[f"{word}_high"] % step_months == 0
                    assert row[f"{word}_low"] <= row[word] <= row[f"{word}_high"]
                    finite += 1
    assert 0 < finite < 18


def test_months_by_hand() -> None:
    months = np.array([0.0, 3.0, 6.0, 9.0])
    # the upper limit is 0.1, 0.3, 0.7, 0.8 and the lower 0, 0.1, 0.5, 0.6
    found = months_to(chances([0.0, 0.2, 0.6, 0.7], 0.1), months, 0.5)
    assert (found.value, found.low, found.high) == (6, 6, 6)
    found = months_to(chances([0.0, 0.2, 0.4, 0.45], 0.1), months, 0.5)
    assert (found.value, found.low, found.high) == (np.inf, 6, np.inf)
    assert months_to(chances([1.0, 1.0, 1.0, 1.0]), months, 0.9).value == 0


def alone(tables: Any, law: Any) -> dict[str, Any]:
    """The small world with nothing left but one milestone of the given duration."""
    data = tables()
    data |= {"drivers": {}, "paces": {}, "quantities": {}, "factors": {}, "templates": {}}
    data["agreements"] = [
        {"id": "a", "milestones": {"works": {"track": "material", "weight": 1.0, "duration": law}}},
    ]
    return data


LAWS = {
    "exponential": ({"distribution": "exponential", "mean": 10}, lambda p: -10 * math.log1p(-p)),
    "fixed": (9, lambda _: 9.0),
    "fixed within a step": (9.5, lambda _: 9.5),
    "narrow": ({"distribution": "uniform", "low": 15.5, "high": 15.9}, lambda p: 15.5 + 0.4 * p),
    "over an edge": ({"distribution": "uniform", "low": 14.5, "high": 15.5}, lambda p: 14.5 + p),
    "uncertain": (
        {"distribution": "exponential", "mean": {"distribution": "uniform", "low": 5, "high": 15}},
        lambda p: optimize.brentq(lambda t: p - averaged(t), 0.1, 100),
    ),
}
"""Durations, and how long a share of them lasts at most."""


def averaged(t: float) -> float:
    """Chance to be done by t, the mean being uniform from 5 to 15."""
    return float(integrate.quad(lambda mean: -math.expm1(-t / mean) / 10, 5, 15)[0])


@pytest.mark.parametrize("step", ["month", "quarter"])
@pytest.mark.parametrize("name", LAWS)
def test_intervals_of_the_quantiles_cover(simulated: Any, tables: Any, name: str, step: str) -> None:
    # many small samples of one duration without frailty: its quantiles are known
    law, quantile = LAWS[name]
    data, repeats = alone(tables, law), 60
    inside = dict.fromkeys((0.1, 0.5, 0.9), 0)
    for seed in range(repeats):
        run = simulated(data, trials=400, horizon=30, seed=seed, step=step, trials_per_world=4)
        row, months = frames(run)["milestones"].iloc[0], run.plan.grid.step
        for share in inside:
            word = f"p{round(100 * share)}"
            truth = months * math.ceil(quantile(share) / months - 1e-9)
            inside[share] += row[f"{word}_low"] <= truth <= row[f"{word}_high"]
            if name in ("fixed", "fixed within a step", "narrow"):
                assert (row[word], row[f"{word}_low"], row[f"{word}_high"]) == (truth,) * 3
    # at least 95% less 3.5 standard errors
    assert min(inside.values()) >= repeats * (0.95 - 3.5 * math.sqrt(0.95 * 0.05 / repeats))


def test_whole_steps_are_said(simulated: Any, tables: Any) -> None:
    for step, words in (("month", "whole steps of one month"), ("quarter", "whole steps of 3 months")):
        found = simulated(alone(tables, 9.5), trials=100, step=step).finding("when")
        assert words in next(t.caption for t in found.tables if t.name == "milestones")
        assert any(words in note for note in found.notes)
    assert "median" in found.notes[0]


def test_classes_and_groups_at_every_date(small: Any) -> None:
    found = frames(small)
    classes = small.raw(lambda b: b.base.classes)
    long = found["classes-by-date"].set_index(["agreement", "date", "class"])
    grouped = found["groups-by-date"].set_index(["agreement", "date", "group"])
    for i, id_ in enumerate(small.plan.scenario.ids):
        for k, day in enumerate(small.plan.grid.dates):
            for c, name in enumerate(CLASSES):
                share = (classes[i, k] == c).mean()
                if (id_, day.isoformat(), name) in long.index:
                    assert long.loc[(id_, day.isoformat(), name)].chance == share
                else:
                    assert share == 0
    for name, members in GROUPS.items():
        if name in found["groups-by-date"].group.to_numpy():
            k = 24
            share = np.isin(classes[0, k], [CLASSES.index(c) for c in members]).mean()
            assert grouped.loc[("rail", small.plan.grid.dates[k].isoformat(), name)].chance == pytest.approx(share)
    caption = next(t.caption for t in small.finding("when").tables if t.name == "classes-by-date")
    assert caption.endswith(" Left out: reversed and absent, which are ruled out.")


def test_figures_show_every_agreement(small: Any) -> None:
    lines, areas = small.finding("when").figures
    assert isinstance(lines, Lines)
    assert isinstance(areas, StackedArea)
    assert [panel.title for panel in lines.panels] == ["Railway", "school", "grain"]
    assert [panel.title for panel in areas.panels] == ["All agreements", "Railway", "school", "grain"]
    for panel in areas.panels:
        assert panel.shares.sum(axis=0) == pytest.approx(1)


def test_sentence_says_its_numbers(small: Any) -> None:
    said = small.finding("when").sentence
    number = small.raw(lambda b: (b.base.classes <= 1).sum(axis=0)).mean(axis=1)
    for k, month in ((12, "February 2027"), (24, "February 2028"), (30, "August 2028")):
        assert f"by {month}" in said
        assert f"{number[k]:.2f}"[:3] in said
    assert "All 3 material milestones are more likely than not" in said


@pytest.mark.parametrize(
    ("months", "years"),
    [
        (60, [2027, 2028, 2029, 2030, 2031]),
        (150, [2029, 2031, 2036, 2038]),
        (300, [2029, 2031, 2036, 2041, 2046, 2051]),
    ],
)
def test_a_long_run_is_not_told_year_by_year(simulated: Any, months: int, years: list[int]) -> None:
    said = simulated(trials=200, horizon=months, headline=36, step="quarter").finding("when").sentence
    first, _, _ = said.partition(" material milestones")
    assert [int(year) for year in re.findall(r"by \w+ (20\d\d)", first)] == years


def test_blocks_add_up(small: Any) -> None:
    sums = small.sums("when")
    parts = [registry()["when"].observe(block) for block in small.blocks]
    for key in parts[0]:
        assert np.array_equal(sums[f"when/{key}"], parts[0][key] + parts[1][key])


def test_what_has_happened_is_certain_and_no_estimate(simulated: Any, tables: Any) -> None:
    data = tables()
    steps = data["templates"]["memorandum"]["milestones"]
    steps["signing"] = {"track": "formal", "duration": 0, "weight": 0.2}
    steps["seal"] = {"track": "formal", "after": "signing", "duration": 0, "weight": 0.1}
    steps["hasty"] = {"track": "formal", "duration": 0, "weight": 0.1, "never": 0.5}
    data["agreements"][1]["presence"] = 0.5
    data["agreements"][0]["signed"] = date(2026, 8, 27)
    run = simulated(data, trials=400)
    found = frames(run)["milestones-by-date"].set_index(["agreement", "milestone", "date"])
    first, signed = "2026-02-27", "2026-08-27"

    def chance(*row: str) -> list[float]:
        return [float(x) for x in found.loc[row, ["done", "done_low", "done_high"]]]

    assert chance("grain", "signing", first) == chance("grain", "seal", first) == [1, 1, 1]
    assert chance("rail", "signing", signed) == [1, 1, 1]
    assert chance("rail", "signing", first) == chance("rail", "works", first) == [0, 0, 0]
    assert chance("grain", "works", first)[2] > 0
    for drawn in (chance("school", "signing", signed), chance("grain", "hasty", signed)):
        assert drawn[1] < drawn[0] < drawn[2]
    (table,) = (table for table in run.finding("when").tables if table.name == "milestones")
    assert "Months from the start of the scenario (February 2026), whenever an agreement is signed" in table.caption
    groups = frames(run)["groups-by-date"]
    absent = groups[groups.group == "not in the portfolio"].set_index("agreement")
    assert (absent.loc[["rail", "grain"], ["chance", "chance_low", "chance_high"]] == 0).all(axis=None)
    assert (absent.loc["school"].chance_high > absent.loc["school"].chance).all()
    row = frames(run)["milestones"].set_index(["agreement", "milestone"]).loc[("grain", "signing")]
    assert (row.never, row.never_low, row.never_high) == (0, 0, 0)
    assert (row.p50, row.p50_low, row.p50_high) == (0, 0, 0)


def test_the_likeliest_milestone_is_named_with_its_own_chance_and_before_those_that_tie(small: Any) -> None:
    reading, last = small.reading("when"), {"rail": 0.5, "school": 0.3, "grain": 0.6}
    chance = np.array([last[agreement.id] for agreement, _ in when._milestones(reading.plan)])
    value = np.repeat(chance[:, None], reading.plan.grid.points, axis=1)
    by_date = Estimates(value, value - 0.08, value + 0.08, 0.95, "probability", np.full(value.shape, 100), 100)
    never = Estimates(*[np.full(len(chance), np.inf)] * 3, 0.95, "quantile", np.full(len(chance), 100), 100)
    said = when._sentence(reading, by_date, never)
    assert said.endswith(" The likeliest is works (grain): 60% (52–68%); works (Railway) cannot be told apart from it.")


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.5, " Whether the one material milestone is {} is too close to call."),
        (0.7, " The one material milestone is {}."),
        (0.3, " The one material milestone is not {}."),
    ],
)
def test_one_milestone_is_either_called_or_not(simulated: Any, tables: Any, chance: float, words: str) -> None:
    data = tables()
    data["agreements"], data["quantities"] = data["agreements"][:1], {}
    reading = simulated(data, trials=200).reading("when")
    value = np.full((2, reading.plan.grid.points), chance)
    by_date = Estimates(value, value - 0.1, value + 0.1, 0.95, "probability", np.full(value.shape, 100), 100)
    never = Estimates(*[np.full(2, np.inf)] * 3, 0.95, "quantile", np.full(2, 100), 100)
    assert when._sentence(reading, by_date, never).endswith(
        words.format("more likely than not to be done by August 2028")
    )


def test_what_cannot_be_at_its_age_is_ruled_out(simulated: Any, tables: Any) -> None:
    """Of three agreements one is signed half a year later: what it is then hangs on its age, and is no estimate."""
    data = tables()
    data["agreements"][0]["signed"] = date(2026, 8, 27)
    found = frames(simulated(data, trials=400))
    groups = found["groups-by-date"].set_index(["agreement", "group", "date"])
    ends = ["chance", "chance_low", "chance_high"]
    assert (groups.loc[("rail", "too early", "2027-09-27"), ends] == 0).all()
    assert groups.loc[("rail", "too early", "2027-07-27"), "chance"] > 0
    assert (groups.loc[("grain", "too early", "2027-03-27"), ends] == 0).all()
    assert (groups.loc[("rail", "too early", "2026-07-27"), ends] == 1).all()
    assert (groups.loc[("rail", "symbolic diplomacy", "2026-07-27"), ends] == 0).all()
    classes = found["classes-by-date"].set_index(["agreement", "class", "date"])
    assert (classes.loc[("rail", "dormant", "2027-07-27"), ends] == 0).all()
    assert (
        classes.loc[("grain", "partial", "2026-03-27"), "chance_high"]
        > classes.loc[("grain", "partial", "2026-03-27"), "chance"]
    )


@pytest.mark.parametrize(
    ("signing", "window", "signed", "step", "told"),
    [
        ({"duration": 0, "weight": 0.5}, 18, None, "month", True),
        ({"duration": 0, "weight": 0.5}, 18, None, "quarter", True),
        ({"duration": 0, "weight": 0.5}, 18, date(2026, 8, 27), "month", True),
        ({"duration": 0, "weight": 0.5}, 24, date(2026, 9, 27), "month", False),
        ({"duration": 0, "weight": 0.5}, 36, None, "month", False),
        ({"duration": 0}, 18, None, "month", False),
        ({"duration": {"distribution": "exponential", "mean": 8}, "weight": 0.5}, 18, None, "month", False),
    ],
)
def test_a_step_where_the_signing_falls_out_of_the_window_is_told_where_there_is_one(
    simulated: Any, tables: Any, signing: dict[str, Any], window: int, signed: date | None, step: str, told: bool
) -> None:
    """Nothing else honours the agreement: what is not delivered is symbolic until then, and dormant afterwards."""
    data = alone(tables, {"distribution": "exponential", "mean": 40})
    (agreement,) = data["agreements"]
    agreement["milestones"]["signing"] = {"track": "formal", **signing}
    if signed is not None:
        agreement["signed"] = signed
    found = simulated(data, trials=2000, step=step, rule={"window": window}).finding("when")
    (areas,) = (figure for figure in found.figures if figure.name == "classes-by-date")
    said = f"A formal act counts as ceremony for {window} months: the step there is of agreements whose signing falls"
    assert (said in areas.caption) == told
