from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactrisk.estimators import digits, rounded


@pytest.mark.parametrize(
    ("low", "high", "decimals"),
    [
        (0.40, 0.46, 2),
        (0.0, 0.0018, 4),
        (0.27, 0.29, 2),  # the half-width falls short of 0.01 by an ulp
        (0.4991, 0.5011, 3),
        (1100.0, 1360.0, -2),
        (3.0, 5.0, 0),
        (0.5, 0.5, 12),
        (-math.inf, math.inf, 0),
        (math.nan, 1.0, 0),
    ],
)
def test_digits(low: float, high: float, decimals: int) -> None:
    assert digits(low, high) == decimals


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ((0.43217, 0.4187, 0.4413), (0.43, 0.41, 0.45)),
        ((0.0, 0.0, 0.0018), (0.0, 0.0, 0.0018)),
        ((1234.0, 1104.0, 1364.0), (1200.0, 1100.0, 1400.0)),
        ((-0.002, -0.0123, 0.0083), (0.0, -0.02, 0.01)),
        ((2.0, -math.inf, math.inf), (2.0, -math.inf, math.inf)),
    ],
)
def test_rounded(given_: tuple[float, float, float], expected: tuple[float, float, float]) -> None:
    assert rounded(*given_) == expected
    assert math.copysign(1.0, rounded(*given_)[0]) == 1.0  # no "-0"


def test_what_is_unknown_stays_unknown() -> None:
    assert math.isnan(rounded(math.nan, 0.0, 1.0)[0])


@given(st.floats(-1e6, 1e6), st.floats(1e-9, 1e6), st.floats(0.0, 1.0))
def test_the_interval_only_widens_and_not_by_much(low: float, width: float, part: float) -> None:
    high = low + width
    if high - low < 1e-9:
        return
    places = digits(low, high)
    unit = 10.0**-places
    half = (high - low) / 2
    slack = 1e-8 * unit
    assert unit <= half * (1 + 1e-6)
    assert half < 10 * unit * (1 + 1e-6)
    _, least, most = rounded(low + part * width, low, high)
    assert low - unit - slack <= least <= low + slack
    assert high - slack <= most <= high + unit + slack
