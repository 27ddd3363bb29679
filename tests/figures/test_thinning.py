"""Long horizons and many agreements: the drawings stay small, and say at each date kept what they were given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from pactrisk.figures import draw
from pactrisk.figures.thinning import thinned
from pactrisk.findings import AreaPanel, FanPanel, LinePanel, Lines, StackedArea

AGREEMENTS, POINTS = 60, 601
DATES = (np.datetime64("2026-02") + np.arange(POINTS)).astype("datetime64[D]") + 26
CLASSES = ("substantive", "partial", "token", "pending", "symbolic", "dormant", "reversed", "absent")
TEXTS = {"title": "T", "caption": "C", "alt": "A"}
PAGE = 5_000_000


def areas(rng: np.random.Generator, dates: Any = DATES) -> AreaPanel:
    """Every class at every date, each with the noise of a short run: curves that nothing else makes shorter."""
    weights = np.exp(np.cumsum(rng.normal(0, 0.05, (len(CLASSES), len(dates))), axis=1))
    return AreaPanel(title="a", x=dates, series=CLASSES, shares=weights / weights.sum(axis=0))


def lines(rng: np.random.Generator, dates: Any = DATES) -> LinePanel:
    values = rng.uniform(0.3, 0.7, (5, len(dates)))
    return LinePanel(title="l", x=dates, series=tuple("vwxyz"), values=values, low=values - 0.02, high=values + 0.02)


def fan(rng: np.random.Generator, dates: Any = DATES) -> FanPanel:
    bands = {p: 70 + 10 * p + rng.normal(0, 0.1, len(dates)) for p in (0.05, 0.25, 0.5, 0.75, 0.95)}
    return FanPanel(title="f", x=dates, bands=bands)


def test_sixty_agreements_over_fifty_years_fit_on_a_page(examples: dict[str, Any]) -> None:
    rng, names = np.random.default_rng(1), tuple(f"Agreement {n}" for n in range(AGREEMENTS))
    figures = (
        StackedArea(name="classes-by-date", **TEXTS, panels=[areas(rng) for _ in names]),
        Lines(name="milestones-by-date", **TEXTS, panels=[lines(rng) for _ in names]),
        examples["class_bars"](names),
        examples["density"](names),
    )
    # what is left of the page is for words and for tables, which are cut to what room there is
    assert sum(len(draw(figure).inline.encode()) for figure in figures) < 0.85 * PAGE


@pytest.mark.parametrize("make", [areas, lines, fan])
@pytest.mark.parametrize(("panels", "every"), [(1, 3), (30, 3), (60, 6), (1000, 12)])
def test_dates_are_left_out_evenly_and_the_ends_stay(make: Callable[..., Any], panels: int, every: int) -> None:
    panel = make(np.random.default_rng(2))
    thin = thinned([panel] * panels)[-1]
    keep = [*range(0, POINTS - 1, every), POINTS - 1]
    assert list(thin.x) == list(DATES[keep])
    assert thin.title == panel.title
    for name in ("shares", "values", "low", "high"):
        if hasattr(panel, name):
            assert np.array_equal(getattr(thin, name), getattr(panel, name)[:, keep])
    for p, values in getattr(panel, "bands", {}).items():
        assert np.array_equal(thin.bands[p], values[keep])


@pytest.mark.parametrize("make", [areas, lines, fan])
def test_what_can_be_seen_is_kept_whole(make: Callable[..., Any]) -> None:
    # ten years by month: no line loses a date
    panel = make(np.random.default_rng(3), DATES[:121])
    assert thinned([panel] * 10) == [panel] * 10


def test_a_long_line_is_drawn_from_its_first_date_to_its_last() -> None:
    values = np.linspace(0, 1, POINTS)[None] ** 2

    def ends(dates: Any, values: Any) -> list[float]:
        figure = Lines(name="x", **TEXTS, panels=[LinePanel(title="t", x=dates, series=("s",), values=values)])
        root = ElementTree.fromstring(draw(figure).svg)
        long = max((path.get("d", "") for path in root.iter("{http://www.w3.org/2000/svg}path")), key=len)
        numbers = [float(word) for word in long.split() if word not in "MLz"]
        return [*numbers[:2], *numbers[-2:]]

    assert ends(DATES, values) == pytest.approx(ends(DATES[::100], values[:, ::100]), abs=0.11)
