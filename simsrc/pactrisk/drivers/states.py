"""What a regime is made of: its states, the odds of what follows, and events that push it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pactrisk.drivers.effects import Effect
from pactrisk.drivers.process import When
from pactrisk.quantities import Dur, Duration, Num, Value
from pactrisk.specs import Documented, Names, Ruled, Wrong
from pactrisk.spreads import plain_number

__all__ = ["Odds", "State", "Trigger", "unsummed"]

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
        yield from unsummed(self.next, "next")
        for place, entry in enumerate(self.when):
            yield from unsummed(entry.next, "when", place, "next")


class Trigger(Documented):
    """An event that pushes the regime into a state.

    Pushes of one moment come one after the other, by the names of their events and then of their states; a shock of
    that moment comes last.
    """

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


def unsummed(odds: Odds, *path: str | int) -> Iterator[Wrong]:
    """Plain odds must sum to 1; odds that hold a spread are scaled to 1 in each world."""
    plain = [number for x in odds.values() if (number := plain_number(x)) is not None]
    if not odds or len(plain) < len(odds):
        return
    total = sum(plain)
    if abs(total - 1) > 1e-6:
        hint = "change one of them, or name one more with what is left"
        what = "the odds of the first state" if path == ("initial",) else "the odds of what comes next"
        yield Wrong(f"{what} must sum to 1, not {total:.6g}", (".".join(map(str, path)),), path, hint)
