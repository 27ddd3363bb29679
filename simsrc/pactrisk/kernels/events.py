"""Events in time, trial by trial."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pactrisk.kernels.clocks import first_one, first_plain
from pactrisk.kernels.compilation import compiled
from pactrisk.kernels.draws import fill, uniform_at, uniforms_plain

__all__ = ["arrivals", "decaying", "excited"]

Array = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]


def _arrivals_plain(
    words: Words, owed_by: Array, rate: Array, tau: Array, step: float, horizon: float, times: Array
) -> int:
    u = np.empty(times.size)
    uniforms_plain(words, 0, u)
    # logarithms of the C library, as in the loop
    owed = np.cumsum(np.array([-math.log1p(-x) for x in u]).reshape(times.shape), axis=0)
    happens = owed <= owed_by
    event, trial = np.nonzero(happens)
    out = np.empty(len(event))
    if len(tau):
        first_plain(tau, step, owed[event, trial], trial, out)
    else:
        out[:] = owed[event, trial] / rate[trial]
    times[:] = np.inf
    times[event, trial] = np.where(out < horizon, out, np.inf)
    return int(len(times) + 1 if happens[-1].any() else happens.sum(axis=0).max(initial=0))


@compiled(_arrivals_plain)
def arrivals(words: Words, owed_by: Array, rate: Array, tau: Array, step: float, horizon: float, times: Array) -> int:
    """Times of a Poisson process into ``times``, shape (event, trial), in order, infinite where there are no more.

    Parameters
    ----------
    words : the stream of what each event takes of the integral of the rate: an exponential amount.
    owed_by : that integral up to the horizon, shape (trial,).
    rate, tau : a rate a month, shape (trial,), or if ``tau`` is not empty a clock of the rate, shape (trial, time).
    step, horizon : months between grid points, and to the last of them; nothing is seen from then on.

    Returns
    -------
    Rows that hold an event by the integral of the rate; more than there are where they may not be enough.
    """
    rows: int = times.shape[0]
    trials: int = times.shape[1]
    owed, u = np.zeros(trials), np.empty(trials)
    for j in range(rows):
        fill(words, j * trials, u)
        last = False
        for i in range(trials):
            times[j, i] = math.inf
            if owed[i] <= owed_by[i]:
                owed[i] -= math.log1p(-u[i])
                if owed[i] <= owed_by[i]:
                    last = True
                    time = first_one(tau[i], step, owed[i]) if len(tau) else owed[i] / rate[i]
                    times[j, i] = time if time < horizon else math.inf
        if not last:
            return j
    return rows + 1


@compiled()
def excited(
    words: Words, immigrants: Array, branching: Array, decay: Array, horizon: float, most: int, times: Array
) -> int:
    """Times of a self-exciting process: the ``immigrants``, shape (event + 1, trial), the last row infinite, and
    their offspring.

    After each event the rate is higher by ``branching * decay`` and falls back at the rate ``decay``. What is
    returned is as in :func:`arrivals`.
    """
    rows, trials = times.shape
    times[:] = math.inf
    largest = 0
    for i in range(trials):
        beta, lift = decay[i], branching[i] * decay[i]
        now, excess, j, immigrant, born_so_far = 0.0, 0.0, 0, 0, 0
        owed = -math.log1p(-uniform_at(words, i))
        while True:
            born = math.inf
            if excess > 0.0:
                left = 1.0 - beta * owed / excess
                if left > 0.0:
                    born = now - math.log(left) / beta
            arrives = immigrants[immigrant, i]
            time = min(arrives, born)
            if not time < horizon:
                break
            if j >= most:
                return -1
            if j < rows:
                times[j, i] = time
            j += 1
            fade = math.exp(-beta * (time - now))
            owed -= excess * (1.0 - fade) / beta
            excess = excess * fade + lift
            now = time
            if born < arrives:
                born_so_far += 1
                owed = -math.log1p(-uniform_at(words, born_so_far * trials + i))
            else:
                immigrant += 1
        largest = max(largest, j)
    return largest


@compiled()
def decaying(
    times: Array, decay: Array, fade: Array, impulse: Array, step: float, counts: npt.NDArray[np.int16], values: Array
) -> None:
    """Events of each step into ``counts`` and the sum of their decaying impulses into ``values``, shape (time, trial).

    ``decay``, ``fade`` (what is left after a step) and ``impulse`` have shape (row, trial), one row or one a step.
    """
    points, trials = values.shape
    counts[:] = 0
    values[:] = 0.0
    for j in range(len(times)):
        for i in range(trials):
            month = times[j, i]
            if month < math.inf:
                # a grid point sees what happened up to and on it
                k = math.ceil(month / step)
                during = max(k - 1, 0)
                counts[k, i] += 1
                left = math.exp(-decay[min(during, len(decay) - 1), i] * (k * step - month))
                values[k, i] += left * impulse[min(during, len(impulse) - 1), i]
    for k in range(1, points):
        row = min(k - 1, len(fade) - 1)
        for i in range(trials):
            values[k, i] += values[k - 1, i] * fade[row, i]
