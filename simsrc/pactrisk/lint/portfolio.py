"""Faults of agreements, templates, paces and quantities."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pactrisk.agreements.paces import effects_of
from pactrisk.agreements.terms import NAME, PLAIN, Agreement, Terms
from pactrisk.agreements.waiting import order, resolve
from pactrisk.expressions import Expression
from pactrisk.lint.fault import Fault, near, quoted, unfound, unknown
from pactrisk.lint.readings import in_formula, of_state
from pactrisk.outcomes import CLASSES, GROUPS
from pactrisk.scenario import Key, Scenario
from pactrisk.spelling import plainly

__all__ = [
    "PARTS", "agreement_faults", "ambiguous", "name_faults", "pace_faults", "part_fault", "quantity_faults",
    "unclear",
]  # fmt: skip

PARTS = ("delivery", "flow", "total")
"""What a quantity can read of an agreement besides its milestones."""
_PARTS_LISTED = 24
_RESERVED = (*PARTS, "ceremony", *CLASSES)
_YEARS = range(1900, 2201)


def agreement_faults(scenario: Scenario) -> Iterator[Fault]:
    """Ids, names, prerequisites and dates of the agreements; names in templates."""
    if scenario.signed.year not in _YEARS:
        first, last = _YEARS[0], _YEARS[-1]
        yield Fault(("signed",), f"must be a day from {first} to {last}, not {scenario.signed}", "a date: 2026-02-27")
    for name, template in scenario.templates.items():
        yield from _terms(scenario, template, ("templates", name))
    # of two of one name the first is meant: that the other bears it is told
    by_id = {agreement.id: agreement for agreement in reversed(scenario.agreements)}
    for place, agreement in enumerate(scenario.agreements):
        path: Key = ("agreements", place)
        if agreement.id in scenario.ids[:place]:
            yield Fault((*path, "id"), f"two agreements are called {quoted(agreement.id)}", "each needs its own id")
        if agreement.id in scenario.drivers:
            message = f"a driver is called {quoted(agreement.id)} as well: formulas could not tell them apart"
            yield Fault((*path, "id"), message, "call one of them otherwise")
        if agreement.template is not None and agreement.template not in scenario.templates:
            yield unknown((*path, "template"), "template", agreement.template, scenario.templates)
        if agreement.signed is not None and agreement.signed < scenario.signed:
            message = f"{agreement.signed} is before the scenario's signature, {scenario.signed}"
            hint = "month 0 is the first signature: move the scenario's signed back"
            yield Fault((*path, "signed"), message, hint, (("signed",),))
        yield from _terms(scenario, agreement, path)
        yield from _prerequisites(scenario, by_id, agreement, path)
    yield from _circle(scenario, by_id)


def ambiguous(scenario: Scenario) -> set[str]:
    """Names that two agreements bear, or an agreement and a driver: that is told, and no more of who reads them."""
    return {id_ for id_, times in Counter(scenario.ids).items() if times > 1 or id_ in scenario.drivers}


def unclear(scenario: Scenario) -> list[Key]:
    """Paths of what says nothing: names of templates that are not there, the agreements by place and by id; and every
    id where two are the same, since one of the two was to be called otherwise.
    """
    lost = [(n, a.id) for n, a in enumerate(scenario.agreements) if a.template and a.template not in scenario.templates]
    same: list[Key] = [("agreements", "*", "id")] if len(set(scenario.ids)) < len(scenario.ids) else []
    return [*(("agreements", called, "template") for pair in lost for called in pair), *same]


def _part_of(id_: str, part: str) -> tuple[Key, ...]:
    """Where an agreement has a milestone or flow from."""
    held: Key = ("flow", "") if part in PARTS else ("milestones", part)
    return ("agreements", id_, "template"), ("agreements", id_, *held)


def _terms(scenario: Scenario, terms: Terms, path: Key) -> Iterator[Fault]:
    paces = [((*path, "pace"), terms.pace)]
    paces += [((*path, "milestones", name, "pace"), m.pace) for name, m in terms.milestones.items()]
    for where, pace in paces:
        if pace is not None and pace not in scenario.paces:
            yield unknown(where, "pace", pace, scenario.paces)
    for place, frailty in enumerate(terms.frailties):
        if frailty not in scenario.frailties:
            yield unknown((*path, "frailties", place), "frailty", frailty, scenario.frailties)
    for name in terms.milestones:
        where = (*path, "milestones", name)
        if not re.fullmatch(NAME, name) or len(name) > 60:
            yield Fault(where, f"{quoted(name)} cannot name a milestone", PLAIN)
        elif name in _RESERVED:
            what = f"the class {name}" if name in CLASSES else f"the agreement's {name}"
            message = f"a milestone cannot be called {name}: a formula could not tell it from {what}"
            yield Fault(where, message)


def _prerequisites(scenario: Scenario, by_id: dict[str, Agreement], agreement: Agreement, path: Key) -> Iterator[Fault]:
    waits = [((*path, "milestones", name), name, m.after) for name, m in agreement.milestones.items()]
    if agreement.flow is not None:
        waits.append(((*path, "flow"), "", agreement.flow.after))
        if not agreement.flow.after:
            message = "a flow begins once milestones stand, and none is named"
            hint = near("", agreement.milestones, "milestones")
            yield Fault((*path, "flow", "after"), message, hint, ((*path, "flow", "after"),))
    for where, name, after in waits:
        for place, other in enumerate(after):
            here = (*where, "after", place)
            id_, milestone = resolve(agreement.id, other)
            if (id_, milestone) == (agreement.id, name):
                yield Fault(here, f"{quoted(name)} waits for itself", "take it out of its own after")
                continue
            if id_ not in by_id:
                message, rests = f"no agreement is called {quoted(id_)}", (("agreements", id_, "id"),)
                yield unfound(here, message, id_, by_id, "agreements", rests, ("agreements",))
                continue
            own = id_ == agreement.id
            known = (agreement if own else by_id[id_]).milestones
            # of two agreements of one id the other may have it
            if milestone not in known and (own or scenario.ids.count(id_) == 1):
                owner = "this agreement" if own else id_
                message = f"{owner} has no milestone {quoted(milestone)}"
                fault = unfound(
                    here, message, milestone, known, "milestones", _part_of(id_, milestone), ("milestones",)
                )
                elsewhere = [f"{a}.{milestone}" for a in sorted(by_id) if milestone in by_id[a].milestones]
                if own and milestone in by_id and (others := by_id[milestone].milestones):
                    # which of them was meant nobody knows
                    there = [f"{milestone}.{name}" for name in others]
                    hint = near("", there, f"{milestone} is an agreement; its milestones")
                    fault = replace(fault, hint=hint, meant="")
                elif elsewhere:
                    fault = replace(fault, hint=f"did you mean {elsewhere[0]}?", meant=milestone)
                yield fault


def _circle(scenario: Scenario, by_id: dict[str, Agreement]) -> Iterator[Fault]:
    cleaned = {id_: _without_itself(agreement) for id_, agreement in by_id.items()}
    told: set[object] = set()
    while True:
        try:
            order(cleaned)
        except ValueError as error:
            circle = [word.partition(".") for word in str(error).rpartition(": ")[2].split(" <- ")]
            id_, _, milestone = circle[0]
            path = ("agreements", scenario.ids.index(id_), "milestones", milestone, "after")
            # many agreements may have one circle from one template
            waits = {name: cleaned[other].milestones[name].after for other, _, name in circle if other == id_}
            mark = cleaned[id_].template or id_, tuple(sorted(waits.items()))
            if len(waits) < len(circle) - 1 or mark not in told:
                yield Fault(path, str(error), "take one of these out of an after")
            told.add(mark)
            # those that wait in this circle are told; there may be others
            for id_, _, milestone in circle:
                left = {name: m for name, m in cleaned[id_].milestones.items() if name != milestone}
                cleaned[id_] = cleaned[id_].model_copy(update={"milestones": left})
        else:
            return


def _without_itself(agreement: Agreement) -> Agreement:
    """An agreement of which no milestone waits for itself: that is told by itself, and would be a circle of one."""
    left = {}
    for name, milestone in agreement.milestones.items():
        after = tuple(o for o in milestone.after if resolve(agreement.id, o) != (agreement.id, name))
        if after != milestone.after:
            left[name] = milestone.model_copy(update={"after": after})
    return agreement.model_copy(update={"milestones": {**agreement.milestones, **left}}) if left else agreement


def pace_faults(scenario: Scenario) -> Iterator[Fault]:
    """Paces that include what is not there, or one another in a circle."""
    known = {}
    for name, pace in scenario.paces.items():
        for place, other in enumerate(pace.includes):
            if other not in scenario.paces:
                yield unknown(("paces", name, "includes", place), "pace", other, scenario.paces)
        known[name] = pace.model_copy(update={"includes": tuple(o for o in pace.includes if o in scenario.paces)})
    told: set[frozenset[str]] = set()
    for name in known:
        try:
            effects_of(name, known)
        except ValueError as error:
            circle = str(error).rpartition(": ")[2].split(" <- ")
            if circle[0] == circle[-1] and frozenset(circle) not in told:
                told.add(frozenset(circle))
                yield Fault(("paces", name, "includes"), str(error), "take one of these out of an includes")


def quantity_faults(scenario: Scenario) -> Iterator[Fault]:
    """What quantities read of agreements; what they read of drivers is checked with every other reading."""
    by_id = {agreement.id: agreement for agreement in scenario.agreements}
    untold = ambiguous(scenario)
    for name, quantity in scenario.quantities.items():
        path = ("quantities", name, "expression")
        formula = Expression(quantity.expression)
        names = [dotted for dotted in formula.names if dotted.partition(".")[0] not in untold]
        yield from _mixed(by_id, names, path)
        for reading in in_formula(path, formula, "quantity", name):
            id_, part = reading.driver, reading.state or ""
            if id_ in untold or of_state(scenario, reading):
                continue
            if id_ in by_id:
                fault = part_fault(by_id[id_], part, path)
                if fault is not None:
                    yield fault
            elif id_ not in scenario.drivers:
                known = [*scenario.drivers, *by_id]
                message = f"no driver or agreement is called {quoted(id_)}"
                rests = (("agreements", id_, "id"), ("drivers", id_))
                what = "drivers and agreements"
                yield unfound(path, message, id_, known, what, rests, ("drivers", "agreements"))


def _mixed(by_id: dict[str, Agreement], names: Iterable[str], path: Key) -> Iterator[Fault]:
    """A formal act beside what is delivered: a number of both would be a score of cooperation."""
    parts = [(by_id[id_], part) for id_, _, part in (dotted.partition(".") for dotted in names) if id_ in by_id]
    known = [(a, part, a.milestones[part].track) for a, part in parts if part in a.milestones]
    formal = [f"{a.id}.{part}" for a, part, track in known if track == "formal"]
    material = [f"{a.id}.{part}" for a, part, track in known if track == "material"]
    material += [f"{a.id}.{part}" for a, part in parts if part in PARTS]
    if formal and material:
        message = f"{formal[0]} is a formal act and {material[0]} is not: no number may mix ceremony with delivery"
        rests = tuple(("agreements", a.id, "milestones", part, "track") for a, part in parts)
        yield Fault(path, message, "make two quantities of them", rests)


def part_fault(agreement: Agreement, part: str, path: Key, more: Iterable[str] = ()) -> Fault | None:
    """What is wrong with reading this part of an agreement in a formula, if anything; ``more`` can be read there."""
    id_, parts = agreement.id, PARTS if agreement.flow is not None else ("delivery",)
    known = (*parts, *agreement.milestones, *more)
    if not part:
        return Fault(path, f"{id_} is an agreement, not a number", f"write {id_}.delivery")
    if part == "ceremony":
        return Fault(path, "ceremony cannot be read: no number may mix it with delivery", f"write {id_}.delivery")
    if part in ("flow", "total") and agreement.flow is None:
        return Fault(path, f"{id_} has no flow", f"write {id_}.delivery", _part_of(id_, part))
    if part not in known:
        message = f"{id_} has no {quoted(part)} to read"
        classes = [name for group, names in GROUPS.items() if plainly(group) == plainly(part) for name in names]
        if classes and set(classes) <= set(known):
            return Fault(path, message, f"write {' or '.join(f'{id_}.{name}' for name in classes)}")
        return unfound(path, message, part, known, "there are", _part_of(id_, part), ("milestones",), _PARTS_LISTED)
    return None


def name_faults(scenario: Scenario) -> Iterator[Fault]:
    """States that no formula could read."""
    for name, driver in scenario.drivers.items():
        for state in getattr(driver, "states", {}):
            if not re.fullmatch(NAME, state) or len(state) > 60:
                message = f"{quoted(state)} cannot name a state"
                yield Fault(("drivers", name, "states", state), message, PLAIN)
