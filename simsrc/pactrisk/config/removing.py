"""What a scenario takes away from the one that it extends, and who needs that all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
_KEEP = "keep it, or write it anew"


def left_over(child: Document, base: Node, problems: list[Problem]) -> tuple[Node, dict[Key, tuple[Key, Place]]]:
    """The tree of a baseline without what ``child`` removes; and of each of that its names, and where it is removed.

    They are listed by their names, and keys of tables also by where they would stand now; so is all that stood within
    what is removed.
    """
    raw = child.data.get("remove", [])
    raw = [raw] if isinstance(raw, str) else raw
    if isinstance(raw, Unread):
        return base, {}
    if not isinstance(raw, list) or not all(isinstance(item, str | Unread) for item in raw):
        hint = 'for example remove = ["drivers.gas", "agreements.oil"]'
        problems.append(Problem("remove", "must be a list of dotted keys", hint, child.place(("remove",))))
        return base, {}
    doomed: list[Key] = []
    removed: dict[Key, tuple[Key, Place]] = {}
    named: list[tuple[Key, Key, Node, Place]] = []
    for number, item in enumerate(raw):
        if isinstance(item, Unread):
            # it is told where it was not read
            continue
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
            named.append((doomed[-1], *_named(base, doomed[-1]), place))
    for path, names, node, place in named:
        # where an item of a list was, another may be now
        stays = isinstance(path[-1], str) and not any(path[:length] in doomed for length in range(len(path)))
        starts = [names, _left(path, doomed)] if stays else [names]
        told = {way: ((*names, *way), place) for way in _within(node)}
        removed |= {(*start, *way): what for start in starts for way, what in told.items()}
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


def _left(path: Key, doomed: list[Key]) -> Key:
    """A path in what is left, where each item of a list has moved up for those before it that are gone."""

    def before(length: int, part: int) -> int:
        around = path[:length]
        return sum(len(p) == length + 1 and p[:length] == around and int(p[length]) < part for p in {*doomed})

    return tuple(part - before(length, part) if isinstance(part, int) else part for length, part in enumerate(path))


def _within(node: Node) -> Iterator[Key]:
    """The way to a node from itself, and to all that stands in it by its names."""
    yield ()
    held = dict(zip(node.labels(), node.value, strict=True)) if isinstance(node.value, list) else node.value
    for name, inner in held.items() if isinstance(held, dict) else ():
        yield from ((name, *rest) for rest in _within(inner))


def still_read(faults: Iterable[Fault], document: Document) -> tuple[list[Fault], list[Problem]]:
    """The faults but for those of what was removed; and of each such name, or key of a table, one problem, where it is
    removed.
    """
    others: list[Fault] = []
    readers: dict[tuple[Key, Place], list[str]] = {}
    problems: list[Problem] = []
    for fault in faults:
        gone = _gone(fault, document)
        if gone is None:
            others.append(fault)
        elif fault.sought:
            readers.setdefault(gone, []).append(document.dotted(fault.path))
        else:
            problems.append(Problem(dotted(gone[0]), f"is removed, and {fault.message}", _KEEP, gone[1]))
    hint = "remove what names it too, or keep it"
    problems += [
        Problem(dotted(names), f"is removed, and still named by {listed(who, _READERS)}", hint, place)
        for (names, place), who in readers.items()
    ]
    return others, problems


def still_required(found: Sequence[Problem], document: Document) -> list[Problem]:
    """The problems; of a key that was removed and may not be missing it is told where it is removed."""
    missing = [problem for problem in found if problem.kind == Kind.MISSING]
    if not (missing and document.removed):
        return list(found)
    removed = {document.dotted(path): _taken(path, document) for path in document.removed}
    told: list[Problem] = []
    for problem in found:
        # a table that does not say its kind is told itself
        gone = removed.get(problem.path) or removed.get(f"{problem.path}.kind")
        if problem.kind == Kind.MISSING and gone is not None:
            names, place = gone
            problem = replace(problem, path=dotted(names), message="is removed, and required", hint=_KEEP, place=place)
        told.append(problem)
    return told


def _gone(fault: Fault, document: Document) -> tuple[Key, Place] | None:
    """What was removed that was looked for: a name, or the agreement of that ``id``; or a key that a rule asks for."""
    if fault.sought:
        looked_for = (path for rest in fault.rests for path in (rest[:-1] if rest[-1:] == ("id",) else rest, rest))
        return next((document.removed[path] for path in looked_for if path in document.removed), None)
    asked = [rest[: rest.index("*")] if "*" in rest else rest for rest in fault.rests if document.removed]
    return next((found for path in asked if (found := _asked(path, document)) is not None), None)


def _asked(path: Key, document: Document) -> tuple[Key, Place] | None:
    """What was removed at a path where nothing is now: that, or what it stood in, or the last that it held."""
    if document.get(path):
        return None
    ways = (path, *(key for key in document.removed if key[:-1] == path))
    return next((found for way in ways if (found := _taken(way, document)) is not None), None)


def _taken(path: Key, document: Document) -> tuple[Key, Place] | None:
    """What was removed at a path; nothing where what was named there, or around it, is written anew."""
    named = next((path[:n] for n in range(1, len(path) + 1) if path[:n] in document.removed), None)
    if named is None or document.get(named) is not None:
        return None
    return document.removed.get(path, document.removed[named])
