"""What the shipped files promise: sources everywhere, nothing idle, short where they say short."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from pactrisk.config import load, load_scenario
from pactrisk.ensemble import Plan, simulate_block
from pactrisk.register import assumptions
from scenarios.shipped import HOME, Sample

CONFIGS = sorted((HOME / "configs").glob("*.toml"))
SCENARIOS = sorted((HOME / "scenarios").glob("*.toml"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_every_number_has_a_source_and_nothing_is_idle(path: Path) -> None:
    scenario, odd = load_scenario(path, strict=True)
    assert not odd
    assert all(row.source for row in assumptions(scenario))


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.stem)
def test_every_config_is_whole(path: Path) -> None:
    loaded = load(path, strict=True)
    assert not loaded.remarks
    plan = loaded.study.plan
    assert set(plan.variants) == set(plan.question.variants)


def test_first_steps_is_a_page() -> None:
    text = (HOME / "scenarios" / "first-steps.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    assert len(text.splitlines()) < 40
    assert len(data["agreements"]) == len(data["drivers"]) == 2


@pytest.mark.parametrize("name", ["kazakhstan-serbia", "kazakhstan-serbia-brief"])
def test_ten_documents(name: str) -> None:
    scenario, _ = load_scenario(HOME / "scenarios" / f"{name}.toml")
    assert len(scenario.agreements) == 10
    assert scenario.ceremony_effect == 0


def test_both_ways_to_write_a_variant_are_shown() -> None:
    question = tomllib.loads((HOME / "configs" / "kazakhstan-serbia.toml").read_text(encoding="utf-8"))
    ways = {"scenario" if "scenario" in variant else "set" for variant in question["variants"].values()}
    assert ways == {"scenario", "set"}


def test_what_the_account_calls_likely_is_likelier_than_what_it_calls_possible(brief: Sample) -> None:
    present = brief.by_world(lambda b: np.array([b.base.progress[i].present for i in b.base.scenario.ids])).mean(axis=1)
    by_id = dict(zip(brief.plan.scenario.ids, present, strict=True))
    likely = [by_id[i] for i in ("trade", "agriculture", "industry", "investment", "culture")]
    possible = [by_id[i] for i in ("oil", "gas", "transport")]
    assert min(likely) > 0.55 > max(possible) > 0.2


def test_quantities_stay_in_their_range(brief: Sample) -> None:
    for block in brief.blocks[:1]:
        named = {name: block.evaluate(q.expression, name) for name, q in brief.plan.scenario.quantities.items()}
        assert named["non_russian_share"].min() >= 0
        assert named["non_russian_share"].max() <= 1
        assert named["enlargement_friction"].min() >= 0
        assert named["enlargement_friction"].max() <= 100
        for group in ("migrant_workers", "traders", "diaspora"):
            reached = named[f"{group}_reached"]
            assert np.all(np.diff(reached, axis=0) >= 0)
            assert reached[-1].mean() > 0


def test_more_summits_deliver_nothing(flagship: Sample) -> None:
    """Three times the summits: ceremony rises, and every delivery stays the same to the bit."""
    path = HOME / "configs" / "kazakhstan-serbia.toml"
    plan = load(path, ["drivers.summits.rate=2.4", "drivers.commission.rate=2.1"]).study.plan
    louder = simulate_block(Plan(plan.question, plan.scenario), 0).base
    base = flagship.blocks[0].base
    for id_ in plan.scenario.ids:
        np.testing.assert_array_equal(louder.progress[id_].delivery, base.progress[id_].delivery)
    assert sum(p.honours.sum() for p in louder.progress.values()) > sum(p.honours.sum() for p in base.progress.values())
