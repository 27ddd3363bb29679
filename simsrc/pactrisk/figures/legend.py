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


def _places(labels: Sequence[str], width: float, size: float) -> list[tuple[float, int, str]]:
    """Left edge, row and text of each entry."""
    swatch = 1.5 * size
    x, row, found = 0.0, 0, []
    for label in labels:
        text = wrap(label, width - swatch, size, lines=1)[0]
        needed = swatch + measure(text, size)
        if x and x + needed > width:
            x, row = 0.0, row + 1
        found.append((x, row, text))
        x += needed + _GAP
    return found


def legend_height(labels: Sequence[str], width: float, size: float = SMALL) -> float:
    """Height that the legend needs, in points."""
    return (_places(labels, width, size)[-1][1] + 1) * _ROW * size if labels else 0.0


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
    for index, (left, row, text) in enumerate(_places(labels, width, size)):
        top = y + row * _ROW * size
        middle = top + 0.6 * size
        if mark == "block":
            board.block(x + left, top + 0.12 * size, size, size, fill_of(labels[index], index))
        else:
            ends = (x + left, x + left + 1.2 * size) if mark == "line" else (x + left + 0.5 * size,)
            board.sheet.add_artist(
                Line2D(
                    [end / board.width for end in ends], [1 - middle / board.height] * len(ends),
                    color=line_of(labels[index], index),
                    linewidth=1.6, linestyle=dash_of(index) if mark == "line" else "none",
                    marker=marker_of(index) if mark == "dot" else "", markersize=0.6 * size,
                )
            )  # fmt: skip
        board.text(x + left + 1.5 * size, top + 0.95 * size, text, size=size, colour=INK)
