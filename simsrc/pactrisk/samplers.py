r"""Samplers: how the numbers drawn once a world or once a trial are spread.

Plain Monte Carlo draws each by itself. The others spread the numbers of an address evenly over (0, 1) within a
**replicate**, a part of a block that is drawn apart from all others, and there over its worlds: the first trials of
each world are spread together, then the second ones, and so on. So the trials of one world stay independent of each
other, and what is ignorance and what is chance can be told as ever.

- ``antithetic``: numbers come in pairs, u and 1 - u;
- ``latin``: a Latin hypercube (McKay, Beckman and Conover 1979): one number in each of n strata of equal
  probability, in an order of each address's own. It removes from the variance of a mean all that is a sum of functions
  of one number each (Stein 1987, Technometrics 29, 143), and can never cost more than one trial in n (Owen 1997);
- ``sobol``: the numbers drawn once a trial of one agreement are the coordinates of a Sobol point (Joe and Kuo 2008),
  scrambled anew in each replicate; agreements take the points in orders of their own (Latin supercube: Owen 1998,
  ACM Transactions on Modeling and Computer Simulation 8, 71). All else is as for ``latin``.

Every number is uniform whatever the sampler, and replicates are independent and alike. So an estimate is unbiased, and
the scatter between replicates says how sure it is, where that between trials would say too much.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from pactrisk import kernels

__all__ = ["DIMENSIONS", "PLAIN", "REPLICATES", "Kind", "Sampler", "net"]

Kind = Literal["plain", "antithetic", "latin", "sobol"]
Array = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]

REPLICATES = 10
"""Replicates in a block, where a sampler needs them: part of the definition of its random numbers."""
_CELL = 2.0**-32

_POLYNOMIALS = (
    1, 3, 7, 11, 13, 19, 25, 37, 41, 47, 55, 59, 61, 67, 91, 97, 103, 109, 115, 131, 137, 143, 145, 157,
)  # fmt: skip
_STARTS = (
    (), (1,), (1, 3), (1, 3, 1), (1, 1, 1), (1, 1, 3, 3), (1, 3, 5, 13), (1, 1, 5, 5, 17), (1, 1, 5, 5, 5),
    (1, 1, 7, 11, 19), (1, 1, 5, 1, 1), (1, 1, 1, 3, 11), (1, 3, 5, 5, 31), (1, 3, 3, 9, 7, 49), (1, 1, 1, 15, 21, 21),
    (1, 3, 1, 13, 27, 49), (1, 1, 1, 15, 7, 5), (1, 3, 1, 15, 13, 25), (1, 1, 5, 5, 19, 61),
    (1, 3, 7, 11, 23, 15, 103), (1, 3, 7, 13, 13, 15, 69), (1, 1, 3, 13, 7, 35, 63), (1, 3, 5, 9, 1, 25, 53),
    (1, 3, 1, 13, 9, 35, 107),
)  # fmt: skip
DIMENSIONS = len(_POLYNOMIALS)
"""Dimensions of the net. What an agreement draws beyond is as for ``latin``."""


@cache
def net() -> npt.NDArray[np.uint64]:
    """The first points of Sobol's net, of 32 bits, shape (dimension, point).

    Primitive polynomials and starting numbers are those of Joe and Kuo (2008, SIAM Journal on Scientific Computing 30,
    2635); the tests hold the points to SciPy's.
    """
    directions = np.zeros((DIMENSIONS, kernels.strata.BITS), dtype=np.uint64)
    for row, (polynomial, start) in enumerate(zip(_POLYNOMIALS, _STARTS, strict=True)):
        degree, odd = len(start), list(start)
        for k in range(degree, kernels.strata.BITS):
            following = odd[k - degree] ^ (odd[k - degree] << degree) if degree else 1
            for j in range(1, degree):
                following ^= ((polynomial >> (degree - j)) & 1) * (odd[k - j] << j)
            odd.append(following)
        directions[row] = [odd[k] << (31 - k) for k in range(kernels.strata.BITS)]
    points = np.zeros((DIMENSIONS, 2**kernels.strata.BITS), dtype=np.uint64)
    for i in range(1, points.shape[1]):
        # in Gray code one bit turns from a point to the next
        points[:, i] = points[:, i - 1] ^ directions[:, (i & -i).bit_length() - 1]
    return points


@dataclass(frozen=True)
class Sampler:
    """A kind of sampler; the worlds of a block; of ``sobol`` the group and the dimension that each address has."""

    kind: Kind = "plain"
    worlds: int = 0
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def replicates(self) -> int:
        """Replicates in a block; 0 for ``plain``, which needs none."""
        return 0 if self.kind == "plain" else REPLICATES

    def place(self, address: str) -> tuple[str, int] | None:
        """Group and dimension of what is drawn at ``address`` once a trial; None where it is no part of a point."""
        group, dimension = self.places.get(address, ("", DIMENSIONS))
        return (group, dimension) if self.kind == "sobol" and dimension < DIMENSIONS else None

    def spread(self, words: Words, count: int) -> Array:
        """``count`` uniforms of the stream of ``words``: one a world, or one a trial that is no part of a point."""
        out = np.empty(count)
        if self.kind in ("latin", "sobol"):
            kernels.strata.stratified(words, self.worlds, REPLICATES, out)
            return out
        kernels.draws.uniforms(words, 0, out)
        if self.kind == "antithetic":
            each = self.worlds // REPLICATES
            rows = out.reshape(-1, each, REPLICATES)
            pairs = each // 2 * 2
            rows[:, 1:pairs:2] = 1.0 - rows[:, 0:pairs:2]
        return out

    def order(self, words: Words, count: int) -> npt.NDArray[np.int64]:
        """For each trial (or the world itself) of the worlds of each replicate the numbers from 0 in a random order."""
        order = np.empty(count, dtype=np.int64)
        kernels.strata.shuffled(words, 0, self.worlds, REPLICATES, order)
        return order

    def point(self, words: Words, dimension: int, order: npt.NDArray[np.int64]) -> Array:
        """One coordinate of the points that the places take in this ``order``, scrambled by the stream of ``words``."""
        out, cells = np.empty(order.size), np.empty(order.size, dtype=np.uint64)
        kernels.draws.uniforms(words, 0, out)
        kernels.strata.scrambled(words, order.size, self.worlds, REPLICATES, net()[dimension], order, cells)
        return np.minimum((cells + out) * _CELL, kernels.strata.BELOW_ONE)


PLAIN = Sampler()
