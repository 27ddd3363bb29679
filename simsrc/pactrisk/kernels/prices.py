"""Steps of prices and indices. Numbers that rule steps have shape (row, trial): one row for all
steps, or one a step.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pactrisk.kernels.compilation import compiled
from pactrisk.kernels.draws import fill, uniform_at
from pactrisk.kernels.quantiles import normal_one

__all__ = ["blend", "heavier", "leap", "pulled", "radius", "two_parts"]

Array = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]

_MOST = 1000
_LEAST = 1e-300


def _blend_plain(own: Array, loadings: Array, factors: Array, out: Array) -> None:
    square = np.zeros(own.shape[1])
    out[:] = 0.0
    for loading, factor in zip(loadings, factors, strict=True):
        square += loading * loading
        out += loading * factor
    # uncertain loadings can leave the unit circle in a world: there nothing is left that is the driver's own
    out += np.sqrt(np.maximum(1.0 - square, 0.0)) * own
    out /= np.sqrt(np.maximum(square, 1.0))


@compiled(_blend_plain)
def blend(own: Array, loadings: Array, factors: Array, out: Array) -> None:
    """A driver's standardised shocks of common causes, shape (factor, step, trial), and its own, shape
    (step, trial).
    """
    steps, trials = own.shape
    rest, scale = np.empty(trials), np.empty(trials)
    for i in range(trials):
        square = 0.0
        for f in range(len(loadings)):
            square += loadings[f, i] * loadings[f, i]
        rest[i], scale[i] = math.sqrt(max(1.0 - square, 0.0)), math.sqrt(max(square, 1.0))
    for k in range(steps):
        for i in range(trials):
            out[k, i] = 0.0
        for f in range(len(loadings)):
            for i in range(trials):
                out[k, i] += loadings[f, i] * factors[f, k, i]
        for i in range(trials):
            out[k, i] = (out[k, i] + rest[i] * own[k, i]) / scale[i]


def _radius_plain(z: Array, w: Array, df: Array, out: Array) -> None:
    out[:] = np.maximum((w * w + z * z) / df, _LEAST)


@compiled(_radius_plain)
def radius(z: Array, w: Array, df: Array, out: Array) -> None:
    """The r of Bailey's polar transform, ``(z**2 + w**2) / df``, shape (step, trial); ``df`` one a trial."""
    for k in range(len(z)):
        for i in range(z.shape[1]):
            out[k, i] = max((w[k, i] * w[k, i] + z[k, i] * z[k, i]) / df[i], _LEAST)


def _heavier_plain(z: Array, grown: Array, r: Array, df: Array, out: Array) -> None:
    out[:] = z * np.sqrt(grown / r) * np.sqrt((df - 2.0) / df)


@compiled(_heavier_plain)
def heavier(z: Array, grown: Array, r: Array, df: Array, out: Array) -> None:
    """Student t of variance 1 from normals ``z``: ``grown`` is ``exp(r) - 1`` of their r."""
    scale = np.sqrt((df - 2.0) / df)
    for k in range(len(z)):
        for i in range(z.shape[1]):
            out[k, i] = z[k, i] * math.sqrt(grown[k, i] / r[k, i]) * scale[i]


def _pulled_plain(start: Array, keep: Array, shift: Array, sd: Array, z: Array, leaps: Array, out: Array) -> None:
    out[0] = start
    for k in range(len(z)):
        moved = shift[min(k, len(shift) - 1)] + sd[min(k, len(sd) - 1)] * z[k]
        if len(leaps):
            moved = moved + leaps[k]
        out[k + 1] = out[k] * keep[min(k, len(keep) - 1)] + moved


@compiled(_pulled_plain)
def pulled(start: Array, keep: Array, shift: Array, sd: Array, z: Array, leaps: Array, out: Array) -> None:
    """A first-order autoregression: ``keep`` times the last value, plus ``shift + sd z``, plus ``leaps``
    if there are any.
    """
    steps, trials = z.shape
    for i in range(trials):
        out[0, i] = start[i]
    for k in range(steps):
        a, b, c = min(k, len(keep) - 1), min(k, len(shift) - 1), min(k, len(sd) - 1)
        if len(leaps):
            for i in range(trials):
                out[k + 1, i] = out[k, i] * keep[a, i] + (shift[b, i] + sd[c, i] * z[k, i] + leaps[k, i])
        else:
            for i in range(trials):
                out[k + 1, i] = out[k, i] * keep[a, i] + (shift[b, i] + sd[c, i] * z[k, i])


@compiled()
def leap(counts: Words, sizes: Words, none: Array, rate: Array, mean: Array, sd: Array, out: Array) -> None:
    """Summed log leaps of each step into ``out``, shape (step, trial).

    ``counts`` and ``sizes`` are streams; ``rate``, ``mean`` and ``sd`` a step have shape (row, trial), and so has
    ``none``, the chance that a step has no leap.
    """
    steps, trials = out.shape
    u = np.empty(trials)
    for k in range(steps):
        fill(counts, k * trials, u)
        a, b, c = min(k, len(rate) - 1), min(k, len(mean) - 1), min(k, len(sd) - 1)
        for i in range(trials):
            out[k, i] = 0.0
            if u[i] > none[a, i]:
                # the Poisson quantile, by summing probabilities until the level is reached
                many, term, total = 0, none[a, i], none[a, i]
                while u[i] > total and many < _MOST:
                    many += 1
                    term = term * rate[a, i] / many
                    total += term
                z = normal_one(uniform_at(sizes, k * trials + i))
                out[k, i] = many * mean[b, i] + math.sqrt(many) * sd[c, i] * z


def _two_parts_plain(
    passing: Array, lasting: Array, keep: Array, sd: Array, sd_lasting: Array, r: Array, drift: Array, along: Array,
    across: Array, leaps: Array, out: Array
) -> None:  # fmt: skip
    passing, lasting = passing.copy(), lasting.copy()
    out[0] = lasting + passing
    for k in range(len(along)):
        phi, a, b, c, d = (x[min(k, len(x) - 1)] for x in (keep, sd, sd_lasting, r, drift))
        total = np.sqrt(np.maximum(a * a + b * b + 2.0 * c * a * b, _LEAST))
        first = a * (a + b * c) / total * along[k]
        first = first + a * b * np.sqrt(np.maximum(1.0 - c * c, 0.0)) / total * across[k]
        passing = passing * phi + first
        second = total * along[k] - first + d
        if len(leaps):
            second = second + leaps[k]
        lasting = lasting + second
        out[k + 1] = lasting + passing


@compiled(_two_parts_plain)
def two_parts(
    passing: Array, lasting: Array, keep: Array, sd: Array, sd_lasting: Array, r: Array, drift: Array, along: Array,
    across: Array, leaps: Array, out: Array
) -> None:  # fmt: skip
    """The log price of two parts: one that keeps ``keep`` of itself in a step, one that lasts; their sum into ``out``.

    In a step the parts move by normals of standard deviations ``sd`` and ``sd_lasting`` and correlation ``r``, of
    which the whole is ``along`` (times its standard deviation) and what they differ by is ``across``.
    """
    steps, trials = along.shape
    p, q = passing.copy(), lasting.copy()
    for i in range(trials):
        out[0, i] = q[i] + p[i]
    for k in range(steps):
        k1, k2, k3 = min(k, len(keep) - 1), min(k, len(sd) - 1), min(k, len(sd_lasting) - 1)
        k4, k5 = min(k, len(r) - 1), min(k, len(drift) - 1)
        for i in range(trials):
            a, b, c = sd[k2, i], sd_lasting[k3, i], r[k4, i]
            total = math.sqrt(max(a * a + b * b + 2.0 * c * a * b, _LEAST))
            first = a * (a + b * c) / total * along[k, i]
            first = first + a * b * math.sqrt(max(1.0 - c * c, 0.0)) / total * across[k, i]
            p[i] = p[i] * keep[k1, i] + first
            second = total * along[k, i] - first + drift[k5, i]
            out[k + 1, i] = second
        if len(leaps):
            for i in range(trials):
                out[k + 1, i] += leaps[k, i]
        for i in range(trials):
            q[i] = q[i] + out[k + 1, i]
            out[k + 1, i] = q[i] + p[i]
