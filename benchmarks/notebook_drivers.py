"""The drivers of the notebook: prices, states and events, month by month (see ``notebook.py``)."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.drivers import order
from pactrisk.drivers.effects import Effect
from pactrisk.quantities import Duration, Spread, Value
from pactrisk.scenario import Scenario

Array = npt.NDArray[np.float64]
Real = float | Array
Trials = npt.NDArray[np.intp]


class Drivers:
    """The drivers of one batch of trials: trial i belongs to world ``i % worlds``."""

    def __init__(self, scenario: Scenario, months: int, rng: np.random.Generator, worlds: int, per_world: int) -> None:
        self.scenario, self.months, self.rng = scenario, months, rng
        self.worlds, self.per_world, self.n = worlds, per_world, worlds * per_world
        self.drawn: dict[str, Array] = {}
        self.drivers: dict[str, Any] = {name: scenario.driver(name) for name in order(scenario.drivers)}
        # states and values have twelve rows before the first month, for lags and averages
        self.state: dict[str, Trials] = {}
        self.left: dict[str, Array] = {}
        self.history: dict[str, Array] = {}
        self.states_before: dict[str, npt.NDArray[np.int8]] = {}
        self.counts: dict[str, npt.NDArray[np.int64]] = {}
        self.excess: dict[str, Array] = {}
        self.pending: dict[tuple[str, int], list[tuple[Trials, Array, str, tuple[str, ...]]]] = {}
        self.begin_drivers()

    # ------------------------------------------------------------------------------------------------ numbers

    def value(self, x: Value) -> Real:
        """A number, or one a trial that is the same in all trials of a world."""
        if not isinstance(x, Spread):
            return x
        if not x.spread:
            return float(x.parameters["value"])
        if x.address not in self.drawn:
            drawn = x.distribution().ppf(self.rng.random(self.worlds))
            self.drawn[x.address] = np.tile(drawn, self.per_world)
        return self.drawn[x.address]

    def some(self, x: Value, who: Trials) -> Real:
        value = self.value(x)
        return value[who] if isinstance(value, np.ndarray) else value

    def duration(self, d: Duration | None, who: Trials) -> Array:
        """Undisturbed months, one a trial of ``who``."""
        if d is None:
            return np.full(len(who), np.inf)
        if not isinstance(d, Spread):
            return np.full(len(who), float(d))
        p = {name: self.some(x, who) for name, x in d.parameters.items()}
        size = len(who)
        if d.family == "fixed":
            return np.zeros(size) + p["value"]
        if d.family == "uniform":
            return np.asarray(p["low"] + (p["high"] - p["low"]) * self.rng.random(size))
        if d.family == "exponential":
            return np.asarray(p["mean"] * self.rng.standard_exponential(size))
        if d.family == "lognormal":
            return np.asarray(p["median"] * np.exp(p["sigma"] * self.rng.standard_normal(size)))
        if d.family == "weibull":
            return np.asarray(p["scale"] * self.rng.weibull(p["shape"], size))
        if d.family == "log_logistic":
            u = self.rng.random(size)
            return np.asarray(p["median"] * (u / (1 - u)) ** (1 / np.asarray(p["shape"])))
        if d.family == "quantiles" and len(p) == 2:
            (first, low), (second, high) = sorted(p.items())
            z = [NormalDist().inv_cdf(int(name[1:]) / 100) for name in (first, second)]
            sigma = (np.log(high) - np.log(low)) / (z[1] - z[0])
            return np.asarray(np.exp(np.log(low) + sigma * (self.rng.standard_normal(size) - z[0])))
        raise NotImplementedError(f"the notebook draws no {d.family} of {len(p)} parameters")

    # ------------------------------------------------------------------------------------------------ drivers

    def begin_drivers(self) -> None:
        every = np.arange(self.n)
        for name, d in self.drivers.items():
            if d.kind == "regime":
                names = list(d.states)
                if not isinstance(d.initial, str):
                    raise NotImplementedError("the notebook starts a regime in one state")
                self.state[name] = np.full(self.n, names.index(d.initial))
                self.left[name] = self.residual(d, every)
                self.states_before[name] = np.zeros((self.months + 13, self.n), np.int8)
                self.states_before[name][:13] = self.state[name]
            elif d.kind == "events":
                self.counts[name] = np.zeros((self.months + 1, self.n), np.int64)
                self.excess[name] = np.zeros(self.n)
            else:
                self.history[name] = np.empty((self.months + 13, self.n))
                self.history[name][:13] = self.first_value(d)
            if d.kind == "two_factor":
                self.left[name] = np.zeros(self.n)  # the deviation that passes
        self.log = {
            name: np.log(self.history[name][12])
            for name, d in self.drivers.items()
            if d.kind in ("two_factor", "mean_reverting")
        }

    def residual(self, d: Any, who: Trials) -> Array:
        """Time left in the first state, of which some has passed."""
        first = d.states[d.initial].duration
        elapsed = self.value(d.elapsed)
        if isinstance(elapsed, float | int) and elapsed == 0:
            return self.duration(first, who)
        if not isinstance(first, Spread) or first.family != "weibull":
            raise NotImplementedError("the notebook knows what is left of a Weibull only")
        scale, shape = (self.value(first.parameters[word]) for word in ("scale", "shape"))
        owed = (elapsed / np.asarray(scale)) ** shape + self.rng.standard_exponential(self.n)
        return np.asarray(scale * owed ** (1 / np.asarray(shape)) - elapsed)

    def first_value(self, d: Any) -> Real:
        if d.kind == "trend":
            return self.trend(d, 0)
        return self.value(d.initial)

    def trend(self, d: Any, k: int) -> Real:
        if d.interpolation != "step":
            raise NotImplementedError("the notebook steps from value to value")
        start = self.scenario.signed
        month = [
            (v.date.year - start.year) * 12 + v.date.month - start.month + (v.date.day - start.day) / 31
            for v in d.values
        ]
        past = [v for m, v in zip(month, d.values, strict=True) if m <= k]
        return self.value((past or d.values)[-1 if past else 0].value)

    def parameter(self, d: Any, name: str) -> Real:
        """A number of a driver, with its other values while a regime is in a state."""
        result = self.value(getattr(d, name))
        for entry in reversed(d.when):
            other = getattr(entry, name, None)
            if other is not None:
                result = np.where(self.is_in(entry.driver, entry.state), self.value(other), result)
        return result

    def is_in(self, regime: str, state: str) -> npt.NDArray[np.bool_]:
        return np.asarray(self.state[regime] == list(self.drivers[regime].states).index(state))

    def move_drivers(self, k: int) -> None:
        """From month k to k + 1: everything reads the states and values of month k."""
        new_state = {}
        common = {name: self.common_cause(name) for name in self.scenario.factors}
        for name, d in self.drivers.items():
            if d.kind == "regime":
                new_state[name] = self.move_regime(name, d, k)
            elif d.kind == "events":
                self.move_events(name, d, k)
            elif d.kind == "two_factor":
                self.history[name][k + 13] = self.move_two_factor(name, d, common)
            elif d.kind == "mean_reverting":
                kappa = 12 * math.log(2) / np.asarray(self.parameter(d, "half_life"))
                phi = np.exp(-kappa / 12)
                sd = self.parameter(d, "volatility") * np.sqrt((1 - phi**2) / (2 * kappa))
                level = np.log(self.parameter(d, "level"))
                self.log[name] = level + (self.log[name] - level) * phi + sd * self.shock(d, common)
                self.history[name][k + 13] = np.exp(self.log[name])
            elif d.kind == "index":
                phi = 0.5 ** (1 / np.asarray(self.parameter(d, "half_life")))
                mean = self.parameter(d, "mean")
                sd = self.parameter(d, "sd") * np.sqrt(1 - phi**2)
                before = self.left.get(name, self.history[name][12])
                self.left[name] = mean + (before - mean) * phi + sd * self.shock(d, common)
                self.history[name][k + 13] = np.clip(self.left[name], d.least, d.most)
            elif d.kind == "trend":
                self.history[name][k + 13] = self.trend(d, k + 1)
            else:
                raise NotImplementedError(f"the notebook has no {d.kind}")
        for name, state in new_state.items():
            self.state[name] = state
            self.states_before[name][k + 13] = state

    def common_cause(self, name: str) -> Array:
        tails = self.scenario.factors[name].tails
        if tails is None:
            return self.rng.standard_normal(self.n)
        df = np.asarray(self.value(tails))
        return np.asarray(self.rng.standard_t(df, self.n) * np.sqrt((df - 2) / df))

    def shock(self, d: Any, common: dict[str, Array]) -> Array:
        own = self.rng.standard_normal(self.n)
        square: Real = 0.0
        total: Real = 0.0
        for name, loading in d.factors.items():
            x = self.value(loading)
            total, square = total + x * common[name], square + np.square(x)
        return np.asarray(total + np.sqrt(1 - square) * own)

    def move_two_factor(self, name: str, d: Any, common: dict[str, Array]) -> Array:
        kappa = 12 * math.log(2) / np.asarray(self.parameter(d, "half_life"))
        phi = np.exp(-kappa / 12)
        s, x = np.asarray(self.parameter(d, "passing_volatility")), np.asarray(self.parameter(d, "lasting_volatility"))
        a = s * np.sqrt((1 - phi**2) / (2 * kappa))
        b = x / math.sqrt(12)
        r = self.parameter(d, "correlation") * s * x * (1 - phi) / kappa / (a * b)
        # the factor loads on the sum of both parts
        along, across = self.shock(d, common), self.rng.standard_normal(self.n)
        total = np.sqrt(a**2 + b**2 + 2 * r * a * b)
        c, e = (a + b * r) / total, (b + a * r) / total
        passing = a * (c * along + np.sqrt(np.maximum(1 - c**2, 0)) * across)
        lasting = b * (e * along - np.sqrt(np.maximum(1 - e**2, 0)) * across)
        lasting = lasting + self.parameter(d, "drift") / 12
        if d.jumps is not None:
            leaps = self.rng.poisson(np.asarray(self.value(d.jumps.rate)) / 12, self.n)
            size = self.rng.standard_normal(self.n)
            mean, sd = self.value(d.jumps.mean), self.value(d.jumps.sd)
            lasting = lasting + leaps * mean + np.sqrt(leaps) * sd * size
        deviation = self.left[name]
        self.left[name] = deviation * phi + passing
        self.log[name] = self.log[name] - deviation + lasting + self.left[name]
        return np.exp(self.log[name])

    def move_events(self, name: str, d: Any, k: int) -> None:
        rate = self.parameter(d, "rate") / 12 + self.excess[name]
        happened = self.rng.poisson(rate, self.n)
        self.counts[name][k + 1] = happened
        if d.excitation is not None:
            fade = 0.5 ** (1 / np.asarray(self.value(d.excitation.half_life)))
            brings = self.value(d.excitation.branching) * (1 - fade)
            self.excess[name] = self.excess[name] * fade + brings * happened
        for regime, other in self.drivers.items():
            for trigger in getattr(other, "triggers", ()):
                if trigger.driver == name:
                    who = np.nonzero(happened)[0]
                    none = (1 - self.some(trigger.chance, who)) ** happened[who]
                    who = who[self.rng.random(len(who)) > none]
                    when = k + self.rng.random(len(who)) + self.duration(trigger.delay, who)
                    for month in np.unique(when.astype(int)):
                        now = when.astype(int) == month
                        push = (who[now], when[now], trigger.state, trigger.only_from)
                        self.pending.setdefault((regime, int(month)), []).append(push)

    def move_regime(self, name: str, d: Any, k: int) -> Trials:
        states = list(d.states)
        state, left = self.state[name].copy(), self.left[name]
        left -= self.speed_of_stay(d, state, k)
        who = np.nonzero(left <= 0)[0]
        while len(who):
            target = self.next_state(d, state[who], who)
            state[who] = target
            for number, word in enumerate(states):
                here = who[target == number]
                left[here] += self.duration(d.states[word].duration, here)
            who = who[left[who] <= 0]
        for who, when, word, only_from in self.pending.pop((name, k), []):
            number = states.index(word)
            allowed = state[who] != number
            if only_from:
                allowed &= np.isin(state[who], [states.index(other) for other in only_from])
            here = who[allowed]
            state[here] = number
            left[here] = self.duration(d.states[word].duration, here) - (k + 1 - when[allowed])
        return state

    def speed_of_stay(self, d: Any, state: Trials, k: int) -> Real:
        speed: Real = 1.0
        for number, spec in enumerate(d.states.values()):
            if spec.effects:
                speed = np.where(state == number, self.product(spec.effects, k), speed)
        return speed

    def next_state(self, d: Any, state: Trials, who: Trials) -> Trials:
        states = list(d.states)
        target = state.copy()
        for number, spec in enumerate(d.states.values()):
            here = np.nonzero(state == number)[0]
            if spec.when:
                raise NotImplementedError("the notebook has fixed odds")
            if not len(here) or not spec.next:
                continue
            odds = np.array([np.zeros(len(here)) + self.some(x, who[here]) for x in spec.next.values()])
            edges = np.cumsum(odds, axis=0) / odds.sum(axis=0)
            chosen = (self.rng.random(len(here)) > edges[:-1]).sum(axis=0)
            target[here] = np.array([states.index(word) for word in spec.next])[chosen]
        return target

    def product(self, effects: tuple[Effect, ...], k: int) -> Real:
        """The product of the effects in the month that begins at k."""
        result: Real = 1.0
        for e in effects:
            lag, window = round(e.lag), max(round(e.average), 1)
            if e.state is not None:
                number = list(self.drivers[e.driver].states).index(e.state)
                inside = self.states_before[e.driver][k + 12 - lag] == number
                result = result * np.where(inside, self.value(e.factor), 1.0)
                continue
            path = self.history[e.driver]
            seen = path[k + 12 - lag] if window == 1 else path[k + 13 - lag - window : k + 13 - lag].mean(axis=0)
            if e.elasticity is not None:
                reference = path[12] if e.reference is None else self.value(e.reference)
                result = result * (seen / reference) ** self.value(e.elasticity)
            elif e.above is not None:
                result = result * np.where(seen > self.value(e.above), self.value(e.factor), 1.0)
            elif e.below is not None:
                result = result * np.where(seen < self.value(e.below), self.value(e.factor), 1.0)
            else:
                raise NotImplementedError(f"the notebook has no effect of form {e.form}")
        return result
