"""The stays of a regime: how long each state lasts, what pushes it out, what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.clocks import Clock
from pactrisk.distributions import Distribution, Real
from pactrisk.drivers.effects import product
from pactrisk.drivers.paths import StatePath
from pactrisk.drivers.process import Setting
from pactrisk.drivers.states import Odds, State, Trigger
from pactrisk.drivers.stay_tables import Pushes, Tables, edges
from pactrisk.errors import RunError
from pactrisk.quantities import Value
from pactrisk.streams import block_name
from pactrisk.survival import left

__all__ = ["Stays"]

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
States = npt.NDArray[np.int8]
_MOST = 1000


class Stays:
    """The stays of one regime in every trial of a block, each with its own pair of uniforms.

    Trials are followed from change to change by a compiled loop; where a duration is of a family that the loop does not
    know, and in the tests, all together by the plain twin.
    """

    def __init__(
        self,
        setting: Setting,
        states: Mapping[str, State],
        initial: Odds,
        elapsed: Value,
        triggers: Sequence[Trigger],
    ) -> None:
        self.setting, self.grid = setting, setting.grid
        self.names = tuple(sorted(states))
        self.specs = [states[name] for name in self.names]
        worlds = setting.worlds
        self.durations = [None if s.duration is None else worlds.duration(s.duration) for s in self.specs]
        self.clocks = [self._clock(spec) for spec in self.specs]
        self.stay_rows, self.next_rows = setting.rows("stay"), setting.rows("next")
        self.count = np.zeros(setting.trials, dtype=np.intp)
        self.pushes = self._forced(triggers)
        self.next_forced = np.zeros(setting.trials, dtype=np.intp)
        self.state = self._choose(initial, setting.uniform("initial"))
        self.until = np.full(setting.trials, np.inf)
        spent, first = setting.each(setting.value(elapsed)), self.stay_rows.row(0)
        for number, duration in enumerate(self.durations):
            who = np.nonzero(self.state == number)[0]
            if duration is not None and who.size:
                law, level, since = _take(duration, who), first[who], spent[who]
                stay = left(law, level, since) if since.any() else law.ppf(level)
                self.until[who] = self._ends(number, np.zeros(who.size), stay, who)

    def _clock(self, spec: State) -> Clock | None:
        """The clock of the time in a state; None where it is that of the calendar."""
        pace = product(spec.effects, self.setting.paths, self.setting.worlds, self.grid, f"drivers.{self.setting.name}")
        return None if pace is None else Clock.from_pace(pace, self.grid.step)

    def path(self) -> StatePath:
        """The state at every grid point."""
        before = self.state.astype(np.int8)
        rules = self.setting, self.names, self.specs, self.durations, self.clocks, self.pushes
        tables = Tables.of(*rules) if kernels.compilation.compiling() else None
        states = self._in_turn() if tables is None else self._at_once(tables)
        return StatePath(states, self.names, None if (states[0] == before).all() else before)

    def _at_once(self, tables: Tables) -> States:
        """By the compiled loop, each trial from its first change to its last."""
        states = np.empty((self.grid.points, self.setting.trials), dtype=np.int8)
        follow: Callable[..., tuple[int, int]] = kernels.stays.follow
        trial, point = follow(self.state, self.until, float(self.grid.step), *tables.given(), states)
        if trial >= 0:
            self._stop(trial, point)
        return states

    def _in_turn(self) -> States:
        """The plain twin of the loop: all trials together, from change to change."""
        trials = self.setting.trials
        # first the changes alone, at the grid point that sees them; a grid point sees what happened up to and on it
        states = np.zeros((self.grid.points, trials), dtype=np.int8)
        states[0] = self.state
        flat = states.reshape(-1)
        horizon = float(self.grid.steps * self.grid.step)
        who = np.arange(trials)
        seen = np.full(trials, -1, dtype=np.intp)
        changes = 0
        while True:
            exit_at = self.until[who]
            push_at = self._pushed_at(who)
            now = exit_at if push_at is None else np.minimum(exit_at, push_at)
            going = now <= horizon
            if not going.all():
                who, now, exit_at = who[going], now[going], exit_at[going]
                push_at = None if push_at is None else push_at[going]
            if not who.size:
                break
            # what happened before signature is seen on that day
            point = np.maximum(np.ceil(now / self.grid.step), 0.0).astype(np.intp)
            if changes % _MOST == 0:
                self._check(who, point, seen)
                seen[who] = point
            changes += 1
            before = self.state[who]
            self._change(who, now, None if push_at is None else push_at <= exit_at, np.maximum(point - 1, 0))
            flat[point * trials + who] += (self.state[who] - before).astype(np.int8)
        for k in range(self.grid.steps):
            np.add(states[k], states[k + 1], out=states[k + 1])
        return states

    def _pushed_at(self, who: Indices) -> Array | None:
        times = self.pushes[0]
        return None if times is None else times[self.next_forced[who], who]

    def _check(self, who: Indices, point: Indices, seen: Indices) -> None:
        """Stop where a trial has not left a step since the last time of asking."""
        stuck = np.nonzero(seen[who] == point)[0]
        if stuck.size:
            self._stop(int(who[stuck[0]]), int(point[stuck[0]]))

    def _stop(self, trial: int, point: int) -> None:
        k, worlds = max(point, 1), self.setting.worlds
        raise RunError(
            f"drivers.{self.setting.name}: more than {_MOST} changes of state between {self.grid.dates[k - 1]} "
            f"and {self.grid.dates[k]} (world {trial % worlds.count} of {block_name(worlds.streams.block)}); "
            "durations are too short"
        )

    def _change(self, who: Indices, now: Array, pushed: npt.NDArray[np.bool_] | None, step: Indices) -> None:
        """The next change of the trials in ``who``, which happens at ``now`` in ``step``."""
        if pushed is None:
            self._enter(who, self._following(who, step), now)
            return
        leaves = ~pushed
        if leaves.any():
            target = self._following(who[leaves], step[leaves])
            self._enter(who[leaves], target, now[leaves])
        if pushed.any():
            self._push(who[pushed], now[pushed])

    def _push(self, who: Indices, now: Array) -> None:
        _, sources, states, may_leave = self.pushes
        source = sources[self.next_forced[who], who]
        self.next_forced[who] += 1
        target, allowed = states[source], may_leave[source, self.state[who]]
        self._enter(who[allowed], target[allowed], now[allowed])

    def _following(self, who: Indices, step: Indices) -> Indices:
        """The states that follow, by the odds that hold in ``step``."""
        state = self.state[who]
        target = state.copy()
        for number, spec in enumerate(self.specs):
            here = np.nonzero(state == number)[0]
            if not here.size or not spec.next:
                continue
            if len(spec.next) == 1 and not spec.when:
                target[here] = self.names.index(next(iter(spec.next)))
                continue
            some = who[here]
            u = self.next_rows.pick(self.count[some], some)
            chosen = self._choose(spec.next, u, some)
            for entry in reversed(spec.when):
                regime = self.setting.paths.regime(entry.driver)
                inside = regime.states[step[here], some] == regime.names.index(entry.state)
                chosen = np.where(inside, self._choose(entry.next, u, some), chosen)
            target[here] = chosen
        return target

    def _enter(self, who: Indices, target: Indices, now: Array) -> None:
        """Begin a stay, of a length drawn anew."""
        if not who.size:
            return
        self.state[who] = target
        self.count[who] += 1
        for number, duration in enumerate(self.durations):
            here = np.nonzero(target == number)[0]
            some = who[here]
            if duration is None:
                self.until[some] = np.inf
            elif here.size:
                u = self.stay_rows.pick(self.count[some], some)
                self.until[some] = self._ends(number, now[here], _take(duration, some).ppf(u), some)

    def _ends(self, number: int, now: Array, stay: Array, who: Indices) -> Array:
        """When a stay of so many undisturbed months that begins ``now`` ends."""
        clock = self.clocks[number]
        if clock is None:
            return now + stay
        # before signature, time runs as it does in the first step
        pace = clock.tau[1, who] / clock.step
        target = clock.at(now, who) + np.minimum(now, 0.0) * pace + stay
        with np.errstate(divide="ignore", invalid="ignore"):
            early = now + stay / pace
        return np.where(target > 0, np.maximum(clock.first(target, who), now), np.where(pace > 0, early, now))

    def _choose(self, odds: Odds, u: Array, who: Indices | None = None) -> Indices:
        """The state at level ``u`` of the odds, taken in the order of the states' names."""
        places, levels = edges(self.setting, self.names, odds)
        number = np.zeros(u.shape, dtype=np.intp)
        for edge in levels:
            number += u > (edge[who] if isinstance(edge, np.ndarray) and edge.ndim and who is not None else edge)
        return np.asarray(places[number])

    def _forced(self, triggers: Sequence[Trigger]) -> Pushes:
        """Pushes in order of time, as :data:`Pushes` has them."""
        n = self.setting.trials
        every = np.arange(n)
        shocks = [
            (np.full(n, month), every, self.names.index(word), np.ones(len(self.names), dtype=bool))
            for month, word in self.setting.forced
        ]
        # of what happens at one moment the last counts: a regime that is put into a state on a day is in it
        pushes = self._triggered(triggers) + shocks
        if not pushes:
            return None, np.empty((0, n), np.intp), np.empty(0, np.intp), np.empty((0, len(self.names)), bool)
        source = np.repeat(np.arange(len(pushes)), [len(month) for month, *_ in pushes])
        month = np.concatenate([month for month, *_ in pushes])
        trial = np.concatenate([trial for _, trial, *_ in pushes])
        most = int(np.bincount(trial, minlength=n).max(initial=0))
        times, sources = np.empty((most + 1, n)), np.zeros((most, n), dtype=np.intp)
        kernels.stays.arrange(month, trial, source, times, sources)
        states = np.array([state for *_, state, _ in pushes], dtype=np.intp)
        return times, sources, states, np.array([may for *_, may in pushes])

    def _triggered(self, triggers: Sequence[Trigger]) -> list[tuple[Array, Indices, int, npt.NDArray[np.bool_]]]:
        """Of each trigger: months and trials of its pushes, the state it pushes into, the states it can push from."""
        seen: dict[str, int] = {}
        found = []
        for trigger in sorted(triggers, key=lambda t: t.ordered()):
            events = self.setting.paths.events(trigger.driver).times
            address = f"trigger/{trigger.driver}/{trigger.state}"
            seen[address] = seen.get(address, 0) + 1
            address += f"/{seen[address]}" if seen[address] > 1 else ""
            # an event pushes nothing into the state where it is already; a dated shock begins its stay anew
            may = [
                name != trigger.state and (not trigger.only_from or name in trigger.only_from) for name in self.names
            ]
            source = self.names.index(trigger.state), np.array(may)
            coded = self.setting.worlds.duration(trigger.delay).coded(self.setting.worlds.count)
            if coded is not None and kernels.compilation.compiling():
                found.append((*self._pushes(events, address, self.setting.value(trigger.chance), *coded), *source))
                continue
            event, trial = np.nonzero(np.isfinite(events))
            pushes = np.broadcast_to(self.setting.value(trigger.chance), self.setting.trials)[trial]
            does = self.setting.rows(f"{address}/chance").pick(event, trial) < pushes
            event, trial = event[does], trial[does]
            month = events[event, trial]
            if len(month):
                delay = _take(self.setting.worlds.duration(trigger.delay), trial)
                month = month + delay.ppf(self.setting.rows(f"{address}/delay").pick(event, trial))
            found.append((month, trial, *source))
        return found

    def _pushes(self, events: Array, address: str, chance: Real, code: int, table: Array) -> tuple[Array, Indices]:
        words = np.stack([self.setting.rows(f"{address}/{word}").words for word in ("chance", "delay")])
        month, trial = np.empty(events.size), np.empty(events.size, dtype=np.int64)
        many = kernels.stays.trigger(events, words, self.setting.each(chance), code, table, month, trial)
        return month[:many], trial[:many]


def _take(duration: Distribution, who: Indices) -> Distribution:
    """The distribution for some of the trials."""

    def some(x: Real | None) -> Real | None:
        return x[who] if isinstance(x, np.ndarray) and x.ndim else x

    parameters = {name: some(x) for name, x in duration.parameters.items()}
    return Distribution(duration.family, parameters, some(duration.low), some(duration.high), duration.bounds)  # type: ignore[arg-type]
