"""The class of an agreement at each grid point, by its place in the list of classes; arrays of shape (time, trial)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pactrisk.kernels.compilation import compiled, inner
from pactrisk.kernels.progress import STRIP, Agreement, follow, trace_plain

__all__ = ["classes", "classes_of"]

Array = npt.NDArray[np.float64]


@inner
def _class(out, delivery, honours, ended, present, month, cuts, idle):
    substantive, partial, token, symbolic = cuts[0], cuts[1], cuts[2], cuts[3]
    # numbers as wide as what they are compared with: the processor chooses between eight at once
    for j in range(len(out)):
        d = delivery[j]
        found = 5.0 if honours[j] < symbolic else 4.0
        found = idle if idle < found else found
        found = 2.0 if d >= token else found
        found = 1.0 if d >= partial else found
        found = 0.0 if d >= substantive else found
        found = 6.0 if ended[j] <= month else found
        found = 7.0 if present[j] == 0.0 else found
        out[j] = np.int8(found)


def _class_plain(
    delivery: Array,
    honours: Array,
    agreement: Agreement,
    cuts: Array,
    month: float,
    young: float,
    out: npt.NDArray[np.int8],
) -> None:
    present, ended = agreement[6], agreement[7]
    out[:] = 5
    out[honours >= cuts[3]] = 4
    if young > 0:
        out[:] = 3
    for number in (2, 1, 0):
        out[delivery >= cuts[number]] = number
    out[ended <= month] = 6
    out[present == 0] = 7


@compiled(_class_plain)
def classes_of(
    delivery: Array,
    honours: Array,
    agreement: Agreement,
    cuts: Array,
    month: float,
    young: float,
    out: npt.NDArray[np.int8],
) -> None:
    """The classes at one grid point, of what was traced before, as :func:`classes` gives them; shape (trial,)."""
    _class(out, delivery, honours, agreement[7], agreement[6], month, cuts, 3.0 if young > 0 else 5.0)


def _classes_plain(
    agreement: Agreement,
    first: int,
    cuts: Array,
    months: Array,
    young: Array,
    kept: Array,
    out: npt.NDArray[np.int8],
) -> None:
    delivery, honours, nothing = np.empty(out.shape), np.empty(out.shape), np.empty((0, 0))
    trace_plain(agreement, first, delivery, honours, nothing, nothing)
    for r, row in enumerate(out):
        _class_plain(delivery[r], honours[r], agreement, cuts, months[r], young[r], row)
    if len(kept):
        kept[:] = delivery


@compiled(_classes_plain)
def classes(
    agreement: Agreement,
    first: int,
    cuts: Array,
    months: Array,
    young: Array,
    kept: Array,
    out: npt.NDArray[np.int8],
) -> None:
    """The class at grid points ``first`` and on, by its place in the list of classes.

    ``cuts`` are those of delivery, falling, and that of the summed weights behind ceremony; ``months`` are those of
    the grid points, and ``young`` is 1 at those too early to judge. Delivery is ``kept``, unless that is empty.
    """
    present, ended = agreement[6], agreement[7]
    rows, trials = out.shape
    nothing = np.empty((0, 0))
    delivery, honours = np.empty((rows, STRIP)), np.empty((rows, STRIP))
    for lo in range(0, trials, STRIP):
        hi = min(lo + STRIP, trials)
        follow(agreement, lo, hi, lo, first, rows, young, delivery, honours, nothing, nothing)
        for r in range(rows):
            idle = 3.0 if young[r] > 0 else 5.0
            _class(out[r, lo:hi], delivery[r], honours[r], ended[lo:hi], present[lo:hi], months[r], cuts, idle)
            if len(kept):
                kept[r, lo:hi] = delivery[r, : hi - lo]
