"""What happens to a regime at one moment, where the files do not say what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from pactrisk.drivers.processes.regime import Regime
from pactrisk.drivers.states import Trigger
from pactrisk.lint.fault import Fault
from pactrisk.scenario import Scenario
from pactrisk.spreads import plain_number

__all__ = ["push_remarks", "shock_faults"]


def shock_faults(scenario: Scenario) -> Iterator[Fault]:
    """Shocks that put one regime into two states on one day."""
    put: dict[tuple[str, object], str] = {}
    for place, shock in enumerate(scenario.shocks):
        if shock.state is None or not isinstance(scenario.drivers.get(shock.driver), Regime):
            continue
        first = put.setdefault((shock.driver, shock.date), shock.state)
        if first != shock.state:
            message = f"another shock puts {shock.driver} into {first} on this day"
            yield Fault(("shocks", place, "state"), message, "keep one of them")


def push_remarks(scenario: Scenario) -> Iterator[Fault]:
    """Triggers by which one event can push a regime into two states at one moment."""
    for name, driver in scenario.drivers.items():
        if not isinstance(driver, Regime):
            continue
        for (_, one), (place, other) in combinations(enumerate(driver.triggers), 2):
            if _at_once(one, other):
                states = " and ".join(sorted((one.state, other.state)))
                pushes = f"an event of {one.driver} can push {name} into {states} at one moment"
                message = f"{pushes}: the last by name counts"
                hint = f"give one of them a delay, or say what it can leave: only_from without {states.split()[-1]}"
                yield Fault(("drivers", name, "triggers", place), message, hint)


def _at_once(one: Trigger, other: Trigger) -> bool:
    delay = plain_number(one.delay)
    apart = one.only_from and other.only_from and not set(one.only_from) & set(other.only_from)
    never = 0 in (plain_number(one.chance), plain_number(other.chance))
    return (
        one.driver == other.driver
        and one.state != other.state
        and delay is not None
        and delay == plain_number(other.delay)
        and not apart
        and not never
        and not _settled(one, other)
        and not _settled(other, one)
    )


def _settled(last: Trigger, other: Trigger) -> bool:
    """Whether ``last`` counts whichever comes first: it follows the other, and the other never follows it."""
    follows = not last.only_from or other.state in last.only_from
    return follows and bool(other.only_from) and last.state not in other.only_from
