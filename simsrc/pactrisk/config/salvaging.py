"""What can be read of tables that hold wrong keys, so that one wrong key hides no fault elsewhere.

What is wrong is left out, or replaced where it cannot be missing, until the rest can be read. What was lost is kept in
mind, so that no fault is told that leaving it out has made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pactrisk.config.documents import Document, Key, in_file
from pactrisk.config.fields import choices, declared, discriminator, field_at, fields_at, sorts_of
from pactrisk.config.messages import MOST, path_of, problems
from pactrisk.config.quoting import nearest
from pactrisk.errors import Problem
from pactrisk.lint import Fault
from pactrisk.quantities import Num
from pactrisk.register import codes
from pactrisk.specs import LATER

__all__ = ["Salvage", "salvaged"]

M = TypeVar("M", bound=BaseModel)
_ROUNDS = 20
_PLACEHOLDER = "stands_in"
_AGREEMENT = {"id": _PLACEHOLDER, "milestones": {"done": {"track": "material", "weight": 1.0, "duration": 1}}}
_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_PROSE = frozenset(
    {
        "title",
        "address",
        "kind",
        "track",
        "distribution",
        "trust",
        "source",
        "note",
        "unit",
        "sector",
        "form",
        "summary",
    }
)
"""Keys whose text names nothing else in the file."""
_FORMULAS = frozenset({"expression", "when", "event"})
_STATES = frozenset({"states", "next", "initial"})
_OF_NAMES = _STATES | {"drivers", "milestones", "paces", "frailties", "templates", "factors", "quantities", "sources"}
"""Tables whose keys are names."""
_READING = (
    _FORMULAS | (_OF_NAMES - _STATES) | {"driver", "pace", "after", "includes", "template", "effects", "triggers"}
)
_READING |= {"source", "note", "ceremonies", "agreements", "conditions", "rare", "flow", "ending", "shocks"}
"""Keys under which something may be named that is named nowhere else."""


def salvaged(
    model: type[M], data: dict[str, Any], document: Document, found: list[Problem]
) -> tuple[M | None, Salvage]:
    """As much as can be read of the tables ``data``, and what was lost of them; what is wrong is added to ``found``.

    Rules that tie keys together are left to the caller. None where too little can be read to go on.
    """
    rest = Salvage(model, data)
    for turn in range(_ROUNDS):
        try:
            return model.model_validate(rest.data, context=LATER), rest
        except ValidationError as error:
            if turn == 0:
                found += problems(error, document, model)
            if error.error_count() > MOST or not rest.mend(error.errors(include_url=False)):
                break
    return None, rest


class Salvage:
    """Tables in which what is wrong is left out, and what that was.

    ``paths`` of the file are lost and ``names`` were named there; it is ``dark`` where something should have been
    named and no name could be made out.
    """

    def __init__(self, model: type[BaseModel], data: dict[str, Any]) -> None:
        self.model, self.data = model, data
        self.paths: set[Key] = set()
        self.names: set[str] = set()
        self.dark = False
        self._stood: dict[int, tuple[list[Any], list[int]]] = {}
        self._replaced: set[Key] = set()

    def mend(self, errors: Iterable[ErrorDetails]) -> bool:
        """Leave out or replace what these errors are about; whether there is any hope in that."""
        if not self.paths:
            self.data = deepcopy(self.data)
        wrong = {path_of(details, self.data, self.model): details["type"] for details in errors}
        above = {path[:length] for path in wrong for length in range(len(path))}
        deepest = [path for path in wrong if path not in above]
        gone: set[Key] = set()
        # the last entries of a list go first, so that the places of the others hold
        for path in sorted(deepest, key=in_file, reverse=True):
            if not any(path[:length] in gone for length in range(len(path))):
                left = self._mended(path, wrong[path])
                if left is None:
                    return False
                gone.add(left)
        return True

    def cleared(self, faults: Iterable[Fault], own: bool = True) -> list[Fault]:
        """Faults that have nothing to do with what was lost; ``own`` says whether their paths are of these tables."""
        if not self.paths:
            return list(faults)
        lost = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in (*self.names, _PLACEHOLDER)))
        if own:
            faults = [
                replace(f, path=self._at_first(f.path), rests=tuple(map(self._at_first, f.rests))) for f in faults
            ]
        return [
            f
            for f in faults
            if not lost.search(f.message)
            and not f.rests_on(self.paths)
            and not (own and any(f.path[: len(p)] == p for p in self.paths))
        ]

    def _mended(self, path: Key, sort: str) -> Key | None:
        """The path that was left out, or that has a value now; None where there is no hope."""
        if not path:
            return None
        table, word = path[:-1], path[-1]
        if path == ("agreements",):
            return self._agreements()
        if sort != "missing":
            return self._lose(path, sort == "extra_forbidden")
        stand_in, first = self._stand_in(path), self._at_first(path)
        if stand_in is None or first in self._replaced:
            return self._lose(table) if table else None
        if first not in self.paths:
            self._note(path, None)
        self._replaced.add(first)
        self._get(table)[word] = stand_in
        return path

    def _agreements(self) -> Key | None:
        """No entry of the list can be read: one of our own, or there would be no scenario."""
        if not isinstance(self.data.get("agreements"), list):
            return None
        self.data["agreements"], self.dark = [deepcopy(_AGREEMENT)], True
        return ("agreements",)

    def _lose(self, path: Key, unknown: bool = False) -> Key:
        table, part = self._get(path[:-1]), path[-1]
        meant = part
        if unknown:
            # a slip of the pen: what was meant is lost as well
            meant = nearest(str(part), fields_at(self.model, path[:-1], self.data)) or part
            self.paths.add(self._at_first((*path[:-1], meant)))
        self._note(path, table[part], meant)
        if isinstance(table, list):
            self._stood.setdefault(id(table), (table, list(range(len(table)))))[1].pop(int(part))
        del table[part]
        return path

    def _note(self, path: Key, value: Any, meant: str | int | None = None) -> None:
        self.paths.add(self._at_first(path))
        if path[0] in ("agreements", "templates") and len(path) > 2:
            word, called = ("id", None) if path[0] == "agreements" else ("template", path[1])
            holders = [self._get(path[:2])] if called is None else self.data.get("agreements", ())
            mine = [h for h in holders if isinstance(h, Mapping) and called in (None, h.get(word))]
            self.paths |= {("agreements", str(holder.get("id")), *path[2:]) for holder in mine}
        words = [part for part in (*path[:-1], path[-1] if meant is None else meant) if isinstance(part, str)]
        names = set(_names(value, words[-1]))
        above = path[-2] if len(path) > 1 else ""
        self.dark |= not names and not isinstance(value, Mapping) and bool(_READING & {words[-1], above})
        if above in _OF_NAMES:
            names.add(str(path[-1]))
        self.names |= names

    def _stand_in(self, path: Key) -> Any:
        """A value that a required key may have; None where there is none."""
        info = field_at(self.model, path, self.data)
        number = declared(info)
        if number is not None:
            return _inside(number) if isinstance(number, Num) else 1.0
        options, sorts = choices(info), sorts_of(info)
        if options:
            return None if path[-1] == discriminator(field_at(self.model, path[:-1], self.data)) else options[0]
        if date in sorts:
            return date(2000, 1, 1)
        return f"{_PLACEHOLDER}_{len(self._replaced)}" if str in sorts and path[-1] != "scenario" else None

    def _get(self, path: Key) -> Any:
        value: Any = self.data
        for part in path:
            value = value[part]
        return value

    def _at_first(self, path: Key) -> Key:
        """A path as it was before anything was left out."""
        value: Any = self.data
        words: list[str | int] = []
        for part in path:
            stood = self._stood.get(id(value), (None, []))[1]
            words.append(stood[part] if isinstance(part, int) and part < len(stood) else part)
            inside = (isinstance(value, Mapping) and part in value) or (
                isinstance(value, list) and isinstance(part, int) and part < len(value)
            )
            value = value[part] if inside else None
        return tuple(words)


def _inside(number: Num) -> float:
    low, high = number.bounds
    if abs(low) < float("inf") and abs(high) < float("inf"):
        return (low + high) / 2
    return low + 1 if low > -float("inf") else min(high - 1, 1.0)


def _names(value: Any, word: str) -> Iterator[str]:
    """What a lost value names under the key ``word``."""
    if isinstance(value, Mapping):
        if word in _OF_NAMES:
            yield from map(str, value)
        for key, inner in value.items():
            yield from _names(inner, str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _names(inner, word)
    elif isinstance(value, str):
        yield from codes(value)
        if word in _FORMULAS or (word not in _PROSE and _NAME.fullmatch(value)):
            yield from re.findall(r"[A-Za-z_]\w*", value)
