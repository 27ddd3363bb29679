"""The guard between ceremony and work: what honours an agreement may not speed it.

A driver whose events honour an agreement is ceremonial, and so is every driver that reads a ceremonial one.
No pace, flow, ending or quantity may read these.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactrisk.drivers.processes.events import Events
from pactrisk.lint.fault import Fault
from pactrisk.lint.readings import Reading
from pactrisk.scenario import Scenario

__all__ = ["ceremonial_drivers", "guard_faults"]

_WORK = {"pace": "a pace", "flow": "a flow", "ending": "an ending", "quantity": "a quantity"}
_HINT = "ceremony_effect is the one number by which ceremony may speed work"


def ceremonial_drivers(scenario: Scenario, readings: tuple[Reading, ...]) -> dict[str, tuple[str, ...]]:
    """Ceremonial drivers, each with the chain of reading that leads to the events that honour."""
    chains: dict[str, tuple[str, ...]] = {
        r.driver: (r.driver,)
        for r in readings
        if r.role == "ceremony" and isinstance(scenario.drivers.get(r.driver), Events)
    }
    grew = True
    while grew:
        grew = False
        for name, driver in scenario.drivers.items():
            through = next((p for p in sorted(driver.parents()) if p in chains), None)
            if name not in chains and through is not None:
                chains[name] = (name, *chains[through])
                grew = True
    return chains


def guard_faults(scenario: Scenario, readings: tuple[Reading, ...]) -> Iterator[Fault]:
    """Work, or a quantity, that reads a ceremonial driver."""
    chains = ceremonial_drivers(scenario, readings)
    for reading in readings:
        chain = chains.get(reading.driver)
        if reading.role in _WORK and chain is not None:
            through = "".join(f" reads {name}, which" for name in chain[1:])
            message = f"{_WORK[reading.role]} may not read {chain[0]}, which{through} honours agreements"
            yield Fault(reading.path, message, _HINT)
