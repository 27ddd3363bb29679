"""How many digits a number has earned."""

from __future__ import annotations

import math

__all__ = ["digits", "rounded"]

_MOST = 12


def digits(low: float, high: float) -> int:
    """Decimals that an interval supports: the fewest whose last place is worth at most its half-width.

    ``ceil(-log10((high - low) / 2))``, at most 12; negative for tens (-1) or hundreds (-2). So 0.43 +- 0.03
    supports 2 and 1234 +- 130 supports -2. An interval of no width supports 12, one without end 0.
    """
    half = (high - low) / 2.0
    if not math.isfinite(half):
        return 0
    if half <= 0.0:
        return _MOST
    # (0.13 - 0.11) / 2 falls short of 0.01 by an ulp, which must not earn a digit.
    return min(math.ceil(-math.log10(half) - 1e-9), _MOST)


def rounded(value: float, low: float, high: float) -> tuple[float, float, float]:
    """Value and interval with the decimals that the interval supports; the interval only widens.

    NaN and infinite numbers stay as they are.
    """
    places = digits(low, high)
    return _step(value, places, 0), _step(low, places, -1), _step(high, places, 1)


def _step(number: float, places: int, way: int) -> float:
    """The number to so many places: nearest (0), down (-1) or up (1)."""
    if not math.isfinite(number):
        return number
    nearest = round(number, places)
    unit = 10.0**-places
    if way * (nearest - number) < -1e-9 * unit:
        nearest = round(nearest + way * unit, places)
    return nearest + 0.0
