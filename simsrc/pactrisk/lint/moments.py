"""What happens to a regime at one moment, where the files do not say what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from pactrisk.drivers.processes.events import Events
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
        driver = scenario.drivers.get(shock.driver)
        # of a state that is not there nobody knows which was meant
        if shock.state is None or not isinstance(driver, Regime) or shock.state not in driver.states:
            continue
        first = put.setdefault((shock.driver, shock.date), shock.state)
        if first != shock.state:
            message = f"another shock puts {shock.driver} into {first} on this day"
            yield Fault(("shocks", place, "state"), message, "keep one of them")


def push_remarks(scenario: Scenario) -> Iterator[Fault]:
    """Triggers by which an event, or events of two drivers on one day, push a regime into two states at one moment."""
    for name, driver in scenario.drivers.items():
        if not isinstance(driver, Regime):
            continue
        # of a name that is not there nobody knows which was meant
        known = [
            (place, trigger)
            for place, trigger in enumerate(driver.triggers)
            if trigger.driver in scenario.drivers and {trigger.state, *trigger.only_from} <= driver.states.keys()
        ]
        for (_, one), (place, other) in combinations(known, 2):
            events = _at_once(one, other, name, scenario)
            if events and any(_pushed(state, one, other) != _pushed(state, other, one) for state in driver.states):
                states = sorted((one.state, other.state))
                message = (
                    f"{events} can push {name} into {' and '.join(states)} at one moment: "
                    "what comes of it goes by their names"
                )
                yield Fault(("drivers", name, "triggers", place), message, "give one of them another delay")


def _at_once(one: Trigger, other: Trigger, regime: str, scenario: Scenario) -> str:
    """The events that push by both triggers at one moment, in words; empty where none do."""
    delay = plain_number(one.delay)
    if delay is None or delay != plain_number(other.delay):
        return ""
    if 0 in (plain_number(one.chance), plain_number(other.chance)):
        return ""
    if one.driver == other.driver:
        return f"an event of {one.driver}"
    days = _days(one.driver, scenario) & _days(other.driver, scenario)
    if delay == 0:
        # a shock of the day comes last, whatever pushes
        days -= {shock.date for shock in scenario.shocks if (shock.driver, shock.size) == (regime, None)}
    return f"events of {' and '.join(sorted((one.driver, other.driver)))} on {min(days)}" if days else ""


def _days(name: str, scenario: Scenario) -> set[date]:
    """The days on which events of a driver are dated that may happen; what is before the signature is left out."""
    driver = scenario.drivers[name]
    dated = driver.dated if isinstance(driver, Events) else ()
    return {event.date for event in dated if plain_number(event.chance) != 0 and event.date >= scenario.signed}


def _pushed(state: str, *triggers: Trigger) -> str:
    """Where a regime is that was in a state, once these have pushed it one after the other."""
    for trigger in triggers:
        if not trigger.only_from or state in trigger.only_from:
            state = trigger.state
    return state
