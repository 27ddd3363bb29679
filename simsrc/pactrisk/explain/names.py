"""What the things of a scenario are called, and what was probably meant by a name that nothing has."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from pactrisk.errors import Problem
from pactrisk.explain.glossary import vocabulary
from pactrisk.explain.specs import kind_of, places
from pactrisk.lint.fault import near
from pactrisk.register import assumptions
from pactrisk.scenario import Scenario
from pactrisk.specs import Spec
from pactrisk.spelling import nearest
from pactrisk.tables import tables

__all__ = ["COLLECTIONS", "paths", "unknown"]

COLLECTIONS = ("drivers", "agreements", "paces", "factors", "frailties", "templates", "quantities", "sources")
_SURELY = 0.75
"""As alike as a word is to what it was meant for, and not to any that chances to look like it."""


def paths(scenario: Scenario, dotted: str) -> Iterator[str]:
    """The paths that a name can stand for: itself, a thing of a collection, a milestone or a state."""
    yield dotted
    yield from (f"{word}.{dotted}" for word in COLLECTIONS)
    first, _, rest = dotted.partition(".")
    for thing in _things(scenario):
        if thing.name == first and rest.partition(".")[0] in thing.members:
            yield f"{thing.collection}.{thing.name}.{thing.inside}.{rest}"
        elif first in thing.members:
            yield f"{thing.collection}.{thing.name}.{thing.inside}.{dotted}"


class _Thing(NamedTuple):
    """An agreement or a driver, and its milestones or states by name."""

    collection: str
    name: str
    spec: Spec
    inside: str
    members: Collection[str]


def _things(scenario: Scenario) -> Iterator[_Thing]:
    yield from (_Thing("agreements", a.id, a, "milestones", a.milestones) for a in scenario.agreements)
    for name, driver in scenario.drivers.items():
        yield _Thing("drivers", name, driver, "states", getattr(driver, "states", {}))


def unknown(model: type[Spec], scenario: Scenario | None, dotted: str) -> Problem:
    """That nothing has this name, with the nearest that something has."""
    parts = dotted.split(".")
    if scenario is not None and len(parts) > 1:
        problem = _in_collection(scenario, dotted, parts) or _in_thing(scenario, dotted, parts)
        if problem is not None:
            return problem
    meant = nearest(dotted, _known(model, scenario), _SURELY)
    if scenario is None and (parts[0] in COLLECTIONS or meant is None):
        hint = f"a name of a scenario needs its file: pactrisk explain {dotted[:100]} --in scenarios/NAME.toml"
    else:
        hint = "pactrisk explain, without a word, lists every word" if meant is None else f"did you mean {meant}?"
    return Problem(dotted[:100], "nothing has this name", hint)


def _in_collection(scenario: Scenario, dotted: str, parts: list[str]) -> Problem | None:
    if parts[0] not in COLLECTIONS:
        return None
    there = scenario.ids if parts[0] == "agreements" else getattr(scenario, parts[0])
    if parts[1] in there:
        return None
    meant = nearest(parts[1], there)
    hint = near(parts[1], there, parts[0]) if meant is None else _corrected(parts, 1, meant)
    return Problem(dotted[:100], f"nothing in {parts[0]} is called {parts[1][:60]!r}", hint)


def _in_thing(scenario: Scenario, dotted: str, parts: list[str]) -> Problem | None:
    """A name behind that of an agreement or a driver which is nothing in it."""
    at = 1 if parts[0] in COLLECTIONS else 0
    for thing in _things(scenario):
        keys = type(thing.spec).model_fields
        if thing.name != parts[at] or len(parts) == at + 1 or parts[at + 1] in (*keys, *thing.members):
            continue
        meant = nearest(parts[at + 1], (*keys, *thing.members), _SURELY)
        there = (thing.members, f"its {thing.inside}") if thing.members else (keys, "its keys")
        hint = near("", *there) if meant is None else _corrected(parts, at + 1, meant)
        return Problem(dotted[:100], f"{thing.name} has nothing that is called {parts[at + 1][:60]!r}", hint)
    return None


def _corrected(parts: list[str], place: int, meant: str) -> str:
    """The whole name with one part put right."""
    return f"did you mean {'.'.join((*parts[:place], meant, *parts[place + 1 :]))[:200]}?"


def _known(model: type[Spec], scenario: Scenario | None) -> set[str]:
    names = {word for place in places(model) for word in (*place.spec.model_fields, kind_of(place.spec)) if word}
    names |= {word for sort in vocabulary().values() for word in sort}
    if scenario is not None:
        written = {table.path for table in tables(scenario) if table.path} | {row.path for row in assumptions(scenario)}
        # what stands in a collection is found without its name
        names |= written | {path.partition(".")[2] for path in written if "." in path} | set(scenario.ids)
        names |= {name for word in COLLECTIONS if word != "agreements" for name in getattr(scenario, word)}
        names |= {member for thing in _things(scenario) for member in thing.members}
    return names
