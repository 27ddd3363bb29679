"""Numbers with a per cent sign: what is done about one depends on what its key wants, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pydantic import BaseModel

from pactrisk.config.documents import Document, Key
from pactrisk.config.fields import choices, declared, field_at, models_of, sorts_of, told
from pactrisk.config.quoting import clean, key
from pactrisk.config.spots import SPANS, TO_QUOTE
from pactrisk.config.unread import Unread, unread_in
from pactrisk.drivers import Effect
from pactrisk.errors import Kind, Place, Problem
from pactrisk.numerals import FIGURE, OF_HUNDRED, shown
from pactrisk.quantities import Dur, Num

__all__ = ["as_it_stands", "settled"]

_FIGURE = re.compile(rf"\s*({FIGURE})\s*(?:{OF_HUNDRED})\s*")
_OF_DRIVERS = ("below", "above", "reference")
"""Keys of an effect that are in the unit of its driver."""
_OF_FLOWS = ("target", "capacity")
_TYPED = Place("--set")


def as_it_stands(path: Key, document: Document, model: type[BaseModel]) -> str:
    """What to do about a text in per cent that is in the unit of a driver or a flow; else empty."""
    figure = _figure(document.get(path))
    unit = _unit(path, document, model) if figure else ""
    return f"write {figure} without quotes, in {unit}" if unit else ""


def settled(found: Sequence[Problem], document: Document, model: type[BaseModel]) -> list[Problem]:
    """Problems, those of numbers with a per cent sign that stand in a document with the hint that their key wants."""
    hints = dict(_hints(document, model)) if any(problem.kind == Kind.PER_CENT for problem in found) else {}
    return [
        replace(problem, hint=hint)
        if problem.kind == Kind.PER_CENT and (hint := hints.get(_mark(problem.place, problem.path))) is not None
        else problem
        for problem in found
    ]


def _hints(document: Document, model: type[BaseModel]) -> Iterator[tuple[object, str]]:
    """What to do about each number with a per cent sign, by its mark."""
    for path in unread_in(document.data):
        unread: Unread = document.get(path)
        hint = _hint(path, unread, document, model)
        if hint:
            yield _mark(Place(document.place(path).file, *unread.at), document.dotted(path)), hint


def _mark(place: Place | None, path: str) -> object:
    """What tells a slip from any other: its place, of what is typed its path too."""
    return place, path if place == _TYPED else ""


def _hint(path: Key, unread: Unread, document: Document, model: type[BaseModel]) -> str:
    """What to do about one of them; empty where it is a hundredth of what it says, as told already."""
    at = _number_at(path, document, model)
    info = field_at(model, at, document.data)
    number, begin = declared(info), f"{document.dotted(path)}=" if document.place(path) == _TYPED else ""
    figure, sorts = _figure(unread.text), sorts_of(info)
    if unit := _unit(path, document, model):
        return f"write {begin}{figure}, in {unit}" if figure else f"a number stands alone, in {unit}"
    if isinstance(number, Dur) or (number is not None and number.unit == "months") or at[-1] in SPANS:
        return told(key(at[-1]), info)
    # a table may be written short, by a number of its own, and hold numbers
    if number is not None or info is None or not figure or {float, *models_of(info, None)} & {*sorts}:
        return ""
    return (
        f'{TO_QUOTE}: {begin}"{clean(unread.text)}"' if str in sorts and not choices(info) else told(key(at[-1]), info)
    )


def _number_at(path: Key, document: Document, model: type[BaseModel]) -> Key:
    """The path of the number that a value is part of: a part of a spread is in its unit; that of the value if none."""
    above = (path[:length] for length in range(len(path), 0, -1))
    return next((at for at in above if declared(field_at(model, at, document.data)) is not None), path)


def _unit(path: Key, document: Document, model: type[BaseModel]) -> str:
    """The unit that a number has from its driver or its flow; empty where it has its own, or is a ratio."""
    at = _number_at(path, document, model)
    number, table, word = declared(field_at(model, at, document.data)), at[:-1], at[-1]
    if not isinstance(number, Num) or number.unit or number.share:
        return ""
    driver: Key = ("drivers", str(document.get((*table, "driver"))))
    holder: Key | None = path[:2] if path[0] == "drivers" and word not in Effect.model_fields else None
    if word in _OF_DRIVERS:
        holder = driver
    elif path[0] == "shocks":
        sorts = models_of(field_at(model, driver, document.data), document.get(driver))
        holder = None if any(getattr(sort, "positive", False) for sort in sorts) else driver
    elif word in _OF_FLOWS:
        holder = table
    unit = document.get((*holder, "unit")) if holder is not None else None
    return clean(unit) if isinstance(unit, str) else ""


def _figure(text: object) -> str:
    """The number in a text in per cent; empty where there is none."""
    found = _FIGURE.fullmatch(text) if isinstance(text, str) else None
    return "" if found is None else shown(float(found[1]))
