"""From files to a checked study: every problem is found before the first draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pactrisk.config.checking import built, placed, signed_elsewhere, unknown_analyses, unsaid
from pactrisk.config.documents import Document, read
from pactrisk.config.edits import extend, parse_assignment, set_value, set_values
from pactrisk.config.messages import problems as problems_of
from pactrisk.config.whereabouts import existing, scenario_file
from pactrisk.errors import InputError, Place, Problem
from pactrisk.lint import question_faults, question_remarks, remarks, size_faults
from pactrisk.question import Question
from pactrisk.scenario import Scenario, is_number

if TYPE_CHECKING:
    from pactrisk.ensemble import Plan
    from pactrisk.study import Study

__all__ = ["Loaded", "load", "load_scenario", "looks_like_scenario", "read_scenario"]


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
        """What is simulated; the engine is imported only now, so that a check answers at once."""
        from pactrisk.ensemble import Plan

        return Plan(self.question, self.scenario, self.variants)

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


def load(
    path: str | Path, sets: Sequence[str] = (), strict: bool = False, seen: dict[Path, Document] | None = None
) -> Loaded:
    """Read a config, its scenario and its variants.

    Parameters
    ----------
    path : the config file; a bare name is looked for in ``configs/``.
    sets : edits as ``key=value``: keys of the config, else of the scenario and every variant.
    strict : whether a number without a source is a problem.
    seen : documents read already, which are not read again.

    Raises
    ------
    InputError : with every problem found, each with its file and line.
    """
    found: list[Problem] = []
    seen = {} if seen is None else seen
    file = existing(Path(path), "configs")
    document = _filled(_read(file, seen))
    if "agreements" in document.data or "extends" in document.data:
        hint = f"write a config that says scenario = {file.stem!r}, or check it with pactrisk check {file}"
        raise InputError(Problem("", "this is a scenario, not a config", hint, Place(document.name, 1)))
    edits = [parse_assignment(text) for text in sets]
    own = [(key, value) for key, value in edits if key.partition(".")[0] in Question.model_fields]
    world = [(key, value) for key, value in edits if key.partition(".")[0] not in Question.model_fields]
    for key, value in own:
        document = set_value(document, key, value, Place("--set"))
    try:
        question = Question.model_validate(document.data)
    except ValidationError as error:
        found += problems_of(error, document, Question)
        raise InputError(found + _scenario_problems(document, file, world)) from None
    base = _source(question.scenario, file, document, ("scenario",), seen)
    inputs = {f"configs/{file.name}": file.read_bytes(), **base.inputs}
    scenario = built(_edited(base.document, world, found), base.path, inputs, found, strict)
    variants: dict[str, Scenario | None] = {}
    for name, variant in question.variants.items():
        source = (
            base if variant.scenario is None else _source(variant.scenario, file, document, ("variants", name), seen)
        )
        inputs |= source.inputs
        more: list[Problem] = []
        changed = _edited(source.document, world, found)
        leaves = _leaves(variant.set)
        here = ("variants", name, "set")
        changed = set_values(changed, [(".".join(w), x, document.place((*here, *w))) for w, x in leaves], more)
        variants[name] = built(changed, source.path, inputs, more, strict=False)
        found += [_of_variant(name, problem, document) for problem in more]
    if scenario is not None:
        found += placed(question_faults(question, scenario), document)
        found += unknown_analyses(question, document)
        found += signed_elsewhere(scenario, variants, document)
        found += unsaid(question, document) if strict else ()
        if not any(size_faults(question, scenario, ("horizon",))):
            larger = [(name, s) for name, s in variants.items() if s is not None]
            each = [fault for name, s in larger for fault in size_faults(question, s, ("variants", name))]
            found += placed(each, document)
    if found or scenario is None:
        raise InputError(found)
    odd = [*placed(question_remarks(question, scenario), document), *placed(remarks(scenario, question), base.document)]
    odd += [
        Problem(
            f"variants.{name}", "changes nothing: it is the scenario itself", "", document.place(("variants", name))
        )
        for name, variant in variants.items()
        if variant == scenario
    ]
    others = {name: s for name, s in variants.items() if s is not None}
    return Loaded(question, scenario, others, file.stem, inputs, tuple(odd), tuple(sets))


def load_scenario(
    path: str | Path, sets: Sequence[str] = (), strict: bool = False, seen: dict[Path, Document] | None = None
) -> tuple[Scenario, tuple[Problem, ...]]:
    """Read one scenario file; returns it with what is odd about it. Arguments are those of :func:`load`.

    Raises
    ------
    InputError : with every problem found, each with its file and line.
    """
    found: list[Problem] = []
    source = read_scenario(existing(Path(path), "scenarios"), seen)
    document = _edited(source.document, [parse_assignment(text) for text in sets], found)
    scenario = built(document, source.path, {}, found, strict)
    if found or scenario is None:
        raise InputError(found)
    return scenario, tuple(placed(remarks(scenario), document))


def looks_like_scenario(path: str | Path, seen: dict[Path, Document] | None = None) -> bool:
    """Whether a file is a scenario rather than a config; what is read is added to ``seen``.

    Raises
    ------
    InputError : where the file cannot be read.
    """
    file = Path(path)
    if not file.exists() and file.suffix != ".toml":
        file = next((p for p in (existing(file, "configs"), existing(file, "scenarios")) if p.exists()), file)
    data = _read(file, {} if seen is None else seen).data
    return "scenario" not in data and any(word in data for word in ("agreements", "extends", "signed", "drivers"))


def read_scenario(path: Path, seen: dict[Path, Document] | None = None) -> Source:
    """The tables of a scenario file, with those of the baseline that it extends; ``seen`` was read before."""
    seen = {} if seen is None else seen
    document = _filled(_read(path, seen))
    inputs = {f"scenarios/{path.name}": path.read_bytes()}
    baseline = document.data.get("extends")
    if baseline is None:
        return Source(document, path, inputs)
    place = document.place(("extends",))
    if not isinstance(baseline, str):
        raise InputError(Problem("extends", "must be the name of a scenario", "", place))
    parent_path = scenario_file(baseline, [path.parent], place, "extends")
    parent = _read(parent_path, seen)
    if "extends" in parent.data:
        hint = "a baseline stands by itself: extend it, not what extends it"
        raise InputError(Problem("extends", f"{parent.name} itself extends another scenario", hint, place))
    inputs[f"scenarios/{parent_path.name}"] = parent_path.read_bytes()
    return Source(extend(document, parent), path, inputs)


def _read(path: Path, seen: dict[Path, Document]) -> Document:
    if path not in seen:
        seen[path] = read(path)
    return seen[path]


def _scenario_problems(document: Document, file: Path, edits: list[tuple[str, Any]]) -> list[Problem]:
    """Problems of the scenario too, where a config that is wrong elsewhere still names one."""
    found: list[Problem] = []
    name = document.data.get("scenario")
    if isinstance(name, str):
        try:
            source = _source(name, file, document, ("scenario",), {})
            built(_edited(source.document, edits, found), source.path, {}, found, strict=False)
        except InputError as error:
            found += error.problems
    return found


def _source(name: str, config: Path, document: Document, key: tuple[str, ...], seen: dict[Path, Document]) -> Source:
    bare = "/" not in name and not name.endswith(".toml")
    folders = [config.parent.parent / "scenarios", Path("scenarios")] if bare else [config.parent]
    place = document.place((*key, "scenario") if key[0] == "variants" else key)
    return read_scenario(scenario_file(name, folders, place, ".".join(key)), seen)


def _filled(document: Document) -> Document:
    if not document.data:
        hint = "pactrisk new NAME begins a scenario and a config"
        raise InputError(Problem("", "is empty", hint, Place(document.name)))
    return document


def _of_variant(name: str, problem: Problem, config: Document) -> Problem:
    """A problem of a variant: what its edits say stands in the config, under its name."""
    edits = problem.place is not None and problem.place.file == config.name
    return replace(problem, path=f"variants.{name}.set.{problem.path}") if edits else problem


def _edited(document: Document, edits: list[tuple[str, Any]], found: list[Problem]) -> Document:
    return set_values(document, [(key, value, Place("--set")) for key, value in edits], found)


def _leaves(edits: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Edits by path; ``set.drivers.oil.level`` without quotes is a table in a table, and means the same."""
    for key, value in edits.items():
        nested = isinstance(value, dict) and "." not in key and (path or key in Scenario.model_fields)
        if nested and not is_number(value):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value
