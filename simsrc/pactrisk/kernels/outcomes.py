"""The class of an agreement at each grid point, by its place in the list of classes; arrays of shape (time, trial)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pactrisk.kernels.compilation import compiled, inner
from pactrisk.kernels.progress import STRIP, Agreement, follow, put, trace_plain

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


@inner
def _ageless(out, classes, honours, symbolic):
    for j in range(len(out)):
        out[j] = ((classes[j] == 3) | (classes[j] == 4)) & (honours[j] >= symbolic)


@inner
def _is_symbolic(out, classes):
    for j in range(len(out)):
        out[j] = classes[j] == np.int8(4)


def _classes_plain(
    agreement: Agreement,
    first: int,
    cuts: Array,
    months: Array,
    young: Array,
    kept: tuple[Array, Array],
    at: int,
    there: tuple[Array, Array],
    symbolic: npt.NDArray[np.bool_],
    out: npt.NDArray[np.int8],
) -> None:
    delivery, honours, total = (np.empty(out.shape) for _ in range(3))
    trace_plain(agreement, first, delivery, honours, np.empty((0, 0)), total)
    for r, row in enumerate(out):
        _class_plain(delivery[r], honours[r], agreement, cuts, months[r], young[r], row)
    if len(symbolic):
        symbolic[:] = ((out == 3) | (out == 4)) & (honours >= cuts[3])
    for into, found in zip(kept, (delivery, total), strict=True):
        if len(into):
            into[:] = found
    if at >= 0:
        there[0][:], there[1][:] = delivery[at], honours[at]


@compiled(_classes_plain)
def classes(
    agreement: Agreement,
    first: int,
    cuts: Array,
    months: Array,
    young: Array,
    kept: tuple[Array, Array],
    at: int,
    there: tuple[Array, Array],
    symbolic: npt.NDArray[np.bool_],
    out: npt.NDArray[np.int8],
) -> None:
    """The class at grid points ``first`` and on, by its place in the list of classes.

    ``cuts`` are those of delivery, falling, and that of the summed weights behind ceremony; ``months`` are those of
    the grid points, and ``young`` is 1 at those too early to judge.

    What is worked out on the way is kept where it is asked for, that is, not empty: delivery and all that was
    delivered so far in ``kept``; delivery and what honours the agreement in ``there``, of row ``at`` unless that is
    below 0; and whether it is ``symbolic``, or would be if it were older.
    """
    present, ended = agreement[6], agreement[7]
    rows, trials = out.shape
    nothing = np.empty((0, 0))
    delivery, honours, total = np.empty((rows, STRIP)), np.empty((rows, STRIP)), np.empty((rows, STRIP))
    unhonoured = np.empty(0) if len(symbolic) or at >= 0 else young
    for lo in range(0, trials, STRIP):
        hi = min(lo + STRIP, trials)
        flown = total if len(kept[1]) else nothing
        follow(agreement, lo, hi, lo, first, rows, unhonoured, delivery, honours, nothing, flown)
        for r in range(rows):
            idle = 3.0 if young[r] > 0 else 5.0
            _class(out[r, lo:hi], delivery[r], honours[r], ended[lo:hi], present[lo:hi], months[r], cuts, idle)
            if len(symbolic) and young[r] > 0:
                _ageless(symbolic[r, lo:hi], out[r, lo:hi], honours[r], cuts[3])
            if len(kept[0]):
                put(kept[0][r, lo:hi], delivery[r])
            if len(kept[1]):
                put(kept[1][r, lo:hi], total[r])
        if at >= 0:
            there[0][lo:hi] = delivery[at, : hi - lo]
            there[1][lo:hi] = honours[at, : hi - lo]
    for r in range(len(symbolic)):
        if not young[r] > 0:
            _is_symbolic(symbolic[r], out[r])
