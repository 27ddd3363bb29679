from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import special

from pactrisk.estimators import Bins, FirstOrder, Moments, composition, first_order, world_sums
from pactrisk.estimators.first_order import _least_explained, _quotient


def even(bins: int) -> np.ndarray:
    """Edges of so many bins of equal probability."""
    return np.arange(1, bins) / bins


def additive(seed: int, worlds: int, m: int, noise: float, repeats: int) -> tuple[list[FirstOrder], np.ndarray]:
    """Three assumptions with 0.8, 0.2 and 0 of the variance between worlds, which is 5."""
    generator = np.random.default_rng(seed)
    answers = []
    for _ in range(repeats):
        levels = generator.random((3, worlds))
        world = np.sqrt(12.0) * (2.0 * levels[0] - levels[1])
        x = (world + generator.normal(0.0, noise, (m, worlds))).reshape(-1)
        bins = Bins.from_world_sums(world_sums(x, m), levels)
        answers.append(first_order(bins, Moments.from_trials(x, m)))
    return answers, np.array([0.8, 0.2, 0.0])


@pytest.mark.parametrize(("worlds", "m", "noise"), [(1000, 10, 3.0), (400, 4, 2.0)])
def test_recovers_the_shares_of_an_additive_model(
    allowance: Callable[..., float], worlds: int, m: int, noise: float
) -> None:
    repeats = 300
    answers, truth = additive(61, worlds, m, noise, repeats)
    share, se = np.array([a.share for a in answers]), np.array([a.se for a in answers])
    spread = share.std(axis=0)
    # The last is floored at 0, hence biased up by less than its spread.
    assert np.all(np.abs(share.mean(axis=0) - truth)[:2] <= 3.5 * spread[:2] / np.sqrt(repeats) + 0.002)
    assert 0.0 <= share[:, 2].mean() < spread[2]
    # A standard error may be cautious, not bold: 3.5 / sqrt(2 * 300) is the error of a spread over repeats.
    assert np.all(se.mean(axis=0) >= (1 - 3.5 / np.sqrt(2 * repeats)) * spread)
    assert np.all(se.mean(axis=0)[:2] <= 1.6 * spread[:2])
    unseen = np.array([a.indistinguishable for a in answers])
    assert not unseen[:, :2].any()
    assert abs((~unseen[:, 2]).mean() - 0.05) <= allowance(0.05, repeats)


def test_where_chance_drowns_ignorance_the_standard_error_says_so() -> None:
    repeats = 400
    answers, _ = additive(65, 1000, 10, 15.0, repeats)  # world means: 5 of ignorance, 22.5 of chance
    share, se = np.array([a.share[0] for a in answers]), np.array([a.se[0] for a in answers])
    assert np.median(se) >= (1 - 3.5 / np.sqrt(2 * repeats)) * share.std()


def test_one_trial_a_world_shares_out_the_variance_of_a_trial() -> None:
    repeats = 200
    answers, truth = additive(62, 1000, 1, 3.0, repeats)
    share = np.array([a.share for a in answers])
    error = 3.5 * share.std(axis=0)[:2] / np.sqrt(repeats)
    assert np.all(np.abs(share.mean(axis=0)[:2] - truth[:2] * 5 / 14) <= error + 0.002)


def test_many_bins_and_few_worlds_do_not_invent_a_share() -> None:
    generator = np.random.default_rng(63)
    shares = []
    for _ in range(400):
        x = generator.normal(0.0, 1.0, 100)
        bins = Bins.from_world_sums(x, generator.random((1, 100)), even(20))
        shares.append(float(first_order(bins, Moments.from_trials(x, 1)).share[0]))
    # Without correction the mean would be 19 / 99.
    assert np.mean(shares) < 0.06


def test_events_of_any_shape_and_empty_bins() -> None:
    generator = np.random.default_rng(64)
    levels = generator.random((2, 500)) * 0.5  # the upper bins stay empty
    x = generator.random((3, 4, 8, 500)) < 0.2 + levels[0]
    x[2] = False
    x = x.reshape(3, 4, -1)
    found = first_order(Bins.from_world_sums(world_sums(x, 8), levels, even(6)), Moments.from_trials(x, 8))
    assert found.share.shape == found.se.shape == found.indistinguishable.shape == (2, 3, 4)
    # Three bins are filled, which keep 1 - 1 / 9 of a straight effect that is all there is.
    assert np.all(np.abs(found.share[0, :2] - 8 / 9) <= 3.5 * found.se[0, :2])
    assert np.all(found.se[0, :2] < 0.2)
    assert not found.indistinguishable[0, :2].any()
    assert np.isnan(found.share[:, 2]).all()
    assert found.indistinguishable[:, 2].all()
    assert found[0].share.shape == (3, 4)


@pytest.mark.parametrize("levels", [(0.1, 0.9), (0.1, 0.15)])
def test_two_worlds_tell_of_nobody_and_divide_by_nothing(levels: tuple[float, float]) -> None:
    """With a bin for each world nothing is left within: no overflow on the way to saying so."""
    x = np.array([[0.0, 9.0], [1.0, 9.0], [0.0, 9.0]]).reshape(-1)
    for trials in (x, np.zeros(6)):
        bins = Bins.from_world_sums(world_sums(trials, 3), np.array([levels]))
        with np.errstate(all="raise"):
            found = first_order(bins, Moments.from_trials(trials, 3))
        assert np.isnan(found.share).all()
        assert found.indistinguishable.all()


def rates(levels: np.ndarray, middle: float) -> np.ndarray:
    """Chances that bend with the level of the first assumption as rare ones do, and less with that of the second."""
    return special.ndtr(middle + 0.6 * special.ndtri(levels[0]) + 0.5 * special.ndtri(levels[1]))


@pytest.mark.parametrize(("middle", "worlds", "m"), [(-0.7, 100, 20), (-2.2, 400, 20), (-2.7, 2000, 5)])
def test_the_share_of_what_bends_a_rare_chance_is_covered(middle: float, worlds: int, m: int) -> None:
    generator, repeats, covered, told = np.random.default_rng(66), 200, 0, 0
    grid = (np.arange(1000) + 0.5) / 1000
    every = rates(np.stack(np.meshgrid(grid, grid, indexing="ij")), middle)
    truth = every.mean(axis=1).var() / every.var()
    for _ in range(repeats):
        levels = generator.random((2, worlds))
        x = (generator.random((m, worlds)) < rates(levels, middle)).reshape(-1)
        found = first_order(Bins.from_world_sums(world_sums(x, m), levels), Moments.from_trials(x, m))[0]
        covered += abs(found.share - truth) <= 1.96 * found.se
        told += not np.isnan(found.share)
    assert told > 0.9 * repeats
    assert covered / told >= 0.95 - 3.5 * np.sqrt(0.95 * 0.05 / told)


@pytest.mark.parametrize(("worlds", "truth"), [(15, 0.5), (15, 0.9), (20, 0.9), (30, 0.9)])
def test_the_share_that_few_worlds_tell_is_covered(allowance: Callable[..., float], worlds: int, truth: float) -> None:
    """Sixteen bins leave few worlds to tell chance by: of limits to both sides of a share 12 to 17% missed."""
    generator, repeats, m = np.random.default_rng(64), 1000, 20
    missed = told = 0
    for _ in range(repeats):
        levels = generator.random((1, worlds))
        world = np.sqrt(truth) * special.ndtri(levels[0]) + np.sqrt(1 - truth) * generator.standard_normal(worlds)
        x = (world + generator.normal(0.0, 0.5, (m, worlds))).reshape(-1)
        found = first_order(Bins.from_world_sums(world_sums(x, m), levels), Moments.from_trials(x, m))
        told += not np.isnan(found.share[0])
        missed += not found.low[0] <= truth <= found.high[0]
    assert told > 0.99 * repeats
    assert missed / told <= 0.05 + allowance(0.05, told)


def test_where_ignorance_has_just_been_told_from_nothing_its_parts_have_wide_limits(
    allowance: Callable[..., float],
) -> None:
    """In the sixth of samples in which it is, it is taken for larger than it is: four in ten limits missed."""
    generator, repeats, worlds, m, truth = np.random.default_rng(68), 1500, 100, 2, 0.9
    levels = generator.random((repeats, 1, worlds))
    world = np.sqrt(truth) * special.ndtri(levels) + np.sqrt(1 - truth) * generator.standard_normal(levels.shape)
    x = (world + generator.normal(0.0, 3.0, (repeats, m, worlds))).reshape(repeats, -1)
    moments, sums, missed = Moments.from_trials(x, m), world_sums(x, m), 0
    told = np.flatnonzero(~composition(moments, np.inf).indistinguishable)
    for i in told:
        found = first_order(Bins.from_world_sums(sums[i], levels[i]), moments[i])
        missed += not found.low[0] <= truth <= found.high[0]
    assert len(told) > 150
    assert missed / len(told) <= 0.2 + allowance(0.2, len(told))


def test_limits_of_a_quotient_are_those_of_fieller() -> None:
    """The values q for which ``|top - q bottom|`` is within its half-width, told apart by side."""
    top, bottom, below, above, off = (np.array(x) for x in (0.2, 0.5, 0.012, 0.01, 0.03))
    low, high = (float(x) for x in _quotient(top, bottom, (below, above), off))
    assert (top - low * bottom) ** 2 == pytest.approx(below + low**2 * off)
    assert (top - high * bottom) ** 2 == pytest.approx(above + high**2 * off)
    assert 0 < low < top / bottom < high < 1
    # what is divided by may be nought, and then what is divided may be too
    tops, bottoms, squares = np.array([0.3, 0.3]), np.array([0.5, 0.5]), np.array([0.02, 0.1])
    lows, highs = _quotient(tops, bottoms, (squares, squares), np.array([0.3, 0.3]))
    assert 0 < lows[0] < 0.6
    assert lows[1] == 0
    assert (highs == 1).all()


def test_the_lower_limit_of_what_bins_explain_is_that_of_an_f_test_where_they_explain_nothing() -> None:
    bins, spare = np.full(2, 9.0), np.full(2, 20.0)
    edge = special.fdtri(9.0, 20.0, 0.975)
    found = _least_explained(np.array([0.99 * edge, 1.01 * edge]), bins, spare, 0.025)
    assert found[0] == 0
    assert 0 < found[1] < 0.02


def test_too_few_worlds_tell_of_nobody() -> None:
    generator = np.random.default_rng(67)
    levels = generator.random((2, 14))
    x = generator.normal(levels[0], 0.1, (400, 14)).reshape(-1)
    found = first_order(Bins.from_world_sums(world_sums(x, 400), levels), Moments.from_trials(x, 400))
    assert np.isnan(found.share).all()
    assert found.indistinguishable.all()


def test_bins_and_moments_must_hold_the_same_worlds() -> None:
    x = np.arange(10.0)
    bins = Bins.from_world_sums(x[:9], np.linspace(0.0, 1.0, 9)[None], even(3))
    with pytest.raises(ValueError, match="place all 10 worlds"):
        first_order(bins, Moments.from_trials(x, 1))
    with pytest.raises(ValueError, match="do not add"):
        bins + Bins.from_world_sums(x[:9], np.linspace(0.0, 1.0, 9)[None], even(4))
