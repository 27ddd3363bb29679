"""Factors that hold in a state or beyond a threshold, looked up by which of them do."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pactrisk.kernels.compilation import compiled, inner

__all__ = ["averaged", "choose", "departed", "look_up", "mark_beyond", "mark_state"]

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint16]


@inner
def _marked(states, here, one, codes):
    for i in range(len(codes)):
        codes[i] |= one if states[i] == here else np.uint16(0)


def _mark_state_plain(states: npt.NDArray[np.int8], lag: int, state: int, bit: int, codes: Codes) -> None:
    rows = np.maximum(np.arange(len(codes)) - lag, 0)
    codes |= np.left_shift(states[rows] == state, bit, dtype=np.uint16)


@compiled(_mark_state_plain)
def mark_state(states: npt.NDArray[np.int8], lag: int, state: int, bit: int, codes: Codes) -> None:
    """Set ``bit`` of the code of each step and trial in which the regime was in ``state``, ``lag`` steps before."""
    # of the states' own width, so that many are compared at once
    one, here = np.uint16(1 << bit), np.int8(state)
    for k in range(len(codes)):
        _marked(states[max(k - lag, 0)], here, one, codes[k])


def _choose_plain(states: npt.NDArray[np.int8], state: int, inside: Array, outside: Array, out: Array) -> None:
    out[:] = np.where(states[: len(out)] == state, inside, outside)


@inner
def _chosen(states, state, inside, outside, out):
    for i in range(len(out)):
        out[i] = inside[i] if states[i] == state else outside[i]


@compiled(_choose_plain)
def choose(states: npt.NDArray[np.int8], state: int, inside: Array, outside: Array, out: Array) -> None:
    """Into ``out``, shape (step, trial), the trial's number ``inside`` while the regime is in ``state``, or else that
    ``outside``: one a trial, shape (1, trial), or one a step. ``outside`` may be ``out`` itself.
    """
    here = np.int8(state)
    for k in range(len(out)):
        _chosen(states[k], here, inside, outside[min(k, len(outside) - 1)], out[k])


def _averaged_plain(values: Array, lag: int, window: int, out: Array) -> None:
    rows = np.arange(len(out))[:, None] - lag - np.arange(window)
    out[:] = values[np.maximum(rows, 0)].sum(axis=1) / window


@compiled(_averaged_plain)
def averaged(values: Array, lag: int, window: int, out: Array) -> None:
    """The mean of ``window`` values up to ``lag`` steps before each step; before the start they are as at the start."""
    for k in range(len(out)):
        for i in range(out.shape[1]):
            out[k, i] = 0.0
        for back in range(window):
            _added(out[k], values[max(k - lag - back, 0)])
        for i in range(out.shape[1]):
            out[k, i] /= window


@inner
def _added(out, values):
    for i in range(len(out)):
        out[i] += values[i]


def _departed_plain(values: Array, base: Array, slope: Array, out: Array) -> None:
    out[:] = (values - base) * slope


@inner
def _apart(out, values, base, slope):
    for i in range(len(out)):
        out[i] = (values[i] - base[i]) * slope[i]


@compiled(_departed_plain)
def departed(values: Array, base: Array, slope: Array, out: Array) -> None:
    """How far the values, shape (step, trial), are from the trial's ``base``, times its ``slope``."""
    for k in range(len(out)):
        _apart(out[k], values[k], base, slope)


def _mark_beyond_plain(values: Array, threshold: Array, above: bool, bit: int, codes: Codes) -> None:
    inside = values > threshold if above else values < threshold
    codes |= np.left_shift(inside, bit, dtype=np.uint16)


@compiled(_mark_beyond_plain)
def mark_beyond(values: Array, threshold: Array, above: bool, bit: int, codes: Codes) -> None:
    """Set ``bit`` where the value, shape (step, trial), is above the trial's threshold, or else below it."""
    one, sign = np.uint16(1 << bit), 1.0 if above else -1.0
    for k in range(len(codes)):
        for i in range(codes.shape[1]):
            codes[k, i] |= one if sign * values[k, i] > sign * threshold[i] else np.uint16(0)


@inner
def _found(out, codes, table):
    for w in range(len(out)):
        out[w] = table[codes[w], w]


@inner
def _times_found(out, codes, table):
    for w in range(len(out)):
        out[w] *= table[codes[w], w]


def _look_up_plain(codes: Codes, table: Array, anew: bool, out: Array) -> None:
    found = table[codes, np.arange(codes.shape[1]) % table.shape[1]]
    out[:] = found if anew else out * found


@compiled(_look_up_plain)
def look_up(codes: Codes, table: Array, anew: bool, out: Array) -> None:
    """The factor of each code in the trial's world, or ``out`` times it; ``table`` has shape (code, world)."""
    worlds = table.shape[1]
    for k in range(len(codes)):
        for first in range(0, codes.shape[1], worlds):
            last = min(first + worlds, codes.shape[1])
            if anew:
                _found(out[k, first:last], codes[k, first:last], table)
            else:
                _times_found(out[k, first:last], codes[k, first:last], table)
