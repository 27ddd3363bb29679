"""Long horizons and many agreements: the drawings stay small, and say at each date kept what they were given."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from pactrisk.figures import draw
from pactrisk.figures.svg import both
from pactrisk.figures.thinning import thinned
from pactrisk.findings import AreaPanel, FanPanel, LinePanel, Lines, StackedArea

AGREEMENTS, POINTS = 60, 601
DATES = (np.datetime64("2026-02") + np.arange(POINTS, dtype="m8[M]")).astype("datetime64[D]") + np.timedelta64(26, "D")
CLASSES = ("substantive", "partial", "token", "pending", "symbolic", "dormant", "reversed", "absent")
TEXTS = {"title": "T", "caption": "C", "alt": "A"}
SVG = "{http://www.w3.org/2000/svg}"
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
    # the rest of the page is for the other drawings, for words, and for tables, which are cut to what room there is
    assert sum(len(draw(figure).inline.encode()) for figure in figures) < 0.6 * PAGE


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


def points_of(d: str) -> np.ndarray[Any, Any]:
    """Points of a path, whether told by places or by steps."""
    assert set(re.findall("[A-Za-z]", d)) <= set("MLlz")
    found = []
    for piece in d.split("M")[1:]:
        start, *rest = np.array(re.findall(r"-?(?:\d+\.?\d*|\.\d+)", piece), dtype=float).reshape(-1, 2)
        found.append(start + np.cumsum([[0, 0], *rest], axis=0) if "l" in piece else np.array([start, *rest]))
    return np.concatenate(found)


def test_a_long_line_is_drawn_from_its_first_date_to_its_last() -> None:
    def drawn(dates: Any) -> np.ndarray[Any, Any]:
        # a saw between its ends, or the straight parts would be left out
        x = np.arange(len(dates))
        values = (x / x[-1] * 0.8 + np.where(x % 2, 0.1, 0) * (x > 0) * (x < x[-1]))[None]
        panel = LinePanel(title="t", x=dates, series=("s",), values=values)
        root = ElementTree.fromstring(draw(Lines(name="x", **TEXTS, panels=[panel])).svg)
        return points_of(max((e.get("d", "") for e in root.iter(f"{SVG}path")), key=len))

    many, few = drawn(DATES), drawn(DATES[::100])
    assert len(many) >= 201
    assert many[[0, -1]] == pytest.approx(few[[0, -1]], abs=0.11)


def inline(raw: bytes, name: str, alt: str) -> str:
    return both(raw, name, "", alt)[1]


def test_straight_paths_are_told_by_steps_and_others_by_places() -> None:
    raw = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="{}"/></svg>'
    corners = "".join(f"M {n}.04 {n}.56 L {n + 1}.14 {n}.44 L {n}.04 -{n}.06 z " for n in range(40))
    curve = corners + "C 1.111 2.222 3.333 4.444 5.555 6.666"
    assert 'd="M0 .6l1.1-.2-1.1-.5zM1 1.6l1.1-.2-1.1-2.5z' in inline(raw.format(corners).encode(), "x", "A")
    assert "M 0 0.6 L 1.1 0.4" in inline(raw.format(curve).encode(), "x", "A")
    assert "M 0.04 0.56 L 1.14" in inline(raw.format(corners[:500]).encode(), "x", "A")


def test_no_step_adds_to_the_error_of_those_before() -> None:
    places = np.random.default_rng(4).uniform(-5, 700, (3000, 2))
    d = "M " + " L ".join(f"{x:.6f} {y:.6f}" for x, y in places)
    root = ElementTree.fromstring(
        inline(f'<svg xmlns="{SVG[1:-1]}" viewBox="0 0 1 1"><path d="{d}"/></svg>'.encode(), "x", "A")
    )
    assert np.abs(points_of(root[0].get("d", "")) - places).max() < 0.0501
