from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from pactrisk.estimators import ConditionalMoments, Moments, proportion, ratio


def test_a_certain_condition_gives_the_plain_probability(nested: Callable[..., np.ndarray]) -> None:
    sums = nested(1, 40, 25, 8, 0.2, 0.2)
    plain = proportion(Moments.from_world_sums(sums, 8))
    found = ratio(ConditionalMoments.from_world_sums(sums, np.full_like(sums, 8), 8))
    for name in ("value", "low", "high"):
        np.testing.assert_allclose(getattr(found, name), getattr(plain, name), rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(found.count, plain.count)


def test_one_trial_a_world_gives_clopper_pearson_among_those_that_meet_the_condition() -> None:
    generator = np.random.default_rng(2)
    event, given = generator.random((2, 5, 300)) < np.array([[0.3], [0.6], [0.01], [0.9], [0.2]])
    found = ratio(ConditionalMoments.from_trials(event, given, 1))
    for row in range(5):
        a, c = int((event[row] & given[row]).sum()), int(given[row].sum())
        exact = stats.binomtest(a, c).proportion_ci(0.95)
        one = found.at(row)
        assert (one.count, one.trials, one.value) == (a, c, a / c)
        assert (one.low, one.high) == pytest.approx((exact.low, exact.high), rel=1e-7, abs=1e-12)


def test_variance_is_that_of_the_linearised_residuals() -> None:
    generator = np.random.default_rng(6)
    worlds, m = 400, 30
    given = generator.binomial(m, generator.beta(2.0, 3.0, worlds))
    both = generator.binomial(given, generator.beta(4.0, 4.0, worlds))
    one = ratio(ConditionalMoments.from_world_sums(both, given, m)).item()
    residual = (both - both.sum() / given.sum() * given) / given.mean()
    half = 1.96 * residual.std(ddof=1) / np.sqrt(worlds)
    # Exact limits and Student quantiles for 400 worlds differ from 1.96 by a few parts in a hundred.
    assert half < (one.high - one.low) / 2 < 1.05 * half


def test_a_condition_never_met() -> None:
    given = np.zeros((2, 60), dtype=bool)
    found = ratio(ConditionalMoments.from_trials(np.ones((2, 60), dtype=bool), given, 6))
    assert np.isnan(found.value).all()
    assert (found.low.tolist(), found.high.tolist()) == ([0, 0], [1, 1])
    assert found.count is not None
    assert found.count.tolist() == found.trials.tolist() == [0, 0]


def test_never_given_the_condition_is_bounded_by_the_worlds_that_speak() -> None:
    # The condition holds in 20 of 50 worlds, twice in each: these 20 are the sample.
    given = np.repeat([2, 0], [20, 30])
    found = ratio(ConditionalMoments.from_world_sums(np.stack([0 * given, given]), given, 10))
    bound = 1 - 0.025 ** (1 / 20)
    np.testing.assert_allclose(found.high, [bound, 1.0], rtol=1e-9)
    np.testing.assert_allclose(found.low, [0.0, 1 - bound], rtol=1e-9)


CASES = [  # worlds, m, P(C), share between worlds of C, P(A given C), share of A
    (2000, 1, 0.3, 0.0, 0.2, 0.0),
    (200, 10, 0.1, 0.2, 0.3, 0.1),
    (200, 10, 0.01, 0.2, 0.3, 0.1),
    (100, 50, 0.3, 0.3, 0.5, 0.3),
    (30, 20, 0.3, 0.3, 0.5, 0.3),
    (1000, 20, 0.02, 0.3, 0.1, 0.2),
]


@pytest.mark.parametrize(("worlds", "m", "p_given", "share_given", "p", "share"), CASES)
def test_coverage(
    probabilities: Callable[..., np.ndarray],
    allowance: Callable[..., float],
    worlds: int,
    m: int,
    p_given: float,
    share_given: float,
    p: float,
    share: float,
) -> None:
    repeats = 1000
    generator = np.random.default_rng(31)
    given = generator.binomial(m, probabilities(generator, (repeats, worlds), p_given, share_given))
    both = generator.binomial(given, probabilities(generator, (repeats, worlds), p, share))
    found = ratio(ConditionalMoments.from_world_sums(both, given, m))
    covered = ((found.low <= p) & (found.high >= p)).mean()
    assert covered >= 0.95 - allowance(0.95, repeats)


@pytest.mark.parametrize("worlds", [100, 400])
def test_coverage_when_worlds_that_meet_the_condition_favour_the_event(
    allowance: Callable[..., float], worlds: int
) -> None:
    repeats, m, a, b = 1500, 40, 1.0, 3.0
    generator = np.random.default_rng(32)
    p_world = generator.beta(a, b, (repeats, worlds))
    given = generator.binomial(m, p_world)
    both = generator.binomial(given, p_world)
    truth = (a + 1) / (a + b + 1)  # E[q**2] / E[q] of a Beta
    found = ratio(ConditionalMoments.from_world_sums(both, given, m))
    covered = ((found.low <= truth) & (found.high >= truth)).mean()
    assert covered >= 0.95 - allowance(0.95, repeats)


def test_what_never_went_with_a_condition_is_bounded_by_worlds_and_not_by_replicates() -> None:
    """100 replicates of 40 worlds of 5 trials; a condition that holds in 6,000 of their 20,000 trials may hold in no
    more than 1,200 of the 4,000 worlds, and a thing never seen with it is bounded by these."""
    given = np.full(100, 60)
    moments = ConditionalMoments.from_world_sums(np.zeros_like(given), given, 200)
    one = ratio(replace(moments, worlds_each=40)).item()
    assert one.value == one.low == 0.0
    assert one.high == pytest.approx(-np.expm1(np.log(0.025) / 1200), rel=1e-9)
    assert ratio(moments).item().high == pytest.approx(-np.expm1(np.log(0.025) / 100), rel=1e-9)
