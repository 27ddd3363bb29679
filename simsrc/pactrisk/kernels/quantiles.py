"""Quantile functions of durations, one number at a time, for loops that cannot know beforehand what they will draw.

A distribution is a code and a table of shape (row, world). The first four rows are the same for all: the levels at
which a truncated one begins and ends, and the values there. Logarithms and powers are those of the C library.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pactrisk.kernels.compilation import compiled, inner
from pactrisk.kernels.draws import centre_one, fill_quantiles, tail_one

__all__ = ["CODES", "HEAD", "normal_one", "quantile_one", "spread"]

Array = npt.NDArray[np.float64]

CODES = {
    "fixed": 0,
    "uniform": 1,
    "triangular": 2,
    "quantiles": 3,
    "lognormal": 4,
    "exponential": 5,
    "weibull": 6,
    "log_logistic": 7,
    "normal": 8,
}
"""Families that loops can draw from; the others go by the plain way."""
HEAD = 6
"""Rows before those of the family's own numbers: levels cut, values cut, bounds that decide the scale of quantiles."""

_FIXED, _UNIFORM, _TRIANGULAR, _QUANTILES, _LOGNORMAL, _EXPONENTIAL, _WEIBULL, _LOG_LOGISTIC, _NORMAL = range(9)


@inner
def normal_one(u):
    """The standard normal quantile."""
    if abs(u - 0.5) <= 0.425:
        return centre_one(u)
    return tail_one(u, math.log(min(u, 1.0 - u)))


@inner
def _line(table, i, z):
    # rows of a knot: level, value; the line through the last knot below z
    knots = (table.shape[0] - HEAD) // 2
    j = 0
    while j < knots - 2 and not math.isnan(table[HEAD + 2 * j + 4, i]) and z > table[HEAD + 2 * j + 2, i]:
        j += 1
    row = HEAD + 2 * j
    z0, y0, z1, y1 = table[row, i], table[row + 1, i], table[row + 2, i], table[row + 3, i]
    return y0 + (z - z0) * (y1 - y0) / (z1 - z0)


@inner
def _from_scale(y, low, high):
    if low > -math.inf and high < math.inf:
        return low + (high - low) / (1.0 + math.exp(-y))
    if low > -math.inf:
        return low + math.exp(y)
    return high - math.exp(-y) if high < math.inf else y


@inner
def _by_normal(code):
    return code in (_QUANTILES, _NORMAL, _LOGNORMAL)


@inner
def quantile_one(code, table, i, u):
    """The value in world ``i`` not exceeded with chance ``u``."""
    u = table[0, i] + u * (table[1, i] - table[0, i])
    return _value(code, table, i, u, normal_one(u) if _by_normal(code) else 0.0)


@inner
def _value(code, table, i, u, z):
    """The value at level ``u``, of which ``z`` is the normal quantile where the family asks for it."""
    a, b = table[HEAD, i], table[HEAD + 1, i]
    if code == _QUANTILES:
        x = _from_scale(_line(table, i, z), table[4, i], table[5, i])
    elif code == _NORMAL:
        x = a + b * z
    elif code == _LOGNORMAL:
        x = a * math.exp(b * z)
    elif code == _EXPONENTIAL:
        x = -math.log1p(-u) * a
    elif code == _WEIBULL:
        x = a * (-math.log1p(-u)) ** (1.0 / b)
    elif code == _LOG_LOGISTIC:
        x = a * (u / (1.0 - u)) ** (1.0 / b)
    elif code == _UNIFORM:
        x = a + u * (b - a)
    elif code == _TRIANGULAR:
        high = table[HEAD + 2, i]
        if u < (b - a) / (high - a):
            x = a + math.sqrt(u * (high - a) * (b - a))
        else:
            x = high - math.sqrt((1.0 - u) * (high - a) * (high - b))
    else:
        x = a
    return min(max(x, table[2, i]), table[3, i])


@compiled()
def spread(levels: Array, code: int, table: Array, out: Array) -> None:
    """The quantile at the level of each world, of one law for all, laid out as one number a trial."""
    worlds = len(levels)
    u, z = np.empty(worlds), np.zeros(worlds)
    for w in range(worlds):
        u[w] = table[0, 0] + levels[w] * (table[1, 0] - table[0, 0])
    if _by_normal(code):
        fill_quantiles(u, z)
    for w in range(worlds):
        out[w] = _value(code, table, 0, u[w], z[w])
    for first in range(worlds, len(out), worlds):
        out[first : first + worlds] = out[:worlds]
