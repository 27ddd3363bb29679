from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from pactrisk.estimators import Composition, Moments, composition, mean, proportion


def of_counts(sums: np.ndarray, m: int) -> Composition:
    return composition(Moments.from_world_sums(sums, m), level=0.90)


def test_analysis_of_variance_by_hand() -> None:
    generator = np.random.default_rng(1)
    worlds, m = 15, 6
    x = generator.normal(0.0, 1.0, worlds) + generator.normal(0.0, 2.0, (m, worlds))
    split = composition(Moments.from_trials(x.reshape(-1), m), most=math.inf, level=0.90)
    means = x.mean(axis=0)
    within = np.mean([x[:, world].var(ddof=1) for world in range(worlds)])
    assert float(split.chance_var) == pytest.approx(within, rel=1e-10)
    assert float(split.noise_var) == pytest.approx(means.var(ddof=1), rel=1e-10)
    assert float(split.ignorance_var) == pytest.approx(max(means.var(ddof=1) - within / m, 0.0), rel=1e-9)
    assert float(split.noise_se) == pytest.approx(means.std(ddof=1) / math.sqrt(worlds), rel=1e-10)
    assert bool(split.indistinguishable) == (stats.f_oneway(*x.T).pvalue > 0.05)
    half = stats.norm.ppf(0.95) * math.sqrt(float(split.ignorance_var))
    assert float(split.ignorance_high - split.value) == pytest.approx(half, rel=1e-9)


def test_the_f_test_is_that_of_one_way_anova() -> None:
    generator = np.random.default_rng(2)
    x = generator.normal(0.0, 0.6, (60, 1, 12)) + generator.normal(0.0, 2.0, (60, 8, 12))
    split = composition(Moments.from_trials(x.reshape(60, -1), 8), most=math.inf, level=0.90)
    by_scipy = np.array([stats.f_oneway(*row.T).pvalue > 0.05 for row in x])
    assert 0 < by_scipy.sum() < 60
    np.testing.assert_array_equal(split.indistinguishable, by_scipy)
    np.testing.assert_array_equal(split.share_low == 0.0, by_scipy)


@pytest.mark.parametrize(("p", "share"), [(0.5, 0.3), (0.1, 0.2), (0.05, 0.5)])
def test_recovers_known_variances(nested: Callable[..., np.ndarray], p: float, share: float) -> None:
    repeats, worlds, m = 600, 300, 10
    split = of_counts(nested(51, repeats, worlds, m, p, share), m)
    for found, truth in (
        (split.ignorance_var, p * (1 - p) * share),
        (split.chance_var, p * (1 - p) * (1 - share)),
        (split.noise_se**2, p * (1 - p) * (share + (1 - share) / m) / worlds),
    ):
        assert abs(found.mean() - truth) <= 3.5 * found.std() / math.sqrt(repeats)


@pytest.mark.parametrize(
    ("worlds", "m", "p", "share"),
    [(200, 10, 0.3, 0.1), (500, 10, 0.05, 0.1), (200, 50, 0.02, 0.2), (100, 20, 0.5, 0.3), (1000, 10, 0.2, 0.02)],
)
def test_coverage_of_the_share(
    nested: Callable[..., np.ndarray], allowance: Callable[..., float], worlds: int, m: int, p: float, share: float
) -> None:
    repeats = 1000
    split = of_counts(nested(52, repeats, worlds, m, p, share), m)
    assert (split.share_low > share).mean() <= 0.05 + allowance(0.05, repeats)
    assert (split.share_high < share).mean() <= 0.05 + allowance(0.05, repeats)
    assert (split.share_low <= split.ignorance_share).all()
    assert (split.ignorance_share <= split.share_high).all()


@pytest.mark.parametrize(
    ("worlds", "m", "p", "share"), [(400, 5, 0.02, 0.03), (120, 5, 0.01, 0.1), (1000, 2, 0.01, 0.1)]
)
def test_the_share_of_what_few_pairs_show_stays_below_its_limit(
    nested: Callable[..., np.ndarray], allowance: Callable[..., float], worlds: int, m: int, p: float, share: float
) -> None:
    """One to four pairs of trials of a world show the event; as if variation were normal 8 to 39% of limits fail."""
    repeats, sums = 1000, nested(54, 1000, worlds, m, p, share)
    split = composition(Moments.from_world_sums(sums, m))
    assert (split.share_high < share).mean() <= 0.025 + allowance(0.025, repeats)
    turned = composition(Moments.from_world_sums(m - sums, m))
    np.testing.assert_allclose(turned.share_high, split.share_high, rtol=1e-9)


def test_the_share_of_one_pair_by_hand() -> None:
    sums = np.zeros(100, dtype=np.int64)
    sums[:3] = 2, 1, 1
    split = composition(Moments.from_world_sums(sums, 4))
    # one pair in 600 is seen where at most 5.5716 are expected (Garwood 1936); p is 4 in 400
    most = stats.chi2.ppf(0.975, 4) / 2 / 600
    assert float(split.share_high) == pytest.approx((most - 0.01**2) / (0.01 * 0.99), rel=0.01)


@pytest.mark.parametrize(("worlds", "p"), [(200, 0.3), (500, 0.05)])
def test_false_alarms_of_ignorance(
    nested: Callable[..., np.ndarray], allowance: Callable[..., float], worlds: int, p: float
) -> None:
    repeats = 2000
    split = of_counts(nested(53, repeats, worlds, 10, p, 0.0), 10)
    # the tails of rare counts are allowed for as if they came from worlds, so alarms may be fewer
    assert (~split.indistinguishable).mean() <= 0.05 + allowance(0.05, repeats)
    np.testing.assert_array_equal(split.indistinguishable, split.share_low == 0)


@pytest.mark.parametrize(("worlds", "p", "share"), [(200, 0.3, 0.0), (200, 0.3, 0.002), (500, 0.5, 0.01)])
def test_where_ignorance_cannot_be_told_its_bound_holds_the_worlds(
    nested: Callable[..., np.ndarray], allowance: Callable[..., float], worlds: int, p: float, share: float
) -> None:
    repeats, m = 1000, 10
    split = composition(Moments.from_world_sums(nested(57, repeats, worlds, m, p, share), m))
    size = 1 / share - 1 if share else np.inf
    low, high = stats.beta(p * size, (1 - p) * size).ppf([0.05, 0.95]) if share else (p, p)
    assert split.indistinguishable.mean() > 0.5
    for missed in (split.most_low > low, split.most_high < high):
        assert missed[split.indistinguishable].sum() <= (0.025 + allowance(0.025, repeats)) * repeats
    assert (split.most_low <= split.ignorance_low).all()
    assert (split.most_high >= split.ignorance_high).all()


def test_the_verdict_does_not_hang_on_the_part_of_worlds_that_a_range_holds(nested: Callable[..., np.ndarray]) -> None:
    moments = Moments.from_world_sums(nested(58, 300, 200, 10, 0.3, 0.01), 10)
    one, other = composition(moments, inside=0.5), composition(moments, inside=0.99)
    np.testing.assert_array_equal(one.indistinguishable, other.indistinguishable)
    np.testing.assert_array_equal(one.share_high, other.share_high)
    assert (one.ignorance_high <= other.ignorance_high).all()


def test_the_range_of_worlds_is_the_beta_with_these_moments(nested: Callable[..., np.ndarray]) -> None:
    p, share = 0.3, 0.2
    split = of_counts(nested(54, 1, 40_000, 10, p, share), 10)[0]
    size = 1 / float(split.ignorance_share) - 1
    value = float(split.value)
    law = stats.beta(value * size, (1 - value) * size)
    assert float(split.ignorance_low) == pytest.approx(law.ppf(0.05), rel=1e-3)
    assert float(split.ignorance_high) == pytest.approx(law.ppf(0.95), rel=1e-3)


def test_one_trial_a_world_cannot_tell_ignorance_from_chance() -> None:
    event = np.random.default_rng(7).random(400) < 0.3
    split = composition(Moments.from_trials(event, 1))
    assert math.isnan(float(split.ignorance_var))
    assert math.isnan(float(split.chance_var))
    assert bool(split.indistinguishable)
    assert (float(split.ignorance_low), float(split.ignorance_high)) == (0.0, 1.0)
    number = composition(Moments.from_trials(event.astype(float), 1), most=math.inf)
    assert (float(number.ignorance_low), float(number.ignorance_high)) == (-math.inf, math.inf)
    assert float(number.noise_se) == pytest.approx(event.std(ddof=1) / 20, rel=1e-9)


def test_one_world_leaves_all_open() -> None:
    split = composition(Moments.from_trials(np.array([True, False, True, True]), 4))
    assert float(split.chance_var) == pytest.approx(0.25)
    assert math.isnan(float(split.ignorance_var))
    assert float(split.noise_se) == math.inf
    assert float(split.trials_for(0.01)) == math.inf


def test_without_uncertain_assumptions_all_is_chance() -> None:
    event = np.random.default_rng(8).random(400) < 0.3
    for m in (1, 4):
        split = composition(Moments.from_trials(event, m), certain=True)
        assert float(split.ignorance_var) == float(split.ignorance_share) == float(split.share_high) == 0.0
        assert float(split.chance_var) == pytest.approx(event.var(ddof=1), rel=1e-12)
        assert float(split.noise_se) == pytest.approx(event.std(ddof=1) / 20, rel=1e-12)
        assert float(split.ignorance_low) == float(split.ignorance_high) == float(split.value)


def test_an_event_never_seen_keeps_a_bound() -> None:
    split = composition(Moments.from_trials(np.zeros((2, 500), dtype=bool) | [[False], [True]], 5))
    bound = 1 - 0.025 ** (1 / 100)
    np.testing.assert_allclose(split.ignorance_high, [bound, 1.0], rtol=1e-9)
    np.testing.assert_allclose(split.ignorance_low, [0.0, 1 - bound], rtol=1e-9)
    assert split.indistinguishable.all()
    assert np.isnan(split.ignorance_share).all()


def test_worlds_that_decide_everything() -> None:
    event = np.tile(np.arange(40) % 2 == 0, 5)
    split = composition(Moments.from_trials(event, 5))
    assert float(split.chance_var) == 0.0
    assert float(split.ignorance_share) == float(split.share_high) == 1.0
    # trials of a world may differ in as many worlds as 40 never showed, and by 5 / 16 at most
    hidden = (1 - 0.025 ** (1 / 40)) * 5 / 16
    between = 5 * 0.25 * 40 / 39
    assert float(split.share_low) == pytest.approx((between - hidden) / (between + 4 * hidden), rel=1e-9)
    assert not bool(split.indistinguishable)
    assert (float(split.ignorance_low), float(split.ignorance_high)) == pytest.approx((0.0, 1.0), abs=1e-6)


@pytest.mark.parametrize(("p", "share", "halfwidth"), [(0.3, 0.2, 0.02), (0.5, 0.0, 0.01)])
def test_trials_asked_for_bring_the_half_width(
    nested: Callable[..., np.ndarray], p: float, share: float, halfwidth: float
) -> None:
    m = 10
    asked = float(of_counts(nested(55, 1, 5000, m, p, share), m).trials_for(halfwidth)[0])
    assert asked % m == 0
    found = proportion(Moments.from_world_sums(nested(56, 100, int(asked) // m, m, p, share), m))
    # The variance comes from 5000 worlds (2% sd, 1% on the width); exact limits are 1% wider here.
    assert np.mean(found.high - found.low) / 2 == pytest.approx(halfwidth, rel=0.04)


@pytest.mark.parametrize("halfwidth", [0.001, 0.01, 0.2, 0.7])
def test_trials_for_an_event_never_seen(halfwidth: float) -> None:
    split = composition(Moments.from_trials(np.zeros(500, dtype=bool), 5))
    worlds = int(split.trials_for(halfwidth)) // 5
    none = np.zeros((), dtype=np.int64)
    bound = proportion(Moments(none, none, none, worlds, 5)).item()
    assert bound.high <= 2 * halfwidth
    if worlds > 2:
        fewer = proportion(Moments(none, none, none, worlds - 1, 5)).item()
        assert fewer.high > 2 * halfwidth


@pytest.mark.parametrize("halfwidth", [0.0005, 0.001, 0.01, 0.2])
def test_trials_for_what_never_varied_count_the_worlds_within_replicates(halfwidth: float) -> None:
    none = np.zeros((), dtype=np.int64)
    worlds, replicates = Moments(none, none, none, 400, 5), Moments(none, none, none, 10, 200, 40)
    asked = int(composition(worlds, noise=replicates).trials_for(halfwidth))
    # of the number of three agreements, of which none ever was
    number = composition(worlds, most=math.inf, noise=replicates).trials_for(3 * halfwidth, reach=3.0)
    assert int(number) == asked
    assert asked % 200 == 0

    def bound(trials: int) -> float:
        return float(proportion(Moments(none, none, none, trials // 200, 200, 40)).item().high)

    assert bound(asked) <= 2 * halfwidth
    assert asked == 400 or bound(asked - 200) > 2 * halfwidth
    held = mean(Moments(none, none, none, asked // 200, 200, 40), bounds=(0.0, 3.0)).item()
    assert held.high <= 3 * 2 * halfwidth


def test_refusals() -> None:
    none = np.zeros((), dtype=np.int64)
    with pytest.raises(ValueError, match="no trials"):
        composition(Moments(none, none, none, 0, 5))
    with pytest.raises(ValueError, match="above 0"):
        composition(Moments.from_trials(np.zeros(10, dtype=bool), 5)).trials_for(0.0)
