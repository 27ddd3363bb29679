"""A processor of the same kind with narrower registers than this one has, as far as NumPy can tell."""

from __future__ import annotations

import os

import pytest

from pactrisk.provenance import registers

__all__ = ["LEFT_OUT", "narrower", "wide"]

LEFT_OUT = " ".join(sorted(name for name in registers() if "512" in name or name == "X86_V4"))
"""What it lacks, in NumPy's words."""
wide = pytest.mark.skipif(not LEFT_OUT, reason="this processor has nothing that NumPy could leave out")


def narrower() -> dict[str, str]:
    """The environment of a process that runs as on such a one."""
    return {**os.environ, "NPY_DISABLE_CPU_FEATURES": LEFT_OUT}
