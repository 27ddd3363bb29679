"""A scenario: the world as a value. Drivers, agreements and what ties them, each number with its source."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from pactrisk.agreements import Agreement, Frailty, Pace, Terms
from pactrisk.agreements.terms import NAME
from pactrisk.agreements.waiting import order
from pactrisk.drivers import Driver, Factor, Process, Shock
from pactrisk.drivers import order as drivers_in_order
from pactrisk.expressions import Expression
from pactrisk.quantities import Num, Spread, Value, numbers_in
from pactrisk.specs import Documented, Spec
from pactrisk.spreads import PAPERS, plain_number

__all__ = ["Quantity", "Scenario", "expand", "is_number", "label", "labels", "unshared"]

Key = tuple[str | int, ...]
Name = Annotated[str, StringConstraints(pattern=NAME, max_length=60)]

_QUANTILE = re.compile(r"^p[0-9][0-9]$")
_UNSAID = frozenset({*PAPERS, "address", "distribution"})
_PLAIN = frozenset({str, int, float, bool, date, datetime, time, type(None)})
"""Sorts of values that hold no table."""


def _arithmetic(text: str) -> str:
    Expression(text)
    return text


class Quantity(Documented):
    """A named result: arithmetic over deliveries, flows and drivers at each grid date.

    Names: ``brent`` or ``ukraine.war`` for drivers, and of an agreement ``veterinary.delivery``,
    ``veterinary.flow`` (a year), ``veterinary.total`` (since signature) or ``veterinary.<milestone>`` (1 once done).
    Ceremony cannot be read, and a formal milestone not beside a delivery, a flow, a total or a material milestone: no
    number may mix the two.
    """

    title: str = ""
    """name for people"""
    unit: str = ""
    """unit of the result"""
    expression: Annotated[str, AfterValidator(_arithmetic)]
    """arithmetic over drivers and agreements: rail.delivery, rail.flow (delivered in the last twelve months),
    rail.total (since signature), rail.tender (1 once that milestone is done)"""


class Scenario(Spec):
    """A described world: what might be true. It holds no seed, no number of trials, no threshold."""

    title: str
    """name for people"""
    signed: date
    """day of signature: month 0 of the grid"""
    summary: str = ""
    """what the world is, in a few sentences"""
    ceremony_effect: Annotated[
        Value,
        Num(
            "by how much a full ceremony of events speeds work: 0.2 is 20% faster; formal acts speed none",
            least=-1,
            most=10,
        ),
    ] = 0.0
    sources: dict[str, str] = {}
    """sources by code, so that a number can say source = "C7" """
    factors: dict[Name, Factor] = {}
    """common causes that drivers load on"""
    drivers: dict[Name, Driver] = {}
    """what nobody at the table controls"""
    shocks: tuple[Shock, ...] = ()
    """dated departures of drivers"""
    paces: dict[Name, Pace] = {}
    """how fast work goes"""
    frailties: dict[Name, Frailty] = {}
    """hidden factors of parties and bodies"""
    templates: dict[Name, Terms] = {}
    """terms that several agreements share"""
    agreements: Annotated[tuple[Agreement, ...], Field(min_length=1)]
    """the documents"""
    quantities: dict[Name, Quantity] = {}
    """named results"""

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Scenario:
        """A scenario from the tables of a file, templates filled in and spreads given their addresses.

        Raises
        ------
        pydantic.ValidationError : with every problem found.
        """
        return cls.model_validate(expand(data)[0])

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the agreements, in the order in which they stand."""
        return tuple(agreement.id for agreement in self.agreements)

    @cached_property
    def drivers_in_order(self) -> list[str]:
        """Names of the drivers, each after those that it reads."""
        return drivers_in_order(self.drivers)

    @cached_property
    def milestones_in_order(self) -> list[tuple[str, str]]:
        """Every milestone as (agreement, milestone), each after what must be done first."""
        return order({agreement.id: agreement for agreement in self.agreements})

    def agreement(self, id_: str) -> Agreement:
        """The agreement with this id."""
        return next(a for a in self.agreements if a.id == id_)

    def driver(self, name: str) -> Process:
        """The driver of this name."""
        driver: Process = self.drivers[name]
        return driver

    def spreads(self) -> dict[str, Spread]:
        """Every number of drivers, agreements and what ties them that differs between worlds, by address."""
        words = ("ceremony_effect", "factors", "drivers", "shocks", "paces", "frailties", "agreements")
        used = tuple(getattr(self, word) for word in words)
        found: dict[str, Spread] = {}
        for value in _values(used):
            for spread in numbers_in(value):
                if spread.spread:
                    found[spread.address] = spread
        return dict(sorted(found.items()))

    def uncertain_presence(self) -> tuple[str, ...]:
        """Ids of the agreements that may or may not be in the portfolio."""
        return tuple(sorted(a.id for a in self.agreements if not _settled(a.presence)))

    def tags(self) -> dict[str, dict[str, tuple[int, ...]]]:
        """For each kind of tag, each label and the places of the agreements that bear it."""
        found: dict[str, dict[str, list[int]]] = {}
        for place, agreement in enumerate(self.agreements):
            for kind, labels in agreement.tags().items():
                for word in labels:
                    found.setdefault(kind, {}).setdefault(word, []).append(place)
        return {k: {word: tuple(p) for word, p in sorted(v.items())} for k, v in found.items()}


def _settled(chance: Value) -> bool:
    return plain_number(chance) in (0, 1)


def _values(value: Any) -> Iterator[Spread]:
    if isinstance(value, Spread):
        yield value
    elif isinstance(value, BaseModel):
        for word in type(value).model_fields:
            yield from _values(getattr(value, word))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _values(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _values(inner)


def label(item: Any, place: int) -> str:
    """What a list entry is called in an address: its id, or what it reads, rather than its place."""
    if not isinstance(item, Mapping):
        return str(place)
    if isinstance(item.get("id"), str):
        return str(item["id"])
    words = [str(item[word]) for word in ("driver", "state", "date") if word in item]
    words += [word for word in ("below", "above", "elasticity", "per_unit") if word in item]
    return "/".join(words) or str(place)


def labels(entries: Iterable[Any]) -> list[str]:
    """What list entries are called where they are told to a reader, the second of a name as ``name#2``.

    Those of one name go by what they say, not by their place, so that no order of entries moves a name.
    """
    listed = list(entries)
    words, alike = _called(listed)
    for word, group in alike.items():
        if all(isinstance(listed[p], Mapping) and "id" not in listed[p] for p in group):
            group.sort(key=lambda place: _content(listed[place]))
        for rank, place in enumerate(group[1:], start=2):
            words[place] = f"{word}#{rank}"
    return words


def _called(entries: list[Any]) -> tuple[list[str], dict[str, list[int]]]:
    """What each entry is called, and the places of those that share a name."""
    words = [label(entry, place) for place, entry in enumerate(entries)]
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        places.setdefault(word, []).append(place)
    return words, {word: group for word, group in places.items() if len(group) > 1}


def _content(value: Any) -> str:
    """What an entry says but for its papers, the same of a table of the file and of what was read of it."""
    if isinstance(value, Spread):
        value = {**value.parameters, "min": value.low, "max": value.high}
    if isinstance(value, Mapping):
        said = {word: _content(inner) for word, inner in value.items() if word not in _UNSAID and inner is not None}
        return "{" + ", ".join(f"{word} = {said[word]}" for word in sorted(said)) + "}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_content, value))
    return repr(float(value)) if isinstance(value, int | float) else str(value)


def expand(data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[Key, Key]]:
    """The tables with every agreement's template filled in and every spread given its address.

    Returns the new tables and, for each value that an agreement inherits whole, its path and that in the template.
    What is malformed is left as it is, for the validation to name.
    """
    made: dict[str, Any] = unshared(data)
    _addressed(made, "")
    origins: dict[Key, Key] = {}
    templates, agreements = made.get("templates"), made.get("agreements")
    if not isinstance(templates, dict) or not isinstance(agreements, list):
        return made, origins
    for place, agreement in enumerate(agreements):
        name = agreement.get("template") if isinstance(agreement, dict) else None
        template = templates.get(name) if isinstance(name, str) else None
        if isinstance(template, dict):
            here, there = ("agreements", place), ("templates", str(name))
            agreements[place] = _filled(agreement, template, here, there, origins)
    return made, origins


def unshared(value: Any) -> Any:
    """A copy in which no two places share a table: each must be able to bear an address of its own."""
    if isinstance(value, Mapping):
        return {key: inner if type(inner) in _PLAIN else unshared(inner) for key, inner in value.items()}
    return [unshared(inner) for inner in value] if isinstance(value, list | tuple) else value


def _filled(own: Any, shared: Any, here: Key, there: Key, origins: dict[Key, Key]) -> Any:
    result = dict(own)
    for word, value in shared.items():
        path, origin = (*here, word), (*there, word)
        if word not in own:
            result[word] = unshared(value)
            origins[path] = origin
        elif isinstance(own[word], dict) and isinstance(value, dict) and not (is_number(own[word]) or is_number(value)):
            result[word] = _filled(own[word], value, path, origin, origins)
    return result


def is_number(table: Mapping[str, Any]) -> bool:
    """Whether a table is written as a number: a spread, a named distribution or a value with its papers."""
    return "distribution" in table or "value" in table or any(map(_QUANTILE.match, map(str, table)))


def _addressed(value: Any, path: str) -> None:
    """Give every table that is written as a spread its dotted address."""
    if isinstance(value, dict):
        if is_number(value) and "date" not in value:
            value["address"] = path[1:]
        inside: Iterable[tuple[object, Any]] = value.items()
    else:
        inside = zip(_labels(value), value, strict=True) if any(isinstance(x, dict | list) for x in value) else ()
    for word, inner in inside:
        if isinstance(inner, dict | list):
            _addressed(inner, f"{path}.{word}")


def _labels(entries: list[Any]) -> list[str]:
    """What each entry is called; those of one label are told apart by what they say, not by their place."""
    words, alike = _called(entries)
    for word, group in alike.items():
        said = {place: json.dumps(entries[place], sort_keys=True, default=str) for place in group}
        texts = sorted(said.values())
        for place, text in said.items():
            rank = bisect_left(texts, text)
            words[place] = f"{word}#{rank + 1}" if rank else word
    return words
