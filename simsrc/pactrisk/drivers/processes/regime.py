"""Named states that last a while and follow one another: war, sanctions, a route, a coalition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from pactrisk.drivers.paths import StatePath
from pactrisk.drivers.process import Process, Setting, Theory, kind
from pactrisk.drivers.states import Odds, State, Trigger, unsummed
from pactrisk.drivers.stays import Stays
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Num, Spread, Value
from pactrisk.specs import Ruled, Wrong


@kind
class Regime(Process, Ruled):
    r"""A semi-Markov process on named states.

    On entry a duration D is drawn; the state is left when the integral of its pace (the product of its
    ``effects``) reaches D, and the next state is drawn by the odds that hold then. A trigger or a dated shock
    changes the state at once and a new duration is drawn; in the state where the regime is already a shock begins the
    stay anew, and a trigger does nothing. Changes happen in continuous time; the grid point sees the state it falls
    in. The j-th stay in a trial has its own pair of uniforms.
    """

    kind: Literal["regime"]
    initial: str | Odds
    """state at the start, or the odds of each"""
    elapsed: Annotated[Value, Num("time already spent in the first state", "months", least=0)] = 0.0
    states: Annotated[dict[str, State], Field(min_length=1, max_length=100)]
    """the states, by name"""
    triggers: tuple[Trigger, ...] = ()
    """events that push it into a state"""

    def wrong(self) -> Iterator[Wrong]:
        """Names of states that are none of its own, and first odds that do not sum to 1."""
        for path, word in self._named():
            if word not in self.states:
                yield Wrong(
                    f"there is no state {word[:60]!r}", (f"states.{word}",), path, named=word, known=self.states
                )
        if not isinstance(self.initial, str):
            yield from unsummed(self.initial, "initial")

    def _named(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every name of a state, with its path."""
        if isinstance(self.initial, str):
            yield ("initial",), self.initial
        else:
            yield from ((("initial", state), state) for state in self.initial)
        for name, state in self.states.items():
            here = ("states", name)
            yield from (((*here, "next", other), other) for other in state.next)
            for place, entry in enumerate(state.when):
                yield from (((*here, "when", place, "next", other), other) for other in entry.next)
        for place, trigger in enumerate(self.triggers):
            yield ("triggers", place, "state"), trigger.state
            yield from ((("triggers", place, "only_from", k), other) for k, other in enumerate(trigger.only_from))

    def initial_odds(self) -> Odds:
        """The odds of each state at the start."""
        return {self.initial: 1.0} if isinstance(self.initial, str) else self.initial

    def reads(self) -> Iterable[str]:
        """Regimes and drivers that rule odds, sojourns and triggers."""
        for state in self.states.values():
            yield from (f"{entry.driver}.{entry.state}" for entry in state.when)
            yield from (effect.reads for effect in state.effects)
        yield from (trigger.driver for trigger in self.triggers)

    def simulate(self, setting: Setting) -> StatePath:
        """The state at every grid point, by following the stays of every trial."""
        return Stays(setting, self.states, self.initial_odds(), self.elapsed, self.triggers).path()

    def theory(self, grid: TimeGrid) -> Theory | None:
        """Occupancy of a Markov chain in continuous time, where every duration is exponential and nothing disturbs."""
        from scipy.linalg import expm

        if self.triggers or any(state.effects or state.when for state in self.states.values()):
            return None
        names = sorted(self.states)
        rates = np.zeros((len(names), len(names)))
        for i, name in enumerate(names):
            state = self.states[name]
            if state.duration is None:
                continue
            duration = state.duration
            if not isinstance(duration, Spread) or duration.family != "exponential":
                return None
            if duration.low is not None or duration.high is not None:
                return None
            for other, chance in state.next.items():
                rates[i, names.index(other)] += float(chance) / float(duration.parameters["mean"])  # type: ignore[arg-type]
            rates[i, i] -= 1 / float(duration.parameters["mean"])  # type: ignore[arg-type]
        odds = self.initial_odds()
        start = np.array([float(odds.get(name, 0.0)) for name in names])  # type: ignore[arg-type]
        return Theory("states", occupancy=np.stack([start @ expm(rates * m) for m in grid.months], axis=1))
