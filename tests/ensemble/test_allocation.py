"""Memory freed by a block is still there for the next: measured in pages that the system had to hand out anew."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource
import numpy as np
from pactrisk.ensemble.allocation import keep_freed_memory
if {kept}:
    keep_freed_memory()
def block():
    return sum(float(x[0, 0]) for x in [np.ones((61, 2000)) for _ in range(40)])
for _ in range(3):
    block()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    block()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(kept: bool) -> int:
    code = FAULTS.format(kept=kept)
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a setting of glibc")
def test_a_second_block_finds_the_memory_of_the_first() -> None:
    # 5 blocks of 40 arrays of 239 pages each
    every = 5 * 40 * 239
    if faults(kept=False) < every / 2:
        pytest.skip("this system keeps freed memory anyway")
    assert faults(kept=True) < every / 50
