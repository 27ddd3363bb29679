"""What a scenario takes away from the one that it extends, and who reads that all the same."""

from __future__ import annotations

from collections.abc import Iterable

from pactrisk.config.documents import Document, Key, in_file
from pactrisk.config.mending import Unread
from pactrisk.config.quoting import dotted, listed, shown
from pactrisk.config.tree import Node, without
from pactrisk.config.ways import Way, split
from pactrisk.errors import InputError, Place, Problem
from pactrisk.lint import Fault

__all__ = ["left_over", "still_read"]

_READERS = 4
"""Most readers that are named."""


def left_over(child: Document, base: Node, problems: list[Problem]) -> tuple[Node, dict[Key, Place]]:
    """The tree of a baseline without what ``child`` removes, and where each of that, by its names, is removed."""
    raw = child.data.get("remove", [])
    raw = [raw] if isinstance(raw, str) else raw
    if isinstance(raw, Unread):
        return base, {}
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        hint = 'for example remove = ["drivers.gas", "agreements.oil"]'
        problems.append(Problem("remove", "must be a list of dotted keys", hint, child.place(("remove",))))
        return base, {}
    doomed: list[Key] = []
    removed: dict[Key, Place] = {}
    for number, item in enumerate(raw):
        place = child.place(("remove", number))
        parts = split(item)
        if parts is None:
            problems.append(Problem(f"remove.{number}", f"{shown(item)} is not a dotted key", "", place))
            continue
        try:
            doomed.append(Way(base, place).find(parts))
        except InputError as error:
            problems.extend(error.problems)
        else:
            removed[_named(base, doomed[-1])] = place
    # the last items of a list go first, so that the positions of the others hold
    for path in sorted(set(doomed), key=in_file, reverse=True):
        base = without(base, path)
    return base, removed


def _named(node: Node, path: Key) -> Key:
    """A path with items of lists by what they are called."""
    names: list[str | int] = []
    for part in path:
        names.append(node.labels()[part] if isinstance(part, int) else part)
        node = node.value[part]
    return tuple(names)


def still_read(faults: Iterable[Fault], document: Document) -> tuple[list[Fault], list[Problem]]:
    """The faults but for those of names that were removed, and of each such name one problem, where it is removed."""
    others: list[Fault] = []
    readers: dict[Key, list[str]] = {}
    for fault in faults:
        gone = next((path for path in document.removed for rest in fault.rests if _reads(rest, path)), None)
        if gone is None or not fault.sought:
            others.append(fault)
        else:
            readers.setdefault(gone, []).append(document.dotted(fault.path))
    hint = "remove what names it too, or keep it"
    problems = [
        Problem(dotted(path), f"is removed, and still named by {listed(who, _READERS)}", hint, document.removed[path])
        for path, who in readers.items()
    ]
    return others, problems


def _reads(rest: Key, path: Key) -> bool:
    """Whether a name that was looked for is the one at a path, or the ``id`` of the agreement there."""
    return rest == path or rest == (*path, "id")
