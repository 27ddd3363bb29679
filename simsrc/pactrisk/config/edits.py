"""Worlds made from other worlds: a file that extends another, a key that is set, a key that is removed.

Documents are never changed: every function returns a new one in which each value keeps the place where it
was written.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from pactrisk.config.documents import Document, Key, parse
from pactrisk.config.fields import fields_under, takes_text
from pactrisk.config.kinds import Edit, fitting
from pactrisk.config.quoting import clean, dotted, listed
from pactrisk.config.removing import left_over
from pactrisk.config.spots import TO_QUOTE
from pactrisk.config.tree import Node, document_of, grown, planted
from pactrisk.config.unread import Unread
from pactrisk.config.ways import OF_FILES, OWN_FILE, Way, begins, edited, spaced, split
from pactrisk.errors import InputError, Kind, Place, Problem
from pactrisk.expressions import Expression
from pactrisk.miswritten import FORMULAS
from pactrisk.scenario import Scenario, is_number
from pactrisk.spelling import nearest

__all__ = [
    "Assignment", "Option", "assigned", "assignments", "extend", "leaves_of", "of_options", "optioned",
    "parse_assignment", "set_values", "several",
]  # fmt: skip

Assignment: TypeAlias = tuple[str, Any]
"""A dotted key and the value it is set to."""


@dataclass(frozen=True)
class Option:
    """A key of a config that whoever runs it gives by itself, ``written`` as ``--trials`` or ``trials=``."""

    key: str
    value: Any
    written: str

    def __str__(self) -> str:
        return f"{self.key}={json.dumps(self.value)}"

    def hinted(self, hint: str) -> str:
        """A hint that says how another key is written in a config, as it is given beside this one."""

        def given(found: re.Match[str]) -> str:
            name = self.written.replace(self.key, found["key"])
            value = found["value"] if name.endswith("=") else " " + found["value"].strip('"')
            return f"give {name}{value}"

        return _IN_CONFIG.sub(given, hint)


_IN_CONFIG = re.compile(r'write (?P<key>\w+) = (?P<value>"[^"]*"|\S+)(, or give --(?P=key))?')
_KEY, _OPEN = re.compile(r"[A-Za-z0-9_-]+"), ("{", "[")
_WORDS = re.compile(r"[^\W\d_][^\"'\[\]{}\x00-\x1f\x7f]*|\d+ *[a-z]{2,}")


def extend(child: Document, parent: Document, found: list[Problem] | None = None) -> Document:
    """The parent's world with what the child lists.

    Tables merge key by key and lists of tables with an ``id`` item by item, new items last. All else is
    replaced: values, other lists, distributions, and a table whose ``kind`` differs. What the child's
    ``remove`` names leaves the parent first. ``extends`` and ``remove`` are gone from the result.

    A removed key that is not there, and an item without its id, are added to ``found`` where it is given.

    Raises
    ------
    InputError : a parent that itself extends; what would be added to ``found``, without it.
    """
    if "extends" in parent.data:
        message = f"extends {clean(parent.name)}, which itself extends another: one parent, no grandparents"
        raise InputError(Problem("extends", message, "", child.place(("extends",))))
    problems: list[Problem] = []
    base, removed = left_over(child, grown(parent), problems)
    own = grown(child)
    listed_here = {name: node for name, node in own.value.items() if name not in OF_FILES}
    merged = _merged(Node(listed_here, own.place), base, (), child, problems)
    if problems and found is None:
        raise InputError(problems)
    if found is not None:
        found += problems
    # what neither of them says is missing in the baseline
    return replace(document_of(merged, parent.name), removed=removed)


def set_values(document: Document, edits: Iterable[Edit], found: list[Problem]) -> Document:
    """The document with several keys set, one after another, each as (key, value, place): ``drivers.brent.level``,
    ``agreements.veterinary.depth``, ``shocks.0.size``.

    A list item goes by its ``id`` or by its position counted from 0. The tables on the way must exist, in the document
    or in the template that an agreement takes, but for those that a config may leave out; the last key may be new.
    Keys that lead nowhere are added to ``found``, with the nearest one there is.
    """
    edits = fitting(document, edits, found)
    if not edits:
        return document
    root = grown(document)
    for dotted_key, value, place in edits:
        parts = split(dotted_key)
        if parts is None:
            found += _undotted(dotted_key, Way(root, place))
            continue
        if parts[0] in OF_FILES:
            found.append(Problem(dotted(parts), f"no edit can say {parts[0]}: only a file can", OWN_FILE, place))
            continue
        try:
            root = edited(root, parts, planted(value, place), Way(root, place))
        except InputError as error:
            found += error.problems
    return replace(document_of(root, document.name), removed=document.removed)


def _undotted(key: str, way: Way) -> tuple[Problem, ...]:
    """What is wrong with a key that has no parts: where a title stands for a name, that."""
    try:
        way.find(spaced(key) or ())
    except InputError as error:
        return error.problems
    return (Problem(clean(key), "is not a dotted key", "parts are joined by points: drivers.brent.level", way.place),)


def several(sets: str | Sequence[str]) -> Sequence[str]:
    """Edits, where a single one may be given by itself."""
    return sets if isinstance(sets, Sequence) and not isinstance(sets, str) else [sets]


def assignments(texts: Iterable[str], found: list[Problem]) -> list[Assignment]:
    """The keys and values of several ``key=value`` as given to ``--set``; what is none is added to ``found``."""
    made = []
    for text in texts:
        try:
            made.append(parse_assignment(text))
        except InputError as error:
            found += error.problems
            # what is done about it depends on what the key wants
            signs = [problem for problem in error.problems if problem.kind == Kind.PER_CENT]
            made += [(problem.path, Unread(text.partition("=")[2].strip())) for problem in signs]
    return made


def assigned(document: Document, sets: Iterable[Assignment], found: list[Problem]) -> Document:
    """The document with what ``--set`` says; keys that lead nowhere are added to ``found``."""
    return set_values(document, [(key, value, Place("--set")) for key, value in sets], found)


def optioned(
    document: Document, sets: Iterable[Assignment], options: Sequence[Option], found: list[Problem]
) -> Document:
    """The document with what ``--set`` says and what ``options`` give; what both give is added to ``found``."""
    written = {option.key: option.written for option in options}
    others = []
    for key, value in sets:
        if (option := written.get(key.partition(".")[0])) is None:
            others.append((key, value))
        else:
            found.append(Problem(key, f"is given by {option} too", "give one of them", Place("--set")))
    given = [(option.key, option.value, Place(option.written)) for option in options]
    return set_values(assigned(document, others, found), given, found)


def of_options(found: Iterable[Problem], options: Iterable[Option]) -> list[Problem]:
    """Problems, those of an option without a path, since its name says it, and in its own words."""
    places = {Place(option.written): option for option in options}
    return [
        replace(problem, path="", hint=places[problem.place].hinted(problem.hint))
        if problem.place in places
        else problem
        for problem in found
    ]


def parse_assignment(text: str) -> Assignment:
    """The key and the value of ``key=value`` as given to ``--set``.

    The value is TOML; a bare word such as ``war`` is text, and so are ``60 months`` and ``60months``.

    Raises
    ------
    InputError : no ``=``, no key, no value, or a value that is neither.
    """
    place = Place("--set")
    # a program may give anything
    key = begins(text) if isinstance(text, str) else ""
    if key and spaced(text):
        # what bears a title is looked for by it
        key = text.partition("=")[0]
    if not key or text[len(key) : len(key) + 1] != "=":
        raise InputError(Problem(clean(str(text)), "is not key=value", "for example drivers.brent.level=45", place))
    name, raw = key.strip(), text[len(key) + 1 :].strip()
    # what is to be written goes by what the key wants
    last = name.rpartition(".")[2]
    word = last if _KEY.fullmatch(last) else "value"
    try:
        data = parse(f"{word} = {raw}").data
    except InputError as error:
        problem = error.problems[0]
        unquoted = problem.kind == Kind.UNQUOTED
        # a formula that is none is judged as if it were quoted
        if _WORDS.fullmatch(raw) or (unquoted and word in FORMULAS and raw[:1] not in _OPEN and not _is_formula(raw)):
            return name, raw
        hint = problem.hint.replace(f"{word} = ", f"{clean(name)}=")
        if hint.startswith(TO_QUOTE) or (unquoted and word == "value"):
            hint = _quoted(name, word, raw)
        raise InputError(Problem(clean(name), problem.message, hint, place, kind=problem.kind)) from None
    if set(data) != {word}:
        raise InputError(Problem(clean(name), "has more than one value", "give --set once a key", place))
    return name, data[word]


def _quoted(name: str, word: str, raw: str) -> str:
    """How text is given that only looks like a value of its own; empty where none is wanted."""
    wanted = raw[:1] not in _OPEN and (word in FORMULAS or any(map(takes_text, fields_under(word))))
    return f"{TO_QUOTE}: --set {shlex.quote(f'{name}={json.dumps(raw)}')}" if wanted else ""


def _is_formula(text: str) -> bool:
    try:
        Expression(text)
    except ValueError:
        return False
    return True


def leaves_of(edits: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Edits by path; ``set.drivers.oil.level`` without quotes is a table in a table, and means the same."""
    for key, value in edits.items():
        nested = isinstance(value, dict) and "." not in key and not is_number(value)
        if nested and (path or key in Scenario.model_fields):
            yield from leaves_of(value, (*path, key))
        elif nested and value and nearest(key, Scenario.model_fields) is None:
            # a name without its table is told where something in it is looked for
            inner = next(iter(value))
            yield (key, inner), value[inner]
        else:
            yield (*path, key), value


def _merged(own: Node, base: Node, path: Key, child: Document, problems: list[Problem]) -> Node:
    if isinstance(own.value, list) and isinstance(base.value, list) and (own.ids() or base.ids()):
        return _merged_items(own, base, path, child, problems)
    if not (isinstance(own.value, dict) and isinstance(base.value, dict)) or own.is_number or base.is_number:
        return own
    kind, was = own.value.get("kind"), base.value.get("kind")
    if kind is not None and was is not None and kind.value != was.value:
        return own
    result = dict(base.value)
    for name, node in own.value.items():
        result[name] = _merged(node, result[name], (*path, name), child, problems) if name in result else node
    return Node(result, own.place or base.place)


def _merged_items(own: Node, base: Node, path: Key, child: Document, problems: list[Problem]) -> Node:
    result: list[Node] = list(base.value)
    where = {item.id: number for number, item in enumerate(result)}
    seen: dict[str, Place | None] = {}
    nameless = any(item.unread_id for item in result)
    for number, item in enumerate(own.value):
        here = (*path, number)
        if item.unread_id or (nameless and item.id not in (None, *where)):
            # it may be an item of the file that is extended, and may not
            continue
        if item.id is None:
            hint = f"the ids there are {listed(base.ids())}" if base.ids() else ""
            message = "needs an id, so that it can be matched with the file that is extended"
            problems.append(Problem(dotted(here), message, hint, child.place(here)))
        elif item.id in seen:
            message = f"has the id of an item on line {line.line}" if (line := seen[item.id]) else "has an id twice"
            problems.append(Problem(child.dotted(here), message, "", child.place(here)))
        elif item.id in where:
            result[where[item.id]] = _merged(item, result[where[item.id]], here, child, problems)
        else:
            result.append(item)
        if item.id is not None:
            seen.setdefault(item.id, item.place)
    return Node(result, own.place or base.place)
