"""Each fault and each remark has a smallest scenario that shows it; a sound scenario shows none."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pactrisk.distributions import FAMILIES
from pactrisk.ensemble import Plan
from pactrisk.ensemble.block import simulate_block
from pactrisk.expressions import Expression
from pactrisk.lint import Fault, faults, question_faults, question_remarks, remarks, unsourced
from pactrisk.lint.fault import near, typical
from pactrisk.lint.readings import readings
from pactrisk.quantities import Dur, Num, Spread
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.spreads import extent
from small_world import data

Tables = dict[str, Any]


def sound() -> Tables:
    """A scenario with something of everything and nothing to remark on."""
    return {
        "title": "Sound",
        "signed": date(2026, 1, 1),
        "sources": {"C1": "a statistics office"},
        "factors": {"demand": {}},
        "drivers": {
            "brent": {
                "kind": "mean_reverting",
                "initial": 70,
                "level": {"p10": 58, "p50": 70, "p90": 80},
                "half_life": 12,
                "volatility": 0.3,
                "factors": {"demand": 0.7},
                "when": [{"driver": "war", "state": "hot", "volatility": 0.5}],
                "source": "C1",
                "trust": "A",
            },
            "gas": {"kind": "geometric_brownian", "initial": 30, "volatility": 0.5, "factors": {"demand": 0.5}},
            "will": {"kind": "index", "mean": 1, "half_life": 6, "sd": 0.3, "least": 0.1, "most": 2},
            "plan": {"kind": "trend", "values": [{"date": date(2027, 1, 1), "value": 3}]},
            "strain": {"kind": "formula", "expression": "max(70 - brent, 0) * war.hot"},
            "attacks": {"kind": "events", "rate": 2},
            "visits": {"kind": "events", "rate": 1},
            "war": {
                "kind": "regime",
                "initial": "hot",
                "states": {
                    "hot": {"duration": 12, "next": {"cold": 1.0}},
                    "cold": {"duration": 24, "next": {"hot": 1}},
                },
                "triggers": [{"driver": "attacks", "state": "hot"}],
            },
        },
        "shocks": [
            {"driver": "brent", "date": date(2026, 6, 1), "size": -0.3},
            {"driver": "war", "date": date(2026, 6, 1), "state": "cold"},
        ],
        "paces": {
            "ground": {"effects": [{"driver": "war", "state": "hot", "factor": 0.5}]},
            "works": {
                "includes": ["ground"],
                "effects": [
                    {"driver": "brent", "elasticity": 0.3},
                    {"driver": "will", "elasticity": 1},
                    {"driver": "plan", "elasticity": 0.2, "reference": 3},
                    {"driver": "strain", "above": 10, "factor": 0.8},
                ],
            },
        },
        "frailties": {"ministry": {"sd": 0.3}},
        "templates": {
            "memorandum": {
                "form": "memorandum",
                "frailties": ["ministry"],
                "milestones": {
                    "body": {"track": "formal", "duration": 6, "weight": 0.5},
                    "tender": {"track": "material", "after": "body", "duration": {"p10": 6, "p90": 24}, "weight": 0.4},
                },
                "ceremonies": [{"driver": "visits", "weight": 0.2}],
            }
        },
        "agreements": [
            {
                "id": "food",
                "template": "memorandum",
                "pace": "works",
                "flow": {
                    "unit": "t",
                    "target": 100,
                    "after": "tender",
                    "effects": [{"driver": "gas", "elasticity": -0.2}],
                },
                "ending": {"rate": 0.01},
            },
            {
                "id": "rail",
                "signed": date(2026, 3, 1),
                "pace": "works",
                "milestones": {"works": {"track": "material", "duration": 12, "weight": 1, "after": "food.tender"}},
            },
        ],
        "quantities": {"moved": {"expression": "food.flow + rail.delivery * gas + rail.works * war.hot"}},
    }


def edited(data: Tables, path: tuple[str | int, ...], value: Any) -> Tables:
    """A copy of the tables with the value at the path set (or taken out, if it is None)."""
    data = copy.deepcopy(data)
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    if isinstance(place, list) and path[-1] == len(place):
        place.append(value)
    elif value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


def scenario(*edits: tuple[tuple[str | int, ...], Any]) -> Scenario:
    data = sound()
    for path, value in edits:
        data = edited(data, path, value)
    return Scenario.from_data(data)


def said(found: list[Fault]) -> str:
    return "\n".join(f"{'.'.join(map(str, f.path))}: {f.message} ({f.hint})" for f in found)


def test_a_sound_scenario_has_no_fault_and_no_remark() -> None:
    assert said(faults(scenario())) == ""
    assert said(remarks(scenario())) == ""


D, A, P, F = ("drivers",), ("agreements",), ("paces",), ("agreements", 0, "flow")
WORK = (*P, "works", "effects", 4)
MEMO = ("templates", "memorandum")

ERRORS: dict[str, tuple[list[tuple[tuple[str | int, ...], Any]], tuple[str | int, ...], str, str]] = {
    # what is asked: edits, then the path, a part of the message and a part of the hint
    "unknown driver": ([(WORK, {"driver": "brant", "elasticity": 1})], (*WORK, "driver"), "no driver", "mean brent?"),
    "unknown state": (
        [(WORK, {"driver": "war", "state": "hott", "factor": 2})],
        (*WORK, "state"),
        "has no state 'hott'",
        "mean hot?",
    ),
    "state of a price": (
        [(WORK, {"driver": "brent", "state": "hot", "factor": 2})],
        (*WORK, "state"),
        "no regime",
        "below or above",
    ),
    "threshold of a regime": (
        [(WORK, {"driver": "war", "above": 1, "factor": 2})],
        (*WORK, "driver"),
        "is a regime",
        'state = "hot"',
    ),
    "elasticity to a formula that can be 0": (
        [(WORK, {"driver": "strain", "elasticity": 1})],
        (*WORK, "elasticity"),
        "strain is not known to stay above 0, as an elasticity needs",
        "per_unit",
    ),
    "elasticity to a formula that a shock may take below 0": (
        [
            ((*D, "cost"), {"kind": "formula", "expression": "0.5 + brent / 100"}),
            (("shocks", 2), {"driver": "cost", "date": date(2026, 6, 1), "size": -2}),
            (WORK, {"driver": "cost", "elasticity": 1}),
        ],
        (*WORK, "elasticity"),
        "not known to stay above 0",
        "",
    ),
    "elasticity to events": ([(WORK, {"driver": "attacks", "elasticity": 1})], (*WORK, "elasticity"), "0 or less", ""),
    "elasticity to an index without least": (
        [((*D, "will", "least"), None)],
        (*P, "works", "effects", 1, "elasticity"),
        "0 or less",
        "least",
    ),
    "elasticity to a trend at 0": (
        [((*D, "plan", "values", 0, "value"), 0)],
        (*P, "works", "effects", 2, "elasticity"),
        "0 or less",
        "",
    ),
    "elasticity to an index shocked below 0": (
        [(("shocks", 2), {"driver": "will", "date": date(2026, 6, 1), "size": -0.2})],
        (*P, "works", "effects", 1, "elasticity"),
        "0 or less",
        "",
    ),
    "reference of an elasticity": (
        [((*P, "works", "effects", 2, "reference"), -1)],
        (*P, "works", "effects", 2, "reference"),
        "above 0",
        "",
    ),
    "formula of a regime": (
        [((*D, "strain", "expression"), "war * 2")],
        (*D, "strain", "expression"),
        "is a regime",
        "war.hot",
    ),
    "formula of a state of a price": (
        [((*D, "strain", "expression"), "brent.low + 11")],
        (*D, "strain", "expression"),
        "no regime",
        "brent < 50",
    ),
    "formula of nothing": (
        [((*D, "strain", "expression"), "gaz")],
        (*D, "strain", "expression"),
        "no driver",
        "mean gas?",
    ),
    "exception by an unknown driver": (
        [((*D, "brent", "when", 0, "driver"), "wra")],
        (*D, "brent", "when", 0, "driver"),
        "no driver",
        "mean war?",
    ),
    "exception by an unknown state": (
        [((*D, "brent", "when", 0, "state"), "icy")],
        (*D, "brent", "when", 0, "state"),
        "has no state",
        "cold, hot",
    ),
    "exception of odds": (
        [((*D, "war", "states", "hot", "when"), [{"driver": "gas", "state": "cold", "next": {"cold": 1}}])],
        (*D, "war", "states", "hot", "when", 0, "state"),
        "no regime",
        "",
    ),
    "effect in a state": (
        [((*D, "war", "states", "hot", "effects"), [{"driver": "gaz", "per_unit": 1.1}])],
        (*D, "war", "states", "hot", "effects", 0, "driver"),
        "no driver",
        "mean gas?",
    ),
    "trigger by no events": (
        [((*D, "war", "triggers", 0, "driver"), "gas")],
        (*D, "war", "triggers", 0, "driver"),
        "no driver of events",
        "attacks, visits",
    ),
    "ceremony of no events": (
        [((*MEMO, "ceremonies", 0, "driver"), "will")],
        (*MEMO, "ceremonies", 0, "driver"),
        "no driver of events",
        "attacks, visits",
    ),
    "drivers in a circle": (
        [
            ((*D, "strain", "expression"), "other + brent * war.hot"),
            ((*D, "other"), {"kind": "formula", "expression": "strain"}),
        ],
        (*D, "strain"),
        "circle: strain <- other <- strain",
        "",
    ),
    "driver that reads itself": (
        [((*D, "strain", "expression"), "strain + brent * war.hot")],
        (*D, "strain"),
        "in a circle: strain <- strain",
        "",
    ),
    "unknown factor": (
        [((*D, "gas", "factors"), {"demnd": 0.5})],
        (*D, "gas", "factors", "demnd"),
        "no factor",
        "mean demand?",
    ),
    "loadings that can exceed 1": (
        [((*D, "gas", "factors"), {"demand": 0.8, "supply": {"p10": 0.3, "p90": 0.6}}), (("factors", "supply"), {})],
        (*D, "gas", "factors"),
        "squares of the loadings",
        "",
    ),
    "index cut the wrong way": ([((*D, "will", "most"), 0.05)], (*D, "will", "least"), "is not below most", ""),
    "name of a state": (
        [((*D, "war", "states", "so-so"), {"duration": 3, "next": {"hot": 1}})],
        (*D, "war", "states", "so-so"),
        "cannot name a state",
        "underscores",
    ),
    "shock before signature": (
        [(("shocks", 0, "date"), date(2025, 6, 1))],
        ("shocks", 0, "date"),
        "before the signature",
        "",
    ),
    "shock of nothing": ([(("shocks", 0, "driver"), "brant")], ("shocks", 0, "driver"), "no driver", "mean brent?"),
    "shock of a price to a state": ([(("shocks", 1, "driver"), "gas")], ("shocks", 1, "state"), "no regime", "a size"),
    "shock to no state": ([(("shocks", 1, "state"), "clod")], ("shocks", 1, "state"), "has no state", "mean cold?"),
    "size of a regime": ([(("shocks", 0, "driver"), "war")], ("shocks", 0, "size"), "it has no size", 'state = "hot"'),
    "price below nothing": ([(("shocks", 0, "size"), -1)], ("shocks", 0, "size"), "above -1", "relative"),
    "price that may fall below nothing": (
        [(("shocks", 0, "size"), {"p10": -0.9, "p90": -0.1})],
        ("shocks", 0, "size"),
        "above -1",
        "",
    ),
    "paces in a circle": (
        [((*P, "ground", "includes"), "works")],
        (*P, "ground", "includes"),
        "circle: ground <- works <- ground",
        "",
    ),
    "pace that includes nothing": (
        [((*P, "ground", "includes"), "sea")],
        (*P, "ground", "includes", 0),
        "no pace is called 'sea'",
        "paces: ground, works",
    ),
    "unknown pace": ([((*A, 1, "pace"), "work")], (*A, 1, "pace"), "no pace", "mean works?"),
    "unknown pace of a milestone": (
        [((*MEMO, "milestones", "body", "pace"), "grond")],
        (*MEMO, "milestones", "body", "pace"),
        "no pace",
        "mean ground?",
    ),
    "unknown frailty": ([((*A, 1, "frailties"), "minister")], (*A, 1, "frailties", 0), "no frailty", "mean ministry?"),
    "unknown template": ([((*A, 1, "template"), "memo")], (*A, 1, "template"), "no template", "memorandum"),
    "two of an id": (
        [((*A, 2), {"id": "rail", "milestones": {"works": {"track": "material", "duration": 1, "weight": 1}}})],
        (*A, 2, "id"),
        "two agreements",
        "own id",
    ),
    "id of a driver": (
        [((*A, 2), {"id": "gas", "milestones": {"x": {"track": "material", "duration": 1, "weight": 1}}})],
        (*A, 2, "id"),
        "could not tell them apart",
        "",
    ),
    "signed before the scenario": (
        [((*A, 1, "signed"), date(2025, 1, 1))],
        (*A, 1, "signed"),
        "before the scenario's",
        "month 0",
    ),
    "waits for itself": (
        [((*MEMO, "milestones", "body", "after"), "body")],
        (*A, 0, "milestones", "body", "after", 0),
        "waits for itself",
        "",
    ),
    "waits for nothing known": (
        [((*A, 1, "milestones", "works", "after"), ["food.tendr"])],
        (*A, 1, "milestones", "works", "after", 0),
        "food has no milestone 'tendr'",
        "mean tender?",
    ),
    "waits elsewhere": (
        [((*A, 1, "milestones", "works", "after"), ["tender", "food.tender"])],
        (*A, 1, "milestones", "works", "after", 0),
        "this agreement has no milestone 'tender'",
        "mean food.tender?",
    ),
    "waits for an unknown agreement": (
        [((*A, 1, "milestones", "works", "after"), "foot.tender")],
        (*A, 1, "milestones", "works", "after", 0),
        "no agreement",
        "mean food?",
    ),
    "milestones in a circle": (
        [((*MEMO, "milestones", "body", "after"), "rail.works")],
        (*A, 0, "milestones", "body", "after"),
        "in a circle: food.body",
        "after",
    ),
    "milestone with a dot": (
        [((*A, 1, "milestones", "a.b"), {"track": "formal", "duration": 1, "weight": 1})],
        (*A, 1, "milestones", "a.b"),
        "cannot name a milestone",
        "",
    ),
    "milestone called delivery": (
        [((*A, 1, "milestones", "delivery"), {"track": "formal", "duration": 1, "weight": 1})],
        (*A, 1, "milestones", "delivery"),
        "cannot be called delivery",
        "",
    ),
    "milestone called like a class": (
        [((*A, 1, "milestones", "partial"), {"track": "formal", "duration": 1, "weight": 1})],
        (*A, 1, "milestones", "partial"),
        "could not tell it from the class partial",
        "",
    ),
    "flow after nothing": ([((*F, "after"), [])], (*F, "after"), "none is named", "body, tender"),
    "flow after the unknown": ([((*F, "after"), ["tendr"])], (*F, "after", 0), "no milestone", "mean tender?"),
    "quantity of ceremony": (
        [(("quantities", "moved", "expression"), "food.ceremony + gas")],
        ("quantities", "moved", "expression"),
        "ceremony cannot be read",
        "food.delivery",
    ),
    **{
        f"quantity of a formal act and a {what}": (
            [(("quantities", "moved", "expression"), f"food.body * gas + {read}")],
            ("quantities", "moved", "expression"),
            f"food.body is a formal act and {read} is not",
            "two quantities",
        )
        for what, read in {
            "delivery": "rail.delivery",
            "flow": "food.flow",
            "total": "food.total",
            "material milestone": "rail.works",
        }.items()
    },
    "quantity of an agreement": (
        [(("quantities", "moved", "expression"), "food")],
        ("quantities", "moved", "expression"),
        "not a number",
        "food.delivery",
    ),
    "quantity of no flow": (
        [(("quantities", "moved", "expression"), "rail.total")],
        ("quantities", "moved", "expression"),
        "no flow",
        "rail.delivery",
    ),
    "quantity of no milestone": (
        [(("quantities", "moved", "expression"), "food.tendr")],
        ("quantities", "moved", "expression"),
        "no 'tendr'",
        "mean tender?",
    ),
    "quantity of the unknown": (
        [(("quantities", "moved", "expression"), "foods.delivery")],
        ("quantities", "moved", "expression"),
        "no driver or agreement",
        "mean food?",
    ),
    "stay that has outlived a constant hazard": (
        [
            ((*D, "war", "states", "hot", "duration"), {"distribution": "exponential", "mean": 1}),
            ((*D, "war", "elapsed"), 60),
        ],
        (*D, "war", "elapsed"),
        "hot cannot have lasted 60 months",
        "lengthen",
    ),
    "stay that has outlived a fixed time": (
        [((*D, "war", "elapsed"), 24)],
        (*D, "war", "elapsed"),
        "hot cannot have lasted 24 months",
        "lengthen",
    ),
    "stay that has outlived its time in some worlds": (
        [
            (
                (*D, "war", "states", "hot", "duration"),
                {"distribution": "uniform", "low": 2, "high": {"p10": 20, "p90": 40}},
            ),
            ((*D, "war", "elapsed"), {"p10": 10, "p90": 24}),
        ],
        (*D, "war", "elapsed"),
        "of 100 worlds",
        "lengthen",
    ),
    "cut that keeps nothing of a duration": (
        [
            (
                (*A, 1, "milestones", "works", "duration"),
                {"distribution": "lognormal", "median": 1, "sigma": 0.1, "min": 50, "max": 60},
            )
        ],
        (*A, 1, "milestones", "works", "duration"),
        "min = 50 and max = 60 keep nothing of it",
        "where its mass is",
    ),
    "cut that keeps nothing of a number": (
        [((*D, "gas", "volatility"), {"distribution": "lognormal", "median": 9, "sigma": 0.1, "max": 0.5})],
        (*D, "gas", "volatility"),
        "max = 0.5 keeps nothing of it",
        "where its mass is",
    ),
    "cut that keeps nothing of a parameter": (
        [
            (
                (*A, 1, "milestones", "works", "duration"),
                {"distribution": "exponential", "mean": {"p10": 5, "p90": 9, "min": 300}},
            )
        ],
        (*A, 1, "milestones", "works", "duration", "mean"),
        "min = 300 keeps nothing of it",
        "where its mass is",
    ),
    "code of no source": (
        [((*D, "gas", "source"), "C1; C9")],
        (*D, "gas", "source"),
        "no source has the code C9",
        "sources: C1",
    ),
    "code of no source in a spread": (
        [((*D, "brent", "level"), {"p10": 58, "p90": 80, "source": "Q77"})],
        (*D, "brent", "level", "source"),
        "code Q77",
        "sources: C1",
    ),
    "ceremony speeds work": (
        [(WORK, {"driver": "visits", "per_unit": 1.1})],
        (*WORK, "driver"),
        "a pace may not read visits, which honours",
        "ceremony_effect",
    ),
    "ceremony moves a flow": (
        [((*F, "effects", 1), {"driver": "visits", "above": 1, "factor": 2})],
        (*F, "effects", 1, "driver"),
        "a flow may not read visits",
        "ceremony_effect",
    ),
    "ceremony prevents the end": (
        [((*A, 0, "ending", "effects"), [{"driver": "visits", "above": 1, "factor": 0.5}])],
        (*A, 0, "ending", "effects", 0, "driver"),
        "an ending may not read visits",
        "ceremony_effect",
    ),
    "ceremony in a quantity": (
        [(("quantities", "moved", "expression"), "food.delivery + visits")],
        ("quantities", "moved", "expression"),
        "a quantity may not read visits",
        "ceremony_effect",
    ),
    "ceremony by a formula": (
        [((*D, "strain", "expression"), "brent * war.hot + visits")],
        (*P, "works", "effects", 3, "driver"),
        "a pace may not read strain, which reads visits, which honours",
        "ceremony_effect",
    ),
    "ceremony by a trigger and an exception": (
        [((*D, "war", "triggers", 0, "driver"), "visits")],
        (*P, "works", "effects", 0, "driver"),
        "a pace may not read brent, which reads war, which reads visits, which honours",
        "ceremony_effect",
    ),
    "ceremony by the odds of a state": (
        [
            (
                (*D, "mood"),
                {
                    "kind": "regime",
                    "initial": "up",
                    "states": {"up": {}},
                    "triggers": [{"driver": "visits", "state": "up"}],
                },
            ),
            ((*D, "war", "states", "hot", "when"), [{"driver": "mood", "state": "up", "next": {"cold": 1}}]),
        ],
        (*P, "ground", "effects", 0, "driver"),
        "a pace may not read war, which reads mood, which reads visits",
        "ceremony_effect",
    ),
    "ceremony by an effect in a state": (
        [((*D, "war", "states", "hot", "effects"), [{"driver": "visits", "per_unit": 1.1}])],
        (*P, "ground", "effects", 0, "driver"),
        "a pace may not read war, which reads visits",
        "ceremony_effect",
    ),
    "two states on one day": (
        [(("shocks", 2), {"driver": "war", "date": date(2026, 6, 1), "state": "hot"})],
        ("shocks", 2, "state"),
        "another shock puts war into cold on this day",
        "keep one",
    ),
}


@pytest.mark.parametrize("place", [1, 2])
def test_a_shock_into_no_state_is_told_as_that_alone(place: int) -> None:
    """Whether it meets another depends on which state was meant."""
    shocks = [{"driver": "war", "date": date(2026, 6, 1), "state": state} for state in ("cold", "cold", "cold")]
    shocks[place]["state"] = "clod"
    (fault,) = faults(scenario((("shocks",), shocks)))
    assert (fault.path, fault.message) == (("shocks", place, "state"), "war has no state 'clod'")


TRUCE = (*D, "war", "states", "truce"), {}


def meet(*triggers: Tables) -> bool:
    """Whether pushes of the cold and hot war, and a truce, by these triggers are said to meet at one moment."""
    attacks = [{"driver": "attacks", **trigger} for trigger in triggers]
    found = remarks(scenario(TRUCE, ((*D, "war", "triggers"), attacks)))
    return any("at one moment" in fault.message for fault in found)


@pytest.mark.parametrize(
    "other",
    [
        {"state": "cold", "delay": 1},
        {"state": "cold", "driver": "visits"},
        {"state": "cold", "chance": 0},
        {"state": "hot"},
        {"state": "truce"},
    ],
)
def test_pushes_that_cannot_meet_are_not_remarked_on(other: Tables) -> None:
    """Nor those of which one counts whichever comes first, as a truce does that no attack can end."""
    assert not meet({"state": "hot", "only_from": ["cold"]}, other)
    assert meet({"state": "hot"}, other) == (other == {"state": "truce"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"state": "hot", "only_from": ["cold"]}, {"state": "truce", "only_from": ["cold"]}),
        ({"state": "hot", "only_from": ["cold"]}, {"state": "truce", "only_from": ["hot"]}),
        ({"state": "hot", "only_from": ["cold"]}, {"state": "cold", "only_from": ["hot"]}),
        ({"state": "hot", "only_from": ["cold", "truce"]}, {"state": "truce", "only_from": ["hot"]}),
    ],
)
def test_pushes_that_lead_elsewhere_in_another_order_are_remarked_on(one: Tables, other: Tables) -> None:
    """Also where no state can be left by both: one takes the regime to where the other goes on from."""
    assert meet(one, other)
    assert meet(other, one)
    assert not meet(one, {**other, "delay": 1})


DAY = date(2027, 3, 1)


def meet_on(one: Tables, other: Tables, *edits: tuple[tuple[str | int, ...], Any]) -> list[str]:
    """What is said of attacks that push the war by one trigger, and of raids that do by the other, all on one day."""
    triggers = [{"driver": "attacks", **one}, {"driver": "raids", **other}]
    events = [((*D, name), {"kind": "events", "dated": [{"date": DAY}]}) for name in ("attacks", "raids")]
    found = remarks(scenario(TRUCE, *events, ((*D, "war", "triggers"), triggers), *edits))
    return [fault.message for fault in found if "at one moment" in fault.message]


HOT, COLD = {"state": "hot"}, {"state": "cold"}


@pytest.mark.parametrize("delay", [0, 2])
def test_events_of_two_drivers_on_one_day_are_remarked_on(delay: float) -> None:
    (said,) = meet_on({**HOT, "delay": delay}, {**COLD, "delay": delay})
    whose = "events of attacks and raids on 2027-03-01"
    assert said == f"{whose} can push war into cold and hot at one moment: what comes of it goes by their names"
    assert meet_on({**COLD, "delay": delay}, {**HOT, "delay": delay}) == [said]


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        (HOT, HOT, []),
        (HOT, {**COLD, "delay": 1}, []),
        (HOT, {**COLD, "chance": 0}, []),
        ({**HOT, "only_from": ["cold"]}, {"state": "truce", "only_from": ["truce"]}, []),
        (HOT, COLD, [((*D, "raids", "dated", 0, "date"), date(2027, 3, 2))]),
        (HOT, COLD, [((*D, "raids", "dated", 0, "chance"), 0)]),
        (HOT, COLD, [((*D, name, "dated", 0, "date"), date(2025, 3, 1)) for name in ("attacks", "raids")]),
        (HOT, COLD, [((*D, "raids"), {"kind": "events", "rate": 1})]),
        (HOT, COLD, [(("shocks", 2), {"driver": "war", "date": DAY, "state": "truce"})]),
    ],
)
def test_events_of_two_drivers_that_cannot_meet_or_lead_to_one_state_are_not(
    one: Tables, other: Tables, edits: list[tuple[tuple[str | int, ...], Any]]
) -> None:
    """Nor on the day of a shock, which comes last."""
    assert not meet_on(one, other, *edits)


@pytest.mark.parametrize("name", ERRORS)
def test_each_fault_is_found_where_it_is(name: str) -> None:
    edits, path, message, hint = ERRORS[name]
    found = faults(scenario(*edits))
    here = [f for f in found if f.path == path and message in f.message]
    assert here, said(found)
    assert hint in here[0].hint


QUIET = {"kind": "events", "rate": 0}
REMARKS: dict[str, tuple[list[tuple[tuple[str | int, ...], Any]], tuple[str | int, ...], str]] = {
    "unread driver": ([((*D, "idle"), {"kind": "events", "rate": 1})], (*D, "idle"), "nobody reads idle"),
    "driver read by the unread": (
        [((*D, "x"), {"kind": "events", "rate": 1}), ((*D, "y"), {"kind": "formula", "expression": "x"})],
        (*D, "x"),
        "nobody reads x",
    ),
    "driver with a reserved word": (
        [((*D, "lambda"), {"kind": "events", "rate": 1})],
        (*D, "lambda"),
        "no formula can",
    ),
    "agreement with a reserved word": (
        [((*A, 2), {"id": "in", "milestones": {"x": {"track": "material", "duration": 1, "weight": 1}}})],
        (*A, 2, "id"),
        "no formula can",
    ),
    "event before the signature": (
        [((*D, "visits", "dated"), [{"date": date(2027, 1, 1)}, {"date": date(2025, 12, 31)}])],
        (*D, "visits", "dated", 1, "date"),
        "2025-12-31 is before the signature, 2026-01-01: the event is left out",
    ),
    "pushes at one moment": (
        [((*D, "war", "triggers", 1), {"driver": "attacks", "state": "cold", "chance": 0.5})],
        (*D, "war", "triggers", 1),
        "an event of attacks can push war into cold and hot at one moment: what comes of it goes by their names",
    ),
    "unused pace": ([((*P, "idle"), {})], (*P, "idle"), "nobody uses the pace"),
    "unused frailty": ([(("frailties", "idle"), {"sd": 1})], ("frailties", "idle"), "nobody uses the frailty"),
    "unused template": ([(("templates", "idle"), {})], ("templates", "idle"), "nobody uses the template"),
    "unused factor": ([(("factors", "idle"), {})], ("factors", "idle"), "nobody uses the factor"),
    "lonely factor": ([((*D, "gas", "factors"), {})], ("factors", "demand"), "only brent loads on demand"),
    "unused source": ([(("sources", "C2"), "x")], ("sources", "C2"), "nobody cites"),
    "mistyped source": (
        [(("sources", "eia_brent"), "x"), ((*D, "gas", "source"), "eia_brant")],
        (*D, "gas", "source"),
        "is taken as words",
    ),
    "unreached state": (
        [((*D, "war", "states", "ashes"), {"duration": 1, "next": {"hot": 1}})],
        (*D, "war", "states", "ashes"),
        "can never be in ashes",
    ),
    "state reached only from the unreached": (
        [
            ((*D, "war", "states", "ashes"), {"duration": 1, "next": {"dust": 1}}),
            ((*D, "war", "states", "dust"), {"duration": 1, "next": {"hot": 1}}),
        ],
        (*D, "war", "states", "dust"),
        "can never be in dust",
    ),
    "state pushed only from the unreached": (
        [
            ((*D, "war", "states", "ashes"), {}),
            ((*D, "war", "triggers", 1), {"driver": "attacks", "state": "ashes", "only_from": ["ashes"]}),
        ],
        (*D, "war", "states", "ashes"),
        "can never be in ashes",
    ),
    "odds of 0 at the start": (
        [((*D, "war", "initial"), {"hot": 1, "cold": 0})],
        (*D, "war", "initial", "cold"),
        "beginning in cold are 0",
    ),
    "trigger without a chance": (
        [((*D, "war", "triggers", 0, "chance"), 0)],
        (*D, "war", "triggers", 0, "chance"),
        "never works",
    ),
    "events at a rate of 0": ([((*D, "attacks"), QUIET)], (*D, "attacks", "rate"), "no event of attacks ever"),
    "mean that is cut off": ([((*D, "will", "mean"), 9)], (*D, "will", "mean"), "cut off"),
    "factor of 1": (
        [((*P, "ground", "effects", 0, "factor"), 1)],
        (*P, "ground", "effects", 0, "factor"),
        "changes nothing",
    ),
    "elasticity of 0": (
        [((*P, "works", "effects", 0, "elasticity"), 0)],
        (*P, "works", "effects", 0, "elasticity"),
        "nothing",
    ),
    "per unit of 1": ([(WORK, {"driver": "gas", "per_unit": 1})], (*WORK, "per_unit"), "changes nothing"),
    "ceremony effect": ([(("ceremony_effect",), 0.2)], ("ceremony_effect",), "changes the speed"),
    "never above": (
        [(WORK, {"driver": "will", "above": 2, "factor": 0.5})],
        (*WORK, "above"),
        "will is at least 0.1 and at most 2: the factor never holds",
    ),
    "always above": ([(WORK, {"driver": "will", "above": 0, "factor": 0.5})], (*WORK, "above"), "always holds"),
    "never below": ([(WORK, {"driver": "will", "below": 0.1, "factor": 0.5})], (*WORK, "below"), "never holds"),
    "always below": (
        [(WORK, {"driver": "will", "below": {"p10": 3, "p90": 4, "min": 2.5, "max": 5}, "factor": 0.5})],
        (*WORK, "below"),
        "always holds",
    ),
    "reference out of reach": (
        [(WORK, {"driver": "will", "elasticity": 0.5, "reference": 98})],
        (*WORK, "reference"),
        "will is at least 0.1 and at most 2: it is never at its reference",
    ),
    "capacity of another unit": (
        [((*F, "capacity"), {"p10": 0.6, "p50": 0.7, "p90": 0.8})],
        (*F, "capacity"),
        "at most 0.892 a year is not a hundredth of the target",
    ),
    "no depth": ([((*A, 1, "depth"), 0)], (*A, 1, "depth"), "delivery is 0"),
    "no presence": ([((*A, 1, "presence"), 0)], (*A, 1, "presence"), "in no world"),
    "endless": ([((*A, 0, "ending", "rate"), 0)], (*A, 0, "ending", "rate"), "never ends"),
    "ceremony without weight": (
        [((*MEMO, "ceremonies", 0, "weight"), 0)],
        (*A, 0, "ceremonies", 0, "weight"),
        "honour nothing",
    ),
    "idle formal milestone": (
        [((*A, 1, "milestones", "plan"), {"track": "formal", "duration": 1})],
        (*A, 1, "milestones", "plan"),
        "no weight in ceremony",
    ),
    "no weight in ceremony": (
        [((*MEMO, "milestones", "body", "weight"), 0), ((*MEMO, "ceremonies"), None)],
        (*A, 0),
        "no formal milestone of food has a weight in ceremony: it can never be symbolic",
    ),
    "idle material milestone": (
        [((*A, 1, "milestones", "plan"), {"track": "material", "duration": 1})],
        (*A, 1, "milestones", "plan"),
        "no weight in delivery",
    ),
    "early earliest": (
        [((*A, 1, "milestones", "works", "earliest"), date(2026, 2, 1))],
        (*A, 1, "milestones", "works", "earliest"),
        "changes nothing",
    ),
    "never": ([((*A, 1, "milestones", "works", "never"), 1)], (*A, 1, "milestones", "works"), "its never is 1"),
    "never upstream": (
        [((*MEMO, "milestones", "body", "never"), 1)],
        (*A, 1, "milestones", "works"),
        "waits for food.tender, which never is",
    ),
    "flow that never begins": ([((*MEMO, "milestones", "body", "never"), 1)], F, "the flow can never begin"),
    "never in a world": (
        [((*A, 0, "presence"), 0)],
        (*A, 1, "milestones", "works"),
        "waits for food.tender, which never is",
    ),
}


@pytest.mark.parametrize("name", REMARKS)
def test_each_remark_is_made_where_it_belongs(name: str) -> None:
    edits, path, message = REMARKS[name]
    world = scenario(*edits)
    assert not faults(world), said(faults(world))
    found = remarks(world)
    assert [f for f in found if f.path == path and message in f.message], said(found)


@pytest.mark.parametrize(
    "duration",
    [
        {"distribution": "uniform", "low": {"p10": 5, "p90": 20}, "high": {"p10": 8, "p90": 30}},
        {"distribution": "exponential", "mean": 10, "min": {"p10": 1, "p90": 9}, "max": {"p10": 8, "p90": 60}},
        {"distribution": "fixed", "value": 5, "min": 5},
        {"p10": 6, "p90": 40, "max": 60},
    ],
)
def test_spreads_that_overlap_are_no_fault(duration: Any) -> None:
    """They are put in order world by world; a stay of which few are left is rare, not wrong."""
    edits = [((*A, 1, "milestones", "works", "duration"), duration), ((*D, "war", "elapsed"), 5)]
    found = faults(scenario(((*D, "war", "states", "hot", "duration"), {"p50": 2, "p90": 4}), *edits))
    assert not found, said(found)


@pytest.mark.parametrize(
    ("step", "lag", "average", "told"),
    [
        ("month", 0.4, 2, {"lag": "counts as 0 months"}),
        ("month", 6, 0.4, {"average": "counts as 1 month"}),
        ("month", 6, 3, {}),
        ("quarter", 1, 2, {"lag": "counts as 0 months", "average": "counts as 3 months"}),
        ("quarter", 6, 3, {}),
        ("quarter", 0, 0, {}),
    ],
)
def test_times_between_the_steps_are_remarked(step: str, lag: float, average: float, told: dict[str, str]) -> None:
    world = scenario((WORK, {"driver": "gas", "elasticity": 0.2, "lag": lag, "average": average}))
    found = {f.path[-1]: f.message for f in remarks(world, Question(scenario="x", step=step, horizon=60))}
    assert found.keys() == told.keys(), found
    assert all(message in found[word] for word, message in told.items())


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"horizon": 41, "headline": 31, "step": "quarter"}, {"horizon": 39, "headline": 30}),
        ({"horizon": 42, "headline": date(2028, 1, 1), "rule": {"window": 4}, "step": "quarter"}, {"window": 3}),
        ({"horizon": 41, "headline": 31, "rule": {"window": 24.4}}, {"window": 24}),
        ({"horizon": 41, "headline": 31}, {}),
    ],
)
def test_spans_between_the_steps_are_remarked(asked: Tables, told: dict[str, int]) -> None:
    """What is told to count is what a plan takes it for."""
    question, world = Question.model_validate({"scenario": "x", **asked}), scenario()
    found = {str(f.path[-1]): f.message for f in question_remarks(question, world)}
    assert found.keys() == told.keys()
    for word, months in told.items():
        assert f"counts as {months} months" in found[word]
    run = Plan(question, world)
    kept = {"horizon": run.grid.steps, "headline": run.headline, "window": run.window}
    assert all(kept[word] * run.grid.step == months for word, months in told.items())


@pytest.mark.parametrize(
    ("step", "headline", "judged", "hint"),
    [
        ("month", date(2028, 2, 9), "2028-02-01", "write headline = 2028-02-01"),
        ("quarter", date(2028, 2, 1), "2028-01-01", "write headline = 2028-01-01"),
        # the signature is no headline
        ("month", date(2026, 1, 9), "2026-01-01", ""),
        ("month", date(2028, 2, 1), "", ""),
    ],
)
def test_a_headline_between_two_dates_of_the_grid_is_remarked(
    step: str, headline: date, judged: str, hint: str
) -> None:
    question = Question.model_validate({"scenario": "x", "step": step, "headline": headline})
    found = [fault for fault in question_remarks(question, scenario()) if fault.path == ("headline",)]
    assert [(f.message.rpartition(" ")[2], f.hint) for f in found] == ([(judged, hint)] if judged else [])


@pytest.mark.parametrize(
    ("headline", "signed", "told"),
    [
        (24, (1, 1), ""),
        (12, (1, 1), ""),
        # one that is old enough can be judged
        (13, (7, 1), ""),
        (11, (1, 1), "every agreement is younger than 12 months then: what is not delivered is too young to judge"),
        (11, (12, 2), "rail is signed after it, 2026-12-01: too young to be judged then"),
    ],
)
def test_a_headline_at_which_agreements_are_too_young_is_remarked(
    headline: int, signed: tuple[int, int], told: str
) -> None:
    question = Question.model_validate({"scenario": "x", "horizon": 60, "headline": headline})
    world = scenario((("agreements", 1, "signed"), date(2026, *signed)))
    found = [f for f in question_remarks(question, world) if "young" in f.message]
    assert [f.message for f in found] == ([told] if told else [])
    # both ways out that the hint names are ways out: a run may have no later date
    for hint in [f.hint for f in found if f.hint]:
        assert hint == "a later one, or a smaller rule.pending, can tell symbolic from dormant"
        sooner = question.model_copy(update={"rule": question.rule.model_copy(update={"pending": headline})})
        assert not [f for f in question_remarks(sooner, world) if "young" in f.message]


@pytest.mark.parametrize(
    ("headline", "signed", "told"),
    [
        (12, None, ""),
        (3, None, "no flow can have gone on for more than 3 months"),
        (13, date(2026, 3, 1), "the flow of late can have gone on for 11 months at most"),
        # what is not signed by then is remarked on as such
        (3, date(2026, 9, 1), "the flow of food can have gone on for 3 months at most"),
    ],
)
def test_a_headline_before_the_target_of_a_year_can_be_reached_is_remarked(
    headline: int, signed: date | None, told: str
) -> None:
    question = Question.model_validate({"scenario": "x", "horizon": 60, "headline": headline})
    late = sound()["agreements"][0] | {"id": "late", "signed": signed}
    world = scenario(*([((*A, 2), late)] if signed else []))
    found = [f.message for f in question_remarks(question, world) if "target" in f.message]
    assert found == ([f"a target is for a year, and {told} by then"] if told else [])


def test_cuts_that_move_none_are_remarked() -> None:
    rule = {"partial": 0.4}
    every = {"same": {"partial": 0.4, "token": 0.1}, "none": {"title": "as asked"}, "moved": {"partial": 0.33}}
    question = Question.model_validate({"scenario": "x", "rule": rule, "cuts": every})
    found = [f for f in question_remarks(question, scenario()) if f.path[0] == "cuts"]
    assert [f.path[1] for f in found] == ["same", "none"]
    assert {f.message for f in found} == {"every cut that it gives is the rule's: it moves none"}
    # of the sets that nobody asked for nobody is told
    cut = Question.model_validate({"scenario": "x", "rule": {"substantive": 0.75, "partial": 0.5}})
    assert not [f for f in question_remarks(cut, scenario()) if f.path[0] == "cuts"]


def test_a_fault_of_a_template_is_told_once() -> None:
    second = {"id": "seed", "template": "memorandum", "flow": sound()["agreements"][0]["flow"]}
    found = faults(scenario(((*MEMO, "pace"), "sea"), ((*A, 2), second)))
    assert [f.path for f in found] == [(*MEMO, "pace")]


def test_of_two_agreements_of_one_id_nothing_is_told_but_that() -> None:
    """What one of them lacks the other may have, whichever stands first."""
    second = {"id": "food", "milestones": {"done": {"track": "material", "duration": 1, "weight": 1, "after": "first"}}}
    second["milestones"]["first"] = {"track": "formal", "duration": 1}
    reads = (("quantities", "grown"), {"expression": "food.total + food.done + food.body"})
    agreements = [*sound()["agreements"], second]
    asked = Question.model_validate({"scenario": "x", "rare": "food.done and food.total > 1"})
    for order in (agreements, agreements[::-1]):
        place = next(n for n, a in enumerate(order) if a["id"] == "rail")
        waits = ((*A, place, "milestones", "works", "after"), ["food.body", "food.done"])
        world = scenario((A, order), reads, waits)
        assert [f.message for f in faults(world)] == ["two agreements are called 'food'"]
        assert not question_faults(asked, world)


def test_what_the_second_of_one_id_was_to_be_called_is_not_told_as_unknown() -> None:
    """The fault is the id: whoever names the other agreement says nothing wrong."""
    second = {**sound()["agreements"][0], "id": "rail"}
    reads = (("quantities", "grown"), {"expression": "seed.total"})
    waits = ((*A, 1, "milestones", "works", "after"), ["seed.tender", "food.tender"])
    world = scenario(((*A, 2), second), reads, waits, (("quantities", "moved"), None))
    assert [f.message for f in faults(world)] == ["two agreements are called 'rail'"]
    narrow = {"half_width": 0.1, "of": ["seed", "seed.symbolic"]}
    asked = {"scenario": "x", "rare": "seed.total > 1", "precision": narrow}
    assert not question_faults(Question.model_validate(asked), world)


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("conditons", "did you mean conditions?"),
        ("war.hott", "did you mean war.hot?"),
        ("food.symbolik", "did you mean food.symbolic?"),
        ("war.hot.fod", "did you mean war.hot.food?"),
        ("cheap.fod", "did you mean cheap.food?"),
    ],
)
def test_what_precision_names_of_an_agreement_a_condition_or_a_variant(word: str, hint: str) -> None:
    def found(of: str, **more: Any) -> list[Fault]:
        asked = {"scenario": "x", "variants": {"cheap": {}}, "precision": {"half_width": 0.1, "of": [of]}, **more}
        return question_faults(Question.model_validate(asked), scenario())

    (fault,) = found(word)
    assert (fault.path, fault.hint) == (("precision", "of", "0"), hint)
    meant = hint.removeprefix("did you mean ").removesuffix("?")
    assert not found(meant)
    needs = found(meant, analyses=["headline"])
    assert bool(needs) == (not meant.startswith("food."))


def test_a_word_that_names_several_things_is_judged_as_it_is_measured() -> None:
    """Agreements come before variants, and these before conditions, where a precision is looked up too."""
    when = {"when": "war.hot"}
    asked = {"scenario": "x", "variants": {"food": {}, "dear": {}}, "conditions": {"dear": when, "number": when}}

    def told(word: str, *analyses: str) -> list[str]:
        narrow = {"half_width": 0.1, "of": [word]}
        question = Question.model_validate({**asked, "precision": narrow, "analyses": ["headline", *analyses]})
        return [fault.message for fault in question_faults(question, scenario())]

    assert not told("food")
    assert not told("number")
    assert not told("dear", "variants")
    assert told("dear", "conditions") == ["dear needs the analysis variants, which analyses leaves out"]


def test_a_circle_of_a_template_is_told_once() -> None:
    flow = sound()["agreements"][0]["flow"]
    more = [((*A, 2 + n), {"id": f"more{n}", "template": "memorandum", "flow": flow}) for n in range(3)]
    circle = ((*MEMO, "milestones", "body", "after"), "tender"), ((*MEMO, "milestones", "tender", "after"), "body")
    apart = ((*A, 2, "milestones"), {"body": {"after": ["tender", "rail.works"]}})
    assert len(faults(scenario(*circle))) == 1
    assert len(faults(scenario(*more, *circle))) == 1
    assert len(faults(scenario(*more, *circle, apart))) == 2


def test_of_an_agreement_in_no_world_nothing_else_is_remarked() -> None:
    world = scenario(((*A, 0, "presence"), 0), ((*A, 0, "depth"), 0), ((*A, 1, "milestones", "works", "after"), "plan"))
    assert [f.path for f in remarks(world)] == [(*A, 0, "presence")]


def test_an_unread_driver_is_read_by_a_condition() -> None:
    world = scenario(((*D, "idle"), {"kind": "events", "rate": 1}))
    asked = Question.model_validate({"scenario": "x", "conditions": {"busy": {"when": "idle > 2"}}})
    assert "nobody reads idle" in said(remarks(world))
    assert "nobody reads idle" not in said(remarks(world, asked))


def test_a_ceremonial_driver_may_be_read_where_no_work_follows() -> None:
    """Who is moved by visits is ceremonial in turn; only work and quantities must not read such a driver."""
    mood = {
        "kind": "regime",
        "initial": "up",
        "states": {"up": {}, "down": {"duration": 3, "next": {"up": 1}}},
        "triggers": [{"driver": "visits", "state": "down"}],
    }
    assert not faults(scenario(((*D, "mood"), mood)))
    read = faults(scenario(((*D, "mood"), mood), (WORK, {"driver": "mood", "state": "up", "factor": 2})))
    assert [f.path for f in read] == [(*WORK, "driver")], said(read)


def test_what_comes_too_late_or_begins_cut_off_is_remarked() -> None:
    tables = data()
    tables["shocks"].append({"driver": "oil", "date": date(2031, 1, 1), "size": 0.1})
    tables["drivers"]["attacks"]["dated"] += [{"date": date(2029, 2, 27)}, {"date": date(2029, 3, 1)}]
    tables["drivers"]["will"] |= {"initial": 50, "least": 0, "most": 1}
    scenario = Scenario.from_data(tables)
    asked = Question(
        scenario="x",
        horizon=36,
        headline=24,
        conditions={"long": {"when": "war.hot", "months": 30}},  # type: ignore[dict-item]
    )
    told = {(f.path, f.message) for f in (*remarks(scenario, asked), *question_remarks(asked, scenario))}
    before = {(f.path, f.message) for f in remarks(Scenario.from_data(data()), asked)}
    new = dict(told - before)
    event = ("drivers", "attacks", "dated", 2, "date")
    assert set(new) == {("shocks", 1, "date"), event, ("drivers", "will", "initial"), ("conditions", "long", "months")}
    assert "beyond the horizon" in new["shocks", 1, "date"]
    assert new[event] == "2029-03-01 lies beyond the horizon: the event never happens"


def test_what_comes_too_late_is_remarked_whatever_variants_have_in_its_list() -> None:
    """One that takes the shock out, and one that has others before it, leave it as idle as it is."""
    tables, without, before, sooner = data(), data(), data(), data()
    late = {"driver": "oil", "date": date(2031, 1, 1), "size": 0.1}
    early = late | {"date": date(2027, 1, 1)}
    tables["shocks"] = [late]
    tables["drivers"]["attacks"]["dated"] = [{"date": date(2029, 3, 1)}]
    without["shocks"] = []
    before["shocks"] = [early, late]
    before["drivers"]["attacks"]["dated"] = [{"date": date(2027, 3, 1)}, {"date": date(2029, 3, 1)}]
    sooner["shocks"] = [early]
    asked, base = Question(scenario="x", horizon=36), Scenario.from_data(tables)

    def told(*others: Tables) -> list[str]:
        worlds = [Scenario.from_data(other) for other in others]
        return [f.message for f in remarks(base, asked, variants=worlds) if "horizon" in f.message]

    assert len(told()) == len(told(before)) == 2
    assert told(without) == ["2031-01-01 lies beyond the horizon: the shock does nothing"]
    assert not [message for message in told(sooner) if "shock" in message]


def test_earliest_beyond_the_horizon_is_remarked_when_the_horizon_is_known() -> None:
    world = scenario(((*A, 1, "milestones", "works", "earliest"), date(2029, 1, 1)))
    assert not remarks(world)
    assert "beyond the horizon" in said(remarks(world, Question(scenario="x", horizon=24)))
    assert not remarks(world, Question(scenario="x", horizon=60))


QUESTIONS: dict[str, tuple[Tables, tuple[str, ...], str]] = {
    "no step": ({"horizon": 0}, ("horizon",), "at least a month"),
    "less than a quarter": ({"horizon": 2, "step": "quarter"}, ("horizon",), "at least a quarter"),
    "before signature": ({"horizon": date(2025, 1, 1)}, ("horizon",), "at least a month"),
    "too long": ({"horizon": "101 years"}, ("horizon",), "at most 1200 months"),
    "headline beyond": ({"horizon": 24, "headline": 36}, ("headline",), "beyond the horizon"),
    "headline before": ({"headline": date(2025, 12, 1)}, ("headline",), "after the signature"),
    "unknown driver": ({"conditions": {"a": {"when": "brant < 50"}}}, ("conditions", "a", "when"), "no driver"),
    "unknown state": ({"conditions": {"a": {"when": "war.icy"}}}, ("conditions", "a", "when"), "no state"),
    "state of a price": ({"conditions": {"a": {"when": "gas.hot"}}}, ("conditions", "a", "when"), "no regime"),
    "regime as a number": ({"conditions": {"a": {"when": "war > 1"}}}, ("conditions", "a", "when"), "is a regime"),
    "agreement": ({"conditions": {"a": {"when": "food.delivery > 0"}}}, ("conditions", "a", "when"), "about drivers"),
    "a number": ({"conditions": {"a": {"when": "brent"}}}, ("conditions", "a", "when"), "neither holds nor fails"),
    "a constant": ({"conditions": {"a": {"when": "1 > 2"}}}, ("conditions", "a", "when"), "reads no driver"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_fault_of_a_question(name: str) -> None:
    tables, path, message = QUESTIONS[name]
    found = question_faults(Question.model_validate({"scenario": "x", **tables}), scenario())
    assert [f for f in found if f.path == path and message in f.message], said(found)


def test_a_sound_question_has_no_fault() -> None:
    tables = {
        "horizon": 36,
        "headline": date(2028, 6, 1),
        "conditions": {
            "a": {"when": "brent < 50"},
            "b": {"when": "war.hot"},
            "c": {"when": "visits > 1 and not war.hot"},
        },
    }
    assert not question_faults(Question.model_validate({"scenario": "x", **tables}), scenario())


def test_strict_wants_a_source_and_a_grade() -> None:
    by_path = {f.path: f.message for f in unsourced(scenario())}
    assert "has no source" in by_path[*D, "gas", "volatility"]
    assert not [path for path in by_path if path[:2] == ("drivers", "brent")]
    graded = unsourced(scenario(((*D, "gas", "source"), "C1")))
    assert any(f.path == (*D, "gas", "initial") and "no grade of trust" in f.message for f in graded)
    for papers in ({"source": "our judgement"}, {"source": "C1", "trust": "B"}, {"source": "an assumption"}):
        edits = [((*D, "gas", word), text) for word, text in papers.items()]
        assert not [f for f in unsourced(scenario(*edits)) if f.path[:2] == ("drivers", "gas")]


def test_strict_asks_for_the_papers_of_a_template_once() -> None:
    inherited = [f.path for f in unsourced(scenario()) if f.path[-1] == "duration" and "body" in f.path]
    assert inherited == [(*MEMO, "milestones", "body", "duration")]


def test_every_reading_is_listed() -> None:
    found = {(r.role, r.reader, r.driver, r.use) for r in readings(scenario())}
    assert {
        ("driver", "brent", "war", "state"),
        ("driver", "strain", "brent", "value"),
        ("driver", "strain", "war", "state"),
        ("driver", "war", "attacks", "events"),
        ("pace", "works", "brent", "ratio"),
        ("pace", "works", "strain", "value"),
        ("pace", "ground", "war", "state"),
        ("flow", "food", "gas", "ratio"),
        ("ceremony", "food", "visits", "events"),
        ("ceremony", "memorandum", "visits", "events"),
        ("quantity", "moved", "gas", "value"),
        ("quantity", "moved", "war", "state"),
    } <= found


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=12))
def test_a_hint_names_what_there_is(name: str, known: list[str]) -> None:
    hint = near(name, known, "things")
    assert any(word in hint for word in known) if known else hint == "there are no things"


def _texts(table: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    pairs = table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ()
    for key, inner in pairs:
        if isinstance(inner, str):
            yield (*path, key)
        yield from _texts(inner, (*path, key))


NAMES = (
    *("brent", "war", "gas", "visits", "attacks", "hot", "cold", "strain", "plan", "works", "ground", "memorandum"),
    *("food", "rail", "food.tender", "tender", "body", "ministry", "demand", "food.flow", "food.ceremony", "nope"),
)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(list(_texts(sound()))), st.sampled_from(NAMES))
def test_what_has_no_fault_runs(path: tuple[str | int, ...], name: str) -> None:
    try:
        world = Scenario.from_data(edited(sound(), path, name))
    except ValidationError:
        return
    remarks(world)
    if not faults(world):
        question = Question(scenario="x", horizon=6, trials=2000)
        block = simulate_block(Plan(question, world), 0)
        assert all(np.isfinite(progress.delivery).all() for progress in block.base.progress.values())
        for quantity in world.quantities.values():
            assert np.isfinite(Expression(quantity.expression).evaluate(lambda word: block.base.read(word, 1))).all()


@pytest.mark.parametrize(
    "expression",
    ["brent", "0.5 + 0.3 * brent / 70 + 0.2 * gas / 30", "exp(brent / 70)", "max(0.1, brent / 70 - 1)", "1 + strain"],
)
def test_an_elasticity_may_read_a_formula_that_stays_above_0(expression: str) -> None:
    cost = {"kind": "formula", "expression": expression}
    world = scenario(((*D, "cost"), cost), (WORK, {"driver": "cost", "elasticity": -0.5}))
    assert said(faults(world)) == ""
    block = simulate_block(Plan(Question(scenario="x", horizon=6, trials=2000), world), 0)
    assert block.base.paths.valued("cost").values.min() > 0


@pytest.mark.parametrize("expression", ["brant / 100", "war * 2", "1 + brent.low", "cost / 2"])
def test_what_only_follows_from_a_wrong_formula_is_not_told_of_its_elasticity(expression: str) -> None:
    cost = {"kind": "formula", "expression": expression}
    further = {"kind": "formula", "expression": "cost * 2"}
    world = scenario(
        ((*D, "cost"), cost), ((*D, "further"), further), (WORK, {"driver": "further", "elasticity": -0.5})
    )
    (fault,) = faults(world)
    assert fault.path[:2] == (*D, "cost")


def test_no_draw_leaves_the_extent_where_parameters_cross() -> None:
    inner = {"p10": 5, "p90": 20, "min": 1, "max": 40}
    raw = {"distribution": "triangular", "low": inner, "mode": {**inner, "max": 50}, "high": {**inner, "min": 2}}
    spread = Dur("x").read({**raw, "address": "x"})
    assert extent(spread) == (1, 50)


NUMBERS = st.floats(-50, 50, allow_subnormal=False)


@settings(max_examples=60)
@given(st.sampled_from(["normal", "uniform", "lognormal", "beta", "quantiles"]), NUMBERS, st.floats(0.5, 20))
def test_no_draw_leaves_the_extent(family: str, middle: float, width: float) -> None:
    parameters = {
        "normal": {"mean": middle, "sd": width},
        "uniform": {"low": middle, "high": middle + width},
        "lognormal": {"median": width, "sigma": 1.0},
        "beta": {"a": width, "b": 2.0},
        "quantiles": {"p10": middle, "p90": middle + width},
    }[family]
    raw = dict(parameters) if family == "quantiles" else {"distribution": family, **parameters}
    assert family in FAMILIES or family == "quantiles"
    spread = Num("x").read({**raw, "address": "x"})
    assert isinstance(spread, Spread)
    low, high = extent(spread)
    drawn = spread.distribution().ppf(np.linspace(0.001, 0.999, 99))
    assert low <= drawn.min() <= drawn.max() <= high
    first, last = typical(spread, 0.05)
    assert low <= first < last <= high


def test_agreements_that_conditional_monte_carlo_can_do_nothing_for_are_told() -> None:
    step = {"track": "formal", "duration": 1, "never": 0.5, "weight": 0.01}
    steps = {f"s{n}": step for n in range(11)} | {"goods": {"track": "material", "duration": 1, "weight": 1.0}}
    world = {"title": "T", "signed": date(2026, 1, 1), "agreements": [{"id": "long", "milestones": steps}]}
    scenario = Scenario.from_data(world)
    asked = {on: Question(scenario="x", horizon=24, conditional_monte_carlo=on) for on in (True, False)}
    assert not question_remarks(asked[False], scenario)
    (found,) = question_remarks(asked[True], scenario)
    assert found.path == ("conditional_monte_carlo",)
    assert "the chances of every agreement are counted all the same" in found.message
    other = {"id": "short", "milestones": {"goods": {"track": "material", "duration": 1, "weight": 1.0}}}
    world["agreements"] = [*world["agreements"], other]  # type: ignore[misc]
    (found,) = question_remarks(asked[True], Scenario.from_data(world))
    assert "the chances of long are counted all the same" in found.message


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("will > 2", "it never holds: will is at least 0.1 and at most 2"),
        ("will >= 0.1 and not war.hot > 1", "it always holds: will is at least 0.1 and at most 2"),
        ("will > 1.9", ""),
        ("rail > 80", ""),
        ("wil > 2", ""),
    ],
)
def test_a_condition_that_is_settled_beforehand_is_remarked_on(when: str, told: str) -> None:
    asked = Question.model_validate({"scenario": "x", "conditions": {"it": {"when": when, "months": 1}}})
    found = [fault.message for fault in question_remarks(asked, scenario()) if fault.path[0] == "conditions"]
    assert found == [told] * bool(told)
