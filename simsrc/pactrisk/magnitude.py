"""Numbers that can be reckoned with: finite, and small enough that their squares and sums stay finite too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from pactrisk.errors import RunError

__all__ = ["LARGEST", "sound", "unsound"]

LARGEST = 1e60
"""No number of a run may be further from zero: spreads of spreads take its fourth power."""


def sound(values: npt.NDArray[np.float64]) -> bool:
    """Whether every number is finite and none is beyond :data:`LARGEST`; what is not a number is the least and the
    greatest of all.
    """
    return not values.size or bool(values.min() >= -LARGEST and values.max() <= LARGEST)


def unsound(
    what: str, values: npt.NDArray[np.float64], dates: Sequence[date], worlds: int, block: int, why: str = ""
) -> RunError:
    """What to say of the first value, of shape (time, trial), that is not sound: whose it is, when, and in which world.

    Trial i is in world ``i % worlds`` of the block.
    """
    k, i = (int(x[0]) for x in np.nonzero(~(np.abs(values) <= LARGEST)))
    found = "larger than can be reckoned with" if np.isfinite(values[k, i]) else "not a finite number"
    return RunError(f"{what} {found} on {dates[k]} (world {i % worlds} of block {block}){why}")
