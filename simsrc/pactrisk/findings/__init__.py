"""Findings: sentences, tables and figures described as data.

An analysis hands over a :class:`Finding`; the edges above draw it. Nothing here draws or writes.
"""

from __future__ import annotations

from pactrisk.findings.figure import (
    Columns,
    Density,
    Diagram,
    Fan,
    Figure,
    Intervals,
    Lines,
    StackedArea,
    StackedBars,
    ThreeWay,
)
from pactrisk.findings.finding import Finding
from pactrisk.findings.naming import is_slug, plain, slug
from pactrisk.findings.page import Page
from pactrisk.findings.panels import (
    AreaPanel,
    Cut,
    DensityPanel,
    DiagramEdge,
    DiagramNode,
    FanPanel,
    LinePanel,
    ThreeWayRow,
)
from pactrisk.findings.tables import Column, Table

__all__ = [
    "AreaPanel",
    "Column",
    "Columns",
    "Cut",
    "Density",
    "DensityPanel",
    "Diagram",
    "DiagramEdge",
    "DiagramNode",
    "Fan",
    "FanPanel",
    "Figure",
    "Finding",
    "Intervals",
    "LinePanel",
    "Lines",
    "Page",
    "StackedArea",
    "StackedBars",
    "Table",
    "ThreeWay",
    "ThreeWayRow",
    "is_slug",
    "plain",
    "slug",
]
