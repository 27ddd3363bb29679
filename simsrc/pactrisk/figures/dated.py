"""Panels over time: fans, shares and lines, laid out in a grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from pactrisk.figures.legend import Mark, draw_legend, legend_height
from pactrisk.figures.palette import HATCH, INK, MUTED, PAPER, dash_of, fill_of, line_of
from pactrisk.figures.plane import Plane
from pactrisk.figures.sheet import (
    SMALL,
    TEXT,
    WIDTH,
    Board,
    grid_lines,
    measure,
    muted_ticks,
    nice_ticks,
    tick_text,
    wrap,
)
from pactrisk.figures.thinning import Panel, thinned
from pactrisk.findings import AreaPanel, Fan, FanPanel, LinePanel, Lines, StackedArea, plain
from pactrisk.findings.arrays import FloatArray
from pactrisk.findings.panels import Scale

__all__ = ["fan", "lines", "stacked_area"]

_LEFT = 40.0
_ROOM = _LEFT - 4
"""The widest label that has room beside a panel, of which the leftmost ends where the page does."""
_GUTTER = 22.0
_MARGIN = 12.0


def fan(figure: Fan) -> Board:
    """Fans first, then the occupancy of regimes, each in its own grid."""
    fans = [panel for panel in figure.panels if isinstance(panel, FanPanel)]
    areas = [panel for panel in figure.panels if isinstance(panel, AreaPanel)]
    return _panels([(fans, 105.0), (areas, 62.0)])


def stacked_area(figure: StackedArea) -> Board:
    """Shares over time; one legend where all panels have the same series."""
    return _panels([(figure.panels, 105.0 if len(figure.panels) > 1 else 190.0)])


def lines(figure: Lines) -> Board:
    """Lines over time; one legend where all panels have the same series."""
    return _panels([(figure.panels, 115.0 if len(figure.panels) > 1 else 200.0)])


def _panels(groups: Sequence[tuple[Sequence[Panel], float]]) -> Board:
    groups = [(panels, tall) for panels, tall in groups if panels]
    plans = [_Grid(panels, tall) for panels, tall in groups]
    board = Board(max(40.0, sum(plan.height for plan in plans)))
    top = 0.0
    for plan in plans:
        plan.draw(board, top)
        top += plan.height
    return board


class _Grid:
    """A grid of panels of one height; rows are as tall as their longest title and legend need."""

    def __init__(self, panels: Sequence[Panel], tall: float) -> None:
        self.panels, self.tall = thinned(panels), tall
        self.across = 1 if len(panels) == 1 else 2 if len(panels) in (2, 4) else 3
        self.each = (WIDTH - _GUTTER * (self.across - 1)) / self.across
        self.series = [_series(panel) for panel in panels]
        self.mark: Mark = "line" if isinstance(panels[0], LinePanel) else "block"
        self.shared = len(set(self.series)) == 1
        told = self.shared and len(self.series[0]) > 1
        self.legend = legend_height(self.series[0], WIDTH, self.mark) + 8 if told else 0.0
        self.heads = [self._head(row) for row in range(-(-len(panels) // self.across))]
        self.height = self.legend + sum(self.heads) + len(self.heads) * (tall + 28)

    def _row(self, row: int) -> range:
        return range(row * self.across, min(len(self.panels), (row + 1) * self.across))

    def _head(self, row: int) -> float:
        titles = max(self._title_height(n) for n in self._row(row))
        own = 0.0 if self.shared else max(legend_height(self.series[n], self.each, self.mark) for n in self._row(row))
        return titles + own + 8

    def _title(self, n: int) -> list[str]:
        beside = 0.0 if self._unit_below(n) else _unit_width(self.panels[n]) + _MARGIN + 10
        return wrap(self.panels[n].title, self.each - beside, TEXT, 2, "bold")

    def _title_height(self, n: int) -> float:
        return len(self._title(n)) * 1.25 * TEXT + (1.25 * SMALL if self._unit_below(n) else 0.0)

    def _unit_below(self, n: int) -> bool:
        return _unit_width(self.panels[n]) > 0.35 * self.each

    def draw(self, board: Board, top: float) -> None:
        if self.legend:
            draw_legend(board, 0, top + 2, self.series[0], WIDTH, self.mark)
        top += self.legend
        for row, head in enumerate(self.heads):
            for n in self._row(row):
                x = (self.each + _GUTTER) * (n % self.across)
                title = self._title(n)
                board.lines(x, top + TEXT + 2, title, weight="bold")
                panel = self.panels[n]
                if self._unit_below(n):
                    unit = wrap(_unit(panel), self.each, SMALL, 1)[0]
                    board.text(x, top + len(title) * 1.25 * TEXT + SMALL + 1, unit, size=SMALL, colour=MUTED)
                elif _unit(panel):
                    right = x + self.each - _MARGIN
                    board.text(right, top + TEXT + 2, _unit(panel), size=SMALL, colour=MUTED, align="right")
                if not self.shared:
                    under = top + self._title_height(n) + 4
                    draw_legend(board, x, under, self.series[n], self.each, self.mark)
                place = (x + _LEFT, top + head, self.each - _LEFT - _MARGIN, self.tall)
                _draw(board, panel, place)
            top += head + self.tall + 28


def _unit(panel: Panel) -> str:
    return "" if isinstance(panel, AreaPanel) else plain(panel.unit)


def _unit_width(panel: Panel) -> float:
    return measure(_unit(panel), SMALL)


def _series(panel: Panel) -> tuple[str, ...]:
    names = () if isinstance(panel, FanPanel) else tuple(panel.series)
    return () if names == ("",) else names


def _draw(board: Board, panel: Panel, place: tuple[float, float, float, float]) -> None:
    days = panel.x.astype(np.float64)
    plane = board.plane(*place, across=(days[0] - 0.5, days[-1] + 0.5))
    ticks, labels = _date_ticks(panel.x, plane.width + _MARGIN)
    muted_ticks(board, plane, ticks, labels)
    if isinstance(panel, AreaPanel):
        _draw_area(board, plane, panel, days)
        return
    if isinstance(panel, FanPanel):
        low, high = _draw_fan(plane, panel, days)
        scale: Scale = "number"
        levels = nice_ticks(low, high, 4)
    else:
        low, high = _draw_lines(plane, panel, days)
        scale = panel.scale
        # An interval that dips a little below nought must not open a whole step of negative numbers.
        sunk = low < 0 <= float(np.nanmin(panel.values, initial=np.inf)) and -low < 0.05 * high
        low = 0.0 if sunk or scale == "probability" or panel.from_nought else low
        levels = nice_ticks(min(low, 0.0) if scale == "difference" else low, high, 4)
        if scale == "probability" and high > 0.55:
            levels = [0.0, 0.25, 0.5, 0.75, 1.0]
    plane.up = levels[0], levels[-1]
    grid_lines(plane, levels, "y")
    muted_ticks(board, plane, levels, tick_text(levels, scale, _ROOM), "y")


def _draw_area(board: Board, plane: Plane, panel: AreaPanel, days: FloatArray) -> None:
    ends = np.vstack([np.zeros(days.size), np.cumsum(panel.shares, axis=0)])
    for s, name in enumerate(panel.series):
        fill = fill_of(name, s)
        if not panel.shares[s].max(initial=0) > 0:
            continue
        there = np.column_stack([days, ends[s]])
        back = np.column_stack([days, ends[s + 1]])[::-1]
        outline = np.vstack([there, back])
        plane.add(Polygon(outline, facecolor=fill.colour, edgecolor=PAPER, linewidth=0.5))
        if fill.hatch:
            plane.add(Polygon(outline, facecolor="none", edgecolor=HATCH, linewidth=0, hatch=fill.hatch))
    muted_ticks(board, plane, [0, 0.5, 1], ["0%", "50%", "100%"], "y")


def _draw_fan(plane: Plane, panel: FanPanel, days: FloatArray) -> tuple[float, float]:
    colour = line_of("", 0)
    below = [p for p in panel.bands if p < 0.5]
    pairs = [(p, q) for p in below for q in panel.bands if abs(p + q - 1) < 1e-9]
    for n, (p, q) in enumerate(sorted(pairs)):
        shade = 0.16 + 0.22 * n
        plane.band(days, panel.bands[p], panel.bands[q], colour, min(shade, 0.7))
    if 0.5 in panel.bands:
        # limits are set so that no line leaves the plane: at its edge it is drawn in its whole width
        plane.line(days, panel.bands[0.5], color=colour, linewidth=1.8, clip=False)
    spread = np.concatenate([values[np.isfinite(values)] for values in panel.bands.values()])
    if panel.reference is not None:
        plane.level(panel.reference, color=INK, linewidth=0.9, linestyle=(0, (3, 2)))
        spread = np.append(spread, panel.reference)
        if panel.reference_label:
            under = panel.reference < panel.bands.get(0.5, np.array([np.inf]))[-1]
            label = wrap(panel.reference_label, 120, SMALL, 1)[0]
            above = -9 if under else 3
            plane.text(days[-1], panel.reference, label, above, ha="right", fontsize=SMALL, color=INK)
    return (float(spread.min()), float(spread.max())) if spread.size else (0.0, 1.0)


def _draw_lines(plane: Plane, panel: LinePanel, days: FloatArray) -> tuple[float, float]:
    seen = [panel.values]
    for s, name in enumerate(panel.series):
        colour = line_of(name, s)
        if panel.low is not None and panel.high is not None:
            plane.band(days, panel.low[s], panel.high[s], colour, 0.22)
            seen += [panel.low, panel.high]
        plane.line(days, panel.values[s], color=colour, linewidth=1.6, linestyle=dash_of(s), clip=False)
    known = np.concatenate([values[np.isfinite(values)] for values in seen])
    return (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)


def _date_ticks(x: NDArray[np.datetime64], width: float) -> tuple[list[float], list[str]]:
    """New years where the span has two, else first days of quarters; as many as have room."""
    years = np.arange(x[0].astype("datetime64[Y]"), x[-1].astype("datetime64[Y]") + np.timedelta64(1, "Y"))
    inside = [year for year in years if x[0] <= year.astype("datetime64[D]") <= x[-1]]
    if len(inside) > 1:
        every = 1 + int(34 * len(inside) // width)
        chosen = inside[::every]
        return [float(y.astype("datetime64[D]").astype(np.float64)) for y in chosen], [str(y) for y in chosen]
    months = np.arange(x[0].astype("datetime64[M]"), x[-1].astype("datetime64[M]") + np.timedelta64(1, "M"))
    firsts = [m for m in months if x[0] <= m.astype("datetime64[D]") <= x[-1]] or [months[0]]
    every = 1 + int(52 * len(firsts) // width)
    return [float(m.astype("datetime64[D]").astype(np.float64)) for m in firsts[::every]], [
        str(m) for m in firsts[::every]
    ]
