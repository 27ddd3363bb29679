from __future__ import annotations

import math
import statistics
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pactrisk.estimators import Moments, mean, proportion


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize("trials", [1, 2, 17, 400])
def test_one_trial_a_world_gives_clopper_pearson(trials: int, level: float) -> None:
    counts = sorted({0, 1, trials // 3, trials // 2, trials - 1, trials})
    total = np.array(counts)
    found = proportion(Moments(total, total, total, trials, 1), level)
    for position, count in enumerate(counts):
        exact = stats.binomtest(count, trials).proportion_ci(level, method="exact")
        one = found.at(position)
        assert (one.value, one.count, one.trials) == (count / trials, count, trials)
        # scipy finds its limits by bisection, to 2e-12 of the unit interval.
        assert one.low == pytest.approx(exact.low, rel=1e-9, abs=4e-12)
        assert one.high == pytest.approx(exact.high, rel=1e-9, abs=4e-12)


def by_hand(counts: list[int], m: int, level: float = 0.95) -> tuple[float, float]:
    """The limits in scalars, from the variance of world means as statistics defines it."""
    worlds, n = len(counts), m * len(counts)
    p = sum(counts) / n
    independent = p * (1 - p) / (n - 1)
    deff = max(statistics.variance(c / m for c in counts) / worlds / independent, 1.0)
    bearing = min(
        sum(counts) ** 2 / sum(c * c for c in counts),
        sum(m - c for c in counts) ** 2 / sum((m - c) ** 2 for c in counts),
    )
    size = float(worlds)
    if bearing > 1:
        t = stats.t.ppf(0.5 + level / 2, n - 1) / stats.t.ppf(0.5 + level / 2, bearing - 1)
        size = min(max(n / deff * t * t, worlds), n)
    x = p * size

    def unseen(share: float) -> float:
        seen = min(share, 2 / n) * worlds
        return float(stats.beta.ppf(0.5 + level / 2, seen + 1, worlds - seen))

    return (
        min(float(stats.beta.ppf(0.5 - level / 2, x, size - x + 1)), 1 - unseen(1 - p)),
        max(float(stats.beta.ppf(0.5 + level / 2, x + 1, size - x)), unseen(p)),
    )


@settings(max_examples=80, deadline=None)
@given(m=st.integers(2, 12), data=st.data())
def test_nested_limits_by_hand(m: int, data: st.DataObject) -> None:
    counts = data.draw(st.lists(st.integers(0, m), min_size=2, max_size=12).filter(lambda c: 0 < sum(c) < m * len(c)))
    one = proportion(Moments.from_world_sums(np.array(counts), m)).item()
    low, high = by_hand(counts, m)
    assert one.low == pytest.approx(low, rel=1e-7, abs=1e-12)
    assert one.high == pytest.approx(high, rel=1e-7)
    assert one.low < one.value < one.high


def test_a_worked_case() -> None:
    # Twelve worlds of 10 trials: p = 49 / 120, variance of world means 0.066288, of independent trials
    # p (1 - p) / 119 = 0.0020303, so deff = 0.066288 / 12 / 0.0020303 = 2.7209. The event is spread over
    # K = 49**2 / 273 = 8.7949 worlds: t[119] / t[7.7949] = 0.85474. Effective size 120 / 2.7209 * 0.85474**2
    # = 32.222, and the limits are Beta(13.157, 20.065) at 0.025 and Beta(14.157, 19.065) at 0.975.
    counts = [2, 7, 4, 1, 5, 3, 6, 8, 2, 0, 7, 4]
    assert sum(counts) == 49
    one = proportion(Moments.from_world_sums(np.array(counts), 10)).item()
    assert (one.low, one.high) == pytest.approx(by_hand(counts, 10), rel=1e-9)
    expected = stats.beta.ppf(0.025, 13.157, 20.065), stats.beta.ppf(0.975, 14.157, 19.065)
    assert (one.low, one.high) == pytest.approx(expected, rel=2e-4)  # five digits above
    plain = stats.binomtest(49, 120).proportion_ci(0.95)
    assert one.high - one.low > 1.4 * (plain.high - plain.low)


@pytest.mark.parametrize("m", [1, 10, 1000])
def test_never_and_always_are_bounded_by_the_number_of_worlds(m: int) -> None:
    found = proportion(Moments.from_world_sums(np.array([[0] * 100, [m] * 100]), m))
    bound = 1 - 0.025 ** (1 / 100)
    np.testing.assert_allclose(found.value, [0, 1])
    np.testing.assert_allclose(found.low, [0, 1 - bound], rtol=1e-9)
    np.testing.assert_allclose(found.high, [bound, 1], rtol=1e-9)


def test_one_event_more_does_not_make_the_bound_collapse() -> None:
    found = proportion(Moments.from_world_sums(np.array([[0] * 100, [1] + [0] * 99]), 50))
    assert found.high[1] > 0.9 * found.high[0]


@pytest.mark.parametrize(("worlds", "m"), [(1000, 20), (100, 20), (300, 100), (50, 2)])
def test_a_thing_seen_a_few_times_is_bounded_no_tighter_than_one_never_seen(worlds: int, m: int) -> None:
    seen = np.arange(worlds + 1)
    sums = (np.arange(worlds) < seen[:, None]).astype(np.int64)
    high = proportion(Moments.from_world_sums(sums, m)).high
    assert (np.diff(high) >= -1e-12).all()
    low = proportion(Moments.from_world_sums(m - sums, m)).low
    assert (np.diff(low) <= 1e-12).all()
    # where worlds hang together no tighter either, whatever the number of events in each
    assert (proportion(Moments.from_world_sums(m * sums, m)).high >= high - 1e-12).all()


@pytest.mark.parametrize(("hot", "cold"), [(0.02, 0.002), (0.03, 0.0005), (0.005, 0.004)])
def test_coverage_where_a_rare_world_holds_it_in_every_trial(
    allowance: Callable[..., float], hot: float, cold: float
) -> None:
    # p = hot + (1 - hot) cold: most samples of 100 worlds see scattered events alone, and no hot world
    repeats, worlds, m = 4000, 100, 20
    generator = np.random.default_rng(21)
    everywhere = generator.random((repeats, worlds)) < hot
    sums = np.where(everywhere, m, generator.binomial(m, cold, (repeats, worlds)))
    found = proportion(Moments.from_world_sums(sums, m))
    truth = hot + (1 - hot) * cold
    assert (found.high < truth).mean() <= 0.025 + allowance(0.025, repeats)
    assert (found.low > truth).mean() <= 0.025 + allowance(0.025, repeats)


def test_without_trials_nothing_is_known() -> None:
    none = np.zeros(2, dtype=np.int64)
    found = proportion(Moments(none, none, none, 0, 5))
    assert np.isnan(found.value).all()
    assert (found.low.tolist(), found.high.tolist()) == ([0, 0], [1, 1])


def test_one_world_says_little() -> None:
    found = proportion(Moments.from_world_sums(np.array([[0], [300], [1000]]), 1000))
    assert (found.high - found.low > 0.95).all()


def test_opposite_events_have_opposite_limits(nested: Callable[..., np.ndarray]) -> None:
    sums = nested(5, 50, 30, 8, 0.1, 0.2)
    event = proportion(Moments.from_world_sums(sums, 8))
    opposite = proportion(Moments.from_world_sums(8 - sums, 8))
    np.testing.assert_allclose(opposite.low, 1 - event.high, atol=1e-12)
    np.testing.assert_allclose(opposite.high, 1 - event.low, atol=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.2, 0.5])
@pytest.mark.parametrize("p", [0.002, 0.01, 0.1, 0.5, 0.99])
@pytest.mark.parametrize(("worlds", "m"), [(20, 50), (100, 20), (400, 5)])
def test_coverage(
    nested: Callable[..., np.ndarray],
    allowance: Callable[..., float],
    worlds: int,
    m: int,
    p: float,
    share: float,
) -> None:
    repeats = 1500
    found = proportion(Moments.from_world_sums(nested(11, repeats, worlds, m, p, share), m))
    # Each side: an interval right on average may still be wrong on one.
    assert (found.low > p).mean() <= 0.025 + allowance(0.025, repeats)
    assert (found.high < p).mean() <= 0.025 + allowance(0.025, repeats)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.3])
@pytest.mark.parametrize("p", [0.1, 0.5])
def test_no_wider_than_needed(nested: Callable[..., np.ndarray], p: float, share: float) -> None:
    worlds, m = 1000, 10
    found = proportion(Moments.from_world_sums(nested(12, 200, worlds, m, p, share), m))
    deff = 1 + (m - 1) * share
    ideal = 2 * 1.96 * np.sqrt(p * (1 - p) * deff / (worlds * m))
    # Clopper and Pearson take half a count more on each side.
    assert ideal < np.mean(found.high - found.low) < 1.03 * ideal + deff / (worlds * m)


@pytest.mark.parametrize(("worlds", "m", "replicates"), [(40, 5, 10), (40, 5, 100), (10, 20, 100), (100, 2, 50)])
def test_what_worlds_decide_is_covered_however_evenly_they_are_spread(worlds: int, m: int, replicates: int) -> None:
    """Of p W worlds of a replicate a Latin hypercube lets the whole number below or above bear the event, so that the
    replicates that bear one more are binomial, and the coverage is a sum over them."""
    coverage = []
    for p in np.linspace(0.5, 0.5 + 1 / worlds, 41)[:-1]:
        fewer = math.floor(worlds * p + 1e-12)
        more = np.arange(replicates + 1)
        total = m * (fewer * replicates + more)
        square = m * m * ((fewer + 1) ** 2 * more + fewer**2 * (replicates - more))
        moments = Moments(total, square, total, replicates, worlds * m, worlds)
        chances = stats.binom.pmf(more, replicates, worlds * p - fewer)
        for found in (proportion(moments), mean(moments, bounds=(0.0, 1.0))):
            holds = (found.low <= p + 1e-12) & (p - 1e-12 <= found.high)
            coverage.append(float(chances[holds].sum()))
    assert min(coverage) > 0.9
    assert statistics.fmean(coverage) > 0.94


@pytest.mark.parametrize("share", [1.0, 0.999, 0.99])
@pytest.mark.parametrize("mirrored", [False, True])
def test_what_nearly_all_trials_of_a_world_share_is_covered(share: float, mirrored: bool) -> None:
    """Worlds of an agreement that exists with chance 0.505, in which nearly all trials end alike; 10 replicates."""
    generator, held, repeats, worlds, m, p = np.random.default_rng(12), 0, 300, 10, 20, 0.505
    for _ in range(repeats):
        if mirrored:
            half = generator.random((10, worlds // 2))
            u = np.concatenate([half, 1 - half], axis=1)
        else:
            order = generator.permuted(np.tile(np.arange(worlds), (10, 1)), axis=1)
            u = (order + generator.random((10, worlds))) / worlds
        sums = (generator.binomial(m, share, u.shape) * (u < p)).sum(axis=1)
        total = np.array(sums.sum())
        each = worlds // 2 if mirrored else worlds
        one = proportion(Moments(total, np.array((sums**2).sum()), total, 10, worlds * m, each)).item()
        held += one.low <= p * share <= one.high
    assert held / repeats > 0.95 - 3.5 * math.sqrt(0.95 * 0.05 / repeats)
