"""Stacked bars (chances of each class, a row an agreement) and columns (a distribution)."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from pactrisk.figures.legend import draw_legend, legend_height
from pactrisk.figures.palette import INK, MUTED, PAPER, fill_of, ink_on
from pactrisk.figures.sheet import (
    SMALL,
    TEXT,
    WIDTH,
    Board,
    block,
    grid_lines,
    measure,
    muted_ticks,
    nice_ticks,
    tick_text,
    wrap,
)
from pactrisk.findings import Columns, StackedBars
from pactrisk.findings.figure import FloatArray
from pactrisk.findings.wording import percent_text

__all__ = ["columns", "stacked_bars"]

_LABELS = 200.0
_ROW = 30.0
_BAR = 0.72


def stacked_bars(figure: StackedBars) -> Board:
    """Bars from 0 to 100%, each share written in its segment where it fits, whiskers at segment ends."""
    width = WIDTH - _LABELS - 14
    head = legend_height(figure.segments, WIDTH - _LABELS - 14) + 8
    labels = [wrap(row, _LABELS - 14, TEXT, 3) for row in figure.rows]
    each = max([_ROW, *(1.25 * TEXT * len(label) + 7 for label in labels)])
    tall = each * len(figure.rows)
    board = Board(head + tall + 24)
    draw_legend(board, _LABELS, 2, figure.segments, width)
    ax = board.axes(_LABELS, head, width, tall)
    ax.set(xlim=(0, 1), ylim=(len(figure.rows), 0))
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    grid_lines(ax, ticks)
    muted_ticks(board, ax, ticks, tick_text(ticks, "probability"))
    bar = _BAR * _ROW / each
    for r, label in enumerate(labels):
        middle = head + each * (r + 0.5)
        first = middle + 0.36 * TEXT - 0.625 * TEXT * (len(label) - 1)
        board.lines(_LABELS - 10, first, label, align="right")
        ends = np.concatenate([[0.0], np.cumsum(figure.values[r])])
        for s, segment in enumerate(figure.segments):
            share, fill = float(figure.values[r, s]), fill_of(segment, s)
            if not share > 0:
                continue
            for patch in block((float(ends[s]), r + (1 - bar) / 2), share, bar, fill):
                ax.add_patch(patch)
            text = percent_text(share)
            if measure(text, SMALL) + 6 < share * width:
                board.text(
                    _LABELS + width * float(ends[s] + share / 2), middle + 0.1 * SMALL, text, size=SMALL,
                    colour=ink_on(fill.colour), align="center",
                )  # fmt: skip
        _segment_ends(ax, figure, r, ends, 0.27 * bar)
    return board


def _segment_ends(ax: Axes, figure: StackedBars, r: int, ends: FloatArray, below: float) -> None:
    if figure.low is None or figure.high is None:
        return
    low = ends[1:] - (figure.values[r] - figure.low[r])
    high = ends[1:] + (figure.high[r] - figure.values[r])
    seen = (figure.values[r] > 0) & (high - low > 0.002) & np.isfinite(high - low)
    y = np.full(int(seen.sum()), r + 0.5 + below)
    ends_seen = np.clip(low[seen], 0, 1), np.clip(high[seen], 0, 1)
    for colour, line in ((PAPER, 3.0), (INK, 1.2)):
        ax.hlines(y, *ends_seen, colors=colour, linewidth=line, zorder=4)


def columns(figure: Columns) -> Board:
    """Columns from zero, each with its value above it and its whisker."""
    top, left = 20.0, 52.0
    width, tall = WIDTH - left - 10, 200.0
    board = Board(top + tall + 26 + (16 if figure.x_title else 0))
    ax = board.axes(left, top, width, tall)
    high = figure.values if figure.high is None else np.fmax(figure.high, figure.values)
    ticks = nice_ticks(min(0.0, float(np.nanmin(figure.values))), float(np.nanmax(high, initial=1e-9)), 5)
    ax.set(xlim=(-0.5, len(figure.labels) - 0.5), ylim=(ticks[0], ticks[-1]))
    grid_lines(ax, ticks, "y")
    muted_ticks(board, ax, ticks, tick_text(ticks, figure.scale), "y")
    room = width / max(1, len(figure.labels))
    every = 1 + int(max(measure(wrap(label, 90, SMALL, 1)[0], SMALL) for label in figure.labels) // room)
    fill = fill_of("", 0)
    for c, value in enumerate(figure.values):
        if c % every == 0:
            board.text(left + room * (c + 0.5), top + tall + 13, wrap(figure.labels[c], 90, SMALL, 1)[0],
                       size=SMALL, align="center")  # fmt: skip
        if not np.isfinite(value):
            continue
        ax.bar(c, value, width=0.72, color=fill.colour, zorder=2)
        top_end = value
        if figure.low is not None and figure.high is not None and figure.high[c] > figure.low[c]:
            ax.vlines(c, figure.low[c], figure.high[c], color=INK, linewidth=1.2, zorder=3)
            top_end = max(value, figure.high[c])
        text = percent_text(float(value)) if figure.scale == "probability" else f"{value:,.3g}"
        if measure(text, SMALL) < room:
            at = top + tall * (1 - (float(top_end) - ticks[0]) / (ticks[-1] - ticks[0])) - 4
            board.text(left + room * (c + 0.5), at, text, size=SMALL, align="center", colour=MUTED)
    if figure.x_title:
        board.text(left + width / 2, top + tall + 30, figure.x_title, size=SMALL, colour=MUTED, align="center")
    if figure.y_title:
        board.text(4, 9, figure.y_title, size=SMALL, colour=MUTED)
    return board
