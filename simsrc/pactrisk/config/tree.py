"""Tables as a tree in which every value carries the place where it was written."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from pactrisk.config.documents import Document, Key
from pactrisk.config.unread import Unread
from pactrisk.errors import Place
from pactrisk.scenario import labels

__all__ = ["Node", "document_of", "grown", "planted", "without"]

_SPREAD = re.compile(r"p\d\d|value|distribution")


class Node(NamedTuple):
    """A value and where it was written; its parts, if it has any, are nodes too."""

    value: Any
    place: Place | None = None

    @property
    def is_number(self) -> bool:
        """Whether it is a distribution, which only makes sense whole."""
        return isinstance(self.value, dict) and any(_SPREAD.fullmatch(name) for name in self.value)

    @property
    def id(self) -> str | None:
        """The ``id`` of a table that has one."""
        return self._named if isinstance(self._named, str) else None

    @property
    def unread_id(self) -> bool:
        """Whether it is a table whose ``id`` could not be read."""
        return isinstance(self._named, Unread)

    @property
    def _named(self) -> Any:
        found = self.value.get("id") if isinstance(self.value, dict) else None
        return None if found is None else found.value

    def ids(self) -> list[str]:
        """The ids of the items of a list."""
        return [item.id for item in self.value if item.id is not None]

    def labels(self) -> list[str]:
        """What the items of a list are called in a register and in messages."""
        # an item without an id is called after what it holds, which takes long where much is held
        return labels({"id": item.id} if item.id is not None else item.bare() for item in self.value)

    def bare(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {name: inner.bare() for name, inner in self.value.items()}
        return [inner.bare() for inner in self.value] if isinstance(self.value, list) else self.value


@lru_cache(maxsize=1)
def grown(document: Document) -> Node:
    """The tree of a document; that of the last is kept, since all variants of a world begin with it."""

    def grow(value: Any, path: Key) -> Node:
        place = document.places.get(path)
        if isinstance(value, dict):
            return Node({name: grow(inner, (*path, name)) for name, inner in value.items()}, place)
        if isinstance(value, list):
            return Node([grow(inner, (*path, number)) for number, inner in enumerate(value)], place)
        return Node(value, place)

    return grow(document.data, ())


def planted(value: Any, place: Place) -> Node:
    """The tree of a value that was written in one place."""
    if isinstance(value, dict):
        return Node({str(name): planted(inner, place) for name, inner in value.items()}, place)
    if isinstance(value, list | tuple):
        return Node([planted(inner, place) for inner in value], place)
    return Node(value, place)


def without(node: Node, path: Key) -> Node:
    """The tree without what is at ``path``, which must be there."""
    part, rest = path[0], path[1:]
    result: Any = dict(node.value) if isinstance(node.value, dict) else list(node.value)
    if rest:
        result[part] = without(result[part], rest)
    else:
        del result[part]
    return Node(result, node.place)


def document_of(root: Node, name: str) -> Document:
    """The document of a tree; it shares no table or list with what the tree was grown from."""
    places: dict[Key, Place] = {}

    def cut(node: Node, path: Key) -> Any:
        if path and node.place is not None:
            places[path] = node.place
        if isinstance(node.value, dict):
            return {name: cut(inner, (*path, name)) for name, inner in node.value.items()}
        if isinstance(node.value, list):
            return [cut(inner, (*path, number)) for number, inner in enumerate(node.value)]
        return node.value

    return Document(cut(root, ()), places, name)
