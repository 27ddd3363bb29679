"""Figures described as data: what is drawn, never how.

Every figure has a ``name`` (a slug, the name of its files), a ``title``, a ``caption`` that says what to
see, and ``alt``, the text that stands for it where it cannot be seen. Arrays are checked for shape when
the figure is made and then cannot be written to. Probabilities are shares of 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pactrisk.findings.arrays import FloatArray, fixed, tuples
from pactrisk.findings.naming import is_slug
from pactrisk.findings.panels import (
    AreaPanel,
    DensityPanel,
    DiagramEdge,
    DiagramNode,
    FanPanel,
    LinePanel,
    Scale,
    ThreeWayRow,
)

__all__ = [
    "Columns",
    "Density",
    "Diagram",
    "Fan",
    "Figure",
    "Intervals",
    "Lines",
    "StackedArea",
    "StackedBars",
    "ThreeWay",
]


@dataclass(frozen=True, eq=False, kw_only=True)
class Figure:
    """What every figure has. Raises ``ValueError`` where ``name`` could not name a file."""

    name: str
    title: str
    caption: str
    alt: str

    def __post_init__(self) -> None:
        if not is_slug(self.name):
            raise ValueError(f"figure name {self.name!r} is not a slug")


@dataclass(frozen=True, eq=False, kw_only=True)
class StackedBars(Figure):
    """One bar a row, cut into segments: the chance of each class, per agreement.

    ``values``, ``low`` and ``high`` have shape (row, segment); each row of values sums to 1. The interval
    of a segment is drawn at its end, as if the segments before it were known.
    """

    rows: Sequence[str]
    segments: Sequence[str]
    values: FloatArray
    low: FloatArray | None = None
    high: FloatArray | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        tuples(self, "rows", "segments")
        for field in ("values", "low", "high"):
            fixed(self, field, (len(self.rows), len(self.segments)))


@dataclass(frozen=True, eq=False, kw_only=True)
class Intervals(Figure):
    """Dots with whiskers: ``value``, ``low`` and ``high`` of shape (row, series), NaN where there is none.

    ``scale`` says whether values are probabilities, differences of probabilities, or numbers in ``unit``;
    ``reference`` is a value that all others are read against, drawn as a line. Where rows are pairs, ``partners`` are
    the second of each.
    """

    rows: Sequence[str]
    value: FloatArray
    low: FloatArray
    high: FloatArray
    series: Sequence[str] = ("",)
    scale: Scale = "probability"
    unit: str = ""
    reference: float | None = None
    reference_label: str = ""
    partners: Sequence[str] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        tuples(self, "rows", "series", "partners")
        if self.partners and len(self.partners) != len(self.rows):
            raise ValueError(f"figure {self.name}: {len(self.rows)} rows have {len(self.partners)} partners")
        for field in ("value", "low", "high"):
            fixed(self, field, (len(self.rows), len(self.series)))


@dataclass(frozen=True, eq=False, kw_only=True)
class Fan(Figure):
    """Fan charts, one a panel; a regime has no quantiles and shows its occupancy as a thin area panel."""

    panels: Sequence[FanPanel | AreaPanel]

    def __post_init__(self) -> None:
        super().__post_init__()
        tuples(self, "panels")


@dataclass(frozen=True, eq=False, kw_only=True)
class StackedArea(Figure):
    """Shares over time, one panel a regime or an agreement."""

    panels: Sequence[AreaPanel]

    def __post_init__(self) -> None:
        super().__post_init__()
        tuples(self, "panels")


@dataclass(frozen=True, eq=False, kw_only=True)
class Lines(Figure):
    """Lines over time, one panel an agreement or a quantity, with a band where an interval is given."""

    panels: Sequence[LinePanel]

    def __post_init__(self) -> None:
        super().__post_init__()
        tuples(self, "panels")


@dataclass(frozen=True, eq=False, kw_only=True)
class Columns(Figure):
    """A distribution as columns: ``values``, ``low`` and ``high`` of shape (label,)."""

    labels: Sequence[str]
    values: FloatArray
    low: FloatArray | None = None
    high: FloatArray | None = None
    scale: Scale = "probability"
    unit: str = ""
    x_title: str = ""
    y_title: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        tuples(self, "labels")
        for field in ("values", "low", "high"):
            fixed(self, field, (len(self.labels),))


@dataclass(frozen=True, eq=False, kw_only=True)
class Density(Figure):
    """Joint density of ceremony and delivery, one panel an agreement or the portfolio."""

    panels: Sequence[DensityPanel]

    def __post_init__(self) -> None:
        super().__post_init__()
        tuples(self, "panels")


@dataclass(frozen=True, eq=False, kw_only=True)
class ThreeWay(Figure):
    """The three-way bar: noise inside ignorance inside chance, a row a headline."""

    rows: Sequence[ThreeWayRow]

    def __post_init__(self) -> None:
        super().__post_init__()
        tuples(self, "rows")


@dataclass(frozen=True, eq=False, kw_only=True)
class Diagram(Figure):
    """Things and their links, in layers: drivers, paces, agreements. Raises ``ValueError`` on a link to
    a node that is not there, and on two nodes with one id."""

    nodes: Sequence[DiagramNode]
    edges: Sequence[DiagramEdge]
    layer_titles: Sequence[str] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        tuples(self, "nodes", "edges", "layer_titles")
        known = {node.id for node in self.nodes}
        if len(known) != len(self.nodes):
            raise ValueError(f"diagram {self.name}: two nodes have one id")
        loose = sorted({end for e in self.edges for end in (e.source, e.target)} - known)
        if loose:
            raise ValueError(f"diagram {self.name}: links to nodes that are not there: {', '.join(loose)}")
