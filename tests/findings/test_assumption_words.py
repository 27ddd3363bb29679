"""Addresses in words that a reader of the page knows."""

from __future__ import annotations

from datetime import date

import pytest

from pactrisk.ensemble import Plan
from pactrisk.findings.assumption_words import assumption_words
from pactrisk.question import Question
from pactrisk.scenario import Scenario


def spread() -> dict[str, float]:
    """A table of its own for each number."""
    return {"p10": 0.4, "p90": 0.6}


SCENARIO = Scenario.from_data(
    {
        "title": "Words",
        "signed": date(2026, 2, 27),
        "ceremony_effect": spread(),
        "drivers": {
            "brent": {"kind": "mean_reverting", "title": "Brent oil", "initial": 70, "level": 70, "half_life": spread(),
                      "volatility": 0.3},
            "war": {"kind": "regime", "initial": "on", "states": {
                "on": {"title": "fighting", "next": {"off": 1},
                       "duration": {"distribution": "exponential", "mean": spread()}},
                "off": {}}},
        },
        "paces": {"works": {"effects": [{"driver": "brent", "elasticity": spread()},
                                        {"driver": "war", "state": "on", "factor": spread()}]}},
        "frailties": {"kz": {"title": "Astana", "sd": spread()}},
        "templates": {"memorandum": {"pace": "works", "milestones": {
            "plan": {"title": "joint plan", "track": "material", "weight": 1.0, "duration": 6, "never": spread()}}}},
        "agreements": [{"id": "a", "title": "Rail", "template": "memorandum", "depth": spread(), "presence": 0.5}],
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("agreements.a.depth", "Rail: depth"),
        ("agreements.a.presence/exists", "Rail: whether it exists at all"),
        ("ceremony_effect", "ceremony effect"),
        ("drivers.brent.half_life", "Brent oil: half life"),
        ("drivers.war.states.on.duration.mean", "war: fighting, duration, mean"),
        ("frailties.kz.sd", "hidden factor Astana: standard deviation"),
        ("paces.works.effects.brent/elasticity.elasticity", "pace works: Brent oil elasticity"),
        ("paces.works.effects.war/on.factor", "pace works: war fighting, factor"),
        ("templates.memorandum.milestones.plan.never", "memorandum: joint plan, never done"),
    ],
)
def test_words(address: str, words: str) -> None:
    assert address in Plan(Question(scenario="x"), SCENARIO).uncertain
    assert assumption_words(SCENARIO, address) == words


def test_every_uncertain_address_is_here() -> None:
    assert len(Plan(Question(scenario="x"), SCENARIO).uncertain) == 9
