"""Every two of many mistakes are told together as each is alone."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from pactrisk.config.checking import built
from pactrisk.config.documents import Document
from pactrisk.errors import Problem
from small_world import data

GONE, SLIP = object(), "x"
"""A key that is left out, and what is added to a key that is misspelt."""
MISTAKES: list[tuple[str, Any]] = [
    ("drivers.oil.half_life", "x"),
    ("drivers.oil.jumps.rate", -1),
    ("drivers.oil.factors", {"demand": 0.9, "fear": 0.9}),
    ("drivers.oil.when.0.state", "hott"),
    ("drivers.oil.level", {"p10": 90, "p90": 50}),
    ("drivers.gas.kind", "two_facto"),
    ("drivers.gas.half_life", GONE),
    ("drivers.gold.colour", "red"),
    ("drivers.gold.volatility", SLIP),
    ("drivers.war.initial", "cld"),
    ("drivers.war.states.hot.next", {"cold": 0.5, "truce": 0.2}),
    ("drivers.war.states.truce.duration", "long"),
    ("drivers.war.elapsed", -3),
    ("drivers.route.triggers.0.driver", "attcks"),
    ("drivers.route.states.shut.effects.0.factor", "no"),
    ("drivers.route.states.shut.next", GONE),
    ("drivers.stress.expression", "max(70 - oill, 0) / 70 * war.hot"),
    ("drivers.stress.expression", "max(70 -"),
    ("drivers.fair.values.0.date", date(2028, 1, 1)),
    ("drivers.summits.rate", GONE),
    ("shocks.0.size", -3),
    ("paces.works.effects.0.driver", "wr"),
    ("paces.works.effects.1.elasticity", SLIP),
    ("paces.works.effects.2.per_unit", -1),
    ("paces.works.effects.3.factor", GONE),
    ("paces.transport.includes", "wrks"),
    ("frailties.north.sd", -1),
    ("templates.memorandum.pace", "wrks"),
    ("templates.memorandum.ceremonies.0.driver", "summit"),
    ("templates.memorandum.milestones.plan.after", "sgning"),
    ("templates.memorandum.milestones.plan.never", 1.5),
    ("templates.memorandum.milestones.signing.track", "formall"),
    ("templates.memorandum.milestones.signing.duration", GONE),
    ("templates.memorandum.ending.rate", "x"),
    ("agreements.0.template", "memorandm"),
    ("agreements.0.depth", 2),
    ("agreements.0.flow.after", "contrct"),
    ("agreements.0.flow.unit", GONE),
    ("agreements.1.milestones.contract.weight", 0.7),
    ("agreements.1.milestones.opening.after", ["contract", "grian.contract"]),
    ("agreements.1.presence", 1.2),
    ("agreements.2.signed", date(2020, 1, 1)),
    ("agreements.2.pace", "slow"),
    ("agreements.2.sector", SLIP),
    ("agreements.2.milestones.contract.earliest", 5),
    ("quantities.carried.expression", "silver + 1"),
    ("quantities.carried.expression", "war + 1"),
    ("quantities", SLIP),
    ("agreements", SLIP),
    ("title", GONE),
]


def sentences(*mistakes: tuple[str, Any]) -> set[str]:
    """What is told of the small world with these mistakes in it."""
    tables = data()
    # what is misspelt is so last, that it can be found under its name before
    for dotted, value in sorted(mistakes, key=lambda mistake: mistake[1] is SLIP):
        *way, last = (int(word) if word.isdigit() else word for word in dotted.split("."))
        table: Any = tables
        for key in way:
            table = table[key]
        if value is GONE:
            del table[last]
        elif value is SLIP:
            table[f"{last}{SLIP}"] = table.pop(last)
        else:
            table[last] = value
    found: list[Problem] = []
    built(Document(tables, {}, "x"), Path(), {}, found, strict=False)
    return {problem.message for problem in found}


def test_every_two_mistakes_are_told_as_each_is_alone() -> None:
    alone = {place: sentences(mistake) for place, mistake in enumerate(MISTAKES)}
    assert all(alone.values())
    tried = 0
    for (a, one), (b, other) in combinations(enumerate(MISTAKES), 2):
        first, second = one[0].split("."), other[0].split(".")
        if (a + b) % 3 or first[:3] == second[: len(first[:3])]:
            continue
        tried += 1
        assert sentences(one, other) == alone[a] | alone[b], (one, other)
    assert tried > 250
