"""Conditional differences: sums against raw trials, and intervals against their coverage."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from pactrisk.ensemble.given import Given, store_given

Bools = npt.NDArray[np.bool_]


def given_of(sums: dict[str, Any], worlds: int, m: int) -> Given:
    def kept(key: str) -> Any:
        return np.asarray(sums[f"x/{key}"], dtype=float)

    rows = {key: kept(key)[:, None] for key in ("c", "cc")}
    columns = {key: kept(key)[None] for key in ("t", "tt")}
    cells = {key: kept(key) for key in ("a", "aa", "ac", "at", "ct")}
    return Given(**rows, **columns, **cells, worlds=worlds, trials_per_world=m)


def nested(generator: np.random.Generator, worlds: int, m: int, effect: float) -> tuple[Bools, npt.NDArray[np.int64]]:
    """A condition and a count of 0 to 3 that share a world's mood; trial i is of world i % worlds."""
    mood = generator.normal(size=worlds)[np.arange(worlds * m) % worlds]
    holds = generator.random(worlds * m) < 1 / (1 + np.exp(1.0 - 0.5 * mood))
    p = 1 / (1 + np.exp(0.8 - 0.7 * mood + effect * holds))
    return holds, generator.binomial(3, p)


def truth(effect: float) -> tuple[float, float]:
    """E[x given the condition] - E[x otherwise] by quadrature over moods, for one of three counts and for all."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()
    c = 1 / (1 + np.exp(1.0 - 0.5 * nodes))
    inside = 1 / (1 + np.exp(0.8 - 0.7 * nodes + effect))
    outside = 1 / (1 + np.exp(0.8 - 0.7 * nodes))
    apart = (weights * c * inside).sum() / (weights * c).sum()
    apart -= (weights * (1 - c) * outside).sum() / (weights * (1 - c)).sum()
    some = (weights * c * (1 - (1 - inside) ** 3)).sum() / (weights * c).sum()
    some -= (weights * (1 - c) * (1 - (1 - outside) ** 3)).sum() / (weights * (1 - c)).sum()
    return 3 * apart, some


def test_values_are_those_of_raw_trials() -> None:
    holds, count = nested(np.random.default_rng(1), 50, 4, 1.0)
    other = np.random.default_rng(2).random(200) < 0.3
    events = np.stack([count > 0, count > 1])
    found = given_of(store_given("x", np.stack([holds, other]), events, 4), 50, 4)
    inside, outside, apart = found.chances()
    for k, condition in enumerate((holds, other)):
        for s, event in enumerate(events):
            assert inside.value[k, s] == event[condition].mean()
            assert outside.value[k, s] == event[~condition].mean()
            assert apart.value[k, s] == pytest.approx(event[condition].mean() - event[~condition].mean(), abs=1e-12)
    numbers = given_of(store_given("x", holds[None], count[None], 4), 50, 4)
    inside, outside, _ = numbers.means(most=3)
    assert inside.value.item() == pytest.approx(count[holds].mean())
    assert outside.value.item() == pytest.approx(count[~holds].mean())
    assert numbers.chance().value.item() == holds.mean()


def test_second_moments_of_the_complement_are_those_counted() -> None:
    holds, count = nested(np.random.default_rng(3), 30, 5, 0.5)
    found = given_of(store_given("x", holds[None], count[None], 5), 30, 5).outside
    other = (~holds).reshape(5, 30).sum(axis=0)
    rest = np.where(holds, 0, count).reshape(5, 30).sum(axis=0)
    assert found.given.item() == other.sum()
    assert found.given_square.item() == (other**2).sum()
    assert found.both.item() == rest.sum()
    assert found.both_square.item() == (rest**2).sum()
    assert found.cross.item() == (rest * other).sum()


def test_blocks_add_up() -> None:
    holds, count = nested(np.random.default_rng(4), 20, 4, 0.5)
    # worlds 0-9 and 10-19 as two blocks, trial i of a block in world i % 10
    parts = [np.arange(80).reshape(4, 20)[:, half].ravel() for half in (slice(0, 10), slice(10, 20))]
    sums = [store_given("x", holds[None, part], count[None, part], 4) for part in parts]
    whole = store_given("x", holds[None], count[None], 4)
    for key, value in whole.items():
        np.testing.assert_array_equal(value, sums[0][key] + sums[1][key])


@pytest.mark.parametrize("effect", [0.0, 1.2])
def test_intervals_cover(effect: float) -> None:
    repeats, worlds, m = 500, 60, 10
    number, some = truth(effect)
    missed = np.zeros(2)
    generator = np.random.default_rng(11)
    for _ in range(repeats):
        holds, count = nested(generator, worlds, m, effect)
        mean = given_of(store_given("x", holds[None], count[None], m), worlds, m).means(most=3)[2]
        chance = given_of(store_given("x", holds[None], (count > 0)[None], m), worlds, m).chances()[2]
        missed += [
            not mean.low.item() <= number <= mean.high.item(),
            not chance.low.item() <= some <= chance.high.item(),
        ]
    most = 0.05 + 3.5 * math.sqrt(0.05 * 0.95 / repeats)
    assert (missed / repeats <= most).all()
    # nor so wide that they say nothing
    assert (missed / repeats >= 0.005).all()


def test_condition_that_never_held_leaves_everything_open() -> None:
    count = np.random.default_rng(5).integers(0, 3, 40)
    found = given_of(store_given("x", np.zeros((1, 40), bool), count[None], 4), 10, 4)
    inside, outside, apart = found.means(most=2)
    assert np.isnan(inside.value.item())
    assert (inside.low.item(), inside.high.item()) == (0, 2)
    assert outside.value.item() == count.mean()
    assert np.isnan(apart.value.item())
    assert (apart.low.item(), apart.high.item()) == (-2, 2)


def test_statistic_that_never_differs_is_bounded_not_nought() -> None:
    holds = np.arange(400) % 3 == 0
    found = given_of(store_given("x", holds[None], np.zeros((1, 400), int), 4), 100, 4)
    _, _, apart = found.means(most=5)
    assert apart.value.item() == 0
    assert apart.low.item() < 0 < apart.high.item()


@pytest.mark.parametrize("replicates", [2, 3, 10])
def test_differences_of_few_replicates_are_covered(replicates: int) -> None:
    """Two replicates always seem to move together, or against each other: r is 1 or -1, whatever the truth."""
    repeats, m, missed = 1500, 200, 0
    generator = np.random.default_rng(17)
    for _ in range(repeats):
        holds = generator.random(replicates * m) < 0.4
        event = generator.random(replicates * m) < np.where(holds, 0.3, 0.4)
        found = given_of(store_given("x", holds[None], event[None], m), replicates, m)
        apart = replace(found, worlds_each=40).chances()[2]
        missed += not apart.low.item() <= -0.1 <= apart.high.item()
    assert missed / repeats <= 0.05 + 3.5 * math.sqrt(0.05 * 0.95 / repeats)


def test_a_number_that_few_trials_of_a_condition_show_is_covered() -> None:
    """Of 30 trials in which something holds, three or four show anything: one alone is bounded by a tenth."""
    repeats, worlds, above, below = 3000, 300, 0, 0
    generator = np.random.default_rng(18)
    holds = np.arange(worlds) < 30
    for _ in range(repeats):
        count = (generator.random(worlds) < 0.12).astype(np.int64)
        number = given_of(store_given("x", holds[None], count[None], 1), worlds, 1).means(most=3)[0]
        above, below = above + (number.low.item() > 0.12), below + (number.high.item() < 0.12)
    assert max(above, below) / repeats <= 0.05 + 3.5 * math.sqrt(0.05 * 0.95 / repeats)
