"""The interval of the share of ignorance where variation is not normal: coverage from few worlds, and against sums."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import special, stats

from pactrisk.estimators import Composition, Moments, composition
from pactrisk.estimators.shares import _degrees

REPEATS = 1000


def missed(split: Composition, share: float) -> tuple[float, float]:
    """How often the interval lies above the truth, and below."""
    return float((split.share_low > share).mean()), float((split.share_high < share).mean())


@pytest.mark.parametrize(
    ("worlds", "m", "p", "share"),
    [
        (10, 5, 0.1, 0.5),
        (10, 20, 0.02, 0.5),
        (20, 5, 0.1, 0.5),
        (30, 2, 0.3, 0.5),
        (50, 5, 0.02, 0.5),
        (30, 5, 0.5, 0.9),
        (200, 5, 0.3, 0.9),
        (1000, 5, 0.2, 0.8),
    ],
)
def test_the_share_of_an_event_is_covered(
    nested: Callable[..., np.ndarray], allowance: Callable[..., float], worlds: int, m: int, p: float, share: float
) -> None:
    """With the degrees of freedom of the mean square between worlds alone 8 to 40% of intervals at 95% missed."""
    sums = nested(81, REPEATS, worlds, m, p, share)
    too_high, too_low = missed(composition(Moments.from_world_sums(sums, m)), share)
    assert too_high + too_low <= 0.05 + allowance(0.05, REPEATS)
    turned = missed(composition(Moments.from_world_sums(m - sums, m)), share)
    assert turned == (too_high, too_low)


@pytest.mark.parametrize(("worlds", "m", "p", "share"), [(10, 2, 0.3, 0.9), (30, 2, 0.1, 0.9), (20, 5, 0.1, 0.9)])
def test_worlds_whose_trials_are_all_alike_do_not_say_that_all_are(
    nested: Callable[..., np.ndarray], allowance: Callable[..., float], worlds: int, m: int, p: float, share: float
) -> None:
    """Where no trial differed from others of its world all was told to be ignorance: half of intervals and more."""
    sums = nested(82, REPEATS, worlds, m, p, share)
    split = composition(Moments.from_world_sums(sums, m))
    assert (split.chance_var == 0).mean() > 0.3
    assert sum(missed(split, share)) <= 0.05 + allowance(0.05, REPEATS)


@pytest.mark.parametrize(("worlds", "p", "share"), [(10, 0.02, 0.5), (30, 0.1, 0.5), (50, 0.02, 0.9), (100, 0.1, 0.9)])
def test_the_share_of_a_number_is_covered(
    probabilities: Callable[..., np.ndarray], allowance: Callable[..., float], worlds: int, p: float, share: float
) -> None:
    """How many of ten agreements whose chances are the same in a world; for normal variation 10 to 70% missed."""
    generator, m = np.random.default_rng(83), 5
    # ten trials of a world have ten times as much between worlds, for as much chance
    rates = probabilities(generator, (REPEATS, 1, worlds), p, share / (10 - 9 * share))
    number = generator.binomial(10, np.broadcast_to(rates, (REPEATS, m, worlds))).reshape(REPEATS, -1)
    split = composition(Moments.from_trials(number, m), 10)
    assert sum(missed(split, share)) <= 0.05 + allowance(0.05, REPEATS)


@pytest.mark.parametrize(
    ("level", "sums", "squares", "most"),
    [
        (0.51, [200, 198], [2000, 1962], 10),
        (0.8, [0, 0, 199], [0, 0, 1981], 10),
        (0.95, [0, 0, 199], [0, 0, 1981], 10),
    ],
)
def test_the_share_that_was_found_lies_between_its_limits(
    level: float, sums: list[int], squares: list[int], most: int
) -> None:
    """Where all but decides, the whole interval lay below what was found; of few sightings it lay above."""
    total, square = sum(sums), sum(one * one for one in sums)
    moments = Moments(np.array(total), np.array(square), np.array(sum(squares)), len(sums), 20)
    split = composition(moments, most, level=level)
    assert float(split.share_low) <= float(split.ignorance_share) <= float(split.share_high)


def test_the_number_of_one_agreement_is_an_event(nested: Callable[..., np.ndarray]) -> None:
    moments = Moments.from_world_sums(nested(84, 20, 30, 5, 0.1, 0.3), 5)
    one, event = composition(moments, 1), composition(moments)
    np.testing.assert_array_equal(one.share_low, event.share_low)
    np.testing.assert_array_equal(one.ignorance_high, event.ignorance_high)


@pytest.mark.parametrize("each", [1, 3])
@pytest.mark.parametrize(("m", "p", "alike"), [(2, 0.5, 0.9), (3, 0.1, 0.2), (4, 0.02, 0.5)])
def test_degrees_of_freedom_are_those_of_beta_rates_with_binomial_counts(
    m: int, each: int, p: float, alike: float
) -> None:
    """By the chance of every possible world, whose trials are shares of so many things ``each``."""
    worlds, size = 500, 1 / alike - 1
    a, b = p * size, (1 - p) * size
    counts = np.array(list(itertools.product(range(each + 1), repeat=m)))
    total = counts.sum(axis=1)
    rate = special.betaln(a + total, b + m * each - total) - special.betaln(a, b)
    chance = np.exp(rate) * special.binom(each, counts).prod(axis=1)
    assert chance.sum() == pytest.approx(1)
    x = counts / each
    between, within = m * (x.mean(axis=1) - p) ** 2, x.var(axis=1, ddof=1)
    first, second = between / (chance @ between), within / (chance @ within)
    apart, alone, inner = (chance @ (y - chance @ y) ** 2 for y in (first - second, first, second))
    variance = p * (1 - p) * (alike + (1 - alike) / each)
    share = p * (1 - p) * alike / variance
    found = _degrees(np.array(p), np.array(variance), np.array(share), worlds, m)
    less = apart / (alone + inner)
    assert float(found[0]) == pytest.approx(min(2 * (worlds - 1) / (alone * less), worlds - 1), rel=1e-6)
    assert float(found[1]) == pytest.approx(min(2 * worlds / (inner * less), worlds * (m - 1)), rel=1e-6)


def test_of_many_small_parts_variation_is_normal() -> None:
    worlds, m, share = 40, 5, 0.3
    found = _degrees(np.array(0.5), np.array(1e-6), np.array(share), worlds, m)
    assert [float(x) for x in found] == pytest.approx([worlds - 1, worlds * (m - 1)], rel=1e-3)


def test_normal_variation_has_the_exact_interval() -> None:
    generator = np.random.default_rng(85)
    x = generator.normal(0.0, 1.0, (1, 12)) + generator.normal(0.0, 1.0, (4, 12))
    split = composition(Moments.from_trials(x.reshape(-1), 4), math.inf)
    ratio = stats.f_oneway(*x.T).statistic
    for limit, probability in ((split.share_low, 0.975), (split.share_high, 0.025)):
        quantile = ratio / stats.f.ppf(probability, 11, 36)
        assert float(limit) == pytest.approx((quantile - 1) / (quantile + 3), rel=1e-6)
