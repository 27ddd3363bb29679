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
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from filelock import FileLock, Timeout

from pactrisk.ensemble import Sums
from pactrisk.errors import RunError
from pactrisk.report.archive import from_npz, to_npz

__all__ = ["Kept", "keeping"]

_NAME = "sums"
_EVERY = 0.5
"""Seconds between one keeping and the next."""


class Kept:
    """What is kept of a run: ``done`` blocks with their ``sums``; none at first, or where more than ``most`` are."""

    def __init__(self, file: Path, identity: str, most: int) -> None:
        self._file, self._identity = file, identity
        self.done, self.sums, self.damaged = self._read()
        if self.done > most:
            self.done, self.sums = 0, {}
        self._last = time.monotonic()

    def keep(self, sums: Sums, done: int) -> None:
        """Keep the sums of ``done`` whole blocks, every half second; a disk that refuses loses nothing but this."""
        if time.monotonic() - self._last < _EVERY:
            return
        said = {"done": np.array(done), "whose": np.array(self._identity)}
        body = to_npz({**{f"sums/{name}": np.asarray(value) for name, value in sums.items()}, **said})
        fresh = self._file.with_suffix(".new")
        with contextlib.suppress(OSError):
            with fresh.open("wb") as out:
                out.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(self._file)
        self._last = time.monotonic()

    def _read(self) -> tuple[int, Sums, bool]:
        try:
            digest, _, body = self._file.read_bytes().partition(b"\n")
            if hashlib.sha256(body).hexdigest().encode() != digest:
                return 0, {}, True
            held = from_npz(body)
        except FileNotFoundError:
            return 0, {}, False
        except (OSError, ValueError, KeyError, BadZipFile):
            return 0, {}, True
        if str(held["whose"]) != self._identity:
            return 0, {}, False
        return int(held["done"]), {n.removeprefix("sums/"): x for n, x in held.items() if n.startswith("sums/")}, False


@contextlib.contextmanager
def keeping(target: Path, identity: str, most: int) -> Iterator[Kept]:
    """What is kept for a run of ``most`` whole blocks into ``target``.

    It is gone when the run ends well, and there for the next when it does not.

    Raises
    ------
    RunError : where another run writes into the same folder, or nothing can be written beside it.
    """
    target = target.resolve()
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
    try:
        yield Kept(folder / _NAME, identity, most)
    except BaseException:
        nothing = not (folder / _NAME).exists()
        if nothing:
            shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        for parent in missing if nothing else ():
            with contextlib.suppress(OSError):
                parent.rmdir()
        raise
    shutil.rmtree(folder, ignore_errors=True)
    lock.release()
