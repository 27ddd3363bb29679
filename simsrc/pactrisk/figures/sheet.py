"""A sheet to draw on: points from the top left corner, and text that never runs over.

Matplotlib draws; this only fixes where. Lengths are points (1/72 inch); one point is one unit of the
SVG's view box, and a page shows :data:`WIDTH` of them across its column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from matplotlib.figure import Figure as Sheet
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator

from pactrisk.figures.label import Label
from pactrisk.figures.palette import FAINT, HATCH, HINT, INK, MUTED, PAPER, Fill
from pactrisk.figures.plane import Ends, Plane
from pactrisk.findings import plain
from pactrisk.findings.panels import Scale
from pactrisk.numerals import in_tens

__all__ = [
    "SMALL",
    "TEXT",
    "WIDTH",
    "Board",
    "block",
    "grid_lines",
    "hinted",
    "measure",
    "muted_ticks",
    "nice_ticks",
    "tick_text",
    "wrap",
]

WIDTH = 700.0
TEXT = 9.5
SMALL = 8.5
_UPPERMOST = 9
_HALF = 200
_MARGIN = 44.0
"""The widest label that has room beside the leftmost figure."""
_AFTER_DASH = re.compile(r"(?<=[-\u2010-\u2015/])(?=.)")


@lru_cache(maxsize=8192)
def _advance(char: str, weight: str) -> float:
    font = FontProperties(family="sans-serif", size=100, weight=weight)
    return float(text_to_path.get_text_width_height_descent(char, font, False)[0]) / 100


def measure(text: str, size: float = TEXT, weight: str = "normal") -> float:
    """Width of ``text`` in points, letter by letter. The font measured is wide: most others need less."""
    return size * sum(_advance(char, weight) for char in text)


def wrap(text: str, width: float, size: float = TEXT, lines: int = 2, weight: str = "normal") -> list[str]:
    """``text`` made plain and broken to ``width`` points. Where it does not fit in ``lines``, an ellipsis stands for
    what is left out: before the last line, which holds the end, or at the end of the only one. Words longer than a line
    are broken after a dash, or where there is none anywhere."""
    whole = plain(text)
    whole = whole if len(whole) <= 2 * _HALF else f"{whole[:_HALF]} {whole[-_HALF:]}"
    words = [piece for word in whole.split(" ") for piece in _pieces(word, width, size, weight)]
    rows: list[str] = [""]
    for word in words:
        joined = f"{rows[-1]} {word}".strip()
        if rows[-1] and measure(joined, size, weight) > width:
            rows.append(word)
        else:
            rows[-1] = joined
    if len(rows) > lines:
        # the end says what of a thing is meant, and is all that sets some titles apart
        end = [_end(words, width, size, weight)] if lines > 1 else []
        last = rows[lines - 1 - len(end)]
        while last and measure(f"{last}…", size, weight) > width:
            last = last[:-1]
        rows = [*rows[: lines - 1 - len(end)], f"{last.rstrip()}…", *end]
    return rows


def _end(words: Sequence[str], width: float, size: float, weight: str) -> str:
    """As many of the last words as fit in a line."""
    end = words[-1]
    for word in reversed(words[:-1]):
        if measure(f"{word} {end}", size, weight) > width:
            break
        end = f"{word} {end}"
    return end


def _pieces(word: str, width: float, size: float, weight: str) -> list[str]:
    """A word in parts that fit in a line: most likely one."""
    pieces = [""]
    for part in _AFTER_DASH.split(word):
        # what is longer than a line by itself goes letter by letter
        for piece in [part] if measure(part, size, weight) <= width else part:
            if pieces[-1] and measure(pieces[-1] + piece, size, weight) > width:
                pieces.append(piece)
            else:
                pieces[-1] += piece
    return pieces


class Board:
    """One sheet of :data:`WIDTH` by ``height`` points; all places are points from its top left."""

    def __init__(self, height: float, width: float = WIDTH) -> None:
        self.width, self.height = width, height
        self.sheet = Sheet(figsize=(width / 72, height / 72), dpi=72)
        self.sheet.patch.set_alpha(0)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = TEXT,
        colour: str = INK,
        align: str = "left",
        weight: str = "normal",
        angle: float = 0.0,
        hint: str = "",
    ) -> None:
        """One line of text with its baseline at ``y``; ``hint`` is told when a pointer rests on it."""
        drawn = Label(
            x / self.width, 1 - y / self.height, plain(text), fontsize=size, color=colour, ha=align,
            va="baseline", fontweight=weight, rotation=angle, rotation_mode="anchor", zorder=_UPPERMOST,
        )  # fmt: skip
        if hint:
            drawn.set_gid(hinted(hint))
        self.sheet.add_artist(drawn)

    def lines(self, x: float, y: float, rows: Sequence[str], *, size: float = TEXT, **looks: Any) -> None:
        """Lines of text under each other, the first baseline at ``y``."""
        for n, row in enumerate(rows):
            self.text(x, y + 1.25 * size * n, row, size=size, **looks)

    def rule(self, x: Sequence[float], y: Sequence[float], colour: str = FAINT, width: float = 0.8) -> None:
        """A line through points of the sheet."""
        self.sheet.add_artist(
            Line2D([v / self.width for v in x], [1 - v / self.height for v in y], color=colour, linewidth=width)
        )

    def block(self, x: float, y: float, width: float, height: float, fill: Fill) -> None:
        """A filled rectangle, as in a legend."""
        place = (x / self.width, 1 - (y + height) / self.height)
        for patch in block(place, width / self.width, height / self.height, fill):
            self.sheet.add_artist(patch)

    def plane(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        across: Ends = (0, 1),
        up: Ends = (0, 1),
    ) -> Plane:
        """A rectangle whose edges stand for the first and the last of ``across``, and of ``up`` from the bottom."""
        return Plane(self.sheet, (x, y, width, height), across, up)


def block(place: tuple[float, float], width: float, height: float, fill: Fill) -> list[Rectangle]:
    """A filled rectangle and, over it, its hatching; a thin line of paper parts it from its neighbours."""
    made = [Rectangle(place, width, height, facecolor=fill.colour, edgecolor=PAPER, linewidth=0.8)]
    if fill.hatch:
        made.append(Rectangle(place, width, height, facecolor="none", edgecolor=HATCH, linewidth=0, hatch=fill.hatch))
    return made


def hinted(text: str) -> str:
    """The id of an artist that tells ``text`` when a pointer rests on it."""
    return f"{HINT}{plain(text)}"


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About ``count`` round values from at or below ``low`` to at or above ``high``."""
    if not low < high:
        low, high = low - 0.5, high + 0.5
    found = MaxNLocator(nbins=count, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [float(tick) for tick in np.asarray(found)]


def tick_text(ticks: Sequence[float], scale: Scale, room: float = _MARGIN) -> list[str]:
    """Labels of ticks: percent for probabilities, signed points for differences; numbers that would be wider than the
    ``room`` beside a figure in powers of ten.
    """
    factor = 1.0 if scale in ("number", "change") else 100.0
    shown = np.asarray(ticks) * factor
    slack = 1e-3 * float(np.diff(shown).min()) if shown.size > 1 else 0.0
    decimals = next((d for d in range(9) if bool((abs(shown - shown.round(d)) <= slack).all())), 9)
    sign = "+" if scale in ("difference", "change") else ""
    made = [_signed(f"{tick * factor:{sign},.{decimals}f}") for tick in ticks]
    if factor == 1.0 and _widest(made) > room:
        # many digits that differ in the last ones alone are no shorter in tens
        made = min(made, [_signed(text) for text in _in_tens(ticks, slack, sign)], key=_widest)
    tail = "%" if scale == "probability" else ""
    return [text + tail for text in made]


def _widest(texts: Sequence[str]) -> float:
    return max(measure(text, SMALL) for text in texts)


def _in_tens(ticks: Sequence[float], slack: float, sign: str) -> list[str]:
    largest = max(abs(tick) for tick in ticks)
    for digits in range(16):
        made = [in_tens(tick, digits) if abs(tick) > 1e-9 * largest else "0" for tick in ticks]
        if all(abs(float(text) - tick) <= slack for text, tick in zip(made, ticks, strict=True)):
            break
    return [f"{sign}{text}" if tick > 0 else text for text, tick in zip(made, ticks, strict=True)]


def _signed(text: str) -> str:
    """With the sign that is set in print, and a nought with none."""
    if not text.strip("+-0."):
        return text.lstrip("+-")
    return f"\N{MINUS SIGN}{text[1:]}" if text.startswith("-") else text


def grid_lines(plane: Plane, ticks: Sequence[float], along: Literal["x", "y"] = "x") -> None:
    """Faint lines at ``ticks``, behind all else; call it when the limits are set."""
    looks: dict[str, Any] = {"color": FAINT, "linewidth": 0.7, "zorder": 0, "clip": False}
    if along == "x":
        plane.segments((ticks, ticks), plane.up, **looks)
    else:
        plane.segments(plane.across, (ticks, ticks), **looks)


def muted_ticks(
    board: Board, plane: Plane, ticks: Sequence[float], labels: Sequence[str], along: Literal["x", "y"] = "x"
) -> None:
    """Tick labels below or to the left, without tick marks; call it when the limits are set."""
    looks: dict[str, Any] = {"size": SMALL, "colour": MUTED}
    below = plane.y + plane.height + 4 + SMALL
    for tick, label in zip(ticks, labels, strict=True):
        if along == "x":
            board.text(plane.x_of(tick), below, label, align="center", **looks)
        else:
            board.text(plane.x - 5, plane.y_of(tick) + 0.36 * SMALL, label, align="right", **looks)
