"""Quantiles of parts that hold whole worlds: by hand, adding up, and with an honest scatter."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pactrisk.ensemble import add
from pactrisk.ensemble.fans import FAN, FAN_BLOCKS, _quantiles, at_end, fan, observe_fan
from pactrisk.ranges import Range


def block(worlds: int, m: int, index: int = 0) -> Any:
    return SimpleNamespace(index=index, replicates=worlds, worlds=worlds, trials=worlds * m, trials_per_replicate=m)


def reading(sums: dict[str, Any], worlds: int, m: int) -> Any:
    named = {f"a/{key}": value for key, value in sums.items()}
    plan = SimpleNamespace(trials_per_world=m, trials_per_replicate=m, worlds_each=1)
    return SimpleNamespace(sums=named, name="a", level=0.95, trials=worlds * m, plan=plan)


def whole_reading(sums: dict[str, Any], worlds: int, m: int) -> Any:
    found = reading(sums, worlds, m)
    found.sums["replicates"] = np.array(worlds)
    found.worlds = worlds
    return found


def test_worlds_are_not_split_between_parts() -> None:
    # five worlds in four parts: 0 and 4, 1, 2, 3; every trial of world w has the value w
    values = np.tile(np.arange(5.0), 20)
    found = observe_fan("x", values, block(5, 20))
    middle = FAN.index(0.5)
    assert found["x/parts"] == 4
    assert found["x/w"] == 100
    assert found["x/ww"] == 40**2 + 3 * 20**2
    assert found["x/wq"][middle] == 40 * 2 + 20 * (1 + 2 + 3)
    assert found["x/wq"][0] == 40 * 0 + 20 * (1 + 2 + 3)
    assert found["x/wwqq"][middle] == 40**2 * 4 + 20**2 * (1 + 4 + 9)


def test_equal_parts_give_the_mean_and_its_student_interval() -> None:
    values = np.random.default_rng(1).normal(size=(3, 400))
    sums = observe_fan("x", values, block(200, 2))
    each = np.stack([np.quantile(values[:, part::4], FAN, axis=-1, method="median_unbiased") for part in range(4)])
    found = fan(reading(sums, 200, 2), "x")
    half = stats.t.ppf(0.975, 3) * each.std(axis=0, ddof=1) / 2
    np.testing.assert_allclose(found.value, each.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.high - found.value, half, rtol=1e-9)
    assert found.shape == (len(FAN), 3)


def test_quantiles_of_parts_of_few_worlds_lean_to_no_side() -> None:
    """Ten blocks of five worlds of 400 trials, a fifth of whose variance lies between worlds: means over parts of one
    world or two were aside by two of their standard errors, and half of all intervals did not hold what is so in 1 of
    20 trials."""
    seeds, worlds, m, truth = 100, 5, 400, stats.norm.ppf(FAN)
    generator, values, missed = np.random.default_rng(6), np.zeros((seeds, len(FAN))), np.zeros(len(FAN))
    for seed in range(seeds):
        sums: dict[str, Any] = {}
        for index in range(FAN_BLOCKS):
            between, within = generator.normal(0, np.sqrt(0.2), worlds), generator.normal(0, np.sqrt(0.8), (m, worlds))
            add(sums, observe_fan("x", (between + within).ravel(), block(worlds, m, index)))
        found = fan(reading(sums, worlds * FAN_BLOCKS, m), "x")
        values[seed] = found.value
        missed += (found.low > truth) | (truth > found.high)
    assert missed.max() <= stats.binom.ppf(0.9995, seeds, 0.07)
    assert (np.abs(values.mean(axis=0) - truth) < 4 * values.std(axis=0) / np.sqrt(seeds)).all()


def test_parts_of_two_worlds_by_hand() -> None:
    values = np.random.default_rng(8).normal(size=400)
    found = fan(reading(observe_fan("x", values, block(8, 50)), 8, 50), "x")
    each = np.stack([np.quantile(values[part::4], FAN, method="median_unbiased") for part in range(4)])
    mean, whole = each.mean(axis=0), np.quantile(values, FAN, method="median_unbiased")
    # four times the lean of the whole is that of a part
    np.testing.assert_allclose(mean - found.value, 4 * (whole - found.value), rtol=1e-9)
    half = stats.t.ppf(0.975, 3) * each.std(axis=0, ddof=1) / 2
    np.testing.assert_allclose(found.high - found.value, np.hypot(half * 7 / 6, (found.value - mean) / 2), rtol=1e-9)


def test_few_worlds_that_are_all_alike_have_the_value_of_all() -> None:
    sums = observe_fan("x", np.full(100, 0.8), block(5, 20))
    found = fan(reading(sums, 5, 20), "x")
    assert (found.value == found.low).all()
    assert (found.value == found.high).all()


def test_one_world_has_no_interval() -> None:
    sums = observe_fan("x", np.arange(20.0), block(1, 20))
    found = fan(reading(sums, 1, 20), "x")
    assert found.value[FAN.index(0.5)] == pytest.approx(9.5)
    assert np.isinf(found.low).all()
    assert np.isinf(found.high).all()


def test_only_the_first_blocks_are_looked_at() -> None:
    values = np.zeros(100)
    assert observe_fan("x", values, block(5, 20, FAN_BLOCKS - 1))
    assert observe_fan("x", values, block(5, 20, FAN_BLOCKS)) == {}


def ten_blocks(draw: Any, lumps: bool) -> Any:
    """The fan of ten blocks of 400 trials, of values that ``draw`` gives."""
    sums: dict[str, Any] = {}
    for index in range(FAN_BLOCKS):
        add(sums, observe_fan("x", draw(400), block(400, 1, index), Range(0.0, 2.0), lumps))
    found = whole_reading(sums, 4000, 1)
    found.plan.blocks = FAN_BLOCKS
    return fan(found, "x", Range(0.0, 2.0))


def test_a_quantile_between_two_lumps_is_one_of_them() -> None:
    """Of all trials 94% are at 0.1, 5% at 0.4, 1% at 0.8: the quantile of 0.95 is 0.4, means over parts lie below."""
    generator, seeds, at = np.random.default_rng(4), 200, FAN.index(0.95)
    found = [
        ten_blocks(lambda n: np.array([0.1, 0.4, 0.8])[np.searchsorted([0.94, 0.99], generator.random(n))], True)
        for _ in range(seeds)
    ]
    missed = sum(not one.low[at] <= 0.4 <= one.high[at] for one in found)
    assert missed <= stats.binom.ppf(0.999, seeds, 0.05)
    assert np.mean([one.value[at] == 0.4 for one in found]) > 0.8


def test_where_there_are_no_lumps_the_blocks_widen_little() -> None:
    seeds, widths = 200, np.zeros(2)
    for seed in range(seeds):
        for i, lumps in enumerate((False, True)):
            generator = np.random.default_rng(seed)
            one = ten_blocks(lambda n, g=generator: g.beta(2, 3, n), lumps)
            widths[i] += (one.high - one.low).mean()
    # the middle of ten scatters about the mean by 0.76 of its error: past half of Student's limits in one of five, and
    # there all but the outermost of ten reach twice as far
    assert widths[0] <= widths[1] <= 1.25 * widths[0]


TEN = Range(0, 10, True)


def counted(p: np.ndarray, m: int, seed: int) -> np.ndarray:
    """Of each trial how many of ten things happened, all ten with the chance of its world."""
    return np.random.default_rng(seed).binomial(10, np.tile(p, m)).astype(float)


def test_whole_numbers_give_the_order_statistics_of_all_trials() -> None:
    generator = np.random.default_rng(3)
    blocks = [counted(generator.beta(1, 3, 50), 20, seed) for seed in range(14)]
    sums: dict[str, Any] = {}
    for index, values in enumerate(blocks):
        add(sums, observe_fan("x", values, block(50, 20, index), TEN))
    found = fan(whole_reading(sums, 14 * 50, 20), "x", TEN)
    # blocks beyond the first ten count as well
    together = np.concatenate(blocks)
    np.testing.assert_array_equal(found.value, np.quantile(together, FAN, method="inverted_cdf"))
    for ends in (found.low, found.high):
        np.testing.assert_array_equal(ends, np.rint(ends))
        assert ((ends >= 0) & (ends <= 10)).all()


def test_interval_of_a_whole_quantile_covers_where_worlds_are_clusters() -> None:
    # worlds draw p from Beta(2, 5): the count of a trial is beta-binomial, whose quantiles are known
    truth = stats.betabinom.ppf(FAN, 10, 2, 5)
    seeds, worlds, m = 400, 60, 20
    low_missed, high_missed = np.zeros(len(FAN)), np.zeros(len(FAN))
    for seed in range(seeds):
        p = np.random.default_rng(1000 + seed).beta(2, 5, worlds)
        sums = observe_fan("x", counted(p, m, seed), block(worlds, m), TEN)
        found = fan(whole_reading(sums, worlds, m), "x", TEN)
        low_missed += found.low > truth
        high_missed += found.high < truth
    most = stats.binom.ppf(0.999, seeds, 0.025)
    assert (low_missed <= most).all()
    assert (high_missed <= most).all()


def test_what_is_always_the_same_whole_number_is_it_from_end_to_end() -> None:
    found = fan(whole_reading(observe_fan("x", np.full(100, 10.0), block(20, 5), TEN), 20, 5), "x", TEN)
    assert (found.value == 10).all()
    assert (found.high == 10).all()


def test_limits_stay_within_what_can_be() -> None:
    values = np.random.default_rng(4).beta(0.1, 5, 400)
    within = Range(0.0, 1.0)
    found = fan(reading(observe_fan("x", values, block(20, 20), within), 20, 20), "x", within)
    assert (found.low >= 0).all()
    assert (found.high <= 1).all()
    alone = fan(reading(observe_fan("x", values[:20], block(1, 20), within), 1, 20), "x", within)
    np.testing.assert_array_equal(alone.low, 0)
    np.testing.assert_array_equal(alone.high, 1)


def delivered(share: float, blocks: int, mirrored: bool = False) -> Any:
    """The quantiles of what is nought in so large a share of trials and exponential in the others; or, ``mirrored``, of
    what that lacks to the greatest value.
    """
    sums: dict[str, Any] = {}
    within = Range(-1e9, 100.0) if mirrored else Range(0.0, 1e9)
    for index in range(blocks):
        drawn = np.random.default_rng(900 + index).random((2, 2000))
        values = np.where(drawn[0] < share, 0.0, -np.log(drawn[1]))
        add(sums, observe_fan("x", 100 - values if mirrored else values, block(50, 40, index), within))
    return fan(whole_reading(sums, 50 * blocks, 40), "x", within)


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_quantile_is_the_end_at_which_enough_trials_are(mirrored: bool) -> None:
    def middle(share: float, blocks: int) -> tuple[float, float, float]:
        found, k = delivered(share, blocks, mirrored), FAN.index(0.5)
        ends = found.value[k], found.low[k], found.high[k]
        return (100 - ends[0], 100 - ends[2], 100 - ends[1]) if mirrored else ends

    # a mean over parts of 500 trials, of which one in six has its own median above nought, lies above nought
    value, low, high = middle(0.52, 10)
    assert (value, low) == (0.0, 0.0)
    # trials beyond the tenth block count too, and make it sure
    assert middle(0.52, 60) == (0.0, 0.0, 0.0)
    value, low, high = middle(0.497, 10)
    assert low == 0.0 < value < high
    value, low, high = middle(0.45, 60)
    truth = -np.log(1 - (0.5 - 0.45) / 0.55)
    assert 0.0 < low <= truth <= high


def test_the_quantile_of_what_is_often_nothing_is_covered() -> None:
    share, k, seeds, missed = 0.47, FAN.index(0.5), 200, np.zeros(2)
    truth = -np.log(1 - (0.5 - share) / (1 - share))
    for seed in range(seeds):
        drawn = np.random.default_rng(seed).random((2, 2000))
        values = np.where(drawn[0] < share, 0.0, -np.log(drawn[1]))
        sums = observe_fan("x", values, block(50, 40), Range(0.0, 1e9))
        found = fan(whole_reading(sums, 50, 40), "x", Range(0.0, 1e9))
        missed += found.low[k] > truth, found.high[k] < truth
    assert (missed <= stats.binom.ppf(0.999, seeds, 0.025)).all()


@given(st.integers(1, 60), st.integers(1, 5), st.booleans(), st.integers(0, 2**32))
def test_quantiles_are_those_of_numpy_to_the_bit(trials: int, rows: int, tied: bool, seed: int) -> None:
    drawn = np.random.default_rng(seed).normal(size=(rows, 2 * trials))[:, ::2]
    values = np.round(drawn) if tied else drawn
    assert np.array_equal(_quantiles(values), np.quantile(values, FAN, axis=-1, method="median_unbiased"))


@pytest.mark.parametrize(
    ("within", "values", "there"),
    [
        (Range(0.0, 3.0, whole=True), [0, 0, 2, 3], 2),
        (Range(0.0), [0.0, 0.4, 1.7, 0.0], 2),
        (Range(-np.inf, 0.0), [0.0, -0.4, -1.7, -2.0], 1),
        (Range(0.0, 3.0), [0.2, 0.4, 3.0, 3.0], 0),
    ],
)
def test_trials_at_the_first_end_are_counted(within: Range, values: list[float], there: int) -> None:
    sums = observe_fan("x", np.array(values), block(2, 2), within)
    assert int(at_end(reading(sums, 2, 2), "x", within)) == there
