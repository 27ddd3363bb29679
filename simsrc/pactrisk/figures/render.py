"""From a figure described as data to bytes: one SVG file, one PNG file, one part of a page."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.transforms import Bbox
from PIL import Image

from pactrisk.figures import bars, dated, density, diagram, dots, svg
from pactrisk.figures.drawing import Drawing
from pactrisk.figures.palette import MUTED
from pactrisk.figures.sheet import Board
from pactrisk.findings import (
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

__all__ = ["render"]

_MARGIN = 0.15
_DOTS = 144
"""Pixels of a picture to an inch."""
_STYLE = {
    "font.family": ["DejaVu Sans"],
    "text.parse_math": False,
    "text.usetex": False,
    # at two pixels a point letters are as sharp unhinted, and drawn sooner
    "text.hinting": "none",
    "svg.fonttype": "none",
    "svg.image_inline": True,
    "hatch.linewidth": 0.7,
    "axes.unicode_minus": True,
    "path.simplify": True,
}

_DRAWN: dict[type[Figure], Callable[[Any], Board]] = {
    StackedBars: bars.stacked_bars,
    Columns: bars.columns,
    Intervals: dots.intervals,
    ThreeWay: dots.three_way,
    Fan: dated.fan,
    StackedArea: dated.stacked_area,
    Lines: dated.lines,
    Density: density.density,
    Diagram: diagram.diagram,
}


def _is_empty(figure: Figure) -> bool:
    parts = (getattr(figure, part, (None,)) for part in ("rows", "series", "segments", "labels", "panels", "nodes"))
    return any(len(part) == 0 for part in parts)


def _nothing() -> Board:
    board = Board(24)
    board.text(0, 15, "Nothing to show.", colour=MUTED)
    return board


def _style(name: str) -> Any:
    # The salt makes the names inside the SVG a function of the figure alone.
    return {**_STYLE, "svg.hashsalt": f"pactrisk/{name}"}


class _Opaque(FigureCanvasAgg):
    """What is drawn lies on paper: three colours and no transparency, packed loosely, which takes half the time for a
    tenth more bytes."""

    def print_png(self, file: io.BytesIO, **_: object) -> None:  # type: ignore[override]
        self.draw()  # type: ignore[no-untyped-call]
        drawn = Image.fromarray(np.asarray(self.buffer_rgba()))  # type: ignore[no-untyped-call]
        drawn.convert("RGB").save(file, "png", compress_level=1, dpi=(_DOTS, _DOTS))


def render(figure: Figure) -> Drawing:
    """Draw one figure. The same figure gives the same bytes. Raises ``TypeError`` on an unknown kind."""
    make = _DRAWN.get(type(figure))
    if make is None:
        raise TypeError(f"no drawing for a figure of kind {type(figure).__name__}")
    with warnings.catch_warnings(), mpl.rc_context(_style(figure.name)):
        # A letter that the PNG's font lacks becomes a box there; the SVG leaves it to the reader's fonts.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from")
        board = _nothing() if _is_empty(figure) else make(figure)
        raw, png = io.BytesIO(), io.BytesIO()
        board.sheet.savefig(raw, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
        # a page gives the drawing its margin; a picture on its own needs one
        framed = Bbox([[-_MARGIN, -_MARGIN], [board.width / 72 + _MARGIN, board.height / 72 + _MARGIN]])
        canvas = _Opaque(board.sheet)
        board.sheet.patch.set_alpha(1)
        canvas.print_figure(png, format="png", facecolor="#ffffff", dpi=_DOTS, bbox_inches=framed)
    alone, inline = svg.both(raw.getvalue(), figure.name, figure.title, figure.alt)
    return Drawing(svg=alone, png=png.getvalue(), inline=inline)
