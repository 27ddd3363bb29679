"""The run's folder: written whole or not at all, and read back to draw again."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import unicodedata
import uuid
import zipfile
import zlib
from collections.abc import Mapping, Set
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from pactrisk.children import Crew
from pactrisk.findings import Page
from pactrisk.findings.naming import is_slug
from pactrisk.report.archive import from_npz, to_json, to_npz
from pactrisk.report.drawing import drawing
from pactrisk.report.html import to_html
from pactrisk.report.keepsakes import MAKER, manifest_of, others_in, refusal, report_near, saved, take_along, unwritten
from pactrisk.report.spreadsheets import to_csv, to_parquet, to_workbook

__all__ = ["absolute", "check_target", "files", "read", "recipe", "recover", "write"]

_SIGNS = frozenset(" ._-+()&',;=!@#$%~[]{}^`")
Store = Mapping[str, np.ndarray[Any, Any]]


def write(
    folder: Path,
    page: Page,
    results: Mapping[str, Any],
    manifest: Mapping[str, Any],
    inputs: Mapping[str, bytes],
    store: Store,
    workers: int = 1,
    crew: Crew | None = None,
) -> Path:
    """Write a run's folder and return its path.

    All is made beside the folder under another name, brought to disk, and put in place by renaming: who
    looks sees the old folder or the new one, never a part. ``inputs`` maps relative paths to exact bytes,
    ``store`` holds what is needed to draw again. The same arguments give the same bytes, in however many processes
    (``workers``, some of them a ``crew`` that is there already) its figures are drawn. What somebody put beside the
    files of an earlier run, such as notes, stays.

    Raises :class:`~pactrisk.errors.InputError` where the folder is none of Pactrisk's, or holds a file of somebody
    else's where this run has one, :class:`~pactrisk.errors.RunError` where the disk refuses; both leave all as it was.
    """
    target = check_target(folder)
    made_of = files(page, results, manifest, inputs, store, workers, crew)
    made = _beside(target)
    try:
        others = {name for name in others_in(target) if not _is(target / name, made_of.get(name))}
        _write_all(made, made_of)
        for name in sorted(others):
            take_along(target / name, made / name)
        _put_in_place(made, target, made_of.keys())
    except OSError as error:
        raise unwritten(target, error) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return target


def absolute(folder: Path) -> Path:
    """The absolute path of ``folder``. Raises :class:`~pactrisk.errors.InputError` where links lead in a circle."""
    # a pathlib that resolves such a link refuses it in some versions of Python only
    found = Path(os.path.realpath(folder))
    if any(map(os.path.islink, (found, *found.parents))):
        raise refusal(folder, "is a link that leads to itself", "name another folder")
    return found


def check_target(folder: Path) -> Path:
    """The absolute path of ``folder``, if a run may be written there: it is not there yet, or is empty, or
    holds an earlier run that may be replaced, and nothing is mounted there. Raises
    :class:`~pactrisk.errors.InputError` otherwise, and :class:`~pactrisk.errors.RunError` where no folder can have that
    name."""
    target = absolute(folder)
    try:
        near = next(parent for parent in (*target.parents, target) if parent.exists())
        # the longest name that it has on the way; when all is simulated it would be late to learn that there is none
        with contextlib.suppress(FileNotFoundError):
            (near / _beside(target).name).lstat()
        if not target.exists():
            return target
    except OSError as error:
        raise unwritten(target, error) from error
    if _stands_in(target):
        # it is put in place by renaming, and who stands in it would be left in the old one
        said = "is" if target.samefile(Path.cwd()) else "holds"
        raise refusal(folder, f"{said} the folder that you are in", "name another folder")
    if not target.is_dir():
        raise refusal(folder, "is a file; a report needs a folder", report_near(folder) or "name a folder")
    if _is_mounted(target):
        hint = f"name a folder inside it, such as {folder / 'report'}"
        raise refusal(folder, "is where a disk or a folder is mounted, and cannot be replaced as a whole", hint)
    if any(target.iterdir()) and not _is_ours(target):
        raise refusal(folder, "holds files that are not a report of Pactrisk")
    for place in (target, *target.rglob("*")):
        # it could be put aside, but not removed
        if place.is_dir() and not place.is_symlink() and not place.stat().st_mode & 0o200:
            within = folder / place.relative_to(target)
            raise refusal(within, "may only be read, and would be replaced", "name another folder, or chmod u+w")
    return target


def _beside(target: Path) -> Path:
    """Where a folder is made before it is put in place."""
    return target.parent / f".{target.name}.{uuid.uuid4().hex}.part"


def _stands_in(target: Path) -> bool:
    """Whether this process stands in the folder; a folder that is gone is nowhere."""
    try:
        return Path.cwd().is_relative_to(target)
    except FileNotFoundError:
        return False


def _is_mounted(target: Path) -> bool:
    """Whether a disk is mounted at an absolute path, or another folder of the same disk, which only Linux tells."""
    if os.path.ismount(target):
        return True
    try:
        mounts = Path("/proc/self/mountinfo").read_bytes()
    except OSError:
        return False
    # blanks in a path are told by their codes
    places = (line.split(b" ")[4].decode("unicode_escape").encode("latin-1") for line in mounts.splitlines())
    return os.fsencode(target) in places


def recover(target: Path) -> None:
    """Tidy up after runs that were killed while they wrote ``target``: the report that was there comes back, if
    its place is empty, and what else they left beside it goes. Only for who alone may write there."""
    left = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{32}}\.(part|old)")
    found = sorted(path for path in target.parent.iterdir() if left.fullmatch(path.name))
    for path in found:
        if path.suffix == ".old" and not target.exists():
            path.rename(target)
        else:
            shutil.rmtree(path, ignore_errors=True)


def read(folder: Path) -> tuple[dict[str, Any], dict[str, bytes], dict[str, np.ndarray[Any, Any]]]:
    """Manifest, inputs and stored arrays of a run's folder: all that is needed to draw it again. Raises
    :class:`~pactrisk.errors.InputError` where it is not one, or one of these is gone or damaged."""
    if not folder.exists():
        raise refusal(folder, "there is no such folder", "pactrisk run CONFIG writes one: reports/<config>")
    if not folder.is_dir():
        raise refusal(folder, "is a file; a report is a folder", report_near(folder))
    if not _is_ours(folder):
        message = "is not a report of Pactrisk: it holds no manifest.json made by it"
        raise refusal(folder, message, report_near(folder))
    stored, root = folder / "store.npz", folder / "inputs"
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        inputs = {
            path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()
        }
        if stored.exists() and not stored.is_file():
            raise refusal(stored, "is no plain file: the report is drawn from it", recipe(folder))
        store = from_npz(stored.read_bytes())
    except FileNotFoundError:
        raise refusal(stored, "is not there: the report is drawn from it", recipe(folder)) from None
    except OSError as error:
        raise refusal(Path(error.filename or folder), f"cannot be read: {error.strerror or error}", "") from error
    except (ValueError, EOFError, KeyError, TypeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise refusal(stored, "is damaged: the sums in it cannot be read", recipe(folder)) from error
    return manifest, inputs, store


def recipe(folder: Path) -> str:
    """How the report in a folder is made anew, as a hint says it."""
    return f"run it again: its recipe is in {folder / 'inputs'}"


def files(
    page: Page,
    results: Mapping[str, Any],
    manifest: Mapping[str, Any],
    inputs: Mapping[str, bytes],
    store: Store,
    workers: int = 1,
    crew: Crew | None = None,
) -> dict[str, bytes]:
    """The files of a run's folder by their paths in it, as :func:`write` writes them."""
    made: dict[str, bytes] = {}
    figures = [figure for finding in page.findings for figure in finding.figures]
    tables = [table for finding in page.findings for table in finding.tables]
    with drawing(figures, workers, crew) as drawings:
        for table in tables:
            made[f"tables/{_slug(table.name)}.csv"] = to_csv(table)
            made[f"tables/{_slug(table.name)}.parquet"] = to_parquet(table)
        made["tables.xlsx"] = to_workbook(tables)
        made["index.html"] = to_html(page, drawings).encode()
        for name, one in drawings.items():
            made[f"figures/{_slug(name)}.svg"] = one.svg
            made[f"figures/{_slug(name)}.png"] = one.png
    made["results.json"] = to_json(results)
    made["store.npz"] = to_npz(store)
    listed = [*made, "manifest.json"]
    for given, content in inputs.items():
        path = f"inputs/{_safe_path(given)}"
        while path in made:
            path += "_"
        made[path] = content
        # what somebody put among the inputs since is none of them
        listed += [path] if given in manifest.get("inputs", inputs) else []
    made["manifest.json"] = to_json({**manifest, "made_by": MAKER, "files": sorted(listed)})
    return made


def _slug(name: str) -> str:
    if not is_slug(name):
        raise ValueError(f"{name!r} cannot name a file")
    return name


def _safe_path(given: str) -> str:
    """A relative path below its folder, whatever was given: nothing climbs, nothing starts at a root."""
    parts = []
    for part in PurePosixPath(given.replace("\\", "/")).parts:
        letters = "".join(c if _stays(c) else "_" for c in part).strip(" .")
        if letters:
            device = re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", letters)
            parts.append(f"_{letters}" if device else letters)
    return "/".join(parts) or "unnamed"


def _stays(char: str) -> bool:
    """Whether a character of a file's name can stand on any system; accents may be characters of their own."""
    return char.isalnum() or char in _SIGNS or unicodedata.category(char).startswith("M")


def _write_all(made: Path, files: Mapping[str, bytes]) -> None:
    made.parent.mkdir(parents=True, exist_ok=True)
    made.mkdir()
    (made / "inputs").mkdir()
    for name, content in files.items():
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    for directory in (*(path for path in made.rglob("*") if path.is_dir()), made):
        _sync_directory(directory)


def _is(path: Path, content: bytes | None) -> bool:
    return content is not None and path.is_file() and path.read_bytes() == content


def _put_in_place(made: Path, target: Path, ours: Set[str]) -> None:
    old = target.parent / f"{made.name.removesuffix('.part')}.old"
    replaced = target.exists()
    try:
        if replaced:
            target.rename(old)
        # what was saved while all else was brought to disk
        for name in sorted(others_in(old) - ours):
            if saved(old / name) != saved(made / name):
                (made / name).unlink(missing_ok=True)
                take_along(old / name, made / name)
        made.rename(target)
        _sync_directory(target.parent)
    except BaseException:
        # who is stopped may be so before or after any of these
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    finally:
        # half removed it must not come back; what has this name goes
        if target.exists() and old.exists():
            old.rename(made)


def _sync_directory(directory: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder to sync it.
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_ours(folder: Path) -> bool:
    return manifest_of(folder) is not None
