"""Where each word of a file is defined: every table that a spec can hold, with its place."""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo

from pactrisk.drivers.effects import FORMS, Effect
from pactrisk.drivers.process import Process, When
from pactrisk.drivers.processes import KINDS
from pactrisk.explain.written import internal
from pactrisk.findings.wording import listed
from pactrisk.quantities import Dur, Num
from pactrisk.specs import Spec
from pactrisk.spreads import PAPERS
from pactrisk.tables import declared

__all__ = [
    "Place",
    "Slot",
    "bounds_of",
    "entries",
    "kind_of",
    "needs",
    "places",
    "sort_of",
    "text_of_default",
    "titles",
]

_BOUNDS = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}
_MANY = 9
"""As many places of a word as are listed."""


@dataclass(frozen=True)
class Slot:
    """A step of a path that a file fills in: a name of its own, or the place in a list."""

    word: str


@dataclass(frozen=True)
class Place:
    """One table that can be written: its path with slots where names stand, its spec, the kind of driver it is in."""

    path: tuple[str | Slot, ...]
    spec: type[Spec]
    kind: str = ""

    def __str__(self) -> str:
        return ".".join(step if isinstance(step, str) else f"<{step.word}>" for step in self.path)

    def of(self, word: str) -> str:
        """The path of one of its words, with the kind of driver where it has one."""
        return f"{self}.{word}".lstrip(".") + (f" ({self.kind})" if self.kind else "")

    def fits(self, parts: tuple[str, ...]) -> bool:
        """Whether a dotted path can be this table's."""
        pairs = zip(self.path, parts, strict=False)
        return len(parts) == len(self.path) and all(isinstance(s, Slot) or s == part for s, part in pairs)


def kind_of(spec: type[Spec]) -> str:
    """The word after ``kind =`` of a driver kind; nothing for other specs."""
    if not issubclass(spec, Process):
        return ""
    words = get_args(spec.model_fields["kind"].annotation)
    return str(words[0]) if words else ""


@cache
def places(model: type[Spec]) -> tuple[Place, ...]:
    """Every table that a spec can hold, itself first."""
    return tuple(_below(model, ()))


def _below(spec: type[Spec], path: tuple[str | Slot, ...], outer: str = "") -> Iterator[Place]:
    kind = kind_of(spec) or outer
    yield Place(path, spec, kind)
    for word, info in spec.model_fields.items():
        for steps, inner in _inner(info.annotation, word):
            yield from _below(inner, (*path, word, *steps), kind)


def _inner(annotation: Any, word: str) -> Iterator[tuple[tuple[Slot, ...], type[Spec]]]:
    origin, args = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        yield (), annotation
    elif origin is dict:
        for steps, inner in _inner(args[1], word):
            yield (Slot("name"), *steps), inner
    elif origin is tuple:
        for steps, inner in _inner(args[0], word):
            yield (Slot("id" if word == "agreements" else "place"), *steps), inner
    elif origin is Annotated:
        yield from _inner(args[0], word)
    elif origin in (typing.Union, UnionType):
        for arg in args:
            yield from _inner(arg, word)


def titles(found: Sequence[Place], word: str) -> tuple[str, ...]:
    """The paths of a word that many tables take: one for all kinds of driver, of a multitude the first and a count."""
    kinds: dict[str, list[str]] = {}
    for place in found:
        kinds.setdefault(f"{place}.{word}".lstrip("."), []).append(place.kind)
    every = [path + (f" ({', '.join(of)})" if any(of) and len(of) < len(KINDS) else "") for path, of in kinds.items()]
    if len(every) <= _MANY:
        return tuple(every)
    tops = list(dict.fromkeys(str(place.path[0]) for place in found))
    return every[0], f"in {len(every) - 1} other tables, of {listed(tops)}"


def entries(spec: type[Spec], word: str) -> tuple[str, str]:
    """How the tables behind a word are spoken of, and the keys that each takes; empty where there are none."""
    inner = {held: bool(steps) for steps, held in _inner(spec.model_fields[word].annotation, word)}
    if len(inner) != 1:
        return "", ""
    ((held, several),) = inner.items()
    own = sorted((w for w in held.model_fields if not internal(held, w)), key=lambda w: w in PAPERS)
    if issubclass(held, When) and held.part_of is not None:
        own = [*(w for w in When.model_fields), "and each number of the driver that differs"]
    return "each takes" if several else "takes", ", ".join(own)


def needs(spec: type[Spec], word: str) -> tuple[str, str]:
    """Which of the keys of the tables behind a word must be given, where that depends on the others; else empty."""
    if {held for _, held in _inner(spec.model_fields[word].annotation, word)} != {Effect}:
        return "", ""
    *others, last = FORMS
    return "each needs", f"exactly one of {', '.join(others)} or {last}; state, below and above with a factor"


def sort_of(spec: type[Spec], word: str) -> str:
    """What can be written for a word: a number, a duration, text, a date, one of some words, a table."""
    number = declared(spec, word)
    if number is not None:
        sort = "a number or a spread" if isinstance(number, Num) else "a duration: months, or how they are distributed"
        if isinstance(number, Dur) or not _exact(spec.model_fields[word]):
            annotation = spec.model_fields[word].annotation
            # a table of numbers has texts for its keys
            text = "text or " if get_origin(annotation) is not dict and str in get_args(annotation) else ""
            return f"{text}a table of numbers: {sort}" if _is_dict(annotation) else sort
        return "a number"
    info = spec.model_fields[word]
    *others, last = dict.fromkeys((*_examples(info), *_sorts(info.annotation))) or ("",)
    return f"{', '.join(others)} or {last}" if others else last


def bounds_of(spec: type[Spec], word: str) -> str:
    """The bounds of a number in words; nothing where it has none, or is no number."""
    if (number := declared(spec, word)) is not None:
        return getattr(number, "range", "")
    papers = spec.model_fields[word].metadata
    found = ((words, getattr(paper, name, None)) for name, words in _BOUNDS.items() for paper in papers)
    return " and ".join(f"{words} {bound:,}" for words, bound in found if bound is not None)


def _examples(paper: object) -> Iterator[str]:
    extra = paper.json_schema_extra if isinstance(paper, FieldInfo) else None
    examples = extra.get("examples") if isinstance(extra, dict) else None
    if isinstance(examples, list):
        yield f"text such as {' or '.join(json.dumps(example) for example in examples)}"


def _shorter(paper: object) -> Iterator[str]:
    """What may be written instead of a table, as its schema has it."""
    schema = paper.json_schema if isinstance(paper, WithJsonSchema) else None
    short = {"number": "a number", "string": "text"}
    for each in (schema or {}).get("anyOf", ()):
        if each.get("type") in short:
            yield short[each["type"]]


def _exact(info: FieldInfo) -> bool:
    plain = {get_args(part)[0] if get_origin(part) is Annotated else part for part in get_args(info.annotation)}
    return info.annotation is float or plain - {NoneType} == {float}


def _is_dict(annotation: Any) -> bool:
    return get_origin(annotation) is dict or any(_is_dict(a) for a in get_args(annotation))


def _sorts(annotation: Any) -> Iterator[str]:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        for paper in args[1:]:
            yield from _examples(paper)
            yield from _shorter(paper)
        yield from _sorts(args[0])
    elif origin is Literal:
        yield f"one of {', '.join(map(str, args))}"
    elif origin in (typing.Union, UnionType):
        for arg in args:
            yield from _sorts(arg)
    elif origin is dict:
        yield "tables, each with a name" if any(True for _ in _inner(args[1], "")) else "a table"
    elif origin is tuple:
        if args[0] is str:
            yield "a name or a list of names"
        else:
            yield "a list of " + ("tables" if any(True for _ in _inner(args[0], "")) else "numbers")
    elif isinstance(annotation, type) and issubclass(annotation, Spec):
        yield "a table"
    else:
        plain = {str: "text", int: "a whole number", float: "a number", date: "a date", bool: "true or false"}
        if annotation in plain:
            yield plain[annotation]


def text_of_default(info: FieldInfo) -> str:
    """The default as a file would say it; nothing where there is none to speak of."""
    if info.is_required():
        return "none: it must be given"
    default = info.default
    if isinstance(default, bool) or default is None or isinstance(default, Spec):
        return ""
    if isinstance(default, int | float):
        return f"{default:.15g}"
    if isinstance(default, str) and default:
        return default
    return ""
