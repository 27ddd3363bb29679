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
    assert joined == whole or (joined.endswith("…") and whole.startswith(joined[:-1]))


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
    ],
)
def test_ticks_as_they_read(ticks: list[float], scale: str, said: list[str]) -> None:
    assert tick_text(ticks, scale) == said  # type: ignore[arg-type]
