"""Whose ignorance: world sums gathered by the level at which each assumption was drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

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
    exists = (f"agreements.{id_}.presence/exists" for id_ in plan.scenario.uncertain_presence())
    return (*plan.scenario.spreads(), *exists)


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
    cells = (np.arange(len(addresses))[:, None] * BINS + bins).ravel()
    size = len(addresses) * BINS
    # sums of whole numbers are exact in floating point as long as they stay below 2**53
    totals = [np.bincount(cells, np.tile(one, len(addresses)), size) for one in sums]
    shape = (len(addresses), BINS)
    return {
        "bins/totals": np.rint(np.stack(totals, axis=-1)).astype(np.int64).reshape(*shape, len(sums)),
        "bins/counts": np.bincount(cells, minlength=size).reshape(shape),
    }


def bins_in(reading: Reading) -> Bins:
    """What the analysis of ``reading`` kept by :func:`store_bins`."""
    totals, counts = (reading.sums[f"{reading.name}/bins/{word}"] for word in ("totals", "counts"))
    return Bins(totals, counts)
