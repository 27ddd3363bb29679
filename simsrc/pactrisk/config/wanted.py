"""Text without its quotes: what was meant by it, and what to write instead by what its key wants."""

from __future__ import annotations

import re
from datetime import date

from pactrisk.config.fields import choices, fields_under, sorts_of, takes_text
from pactrisk.config.quoting import clean, listed
from pactrisk.config.spots import SPANS, TO_QUOTE, Spot
from pactrisk.distributions import FAMILIES
from pactrisk.intended import QUANTILES
from pactrisk.miswritten import FORMULAS, rewritten

__all__ = ["bare", "instead", "wants_number"]

_DISTRIBUTION = "distribution"
"""The key of the name of a distribution, which no table declares."""
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_ -]*|\d+ *[a-z]{2,}", re.ASCII)
_SPAN = re.compile(r"\d{1,4} *(?:month|quarter|year)s?")
_NAMED = {word for family in FAMILIES.values() for word in family.above if len(word) > 1}
_PARTS = frozenset({*QUANTILES, "min", "max", *_NAMED})
"""Keys of a distribution that are numbers, but for those of one letter, which may be anything."""
_TRUTHS = ("true", "false", "yes", "no", "on", "off", "none", "null", "nil", "na", "inf", "nan")


def bare(key: str, word: str) -> str | None:
    """The text that stands under a key and only lacks its quotes; None where it is not plain that it is that."""
    if key in FORMULAS:
        formula = rewritten(word)
        return None if re.search(r'["\n\[{]', formula) else formula
    if _WORD.fullmatch(word) is None or word.lower() in _TRUTHS:
        return None
    # a number with its unit is text where that says how long, and else a number whose unit is too much
    return word if word[0].isalpha() or key in SPANS else None


def instead(spot: Spot) -> str:
    """What to do about text without quotes, so that it is taken when that is done; empty where it is not plain."""
    word = spot.last
    value = rewritten(spot.value) if word in FORMULAS else spot.value
    begin = "" if spot.within else f"{clean(spot.key)} = "
    fields, number = fields_under(word), wants_number(word)
    words = tuple(dict.fromkeys(option for info in fields for option in choices(info)))
    words = tuple(FAMILIES) if word == _DISTRIBUTION else words
    sorts = {sort for info in fields for sort in sorts_of(info)}
    text = word in FORMULAS or (not fields and number is None) or any(map(takes_text, fields))
    # a plain word is read as text, and judged as that
    if words and value not in words and bare(word, value) is None:
        return f"one of these goes in quotes: {listed(words, 40)}"
    if word in SPANS and not _SPAN.fullmatch(value):
        return f'write it as in {begin}"60 months"'
    if text and number:
        return f"{TO_QUOTE}, and a number stands alone"
    if text or words or word in SPANS:
        mark = "'" if "\\" in value else '"'
        return TO_QUOTE if '"' in value else f"{TO_QUOTE}: {begin}{mark}{clean(value)}{mark}"
    if date in sorts:
        return "dates are written year-month-day: 2026-02-27"
    if bool in sorts:
        return "write true or false"
    return "a number stands alone" if number else ""


def wants_number(word: str) -> bool | None:
    """Whether the value under a key is a number, in some table; None where the key is a name of somebody's own."""
    if word in _PARTS or word == _DISTRIBUTION:
        return word in _PARTS
    fields = fields_under(word)
    return any({float, int} & {*sorts_of(info)} for info in fields) if fields else None
