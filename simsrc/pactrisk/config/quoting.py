"""How something from a file is said in a message: short, on one line, inert."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, time

__all__ = ["MOST", "clean", "dotted", "key", "kind_of", "listed", "meant", "nearest", "shown"]

MOST = 60
"""Characters of a quoted value before it is cut short."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ELLIPSIS = "…"


def clean(text: str, most: int | None = MOST) -> str:
    """``text`` on one line, cut at ``most`` characters, with control and direction characters made visible."""
    long = most is not None and len(text) > most
    kept = text[: most - 1] if most is not None and long else text
    safe = "".join(" " if x.isspace() else "\ufffd" if unicodedata.category(x)[0] == "C" else x for x in kept)
    return safe + _ELLIPSIS if long else safe


def key(part: str | int) -> str:
    """One part of a dotted path, in quotes where TOML would want them."""
    text = clean(str(part))
    return text if _BARE.fullmatch(text.rstrip(_ELLIPSIS)) else f'"{text}"'


def dotted(parts: Iterable[str | int]) -> str:
    """A path as a reader would type it: ``drivers.brent.level``."""
    return ".".join(key(part) for part in parts)


def kind_of(value: object) -> str:
    """What kind of TOML value it is, in words."""
    if isinstance(value, bool):
        return "true or false"
    for types, words in (
        (str, "text"),
        ((int, float), "a number"),
        ((date, time), "a date or time"),
        ((list, tuple), "a list"),
        (dict, "a table"),
    ):
        if isinstance(value, types):
            return words
    return "something else"


def shown(value: object) -> str:
    """A value as it goes into a sentence: short text and numbers as they are, the rest by its kind."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{clean(value)}'"
    if isinstance(value, int):
        # a huge integer has no decimal form that Python would print
        return str(value) if value.bit_length() <= 128 else "a huge number"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, date | time):
        return value.isoformat()
    return kind_of(value)


def listed(options: Iterable[str], most: int = 12) -> str:
    """Names with commas between them, the tail left off when there are many."""
    names = [clean(option) for option in options]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def nearest(word: str, options: Iterable[str]) -> str | None:
    """The option that was most likely meant, whatever its case and hyphens; None if none is near."""

    def plain(text: str) -> str:
        return text[:MOST].casefold().replace("-", "_").replace(" ", "_")

    by_plain: dict[str, str] = {}
    for option in options:
        by_plain.setdefault(plain(option), option)
    near = plain(word)
    found = difflib.get_close_matches(near, by_plain, cutoff=0.6)
    # whoever slips seldom does so at the beginning
    found.sort(key=lambda option: _edits(near, option) - 0.5 * (option[:2] == near[:2]))
    return by_plain[found[0]] if found else None


def _edits(one: str, other: str) -> int:
    """How many letters must be put in, taken out, changed or swapped to make one word the other."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b)))
            if i > 1 < j and one[i - 2 : i] == other[j - 2 : j][::-1]:
                row[j] = min(row[j], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]


def meant(word: str, options: Iterable[str]) -> str | None:
    """The option that a word plainly is, but for a letter or two that are wrong, missing, too many or swapped."""
    near = nearest(word, options)
    if near is None:
        return None
    one, other = sorted((word.casefold(), near.casefold()), key=len)
    one_more = any(other[:place] + other[place + 1 :] == one for place in range(len(other)))
    alike = difflib.SequenceMatcher(None, one, other).ratio() > 0.8
    return near if alike or one_more or sorted(one) == sorted(other) else None
