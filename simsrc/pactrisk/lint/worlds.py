"""Faults of the drivers: names, sorts, circles, loadings, shocks."""

from __future__ import annotations

from collections.abc import Iterator

from pactrisk.drivers import Process, order
from pactrisk.drivers.processes.events import Events
from pactrisk.drivers.processes.index import Index
from pactrisk.drivers.processes.regime import Regime
from pactrisk.lint.fault import Fault, quoted, typical, unfound, unknown
from pactrisk.lint.moments import shock_faults
from pactrisk.lint.ratios import ratio_faults
from pactrisk.lint.readings import Reading, of_state
from pactrisk.scenario import Scenario
from pactrisk.spelling import nearest

__all__ = ["crossed", "driver_faults", "reading_fault"]

_RARE = 1e-4


def driver_faults(scenario: Scenario, readings: tuple[Reading, ...]) -> Iterator[Fault]:
    """Everything wrong with the drivers and with how they are read."""
    wrong: set[str] = set()
    for reading in readings:
        fault = reading_fault(scenario, reading)
        if fault is not None:
            wrong |= {reading.reader} if reading.role == "driver" and reading.path[-1] == "expression" else set()
            yield fault
    circles = list(_circle(scenario))
    yield from circles
    # where drivers go in a circle, nobody can say what a formula comes to
    yield from ratio_faults(scenario, readings, scenario.drivers if circles else wrong)
    for name, driver in scenario.drivers.items():
        yield from _loadings(scenario, name, driver)
        if isinstance(driver, Index) and crossed(driver):
            message = f"least = {driver.least:g} is not below most = {driver.most:g}"
            yield Fault(("drivers", name, "least"), message)
    yield from _shocks(scenario)
    yield from shock_faults(scenario)


def crossed(index: Index) -> bool:
    """Whether an index is cut off below where it is cut off above, so that nothing of it is left."""
    return index.least is not None and index.most is not None and index.least >= index.most


def reading_fault(scenario: Scenario, reading: Reading) -> Fault | None:
    """What is wrong with one reading of a driver, if anything."""
    name, path = reading.driver, reading.path
    driver = scenario.drivers.get(name)
    if driver is None:
        return None if of_state(scenario, reading) else unknown(path, "driver", name, scenario.drivers)
    in_text = path[-1] in ("expression", "when", "event")
    at = path if in_text or reading.use != "state" else (*path[:-1], "state")
    if reading.use == "state":
        return _state_fault(name, driver, str(reading.state), at, in_text, reading.effect is not None)
    if reading.use == "events":
        if isinstance(driver, Events):
            return None
        message = f"{name} is no driver of events but of kind {driver.kind}"
        return Fault(path, message, _of_events(scenario), sought=("drivers",))
    if isinstance(driver, Regime):
        if reading.effect is not None and reading.effect.formless:
            # told of the effect itself
            return None
        word, holds = reading.beside
        meant = nearest(word, driver.states) if word else None
        if word and meant is None and word not in scenario.drivers:
            return _state_fault(name, driver, word, path, in_text)
        state = meant or next(iter(driver.states))
        how = f"write {'' if holds else 'not '}{name}.{state}" if in_text else f'write state = "{state}" and a factor'
        message = f"{name} is a regime: its state can be read, it has no value"
        return Fault(path, message, how, ((*path[:-1], "state"),), sought=() if in_text else ("drivers",))
    return None


def _state_fault(
    name: str, driver: Process, state: str, path: tuple[str | int, ...], in_text: bool, effect: bool = False
) -> Fault | None:
    if not isinstance(driver, Regime):
        how = f"compare its value, as in {name} < 50" if in_text else "name a regime"
        how = "write below or above with a factor" if effect else how
        message = f"{name} is no regime but of kind {driver.kind}: it has no states"
        return Fault(path, message, how, sought=("drivers",))
    if state not in driver.states:
        rests = (("drivers", name, "states", state),)
        message = f"{name} has no state {quoted(state)}"
        return unfound(path, message, state, driver.states, "its states", rests, ("states",))
    return None


def _of_events(scenario: Scenario) -> str:
    names = [name for name, driver in scenario.drivers.items() if isinstance(driver, Events)]
    return f"drivers of events: {', '.join(names)}" if names else 'a driver of kind "events" is needed'


def _circle(scenario: Scenario) -> Iterator[Fault]:
    left = dict(scenario.drivers)
    while True:
        try:
            order(left)
        except ValueError as error:
            circle = str(error).rpartition(": ")[2].split(" <- ")
            yield Fault(("drivers", circle[0]), str(error), "a driver may only read what does not depend on it")
            # those in this circle are told; there may be others
            left = {name: driver for name, driver in left.items() if name not in circle}
        else:
            return


def _loadings(scenario: Scenario, name: str, driver: Process) -> Iterator[Fault]:
    loadings = getattr(driver, "factors", {})
    square = 0.0
    for factor, loading in loadings.items():
        if factor not in scenario.factors:
            yield unknown(("drivers", name, "factors", factor), "factor", factor, scenario.factors)
        square += max(abs(x) for x in typical(loading, 0.05)) ** 2
    if square > 1 + 1e-9:
        message = f"the squares of the loadings sum to {square:.3g}, more than the whole of the driver's shocks"
        yield Fault(("drivers", name, "factors"), message, "lower them until their squares sum to at most 1")


def _shocks(scenario: Scenario) -> Iterator[Fault]:
    for place, shock in enumerate(scenario.shocks):
        path = ("shocks", place)
        if shock.date < scenario.signed:
            message = f"{shock.date} is before the signature, {scenario.signed}"
            yield Fault((*path, "date"), message, "what came before belongs in the initial values", (("signed",),))
        driver = scenario.drivers.get(shock.driver)
        if driver is None:
            yield unknown((*path, "driver"), "driver", shock.driver, scenario.drivers)
        elif shock.state is not None:
            fault = _state_fault(shock.driver, driver, shock.state, (*path, "state"), False)
            if fault is not None:
                yield fault if isinstance(driver, Regime) else Fault(fault.path, fault.message, "give the shock a size")
        elif isinstance(driver, Regime) and shock.size is not None:
            state = next(iter(driver.states))
            yield Fault((*path, "size"), f"{shock.driver} is a regime: it has no size", f'write state = "{state}"')
        elif (
            not isinstance(driver, Regime)
            and driver.positive
            and shock.size is not None
            and typical(shock.size, _RARE)[0] <= -1
        ):
            message = "a price can lose at most all of itself: size must be above -1"
            fits = typical(shock.size, 0.5)[0] > -1
            cure = "add min = -0.99 to it" if fits else "size is relative: -0.3 takes 30% off"
            yield Fault((*path, "size"), message, cure)
