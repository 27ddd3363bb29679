"""Correlation of two events: against numpy, and its interval against repeated samples of known correlation."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from pactrisk.estimators.correlations import PairMoments, correlation


def pairs(
    generator: np.random.Generator, repeats: int, worlds: int, m: int
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Two events driven by one normal of the world and one of the trial, shape (repeat, trial)."""
    world = np.tile(generator.standard_normal((repeats, worlds)), m)
    shared = generator.standard_normal((repeats, worlds * m))
    own = generator.standard_normal((2, repeats, worlds * m))
    first, second = (0.5 * world + 0.5 * shared + math.sqrt(0.5) * x for x in own)
    return first > 0.3, second > -0.2


def test_value_is_numpys() -> None:
    first, second = pairs(np.random.default_rng(1), 4, 50, 8)
    found = correlation(PairMoments.from_trials(first, second, 8))
    for i in range(4):
        assert found.value[i] == pytest.approx(np.corrcoef(first[i], second[i])[0, 1])
    assert np.all(found.low < found.value)
    assert np.all(found.value < found.high)


@pytest.mark.parametrize("m", [1, 10])
def test_interval_covers_the_truth(m: int) -> None:
    generator = np.random.default_rng(2)
    first, second = pairs(generator, 1, 4_000_000 // 10, 10)
    truth = float(np.corrcoef(first[0], second[0])[0, 1])
    repeats, worlds = 600, 2000 // m
    found = correlation(PairMoments.from_trials(*pairs(generator, repeats, worlds, m), m))
    covered = np.mean((found.low <= truth) & (truth <= found.high))
    assert abs(covered - 0.95) < 3.5 * math.sqrt(0.95 * 0.05 / repeats)


@pytest.mark.parametrize(("chances", "shared"), [((0.01, 0.02), 0.0), ((0.01, 0.02), 0.3), ((0.02, 0.98), 0.2)])
def test_events_that_hardly_ever_meet_are_not_said_to_shun_each_other(
    chances: tuple[float, float], shared: float
) -> None:
    # with probability ``shared`` one number decides both; else each has its own
    both = shared * min(chances) + (1 - shared) * chances[0] * chances[1]
    truth = (both - chances[0] * chances[1]) / math.sqrt(math.prod(p * (1 - p) for p in chances))
    generator, repeats, trials = np.random.default_rng(5), 800, 2000
    one, first, second = generator.random((3, repeats, trials))
    same = generator.random((repeats, trials)) < shared
    found = correlation(
        PairMoments.from_trials(np.where(same, one, first) < chances[0], np.where(same, one, second) < chances[1], 1)
    )
    covered = np.mean((found.low <= truth) & (truth <= found.high))
    assert covered > 0.95 - 3.5 * math.sqrt(0.95 * 0.05 / repeats)


def test_what_always_goes_together_keeps_a_bound() -> None:
    event = np.random.default_rng(3).random(400) < 0.3
    found = correlation(PairMoments.from_trials(event, event, 1)).item()
    assert found.value == pytest.approx(1)
    assert 0.9 < found.low < 1
    assert found.high == pytest.approx(1)


def test_an_event_that_never_happens_tells_nothing() -> None:
    event = np.random.default_rng(3).random(400) < 0.3
    found = correlation(PairMoments.from_trials(event, np.zeros(400, bool), 4)).item()
    assert math.isnan(found.value)
    assert (found.low, found.high) == (-1, 1)
    alone = correlation(PairMoments.from_trials(event, ~event, 400)).item()
    assert alone.value == pytest.approx(-1)
    assert (alone.low, alone.high) == (-1, 1)
