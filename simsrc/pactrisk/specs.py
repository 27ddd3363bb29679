"""Tables of a file as typed values: every key is documented, and what keys must be together is a rule.

A key that is wrong by itself is refused while its table is read. A :class:`Ruled` table also has rules that tie its
keys together. Read from Python it refuses what breaks them; read with :data:`LATER` as context it is made all the
same, so that a check can tell what else is wrong.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic.fields import FieldInfo

from pactrisk.quantities import Trust
from pactrisk.spreads import PAPERS

__all__ = [
    "LATER",
    "NAMES",
    "Documented",
    "Label",
    "Labels",
    "Names",
    "Ruled",
    "Spec",
    "Wrong",
    "derived",
    "described",
    "docstring",
]

LATER: dict[str, Any] = {"rules": "later"}
"""Context of a validation that leaves the rules of tables to who asked for it."""


_NAME = re.compile(r"[\w .'’()&/-]+")
"""What looks like a name: text with other signs may be a single one, commas and all."""


def _one_or_more(raw: object) -> object:
    if not isinstance(raw, str):
        return raw
    names = [name for part in re.split("[,;]", raw) if (name := part.strip())]
    if len(names) > 1 and all(map(_NAME.fullmatch, names)):
        listed = ", ".join(f'"{name}"' for name in names)
        # Korea, Republic of; what has a name in formulas has no comma in it
        single = f', and a single name with a comma ["{raw.strip()}"]' if any(" " in name for name in names) else ""
        raise ValueError("several names stand in one text", f"a list is written [{listed}]{single}")
    return [raw]


NAMES: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
"""JSON Schema of a list of names."""
Names = Annotated[tuple[str, ...], BeforeValidator(_one_or_more), WithJsonSchema(NAMES)]
"""A list of names; a single text is a list of one, and must not be several of them with commas between."""
Labels = Annotated[
    tuple[str, ...],
    BeforeValidator(_one_or_more),
    AfterValidator(lambda names: tuple(dict.fromkeys(name for one in names if (name := one.strip())))),
    WithJsonSchema(NAMES),
]
"""Names of what is nowhere else in the files, so that nobody looks for the place of each: one that stands twice, or
with blanks around it, counts once."""
Label = Annotated[str, AfterValidator(str.strip)]
"""A single one."""


class Spec(BaseModel):
    """A table of a file, with typed keys, each described by the text below it, which :func:`described` reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    part_of: ClassVar[type[Spec] | None] = None
    """The table that this one holds other values for; what is not described here is described there."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values; what was worked out of the old ones is left behind."""
        copy = super().model_copy(update=update, deep=deep)
        for word in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[word]
        return copy

    def said(self) -> str:
        """What it says, but for its papers: tables are put in order by it."""
        return self.model_dump_json(exclude=set(PAPERS), fallback=str)


def derived(spec: type[Spec]) -> Iterator[type[Spec]]:
    """Every spec that is one of this sort."""
    for made in spec.__subclasses__():
        yield made
        yield from derived(made)


@cache
def described(spec: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """The fields of a table, with their descriptions.

    Pydantic could read these as each class is made, which takes as long as reading a scenario; most runs want none.
    """
    for name, info in spec.model_fields.items():
        if info.description is None:
            info.description = _texts_of(spec).get(name)
    return spec.model_fields


@cache
def _texts_of(spec: type[BaseModel]) -> dict[str, str]:
    found: dict[str, str] = {}
    part_of = spec.part_of if issubclass(spec, Spec) else None
    for base in (*spec.__mro__, *(part_of.__mro__ if part_of else ()))[::-1]:
        if base is not Spec and issubclass(base, Spec):
            found |= _texts_in(base.__module__).get(base.__name__, {})
    return found


@cache
def _texts_in(module: str) -> dict[str, dict[str, str]]:
    """The text below each attribute of each class of a module."""
    found: dict[str, dict[str, str]] = {}
    for made in ast.walk(ast.parse(inspect.getsource(sys.modules[module]))):
        if isinstance(made, ast.ClassDef):
            found[made.name] = {
                line.target.id: inspect.cleandoc(below.value.value)
                for line, below in pairwise(made.body)
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
                if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
                if isinstance(below.value.value, str)
            }
    return found


def docstring(spec: type) -> str:
    """The docstring of a spec, from its source where Python was told to leave docstrings out."""
    if spec.__doc__ is not None:
        return inspect.cleandoc(spec.__doc__)
    tree = ast.parse(inspect.getsource(sys.modules[spec.__module__]))
    found = (n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == spec.__name__)
    return next((ast.get_docstring(made) or "" for made in found), "")


class Documented(Spec):
    """A table that can carry its papers; numbers inside it inherit them."""

    source: str = ""
    """where the numbers come from"""
    trust: Trust | None = None
    """how far the source is trusted: A official or peer-reviewed, B serious single source, C press, or judgement"""
    note: str = ""
    """anything a reader should know"""


@dataclass(frozen=True)
class Wrong:
    """A broken rule: where below the table, what is wrong, and one thing that can be done.

    ``rests`` are the dotted paths below the table that the rule looked at, ``*`` for any key: where one of them could
    not be read, the rule may be broken for that alone. Where a name is unknown, ``named`` is that name and ``known``
    are those that could have been meant.
    """

    message: str
    rests: tuple[str, ...]
    path: tuple[str | int, ...] = ()
    hint: str = ""
    named: str = ""
    known: Iterable[str] = ()


class Ruled(Spec):
    """A table whose keys can be right one by one and wrong together."""

    def wrong(self) -> Iterator[Wrong]:
        """Every rule that the table breaks."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _sound(self, info: ValidationInfo) -> Self:
        if info.context is not LATER:
            for wrong in self.wrong():
                raise ValueError(wrong.message, wrong.hint) if wrong.hint else ValueError(wrong.message)
        return self
