"""The class of an agreement at each grid point, by its place in the list of classes; arrays of shape (time, trial)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pactrisk.kernels.compilation import compiled, inner
from pactrisk.kernels.progress import (
    STRIP,
    Agreement,
    add_share,
    deepen,
    done_by,
    follow,
    honoured_by,
    put,
    trace_plain,
)

__all__ = ["classes", "classes_of", "over_cases"]

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


def _over_cases_plain(
    agreement: Agreement,
    k: int,
    cuts: Array,
    month: float,
    young: float,
    cases: tuple[Array, Array, Array, Array],
    out: Array,
) -> None:
    delivery, honours = (np.empty((1, out.shape[1])) for _ in range(2))
    nothing, found = np.empty((0, 0)), np.empty(out.shape[1], dtype=np.int8)
    for weight, honour, flows, chance in zip(*cases, strict=True):
        begins = agreement[8] if flows > 0 else np.empty(0)
        case = (agreement[0], weight, agreement[2], honour, *agreement[4:8], begins, *agreement[9:])
        trace_plain(case, k, delivery, honours, nothing, nothing)
        _class_plain(delivery[0], honours[0], agreement, cuts, month, young, found)
        out[found, np.arange(found.size)] += chance


@inner
def _under(out, classes, chance):
    for j in range(len(classes)):
        out[classes[j], j] += chance[j]


@compiled(_over_cases_plain)
def over_cases(
    agreement: Agreement,
    k: int,
    cuts: Array,
    month: float,
    young: float,
    cases: tuple[Array, Array, Array, Array],
    out: Array,
) -> None:
    """Add the chance of each case to that of the class which the agreement has in it at the grid point ``k``.

    ``cases`` are, each with a row a case, the weights of its material and of its formal milestones, 0 for one that is
    not done in it; whether its flow begins, 1 or 0; and its chance in each trial. A flow that begins is the same in
    all of them. ``out`` has shape (class, trial).
    """
    (
        material, _, formal, _, window, events, present, ended, _, _, _, _, target, share, depth, _, _
    ) = agreement  # fmt: skip
    weight, honour, flows, chance = cases
    trials, idle = out.shape[1], 3.0 if young > 0 else 5.0
    delivery, honours, found = np.empty(STRIP), np.empty(STRIP), np.empty(STRIP, dtype=np.int8)
    nothing, lately = np.empty((0, 0)), np.zeros((1, STRIP))
    for lo in range(0, trials, STRIP):
        hi = min(lo + STRIP, trials)
        follow(agreement, lo, hi, lo, k, 1, np.empty(0), nothing, nothing, lately, nothing)
        some, those, classes = delivery[: hi - lo], honours[: hi - lo], found[: hi - lo]
        for case in range(len(chance)):
            done_by(some, material, weight[case], lo, hi, k)
            if flows[case] > 0:
                add_share(some, lately[0, : hi - lo], target[lo:hi], share)
            deepen(some, depth[lo:hi])
            honoured_by(those, formal, honour[case], window, events, present, lo, hi, k)
            _class(classes, some, those, ended[lo:hi], present[lo:hi], month, cuts, idle)
            _under(out[:, lo:hi], classes, chance[case, lo:hi])
