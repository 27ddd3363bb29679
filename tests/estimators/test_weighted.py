"""Estimates from weighted trials: known answers where all weights are one, and coverage where they are not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from pactrisk.estimators.weighted import WeightedMoments, effective, rare_chance, weighted_mean, weighted_share
from pactrisk.tilting import MOST_WEIGHT, Direction, Tilted
from pactrisk.tilts import Tilt, strength_of


@pytest.mark.parametrize("count", [1, 7, 120])
def test_equal_weights_have_garwoods_lower_limit_and_an_upper_one_for_one_more(count: int) -> None:
    found = rare_chance(float(count), float(count), 1.0, 10_000, 0.9).item()
    assert found.value == count / 10_000
    assert found.low == pytest.approx(stats.chi2(2 * count).ppf(0.05) / 2 / 10_000)
    assert found.high == pytest.approx(stats.chi2(2 * (count + 1)).ppf(0.95) / 2 / 10_000)


def test_what_was_never_seen_is_bounded_by_the_plain_trials_among_them() -> None:
    found = rare_chance(0.0, 0.0, 0.0, 20_000, 0.95, MOST_WEIGHT).item()
    # a tenth of the trials is plain: the bound of 2,000 trials that saw nothing
    assert found.high == pytest.approx(-np.log(0.025) / 2_000)
    assert (found.value, found.low) == (0.0, 0.0)


def test_the_limits_hold_the_chance_as_often_as_they_say() -> None:
    """An exponential milestone of chance 1 in 10,000, from 20,000 trials that a rough tilt draws: 500 samples."""
    p, repeats, size, held = 1e-4, 500, 20_000, 0
    widths = []
    for seed in range(repeats):
        streams = Tilted(seed, 0, [Direction(1.0, {"duration": Tilt(strength_of(3e-3))})], size)
        happens = streams.uniform("duration") < p
        w = streams.weights[happens]
        found = rare_chance(w.sum(), (w * w).sum(), w.max(initial=0.0), size, 0.95, MOST_WEIGHT).item()
        held += found.low <= p <= found.high
        widths.append((found.high - found.low) / 2 / p)
    allowed = 3.5 * np.sqrt(0.95 * 0.05 / repeats)
    assert held / repeats > 0.95 - allowed
    # and they are of use: 20,000 plain trials would see the event twice
    assert np.mean(widths) < 0.15


def test_equal_weights_give_the_plain_share_and_mean() -> None:
    generator = np.random.default_rng(5)
    x = np.stack([generator.random(400) < 0.3, np.zeros(400, bool), np.ones(400, bool)])
    shares = weighted_share(WeightedMoments.from_trials(x, np.full(400, 2.0)), 0.9)
    exact = stats.binomtest(int(x[0].sum()), 400).proportion_ci(0.9, "exact")
    assert shares.value[0] == x[0].mean()
    assert (shares.low[0], shares.high[0]) == pytest.approx((exact.low, exact.high))
    assert (shares.low[1], shares.high[2]) == (0.0, 1.0)
    assert shares.high[1] == pytest.approx(1 - 0.05 ** (1 / 400))
    y = generator.normal(size=(1, 400))
    means = weighted_mean(WeightedMoments.from_trials(y, np.full(400, 0.5)), 0.9)
    half = stats.t(399).ppf(0.95) * y.std(ddof=0) / np.sqrt(400)
    assert means.value[0] == pytest.approx(y.mean())
    assert means.high[0] - means.value[0] == pytest.approx(half)


def test_nothing_seen_says_nothing() -> None:
    empty = WeightedMoments.from_trials(np.ones((2, 10)), np.zeros(10))
    shares, means = weighted_share(empty), weighted_mean(empty)
    assert np.isnan(shares.value).all()
    assert (shares.low == 0).all()
    assert (shares.high == 1).all()
    assert not np.isfinite(means.high).any()
    assert effective(0.0, 0.0) == 0.0


def test_weighted_shares_and_means_hold_the_truth_as_often_as_they_say() -> None:
    """Where u is drawn high and weighed: P(v < u) = 1/2 and E(u v) = 1/4 for another u and v; 600 samples of 500."""
    repeats, held = 600, np.zeros(2)
    for seed in range(repeats):
        streams = Tilted(seed, 1, [Direction(1.0, {"u": Tilt(4.0)})], 500)
        u, v = streams.uniform("u"), streams.uniform("v")
        share = weighted_share(WeightedMoments.from_trials((v < u)[None], streams.weights))
        mean = weighted_mean(WeightedMoments.from_trials((u * v)[None], streams.weights))
        held += [found.low[0] <= truth <= found.high[0] for found, truth in ((share, 0.5), (mean, 0.25))]
    # linearised, so a little short at so few trials: within a point and the noise of counting
    assert (held / repeats > 0.94 - 3.5 * np.sqrt(0.05 * 0.95 / repeats)).all()
