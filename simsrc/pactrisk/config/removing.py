"""What a scenario takes away from the one that it extends, and who needs that all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pactrisk.config.documents import Document, Key, in_file
from pactrisk.config.quoting import dotted, listed, shown
from pactrisk.config.tree import Node, without
from pactrisk.config.unread import Unread
from pactrisk.config.ways import Way, split
from pactrisk.errors import InputError, Kind, Place, Problem
from pactrisk.lint import Fault

__all__ = ["left_over", "still_read", "still_required"]

_READERS = 4
"""Most readers that are named."""


def left_over(child: Document, base: Node, problems: list[Problem]) -> tuple[Node, dict[Key, Place]]:
    """The tree of a baseline without what ``child`` removes, and where each of that, by its names, is removed.

    All that stood within what is removed is listed too.
    """
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
            named, node = _named(base, doomed[-1])
            removed |= {(*named, *way): place for way in _within(node)}
    # the last items of a list go first, so that the positions of the others hold
    for path in sorted(set(doomed), key=in_file, reverse=True):
        base = without(base, path)
    return base, removed


def _named(node: Node, path: Key) -> tuple[Key, Node]:
    """A path with items of lists by what they are called, and what is there."""
    names: list[str | int] = []
    for part in path:
        names.append(node.labels()[part] if isinstance(part, int) else part)
        node = node.value[part]
    return tuple(names), node


def _within(node: Node) -> Iterator[Key]:
    """The way to a node from itself, and to all that stands in it by its names."""
    yield ()
    held = dict(zip(node.labels(), node.value, strict=True)) if isinstance(node.value, list) else node.value
    for name, inner in held.items() if isinstance(held, dict) else ():
        yield from ((name, *rest) for rest in _within(inner))


def still_read(faults: Iterable[Fault], document: Document) -> tuple[list[Fault], list[Problem]]:
    """The faults but for those of names that were removed, and of each such name one problem, where it is removed."""
    others: list[Fault] = []
    readers: dict[Key, list[str]] = {}
    for fault in faults:
        gone = _gone(fault, document) if fault.sought else None
        if gone is None:
            others.append(fault)
        else:
            readers.setdefault(gone, []).append(document.dotted(fault.path))
    hint = "remove what names it too, or keep it"
    problems = [
        Problem(dotted(path), f"is removed, and still named by {listed(who, _READERS)}", hint, document.removed[path])
        for path, who in readers.items()
    ]
    return others, problems


def still_required(found: Iterable[Problem], document: Document) -> list[Problem]:
    """The problems; of a key that was removed and may not be missing it is told where it is removed."""
    removed = {dotted(path): place for path, place in document.removed.items()}
    return [
        replace(problem, message="is removed, and required", hint="keep it, or write it anew", place=place)
        if problem.kind == Kind.MISSING and (place := removed.get(problem.path)) is not None
        else problem
        for problem in found
    ]


def _gone(fault: Fault, document: Document) -> Key | None:
    """What was removed that was looked for: a name, or the agreement of that ``id``."""
    looked_for = (path for rest in fault.rests for path in (rest[:-1] if rest[-1:] == ("id",) else rest, rest))
    return next((path for path in looked_for if path in document.removed), None)
