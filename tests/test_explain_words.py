"""Nothing that moves a number is left out of a scenario's words, nor of what is said of one thing in it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any, Literal

import pytest

from pactrisk.drivers import KINDS
from pactrisk.drivers.process import Process, When, kind
from pactrisk.explain import explain_key, explain_scenario
from pactrisk.explain.specs import Place, Slot, places
from pactrisk.quantities import Num, Spread, Value
from pactrisk.scenario import Scenario
from pactrisk.specs import Spec

PAPERS = {"source", "trust", "note"}
UNTOLD = {
    # where a number comes from is told by the register, beside the number
    "sources",
    # its terms are told of each agreement that takes them, and only there
    "template",
    # the past itself: the words name its file and column
    "returns",
    # another kind is another driver, with numbers of its own
    "kind",
    # a state has none
    "drivers.<name>.unit (regime)",
}
"""Words that the words of a scenario need not tell, each with the reason."""


def some(word: str, place: int) -> dict[str, Any]:
    """An effect in each of the five forms."""
    return {
        "elasticity": {"driver": "oil", "elasticity": 0.31, "reference": 61, "lag": 2, "average": 3},
        "per_unit": {"driver": "will", "per_unit": 1.21, "reference": 0.41},
        "state": {"driver": "war", "state": "hot", "factor": 0.51},
        "below": {"driver": "oil", "below": 41, "factor": 0.61},
        "above": {"driver": "oil", "above": 91, "factor": 0.71},
    }[word] | {"lag": place}


EFFECTS = [some(word, place) for place, word in enumerate(("elasticity", "per_unit", "state", "below", "above"), 1)]
JUMPS = {"rate": 0.3, "mean": -0.1, "sd": 0.2}
HOT = {"driver": "war", "state": "hot"}
PRICE = {"title": "a price", "unit": "USD", "initial": 70, "jumps": JUMPS, "factors": {"demand": 0.7}}


def world() -> dict[str, Any]:
    """A world in which every word of every table is said."""
    return {
        "title": "Everything",
        "signed": date(2026, 1, 1),
        "summary": "All of it.",
        "ceremony_effect": 0.1,
        "sources": {"C1": "an office"},
        "factors": {"demand": {"title": "world demand", "tails": 5}},
        "drivers": {
            "oil": {
                **PRICE,
                "kind": "mean_reverting",
                "level": {"p10": 58, "p50": 70, "p90": 80, "min": 30, "max": 99},
                "half_life": 14,
                "volatility": 0.33,
                "when": [{**HOT, "level": 90, "half_life": 5, "volatility": 0.6, "jumps": JUMPS}],
            },
            "gas": {
                **PRICE,
                "kind": "two_factor",
                "deviation": 0.2,
                "half_life": 6,
                "passing_volatility": 0.5,
                "lasting_volatility": 0.2,
                "drift": 0.02,
                "correlation": 0.3,
                "when": [
                    {
                        **HOT,
                        "half_life": 5,
                        "passing_volatility": 0.7,
                        "lasting_volatility": 0.3,
                        "drift": 0.03,
                        "correlation": 0.4,
                        "jumps": JUMPS,
                    }
                ],
            },
            "gold": {
                **PRICE,
                "kind": "geometric_brownian",
                "drift": 0.02,
                "volatility": 0.15,
                "when": [{**HOT, "drift": 0.05, "volatility": 0.25, "jumps": JUMPS}],
            },
            "wheat": {
                "kind": "bootstrap",
                "title": "wheat",
                "unit": "USD",
                "initial": 200,
                "file": "wheat.csv",
                "column": "price",
                "block": 10,
                "drift": 0.01,
                "when": [{**HOT, "block": 3}],
            },
            "will": {
                "kind": "index",
                "title": "political will",
                "unit": "points",
                "initial": 0.4,
                "mean": 0.5,
                "half_life": 12,
                "sd": 0.1,
                "least": 0.1,
                "most": 0.9,
                "factors": {"demand": 0.2},
                "when": [{**HOT, "mean": 0.3, "half_life": 7, "sd": 0.2}],
            },
            "attacks": {
                "kind": "events",
                "title": "attacks",
                "unit": "points",
                "rate": 2,
                "excitation": {"branching": 0.3, "half_life": 2},
                "dated": [{"date": date(2027, 5, 1), "chance": 0.5}, {"date": date(2027, 6, 1)}],
                "impulse": 4,
                "half_life": 3,
                "when": [{**HOT, "rate": 5, "impulse": 6, "half_life": 8}],
            },
            "strain": {"kind": "formula", "title": "strain", "unit": "USD", "expression": "2 * oil"},
            "expo": {
                "kind": "trend",
                "title": "EXPO",
                "unit": "points",
                "values": [{"date": date(2027, 1, 1), "value": 1.5}, {"date": date(2028, 1, 1), "value": 2.5}],
                "interpolation": "step",
            },
            "war": {
                "kind": "regime",
                "title": "war",
                "initial": "hot",
                "elapsed": 10,
                "states": {
                    "hot": {
                        "title": "fighting",
                        "duration": {"distribution": "lognormal", "median": {"p10": 6, "p90": 12}, "sigma": 0.7},
                        "next": {"cold": 0.9, "over": 0.1},
                        "when": [{"driver": "veto", "state": "yes", "next": {"cold": 0.6, "over": 0.4}}],
                        "effects": EFFECTS,
                    },
                    "cold": {"duration": 24, "next": {"hot": 0.7, "over": 0.3}},
                    "over": {},
                },
                "triggers": [{"driver": "attacks", "state": "hot", "chance": 0.5, "delay": 2, "only_from": ["cold"]}],
            },
            "veto": {"kind": "regime", "initial": {"yes": 0.4, "no": 0.6}, "states": {"yes": {}, "no": {}}},
        },
        "shocks": [
            {"driver": "oil", "date": date(2026, 6, 1), "size": -0.3, "half_life": 6},
            {"driver": "war", "date": date(2027, 6, 1), "state": "cold"},
        ],
        "paces": {
            "ground": {"title": "the ground", "effects": EFFECTS},
            "works": {"title": "works", "includes": ["ground"], "effects": EFFECTS},
        },
        "frailties": {"ministry": {"title": "the ministry", "sd": 0.3}},
        "templates": {"memo": {"form": "memorandum"}},
        "agreements": [
            {
                "id": "food",
                "title": "Food safety",
                "template": "memo",
                "form": "memorandum",
                "sector": "agriculture",
                "parties": ["KZ", "RS"],
                "stakeholders": ["farms"],
                "beneficiaries": ["eaters"],
                "signed": date(2026, 2, 1),
                "depth": 0.5,
                "presence": 0.9,
                "pace": "works",
                "frailty": 0.2,
                "frailties": ["ministry"],
                "milestones": {
                    "body": {"track": "formal", "duration": 6, "weight": 0.7},
                    "tender": {
                        "title": "a tender",
                        "track": "material",
                        "after": ["body"],
                        "duration": 9,
                        "never": 0.2,
                        "pace": "ground",
                        "weight": 0.4,
                        "earliest": date(2027, 1, 1),
                    },
                },
                "flow": {
                    "title": "meat shipped",
                    "unit": "t/year",
                    "target": 40,
                    "capacity": 60,
                    "after": ["tender"],
                    "ramp": 12,
                    "variation": 0.25,
                    "effects": EFFECTS,
                    "weight": 0.6,
                },
                "ending": {"rate": 0.01, "effects": EFFECTS},
                "ceremonies": [{"driver": "attacks", "weight": 0.15}],
            }
        ],
        "quantities": {"moved": {"title": "moved", "expression": "food.flow", "unit": "t"}},
    }


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario.from_data(world())


def moved(value: Any) -> Iterator[Any]:
    """The value with each thing it says changed, one at a time; tables are left to be moved by their own words."""
    if isinstance(value, Spread):
        for name in value.parameters:
            for inner in moved(value.parameters[name]):
                changed = copy.copy(value)
                object.__setattr__(changed, "parameters", {**value.parameters, name: inner})
                yield changed
        for word in ("low", "high"):
            for inner in moved(getattr(value, word)):
                changed = copy.copy(value)
                object.__setattr__(changed, word, inner)
                yield changed
    elif isinstance(value, float):
        yield value * 1.5 + 0.0625
    elif isinstance(value, date):
        yield value + timedelta(days=1)
    elif isinstance(value, str):
        yield {"formal": "material", "material": "formal", "linear": "step", "step": "linear"}.get(value, f"{value}x")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from ({**value, key: other} for other in moved(inner))
    elif isinstance(value, tuple):
        for place, inner in enumerate(value):
            yield from ((*value[:place], other, *value[place + 1 :]) for other in moved(inner))


Step = tuple[str | Slot, ...]


def edits(spec: Spec, path: Step = (), sort: str = "") -> Iterator[tuple[Place, str, Any]]:
    """Every word that the tables of a world say: its place, the word, and the world with that word changed."""
    sort = getattr(spec, "kind", sort)
    for word in type(spec).model_fields:
        value = getattr(spec, word)
        if value is None or value == () or value == {}:
            continue
        for other in moved(value):
            yield Place(path, type(spec), sort), word, spec.model_copy(update={word: other})
        for steps, inner, put in inside(value, word):
            for place, below, changed in edits(inner, (*path, word, *steps), sort):
                yield place, below, spec.model_copy(update={word: put(changed)})


def inside(value: Any, word: str) -> Iterator[tuple[Step, Spec, Any]]:
    """The tables in a value, with what puts another in their place."""
    if isinstance(value, Spec):
        yield (), value, lambda other: other
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, Spec):
                yield (Slot("name"),), inner, lambda other, key=key: {**value, key: other}
    elif isinstance(value, tuple):
        slot = Slot("id" if word == "agreements" else "place")
        for at, inner in enumerate(value):
            if isinstance(inner, Spec):
                yield (slot,), inner, lambda other, at=at: (*value[:at], other, *value[at + 1 :])


def is_table(place: Place, word: str) -> bool:
    """Whether what stands behind a word are tables, which say their own words."""
    return any(other.path[: len(place.path) + 1] == (*place.path, word) for other in places(Scenario))


def untold(place: Place, word: str) -> bool:
    """Whether the words of a scenario need not tell this word."""
    return place.path[:1] == ("templates",) or bool({word, place.of(word)} & (UNTOLD | PAPERS))


def test_every_word_that_moves_a_number_is_told(scenario: Scenario) -> None:
    assert {driver.kind for driver in scenario.drivers.values()} == set(KINDS)
    told = explain_scenario(scenario).sections
    seen = set()
    for place, word, changed in edits(scenario):
        seen.add((place, word))
        if not untold(place, word):
            assert explain_scenario(changed).sections != told, f"{place.of(word)} is not told"
    for place in places(Scenario):
        for word in place.spec.model_fields:
            # a kind without numbers of its own has none that could differ
            nothing = issubclass(place.spec, When) and word in ("driver", "state")
            if not (nothing or untold(place, word) or is_table(place, word)):
                assert (place, word) in seen, f"no example says {place.of(word)}"


@pytest.mark.parametrize("things", ["factors", "drivers", "paces", "frailties", "agreements", "quantities"])
def test_a_thing_of_a_scenario_is_told_with_all_that_is_in_it(scenario: Scenario, things: str) -> None:
    held = {a.id: a for a in scenario.agreements} if things == "agreements" else getattr(scenario, things)
    for name, thing in held.items():
        told = explain_key(Scenario, scenario, f"{things}.{name}")
        for place, word, changed in edits(thing):
            if word in ("id", "kind"):
                continue
            everything = {**held, name: changed}
            other = scenario.model_copy(
                update={things: tuple(everything.values()) if things == "agreements" else everything}
            )
            assert explain_key(Scenario, other, f"{things}.{name}") != told, f"{things}.{name}: {place.of(word)}"


@kind
class Tide(Process):
    """A driver of a kind that somebody added."""

    kind: Literal["tide"]
    height: Annotated[Value, Num("how high it goes", "m")]
    port: str
    """where it is measured"""
    moons: dict[str, Annotated[Value, Num("share of a moon")]] = {}


def test_a_kind_that_was_added_is_told_with_all_its_words(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "tide", Tide)
    tide = Tide.model_validate({"kind": "tide", "height": 3, "port": "Bar", "moons": {"first": 0.5}})
    portrait = explain_scenario(scenario.model_copy(update={"drivers": {"sea": tide}}))
    assert dict(portrait.sections)["Drivers"] == (
        "sea is of kind tide: a driver of a kind that somebody added. Height 3 m. Its port: Bar. "
        "Its moons: { first = 0.5 }.",
    )


def test_what_was_easily_left_out_is_said_in_plain_sentences(scenario: Scenario) -> None:
    text = " ".join(paragraph for _, paragraphs in explain_scenario(scenario).sections for paragraph in paragraphs)
    for sentence in (
        "It happens on known days: on 2027-05-01 with chance 0.5 and on 2027-06-01 for certain.",
        "Its events bring further events, with branching 0.3 and half_life 2 months.",
        "It is 1.5 points on 2027-01-01 and 2.5 points on 2028-01-01. Each holds until the next;",
        "Its past is the column price of wheat.csv.",
        "It begins in hot, where it has been for 10 months.",
        "the rate of its jumps is 0.3 per year, the mean of its jumps is -0.1 and the sd of its jumps is 0.2.",
        "Its shocks follow a Student t with 5 degrees of freedom.",
        "Its logarithm has a standard deviation of 0.3, and its median is 1.",
        "Its flow (meat shipped) begins once tender stands and grows to its capacity over 12 months",
        "Its target, what counts as the whole promise, is 40 t/year; its capacity, what flows when nothing disturbs,",
        "From trial to trial what flows varies: its logarithm has a standard deviation of 0.25.",
        "It runs on the pace ground, cannot be done before 2027-01-01 and is never pursued with chance 0.2.",
        "Its stakeholder is farms. Its beneficiary is eaters.",
        "1 month later",
    ):
        assert sentence in text, sentence
