"""The driver kinds: every file in this folder is one, and the folder is the registry.

A file that cannot be read, lacks a part of a kind, or defines one that there is already is an InputError.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from types import ModuleType
from typing import Annotated, Any, get_args

from pydantic import Field

from pactrisk.drivers.process import Process, When
from pactrisk.errors import InputError, Place, Problem
from pactrisk.plugged import files_of

__all__ = ["KINDS", "Driver"]

_WHOLE = "the README shows a whole one: Adding a driver kind"


def _kinds_of(module: ModuleType) -> Iterator[type[Process]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Process) and value.__module__ == module.__name__:
            yield value


def _lacking(cls: type[Process]) -> list[str]:
    """What a class lacks to be a kind."""
    words = get_args(cls.model_fields["kind"].annotation)
    return [
        said
        for said, lacks in (
            ("kind: Literal with one word", len(words) != 1 or not isinstance(words[0], str)),
            ("simulate", cls.simulate is Process.simulate),
            ("theory", cls.theory is Process.theory),
            ("@kind", cls.model_fields["when"].annotation == tuple[When, ...]),
        )
        if lacks
    ]


def _found() -> dict[str, type[Process]]:
    kinds: dict[str, type[Process]] = {}
    files: dict[str, str] = {}
    wrong: list[Problem] = []
    for module in files_of(__name__, __path__).values():
        file = str(module.__file__)
        for cls in _kinds_of(module):
            if lacks := _lacking(cls):
                wrong.append(Problem("", f"{cls.__name__} lacks {' and '.join(lacks)}", _WHOLE, Place(file)))
                continue
            (word,) = get_args(cls.model_fields["kind"].annotation)
            if word in kinds:
                message = f"{cls.__name__} is of the kind {word!r}, which is defined in {files[word]} too"
                wrong.append(Problem("", message, "give it a word of its own", Place(file)))
            kinds[word], files[word] = cls, file
    if wrong:
        raise InputError(wrong)
    return kinds


KINDS: dict[str, type[Process]] = _found()
"""Every driver kind, by the word written after ``kind =``."""

Driver: Any = Annotated[reduce(or_, KINDS.values()), Field(discriminator="kind")]
"""A driver of any kind."""
