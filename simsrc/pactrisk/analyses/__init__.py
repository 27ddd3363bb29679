"""Analyses: one file each, none reads another. The folder is the registry.

A file in this folder is an analysis when it defines

- ``ORDER``: its place on the page (the first fills the first screen);
- ``TITLE``: what ``pactrisk explain`` and the page call it;
- ``observe(block) -> Sums``: what it takes down from each block of trials, as arrays that add up;
- ``find(reading) -> Finding | None``: what it makes of the sums; None where it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from pactrisk.ensemble import Block, Plan, Reading, Sums
from pactrisk.errors import InputError, Place, Problem, RunError
from pactrisk.findings import Figure, Finding, Table
from pactrisk.findings.wording import listed
from pactrisk.plugged import blamed, files_of, given_not

__all__ = ["Analysis", "Unkept", "chosen", "registry"]

_PARTS: dict[str, tuple[Any, str]] = {
    "ORDER": ((int, float), "a number"),
    "TITLE": (str, "a text"),
    "observe": (Callable, "a function"),
    "find": (Callable, "a function"),
}


@dataclass(frozen=True)
class Analysis:
    """One analysis, as its file defines it."""

    name: str
    title: str
    order: int
    observe: Callable[[Block], Sums]
    find: Callable[[Reading], Finding | None]
    file: str
    """Where it is defined."""

    def take_down(self, block: Block) -> Sums:
        """What it takes down from a block, as arrays by name.

        Raises
        ------
        RunError : where it fails, or gives anything else.
        """
        what = f"observe of the analysis {self.name}"
        with blamed(what, self.file):
            sums = self.observe(block)
        if not isinstance(sums, dict) or not all(isinstance(word, str) for word in sums):
            raise given_not(what, self.file, sums, "a dictionary of arrays by name")
        for word, value in sums.items():
            if not isinstance(value, np.ndarray | np.generic) or value.dtype.kind not in "biuf":
                raise given_not(f"{what}, under {word!r},", self.file, value, "an array of numbers")
        return sums

    def finding(self, plan: Plan, sums: Sums) -> Finding | None:
        """What it makes of the sums of a run.

        Raises
        ------
        Unkept : where it asks for a sum that is not among them.
        RunError : where it fails, or gives anything else than a finding.
        """
        what = f"find of the analysis {self.name}"
        with blamed(what, self.file):
            found = self.find(Reading(plan, _Held(sums, self.name), self.name))
        if not (found is None or isinstance(found, Finding)):
            raise given_not(what, self.file, found, "a Finding, or None to say nothing,")
        told = () if found is None else (("a table", Table, found.tables), ("a figure", Figure, found.figures))
        for wanted, sort, parts in told:
            for part in parts:
                if not isinstance(part, sort):
                    raise given_not(f"{what}, in its Finding,", self.file, part, wanted)
        return found


class Unkept(RunError):
    """A sum is asked for that is not kept."""


class _Held(dict[str, Any]):
    """The sums of a run, as the analysis ``name`` reads them."""

    def __init__(self, sums: Sums, name: str) -> None:
        super().__init__(sums)
        self._name = name

    def __missing__(self, key: str) -> Any:
        own = {_bare(word.removeprefix(f"{self._name}/")) for word in self if word.startswith(f"{self._name}/")}
        asked, there = _bare(key.removeprefix(f"{self._name}/")), listed(sorted(own)) or "none"
        raise Unkept(f"the analysis {self._name} asks for the sum {asked!r}, which is not kept; its own are: {there}")


def _bare(key: str) -> str:
    """What an analysis calls a sum: moments are kept in three parts."""
    name, _, part = key.rpartition("/")
    return name if part in ("total", "square", "trial_square") else key


@cache
def registry() -> dict[str, Analysis]:
    """Every analysis by name, in the order of the page.

    Raises
    ------
    InputError : where a file cannot be read, or defines a part of an analysis and lacks another.
    """
    files = files_of(__name__, __path__)
    begun = {name: module for name, module in files.items() if any(hasattr(module, part) for part in _PARTS)}
    wrong = [problem for module in begun.values() for problem in _lacking(module)]
    if wrong:
        raise InputError(wrong)
    found = [Analysis(name, m.TITLE, m.ORDER, m.observe, m.find, str(m.__file__)) for name, m in begun.items()]
    return {analysis.name: analysis for analysis in sorted(found, key=lambda a: (a.order, a.name))}


def _lacking(module: ModuleType) -> list[Problem]:
    """What a file lacks to be an analysis."""
    lacks = [
        f"{part} ({said})" for part, (sort, said) in _PARTS.items() if not isinstance(getattr(module, part, None), sort)
    ]
    hint = "the README shows a whole one: Adding an analysis"
    return [Problem("", f"lacks {listed(lacks)}", hint, Place(str(module.__file__)))] if lacks else []


def chosen(names: Iterable[str] = ()) -> dict[str, Analysis]:
    """The named analyses, or all, in the order of the page."""
    wanted = set(names)
    return {name: analysis for name, analysis in registry().items() if not wanted or name in wanted}
