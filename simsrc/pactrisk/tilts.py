r"""Laws of single random numbers that favour where a rare event lies.

A number u of the open interval (0, 1) is drawn from the exponential tilt of the uniform law,

.. math:: g_s(u) = \frac{s\, e^{s u}}{e^s - 1},

which favours high numbers where s > 0 and low ones where s < 0, is bounded, and has its quantile in closed form.
Normals are tilted by a shift s of their mean, with the density :math:`g_s(z) = e^{s z - s^2 / 2}`.

A draw may lead to an event by itself where another could have done so too: among the histories that come near it is
then far out in some, and as ever in the others. Such a draw is tilted in a share q of the trials only,

.. math:: g(u) = 1 - q + q\, g_s(u).

Where that fits what is near so much better than a tilt throughout that chance does not explain it, q and s are those
of the greatest likelihood, found by the EM algorithm (Dempster, Laird and Rubin 1977).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = [
    "LEVELS",
    "NORMALS",
    "Law",
    "Tilt",
    "log_density",
    "log_density_shifted",
    "mean_level",
    "quantile",
    "strength_of",
]

Array = npt.NDArray[np.float64]

_NEAREST = 2.0**-53
_BEYOND_NOISE = 3.0
_BETTER = 8.0
"""By how much the log likelihood must rise for a share: chance raises it so far in one draw of ten thousand."""
_TURNS = 60
_WHOLE = 0.95
"""A share from which on a draw is tilted throughout."""


class Tilt(NamedTuple):
    """How strongly a draw is tilted, and in which share of the trials; of normals, ``strength`` is the shift."""

    strength: float
    share: float = 1.0


def quantile(v: Array, strength: float) -> Array:
    """The number below which the tilted law has probability ``v``; it rises with ``v``."""
    size = abs(strength)
    u = np.log1p(np.expm1(-size) * (v if strength < 0 else 1.0 - v)) / -size
    return np.asarray(np.clip(u if strength < 0 else 1.0 - u, _NEAREST, 1.0 - _NEAREST))


def log_density(u: Array, strength: npt.ArrayLike) -> Array:
    """Logarithm of the tilted density at ``u``, relative to the uniform one."""
    size = np.abs(strength)
    away = np.where(np.less(strength, 0), u, 1.0 - u)
    return np.asarray(np.log(size) - size * away - np.log(-np.expm1(-size)))


def log_density_shifted(z: Array, shift: npt.ArrayLike) -> Array:
    """Logarithm of the density of a shifted normal at ``z``, relative to the standard one."""
    by = np.asarray(shift)
    return np.asarray(by * z - by * by / 2)


def mean_level(strength: npt.ArrayLike) -> Array:
    """Mean of the tilted law, ``1 / (1 - exp(-s)) - 1 / s``."""
    s = np.asarray(strength, dtype=float)
    size = np.maximum(np.abs(s), 1e-4)
    low = 1.0 / size - np.exp(-size) / -np.expm1(-size)
    return np.asarray(np.where(np.abs(s) < 1e-4, 0.5 + s / 12, np.where(s < 0, low, 1.0 - low)))


def strength_of(mean: npt.ArrayLike) -> Array:
    """The strength whose law has this mean, by halving; ``mean`` lies inside (0, 1)."""
    mean = np.asarray(mean, dtype=float)
    short = np.minimum(mean, 1.0 - mean)
    low, high = np.zeros_like(short), 2.0 / short
    for _ in range(60):
        middle = 0.5 * (low + high)
        above = mean_level(-middle) > short
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray(np.where(mean > 0.5, high, -high))


@dataclass(frozen=True, eq=False)
class Law:
    """How draws of one kind are tilted towards what is near an event, from how they lie there.

    ``edges`` part the cells in which draws are counted, and ``centres`` stand for them. ``mean`` and ``sd`` are those
    of the plain law; ``far`` is a strength far out, from which a better one is looked for; ``strength_of`` gives that
    whose law has a mean, ``log_density`` the density of one.
    """

    edges: Array
    centres: Array
    mean: float
    sd: float
    far: float
    strength_of: Callable[[Array], Array]
    log_density: Callable[[Array, Array], Array]

    def sums(self, drawn: Array, weights: Array) -> Array:
        """What is kept of draws: the weighted sum, then the weights in each cell."""
        cells = np.bincount(np.searchsorted(self.edges, drawn), weights, minlength=len(self.centres))
        return np.concatenate([[(weights * drawn).sum()], cells])

    def tilts(self, sums: Array, size: float) -> list[Tilt | None]:
        """The tilt of each draw whose ``sums``, shape (draw, ...), over so many (``size``) trials near the event these
        are; None where its mean is not beyond noise. The nearer to noise it is, the less is taken of it.
        """
        cells = sums[:, 1:] / sums[:, 1:].sum(axis=1, keepdims=True)
        apart = sums[:, 0] / sums[:, 1:].sum(axis=1) - self.mean
        beyond = np.abs(apart) / self.sd * math.sqrt(size)
        there = np.flatnonzero(beyond > _BEYOND_NOISE)
        strengths = self.strength_of(self.mean + apart[there] * (1.0 - 1.0 / beyond[there] ** 2))
        found: list[Tilt | None] = [None] * len(sums)
        for draw, strength, shared in zip(there, strengths, self._shared(cells[there], strengths, size), strict=True):
            found[draw] = shared or Tilt(float(strength))
        return found

    def _shared(self, cells: Array, whole: Array, size: float) -> list[Tilt | None]:
        """The tilt in a share of the trials, of each draw that it fits so much better than the ``whole`` one."""
        strength, share = np.copysign(self.far, whole), np.full(len(whole), 0.5)
        for _ in range(_TURNS):
            tilted = self._density(strength) * share[:, None]
            taken = cells * tilted / (1.0 - share[:, None] + tilted)
            share = np.clip(taken.sum(axis=1), 1e-6, 1.0 - 1e-6)
            strength = self.strength_of((taken * self.centres).sum(axis=1) / taken.sum(axis=1))
        mixed = np.log(1.0 - share[:, None] + share[:, None] * self._density(strength))
        gain = size * (cells * (mixed - np.log(self._density(whole)))).sum(axis=1)
        better = (gain > _BETTER) & (share < _WHOLE) & (strength * whole > 0)
        return [
            Tilt(float(s), float(q)) if holds else None for s, q, holds in zip(strength, share, better, strict=True)
        ]

    def _density(self, strength: Array) -> Array:
        return np.maximum(np.exp(self.log_density(self.centres, strength[:, None])), 1e-300)


_OCTAVES = 2.0 ** -np.arange(32, 0, -1)
_EDGES = np.concatenate([_OCTAVES, 1.0 - _OCTAVES[:-1][::-1]])
_ENDS = np.concatenate([[0.0], _EDGES, [1.0]])
LEVELS = Law(_EDGES, (_ENDS[:-1] + _ENDS[1:]) / 2, 0.5, math.sqrt(1 / 12), 40.0, strength_of, log_density)
"""Uniform draws; cells are octaves from either end."""
_STEPS = np.arange(-8.0, 8.25, 0.25)
NORMALS = Law(_STEPS, np.concatenate([[-8.125], _STEPS + 0.125]), 0.0, 1.0, 3.0, np.asarray, log_density_shifted)
"""Normal draws; cells are quarters of a standard deviation."""
