"""How many of some things: of one the chance that it is, of several a mean."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from pactrisk.estimators import Moments, difference, how_many, how_many_more, mean, proportion


def test_how_many_of_one_is_as_sure_as_its_chance() -> None:
    """One replicate tells nothing of a mean, but its worlds do of a chance."""
    happens = np.arange(200) % 3 == 0
    moments = replace(Moments.from_trials(happens, 200), worlds_each=40)
    chance, number = proportion(moments).item(), how_many(moments).item()
    assert (number.value, number.low, number.high) == (chance.value, chance.low, chance.high)
    assert number.kind == "mean"
    assert (mean(moments, bounds=(0, 1)).low, mean(moments, bounds=(0, 1)).high) == (0, 1)


@pytest.mark.parametrize("most", [2, 10])
def test_how_many_of_several_is_a_mean(most: int) -> None:
    moments = Moments.from_trials(np.arange(200) % (most + 1), 20)
    number, same = how_many(moments, 0.9, most).item(), mean(moments, 0.9, bounds=(0, most)).item()
    assert number == same


def test_how_many_more_of_one_thing_is_as_sure_as_its_chances() -> None:
    moments = replace(Moments.from_trials(np.arange(200) % 5 == 0, 200), worlds_each=40)
    one = how_many_more(moments).item()
    assert one == difference(moments).item()
    assert one.low > 0
    several = how_many_more(moments, bounds=(-1, 2)).item()
    assert (several.low, several.high, several.kind) == (-1, 2, "difference")


@pytest.mark.parametrize(("ups", "downs"), [(3.0, 0.0), (2.0, 1.0)])
def test_numbers_that_hardly_ever_differ_are_covered(ups: float, downs: float) -> None:
    """An edit that moves one agreement of four in three trials of 1000: Student's limits miss in a sixth."""
    repeats, trials = 3000, 1000
    drawn = np.random.default_rng(5).random((repeats, trials))
    more = (drawn < ups / trials).astype(np.int64) - (drawn > 1 - downs / trials)
    found = how_many_more(Moments.from_trials(more, 5), bounds=(-4, 4))
    truth = (ups - downs) / trials
    missed = np.mean((found.low > truth) | (found.high < truth))
    assert missed <= 0.05 + 3.5 * math.sqrt(0.05 * 0.95 / repeats)


def test_numbers_that_differ_often_and_by_several_have_the_limits_of_a_mean() -> None:
    moments = Moments.from_trials(np.random.default_rng(6).integers(-4, 5, 2000), 5)
    assert how_many_more(moments, bounds=(-4, 4)).item() == mean(moments, 0.95, (-4, 4), "difference").item()
