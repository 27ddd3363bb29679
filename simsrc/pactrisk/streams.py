"""Random numbers that belong to a name.

A random number is a pure function of (seed, address, block). The address is a path of words such as
``driver/brent/diffusion``; with the seed it is hashed (BLAKE2b) into the key of a Philox4x64
counter-based generator (Salmon, Moraes, Dror and Shaw 2011), and the block of trials selects a
sub-sequence of 2**192 numbers through the counter's top word. Who else draws, in which order, and on how many
workers can therefore not move a number.

Arrays are filled row by row with time (or the number of an event) as the slow axis, so a longer
horizon lengthens an array and leaves its beginning as it was.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

__all__ = ["BLOCK", "Rows", "Streams"]

BLOCK = 2000
"""Trials in a block. Part of the definition of every random number: never a tuning knob."""

_LEAST = 2.0**-54


class Streams:
    """The random numbers of one block of trials.

    Parameters
    ----------
    seed : the run's seed, any integer.
    block : index of the block, from 0.
    size : trials in a block (:data:`BLOCK` unless a test says otherwise).
    """

    def __init__(self, seed: int, block: int, size: int = BLOCK) -> None:
        self.seed = seed
        self.block = block
        self.size = size
        # one generator, sent to the beginning of address after address: making one takes five times as long
        self._bits = np.random.Philox(0)
        self._drawing = np.random.Generator(self._bits)

    def generator(self, address: str) -> np.random.Generator:
        """The generator at ``address``, always at its beginning."""
        return np.random.Generator(np.random.Philox(key=self._key(address), counter=self._counter()))

    def _key(self, address: str) -> npt.NDArray[np.uint64]:
        digest = hashlib.blake2b(f"{self.seed}\n{address}".encode(), digest_size=16).digest()
        return np.frombuffer(digest, dtype="<u8")

    def _counter(self) -> npt.NDArray[np.uint64]:
        return np.array([0, 0, 0, self.block], dtype=np.uint64)

    def _at(self, address: str) -> np.random.Generator:
        """The same numbers as :meth:`generator`, until the next address is asked for."""
        self._bits.state = {
            "bit_generator": "Philox",
            "state": {"counter": self._counter(), "key": self._key(address)},
            "buffer": np.zeros(4, dtype=np.uint64),
            "buffer_pos": 4,
            "has_uint32": 0,
            "uinteger": 0,
        }
        return self._drawing

    def uniform(self, address: str, *shape: int) -> npt.NDArray[np.float64]:
        """Uniforms in the open interval (0, 1), of ``shape`` or one a trial."""
        return _open(self._at(address).random(shape or (self.size,)))

    def normal(self, address: str, *shape: int) -> npt.NDArray[np.float64]:
        """Standard normals, of ``shape`` or one a trial."""
        return self._at(address).standard_normal(shape or (self.size,))

    def rows(self, address: str) -> Rows:
        """Uniforms row after row, as many as asked for; a row holds one number a trial."""
        return Rows(self.generator(address), self.size)


class Rows:
    """A table of uniforms, shape (number, trial), that grows downwards when a further row is needed."""

    def __init__(self, generator: np.random.Generator, size: int, chunk: int = 4) -> None:
        self._generator = generator
        self._chunk = chunk
        self.table = np.empty((0, size))

    def upto(self, count: int) -> npt.NDArray[np.float64]:
        """The table with at least ``count`` rows."""
        lacking = count - len(self.table)
        if lacking > 0:
            rows = -(-lacking // self._chunk) * self._chunk
            more = _open(self._generator.random((rows, self.table.shape[1])))
            self.table = np.concatenate([self.table, more])
        return self.table

    def pick(self, number: npt.NDArray[np.intp], trial: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """Row ``number[i]`` of trial ``trial[i]``, for every i."""
        return self.upto(int(number.max()) + 1 if number.size else 0)[number, trial]


def _open(u: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.maximum(u, _LEAST, out=u)
