"""Minimally different worlds: each variant moves the portfolio the way its scenario says, trial by trial."""

from __future__ import annotations

import numpy as np
import pytest

from pactrisk.config import load
from scenarios.shipped import HOME, Sample, error

WORSE, BETTER = -1, 1
FLAGSHIP = {
    "oil-crash": WORSE,
    "oil-spike": BETTER,
    "ukraine-escalation": WORSE,
    "ukraine-settlement": BETTER,
    "eu-squeeze": WORSE,
    "route-closed": WORSE,
}
BRIEF = {**FLAGSHIP, "rival-bids": WORSE}


def moved(sample: Sample, variant: str) -> np.ndarray:
    """Change in how many are substantive, by world."""
    return (sample.substantive(variant) - sample.substantive()).sum(axis=0)


@pytest.mark.parametrize(("variant", "way"), FLAGSHIP.items())
def test_the_flagship_moves_as_told(flagship: Sample, variant: str, way: int) -> None:
    change = moved(flagship, variant)
    assert way * change.mean() > 3 * error(change)


@pytest.mark.parametrize(("variant", "way"), BRIEF.items())
def test_the_account_moves_as_told(brief: Sample, variant: str, way: int) -> None:
    change = moved(brief, variant)
    assert way * change.mean() > 3 * error(change)


def test_the_first_world_moves_as_told(first_steps: Sample) -> None:
    for variant, way in (("cheap-oil", WORSE), ("open-border", BETTER)):
        change = moved(first_steps, variant)
        assert way * change.mean() > 3 * error(change)


def test_every_variant_is_judged() -> None:
    """A variant added to a config without a word on its direction is noticed."""
    for name, told in (("kazakhstan-serbia", FLAGSHIP), ("kazakhstan-serbia-brief", BRIEF)):
        question = load(HOME / "configs" / f"{name}.toml").study.plan.question
        assert set(question.variants) == set(told)


def test_lines_that_a_shock_touches_move_most(flagship: Sample) -> None:
    """A settlement opens roads and banks: trade, firms and capital gain more than film and heritage."""
    change = flagship.substantive("ukraine-settlement") - flagship.substantive()
    ids = flagship.plan.scenario.ids
    touched = change[[ids.index(x) for x in ("information", "egovernment", "veterinary", "investment")]].mean(axis=0)
    apart = change[[ids.index(x) for x in ("cinema", "heritage", "health", "justice")]].mean(axis=0)
    assert (touched - apart).mean() > 3 * error(touched - apart)
