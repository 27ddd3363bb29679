"""Random numbers that belong to a name: keyed, independent, in the open interval, and never moving."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from pactrisk.kernels import draws
from pactrisk.streams import BLOCK, Rows, Streams, normal_quantile

Z = 4.5
UNIFORM = [0.5979962685421952, 0.13130852238808843, 0.3784702100446834]


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
    """Stored output: notices a change of the generator, of its key, or of the transforms."""
    streams = Streams(20260227, 5)
    np.testing.assert_array_equal(streams.uniform("driver/brent/diffusion", 3), UNIFORM)
    np.testing.assert_allclose(streams.normal("driver/brent/diffusion", 3), special.ndtri(UNIFORM), rtol=1e-13)


def philox(counter: list[int], key: list[int]) -> list[int]:
    """Ten rounds of Philox4x32, from the paper of Salmon and others (2011), in whole numbers."""
    word = 2**32
    for turn in range(10):
        high, low = divmod(counter[0] * 0xD2511F53, word)
        high2, low2 = divmod(counter[2] * 0xCD9E8D57, word)
        k0 = (key[0] + turn * 0x9E3779B9) % word
        k1 = (key[1] + turn * 0xBB67AE85) % word
        counter = [high2 ^ counter[1] ^ k0, low2, high ^ counter[3] ^ k1, low]
    return counter


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ([0, 0, 0, 0], [0, 0], [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        ),
    ],
)
def test_philox_has_its_published_answers(counter: list[int], key: list[int], answer: list[int]) -> None:
    """The known answers that come with the authors' Random123: our witness, and what the package draws."""
    assert philox(counter, key) == answer
    words = np.array([*key, *counter[1:]], dtype=np.uint64)
    out = np.empty(2)
    draws.uniforms(words, 2 * counter[0], out)
    pairs = [(answer[0] << 32) | answer[1], (answer[2] << 32) | answer[3]]
    assert out.tolist() == [(pair >> 12) * 2.0**-52 + 2.0**-53 for pair in pairs]


def test_the_generator_is_philox_with_a_hashed_key_and_the_block_in_its_counter() -> None:
    """The numbers can be had by whole numbers alone: a counter gives two of them."""
    digest = hashlib.blake2b(b"20260227\nfactor/world", digest_size=16).digest()
    first, second, third, fourth = (int.from_bytes(digest[i : i + 4], "little") for i in (0, 4, 8, 12))
    words = [philox([count, 5, third, fourth], [first, second]) for count in range(6)]
    pairs = [(high << 32) | low for w in words for high, low in (w[:2], w[2:])]
    truth = [(pair >> 12) * 2.0**-52 + 2.0**-53 for pair in pairs]
    streams = Streams(20260227, 5)
    assert streams.uniform("factor/world", 12).tolist() == truth
    assert streams.uniform("factor/world", 11).tolist() == truth[:11]
    assert Rows(streams.words("factor/world"), 3).row(1).tolist() == truth[3:6]


def test_the_normal_quantile_is_that_of_scipy() -> None:
    u = np.concatenate(
        [np.linspace(1e-6, 1 - 1e-6, 100_001), 2.0 ** -np.arange(1.0, 54.0), 1 - 2.0 ** -np.arange(2.0, 54.0)]
    )
    np.testing.assert_allclose(normal_quantile(u), special.ndtri(u), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("draw", ["uniform", "normal"])
def test_what_is_longer_begins_the_same(draw: str) -> None:
    streams = Streams(1, 2, 7)
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

    # the smallest and the largest that there are
    assert 0 < 0 * 2.0**-52 + 2.0**-53
    assert (2**52 - 1) * 2.0**-52 + 2.0**-53 < 1


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
