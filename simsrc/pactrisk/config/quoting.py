"""How something from a file is said in a message: short, on one line, inert."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, time

from pactrisk.numerals import kind_of

__all__ = ["MOST", "clean", "dotted", "key", "listed", "shown"]

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
