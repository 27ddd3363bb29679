"""Numbers with a per cent sign of which the unit is told by another key: the unit of their driver."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from pactrisk.config.documents import Document, Key
from pactrisk.config.fields import declared, field_at, models_of
from pactrisk.config.quoting import clean
from pactrisk.numerals import in_unit
from pactrisk.quantities import Num

__all__ = ["as_it_stands"]

_PER_CENT = re.compile(r"%|\bper ?cent\b")


def as_it_stands(path: Key, document: Document, model: type[BaseModel]) -> str:
    """What to do about a text in per cent that is in the unit of a driver counted in per cent; else empty."""
    text, name = document.get(path), _driver(path, document)
    unit = document.get(("drivers", name, "unit"))
    if not (isinstance(text, str) and isinstance(unit, str) and _PER_CENT.search(text) and _PER_CENT.search(unit)):
        return ""
    # a part of a spread is in the unit of the number
    parts = (path[:length] for length in range(len(path), 0, -1))
    number = next((found for part in parts if (found := declared(field_at(model, part, document.data)))), None)
    relative = path[0] == "shocks" and any(getattr(sort, "positive", False) for sort in _sorts(name, document, model))
    figure = in_unit(text, "")
    if relative or figure is None or not isinstance(number, Num) or number.unit or number.share:
        return ""
    return f"write {figure[0]} without quotes, in {clean(unit)}"


def _driver(path: Key, document: Document) -> Any:
    """The name of the driver that a number is about."""
    return path[1] if len(path) > 1 and path[0] == "drivers" else document.get((*path[:2], "driver"))


def _sorts(name: Any, document: Document, model: type[BaseModel]) -> tuple[type[BaseModel], ...]:
    there = ("drivers", name)
    return models_of(field_at(model, there, document.data), document.get(there))
