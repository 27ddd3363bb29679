"""Compiled loops, each beside its plain NumPy twin.

A loop here does only what the processor does the same way everywhere (sums, products, quotients, roots, comparisons,
look-ups); logarithms and exponentials are NumPy's, on whole arrays, or those of the C library, one by one, in the twin
too. So a loop and its twin agree to the last bit, and the tests say so. Nothing is imported from Numba before the first
number is drawn.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pactrisk.kernels import (
        clocks,
        compilation,
        draws,
        effects,
        events,
        outcomes,
        prices,
        progress,
        quantiles,
        stays,
        strata,
        tallies,
    )

__all__ = [
    "clocks",
    "compilation",
    "draws",
    "effects",
    "events",
    "outcomes",
    "prices",
    "progress",
    "quantiles",
    "stays",
    "strata",
    "tallies",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f"{__name__}.{name}")
