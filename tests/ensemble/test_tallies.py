"""Counts up to each place, against counting one event at a time."""

from __future__ import annotations

import numpy as np
import pytest

from pactrisk.ensemble import complement, up_to
from pactrisk.estimators import Moments


def test_by_hand() -> None:
    # trials 0 and 2 are world 0, trials 1 and 3 world 1; the fourth place is beyond what is looked at
    found = up_to(np.array([0, 1, 1, 3]), 3, 2)
    assert found.total.tolist() == [1, 3, 3]
    assert found.square.tolist() == [1, 5, 5]
    assert found.trial_square.tolist() == [1, 3, 3]
    assert (found.worlds, found.trials_per_world) == (2, 2)


@pytest.mark.parametrize("m", [1, 4, 20])
def test_is_one_event_after_another(m: int) -> None:
    places = np.random.default_rng(3).integers(0, 9, (2, 3, 200))
    found = up_to(places, 7, m)
    for p in range(7):
        one = Moments.from_trials(places <= p, m)
        for word in ("total", "square", "trial_square"):
            assert np.array_equal(getattr(found, word)[..., p], getattr(one, word))
        assert (one.worlds, one.trials_per_world) == (found.worlds, found.trials_per_world)


def test_nothing_to_count() -> None:
    assert up_to(np.zeros((0, 8), int), 5, 2).total.shape == (0, 5)


@pytest.mark.parametrize("m", [1, 5])
def test_complement_is_the_opposite_event(m: int) -> None:
    events = np.random.default_rng(4).random((3, 200)) < 0.2
    found, expected = complement(Moments.from_trials(events, m)), Moments.from_trials(~events, m)
    for word in ("total", "square", "trial_square"):
        assert np.array_equal(getattr(found, word), getattr(expected, word))
    assert (found.worlds, found.trials_per_world) == (expected.worlds, expected.trials_per_world)
