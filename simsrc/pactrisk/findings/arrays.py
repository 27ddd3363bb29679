"""Arrays of figures: checked for shape when the figure is made, copied, and not to be written to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["FloatArray", "days", "fixed", "tuples"]

FloatArray = NDArray[np.float64]


def fixed(owner: object, field: str, shape: tuple[int, ...]) -> None:
    """Make ``field`` a read-only float array and check its shape; ``None`` stays."""
    given = getattr(owner, field)
    if given is None:
        return
    array = np.array(given, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"{type(owner).__name__}.{field} has shape {array.shape}, not {shape}")
    array.setflags(write=False)
    object.__setattr__(owner, field, array)


def days(owner: object, field: str = "x") -> int:
    """Make ``field`` a read-only array of days; return its length."""
    array: NDArray[np.datetime64] = np.array(getattr(owner, field), dtype="datetime64[D]")
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{type(owner).__name__}.{field} must be a sequence of at least one date")
    array.setflags(write=False)
    object.__setattr__(owner, field, array)
    return int(array.size)


def tuples(owner: object, *fields: str) -> None:
    """Make sequences in ``fields`` tuples."""
    for field in fields:
        object.__setattr__(owner, field, tuple(getattr(owner, field)))
