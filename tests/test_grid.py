"""Dates on the grid."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactrisk.grid import TimeGrid, add_months, months_between

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 2, 27), 0, date(2026, 2, 27)),
        (date(2026, 2, 27), 12, date(2027, 2, 27)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 10, 31), 14, date(2027, 12, 31)),
        (date(2026, 3, 15), -3, date(2025, 12, 15)),
    ],
)
def test_whole_months(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end
    if start.day <= 28:
        assert months_between(start, end) == months


def test_the_ends_of_the_calendar_are_days_as_others() -> None:
    assert months_between(date(2026, 12, 31), date(9999, 12, 31)) == 7973 * 12
    assert months_between(date(9999, 12, 31), date(9999, 12, 31)) == 0
    assert months_between(date(1, 1, 31), date(1, 1, 1)) == pytest.approx(-30 / 31)


@settings(derandomize=True)
@given(DAYS, st.integers(-200, 200))
def test_whole_months_are_found_again(start: date, months: int) -> None:
    assert months_between(start, add_months(start, months)) == months


@settings(derandomize=True)
@given(DAYS, DAYS, st.integers(1, 40))
def test_a_later_day_is_later(start: date, end: date, days: int) -> None:
    months = months_between(start, end)
    assert months_between(start, end + timedelta(days)) > months
    assert abs(months - (end - start).days / 30.436875) < 1.1
    assert (months >= 0) == (end >= start)


def test_a_fraction_is_of_the_month_under_way() -> None:
    assert months_between(date(2026, 2, 27), date(2026, 3, 13)) == 14 / 28
    assert months_between(date(2026, 2, 27), date(2026, 4, 11)) == 1 + 15 / 31
    assert months_between(date(2026, 2, 27), date(2026, 2, 13)) == pytest.approx(-14 / 31, rel=1e-15)


def test_a_grid_by_month_and_by_quarter() -> None:
    month, quarter = TimeGrid(date(2026, 11, 30), 15), TimeGrid(date(2026, 11, 30), 5, 3)
    assert (month.points, quarter.points) == (16, 6)
    np.testing.assert_array_equal(month.months[::3], quarter.months)
    assert month.dates[::3] == quarter.dates
    assert quarter.dates[:2] == (date(2026, 11, 30), date(2027, 2, 28))
    assert (month.years, quarter.years) == (1 / 12, 1 / 4)
    assert month.month_of(date(2026, 10, 30)) == -1.0
    assert month.month_of(date(2027, 5, 30)) == quarter.month_of(date(2027, 5, 30)) == 6.0


def test_the_last_point_not_later() -> None:
    quarter = TimeGrid(date(2026, 11, 30), 5, 3)
    assert [quarter.at(m) for m in (-1.0, 0.0, 2.9, 3.0, 5.99, 14.9, 15.0, 99.0)] == [0, 0, 0, 1, 1, 4, 5, 5]
    assert quarter.at(3 * 0.1 * 10) == 1
