"""What lasts: survival functions and their inverse, for a stay of which some time has passed.

In the upper tail 1 - cdf has no digits left, so each family states its survival function and the inverse of it.
Elicited quantiles are taken from their other end: the upper tail of a value is the lower tail of minus the value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.distributions import Array, Distribution, Parameters, Real
from pactrisk.later import special

__all__ = ["TAILS", "kept", "lasting", "left"]

Tail = Callable[[Array, Parameters], npt.NDArray[Any]]
_LEAST = 1e-300


def _triangular_sf(x: Array, p: Parameters) -> Array:
    low, mode, high = np.asarray(p["low"]), np.asarray(p["mode"]), np.asarray(p["high"])
    with np.errstate(divide="ignore", invalid="ignore"):
        left = 1 - (x - low) ** 2 / ((high - low) * (mode - low))
        right = (high - x) ** 2 / ((high - low) * (high - mode))
    return np.where(x <= low, 1.0, np.where(x >= high, 0.0, np.where(x < mode, left, right)))


def _triangular_isf(q: Array, p: Parameters) -> Array:
    low, mode, high = np.asarray(p["low"]), np.asarray(p["mode"]), np.asarray(p["high"])
    width = high - low
    left = low + np.sqrt(np.maximum(1 - q, 0) * width * (mode - low))
    return np.asarray(np.where(q * width <= high - mode, high - np.sqrt(q * width * (high - mode)), left))


TAILS: dict[str, tuple[Tail, Tail]] = {
    "fixed": (
        lambda x, p: np.asarray(x < np.asarray(p["value"]), dtype=float),
        lambda q, p: np.zeros_like(q) + p["value"],
    ),
    "uniform": (
        lambda x, p: np.clip((p["high"] - x) / (np.asarray(p["high"]) - p["low"]), 0, 1),
        lambda q, p: p["high"] - q * (np.asarray(p["high"]) - p["low"]),
    ),
    "triangular": (_triangular_sf, _triangular_isf),
    "normal": (
        lambda x, p: special.ndtr((p["mean"] - x) / p["sd"]),
        lambda q, p: p["mean"] - np.asarray(p["sd"]) * special.ndtri(q),
    ),
    "lognormal": (
        lambda x, p: special.ndtr(-np.log(np.maximum(x, _LEAST) / p["median"]) / p["sigma"]),
        lambda q, p: p["median"] * np.exp(-np.asarray(p["sigma"]) * special.ndtri(q)),
    ),
    "exponential": (
        lambda x, p: np.exp(-np.maximum(x, 0) / p["mean"]),
        lambda q, p: -np.log(q) * p["mean"],
    ),
    "weibull": (
        lambda x, p: np.exp(-((np.maximum(x, 0) / p["scale"]) ** p["shape"])),
        lambda q, p: p["scale"] * (-np.log(q)) ** (1 / np.asarray(p["shape"])),
    ),
    "gamma": (
        lambda x, p: special.gammaincc(p["shape"], np.maximum(x, 0) / p["scale"]),
        lambda q, p: special.gammainccinv(p["shape"], q) * p["scale"],
    ),
    "log_logistic": (
        lambda x, p: special.expit(-np.asarray(p["shape"]) * np.log(np.maximum(x, _LEAST) / p["median"])),
        lambda q, p: p["median"] * ((1 - q) / q) ** (1 / np.asarray(p["shape"])),
    ),
    "beta": (
        lambda x, p: special.betainc(p["b"], p["a"], 1 - np.clip(x, 0, 1)),
        lambda q, p: 1 - special.betaincinv(p["b"], p["a"], q),
    ),
}
"""Survival function and its inverse, by family."""


def left(law: Distribution, u: Array, elapsed: Real) -> Array:
    """What is left after ``elapsed``, given that it is exceeded, at level ``u``."""
    least = 0.0 if law.high is None else _tail(law, law.high)
    level = np.maximum(least + (1 - u) * _above(law, elapsed), _LEAST)
    x = TAILS[law.family][1](level, law.parameters) if law.family in TAILS else -_mirrored(law).ppf(level)
    x = np.clip(x, law.low, law.high) if law.low is not None or law.high is not None else x
    return np.asarray(np.maximum(x - elapsed, 0.0))


def lasting(law: Distribution, elapsed: Real) -> Array:
    """The chance of exceeding ``elapsed``."""
    return np.asarray(_above(law, elapsed) / np.maximum(kept(law), _LEAST))


def kept(law: Distribution) -> Array:
    """The share of the whole that lies between the cuts of a distribution."""
    if law.family != "fixed":
        return _above(law, -np.inf)
    # an atom on an edge is inside
    x = np.asarray(law.parameters["value"], dtype=float)
    least, most = -np.inf if law.low is None else law.low, np.inf if law.high is None else law.high
    return np.asarray((least <= x) & (x <= most), dtype=float)


def _above(law: Distribution, x: Real) -> Array:
    """The share of the whole that lies above both ``x`` and the lower cut, and below the upper one."""
    start = x if law.low is None else np.maximum(x, law.low)
    least = 0.0 if law.high is None else _tail(law, law.high)
    return np.asarray(np.maximum(_tail(law, start) - least, 0.0))


def _tail(law: Distribution, x: Real) -> Array:
    x = np.asarray(x, dtype=float)
    return np.asarray(TAILS[law.family][0](x, law.parameters) if law.family in TAILS else _mirrored(law).cdf(-x))


def _mirrored(law: Distribution) -> Distribution:
    """The law of minus the value, uncut."""
    named = {f"p{100 - int(name[1:]):02d}": -np.asarray(x) for name, x in law.parameters.items()}
    return replace(law, parameters=named, low=None, high=None, bounds=(-law.bounds[1], -law.bounds[0]))
