"""Faults of elasticities: what they read must stay above 0, since they go by its logarithm."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

from pactrisk.drivers import Process
from pactrisk.drivers.processes.formula import Formula
from pactrisk.drivers.processes.index import Index
from pactrisk.drivers.processes.regime import Regime
from pactrisk.drivers.processes.trend import Trend
from pactrisk.lint.fault import Fault, typical
from pactrisk.lint.readings import Reading
from pactrisk.ranges import Range, driver_ranges
from pactrisk.scenario import Scenario

__all__ = ["ratio_faults"]

_RARE = 1e-4


def ratio_faults(scenario: Scenario, readings: tuple[Reading, ...], wrong: Collection[str]) -> Iterator[Fault]:
    """Elasticities to what may be 0 or less; nothing is said of a formula that rests on a driver that is ``wrong``."""
    known: dict[str, Range] | None = None
    for reading in readings:
        name, driver = reading.driver, scenario.drivers.get(reading.driver)
        if reading.use != "ratio" or driver is None or isinstance(driver, Regime):
            continue
        path = (*reading.path[:-1], "elasticity")
        if isinstance(driver, Formula):
            below = _below(scenario, name)
            if not below.isdisjoint(wrong):
                continue
            known = driver_ranges(scenario) if known is None else known
            if not known[name].positive:
                message = f"{name} is not known to stay above 0, as an elasticity needs"
                how = "keep its formula above 0, as max(0.01, ...) does, or write per_unit instead"
                yield Fault(path, message, how, tuple(("drivers", other) for other in sorted(below)))
                continue
        elif not (driver.positive or _lowest(scenario, name, driver) > 0):
            message = f"{name} can be 0 or less, and an elasticity needs what stays above 0"
            how = "set its least above 0, or write per_unit" if isinstance(driver, Index) else "write per_unit instead"
            yield Fault(path, message, how)
            continue
        effect = reading.effect
        if effect is not None and effect.reference is not None and typical(effect.reference, _RARE)[0] <= 0:
            yield Fault((*reading.path[:-1], "reference"), "the reference of an elasticity must be above 0")


def _below(scenario: Scenario, name: str) -> set[str]:
    """The driver and all that its value is worked out from."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            driver = scenario.drivers.get(one)
            waiting += driver.parents() if isinstance(driver, Formula) else ()
    return found


def _lowest(scenario: Scenario, name: str, driver: Process) -> float:
    """The least value that a driver without a price's law can have, shocks included; minus infinity if unknown."""
    if isinstance(driver, Trend):
        least = min(typical(entry.value, _RARE)[0] for entry in driver.values)
    elif isinstance(driver, Index) and driver.least is not None:
        least = driver.least
    else:
        return -math.inf
    sizes = [shock.size for shock in scenario.shocks if shock.driver == name and shock.size is not None]
    return least + sum(min(typical(size, _RARE)[0], 0.0) for size in sizes)
