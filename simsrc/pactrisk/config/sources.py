"""Scenario files: found by their names, read once, each with the baseline that it extends."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from pactrisk.config.documents import Document, Key, read
from pactrisk.config.edits import extend
from pactrisk.config.mending import Unread
from pactrisk.config.whereabouts import above, scenario_file
from pactrisk.errors import InputError, Place, Problem
from pactrisk.spelling import meant, nearest

__all__ = ["Files", "Seen", "Source", "filled", "read_once", "read_scenario"]

Seen: TypeAlias = dict[Path, Document | InputError]
"""Files by path: what was read of each, or why it could not be."""


@dataclass(frozen=True)
class Source:
    """A scenario's tables with the files they came from."""

    document: Document
    path: Path
    inputs: dict[str, bytes]


@dataclass(frozen=True)
class Files:
    """The files of the study that a ``config`` describes.

    ``seen`` was read before, ``inputs`` are the bytes of every file by the path under which a run keeps them, and what
    is wrong is added to ``found``.
    """

    config: Path
    seen: Seen
    inputs: dict[str, bytes]
    found: list[Problem]

    def scenario(self, name: object, document: Document, key: Key) -> Source | None:
        """The scenario that the config's ``document`` names under ``key``; None where it cannot be read."""
        if not isinstance(name, str):
            return None
        try:
            path = _found(name, _folders(name, self.config), document.place(key), document.dotted(key), self.found)
            source = read_scenario(path, self.seen, self.found)
        except InputError as error:
            self.found.extend(error.problems)
            return None
        self.inputs.update(source.inputs)
        return source


def _folders(name: str, config: Path) -> list[Path]:
    """Where a scenario that a config names is looked for: by path beside the config, else among scenarios."""
    bare = "/" not in name and not name.endswith(".toml")
    return [above(config.parent) / "scenarios", Path("scenarios")] if bare else [config.parent]


def _refuse_config(document: Document, path: Path) -> None:
    """A config is no scenario: one sentence, and the file of the scenario that it names."""
    word = next((word for word in document.data if nearest(word, ("scenario",))), None)
    if word is None or "agreements" in document.data or "extends" in document.data:
        return
    place, name = document.place((word,)), document.data[word]
    hint = "give the scenario that it names"
    if isinstance(name, str):
        with suppress(InputError):
            hint = f"give its scenario: {scenario_file(name, _folders(name, path), place, word)}"
    raise InputError(Problem("", "this is a config, not a scenario", hint, Place(document.name, 1)))


def read_scenario(path: Path, seen: Seen, found: list[Problem]) -> Source:
    """The tables of a scenario file, with those of the baseline that it extends; ``seen`` was read before.

    What is wrong, and hinders nobody from reading on, is added to ``found``.

    Raises
    ------
    InputError : where a file cannot be read, or is a config.
    """
    document = filled(read_once(path, seen, found))
    _refuse_config(document, path)
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
    parent = read_once(parent_path, seen, found)
    if "extends" in parent.data:
        hint = "a baseline stands by itself: extend it, not what extends it"
        raise InputError(Problem("extends", f"{parent.name} itself extends another scenario", hint, place))
    inputs[f"scenarios/{parent_path.name}"] = parent_path.read_bytes()
    return Source(extend(document, parent, found), path, inputs)


def read_once(path: Path, seen: Seen, found: list[Problem]) -> Document:
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


def filled(document: Document) -> Document:
    """The document, which must not be empty."""
    if not document.data:
        hint = "pactrisk new NAME begins a scenario and a config"
        raise InputError(Problem("", "is empty", hint, Place(document.name)))
    return document


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
