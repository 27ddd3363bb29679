"""A rectangle of a sheet in which places are values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.artist import Artist
from matplotlib.cbook import contiguous_regions
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure as Sheet
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox, BboxTransform, TransformedBbox, offset_copy
from numpy.typing import ArrayLike

from pactrisk.findings.arrays import FloatArray

__all__ = ["Ends", "Plane"]

Ends: TypeAlias = Sequence[float] | FloatArray
"""Values of which the first and the last count."""

_PER_INCH = 72


class Plane:
    """A rectangle of a sheet whose left and right edges, bottom and top stand for values.

    Matplotlib's own axes are not used: each makes ticks, spines and labels that no drawing here shows, and takes a
    hundred times as long. What is drawn is cut at the edges unless ``clip`` is False.

    Parameters
    ----------
    x, y, width, height : points from the top left of the sheet.
    across : values, the first at the left edge, the last at the right.
    up : values, the first at the bottom, the last at the top; ``(height, 0)`` counts points downwards.
    """

    def __init__(
        self,
        sheet: Sheet,
        place: tuple[float, float, float, float],
        across: Ends = (0, 1),
        up: Ends = (0, 1),
    ) -> None:
        self.x, self.y, self.width, self.height = place
        wide, tall = sheet.get_size_inches() * _PER_INCH
        bottom = 1 - (self.y + self.height) / tall
        box = Bbox.from_bounds(self.x / wide, bottom, self.width / wide, self.height / tall)
        self._sheet = sheet
        self._limits = Bbox([[across[0], up[0]], [across[-1], up[-1]]])
        self._place = BboxTransform(self._limits, box) + sheet.transSubfigure
        self._edges = TransformedBbox(box, sheet.transSubfigure)

    @property
    def across(self) -> tuple[float, float]:
        """Values at the left and the right edge."""
        return float(self._limits.x0), float(self._limits.x1)

    @property
    def up(self) -> tuple[float, float]:
        """Values at the bottom and the top; may be set when all is drawn."""
        return float(self._limits.y0), float(self._limits.y1)

    @up.setter
    def up(self, values: Ends) -> None:
        self._limits.intervaly = values[0], values[-1]

    def x_of(self, value: float) -> float:
        """Points from the left of the sheet."""
        low, high = self.across
        return self.x + self.width * (value - low) / (high - low)

    def y_of(self, value: float) -> float:
        """Points from the top of the sheet."""
        low, high = self.up
        return self.y + self.height * (1 - (value - low) / (high - low))

    def add(self, artist: Artist, clip: bool = True) -> None:
        """Draw something whose places are values."""
        artist.set_transform(self._place)
        self._sheet.add_artist(artist)
        if clip:
            artist.set_clip_box(self._edges)

    def line(self, x: ArrayLike, y: ArrayLike, *, clip: bool = True, **looks: Any) -> None:
        """A line through points, or marks at them."""
        self.add(Line2D(np.asarray(x), np.asarray(y), **looks), clip)

    def level(self, value: float, **looks: Any) -> None:
        """A line from the left edge to the right."""
        self.line(self.across, (value, value), **looks)

    def upright(self, value: float, **looks: Any) -> None:
        """A line from the bottom to the top."""
        self.line((value, value), self.up, **looks)

    def segments(
        self, x: tuple[ArrayLike, ArrayLike], y: tuple[ArrayLike, ArrayLike], *, clip: bool = True, **looks: Any
    ) -> None:
        """Straight lines, all of one look, each from the first ``x`` and ``y`` to the second."""
        ends = np.broadcast_arrays(x[0], y[0], x[1], y[1])
        self.add(LineCollection(list(np.stack(ends, axis=-1).reshape(-1, 2, 2)), **looks), clip)

    def band(self, x: FloatArray, low: FloatArray, high: FloatArray, colour: str, alpha: float) -> None:
        """The area between two lines, wherever both are numbers."""
        there, back = np.column_stack([x, low]), np.column_stack([x, high])
        known = contiguous_regions(np.isfinite(low) & np.isfinite(high))
        outlines = [np.vstack([there[start:end], back[start:end][::-1]]) for start, end in known]
        self.add(PolyCollection(outlines, facecolor=colour, alpha=alpha, linewidth=0))

    def text(self, x: float, y: float, text: str, above: float, **looks: Any) -> None:
        """Text whose baseline is so many points above a place."""
        place = offset_copy(self._place, self._sheet, y=above, units="points")
        self._sheet.text(x, y, text, transform=place, **looks)
