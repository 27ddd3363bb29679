"""Finished blocks, kept as a run goes, so that one that was stopped goes on from them.

Beside the folder that a run will write stands a hidden one with a lock and one file: the sums so far, how many blocks
are in them, and whose they are, behind a checksum. The file is brought to disk under another name and put in place by
renaming, so it is always whole. Sums are added in the order of the blocks: those of a run that went on are those of
one that never stopped.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from filelock import FileLock, Timeout

from pactrisk.ensemble import Sums
from pactrisk.errors import RunError, Stopped
from pactrisk.report import absolute, recover
from pactrisk.report.archive import from_npz, to_npz

__all__ = ["Kept", "alone", "keeping"]

_NAME = "sums"
_EVERY = 0.5
"""Seconds between one keeping and the next."""


class Kept:
    """What is kept of a run: ``done`` blocks with their ``sums``; none at first, or where more than ``most`` are.

    Where more are, they stay for the longer run that made them, and nothing of this one is kept.
    """

    def __init__(self, file: Path, identity: str, most: int) -> None:
        self._file, self._identity = file, identity
        self.others = 0
        """Blocks that are kept here of a run of other inputs, and are lost to this one."""
        self.done, self.sums, self.damaged = self._read()
        self.longer = self.done if self.done > most else 0
        """Blocks that are kept here of a longer run of the same inputs."""
        if self.longer:
            self.done, self.sums = 0, {}
        self._last = time.monotonic()
        self.asked: Callable[[], int] = lambda: 0
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
        except OSError as error:
            if not self._refused:
                self.note(f"blocks that are done cannot be kept for now: {error.strerror or error}; the run goes on")
            self._refused = True

    def forget(self) -> None:
        """Nothing of this run is kept any more: it has ended well."""
        if not self.longer:
            with contextlib.suppress(IsADirectoryError, PermissionError):
                self._file.unlink(missing_ok=True)

    def _write(self, sums: Sums, done: int) -> None:
        said = {"done": np.array(done), "whose": np.array(self._identity)}
        body = to_npz({**{f"sums/{name}": np.asarray(value) for name, value in sums.items()}, **said})
        fresh = self._file.with_suffix(".new")
        try:
            with fresh.open("wb") as out:
                out.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(self._file)
        except OSError:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise

    def _read(self) -> tuple[int, Sums, bool]:
        try:
            if self._file.exists() and not self._file.is_file():
                # a pipe would wait for ever
                return 0, {}, True
            digest, _, body = self._file.read_bytes().partition(b"\n")
            if hashlib.sha256(body).hexdigest().encode() != digest:
                return 0, {}, True
            held = from_npz(body)
        except FileNotFoundError:
            return 0, {}, False
        except (OSError, ValueError, KeyError, BadZipFile):
            return 0, {}, True
        if str(held["whose"]) != self._identity:
            self.others = int(held["done"])
            return 0, {}, False
        return int(held["done"]), {n.removeprefix("sums/"): x for n, x in held.items() if n.startswith("sums/")}, False


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
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise RunError(f"another run is writing {target}: wait for it, or give --out") from None
    except OSError as error:
        raise RunError(f"cannot write {target}: {error.strerror or error}") from error
    except NotImplementedError:
        raise RunError(f"cannot write {target}: no file can be locked there; give another --out") from None
    try:
        recover(target)
        yield folder
    finally:
        nothing = not (folder / _NAME).exists()
        if nothing:
            shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        for parent in missing if nothing else ():
            with contextlib.suppress(OSError):
                parent.rmdir()


@contextlib.contextmanager
def keeping(target: Path, identity: str, most: int) -> Iterator[Kept]:
    """What is kept for a run of ``most`` whole blocks into ``target``, with nobody else writing there.

    It stays for the next run until it is forgotten.

    Raises
    ------
    RunError : where another run writes into the same folder, or nothing can be written beside it.
    """
    with alone(target) as folder:
        yield Kept(folder / _NAME, identity, most)
