"""Headers that put keys where they do not belong: below an inner table, or in a list where one table stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from pactrisk.config.documents import Document, Key
from pactrisk.config.fields import field_at, fields_at, models_of
from pactrisk.config.quoting import dotted, key

__all__ = ["home", "sent_home", "unlisted"]


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


def unlisted(path: Key, document: Document, model: type[BaseModel]) -> str:
    """How a table is written that stands as a list of tables; empty where it is none, or itself part of a list."""
    written, place = document.get(path), document.place(path)
    first = written[0] if isinstance(written, list) and written else None
    if not isinstance(first, dict) or not path or isinstance(path[-1], int):
        return ""
    below = [document.place((*path, 0, word)).line or 0 for word in first]
    # with a header of its own a list begins where its first entry does, and what it holds stands below
    if document.place((*path, 0)) != place or not below or min(below) <= (place.line or 0):
        return f"write {key(path[-1])} = {{ ... }}"
    named = not models_of(field_at(model, path, document.data))
    if not named or not models_of(field_at(model, (*path, "any"), document.data)):
        return f"write [{_header(path)}]"
    name = first.get("id")
    return f"write [{_header((*path, name))}] and no id" if isinstance(name, str) else f"write [{_header(path)}.NAME]"


def _headers(where: Key, document: Document) -> Iterator[tuple[int, Key]]:
    """The tables below ``where`` that have a header of their own, with its line."""
    for inner in _below(document.get(where), where):
        place, above = document.places.get(inner), document.places.get(inner[:-1])
        # what is written under a header begins further to the left than the last part of its name
        if place and above and place.line > above.line and place.column < above.column and len(inner) > len(where) + 1:
            yield above.line, inner[:-1]


def _below(value: Any, path: Key) -> Iterator[Key]:
    """The path of every key and entry of a table or list."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for word, inner in inside:
        yield (*path, word)
        yield from _below(inner, (*path, word))


def _header(path: Key) -> str:
    return dotted(part for part in path if not isinstance(part, int))
