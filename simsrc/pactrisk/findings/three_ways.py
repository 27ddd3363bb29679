"""A headline and its three kinds of not knowing, as a row of the three-way bar."""

from __future__ import annotations

import math

from pactrisk.ensemble import Reading
from pactrisk.ensemble.kinds import kinds_in
from pactrisk.estimators import Composition, Estimate, composition, of_kinds
from pactrisk.findings.panels import Scale, ThreeWayRow

__all__ = ["INSIDE", "composed", "three_way_row", "told_apart", "world_range"]

INSIDE = 0.9
"""Part of all worlds that the ranges of ignorance hold."""


def composed(reading: Reading, key: str) -> Composition:
    """Noise, ignorance and chance of the ``number``, of there being ``some``, or of ``each`` agreement."""
    most = len(reading.names) if key == "number" else 1
    noise = reading.at_headline(key)
    whole = composition(reading.by_world(key), most, reading.certain, reading.level, INSIDE, noise)
    return of_kinds(whole, kinds_in(reading, key))


def three_way_row(
    label: str,
    estimate: Estimate,
    composition: Composition,
    scale: Scale = "probability",
    bounds: tuple[float, float] = (0.0, 1.0),
    chance: tuple[float, float] | None = None,
) -> ThreeWayRow:
    """One row, each interval as it was found: none is widened so that another fits inside.

    Ignorance that cannot be told from nothing is shown by the most that it may be. Where it cannot be told from chance
    (one trial a world, or one world) its interval is NaN and is not drawn.

    Parameters
    ----------
    label : what the row is about.
    estimate : the headline with its simulation noise.
    composition : of the same statistic, one number.
    scale : of the values.
    bounds : least and greatest possible value.
    chance : central range over trials; None for a chance, which a trial only settles one way or the other.
    """
    low, high = world_range(composition, bounds)
    return ThreeWayRow(
        label=label,
        value=estimate.value,
        noise=(estimate.low, estimate.high),
        ignorance=(low, high),
        chance=chance,
        chance_text=_remark(composition, chance is None),
        scale=scale,
        bound=_bounded(composition),
    )


def world_range(composition: Composition, bounds: tuple[float, float] = (0.0, 1.0)) -> tuple[float, float]:
    """Where one number lies in most worlds; at most, where ignorance cannot be told from nothing; NaN where it cannot
    be told from chance."""
    if math.isnan(float(composition.ignorance_var.item())):
        return math.nan, math.nan
    word = "ignorance" if told_apart(composition) else "most"
    low, high = (float(getattr(composition, f"{word}_{end}").item()) for end in ("low", "high"))
    return max(low, bounds[0]), min(high, bounds[1])


def told_apart(composition: Composition) -> bool:
    """Whether ignorance was found at all, of one number: not where it may be nought, or cannot be told from chance."""
    known = not math.isnan(float(composition.ignorance_var.item()))
    return known and not bool(composition.indistinguishable.item())


def _bounded(composition: Composition) -> bool:
    """Whether all that is known of ignorance is how large it may be."""
    known = not math.isnan(float(composition.ignorance_var.item()))
    return known and not told_apart(composition) and float(composition.share_high.item()) > 0.0


def _remark(composition: Composition, event: bool) -> str:
    if math.isnan(float(composition.ignorance_var.item())):
        return "ignorance cannot be told from chance with one trial a world"
    if float(composition.share_high.item()) == 0.0:
        return "no assumption has a spread: there is nothing to be ignorant of"
    if _bounded(composition):
        return "ignorance cannot be told from nothing"
    return "the rest is chance: it happens or it does not" if event else ""
