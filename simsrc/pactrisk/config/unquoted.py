"""A value that lacks its quotes and does not fit either: one problem with one hint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pactrisk.config.spots import TO_QUOTE
from pactrisk.errors import Kind, Problem

__all__ = ["at_one"]


def at_one(found: Sequence[Problem]) -> list[Problem]:
    """The problems, but for words without quotes of which another says what is wrong with them: that one is told, and
    its hint says that text goes in quotes, where text can stand there.
    """
    slips = [problem for problem in found if problem.kind == Kind.UNQUOTED]
    others = [problem for problem in found if problem.kind != Kind.UNQUOTED]
    if not slips:
        return others
    unfit = {_table(problem) for problem in others if problem.kind == Kind.UNFIT}
    alone = [slip for slip in slips if not any(_is_of(slip, other) for other in others)]
    quoted = [
        replace(other, hint=_quoted(other.hint))
        if _table(other) not in unfit and any(_is_of(slip, other) for slip in slips)
        else other
        for other in others
    ]
    return [*alone, *quoted]


def _is_of(slip: Problem, other: Problem) -> bool:
    """Whether a problem is about the word of a slip, or about what holds it and cannot hold any word."""
    if _line(slip) != _line(other):
        return False
    one, two = (problem.path.replace('"', "") for problem in (slip, other))
    if one == two or slip.path in other.also:
        return True
    return two.startswith(f"{one}.") or (other.kind == Kind.UNFIT and one.startswith(f"{two}."))


def _line(problem: Problem) -> tuple[str, int] | None:
    return problem.place[:2] if problem.place is not None else None


def _table(problem: Problem) -> tuple[object, str]:
    """The line of a problem, and the table that it is in."""
    return _line(problem), problem.path.rpartition(".")[0]


def _quoted(hint: str) -> str:
    if not hint:
        return TO_QUOTE
    return f"{hint} {TO_QUOTE.capitalize()}" if hint.endswith("?") else f"{hint}; {TO_QUOTE}"
