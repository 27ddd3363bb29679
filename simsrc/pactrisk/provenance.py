"""What makes the numbers on a machine, in one word to compare it with another."""

from __future__ import annotations

import hashlib
import math
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

__all__ = ["installed", "mark", "registers", "rounding"]

_ENGINE = ("numpy", "scipy", "numba")


@cache
def rounding() -> str:
    """A word for the last digits that exponentials, logarithms and powers have here.

    Processors of one kind may differ in them, since NumPy takes the widest registers that there are, and so may C
    libraries, whose functions loops call one by one.
    """
    numbers, said = np.linspace(0.001, 30.0, 3001), hashlib.blake2b(digest_size=4)
    for function in (np.exp, np.exp2, np.expm1, np.log, np.log1p):
        said.update(function(numbers).tobytes())
    said.update(np.float_power(numbers, 1.7).tobytes())
    for one in (math.exp, math.log, math.log1p, lambda x: math.pow(x, 1.7)):
        said.update(np.array([one(x) for x in numbers.tolist()]).tobytes())
    return said.hexdigest()


def registers() -> frozenset[str]:
    """What NumPy takes here of what a processor may have, in its own words."""
    # where there is nothing beyond what every processor of the kind has, NumPy leaves the word out
    return frozenset(np.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", ()))


@cache
def installed() -> str:
    """A word for what is installed here: every line of the package, an analysis or a driver of one's own included, and
    the versions of the libraries that the engine calls.
    """
    said = hashlib.blake2b(repr(tuple(map(version, _ENGINE))).encode(), digest_size=8)
    root = Path(__file__).parent
    for file in sorted(root.rglob("*.py"), key=lambda f: f.relative_to(root).as_posix()):
        said.update(file.relative_to(root).as_posix().encode() + b"\n" + file.read_bytes())
    return said.hexdigest()


def mark() -> str:
    """A word for all that makes the numbers here: the same on two machines only where they make the same bytes.

    It says what is installed, the kind of processor, and the last digits that functions have there.
    """
    return f"{installed()} {platform.machine()} {rounding()}"
