"""Colours: fixed for each class, safe for the colour-blind, and apart in grey.

Neighbours differ in lightness, and two classes near in lightness differ in hatching. The four page
colours (ink, muted, faint, paper) stand for variables that a page sets for its light and dark looks.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "FAINT",
    "HATCH",
    "HINT",
    "INK",
    "MUTED",
    "ON_DARK",
    "PAPER",
    "Fill",
    "dash_of",
    "fill_of",
    "ink_on",
    "lightness",
    "line_of",
    "marker_of",
]

INK = "#1b1f23"
MUTED = "#59636d"
FAINT = "#d3d8dd"
PAPER = "#fefefd"
HATCH = "#00000055"

HINT = "hint:"
"""What the id of an artist begins with where the rest is to be told when a pointer rests on it."""


@dataclass(frozen=True)
class Fill:
    """A colour and, where lightness alone would not tell it from others, a hatch."""

    colour: str
    hatch: str = ""


_CLASSES = {
    "substantive": Fill("#16697a"),
    "partial": Fill("#63b3b5"),
    "token": Fill("#e6c56c"),
    "pending": Fill("#e4e7ea"),
    "symbolic": Fill("#d88a3f", "////"),
    "dormant": Fill("#747d88"),
    "reversed": Fill("#7d2a49"),
    "absent": Fill("#f5f5f2", "\\\\\\\\"),
}

_SERIES = ("#24588f", "#e8b04a", "#4fa08b", "#a8456b", "#9cc3e6", "#6d6f76", "#c9d37f", "#5b3f8c")
# A line is thin: on white it must be darker than a fill, on a dark page lighter. Fill: (on white, on dark).
_LINES = {
    "#16697a": ("#16697b", "#4fb4c6"),
    "#63b3b5": ("#3f9698", "#7fcfd0"),
    "#e6c56c": ("#b08a22", "#e6c56d"),
    "#e4e7ea": ("#98a1aa", "#c3cad1"),
    "#d88a3f": ("#c4752a", "#e59c55"),
    "#747d88": ("#6b747f", "#9aa4af"),
    "#7d2a49": ("#7d2a4a", "#cf7595"),
    "#f5f5f2": ("#a9a99c", "#d2d2c8"),
    "#24588f": ("#245890", "#6aa5dd"),
    "#e8b04a": ("#cf9020", "#e8b04b"),
    "#4fa08b": ("#3d8f7a", "#63b8a2"),
    "#a8456b": ("#a8456c", "#d97d9f"),
    "#9cc3e6": ("#5f9bcf", "#9cc3e7"),
    "#6d6f76": ("#6d6f77", "#a3a6ae"),
    "#c9d37f": ("#8f9b33", "#c9d380"),
    "#5b3f8c": ("#5b3f8d", "#a58cdb"),
}

#: What a line's colour on white becomes on a dark page: the page's variable and its value there.
ON_DARK = {light: (f"--line-{n}", dark) for n, (light, dark) in enumerate(_LINES.values())}

_HATCHES = ("", "////", "\\\\\\\\", "----")
_MARKERS = ("o", "s", "D", "^", "v", "P", "X", "h")
_DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (5, 2),
    (1.5, 1.5),
    (6, 2, 1.5, 2),
    (3, 1.5),
    (8, 2),
    (1, 3),
    (4, 1),
)


def fill_of(label: str, index: int) -> Fill:
    """The fixed fill of a class, or the ``index``-th of the series: colours first, then with hatching."""
    if label in _CLASSES:
        return _CLASSES[label]
    turn, place = divmod(index, len(_SERIES))
    return Fill(_SERIES[place], _HATCHES[turn % len(_HATCHES)])


def line_of(label: str, index: int) -> str:
    """The colour of a line or a dot: kin to the fill, with the contrast that thin things need."""
    return _LINES[fill_of(label, index).colour][0]


def marker_of(index: int) -> str:
    """The marker of the ``index``-th series, so that series are told apart without colour."""
    return _MARKERS[index % len(_MARKERS)]


def dash_of(index: int) -> tuple[float, tuple[float, ...]]:
    """The dash pattern of the ``index``-th line, in line widths."""
    return 0.0, _DASHES[index % len(_DASHES)]


def lightness(colour: str) -> float:
    """CIE 1976 lightness L* (0 black to 100 white) of an sRGB ``#rrggbb``."""
    y = _luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > (6 / 29) ** 3 else y * (29 / 3) ** 3


def ink_on(colour: str) -> str:
    """Black or white, whichever contrasts more with ``colour`` (WCAG 2 contrast ratio)."""
    y = _luminance(colour)
    return "#ffffff" if 1.05 / (y + 0.05) > (y + 0.05) / 0.05 else "#111111"


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
