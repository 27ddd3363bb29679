r"""Distributions by their inverse: one uniform in, one value out.

Used for spreads (what we do not know, drawn once a world) and for durations (what happens, drawn once
a trial). Every family gives its quantile function and its distribution function in closed form or by
``scipy.special``; nothing is drawn by rejection, so a larger uniform always gives a larger value.

Elicited quantiles ``{ p10 = 58, p50 = 70, p90 = 80 }`` become the piecewise-normal quantile function

.. math:: Q(u) = g^{-1}\bigl(\text{line through } (z_i, g(x_i)) \text{ at } z = \Phi^{-1}(u)\bigr)

with g the identity, the logarithm (values above a lower bound) or the logit (between two bounds). Two
quantiles give exactly a normal, lognormal or logit-normal; three give a split one that passes through all three.
The tails go on along the outermost segment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.later import special
from pactrisk.streams import normal_quantile

__all__ = ["FAMILIES", "Array", "Distribution", "Family", "Parameters", "Real"]

Array = npt.NDArray[np.float64]
Real = float | Array
"""A number, or one number a trial (or a world)."""
Parameters = Mapping[str, Real]


@dataclass(frozen=True)
class Family:
    """A named family: its parameters (with the bound each must exceed), quantile and distribution function."""

    meaning: str
    above: Mapping[str, float]
    ppf: Callable[[Array, Parameters], npt.NDArray[Any]]
    cdf: Callable[[Array, Parameters], npt.NDArray[Any]]
    mean: Callable[[Parameters], Any]
    support: tuple[float, float] = (0.0, np.inf)


_ANY = -np.inf
_FEW = 500


def _normal(u: Array) -> Array:
    """The normal quantile; by SciPy where there are few, so that reading a file compiles nothing."""
    return normal_quantile(u) if np.size(u) > _FEW else special.ndtri(u)


def _triangular_ppf(u: Array, p: Parameters) -> Array:
    low, mode, high = p["low"], p["mode"], p["high"]
    width = np.asarray(high) - low
    turn = (np.asarray(mode) - low) / width
    left = low + np.sqrt(u * width * (np.asarray(mode) - low))
    right = high - np.sqrt((1 - u) * width * (np.asarray(high) - mode))
    return np.where(u < turn, left, right)


def _triangular_cdf(x: Array, p: Parameters) -> Array:
    low, mode, high = np.asarray(p["low"]), np.asarray(p["mode"]), np.asarray(p["high"])
    with np.errstate(divide="ignore", invalid="ignore"):
        left = (x - low) ** 2 / ((high - low) * (mode - low))
        right = 1 - (high - x) ** 2 / ((high - low) * (high - mode))
    inner = np.where(x < mode, left, right)
    return np.where(x <= low, 0.0, np.where(x >= high, 1.0, inner))


def _fixed_cdf(x: Array, p: Parameters) -> Array:
    return np.asarray(x >= np.asarray(p["value"]), dtype=float)


FAMILIES: dict[str, Family] = {
    "fixed": Family(
        "always the same value",
        {"value": _ANY},
        lambda u, p: np.zeros_like(u) + p["value"],
        _fixed_cdf,
        lambda p: p["value"],
        (_ANY, np.inf),
    ),
    "uniform": Family(
        "equally likely between low and high",
        {"low": _ANY, "high": _ANY},
        lambda u, p: p["low"] + u * (np.asarray(p["high"]) - p["low"]),
        lambda x, p: np.clip((x - p["low"]) / (np.asarray(p["high"]) - p["low"]), 0, 1),
        lambda p: (np.asarray(p["low"]) + p["high"]) / 2,
        (_ANY, np.inf),
    ),
    "triangular": Family(
        "rises from low to mode, falls to high",
        {"low": _ANY, "mode": _ANY, "high": _ANY},
        _triangular_ppf,
        _triangular_cdf,
        lambda p: (np.asarray(p["low"]) + p["mode"] + p["high"]) / 3,
        (_ANY, np.inf),
    ),
    "normal": Family(
        "normal with a mean and a standard deviation",
        {"mean": _ANY, "sd": 0.0},
        lambda u, p: p["mean"] + np.asarray(p["sd"]) * _normal(u),
        lambda x, p: special.ndtr((x - p["mean"]) / p["sd"]),
        lambda p: p["mean"],
        (_ANY, np.inf),
    ),
    "lognormal": Family(
        "lognormal with a median and the standard deviation of the logarithm",
        {"median": 0.0, "sigma": 0.0},
        lambda u, p: p["median"] * np.exp(np.asarray(p["sigma"]) * _normal(u)),
        lambda x, p: special.ndtr(np.log(np.maximum(x, 1e-300) / p["median"]) / p["sigma"]),
        lambda p: p["median"] * np.exp(np.asarray(p["sigma"]) ** 2 / 2),
    ),
    "exponential": Family(
        "exponential with a mean: a constant hazard",
        {"mean": 0.0},
        lambda u, p: -np.log1p(-u) * p["mean"],
        lambda x, p: -np.expm1(-np.maximum(x, 0) / p["mean"]),
        lambda p: p["mean"],
    ),
    "weibull": Family(
        "Weibull with a scale (the 63.2% point) and a shape (below 1 falling, above 1 rising hazard)",
        {"scale": 0.0, "shape": 0.0},
        lambda u, p: p["scale"] * (-np.log1p(-u)) ** (1 / np.asarray(p["shape"])),
        lambda x, p: -np.expm1(-((np.maximum(x, 0) / p["scale"]) ** p["shape"])),
        lambda p: p["scale"] * special.gamma(1 + 1 / np.asarray(p["shape"])),
    ),
    "gamma": Family(
        "gamma with a shape and a scale (mean = shape x scale)",
        {"shape": 0.0, "scale": 0.0},
        lambda u, p: special.gammaincinv(p["shape"], u) * p["scale"],
        lambda x, p: special.gammainc(p["shape"], np.maximum(x, 0) / p["scale"]),
        lambda p: np.asarray(p["shape"]) * p["scale"],
    ),
    "log_logistic": Family(
        "log-logistic with a median and a shape: the hazard rises, then falls",
        {"median": 0.0, "shape": 0.0},
        lambda u, p: p["median"] * (u / (1 - u)) ** (1 / np.asarray(p["shape"])),
        lambda x, p: special.expit(np.asarray(p["shape"]) * np.log(np.maximum(x, 1e-300) / p["median"])),
        lambda p: np.where(
            np.asarray(p["shape"]) > 1,
            p["median"] * (np.pi / np.asarray(p["shape"])) / np.sin(np.pi / np.asarray(p["shape"])),
            np.inf,
        ),
    ),
    "beta": Family(
        "beta with a and b, between 0 and 1",
        {"a": 0.0, "b": 0.0},
        lambda u, p: special.betaincinv(p["a"], p["b"], u),
        lambda x, p: special.betainc(p["a"], p["b"], np.clip(x, 0, 1)),
        lambda p: np.asarray(p["a"]) / (np.asarray(p["a"]) + p["b"]),
        (0.0, 1.0),
    ),
}
"""Every named family; the key is the word written after ``distribution =``."""


@dataclass(frozen=True)
class Distribution:
    """A distribution with its parameters given as numbers (or one number a trial).

    Either ``family`` names one of :data:`FAMILIES` with its ``parameters``, or ``family`` is
    ``"quantiles"`` and the parameters are named by level (``p10`` is the value not exceeded with
    chance 0.10). ``low`` and ``high`` truncate it (the shape inside is kept). ``bounds`` decide the
    scale on which quantiles are joined: none, one (logarithm) or two (logit).
    """

    family: str
    parameters: Parameters
    low: Real | None = None
    high: Real | None = None
    bounds: tuple[float, float] = field(default=(-np.inf, np.inf))

    def ppf(self, u: Array) -> Array:
        """The value not exceeded with chance ``u``."""
        if self.low is not None or self.high is not None:
            least, most = self._levels()
            u = least + u * (most - least)
        x = self._ppf(u)
        return np.clip(x, self.low, self.high) if self.low is not None or self.high is not None else x

    def cdf(self, x: Array) -> Array:
        """The chance of not exceeding ``x``."""
        if self.low is None and self.high is None:
            return self._cdf(x)
        least, most = self._levels()
        return np.clip((self._cdf(x) - least) / (most - least), 0.0, 1.0)

    def coded(self, worlds: int) -> tuple[int, Array] | None:
        """Code and table, shape (row, world), for loops that draw one number at a time; None where no loop can.

        Numbers that are one a trial are the same in all the trials of a world, of which the first stand for it.
        """
        if worlds not in self._tables:
            self._tables[worlds] = self._coded(worlds)
        return self._tables[worlds]

    @cached_property
    def _tables(self) -> dict[int, tuple[int, Array] | None]:
        return {}

    def _coded(self, worlds: int) -> tuple[int, Array] | None:
        code = kernels.quantiles.CODES.get(self.family, -1)
        if code < 0:
            return None
        cuts = (-np.inf if self.low is None else self.low, np.inf if self.high is None else self.high)
        rows = [*self._levels(), *cuts, *self.bounds]
        if self.family == "quantiles":
            z, y = self._joined
            rows += [x for knot in zip(z, y, strict=True) for x in knot]
        else:
            own = [self.parameters[name] for name in FAMILIES[self.family].above]
            rows += own + own[:1] * (len(own) == 1)
        table = np.empty((len(rows), worlds))
        for row, x in zip(table, rows, strict=True):
            row[:] = x[:worlds] if np.ndim(x) else x  # type: ignore[index]
        return code, table

    def _levels(self) -> tuple[Real, Real]:
        """Levels at which a truncated distribution begins and ends."""
        least = self._cdf(np.asarray(self.low, dtype=float)) if self.low is not None else 0.0
        most = self._cdf(np.asarray(self.high, dtype=float)) if self.high is not None else 1.0
        return least, most

    def _ppf(self, u: Array) -> Array:
        if self.family != "quantiles":
            return FAMILIES[self.family].ppf(u, self.parameters)
        z, y = self._joined
        at = _normal(u)
        out = np.asarray(y[0] + (at - z[0]) * (y[1] - y[0]) / (z[1] - z[0]))
        for i in range(1, len(z) - 1):
            further = y[i] + (at - z[i]) * (y[i + 1] - y[i]) / (z[i + 1] - z[i])
            out = np.where(at > z[i], further, out)
        return self._from_scale(out)

    def _cdf(self, x: Array) -> Array:
        if self.family != "quantiles":
            return FAMILIES[self.family].cdf(x, self.parameters)
        z, y = self._joined
        at = self._to_scale(x)
        with np.errstate(divide="ignore", invalid="ignore"):
            out = np.asarray(z[0] + (at - y[0]) * (z[1] - z[0]) / (y[1] - y[0]))
            for i in range(1, len(z) - 1):
                further = z[i] + (at - y[i]) * (z[i + 1] - z[i]) / (y[i + 1] - y[i])
                out = np.where(at > y[i], further, out)
        return special.ndtr(out)

    @cached_property
    def _joined(self) -> tuple[list[float], list[Array]]:
        return self._knots()

    def _knots(self) -> tuple[list[float], list[Array]]:
        levels = sorted((float(name[1:]) / 100, value) for name, value in self.parameters.items())
        z = [float(special.ndtri(level)) for level, _ in levels]
        y = [self._to_scale(np.asarray(value, dtype=float)) for _, value in levels]
        if any(value.ndim for value in y):
            # quantiles that are themselves uncertain may cross in a world: put them in order
            # (the rearrangement of Chernozhukov, Fernandez-Val and Galichon 2010)
            y = list(np.sort(np.stack(np.broadcast_arrays(*y)), axis=0))
        return z, y

    def _to_scale(self, x: Array) -> Array:
        low, high = self.bounds
        x = np.clip(x, low, high)
        with np.errstate(divide="ignore", invalid="ignore"):
            if np.isfinite(low) and np.isfinite(high):
                return np.asarray(np.log((x - low) / (high - x)))
            if np.isfinite(low):
                return np.asarray(np.log(x - low))
            if np.isfinite(high):
                return np.asarray(-np.log(high - x))
        return np.asarray(x)

    def _from_scale(self, y: Array) -> Array:
        low, high = self.bounds
        if np.isfinite(low) and np.isfinite(high):
            return np.asarray(low + (high - low) * special.expit(y))
        if np.isfinite(low):
            return np.asarray(low + np.exp(y))
        if np.isfinite(high):
            return np.asarray(high - np.exp(-y))
        return y
