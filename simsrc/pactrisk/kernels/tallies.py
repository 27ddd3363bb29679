"""Counting events by world: totals, and sums over worlds of squares, all in whole numbers.

Trial i is in world i mod W, so the trials of a world lie W apart, and a run of W of them is one trial of each world.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.kernels.compilation import compiled, inner

__all__ = ["by_bin", "equal", "members", "spent", "up_to", "whole"]

Whole = npt.NDArray[np.int64]

_WIDE = 256
_KINDS, _BYTE = 8, 255
"""So many kinds are counted side by side in one word, each to no more than this."""


@inner
def _count(held, values, most):
    for w in range(len(values)):
        held[min(np.uint64(values[w]), most), np.uint64(w)] += np.uint16(1)


@inner
def _pack(packed, values):
    for w in range(len(values)):
        packed[w] += np.uint64(1) << (np.uint64(values[w]) << np.uint64(3))


@inner
def _unpack(held, packed, kind):
    for w in range(len(held)):
        held[w] = (packed[w] >> np.uint64(8 * kind)) & np.uint64(_BYTE)


@inner
def _add(held, more):
    for w in range(len(held)):
        held[w] += more[w]


@inner
def _sums(held):
    total, square = np.int64(0), np.int64(0)
    for w in range(len(held)):
        x = np.int64(held[w])
        total += x
        square += x * x
    return total, square


@inner
def _lanes(trials, worlds):
    """Side by side many are counted at once: few worlds are counted in several parts each."""
    lanes = worlds
    for parts in range(2, trials // worlds + 1):
        if trials % (parts * worlds) == 0 and parts * worlds <= _WIDE:
            lanes = parts * worlds
    return lanes


@inner
def _fold(held, worlds):
    for first in range(worlds, len(held), worlds):
        _add(held[:worlds], held[first : first + worlds])


def _moments_plain(happens: npt.NDArray[np.bool_], worlds: int) -> tuple[Whole, Whole]:
    held = happens.reshape(*happens.shape[:-1], -1, worlds).sum(axis=-2, dtype=np.int64)
    return held.sum(axis=-1), (held * held).sum(axis=-1)


def _equal_plain(
    values: npt.NDArray[Any], worlds: int, unions: npt.NDArray[np.bool_], total: Whole, square: Whole,
    union_total: Whole, union_square: Whole
) -> None:  # fmt: skip
    for kind in range(total.shape[1]):
        total[:, kind], square[:, kind] = _moments_plain(values == kind, worlds)
    for number, union in enumerate(unions):
        happens = np.isin(values, np.nonzero(union)[0])
        union_total[:, number], union_square[:, number] = _moments_plain(happens, worlds)


@compiled(_equal_plain)
def equal(
    values: npt.NDArray[Any], worlds: int, unions: npt.NDArray[np.bool_], total: Whole, square: Whole,
    union_total: Whole, union_square: Whole
) -> None:  # fmt: skip
    """Moments of each event "the value is this kind", and of unions of them.

    ``values``, from 0 and below the number of kinds, has shape (row, trial); ``total`` and ``square`` (row, kind);
    ``unions`` (union, kind) says which kinds are in it, and its moments have shape (row, union).
    """
    rows, trials = values.shape
    kinds = total.shape[1]
    lanes = _lanes(trials, worlds)
    held, joined = np.zeros((kinds, lanes), dtype=np.uint16), np.zeros(worlds, dtype=np.uint16)
    packed = np.zeros(lanes, dtype=np.uint64)
    for row in range(rows):
        if kinds <= _KINDS and trials // worlds <= _BYTE:
            packed[:] = 0
            for first in range(0, trials, lanes):
                _pack(packed, values[row, first : first + lanes])
            _fold(packed, worlds)
            for kind in range(kinds):
                _unpack(held[kind, :worlds], packed, kind)
        else:
            held[:] = 0
            for first in range(0, trials, lanes):
                _count(held, values[row, first : first + lanes], np.uint64(kinds - 1))
            for kind in range(kinds):
                _fold(held[kind], worlds)
        for kind in range(kinds):
            total[row, kind], square[row, kind] = _sums(held[kind, :worlds])
        for number in range(len(unions)):
            joined[:] = 0
            for kind in range(kinds):
                if unions[number, kind]:
                    _add(joined, held[kind, :worlds])
            union_total[row, number], union_square[row, number] = _sums(joined)


def _up_to_plain(values: npt.NDArray[Any], worlds: int, total: Whole, square: Whole) -> None:
    for most in range(total.shape[1]):
        total[:, most], square[:, most] = _moments_plain(values <= most, worlds)


@compiled(_up_to_plain)
def up_to(values: npt.NDArray[Any], worlds: int, total: Whole, square: Whole) -> None:
    """Moments of the events "the value is at most p", of shape (row, p); ``values``, from 0, has shape (row, trial)."""
    rows, trials = values.shape
    size = total.shape[1]
    lanes = _lanes(trials, worlds)
    held, so_far = np.zeros((size + 1, lanes), dtype=np.uint16), np.zeros(worlds, dtype=np.uint16)
    for row in range(rows):
        held[:] = 0
        so_far[:] = 0
        for first in range(0, trials, lanes):
            _count(held, values[row, first : first + lanes], np.uint64(size))
        for most in range(size):
            _fold(held[most], worlds)
            _add(so_far, held[most, :worlds])
            total[row, most], square[row, most] = _sums(so_far)


def _by_bin_plain(
    levels: npt.NDArray[np.float64], edges: npt.NDArray[np.float64], sums: Whole, totals: Whole, counts: Whole
) -> None:
    for row, places in enumerate(np.searchsorted(edges, levels, side="right")):
        counts[row] = np.bincount(places, minlength=counts.shape[1])
        for number, one in enumerate(sums):
            totals[row, :, number] = np.bincount(places, weights=one, minlength=counts.shape[1])


@inner
def _passed(places, levels, edge):
    for w in range(len(places)):
        places[w] += np.int64(1) if levels[w] >= edge else np.int64(0)


@compiled(_by_bin_plain)
def by_bin(
    levels: npt.NDArray[np.float64], edges: npt.NDArray[np.float64], sums: Whole, totals: Whole, counts: Whole
) -> None:
    """Worlds in each bin, and what they hold: ``levels`` (row, world), parted at the rising ``edges``; ``sums``
    (statistic, world), ``totals`` (row, bin, statistic), ``counts`` (row, bin).
    """
    totals[:] = 0
    counts[:] = 0
    places = np.empty(levels.shape[1], dtype=np.int64)
    for row in range(len(levels)):
        places[:] = 0
        for edge in edges:
            _passed(places, levels[row], edge)
        for w in range(len(places)):
            place = places[w]
            counts[row, place] += 1
            for number in range(len(sums)):
                totals[row, place, number] += sums[number, w]


def _members_plain(classes: npt.NDArray[np.int8], bits: npt.NDArray[np.int16], out: npt.NDArray[np.int16]) -> None:
    for number, set_ in enumerate(bits):
        out[number] = (np.right_shift(set_, classes, dtype=np.int16) & 1).sum(axis=0, dtype=np.int16)


@inner
def _add_kind(out, packed, kind):
    for w in range(len(out)):
        out[w] += np.int16((packed[w] >> np.uint64(8 * kind)) & np.uint64(_BYTE))


@compiled(_members_plain)
def members(classes: npt.NDArray[np.int8], bits: npt.NDArray[np.int16], out: npt.NDArray[np.int16]) -> None:
    """How many agreements are in each set of classes: ``classes`` (agreement, time, trial), ``out`` (set, time, trial).

    Bit c of ``bits`` says whether class c, of eight, is in the set.
    """
    out[:] = 0
    packed = np.empty(classes.shape[2], dtype=np.uint64)
    for k in range(classes.shape[1]):
        for first in range(0, len(classes), _BYTE):
            packed[:] = 0
            for a in range(first, min(first + _BYTE, len(classes))):
                _pack(packed, classes[a, k])
            for number in range(len(bits)):
                for kind in range(_KINDS):
                    if (bits[number] >> kind) & 1:
                        _add_kind(out[number, k], packed, kind)


def _whole_plain(values: npt.NDArray[Any], worlds: int, total: Whole, square: Whole, trial_square: Whole) -> None:
    wide = values.astype(np.int64)
    held = wide.reshape(len(wide), -1, worlds).sum(axis=1)
    total[:], square[:], trial_square[:] = held.sum(axis=1), (held * held).sum(axis=1), (wide * wide).sum(axis=1)


@inner
def _square_of(values):
    square = np.int64(0)
    for i in range(len(values)):
        square += np.int64(values[i]) * np.int64(values[i])
    return square


@compiled(_whole_plain)
def whole(values: npt.NDArray[Any], worlds: int, total: Whole, square: Whole, trial_square: Whole) -> None:
    """Moments of whole numbers, of shape (row,); ``values`` have shape (row, trial)."""
    rows, trials = values.shape
    lanes = _lanes(trials, worlds)
    held = np.zeros(lanes, dtype=np.int64)
    for row in range(rows):
        held[:] = 0
        for first in range(0, trials, lanes):
            _add(held, values[row, first : first + lanes])
        _fold(held, worlds)
        total[row], square[row] = _sums(held[:worlds])
        trial_square[row] = _square_of(values[row])


def _spent_plain(inside: npt.NDArray[np.int8], worlds: int, total: Whole, square: Whole, trial_square: Whole) -> None:
    n, points, trials = inside.shape
    so_far = np.zeros((n + 1, points, trials), dtype=np.int64)
    np.cumsum(inside[:, :-1], axis=1, out=so_far[:-1, 1:])
    so_far[-1] = so_far[:-1].sum(axis=0)
    for one in range(n + 1):
        _whole_plain(so_far[one], worlds, total[one], square[one], trial_square[one])


@compiled(_spent_plain)
def spent(inside: npt.NDArray[np.int8], worlds: int, total: Whole, square: Whole, trial_square: Whole) -> None:
    """Moments of the steps spent inside before each grid point, each agreement's and last those of all together.

    ``inside`` is 1 or 0, shape (agreement, time, trial); moments have shape (agreement + 1, time).
    """
    n, points, trials = inside.shape
    lanes = _lanes(trials, worlds)
    own, every = np.zeros(trials, dtype=np.int32), np.zeros((points, trials), dtype=np.int32)
    held = np.zeros(lanes, dtype=np.int64)
    for one in range(n + 1):
        own[:] = 0
        for k in range(points):
            if one < n:
                if k > 0:
                    _add(own, inside[one, k - 1])
                _add(every[k], own)
            row = own if one < n else every[k]
            held[:] = 0
            for first in range(0, trials, lanes):
                _add(held, row[first : first + lanes])
            _fold(held, worlds)
            total[one, k], square[one, k] = _sums(held[:worlds])
            trial_square[one, k] = _square_of(row)
