"""Where trials end up between ceremony and delivery, with the cuts of the rule."""

from __future__ import annotations

import numpy as np
from matplotlib.collections import QuadMesh

from pactrisk.figures.palette import INK, MUTED
from pactrisk.figures.sheet import SMALL, TEXT, WIDTH, Board, muted_ticks, wrap
from pactrisk.findings import Density, DensityPanel

__all__ = ["density"]

# Most trials deliver nothing at all and would leave all else white on a plain scale.
_POWER = 0.35
_LEAST = 0.16
_GUTTER = 26.0
_LEFT = 44.0
# Dark enough on white, bright enough on black: the page behind shows through where trials are few.
_HUE = (0.11, 0.52, 0.61)


def density(figure: Density) -> Board:
    """One square a panel: the darker, the more trials. The scale is a power below 1, so that rare corners show."""
    across = min(len(figure.panels), 2 if len(figure.panels) in (2, 4) else 3)
    each = (WIDTH - _GUTTER * (across - 1)) / across
    side = min(each - _LEFT - 6, 340.0)
    titles = [wrap(panel.title, each, TEXT, 2, "bold") for panel in figure.panels]
    rows = -(-len(titles) // across)
    head = 1.25 * TEXT * max(len(title) for title in titles) + 8 + 1.4 * SMALL
    step = head + side + 44
    board = Board(rows * step)
    for n, panel in enumerate(figure.panels):
        x, top = (each + _GUTTER) * (n % across), step * (n // across)
        board.lines(x, top + TEXT + 2, titles[n], weight="bold")
        _draw(board, panel, x + _LEFT, top + head, side)
    return board


def _draw(board: Board, panel: DensityPanel, x: float, y: float, side: float) -> None:
    across, up = panel.ceremony_edges, panel.delivery_edges
    plane = board.plane(x, y, side, side, across, up)
    shade = (panel.mass.T / max(float(np.nanmax(panel.mass)), 1e-300)) ** _POWER
    colours = np.empty((*shade.shape, 4))
    colours[..., :3] = _HUE
    # a corner that any trial reaches must show, on a dark page as well
    colours[..., 3] = np.where(shade > 0, _LEAST + (1 - _LEAST) * np.nan_to_num(shade), 0.0)
    corners = np.stack(np.meshgrid(across, up), axis=-1)
    plane.add(QuadMesh(corners, facecolor=colours.reshape(-1, 4), antialiased=False, linewidth=0, rasterized=True))
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    labels = ["0", "0.25", "0.5", "0.75", "1"]
    muted_ticks(board, plane, ticks, labels)
    muted_ticks(board, plane, ticks, labels, "y")
    board.rule((x, x, x + side), (y, y + side, y + side), MUTED)
    for cut in panel.delivery_cuts:
        plane.level(cut.value, color=INK, linewidth=0.9, linestyle=(0, (4, 2)))
        label = wrap(cut.label, side / 2, SMALL, 1)[0]
        board.text(x + side - 3, plane.y_of(cut.value) - 3, label, size=SMALL, align="right")
    for cut in panel.ceremony_cuts:
        plane.upright(cut.value, color=INK, linewidth=0.9, linestyle=(0, (1, 2)))
        # above the square, where no cell lies under it
        board.text(plane.x_of(cut.value), y - 4, wrap(cut.label, side / 2, SMALL, 1)[0], size=SMALL, align="center")
    board.text(x + side / 2, y + side + 28, "ceremony", size=SMALL, colour=MUTED, align="center")
    board.text(x - 32, y + side / 2, "delivery", size=SMALL, colour=MUTED, align="center", angle=90)
