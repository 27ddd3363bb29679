r"""Random numbers drawn more often where a rare event lies, and the weights that undo it.

Uniform numbers and normals are drawn by the laws of :mod:`~pactrisk.tilts`; n steps that drive a path are shifted by
:math:`s / \sqrt n` each, so that their scaled sum :math:`\sum z / \sqrt n` moves by s.

Of the trials of a block a tenth is drawn plainly, the others with the tilts of one :class:`Direction` or another, times
one of several scales. A trial's weight is the density of plain draws over that of the whole mixture (the balance
heuristic: Owen and Zhou 2000, Safe and effective importance sampling, JASA 95, 135), whichever part it was drawn in:

.. math:: w = \Big( \sum_j a_j \prod_i g_{ji}(u_i) \Big)^{-1} \le 1 / a_0 = 10.

A weighted mean over the trials is without bias, and no weight is above ten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pactrisk.later import special
from pactrisk.streams import BLOCK, Streams, normal_quantile
from pactrisk.tilts import Tilt, log_density, log_density_shifted, quantile

__all__ = [
    "MOST_WEIGHT",
    "SCALES",
    "Direction",
    "Tilted",
]

Array = npt.NDArray[np.float64]

SCALES = (0.75, 1.25, 1.75, 2.25)
"""Scales of the tilts. A pilot seldom reaches an event itself: what it learns on the way is carried further."""
MOST_WEIGHT = 10.0
"""Greatest weight of a trial: one over the share that is drawn plainly."""


class Direction(NamedTuple):
    """One way towards an event: the ``share`` of the tilted trials that take it, and its tilts by address."""

    share: float
    tilts: Mapping[str, Tilt]


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
        self._parts = [({}, 0.0), *((direction.tilts, scale) for direction in directions for scale in SCALES)]
        self._logs = np.zeros((len(self._parts), size))

    def uniform(self, address: str, *shape: int) -> Array:
        """Uniforms, tilted where there is one a trial and the address is."""
        u = super().uniform(address, *shape)
        return self._tilted(address, u) if u.shape == (self.size,) else u

    def levels(self, address: str, worlds: int) -> Array:
        """Uniforms, one a world; tilted where each trial is one and the address is."""
        u = super().levels(address, worlds)
        return self._tilted(address, u) if u.shape == (self.size,) else u

    def _tilts(self, address: str) -> list[tuple[int, Tilt]]:
        """The number of each part in which the address is tilted, and how."""
        return [
            (part, tilts[address]._replace(strength=tilts[address].strength * scale))
            for part, (tilts, scale) in enumerate(self._parts)
            if address in tilts
        ]

    def _chosen(self, address: str, part: int, tilt: Tilt) -> slice | npt.NDArray[np.intp]:
        """The trials of the part in which the draw is tilted: all, or so many as its share says, at random."""
        trials = self._trials[part]
        if tilt.share >= 1.0:
            return trials
        u = super().uniform(f"{address}/tilted")[trials]
        return np.asarray(trials.start + np.flatnonzero(u < tilt.share))

    def _tilted(self, address: str, u: Array) -> Array:
        tilts = self._tilts(address)
        for part, tilt in tilts:
            chosen = self._chosen(address, part, tilt)
            u[chosen] = quantile(u[chosen], tilt.strength)
        self._count(address, {part: _mixed(log_density(u, tilt.strength), tilt) for part, tilt in tilts})
        self.uniforms[address] = u
        return u

    def normal(self, address: str, *shape: int) -> Array:
        """Standard normals, one a trial or by (step, trial), shifted where the address is tilted."""
        z = normal_quantile(super().uniform(address, *shape))
        if z.shape[-1] != self.size or z.ndim > 2 or not len(z):
            return z
        root = np.sqrt(len(z)) if z.ndim == 2 else 1.0
        scaled = z.sum(axis=0) / root if z.ndim == 2 else z
        if tilts := self._tilts(address):
            by = np.zeros(self.size)
            for part, tilt in tilts:
                by[self._chosen(address, part, tilt)] = tilt.strength
            z, scaled = z + by / root, scaled + by
            self._count(
                address, {part: _mixed(log_density_shifted(scaled, tilt.strength), tilt) for part, tilt in tilts}
            )
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


def _mixed(log: Array, tilt: Tilt) -> Array:
    """Logarithm of the density of a draw that is tilted in its share of the trials only."""
    if tilt.share >= 1.0:
        return log
    return np.asarray(np.log1p(tilt.share * np.expm1(log)))
