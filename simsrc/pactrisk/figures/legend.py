"""Legends: a row of swatches with their names, wrapped to a width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from matplotlib.lines import Line2D

from pactrisk.figures.palette import INK, dash_of, fill_of, line_of, marker_of
from pactrisk.figures.sheet import SMALL, Board, measure, wrap

__all__ = ["Mark", "draw_legend", "legend_height"]

Mark = Literal["block", "line", "dot"]

_GAP = 14.0
_ROW = 1.5


def _drawn(mark: Mark, size: float) -> float:
    """Width of what is drawn before a name: a line must be long enough to show how it is dashed."""
    return (2.4 if mark == "line" else 1.2) * size


def _swatch(mark: Mark, size: float) -> float:
    return _drawn(mark, size) + (0.5 if mark == "line" else 0.3) * size


def _places(labels: Sequence[str], width: float, mark: Mark, size: float) -> list[tuple[float, int, list[str]]]:
    """Left edge, row and text of each entry; one too long for the width goes on below itself."""
    swatch = _swatch(mark, size)
    x, row, tall, found = 0.0, 0, 1, []
    for label in labels:
        lines = wrap(label, width - swatch, size, lines=3)
        needed = swatch + max(measure(line, size) for line in lines)
        if x and x + needed > width:
            x, row, tall = 0.0, row + tall, 1
        found.append((x, row, lines))
        x, tall = x + needed + _GAP, max(tall, len(lines))
    return found


def legend_height(labels: Sequence[str], width: float, mark: Mark = "block", size: float = SMALL) -> float:
    """Height that the legend needs, in points."""
    rows = max((row + len(lines) for _, row, lines in _places(labels, width, mark, size)), default=0)
    return rows * _ROW * size


def draw_legend(
    board: Board,
    x: float,
    y: float,
    labels: Sequence[str],
    width: float,
    mark: Mark = "block",
    size: float = SMALL,
) -> None:
    """Draw the legend with its top left at ``x``, ``y``."""
    for index, (left, row, lines) in enumerate(_places(labels, width, mark, size)):
        top = y + row * _ROW * size
        middle = top + 0.6 * size
        if mark == "block":
            board.block(x + left, top + 0.12 * size, size, size, fill_of(labels[index], index))
        else:
            ends = (x + left, x + left + _drawn(mark, size)) if mark == "line" else (x + left + 0.5 * size,)
            board.sheet.add_artist(
                Line2D(
                    [end / board.width for end in ends], [1 - middle / board.height] * len(ends),
                    color=line_of(labels[index], index),
                    linewidth=1.6, linestyle=dash_of(index) if mark == "line" else "none",
                    marker=marker_of(index) if mark == "dot" else "", markersize=0.6 * size,
                )
            )  # fmt: skip
        for n, line in enumerate(lines):
            board.text(x + left + _swatch(mark, size), top + (0.95 + _ROW * n) * size, line, size=size, colour=INK)
