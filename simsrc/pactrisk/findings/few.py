"""What a figure leaves out of very many parts: nobody takes in a thousand, and to draw them takes gigabytes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from pactrisk.findings.figure import Diagram, Figure
from pactrisk.findings.panels import DiagramNode

__all__ = ["few"]

_PARTS = 100
"""Rows or panels of a figure, or boxes of one column of a diagram, that are drawn."""
_LINES = 1_000
"""Lines that are drawn of all rows together, where each has one for every series."""
_BY_PART = ("rows", "partners", "panels", "value", "values", "low", "high")


def few(figure: Figure) -> Figure:
    """The figure itself, or where it has too many rows, panels or boxes the first of them; its caption says so."""
    if isinstance(figure, Diagram):
        return _few_boxes(figure)
    every = getattr(figure, "rows", getattr(figure, "panels", ()))
    most = min(_PARTS, max(1, _LINES // max(1, len(getattr(figure, "series", ())))))
    if len(every) <= most:
        return figure
    parts = {word: getattr(figure, word, None) for word in _BY_PART}
    first = {word: part[:most] for word, part in parts.items() if part is not None}
    return replace(figure, caption=_told(figure, f"the first {most} of {len(every):,}"), **first)


def _few_boxes(figure: Diagram) -> Diagram:
    columns: dict[int, list[DiagramNode]] = defaultdict(list)
    for node in figure.nodes:
        columns[node.layer].append(node)
    if all(len(column) <= _PARTS for column in columns.values()):
        return figure
    nodes = [node for column in columns.values() for node in column[:_PARTS]]
    there = {node.id for node in nodes}
    edges = [edge for edge in figure.edges if {edge.source, edge.target} <= there]
    return replace(figure, caption=_told(figure, f"the first {_PARTS} of a column"), nodes=nodes, edges=edges)


def _told(figure: Figure, drawn: str) -> str:
    return f"{figure.caption} Drawn are {drawn}; the tables leave none out."
