"""Dates that a drawing leaves out: a line of many more points than its panel is wide only makes the page heavy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pactrisk.findings import AreaPanel, FanPanel, LinePanel

__all__ = ["Panel", "thinned"]

Panel = FanPanel | AreaPanel | LinePanel

_STEPS = 200
"""Steps from the first date of a panel to its last: about one a point where panels stand three abreast."""
_STEPS_IN_ALL = 6_000
"""Steps of all panels of a figure together, for a portfolio of many agreements."""
_FEWEST = 50


def thinned(panels: Sequence[Panel]) -> list[Panel]:
    """The same panels, with no more dates than can be seen: every second, third and so on, and the last.

    What is between them is in the tables, which hold every date.
    """
    most = max(_FEWEST, min(_STEPS, _STEPS_IN_ALL // max(len(panels), 1)))
    return [_thin(panel, most) for panel in panels]


def _thin(panel: Panel, most: int) -> Panel:
    last = len(panel.x) - 1
    if last <= most:
        return panel
    keep = np.append(np.arange(0, last, -(-last // most)), last)
    x = panel.x[keep]
    if isinstance(panel, FanPanel):
        return replace(panel, x=x, bands={p: values[keep] for p, values in panel.bands.items()})
    if isinstance(panel, AreaPanel):
        return replace(panel, x=x, shares=panel.shares[:, keep])
    low, high = (None if end is None else end[:, keep] for end in (panel.low, panel.high))
    return replace(panel, x=x, values=panel.values[:, keep], low=low, high=high)
