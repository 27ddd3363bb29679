"""Remarks that a problem explains: what nobody seems to name may be what a wrong name meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pactrisk.errors import Problem
from pactrisk.lint import Fault

__all__ = ["unexplained"]

_HOLD_NAMES = ("agreements", "templates")
"""Who misspells one of these leaves open what is used of all that it holds, however clear it is which was meant."""


def unexplained(remarks: Iterable[Fault], found: Sequence[Problem]) -> list[Fault]:
    """Remarks that no problem explains: who is told "did you mean oil?" need not hear that nobody reads oil.

    A name of which nobody knows what was meant by it may have meant anything in its table.
    """
    meant = {problem.meant for problem in found}
    sought = {table for problem in found for table in _sought(problem)}
    # a template holds names of all sorts
    anything = "templates" in sought
    return [r for r in remarks if not r.unused or not (anything or r.unused in meant or r.path[0] in sought)]


def _sought(problem: Problem) -> Iterator[str]:
    """The tables in which a name was looked for in vain, where nobody knows what was meant by it or is within that."""
    for table in problem.sought:
        if not problem.meant or table in _HOLD_NAMES:
            yield "agreements" if table == "milestones" else table
