"""Remarks: what is written and never does anything, or can never happen."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator

from pactrisk.agreements import Agreement
from pactrisk.agreements.waiting import resolve
from pactrisk.drivers import Effect
from pactrisk.drivers.processes.events import Dated, Events
from pactrisk.drivers.processes.index import Index
from pactrisk.drivers.processes.regime import Regime
from pactrisk.drivers.states import Trigger
from pactrisk.expressions import Expression
from pactrisk.grid import months_between
from pactrisk.lint.fault import Fault
from pactrisk.lint.readings import Reading
from pactrisk.lint.worlds import crossed
from pactrisk.scenario import Key, Scenario
from pactrisk.spelling import nearest
from pactrisk.spreads import extent
from pactrisk.tables import Table

__all__ = ["agreement_remarks", "driver_remarks", "table_remarks", "unused"]


def driver_remarks(scenario: Scenario, readings: tuple[Reading, ...], asked: Iterable[str] = ()) -> Iterator[Fault]:
    """Drivers that nobody reads, states that are never reached; ``asked`` are drivers that a question reads."""
    # a quantity may mean the driver where an agreement is called like it
    read = {r.driver for r in readings if r.role != "driver"} | {*asked, *scenario.ids}
    while True:
        further = {p for name in read & scenario.drivers.keys() for p in scenario.drivers[name].parents()} - read
        if not further:
            break
        read |= further
    for name, driver in scenario.drivers.items():
        path: Key = ("drivers", name)
        if name not in read:
            hint = "name it in an effect, a formula, a ceremony or a quantity"
            yield Fault(path, f"nobody reads {name}", hint, unused=name)
        if keyword.iskeyword(name):
            yield Fault(path, f"no formula can read a driver called {name}", "choose another name")
        if isinstance(driver, Regime):
            yield from _unreached(scenario, name, driver)
        if isinstance(driver, Index):
            yield from _cut_off(name, driver)
        if isinstance(driver, Events) and _silent(driver):
            rests = ((*path, "dated"), (*path, "when"))
            yield Fault((*path, "rate"), f"a rate of 0: no event of {name} ever happens", rests=rests)


def _silent(events: Events) -> bool:
    """Whether nothing ever happens, and that is said."""
    rates = [events.rate, *(rate for entry in events.when if (rate := getattr(entry, "rate", None)) is not None)]
    said = "rate" in events.model_fields_set and not events.dated
    return said and all(extent(rate)[1] <= 0 for rate in rates)


def _cut_off(name: str, index: Index) -> Iterator[Fault]:
    """A mean or a beginning of which nothing is seen."""
    path: Key = ("drivers", name)
    if crossed(index):
        return
    for word, value, said in (
        ("mean", index.mean, f"the mean of {name} lies"),
        ("initial", index.initial, f"{name} begins"),
    ):
        if value is None:
            continue
        low, high = extent(value)
        if (index.least is not None and high < index.least) or (index.most is not None and low > index.most):
            cuts = ((*path, "least"), (*path, "most"))
            yield Fault((*path, word), f"{said} where its values are cut off", rests=cuts)


_WAYS: tuple[Key, ...] = (
    ("initial",),
    ("states", "*", "next"),
    ("states", "*", "when"),
    ("states", "*", ""),
    ("triggers",),
)
"""What may lead into a state."""


def _unreached(scenario: Scenario, name: str, regime: Regime) -> Iterator[Fault]:
    initial = {regime.initial: 1.0} if isinstance(regime.initial, str) else regime.initial
    reached = {nearest(state, regime.states) for state, odds in initial.items() if extent(odds)[1] > 0}
    if None in reached and len(reached) == 1:
        # it begins in a state that is told as unknown: who knows where it leads
        return
    reached |= {nearest(s.state, regime.states) for s in scenario.shocks if s.driver == name and s.state is not None}
    while True:
        further: set[str | None] = set()
        for state in reached - {None}:
            spec = regime.states[str(state)]
            for odds in (spec.next, *(entry.next for entry in spec.when)):
                further |= {nearest(other, regime.states) for other, chance in odds.items() if extent(chance)[1] > 0}
        for trigger in regime.triggers:
            if extent(trigger.chance)[1] > 0 and (not trigger.only_from or reached & set(trigger.only_from)):
                further.add(nearest(trigger.state, regime.states))
        if further <= reached:
            break
        reached |= further
    for state in regime.states:
        if state not in reached:
            ways = tuple(("drivers", name, *rest) for rest in _WAYS)
            path = ("drivers", name, "states", state)
            yield Fault(path, f"{name} can never be in {state}", "give it odds somewhere", ways)


def unused(scenario: Scenario) -> Iterator[Fault]:
    """Paces, frailties, templates and factors that nobody uses."""
    paces = {p for a in scenario.agreements for p in (a.pace, *(m.pace for m in a.milestones.values())) if p}
    while True:
        further = {p for name in paces & scenario.paces.keys() for p in scenario.paces[name].includes} - paces
        if not further:
            break
        paces |= further
    loaded: dict[str, list[str]] = {}
    for name, driver in scenario.drivers.items():
        for factor in getattr(driver, "factors", {}):
            loaded.setdefault(factor, []).append(name)
    used: dict[str, tuple[str, Iterable[str], set[str]]] = {
        "paces": ("pace", scenario.paces, paces),
        "frailties": ("frailty", scenario.frailties, {f for a in scenario.agreements for f in a.frailties}),
        "templates": ("template", scenario.templates, {a.template or "" for a in scenario.agreements}),
        "factors": ("factor", scenario.factors, set(loaded)),
    }
    for table, (word, known, seen) in used.items():
        for name in known:
            if name not in seen:
                yield Fault((table, name), f"nobody uses the {word} {name}", unused=name)
    for factor in scenario.factors:
        if len(loaded.get(factor, [])) == 1:
            message = f"only {loaded[factor][0]} loads on {factor}: it moves nothing together"
            yield Fault(("factors", factor), message, unused=factor)


def agreement_remarks(scenario: Scenario, horizon: float | None = None) -> Iterator[Fault]:
    """Milestones that can never be done or that nothing waits for; promises without content."""
    for place, shock in enumerate(scenario.shocks):
        if horizon is not None and months_between(scenario.signed, shock.date) > horizon:
            yield Fault(("shocks", place, "date"), f"{shock.date} lies beyond the horizon: the shock does nothing")
    waited = _waited_for(scenario)
    never = _never_done(scenario, horizon)
    for place, agreement in enumerate(scenario.agreements):
        path: Key = ("agreements", place)
        if extent(agreement.presence)[1] <= 0:
            # of an agreement that is never there all else goes without saying
            yield Fault((*path, "presence"), "presence is 0: the agreement is in no world")
            continue
        yield from _empty(agreement, path)
        if keyword.iskeyword(agreement.id):
            yield Fault((*path, "id"), f"no formula can read an agreement called {agreement.id}", "choose another id")
        for name, milestone in agreement.milestones.items():
            where = (*path, "milestones", name)
            if (agreement.id, name) in never:
                yield Fault(where, f"{name} can never be done: {never[agreement.id, name]}")
            if milestone.weight == 0 and (agreement.id, name) not in waited:
                counts = "delivery" if milestone.track == "material" else "ceremony"
                rests = ((*where, "weight"), (*where, "track"))
                yield Fault(
                    where, f"nothing waits for {name}, and it has no weight in {counts}", rests=rests, unused=name
                )
            begins = agreement.signed or scenario.signed
            if milestone.earliest is not None and milestone.earliest <= begins:
                yield Fault((*where, "earliest"), "it is not after the signature and changes nothing")
        if agreement.flow is not None:
            first = [o for o in agreement.flow.after if resolve(agreement.id, o) in never]
            if first:
                yield Fault((*path, "flow"), f"the flow can never begin: {first[0]} can never be done")


def _waited_for(scenario: Scenario) -> set[tuple[str, str]]:
    found = set()
    for a in scenario.agreements:
        after = [o for m in a.milestones.values() for o in m.after] + list(a.flow.after if a.flow else ())
        found |= {resolve(a.id, other) for other in after}
    for quantity in scenario.quantities.values():
        found |= {resolve("", dotted) for dotted in Expression(quantity.expression).names}
    return found


def _never_done(scenario: Scenario, horizon: float | None) -> dict[tuple[str, str], str]:
    """Milestones that are done in no trial, with the reason."""
    why: dict[tuple[str, str], str] = {}
    for a in scenario.agreements:
        for name, m in a.milestones.items():
            late = horizon is not None and m.earliest and months_between(scenario.signed, m.earliest) > horizon
            if extent(m.never)[0] >= 1:
                why[a.id, name] = "its never is 1"
            elif extent(a.presence)[1] <= 0:
                why[a.id, name] = "the presence of its agreement is 0"
            elif late:
                why[a.id, name] = f"its earliest, {m.earliest}, lies beyond the horizon"
    while True:
        further = {
            (a.id, name): f"it waits for {other}, which never is"
            for a in scenario.agreements
            for name, m in a.milestones.items()
            for other in m.after
            if (a.id, name) not in why and resolve(a.id, other) in why
        }
        if not further:
            return why
        why.update(further)


def _empty(terms: Agreement, path: Key) -> Iterator[Fault]:
    if extent(terms.depth)[1] <= 0:
        message = "depth is 0: delivery is 0 whatever is done"
        yield Fault((*path, "depth"), message, "a promise of what would be done anyway delivers nothing")
    if terms.ending is not None and extent(terms.ending.rate)[1] <= 0:
        yield Fault((*path, "ending", "rate"), "a rate of 0: the agreement never ends")
    formal = [milestone.weight for milestone in terms.milestones.values() if milestone.track == "formal"]
    if formal and not any(formal) and not terms.ceremonies:
        message = f"no formal milestone of {terms.id} has a weight in ceremony: it can never be symbolic, only dormant"
        rests = ((*path, "milestones"), (*path, "ceremonies"))
        yield Fault(path, message, "give one a weight, such as 0.5", rests)
    for place, ceremony in enumerate(terms.ceremonies):
        if ceremony.weight == 0:
            yield Fault((*path, "ceremonies", place, "weight"), "a weight of 0: these events honour nothing")


def table_remarks(scenario: Scenario, every: Iterable[Table], horizon: float | None = None) -> Iterator[Fault]:
    """Effects, events, triggers and odds that change nothing; the one number that joins ceremony to work."""
    if extent(scenario.ceremony_effect) != (0, 0):
        message = f"ceremony_effect is {scenario.ceremony_effect}: ceremony changes the speed of work"
        yield Fault(("ceremony_effect",), message, "0 keeps ceremony and delivery apart")
    for table in every:
        spec, keys = table.spec, table.keys
        if isinstance(spec, Effect):
            yield from _no_effect(spec, keys)
        elif isinstance(spec, Dated) and spec.date < scenario.signed:
            message = f"{spec.date} is before the signature, {scenario.signed}: the event is left out"
            yield Fault((*keys, "date"), message, "take it out, or move the scenario's signed back", (("signed",),))
        elif isinstance(spec, Dated) and horizon is not None and months_between(scenario.signed, spec.date) > horizon:
            message = f"{spec.date} lies beyond the horizon: the event never happens"
            yield Fault((*keys, "date"), message, rests=(("signed",),))
        elif isinstance(spec, Trigger) and extent(spec.chance)[1] <= 0:
            yield Fault((*keys, "chance"), "a chance of 0: the trigger never works")
        elif isinstance(spec, Regime) and not isinstance(spec.initial, str):
            for state, odds in spec.initial.items():
                if extent(odds)[1] <= 0:
                    yield Fault((*keys, "initial", state), f"the odds of beginning in {state} are 0")


def _no_effect(effect: Effect, keys: Key) -> Iterator[Fault]:
    for word, neutral in (("factor", 1.0), ("elasticity", 0.0), ("per_unit", 1.0)):
        value = getattr(effect, word)
        if value is not None and extent(value) == (neutral, neutral):
            yield Fault((*keys, word), f"{word} is {neutral:g}: the effect of {effect.driver} changes nothing")
