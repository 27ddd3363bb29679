"""One wrong key hides no fault elsewhere, and makes none up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from pactrisk.config import load, load_scenario
from pactrisk.config.checking import built, odd_in_scenario
from pactrisk.config.documents import Document
from pactrisk.config.salvaging import salvaged
from pactrisk.config.sources import read_scenario
from pactrisk.config.unread import Unread
from pactrisk.errors import InputError, Problem
from pactrisk.question import Question
from pactrisk.scenario import Scenario, expand
from small_world import data

ROOT = Path(__file__).parent.parent.parent
Path_ = tuple[Any, ...]
WORLD = """
title = "Everything at once"
signed = 2026-02-27
[drivers.oil]
kind = "two_factor"
initial = { p10 = 90, p90 = 60 }
half_life = 12
passing_volatility = 0.3
lasting_volatility = 0.1
[drivers.gold]
kind = "geometric_brownian"
initial = 70
volatility = 0.3
[drivers.war]
kind = "regime"
initial = "fighting"
[drivers.war.states.fighting]
duration = { p10 = 3, p90 = 9 }
next = { peace = 0.7, trce = 0.2 }
[drivers.war.states.peace]
[drivers.war.states.limbo]
[paces.works]
effects = [
  { driver = "oil", elasticity = 0 },
  { driver = "oill", elasticity = 0.2 },
  { driver = "war", state = "fighing", factor = 0.5 },
]
[paces.spare]
effects = [{ driver = "oil", elasticity = 0.1 }]
[[agreements]]
id = "rail"
pace = "works"
ttle = "A railway"
depth = 1.2
[agreements.milestones]
study = { track = "formal", duration = 6, after = "opening" }
contract = { track = "material", weight = 0.5, duration = 6, after = "study" }
opening = { track = "material", weight = 0.4, duration = "long", after = ["contract", "permit"] }
dream = { track = "material", duration = 12, never = 1 }
"""
PROBLEMS = {
    ("drivers.oil.initial", "quantiles must rise"),
    ("drivers.war.states.fighting.next", "must sum to 1, not 0.9"),
    ("drivers.war.states.fighting.next.trce", "no state 'trce'"),
    ("paces.works.effects.oill/elasticity.driver", "no driver is called 'oill'"),
    ("paces.works.effects.war/fighing.state", "has no state 'fighing'"),
    ("agreements.rail", "must sum to 1, not 0.9"),
    ("agreements.rail.ttle", "is not a key"),
    ("agreements.rail.depth", "at most 1"),
    ("agreements.rail.milestones.contract.after", "in a circle"),
    ("agreements.rail.milestones.opening.duration", "must be a number"),
    ("agreements.rail.milestones.opening.after.1", "no milestone 'permit'"),
}
REMARKS = {
    ("drivers.gold", "nobody reads gold"),
    ("drivers.war.states.limbo", "can never be in limbo"),
    ("paces.works.effects.oil/elasticity.elasticity", "changes nothing"),
    ("paces.spare", "nobody uses the pace spare"),
    ("agreements.rail.milestones.dream", "can never be done"),
}
"""Nothing waits for dream, but permit may have meant it."""


def are(found: tuple[Problem, ...], told: set[tuple[str, str]]) -> bool:
    """Whether these and no others are told."""
    left = [(p.path, p.message) for p in found]
    for path, words in told:
        match = next((each for each in left if each[0] == path and words in each[1]), None)
        assert match is not None, (path, words)
        left.remove(match)
    assert not left
    return True


def test_a_file_with_everything_wrong_is_told_all_of_it_at_once(desk: Path) -> None:
    (desk / "scenarios/all.toml").write_text(WORLD, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario("scenarios/all.toml")
    assert are(caught.value.problems, PROBLEMS)
    assert are(caught.value.remarks, REMARKS)


def test_a_config_its_scenario_and_a_variant_that_is_not_there_are_told_together(desk: Path) -> None:
    (desk / "scenarios/all.toml").write_text(WORLD, encoding="utf-8")
    ask = 'scenario = "all"\nhorizon = "24 months"\nheadline = 36\ntrials_per_world = 7\nsed = 3\n'
    ask += '[conditions.calm]\nwhen = "wr.peace"\n[conditions.dear]\nwhen = "gold > 90"\n'
    ask += '[variants.lost]\nscenario = "nowhere"\n[variants.shut]\nset = { "drivers.war.initial" = "shut" }\n'
    ask += "[rule]\npartial = 0.9\n"
    (desk / "configs/ask.toml").write_text(ask, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load("configs/ask.toml", ["drivers.oil", "drivers.ol.half_life=3"])
    config = {
        ("headline", "lie beyond the horizon"),
        ("trials_per_world", "must divide 200"),
        ("sed", "is not a key"),
        ("conditions.calm.when", "no driver is called 'wr'"),
        ("variants.lost.scenario", "nowhere"),
        ("variants.shut.set.drivers.war.initial", "no state 'shut'"),
        ("rule", "cuts must fall"),
        ("drivers.oil", "is not key=value"),
        ("drivers.ol", "'ol'"),
    }
    assert are(caught.value.problems, PROBLEMS | config)
    # a condition reads gold
    assert are(caught.value.remarks, {(path, said) for path, said in REMARKS if path != "drivers.gold"})


def keys(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Every path in the tables of a file."""
    pairs: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from keys(inner, (*path, key))


NAMES = [
    (word,)
    for word in (
        "drivers",
        "states",
        "milestones",
        "paces",
        "frailties",
        "templates",
        "factors",
        "sources",
        "quantities",
    )
]
"""Tables whose keys are names: another name is no misspelt key."""


def broken(tables: dict[str, Any], path: Path_) -> Iterator[dict[str, Any]]:
    """The tables with what stands at ``path`` of another sort, and with the key misspelt."""
    wrong: tuple[Any, ...] = ([[]], -7, "zzz zz")
    for value in wrong:
        made = deepcopy(tables)
        inner: Any = made
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
        yield made
    made = deepcopy(tables)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    if isinstance(inner, dict) and path[-2:-1] not in NAMES:
        inner[f"{path[-1]}x"] = inner.pop(path[-1])
        yield made


def of_types(tables: dict[str, Any], model: Any = Scenario) -> set[tuple[str, str]]:
    """What is wrong with keys, each taken by itself."""
    found: list[Problem] = []
    filled = expand(tables)[0] if model is Scenario else tables
    salvaged(model, filled, Document(filled, {}, "x"), found)
    return {(p.path, p.message) for p in found}


@pytest.mark.parametrize(
    ("name", "every"), [("first-steps", 1), ("kazakhstan-serbia", 80), ("kazakhstan-serbia-brief", 80)]
)
def test_a_wrong_key_makes_no_other_fault(name: str, every: int) -> None:
    source = read_scenario(ROOT / f"scenarios/{name}.toml", {}, [])
    tried = 0
    for path in list(keys(source.document.data))[::every]:
        for tables in broken(source.document.data, path):
            alone = of_types(tables)
            if not alone:
                continue
            found: list[Problem] = []
            world = built(Document(tables, {}, "x"), source.path, {}, found, strict=False)
            # who is given another name is no longer found under the old one
            told = {(p.path, p.message) for p in found if not re.search("no (template|agreement) is called", p.message)}
            assert told <= alone, path
            assert odd_in_scenario(world, found) == [], path
            tried += 1
    assert tried > 50


@pytest.mark.parametrize(
    ("name", "every"), [("first-steps", 1), ("kazakhstan-serbia", 40), ("kazakhstan-serbia-brief", 30)]
)
def test_what_could_not_be_read_makes_no_fault(name: str, every: int) -> None:
    source = read_scenario(ROOT / f"scenarios/{name}.toml", {}, [])
    for path in list(keys(source.document.data))[::every]:
        tables = deepcopy(source.document.data)
        inner: Any = tables
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = Unread("0,5")
        found: list[Problem] = []
        world = built(Document(tables, {}, "x"), source.path, {}, found, strict=False)
        assert found == [], path
        assert odd_in_scenario(world, found) == [], path


def test_a_wrong_key_of_a_config_makes_no_other_fault(desk: Path) -> None:
    tables = {
        "scenario": "small", "horizon": "24 months", "headline": 12, "trials": 2000, "step": "quarter",
        "conditions": {"dear": {"when": "oil > 90", "months": 3}}, "rule": {"partial": 0.4},
        "variants": {"cheap": {"set": {"drivers": {"oil": {"level": 45}}}}}, "precision": {"half_width": 0.01},
        "cuts": {"other": {"substantive": 0.8}}, "analyses": ["headline"],
    }  # fmt: skip
    file = desk / "configs/ask.toml"
    file.write_text(tomli_w.dumps(tables), encoding="utf-8")
    before = {(p.path, p.message) for p in load(file).remarks}
    for path in keys(tables):
        for made in broken(tables, path):
            alone = of_types(made, Question)
            if alone:
                file.write_text(tomli_w.dumps(made), encoding="utf-8")
                with pytest.raises(InputError) as caught:
                    load(file)
                assert {(p.path, p.message) for p in caught.value.problems} <= alone, path
                assert {(p.path, p.message) for p in caught.value.remarks} <= before, path


def test_a_wrong_key_hides_no_fault_elsewhere() -> None:
    source = read_scenario(ROOT / "scenarios/first-steps.toml", {}, [])
    wrong = deepcopy(source.document.data)
    wrong["drivers"]["oil"]["when"] = [{"driver": "bordr", "state": "closed", "volatility": 0.9}]
    wrong["agreements"][1]["flow"]["weight"] = 0.7
    faults = ("no driver is called 'bordr'", "must sum to 1")
    hidden = 0
    for path in keys(source.document.data):
        for tables in broken(wrong, path):
            found: list[Problem] = []
            built(Document(tables, {}, "x"), source.path, {}, found, strict=False)
            said = " ".join(p.message for p in found)
            # what is lost with the key that holds it, or rests on what was lost, cannot be told
            near = [("drivers",), ("drivers", "oil"), ("drivers", "oil", "kind")]
            driver = path in near or path[:3] == ("drivers", "oil", "when") or path == ("agreements",)
            assert driver or faults[0] in said, (path, said)
            if faults[1] not in said:
                hidden += 1
                assert path[:2] in (("agreements", 1), ("agreements",), ("drivers",), ("paces",)), (path, said)
    assert hidden < 60


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        ('kind = "two_factor"', 'kind = "two_facto"', ("drivers.oil.kind", "must be one of")),
        ("agreements", "agreement", ("agreement", "is not a key")),
        ("[drivers.gold]", "[driver.gold]", ("driver", "is not a key")),
        ('track = "formal"', 'trak = "formal"', ("agreements.rail.milestones.study.trak", "is not a key")),
        ("elasticity = 0.2", "elasticty = 0.2", ("paces.works.effects.0.elasticty", "is not a key")),
        ('kind = "regime"', 'kind = "regime"\nelapsed = "no"', ("drivers.war.elapsed", "must be a number")),
        ('title = "Everything at once"', "title = 7", ("title", "must be text")),
    ],
)
def test_one_slip_more_is_one_problem_more(old: str, new: str, more: tuple[str, str], desk: Path) -> None:
    assert old in WORLD
    (desk / "scenarios/all.toml").write_text(WORLD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario("scenarios/all.toml")
    problems = tuple(
        p for p in caught.value.problems if not (p.path.endswith(more[0].rpartition(".")[2]) and more[1] in p.message)
    )
    assert len(problems) == len(caught.value.problems) - 1
    assert are(problems, PROBLEMS)
    assert are(caught.value.remarks, REMARKS)


def told(desk: Path, scenario: str, config: str = "") -> set[tuple[str, str, int]]:
    """Path, message and line of every problem of a scenario, or of a config with it."""
    (desk / "scenarios/s.toml").write_text(scenario, encoding="utf-8")
    (desk / "configs/c.toml").write_text(config or 'scenario = "s"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load("configs/c.toml")
    return {(p.path, p.message, p.place.line if p.place else 0) for p in caught.value.problems}


FIRST = (ROOT / "scenarios/first-steps.toml").read_text(encoding="utf-8")


def test_a_word_of_a_lost_value_hides_no_sentence_that_holds_it(desk: Path) -> None:
    text = FIRST.replace('pace              = "works"', 'pace = "workz"', 1).replace('"open"', '"opn"', 1)
    assert text != FIRST
    text += '\n[quantities.q]\nexpression = "no (oil"\n'
    said = " ".join(message for _, message, _ in told(desk, text))
    assert "there is no state 'opn'" in said
    assert "no pace is called 'workz'" in said


def test_what_an_edit_of_a_variant_makes_wrong_is_told_of_the_variant(desk: Path) -> None:
    config = 'scenario = "s"\n[variants.half]\nset = { "drivers.border.states.open.next.closed" = 0.5 }\n'
    (problem,) = told(desk, FIRST, config)
    assert problem[0] == "variants.half.set.drivers.border.states.open.next"
    assert "must sum to 1, not 0.5" in problem[1]
    assert problem[2] == 3


def test_all_that_is_wrong_with_one_number_or_one_table_is_told(desk: Path) -> None:
    text = FIRST.replace("elasticity = 0.5", 'elasticity = { p10 = 0.8, p90 = 0.4, trust = "Z", sorce = "x" }', 1)
    text += (
        '[drivers.tin]\nkind = "geometric_brownian"\ninitial = 3\nvolatility = 0.2\nfactors = { f = 0.9, g = 0.9 }\n'
    )
    text += '[factors.f]\n[drivers.new]\nkind = "mean_revertng"\ninitial = "x"\nfoo = 3\n'
    said = " ".join(f"{path} {message}" for path, message, _ in told(desk, text))
    for words in (
        "'sorce'",
        "trust must be",
        "quantiles must rise",
        "squares of the loadings",
        "'g'",
        "new.kind",
        "new.initial",
        "new.foo",
    ):
        assert words in said, words


def test_a_slip_with_a_hidden_character_is_told_without_it(desk: Path) -> None:
    (desk / "scenarios/base.toml").write_text(FIRST, encoding="utf-8")
    child = '"ext\u202eends" = "base"\n"agree\u202ements" = []\n[templates.a]\n"mile\u202estones" = {}\n'
    for path, message, _ in told(desk, child):
        assert (path + message).isprintable()


def test_single_brackets_are_told_and_what_stands_under_them_is_judged(desk: Path) -> None:
    text = 'title = "One"\nsigned = 2026-01-01\n[agreements]\nid = "rail"\npace = "works"\n'
    text += '[agreements.milestones]\nopening = { track = "material", weight = 0.5, duration = -3 }\n'
    assert {path for path, _, _ in told(desk, text)} == {
        "agreements", "agreements.rail", "agreements.rail.pace", "agreements.rail.milestones.opening.duration",
    }  # fmt: skip


def test_what_is_no_slip_is_not_read_as_one(desk: Path) -> None:
    text = FIRST.replace('pace              = "works"', 'pace = "works"\ndate = 2027-01-01\nuntil = 3', 1)
    assert {path.rpartition(".")[2] for path, _, _ in told(desk, text)} == {"date", "until"}


def test_names_of_files_and_sections_beside_the_right_ones_are_read_as_meant(desk: Path) -> None:
    base = f'{FIRST}\n[driver.border.states.shut]\nduration = "x"\n'
    (desk / "scenarios/base.toml").write_text(base.replace('"open"', '"opn"', 1), encoding="utf-8")
    child = 'extend = "bse"\n[drivers.oil]\nvolatility = "x"\n'
    config = 'scenario = "s"\n[variant.one]\nset = { "drivers.oil.levl" = 5 }\n[variants.two]\nset = { title = "x" }\n'
    said = {path for path, _, _ in told(desk, child, config)}
    assert {"extend", "extends", "driver", "drivers.border.initial", "drivers.oil.volatility", "variant"} <= said
    assert "drivers.border.states.shut.duration" in said
    assert "variants.one.set.drivers.oil.levl" in said


def test_every_circle_is_told(desk: Path) -> None:
    rings = "".join(
        f'[drivers.{a}]\nkind = "formula"\nexpression = "{b} + 1"\n' for a, b in ("ab", "ba", "cd", "dc", "ee")
    )
    circles = [message for _, message, _ in told(desk, FIRST + rings) if "circle" in message]
    assert len(circles) == 3


def test_a_config_without_its_scenario_and_an_extension_that_lacks_something_are_judged_all_the_same(
    desk: Path,
) -> None:
    config = 'scenaro = "s"\ntrials_per_world = 7\nanalyses = ["foo"]\n[rule]\npartial = 0.9\n'
    said = {path for path, _, _ in told(desk, FIRST.replace('"open"', '"opn"', 1), config)}
    assert said == {"scenaro", "trials_per_world", "analyses.0", "rule", "drivers.border.initial"}
    (desk / "scenarios/base.toml").write_text(FIRST.replace('"open"', '"opn"', 1), encoding="utf-8")
    child = 'extends = "base"\nremove = ["drivers.gas"]\n[drivers.oil]\nlevle = 3\n'
    said = {path for path, _, _ in told(desk, child)}
    assert said == {"remove.0", "drivers.oil.levle", "drivers.border.initial"} or said == {
        "drivers.gas", "drivers.oil.levle", "drivers.border.initial",
    }  # fmt: skip


def test_a_list_entry_that_is_left_out_moves_no_place() -> None:
    tables = data()
    tables["agreements"].insert(0, "not a table")
    tables["agreements"][-1]["pace"] = "nowhere"
    found: list[Problem] = []
    built(Document(tables, {}, "x"), ROOT, {}, found, strict=False)
    assert {(p.path, p.message) for p in found} == {
        ("agreements.0", "must be a table, not text"),
        (f"agreements.{tables['agreements'][-1]['id']}.pace", "no pace is called 'nowhere'"),
    }
