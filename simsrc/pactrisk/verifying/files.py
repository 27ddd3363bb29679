"""The files of a folder, held to those that are drawn here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pactrisk.verifying.contents import READABLE, Measure, contents_apart

__all__ = ["STRANGE", "Compared", "files_apart", "gone_from", "in_the_way", "inputs_apart", "names_apart"]

_LEFT_BY_VIEWERS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What systems leave in a folder that somebody looks into."""
STRANGE = "is no file of this run"
"""What is said of a file that no run wrote."""
_GIVEN_BY = {"index.html": "the sums and manifest.json", "manifest.json": "the inputs"}


def names_apart(folder: Path, ours: Iterable[str], top: bool) -> list[str]:
    """Files that no run writes, or that are none (a pipe, a link that leads nowhere); only those on ``top`` where
    others may go by other names.
    """
    found, names = _files_in(folder), set(ours)
    there = {name for name in found if not name.startswith("inputs/") and Path(name).name not in _LEFT_BY_VIEWERS}
    told = dict.fromkeys(there - names, STRANGE)
    odd = {name for name in found - told.keys() if not (folder / name).is_file()}
    told |= {name: "is no plain file" if name in names else STRANGE for name in odd}
    return [f"{name}: {said}" for name, said in sorted(told.items()) if not (top and "/" in name)]


def gone_from(folder: Path, ours: Iterable[str], top: bool) -> list[str]:
    """Those of our files that are not there, as in a copy that leaves some out; ``top`` as above."""
    return sorted(name for name in set(ours) - _files_in(folder) if not (top and "/" in name))


def in_the_way(folder: Path, ours: Iterable[str]) -> list[str]:
    """Files that no run writes where one of ``ours`` has a folder, or within what is one of its files."""
    names = set(ours)
    return sorted(
        name
        for name in _files_in(folder) - names
        if any(one.startswith(f"{name}/") or name.startswith(f"{one}/") for one in names)
    )


def _files_in(folder: Path) -> set[str]:
    """Names of all in a folder that are no folders."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


@dataclass(frozen=True)
class Compared:
    """Files that are there: those that are the same to the last ``byte``, those that are the same in what they say,
    those that could not be compared, and what others say otherwise."""

    byte: list[str] = field(default_factory=list)
    word: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def files_apart(folder: Path, ours: Mapping[str, bytes], measure: Measure, drawn: bool) -> Compared:
    """The files of a folder compared with ``ours`` of these names: to the byte where they were ``drawn`` as here."""
    found = Compared()
    for name, content in sorted(ours.items()):
        path, by = folder / name, _GIVEN_BY.get(name, "the sums")
        if not path.is_file():
            continue
        there = path.read_bytes()
        read = there != content and name.endswith(READABLE)
        lines = contents_apart(name, there, content, by, measure) if read else []
        if there == content:
            found.byte.append(name)
        elif lines and name.endswith(".json"):
            found.told.extend(f"{name}: {line}" for line in lines)
        elif lines or drawn:
            found.told.append(f"{name}: is not what {by} give")
        else:
            # what the store holds was compared array by array
            (found.word if read or name == "store.npz" else found.unread).append(name)
    return found


def inputs_apart(inputs: Mapping[str, bytes], record: Mapping[str, Any], changed: Sequence[str]) -> list[str]:
    """Inputs that were changed since the run, and files beside them that it never read."""
    read = set(record["inputs"].values())
    others = [name for name, content in inputs.items() if hashlib.sha256(content).hexdigest() not in read]
    strange = [name for name in others if name not in changed and Path(name).name not in _LEFT_BY_VIEWERS]
    return [
        *(f"inputs/{name}: {STRANGE}" for name in strange),
        *(f"inputs/{name}: was changed since the run" for name in changed),
    ]
