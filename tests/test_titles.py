"""Things of one title: remarked on, and told apart by their ids wherever titles tell things apart."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from pactrisk.config.loading import load
from pactrisk.ensemble.untouched import untouched_agreements
from pactrisk.explain.sentences import named
from pactrisk.lint import question_remarks, remarks
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.titles import told_apart
from small_world import data

ROOT = Path(__file__).parents[1]
HINT = "give each a title of its own: a report tells them apart by their ids alone"


def titled(*edits: tuple[tuple[Any, ...], str]) -> Scenario:
    """The small world with titles of its own for what stands at some places."""
    tables = data()
    for path, title in edits:
        entry: Any = tables
        for key in path:
            entry = entry[key]
        entry["title"] = title
    return Scenario.from_data(tables)


def shared(scenario: Scenario) -> list[tuple[tuple[Any, ...], str]]:
    return [(fault.path, fault.message) for fault in remarks(scenario) if fault.hint == HINT]


ONE, TWO, THREE = (agreement.id for agreement in titled().agreements[:3])
ALIKE = {
    "agreements": (
        [(("agreements", 0), "The pact"), (("agreements", 2), "the pact ")],
        ("agreements", 2),
        f"{ONE} and {THREE}",
    ),
    "a title and an id": ([(("agreements", 1), ONE)], ("agreements", 1), f"{ONE} and {TWO}"),
    "drivers": ([(("drivers", "oil"), "X"), (("drivers", "war"), "X")], ("drivers", "war"), "oil and war"),
    "states": ([(("drivers", "war", "states", "hot"), "cold")], ("drivers", "war", "states", "hot"), "cold and hot"),
}


@pytest.mark.parametrize("what", ALIKE)
def test_what_has_one_title_is_remarked_on_at_the_second(what: str) -> None:
    edits, where, named = ALIKE[what]
    assert shared(titled(*edits)) == [((*where, "title"), f"{named} have one title")]
    assert shared(titled()) == []


def test_variants_and_conditions_of_one_title_are_remarked_on() -> None:
    asked = {
        "scenario": "x",
        "variants": {name: {"title": "Dry"} for name in ("a", "b", "c", "d")},
        "conditions": {"a": {"title": "Dry", "when": "oil > 1"}, "dry": {"when": "oil > 2"}},
    }
    found = [f for f in question_remarks(Question.model_validate(asked), titled()) if f.hint == HINT]
    assert [(f.path, f.message) for f in found] == [
        (("variants", "b", "title"), "a, b, c and 1 more have one title"),
        (("conditions", "dry", "title"), "a and dry have one title"),
    ]


def test_worlds_bear_ids_behind_shared_titles_all_alike() -> None:
    base = titled((("agreements", 0), "Pact"), (("drivers", "oil"), "Oil"))
    other = titled((("agreements", 0), "Pact"), (("agreements", 1), "Pact"), (("drivers", "oil"), "Oil"))
    first, second = told_apart([base, other])
    assert first.agreements[0].name == second.agreements[0].name == f"Pact ({ONE})"
    assert second.agreements[1].name == f"Pact ({TWO})"
    assert first.agreements[1] is base.agreements[1]
    assert first.driver("oil") is base.driver("oil")
    states = told_apart([titled((("drivers", "war", "states", "hot"), "cold"))])[0].drivers["war"].states
    assert [states[name].title for name in ("hot", "cold")] == ["cold (hot)", ""]
    assert told_apart([base])[0] is base


def test_a_report_tells_apart_what_has_one_title(tmp_path: Path) -> None:
    for folder in ("configs", "scenarios"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    corridor, farms = (a.id for a in load(ROOT / "configs/first-steps.toml").scenario.agreements)
    edits = [f'agreements.{id_}.title="The pact"' for id_ in (corridor, farms)]
    edits += ['variants.dear-oil={title = "Oil at 45 USD", set = {"drivers.oil.level" = 95}}', "trials=2000"]
    loaded = load(tmp_path / "configs/first-steps.toml", edits)
    assert len([problem for problem in loaded.remarks if "have one title" in problem.message]) == 2
    plan = loaded.plan
    assert [a.name for a in plan.scenario.agreements] == sorted(f"The pact ({id_})" for id_ in (corridor, farms))
    assert untouched_agreements(plan, "dear-oil") == untouched_agreements(
        load(tmp_path / "configs/first-steps.toml").plan, "cheap-oil"
    )
    told = {finding.name: finding.sentence for finding in loaded.study.run().findings}
    assert "The pact (" in told["headline"]
    assert "under Oil at 45 USD (cheap-oil)" in told["variants"]
    assert "under Oil at 45 USD (dear-oil)" in told["variants"]


def test_a_title_that_bears_its_id_is_not_told_with_it_again() -> None:
    assert named("rail", "The pact (rail)") == "The pact (rail)"
    assert named("rail", "The pact") == "The pact (rail)"
    assert named("rail", "rail") == named("rail", "") == "rail"
