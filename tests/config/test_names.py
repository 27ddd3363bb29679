"""Wherever a list of names is wanted, a single text is a list of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import jsonschema
import pytest
from pydantic import TypeAdapter

from first_steps import refused, taken
from pactrisk.config.schema import schema
from pactrisk.specs import Spec


def lists_of_text(spec: type[Spec] = Spec) -> Iterator[tuple[str, Any]]:
    for made in spec.__subclasses__():
        for word, info in made.model_fields.items() if made.__module__.startswith("pactrisk.") else ():
            if info.annotation == tuple[str, ...]:
                yield f"{made.__name__}.{word}", Annotated[info.annotation, *info.metadata]
        yield from lists_of_text(made)


def test_every_list_of_names_takes_a_single_text() -> None:
    found = dict(lists_of_text())
    assert {"Milestone.after", "Trigger.only_from", "Precision.of", "Question.analyses"} <= found.keys()
    assert {word: TypeAdapter(wanted).validate_python("one") for word, wanted in found.items()} == dict.fromkeys(
        found, ("one",)
    )


@pytest.mark.parametrize(
    ("text", "listed"), [('of = "number"', 'of = ["number"]'), ('analyses = "headline"', 'analyses = ["headline"]')]
)
def test_in_a_config(text: str, listed: str, tmp_path: Path) -> None:
    def read(said: str) -> Any:
        said = f"precision = {{ half_width = 0.05, {said} }}" if said.startswith("of") else said
        return taken(tmp_path, config=[("seed     = 1", said)]).question

    assert read(text) == read(listed)


@pytest.mark.parametrize("names", ["rare", ["rare", "number"]])
def test_in_the_schemas(names: Any) -> None:
    asked = {"scenario": "small", "analyses": names, "precision": {"half_width": 0.05, "of": names}}
    assert jsonschema.Draft7Validator(schema("config")).is_valid(asked)
    assert jsonschema.Draft7Validator(schema("scenario")).is_valid({"extends": "small", "remove": names})
    triggers = [{"driver": "attacks", "state": "hot", "only_from": names}]
    regime = {"kind": "regime", "initial": "hot", "states": {"hot": {}}, "triggers": triggers}
    assert jsonschema.Draft7Validator(schema("scenario")).is_valid({"extends": "small", "drivers": {"war": regime}})


@pytest.mark.parametrize("written", ['"Kazakhstan, Serbia"', '"Kazakhstan; Serbia"', '" Kazakhstan,Serbia, "'])
@pytest.mark.parametrize("word", ["parties", "stakeholders", "frailties"])
def test_several_names_in_one_text_are_told_to_be_a_list(word: str, written: str, tmp_path: Path) -> None:
    above = 'pace              = "works"\n'
    shared = "[frailties.Kazakhstan]\nsd = 0.3\n[frailties.Serbia]\nsd = 0.3"
    (problem,) = refused(tmp_path, [(above, f"{above}{word} = {written}\n"), ("", shared)]).problems
    assert (problem.path, problem.message) == (f"agreements.corridor.{word}", "several names stand in one text")
    assert problem.hint == 'a list is written ["Kazakhstan", "Serbia"]'
    listed = problem.hint.removeprefix("a list is written ")
    read = taken(tmp_path, [(above, f"{above}{word} = {listed}\n"), ("", shared)]).scenario.agreements[0]
    assert getattr(read, word) == ("Kazakhstan", "Serbia")


def test_several_milestones_in_one_text_are_told_to_be_a_list(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, [('after = "plan"', 'after = "plan, farm_trade.certificates"')]).problems
    assert problem.hint == 'a list is written ["plan", "farm_trade.certificates"]'


def test_what_may_be_one_name_with_a_comma_is_told_as_that_too(tmp_path: Path) -> None:
    above, written = 'pace              = "works"\n', "Korea, Republic of"
    (problem,) = refused(tmp_path, [(above, f'{above}parties = " {written}"\n')]).problems
    both = 'a list is written ["Korea", "Republic of"], and a single name with a comma '
    assert problem.hint.startswith(both)
    listed = problem.hint.removeprefix(both)
    read = taken(tmp_path, [(above, f"{above}parties = {listed}\n")]).scenario.agreements[0]
    assert read.parties == (written,)


def test_a_text_with_other_signs_is_one_name(tmp_path: Path) -> None:
    above = 'pace              = "works"\n'
    read = taken(tmp_path, [(above, f"{above}parties = 'Who? <b>, <i>'\n")]).scenario
    assert read.agreements[0].parties == ("Who? <b>, <i>",)


def test_one_name_with_a_comma_stands_in_a_list(tmp_path: Path) -> None:
    above = 'pace              = "works"\n'
    read = taken(tmp_path, [(above, f'{above}parties = ["Ministry of Energy, Bishkek"]\n')]).scenario
    assert read.agreements[0].parties == ("Ministry of Energy, Bishkek",)


def test_an_agreement_in_place_of_its_milestone_is_told_with_all_it_has(tmp_path: Path) -> None:
    change = ('"corridor.trains"]', '"corridor"]')
    (problem,) = refused(tmp_path, [change]).problems
    assert problem.message == "this agreement has no milestone 'corridor'"
    assert problem.hint == "corridor is an agreement; its milestones: corridor.plan, corridor.trains"


@pytest.mark.parametrize("table", ["frailties", "agreements", "milestones", "states"])
def test_letters_of_another_alphabet_are_told_which_there_are(table: str, tmp_path: Path) -> None:
    change = {
        "frailties": ("", '[frailties."Бишкек"]\nsd = 0.3'),
        "agreements": ('id                = "corridor"', 'id = "Бишкек"'),
        "milestones": (
            "milestones.certificates = ",
            'milestones."Бишкек" = { track = "formal", duration = 1 }\nmilestones.certificates = ',
        ),
        "states": ("states.closed = ", 'states."Бишкек" = {}\nstates.closed = '),
    }[table]
    told = refused(tmp_path, [change]).problems
    said = [f"{problem.message} {problem.hint}" for problem in told]
    assert any("letters a to z, digits and underscores, a letter first" in words for words in said)


BORDER = "states.closed = { duration = { p50 = 4, p90 = 12 }, next = { open = 1 } }"
DATED = '[drivers.votes]\nkind = "events"\n{}\n[quantities.votes]\nexpression = "votes"'


@pytest.mark.parametrize(
    ("change", "path", "hint"),
    [
        (
            ('pace                    = "works"', 'pace = "works"\nceremonies = ["summits"]'),
            "agreements.farm_trade.ceremonies.0",
            'write { driver = "summits", weight = ... }',
        ),
        (
            ('pace                    = "works"', 'pace = "works"\nceremonies = "summits"'),
            "agreements.farm_trade.ceremonies",
            'write ceremonies = [{ driver = "summits", weight = ... }]',
        ),
        (
            ("ramp = 12", 'ramp = 12, effects = ["oil"]'),
            "agreements.farm_trade.flow.effects.0",
            'write { driver = "oil", ... }',
        ),
        (
            (BORDER, BORDER.replace("{ open = 1 }", '"open"')),
            "drivers.border.states.closed.next",
            "write next = { open = 1 }",
        ),
        (
            (BORDER, BORDER.replace("{ open = 1 }", '["open"]')),
            "drivers.border.states.closed.next",
            "write next = { open = 1 }",
        ),
        (("", DATED.format("dated = [2027-01-24]")), "drivers.votes.dated.0", "write { date = 2027-01-24 }"),
        (("", DATED.format("dated = [3]")), "drivers.votes.dated.0", ""),
    ],
)
def test_a_name_in_place_of_a_table_is_told_in_full(
    change: tuple[str, str], path: str, hint: str, tmp_path: Path
) -> None:
    (problem,) = refused(tmp_path, [change]).problems
    assert (problem.path, problem.hint) == (path, hint)


@pytest.mark.parametrize(
    "change",
    [
        ("", DATED.format("dated = [{ date = 2027-01-24 }]")),
        ("ramp = 12", 'ramp = 12, effects = [{ driver = "oil", elasticity = 0.1 }]'),
    ],
)
def test_what_is_told_in_full_is_taken(change: tuple[str, str], tmp_path: Path) -> None:
    taken(tmp_path, [change])


@pytest.mark.parametrize(
    ("key", "path", "hint"),
    [
        (
            "agreements.Freight corridor.depth",
            'agreements."Freight corridor"',
            "agreements go by id, not by title: write agreements.corridor",
        ),
        (
            'agreements."Freight corridor".depth',
            'agreements."Freight corridor"',
            "agreements go by id, not by title: write agreements.corridor",
        ),
        (
            "agreements.freight Corridor",
            'agreements."freight Corridor"',
            "agreements go by id, not by title: write agreements.corridor",
        ),
        ("drivers.Oil price.level", 'drivers."Oil price"', "drivers go by name, not by title: write drivers.oil"),
        ("agreements.far trade.depth", 'agreements."far trade"', "did you mean agreements.farm_trade?"),
    ],
)
def test_a_title_in_a_key_is_told_with_the_name_of_what_bears_it(
    key: str, path: str, hint: str, tmp_path: Path
) -> None:
    above = 'pace              = "works"\n'
    world = [
        (above, f'{above}title = "Freight corridor"\n'),
        ("half_life  = 14", 'half_life = 14\ntitle = "Oil price"'),
    ]
    asked = f"[variants.x]\nset = {{ '{key}' = 0.5 }}"
    (problem,) = refused(tmp_path, world, [("", asked)]).problems
    assert (problem.path, problem.hint) == (f"variants.x.set.{path}", hint)
    (problem,) = refused(tmp_path, world, sets=[f"{key}=0.5"]).problems
    assert (problem.path, problem.hint) == (path, hint)
