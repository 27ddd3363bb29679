"""Analyses: one file each, none reads another. The folder is the registry.

A file in this folder is an analysis when it defines

- ``ORDER``: its place on the page (the first fills the first screen);
- ``TITLE``: what ``pactrisk explain`` and the page call it;
- ``observe(block) -> Sums``: what it takes down from each block of trials, as arrays that add up;
- ``find(reading) -> Finding | None``: what it makes of the sums; None where it has nothing to say.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from pactrisk.ensemble import Block, Plan, Reading, Sums
from pactrisk.findings import Finding

__all__ = ["Analysis", "chosen", "registry"]


@dataclass(frozen=True)
class Analysis:
    """One analysis, as its file defines it."""

    name: str
    title: str
    order: int
    observe: Callable[[Block], Sums]
    find: Callable[[Reading], Finding | None]

    def finding(self, plan: Plan, sums: Sums) -> Finding | None:
        """What it makes of the sums of a run."""
        return self.find(Reading(plan, sums, self.name))


@cache
def registry() -> dict[str, Analysis]:
    """Every analysis by name, in the order of the page."""
    found = []
    for entry in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{entry.name}")
        if hasattr(module, "find"):
            found.append(Analysis(entry.name, module.TITLE, module.ORDER, module.observe, module.find))
    return {analysis.name: analysis for analysis in sorted(found, key=lambda a: (a.order, a.name))}


def chosen(names: Iterable[str] = ()) -> dict[str, Analysis]:
    """The named analyses, or all, in the order of the page."""
    wanted = set(names)
    return {name: analysis for name, analysis in registry().items() if not wanted or name in wanted}
