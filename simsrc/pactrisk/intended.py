"""What was probably meant by a table that is written as a number and says no distribution."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any

from pactrisk.distributions import FAMILIES
from pactrisk.numerals import shown
from pactrisk.spelling import meant

__all__ = ["QUANTILES", "RISING", "converted", "intended", "lacking", "mistaken", "ranged", "word_meant"]

QUANTILES = tuple(f"p{level:02d}" for level in range(1, 100))
RISING = ("uniform", "triangular")
"""Families whose parameters are values, which must rise."""
_CALLED = {"q1": "p25", "q2": "p50", "median": "p50", "q3": "p75"}
"""Quantiles that have a name of their own elsewhere."""
_RISES = ("p10", "p50", "p90")
_LARGE = 1e12
_SD = ("sd", "std", "stdev", "stddev")
_NUMBER = r"([+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?)"
_RANGE = re.compile(rf"\s*{_NUMBER}\s*(%?)\s*(?:[-–—−]|to|\.\.\.?|…)\s*{_NUMBER}\s*(%|months?)?\s*")


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
    if set(rest) == {"mode"} and len(cut) == 2:
        return f'write {{ distribution = "triangular", {_set({"low": cut["low"], **rest, "high": cut["high"]})} }}'
    fitting = [name for name in families if rest and set(FAMILIES[name].above) == set(rest)]
    if fitting:
        ends = lacking(fitting[0], cut, bounds).items()
        more = "".join(f", {word} = {shown(bound)}" for word, bound in ends)
        return f"add distribution = {' or '.join(json.dumps(name) for name in fitting)}{more}"
    if hint := converted(rest):
        return hint
    near = next((near for word in rest if (near := word_meant(word))), None)
    return f"did you mean {near}?" if near and near not in rest else ""


def converted(rest: Mapping[str, Any]) -> str:
    """A lognormal in its own words of one that is written by its mean and standard deviation; empty for all else."""
    sd = next((word for word in _SD if word in rest), "")
    if {*rest} - {"distribution"} != {"mean", sd} or rest.get("distribution", "lognormal") != "lognormal":
        return ""
    mean, by = rest["mean"], rest[sd]
    if not all(isinstance(x, int | float) and not isinstance(x, bool) and 0 < x < _LARGE for x in (mean, by)):
        return ""
    wide = 1 + (by / mean) ** 2
    median, sigma = mean / math.sqrt(wide), math.sqrt(math.log(wide))
    parameters = f'distribution = "lognormal", median = {median:.4g}, sigma = {sigma:.3g}'
    return f"instead of mean and {sd} write {parameters}"


def mistaken(family: str, needed: list[str], given: list[str]) -> list[str]:
    """A sentence on the words of a named distribution where they are not those that it needs; none if they are."""
    missing = [word for word in needed if word not in given]
    odd = [word for word in given if word not in needed]
    takes = f"{family} takes {_and(needed)}"
    if missing and odd:
        return [f"{takes}, not {_and([str(word)[:60] for word in given])}"]
    if odd:
        return [f"{takes}: it has no {_and([repr(str(word)[:60]) for word in odd])}"]
    return [f"{takes}: {_and(missing)} {'is' if len(missing) == 1 else 'are'} missing"] if missing else []


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def ranged(raw: object, share: bool = False) -> str:
    """How a range is written that stands as text or as a list of rising numbers; empty where it is none.

    Of a ``share`` of 1 text may be in per cent.
    """
    if isinstance(raw, str):
        found = _RANGE.fullmatch(raw)
        per_cent = found is not None and "%" in (found[2], found[4])
        if found is None or (per_cent and not share):
            return ""
        ends = [float(found[n]) / (100 if per_cent else 1) for n in (1, 3)]
    else:
        ends = list(raw) if isinstance(raw, list | tuple) and 1 < len(raw) <= len(_RISES) else []
    plain = ends and all(isinstance(x, int | float) and not isinstance(x, bool) for x in ends)
    if not plain or any(not x < y for x, y in pairwise(ends)):
        return ""
    words = _RISES if len(ends) == len(_RISES) else _RISES[::2]
    return f"a range is written {{ {_set(dict(zip(words, ends, strict=True)))} }}"


def _set(parameters: Mapping[str, object]) -> str:
    return ", ".join(f"{word} = {shown(x)}" for word, x in parameters.items())


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
