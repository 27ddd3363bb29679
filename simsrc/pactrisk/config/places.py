"""Where every key of a TOML text is written, from its concrete syntax tree."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

__all__ = ["At", "find", "twice"]

At = tuple[int, int]
"""Line and column, both counted from 1, in characters."""

Key = tuple[str | int, ...]

_KEYS = ("bare_key", "quoted_key", "dotted_key")
_NO_ITEM = ("comment", "ERROR")
_HOLDERS = ("inline_table", "array")


def find(text: str) -> dict[Key, At]:
    """The place of every key and of every list item in valid TOML.

    A table that is never named itself has the place where it is first named on the way to another key.
    """
    return _walked(text).places


def twice(text: str) -> tuple[Key, At, At] | None:
    """The first key that is written although it was written before: its path, the first place and the second."""
    return _walked(text).again


def _walked(text: str) -> _Walk:
    raw = text.encode()
    walk = _Walk(raw.split(b"\n"))
    walk.document(Parser(Language(tree_sitter_toml.language())).parse(raw).root_node)
    return walk


@dataclass
class _Walk:
    """One walk through a syntax tree."""

    lines: list[bytes]
    places: dict[Key, At] = field(default_factory=dict)
    named: dict[Key, At] = field(default_factory=dict)
    """Keys named themselves, not on the way to another."""
    closed: set[Key] = field(default_factory=set)
    """Keys that were given a value, to which nothing may be added."""
    opened: set[Key] = field(default_factory=set)
    """Tables that dotted keys began, which have no header of their own."""
    lengths: dict[Key, int] = field(default_factory=dict)
    """Items so far of each list of tables."""
    again: tuple[Key, At, At] | None = None
    last: tuple[int, int, int] = (0, 0, 0)
    """Line, bytes and characters of the place told last."""

    def document(self, root: Node) -> None:
        for node in root.children:
            if node.type == "pair":
                self.pair(node, ())
            elif node.type in ("table", "table_array_element"):
                self.table(node)

    def table(self, node: Node) -> None:
        header = next((child for child in node.children if child.type in _KEYS), None)
        if header is None:
            return
        *way, (last, at) = self.parts(header)
        here = self.along((), way)
        if node.type == "table":
            here = (*here, last)
            self.name(here, at)
        else:
            here = (*here, last)
            # a table at the top that only stands in the names of others is told as these are
            known = self.named if len(here) == 1 else self.places
            if here in known and here not in self.lengths:
                self.clash(here, at)
            self.places.setdefault(here, at)
            self.named.setdefault(here, at)
            number = self.lengths.get(here, 0)
            self.lengths[here] = number + 1
            here = (*here, number)
            self.places[here] = at
        for child in node.children:
            if child.type == "pair":
                self.pair(child, here)

    def pair(self, node: Node, here: Key) -> None:
        parts = [child for child in node.named_children if child.type not in _NO_ITEM]
        if not parts or parts[0].type not in _KEYS:
            return
        *way, (last, at) = self.parts(parts[0])
        within = self.along(here, way)
        self.opened |= {within[:length] for length in range(len(here) + 1, len(within) + 1)}
        path = (*within, last)
        self.name(path, at)
        self.closed.add(path)
        if len(parts) > 1:
            self.value(parts[1], path)

    def value(self, node: Node, path: Key) -> None:
        if node.type == "inline_table":
            for child in node.children:
                if child.type == "pair":
                    self.pair(child, path)
        elif node.type == "array":
            number = 0
            for item in node.named_children:
                sort = item.type
                if sort in _NO_ITEM:
                    continue
                here = (*path, number)
                self.places[here] = self.at(item)
                if sort in _HOLDERS:
                    self.value(item, here)
                number += 1

    def along(self, here: Key, way: list[tuple[str, At]]) -> Key:
        """The path through tables named on the way, and through the last item of lists of tables."""
        for word, at in way:
            here = (*here, word)
            self.places.setdefault(here, at)
            if here in self.closed:
                self.clash(here, at)
            if here in self.lengths:
                here = (*here, self.lengths[here] - 1)
        return here

    def name(self, path: Key, at: At) -> None:
        if path in self.named or path in self.opened:
            self.clash(path, at)
        self.named.setdefault(path, at)
        self.places[path] = at

    def clash(self, path: Key, at: At) -> None:
        self.again = self.again or (path, self.named.get(path, self.places[path]), at)

    def parts(self, node: Node) -> list[tuple[str, At]]:
        if node.type != "dotted_key":
            return [(_decoded(node), self.at(node))]
        return [(_decoded(part), self.at(part)) for part in _flat(node)]

    def at(self, node: Node) -> At:
        # the tree counts bytes, an editor counts characters: those since the last place on the line are added,
        # for a line may hold all of a file
        row, column = node.start_point
        line, done, characters = self.last
        if row != line or column < done:
            done = characters = 0
        if column > done:
            characters += len(self.lines[row][done:column].decode(errors="replace"))
        self.last = row, column, characters
        return row + 1, characters + 1


def _flat(node: Node) -> Iterator[Node]:
    # a loop, for a key of a thousand parts leans to the left
    found: list[Node] = []
    left = [node]
    while left:
        here = left.pop()
        if here.type == "dotted_key":
            left.extend(child for child in here.children if child.type in _KEYS)
        else:
            found.append(here)
    return reversed(found)


def _decoded(node: Node) -> str:
    text = (node.text or b"").decode()
    if text[:1] not in ('"', "'"):
        return text
    if "\\" not in text or text.startswith("'"):
        return text[1:-1]
    try:
        return next(iter(tomllib.loads(f"{text} = 0")))
    except tomllib.TOMLDecodeError:
        return text[1:-1]
