"""Who reads which driver, and as what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pactrisk.agreements import Ceremony
from pactrisk.drivers import Effect, Process
from pactrisk.drivers.process import When
from pactrisk.drivers.processes.regime import Regime
from pactrisk.drivers.states import Trigger
from pactrisk.expressions import Expression
from pactrisk.scenario import Key, Scenario
from pactrisk.spelling import nearest
from pactrisk.tables import Table, tables

__all__ = ["Reading", "Role", "Use", "in_formula", "of_state", "readings"]

Use = Literal["state", "value", "ratio", "events"]
Role = Literal["driver", "pace", "flow", "ending", "ceremony", "quantity"]


@dataclass(frozen=True)
class Reading:
    """One place where a driver is read.

    ``path`` is the place of the name, ``reader`` the name of the driver, pace, agreement, template or
    quantity that reads, ``role`` what it is. ``use`` says what is asked of the driver: to be in ``state``, a value,
    a ratio of values (so it must stay above 0), or the times of its events. ``effect`` is the effect, if it is one, and
    ``trigger`` the push that its events give a regime. ``beside`` is the name that a formula says it to be, or not to
    be, and which of the two.
    """

    path: Key
    driver: str
    state: str | None
    use: Use
    role: Role
    reader: str
    effect: Effect | None = None
    trigger: Trigger | None = None
    beside: tuple[str, bool] = ("", True)


def readings(scenario: Scenario, every: Sequence[Table] | None = None) -> tuple[Reading, ...]:
    """Every place where a driver is read, but for shocks, in the order of the specs; ``every`` are its tables."""
    found: list[Reading] = []
    for table in tables(scenario) if every is None else every:
        role, reader = _who(scenario, table)
        if role is not None:
            found += _in_table(table, role, reader)
    return (*found, *_further(scenario, found), *_quantities(scenario))


def _who(scenario: Scenario, table: Table) -> tuple[Role | None, str]:
    if len(table.keys) < 2:
        return None, ""
    top, name = str(table.keys[0]), table.keys[1]
    if top == "drivers":
        return "driver", str(name)
    if top == "paces":
        return "pace", str(name)
    if top in ("agreements", "templates"):
        reader = scenario.agreements[name].id if isinstance(name, int) else name
        below = table.keys[2:3]
        return ("flow" if below == ("flow",) else "ending" if below == ("ending",) else "ceremony"), reader
    return None, ""


def _in_table(table: Table, role: Role, reader: str) -> Iterator[Reading]:
    spec, keys = table.spec, table.keys
    if isinstance(spec, Effect):
        use: Use = "state" if spec.state is not None else "ratio" if spec.elasticity is not None else "value"
        yield Reading((*keys, "driver"), spec.driver, spec.state, use, role, reader, spec)
    elif isinstance(spec, When):
        yield Reading((*keys, "driver"), spec.driver, spec.state, "state", role, reader)
    elif isinstance(spec, Trigger | Ceremony):
        trigger = spec if isinstance(spec, Trigger) else None
        yield Reading((*keys, "driver"), spec.driver, None, "events", role, reader, trigger=trigger)
    elif isinstance(spec, Process) and hasattr(spec, "expression"):
        yield from in_formula((*keys, "expression"), Expression(str(spec.expression)), role, reader)


def in_formula(path: Key, formula: Expression, role: Role, reader: str) -> Iterator[Reading]:
    """What a formula reads, every name as that of a driver."""
    beside = formula.beside
    for dotted in formula.names:
        reading = _named(path, dotted, role, reader)
        yield replace(reading, beside=beside[dotted]) if dotted in beside else reading


def of_state(scenario: Scenario, reading: Reading) -> bool:
    """Whether a name that a formula reads, and no driver bears, is meant for a state: a regime is said to be it."""
    drivers, (said, _) = scenario.drivers, reading.beside
    if not said or reading.driver in drivers:
        return False
    # one that is misspelt is told
    return isinstance(drivers.get(nearest(said, drivers) or ""), Regime)


def _named(path: Key, dotted: str, role: Role, reader: str) -> Reading:
    name, dot, state = dotted.partition(".")
    return Reading(path, name, state if dot else None, "state" if dot else "value", role, reader)


def _further(scenario: Scenario, found: list[Reading]) -> Iterator[Reading]:
    """What a kind says that it reads and no known table shows: a kind is one file, and may have its own tables."""
    seen = {(r.reader, r.driver) for r in found if r.role == "driver"}
    for name, driver in scenario.drivers.items():
        for dotted in driver.reads():
            if (name, dotted.partition(".")[0]) not in seen:
                yield _named(("drivers", name), dotted, "driver", name)


def _quantities(scenario: Scenario) -> Iterator[Reading]:
    read = scenario.drivers.keys() - set(scenario.ids)
    for name, quantity in scenario.quantities.items():
        path = ("quantities", name, "expression")
        # what is no driver is an agreement, or a fault of the quantity; what is both is told as that
        yield from (r for r in in_formula(path, Expression(quantity.expression), "quantity", name) if r.driver in read)
