"""Where files are: a bare name is looked for in its folder, and a near miss is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from pactrisk.config.quoting import listed
from pactrisk.errors import InputError, Place, Problem
from pactrisk.spelling import nearest

__all__ = ["Folders", "above", "existing", "scenario_file"]

Folders: TypeAlias = Callable[[str], list[Path]]
"""Where the scenario of a name is looked for."""


def existing(path: Path, folder: str) -> Path:
    """``path``, or the file of that name in ``folder`` where a bare name is given, with or without its ending."""
    bare = path.suffix in ("", ".toml") and path.parent == Path()
    return Path(folder) / f"{path.stem}.toml" if bare and not _is_there(path) else path


def above(folder: Path) -> Path:
    """The folder that ``folder`` lies in, however its path is spelled; paths stay as short as they were given."""
    return folder / ".." if folder.name in ("", "..") else folder.parent


def scenario_file(
    name: str, folders_for: Folders, place: Place, dotted: str, is_config: Callable[[Path], bool]
) -> Path:
    """The scenario file of this name in the first of its folders that has it; a config is none.

    Raises
    ------
    InputError : at ``place``, for the key ``dotted``, where none has.
    """
    there = _there(name, folders_for)
    for file in there:
        if not is_config(file):
            return file
    folders = list(dict.fromkeys((*folders_for(name), *folders_for("any.toml"))))
    files = [file for folder in folders if folder.is_dir() for file in folder.glob("*.toml")]
    known = {file.stem: file.stem if _there(file.stem, folders_for) else file.name for file in files}
    # only of what is told it is asked whether it is a config: that takes reading it
    near = nearest(Path(name).stem, known)
    while near is not None and all(is_config(file) for file in files if file.stem == near):
        del known[near]
        near = nearest(Path(name).stem, known)
    if near is not None:
        hint = f"did you mean {known[near]}?"
    elif files := [file for file in files if file.stem in known and not is_config(file)]:
        where = [str(folder) for folder in folders if any(file.parent == folder for file in files)]
        hint = f"in {', '.join(where)} there are {listed(sorted({known[file.stem] for file in files}))}"
    else:
        hint = f"looked in {', '.join(map(str, folders))}"
    message = f"{there[0]} is a config, not a scenario" if there else f"there is no scenario {name[:60]!r}"
    raise InputError(Problem(dotted, message, hint, place, meant="" if near is None else known[near]))


def _there(name: str, folders_for: Folders) -> list[Path]:
    """The files that a name may stand for."""
    candidates = [candidate for folder in folders_for(name) for candidate in (folder / name, folder / f"{name}.toml")]
    return [candidate for candidate in candidates if candidate.suffix == ".toml" and _is_file(candidate)]


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        # a name that the system cannot hold names nothing
        return False


def _is_file(path: Path) -> bool:
    return _is_there(path) and path.is_file()
