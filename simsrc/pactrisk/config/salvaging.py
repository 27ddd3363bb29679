"""What can be read of tables that hold wrong keys, so that one wrong key hides no fault elsewhere.

What is wrong is left out, or replaced where it cannot be missing, until the rest can be read. What was lost is kept in
mind, so that no fault is told that leaving it out has made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pactrisk.config.documents import Document, Key, in_file
from pactrisk.config.fields import choices, field_at, fields_at
from pactrisk.config.losses import named_in
from pactrisk.config.messages import MOST, path_of, problems, tag_word, unknown_key
from pactrisk.config.respelling import renamed
from pactrisk.config.stand_ins import PLACEHOLDER, stand_in
from pactrisk.config.synonyms import key_meant, misspelt
from pactrisk.config.unread import Again, unread_in
from pactrisk.errors import Problem
from pactrisk.lint import Fault
from pactrisk.scenario import is_number, unshared
from pactrisk.specs import LATER
from pactrisk.spelling import meant

__all__ = ["Salvage", "salvaged"]

M = TypeVar("M", bound=BaseModel)
_ROUNDS = 20


def salvaged(
    model: type[M], data: dict[str, Any], document: Document, found: list[Problem]
) -> tuple[M | None, Salvage]:
    """As much as can be read of the tables ``data``, and what was lost of them; what is wrong is added to ``found``.

    Where it is plain what a misspelt word should be, all else is judged as if that were written. Rules that tie keys
    together are left to the caller. None where too little can be read to go on.
    """
    rest = Salvage(model, data, document)
    rest.lose_unread(found)
    told = False
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(rest.data, context=LATER), rest
        except ValidationError as error:
            errors = rest.written(error.errors(include_url=False))
            fresh = rest.fresh(errors)
            few = len(errors) <= MOST
            slips = rest.slips(fresh) if few and not told else []
            if slips:
                found += problems([details for details, _, _ in slips], rest.document, model, rest.path)
                rest.correct((path, right) for _, path, right in slips)
                continue
            if not told:
                found += problems(fresh, rest.document, model, rest.path)
                told = True
            if not (few and rest.mend(errors)):
                break
    return None, rest


class Salvage:
    """Tables in which slips are corrected and what is wrong is left out, and what that was.

    ``paths`` of the file are lost and ``names`` were named there; it is ``dark`` where something should have been
    named and no name could be made out. ``document`` is the file with its slips corrected, the keys of which are
    ``corrected``.
    """

    def __init__(self, model: type[BaseModel], data: dict[str, Any], document: Document) -> None:
        self.model, self.data, self.document = model, data, document
        self.paths: set[Key] = set()
        self.names: set[str] = set()
        self.dark = False
        self.corrected: set[Key] = set()
        self._ours = False
        self._stood: dict[int, tuple[list[Any], list[int]]] = {}
        self._replaced: set[Key] = set()

    def path(self, details: ErrorDetails) -> Key:
        """The path in the file of what an error is about."""
        return self._at_first(path_of(details, self.data, self.model))

    def written(self, errors: Iterable[ErrorDetails]) -> list[ErrorDetails]:
        """Errors but for those of addresses, which are given to what looks like a number and stand in no file."""
        kept = []
        for details in errors:
            ours = details["type"] == "extra_forbidden" and details["loc"][-1] == "address"
            path = path_of(details, self.data, self.model) if ours else ()
            if ours and path not in self.document.places:
                self._own()
                self._get(path[:-1]).pop("address", None)
            else:
                kept.append(details)
        return kept

    def slips(self, errors: Iterable[ErrorDetails]) -> list[tuple[ErrorDetails, Key, str]]:
        """Misspelt keys and words from a list, each with its path and what was meant."""
        found: dict[Key, tuple[ErrorDetails, Key, str]] = {}
        for details in errors:
            path = path_of(details, self.data, self.model)
            right = None
            if details["type"] == "extra_forbidden":
                right = self._misspelt(path)
            elif details["type"] in ("literal_error", "union_tag_invalid"):
                info = field_at(self.model, path, self.data)
                if details["type"] == "union_tag_invalid":
                    path = (*path, tag_word(details))
                given = self.document.get(self._at_first(path))
                right = meant(given, choices(info)) if isinstance(given, str) else None
            if right is not None:
                found.setdefault(path, (details, path, right))
        return list(found.values())

    def _misspelt(self, path: Key) -> str | None:
        """The key that one was meant to be which its table does not know."""
        table, known = self._get(path[:-1]), fields_at(self.model, path[:-1], self.data)
        free = [word for word in known if word not in table]
        return None if path[-1] in known else misspelt(str(path[-1]), free, known)

    def correct(self, slips: Iterable[tuple[Key, str]]) -> None:
        """Write what was meant; places in the file stay those of what was written."""
        self._own()
        # the file's own tables too, in which nothing is left out and all stands in its place
        written, places = unshared(self.document.data), self.document.places
        for path, right in slips:
            first, is_value = self._at_first(path), field_at(self.model, path, self.data) is not None
            if not is_value and right not in self._get(path[:-1]):
                places = renamed(places, first, right)
                self.corrected |= {(*first[:-1], right), *self._by_id((*path[:-1], right))}
            for table in (self._get(path[:-1]), Document(written).get(first[:-1])):
                if is_value:
                    table[path[-1]] = right
                elif right not in table:
                    items = [(right if key == path[-1] else key, value) for key, value in table.items()]
                    table.clear()
                    table.update(items)
        self.document = replace(self.document, data=written, places=places)

    def lose_unread(self, found: list[Problem]) -> None:
        """Leave out or replace what could not be read at all, of which it was told before.

        That a key of it is misspelt is added to ``found``.
        """
        unread: dict[Key, str] = {}
        for path in list(unread_in(self.data)):
            # a number is read whole, with the numbers in it
            while len(path) > 1 and isinstance(table := self._get(path[:-1]), Mapping) and is_number(table):
                path = path[:-1]
            right = self._misspelt(path)
            if right is not None:
                told, place = unknown_key(path, self.document, self.model), self.document.place(path)
                found.append(Problem(self.document.dotted(path), *told, place))
                self.correct([(path, right)])
                path = (*path[:-1], right)
            if isinstance(again := self._get(path), Again):
                ways = (path, *self._by_id(path)) if path[:-1] else ()
                self.paths |= {*((*way[:-1], "*", "") for way in ways), *again.lacks}
            unread[path] = "unread"
        if unread:
            # papers of a number, too, may cite what nobody else does
            self.dark = True
            self._mend(unread)

    def fresh(self, errors: list[ErrorDetails]) -> list[ErrorDetails]:
        """Errors but for those about what was lost before any of them was told."""
        return [details for details in errors if not self._is_lost(details)] if self.paths else errors

    def _is_lost(self, details: ErrorDetails) -> bool:
        here, path = path_of(details, self.data, self.model), self.path(details)
        if details["type"].startswith("union_tag"):
            path = (*path, tag_word(details))
        ways = [path]
        inside = len(here) > 2 and here[0] == "agreements"
        if inside and isinstance(agreement := self._get(here[:2]), Mapping):
            # what it does not say itself its template may have said
            ways.append(("templates", str(agreement.get("template")), *path[2:]))
        return any(way[:length] in self.paths for way in ways for length in range(1, len(way) + 1))

    def mend(self, errors: Iterable[ErrorDetails]) -> bool:
        """Leave out or replace what these errors are about; whether there is any hope in that."""
        errors = list(errors)
        # what is refused for its name may be what others call by a better one
        self.paths |= {(*self.path(d)[:-1], "*", "") for d in errors if d["loc"][-1] == "[key]"}
        return self._mend({path_of(details, self.data, self.model): details["type"] for details in errors})

    def _mend(self, wrong: Mapping[Key, str]) -> bool:
        """Leave out or replace what is wrong, each in its way."""
        self._own()
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

    def _own(self) -> None:
        """Tables of our own to change."""
        if not self._ours:
            self.data, self._ours = unshared(self.data), True

    def cleared(self, faults: Iterable[Fault], own: bool = True) -> list[Fault]:
        """Faults that have nothing to do with what was lost; ``own`` says whether their paths are of these tables."""
        if not self.paths:
            return list(faults)
        if own:
            faults = [
                replace(f, path=self._at_first(f.path), rests=tuple(map(self._at_first, f.rests))) for f in faults
            ]
        return [
            replace(f, hint="") if PLACEHOLDER in f.hint else f
            for f in faults
            if PLACEHOLDER not in f.message
            and not f.rests_on(self.paths)
            and not (own and any(f.path[: len(p)] == p for p in self.paths))
            and not (f.unused and (self.dark or f.unused in self.names))
        ]

    def hides(self, path: Key) -> bool:
        """Whether what is looked for at a path may be missing only because something could not be read."""
        # an item of a list is called after what it says; an agreement only after its id
        lost = {
            (*way[:fixed], *("*" if isinstance(part, int) else part for part in way[fixed:]))
            for way in self.paths | self.corrected
            for fixed in [2 if way[0] == "agreements" else 1]
        }
        return Fault(path, "", rests=(path,)).rests_on(lost)

    def _mended(self, path: Key, sort: str) -> Key | None:
        """The path that was left out, or that has a value now; None where there is no hope."""
        if not path:
            return None
        table, word, first = path[:-1], path[-1], self._at_first(path)
        missing = sort == "missing"
        dropped = sort == "extra_forbidden" or first in self._replaced
        instead = None if dropped else stand_in(self.model, path, self.data, len(self._replaced))
        if instead is None:
            known = fields_at(self.model, table, self.data) if sort == "extra_forbidden" else ()
            if near := key_meant(str(word), [key for key in known if key not in self._get(table)], known):
                # what was meant has another value, from a template or a second time
                self.paths.add((*first[:-1], near))
            return (self._lose(table) if table else None) if missing else self._lose(path)
        if first not in self.paths:
            self._note(path, None if missing else self._get(path))
        self._replaced.add(first)
        self._get(table)[word] = instead
        return path

    def _lose(self, path: Key) -> Key:
        table, part = self._get(path[:-1]), path[-1]
        self._note(path, table[part])
        if isinstance(table, list):
            self._stood.setdefault(id(table), (table, list(range(len(table)))))[1].pop(int(part))
        del table[part]
        return path

    def _note(self, path: Key, value: Any) -> None:
        self.paths |= {self._at_first(path), *self._by_id(path)}
        names, dark = named_in(value, path)
        self.names |= names
        self.dark |= dark

    def _by_id(self, path: Key) -> Iterator[Key]:
        """The same paths as faults have them that know agreements by id, ``*`` for any."""
        if path[0] == "agreements" and (len(path) == 2 or path[2:] == ("id",)):
            yield ("agreements", "*", "id")
        elif path[0] in ("agreements", "templates") and len(path) > 2:
            agreements = self.data.get("agreements")
            holders = agreements if isinstance(agreements, list) else []
            holders = [self._get(path[:2])] if path[0] == "agreements" else holders
            for holder in holders:
                if isinstance(holder, Mapping) and (path[0] == "agreements" or holder.get("template") == path[1]):
                    yield ("agreements", str(holder.get("id")), *path[2:])

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
            value = Document(value).get((part,))
        return tuple(words)
