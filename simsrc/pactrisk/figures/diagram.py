"""Things and their links in layers, from left to right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon
from matplotlib.path import Path

from pactrisk.figures.palette import INK, MUTED, PAPER, line_of
from pactrisk.figures.plane import Plane
from pactrisk.figures.sheet import SMALL, WIDTH, Board, hinted, measure, wrap
from pactrisk.findings import Diagram, DiagramNode

__all__ = ["diagram"]

_BOX = 38.0
_STEP = 46.0
_GAP = 46.0
_BEND = 30.0
_HEAD = 6.0
_LOOKS: dict[int, tuple[str, Any]] = {
    +1: (line_of("", 0), "solid"),
    -1: (line_of("symbolic", 0), (0, (4, 2))),
    0: (line_of("", 5), "solid"),
}
_SIGNS = {+1: "quickens", -1: "slows", 0: "acts on"}


def diagram(figure: Diagram) -> Board:
    """Boxes in columns, links as curves; order within a column keeps linked things near each other."""
    order = _ordered(figure)
    most = max((len(column) for column in order), default=1)
    head = 18.0 if figure.layer_titles else 4.0
    tall = most * _STEP
    board = Board(head + tall + 24)
    across = max(1, len(order))
    # a link within the last column bends out to its right
    last = {node.id for node in order[-1]} if order else set()
    wide = WIDTH - (_BEND if any(edge.source in last and edge.target in last for edge in figure.edges) else 0.0)
    box = min(190.0, (wide - _GAP * (across - 1)) / across)
    gap = (wide - 4 - box * across) / max(1, across - 1)
    places: dict[str, tuple[float, float]] = {}
    for c, column in enumerate(order):
        step = tall / max(1, len(column))
        for r, node in enumerate(column):
            places[node.id] = (2 + c * (box + gap), head + step * (r + 0.5))
    plane = board.plane(0, 0, WIDTH, board.height, (0, WIDTH), (board.height, 0))
    label = {node.id: node.label for node in figure.nodes}
    # what merely acts lies beneath what has a direction
    for edge in sorted(figure.edges, key=lambda edge: abs(edge.sign)):
        how = f" ({edge.label})" if edge.label else ""
        told = f"{label[edge.source]} {_SIGNS.get(edge.sign, _SIGNS[0])} {label[edge.target]}{how}"
        _link(plane, places[edge.source], places[edge.target], box, edge.sign, told)
    for c, column in enumerate(order):
        layer = column[0].layer
        if layer < len(figure.layer_titles):
            board.text(c * (box + gap), 10, figure.layer_titles[layer], size=SMALL, colour=MUTED, weight="bold")
        for node in column:
            _node(board, plane, node, places[node.id], box, line_of("", layer))
    x = 0.0
    for sign in sorted({edge.sign for edge in figure.edges}, reverse=True):
        colour, style = _LOOKS.get(sign, _LOOKS[0])
        y = board.height - 8
        plane.line([x, x + 18], [y, y], color=colour, linestyle=style, linewidth=1.4)
        board.text(x + 23, y + 3, _SIGNS.get(sign, _SIGNS[0]), size=SMALL, colour=MUTED)
        x += 40 + measure(_SIGNS.get(sign, _SIGNS[0]), SMALL)
    return board


def _ordered(figure: Diagram) -> list[list[DiagramNode]]:
    """Columns by layer, each sorted by the mean place of its neighbours (barycentre heuristic)."""
    layers = sorted({node.layer for node in figure.nodes})
    columns = [[node for node in figure.nodes if node.layer == layer] for layer in layers]
    near: dict[str, list[str]] = {node.id: [] for node in figure.nodes}
    for edge in figure.edges:
        near[edge.source].append(edge.target)
        near[edge.target].append(edge.source)
    for _ in range(4):
        for column in (*columns, *columns[::-1]):
            place = {n.id: (r + 0.5) / len(other) for other in columns for r, n in enumerate(other)}
            column.sort(key=lambda node: _mean(near[node.id], place, node.id))
    return columns


def _mean(ids: list[str], place: Mapping[str, float], own: str) -> float:
    return float(np.mean([place[i] for i in ids])) if ids else place[own]


def _link(plane: Plane, start: tuple[float, float], end: tuple[float, float], box: float, sign: int, told: str) -> None:
    (x0, y0), (x1, y1) = start, end
    if x1 > x0:
        a, d = (x0 + box, y0), (x1, y1)
        bend = (d[0] - a[0]) / 2
        b, c = (a[0] + bend, y0), (d[0] - bend, y1)
    else:
        a, d = (x0 + box, y0), (x1 + box, y1)
        b, c = (a[0] + _BEND, y0), (d[0] + _BEND, y1)
    colour, style = _LOOKS.get(sign, _LOOKS[0])
    path = Path([a, b, c, d], [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    drawn = PathPatch(path, facecolor="none", edgecolor=colour, linestyle=style)
    drawn.set(linewidth=1.2 if sign else 0.8, alpha=0.85 if sign else 0.35, gid=hinted(told))
    plane.add(drawn)
    # a link within a column leaves and arrives at the same side: only its head says which way it goes
    back = d[0] - _HEAD if x1 > x0 else d[0] + _HEAD
    head = Polygon([d, (back, y1 - _HEAD / 2), (back, y1 + _HEAD / 2)], facecolor=colour, edgecolor="none")
    head.set(alpha=0.85 if sign else 0.6)
    plane.add(head)


def _node(board: Board, plane: Plane, node: DiagramNode, place: tuple[float, float], box: float, colour: str) -> None:
    x, y = place
    plane.add(
        FancyBboxPatch((x + 3, y - _BOX / 2 + 3), box - 6, _BOX - 6, boxstyle="round,pad=3,rounding_size=4",
                       facecolor=PAPER, edgecolor=colour, linewidth=1.3, gid=hinted(node.label))
    )  # fmt: skip
    label = wrap(node.label, box - 10, SMALL, 3)
    first = y + 0.36 * SMALL - 0.6 * SMALL * (len(label) - 1)
    for n, line in enumerate(label):
        at = first + 1.2 * SMALL * n
        board.text(x + box / 2, at, line, size=SMALL, colour=INK, align="center", hint=node.label)
