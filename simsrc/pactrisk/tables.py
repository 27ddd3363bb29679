"""The tables of a scenario or config as values: where each stands, whose papers hold in it, which numbers it states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any, get_args

from pactrisk.quantities import Dur, Num, Spread
from pactrisk.scenario import Key, labels
from pactrisk.specs import Documented, Spec

__all__ = ["Papers", "Table", "declared", "tables"]

_PLAIN = (str, float, bool, date, type(None), Spread)
"""Sorts of values that hold no table."""


@dataclass(frozen=True)
class Papers:
    """Where numbers come from, how far that is trusted, and what a reader should know."""

    source: str = ""
    trust: str = ""
    note: str = ""

    def within(self, inner: object) -> Papers:
        """The papers inside ``inner``. A new source starts with its own trust: A for a treaty is no A for a tweet."""
        if not isinstance(inner, Spread | Documented) or not (inner.source or inner.trust or inner.note):
            return self
        source, trust = inner.source or self.source, inner.trust or ("" if inner.source else self.trust)
        return Papers(source, trust, inner.note or self.note)


@dataclass(frozen=True)
class Table:
    """A table of the scenario: its path in the file, its dotted path, its spec and the papers that hold in it.

    ``local`` are the papers given below the top-level entry; ``unit`` is that of the driver or flow it is part of.
    """

    keys: Key
    path: str
    spec: Spec
    papers: Papers = Papers()
    local: Papers = Papers()
    unit: str = ""

    @cached_property
    def numbers(self) -> tuple[tuple[Key, str, Any, Num | Dur], ...]:
        """The numbers written in it: (keys below it, word, value, meaning)."""
        return tuple(_written(self.spec))

    @cached_property
    def spreads(self) -> tuple[tuple[Key, Spread], ...]:
        """The distributions among its numbers, each with its whole path and before those that stand in it."""
        written = ((keys, value) for keys, _, value, _ in self.numbers if isinstance(value, Spread))
        return tuple(found for keys, value in written for found in _within((*self.keys, *keys), value))


def tables(spec: Spec) -> list[Table]:
    """Every table of a spec, outermost first."""
    found: list[Table] = []
    _gather(Table((), "", spec), found)
    return found


def _gather(here: Table, found: list[Table]) -> None:
    found.append(here)
    for word, value in here.spec:
        sort = type(value)
        if sort in _PLAIN or not value:
            continue
        if sort is dict:
            inside: list[tuple[Key, str, Any]] = [
                ((word, key), f"{word}.{key}", x) for key, x in value.items() if type(x) not in _PLAIN
            ]
        elif sort is not tuple:
            inside = [((word,), word, value)]
        elif type(value[0]) in _PLAIN:
            continue
        else:
            inside = [((word, i), f"{word}.{called}", x) for i, (called, x) in enumerate(_labelled(value))]
        for keys, path, inner in inside:
            if not isinstance(inner, Spec):
                continue
            if here.keys or len(keys) == 1:
                _gather(_below(here, keys, path, inner), found)
            else:
                found += _entry(_Same(inner), keys, path)


@dataclass(frozen=True, eq=False)
class _Same:
    """A table of which nothing but itself is the same: worlds share what they say alike."""

    spec: Spec

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.spec is other.spec

    def __hash__(self) -> int:
        return id(self.spec)


@lru_cache(maxsize=2000)
def _entry(same: _Same, keys: Key, path: str) -> tuple[Table, ...]:
    """The tables of one driver, agreement or whatever else has a name: what is above it says nothing of it."""
    found: list[Table] = []
    _gather(_below(Table((), "", same.spec), keys, path, same.spec), found)
    return tuple(found)


def _below(outer: Table, keys: Key, path: str, inner: Spec) -> Table:
    local = outer.local.within(inner) if len(outer.keys) > 1 else Papers()
    unit = getattr(inner, "unit", "") or outer.unit
    return Table(
        (*outer.keys, *keys),
        f"{outer.path}.{path}".lstrip("."),
        inner,
        outer.papers.within(inner),
        local,
        unit if isinstance(unit, str) else "",
    )


def _labelled(entries: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """List entries with what an address calls them, the second of a name as ``name#2``."""
    given = ({w: getattr(x, w) for w in x.model_fields_set} if isinstance(x, Spec) else x for x in entries)
    return zip(labels(given), entries, strict=True)


@cache
def declared(spec: type[Spec], word: str) -> Num | Dur | None:
    """What a word of a spec means, if it is a number (or a table of numbers)."""
    info = spec.model_fields[word]
    return next((x for x in (*info.metadata, *_metadata(info.annotation)) if isinstance(x, Num | Dur)), None)


def _metadata(annotation: Any) -> Iterator[object]:
    for part in get_args(annotation):
        yield part
        yield from _metadata(part)


def _within(path: Key, spread: Spread) -> Iterator[tuple[Key, Spread]]:
    yield path, spread
    for word, inner in (*spread.parameters.items(), ("min", spread.low), ("max", spread.high)):
        if isinstance(inner, Spread):
            yield from _within((*path, word), inner)


def _written(spec: Spec) -> Iterator[tuple[Key, str, Any, Num | Dur]]:
    given = spec.model_fields_set
    for word, number in _numeric(type(spec)):
        if word not in given:
            continue
        value = getattr(spec, word)
        if isinstance(value, float | Spread):
            yield (word,), word, value, number
        elif isinstance(value, Mapping):
            yield from (((word, key), word, x, number) for key, x in value.items() if isinstance(x, float | Spread))


@cache
def _numeric(spec: type[Spec]) -> tuple[tuple[str, Num | Dur], ...]:
    found = ((word, declared(spec, word)) for word in spec.model_fields)
    return tuple((word, number) for word, number in found if number is not None)
