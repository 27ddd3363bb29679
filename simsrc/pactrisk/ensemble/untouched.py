"""Agreements that a variant cannot move: what differs there is nought by definition, and no estimate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pactrisk.agreements import Agreement
from pactrisk.agreements.waiting import awaited
from pactrisk.ensemble.plan import Plan
from pactrisk.scenario import Scenario

__all__ = ["untouched_agreements"]


def untouched_agreements(plan: Plan, name: str) -> frozenset[str]:
    """Ids of the agreements whose every trial is the same under the variant ``name``.

    An agreement is so where its own terms, the paces and hidden factors that it runs on, the drivers that act on any of
    them and the agreements that it waits for are the same.
    """
    base, variant = plan.scenario, plan.variants[name]
    if base.ceremony_effect != variant.ceremony_effect:
        return frozenset()
    drivers = plan.unchanged[name]
    same = {
        a.id
        for a in base.agreements
        if a.id in variant.ids and a == variant.agreement(a.id) and _apart(base, variant, a, drivers)
    }
    # what waits for an agreement that may move may move as well, and so on
    while moved := {id_ for id_ in same if not awaited(base.agreement(id_)) <= same}:
        same -= moved
    return frozenset(same)


def _apart(base: Scenario, variant: Scenario, agreement: Agreement, unchanged: frozenset[str]) -> bool:
    paces = _with_included(base, {agreement.pace, *(m.pace for m in agreement.milestones.values())} - {None})
    return (
        all(base.paces.get(pace) == variant.paces.get(pace) for pace in paces)
        and all(base.frailties.get(word) == variant.frailties.get(word) for word in agreement.frailties)
        and set(_drivers(base, agreement, paces)) <= unchanged
    )


def _with_included(scenario: Scenario, paces: Iterable[str | None]) -> set[str]:
    found: set[str] = set()
    waiting = [pace for pace in paces if pace is not None]
    while waiting:
        pace = waiting.pop()
        if pace not in found:
            found.add(pace)
            waiting += scenario.paces[pace].includes
    return found


def _drivers(scenario: Scenario, agreement: Agreement, paces: Iterable[str]) -> Iterator[str]:
    for pace in paces:
        yield from (effect.driver for effect in scenario.paces[pace].effects)
    for part in (agreement.flow, agreement.ending):
        if part is not None:
            yield from (effect.driver for effect in part.effects)
    yield from (ceremony.driver for ceremony in agreement.ceremonies)
