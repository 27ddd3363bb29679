"""Rows of the three-way bar: intervals as found, and what is said where one of the three is not known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pactrisk.estimators import Moments, composition, mean, proportion
from pactrisk.findings import ThreeWayRow
from pactrisk.findings.three_ways import three_way_row, told_apart


def row(events: np.ndarray, m: int, certain: bool = False) -> ThreeWayRow:
    moments = Moments.from_trials(events, m)
    return three_way_row("it", proportion(moments).item(), composition(moments, certain=certain))


def drawn(share: float, worlds: int = 400, m: int = 20) -> np.ndarray:
    """Events of worlds whose chances spread about a half."""
    generator = np.random.default_rng(1)
    chance = generator.beta(0.5 / share - 0.5, 0.5 / share - 0.5, worlds) if share else np.full(worlds, 0.5)
    return generator.random((m, worlds)).ravel() < np.tile(chance, m)


def test_intervals_are_those_of_the_estimators() -> None:
    moments = Moments.from_trials(drawn(0.2), 20)
    found, parts = proportion(moments).item(), composition(moments)
    made = three_way_row("it", found, parts)
    assert made.noise == (found.low, found.high)
    assert made.ignorance == (parts.ignorance_low.item(), parts.ignorance_high.item())
    assert made.ignorance[0] < made.noise[0] < made.value < made.noise[1] < made.ignorance[1]
    assert made.chance is None
    assert made.chance_text == "the rest is chance: it happens or it does not"
    assert told_apart(parts)


def test_ignorance_that_cannot_be_told_from_nothing_is_shown_by_the_most_that_it_may_be() -> None:
    moments = Moments.from_trials(drawn(0.0, worlds=60), 20)
    parts = composition(moments)
    made = three_way_row("it", proportion(moments).item(), parts)
    assert made.bound
    assert made.ignorance == (parts.most_low.item(), parts.most_high.item())
    assert made.ignorance[0] < made.value < made.ignorance[1]
    assert made.chance_text == "ignorance cannot be told from nothing"
    assert not row(drawn(0.2), 20).bound
    assert not row(drawn(0.0), 1, certain=True).bound


def test_one_trial_a_world_tells_nothing_of_ignorance() -> None:
    made = row(drawn(0.2), 1)
    assert all(math.isnan(end) for end in made.ignorance)
    assert "cannot be told from chance" in made.chance_text


def test_without_spreads_there_is_nothing_to_be_ignorant_of() -> None:
    made = row(drawn(0.0), 1, certain=True)
    assert made.ignorance == pytest.approx((made.value, made.value))
    assert "no assumption has a spread" in made.chance_text


def test_a_number_keeps_to_its_bounds() -> None:
    number = np.where(drawn(0.9), 3, 0).astype(np.int64)
    moments = Moments.from_trials(number, 20)
    expected = mean(moments, bounds=(0, 3)).item()
    made = three_way_row("it", expected, composition(moments, 3), "number", (0.0, 3.0), (0.0, 3.0))
    assert made.ignorance == (0.0, 3.0)
    assert made.chance == (0.0, 3.0)
    assert made.chance_text == ""
