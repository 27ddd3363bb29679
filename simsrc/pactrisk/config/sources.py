"""Scenario files: found by their names, read once, each with the baseline that it extends."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from pactrisk.config.documents import Document, Key, read
from pactrisk.config.edits import extend
from pactrisk.config.respelling import listed, respelt
from pactrisk.config.unread import Unread
from pactrisk.config.whereabouts import Folders, above, scenario_file
from pactrisk.errors import InputError, Place, Problem
from pactrisk.scenario import Scenario
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
            folders = _folders(self.config)
            path = _found(name, folders, document.place(key), document.dotted(key), self.found, self.seen)
            source = read_scenario(path, self.seen, self.found)
        except InputError as error:
            self.found.extend(error.problems)
            return None
        self.inputs.update(source.inputs)
        return source


def _folders(config: Path) -> Folders:
    """Where the scenario of a config is looked for: by path or with its ending beside it, else among scenarios."""

    def folders_for(name: str) -> list[Path]:
        beside, among = [config.parent], [above(config.parent) / "scenarios", Path("scenarios")]
        return beside if "/" in name else [*beside, *among] if name.endswith(".toml") else among

    return folders_for


def _word_of_config(document: Document) -> str | None:
    """The word by which a config names its scenario; None in what is no config."""
    if "agreements" in document.data or "extends" in document.data:
        return None
    return next((word for word in document.data if nearest(word, ("scenario",))), None)


def _is_config(path: Path, seen: Seen) -> bool:
    with suppress(InputError):
        return _word_of_config(read_once(path, seen, [])) is not None
    return False


def _refuse_config(document: Document, path: Path, seen: Seen) -> None:
    """A config is no scenario: one sentence, and the file of the scenario that it names."""
    word = _word_of_config(document)
    if word is None:
        return
    place, name = document.place((word,)), document.data[word]
    hint = "give the scenario that it names"
    if isinstance(name, str):
        with suppress(InputError):
            file = scenario_file(name, _folders(path), place, word, partial(_is_config, seen=seen))
            hint = f"give its scenario: {file}"
    raise InputError(Problem("", "this is a config, not a scenario", hint, Place(document.name, 1)))


def read_scenario(path: Path, seen: Seen, found: list[Problem]) -> Source:
    """The tables of a scenario file, with those of the baseline that it extends; ``seen`` was read before.

    What is wrong, and hinders nobody from reading on, is added to ``found``.

    Raises
    ------
    InputError : where a file cannot be read, or is a config.
    """
    document = listed(filled(read_once(path, seen, found)), found)
    _refuse_config(document, path, seen)
    inputs = {f"scenarios/{path.name}": path.read_bytes()}
    odd = () if "extends" in document.data else document.data.keys() - Scenario.model_fields.keys()
    slip = next((word for word in sorted(odd) if meant(word, ("extends",))), None)
    if slip is not None:
        found.append(
            Problem(document.dotted((slip,)), "is not a key here", "did you mean extends?", document.place((slip,)))
        )
        data = {"extends" if word == slip else word: value for word, value in document.data.items()}
        document = replace(document, data=data)
    baseline = document.data.get("extends")
    if baseline is None:
        document = respelt(document, found)
        if "remove" in document.data:
            hint = 'say what it extends, as in extends = "baseline", or take this out'
            place = document.place(("remove",))
            found.append(Problem("remove", "takes nothing away: this scenario extends no other", hint, place))
        return Source(document, path, inputs)
    place = document.place(("extends",))
    if isinstance(baseline, Unread):
        raise InputError(document.slips)
    if not isinstance(baseline, str):
        raise InputError(Problem("extends", "must be the name of a scenario", "", place))
    parent_path = _found(baseline, lambda _: [path.parent], place, "extends", found, seen)
    parent = listed(read_once(parent_path, seen, found), found)
    if "extends" in parent.data:
        hint = "a baseline stands by itself: extend it, not what extends it"
        raise InputError(Problem("extends", f"{parent.name} itself extends another scenario", hint, place))
    inputs[f"scenarios/{parent_path.name}"] = parent_path.read_bytes()
    return Source(respelt(extend(document, parent, found), found), path, inputs)


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


def _found(name: str, folders: Folders, place: Place, dotted: str, found: list[Problem], seen: Seen) -> Path:
    """The file of a scenario, or of the one that was plainly meant, which is then told as a problem."""
    is_config = partial(_is_config, seen=seen)
    try:
        return scenario_file(name, folders, place, dotted, is_config)
    except InputError as error:
        near = error.problems[0].meant
        if not near or meant(Path(name).stem, [Path(near).stem]) is None:
            raise
        found += error.problems
        return scenario_file(near, folders, place, dotted, is_config)
