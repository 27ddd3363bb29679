"""Figures: every kind of :mod:`pactrisk.findings.figure` drawn to SVG and PNG.

All of Matplotlib is behind this door, through its object interface and without global state.
"""

from __future__ import annotations

from pactrisk.figures.draw import Drawing, draw
from pactrisk.figures.palette import ON_DARK

__all__ = ["ON_DARK", "Drawing", "draw"]
