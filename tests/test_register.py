"""The register lists every number of a scenario once, with the papers that hold where it stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactrisk.register import Assumption, assumptions, said
from pactrisk.scenario import Scenario
from pactrisk.tables import Papers

SHARED = {"track": "formal", "duration": {"p10": 2, "p90": 9}, "weight": 0.5}


def world() -> dict[str, Any]:
    return {
        "title": "Papers",
        "ceremony_effect": {"p10": 0.1, "p90": 0.2, "source": "C1"},
        "signed": date(2026, 1, 1),
        "sources": {"C1": "a statistics office", "B2": "a court"},
        "factors": {"demand": {"tails": 5, "source": "C1"}},
        "drivers": {
            "brent": {
                "kind": "mean_reverting",
                "unit": "USD/bbl",
                "initial": 70,
                "level": {"p10": 58, "p90": 80, "source": "B2", "trust": "C", "note": "wide"},
                "half_life": {"value": 12, "trust": "judgement"},
                "volatility": 0.3,
                "jumps": {"rate": 0.3, "mean": -0.05},
                "factors": {"demand": 0.7},
                "source": "C1, read in 2026",
                "trust": "A",
                "note": "daily",
            },
            "war": {
                "kind": "regime",
                "initial": {"hot": 0.75, "cold": 0.25},
                "states": {
                    "hot": {"duration": {"p50": {"p10": 6, "p90": 12}, "p90": 48}, "next": {"cold": 1}},
                    "cold": {"source": "a guess"},
                },
            },
            "strain": {"kind": "formula", "expression": "max(70 - brent, 0) * war.hot", "unit": "USD"},
            "both": {"kind": "formula", "expression": "brent * war.hot + 1"},
        },
        "shocks": [
            {"driver": "brent", "date": date(2027, 1, 1), "size": 0.5},
            {"driver": "strain", "date": date(2027, 1, 1), "size": 2},
        ],
        "paces": {"works": {"effects": [{"driver": "brent", "below": 50, "factor": 0.6, "lag": 3}]}},
        "templates": {"memo": {"source": "B2", "depth": 0.5, "milestones": {"body": SHARED}}},
        "agreements": [
            {
                "id": "food",
                "template": "memo",
                "source": "C1",
                "trust": "B",
                "milestones": {"body": {"weight": 0.7}, "tender": {"track": "material", "duration": 5, "weight": 0.5}},
                "flow": {"unit": "t/year", "target": 100, "after": "tender", "source": "letter"},
            },
            {
                "id": "rail",
                "template": "memo",
                "milestones": {"run": {"track": "material", "duration": 1, "weight": 1}},
            },
        ],
        "quantities": {"moved": {"expression": "food.flow * 0.9", "unit": "t"}},
    }


@pytest.fixture(scope="module")
def rows() -> dict[str, Assumption]:
    found = assumptions(Scenario.from_data(world()))
    assert len({row.path for row in found}) == len(found)
    return {row.path: row for row in found}


def test_every_number_is_listed_once(rows: dict[str, Assumption]) -> None:
    assert set(rows) == {
        "ceremony_effect",
        "factors.demand.tails",
        *(f"drivers.brent.{w}" for w in ("initial", "level", "half_life", "volatility", "factors.demand")),
        "drivers.brent.jumps.rate",
        "drivers.brent.jumps.mean",
        "drivers.war.initial.hot",
        "drivers.war.initial.cold",
        "drivers.war.states.hot.duration",
        "drivers.war.states.hot.duration.p50",
        "drivers.war.states.hot.next.cold",
        "drivers.strain.expression",
        "shocks.brent/2027-01-01.size",
        "shocks.strain/2027-01-01.size",
        *(f"paces.works.effects.brent/below.{w}" for w in ("below", "factor", "lag")),
        "templates.memo.depth",
        "templates.memo.milestones.body.duration",
        "templates.memo.milestones.body.weight",
        "agreements.food.milestones.body.weight",
        "agreements.food.milestones.tender.duration",
        "agreements.food.milestones.tender.weight",
        "agreements.food.flow.target",
        "agreements.rail.milestones.run.duration",
        "agreements.rail.milestones.run.weight",
        "quantities.moved.expression",
    }


PAPERS = {
    # a driver's own papers hold for its plain numbers, jumps and loadings
    "drivers.brent.initial": ("C1 (a statistics office), read in 2026", "A", "daily"),
    "drivers.brent.jumps.mean": ("C1 (a statistics office), read in 2026", "A", "daily"),
    "drivers.brent.factors.demand": ("C1 (a statistics office), read in 2026", "A", "daily"),
    # a spread's own papers win, and a new source starts with its own trust
    "drivers.brent.level": ("B2: a court", "C", "wide"),
    "drivers.brent.half_life": ("C1 (a statistics office), read in 2026", "judgement", "daily"),
    "agreements.food.flow.target": ("letter", "", ""),
    "agreements.food.milestones.tender.weight": ("C1: a statistics office", "B", ""),
    "templates.memo.milestones.body.duration": ("B2: a court", "", ""),
    "agreements.rail.milestones.run.weight": ("B2: a court", "", ""),
    "drivers.war.initial.hot": ("", "", ""),
    "ceremony_effect": ("C1: a statistics office", "", ""),
}


@pytest.mark.parametrize("path", PAPERS)
def test_papers_come_from_the_nearest_table_that_has_any(rows: dict[str, Assumption], path: str) -> None:
    row = rows[path]
    assert (row.source, row.trust, row.note) == PAPERS[path]


VALUES = {
    "drivers.brent.level": ("{ p10 = 58, p90 = 80 }", True, "USD/bbl"),
    "drivers.brent.half_life": ("12", False, "months"),
    "drivers.brent.volatility": ("0.3", False, "per year"),
    "drivers.brent.jumps.mean": ("-0.05", False, ""),
    "drivers.war.states.hot.duration": ("{ p50 = { p10 = 6, p90 = 12 }, p90 = 48 }", False, "months"),
    "drivers.war.states.hot.duration.p50": ("{ p10 = 6, p90 = 12 }", True, "months"),
    "paces.works.effects.brent/below.below": ("50", False, "USD/bbl"),
    "shocks.brent/2027-01-01.size": ("0.5", False, ""),
    "shocks.strain/2027-01-01.size": ("2", False, "USD"),
    "agreements.food.flow.target": ("100", False, "t/year"),
    "quantities.moved.expression": ("food.flow * 0.9", False, "t"),
}


@pytest.mark.parametrize("path", VALUES)
def test_value_spread_and_unit(rows: dict[str, Assumption], path: str) -> None:
    row = rows[path]
    assert (row.value, row.spread, row.unit) == VALUES[path]
    assert row.meaning


def test_addresses_of_spreads_are_those_of_the_draws(rows: dict[str, Assumption]) -> None:
    drawn = {row.address for row in rows.values() if row.spread}
    assert drawn == set(Scenario.from_data(world()).spreads())


def test_parts_of_a_duration_and_odds_without_a_choice_are_no_numbers_of_their_own(rows: dict[str, Assumption]) -> None:
    assert {path for path, row in rows.items() if not row.own} == {
        "drivers.war.states.hot.duration.p50",
        "drivers.war.states.hot.next.cold",
    }


def test_odds_say_what_makes_them_sum_to_one() -> None:
    data = world()
    states = data["drivers"]["war"]["states"]
    states["truce"] = {}
    states["hot"]["next"] = {"cold": 0.7, "truce": 0.3}
    path = "drivers.war.states.hot.next.truce"
    plain = {row.path: row for row in assumptions(Scenario.from_data(data))}[path]
    assert plain.meaning.endswith("which sum to 1")
    states["hot"]["next"]["truce"] = {"p10": 0.2, "p90": 0.4}
    scaled = {row.path: row for row in assumptions(Scenario.from_data(data))}[path]
    assert scaled.meaning.endswith("scaled in each world to sum to 1")
    assert plain.own
    assert scaled.own


def test_keys_lead_back_into_the_file(rows: dict[str, Assumption]) -> None:
    for row in rows.values():
        place: Any = world()
        for key in row.keys:
            place = place[key]
        assert place is not None


@given(
    st.text(max_size=60), st.dictionaries(st.from_regex(r"[A-Z][0-9]{1,2}", fullmatch=True), st.just("x"), max_size=4)
)
def test_a_source_keeps_its_words(source: str, sources: dict[str, str]) -> None:
    text = said(source, sources)
    assert said(source, {}) == source
    if source.strip() not in sources:
        assert text.replace(" (x)", "") == source.replace(" (x)", "")


def test_codes_are_spelled_out_wherever_they_stand() -> None:
    sources = {"C1": "an office", "eia": "an agency"}
    assert said("C1; C12 and C1", sources) == "C1 (an office); C12 and C1 (an office)"
    assert said("eia", sources) == "eia: an agency"
    assert said("by eia", sources) == "by eia"


def test_same_number_with_papers_of_its_own_is_an_assumption_of_its_own() -> None:
    data = world()
    data["agreements"][0]["milestones"]["body"] = {"weight": 0.5}
    path = "agreements.food.milestones.body.weight"
    assert path not in {row.path for row in assumptions(Scenario.from_data(data))}
    data["agreements"][0]["milestones"]["body"]["source"] = "a letter"
    assert {row.path: row.source for row in assumptions(Scenario.from_data(data))}[path] == "a letter"


def test_new_source_resets_trust() -> None:
    outer = Papers("treaty", "A", "n")
    inner = Scenario.from_data(world()).agreement("food").flow
    assert outer.within(inner) == Papers("letter", "", "n")
    assert outer.within("no table") is outer


def test_an_effect_says_what_it_is_on() -> None:
    data = world()
    effect = {"driver": "war", "state": "hot", "factor": 0.5}
    data["paces"]["works"]["effects"] = [effect]
    data["drivers"]["war"]["states"]["hot"]["effects"] = [{"driver": "brent", "elasticity": 0.5}]
    data["agreements"][0]["flow"]["effects"] = [effect]
    data["agreements"][0]["ending"] = {"rate": 0.1, "effects": [effect]}
    meant = {row.path: row.meaning for row in assumptions(Scenario.from_data(data)) if ".effects." in row.path}
    multiplied = "what the {} is multiplied by: 1 changes nothing, 0 stops"
    assert meant == {
        "paces.works.effects.war/hot.factor": multiplied.format("pace"),
        "agreements.food.flow.effects.war/hot.factor": multiplied.format("flow"),
        "agreements.food.ending.effects.war/hot.factor": multiplied.format("hazard of ending"),
        "drivers.war.states.hot.effects.brent/elasticity.elasticity": (
            "per cent of the pace at which the state ends for each per cent of the driver against its reference"
        ),
    }
