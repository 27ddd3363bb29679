"""Stacked bars (chances of each class, a row an agreement) and columns (a distribution)."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Rectangle

from pactrisk.figures.legend import draw_legend, legend_height
from pactrisk.figures.palette import INK, MUTED, PAPER, fill_of, ink_on, line_of
from pactrisk.figures.plane import Plane
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
from pactrisk.findings.arrays import FloatArray
from pactrisk.findings.wording import count_text, number_text, percent_text

__all__ = ["columns", "stacked_bars"]

_LABELS = 200.0
_ROW = 22.0
_BAR = 16.0


def stacked_bars(figure: StackedBars) -> Board:
    """Bars from 0 to 100%, each share written in its segment where it fits, whiskers at segment ends."""
    width = WIDTH - _LABELS - 14
    head = legend_height(figure.segments, WIDTH - _LABELS - 14) + 8
    labels = [wrap(row, _LABELS - 14, TEXT, 3) for row in figure.rows]
    each = [max(_ROW, 1.2 * TEXT * len(label) + 5) for label in labels]
    tops = np.concatenate([[0.0], np.cumsum(each)])
    tall = float(tops[-1])
    board = Board(head + tall + 24)
    draw_legend(board, _LABELS, 2, figure.segments, width)
    plane = board.plane(_LABELS, head, width, tall, up=(tall, 0))
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    grid_lines(plane, ticks)
    muted_ticks(board, plane, ticks, tick_text(ticks, "probability"))
    for r, label in enumerate(labels):
        at = float(tops[r] + tops[r + 1]) / 2
        middle = head + at
        first = middle + 0.36 * TEXT - 0.625 * TEXT * (len(label) - 1)
        board.lines(_LABELS - 10, first, label, align="right")
        ends = np.concatenate([[0.0], np.cumsum(figure.values[r])])
        for s, segment in enumerate(figure.segments):
            share, fill = float(figure.values[r, s]), fill_of(segment, s)
            if not share > 0:
                continue
            for patch in block((float(ends[s]), at - _BAR / 2), share, _BAR, fill):
                plane.add(patch)
            text = percent_text(share)
            if measure(text, SMALL) + 6 < share * width:
                board.text(
                    _LABELS + width * float(ends[s] + share / 2), middle + 0.1 * SMALL, text, size=SMALL,
                    colour=ink_on(fill.colour), align="center",
                )  # fmt: skip
        _segment_ends(plane, figure, r, ends, at + 0.27 * _BAR)
    return board


def _segment_ends(plane: Plane, figure: StackedBars, r: int, ends: FloatArray, at: float) -> None:
    if figure.low is None or figure.high is None:
        return
    low = ends[1:] - (figure.values[r] - figure.low[r])
    high = ends[1:] + (figure.high[r] - figure.values[r])
    # The last end is certain: it is where all shares are summed.
    seen = (figure.values[r] > 0) & (ends[1:] < 1 - 1e-6) & (high - low > 0.002) & np.isfinite(high - low)
    ends_seen = np.clip(low[seen], 0, 1), np.clip(high[seen], 0, 1)
    for colour, line in ((PAPER, 3.0), (INK, 1.2)):
        plane.segments(ends_seen, (at, at), color=colour, linewidth=line, zorder=4)


def columns(figure: Columns) -> Board:
    """Columns from zero, each with its whisker, and with its value above it where most values have room."""
    top, left = 20.0, 52.0
    width, tall = WIDTH - left - 10, 200.0
    room = width / len(figure.labels)
    labels = [wrap(label, max(room - 6, 20), SMALL, 3) for label in figure.labels]
    deepest = max(len(label) for label in labels) * 1.25 * SMALL
    # Where labels would be slivers, some stand for their neighbours.
    every = 1 + int(18 // room)
    board = Board(top + tall + 12 + deepest + (18 if figure.x_title else 0))
    ends = [array for array in (figure.values, figure.low, figure.high) if array is not None]
    known = np.concatenate([[0.0, 1e-9], *(array[np.isfinite(array)] for array in ends)])
    ticks = nice_ticks(float(known.min()), float(known.max()), 5)
    plane = board.plane(left, top, width, tall, (-0.5, len(labels) - 0.5), ticks)
    grid_lines(plane, ticks, "y")
    muted_ticks(board, plane, ticks, tick_text(ticks, figure.scale), "y")
    texts = [_value_text(figure, c) for c in range(len(labels))]
    fits = [measure(text, SMALL) < room for text in texts]
    # a few values among columns that have none would stand out for being short
    told = 2 * sum(fits) >= len(fits)
    for c, label in enumerate(labels):
        x = left + room * (c + 0.5)
        if c % every == 0:
            board.lines(x, top + tall + 13, label, size=SMALL, align="center")
        value = float(figure.values[c])
        if not np.isfinite(value):
            continue
        plane.add(Rectangle((c - 0.36, 0), 0.72, value, color=line_of("", 0), linewidth=0, zorder=2))
        low, high = _ends(figure, c)
        if low is not None and high is not None and high > low:
            plane.segments((c, c), (low, high), color=INK, linewidth=1.2, zorder=3)
        if told and fits[c]:
            above = max(value, high or value)
            board.text(x, plane.y_of(above) - 4, texts[c], size=SMALL, align="center", colour=MUTED)
    if figure.x_title:
        board.text(left + width / 2, board.height - 5, figure.x_title, size=SMALL, colour=MUTED, align="center")
    if figure.y_title:
        board.text(4, 9, figure.y_title, size=SMALL, colour=MUTED)
    return board


def _ends(figure: Columns, c: int) -> tuple[float | None, float | None]:
    return (None, None) if figure.low is None or figure.high is None else (float(figure.low[c]), float(figure.high[c]))


def _value_text(figure: Columns, c: int) -> str:
    """The number of a column, without its interval, which is drawn; empty where it is unknown."""
    value, (low, high) = float(figure.values[c]), _ends(figure, c)
    if not np.isfinite(value):
        return ""
    if figure.scale == "probability":
        text = percent_text(value, low, high)
    elif low is None and value.is_integer():
        text = count_text(value)
    else:
        text = number_text(value, low, high)
    return text.partition(" (")[0]
