"""Worlds of several kinds: their range is that of the mixture, not of one law with the same variance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from pactrisk.estimators import Moments, composition, of_kinds

REPEATS, WORLDS, M = 60, 1500, 20


def moments(x: np.ndarray) -> Moments:
    """Of a sample of shape (trial, world), without shape."""
    return Moments.from_trials(x.reshape(-1), len(x))


def ends(kinds: list[np.ndarray]) -> np.ndarray:
    parts = [moments(kind) for kind in kinds]
    event = kinds[0].dtype == np.bool_
    found = of_kinds(composition(moments(np.concatenate(kinds, axis=1)), 1.0 if event else math.inf), [parts])
    return np.array([found.ignorance_low, found.ignorance_high, found.most_low, found.most_high], dtype=float)


def near(found: np.ndarray, truth: tuple[float, float]) -> None:
    """Both ends of what is likely, each within what so many repeats can tell; what is most is no narrower."""
    error = found[:, :2].std(axis=0, ddof=1) / math.sqrt(len(found))
    np.testing.assert_array_less(np.abs(found[:, :2].mean(axis=0) - truth), 4 * error + 1e-9)
    assert (found[:, 2] <= found[:, 0] + 1e-9).all()
    assert (found[:, 3] >= found[:, 1] - 1e-9).all()


def test_of_what_may_not_be_there_the_range_begins_at_nought() -> None:
    generator, found = np.random.default_rng(8), []
    law = stats.beta(8, 2)
    for _ in range(REPEATS):
        there = generator.random((M, 1050)) < law.rvs(1050, random_state=generator)
        found.append(ends([there, np.zeros((M, 450), dtype=bool)]))
    near(np.array(found), (0.0, float(law.ppf(1 - 0.05 / 0.7))))


def test_a_number_has_a_range_for_each_kind_of_worlds() -> None:
    """A tenth of the worlds lies far below the others, and the lower end among them."""
    generator, found = np.random.default_rng(9), []
    for _ in range(REPEATS):
        kinds = []
        for worlds, mean in ((150, 2.0), (1350, 5.0)):
            level = generator.normal(mean, 0.3, worlds)
            kinds.append(level + generator.normal(0.0, 1.0, (M, worlds)))
        found.append(ends(kinds))
    near(np.array(found), (2.0, 5.0 + 0.3 * float(stats.norm.ppf(1 - 0.05 / 0.9))))


@pytest.mark.parametrize("event", [True, False])
def test_worlds_of_one_kind_keep_their_range(event: bool) -> None:
    """Kinds that are alike come to what all of them together do."""
    generator = np.random.default_rng(10)
    level = generator.beta(3, 5, 40_000) if event else generator.normal(3.0, 0.4, 40_000)
    x = generator.random((M, len(level))) < level if event else level + generator.normal(0.0, 1.0, (M, len(level)))
    whole = composition(moments(x), 1.0 if event else math.inf)
    split = of_kinds(whole, [[moments(x[:, :20_000]), moments(x[:, 20_000:])]])
    for word in ("ignorance_low", "ignorance_high", "most_low", "most_high"):
        assert float(getattr(split, word)) == pytest.approx(float(getattr(whole, word)), abs=0.004)
    assert of_kinds(whole, [[]]).ignorance_low == whole.ignorance_low


def test_what_was_never_seen_keeps_its_bound() -> None:
    never = np.zeros((M, WORLDS), dtype=bool)
    whole = composition(moments(never))
    assert of_kinds(whole, [[moments(never[:, :500]), moments(never[:, 500:])]]).most_high == whole.most_high > 0


def test_a_kind_of_few_worlds_says_no_more_than_it_knows() -> None:
    generator = np.random.default_rng(11)
    there = generator.random((M, 9)) < generator.beta(8, 2, 9)
    found = ends([there, np.zeros((M, 1), dtype=bool)])
    assert found[0] == 0.0
    assert np.isfinite(found).all()
