"""What was probably meant by a table that is written as a number and says no distribution."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection, Mapping
from itertools import pairwise
from typing import Any

from pactrisk.distributions import FAMILIES
from pactrisk.numerals import PER_CENT, in_per_cent, shown
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
        return f"add distribution = {' or '.join(map(json.dumps, fitting))}{_ended(fitting[0], cut, bounds)}"
    if hint := converted(rest, cut, bounds):
        return hint
    near = next((near for word in rest if (near := word_meant(word))), None)
    return f"did you mean {near}?" if near and near not in rest else ""


def converted(rest: Mapping[str, Any], cut: Mapping[str, Any], bounds: tuple[float, float]) -> str:
    """A lognormal in its own words of one that is written by its mean and standard deviation; empty for all else.

    ``cut`` and ``bounds`` are as for :func:`intended`.
    """
    sd = next((word for word in _SD if word in rest), "")
    if {*rest} - {"distribution"} != {"mean", sd} or rest.get("distribution", "lognormal") != "lognormal":
        return ""
    mean, by = rest["mean"], rest[sd]
    if not all(isinstance(x, int | float) and not isinstance(x, bool) and 0 < x < _LARGE for x in (mean, by)):
        return ""
    wide = 1 + (by / mean) ** 2
    median, sigma = mean / math.sqrt(wide), math.sqrt(math.log(wide))
    parameters = f'distribution = "lognormal", median = {median:.4g}, sigma = {sigma:.3g}'
    return f"instead of mean and {sd} write {parameters}{_ended('lognormal', cut, bounds)}"


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


def ranged(raw: object, bounds: tuple[float, float], fits: Callable[[float], bool], share: bool = False) -> str:
    """How a range is written that stands as text or as a list of rising numbers; empty where it is none.

    Quantiles lie inside the ``bounds`` of the number; where an end that ``fits`` is one of these, it is the end of a
    uniform or triangular distribution. A ``share`` of 1 may be in per cent.
    """
    ends = _ends(raw, share)
    if not ends or any(not x < y for x, y in pairwise(ends)):
        return ""
    if share and in_per_cent(ends[-1], *bounds):
        ends = [x / PER_CENT for x in ends]
    if bounds[0] < ends[0] and ends[-1] < bounds[1]:
        words = _RISES if len(ends) == len(_RISES) else _RISES[::2]
        return f"a range is written {{ {_set(dict(zip(words, ends, strict=True)))} }}"
    if not all(map(fits, ends)):
        return ""
    family = next(name for name in RISING if len(FAMILIES[name].above) == len(ends))
    parameters = _set(dict(zip(FAMILIES[family].above, ends, strict=True)))
    return f'a range is written {{ distribution = "{family}", {parameters} }}'


def _ends(raw: object, share: bool) -> list[float]:
    """The two or three numbers that a range is written by; none where it is no range."""
    if isinstance(raw, str):
        found = _RANGE.fullmatch(raw)
        per_cent = found is not None and "%" in (found[2], found[4])
        if found is None or (per_cent and not share):
            return []
        return [float(found[n]) / (PER_CENT if per_cent else 1) for n in (1, 3)]
    listed = list(raw) if isinstance(raw, list | tuple) and 1 < len(raw) <= len(_RISES) else []
    return listed if all(isinstance(x, int | float) and not isinstance(x, bool) for x in listed) else []


def _set(parameters: Mapping[str, object]) -> str:
    return ", ".join(f"{word} = {shown(x)}" for word, x in parameters.items())


def lacking(family: str, cut: Mapping[str, Any], bounds: tuple[float, float]) -> dict[str, float]:
    """The ends, ``min`` and ``max``, that a named distribution lacks to keep the bounds of its number."""
    if family in ("fixed", *RISING):
        return {}
    (least, most), (low, high) = FAMILIES[family].support, bounds
    ends = {"min": low} if low > least and cut.get("low") is None else {}
    return ends | ({"max": high} if high < most and cut.get("high") is None else {})


def _ended(family: str, cut: Mapping[str, Any], bounds: tuple[float, float]) -> str:
    """What is to be written behind a named distribution so that it keeps the bounds of its number."""
    return "".join(f", {word} = {shown(bound)}" for word, bound in lacking(family, cut, bounds).items())


def word_meant(word: str) -> str | None:
    """The word of a spread that one plainly is."""
    plain = word.casefold()
    if plain in _CALLED:
        return _CALLED[plain]
    level = re.fullmatch(r"[pq]_?0?([1-9][0-9]?)", plain)
    if level is not None:
        return f"p{int(level[1]):02d}"
    return meant(word, ("distribution", "value", "min", "max"))
