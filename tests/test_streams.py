"""Random numbers that belong to a name: keyed, independent, in the open interval, and never moving."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pactrisk.streams import BLOCK, Streams

Z = 4.5
UNIFORM = [0.883372794543176, 0.1253795599332943, 0.9449902430436401]
NORMAL = [0.17345590152520524, -0.005236291944220447, 1.7625722915826936]
RAW = 16295351862615576811


def test_a_number_is_a_function_of_seed_address_and_block() -> None:
    here = Streams(20260227, 3).uniform("driver/brent/diffusion")
    assert here.shape == (BLOCK,) == (2000,)
    assert (Streams(20260227, 3).uniform("driver/brent/diffusion") == here).all()
    for seed, block, address in (
        (20260228, 3, "driver/brent/diffusion"),
        (20260227, 4, "driver/brent/diffusion"),
        (20260227, 3, "driver/brent/diffusion "),
        (20260227, 3, "driver/gas/diffusion"),
    ):
        other = Streams(seed, block).uniform(address)
        assert not np.isin(other, here).any()
    # drawing elsewhere, or before, moves nothing
    streams = Streams(20260227, 3)
    streams.normal("driver/gas/diffusion", 50, 10)
    streams.uniform("driver/brent/diffusion", 9)
    assert (streams.uniform("driver/brent/diffusion") == here).all()


def test_known_answers() -> None:
    """Stored output: notices a change of the generator, of its key, or of NumPy's transforms."""
    streams = Streams(20260227, 5)
    np.testing.assert_array_equal(streams.uniform("driver/brent/diffusion", 3), UNIFORM)
    np.testing.assert_array_equal(streams.normal("driver/brent/diffusion", 3), NORMAL)
    assert streams.generator("driver/brent/diffusion").bit_generator.random_raw() == RAW


def philox(counter: list[int], key: list[int]) -> list[int]:
    """Ten rounds of Philox4x64, from the paper of Salmon and others (2011), in whole numbers."""
    word = 2**64
    for turn in range(10):
        high, low = divmod(counter[0] * 0xD2E7470EE14C6C93, word)
        high2, low2 = divmod(counter[2] * 0xCA5A826395121157, word)
        k0 = (key[0] + turn * 0x9E3779B97F4A7C15) % word
        k1 = (key[1] + turn * 0xBB67AE8584CAA73B) % word
        counter = [high2 ^ counter[1] ^ k0, low2, high ^ counter[3] ^ k1, low]
    return counter


def test_the_generator_is_philox_with_a_hashed_key_and_the_block_on_top() -> None:
    """The numbers can be had without NumPy: the counter counts from 1, four words at a time."""
    digest = hashlib.blake2b(b"20260227\nfactor/world", digest_size=16).digest()
    key = [int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")]
    words = [w for count in (1, 2, 3) for w in philox([count, 0, 0, 5], key)]
    truth = [(w >> 11) * 2.0**-53 for w in words]
    assert Streams(20260227, 5).uniform("factor/world", 12).tolist() == truth


@pytest.mark.parametrize("draw", ["uniform", "normal", "rows"])
def test_what_is_longer_begins_the_same(draw: str) -> None:
    streams = Streams(1, 2, 7)
    if draw == "rows":
        short, long = streams.rows("a").upto(3), streams.rows("a").upto(90)
        assert (streams.uniform("a", 4, 7) == short[:4]).all()
    else:
        short, long = (getattr(streams, draw)("a", steps, 7) for steps in (3, 90))
    assert (long[: len(short)] == short).all()


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
def test_rows_are_the_same_in_whatever_order_they_are_asked_for(asked: list[int]) -> None:
    table = Streams(1, 2, 7).uniform("a", 48, 7)
    rows = Streams(1, 2, 7).rows("a")
    for row in asked:
        trial = np.array([row % 7, 3])
        assert (rows.pick(np.array([row, row // 2]), trial) == table[[row, row // 2], trial]).all()


def test_uniforms_are_uniform_in_the_open_interval() -> None:
    u = np.concatenate([Streams(9, block).uniform("a", 20, BLOCK).ravel() for block in range(10)])
    assert u.min() > 0
    assert u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > 1e-5

    class Zero:
        def random(self, shape: tuple[int, ...]) -> np.ndarray:
            return np.zeros(shape)

    streams = Streams(9, 0)
    streams.generator = lambda _: Zero()  # type: ignore[assignment,method-assign,return-value]
    assert (streams.uniform("a") > 0).all()
    assert (streams.rows("a").upto(1) > 0).all()


def test_addresses_blocks_and_trials_are_independent() -> None:
    n = 200_000
    words = ["driver/a/jumps", "driver/b/jumps", "agreement/a/x/duration", "agreement/a/x/never", "factor/a"]
    draws = [Streams(1, 0).uniform(word, n) for word in words] + [Streams(1, 1).uniform(words[0], n)]
    draws.append(Streams(2, 0).uniform(words[0], n))
    correlation = np.corrcoef(draws)[np.triu_indices(len(draws), 1)]
    assert np.abs(correlation).max() < Z / np.sqrt(n)
    serial = [np.corrcoef(u[lag:], u[:-lag])[0, 1] for u in draws for lag in (1, 2, 2000)]
    assert np.abs(serial).max() < Z / np.sqrt(n - 2000)
    # pairs fill the square evenly
    cells = np.bincount((draws[0] * 20).astype(int) * 20 + (draws[1] * 20).astype(int), minlength=400)
    assert stats.chisquare(cells).pvalue > 1e-5


def test_normals_are_normal() -> None:
    z = Streams(1, 0).normal("a", 100_000)
    assert stats.kstest(z, "norm").pvalue > 1e-5
