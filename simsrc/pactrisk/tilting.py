r"""Random numbers drawn more often where a rare event lies, and the weights that undo it.

A number u of the open interval (0, 1) is drawn from the exponential tilt of the uniform law,

.. math:: g_s(u) = \frac{s\, e^{s u}}{e^s - 1},

which favours high numbers where s > 0 and low ones where s < 0, is bounded, and has its quantile in closed form: a
tilted number still rises with the number that it is made of. Normals are tilted by a shift s of their mean, with the
density :math:`g_s(z) = e^{s z - s^2 / 2}`; n steps that drive a path are shifted by :math:`s / \sqrt n` each, so that
their scaled sum :math:`\sum z / \sqrt n` moves by s.

Of the trials of a block a tenth is drawn plainly, the others with the tilts of one :class:`Direction` or another, times
one of several scales. A trial's weight is the density of plain draws over that of the whole mixture (the balance
heuristic: Owen and Zhou 2000, Safe and effective importance sampling, JASA 95, 135), whichever part it was drawn in:

.. math:: w = \Big( \sum_j a_j \prod_i g_{c_j s_{ji}}(u_i) \Big)^{-1} \le 1 / a_0 = 10.

A weighted mean over the trials is without bias, and no weight is above ten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pactrisk.later import special
from pactrisk.streams import BLOCK, Streams, normal_quantile

__all__ = [
    "MOST_WEIGHT",
    "SCALES",
    "Direction",
    "Tilted",
    "log_density",
    "log_density_shifted",
    "mean_level",
    "quantile",
    "strength_of",
]

Array = npt.NDArray[np.float64]

SCALES = (0.75, 1.25, 1.75, 2.25)
"""Scales of the tilts. A pilot seldom reaches an event itself: what it learns on the way is carried further."""
MOST_WEIGHT = 10.0
"""Greatest weight of a trial: one over the share that is drawn plainly."""
_NEAREST = 2.0**-53


class Direction(NamedTuple):
    """One way towards an event: the ``share`` of the tilted trials that take it, and the strengths of its tilts by
    address; of normals, the shift of the mean.
    """

    share: float
    strengths: Mapping[str, float]


def quantile(v: Array, strength: float) -> Array:
    """The number below which the tilted law has probability ``v``; it rises with ``v``."""
    size = abs(strength)
    u = np.log1p(np.expm1(-size) * (v if strength < 0 else 1.0 - v)) / -size
    return np.asarray(np.clip(u if strength < 0 else 1.0 - u, _NEAREST, 1.0 - _NEAREST))


def log_density(u: Array, strength: float) -> Array:
    """Logarithm of the tilted density at ``u``, relative to the uniform one."""
    size = abs(strength)
    away = u if strength < 0 else 1.0 - u
    return np.asarray(np.log(size) - size * away - np.log(-np.expm1(-size)))


def log_density_shifted(z: Array, shift: float) -> Array:
    """Logarithm of the density of a shifted normal at ``z``, relative to the standard one."""
    return np.asarray(shift * z - shift * shift / 2)


def mean_level(strength: float) -> float:
    """Mean of the tilted law, ``1 / (1 - exp(-s)) - 1 / s``."""
    if abs(strength) < 1e-4:
        return 0.5 + strength / 12
    size = abs(strength)
    low = 1.0 / size - np.exp(-size) / -np.expm1(-size)
    return float(low if strength < 0 else 1.0 - low)


def strength_of(mean: float) -> float:
    """The strength whose law has this mean, by halving; ``mean`` lies inside (0, 1)."""
    short = min(mean, 1.0 - mean)
    low, high = 0.0, 2.0 / short
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if mean_level(-middle) > short else (low, middle)
    return high if mean > 0.5 else -high


class Tilted(Streams):
    """The random numbers of one block, some of them tilted.

    What is drawn once a trial at an address that is tilted, and normals by (step, trial), are tilted; all else is drawn
    plainly. What could be tilted is kept by address, shape (trial,), for whoever looks for tilts: uniforms in
    ``uniforms``, normals or the scaled sums of their steps in ``normals``.

    Parameters
    ----------
    seed, block, size : as those of :class:`~pactrisk.streams.Streams`.
    directions : what is tilted, and how; shares sum to one.
    """

    def __init__(self, seed: int, block: int, directions: Sequence[Direction], size: int = BLOCK) -> None:
        super().__init__(seed, block, size)
        self.uniforms: dict[str, Array] = {}
        self.normals: dict[str, Array] = {}
        plain = size / MOST_WEIGHT if directions else float(size)
        shares = [direction.share / len(SCALES) for direction in directions for _ in SCALES]
        ends = np.rint(plain + (size - plain) * np.cumsum([0.0, *shares])).astype(int)
        self._trials = [slice(first, end) for first, end in zip((0, *ends[:-1]), ends, strict=True)]
        self._parts = [({}, 0.0), *((direction.strengths, scale) for direction in directions for scale in SCALES)]
        self._logs = np.zeros((len(self._parts), size))

    def uniform(self, address: str, *shape: int) -> Array:
        """Uniforms, tilted where there is one a trial and the address is."""
        u = super().uniform(address, *shape)
        return self._tilted(address, u) if u.shape == (self.size,) else u

    def levels(self, address: str, worlds: int) -> Array:
        """Uniforms, one a world; tilted where each trial is one and the address is."""
        u = super().levels(address, worlds)
        return self._tilted(address, u) if u.shape == (self.size,) else u

    def _strengths(self, address: str) -> Iterator[tuple[int, slice, float]]:
        """The parts in which the address is tilted: their number, their trials, and how strongly."""
        for part, (strengths, scale) in enumerate(self._parts):
            if address in strengths:
                yield part, self._trials[part], strengths[address] * scale

    def _tilted(self, address: str, u: Array) -> Array:
        parts = list(self._strengths(address))
        for _, trials, strength in parts:
            u[trials] = quantile(u[trials], strength)
        self._count(address, {part: log_density(u, strength) for part, _, strength in parts})
        self.uniforms[address] = u
        return u

    def normal(self, address: str, *shape: int) -> Array:
        """Standard normals, one a trial or by (step, trial), shifted where the address is tilted."""
        z = normal_quantile(super().uniform(address, *shape))
        if z.shape[-1] != self.size or z.ndim > 2 or not len(z):
            return z
        root = np.sqrt(len(z)) if z.ndim == 2 else 1.0
        scaled = z.sum(axis=0) / root if z.ndim == 2 else z
        if parts := list(self._strengths(address)):
            by = np.zeros(self.size)
            for _, trials, shift in parts:
                by[trials] = shift
            z, scaled = z + by / root, scaled + by
            self._count(address, {part: log_density_shifted(scaled, shift) for part, _, shift in parts})
        self.normals[address] = scaled
        return z

    @property
    def weights(self) -> Array:
        """The weight that undoes the tilts, by all that was drawn so far, shape (trial,)."""
        shares = np.array([[(trials.stop - trials.start) / self.size] for trials in self._trials])
        return np.asarray(1.0 / (shares * np.exp(self._logs)).sum(axis=0))

    @property
    def drawn(self) -> dict[str, Array]:
        """All that could be tilted, as quantile levels by address."""
        return {**self.uniforms, **{address: special.ndtr(z) for address, z in self.normals.items()}}

    def _count(self, address: str, densities: Mapping[int, Array]) -> None:
        """Take up the densities in each part; who draws again at an address draws the same, and counts once."""
        if address not in self.uniforms and address not in self.normals:
            for part, density in densities.items():
                self._logs[part] += density
