"""From when things are done to what is delivered, honoured and reached at each grid point; arrays of shape (time,
trial).

A strip of trials is followed through the grid with all that it needs at hand, and only what is asked for is written
out: the classes of an agreement need none of the arrays behind them.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pactrisk.kernels.compilation import compiled, inlined, inner

__all__ = [
    "NEVER", "STRIP", "Agreement", "add_share", "ceremony", "deepen", "done_by", "follow", "honoured_by", "in_fours",
    "put", "seen", "trace", "trace_plain",
]  # fmt: skip

Array = npt.NDArray[np.float64]

NEVER = 2**30
"""A grid point that never comes."""
Agreement: TypeAlias = tuple[
    Array, Array, Array, Array, int, Array, Array, Array, Array, Array, Array, Array, Array, float, Array, float, int
]
"""What tells one agreement's outcome, trial by trial.

Material and then formal milestones: the grid points that see each done, shape (milestone, trial), and their weights;
filled up to fours by :func:`in_fours`.
The window of ceremony in steps, the weights of ceremonial events, shape (time, trial) or empty, and whether it is
present (1 or 0).
When it ended. Its flow: when that begins (empty without a flow), the length of its ramp, its rate a month, the
effects on it, shape (step, trial) or empty, its target and its share of delivery. Its depth; months and a year's
number of steps.
"""

STRIP = 256
"""Trials that are followed together."""
_EARLY = 1e-12
"""What is done this little after a grid point is done at it."""


def in_fours(count: int) -> int:
    """Rows that hold so many milestones: loops take four at a time, the rest being never done and of no weight."""
    return -(-count // 4) * 4


def _seen_plain(done: Array, step: float, out: npt.NDArray[Any]) -> None:
    ever = np.isfinite(done)
    out[:] = NEVER
    out[ever] = np.maximum(np.ceil(done[ever] / step - _EARLY), 0.0)


@compiled(_seen_plain)
def seen(done: Array, step: float, out: npt.NDArray[Any]) -> None:
    """The first grid point at which what is ``done`` stands; :data:`NEVER` if it never does."""
    for i in range(done.size):
        out[i] = max(math.ceil(done[i] / step - _EARLY), 0.0) if done[i] < math.inf else NEVER


def _ceremony_plain(counts: npt.NDArray[np.int16], weight: float, window: int, out: Array) -> None:
    so_far = np.cumsum(counts, axis=0, dtype=np.int64)
    so_far[window:] -= so_far[:-window].copy()
    out += so_far * weight


@compiled(_ceremony_plain)
def ceremony(counts: npt.NDArray[np.int16], weight: float, window: int, out: Array) -> None:
    """Add to ``out`` the ``weight`` of each event of the last ``window`` steps; shape (time, trial)."""
    points, trials = counts.shape
    held = np.zeros(trials, dtype=np.int16)
    for k in range(points):
        _enters(held, counts[k])
        if k >= window:
            _leaves(held, counts[k - window])
        _weighed(out[k], held, weight)


@inner
def _enters(held, counts):
    for i in range(len(held)):
        held[i] += counts[i]


@inner
def _leaves(held, counts):
    for i in range(len(held)):
        held[i] -= counts[i]


@inner
def _weighed(out, held, weight):
    for i in range(len(out)):
        out[i] += held[i] * weight


@inner
def _moves(grown, moved, ended, start, ramp, month):
    # the integral of min(elapsed / ramp, 1): a parabola, then a straight line, exact within steps
    for j in range(len(moved)):
        until = ended[j] if ended[j] < month else month
        elapsed = until - start[j]
        elapsed = elapsed if elapsed > 0.0 else 0.0
        growing = elapsed if elapsed < ramp[j] else ramp[j]
        slope = 2.0 * ramp[j]
        reached = growing * growing / (slope if slope > 1e-300 else 1e-300) + (elapsed - growing)
        moved[j] = reached - grown[j]
        grown[j] = reached


@inner
def _times(moved, factor):
    for j in range(len(moved)):
        moved[j] *= factor[j]


@inner
def _add(flown, moved, rate):
    for j in range(len(flown)):
        flown[j] += moved[j] * rate[j]


@inner
def _since(part, flown, row):
    for j in range(len(part)):
        since = flown[j] - row[j]
        part[j] = since if since > 0.0 else 0.0
        row[j] = flown[j]


@inner
def _add_done(row, p0, p1, p2, p3, k, weight):
    w0, w1, w2, w3 = weight[0], weight[1], weight[2], weight[3]
    for j in range(len(row)):
        # grid points are as wide as weights: the processor chooses between several at once
        x = row[j] + (w0 if p0[j] <= k else 0.0)
        x += w1 if p1[j] <= k else 0.0
        x += w2 if p2[j] <= k else 0.0
        row[j] = x + (w3 if p3[j] <= k else 0.0)


@inner
def _add_lately(row, p0, p1, p2, p3, k, before, weight):
    w0, w1, w2, w3 = weight[0], weight[1], weight[2], weight[3]
    for j in range(len(row)):
        x = row[j] + (w0 if (p0[j] <= k) & (p0[j] > before) else 0.0)
        x += w1 if (p1[j] <= k) & (p1[j] > before) else 0.0
        x += w2 if (p2[j] <= k) & (p2[j] > before) else 0.0
        row[j] = x + (w3 if (p3[j] <= k) & (p3[j] > before) else 0.0)


@inner
def _honour(row, events, present):
    for j in range(len(row)):
        row[j] += events[j] * present[j]


@inlined
def done_by(row, material, weight, lo, hi, k):
    """The weights of the milestones that trials ``lo`` to ``hi`` have done by the grid point ``k``."""
    row[:] = 0.0
    for m in range(0, len(material), 4):
        p0, p1 = material[m, lo:hi], material[m + 1, lo:hi]
        p2, p3 = material[m + 2, lo:hi], material[m + 3, lo:hi]
        _add_done(row, p0, p1, p2, p3, float(k), weight[m:])


@inlined
def honoured_by(row, formal, honour, window, events, present, lo, hi, k):
    """The weights behind ceremony in trials ``lo`` to ``hi`` at the grid point ``k``."""
    row[:] = 0.0
    for m in range(0, len(formal), 4):
        p0, p1, p2, p3 = formal[m, lo:hi], formal[m + 1, lo:hi], formal[m + 2, lo:hi], formal[m + 3, lo:hi]
        _add_lately(row, p0, p1, p2, p3, float(k), float(k - window), honour[m:])
    if len(events):
        _honour(row, events[k, lo:hi], present[lo:hi])


@inner
def add_share(row, part, target, share):
    """Add what a flow has achieved of its target over a year, at most all of its ``share``."""
    for j in range(len(row)):
        achieved = part[j] / target[j]
        row[j] += (achieved if achieved < 1.0 else 1.0) * share


@inner
def put(out, found):
    """What is ``found`` into ``out``, as far as that goes: a loop of its own is twice as fast as an assigned slice."""
    for j in range(len(out)):
        out[j] = found[j]


@inner
def deepen(row, depth):
    """From what is done to delivery: times the depth, from 0 to 1."""
    for j in range(len(row)):
        deep = row[j] * depth[j]
        deep = deep if deep > 0.0 else 0.0
        row[j] = deep if deep < 1.0 else 1.0


@inner
def follow(agreement, lo, hi, off, first, rows, young, delivery, honours, lately, total):
    """Rows ``first`` and on of trials ``lo`` to ``hi``, into columns ``lo - off`` and on of what is not empty.

    Where it is ``young`` nobody asks for what honours it.
    """
    (
        material, weight, formal, honour, window, events, present, ended, start, ramp, rate, effects, target, share,
        depth, step, year
    ) = agreement  # fmt: skip
    width = hi - lo
    grown, flown, moved, part = np.zeros(width), np.zeros(width), np.zeros(width), np.zeros(width)
    past = np.zeros((year, width))
    flows = len(start) > 0 and len(delivery) + len(lately) + len(total) > 0
    for k in range(0 if flows else first, first + rows):
        if flows:
            _moves(grown, moved, ended[lo:hi], start[lo:hi], ramp[lo:hi], k * step)
            if k > 0:
                if len(effects):
                    _times(moved, effects[k - 1, lo:hi])
                _add(flown, moved, rate[lo:hi])
            _since(part, flown, past[k % year])
        r = k - first
        if r < 0:
            continue
        if len(lately):
            put(lately[r, lo - off : hi - off], part)
        if len(total):
            put(total[r, lo - off : hi - off], flown)
        if len(delivery):
            row = delivery[r, lo - off : hi - off]
            done_by(row, material, weight, lo, hi, k)
            if flows:
                add_share(row, part, target[lo:hi], share)
            deepen(row, depth[lo:hi])
        if len(honours) and not (len(young) and young[r] > 0):
            row = honours[r, lo - off : hi - off]
            honoured_by(row, formal, honour, window, events, present, lo, hi, k)


def trace_plain(agreement: Agreement, first: int, delivery: Array, honours: Array, lately: Array, total: Array) -> None:
    """The plain twin of :func:`trace`."""
    (
        material, weight, formal, honour, window, events, present, ended, start, ramp, rate, effects, target, share,
        depth, step, year
    ) = agreement  # fmt: skip
    rows = max(len(delivery), len(honours), len(lately), len(total))
    k = np.arange(first + rows)[:, None]
    delivered, honoured = (np.zeros((len(k), len(depth))) for _ in range(2))
    for points, w in zip(material, weight, strict=True):
        delivered += np.where(points <= k, w, 0.0)
    for points, w in zip(formal, honour, strict=True):
        honoured += np.where((points <= k) & (points > k - window), w, 0.0)
    if len(events):
        honoured += events[: len(k)] * present
    part = flown = np.zeros_like(delivered)
    if len(start):
        elapsed = np.maximum(np.minimum(k * step, ended) - start, 0.0)
        growing = np.minimum(elapsed, ramp)
        grown = growing * growing / np.maximum(2.0 * ramp, 1e-300) + (elapsed - growing)
        moved = np.diff(grown, axis=0, prepend=0.0)
        moved[0] = 0.0
        if len(effects):
            moved[1:] *= effects[: len(k) - 1]
        flown = np.cumsum(moved * rate, axis=0)
        part = flown.copy()
        part[year:] -= flown[:-year]
        part = np.maximum(part, 0.0)
    achieved = np.minimum(part / target, 1.0) * share if len(start) else part
    delivered = np.clip((delivered + achieved) * depth, 0.0, 1.0)
    for out, found in ((delivery, delivered), (honours, honoured), (lately, part), (total, flown)):
        if len(out):
            out[:] = found[first:]


@compiled(trace_plain)
def trace(agreement: Agreement, first: int, delivery: Array, honours: Array, lately: Array, total: Array) -> None:
    """Grid points ``first`` and on, as many as what is given has rows; what is empty is not asked for.

    ``lately`` is what was delivered over the last year, ``total`` in all.
    """
    trials = len(agreement[14])
    rows = max(len(delivery), len(honours), len(lately), len(total))
    for lo in range(0, trials, STRIP):
        follow(agreement, lo, min(lo + STRIP, trials), 0, first, rows, np.empty(0), delivery, honours, lately, total)
