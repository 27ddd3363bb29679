from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from pactrisk.estimators import Moments, difference


def moments(up: np.ndarray, down: np.ndarray, m: int) -> Moments:
    return Moments.from_world_sums(up - down, m, (up + down).sum(axis=-1))


def sample(
    seed: int, repeats: int, worlds: int, m: int, up: float, down: float, share: float, beta: Callable[..., np.ndarray]
) -> tuple[np.ndarray, np.ndarray, float]:
    """World counts of ups and downs, and the true difference."""
    generator = np.random.default_rng(seed)
    p_up = beta(generator, (repeats, worlds), up, share)
    p_down = beta(generator, (repeats, worlds), down, share)
    ups = generator.binomial(m, p_up)
    downs = generator.binomial(m - ups, p_down)
    return ups, downs, up - down * (1.0 - up)


@pytest.mark.parametrize("m", [1, 20])
def test_when_no_trial_differs_the_bound_is_that_of_what_was_never_seen(m: int) -> None:
    one = difference(Moments.from_trials(np.zeros(200 * m, dtype=np.int8), m)).item()
    bound = 1 - 0.025 ** (1 / 200)
    assert (one.low, one.value, one.high) == pytest.approx((-bound, 0.0, bound), rel=1e-9)
    assert one.count == 0


def test_one_way_only_has_the_upper_limit_of_a_proportion() -> None:
    d = np.zeros(500, dtype=np.int8)
    d[:9] = 1
    one = difference(Moments.from_trials(d, 1)).item()
    assert one.high == pytest.approx(stats.binomtest(9, 500).proportion_ci(0.95).high, rel=1e-9)
    assert one.low < 9 / 500
    assert (one.kind, one.count) == ("difference", 9)


def test_swapping_the_variants_swaps_the_limits(probabilities: Callable[..., np.ndarray]) -> None:
    up, down, _ = sample(1, 30, 40, 10, 0.1, 0.05, 0.2, probabilities)
    one_way, other = difference(moments(up, down, 10)), difference(moments(down, up, 10))
    np.testing.assert_allclose(other.value, -one_way.value, atol=1e-15)
    np.testing.assert_allclose(other.low, -one_way.high, atol=1e-12)
    np.testing.assert_allclose(other.high, -one_way.low, atol=1e-12)


@pytest.mark.parametrize(("up", "down", "share"), [(0.1, 0.3, 0.3), (0.2, 0.2, 0.05), (0.4, 0.3, 0.0)])
def test_many_trials_that_differ_give_students_interval(
    probabilities: Callable[..., np.ndarray], up: float, down: float, share: float
) -> None:
    worlds, m = 2000, 10
    ups, downs, _ = sample(2, 1, worlds, m, up, down, share, probabilities)
    one = difference(moments(ups, downs, m)).item()
    means = (ups - downs)[0] / m
    student = stats.ttest_1samp(means, 0.0).confidence_interval(0.95)
    width = student.high - student.low
    # Exact limits take half a count more on each side of ups and of downs.
    extra = 4 * 0.5 * (1 + (m - 1) * share) / (worlds * m)
    assert (one.low, one.high) == pytest.approx((student.low, student.high), abs=0.01 * width + extra)


def test_pairing_pays() -> None:
    generator = np.random.default_rng(5)
    first = generator.random(4000) < 0.4
    second = first & (generator.random(4000) > 0.05)
    one = difference(Moments.from_trials(second.astype(np.int8) - first.astype(np.int8), 1)).item()
    apart = 2 * 1.96 * np.sqrt(2 * 0.4 * 0.6 / 4000)
    assert one.high < 0.0
    assert one.high - one.low < apart / 3


CASES = [  # worlds, m, up, down, share between worlds
    (2000, 1, 0.0005, 0.00001, 0.0),
    (2000, 1, 0.0015, 0.0005, 0.0),
    (2000, 1, 0.01, 0.02, 0.0),
    (200, 10, 0.0015, 0.0005, 0.2),
    (200, 10, 0.1, 0.05, 0.2),
    (50, 40, 0.1, 0.3, 0.3),
    (100, 50, 0.003, 0.001, 0.5),
    (50, 20, 0.3, 0.01, 0.1),
]


@pytest.mark.parametrize(("worlds", "m", "up", "down", "share"), CASES)
def test_coverage(
    probabilities: Callable[..., np.ndarray],
    allowance: Callable[..., float],
    worlds: int,
    m: int,
    up: float,
    down: float,
    share: float,
) -> None:
    repeats = 1000
    ups, downs, truth = sample(41, repeats, worlds, m, up, down, share, probabilities)
    found = difference(moments(ups, downs, m))
    covered = ((found.low <= truth) & (found.high >= truth)).mean()
    assert covered >= 0.95 - allowance(0.95, repeats)
    assert (found.high > found.low).all()
