"""The variants of a config: its scenario or another, each with some keys set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import and_, eq
from typing import Any

from pactrisk.config.checking import Built, built
from pactrisk.config.documents import Document
from pactrisk.config.edits import Assignment, assigned, leaves_of, set_values
from pactrisk.config.kinds import Edit
from pactrisk.config.percentages import settled
from pactrisk.config.salvaging import Salvage
from pactrisk.config.sources import Files, Source
from pactrisk.config.ways import split
from pactrisk.errors import Place, Problem
from pactrisk.question import Question, Variant
from pactrisk.scenario import Scenario

__all__ = ["Base", "founded", "read_variants"]


@dataclass(frozen=True)
class Base:
    """The scenario that a config names, with what the command line sets in it, and what could be read of that."""

    source: Source
    built: Built


def read_variants(
    question: Question, lost: Salvage, base: Base | None, sets: Sequence[Assignment], files: Files
) -> dict[str, Scenario]:
    """Every variant of a config that could be read whole.

    ``lost`` is what could not be read of the config, ``base`` its scenario, ``sets`` what the command line sets in
    every scenario. Problems that the scenario does not have itself are added to those of the ``files``.
    """
    known, found = set(files.found), {}
    for name, variant in question.variants.items():
        # of a variant of which something is lost no more can be said
        if any(path[:2] == ("variants", name) and path[2:3] in (("scenario",), ("set",)) for path in lost.paths):
            edits = lost.document.get(("variants", name, "set"))
            if base is not None and isinstance(edits, dict):
                edited = set_values(base.source.document, _leaves(name, edits, lost.document), [])
                files.found[:] = settled(files.found, edited, Scenario)
            continue
        scenario = _read(name, variant, lost.document, base, sets, files, known)
        if scenario is not None:
            found[name] = scenario
    return found


def founded(astray: Iterable[Problem], lost: Salvage) -> list[Problem]:
    """Problems of keys that lead nowhere, but for those that lead to what could not be read, which is told itself."""
    return [problem for problem in astray if (way := split(problem.path)) is None or not lost.hides(way)]


def _read(
    name: str,
    variant: Variant,
    config: Document,
    base: Base | None,
    sets: Sequence[Assignment],
    files: Files,
    known: set[Problem],
) -> Scenario | None:
    own, key = variant.scenario is None, ("variants", name)
    if own:
        source = None if base is None else base.source
    else:
        source = files.scenario(variant.scenario, config, (*key, "scenario"))
    if source is None:
        return None
    more: list[Problem] = []
    document = source.document if own else assigned(source.document, sets, files.found)
    edits = _leaves(name, variant.set, config)
    astray: list[Problem] = []
    document = set_values(document, edits, astray)
    like = None if base is None else base.built
    # of a world in which too little can be read its variants tell the same again
    hopeless = own and like is not None and like.scenario is None
    made = None if hopeless else built(document, source.path, files.inputs, more, strict=False, like=like)
    more += [] if made is None else founded(astray, made.lost)
    files.found[:] = settled(files.found, document, Scenario)
    placed = [(path, place) for path, _, place in edits]
    # an edit within a table that is wrong makes other words of what is wrong with it
    told = {(problem.path, problem.place) for problem in known} if own else set()
    fresh = [problem for problem in more if problem not in known and (problem.path, problem.place) not in told]
    files.found.extend(_of_variant(name, problem, config, placed, own) for problem in fresh)
    return None if made is None or (made.lost.paths and not own) else made.scenario


def _leaves(name: str, edits: dict[str, Any], config: Document) -> list[Edit]:
    """The edits of a variant, each with where it is written."""
    key = ("variants", name, "set")
    return [(".".join(words), value, config.place((*key, *words))) for words, value in leaves_of(edits)]


def _of_variant(name: str, problem: Problem, config: Document, edits: list[tuple[str, Place]], edited: bool) -> Problem:
    """A problem of a variant, under its name: what its edits say stands in the config, and so do faults they make.

    ``edits`` are its keys and places. Where it is the scenario ``edited`` and no more, what the scenario lacks is their
    fault; of another scenario, what is about the very key that is set.
    """
    if problem.place is not None and problem.place.file == config.name:
        return replace(problem, path=f"variants.{name}.set.{problem.path}")
    if not edited:
        edits = [edit for edit in edits if edit[0].startswith(problem.path) or problem.path.startswith(edit[0])]
    if not edits:
        return problem
    words = problem.path.split(".")
    _, place = max(edits, key=lambda edit: sum(accumulate(map(eq, edit[0].split("."), words), and_)))
    return replace(problem, path=f"variants.{name}.set.{problem.path}", place=place)
