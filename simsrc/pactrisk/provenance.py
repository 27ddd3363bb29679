"""What makes the numbers on a machine, in one word to compare it with another."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

__all__ = ["mark"]

_ENGINE = ("numpy", "scipy", "numba")


@cache
def mark() -> str:
    """A word for all that makes the numbers here: the same on two machines only where they make the same bytes.

    It is a digest of every line of the package, an analysis or a driver of one's own included, of the versions of the
    libraries that the engine calls, and of the kind of processor.
    """
    said = hashlib.blake2b(repr((*map(version, _ENGINE), platform.machine())).encode(), digest_size=8)
    root = Path(__file__).parent
    for file in sorted(root.rglob("*.py"), key=lambda f: f.relative_to(root).as_posix()):
        said.update(file.relative_to(root).as_posix().encode() + b"\n" + file.read_bytes())
    return said.hexdigest()
