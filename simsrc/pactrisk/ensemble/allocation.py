"""The memory of a block: what it takes, and that what one frees is kept for the next."""

from __future__ import annotations

import ctypes
import functools
import sys

from pactrisk.scenario import Scenario
from pactrisk.streams import BLOCK

__all__ = ["block_bytes", "dates_within", "keep_freed_memory"]

_A_DATE, _A_MILESTONE, _AN_AGREEMENT = 4, 4, 10
"""Numbers that a trial keeps: of an agreement at each date delivery, honours, flow and its total; of a milestone when
it is done, what it takes, and its place on the grid; of an agreement when it ends, its flow and its depth.
"""

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


def block_bytes(scenario: Scenario, dates: int) -> int:
    """What a block of the scenario takes, at most, at so many dates."""
    always, each = _numbers(scenario)
    return 8 * BLOCK * (always + each * dates)


def dates_within(scenario: Scenario, most: int) -> int:
    """The dates at which a block of the scenario takes ``most`` bytes; below 1 where none fits."""
    always, each = _numbers(scenario)
    return (most // (8 * BLOCK) - always) // each


def _numbers(scenario: Scenario) -> tuple[int, int]:
    """Numbers that a trial keeps in any case, and at each date."""
    agreements = len(scenario.agreements)
    milestones = sum(len(agreement.milestones) for agreement in scenario.agreements)
    each = _A_DATE * agreements + len(scenario.drivers)
    return _A_MILESTONE * milestones + _AN_AGREEMENT * agreements, max(each, 1)
