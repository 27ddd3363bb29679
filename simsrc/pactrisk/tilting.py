r"""Random numbers drawn more often where a rare event lies, and the weights that undo it.

A number u of the open interval (0, 1) is drawn from the exponential tilt of the uniform law,

.. math:: g_s(u) = \frac{s\, e^{s u}}{e^s - 1},

which favours high numbers where s > 0 and low ones where s < 0, is bounded, and has its quantile in closed form: a
tilted number still rises with the number that it is made of. Normals are tilted by a shift s of their mean, with the
density :math:`g_s(z) = e^{s z - s^2 / 2}`; n steps that drive a path are shifted by :math:`s / \sqrt n` each, so that
their scaled sum :math:`\sum z / \sqrt n` moves by s.

Of the trials of a block a tenth is drawn plainly, the others with the tilts times one of several scales. A trial's
weight is the density of plain draws over that of the whole mixture (the balance heuristic: Owen and Zhou 2000, Safe and
effective importance sampling, JASA 95, 135), whichever part it was drawn in:

.. math:: w = \Big( \sum_j a_j \prod_i g_{c_j s_i}(u_i) \Big)^{-1} \le 1 / a_0 = 10.

A weighted mean over the trials is without bias, and no weight is above ten.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from pactrisk.later import special
from pactrisk.streams import BLOCK, Streams, normal_quantile

__all__ = [
    "MOST_WEIGHT",
    "SCALES",
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
    tilts : strength by address; of normals, the shift of the mean.
    """

    def __init__(self, seed: int, block: int, tilts: Mapping[str, float], size: int = BLOCK) -> None:
        super().__init__(seed, block, size)
        self.tilts = tilts
        self.uniforms: dict[str, Array] = {}
        self.normals: dict[str, Array] = {}
        scales = (0.0, *SCALES) if tilts else (0.0,)
        ends = np.rint(np.linspace(size / MOST_WEIGHT, size, len(scales))).astype(int) if tilts else [size]
        self._parts = [
            (scale, slice(first, end)) for scale, first, end in zip(scales, (0, *ends[:-1]), ends, strict=True)
        ]
        self._logs = np.zeros((len(scales), size))

    def uniform(self, address: str, *shape: int) -> Array:
        """Uniforms, tilted where there is one a trial and the address is."""
        u = super().uniform(address, *shape)
        return self._tilted(address, u) if u.shape == (self.size,) else u

    def levels(self, address: str, worlds: int) -> Array:
        """Uniforms, one a world; tilted where each trial is one and the address is."""
        u = super().levels(address, worlds)
        return self._tilted(address, u) if u.shape == (self.size,) else u

    def _tilted(self, address: str, u: Array) -> Array:
        strength = self.tilts.get(address)
        if strength is not None:
            for scale, part in self._parts:
                if scale:
                    u[part] = quantile(u[part], strength * scale)
            self._count(address, [log_density(u, strength * scale) for scale, _ in self._parts if scale])
        self.uniforms[address] = u
        return u

    def normal(self, address: str, *shape: int) -> Array:
        """Standard normals, one a trial or by (step, trial), shifted where the address is tilted."""
        z = normal_quantile(super().uniform(address, *shape))
        if z.shape[-1] != self.size or z.ndim > 2 or not len(z):
            return z
        root = np.sqrt(len(z)) if z.ndim == 2 else 1.0
        scaled = z.sum(axis=0) / root if z.ndim == 2 else z
        shift = self.tilts.get(address)
        if shift is not None:
            by = np.concatenate([np.full(part.stop - part.start, shift * scale) for scale, part in self._parts])
            z, scaled = z + by / root, scaled + by
            self._count(address, [log_density_shifted(scaled, shift * scale) for scale, _ in self._parts if scale])
        self.normals[address] = scaled
        return z

    @property
    def weights(self) -> Array:
        """The weight that undoes the tilts, by all that was drawn so far, shape (trial,)."""
        shares = np.array([[(part.stop - part.start) / self.size] for _, part in self._parts])
        return np.asarray(1.0 / (shares * np.exp(self._logs)).sum(axis=0))

    @property
    def drawn(self) -> dict[str, Array]:
        """All that could be tilted, as quantile levels by address."""
        return {**self.uniforms, **{address: special.ndtr(z) for address, z in self.normals.items()}}

    def _count(self, address: str, densities: list[Array]) -> None:
        """Take up the densities under each scale; who draws again at an address draws the same, and counts once."""
        if address not in self.uniforms and address not in self.normals:
            self._logs[1:] += densities
