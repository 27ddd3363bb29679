"""Tilted draws and the weights that undo them: closed forms, and means that weights bring back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy import integrate

from pactrisk.streams import Streams
from pactrisk.tilting import MOST_WEIGHT, Direction, Tilted
from pactrisk.tilts import LEVELS, NORMALS, Law, Tilt, log_density, mean_level, quantile, strength_of

Z = 4.5
STRENGTHS = (-3e4, -40.0, -2.5, -0.3, 0.3, 2.5, 40.0)
TILTS = [
    Direction(0.7, {"a": Tilt(3.0), "b": Tilt(-2.0), "walk": Tilt(1.5, 0.6)}),
    Direction(0.3, {"a": Tilt(9.0, 0.3), "c": Tilt(1.0)}),
]


@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_quantile_inverts_the_integral_of_the_density(strength: float) -> None:
    for v in (0.001, 0.2, 0.5, 0.9):
        u = float(quantile(np.array(v), strength))
        mass, _ = integrate.quad(lambda x: float(np.exp(log_density(np.array(x), strength))), 0, u, epsabs=1e-12)
        assert mass == pytest.approx(v, rel=1e-7)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_mean_is_that_of_the_density_and_gives_the_strength_back(strength: float) -> None:
    # over quantiles, so that no spike is missed
    mean, _ = integrate.quad(lambda v: float(quantile(np.array(v), strength)), 0, 1, epsabs=1e-13, limit=200)
    assert mean_level(strength) == pytest.approx(mean, rel=1e-6)
    assert strength_of(mean_level(strength)) == pytest.approx(strength, rel=1e-6)


def test_a_larger_number_stays_larger() -> None:
    v = np.linspace(1e-9, 1 - 1e-9, 10_001)
    for strength in STRENGTHS:
        assert (np.diff(quantile(v, strength)) >= 0).all()


def test_without_tilts_they_are_the_plain_numbers_and_weigh_one() -> None:
    tilted, plain = Tilted(7, 3, []), Streams(7, 3)
    np.testing.assert_array_equal(tilted.uniform("a"), plain.uniform("a"))
    np.testing.assert_array_equal(tilted.normal("walk", 5, 2000), plain.normal("walk", 5, 2000))
    np.testing.assert_array_equal(tilted.weights, 1.0)


def drawn(blocks: int = 200) -> tuple[npt.NDArray[np.float64], dict[str, npt.NDArray[np.float64]]]:
    """Weights and what was drawn in many blocks: two numbers a trial and a walk of four steps."""
    parts = []
    for block in range(blocks):
        streams = Tilted(11, block, TILTS)
        found = {"a": streams.uniform("a"), "b": streams.normal("b"), "walk": streams.normal("walk", 4, 2000)}
        parts.append((streams.weights, found))
    return np.concatenate([w for w, _ in parts]), {
        name: np.concatenate([found[name] for _, found in parts], axis=-1) for name in ("a", "b", "walk")
    }


def test_weighted_means_are_those_of_plain_draws() -> None:
    """Means, squares and products of what is tilted, each against its closed form by the scatter of its own terms."""
    weights, found = drawn()
    a, b, walk = found["a"], found["b"], found["walk"]
    for x, truth in (
        (np.ones_like(a), 1.0),
        (a, 1 / 2),
        (a * a, 1 / 3),
        (a > 0.99, 0.01),
        (b, 0.0),
        (b * b, 1.0),
        (a * b, 0.0),
        (walk[0], 0.0),
        (walk[2] ** 2, 1.0),
        (walk[0] * walk[3], 0.0),
        (walk.sum(axis=0) > 4, 0.022750131948179),
    ):
        terms = weights * x
        assert abs(terms.mean() - truth) < Z * terms.std() / np.sqrt(len(terms))
    # the tilts do something: the same means without weights are far off
    assert a.mean() > 0.6
    assert b.mean() < -0.3
    assert walk.mean() > 0.2
    assert weights.max() <= MOST_WEIGHT


def test_a_draw_that_is_made_again_counts_once() -> None:
    once, twice = Tilted(11, 0, TILTS), Tilted(11, 0, TILTS)
    for streams, times in ((once, 1), (twice, 2)):
        for _ in range(times):
            first = streams.uniform("a")
            streams.normal("walk", 4, 2000)
    np.testing.assert_array_equal(once.weights, twice.weights)
    np.testing.assert_array_equal(first, once.uniform("a"))


def test_what_is_not_drawn_once_a_trial_is_left_alone() -> None:
    tilted, plain = Tilted(11, 0, [Direction(1.0, {"a": Tilt(3.0)})]), Streams(11, 0)
    np.testing.assert_array_equal(tilted.uniform("a", 7, 2000), plain.uniform("a", 7, 2000))
    np.testing.assert_array_equal(tilted.rows("a").row(2), plain.rows("a").row(2))
    np.testing.assert_array_equal(tilted.weights, 1.0)


def found(law: Law, drawn: npt.NDArray[np.float64]) -> Tilt | None:
    """The tilt towards a sample of equal weights."""
    (tilt,) = law.tilts(law.sums(drawn, np.ones(len(drawn)))[None], len(drawn))
    return tilt


@pytest.mark.parametrize("strength", [-400.0, -6.0, 2.0, 40.0])
def test_a_draw_that_is_tilted_throughout_is_found_with_its_strength(strength: float) -> None:
    u = quantile(np.random.default_rng(3).random(4000), strength)
    tilt = found(LEVELS, u)
    assert tilt is not None
    assert tilt.share == 1.0
    assert tilt.strength == pytest.approx(strength, rel=0.15)
    tilt = found(NORMALS, np.random.default_rng(3).normal(strength / 50, 1.0, 4000))
    assert tilt is not None
    assert tilt == (pytest.approx(strength / 50, abs=0.08), 1.0)


@pytest.mark.parametrize("strength", [-2e4, -300.0, 25.0])
@pytest.mark.parametrize("share", [0.1, 0.4])
def test_a_draw_that_is_far_out_in_some_trials_is_found_with_their_share(strength: float, share: float) -> None:
    generator = np.random.default_rng(4)
    u, some = generator.random(6000), generator.random(6000) < share
    tilt = found(LEVELS, np.where(some, quantile(generator.random(6000), strength), u))
    assert tilt is not None
    assert tilt.strength == pytest.approx(strength, rel=0.3)
    assert tilt.share == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize("share", [0.1, 0.4])
def test_a_normal_that_is_shifted_in_some_trials_is_found_with_their_share(share: float) -> None:
    generator = np.random.default_rng(5)
    z = generator.standard_normal(6000) - 3.5 * (generator.random(6000) < share)
    tilt = found(NORMALS, z)
    assert tilt is not None
    assert tilt == (pytest.approx(-3.5, abs=0.2), pytest.approx(share, abs=0.03))


@pytest.mark.parametrize("law", [LEVELS, NORMALS])
def test_noise_is_seldom_taken_for_a_tilt(law: Law) -> None:
    generator = np.random.default_rng(6)
    drawn = generator.random((2000, 300)) if law is LEVELS else generator.standard_normal((2000, 300))
    tilts = law.tilts(np.array([law.sums(each, np.ones(300)) for each in drawn]), 300)
    # beyond three standard errors lie 2.7 of a thousand
    assert sum(tilt is not None for tilt in tilts) < 5.4 + 4.5 * np.sqrt(5.4)
    assert not any(tilt.share < 1 for tilt in tilts if tilt is not None)
