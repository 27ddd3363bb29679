"""Where trials end up between ceremony and delivery, with the cuts of the rule."""

from __future__ import annotations

import numpy as np

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
    ax = board.axes(x, y, side, side)
    ax.set(xlim=(across[0], across[-1]), ylim=(up[0], up[-1]))
    shade = (panel.mass.T / max(float(np.nanmax(panel.mass)), 1e-300)) ** _POWER
    colours = np.empty((*shade.shape, 4))
    colours[..., :3] = _HUE
    # a corner that any trial reaches must show, on a dark page as well
    colours[..., 3] = np.where(shade > 0, _LEAST + (1 - _LEAST) * np.nan_to_num(shade), 0.0)
    ax.pcolormesh(across, up, colours, rasterized=True)
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    labels = ["0", "0.25", "0.5", "0.75", "1"]
    muted_ticks(board, ax, ticks, labels)
    muted_ticks(board, ax, ticks, labels, "y")
    board.rule((x, x, x + side), (y, y + side, y + side), MUTED)
    high = float(up[-1] - up[0])
    for cut in panel.delivery_cuts:
        ax.axhline(cut.value, color=INK, linewidth=0.9, linestyle=(0, (4, 2)))
        at = y + side * (1 - (cut.value - float(up[0])) / high)
        board.text(x + side - 3, at - 3, wrap(cut.label, side / 2, SMALL, 1)[0], size=SMALL, align="right")
    for cut in panel.ceremony_cuts:
        ax.axvline(cut.value, color=INK, linewidth=0.9, linestyle=(0, (1, 2)))
        at = x + side * (cut.value - float(across[0])) / float(across[-1] - across[0])
        # above the square, where no cell lies under it
        board.text(at, y - 4, wrap(cut.label, side / 2, SMALL, 1)[0], size=SMALL, align="center")
    board.text(x + side / 2, y + side + 28, "ceremony", size=SMALL, colour=MUTED, align="center")
    board.text(x - 32, y + side / 2, "delivery", size=SMALL, colour=MUTED, align="center", angle=90)
