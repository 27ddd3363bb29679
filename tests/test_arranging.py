"""What is simulated does not hang on the order of entries in the files."""

from __future__ import annotations

import random
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactrisk.arranging import arranged, arranged_question
from pactrisk.config.documents import parse
from pactrisk.config.edits import set_values
from pactrisk.config.loading import load
from pactrisk.ensemble import Plan, simulate_block
from pactrisk.errors import Place, Problem
from pactrisk.question import Question
from pactrisk.register import assumptions
from pactrisk.report.archive import to_json, to_npz
from pactrisk.scenario import Scenario
from small_world import arrays, data, plan, shuffled

ROOT = Path(__file__).parents[1]
EXTENDED = ("", "-eu-squeeze", "-route-closed")


def written(scenario: Scenario) -> str:
    return scenario.model_dump_json(fallback=str)


@given(st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_whoever_is_written_first_the_scenario_is_the_same(rng: random.Random) -> None:
    tables = data()
    other = Scenario.from_data(shuffled(tables, rng))
    assert written(arranged(other)) == written(arranged(Scenario.from_data(tables)))


def test_entries_were_in_another_order() -> None:
    tables = data()
    assert written(Scenario.from_data(shuffled(tables, random.Random(1)))) != written(Scenario.from_data(tables))


@pytest.mark.parametrize("file", sorted((ROOT / "configs").glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_configs_in_any_order(file: Path) -> None:
    loaded, rng = load(file), random.Random(3)
    tables = tomllib.loads((ROOT / f"scenarios/{loaded.question.scenario}.toml").read_text())
    if "extends" not in tables:
        assert written(arranged(Scenario.from_data(shuffled(tables, rng)))) == written(loaded.plan.scenario)
    asked = shuffled(tomllib.loads(file.read_text()), rng)
    question = arranged_question(Question.model_validate(asked))
    # the variants themselves are made of the edits, each in an order of its own
    said = [q.model_dump_json(exclude={"variants": {"__all__": {"set"}}}) for q in (question, loaded.plan.question)]
    assert said[0] == said[1]
    assert list(loaded.plan.variants) == list(loaded.plan.question.variants)


def reordered(text: str, rng: random.Random) -> str:
    """A file with its sections in another order: each driver, pace, variant or agreement with all its parts."""
    head, *sections = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    groups: dict[str, list[str]] = {}
    for section in sections:
        words = re.match(r"\[+([^\]]+)", section)[1].split(".")  # type: ignore[index]
        agreements = sum(line.startswith("[[") for group in groups.values() for line in group)
        new = agreements + section.startswith("[[")
        groups.setdefault(f"agreements {new}" if words[0] == "agreements" else ".".join(words[:2]), []).append(section)
    mixed = list(groups)
    while mixed == list(groups):
        rng.shuffle(mixed)
    return "\n".join((head, *(section for group in mixed for section in groups[group])))


def test_files_with_their_sections_in_another_order_move_no_byte(tmp_path: Path) -> None:
    found = []
    for place, rng in (("a", None), ("b", random.Random(5)), ("c", random.Random(6))):
        for file in ("configs/kazakhstan-serbia.toml", *(f"scenarios/kazakhstan-serbia{x}.toml" for x in EXTENDED)):
            text = (ROOT / file).read_text("utf-8")
            (tmp_path / place / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / place / file).write_text(reordered(text, rng) if rng else text, "utf-8")
        result = load(tmp_path / place / "configs/kazakhstan-serbia.toml", ["trials=2000"]).study.run()
        found.append((to_json(result.results()), to_npz(result.store())))
    assert found[1] == found[0]
    assert found[2] == found[0]


def test_nothing_is_lost_and_a_second_time_moves_nothing() -> None:
    scenario = Scenario.from_data(data())
    once = arranged(scenario)
    assert written(arranged(once)) == written(once)
    assert once.spreads() == scenario.spreads()
    assert sorted(once.ids) == sorted(scenario.ids)
    assert once.model_dump(exclude={"agreements"}).keys() == scenario.model_dump(exclude={"agreements"}).keys()
    before, after = (arrays(simulate_block(Plan(plan().question, s), 0).base) for s in (scenario, once))
    assert before.keys() == after.keys()
    for name, value in before.items():
        # sums of factors in another order differ in their last digits
        np.testing.assert_allclose(after[name], value, rtol=1e-12, atol=1e-12, err_msg=name)


def test_the_order_is_one_for_people() -> None:
    world = arranged(Scenario.from_data(shuffled(data(), random.Random(2))))
    assert [a.name.casefold() for a in world.agreements] == sorted(a.name.casefold() for a in world.agreements)
    assert list(world.drivers) == world.drivers_in_order
    for agreement in world.agreements:
        known: set[str] = set()
        for name, milestone in agreement.milestones.items():
            assert {other for other in milestone.after if "." not in other} <= known, "each after what it waits for"
            known.add(name)


def test_the_second_lot_stands_before_the_tenth() -> None:
    tables = data()
    terms = tables["agreements"][2]
    titles = ["Lot 10", "lot 2, north", "Lot 002", "Lot 2", "Lot", "10 lots", "2 lots", "Lot \N{SUPERSCRIPT TWO}"]
    tables["agreements"] = [terms | {"id": f"a{place}", "title": title} for place, title in enumerate(titles)]
    tables["quantities"] = {f"q{n}": {"expression": "oil"} for n in (10, 9, 1)}
    made = arranged(Scenario.from_data(tables))
    in_order = ["2 lots", "10 lots", "Lot", "Lot 002", "Lot 2", "lot 2, north", "Lot 10", "Lot \N{SUPERSCRIPT TWO}"]
    assert [agreement.title for agreement in made.agreements] == in_order
    assert list(made.quantities) == ["q1", "q9", "q10"]


def test_where_the_order_says_something_it_is_kept() -> None:
    tables = data()
    for told in ((0.3, 0.6), (0.6, 0.3)):
        tables["drivers"]["oil"]["when"] = [{"driver": "war", "state": "hot", "volatility": v} for v in told]
        kept = arranged(Scenario.from_data(tables)).driver("oil").when
        assert tuple(entry.volatility for entry in kept) == told  # type: ignore[attr-defined]


def rich() -> dict[str, Any]:
    """A world with several entries of one name, and tables inside lists whose order says something."""
    tables = data()
    tables["paces"]["works"]["effects"] += [
        {"driver": "oil", "above": 90, "factor": 0.9},
        {"driver": "oil", "above": {"p10": 110, "p90": 140}, "factor": 0.8},
        {"driver": "war", "state": "hot", "factor": 0.7, "source": "a"},
        {"driver": "oil", "above": 9, "factor": 1},
    ]
    route = tables["drivers"]["route"]["states"]
    route["half"] = {"duration": 3, "next": {"open": 1}}
    route["shut"]["when"] = [{"driver": "war", "state": "hot", "next": {"half": 0.7, "open": 0.3}}]
    tables["drivers"]["attacks"]["dated"].append({"date": date(2026, 9, 1), "chance": {"p10": 0.1, "p90": 0.3}})
    return tables


@given(st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_no_order_moves_a_row_or_a_name_of_the_register(rng: random.Random) -> None:
    in_file_order, other = Scenario.from_data(rich()), Scenario.from_data(shuffled(rich(), rng))
    assert written(arranged(other)) == written(arranged(in_file_order))
    assert assumptions(arranged(other)) == assumptions(arranged(in_file_order))
    # what the report calls an entry is what check, explain and --set call it
    found = {row.path: row.value for row in assumptions(arranged(other))}
    for scenario in (in_file_order, other):
        assert {row.path: row.value for row in assumptions(scenario)} == found
    for more, factor in (("", 1.0), ("#2", 0.9), ("#3", 0.8)):
        assert found[f"paces.works.effects.oil/above{more}.factor"] == f"{factor:.15g}"


def test_an_entry_is_set_by_the_name_that_the_report_gives_it() -> None:
    for above in ((10, 90), (90, 10)):
        entries = ", ".join(f'{{ driver = "oil", above = {x}, factor = 0.9 }}' for x in above)
        document = parse(f"[paces.p]\neffects = [{entries}]\n")
        found: list[Problem] = []
        changed = set_values(document, [("paces.p.effects.oil/above#2.factor", 0.5, Place("--set"))], found)
        assert not found
        told = {entry["above"]: entry["factor"] for entry in changed.data["paces"]["p"]["effects"]}
        assert told == {10: 0.9, 90: 0.5}
