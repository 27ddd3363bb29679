"""The driver kinds: every file in this folder is one, and the folder is the registry."""

from __future__ import annotations

import importlib
import pkgutil
from functools import reduce
from operator import or_
from typing import Annotated, Any, get_args

from pydantic import Field

from pactrisk.drivers.process import Process

__all__ = ["KINDS", "Driver"]


def _found() -> dict[str, type[Process]]:
    kinds: dict[str, type[Process]] = {}
    for entry in sorted(pkgutil.iter_modules(__path__), key=lambda e: e.name):
        module = importlib.import_module(f"{__name__}.{entry.name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Process) and value.__module__ == module.__name__:
                (word,) = get_args(value.model_fields["kind"].annotation)
                kinds[word] = value
    return kinds


KINDS: dict[str, type[Process]] = _found()
"""Every driver kind, by the word written after ``kind =``."""

Driver: Any = Annotated[reduce(or_, KINDS.values()), Field(discriminator="kind")]
"""A driver of any kind."""
