"""The stays of a regime: how long each state lasts, what pushes it out, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pactrisk.distributions import Distribution, Real
from pactrisk.drivers.effects import product
from pactrisk.drivers.paths import StatePath
from pactrisk.drivers.process import Setting
from pactrisk.errors import RunError
from pactrisk.quantities import Value

if TYPE_CHECKING:
    from pactrisk.drivers.processes.regime import Regime

__all__ = ["Stays"]

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
_MOST = 1000


class Stays:
    """The stays of one regime in every trial of a block, each with its own pair of uniforms."""

    def __init__(self, regime: Regime, setting: Setting) -> None:
        self.setting, self.grid = setting, setting.grid
        self.names = tuple(sorted(regime.states))
        self.specs = [regime.states[name] for name in self.names]
        worlds = setting.worlds
        self.durations = [None if s.duration is None else worlds.duration(s.duration) for s in self.specs]
        paces = [product(s.effects, setting.paths, worlds, setting.grid, f"drivers.{setting.name}") for s in self.specs]
        self.pace = None
        if any(p is not None for p in paces):
            one = np.ones((setting.grid.steps, setting.trials))
            self.pace = np.stack([one if p is None else p for p in paces])
        self.stay_rows, self.next_rows = setting.rows("stay"), setting.rows("next")
        self.count = np.zeros(setting.trials, dtype=np.intp)
        self.forced_time, self.forced_state, self.forced_from = self._forced(regime)
        self.next_forced = np.zeros(setting.trials, dtype=np.intp)
        trial = np.arange(setting.trials)
        self.state = self._choose(regime.initial_odds(), setting.uniform("initial"))
        elapsed = np.zeros(setting.trials) + setting.value(regime.elapsed)
        self.left = np.full(setting.trials, np.inf)
        for number, duration in enumerate(self.durations):
            who = trial[self.state == number]
            if duration is not None and who.size:
                u = self.stay_rows.pick(self.count[who], who)
                self.left[who] = _take(duration, who).beyond(u, elapsed[who])

    def path(self) -> StatePath:
        """The state at every grid point."""
        states = np.empty((self.grid.points, self.setting.trials), dtype=np.int8)
        forced = self._forced_at()
        if forced is not None:
            # what happened before or on the day of signature is seen on that day
            self._change(0, np.nonzero(forced <= 0)[0], 0.0)
        states[0] = self.state
        for k in range(self.grid.steps):
            self._step(k)
            states[k + 1] = self.state
        return StatePath(states, self.names)

    def _pace(self, k: int, who: Indices | slice) -> Real:
        if self.pace is None:
            return 1.0
        trial = np.arange(self.setting.trials)[who]
        return np.asarray(self.pace[self.state[who], k, trial])

    def _step(self, k: int) -> None:
        length = float(self.grid.step)
        pace = self._pace(k, slice(None))
        worked = pace * length
        changing = self.left <= worked
        forced = self._forced_at()
        if forced is not None:
            changing = changing | (forced <= (k + 1) * length)
        who = np.nonzero(changing)[0]
        self.left -= worked
        if who.size:
            self.left[who] += np.broadcast_to(worked, self.left.shape)[who]
            self._change(k, who, length)

    def _forced_at(self) -> Array | None:
        if self.forced_time is None:
            return None
        return self.forced_time[self.next_forced, np.arange(self.setting.trials)]

    def _change(self, k: int, who: Indices, length: float) -> None:
        """Follow the trials in ``who`` through the first ``length`` months of step k, change by change."""
        start = k * float(self.grid.step)
        now = np.zeros(who.size)
        for _ in range(_MOST):
            pace = np.asarray(self._pace(k, who))
            with np.errstate(divide="ignore", invalid="ignore"):
                exit_in = np.where(pace > 0, self.left[who] / pace, np.inf)
            push_in = np.full(who.size, np.inf)
            if self.forced_time is not None:
                push_in = self.forced_time[self.next_forced[who], who] - start - now
            ahead = np.minimum(exit_in, push_in)
            goes = now + ahead <= length
            stays = who[~goes]
            # infinite stays stay infinite; finite ones use up the rest of the step
            self.left[stays] -= np.broadcast_to(pace, who.shape)[~goes] * (length - now[~goes])
            if not goes.any():
                return
            pushed = goes & (push_in <= exit_in)
            used = np.broadcast_to(pace, who.shape) * ahead
            moving, moved_at, by_push = who[goes], (now + ahead)[goes], pushed[goes]
            self.left[moving] -= used[goes]
            self._leave(k, moving[~by_push])
            if by_push.any():
                self._push(moving[by_push])
            who, now = moving, np.minimum(moved_at, length)
        raise RunError(
            f"drivers.{self.setting.name}: more than {_MOST} changes of state between {self.grid.dates[k]} and "
            f"{self.grid.dates[k + 1]} (world {int(who[0]) % self.setting.worlds.count} of block "
            f"{self.setting.worlds.streams.block}); durations are too short"
        )

    def _leave(self, k: int, who: Indices) -> None:
        if not who.size:
            return
        u = self.next_rows.pick(self.count[who], who)
        target = self.state[who].copy()
        for number in np.unique(self.state[who]):
            here = self.state[who] == number
            some = who[here]
            spec = self.specs[number]
            chosen = self._choose(spec.next, u[here], some)
            for entry in reversed(spec.when):
                regime = self.setting.paths.regime(entry.driver)
                inside = regime.states[k, some] == regime.names.index(entry.state)
                chosen = np.where(inside, self._choose(entry.next, u[here], some), chosen)
            target[here] = chosen
        self._enter(who, target)

    def _push(self, who: Indices) -> None:
        assert self.forced_state is not None
        row = self.next_forced[who]
        self.next_forced[who] += 1
        target = self.forced_state[row, who]
        allowed = self.forced_from[row, who, self.state[who]] & (target != self.state[who])
        self._enter(who[allowed], target[allowed].astype(np.intp))

    def _enter(self, who: Indices, target: npt.NDArray[np.intp]) -> None:
        self.state[who] = target
        self.count[who] += 1
        if not who.size:
            return
        u = self.stay_rows.pick(self.count[who], who)
        stay = np.full(who.size, np.inf)
        for number in np.unique(target):
            duration = self.durations[number]
            if duration is not None:
                here = target == number
                stay[here] = _take(duration, who[here]).ppf(u[here])
        self.left[who] = stay

    def _choose(self, odds: Mapping[str, Value], u: Array, who: Indices | None = None) -> npt.NDArray[np.intp]:
        """The state at level ``u`` of the odds, taken in the order of the states' names."""
        order = sorted(odds, key=self.names.index)
        chances = []
        for name in order:
            chance = np.asarray(self.setting.value(odds[name]))
            chances.append(np.broadcast_to(chance[who] if chance.ndim and who is not None else chance, u.shape))
        edges = np.cumsum(chances, axis=0)
        edges = edges / edges[-1]
        number = (u > edges[:-1]).sum(axis=0) if len(order) > 1 else np.zeros(u.shape, dtype=np.intp)
        places = np.array([self.names.index(name) for name in order], dtype=np.intp)
        return np.asarray(places[number])

    def _forced(self, regime: Regime) -> tuple[Array | None, npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
        """Pushes in order of time: month, state and the states that can be left, shapes (push, trial[, state])."""
        n = self.setting.trials
        times, states, froms = [], [], []
        for month, word in self.setting.forced:
            times.append(np.full((1, n), month))
            states.append(np.full((1, n), self.names.index(word)))
            froms.append(np.ones((1, n, len(self.names)), dtype=bool))
        seen: dict[str, int] = {}
        for trigger in sorted(regime.triggers, key=lambda t: t.ordered()):
            events = self.setting.paths.events(trigger.driver).times
            address = f"trigger/{trigger.driver}/{trigger.state}"
            seen[address] = seen.get(address, 0) + 1
            address += f"/{seen[address]}" if seen[address] > 1 else ""
            chance = self.setting.rows(f"{address}/chance").upto(len(events))[: len(events)]
            delay = self.setting.worlds.duration(trigger.delay)
            waits = self.setting.rows(f"{address}/delay").upto(len(events))[: len(events)]
            pushed = chance < self.setting.value(trigger.chance)
            wait = delay.ppf(waits) if len(events) else np.zeros_like(waits)
            times.append(np.where(pushed, events + wait, np.inf))
            states.append(np.full(events.shape, self.names.index(trigger.state)))
            may = [not trigger.only_from or name in trigger.only_from for name in self.names]
            froms.append(np.broadcast_to(np.array(may), (*events.shape, len(self.names))))
        if not times:
            return None, np.empty((0, n), np.intp), np.empty((0, n, len(self.names)), bool)
        time, state, leave = np.concatenate(times), np.concatenate(states), np.concatenate(froms)
        order = np.argsort(time, axis=0, kind="stable")
        trial = np.arange(n)
        end = np.full((1, n), np.inf)
        return np.concatenate([time[order, trial], end]), state[order, trial], leave[order, trial]


def _take(duration: Distribution, who: Indices) -> Distribution:
    """The distribution for some of the trials."""

    def some(x: Real | None) -> Real | None:
        return x[who] if isinstance(x, np.ndarray) and x.ndim else x

    parameters = {name: some(x) for name, x in duration.parameters.items()}
    return Distribution(duration.family, parameters, some(duration.low), some(duration.high), duration.bounds)  # type: ignore[arg-type]
