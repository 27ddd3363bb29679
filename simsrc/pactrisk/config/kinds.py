"""Edits that give a driver another kind, whose keys are others: only the driver as a whole can be changed so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from pactrisk.config.documents import Document
from pactrisk.config.fields import choices, field_at, fields_at
from pactrisk.config.quoting import dotted, key
from pactrisk.config.ways import split
from pactrisk.errors import Place, Problem
from pactrisk.scenario import Scenario
from pactrisk.spelling import meant

__all__ = ["Edit", "fitting"]

Edit: TypeAlias = tuple[str, Any, Place]
"""A dotted key, the value it is set to, and where that is written."""

_ANY = ("drivers", "any")


def fitting(document: Document, edits: Iterable[Edit], found: list[Problem]) -> list[Edit]:
    """The edits but for those of a driver that is given another kind, where its keys are left those of the old one.

    That is added to ``found``, for all that is wrong with the driver then follows from it.
    """
    left = list(edits)
    for dotted_key, kind, place in [edit for edit in left if "kind" in edit[0]]:
        path = split(dotted_key) or ()
        driver = document.get(path[:2]) if len(path) == 3 and (path[0], path[2]) == ("drivers", "kind") else None
        if not isinstance(driver, dict) or driver.get("kind") in (kind, None):
            continue
        within = {edit[0]: words for edit in left if (words := split(edit[0]) or ())[:2] == path[:2]}
        whole = any(len(words) == 2 for words in within.values())
        right = meant(kind, choices(field_at(Scenario, _ANY))) if isinstance(kind, str) else None
        if right is None or whole or _fits({*driver, *(words[2] for words in within.values())}, right):
            continue
        message = f"{key(path[1])} would be of kind {right} with the keys of another kind"
        # between quotes, or the tables of a config would be taken for one edit a key
        name = dotted(path[:2]) if place == Place("--set") else f'"{dotted(path[:2])}"'
        hint = f'set it whole: {name} = {{ kind = "{right}", ... }}'
        found.append(Problem(dotted(path), message, hint, place))
        left = [edit for edit in left if edit[0] not in within]
    return left


def _fits(words: set[str], kind: str) -> bool:
    """Whether a driver of this kind may have these keys, and needs no other."""
    known = fields_at(Scenario, _ANY, {"drivers": {"any": {"kind": kind}}})
    return words <= known.keys() and words >= {word for word, info in known.items() if info.is_required()}
