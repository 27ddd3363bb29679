"""Orders and scrambled points, set by set: the numbers behind samples that are spread evenly.

Places lie in rows, and within a row place i belongs to set ``i % sets``; each set of each row is made apart from all
others.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pactrisk.kernels.compilation import compiled, inner
from pactrisk.kernels.draws import fill, uniforms

__all__ = ["BELOW_ONE", "BITS", "scrambled", "shuffled", "stratified"]

Words = npt.NDArray[np.uint64]
Cells = npt.NDArray[np.uint64]
Order = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]

BELOW_ONE, ABOVE_NOTHING = 1.0 - 2.0**-53, 2.0**-54
BITS = 11
"""Leading bits of a point that its number decides: 2**11 points are more than a block has trials."""
_WIDE, _TOP, _1 = 2.0**32, np.uint64(2**31), np.uint64(1)
_LAST = np.uint64(31)


def _shuffled_plain(words: Words, first: int, row: int, sets: int, out: Order) -> None:
    u = np.empty(out.size)
    uniforms(words, first, u)
    for lo in range(0, out.size, row):
        for s in range(sets):
            order = np.arange(row // sets)
            for j in range(len(order) - 1, 0, -1):
                other = int(u[lo + j * sets + s] * (j + 1))
                order[[j, other]] = order[[other, j]]
            out[lo + s : lo + row : sets] = order


@compiled(_shuffled_plain)
def shuffled(words: Words, first: int, row: int, sets: int, out: Order) -> None:
    """In each set of each ``row`` places of ``out`` the numbers from 0 in a random order (Fisher and Yates), drawn
    from place ``first`` of the stream on.
    """
    n = row // sets
    u = np.empty(out.size)
    fill(words, first, u)
    for lo in range(0, out.size, row):
        for j in range(n):
            out[lo + j * sets : lo + (j + 1) * sets] = j
        for j in range(n - 1, 0, -1):
            # set by set within a row: what one set waits for, another need not
            for s in range(lo, lo + sets):
                here, there = j * sets + s, np.int64(u[j * sets + s] * (j + 1)) * sets + s
                out[here], out[there] = out[there], out[here]


def _stratified_plain(words: Words, row: int, sets: int, out: Array) -> None:
    uniforms(words, 0, out)
    n = row // sets
    for lo in range(0, out.size, row):
        for s in range(sets):
            own = slice(lo + s, lo + row, sets)
            scaled = out[own] * np.arange(1, n + 1)
            order = np.arange(n)
            for j in range(n - 1, 0, -1):
                other = int(scaled[j])
                order[[j, other]] = order[[other, j]]
            out[own] = np.clip((order + scaled % 1.0) / n, ABOVE_NOTHING, BELOW_ONE)


@inner
def _placed(out, order, n):
    for i in range(len(out)):
        u = (order[i] + out[i]) / n
        u = u if u < BELOW_ONE else BELOW_ONE
        out[i] = u if u > ABOVE_NOTHING else ABOVE_NOTHING


@compiled(_stratified_plain)
def stratified(words: Words, row: int, sets: int, out: Array) -> None:
    """Uniforms, one in each of as many strata of equal probability as a set of a row has places, in a random order.

    Of a uniform times a whole number, the whole part says with which place a place changes (Fisher and Yates), and what
    is left, a uniform that is independent of it, where in its stratum a number lies.
    """
    n = row // sets
    order = np.empty(row, dtype=np.int64)
    fill(words, 0, out)
    for lo in range(0, out.size, row):
        for j in range(n):
            order[j * sets : (j + 1) * sets] = j
        for j in range(n - 1, -1, -1):
            for s in range(sets):
                # the largest uniform, times any number of places, is rounded to below it
                here = j * sets + s
                scaled = out[lo + here] * (j + 1)
                whole = np.int64(scaled)
                out[lo + here] = scaled - whole
                there = whole * sets + s
                order[here], order[there] = order[there], order[here]
        _placed(out[lo : lo + row], order, float(n))


@inner
def _add_bit(y, points, column, c):
    for i in range(len(y)):
        y[i] ^= column * ((points[i] >> (_LAST - c)) & _1)


def _scrambled_plain(words: Words, first: int, row: int, sets: int, points: Cells, order: Order, out: Cells) -> None:
    rows = out.size // row
    drawn = np.empty((rows, sets, BITS + 1))
    uniforms(words, first, drawn.reshape(-1))
    bits = (drawn * _WIDE).astype(np.uint64)
    for r in range(rows):
        for s in range(sets):
            own = slice(r * row + s, (r + 1) * row, sets)
            x = points[order[own]]
            y = np.full(x.shape, bits[r, s, BITS])
            for c in range(BITS):
                column = (bits[r, s, c] | _TOP) >> np.uint64(c)
                y ^= np.where((x >> np.uint64(31 - c)) & _1, column, np.uint64(0))
            out[own] = y


@compiled(_scrambled_plain)
def scrambled(words: Words, first: int, row: int, sets: int, points: Cells, order: Order, out: Cells) -> None:
    """Points of a digital net, of 32 bits, scrambled anew in each set by a random linear map and a random shift.

    Bit c of a point adds a column whose first bit is its own and whose bits below are random (Matousek 1998, Journal
    of Complexity 14, 527), so that each point is uniform and the net stays a net.

    Parameters
    ----------
    words, first : the stream and the place in it from which maps and shifts are drawn, ``BITS + 1`` numbers a set.
    row, sets : places in a row, and sets in it.
    points : of the net, with no more than ``BITS`` leading bits.
    order : which point each place takes, shape (place,).
    out : the scrambled points, shape (place,).
    """
    n = row // sets
    u, y = np.empty(BITS + 1), np.empty(n, dtype=np.uint64)
    drawn = first
    for lo in range(0, out.size, row):
        for s in range(lo, lo + sets):
            fill(words, drawn, u)
            drawn += BITS + 1
            y[:] = np.uint64(u[BITS] * _WIDE)
            for c in range(BITS):
                # points before 2**c have no such bit
                if n > 1 << c:
                    column = (np.uint64(u[c] * _WIDE) | _TOP) >> np.uint64(c)
                    _add_bit(y, points, column, np.uint64(c))
            for i in range(s, s + row - sets + 1, sets):
                out[i] = y[order[i]]
