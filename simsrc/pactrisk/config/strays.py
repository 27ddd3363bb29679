"""What is no TOML and is plain all the same: signs that cannot be told apart by eye, and ways of writing numbers."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from pactrisk.config.fields import may_spread
from pactrisk.config.quoting import clean, shown
from pactrisk.config.spots import SPANS, Said, Spot
from pactrisk.config.units import alone
from pactrisk.config.wanted import wants_number

__all__ = ["odd_sign", "stray", "unset"]

_NUMBER = r"(?:\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})"
_RANGE = re.compile(rf"([+-]?{_NUMBER})\s*(?:[-–—−]|to|\.\.\.?|…)\s*({_NUMBER})")
_PAIR = re.compile(rf"\(\s*([+-]?{_NUMBER})\s*,\s*([+-]?{_NUMBER})\s*\)")
_AROUND = re.compile(rf"([+-]?{_NUMBER})\s*(?:\+/?-|±)\s*({_NUMBER})")
_FRACTION = re.compile(r"(\d{1,15})\s*/\s*(\d{1,15})")
_QUANTILE = re.compile(r"p\d\d|min|max")
_YEAR = re.compile(r"(?:19|20|21|22)\d\d\b")
_DATED = ("signed", "date", "earliest")
"""Keys of which the value is a date."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_IN_WORDS = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?)?([A-Za-z]{3,9})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?,?)?(?:\s+(\d{4}))?"
)
_COMMENT = ("//", "--", "/*", "– ", "— ", "%%", "<!--")
_MINUS = "\N{MINUS SIGN}"


def odd_sign(spot: Spot) -> Said | None:
    """A space, dash or minus that only looks like the one of the keyboard, or a sign that is not seen at all."""
    sign, rest = spot.rest[:1], spot.rest[1:].strip()
    sort = unicodedata.category(sign) if sign else ""
    if sign.isascii() or not (sort in ("Zs", "Cf") or (rest and (sort == "Pd" or sign == _MINUS))):
        return None
    if spot.rest.startswith(_COMMENT) or _ends(spot) is not None:
        return None
    name = unicodedata.name(sign, "sign").lower()
    unwanted = sort == "Cf" or (sort == "Zs" and spot.before[-1:].isdigit() and rest[:1].isdigit())
    hint = "delete it" if unwanted else f"type a plain {'space' if sort == 'Zs' else '-'}"
    return f"has {'an' if name[0] in 'aeiou' else 'a'} {name} (U+{ord(sign):04X})", hint


def stray(spot: Spot) -> Said | None:
    """A value, or what follows one, that is written as it would be elsewhere; None where it is not plain."""
    rest, value = spot.rest.strip(), spot.value
    last = spot.keys[-1] if spot.keys else ""
    dated = last in _DATED or (last in SPANS and re.search(rf"\b({'|'.join(_MONTHS)})", value, re.IGNORECASE))
    if dated and (day := _IN_WORDS.fullmatch(value)) and (day[1] or day[4]):
        return f"{shown(value)} is not a date", f"dates are written year-month-day: {_written(day)}"
    begin = "" if spot.within else f"{clean(spot.key)} = "
    shares = wants_number(spot.last) is not False and not _YEAR.match(value)
    if shares and (share := _FRACTION.fullmatch(value)) and float(share[2]):
        return f"{shown(value)} is not a number", f"write {begin}{float(share[1]) / float(share[2]):.10g}"
    if (ends := _ends(spot)) is not None:
        low, high = (f"{end:.6g}" for end in ends)
        written = f"a range is written {begin}{{ p10 = {low}, p90 = {high} }}"
        return f"{shown(value)} is not a number", written if _spreads(spot.keys) else "one number stands here"
    if rest.startswith((*_COMMENT, "(")) and spot.value[:1] != rest[0]:
        return f"has {shown(rest)} after the value", "comments begin with #"
    if rest.startswith(";") and spot.value != rest:
        return f"has {shown(rest)} after the value", "comments begin with #" if rest[1:].strip() else "take it out"
    if rest.startswith("=") and (meant := rest.lstrip("= ")):
        return "has one = too many", f"write {begin}{clean(meant)}"
    if rest.startswith(("$", "€", "£")):
        return f"{shown(value)} is not a number", alone(spot)
    if rest.startswith("("):
        inner = re.fullmatch(r"\(([^()]*)\)\s*(?:#.*)?", rest)
        held = "..., ..." if inner is None else inner[1].strip()
        meant = clean(f"[{held}]" if "," in held else held)
        return "has round brackets", f"{'a list is written' if meant[:1] == '[' else 'write'} {begin}{meant}"
    return None


def _written(found: re.Match[str]) -> str:
    """A date in words as it is written here; any date where it says no day, or a month that is none."""
    try:
        return date(int(found[4]), 1 + _MONTHS.index(found[2][:3].lower()), int(found[1] or found[3])).isoformat()
    except (TypeError, ValueError):
        return "2026-02-27"


def _ends(spot: Spot) -> tuple[float, float] | None:
    """The ends of a range, written as such or as a number with what may be added or taken away."""
    if _spreads(spot.keys) is None:
        return None
    if (around := _AROUND.fullmatch(spot.value)) and (by := float(around[2])) > 0:
        return float(around[1]) - by, float(around[1]) + by
    apart = _RANGE.fullmatch(spot.value) or _PAIR.fullmatch(spot.value)
    if apart and not _YEAR.match(spot.value) and float(apart[1]) < float(apart[2]):
        return float(apart[1]), float(apart[2])
    return None


def _spreads(keys: list[str]) -> bool | None:
    """Whether a value may be a spread: a number or a parameter of its distribution; None where it is no number."""
    for word in reversed(keys):
        if _QUANTILE.fullmatch(word):
            return False
        if (spreads := may_spread(word)) is not None:
            return spreads
    return None


def unset(spot: Spot) -> Said | None:
    """A key and a value without the = between them."""
    name, rest = spot.before.strip(), spot.rest.strip()
    if re.fullmatch(r"[\w.-]+", name) and re.match(r"[+-]?\.?\d|[\"'\[{]|(?:true|false)\b", rest):
        return f"has no = after {clean(name)}", f"write {clean(name)} = {clean(rest)}"
    return None
