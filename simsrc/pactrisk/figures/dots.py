"""Dots with whiskers, and the three-way bar: noise inside ignorance inside chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle

from pactrisk.figures.legend import draw_legend, legend_height
from pactrisk.figures.palette import FAINT, INK, MUTED, PAPER, Fill, line_of, marker_of
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
from pactrisk.findings import Intervals, ThreeWay, ThreeWayRow
from pactrisk.findings.panels import Scale
from pactrisk.findings.wording import change_text, difference_text, interval_text, number_text, percent_text, range_text

__all__ = ["intervals", "three_way"]

_LABELS = 190.0
_LINE = 15.0
_INSET = 15.0
_ROW = 60.0

_NOISE = INK
_IGNORANCE = "#63b3b5"
_CHANCE = FAINT


def intervals(figure: Intervals) -> Board:
    """A line a row and series: dot, whisker, and the number with its interval written at the right."""
    many = len(figure.series) > 1
    texts = [
        [_said(*ends, figure.scale) for ends in zip(*row, strict=True)]
        for row in zip(figure.value, figure.low, figure.high, strict=True)
    ]
    right = min(170.0, 14 + max((measure(t, SMALL) for row in texts for t in row), default=0.0))
    width = WIDTH - _LABELS - right
    head = (legend_height(figure.series, width) + 6 if many else 0) + (14 if figure.reference_label else 4)
    labels = _labels(figure)
    tall_of = [max(len(figure.series) * _LINE, 12.0 * len(label)) + (9 if many else 6) for label in labels]
    tall = float(sum(tall_of))
    board = Board(head + tall + (36 if figure.unit else 22))
    if many:
        draw_legend(board, _LABELS, 2, figure.series, width, "dot")
    ticks = _span(figure)
    plane = board.plane(_LABELS, head, width, tall, ticks, (tall, 0))
    grid_lines(plane, ticks)
    muted_ticks(board, plane, ticks, tick_text(ticks, figure.scale))
    top, places = 0.0, np.empty(figure.value.shape)
    for r, label in enumerate(labels):
        middle = top + tall_of[r] / 2
        board.lines(_LABELS - 10, head + middle + 0.36 * TEXT - 0.625 * TEXT * (len(label) - 1), label, align="right")
        for s in range(len(figure.series)):
            y = places[r, s] = middle + _LINE * (s - (len(figure.series) - 1) / 2)
            board.text(WIDTH - right + 12, head + y + 0.36 * SMALL, texts[r][s], size=SMALL, colour=MUTED)
        if many and r:
            board.rule((0, WIDTH), (head + top, head + top), width=0.5)
        top += tall_of[r]
    for s, name in enumerate(figure.series):
        # a series at a time: Matplotlib takes as long for one line as for many
        heights = places[:, s]
        looks: dict[str, Any] = {"color": line_of(name, s), "clip": False}
        plane.segments((figure.low[:, s], figure.high[:, s]), (heights, heights), linewidth=2.2, **looks)
        plane.line(figure.value[:, s], heights, marker=marker_of(s), markersize=5.2, linestyle="none", **looks)
    if figure.reference is not None and ticks[0] <= figure.reference <= ticks[-1]:
        plane.upright(figure.reference, color=INK, linewidth=1.0, linestyle=(0, (3, 2)), zorder=1)
        _near(board, plane.x_of(figure.reference), head - 4, figure.reference_label, _LABELS, WIDTH)
    if figure.unit:
        board.text(_LABELS + width / 2, head + tall + 30, figure.unit, size=SMALL, colour=MUTED, align="center")
    return board


def _labels(figure: Intervals) -> list[list[str]]:
    """The lines of each row; of a pair whose names together are too long each has lines of its own."""
    width = _LABELS - 14
    made = [wrap(row, width, TEXT, 3) for row in figure.rows]
    for r, partner in enumerate(figure.partners):
        both = wrap(f"{figure.rows[r]} and {partner}", width, TEXT, 6)
        made[r] = both if len(both) <= 3 else [*made[r], *wrap(f"and {partner}", width, TEXT, 3)]
    return made


def _span(figure: Intervals) -> list[float]:
    known = [v[np.isfinite(v)] for v in (figure.value, figure.low, figure.high)]
    points = np.concatenate([*known, [] if figure.reference is None else [figure.reference]])
    if points.size == 0:
        return [0.0, 0.5, 1.0]
    low, high = float(points.min()), float(points.max())
    if figure.scale == "probability":
        return nice_ticks(0.0, min(1.0, max(high, 0.05)))
    if figure.scale == "difference":
        reach = max(0.01, -low, high)
        return nice_ticks(min(low, -0.15 * reach), max(high, 0.15 * reach), 6)
    return nice_ticks(min(low, 0.0) if 0 <= low < 0.5 * high else low, high)


def _said(value: float, low: float, high: float, scale: Scale) -> str:
    if scale == "probability":
        return interval_text(value, low, high)
    if scale == "difference":
        return difference_text(value, low, high).replace(" points", "").replace(" point", "")
    return change_text(value, low, high) if scale == "change" else number_text(value, low, high)


def _near(board: Board, x: float, y: float, text: str, left: float, right: float) -> None:
    """Text centred at ``x``, moved sideways where it would leave the sheet."""
    line = wrap(text, right - left, SMALL, 1)[0] if text else ""
    half = measure(line, SMALL) / 2
    board.text(min(max(x, left + half), right - half), y, line, size=SMALL, colour=MUTED, align="center")


def three_way(figure: ThreeWay) -> Board:
    """A headline a row: its name, its three nested intervals, and what each says in words."""
    words = [
        ("simulation noise: more trials shrink it", _NOISE),
        ("ignorance: knowledge shrinks it", _IGNORANCE),
        ("chance: nothing shrinks it", _CHANCE),
    ]
    heads = [_head(row) for row in figure.rows]
    tops = np.cumsum([20.0, *(_ROW + head.below for head in heads)])
    board = Board(float(tops[-1]))
    x = 0.0
    for text, colour in words:
        board.block(x, 2, 16, 10, Fill(colour))
        board.text(x + 21, 10.5, text, size=SMALL, colour=MUTED)
        x += 21 + measure(text, SMALL) + 18
    for row, head, top in zip(figure.rows, heads, tops.tolist(), strict=False):
        _three_way_row(board, row, head, top)
    return board


@dataclass(frozen=True)
class _Head:
    """What stands above the bars of a row: its name with its number, and what lies inside, beside them if it fits."""

    name: list[str]
    inside: list[str]
    beside: bool

    @property
    def below(self) -> float:
        """Points that it takes beyond one line."""
        return 1.25 * (TEXT * (len(self.name) - 1) + (0 if self.beside else SMALL * len(self.inside)))


def _head(row: ThreeWayRow) -> _Head:
    # a narrow window shows the left of the sheet: the number must not be what it leaves out
    number, *said = _said_three(row)
    inside, number = " · ".join(said), f": {number}"
    *above, last = wrap(row.label, WIDTH - measure(number, TEXT, "bold"), TEXT, 2, "bold")
    name = [*above, f"{last}{number}"]
    beside = not above and measure(name[0], TEXT, "bold") + 14 + measure(inside, SMALL) <= WIDTH
    return _Head(name, wrap(inside, WIDTH, SMALL), beside)


def _three_way_row(board: Board, row: ThreeWayRow, head: _Head, top: float) -> None:
    board.lines(0, top + 14, head.name, weight="bold")
    if head.beside:
        board.lines(WIDTH, top + 14, head.inside, size=SMALL, colour=MUTED, align="right")
    else:
        first = top + 14 + 1.25 * (TEXT * (len(head.name) - 1) + SMALL)
        board.lines(0, first, head.inside, size=SMALL, colour=MUTED)
    top += head.below
    ticks = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    known = [end for end in (*row.noise, *row.ignorance, *(row.chance or ()), row.value) if np.isfinite(end)] or [0.0]
    if row.scale != "probability":
        ticks = nice_ticks(min(0.0, *known) if row.scale == "number" else min(known), max(known), 8)
    plane = board.plane(_INSET, top + 21, WIDTH - 2 * _INSET, 18, ticks)
    grid_lines(plane, ticks)
    muted_ticks(board, plane, ticks, tick_text(ticks, row.scale))
    # A single event comes out one way or the other: chance spans all there is.
    chance = (0.0, 1.0) if row.chance is None and row.scale == "probability" else row.chance
    hair = 3.0 * (ticks[-1] - ticks[0]) / (WIDTH - 2 * _INSET)
    for ends, colour, thick in ((chance, _CHANCE, 1.0), (row.ignorance, _IGNORANCE, 0.64), (row.noise, _NOISE, 0.28)):
        if ends is not None and np.isfinite(ends).all():
            # A bar thinner than a hair would vanish.
            span = max(ends[1] - ends[0], hair)
            left = (ends[0] + ends[1] - span) / 2
            hollow = row.bound and ends is row.ignorance
            looks: dict[str, Any] = {"facecolor": "none", "edgecolor": colour, "linewidth": 1.6}
            looks = looks if hollow else {"color": colour, "linewidth": 0}
            plane.add(Rectangle((left, 0.5 - thick / 2), span, thick, **looks), clip=False)
    if np.isfinite(row.value):
        for colour, line in ((PAPER, 3.4), (_NOISE, 1.6)):
            plane.line((row.value, row.value), (-0.12, 1.12), color=colour, linewidth=line, clip=False)


def _said_three(row: ThreeWayRow) -> list[str]:
    plain_value = percent_text(row.value, *row.noise) if row.scale == "probability" else _number(row)
    said = [plain_value]
    for name, ends in (("noise", row.noise), ("ignorance", row.ignorance), ("chance", row.chance)):
        if ends is not None:
            # noise is the interval of the number itself, and has its digits
            text = _said(row.value if name == "noise" else (ends[0] + ends[1]) / 2, *ends, row.scale)
            inside = text[text.find("(") + 1 : text.rfind(")")] if "(" in text else text
            if row.scale == "number" and name != "noise":
                # as the sentence beside it has it
                inside = range_text(*ends)
            most = "at most " if row.bound and name == "ignorance" else ""
            said.append(f"{name} {most}{inside}")
    return [*said, row.chance_text] if row.chance_text else said


def _number(row: ThreeWayRow) -> str:
    text = _said(row.value, *row.noise, row.scale).partition(" (")[0]
    return f"{text} {row.unit}".strip()
