"""From files to a checked study: every problem is found before the first draw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from operator import and_, eq
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pactrisk.config.checking import at_one, built, odd_in, odd_in_scenario, of_both, of_question
from pactrisk.config.documents import Document, Key, read
from pactrisk.config.edits import extend, leaves_of, parse_assignment, set_values
from pactrisk.config.mending import Unread
from pactrisk.config.quoting import meant, nearest
from pactrisk.config.respelling import respelt_config
from pactrisk.config.salvaging import salvaged
from pactrisk.config.whereabouts import existing, scenario_file
from pactrisk.errors import InputError, Place, Problem
from pactrisk.question import Question
from pactrisk.scenario import Scenario

if TYPE_CHECKING:
    from pactrisk.ensemble import Plan
    from pactrisk.study import Study

__all__ = ["Loaded", "Seen", "load", "load_scenario", "looks_like_scenario", "read_scenario"]

Seen: TypeAlias = dict[Path, Document | InputError]
"""Files by path: what was read of each, or why it could not be."""


@dataclass(frozen=True)
class Loaded:
    """A study with the files it came from.

    ``inputs`` are the exact bytes of every file read, by the path under which a run keeps them;
    ``remarks`` are what is odd but not wrong; ``edits`` the ``--set`` of the command line.
    """

    question: Question
    scenario: Scenario
    variants: dict[str, Scenario]
    name: str
    inputs: dict[str, bytes]
    remarks: tuple[Problem, ...] = ()
    edits: tuple[str, ...] = ()

    @cached_property
    def plan(self) -> Plan:
        """What is simulated, in no file's order; the engine is imported only now, so that a check answers at once."""
        from pactrisk.arranging import Known, arranged, arranged_question
        from pactrisk.ensemble import Plan

        known: Known = {}
        question = arranged_question(self.question)
        variants = {name: arranged(self.variants[name], known) for name in question.variants}
        return Plan(question, arranged(self.scenario, known), variants)

    @property
    def study(self) -> Study:
        """The study, ready to run."""
        from pactrisk.study import Study

        return Study(self.plan, self.name)


@dataclass(frozen=True)
class Source:
    """A scenario's tables with the files they came from."""

    document: Document
    path: Path
    inputs: dict[str, bytes]


def load(path: str | Path, sets: Sequence[str] = (), strict: bool = False, seen: Seen | None = None) -> Loaded:
    """Read a config, its scenario and its variants.

    Parameters
    ----------
    path : the config file; a bare name is looked for in ``configs/``.
    sets : edits as ``key=value``: keys of the config, else of the scenario and every variant.
    strict : whether a number without a source is a problem.
    seen : documents read already, or refused, which are not read again.

    Raises
    ------
    InputError : with every problem found, each with its file and line.
    """
    found: list[Problem] = []
    seen = {} if seen is None else seen
    file = existing(Path(path), "configs")
    document = _filled(_read(file, seen, found))
    if "scenario" not in document.data and ("agreements" in document.data or "extends" in document.data):
        hint = f"write a config that says scenario = {file.stem!r}, or check it with pactrisk check {file}"
        raise InputError((*found, Problem("", "this is a scenario, not a config", hint, Place(document.name, 1))))
    edits = _assigned(sets, found)
    own = [(key, value) for key, value in edits if key.partition(".")[0] in Question.model_fields]
    world = [(key, value) for key, value in edits if key.partition(".")[0] not in Question.model_fields]
    document = _edited(respelt_config(document, found), own, found)
    question, lost = salvaged(Question, document.data, document, found)
    document = lost.document
    base = _source(document.data.get("scenario"), file, document, ("scenario",), seen, found)
    inputs = {f"configs/{file.name}": file.read_bytes()} | ({} if base is None else base.inputs)
    world_of = None if base is None else built(_edited(base.document, world, found), base.path, inputs, found, strict)
    known = set(found)
    variants: dict[str, Scenario] = {}
    for name, variant in question.variants.items() if question is not None else ():
        source, key = base, ("variants", name)
        here = (*key, "set")
        # of a variant of which something is lost no more can be said
        if any(path[:3] in ((*key, "scenario"), here) for path in lost.paths):
            continue
        if variant.scenario is not None:
            source = _source(variant.scenario, file, document, (*key, "scenario"), seen, found)
        if source is None:
            continue
        inputs |= source.inputs
        more: list[Problem] = []
        changed = _edited(source.document, world, found)
        leaves = list(leaves_of(variant.set))
        changed = set_values(changed, [(".".join(w), x, document.place((*here, *w))) for w, x in leaves], more)
        # of a world in which too little can be read its variants tell the same again
        hopeless = source is base and (world_of is None or world_of.scenario is None)
        other = None if hopeless else built(changed, source.path, inputs, more, strict=False, like=world_of)
        edits_here = [(".".join(w), document.place((*here, *w))) for w, _ in leaves]
        fresh = (problem for problem in more if problem not in known)
        found += [_of_variant(name, problem, document, edits_here, source is base) for problem in fresh]
        if other is not None and other.scenario is not None and (source is base or not other.lost.paths):
            variants[name] = other.scenario
    odd: list[Problem] = []
    if question is not None:
        found += of_question(question, lost, document, strict)
        if world_of is not None and world_of.scenario is not None:
            found += of_both(question, lost, world_of, variants, document)
            odd = odd_in(question, lost, world_of, variants, document, found)
    if found or question is None or world_of is None or world_of.scenario is None:
        raise InputError(at_one(found), odd)
    return Loaded(question, world_of.scenario, variants, file.stem, inputs, tuple(odd), tuple(sets))


def load_scenario(
    path: str | Path, sets: Sequence[str] = (), strict: bool = False, seen: Seen | None = None
) -> tuple[Scenario, tuple[Problem, ...]]:
    """Read one scenario file; returns it with what is odd about it. Arguments are those of :func:`load`.

    Raises
    ------
    InputError : with every problem found, each with its file and line.
    """
    found: list[Problem] = []
    try:
        source = read_scenario(existing(Path(path), "scenarios"), {} if seen is None else seen, found)
    except InputError as error:
        raise InputError((*found, *error.problems)) from None
    document = _edited(source.document, _assigned(sets, found), found)
    world = built(document, source.path, {}, found, strict)
    odd = odd_in_scenario(world, found)
    if found or world.scenario is None:
        raise InputError(at_one(found), odd)
    return world.scenario, tuple(odd)


def looks_like_scenario(path: str | Path, seen: Seen | None = None) -> bool:
    """Whether a file is a scenario rather than a config; what is read is added to ``seen``.

    Raises
    ------
    InputError : where the file cannot be read.
    """
    named = [existing(Path(path), folder) for folder in ("configs", "scenarios")]
    file = next((file for file in named if file.exists()), named[0])
    data = _read(file, {} if seen is None else seen, []).data
    if any(nearest(word, ("scenario",)) for word in data):
        return False
    return any(nearest(word, ("agreements", "extends", "signed", "drivers")) for word in data)


def read_scenario(path: Path, seen: Seen, found: list[Problem]) -> Source:
    """The tables of a scenario file, with those of the baseline that it extends; ``seen`` was read before.

    What is wrong, and hinders nobody from reading on, is added to ``found``.
    """
    document = _filled(_read(path, seen, found))
    inputs = {f"scenarios/{path.name}": path.read_bytes()}
    slip = None if "extends" in document.data else next((w for w in document.data if meant(w, ("extends",))), None)
    if slip is not None:
        found.append(
            Problem(document.dotted((slip,)), "is not a key here", "did you mean extends?", document.place((slip,)))
        )
        data = {"extends" if word == slip else word: value for word, value in document.data.items()}
        document = replace(document, data=data)
    baseline = document.data.get("extends")
    if baseline is None:
        return Source(document, path, inputs)
    place = document.place(("extends",))
    if isinstance(baseline, Unread):
        raise InputError(document.slips)
    if not isinstance(baseline, str):
        raise InputError(Problem("extends", "must be the name of a scenario", "", place))
    parent_path = _found(baseline, [path.parent], place, "extends", found)
    parent = _read(parent_path, seen, found)
    if "extends" in parent.data:
        hint = "a baseline stands by itself: extend it, not what extends it"
        raise InputError(Problem("extends", f"{parent.name} itself extends another scenario", hint, place))
    inputs[f"scenarios/{parent_path.name}"] = parent_path.read_bytes()
    return Source(extend(document, parent, found), path, inputs)


def _read(path: Path, seen: Seen, found: list[Problem]) -> Document:
    """The document in a file; the slips of one that could be read nevertheless are added to ``found``, once."""
    if path not in seen:
        try:
            seen[path] = read(path)
        except InputError as error:
            # every variant may ask for it again
            seen[path] = error
    known = seen[path]
    if isinstance(known, InputError):
        raise known
    found += [slip for slip in known.slips if slip not in found]
    return known


def _source(
    name: object, config: Path, document: Document, key: Key, seen: Seen, found: list[Problem]
) -> Source | None:
    """The scenario that the config names under ``key``; None where it cannot be read, with the reason in ``found``."""
    if not isinstance(name, str):
        return None
    bare = "/" not in name and not name.endswith(".toml")
    folders = [config.parent.parent / "scenarios", Path("scenarios")] if bare else [config.parent]
    try:
        return read_scenario(_found(name, folders, document.place(key), document.dotted(key), found), seen, found)
    except InputError as error:
        found += error.problems
        return None


def _found(name: str, folders: list[Path], place: Place, dotted: str, found: list[Problem]) -> Path:
    """The file of a scenario, or of the one that was plainly meant, which is then told as a problem."""
    try:
        return scenario_file(name, folders, place, dotted)
    except InputError as error:
        near = re.fullmatch(r"did you mean (\S+)\?", error.problems[0].hint)
        if near is None or meant(Path(name).stem, [near[1]]) is None:
            raise
        found += error.problems
        return scenario_file(near[1], folders, place, dotted)


def _filled(document: Document) -> Document:
    if not document.data:
        hint = "pactrisk new NAME begins a scenario and a config"
        raise InputError(Problem("", "is empty", hint, Place(document.name)))
    return document


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


def _assigned(sets: Sequence[str], found: list[Problem]) -> list[tuple[str, Any]]:
    """The edits of the command line; what is none is added to ``found``."""
    edits = []
    for text in sets:
        try:
            edits.append(parse_assignment(text))
        except InputError as error:
            found += error.problems
    return edits


def _edited(document: Document, edits: list[tuple[str, Any]], found: list[Problem]) -> Document:
    return set_values(document, [(key, value, Place("--set")) for key, value in edits], found)
