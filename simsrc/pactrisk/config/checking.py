"""Is a scenario sound? Types first, then logic, every problem with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pactrisk.config.documents import Document
from pactrisk.config.fields import field_at
from pactrisk.config.histories import with_histories
from pactrisk.config.messages import problems as problems_of
from pactrisk.config.quoting import clean, nearest, shown
from pactrisk.errors import Problem
from pactrisk.lint import Fault, faults, unsourced
from pactrisk.question import Question
from pactrisk.scenario import Scenario, expand

__all__ = ["built", "placed", "signed_elsewhere", "unknown_analyses", "unsaid"]

_STANDS_IN = {"id": "stands_in", "milestones": {"done": {"track": "material", "weight": 1.0, "duration": 1}}}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def built(
    document: Document, path: Path, inputs: dict[str, bytes], found: list[Problem], strict: bool
) -> Scenario | None:
    """The scenario, or None with its problems added to ``found``."""
    document = with_histories(document, path, inputs, found)
    data, origins = expand({key: value for key, value in document.data.items() if key not in ("extends", "remove")})
    inherited = {here: document.place(there) for here, there in origins.items()}
    filled = replace(document, data=data, places={**document.places, **inherited})
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        found += problems_of(error, filled, Scenario)
        found += _further(data, error, filled)
        return None
    found += _quoted_dates(filled)
    found += placed(faults(scenario), filled)
    if strict:
        found += placed(unsourced(scenario), filled)
    return scenario


def _further(data: dict[str, Any], error: ValidationError, document: Document) -> list[Problem]:
    """What the logic finds in the rest of a scenario, once the parts with a wrong key or value are left out.

    Faults that name a part left out may be of our own making, and are not told.
    """
    spoilt = {tuple(problem["loc"][:2]) for problem in error.errors()}
    # a list that is too short only for what is wrong inside it
    spoilt -= {loc for loc in spoilt if len(loc) == 1 and any(len(o) > 1 and o[0] == loc[0] for o in spoilt)}
    if any(len(loc) < 2 for loc in spoilt):
        return []
    rest: dict[str, Any] = {}
    gone: set[str] = set()
    for key, table in data.items():
        out = {place for first, place in spoilt if first == key}
        if isinstance(table, dict):
            rest[key] = {name: value for name, value in table.items() if name not in out}
            gone |= {str(name) for name in out}
        elif isinstance(table, list):
            rest[key] = [value for place, value in enumerate(table) if place not in out]
            ids = (table[place].get("id") for place in out if isinstance(place, int) and isinstance(table[place], dict))
            gone |= {str(id_) for id_ in ids}
        else:
            rest[key] = table
    if not rest.get("agreements"):
        # with none left there is no scenario; what is said of this one is of our own making too
        rest["agreements"] = [_STANDS_IN]
    try:
        scenario = Scenario.model_validate(rest)
    except ValidationError:
        return []
    moved = {key for key, place in spoilt if isinstance(place, int)}
    told = [fault for fault in faults(scenario) if fault.path and fault.path[0] not in moved]
    return placed([f for f in told if not any(re.search(rf"\b{re.escape(g)}\b", f.message) for g in gone)], document)


def _quoted_dates(document: Document) -> list[Problem]:
    """Dates written as text: read as dates they would pass, while a number in quotes does not."""
    return [
        Problem(document.dotted(path), f"must be a date, not {shown(value)}", f"without quotes: {value}", place)
        for path, place in document.places.items()
        if isinstance(value := document.get(path), str) and _DATE.fullmatch(value)
        and (info := field_at(Scenario, path, document.data)) is not None and "date" in str(info.annotation)
    ]  # fmt: skip


def placed(found: Sequence[Fault], document: Document) -> list[Problem]:
    """Faults with their places; names from the file that stand in their words are made inert."""
    return [
        Problem(
            document.dotted(fault.path), clean(fault.message, 400), clean(fault.hint, 400), document.place(fault.path)
        )
        for fault in found
    ]


def unknown_analyses(question: Question, document: Document) -> list[Problem]:
    if not question.analyses:
        return []
    from pactrisk.analyses import registry

    known = list(registry())
    return [
        Problem(
            f"analyses.{place}",
            f"no analysis is called {shown(name)}",
            f"did you mean {near}?" if (near := nearest(name, known)) else f"there are {', '.join(known)}",
            document.place(("analyses", place)),
        )
        for place, name in enumerate(question.analyses)
        if name not in known
    ]


def signed_elsewhere(scenario: Scenario, variants: Mapping[str, Scenario | None], document: Document) -> list[Problem]:
    """Variants share the grid of the scenario: they must begin on the same day."""
    message = f"a variant must be signed on the scenario's day, {scenario.signed}"
    return [
        Problem(f"variants.{name}", message, "", document.place(("variants", name)))
        for name, variant in variants.items()
        if variant is not None and variant.signed != scenario.signed
    ]


def unsaid(question: Question, document: Document) -> list[Problem]:
    """Variants whose own numbers have no source, which a strict check refuses."""
    return [
        Problem(
            f"variants.{name}",
            "the numbers of its edits have no source",
            'add source = "..." to the variant',
            document.place(("variants", name)),
        )
        for name, variant in question.variants.items()
        if not variant.source and _has_number(variant.set)
    ]


def _has_number(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_number, value.values()))
    if isinstance(value, list):
        return any(map(_has_number, value))
    return isinstance(value, int | float) and not isinstance(value, bool)
