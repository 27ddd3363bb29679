"""Whose ignorance: world sums gathered by the level at which each assumption was drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.ensemble.block import Block
from pactrisk.ensemble.plan import Plan
from pactrisk.ensemble.reading import Reading
from pactrisk.ensemble.sums import Sums
from pactrisk.estimators import Bins

__all__ = ["BINS", "bins_in", "store_bins", "uncertain_addresses"]

BINS = 10
"""Bins of equal probability that part the levels of an assumption."""


def uncertain_addresses(plan: Plan) -> tuple[str, ...]:
    """Addresses of every assumption of the scenario that differs between worlds, whether a number or a presence."""
    return plan.uncertain


def store_bins(block: Block, sums: npt.NDArray[Any]) -> Sums:
    """Whole world sums of shape (statistic, world) by the level of each assumption, as sums.

    ``bins/totals`` (assumption, bin, statistic) and ``bins/counts`` (assumption, bin). An assumption that nothing reads
    is never drawn; its worlds all lie in the first bin, which says nothing about it.
    """
    addresses, levels = uncertain_addresses(block.plan), block.base.levels
    bins = np.zeros((len(addresses), block.worlds), dtype=np.intp)
    for row, address in zip(bins, addresses, strict=True):
        if address in levels:
            row[:] = np.minimum(levels[address] * BINS, BINS - 1)
    counts = np.empty((len(addresses), BINS), dtype=np.int64)
    totals = np.empty((*counts.shape, len(sums)), dtype=np.int64)
    kernels.tallies.by_bin(bins, np.ascontiguousarray(sums, dtype=np.int64), totals, counts)
    return {"bins/totals": totals, "bins/counts": counts}


def bins_in(reading: Reading) -> Bins:
    """What the analysis of ``reading`` kept by :func:`store_bins`."""
    totals, counts = (reading.sums[f"{reading.name}/bins/{word}"] for word in ("totals", "counts"))
    return Bins(totals, counts)
