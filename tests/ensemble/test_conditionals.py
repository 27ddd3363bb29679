"""Conditional counts survive being kept as sums and added over blocks."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from pactrisk.ensemble import add, conditional, store_conditional
from pactrisk.estimators import ConditionalMoments, ratio


def test_two_blocks_are_the_two_together() -> None:
    events = np.random.default_rng(5).random((2, 3, 40)) < 0.4
    given = np.random.default_rng(6).random((2, 3, 40)) < 0.6
    sums = {"replicates": np.array(20)}
    for event, condition in zip(events, given, strict=True):
        add(sums, store_conditional("x", ConditionalMoments.from_trials(event, condition, 4)))
    found = conditional(sums, "x", SimpleNamespace(trials_per_replicate=4, worlds_each=1))
    expected = (events & given).sum(axis=(0, 2)) / given.sum(axis=(0, 2))
    assert np.array_equal(ratio(found).value, expected)
    assert found.worlds == 20
    first = ConditionalMoments.from_trials(events[0], given[0], 4)
    second = ConditionalMoments.from_trials(events[1], given[1], 4)
    assert np.array_equal(found.cross, (first + second).cross)
