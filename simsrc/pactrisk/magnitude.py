"""Numbers that can be reckoned with: finite, and small enough that their squares and sums stay finite too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from pactrisk.errors import RunError
from pactrisk.streams import block_name

__all__ = ["ALIKE", "LARGEST", "sound", "unsound"]

ALIKE = 1e-12
"""Numbers that differ by no more than this, in parts of one of them, are told apart by rounding: a price that nothing
moves is 70 and its logarithm's exponential is not. Neither is above the other.
"""

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
    return RunError(f"{what} {found} on {dates[k]} (world {i % worlds} of {block_name(block)}){why}")
