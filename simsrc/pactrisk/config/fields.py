"""What the models say about a key: walks from a path in a file to the field that declares it."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal, Union

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pactrisk.quantities import Dur, Num, measured
from pactrisk.specs import Spec, derived, described
from pactrisk.spreads import Spread

__all__ = [
    "choices", "declared", "discriminator", "field_at", "fields_at", "fields_under", "is_union", "may_spread",
    "meaning_of", "models_of", "sorts_of", "takes_text", "told", "unit_of",
]  # fmt: skip


def field_at(model: type[BaseModel], path: Sequence[str | int], data: Any = None) -> FieldInfo | None:
    """The field that declares the value at ``path``; None where the models know no such key.

    Follows tables, optional values, dictionaries, lists and unions. ``data``, the tables of the file, decides
    by its ``kind`` which member of a union is meant; without it every member is looked into. What is not a
    field of its own, such as one item of a list, comes as a field made from its type.
    """
    found: FieldInfo | None = FieldInfo.from_annotation(model)
    for part in path:
        found = _within(found, part, data)
        if found is None:
            return None
        data = _inside(data, part)
    return found


def fields_at(model: type[BaseModel], path: Sequence[str | int], data: Any = None) -> dict[str, FieldInfo]:
    """The fields of the table at ``path`` by the keys that a file may write; none where it is no model."""
    info = field_at(model, path, data)
    here = data
    for part in path:
        here = _inside(here, part)
    fields: dict[str, FieldInfo] = {}
    for member in models_of(info, here):
        fields |= {field.alias or name: field for name, field in described(member).items()}
    return fields


def models_of(info: FieldInfo | None, data: Any = None) -> tuple[type[BaseModel], ...]:
    """The models that a field may hold, or the one that the data's discriminator names."""
    models: list[type[BaseModel]] = []
    for member in _members(info):
        held: Any = member.annotation
        if isinstance(held, type) and issubclass(held, BaseModel):
            models.append(held)
    word = discriminator(info)
    tag = data.get(word) if isinstance(data, Mapping) and word else None
    named = [model for model in models if word and tag in _tags(model, word)]
    return tuple(named or models)


def discriminator(info: FieldInfo | None) -> str | None:
    """The key that tells the members of a union apart."""
    return next((layer.discriminator for layer in _layers(info) if isinstance(layer.discriminator, str)), None)


def is_union(info: FieldInfo | None) -> bool:
    """Whether a value may be of several kinds; not having one does not count."""
    return len(_members(info)) > 1


def choices(info: FieldInfo | None) -> tuple[str, ...]:
    """The words that a field may be, where it has a fixed list; or the kinds of a union of tables."""
    found: list[str] = []
    for member in _members(info):
        if typing.get_origin(member.annotation) is Literal:
            found += [str(word) for word in typing.get_args(member.annotation)]
    word = discriminator(info)
    if not found and word:
        found = [str(tag) for model in models_of(info) for tag in _tags(model, word)]
    return tuple(found)


def declared(info: FieldInfo | None) -> Num | Dur | None:
    """What a number means, where the field holds one."""
    papers = (paper for layer in _layers(info) for paper in layer.metadata)
    return next((paper for paper in papers if isinstance(paper, Num | Dur)), None)


def sorts_of(info: FieldInfo | None) -> tuple[Any, ...]:
    """The sorts of values that a field may hold."""
    return tuple(member.annotation for member in _members(info))


def takes_text(info: FieldInfo | None) -> bool:
    """Whether a field may hold text of any words, alone or as a list."""
    return not {str, tuple[str, ...]}.isdisjoint(sorts_of(info))


def meaning_of(info: FieldInfo | None) -> tuple[str, str]:
    """Meaning and unit of a field, each empty where it has none.

    The number's own papers come first, then the description of the field.
    """
    for layer in _layers(info):
        for paper in layer.metadata:
            meaning = getattr(paper, "meaning", None)
            if isinstance(meaning, str):
                return meaning, str(getattr(paper, "unit", "") or "")
    return (info.description or "" if info else ""), ""


def told(name: str, info: FieldInfo | None) -> str:
    """``half_life: time for a gap to the level to halve, in months``; empty where nothing is known."""
    meaning, unit = meaning_of(info)
    if not meaning:
        return ""
    return " ".join(f"{name}: {measured(meaning, unit)}".split())


@cache
def fields_under(word: str) -> tuple[FieldInfo, ...]:
    """The fields of this name, in any table."""
    return tuple(info for spec in derived(Spec) if (info := spec.model_fields.get(word)) is not None)


@cache
def unit_of(word: str) -> str | None:
    """The unit of the numbers under a key, whatever its table; None where it has none, or may have several."""
    units = {number.unit for info in fields_under(word) if (number := declared(info)) is not None}
    return units.pop() if len(units) == 1 else None


@cache
def may_spread(word: str) -> bool | None:
    """Whether the number under a key may be a spread, in any table; None where it is no number."""
    numbers = [info for info in fields_under(word) if declared(info) is not None]
    return any(Spread in sorts_of(info) for info in numbers) if numbers else None


def _is_union(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (Union, types.UnionType)


def _layers(info: FieldInfo | None) -> Iterator[FieldInfo]:
    """The field, then what its union is made of, all the way down."""
    if info is None or info.annotation is type(None):
        return
    yield info
    if _is_union(info.annotation):
        for piece in typing.get_args(info.annotation):
            yield from _layers(FieldInfo.from_annotation(piece))


def _members(info: FieldInfo | None) -> list[FieldInfo]:
    """The field itself, or the members of its union other than None."""
    return [layer for layer in _layers(info) if not _is_union(layer.annotation)]


def _tags(model: type[BaseModel], word: str) -> tuple[Any, ...]:
    info = model.model_fields.get(word)
    return typing.get_args(info.annotation) if info and typing.get_origin(info.annotation) is Literal else ()


def _inside(data: Any, part: str | int) -> Any:
    if isinstance(data, Mapping):
        return data.get(part)
    if isinstance(data, Sequence) and not isinstance(data, str) and isinstance(part, int):
        return data[part] if 0 <= part < len(data) else None
    return None


def _within(info: FieldInfo | None, part: str | int, data: Any) -> FieldInfo | None:
    for model in models_of(info, data):
        for name, field in described(model).items():
            if part in (name, field.alias):
                return field
    for member in _members(info):
        origin, pieces = typing.get_origin(member.annotation), typing.get_args(member.annotation)
        if not isinstance(origin, type) or not pieces:
            continue
        if issubclass(origin, Mapping) and isinstance(part, str):
            return FieldInfo.from_annotation(pieces[1])
        if issubclass(origin, Sequence) and isinstance(part, int):
            fixed = issubclass(origin, tuple) and not (len(pieces) == 2 and pieces[1] is Ellipsis)
            if not fixed:
                return FieldInfo.from_annotation(pieces[0])
            return FieldInfo.from_annotation(pieces[part]) if 0 <= part < len(pieces) else None
    return None
