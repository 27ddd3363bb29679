"""The chapter on a rare event: what it says, what it warns of, and when it is not there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from pactrisk.ensemble import Plan
from pactrisk.ensemble.reading import Reading
from pactrisk.estimators import Moments
from pactrisk.findings import Finding
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.study import Result, Study

WORKS = {"track": "material", "weight": 1.0}


def told(event: Any, mean: float, trials: int = 20_000, calm: float = 24_000) -> tuple[Result, Finding]:
    """Two agreements of exponential durations and a war that hardly ever begins, asked for the rare event."""
    data = {
        "title": "Two works",
        "signed": date(2026, 1, 1),
        "drivers": {
            "war": {
                "kind": "regime",
                "title": "The war",
                "initial": "calm",
                "states": {
                    "calm": {
                        "title": "a calm",
                        "duration": {"distribution": "exponential", "mean": calm},
                        "next": {"hot": 1},
                    },
                    "hot": {},
                },
            },
            "toll": {"kind": "geometric_brownian", "unit": "USD", "initial": 10, "volatility": 0.5},
        },
        "agreements": [
            {
                "id": "dam",
                "milestones": {"works": {**WORKS, "duration": {"distribution": "exponential", "mean": mean}}},
            },
            {"id": "fair", "milestones": {"works": {**WORKS, "duration": {"distribution": "exponential", "mean": 24}}}},
        ],
    }
    asked = {"scenario": "x", "horizon": 24, "trials": trials, "rare": event, "analyses": ("headline", "rare")}
    result = Study(Plan(Question.model_validate(asked), Scenario.from_data(data))).run()
    (found,) = [finding for finding in result.findings if finding.name == "rare"]
    return result, found


def test_the_chance_the_sightings_and_what_goes_with_it() -> None:
    result, found = told({"event": "dam.works and fair.works", "title": "both at once"}, mean=24e4)
    truth = -np.expm1(-24 / 24e4) * -np.expm1(-1.0)
    row = result.tables["rare-event"].iloc[0]
    assert row.chance_low < truth < row.chance_high
    assert row.millionths == 1e6 * row.chance
    assert found.sentence.startswith("both at once in January 2028 has a chance of ")
    assert " in a million (" in found.sentence
    assert ", about 1 in 16,000, as sure as " in found.sentence
    assert "collapsed" not in found.sentence
    assert row.effective > 100
    each = result.tables["rare-agreements"].set_index("agreement")
    assert each.loc["dam"].substantive_there == 1.0
    assert each.loc["fair"].substantive_all_low < -np.expm1(-1.0) < each.loc["fair"].substantive_all_high
    draws = result.tables["rare-draws"]
    assert list(draws.draw) == ["dam: works, duration", "fair: works, duration"]
    assert draws.level_high[0] < 0.01
    states = result.tables["rare-states"].set_index("state")
    assert states.loc["a calm"]["all"] + states.loc["hot"]["all"] == pytest.approx(1)
    # half of the trials are below 7.8
    toll = result.tables["rare-drivers"].set_index("driver").loc["toll"]
    assert toll.all_low < 10 < toll.all_high
    assert [figure.name for figure in found.figures] == ["rare-agreements"]
    assert "2 draws tilted" in found.notes[0]


def test_which_way_each_draw_leads_is_what_the_caption_says() -> None:
    done = {**WORKS, "duration": {"distribution": "exponential", "mean": 60}, "never": 0.7}
    data = {
        "title": "One dam",
        "signed": date(2026, 1, 1),
        "agreements": [{"id": "dam", "presence": 0.2, "ending": {"rate": 0.5}, "milestones": {"works": done}}],
    }
    asked = {
        "scenario": "x",
        "horizon": 24,
        "trials": 20_000,
        "rare": "dam.substantive",
        "analyses": ("headline", "rare"),
    }
    result = Study(Plan(Question.model_validate(asked), Scenario.from_data(data))).run()
    (found,) = [finding for finding in result.findings if finding.name == "rare"]
    (table,) = [table for table in found.tables if table.name == "rare-draws"]
    level = table.frame.set_index("address").level
    assert level["assumption/agreements.dam.presence/exists"] < 0.2
    assert level["agreement/dam/works/duration"] < 0.5
    assert level["agreement/dam/works/never"] > 0.7
    assert level["agreement/dam/ending"] > 0.5
    assert table.caption.endswith(
        "A low draw makes a duration short, and an agreement exist; a high draw of what may never be done, or may end, "
        "means that it is done, or lasts."
    )


@pytest.mark.parametrize(("plain", "otherwise"), [(5, False), (12, True)])
def test_plain_trials_that_say_otherwise_are_told(plain: int, otherwise: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 1.3 plain sightings expected, five are a coincidence, twelve are not."""
    own = Reading.own

    def seen(reading: Reading, name: str) -> Moments:
        made = own(reading, name)
        count = np.array(plain)
        return replace(made, total=count, square=count, trial_square=count) if name == "plain" else made

    monkeypatch.setattr(Reading, "own", seen)
    result, found = told("dam.works and fair.works", mean=24e4)
    assert ("the plain trials say otherwise" in found.sentence) == otherwise
    assert ("the chance is that of the plain trials" in found.sentence) == otherwise
    assert (", by the plain trials." in found.sentence) == otherwise
    row = result.tables["rare-event"].iloc[0]
    assert (row.chance == plain / 20_000) == otherwise


@pytest.mark.parametrize(
    ("event", "ends", "symbolic"),
    [
        ("number >= 2", (1.0, 1.0), (0.0, 0.0)),
        ("number == 0", (0.0, 0.0), None),
        ("number > 0", None, None),
        ("dam.works and fair.works", None, None),
    ],
)
def test_what_the_event_itself_says_of_every_agreement_is_no_estimate(event: str, ends: Any, symbolic: Any) -> None:
    result, _ = told(event, mean=24, trials=2000)
    each = result.tables["rare-agreements"]
    for word, known in (("substantive", ends), ("symbolic", symbolic)):
        low, high = each[f"{word}_there_low"], each[f"{word}_there_high"]
        if known is None:
            assert (low < high).all()
        else:
            assert (set(low), set(high)) == ({known[0]}, {known[1]})
        assert (each[f"{word}_all_low"] < each[f"{word}_all_high"]).all()


def test_what_no_tilt_can_reach_is_warned_of() -> None:
    """A war is drawn plainly: of 4,000 trials four see it, and that is said wherever the chance is."""
    result, found = told("war.hot", mean=24, trials=4000)
    why = "Nothing was tilted: the pilot found no draw that leads to it"
    assert f"{why}; 4 plain sightings are too few to trust the interval (fewer than 30), and more" in found.sentence
    assert found.sentence in result.results()["findings"]["rare"]["sentence"]
    row = result.tables["rare-event"].iloc[0]
    assert row.chance_low < -np.expm1(-24 / 24_000) < row.chance_high


def test_what_is_not_rare_is_told_as_that() -> None:
    _, found = told("war.hot or war.calm", mean=24, trials=2000)
    assert found.sentence.endswith("It is not rare: plain trials alone would tell as much of it.")
    assert "tilted:" not in found.sentence


@pytest.mark.parametrize(("mean", "rare"), [(24, False), (24e3, True)])
def test_only_of_a_rare_event_it_is_said_how_many_plain_sightings_it_is_worth(mean: float, rare: bool) -> None:
    """The interval by weights is that of a count of rare things: as many plain sightings of a common one are surer."""
    result, found = told("dam.works or fair.works" if mean == 24 else "dam.works", mean=mean, trials=2000)
    row = result.tables["rare-event"].iloc[0]
    assert (row.chance > 0.8) != rare
    assert ("plain sighting" in found.sentence) == rare
    assert ("effective" in row.index) == rare
    assert ("those of the event" in found.notes[1]) == rare


def test_what_is_never_seen_is_bounded() -> None:
    result, found = told("war.hot", mean=24, trials=2000, calm=1e9)
    said = re.search(r"it is 95% sure that its chance is below ([\d,]+) in a million", found.sentence)
    row = result.tables["rare-event"].iloc[0]
    # a bound that is rounded down does not hold
    assert said is not None
    assert row.millionths_high <= float(said[1].replace(",", "")) < 1.2 * row.millionths_high
    assert row.chance == 0
    assert 0 < row.chance_high < 0.01
    assert "leads to it; no trial of this chapter saw it, and more trials are needed." in found.sentence
    assert "rare-agreements" not in result.tables


def test_it_is_not_there_when_nothing_is_asked() -> None:
    from small_world import plan

    result = Study(plan(trials=2000, analyses=("headline", "rare"))).run()
    assert [finding.name for finding in result.findings] == ["headline"]


def test_a_report_is_drawn_again_without_the_tilts() -> None:
    result, found = told("dam.works", mean=24e4, trials=2000)
    stored = Study(Plan(result.study.plan.question, result.study.plan.scenario))
    again = Result.of(stored, dict(result.store()))
    assert again.results() == result.results()
    assert found.sentence in str(again.results())


def test_the_chapter_says_which_trials_and_which_statistic_it_tells_of() -> None:
    """Its chances differ from those of other chapters, and its means from their medians."""
    _, found = told("dam.works and fair.works", mean=24e4, trials=2000)
    titles = {table.name: table.title for table in found.tables}
    for name, title in titles.items():
        if name in ("rare-agreements", "rare-states", "rare-drivers"):
            assert title.endswith("where the rare event happens, and in all trials of this chapter")
    captions = {table.caption for table in found.tables if "in all trials" in table.title}
    assert captions == {
        "The trials of this chapter are its own: from what other chapters tell of theirs, this differs by noise."
    }
    (drivers,) = (table for table in found.tables if table.name == "rare-drivers")
    labels = [column.label for column in drivers.columns.values()]
    assert labels == ["Driver", "Unit", "Mean in all", "Mean where it happens"]
    assert found.figures[0].series == ("in all trials of this chapter", "where it happens")
