"""Figures described as data: what is drawn, never how.

Every figure has a ``name`` (a slug, the name of its files), a ``title``, a ``caption`` that says what to
see, and ``alt``, the text that stands for it where it cannot be seen. Arrays are checked for shape when
the figure is made and then cannot be written to. Probabilities are shares of 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pactrisk.findings.naming import is_slug

__all__ = [
    "AreaPanel",
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
    "FloatArray",
    "Intervals",
    "LinePanel",
    "Lines",
    "Scale",
    "StackedArea",
    "StackedBars",
    "ThreeWay",
    "ThreeWayRow",
]

FloatArray = NDArray[np.float64]
Scale = Literal["probability", "difference", "number"]


def _fixed(owner: object, field: str, shape: tuple[int, ...]) -> None:
    """Make ``field`` a read-only float array and check its shape; ``None`` stays."""
    given = getattr(owner, field)
    if given is None:
        return
    array = np.array(given, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"{type(owner).__name__}.{field} has shape {array.shape}, not {shape}")
    array.setflags(write=False)
    object.__setattr__(owner, field, array)


def _dates(owner: object, field: str = "x") -> int:
    """Make ``field`` a read-only array of days; return its length."""
    array: NDArray[np.datetime64] = np.array(getattr(owner, field), dtype="datetime64[D]")
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{type(owner).__name__}.{field} must be a sequence of at least one date")
    array.setflags(write=False)
    object.__setattr__(owner, field, array)
    return int(array.size)


def _words(owner: object, *fields: str) -> None:
    for field in fields:
        object.__setattr__(owner, field, tuple(getattr(owner, field)))


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
        _words(self, "rows", "segments")
        for field in ("values", "low", "high"):
            _fixed(self, field, (len(self.rows), len(self.segments)))


@dataclass(frozen=True, eq=False, kw_only=True)
class Intervals(Figure):
    """Dots with whiskers: ``value``, ``low`` and ``high`` of shape (row, series), NaN where there is none.

    ``scale`` says whether values are probabilities, differences of probabilities, or numbers in ``unit``;
    ``reference`` is a value that all others are read against, drawn as a line.
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

    def __post_init__(self) -> None:
        super().__post_init__()
        _words(self, "rows", "series")
        for field in ("value", "low", "high"):
            _fixed(self, field, (len(self.rows), len(self.series)))


@dataclass(frozen=True, eq=False, kw_only=True)
class FanPanel:
    """Quantiles of one number over time: ``bands`` maps a probability to values of shape (time,).

    Bands are shaded between 0.05 and 0.95, 0.25 and 0.75 and so on: each probability with the one that
    adds to 1 with it; 0.5 is the line. ``reference`` is a level to read it against.
    """

    title: str
    x: Any
    bands: Mapping[float, FloatArray]
    unit: str = ""
    reference: float | None = None
    reference_label: str = ""

    def __post_init__(self) -> None:
        times = _dates(self)
        if not self.bands or any(not 0.0 <= p <= 1.0 for p in self.bands):
            raise ValueError(f"FanPanel {self.title!r}: bands need probabilities from 0 to 1")
        bands = {float(p): np.array(v, dtype=np.float64) for p, v in sorted(self.bands.items())}
        if any(values.shape != (times,) for values in bands.values()):
            raise ValueError(f"FanPanel {self.title!r}: every band needs {times} values")
        object.__setattr__(self, "bands", bands)


@dataclass(frozen=True, eq=False, kw_only=True)
class AreaPanel:
    """Shares of shape (series, time) that sum to 1 at each date: states of a regime, classes by date."""

    title: str
    x: Any
    series: Sequence[str]
    shares: FloatArray

    def __post_init__(self) -> None:
        _words(self, "series")
        _fixed(self, "shares", (len(self.series), _dates(self)))


@dataclass(frozen=True, eq=False, kw_only=True)
class LinePanel:
    """Lines over time: ``values``, ``low`` and ``high`` of shape (series, time)."""

    title: str
    x: Any
    series: Sequence[str]
    values: FloatArray
    low: FloatArray | None = None
    high: FloatArray | None = None
    scale: Scale = "probability"
    unit: str = ""

    def __post_init__(self) -> None:
        _words(self, "series")
        times = _dates(self)
        for field in ("values", "low", "high"):
            _fixed(self, field, (len(self.series), times))


@dataclass(frozen=True, eq=False, kw_only=True)
class Fan(Figure):
    """Fan charts, one a panel; a regime has no quantiles and shows its occupancy as a thin area panel."""

    panels: Sequence[FanPanel | AreaPanel]

    def __post_init__(self) -> None:
        super().__post_init__()
        _words(self, "panels")


@dataclass(frozen=True, eq=False, kw_only=True)
class StackedArea(Figure):
    """Shares over time, one panel a regime or an agreement."""

    panels: Sequence[AreaPanel]

    def __post_init__(self) -> None:
        super().__post_init__()
        _words(self, "panels")


@dataclass(frozen=True, eq=False, kw_only=True)
class Lines(Figure):
    """Lines over time, one panel an agreement or a quantity, with a band where an interval is given."""

    panels: Sequence[LinePanel]

    def __post_init__(self) -> None:
        super().__post_init__()
        _words(self, "panels")


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
        _words(self, "labels")
        for field in ("values", "low", "high"):
            _fixed(self, field, (len(self.labels),))


@dataclass(frozen=True)
class Cut:
    """A cut of the outcome rule: from ``value`` upwards the class is ``label``."""

    value: float
    label: str


@dataclass(frozen=True, eq=False, kw_only=True)
class DensityPanel:
    """Trials by ceremony and delivery: ``mass`` of shape (ceremony bin, delivery bin), as from
    ``numpy.histogram2d``; the edges are one longer. The cuts of the rule are drawn as lines."""

    title: str
    ceremony_edges: FloatArray
    delivery_edges: FloatArray
    mass: FloatArray
    ceremony_cuts: Sequence[Cut] = ()
    delivery_cuts: Sequence[Cut] = ()

    def __post_init__(self) -> None:
        _words(self, "ceremony_cuts", "delivery_cuts")
        edges = len(self.ceremony_edges), len(self.delivery_edges)
        _fixed(self, "ceremony_edges", edges[:1])
        _fixed(self, "delivery_edges", edges[1:])
        _fixed(self, "mass", (edges[0] - 1, edges[1] - 1))


@dataclass(frozen=True, eq=False, kw_only=True)
class Density(Figure):
    """Joint density of ceremony and delivery, one panel an agreement or the portfolio."""

    panels: Sequence[DensityPanel]

    def __post_init__(self) -> None:
        super().__post_init__()
        _words(self, "panels")


@dataclass(frozen=True, kw_only=True)
class ThreeWayRow:
    """A headline and its three kinds of not knowing, each an interval about ``value``.

    ``noise`` is simulation noise (more trials shrink it), ``ignorance`` the spread of assumptions
    (knowledge shrinks it), ``chance`` what happens in a trial (nothing shrinks it): ``None`` where the
    headline is itself a chance, and then only ``chance_text`` speaks of it.
    """

    label: str
    value: float
    noise: tuple[float, float]
    ignorance: tuple[float, float]
    chance: tuple[float, float] | None = None
    chance_text: str = ""
    scale: Scale = "probability"
    unit: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class ThreeWay(Figure):
    """The three-way bar: noise inside ignorance inside chance, a row a headline."""

    rows: Sequence[ThreeWayRow]

    def __post_init__(self) -> None:
        super().__post_init__()
        _words(self, "rows")


@dataclass(frozen=True)
class DiagramNode:
    """A thing in a diagram: ``layer`` counts from the left, ``kind`` rules its looks (driver, pace, ...)."""

    id: str
    label: str
    kind: str
    layer: int


@dataclass(frozen=True)
class DiagramEdge:
    """A link from one node to another; ``sign`` is +1 where it quickens, -1 where it slows, 0 otherwise."""

    source: str
    target: str
    label: str = ""
    sign: int = 0


@dataclass(frozen=True, eq=False, kw_only=True)
class Diagram(Figure):
    """Things and their links, in layers: drivers, paces, agreements. Raises ``ValueError`` on a link to
    a node that is not there, and on two nodes with one id."""

    nodes: Sequence[DiagramNode]
    edges: Sequence[DiagramEdge]
    layer_titles: Sequence[str] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        _words(self, "nodes", "edges", "layer_titles")
        known = {node.id for node in self.nodes}
        if len(known) != len(self.nodes):
            raise ValueError(f"diagram {self.name}: two nodes have one id")
        loose = sorted({end for e in self.edges for end in (e.source, e.target)} - known)
        if loose:
            raise ValueError(f"diagram {self.name}: links to nodes that are not there: {', '.join(loose)}")
