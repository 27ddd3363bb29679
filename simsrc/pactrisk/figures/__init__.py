"""Figures: every kind of :mod:`pactrisk.findings.figure` drawn to SVG and PNG.

All of Matplotlib is behind this door, through its object interface and without global state.
"""

from __future__ import annotations

import logging

# a home that cannot be written costs it some time, which it would tell at each import
logging.getLogger("matplotlib").setLevel(logging.ERROR)

from pactrisk.figures.draw import Drawing, draw  # noqa: E402
from pactrisk.figures.palette import ON_DARK  # noqa: E402

__all__ = ["ON_DARK", "Drawing", "draw"]
