"""How finely numbers are told: the step that an interval supports, and where it has to be finer or need not be."""

from __future__ import annotations

import math

__all__ = [
    "apart",
    "difference_step",
    "number_step",
    "percent_step",
    "power",
    "rounded_up",
    "ticks",
    "ticks_up",
    "unknown",
    "whole",
    "with_sign",
]

_FINEST = 1e-4
"""The least step of a percent that is told."""
_LEAST = 1e-300
"""A number below this is as good as none, and a tenth of it is still a step."""
_DENSE = 2.0**53
"""From here on a computer knows whole numbers only."""


def with_sign(step: float, low: float, high: float) -> float:
    """A step at which no end of an interval without nought is told as nought; ten times finer at the most."""
    return step if not low * high > 0 or round(min(abs(low), abs(high)) / step) else step / 10


def apart(step: float, value: float, low: float, high: float) -> float:
    """A step at which no end that is not the number itself is told as it, if one ten times finer is."""

    def alike(step: float) -> bool:
        told = round(value / step)
        return any(round(end / step) == told and not math.isclose(end, value) for end in (low, high))

    return step / 10 if alike(step) and not alike(step / 10) else step


def unknown(*values: float) -> bool:
    """Whether any of them is no finite number."""
    return any(not math.isfinite(value) for value in values)


def whole(*values: float) -> bool:
    """Whether all of them are whole numbers; one so large that it could be nothing else is not known to be."""
    return all(float(value).is_integer() and abs(value) < _DENSE for value in values)


def number_step(low: float, high: float) -> float:
    """The power of ten that an interval supports, at or below half its width."""
    return power((high - low) / 2)


def percent_step(value: float, low: float | None, high: float | None) -> float:
    """The step that an interval supports, in percent: a whole one, or a power of ten at or below half its width.

    What rounds to nothing, or to all, is only its bound, and of that the width is the number.
    """
    if low is None or high is None or unknown(value, low, high) or low == high:
        return 0.1 if min(value, 1 - value) < 0.01 else 1.0
    step = _width_step(50 * (high - low))
    if 0 < ticks(value, step) < ticks(1, step):
        return max(apart(step, 100 * value, 100 * low, 100 * high), _FINEST)
    return _width_step(100 * (high - low))


def difference_step(value: float, low: float | None, high: float | None) -> float:
    """The step that an interval of a difference of two shares supports, in points."""
    if low is None or high is None or unknown(low, high) or low == high:
        return 1.0
    step = with_sign(_width_step(50 * (high - low)), 100 * low, 100 * high)
    return max(apart(step, 100 * value, 100 * low, 100 * high), _FINEST)


def _width_step(width: float) -> float:
    # a width of a whole point must not fall short of it by its last bit
    return max(min(power(width * (1 + 1e-9)), 1.0), _FINEST)


def ticks(value: float, step: float) -> int:
    """A share of 1 in so many steps of a percent."""
    return round(100 * value / step)


def ticks_up(value: float, step: float) -> int:
    """The same rounded up, to one step at the least."""
    # the tolerance keeps a bound that is itself a round number from being pushed up by its last bit.
    return max(1, math.ceil(100 * value / step - 1e-9))


def rounded_up(most: float, step: float) -> float:
    """The whole number of steps at or above a bound, which so holds as it is told."""
    return math.ceil(most / step - 1e-9) * step


def power(width: float) -> float:
    """The power of ten at or below a width; 1 for none."""
    return float(10.0 ** math.floor(math.log10(max(width, _LEAST)))) if width > 0 else 1.0
