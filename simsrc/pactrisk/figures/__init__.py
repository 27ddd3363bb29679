"""Figures: every kind of :mod:`pactrisk.findings.figure` drawn to SVG and PNG.

All of Matplotlib is behind this door, through its object interface and without global state; it is loaded when the
first figure is drawn, or :func:`ready` is called.
"""

from __future__ import annotations

import logging

from pactrisk.figures.drawing import Drawing
from pactrisk.figures.palette import ON_DARK
from pactrisk.findings import Figure

__all__ = ["ON_DARK", "Drawing", "draw", "ready"]


def draw(figure: Figure) -> Drawing:
    """Draw one figure. The same figure gives the same bytes. Raises ``TypeError`` on an unknown kind."""
    ready()
    from pactrisk.figures.render import render

    return render(figure)


def ready() -> None:
    """Load what draws, where it is not loaded yet."""
    # a home that cannot be written costs Matplotlib some time, which it would tell when it is loaded
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import pactrisk.figures.render  # noqa: F401
