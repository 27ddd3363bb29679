"""A headline and its three kinds of not knowing, as a row of the three-way bar."""

from __future__ import annotations

import math

from pactrisk.estimators import Composition, Estimate
from pactrisk.findings.panels import Scale, ThreeWayRow

__all__ = ["three_way_row", "told_apart"]


def three_way_row(
    label: str,
    estimate: Estimate,
    composition: Composition,
    scale: Scale = "probability",
    bounds: tuple[float, float] = (0.0, 1.0),
    chance: tuple[float, float] | None = None,
) -> ThreeWayRow:
    """One row, each interval as it was found: none is widened so that another fits inside.

    With few worlds, noise can be wider than what is found of ignorance: it then cannot be told from nothing, and the
    text says so. Where ignorance
    cannot be told from chance (one trial a world, or one world) its interval is NaN and is not drawn.

    Parameters
    ----------
    label : what the row is about.
    estimate : the headline with its simulation noise.
    composition : of the same statistic, one number.
    scale : of the values.
    bounds : least and greatest possible value.
    chance : central range over trials; None for a chance, which a trial only settles one way or the other.
    """
    low, high = float(composition.ignorance_low.item()), float(composition.ignorance_high.item())
    if math.isnan(float(composition.ignorance_var.item())):
        low = high = math.nan
    else:
        low, high = max(low, bounds[0]), min(high, bounds[1])
    return ThreeWayRow(
        label=label,
        value=estimate.value,
        noise=(estimate.low, estimate.high),
        ignorance=(low, high),
        chance=chance,
        chance_text=_remark(composition, chance is None),
        scale=scale,
    )


def told_apart(composition: Composition) -> bool:
    """Whether ignorance was found at all, of one number: not where it may be nought, or cannot be told from chance."""
    known = not math.isnan(float(composition.ignorance_var.item()))
    return known and not bool(composition.indistinguishable.item())


def _remark(composition: Composition, event: bool) -> str:
    if math.isnan(float(composition.ignorance_var.item())):
        return "ignorance cannot be told from chance with one trial a world"
    if float(composition.ignorance_var.item()) == 0.0 and float(composition.share_high.item()) == 0.0:
        return "no assumption has a spread: there is nothing to be ignorant of"
    if not told_apart(composition):
        return "so few trials cannot tell ignorance from nothing"
    return "the rest is chance: it happens or it does not" if event else ""
