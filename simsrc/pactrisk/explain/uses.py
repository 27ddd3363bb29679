"""Where a thing of a scenario is used."""

from __future__ import annotations

from collections.abc import Iterator

from pactrisk.agreements import Agreement
from pactrisk.agreements.waiting import resolve
from pactrisk.explain.effects import effect_text
from pactrisk.explain.sentences import push_text
from pactrisk.expressions import Expression
from pactrisk.lint.readings import Reading, readings
from pactrisk.register import cited
from pactrisk.scenario import Scenario
from pactrisk.tables import tables

__all__ = ["citing", "loading", "milestones_on", "uses"]


def loading(scenario: Scenario, factor: str) -> list[str]:
    """The drivers that load on a factor."""
    return [name for name, driver in scenario.drivers.items() if factor in getattr(driver, "factors", {})]


def milestones_on(agreement: Agreement, pace: str) -> list[str]:
    """The milestones of an agreement that run on a pace."""
    return [name for name, milestone in agreement.milestones.items() if (milestone.pace or agreement.pace) == pace]


def uses(scenario: Scenario, collection: str | int, name: str) -> Iterator[str]:
    """Who uses a driver, pace, factor, frailty, template or agreement, and what for."""
    if collection == "drivers":
        yield from (_reading_text(scenario, r) for r in readings(scenario) if r.driver == name)
        yield from (f"a shock on {s.date}" for s in scenario.shocks if s.driver == name)
    elif collection == "factors":
        yield from (f"driver {driver} loads on it" for driver in loading(scenario, name))
    elif collection == "paces":
        yield from (f"pace {p} includes it" for p, v in scenario.paces.items() if name in v.includes)
        for a in scenario.agreements:
            if of := milestones_on(a, name):
                yield f"agreement {a.id}: {', '.join(of)}"
    elif collection == "frailties":
        yield from (f"agreement {a.id}" for a in scenario.agreements if name in a.frailties)
    elif collection == "templates":
        yield from (f"agreement {a.id}" for a in scenario.agreements if a.template == name)
    elif collection == "agreements":
        for a in scenario.agreements:
            waits = [o for m in a.milestones.values() for o in m.after] + list(a.flow.after if a.flow else ())
            if a.id != name and any(resolve(a.id, other)[0] == name for other in waits):
                yield f"agreement {a.id} waits for it"
        for q, quantity in scenario.quantities.items():
            if any(dotted.partition(".")[0] == name for dotted in Expression(quantity.expression).names):
                yield f"quantity {q} = {quantity.expression}"


def _reading_text(scenario: Scenario, reading: Reading) -> str:
    """Where a driver is read, and what for."""
    who = f"{reading.role} {reading.reader}"
    if reading.role in ("flow", "ending"):
        who = f"the {reading.role} of {reading.reader}"
    if reading.role == "ceremony":
        return f"its events honour {reading.reader}"
    if reading.trigger is not None:
        return f"{who}: an event {push_text(reading.trigger)}"
    if reading.effect is not None:
        driver = scenario.drivers.get(reading.driver)
        return f"{who}: {effect_text(reading.effect, driver.unit if driver is not None else '')}"
    state = f" (while in the state {reading.state})" if reading.state is not None else ""
    return f"{who} reads it{state}"


def citing(scenario: Scenario, code: str) -> Iterator[tuple[str, str]]:
    """The tables that cite a source by its code."""
    for table in tables(scenario):
        text = getattr(table.spec, "source", "")
        if isinstance(text, str) and code in cited(text):
            yield "cited", table.path
