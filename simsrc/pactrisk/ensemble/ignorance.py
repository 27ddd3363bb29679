"""Whose ignorance: world sums gathered by the level at which each assumption was drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.ensemble.block import Block
from pactrisk.ensemble.reading import Reading
from pactrisk.ensemble.sums import Sums
from pactrisk.estimators import Bins
from pactrisk.estimators.first_order import EDGES

__all__ = ["BINS", "bins_in", "store_bins"]

BINS = len(EDGES) + 1
"""Bins that part the levels of an assumption."""


def store_bins(block: Block, sums: npt.NDArray[Any]) -> Sums:
    """Whole world sums of shape (statistic, world) by the level of each assumption, as sums.

    ``bins/totals`` (assumption, bin, statistic) and ``bins/counts`` (assumption, bin). An assumption that nothing reads
    is never drawn; its worlds all lie in the first bin, which says nothing about it.
    """
    addresses = block.plan.uncertain
    drawn, undrawn = block.base.levels, np.zeros(block.worlds)
    levels = np.array([drawn.get(address, undrawn) for address in addresses])
    counts = np.empty((len(addresses), BINS), dtype=np.int64)
    totals = np.empty((*counts.shape, len(sums)), dtype=np.int64)
    edges = np.array(EDGES)
    kernels.tallies.by_bin(levels, edges, np.ascontiguousarray(sums, dtype=np.int64), totals, counts)
    return {"bins/totals": totals, "bins/counts": counts}


def bins_in(reading: Reading) -> Bins:
    """What the analysis of ``reading`` kept by :func:`store_bins`."""
    totals, counts = (reading.sums[f"{reading.name}/bins/{word}"] for word in ("totals", "counts"))
    return Bins(totals, counts)
