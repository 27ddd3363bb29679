"""The stays of a regime, trial by trial."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pactrisk.kernels.clocks import at_one, first_one
from pactrisk.kernels.compilation import compiled, inner
from pactrisk.kernels.draws import fill, uniform_at
from pactrisk.kernels.quantiles import quantile_one

__all__ = ["arrange", "follow", "trigger"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

_MOST = 1000


@inner
def _ends(now, stay, tau, step):
    # before signature, time runs as it does in the first step
    pace = tau[1] / step
    target = at_one(tau, step, now) + min(now, 0.0) * pace + stay
    if target > 0:
        return max(first_one(tau, step, target), now)
    return now + stay / pace if pace > 0 else now


@inner
def _next(state, trial, world, step, u, targets, many, edges, regime, inside, seen):
    """The state that follows: by the odds of the first entry that holds, the last being the state's own."""
    entry = 0
    while regime[state, entry] >= 0 and seen[regime[state, entry], step, trial] != inside[state, entry]:
        entry += 1
    number = 0
    for j in range(many[state, entry] - 1):
        number += u > edges[state, entry, j, world]
    return targets[state, entry, number]


@compiled()
def trigger(
    events: Array,
    words: Words,
    chance: Array,
    code: int,
    table: Array,
    month: Array,
    trial: Whole,
) -> int:
    """Pushes of events, shape (event, trial): when, and in which trial; returned is how many there are.

    ``words`` are the streams of whether an event pushes and of how long after, shape (2, 5), with ``chance`` one a
    trial, and ``code`` and ``table`` the law of the delay.
    """
    many, worlds = 0, table.shape[1]
    u = np.empty(events.shape[1])
    for j in range(len(events)):
        # most events push nothing: whether they do is drawn for all at once
        fill(words[0], j * len(u), u)
        for i in range(len(u)):
            if u[i] < chance[i] and events[j, i] < math.inf:
                delay = quantile_one(code, table, i % worlds, uniform_at(words[1], j * len(u) + i))
                month[many], trial[many] = events[j, i] + delay, i
                many += 1
    return many


def _arrange_plain(
    month: Array,
    trial: Whole,
    source: Whole,
    times: Array,
    sources: Whole,
) -> None:
    order = np.lexsort((month, trial))
    many = np.bincount(trial, minlength=times.shape[1])
    row = np.arange(len(trial)) - np.repeat(np.cumsum(many) - many, many)
    times[:] = np.inf
    times[row, trial[order]] = month[order]
    sources[row, trial[order]] = source[order]


@compiled(_arrange_plain)
def arrange(
    month: Array,
    trial: Whole,
    source: Whole,
    times: Array,
    sources: Whole,
) -> None:
    """Put pushes in order of time, trial by trial: shapes (push + 1, trial) and (push, trial).

    ``times`` is infinite after the last; pushes of one moment stay in the order in which they are given.
    """
    times[:] = math.inf
    so_far = np.zeros(times.shape[1], dtype=np.int64)
    for p in range(len(month)):
        i = trial[p]
        row = so_far[i]
        while row > 0 and times[row - 1, i] > month[p]:
            times[row, i], sources[row, i] = times[row - 1, i], sources[row - 1, i]
            row -= 1
        times[row, i], sources[row, i] = month[p], source[p]
        so_far[i] += 1


@compiled()
def follow(
    state: Whole,
    until: Array,
    step: float,
    words: Words,
    lasts: Whole,
    tables: Array,
    clock: Whole,
    taus: Array,
    targets: Whole,
    many: Whole,
    edges: Array,
    regime: Whole,
    inside: Whole,
    seen: npt.NDArray[np.int8],
    pushed_at: Array,
    pushed_by: Whole,
    pushed_to: Whole,
    may_leave: Flags,
    states: npt.NDArray[np.int8],
) -> tuple[int, int]:
    """Follow every trial from change to change and fill ``states``, shape (time, trial).

    Parameters
    ----------
    state, until : the state each trial begins in, and when that ends.
    step : months between grid points.
    words : streams of the lengths of stays and of what follows, shape (2, 5).
    lasts, tables : code and table of each state's duration; a code below 0 never ends.
    clock, taus : of each state the place of its clock among ``taus`` (place, trial, time), or below 0 for the
    calendar's. targets, many, edges : of each state and entry the states that can follow, how many, and the levels
    that part them.
    regime, inside, seen : of each state and entry the place among ``seen`` of the regime that decides on it, and the
        state it
        must be in; below 0 for the entry that always holds.
    pushed_at, pushed_by : pushes in order, shapes (push + 1, trial) and (push, trial): when, and by what.
    pushed_to, may_leave : the state that each of these pushes into, and those that it can push from.

    Returns
    -------
    A trial and grid point where it changes without end, or -1 and -1.
    """
    points, trials = states.shape
    horizon, worlds = step * (points - 1), edges.shape[3]
    states[:] = 0
    for i in range(trials):
        now_state, end, world = state[i], until[i], i % worlds
        states[0, i] = now_state
        count, push, changes, at = 0, 0, 0, -1
        while True:
            force = pushed_at[push, i]
            now = min(end, force)
            if not now <= horizon:
                break
            # what happened before signature is seen on that day
            point = int(max(math.ceil(now / step), 0.0))
            if changes % _MOST == 0:
                if at == point:
                    return i, point
                at = point
            changes += 1
            if force <= end:
                source = pushed_by[push, i]
                allowed, following = may_leave[source, now_state], pushed_to[source]
                push += 1
                if not allowed:
                    continue
            else:
                choice = many[now_state, 0] > 1 or regime[now_state, 0] >= 0
                u = uniform_at(words[1], count * trials + i) if choice else 0.5
                before = max(point - 1, 0)
                following = _next(now_state, i, world, before, u, targets, many, edges, regime, inside, seen)
            states[point, i] += following - now_state
            now_state = following
            count += 1
            if lasts[now_state] < 0:
                end = math.inf
                continue
            u = uniform_at(words[0], count * trials + i)
            stay = quantile_one(lasts[now_state], tables[now_state], world, u)
            end = now + stay
            if clock[now_state] >= 0:
                end = _ends(now, stay, taus[clock[now_state], i], step)
    for k in range(1, points):
        for i in range(trials):
            states[k, i] += states[k - 1, i]
    return -1, -1
