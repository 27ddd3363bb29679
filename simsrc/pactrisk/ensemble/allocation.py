"""That the memory which a block frees is kept for the next."""

from __future__ import annotations

import ctypes
import functools
import sys

__all__ = ["keep_freed_memory"]

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT = 256 * 2**20
_LARGEST = 32 * 2**20


@functools.cache
def keep_freed_memory() -> None:
    """Ask the C library to hold on to what is freed, up to 256 MiB, rather than give it back at once.

    A block frees and asks again for dozens of arrays of a megabyte. By default glibc returns each to the system, which
    clears every page of it when it is next asked for: a quarter of the time of a block. The peak is no higher, as what
    is kept is what the next block needs. Elsewhere than on glibc nothing is done, and nothing is lost but that time.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGEST)
        mallopt(_TRIM_THRESHOLD, _KEPT)
