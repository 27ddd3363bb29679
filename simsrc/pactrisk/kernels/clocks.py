"""Clocks, trial by trial: integrals of paces, and when they reach what is owed.

A clock is held by trial, shape (trial, time), so that all that one trial needs lies side by side. How many of its
points are below a target is counted rather than searched: the count is the place, and the processor counts eight at
once.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pactrisk.kernels.compilation import compiled, inlined, inner

__all__ = ["at_one", "finish", "first", "first_one", "first_plain", "if_pursued", "stands", "tau_of", "value_at"]

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

_ABREAST = 4


@inner
def _four(pace, lo, step, tau):
    # each trial has a sum and a row by name: the sums stay in the processor, the rows are written from end to end
    a = b = c = d = 0.0
    row_a, row_b, row_c, row_d = tau[lo], tau[lo + 1], tau[lo + 2], tau[lo + 3]
    row_a[0] = row_b[0] = row_c[0] = row_d[0] = 0.0
    for k in range(len(pace)):
        a += pace[k, lo]
        b += pace[k, lo + 1]
        c += pace[k, lo + 2]
        d += pace[k, lo + 3]
        row_a[k + 1], row_b[k + 1], row_c[k + 1], row_d[k + 1] = a * step, b * step, c * step, d * step


@inner
def _alone(pace, i, step, tau):
    total = 0.0
    tau[i, 0] = 0.0
    for k in range(len(pace)):
        total += pace[k, i]
        tau[i, k + 1] = total * step


def _tau_plain(pace: Array, step: float, tau: Array) -> None:
    tau[:, 0] = 0.0
    np.cumsum(pace.T, axis=1, out=tau[:, 1:])
    tau *= step


@compiled(_tau_plain)
def tau_of(pace: Array, step: float, tau: Array) -> None:
    """The integral of ``pace``, shape (step, trial), into ``tau``, shape (trial, time)."""
    trials = pace.shape[1]
    fours = trials - trials % _ABREAST
    for lo in range(0, fours, _ABREAST):
        _four(pace, lo, step, tau)
    for i in range(fours, trials):
        _alone(pace, i, step, tau)


@inner
def at_one(tau, step, months):
    """A trial's clock at any time within the grid; beyond it, its last value."""
    last = tau.size - 1
    k = min(max(months / step, 0.0), float(last))
    low = min(int(k), last - 1)
    return tau[low] + (tau[low + 1] - tau[low]) * (k - low)


@inner
def first_one(tau, step, target):
    """The first time at which a trial's clock reaches ``target``; infinite if it never does."""
    last = tau.size - 1
    if not tau[last] >= target:
        return math.inf
    below = 0
    for k in range(last + 1):
        below += tau[k] < target
    if below == 0:
        return 0.0
    before = tau[below - 1]
    part = (target - before) / (tau[below] - before)
    return ((below - 1) + min(part, 1.0)) * step


def _value_plain(tau: Array, step: float, months: Array, trial: Indices, out: Array) -> None:
    last = tau.shape[1] - 1
    k = np.clip(months / step, 0.0, last)
    low = np.minimum(k.astype(np.intp), last - 1)
    before = tau[trial, low]
    out[:] = before + (tau[trial, low + 1] - before) * (k - low)


@compiled(_value_plain)
def value_at(tau: Array, step: float, months: Array, trial: Indices, out: Array) -> None:
    """The clock of trial ``trial[i]`` at ``months[i]``, into ``out``."""
    for i in range(trial.size):
        out[i] = at_one(tau[trial[i]], step, months[i])


def first_plain(tau: Array, step: float, target: Array, trial: Indices, out: Array) -> None:
    """The plain twin of :func:`first`."""
    rows, last = tau[trial], tau.shape[1] - 1
    place = np.minimum((rows < target[:, None]).sum(axis=1), last)
    i = np.arange(len(trial))
    after, before = rows[i, place], rows[i, np.maximum(place - 1, 0)]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.fmin((target - before) / (after - before), 1.0)
    out[:] = np.where(after >= target, np.where(place == 0, 0.0, (place - 1 + part) * step), np.inf)


@compiled(first_plain)
def first(tau: Array, step: float, target: Array, trial: Indices, out: Array) -> None:
    """When the clock of trial ``trial[i]`` reaches ``target[i]``, into ``out``."""
    for i in range(trial.size):
        out[i] = first_one(tau[trial[i]], step, target[i])


@inlined
def _done(tau, step, start, takes, earliest):
    """When a trial's work is done; infinite if it is not by the grid's last point."""
    done = first_one(tau, step, at_one(tau, step, start) + takes)
    done = max(done, start, earliest)
    return done if done <= step * (tau.size - 1) else math.inf


def _finish_plain(
    tau: Array, step: float, start: Array, takes: Array, never: Flags, ended: Array, earliest: float, out: Array
) -> None:
    every, begun = np.arange(len(start)), np.isfinite(start)
    at, done = np.empty_like(start), np.empty_like(start)
    _value_plain(tau, step, np.where(begun, start, 0.0), every, at)
    first_plain(tau, step, at + takes, every, done)
    done = np.maximum(np.maximum(done, start), earliest)
    horizon = step * (tau.shape[1] - 1)
    out[:] = np.where(begun & ~never & (done <= ended) & (done <= horizon), done, np.inf)


@compiled(_finish_plain)
def finish(
    tau: Array, step: float, start: Array, takes: Array, never: Flags, ended: Array, earliest: float, out: Array
) -> None:
    """When work begun at ``start`` that takes ``takes`` undisturbed months is done: into ``out``, shape (trial,).

    It is infinite where it is ``never`` done, does not begin, or would be done after ``ended`` or the grid's last
    point.
    """
    for i in range(start.size):
        out[i] = math.inf
        if never[i] or not start[i] < math.inf:
            continue
        done = _done(tau[i], step, start[i], takes[i], earliest)
        if done <= ended[i]:
            out[i] = done


def _if_pursued_plain(
    tau: Array, step: float, start: Array, takes: Array, known: Array, earliest: float, out: Array
) -> None:
    never, for_ever = np.zeros(start.shape, dtype=np.bool_), np.full(start.shape, np.inf)
    _finish_plain(tau, step, start, takes, never, for_ever, earliest, out)
    out[:] = np.where(np.isfinite(known), known, out)


@compiled(_if_pursued_plain)
def if_pursued(tau: Array, step: float, start: Array, takes: Array, known: Array, earliest: float, out: Array) -> None:
    """As :func:`finish` where all is pursued and nothing ends; what was done is ``known`` where it is finite."""
    for i in range(start.size):
        out[i] = known[i]
        if not known[i] < math.inf and start[i] < math.inf:
            out[i] = _done(tau[i], step, start[i], takes[i], earliest)


def _stands_plain(done: Array, step: int, out: Array) -> None:
    out[:] = done <= np.arange(len(out))[:, None] * step


@inner
def _by(done, month, out):
    for i in range(len(out)):
        out[i] = 1.0 if done[i] <= month else 0.0


@compiled(_stands_plain)
def stands(done: Array, step: int, out: Array) -> None:
    """1 at the grid points by which it is ``done``, else 0, into ``out``."""
    for k in range(len(out)):
        _by(done, float(k * step), out[k])
