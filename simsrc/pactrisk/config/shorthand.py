"""A single word or day that stands where a table does: the table that holds it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from pactrisk.config.fields import declared, field_at, models_of, sorts_of
from pactrisk.config.quoting import clean, key
from pactrisk.quantities import Num
from pactrisk.specs import Ruled, described

__all__ = ["in_full"]


def in_full(path: Sequence[str | int], value: object, model: type[BaseModel], data: Any) -> str:
    """What to write at ``path`` of the tables ``data`` instead of a value that is no table; empty if not plain."""
    name = key(path[-1]) if path and isinstance(path[-1], str) else ""
    if isinstance(path[-1] if path else "", int):
        table = _table(value, models_of(field_at(model, path, data)))
        return f"write {table}" if table else ""
    if table := _table(value, models_of(field_at(model, (*path, 0), data))):
        return f"write {name} = [{table}]"
    word = value[0] if isinstance(value, list) and len(value) == 1 else value
    chance = declared(field_at(model, (*path, "any"), data))
    if isinstance(word, str) and isinstance(chance, Num) and chance.bounds == (0, 1):
        return f"write {name} = {{ {key(word)} = 1 }}"
    return ""


def _table(value: object, models: Sequence[type[BaseModel]]) -> str:
    """A table in braces with the value under the first of its required keys that takes it."""
    if len(models) != 1 or not isinstance(value, str | date):
        return ""
    needed = {word: info for word, info in described(models[0]).items() if info.is_required()}
    first = next((word for word, info in needed.items() if type(value) in sorts_of(info)), None)
    if first is None:
        return ""
    said = json.dumps(clean(value), ensure_ascii=False) if isinstance(value, str) else value.isoformat()
    others = [f"{word} = ..." for word in needed if word != first]
    more = others or (["..."] if issubclass(models[0], Ruled) else [])
    return f"{{ {', '.join([f'{first} = {said}', *more])} }}"
