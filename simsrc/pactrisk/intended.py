"""What was probably meant by a table that is written as a number and says no distribution."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from pactrisk.distributions import FAMILIES
from pactrisk.numerals import shown
from pactrisk.spelling import meant

__all__ = ["QUANTILES", "RISING", "intended", "lacking", "word_meant"]

QUANTILES = tuple(f"p{level:02d}" for level in range(1, 100))
RISING = ("uniform", "triangular")
"""Families whose parameters are values, which must rise."""
_CALLED = {"q1": "p25", "q2": "p50", "median": "p50", "q3": "p75"}
"""Quantiles that have a name of their own elsewhere."""


def intended(
    rest: Mapping[str, object], cut: Mapping[str, Any], bounds: tuple[float, float], families: Collection[str]
) -> str:
    """What to do about words that say no distribution; empty where it is not plain.

    ``cut`` are the ends that it is truncated to, ``low`` and ``high``, where they are given, ``bounds`` those that the
    number must keep, and ``families`` the named distributions that it may have.
    """
    if not rest and len(cut) == 2:
        low, high = cut["low"], cut["high"]
        if not (isinstance(low, float) and isinstance(high, float)) or low < high:
            return f'write {{ distribution = "uniform", low = {shown(low)}, high = {shown(high)} }}'
    fitting = [name for name in families if rest and set(FAMILIES[name].above) == set(rest)]
    if fitting:
        ends = lacking(fitting[0], cut, bounds).items()
        more = "".join(f", {word} = {shown(bound)}" for word, bound in ends)
        return f"add distribution = {' or '.join(json.dumps(name) for name in fitting)}{more}"
    near = next((near for word in rest if (near := word_meant(word))), None)
    return f"did you mean {near}?" if near and near not in rest else ""


def lacking(family: str, cut: Mapping[str, Any], bounds: tuple[float, float]) -> dict[str, float]:
    """The ends, ``min`` and ``max``, that a named distribution lacks to keep the bounds of its number."""
    if family in ("fixed", *RISING):
        return {}
    (least, most), (low, high) = FAMILIES[family].support, bounds
    ends = {"min": low} if low > least and cut.get("low") is None else {}
    return ends | ({"max": high} if high < most and cut.get("high") is None else {})


def word_meant(word: str) -> str | None:
    """The word of a spread that one plainly is."""
    plain = word.casefold()
    if plain in _CALLED:
        return _CALLED[plain]
    level = re.fullmatch(r"[pq]_?0?([1-9][0-9]?)", plain)
    if level is not None:
        return f"p{int(level[1]):02d}"
    return meant(word, ("distribution", "value", "min", "max"))
