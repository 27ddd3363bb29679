"""Numbers in words never claim more than their interval supports, and never certainty."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactrisk.findings import wording

shares = st.floats(0, 1)
CERTAIN = re.compile(r"(?<![\d.,])(?:0(?:\.0+)?|100(?:\.0+)?)%")


@st.composite
def intervals(draw: st.DrawFn, low: float = 0.0, high: float = 1.0) -> tuple[float, float, float]:
    first, middle, last = sorted(draw(st.tuples(*[st.floats(low, high)] * 3)))
    return middle, first, last


def decimals(text: str) -> int:
    return max((len(found[1]) for found in re.finditer(r"\d\.(\d+)", text)), default=0)


@given(intervals())
def test_a_chance_is_never_said_to_be_certain(interval: tuple[float, float, float]) -> None:
    for text in (wording.percent_text(*interval), wording.interval_text(*interval), wording.percent_text(interval[0])):
        assert not CERTAIN.search(text), text


@given(intervals())
def test_percents_have_one_digit_more_than_the_interval_supports_at_most(interval: tuple[float, float, float]) -> None:
    value, low, high = interval
    text = wording.interval_text(*interval)
    width = 100 * (high - low)
    most = 0 if width >= 1 else 1 if width == 0 else min(math.ceil(-math.log10(width) - 1e-9), 4)
    more = decimals(text) - most
    # and that only where an end would be told as the number itself
    close = 100 * min((abs(end - value) for end in (low, high) if end != value), default=1)
    assert more <= 0 or (more == 1 and close <= 10.0**-most), text


@given(intervals())
def test_a_percent_said_is_the_percent_meant(interval: tuple[float, float, float]) -> None:
    value, low, high = interval
    text = wording.percent_text(value, low, high)
    if text in ("certain", "ruled out"):
        assert value == low == high == (text == "certain")
        return
    said = float(re.sub(r"[^\d.]", "", text))
    unit = 10.0 ** -decimals(text)
    slack = 1e-9
    if text.startswith("under"):
        assert 100 * value <= said + slack
    elif text.startswith("over"):
        assert 100 * value >= said - slack
    else:
        assert abs(100 * value - said) <= unit / 2 + slack


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        ((3e-9, 2e-9, 4e-9), "3e-9 (2e-9–4e-9)"),
        ((-3.21e-12, -3.25e-12, -3.17e-12), "−3.21e-12 (−3.25e-12 to −3.17e-12)"),
        ((0.0, 0.0, 3e-12), "0 (up to 3e-12)"),
        ((1e-12, 0.0, 3e-12), "1e-12 (0–3e-12)"),
        ((1.5e50, 1e50, 2e50), "1.5e50 (1.0e50–2.0e50)"),
        ((4e-6, 3e-6, 5e-6), "0.000004 (0.000003\N{EN DASH}0.000005)"),
        ((1e12, 9e11, 1.1e12), "1,000,000,000,000 (900,000,000,000–1,100,000,000,000)"),
        # what is as good as nothing is told as that
        ((5e-324, 5e-324, 5e-324), "0"),
        ((5e-324, 0.0, 1e-323), "0"),
    ],
)
def test_numbers_that_nobody_could_count_the_noughts_of(interval: tuple[float, float, float], text: str) -> None:
    assert wording.number_text(*interval) == text


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        ((1000.0, 390.4, 3400.7), "1,000 (400–3,400)"),
        ((100_000.0, 39_000.5, 340_000.5), "100,000 (40,000–340,000)"),
        ((210.0, 143.3, 348_123.4), "200 (100–348,100)"),
        ((300.0, 0.0, 700.5), "300 (0–700)"),
    ],
)
def test_a_large_count_that_is_some_is_not_told_as_none(interval: tuple[float, float, float], text: str) -> None:
    assert wording.number_text(*interval) == text


def test_ends_that_are_apart_by_rounding_alone_are_no_interval() -> None:
    assert wording.number_text(7e19, 7e19, 7.000000000000001e19) == "7.00e19"
    assert wording.number_text(0.21848003866360285, 0.2184800386636028, 0.2184800386636029) == "0.218"
    assert wording.number_text(0.0, 0.0, 1e-300) == "0 (up to 1e-300)"


@given(intervals(-1e6, 1e6))
def test_numbers_have_one_digit_more_than_the_interval_supports_at_most(interval: tuple[float, float, float]) -> None:
    value, low, high = interval
    text = wording.number_text(value, low, high)
    if high - low < 1e-6:
        return
    step = 10.0 ** math.floor(math.log10((high - low) / 2))
    assert step > (high - low) / 20 * (1 - 1e-9)
    more = decimals(text) - max(0, -math.floor(math.log10((high - low) / 2)))
    close = min((abs(end - value) for end in (low, high) if end != value), default=0)
    assert more <= 0 or (more == 1 and close <= step), text
    said = float(text.partition(" (")[0].replace(",", "").replace(wording.MINUS, "-"))
    assert abs(said - value) <= step / 2 + 1e-9 * abs(value) + 1e-12


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        ((0.21, 0.20, 0.22), "21% (20–22%)"),
        ((0.2134, 0.2104, 0.2152), "21.3% (21.0–21.5%)"),
        ((0.0, 0.0, 0.00003), "under 0.003%"),
        ((0.0, 0.0, 0.003), "under 0.3%"),
        ((0.0, 0.0, 0.03), "under 3%"),
        ((1.0, 0.97, 1.0), "over 97%"),
        ((1.0, 0.99999, 1.0), "over 99.999%"),
        ((0.3, 0.299984, 0.300016), "30.000% (29.998–30.002%)"),
        ((0.29, 0.28, 0.29), "29.0% (28.0–29.0%)"),
        ((0.0023, 0.0016, 0.0030), "0.23% (0.16–0.30%)"),
        ((0.00155, 0.00099, 0.00231), "0.16% (0.10–0.23%)"),
        ((0.2995, 0.2944, 0.3046), "30.0% (29.4–30.5%)"),
        ((0.4159, 0.4095, 0.4223), "41.6% (40.9–42.2%)"),
        ((0.359, 0.3526, 0.3654), "35.9% (35.3–36.5%)"),
        ((0.00015, 0.00001, 0.0039), "under 0.4%"),
        ((0.9998, 0.996, 1.0), "over 99.6%"),
        ((0.0006, 0.0004, 0.0008), "0.06% (0.04–0.08%)"),
        ((1.0, 1.0, 1.0), "certain"),
        ((0.0, 0.0, 0.0), "ruled out"),
        ((0.03, 0.001, 0.05), "3% (up to 5%)"),
        ((0.97, 0.95, 0.999), "97% (95% or more)"),
        ((0.5, 0.0, 1.0), "50% (could be anything)"),
        ((math.nan, math.nan, math.nan), "–"),
    ],
)
def test_intervals_as_they_read(interval: tuple[float, float, float], said: str) -> None:
    assert wording.interval_text(*interval) == said


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        ((0.03, 0.01, 0.05), "+3 points (+1 to +5)"),
        ((-0.003, -0.012, 0.05), "0 points (−1 to +5)"),
        ((-0.021, -0.023, -0.019), "−2.1 points (−2.3 to −1.9)"),
        ((0.0, 0.0, 0.0), "no change"),
    ],
)
def test_differences_as_they_read(interval: tuple[float, float, float], said: str) -> None:
    assert wording.difference_text(*interval) == said


def test_rounding_takes_no_sign_away() -> None:
    assert wording.difference_text(-0.00154, -0.00291, -0.00017) == "−0.15 points (−0.29 to −0.02)"
    assert wording.difference_text(0.00154, -0.00017, 0.00291) == "+0.2 points (0.0 to +0.3)"
    assert wording.change_text(-0.154, -0.291, -0.017) == "−0.15 (−0.29 to −0.02)"
    assert wording.change_text(0.154, -0.017, 0.291) == "+0.2 (0.0 to +0.3)"
    assert wording.change_text(1.0, 0.9926, 1.0) == "+1 (+0.992 to +1)"
    assert wording.number_text(0.0, -0.03, 0.0) == "0 (−0.03 to 0)"
    assert wording.difference_text(0.002, -0.003, 0.04) == "+0.2 points (−0.3 to +4.0)"


@given(intervals())
def test_no_end_is_told_as_the_number_unless_it_is_next_to_it(interval: tuple[float, float, float]) -> None:
    value, low, high = interval
    told = re.fullmatch(r"([\d.]+)% \(([\d.]+)–([\d.]+)%\)", wording.interval_text(*interval))
    if told is None:
        return
    unit = max(10.0 ** -decimals(told[0]), 1e-3)
    for said, end in ((told[2], low), (told[3], high)):
        assert said != told[1] or 100 * abs(end - value) <= unit / 10 * (1 + 1e-9), told[0]


@pytest.mark.parametrize(
    ("most", "said"), [(0.0133, "2%"), (0.02, "2%"), (0.0013, "0.2%"), (0.994, "all"), (1.0, "all"), (0.61, "61%")]
)
def test_a_bound_in_percent_is_never_told_smaller(most: float, said: str) -> None:
    assert wording.percent_bound_text(most) == said


def test_numbers_months_counts_and_lists_as_they_read() -> None:
    assert wording.number_text(70.93, 63.2, 78.4, "USD/bbl") == "71 USD/bbl (63–78)"
    assert wording.number_text(2, 1, 3) == "2 (1–3)"
    assert wording.number_text(2, 2, 2) == "2"
    assert wording.number_text(123_456, 120_000, 127_000) == "123,000 (120,000–127,000)"
    assert wording.number_text(-3.2, -4.1, 1.2) == "−3 (−4 to 1)"
    assert wording.number_text(0.0, 0.0, 0.018) == "0 (up to 0.018)"
    assert wording.number_text(0.37, 0.36, 0.38, step=0.1) == "0.37 (0.36–0.38)"
    assert wording.number_text(0.37, 0.32, 0.44, step=0.1) == "0.37 (0.32–0.44)"
    assert wording.number_text(1.6, 0.9, 2.3) == "1.6 (0.9–2.3)"
    assert wording.number_text(0.02, 0.0, 0.4) == "0.02 (0.00–0.40)"
    # digits that tell nothing apart are not told
    assert wording.number_text(1.0001, 1.0, 3.0) == "1 (1–3)"
    # what is possible ends at a whole number, and no end is told beyond it
    assert wording.number_text(8.4, 0, 26) == "8 (0–26)"
    # what always showed has no digits, as what never did
    assert wording.number_text(1, 0.99982, 1) == "1 (0.9998–1)"
    assert wording.number_text(3, 0.04, 3, "a year") == "3 a year (0–3)"
    assert wording.change_text(0.151, 0.143, 0.159) == "+0.151 (+0.143 to +0.159)"
    assert wording.change_text(0.0, 0.0, 0.0) == "no change"
    assert wording.range_text(0.66, 1.002) == "0.66–1.00"
    assert wording.range_text(-3.2, 40) == "0 to 40"
    assert wording.range_text(2, 2) == "2.00"
    assert wording.number_text(0.012345) == "0.0123"
    assert wording.months_text(36.2, 30, 44) == "36 months (30–44)"
    assert wording.months_text(36.2, 30, math.inf) == "36 months (30 or more)"
    assert wording.months_text(math.inf) == wording.months_text(math.inf, math.inf, math.inf) == "never"
    assert wording.months_text(math.inf, 57, math.inf) == "never (57 or more)"
    # whole steps are not rounded to tens, and one alone needs no brackets
    assert wording.months_text(24.0, 15.0, 36.0) == "24 months (15–36)"
    assert wording.months_text(9.0, 9.0, 9.0) == "9 months"
    assert wording.months_text(24.5, 15.0, 36.0) == "24 months (15–36)"
    assert wording.months_text(10.3, 3.1, 33.6) == "10 months (3–34)"
    assert wording.months_text(0.4, 0.0, 36.0) == "0.4 months (0.0–36.0)"
    assert wording.months_text(1.0) == "1 month"
    assert wording.months_text(1.0, 1.0, 3.0) == "1 month (1–3)"
    assert wording.count_text(100_000) == "100,000"
    assert [wording.listed(list("abc"[:n])) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("edge", "below", "above"),
    [
        (0.05, "almost no chance", "very unlikely"),
        (0.20, "very unlikely", "unlikely"),
        (0.45, "unlikely", "roughly even chance"),
        (0.55, "roughly even chance", "likely"),
        (0.80, "likely", "very likely"),
        (0.95, "very likely", "almost certain"),
    ],
)
def test_words_change_at_the_edges_of_the_standard(edge: float, below: str, above: str) -> None:
    assert wording.chance_words(edge - 1e-9) == below
    assert wording.chance_words(edge) == above
    assert wording.chance_words(edge, edge - 0.01, edge + 0.01) == f"{below} to {above}"


@given(shares, shares)
def test_words_never_fall_as_the_chance_rises(one: float, other: float) -> None:
    order = [word for _, word in wording._WORDS]
    low, high = sorted((one, other))
    assert order.index(wording.chance_words(low)) <= order.index(wording.chance_words(high))


def test_an_estimate_is_said_with_its_interval_before_its_words() -> None:
    @dataclass(frozen=True)
    class Found:
        value: float = 0.21
        low: float = 0.20
        high: float = 0.22

    assert wording.chance_text(Found()) == "21% (20–22%), unlikely"


@pytest.mark.parametrize("high", [922.2, 901.0, 0.0441, 3.0, 1.04])
def test_a_bound_is_never_told_smaller_than_it_is(high: float) -> None:
    told = wording.number_text(0.0, 0.0, high)
    assert float(told.removeprefix("0 (up to ").removesuffix(")").replace(",", "")) >= high


def test_a_number_of_which_nothing_is_known_is_said_to_be_so() -> None:
    assert wording.number_text(0, 0, math.inf, "t") == "0 t (could be more)"
    assert wording.number_text(-3, -math.inf, -3) == "−3.00 (could be less)"
    assert wording.number_text(71.2, -math.inf, math.inf) == "71.2 (could be anything)"
    assert wording.number_text(71.2, math.nan, math.nan) == "71.2"


@pytest.mark.parametrize(("value", "said"), [(0.4, "0 (0–5,000)"), (4.0, "4 (0–5,000)"), (400.0, "400 (0–5,000)")])
def test_less_than_one_of_thousands_gives_the_thousands_no_decimals(value: float, said: str) -> None:
    assert wording.number_text(value, 0.0, 5000.0) == said


@given(st.floats(1e-5, 1e14))
def test_a_bound_is_told_as_no_less_than_it_is_and_as_little_more(most: float) -> None:
    told = float(wording.bound_text(most).replace(",", ""))
    assert most * (1 - 1e-12) <= told <= 1.5 * most + 1e-12


@pytest.mark.parametrize(("most", "told"), [(1840, "1,900"), (37.2, "40"), (3.0, "3"), (0.37, "0.4"), (1e20, "1.0e20")])
def test_bounds_as_they_read(most: float, told: str) -> None:
    assert wording.bound_text(most) == told
