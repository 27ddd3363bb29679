"""Samplers against what is known of them: points by other software, variances in closed form, uniform numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats
from scipy.stats import qmc

from pactrisk.samplers import DIMENSIONS, REPLICATES, Kind, Sampler, net
from pactrisk.streams import BLOCK, Streams, normal_quantile

Array = npt.NDArray[np.float64]
PLACES = {f"agreement/{id_}/{word}": (id_, word) for id_ in ("a", "b") for word in range(DIMENSIONS + 2)}
KINDS: tuple[Kind, ...] = ("plain", "antithetic", "latin", "sobol")
SPREAD: tuple[Kind, ...] = ("antithetic", "latin", "sobol")
WORLDS = BLOCK
"""Of one trial each, unless a test says otherwise."""
EACH = WORLDS // REPLICATES
BLOCKS = 40


def streams(kind: Kind, block: int = 0, seed: int = 20260227) -> Streams:
    return Streams(seed, block, sampler=Sampler(kind, WORLDS, PLACES))


def drawn(kind: Kind, *words: str, blocks: int = BLOCKS) -> list[Array]:
    """The numbers of each address, replicate by replicate, shape (replicate, place in it)."""
    every = [streams(kind, block) for block in range(blocks)]
    return [
        np.concatenate([s.uniform(f"agreement/{word}").reshape(EACH, REPLICATES).T for s in every]) for word in words
    ]


def variance(means: Array) -> tuple[float, float]:
    """Variance of the means of replicates, and its standard error from their fourth moment."""
    square = (means - means.mean()) ** 2
    return float(square.sum() / (means.size - 1)), float(square.std() / np.sqrt(means.size))


def test_the_net_is_that_of_scipy() -> None:
    points = qmc.Sobol(DIMENSIONS, scramble=False, bits=32).random_base2(11)
    np.testing.assert_array_equal(net().T, (points * 2.0**32).astype(np.uint64))


@pytest.mark.parametrize("kind", ["latin", "sobol"])
def test_each_stratum_of_each_replicate_holds_one_number(kind: Kind) -> None:
    inside = np.sort(np.floor(drawn(kind, "a/3", blocks=3)[0] * EACH), axis=1)
    if kind == "latin":
        assert (inside == np.arange(EACH)).all()
    else:
        # of 256 points 200 are taken, and no two share a cell of a 256th
        cells = np.sort(np.floor(drawn(kind, "a/3", blocks=3)[0] * 256), axis=1)
        assert (np.diff(cells, axis=1) > 0).all()


def test_antithetic_numbers_come_in_pairs() -> None:
    u = drawn("antithetic", "a/3", blocks=2)[0]
    np.testing.assert_array_equal(u[:, 1::2], 1 - u[:, ::2])


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_is_uniform(kind: Kind) -> None:
    u = drawn(kind, "a/5", blocks=50)[0]
    assert ((u > 0) & (u < 1)).all()
    # one place of each replicate: a sample of independent numbers
    for place in (0, 1, EACH - 1):
        assert stats.kstest(u[:, place], "uniform").pvalue > 1e-4


@pytest.mark.parametrize("kind", SPREAD)
def test_replicates_are_independent(kind: Kind) -> None:
    """Means over whole blocks scatter as those of so many independent replicates do."""
    means = (drawn(kind, "a/1", blocks=400)[0] ** 2).mean(axis=1)
    whole = means.reshape(-1, REPLICATES).mean(axis=1)
    (one, _), (all_, error) = variance(means), variance(whole)
    assert abs(all_ - one / REPLICATES) < 4 * error


def test_latin_leaves_nothing_of_a_sum_but_the_scatter_within_strata() -> None:
    """The variance of the mean of u, one in each of n strata, is 1 / (12 n**3); of independent numbers, 1 / (12 n)."""
    u, v = drawn("latin", "a/1", "b/2")
    found, error = variance((u + v).mean(axis=1))
    assert abs(found - 2 / (12 * EACH**3)) < 4 * error


def test_latin_leaves_what_two_numbers_do_together() -> None:
    """Of (u - 1/2)(v - 1/2), which is no sum, a Latin hypercube takes away next to nothing (Stein 1987)."""
    u, v = drawn("latin", "a/1", "b/2")
    found, error = variance(((u - 0.5) * (v - 0.5)).mean(axis=1))
    assert abs(found - 1 / (144 * (EACH - 1))) < 4 * error + 2 / (144 * EACH**2)


def test_antithetic_takes_away_what_is_odd_and_doubles_what_is_even() -> None:
    u = drawn("antithetic", "a/1")[0]
    assert variance(u.mean(axis=1))[0] < 1e-20
    found, error = variance(((u - 0.5) ** 2).mean(axis=1))
    assert abs(found - 2 / (180 * EACH)) < 4 * error


def test_sobol_takes_away_what_two_numbers_of_one_agreement_do_together() -> None:
    plain = 1 / (144 * EACH)
    u, v, other = drawn("sobol", "a/1", "a/2", "b/1")
    within, error = variance(((u - 0.5) * (v - 0.5)).mean(axis=1))
    assert within + 4 * error < plain / 3
    # other agreements take the points in another order: apart, no better and no worse than chance
    apart, error = variance(((u - 0.5) * (other - 0.5)).mean(axis=1))
    assert abs(apart - plain) < 4 * error + 2 / (144 * EACH**2)


@pytest.mark.parametrize("kind", SPREAD)
def test_trials_of_a_world_are_independent_and_worlds_are_spread(kind: Kind) -> None:
    """Two trials of one world are no more alike than chance has it; of two worlds of a replicate they differ more."""
    worlds, blocks = 200, 150
    every = [Streams(3, block, sampler=Sampler(kind, worlds, PLACES)) for block in range(blocks)]
    u = np.stack([s.uniform("agreement/a/1").reshape(-1, worlds // REPLICATES, REPLICATES) for s in every]) - 0.5
    within = (u[:, 0] * u[:, 1]).ravel()
    assert abs(within.mean()) < 4 * within.std() / np.sqrt(within.size)
    beside = (u[:, :, ::2] * u[:, :, 1::2]).ravel()
    assert beside.mean() < -4 * beside.std() / np.sqrt(beside.size)


@pytest.mark.parametrize("kind", SPREAD)
def test_who_else_draws_and_when_moves_nothing(kind: Kind) -> None:
    first, second = streams(kind), streams(kind)
    words = [*(f"agreement/a/{k}" for k in (0, 7, DIMENSIONS + 1)), "frailty/x"]
    before = {word: first.uniform(word) for word in words}
    level = first.levels("assumption/y", WORLDS)
    assert (second.levels("assumption/y", WORLDS) == level).all()
    for word in reversed(words):
        assert (second.uniform(word) == before[word]).all()
    assert not np.array_equal(streams(kind, block=1).uniform(words[0]), before[words[0]])
    assert not np.array_equal(streams(kind, seed=1).uniform(words[0]), before[words[0]])


@pytest.mark.parametrize("kind", KINDS)
def test_a_normal_is_the_quantile_of_its_uniform(kind: Kind) -> None:
    for word in ("agreement/a/0", "frailty/x"):
        np.testing.assert_array_equal(streams(kind).normal(word), normal_quantile(streams(kind).uniform(word)))


@pytest.mark.parametrize("kind", SPREAD)
def test_numbers_of_drivers_are_as_ever(kind: Kind) -> None:
    assert (streams(kind).uniform("driver/oil", 5, BLOCK) == streams("plain").uniform("driver/oil", 5, BLOCK)).all()


def test_the_largest_uniform_never_names_a_place_too_many() -> None:
    """A permutation would be written beyond its end."""
    largest = 1.0 - 2.0**-53
    assert all(int(largest * places) < places for places in range(1, BLOCK + 1))
