"""When events happen, and what they leave behind: each by a compiled loop, or by its plain twin."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.clocks import Clock
from pactrisk.drivers.paths import EventPath
from pactrisk.drivers.process import Setting, at
from pactrisk.errors import RunError

__all__ = ["arrivals", "excited", "path"]

Array = npt.NDArray[np.float64]
_MOST = 5000


def arrivals(setting: Setting, rate: Array, clock: Clock | None, remedy: str) -> Array:
    """Times of a Poisson process, shape (event, trial), in order, infinite where there are no more.

    ``rate`` a month is one a trial, or ``clock`` is its integral. The j-th event takes an exponential amount of it.
    """
    horizon, step = float(setting.grid.steps * setting.grid.step), float(setting.grid.step)
    each = setting.each(rate if clock is None else 0.0)
    least = horizon * each if clock is None else np.ascontiguousarray(clock.tau[-1])
    tau = np.empty((0, 1)) if clock is None else clock.by_trial
    words = setting.rows("arrivals").words
    # enough for all trials but in one block of a million
    largest = float(least.max(initial=0.0))
    rows = min(int(largest + 6 * np.sqrt(largest) + 8), _MOST)
    while True:
        times = np.empty((rows, setting.trials))
        used = kernels.events.arrivals(words, least, each, tau, step, horizon, times)
        if used <= rows:
            return times[:used]
        if rows >= _MOST:
            raise _too_many(setting, remedy)
        rows = min(2 * rows, _MOST)


def excited(setting: Setting, immigrants: Array, branching: Array, decay: Array, remedy: str) -> Array:
    """Times of the immigrants and of all that follow from them, by Ogata's exact conditional inverse."""
    table = np.concatenate([immigrants, np.full((1, setting.trials), np.inf)])
    horizon = float(setting.grid.steps * setting.grid.step)
    if not kernels.compilation.compiling():
        return _excited_plain(setting, table, branching, decay, horizon, remedy)
    words = setting.rows("offspring").words
    return _room(
        setting,
        remedy,
        2 * len(table) + 8,
        lambda out: kernels.events.excited(words, table, branching, decay, horizon, _MOST, out),
    )


def path(setting: Setting, times: Array, decay: Array, impulse: Array) -> EventPath:
    """Events in each step, and the sum of their decaying impulses; ``decay`` a month."""
    if not kernels.compilation.compiling():
        return _path_plain(setting, times, decay, impulse)
    shape = (setting.grid.points, setting.trials)
    counts, values, step = np.empty(shape, dtype=np.int16), np.empty(shape), float(setting.grid.step)
    rates, fade, each = (setting.rows_of(x) for x in (decay, np.exp(-decay * step), impulse))
    kernels.events.decaying(np.ascontiguousarray(times), rates, fade, each, step, counts, values)
    return EventPath(values, counts, times, before=_before(times))


def _before(times: Array) -> Array | None:
    """Nought for every trial where an event falls on the day of signature."""
    return np.zeros(times.shape[1]) if len(times) and not times[0].all() else None


def _room(setting: Setting, remedy: str, rows: int, fill: Callable[[Array], int]) -> Array:
    """What ``fill`` fills, in ``rows`` or as many more as it says that it needs."""
    while True:
        out = np.empty((rows, setting.trials))
        needed = fill(out)
        if needed < 0:
            raise _too_many(setting, remedy)
        if needed <= rows:
            return out[:needed]
        rows = needed


def _too_many(setting: Setting, remedy: str) -> RunError:
    return RunError(f"drivers.{setting.name}: more than {_MOST} events in a trial; {remedy}")


def _excited_plain(setting: Setting, table: Array, branching: Array, beta: Array, horizon: float, remedy: str) -> Array:
    n = setting.trials
    rows, trial = setting.rows("offspring"), np.arange(n)
    next_immigrant = np.zeros(n, dtype=np.intp)
    offspring = np.zeros(n, dtype=np.intp)
    owed = -np.log1p(-rows.pick(offspring, trial))
    now, excess = np.zeros(n), np.zeros(n)
    times: list[Array] = []
    for _ in range(_MOST):
        arrives = table[next_immigrant, trial]
        with np.errstate(divide="ignore", invalid="ignore"):
            left = 1 - beta * owed / excess
            born = np.where((excess > 0) & (left > 0), now - np.log(np.where(left > 0, left, 1)) / beta, np.inf)
        time = np.minimum(arrives, born)
        alive = time < horizon
        if not alive.any():
            return np.array(times).reshape(len(times), n)
        times.append(np.where(alive, time, np.inf))
        by_birth = alive & (born < arrives)
        fade = np.exp(-beta * np.where(alive, time - now, 0.0))
        owed = np.where(alive, owed - excess * (1 - fade) / beta, owed)
        excess = np.where(alive, excess * fade + branching * beta, excess)
        now = np.where(alive, time, now)
        next_immigrant = next_immigrant + (alive & ~by_birth)
        if by_birth.any():
            offspring = offspring + by_birth
            who = np.nonzero(by_birth)[0]
            owed[who] = -np.log1p(-rows.pick(offspring[who], who))
    raise _too_many(setting, remedy)


def _path_plain(setting: Setting, times: Array, decay: Array, impulse: Array) -> EventPath:
    points, n, step = setting.grid.points, setting.trials, setting.grid.step
    event, trial = np.nonzero(np.isfinite(times))
    month = times[event, trial]
    # a grid point sees what happened up to and on it
    k = np.ceil(month / step).astype(np.intp)
    cell = k * n + trial
    counts = np.bincount(cell, minlength=points * n).reshape(points, n).astype(np.int16)
    steps = (setting.grid.steps, n)
    during = np.maximum(k - 1, 0), trial
    fresh: Array = np.exp(-np.broadcast_to(decay, steps)[during] * (k * step - month))
    fresh *= np.broadcast_to(impulse, steps)[during]
    values: Array = np.bincount(cell, weights=fresh, minlength=points * n).reshape(points, n).astype(np.float64)
    fade = np.exp(-decay * step)
    for k_ in range(1, points):
        values[k_] += values[k_ - 1] * at(fade, k_ - 1)
    return EventPath(values, counts, times, before=_before(times))
