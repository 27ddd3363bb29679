from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactrisk.estimators import Bins, ConditionalMoments, Moments, world_sums

FIELDS = ("total", "square", "trial_square")


@pytest.mark.parametrize("kind", [np.bool_, np.uint8, np.int64, np.float64, np.float32])
@pytest.mark.parametrize("m", [1, 2, 5, 300])
def test_trial_i_belongs_to_world_i_modulo_the_number_of_worlds(kind: type, m: int) -> None:
    worlds = 7
    x = (np.random.default_rng(m).random((2, 3, m * worlds)) * 3).astype(kind)
    sums = world_sums(x, m)
    assert sums.shape == (2, 3, worlds)
    assert sums.dtype == (np.float64 if x.dtype.kind == "f" else np.int64)
    for world in range(worlds):
        members = [i for i in range(m * worlds) if i % worlds == world]
        by_hand = sum(x[..., i].astype(np.float64) for i in members)
        np.testing.assert_allclose(sums[..., world], by_hand, rtol=1e-12)


def test_counts_beyond_a_byte_are_whole() -> None:
    assert world_sums(np.ones((2, 1000), dtype=bool), 500).tolist() == [[500, 500], [500, 500]]


@pytest.mark.parametrize("m", [0, -1, 4])
def test_trials_must_fill_the_worlds(m: int) -> None:
    with pytest.raises(ValueError, match="do not fill worlds"):
        world_sums(np.zeros(10), m)


def test_parts_with_worlds_of_other_size_do_not_add() -> None:
    x = np.zeros(12, dtype=bool)
    with pytest.raises(ValueError, match="do not add"):
        Moments.from_trials(x, 2) + Moments.from_trials(x, 3)
    with pytest.raises(ValueError, match="do not add"):
        ConditionalMoments.from_trials(x, x, 2) + ConditionalMoments.from_trials(x, x, 3)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    m=st.integers(1, 6),
    blocks=st.lists(st.integers(1, 9), min_size=1, max_size=5),
    event=st.booleans(),
)
def test_moments_of_blocks_add_to_the_moments_of_all_worlds(seed: int, m: int, blocks: list[int], event: bool) -> None:
    generator = np.random.default_rng(seed)
    parts = [generator.normal(3.0, 2.0, (2, m, worlds)) for worlds in blocks]
    if event:
        parts = [part > 3.0 for part in parts]
    merged = [Moments.from_trials(part.reshape(2, -1), m) for part in parts]
    added = merged[0]
    for part in merged[1:]:
        added = added + part
    # World w of one block and world w of the next are different worlds: lay them side by side.
    whole = Moments.from_trials(np.concatenate(parts, axis=-1).reshape(2, -1), m)
    assert (added.worlds, added.trials) == (sum(blocks), m * sum(blocks))
    for name in FIELDS:
        if event:
            np.testing.assert_array_equal(getattr(added, name), getattr(whole, name))
        else:
            # Sums of at most 270 terms, each off by half an ulp.
            np.testing.assert_allclose(getattr(added, name), getattr(whole, name), rtol=270 * 2.0**-52, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), m=st.integers(1, 6), blocks=st.integers(1, 5))
def test_conditional_moments_and_bins_add(seed: int, m: int, blocks: int) -> None:
    generator = np.random.default_rng(seed)
    event, given_ = generator.random((2, blocks, 3, m, 8)) < 0.4
    levels = generator.random((4, blocks, 8))
    pieces = [
        ConditionalMoments.from_trials(event[b].reshape(3, -1), given_[b].reshape(3, -1), m) for b in range(blocks)
    ]
    sums = [world_sums(event[b].reshape(3, -1), m) for b in range(blocks)]
    gathered = [Bins.from_world_sums(sums[b], levels[:, b], (0.2, 0.4, 0.6, 0.8)) for b in range(blocks)]
    added, binned = pieces[0], gathered[0]
    for piece, more in zip(pieces[1:], gathered[1:], strict=True):
        added, binned = added + piece, binned + more

    a = (event & given_).sum(axis=-2).transpose(1, 0, 2).reshape(3, -1)
    c = given_.sum(axis=-2).transpose(1, 0, 2).reshape(3, -1)
    assert added.worlds == 8 * blocks
    for name, value in {"both": a, "given": c, "both_square": a * a, "cross": a * c, "given_square": c * c}.items():
        np.testing.assert_array_equal(getattr(added, name), value.sum(axis=-1))
    whole = Bins.from_world_sums(np.concatenate(sums, axis=-1), levels.reshape(4, -1), (0.2, 0.4, 0.6, 0.8))
    np.testing.assert_array_equal(binned.totals, whole.totals)
    np.testing.assert_array_equal(binned.counts, whole.counts)


def test_numbers_need_their_own_square_and_events_do_not() -> None:
    x = np.array([2, 0, 1, 3], dtype=np.int64)
    assert int(Moments.from_trials(x, 2).trial_square) == 14
    event = Moments.from_trials(x > 0, 2)
    assert int(event.trial_square) == int(event.total) == 3
    assert int(event.square) == 1 + 4  # worlds hold trials (0, 2) and (1, 3)


def test_bins_hold_their_lower_edges() -> None:
    levels = np.array([[0.0, 0.24999, 0.25, 0.5, 0.99, 1.0]])
    bins = Bins.from_world_sums(np.arange(6), levels, (0.25, 0.5, 0.75))
    assert bins.counts.tolist() == [[2, 1, 1, 2]]
    assert bins.totals.tolist() == [[1, 2, 3, 9]]
