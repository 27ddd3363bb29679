"""Keys that were written below the header of an inner table, and belong to the table around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from pactrisk.config.documents import Document, Key
from pactrisk.config.fields import fields_at
from pactrisk.config.quoting import dotted

__all__ = ["home", "sent_home"]


def home(path: Key, document: Document, model: type[BaseModel]) -> Key | None:
    """The table around the one of a key that takes it, and lacks it; None where there is none."""
    for length in range(len(path) - 2, -1, -1):
        outer = document.get(path[:length])
        if isinstance(outer, dict) and path[-1] in fields_at(model, path[:length], document.data):
            return None if path[-1] in outer else path[:length]
    return None


def sent_home(path: Key, where: Key, document: Document) -> str:
    """What to do about a key that belongs to the table ``where``."""
    named = f"{path[-1]} belongs to {_header(where) or 'the top of the file'}"
    inline = document.place(path).line == document.place(path[:-1]).line
    first = None if inline else min(_headers(where, document), default=None)
    return named if first is None else f"{named}: put it above [{_header(first[1])}]"


def _headers(where: Key, document: Document) -> Iterator[tuple[int, Key]]:
    """The tables below ``where`` that have a header of their own, with its line."""
    for key in _below(document.get(where), where):
        place, above = document.places.get(key), document.places.get(key[:-1])
        # what is written under a header begins further to the left than the last part of its name
        if place and above and place.line > above.line and place.column < above.column and len(key) > len(where) + 1:
            yield above.line, key[:-1]


def _below(value: Any, path: Key) -> Iterator[Key]:
    """The path of every key and entry of a table or list."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for word, inner in inside:
        yield (*path, word)
        yield from _below(inner, (*path, word))


def _header(path: Key) -> str:
    return dotted(part for part in path if not isinstance(part, int))
