"""The way along a dotted key into a tree, and what is said where it leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pactrisk.config.documents import Key
from pactrisk.config.quoting import dotted, listed, shown
from pactrisk.config.tree import Node
from pactrisk.config.unread import Unread
from pactrisk.errors import InputError, Place, Problem
from pactrisk.numerals import kind_of
from pactrisk.question import Question
from pactrisk.spelling import nearest, plainly

__all__ = ["OF_FILES", "OWN_FILE", "Way", "begins", "edited", "spaced", "split"]

OF_FILES = ("extends", "remove")
"""Keys of a scenario's file that are no part of the scenario."""

OWN_FILE = "write a scenario of its own that extends this one, and name that as scenario"
"""What to do about one of these elsewhere."""

_PART = r"""(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s."'=\[\]{}]+)"""
_OF_CONFIG = ("rule", "cuts", "conditions", "variants", "precision", "rare")
"""Tables of a config, each of which may be left out."""
_SPACED = re.compile(r"""\s*([a-z]+)\.([^\s."'=\[\]{}]+(?: [^\s."'=\[\]{}]+)+)\s*(?:[.=]|$)""")
_DOTTED = re.compile(rf"\s*{_PART}(?:\s*\.\s*{_PART})*\s*")


def split(dotted_key: str) -> tuple[str, ...] | None:
    """The parts of a dotted key, quotes taken off; None if it is none."""
    if not _DOTTED.fullmatch(dotted_key):
        return None
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in re.findall(_PART, dotted_key))


def spaced(dotted_key: str) -> tuple[str, ...] | None:
    """The first two parts of a dotted key of which the second has spaces and no quotes, as a title has; else None."""
    found = _SPACED.match(dotted_key)
    return None if found is None else (found[1], found[2])


def begins(text: str) -> str:
    """The dotted key at the start of a text, or nothing."""
    found = _DOTTED.match(text)
    return found[0] if found else ""


@dataclass(frozen=True)
class Way:
    """The way down a tree along the parts of a key."""

    root: Node
    place: Place
    """where the key is written"""

    def find(self, parts: tuple[str, ...]) -> Key:
        """The path with every list item by its position; all of it must exist."""
        node, path = self.root, []
        for number, part in enumerate(parts):
            path.append(self.step(node, part, parts[:number], new=False))
            node = node.value[path[-1]]
        return tuple(path)

    def step(self, node: Node, part: str, way: tuple[str, ...], new: bool) -> str | int:
        """The key or position of ``part`` in a node, or the problem that there is none and may be none.

        Where it may be in what could not be read nothing is told: that is told already.
        """
        path = dotted((*way, part))
        if isinstance(node.value, dict):
            if part in node.value or new:
                return part
            raise self.lost(path, part, "key", way, list(node.value), _titled(part, node))
        if isinstance(node.value, list):
            called = node.labels()
            if part in called:
                return called.index(part)
            if part.isascii() and part.isdecimal() and len(part) < 10 and int(part) < len(node.value):
                return int(part)
            ids = node.ids()
            # of two items of one id, which is told, one was to be called otherwise
            if any(item.unread_id for item in node.value) or len(set(ids)) < len(ids):
                raise InputError(())
            count = len(node.value)
            options = ([f"0 to {count - 1}"] if count > 1 else ["0"] * count) if called[:1] == ["0"] else called
            raise self.lost(path, part, "item", way, options, _titled(part, node))
        if isinstance(node.value, Unread):
            raise InputError(())
        message = f"{dotted(way)} is {kind_of(node.value)}, not a table: nothing can be set within it"
        raise InputError(Problem(path, message, "", self.place))

    def lost(
        self, path: str, part: str, what: str, way: tuple[str, ...], options: list[str], titled: str | None = None
    ) -> InputError:
        within = f"in {dotted(way)}" if way else "at the top"
        # whoever types it can set keys of both files
        typed = self.place == Place("--set") and not way
        near = nearest(part, (*options, *Question.model_fields) if typed else options)
        held = [] if way else [name for name, inner in self.root.value.items() if part in _names_in(inner)]
        if titled is not None:
            by = "id" if what == "item" else "name"
            hint = f"{dotted(way)} go by {by}, not by title: write {dotted((*way, titled))}"
        elif held and near != part:
            hint = f"did you mean {dotted((held[0], part))}?"
        elif near is not None and near not in options:
            hint = f"did you mean {near}, of the config?"
        elif near:
            hint = f"did you mean {dotted((*way, near))}?"
        else:
            hint = f"there are {listed(options)}" if options else ""
        return InputError(Problem(path, f"there is no {what} {shown(part)} {within}", hint, self.place))


def _titled(title: str, node: Node) -> str | None:
    """The name in a table, or the id in a list, of the one that bears this title; None where not just one does."""
    inner = node.value.items() if isinstance(node.value, dict) else [(item.id, item) for item in node.value]
    found = [
        name
        for name, one in inner
        if isinstance(one.value, dict) and (own := one.value.get("title")) is not None and isinstance(own.value, str)
        if name is not None and plainly(own.value) == plainly(title)
    ]
    return found[0] if len(found) == 1 else None


def _names_in(node: Node) -> Collection[str]:
    """The names in a table, or the ids of the items of a list."""
    return node.value if isinstance(node.value, dict) else node.ids() if isinstance(node.value, list) else ()


def edited(node: Node, parts: tuple[str, ...], new: Node, way: Way) -> Node:
    """The tree with ``new`` where ``parts`` lead."""
    return _edited(node, parts, (), new, way, None)


def _edited(
    node: Node, parts: tuple[str, ...], done: tuple[str, ...], new: Node, way: Way, shared: Node | None
) -> Node:
    """``shared`` is what the template of an agreement has at the same place."""
    part, rest = parts[0], parts[1:]
    shared = _template(node, way.root) or shared
    beyond = shared.value.get(part) if shared is not None and isinstance(shared.value, dict) else None
    result: Any = dict(node.value) if isinstance(node.value, dict) else node.value
    if isinstance(result, dict) and beyond is not None and part not in result:
        # a table in part overrides the template's; a list or a distribution does so only whole
        partial = isinstance(beyond.value, dict) and not beyond.is_number
        result[part] = Node({}, way.place) if partial else beyond
    word = way.step(Node(result), part, done, new=not rest or (not done and part in _OF_CONFIG))
    if isinstance(result, list):
        result = list(result)
    if isinstance(result, dict) and word not in result:
        # a table of a config that it leaves to its defaults begins here
        for inner in reversed(rest):
            new = Node({inner: new}, way.place)
        return Node(result | {word: new}, node.place)
    result[word] = _edited(result[word], rest, (*done, part), new, way, beyond) if rest else new
    return Node(result, node.place)


def _template(node: Node, root: Node) -> Node | None:
    name = node.value.get("template") if isinstance(node.value, dict) else None
    templates = root.value.get("templates")
    if name is None or not isinstance(name.value, str) or templates is None or not isinstance(templates.value, dict):
        return None
    found: Node | None = templates.value.get(name.value)
    return found
