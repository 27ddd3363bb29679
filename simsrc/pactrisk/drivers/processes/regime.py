"""Named states that last a while and follow one another: war, sanctions, a route, a coalition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from pactrisk.drivers.effects import Effect
from pactrisk.drivers.paths import StatePath
from pactrisk.drivers.process import Process, Setting, Theory, When, kind
from pactrisk.drivers.stays import Stays
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Dur, Duration, Num, Spread, Value
from pactrisk.specs import Documented, Names, Ruled, Wrong

Odds = dict[str, Annotated[Value, Num("chance of this state next", least=0, most=1)]]


class OddsWhen(When):
    """Other odds of the next state while another regime is in a state."""

    next: Odds
    """odds of the next state while it is"""


class State(Documented, Ruled):
    """One state: how long it lasts, what follows it."""

    title: str = ""
    """name for people"""
    duration: Annotated[Duration, Dur("time in the state, as if nothing disturbed it")] | None = None
    next: Odds = {}
    """odds of the next state, which sum to 1"""
    when: tuple[OddsWhen, ...] = ()
    """other odds while another regime is in a state"""
    effects: tuple[Effect, ...] = ()
    """what makes the time in the state run faster (above 1: it ends sooner) or slower"""

    def wrong(self) -> Iterator[Wrong]:
        """Half of what it takes to end, and odds that do not sum to 1."""
        if (self.duration is None) != (not self.next):
            lacking = "next" if self.duration is not None else "duration"
            message = f"a state that ends needs duration and next; {lacking} is missing"
            yield Wrong(message, (lacking,))
        yield from _unsummed(self.next, "next")
        for place, entry in enumerate(self.when):
            yield from _unsummed(entry.next, "when", place, "next")


class Trigger(Documented):
    """An event that pushes the regime into a state."""

    driver: str
    """the events that trigger it"""
    state: str
    """the state it is pushed into"""
    chance: Annotated[Value, Num("chance that an event does it", least=0, most=1)] = 1.0
    delay: Annotated[Duration, Dur("time from the event to the change")] = 0.0
    only_from: Names = ()
    """states that can be left this way; any if not given"""

    def ordered(self) -> tuple[str, str, str]:
        """A key to put triggers in an order that does not depend on the file."""
        return (self.driver, self.state, self.said())


def _plain(x: Value) -> float:
    return float(x.parameters["value"]) if isinstance(x, Spread) else x  # type: ignore[arg-type]


def _unsummed(odds: Odds, *path: str | int) -> Iterator[Wrong]:
    """Plain odds must sum to 1; odds that hold a spread are scaled to 1 in each world."""
    if not odds or any(isinstance(x, Spread) and x.spread for x in odds.values()):
        return
    total = sum(_plain(x) for x in odds.values())
    if abs(total - 1) > 1e-6:
        hint = "change one of them, or name one more with what is left"
        what = "the odds of the first state" if path == ("initial",) else "the odds of what comes next"
        yield Wrong(f"{what} must sum to 1, not {total:.6g}", (".".join(map(str, path)),), path, hint)


@kind
class Regime(Process, Ruled):
    r"""A semi-Markov process on named states.

    On entry a duration D is drawn; the state is left when the integral of its pace (the product of its
    ``effects``) reaches D, and the next state is drawn by the odds that hold then. A trigger or a dated shock
    changes the state at once and a new duration is drawn. Changes happen in continuous time; the grid point sees
    the state it falls in. The j-th stay in a trial has its own pair of uniforms.
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
            yield from _unsummed(self.initial, "initial")

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
        return Stays(self, setting).path()

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
