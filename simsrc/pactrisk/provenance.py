"""What a run is made with: versions, platform and source, as far as they can move a last digit."""

from __future__ import annotations

import hashlib
import platform
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pactrisk import __version__

__all__ = ["library_versions", "made_with", "mark"]

_LIBRARIES = ("numpy", "scipy", "pandas", "matplotlib", "pydantic")
_ENGINE = ("numpy", "scipy", "numba")


def library_versions(names: tuple[str, ...] = _LIBRARIES) -> dict[str, str]:
    """Versions of libraries, ``unknown`` where one is not installed."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def made_with() -> dict[str, str]:
    """Versions and platform by name."""
    return {"pactrisk": __version__, **library_versions(), "platform": f"{sys.platform} {platform.machine()}"}


@cache
def mark() -> str:
    """A word for all that makes the numbers here: the same on two machines only where they make the same bytes.

    It is a digest of every line of the package, an analysis or a driver of one's own included, of the libraries that
    the engine calls, and of the kind of processor.
    """
    said = hashlib.blake2b(repr((library_versions(_ENGINE), platform.machine())).encode(), digest_size=8)
    root = Path(__file__).parent
    for file in sorted(root.rglob("*.py"), key=lambda f: f.relative_to(root).as_posix()):
        said.update(file.relative_to(root).as_posix().encode() + b"\n" + file.read_bytes())
    return said.hexdigest()
