"""Random numbers that belong to a name.

A random number is a pure function of (seed, address, block, place). The address is a path of words such as
``driver/brent/diffusion``; with the seed it is hashed (BLAKE2b, 128 bits) into the key and two counter words of a
Philox4x32 counter-based generator (Salmon, Moraes, Dror and Shaw 2011); the block of trials and the place within it
are the other two words. Who else draws, in which order, and on how many workers can therefore not move a number.

Places run row by row with time (or the number of an event) as the slow axis, so a longer horizon lengthens an
array and leaves its beginning as it was. Normals are the normal quantile of the uniform at the same place.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.samplers import PLAIN, Sampler

__all__ = ["BLOCK", "PILOT", "TILTED", "Rows", "Streams", "block_name", "normal_quantile"]

BLOCK = 2000
"""Trials in a block. Part of the definition of every random number: never a tuning knob."""
TILTED = 2**31
"""From this index on blocks are drawn for a rare event, beside those of the run."""
PILOT = TILTED + 2**30
"""And from this on for the pilot that finds the tilts."""


def block_name(index: int) -> str:
    """What a block is called in messages."""
    if index < TILTED:
        return f"block {index}"
    called = f"block {index - TILTED}" if index < PILOT else f"block {index - PILOT} of the pilot"
    return f"{called} for the rare event"


def normal_quantile(u: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The standard normal quantile at each ``u`` in (0, 1), by algorithm AS 241."""
    out = np.empty(u.shape)
    kernels.draws.quantile(np.ascontiguousarray(u).reshape(-1), out.reshape(-1))
    return out


@lru_cache(maxsize=2**16)
def _hashed(seed: int, address: str) -> npt.NDArray[np.uint64]:
    """The words of a stream, in the middle of them room for the block."""
    digest = hashlib.blake2b(f"{seed}\n{address}".encode(), digest_size=16).digest()
    return np.insert(np.frombuffer(digest, dtype="<u4").astype(np.uint64), 2, 0)


class Streams:
    """The random numbers of one block of trials.

    Parameters
    ----------
    seed : the run's seed, any integer.
    block : index of the block, from 0, below 2**32.
    size : trials in a block (:data:`BLOCK` unless a test says otherwise).
    sampler : how numbers drawn once a world or once a trial are spread.
    """

    def __init__(self, seed: int, block: int, size: int = BLOCK, sampler: Sampler = PLAIN) -> None:
        self.seed = seed
        self.block = block
        self.size = size
        self.sampler = sampler
        self._orders: dict[str, npt.NDArray[np.int64]] = {}

    def words(self, address: str) -> npt.NDArray[np.uint64]:
        """What tells the stream at ``address`` from all others: the key, the block, and two words more."""
        words = _hashed(self.seed, address).copy()
        words[2] = self.block
        return words

    def uniform(self, address: str, *shape: int) -> npt.NDArray[np.float64]:
        """Uniforms in the open interval (0, 1), of ``shape``; or one a trial, spread by the sampler."""
        if not shape:
            return self._once_a_trial(address)
        out = np.empty(shape)
        kernels.draws.uniforms(self.words(address), 0, out.reshape(-1))
        return out

    def levels(self, address: str, worlds: int) -> npt.NDArray[np.float64]:
        """Uniforms in the open interval (0, 1), one a world, spread by the sampler."""
        return self.sampler.spread(self.words(address), worlds)

    def _once_a_trial(self, address: str) -> npt.NDArray[np.float64]:
        place = self.sampler.place(address)
        if place is None:
            return self.sampler.spread(self.words(address), self.size)
        group, dimension = place
        if group not in self._orders:
            self._orders[group] = self.sampler.order(self.words(f"order/{group}"), self.size)
        return self.sampler.point(self.words(address), dimension, self._orders[group])

    def normal(self, address: str, *shape: int) -> npt.NDArray[np.float64]:
        """Standard normals, of ``shape``; or one a trial, spread by the sampler."""
        if not shape:
            return normal_quantile(self._once_a_trial(address))
        out = np.empty(shape)
        kernels.draws.normals(self.words(address), 0, out.reshape(-1))
        return out

    def rows(self, address: str) -> Rows:
        """Uniforms row after row, as many as asked for; a row holds one number a trial."""
        return Rows(self.words(address), self.size)


class Rows:
    """A table of uniforms without an end, shape (number, trial), of which any cell can be read by itself."""

    def __init__(self, words: npt.NDArray[np.uint64], size: int) -> None:
        self.words = words
        self.size = size

    def row(self, number: int) -> npt.NDArray[np.float64]:
        """Row ``number``."""
        out = np.empty(self.size)
        kernels.draws.uniforms(self.words, number * self.size, out)
        return out

    def pick(self, number: npt.NDArray[np.intp], trial: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """Row ``number[i]`` of trial ``trial[i]``, for every i."""
        places = np.asarray(number * self.size + trial, dtype=np.int64)
        out = np.empty(places.shape)
        kernels.draws.pick_uniforms(self.words, places.reshape(-1), out.reshape(-1))
        return out
