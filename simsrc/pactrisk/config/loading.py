"""From files to a checked study: every problem is found before the first draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pactrisk.config.checking import built, odd_in, odd_in_scenario, of_both, of_question
from pactrisk.config.edits import Option, assigned, assignments, of_options, optioned, several
from pactrisk.config.percentages import settled
from pactrisk.config.respelling import respelt_config
from pactrisk.config.salvaging import salvaged
from pactrisk.config.sources import Files, Seen, filled, read_once, read_scenario
from pactrisk.config.unquoted import at_one
from pactrisk.config.variants import Base, founded, read_variants
from pactrisk.config.whereabouts import existing
from pactrisk.errors import InputError, Place, Problem
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.spelling import nearest

if TYPE_CHECKING:
    from pactrisk.ensemble import Plan
    from pactrisk.study import Study

__all__ = ["Loaded", "load", "load_scenario", "looks_like_scenario"]


@dataclass(frozen=True)
class Loaded:
    """A study with the files it came from.

    ``inputs`` are the exact bytes of every file read, by the path under which a run keeps them;
    ``remarks`` are what is odd but not wrong; ``edits`` what the command line or the caller gave, as ``--set``
    takes it.
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
        from pactrisk.titles import question_told_apart, told_apart

        known: Known = {}
        question = arranged_question(self.question)
        worlds = [self.scenario, *(self.variants[name] for name in question.variants)]
        scenario, *others = told_apart([arranged(world, known) for world in worlds])
        return Plan(question_told_apart(question), scenario, dict(zip(question.variants, others, strict=True)))

    @property
    def study(self) -> Study:
        """The study, ready to run."""
        from pactrisk.study import Study

        return Study(self.plan, self.name)


def load(
    path: str | Path,
    sets: str | Sequence[str] = (),
    strict: bool = False,
    seen: Seen | None = None,
    options: Sequence[Option] = (),
) -> Loaded:
    """Read a config, its scenario and its variants.

    Parameters
    ----------
    path : the config file; a bare name is looked for in ``configs/``.
    sets : edits as ``key=value``: keys of the config, else of the scenario and every variant; a text is one edit.
    strict : whether a number without a source is a problem.
    seen : documents read already, or refused, which are not read again.
    options : keys of the config that are given beside ``sets``.

    Raises
    ------
    InputError : with every problem found, each with its file and line.
    """
    found: list[Problem] = []
    seen = {} if seen is None else seen
    file = existing(Path(path), "configs")
    document = filled(read_once(file, seen, found))
    if "scenario" not in document.data and ("agreements" in document.data or "extends" in document.data):
        hint = f"write a config that says scenario = {file.stem!r}, or check it with pactrisk check {file}"
        raise InputError((*found, Problem("", "this is a scenario, not a config", hint, Place(document.name, 1))))
    sets = several(sets)
    edits = assignments(sets, found)
    own = [(key, value) for key, value in edits if key.partition(".")[0] in Question.model_fields]
    others = [(key, value) for key, value in edits if key.partition(".")[0] not in Question.model_fields]
    document = optioned(respelt_config(document, found), own, options, found)
    question, lost = salvaged(Question, document.data, document, found)
    document = lost.document
    files = Files(file, seen, {f"configs/{file.name}": file.read_bytes()}, found)
    source, base = files.scenario(document.data.get("scenario"), document, ("scenario",)), None
    if source is not None:
        astray: list[Problem] = []
        source = replace(source, document=assigned(source.document, others, astray))
        base = Base(source, built(source.document, source.path, files.inputs, found, strict))
        found += founded(astray, base.built.lost)
    variants = {} if question is None else read_variants(question, lost, base, others, files)
    world = None if base is None or base.built.scenario is None else base.built
    odd: list[Problem] = []
    if question is not None:
        found += of_question(question, lost, document, strict)
        if world is not None:
            found += of_both(question, lost, world, variants, document)
            odd = odd_in(question, lost, world, variants, document, found)
    found = settled(found, document, Question)
    found = found if base is None else settled(found, base.built.document, Scenario)
    # whoever gives an option expects something of it
    given = {Place(option.written) for option in options}
    found += [remark for remark in odd if remark.place in given]
    odd = [remark for remark in odd if remark.place not in given]
    if found or question is None or world is None:
        raise InputError(of_options(at_one(found), options), odd)
    said = (*sets, *map(str, options))
    return Loaded(question, world.known, variants, file.stem, files.inputs, tuple(odd), said)


def load_scenario(
    path: str | Path, sets: str | Sequence[str] = (), strict: bool = False, seen: Seen | None = None
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
    astray: list[Problem] = []
    document = assigned(source.document, assignments(several(sets), found), astray)
    world = built(document, source.path, {}, found, strict)
    found += founded(astray, world.lost)
    odd = odd_in_scenario(world, found)
    if found or world.scenario is None:
        raise InputError(at_one(settled(found, world.document, Scenario)), odd)
    return world.scenario, tuple(odd)


def looks_like_scenario(path: str | Path, seen: Seen | None = None) -> bool:
    """Whether a file is a scenario rather than a config; what is read is added to ``seen``.

    Raises
    ------
    InputError : where the file cannot be read.
    """
    named = [existing(Path(path), folder) for folder in ("configs", "scenarios")]
    file = next((file for file in named if file.exists()), named[0])
    data = read_once(file, {} if seen is None else seen, []).data
    if "scenario" in data or any(nearest(word, ("scenario",)) for word in data):
        return False
    return any(nearest(word, ("agreements", "extends", "signed", "drivers")) for word in data)
