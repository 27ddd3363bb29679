"""Is a scenario sound? Types first, then logic, every problem with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pactrisk.config.documents import Document, Inherited, Key
from pactrisk.config.explaining import unexplained
from pactrisk.config.fields import field_at
from pactrisk.config.histories import with_histories
from pactrisk.config.quoting import clean, shown
from pactrisk.config.removing import still_read, still_required
from pactrisk.config.respelling import respelt
from pactrisk.config.salvaging import Salvage, salvaged
from pactrisk.config.ways import OF_FILES
from pactrisk.errors import Kind, Problem, in_order
from pactrisk.lint import (
    Fault,
    faults,
    question_faults,
    question_remarks,
    remarks,
    rule_faults,
    size_faults,
    unsourced,
)
from pactrisk.lint.yardsticks import measured_from, moved_in, moved_yardstick
from pactrisk.question import Question
from pactrisk.scenario import Scenario, expand
from pactrisk.specs import LATER
from pactrisk.spelling import nearest
from pactrisk.tables import tables

__all__ = ["Built", "built", "odd_in", "odd_in_scenario", "of_both", "of_question"]

_DATE, _LONG = re.compile(r"\d{4}-\d\d-\d\d"), len("2026-02-27")


@dataclass(frozen=True)
class Built:
    """A scenario as far as it could be read, what was lost of it, and the document with its templates filled in."""

    scenario: Scenario | None
    lost: Salvage
    document: Document

    @property
    def known(self) -> Scenario:
        """The scenario, where enough of it could be read."""
        assert self.scenario is not None
        return self.scenario

    @cached_property
    def said(self) -> dict[str, dict[str | int, str]]:
        """Every entry of a table or list, written out: True is 1 to Python, and not to a scenario."""
        found: dict[str, dict[str | int, str]] = {}
        for word, value in self.document.data.items():
            if isinstance(value, dict):
                found[word] = {name: repr(entry) for name, entry in value.items()}
            elif isinstance(value, list):
                found[word] = {place: repr(entry) for place, entry in enumerate(value)}
        return found


def built(
    document: Document,
    path: Path,
    inputs: dict[str, bytes],
    found: list[Problem],
    strict: bool,
    like: Built | None = None,
) -> Built:
    """As much of the scenario as can be read; its problems are added to ``found``.

    What it says in the same words as a scenario that it is ``like`` is taken from there and not read again.
    """
    document = with_histories(respelt(document, found), path, inputs, found)
    data, origins = expand({key: value for key, value in document.data.items() if key not in OF_FILES})
    filled = replace(document, data=data, places=Inherited(document.places, origins))
    told: list[Problem] = []
    scenario, lost = _alike(data, like), Salvage(Scenario, data, filled)
    if scenario is None:
        scenario, lost = salvaged(Scenario, data, filled, told)
    filled = lost.document
    found += still_required(_with_template(told, filled), filled)
    if scenario is not None:
        found += _quoted_dates(filled)
        listed, removed = still_read(lost.cleared(faults(scenario)), filled)
        found += [*removed, *_placed(listed, filled)]
        if strict:
            found += _placed(lost.cleared(unsourced(scenario)), filled)
    return Built(scenario, lost, filled)


def _alike(data: dict[str, Any], like: Built | None) -> Scenario | None:
    """The scenario, with each part that is written as in the other taken from it; None where that cannot be."""
    if like is None or like.scenario is None or like.lost.paths:
        return None
    mixed = dict(data)
    for word, theirs in like.said.items():
        ours, read = data.get(word), getattr(like.scenario, word)
        if isinstance(ours, dict) and isinstance(read, dict):
            mixed[word] = {n: read[n] if n in read and theirs[n] == repr(x) else x for n, x in ours.items()}
        elif isinstance(ours, list) and isinstance(read, tuple) and len(ours) == len(read):
            mixed[word] = [r if theirs[n] == repr(x) else x for n, (x, r) in enumerate(zip(ours, read, strict=True))]
    try:
        return Scenario.model_validate(mixed, context=LATER)
    except ValidationError:
        return None


def _with_template(told: list[Problem], document: Document) -> list[Problem]:
    """Problems but for what an agreement lacks because the template that it names is not there."""
    agreements, templates = document.data.get("agreements"), document.data.get("templates", {})
    if not isinstance(agreements, list) or not isinstance(templates, dict):
        return told
    lacking = tuple(
        f"{document.dotted(('agreements', place))}."
        for place, agreement in enumerate(agreements)
        if isinstance(agreement, dict) and "template" in agreement
        and not (isinstance(name := agreement["template"], str) and isinstance(templates.get(name), dict))
    )  # fmt: skip
    return [problem for problem in told if not (problem.kind == Kind.MISSING and problem.path.startswith(lacking))]


def _quoted_dates(document: Document) -> list[Problem]:
    """Dates written as text: read as dates they would pass, while a number in quotes does not."""
    return [
        Problem(document.dotted(path), f"must be a date, not {shown(value)}", f"without quotes: {value}", place)
        for path, value in _texts(document.data, ()) if _DATE.fullmatch(value)
        and (place := document.places.get(path)) is not None
        and (info := field_at(Scenario, path, document.data)) is not None and "date" in str(info.annotation)
    ]  # fmt: skip


def _texts(value: Any, path: Key) -> Iterator[tuple[Key, str]]:
    """Every text as long as a date, with its path."""
    for word, inner in value.items() if isinstance(value, dict) else enumerate(value):
        sort = type(inner)
        if sort is str and len(inner) == _LONG:
            yield (*path, word), inner
        elif sort in (dict, list):
            yield from _texts(inner, (*path, word))


def _placed(found: Sequence[Fault], document: Document) -> list[Problem]:
    """Faults with their places; names from the file that stand in their words are made inert."""
    told: dict[object, Problem] = {}
    for fault in found:
        place, message = document.place(fault.path), clean(fault.message, 400)
        # what many agreements have from one template is told once
        mark = (place, message, fault.path[-1:]) if fault.path[:1] == ("agreements",) else (fault.path, message)
        dotted, hint = document.dotted(fault.path), clean(fault.hint, 400)
        told.setdefault(mark, Problem(dotted, message, hint, place, fault.sought, fault.meant))
    return list(told.values())


def of_question(question: Question, lost: Salvage, document: Document, strict: bool) -> list[Problem]:
    """What is wrong with a config whatever its scenario."""
    found = _placed(lost.cleared(rule_faults(tables(question))), document)
    return found + _unknown_analyses(question, document) + (_unsaid(question, document) if strict else [])


def of_both(
    question: Question, lost: Salvage, world: Built, variants: Mapping[str, Scenario], document: Document
) -> list[Problem]:
    """What is wrong with a config when it is asked of its scenario and variants."""
    scenario = world.known
    listed = [*question_faults(question, scenario), *_signed_elsewhere(scenario, variants)]
    if not any(size_faults(question, scenario, ("horizon",))):
        listed += [fault for name, s in variants.items() for fault in size_faults(question, s, ("variants", name))]
    return _placed(lost.cleared(world.lost.cleared(listed, own=False)), document)


def odd_in(
    question: Question,
    lost: Salvage,
    world: Built,
    variants: Mapping[str, Scenario],
    document: Document,
    found: Sequence[Problem],
) -> list[Problem]:
    """What is odd about a config, its scenario and its variants; ``found`` is what is wrong with them."""
    scenario = world.known
    # of what is wrong another world was made
    wrong = {problem.path for problem in found}
    sound = {n: s for n, s in variants.items() if not any(path.startswith(f"variants.{n}.") for path in wrong)}
    listed = [] if _wrong(("horizon", "headline", "signed"), found, lost) else question_remarks(question, scenario)
    if not (lost.paths or world.lost.paths or world.lost.corrected):
        message = "changes nothing: it is the scenario itself"
        listed += [Fault(("variants", name), message) for name, other in sound.items() if other == scenario]
        listed += moved_in(scenario, sound)
    odd = _placed(lost.cleared(listed), document)
    endless = _wrong(("horizon", "signed"), found, lost)
    inside = lost.cleared([*remarks(scenario, question, endless, sound.values()), *_moved(world)], own=False)
    return list(in_order((*odd, *_unexplained(inside, world, found))))


def odd_in_scenario(world: Built, found: Sequence[Problem]) -> list[Problem]:
    """What is odd about a scenario that nobody asks anything of."""
    if world.scenario is None:
        return []
    return list(in_order(_unexplained([*remarks(world.scenario), *_moved(world)], world, found)))


def _moved(world: Built) -> Iterator[Fault]:
    """Drivers of which another file than that of an effect that is measured from there, or ``--set``, says where they
    begin.
    """
    scenario, document = world.known, world.document
    for driver, effects in measured_from(scenario).items():
        path: Key = ("drivers", driver, "initial")
        file = document.place(path).file
        apart = [effect for effect in effects if document.place((*effect, "driver")).file != file]
        if apart and document.get(path) is not None:
            yield moved_yardstick(path, driver, apart, scenario)


def _unexplained(listed: Iterable[Fault], world: Built, found: Sequence[Problem]) -> list[Problem]:
    return _placed(unexplained(world.lost.cleared(listed), found), world.document)


def _wrong(words: Collection[str], found: Iterable[Problem], lost: Salvage) -> bool:
    """Whether one of these keys of the config or scenario is not to be counted with."""
    return any(p.path in words for p in found) or any(path[0] in words for path in lost.paths)


def _unknown_analyses(question: Question, document: Document) -> list[Problem]:
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


def _signed_elsewhere(scenario: Scenario, variants: Mapping[str, Scenario]) -> list[Fault]:
    """Variants share the grid of the scenario: they must begin on the same day."""
    message = f"a variant must be signed on the scenario's day, {scenario.signed}"
    elsewhere = [name for name, other in variants.items() if other.signed != scenario.signed]
    return [Fault(("variants", name), message, rests=(("signed",),)) for name in elsewhere]


def _unsaid(question: Question, document: Document) -> list[Problem]:
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
