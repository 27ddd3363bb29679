from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import special, stats

from pactrisk.estimators import Moments, how_many_more, mean, mean_by_date


def test_student_interval_on_world_means() -> None:
    x = np.random.default_rng(4).gamma(2.0, 3.0, (3, 12 * 8))
    found = mean(Moments.from_trials(x, 12), 0.9)
    for row in range(3):
        means = [x[row, world::8].mean() for world in range(8)]
        expected = stats.ttest_1samp(means, 0.0).confidence_interval(0.9)
        one = found.at(row)
        assert one.value == pytest.approx(x[row].mean(), rel=1e-12)
        assert (one.low, one.high) == pytest.approx((expected.low, expected.high), rel=1e-10)
        assert (one.kind, one.trials, one.worlds, one.count) == ("mean", 96, 8, None)


def test_one_world_or_none_leaves_the_bounds() -> None:
    one = mean(Moments.from_trials(np.array([1.0, 2.0]), 2)).item()
    assert (one.value, one.low, one.high) == (1.5, -math.inf, math.inf)
    bounded = mean(Moments.from_trials(np.array([0.1, 0.2]), 2), bounds=(0.0, 1.0)).item()
    assert (bounded.low, bounded.high) == (0.0, 1.0)
    zero = np.zeros(())
    none = mean(Moments(zero, zero, zero, 0, 2)).item()
    assert math.isnan(none.value)
    assert (none.low, none.high) == (-math.inf, math.inf)


def test_one_replicate_of_trials_all_alike_is_bounded_by_its_worlds() -> None:
    ones = np.array(200)
    one = mean(Moments(ones, ones * ones, ones, 1, 200, 40), bounds=(0.0, 1.0)).item()
    assert (one.value, one.high) == (1.0, 1.0)
    assert one.low == pytest.approx(0.025 ** (1 / 40))
    assert mean(Moments(ones, ones * ones, ones, 1, 200, 40)).item().low == -math.inf


def test_what_all_trials_share_has_no_bound_on_one_side_only() -> None:
    found = mean(Moments.from_trials(np.full(600, 44.4), 10), bounds=(0.0, math.inf)).item()
    assert found.low == pytest.approx(44.4, rel=1e-12)
    assert found.high == pytest.approx(44.4, rel=1e-12)


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_worlds_all_alike_still_leave_room(value: float) -> None:
    x = np.full(5000, value)
    one = mean(Moments.from_trials(x, 10), bounds=(0.0, 1.0)).item()
    unseen = 1 - 0.025 ** (1 / 500)
    assert one.value == pytest.approx(value)
    assert one.low == pytest.approx(value - unseen * value, abs=1e-12)
    assert one.high == pytest.approx(value + unseen * (1 - value), abs=1e-12)


def test_limits_stay_within_bounds() -> None:
    x = np.zeros(40)
    x[3] = 1.0
    one = mean(Moments.from_trials(x, 1), bounds=(0.0, 1.0)).item()
    assert one.low == 0.0
    x[3:36] = 1.0
    assert mean(Moments.from_trials(x, 1), bounds=(0.0, 0.9)).item().high == 0.9


def test_large_numbers_do_not_drown_the_spread() -> None:
    x = 1e6 + np.random.default_rng(8).normal(0.0, 1.0, 2000)
    one = mean(Moments.from_trials(x, 1)).item()
    half = stats.t.ppf(0.975, 1999) * x.std(ddof=1) / math.sqrt(2000)
    # Squares near 1e12 carry 1e-4 of rounding; their sum over 2000 worlds is taken to about 1e-3 of 2000.
    assert one.high - one.value == pytest.approx(half, rel=1e-3)


def test_coverage_with_few_worlds(allowance: Callable[..., float]) -> None:
    repeats, worlds, m = 4000, 6, 10
    generator = np.random.default_rng(21)
    x = generator.normal(5.0, 1.0, (repeats, 1, worlds)) + generator.normal(0.0, 2.0, (repeats, m, worlds))
    found = mean(Moments.from_trials(x.reshape(repeats, -1), m))
    covered = ((found.low <= 5.0) & (found.high >= 5.0)).mean()
    assert abs(covered - 0.95) <= allowance(0.95, repeats)


def test_difference_of_means_is_bounded_when_no_trial_differs() -> None:
    one = how_many_more(Moments.from_trials(np.zeros(400), 4), bounds=(-7, 7)).item()
    bound = 1 - 0.025 ** (1 / 100)
    assert (one.low, one.value, one.high) == pytest.approx((-7 * bound, 0.0, 7 * bound), rel=1e-9)
    assert one.kind == "difference"


@pytest.mark.parametrize("worlds", [20, 400])
@pytest.mark.parametrize("sightings", [2, 4, 8])
def test_what_is_seldom_off_a_bound_is_covered(worlds: int, sightings: int, allowance: Callable[..., float]) -> None:
    """Student's limits miss a number that is 1 or 2 in three trials of 400 in a sixth of all samples."""
    repeats, trials = 4000, 400
    generator = np.random.default_rng(70 + sightings)
    x = (generator.random((repeats, trials)) < sightings / trials) * generator.integers(1, 3, (repeats, trials))
    truth = 1.5 * sightings / trials
    found = mean(Moments.from_trials(x, trials // worlds), bounds=(0, 4))
    missed = np.mean(found.high < truth), np.mean(found.low > truth)
    assert max(missed) <= 0.05 + allowance(0.05, repeats)
    assert sum(missed) <= 0.08
    turned = mean(Moments.from_trials(4 - x, trials // worlds), bounds=(0, 4))
    assert np.allclose(turned.low, 4 - found.high)
    assert np.allclose(turned.high, 4 - found.low)


def test_one_sighting_is_bounded_as_a_poisson_law_has_it() -> None:
    x = np.zeros(4000)
    x[7] = 5.0
    one = mean(Moments.from_trials(x, 1), bounds=(0.0, math.inf)).item()
    # Garwood (1936): one event is seen where the mean is at most 5.5716, half the chi-square quantile of 4 degrees
    most = stats.chi2.ppf(0.975, 4) / 2
    # Bessel's factor and Student's quantile count for 1 in 4000 and 1 in 1600
    assert one.high == pytest.approx(most * 5 / 4000, rel=2e-3)
    assert one.low == 0


def test_of_many_sightings_the_limits_are_those_of_student() -> None:
    x = np.random.default_rng(3).exponential(1.0, 40_000)
    bounded, free = mean(Moments.from_trials(x, 10), bounds=(0.0, math.inf)), mean(Moments.from_trials(x, 10))
    assert bounded.low == free.low
    half = free.high - free.value
    # the skewness of a sum of n sightings moves a limit by (z**2 + 2) / (3 z sqrt(n)) of the half-width
    assert free.high <= bounded.high <= free.high + half * (1.96**2 + 2) / (3 * 1.96 * math.sqrt(4e4)) * 1.1


def test_what_no_trial_of_a_date_shows_is_bounded_by_what_those_of_others_do() -> None:
    x = np.zeros((3, 2000))
    x[1, 5], x[2, :100] = 3.0, 2.0
    found = mean_by_date(Moments.from_trials(x, 5), 0.95, (0.0, math.inf))
    assert found.value[0] == found.low[0] == 0
    assert found.high[0] == pytest.approx((1 - 0.025 ** (1 / 400)) * 3)
    negative = mean_by_date(Moments.from_trials(-x, 5), 0.95, (-math.inf, 0.0))
    assert np.allclose(negative.low, -found.high)
    never = mean_by_date(Moments.from_trials(x[:1], 5), 0.95, (0.0, math.inf))
    assert (never.low[0], never.high[0]) == (0, math.inf)
    bounded = mean_by_date(Moments.from_trials(x, 5), 0.95, (0.0, 7.0))
    assert bounded.high[0] == pytest.approx((1 - 0.025 ** (1 / 400)) * 7)


def test_the_few_first_of_what_grows_leave_room_for_a_larger_one(allowance: Callable[..., float]) -> None:
    """Of 2,000 flows three begin in the first month, three times as many in the second and so on, and what they sum to
    grows with the cube of their age: a quarter of upper limits at 95% for the first month were too low."""
    repeats, trials, months = 1500, 2000, np.arange(1.0, 7.0)
    generator = np.random.default_rng(75)
    first = np.sqrt(generator.random((repeats, 1, trials)) * trials / 3)
    x = np.maximum(months[:, None] - first, 0.0) ** 3
    found = [mean_by_date(Moments.from_trials(one, 5), 0.95, (0.0, math.inf)) for one in x]
    truth = 3 * 2 * months**5 * special.beta(2, 4) / trials
    for limits, far in (
        (np.array([one.high for one in found]) < truth, 0.05),
        (np.array([one.low for one in found]) > truth, 0.025),
    ):
        assert limits.mean(axis=0).max() <= far + allowance(far, repeats)
    # many trials have shown it at the last month, which nothing moves
    last = mean(Moments.from_trials(x[0], 5), bounds=(0.0, math.inf))
    assert found[0].high[-1] == last.high[-1]


def test_the_few_first_of_what_keeps_its_size_have_the_limits_of_a_mean() -> None:
    x = np.zeros((2, 2000))
    x[0, :3], x[1, :60] = 0.8, 0.8
    kept = Moments.from_trials(x, 5)
    assert mean_by_date(kept, 0.95, (0.0, 1.0)).high == pytest.approx(mean(kept, bounds=(0.0, 1.0)).high, rel=1e-12)


@pytest.mark.parametrize(("sightings", "far"), [(6, 0.11), (12, 0.08), (30, 0.05)])
def test_few_uneven_amounts_leave_room_for_a_larger_one(
    allowance: Callable[..., float], sightings: int, far: float
) -> None:
    """Lognormal amounts, of which one in twenty is twelve times the median and more: of six that were seen 23% of upper
    limits were too low. Where two are known apart by nothing but their number no limit can be right for every law."""
    repeats, trials = 2000, 1000
    generator = np.random.default_rng(76)
    at = generator.random((repeats, trials)) < sightings / trials
    x = np.where(at, np.exp(1.5 * generator.standard_normal((repeats, trials))), 0.0)
    truth = math.exp(1.5**2 / 2) * sightings / trials
    # dates of one sample are looked at together, so each is here a sample of its own
    high = [
        mean_by_date(Moments.from_trials(one[None], 5), 0.95, (0.0, math.inf), off.sum(keepdims=True)).high[0]
        for one, off in zip(x, at, strict=True)
    ]
    assert np.mean(np.array(high) < truth) <= far + allowance(far, repeats)


def test_many_amounts_of_one_size_have_the_limits_of_a_mean() -> None:
    generator = np.random.default_rng(77)
    x = np.where(generator.random((1, 40_000)) < 0.5, 3.0, 0.0)
    kept, off = Moments.from_trials(x, 5), np.count_nonzero(x, axis=1)
    plain, told = (mean_by_date(kept, 0.95, (0.0, math.inf), known) for known in (None, off))
    assert told.high == pytest.approx(plain.high, rel=1e-6)
    negative = mean_by_date(Moments.from_trials(-x, 5), 0.95, (-math.inf, 0.0), off)
    np.testing.assert_allclose(negative.low, -told.high)


def test_the_next_amount_is_no_larger_than_there_can_be() -> None:
    x = np.zeros((1, 2000))
    x[0, :2] = 1.0
    kept, off = Moments.from_trials(x, 5), np.array([2])
    one, two = (mean_by_date(kept, 0.95, (0.0, most), off).high[0] for most in (1.0, 2.0))
    assert one == pytest.approx(mean(kept[0], bounds=(0.0, 1.0)).high, rel=1e-12)
    assert two > 1.1 * one


@pytest.mark.parametrize(("bound", "sign"), [(0.1, 1), (400.1, 1), (-0.7, -1)])
def test_a_bound_that_no_binary_number_is_leaves_room_too(bound: float, sign: int) -> None:
    """A sum of many such numbers is not so many times the number."""
    block = Moments.from_trials(np.full((1, 2000), bound), 200)
    moments = sum((block for _ in range(6)), block)
    found = mean_by_date(moments, 0.95, (bound, math.inf) if sign > 0 else (-math.inf, bound)).at(0)
    ends = sorted((found.low * sign, found.high * sign))
    assert ends == [pytest.approx(bound * sign), math.inf]


def test_replicates_that_agree_by_chance_are_no_certainty() -> None:
    """Two replicates of 200 trials in which as many are delivered, each worth a depth of 0.8."""
    x = np.zeros((200, 2))
    x[[3, 8], [0, 1]] = 0.8
    drawn = Moments.from_trials(x.reshape(-1), 200)
    found = mean(replace(drawn, worlds_each=40), bounds=(0.0, 0.8)).item()
    assert found.low == 0
    assert found.high > 5 * found.value
    same = Moments.from_trials(np.full(400, 0.8), 200)
    assert mean(replace(same, worlds_each=40), bounds=(0.0, 0.8)).item().high == 0.8
