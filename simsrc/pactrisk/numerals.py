"""Numbers as they are written in a file: read, or refused in words that say which one it is and how it is written."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

__all__ = [
    "FIGURE", "FRACTION", "OF_HUNDRED", "PER_CENT", "counted", "in_per_cent", "in_tens", "in_unit", "kind_of", "number",
    "part", "parts", "shown", "whole",
]  # fmt: skip

FIGURE = r"[+-]?(?:[0-9](?:_?[0-9]){0,14}(?:\.[0-9]*)?|\.[0-9]{1,15})(?:[eE][+-]?[0-9]{1,2})?"
"""A number as people write it; what has no digit before or after its point is no TOML."""
_WRITTEN = re.compile(rf"\s*[$€£]?\s*({FIGURE})\s*(%|[^\W\d_].*|[$€£].*|)\s*", re.DOTALL)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
OF_HUNDRED = r"%|per ?cent|pct\.?"
"""The words for per cent."""
PER_CENT = 100
"""The whole, where a share of 1 is written in per cent."""
FRACTION = 10
"""Upper bound up to which a number that is beyond it was plainly meant in per cent."""
_PLAINLY = 2
"""From where on it was: 1.2 may be a share that is a little too large."""
_GROUPED = re.compile(r"\s*([0-9]{1,3}(?:[,._' ][0-9]{3})+|[0-9]{1,12})\s*(k|thousand|m|million)?\s*", re.IGNORECASE)
_NO_UNIT = re.compile(r"(?:k|thousand|mn|mio|million|bn|billion|to|or|and|bis)\b")
"""What stands behind a number that is not all of it."""
_A_YEAR = ("a year", "per year", "/year", "per annum")


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    (str, "text"),
    ((int, float), "a number"),
    (datetime, "a date with a time"),
    (date, "a date"),
    (time, "a time"),
    ((list, tuple), "a list"),
    (Mapping, "a table"),
)
"""In words, what a value of a file may be; the first that fits counts."""


def kind_of(value: object) -> str:
    """What kind of TOML value it is, in words."""
    return next((words for types, words in _KINDS if isinstance(value, types)), "something else")


def number(raw: object, unit: str = "") -> float:
    """The number; what is none is refused, and text that holds one with how that is written in this ``unit``."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        hint = _unquoted(raw, unit) if isinstance(raw, str) else ""
        raise ValueError(f"must be a number, not {kind_of(raw)}", *([hint] if hint else []))
    try:
        x = float(raw)
    except OverflowError:
        raise ValueError("must be a number that a computer can hold") from None
    if not math.isfinite(x):
        raise ValueError(f"must be a finite number, not {x}")
    return x


def shown(x: object) -> str:
    """A number as a file has it, a spread as it is written."""
    return f"{x:.15g}" if isinstance(x, int | float) else str(x)


def counted(number: float, thing: str, things: str = "") -> str:
    """``1 driver``, ``2 drivers``, ``100,000 trials``, ``2.5 months``."""
    return f"{number:,.15g} {thing if number == 1 else things or thing + 's'}"


def _unquoted(text: str, unit: str) -> str:
    """How the number in a text is written; empty where there is none, or in a unit that is not plain."""
    found = in_unit(text, unit)
    return "" if found is None else f"write {found[0]} without quotes{found[1]}"


def in_tens(value: float, digits: int) -> str:
    """A number as ``1.5e12``, to so many digits after its point."""
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def in_unit(text: str, unit: str) -> tuple[str, str] | None:
    """The number in a text as a file has it in this ``unit``, and what is to be said of that: per cent are hundredths.

    None where there is no number, or one in a unit that is not plain.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    x, written = float(found[1]), found[2].strip().lower()
    if re.fullmatch(OF_HUNDRED, written):
        return None if unit == "months" else (shown(x / PER_CENT), f": {shown(x)}% is {shown(x / PER_CENT)}")
    if not written:
        return shown(x), ""
    if unit == "months":
        times = _MONTHS.get(written.removesuffix("s"))
        return (shown(x * times), ", in months") if times else None
    if (unit and written not in _A_YEAR) or _NO_UNIT.match(written):
        return None
    return shown(x), f", {unit}" if unit else " and unit"


def in_per_cent(x: float, low: float, most: float) -> str:
    """What a number that is too large for its bounds comes to if it was meant in per cent; empty where not plain."""
    share = low >= 0 and most <= FRACTION and max(most, _PLAINLY) <= x <= PER_CENT
    if not (share and low <= x / PER_CENT <= most):
        return ""
    return f"a {'share' if most == 1 else 'fraction'} of 1: {shown(x)}% is {shown(x / PER_CENT)}"


def whole(text: str) -> str:
    """How the whole number in a text is written, with signs between its thousands or short for them; else empty."""
    found = _GROUPED.fullmatch(text)
    if found is None:
        return ""
    digits, more = re.sub(r"\D", "", found[1]), (found[2] or "").lower()[:1]
    return f"{int(digits) * {'': 1, 'k': 1_000, 't': 1_000, 'm': 1_000_000}[more]:_}"


def part(word: str, raw: object, read: Callable[[Any], Any]) -> Any:
    """What ``read`` makes of the part of a distribution that is called ``word``; what is wrong with it names it."""
    try:
        return read(raw)
    except ValueError as error:
        message, *hint = error.args
        first = str(message).partition(" ")[0]
        if isinstance(raw, Mapping) and first.partition(".")[0] in raw:
            raise ValueError(f"{word}.{message}", *hint) from None
        colon = "" if first in ("must", "needs", "has", "can") else ":"
        raise ValueError(f"{word}{colon} {message}", *hint) from None


def parts(raw: Mapping[str, object], read: Callable[[Any], Any]) -> dict[str, Any]:
    """What ``read`` makes of each part of a distribution; what is wrong with them is told in one sentence."""
    found, wrong = {}, []
    for word, x in raw.items():
        try:
            found[word] = part(word, x, read)
        except ValueError as error:
            wrong.append(error)
    if len(wrong) > 1:
        raise ValueError("; ".join(str(error.args[0]) for error in wrong))
    if wrong:
        raise wrong[0]
    return found
