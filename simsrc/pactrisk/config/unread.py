"""What stands in tables in the place of what could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Again", "Unread", "unread_in"]

_HOLDERS = (dict, list)


@dataclass(frozen=True)
class Unread:
    """What stands in tables where something was written that could not be read, and is told as a slip."""

    text: str
    at: tuple[int, int] = field(default=(0, 0), compare=False)
    """line and column of the slip, where it is in a file"""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Again(Unread):
    """What stands where a table was that is there already: it was probably meant to have another name.

    At the top of a file nothing else is like it, and what it holds was probably meant for the table that is there.
    """

    lacks: tuple[tuple[str, str], ...] = ()
    """what the first lacks of it"""


def unread_in(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of everything in tables that could not be read."""
    pairs: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for word, inner in pairs:
        sort = type(inner)
        if sort in (Unread, Again):
            yield (*path, word)
        elif sort in _HOLDERS:
            yield from unread_in(inner, (*path, word))
