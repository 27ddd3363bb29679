"""Finished blocks, kept as a run goes, so that one that was stopped goes on from them.

Beside the folder that a run will write stands a hidden one with a lock and, for each run of which something is kept,
two files that are written by turns: the sums so far, how many blocks are in them, and whose they are, behind a
checksum. A file is brought to disk under another name and put in place by renaming, so it is always whole; where one
is damaged later, the other is gone on from. Sums are added in the order of the blocks: those of a run that went on are
those of one that never stopped.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from filelock import FileLock, Timeout

from pactrisk.ensemble import Sums
from pactrisk.errors import Asked, RunError, Stopped, unasked
from pactrisk.report import absolute, recover, unwritten
from pactrisk.report.archive import from_npz, to_npz

__all__ = ["RUNS_KEPT", "Kept", "alone", "keeping"]

_EVERY = 0.5
"""Seconds between one keeping and the next."""
_TURNS = 20
"""How often a folder is tried for that another run may be taking away."""
RUNS_KEPT = 3
"""Runs of which something is kept beside one folder, at most."""


class Kept:
    """What is kept of a run: ``done`` blocks with their ``sums``; none at first, or where more than ``most`` are.

    Where more are, they stay for the longer run that made them, and nothing of this one is kept. What is kept of other
    runs stays too, but for those that were stopped longest ago where with this one they would be too many.
    """

    def __init__(self, folder: Path, identity: str, most: int) -> None:
        self._fresh, self._identity = folder / "new", identity
        self._files = [folder / f"{identity}.{turn}" for turn in "01"]
        runs = [files for whose, files in _kept_in(folder).items() if whose != identity]
        staying, leaving = runs[: RUNS_KEPT - 1], runs[RUNS_KEPT - 1 :]
        self.others = sum(map(_blocks_in, staying))
        """Blocks that are kept here of runs of other inputs, and stay for them."""
        self.leaving = sum(map(_blocks_in, leaving))
        """Blocks that are kept here of runs stopped before those, and are given up once this one keeps some."""
        self._given_up = [file for files in leaving for file in files]
        there = [file for file in self._files if os.path.lexists(file)]
        whole = {file: held for file in there if (held := _read(file)) is not None and held[0] == identity}
        self.damaged = len(whole) < len(there)
        """Whether some of what is kept of this run cannot be read."""
        self._newest = max(whole, key=lambda file: whole[file][1], default=None)
        _, self.done, self.sums = (identity, 0, {}) if self._newest is None else whole[self._newest]
        self.longer = self.done if self.done > most else 0
        """Blocks that are kept here of a longer run of the same inputs."""
        if self.longer:
            self.done, self.sums = 0, {}
        self._last = time.monotonic()
        self.asked: Asked = unasked
        """The number of the signal that asked the run to stop; 0 while none did."""
        self.note: Callable[[str], None] = lambda said: None  # noqa: ARG005
        """Called with what a person should know while the run goes on."""
        self.held, self._refused = self.done, False

    def keep(self, sums: Sums, done: int) -> None:
        """Keep the sums of ``done`` whole blocks, every half second; where the disk refuses, the run goes on without.

        Raises
        ------
        Stopped : where a signal asked for it, after what is done is kept.
        """
        number = self.asked()
        # a clock that was set back must not hold it up
        if number == 0 and 0 <= time.monotonic() - self._last < _EVERY:
            return
        self.hold(sums, done)
        self._last = time.monotonic()
        if number:
            raise Stopped(number, self.held)

    def hold(self, sums: Sums, done: int) -> None:
        """Keep the sums of ``done`` whole blocks now; where the disk refuses, what was kept before stays."""
        try:
            if not self.longer:
                self._write(sums, done)
                self.held = done
                _drop(self._given_up)
        except OSError as error:
            if not self._refused:
                self.note(f"blocks that are done cannot be kept for now: {error.strerror or error}; the run goes on")
            self._refused = True

    def forget(self) -> None:
        """Nothing of this run is kept any more: it has ended well."""
        if not self.longer:
            _drop(self._files)

    def _write(self, sums: Sums, done: int) -> None:
        said = {"done": np.array(done), "whose": np.array(self._identity)}
        body = to_npz({**{f"sums/{name}": np.asarray(value) for name, value in sums.items()}, **said})
        # what was written last is whole until this is
        turn = next(file for file in self._files if file != self._newest)
        try:
            with self._fresh.open("wb") as out:
                out.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
                out.flush()
                os.fsync(out.fileno())
            self._fresh.replace(turn)
        except OSError:
            with contextlib.suppress(OSError):
                self._fresh.unlink(missing_ok=True)
            raise
        self._newest = turn


def _kept_in(folder: Path) -> dict[str, list[Path]]:
    """The files in a folder by the run that they are kept of, what was written last first."""
    # earlier versions kept one run, in one file
    found = [*folder.glob("*.[01]"), *folder.glob("sums")]
    runs: dict[str, list[Path]] = {}
    for file in sorted(found, key=lambda file: file.lstat().st_mtime_ns, reverse=True):
        runs.setdefault(file.stem, []).append(file)
    return runs


def _blocks_in(files: Sequence[Path]) -> int:
    """The blocks that are kept of a run in its files; 0 where all are damaged."""
    return max((held[1] for file in files if (held := _read(file)) is not None), default=0)


def _read(file: Path) -> tuple[str, int, Sums] | None:
    """Whose blocks a file keeps, how many, and their sums; None where it is damaged."""
    try:
        # a pipe would wait for ever
        digest, _, body = file.read_bytes().partition(b"\n") if file.is_file() else (b"", b"", b"")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        held = from_npz(body)
        whose, done = str(held["whose"]), int(held["done"])
    except (OSError, EOFError, TypeError, ValueError, KeyError, BadZipFile):
        return None
    return whose, done, {name.removeprefix("sums/"): sum_ for name, sum_ in held.items() if name.startswith("sums/")}


def _drop(files: Sequence[Path]) -> None:
    """Files that nobody needs any more go; what is no file, or cannot be removed, stays."""
    for file in files:
        with contextlib.suppress(IsADirectoryError, PermissionError):
            file.unlink(missing_ok=True)


def _locked(folder: Path) -> FileLock:
    lock = FileLock(folder / "lock", timeout=0)
    for turn in range(_TURNS):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
            break
        except (FileNotFoundError, FileExistsError):
            # a run that ends takes the folder with it
            if turn == _TURNS - 1:
                raise
    return lock


@contextlib.contextmanager
def alone(target: Path) -> Iterator[Path]:
    """Nobody else writes ``target`` meanwhile; what runs that were killed left beside it is tidied up.

    Yields the hidden folder beside it, which goes again where nothing is kept in it.

    Raises
    ------
    RunError : where another run writes into the same folder, or nothing can be written beside it.
    """
    target = absolute(target)
    folder = target.parent / f".{target.name}.blocks"
    missing = [parent for parent in target.parents if not parent.exists()]
    try:
        lock = _locked(folder)
    except Timeout:
        raise RunError(f"another run is writing {target}: wait for it, or give --out") from None
    except FileExistsError as error:
        hint = "blocks are kept in a folder of that name; move it away"
        raise RunError(f"cannot write {target}: {error.filename} is in the way; {hint}") from error
    except OSError as error:
        raise unwritten(target, error) from error
    except NotImplementedError:
        raise RunError(f"cannot write {target}: no file can be locked there; give another --out") from None
    try:
        recover(target)
        yield folder
    finally:
        nothing = not _kept_in(folder)
        if nothing:
            shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        for parent in missing if nothing else ():
            with contextlib.suppress(OSError):
                parent.rmdir()


@contextlib.contextmanager
def keeping(target: Path, identity: str, most: int) -> Iterator[Kept]:
    """What is kept for a run of ``most`` whole blocks into ``target``, with nobody else writing there.

    It stays for this run, whatever others are made meanwhile, until it is forgotten.

    Raises
    ------
    RunError : where another run writes into the same folder, or nothing can be written beside it.
    """
    with alone(target) as folder:
        yield Kept(folder, identity, most)
