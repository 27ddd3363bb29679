"""What pydantic finds, told plainly: the key, the sentence, the hint, the line; and the fields behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import _pydantic_core

from pactrisk.config.documents import Document, Inherited, parse
from pactrisk.config.fields import choices, field_at, fields_at, meaning_of, told
from pactrisk.config.messages import problems
from pactrisk.config.sentences import sentence
from pactrisk.errors import Place, Problem
from pactrisk.scenario import Scenario, expand

JARGON = re.compile(
    r"valid|input|dictionar|string|pydantic|instance|parse|decimal|literal|tag|union|assert|value_", re.I
)


@dataclass(frozen=True)
class Paper:
    meaning: str
    unit: str = ""


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Leap(Table):
    rate: Annotated[float, Field(ge=0, strict=True), Paper("leaps", "per year")]
    """of no use: the number has its papers"""


def never(text: str) -> str:
    if text == "two":
        raise ValueError("has two\nlines", "say it\nonce")
    if text == "assert":
        raise AssertionError
    if text == "one":
        raise ValueError(f"is {'x' * 900}")
    return text


class Price(Table):
    kind: Literal["price"]
    level: Annotated[float, Field(gt=0, strict=True), Paper("price it is pulled to", "USD")]
    half_life: Annotated[float, Paper("time for a gap to halve", "months")] | None = None
    leap: Leap | None = None
    """rare leaps"""
    said: Annotated[str, AfterValidator(never)] = ""


class State(Table):
    duration: float = 1.0
    next: dict[str, Annotated[float, Field(le=1), Paper("chance of this state next")]] = {}


class Regime(Table):
    kind: Literal["regime"]
    initial: str | dict[str, Annotated[float, Field(le=1)]]
    """state at the start, or the odds of each"""
    states: dict[str, State] = {}
    regime: int = 0

    @model_validator(mode="after")
    def _known(self) -> Regime:
        if "nowhere" in self.states:
            raise ValueError("no state is called nowhere", "call it somewhere")
        return self


class Agreement(Table):
    id: Annotated[str, Field(max_length=10)]
    depth: Annotated[int, Field(ge=1, lt=9, multiple_of=2)] = 2
    signed: date | None = None
    """day of signature"""
    parties: tuple[str, ...] = ()
    pair: tuple[int, str] | None = None
    on: bool = False
    milestones: dict[str, State] = {}


class World(Table):
    title: str
    """name for people"""
    step: Literal["month", "quarter"] = "month"
    drivers: dict[
        Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9_]*$")],
        Annotated[Price | Regime, Field(discriminator="kind")],
    ] = {}
    agreements: Annotated[list[Agreement], Field(min_length=1)]


GOOD = 'title = "x"\nagreements = [{ id = "a" }]\n'


def found(text: str, model: type[BaseModel] = World, good: str = GOOD) -> list[Problem]:
    document = parse(good + text, "w.toml")
    with pytest.raises(ValidationError) as caught:
        model.model_validate(document.data)
    made = problems(caught.value.errors(include_url=False), document, model)
    for problem in made:
        assert (problem.path + problem.message + problem.hint).isprintable()
    return made


PRICE = '[drivers.oil]\nkind = "price"\nlevel = 1\n'
REGIME = '[drivers.war]\nkind = "regime"\ninitial = "war"\n'
ITEM = '[[agreements]]\nid = "vet"\n'
NO_LIST = 'title = "x"\n'


@pytest.mark.parametrize(
    ("good", "text", "line", "path", "message", "hint"),
    [
        (GOOD, "zzz = 1", 3, "zzz", "is not a key here", "the keys here are title, step, drivers, agreements"),
        (NO_LIST, "agreement = 1", 2, "agreement", "is not a key here", "did you mean agreements?"),
        (GOOD, "Title = 1", 3, "Title", "is not a key here", "did you mean title? It is set already"),
        (GOOD, PRICE + "half-life = 3", 6, "drivers.oil.half-life", "is not a key here", "did you mean half_life?"),
        (GOOD, PRICE + "leap = { rat = 1, rate = 1 }", 6, "drivers.oil.leap.rat", "is not a key here",
         "did you mean rate? It is set already"),
        (GOOD, PRICE + "half_life = 'long'", 6, "drivers.oil.half_life", "must be a number, not 'long'",
         "half_life: time for a gap to halve, in months"),
        (GOOD, PRICE + "leap = { rate = -1 }", 6, "drivers.oil.leap.rate", "must be at least 0, not -1",
         "rate: leaps, per year"),
        (GOOD, PRICE + "leap = { rate = 'a' }", 6, "drivers.oil.leap.rate", "must be a number, not text",
         "rate: leaps, per year"),
        (GOOD, PRICE + "leap = {}", 6, "drivers.oil.leap.rate", "is required", "rate: leaps, per year"),
        (GOOD, PRICE + "leap = 7", 6, "drivers.oil.leap", "must be a table, not a number", "leap: rare leaps"),
        (GOOD, PRICE.replace("1", "-9"), 5, "drivers.oil.level", "must be above 0, not -9",
         "level: price it is pulled to, in USD"),
        (GOOD, PRICE.replace("1", "nan"), 5, "drivers.oil.level", "must be above 0, not nan",
         "level: price it is pulled to, in USD"),
        (GOOD, PRICE + "said = 'two'", 6, "drivers.oil.said", "has two lines", "say it once"),
        (GOOD, PRICE.replace('"price"', '"prices"'), 4, "drivers.oil.kind",
         "must be one of price, regime, not 'prices'", "did you mean price?"),
        (GOOD, PRICE.replace('"price"', "3"), 4, "drivers.oil.kind", "must be one of price, regime, not 3", ""),
        (GOOD, "[drivers.oil]\nlevel = 1", 3, "drivers.oil", "kind is required: one of price, regime", ""),
        (GOOD, "[drivers]\noil = 3", 4, "drivers.oil", "must be a table, not a number", ""),
        (GOOD, "drivers = []", 3, "drivers", "must be a table, not a list", ""),
        (GOOD, PRICE.replace("oil", '"9 lives"'), 3, 'drivers."9 lives"',
         "its name must be letters a to z, digits and underscores, a letter first, not '9 lives'", ""),
        (GOOD, REGIME.replace('"war"', "3"), 5, "drivers.war.initial", "must be text or a table, not a number",
         "initial: state at the start, or the odds of each"),
        (GOOD, REGIME.replace('"war"', "{ str = 2 }"), 5, "drivers.war.initial.str", "must be at most 1, not 2", ""),
        (GOOD, REGIME + "regime = 'x'", 6, "drivers.war.regime", "must be a whole number, not 'x'", ""),
        (GOOD, REGIME + "regime = 1.5", 6, "drivers.war.regime", "must be a whole number, not 1.5", ""),
        (GOOD, REGIME + "states.war.next = { peace = 2 }", 6, "drivers.war.states.war.next.peace",
         "must be at most 1, not 2", "peace: chance of this state next"),
        (GOOD, REGIME + "states.nowhere = {}", 3, "drivers.war", "no state is called nowhere", "call it somewhere"),
        (GOOD, "step = 'weak'", 3, "step", "must be one of month, quarter, not 'weak'", ""),
        (GOOD, "step = 'months'", 3, "step", "must be one of month, quarter, not 'months'", "did you mean month?"),
        (NO_LIST, "", 1, "agreements", "is required", ""),
        (NO_LIST, "agreements = []", 2, "agreements", "must have at least 1 item, not 0", ""),
        (NO_LIST, "agreements = 'x'", 2, "agreements", "must be a list, not text", ""),
        (NO_LIST, ITEM + "depth = 10", 4, "agreements.vet.depth", "must be below 9, not 10", ""),
        (NO_LIST, ITEM + "depth = 3", 4, "agreements.vet.depth", "must be a multiple of 2, not 3", ""),
        (NO_LIST, ITEM + "depth = {}", 4, "agreements.vet.depth", "must be a whole number, not a table", ""),
        (NO_LIST, ITEM + "on = 'maybe'", 4, "agreements.vet.on", "must be true or false, not 'maybe'", ""),
        (NO_LIST, ITEM + "on = 2026-01-01", 4, "agreements.vet.on", "must be true or false, not a date", ""),
        (NO_LIST, ITEM + "signed = '2026-13-01'", 4, "agreements.vet.signed",
         "must be a date such as 2026-02-27, not '2026-13-01'", "signed: day of signature"),
        (NO_LIST, ITEM + "signed = 2026-01-01T10:00:00", 4, "agreements.vet.signed",
         "must be a date without a time of day, not 2026-01-01T10:00:00", "signed: day of signature"),
        (NO_LIST, ITEM + "signed = []", 4, "agreements.vet.signed", "must be a date, not a list",
         "signed: day of signature"),
        (NO_LIST, ITEM + "parties = [\n'x',\n3]", 6, "agreements.vet.parties.1", "must be text, not a number", ""),
        (NO_LIST, ITEM + "pair = [1]", 4, "agreements.vet.pair.1", "is required", ""),
        (NO_LIST, ITEM + "milestones.signed.duration = true", 4, None, None, None),
        (NO_LIST, ITEM + "[agreements.milestones.m]\nx = 1", 5, "agreements.vet.milestones.m.x", "is not a key here",
         "the keys here are duration, next"),
        (NO_LIST, "[[agreements]]\ndepth = 0\nid = 3", 3, "agreements.0.depth", "must be at least 1, not 0", ""),
        (NO_LIST, '[[agreements]]\nid = "much too long"', 3, 'agreements."much too long".id',
         "must have at most 10 characters, not 13", ""),
    ],
)  # fmt: skip
def test_each_mistake_has_its_place_sentence_and_hint(
    good: str, text: str, line: int, path: str | None, message: str | None, hint: str | None
) -> None:
    if path is None:
        # pydantic takes true for 1: nothing to say
        assert World.model_validate(parse(good + text).data)
        return
    problem = next(problem for problem in found(text, good=good) if problem.path == path)
    assert problem.message == message
    assert problem.hint == hint
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("w.toml", line)


def test_all_problems_are_told_and_echoes_are_not() -> None:
    text = "agreements = [{ id = 3, depth = 0 }, { depth = 99 }]\nextra = 1\n"
    assert [(p.path, p.message) for p in found(text, good="")] == [
        ("title", "is required"),
        ("agreements.0.id", "must be text, not a number"),
        ("agreements.0.depth", "must be at least 1, not 0"),
        ("agreements.1.id", "is required"),
        ("agreements.1.depth", "must be a multiple of 2, not 99"),
        ("extra", "is not a key here"),
    ]


def test_only_the_meant_member_of_a_union_is_spoken_of() -> None:
    text = REGIME.replace('"war"', "{ peace = 2, str = 0.5 }") + "regime = 1\nstates.war.next.regime = 3\n"
    assert [(p.path, p.message) for p in found(text)] == [
        ("drivers.war.initial.peace", "must be at most 1, not 2"),
        ("drivers.war.states.war.next.regime", "must be at most 1, not 3"),
    ]


def test_a_list_called_short_because_its_items_are_wrong_is_not_called_short() -> None:
    document = parse('title = "x"\nsigned = 2026-02-27\n[[agreements]]\nid = 3\n', "w.toml")
    with pytest.raises(ValidationError) as caught:
        Scenario.model_validate(document.data)
    assert "too_short" in {each["type"] for each in caught.value.errors()}
    assert [p.message for p in problems(caught.value.errors(include_url=False), document, Scenario)] == [
        "must be text, not a number"
    ]


def test_what_many_inherit_is_said_once() -> None:
    text = "[templates.m]\ndepth = 3\n[[agreements]]\nid = 'a'\n[[agreements]]\nid = 'b'\n[agreements.milestones]\n"
    document = parse('title = "x"\nsigned = 2026-02-27\n' + text.replace("id", 'template = "m"\nid'), "w.toml")
    data, origins = expand(document.data)
    places = Inherited(document.places, origins)
    with pytest.raises(ValidationError) as caught:
        Scenario.model_validate(data)
    assert sum(each["loc"][-1] == "depth" for each in caught.value.errors()) == 3
    made = problems(caught.value.errors(include_url=False), replace(document, data=data, places=places), Scenario)
    assert [(p.path, p.place) for p in made if p.path.endswith("depth")] == [
        ("templates.m.depth", Place("w.toml", 4, 1))
    ]


def test_the_message_of_the_design() -> None:
    text = "title = 'x'\nsigned = 2026-02-27\n[drivers.brent]\nkind = 'mean_reverting'\ninitial = 70\nlevel = 70\n"
    document = parse(text + "half_life = -9\nvolatility = 0.3\n[[agreements]]\nid = 'a'\n", "scenarios/ks.toml")
    with pytest.raises(ValidationError) as caught:
        Scenario.model_validate(document.data)
    assert str(problems(caught.value.errors(include_url=False), document, Scenario)[0]) == (
        "scenarios/ks.toml:7  drivers.brent.half_life\n"
        "  must be above 0, not -9\n"
        "  half_life: time for a gap to the level to halve, in months"
    )


@pytest.mark.parametrize(
    ("text", "part", "most"),
    [
        (PRICE + f"half_life = '{'x' * 500}'", "must be a number, not 'xxxx", 90),
        (PRICE + 'half_life = "a\\u001b[31m\\u202e\\nb"', "must be a number, not 'a\ufffd[31m\ufffd b'", 90),
        (PRICE + "said = 'one'", "is xxx", 400),
        (PRICE + f'"{"k" * 300}\\u0007" = 1', "is not a key here", 90),
    ],
)
def test_what_is_quoted_is_short_and_inert(text: str, part: str, most: int) -> None:
    (problem,) = found(text)
    assert problem.message.startswith(part)
    assert len(problem.message) <= most
    assert len(problem.path) <= 90


def test_an_error_without_words_still_has_a_sentence() -> None:
    (problem,) = found(PRICE + "said = 'assert'")
    assert problem.message == "does not fit here"


def test_no_error_of_pydantic_speaks_its_jargon() -> None:
    every = _pydantic_core.list_all_errors()
    assert len(every) > 80
    for each in every:
        context = each.get("example_context") or {}
        said = sentence([each["type"]], context, "text")
        assert said
        assert not JARGON.search(said), each["type"]


def test_fields_are_found_through_every_shape() -> None:
    data = parse(PRICE + REGIME + "states.war.duration = 1").data
    expected: dict[tuple[str | int, ...], tuple[str, str]] = {
        ("title",): ("name for people", ""),
        ("drivers", "oil", "half_life"): ("time for a gap to halve", "months"),
        ("drivers", "oil", "leap"): ("rare leaps", ""),
        ("drivers", "oil", "leap", "rate"): ("leaps", "per year"),
        ("drivers", "war", "states", "war", "next", "peace"): ("chance of this state next", ""),
        ("agreements", 3, "signed"): ("day of signature", ""),
        ("agreements", 0, "pair", 1): ("", ""),
    }
    for path, meaning in expected.items():
        info = field_at(World, path, data)
        assert info is not None
        assert meaning_of(info) == meaning
    for path in (
        ("x",),
        ("title", "x"),
        ("drivers", "oil", "states"),
        ("agreements", 0, "pair", 2),
        ("agreements", "a"),
    ):
        assert field_at(World, path, data) is None
    # without a kind to go by, every member is looked into
    assert field_at(World, ("drivers", "new", "states")) is not None
    assert set(fields_at(World, ("drivers", "oil"), data)) == {"kind", "level", "half_life", "leap", "said"}
    assert set(fields_at(World, ("drivers", "war"), data)) == {"kind", "initial", "states", "regime"}
    assert set(fields_at(World, (), data)) == set(World.model_fields)
    assert fields_at(World, ("title",), data) == {}
    assert choices(field_at(World, ("step",))) == ("month", "quarter")
    assert choices(field_at(World, ("drivers", "oil"))) == ("price", "regime")
    assert told("leap", field_at(World, ("drivers", "oil", "leap"), data)) == "leap: rare leaps"
    assert told("said", field_at(World, ("drivers", "oil", "said"), data)) == ""


def test_every_number_of_a_scenario_has_a_meaning() -> None:
    """The walk reaches the papers of each number of each driver kind in the real models."""
    info = field_at(Scenario, ("drivers", "x"))
    for kind in choices(info):
        data: dict[str, Any] = {"drivers": {"x": {"kind": kind}}}
        fields = fields_at(Scenario, ("drivers", "x"), data)
        assert set(choices(fields["kind"])) == {kind}
        assert [name for name, field in fields.items() if name not in ("kind",) and not meaning_of(field)[0]] == []


def test_a_document_without_places_still_gets_its_problems() -> None:
    with pytest.raises(ValidationError) as caught:
        World.model_validate({"title": 3, "agreements": [{"id": "a"}]})
    (problem,) = problems(caught.value.errors(include_url=False), Document({"title": 3}), World)
    assert problem.place == Place("text", 1, 1)


def test_of_a_flood_of_problems_the_beginning_is_told_and_how_many_more() -> None:
    made = found("".join(f"no_key_{n} = 1\n" for n in range(150)))
    assert len(made) == 101
    (more,) = [problem for problem in made if "not told" in problem.message]
    assert more.message == "50 more problems, of which this is the first, are not told"
    assert more.place == Place("w.toml", 103, 1)
