"""The parts of figures: panels, rows, cuts, nodes and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from pactrisk.findings.arrays import FloatArray, days, fixed, tuples

__all__ = [
    "AreaPanel",
    "Cut",
    "DensityPanel",
    "DiagramEdge",
    "DiagramNode",
    "FanPanel",
    "LinePanel",
    "Scale",
    "ThreeWayRow",
]

Scale = Literal["probability", "difference", "number", "change"]


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
        times = days(self)
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
        tuples(self, "series")
        fixed(self, "shares", (len(self.series), days(self)))


@dataclass(frozen=True, eq=False, kw_only=True)
class LinePanel:
    """Lines over time: ``values``, ``low`` and ``high`` of shape (series, time).

    ``from_nought`` says that the scale begins there, as that of amounts should which readers set against each other.
    """

    title: str
    x: Any
    series: Sequence[str]
    values: FloatArray
    low: FloatArray | None = None
    high: FloatArray | None = None
    scale: Scale = "probability"
    unit: str = ""
    from_nought: bool = False

    def __post_init__(self) -> None:
        tuples(self, "series")
        times = days(self)
        for field in ("values", "low", "high"):
            fixed(self, field, (len(self.series), times))


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
        tuples(self, "ceremony_cuts", "delivery_cuts")
        edges = len(self.ceremony_edges), len(self.delivery_edges)
        fixed(self, "ceremony_edges", edges[:1])
        fixed(self, "delivery_edges", edges[1:])
        fixed(self, "mass", (edges[0] - 1, edges[1] - 1))


@dataclass(frozen=True, kw_only=True)
class ThreeWayRow:
    """A headline and its three kinds of not knowing, each an interval about ``value``.

    ``noise`` is simulation noise (more trials shrink it), ``ignorance`` the spread of assumptions
    (knowledge shrinks it), ``chance`` what happens in a trial (nothing shrinks it): ``None`` where the
    headline is itself a chance, and then only ``chance_text`` speaks of it. ``bound`` says that ignorance cannot be
    told from nothing: its interval is then the widest that it may have.
    """

    label: str
    value: float
    noise: tuple[float, float]
    ignorance: tuple[float, float]
    chance: tuple[float, float] | None = None
    chance_text: str = ""
    scale: Scale = "probability"
    unit: str = ""
    bound: bool = False


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
