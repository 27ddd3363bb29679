"""The logic of a scenario beyond its types: names that must be known, sorts that must fit, what can never happen.

:func:`faults` are errors: the scenario could not run, or would mean something else than it says.
:func:`remarks` are warnings. Both give paths in the tables of the file, so that who has read it can say the line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from pactrisk.expressions import Expression
from pactrisk.lint.asked import question_faults, size_faults
from pactrisk.lint.fault import Fault, by_id
from pactrisk.lint.guard import guard_faults
from pactrisk.lint.idle import agreement_remarks, driver_remarks, table_remarks, unused
from pactrisk.lint.mass import mass_faults
from pactrisk.lint.moments import push_remarks
from pactrisk.lint.portfolio import agreement_faults, name_faults, pace_faults, quantity_faults, unclear
from pactrisk.lint.reach import reach_remarks
from pactrisk.lint.readings import readings
from pactrisk.lint.rounded import effect_remarks, question_remarks
from pactrisk.lint.rules import rule_faults
from pactrisk.lint.sources import source_faults, source_remarks, unsourced
from pactrisk.lint.titles import title_remarks
from pactrisk.lint.worlds import driver_faults
from pactrisk.question import Question
from pactrisk.scenario import Key, Scenario
from pactrisk.tables import Table, tables

__all__ = [
    "Fault", "faults", "question_faults", "question_remarks", "remarks", "rule_faults", "size_faults", "unsourced",
]  # fmt: skip


def faults(scenario: Scenario) -> list[Fault]:
    """Every error of a scenario whose types are right. None: it can run, and means what it says."""
    every = tables(scenario)
    found = readings(scenario, every)
    listed = [
        *rule_faults(every),
        *source_faults(scenario, every),
        *driver_faults(scenario, found),
        *mass_faults(scenario, every),
        *name_faults(scenario),
        *pace_faults(scenario),
        *agreement_faults(scenario),
        *quantity_faults(scenario),
        *guard_faults(scenario, found),
    ]
    lost = unclear(scenario)
    return [fault for fault in _once(scenario, listed) if not fault.rests_on(lost)]


def remarks(
    scenario: Scenario, question: Question | None = None, endless: bool = False, variants: Iterable[Scenario] = ()
) -> list[Fault]:
    """What is probably not meant: written and never used, or never possible, nor in any of the ``variants``.

    With a question, its conditions and rare event count as readers, its horizon as the end of time (unless
    ``endless``, where it is wrong itself), and its steps as what lags and averages are counted in. What is odd about
    the question itself is told by :func:`question_remarks`.
    """
    asked: set[str] = set()
    horizon = None
    if question is not None:
        horizon = None if endless else question.months(question.horizon, scenario.signed)
        for condition in question.conditions.values():
            asked |= {dotted.partition(".")[0] for dotted in Expression(condition.when).names}
        if question.rare is not None:
            asked |= {dotted.partition(".")[0] for dotted in Expression(question.rare.event).names}
    every = tables(scenario)
    idle = _idle(scenario, every, asked, horizon)
    for other in variants if idle else ():
        still = {
            (_placeless(other, fault.path), fault.message) for fault in _idle(other, tables(other), asked, horizon)
        }
        idle = [
            fault
            for fault in idle
            if (_placeless(scenario, fault.path), fault.message) in still or _lacks(other, scenario, fault.path)
        ]
    listed = [
        *source_remarks(scenario, every),
        *idle,
        *title_remarks(scenario),
        *effect_remarks(every, 1 if question is None or question.step == "month" else 3),
    ]
    return _once(scenario, listed)


def _idle(scenario: Scenario, every: Sequence[Table], asked: Iterable[str], horizon: float | None) -> list[Fault]:
    """What is never used or never possible in one world, of which these are all tables."""
    return [
        *driver_remarks(scenario, readings(scenario, every), asked),
        *unused(scenario),
        *table_remarks(scenario, every, horizon),
        *reach_remarks(scenario, every),
        *push_remarks(scenario),
        *agreement_remarks(scenario, horizon),
    ]


def _placeless(scenario: Scenario, path: Key) -> Key:
    """A path by names alone: a list of a variant may hold more before what is the same."""
    return tuple("" if isinstance(part, int) else part for part in by_id(scenario, path))


def _lacks(other: Scenario, scenario: Scenario, path: Key) -> bool:
    """Whether another world has no agreement, driver or the like, or shock of a driver, as a path here leads to."""
    if path[0] == "shocks":
        return scenario.shocks[int(path[1])].driver not in {shock.driver for shock in other.shocks}
    name = by_id(scenario, path)[1:2]
    held = other.ids if path[0] == "agreements" else getattr(other, str(path[0]), None)
    return bool(name) and isinstance(name[0], str) and isinstance(held, Collection) and name[0] not in held


def _once(scenario: Scenario, listed: list[Fault]) -> list[Fault]:
    """Each fault once: what an agreement has from its template is told of the template."""
    of_templates = {(f.path, f.message) for f in listed if f.path[0] == "templates"}

    def inherited(fault: Fault) -> bool:
        if fault.path[0] != "agreements":
            return False
        template = scenario.agreements[int(fault.path[1])].template
        origin: Key = ("templates", str(template), *fault.path[2:])
        return (origin, fault.message) in of_templates

    return [fault for fault in dict.fromkeys(listed) if not inherited(fault)]
