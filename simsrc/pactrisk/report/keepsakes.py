"""What somebody put into a run's folder beside the files of the run: found there, and taken along to the next."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any

from pactrisk.errors import InputError, Place, Problem, RunError

__all__ = ["MAKER", "manifest_of", "others_in", "refusal", "report_near", "saved", "take_along", "unwritten"]

MAKER = "pactrisk"
_ON_TOP, _WITHIN = (
    ("index.html", "results.json", "manifest.json", "store.npz", "tables.xlsx"),
    ("tables", "figures", "inputs"),
)
"""What a run writes, for folders whose manifest does not list it."""
_SOME = 6
_REMEDIES = {
    errno.ENAMETOOLONG: "; give a shorter --out",
    errno.EFBIG: "; ulimit -f says how large a file may be, another disk may take larger ones",
}
"""What helps where a disk refuses, as far as its reason does not say it."""


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """The manifest of a run's folder; None where it is none."""
    path = folder / "manifest.json"
    try:
        # a pipe would wait for ever
        manifest = json.loads(path.read_text("utf-8")) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return None
    return manifest if isinstance(manifest, dict) and manifest.get("made_by") == MAKER else None


def report_near(path: Path) -> str:
    """Which report was probably meant by a path that is none, as a hint says it: the one that a file is in, or those in
    a folder; empty where there is none.
    """
    if path.is_file():
        return f"did you mean {path.parent}?" if manifest_of(path.parent) is not None else ""
    if not path.is_dir():
        return ""
    found = sorted(str(made) for made in path.iterdir() if manifest_of(made) is not None)
    if len(found) == 1:
        return f"did you mean {found[0]}?"
    more = f" and {len(found) - _SOME} more" if len(found) > _SOME else ""
    return f"reports in it: {', '.join(found[:_SOME])}{more}" if found else ""


def others_in(folder: Path) -> set[str]:
    """Files in a run's folder that no run wrote."""
    listed = (manifest_of(folder) or {}).get("files")
    found = {path.relative_to(folder) for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}
    if isinstance(listed, list):
        return {path.as_posix() for path in found} - set(map(str, listed))
    return {path.as_posix() for path in found if str(path) not in _ON_TOP and path.parts[0] not in _WITHIN}


def take_along(there: Path, here: Path) -> None:
    """Put a file, or the link that it is, into another folder as well.

    Raises :class:`~pactrisk.errors.InputError` where something else is in its place.
    """
    try:
        here.parent.mkdir(parents=True, exist_ok=True)
        # a disk may take names for one that are written in two ways
        taken = os.path.lexists(here)
    except (FileExistsError, NotADirectoryError):
        taken = True
    if taken:
        raise refusal(there, "was written by no run, and this one writes there", "move it away")
    try:
        os.link(there, here, follow_symlinks=False)
    except (OSError, NotImplementedError):
        # not every disk has a file in two folders
        shutil.copy2(there, here, follow_symlinks=False)


def saved(path: Path) -> tuple[int, int] | None:
    """What tells two states of a file apart; None where it is not there."""
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_size, found.st_mtime_ns


def refusal(folder: Path, message: str, hint: str = "name another folder, or empty this one") -> InputError:
    """That nothing is written, and what to do about the file or folder that is in the way."""
    return InputError(Problem(path="", message=message, hint=hint, place=Place(str(folder))))


def unwritten(target: Path, error: OSError) -> RunError:
    """That a folder cannot be written, why, and what helps where that is known."""
    return RunError(f"cannot write {target}: {error.strerror or error}{_REMEDIES.get(error.errno or -1, '')}")
