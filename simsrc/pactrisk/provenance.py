"""What makes the numbers on a machine, in one word to compare it with another."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

__all__ = ["mark"]

_ENGINE = ("numpy", "scipy", "numba")


@cache
def mark() -> str:
    """A word for all that makes the numbers here: the same on two machines only where they make the same bytes.

    It is a digest of every line of the package, an analysis or a driver of one's own included, of the versions of the
    libraries that the engine calls, of the kind of processor, and of what NumPy makes of logarithms and exponentials
    there: processors of one kind may differ in the last bit.
    """
    said = hashlib.blake2b(repr((*map(version, _ENGINE), platform.machine())).encode(), digest_size=8)
    numbers = np.linspace(0.001, 30.0, 3001)
    for function in (np.exp, np.expm1, np.log, np.log1p):
        said.update(function(numbers).tobytes())
    root = Path(__file__).parent
    for file in sorted(root.rglob("*.py"), key=lambda f: f.relative_to(root).as_posix()):
        said.update(file.relative_to(root).as_posix().encode() + b"\n" + file.read_bytes())
    return said.hexdigest()
