"""Text is broken to the width it has, and ticks are round and exact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactrisk.figures.sheet import measure, nice_ticks, tick_text, wrap
from pactrisk.findings import plain


@given(st.text(st.characters(codec="latin-1"), max_size=120), st.floats(40, 300), st.integers(1, 3))
def test_wrapped_text_fits_and_loses_nothing_unsaid(text: str, width: float, lines: int) -> None:
    rows = wrap(text, width, 9.5, lines)
    assert 1 <= len(rows) <= lines
    assert all(measure(row) <= width for row in rows)
    joined = "".join(rows).replace(" ", "")
    whole = plain(text).replace(" ", "")
    begins, cut, ends = joined.partition("…")
    assert not cut or (whole.startswith(begins) and whole.endswith(ends) and len(joined) <= len(whole))
    assert cut or joined == whole
    assert bool(cut and ends) == bool(cut and lines > 1)


def test_a_long_title_is_cut_before_what_is_said_of_it() -> None:
    title = "Kambarata-1 hydropower plant: the intergovernmental agreement on finance and building"
    rows = wrap(f"{title}: first tranche, never done", 176, 9.5, 3)
    assert rows == [
        "Kambarata-1 hydropower plant: the",
        "intergovernmental agreement on…",
        "building: first tranche, never done",
    ]
    assert wrap("x y " * 200 + "(the second)", 90, 9.5, 2)[1].endswith("(the second)")


@pytest.mark.parametrize(
    ("word", "rows"),
    [
        ("Tashkent–Osh–Khujand", ["Tashkent–Osh–", "Khujand"]),
        ("Semey/Ust-Kamenogorsk", ["Semey/Ust-", "Kamenogorsk"]),
        ("Rindfleischetikettierung", ["Rindfleischetikett", "ierung"]),
        ("co-Rindfleischetikettierung", ["co-Rindfleischeti", "kettierung"]),
        ("one Tashkent–Osh", ["one", "Tashkent–Osh"]),
    ],
)
def test_a_word_longer_than_a_line_is_broken_after_a_dash(word: str, rows: list[str]) -> None:
    assert wrap(word, 84, 9.5, 3) == rows


@given(st.integers(-200, 200), st.sampled_from([-1, 0, 1]), st.floats(1, 10))
def test_ticks_of_any_size_have_room_in_the_margin(power: int, begin: int, width: float) -> None:
    size = 10.0**power
    labels = tick_text(nice_ticks(begin * size, (begin + width) * size, 4), "number")
    assert len(set(labels)) == len(labels)
    assert all(measure(label, 8.5) <= 46 for label in labels)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_span_what_is_shown(low: float, width: float) -> None:
    ticks = nice_ticks(low, low + width)
    slack = 1e-6 * width + 1e-12 * abs(low)
    assert ticks[0] <= low + slack
    assert ticks[-1] >= low + width - slack
    assert len(set(tick_text(ticks, "number"))) == len(ticks)


@pytest.mark.parametrize(
    ("ticks", "scale", "said"),
    [
        ([0, 0.25, 0.5], "probability", ["0%", "25%", "50%"]),
        ([0, 0.2, 0.4, 0.6000000000000001], "probability", ["0%", "20%", "40%", "60%"]),
        ([0, 0.025, 0.05], "probability", ["0.0%", "2.5%", "5.0%"]),
        ([-0.05, 0, 0.05], "difference", ["−5", "0", "+5"]),
        ([0, 50_000, 100_000], "number", ["0", "50,000", "100,000"]),
        ([0, 5e7, 1e8], "number", ["0", "5e7", "1e8"]),
        ([-1e20, 0, 1e20, 2e20], "number", ["−1e20", "0", "1e20", "2e20"]),
        ([-2.5e11, 0, 2.5e11], "change", ["−2.5e11", "0", "+2.5e11"]),
        ([0, 5e-10, 1e-9, 1.5e-9], "number", ["0", "5.0e-10", "1.0e-9", "1.5e-9"]),
        ([1e15 - 250, 1e15 - 150], "number", ["999,999,999,999,750", "999,999,999,999,850"]),
    ],
)
def test_ticks_as_they_read(ticks: list[float], scale: str, said: list[str]) -> None:
    assert tick_text(ticks, scale) == said  # type: ignore[arg-type]


@given(st.integers(-9_999_999, 9_999_999), st.sampled_from([0.1, 0.5, 1, 1000, 1e6]), st.floats(20, 60))
def test_powers_of_ten_are_taken_only_where_they_are_shorter(begin: int, step: float, room: float) -> None:
    ticks = [begin + k * step for k in range(4)]

    def widest(room: float) -> float:
        return max(measure(label, 8.5) for label in tick_text(ticks, "number", room))

    assert widest(room) <= widest(float("inf"))
    assert tick_text([12345.5, 12346.0, 12346.5], "number", 36) == ["12,345.5", "12,346.0", "12,346.5"]
