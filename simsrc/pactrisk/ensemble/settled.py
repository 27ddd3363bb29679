"""Milestones that no trial can turn: signing has happened, whatever is drawn."""

from __future__ import annotations

from pactrisk.agreements import Agreement
from pactrisk.agreements.waiting import resolve
from pactrisk.ensemble.plan import Plan

__all__ = ["settled"]


def settled(plan: Plan, agreement: Agreement, name: str) -> bool:
    """Whether a milestone takes no time, is surely pursued and waits for nothing but milestones of that kind.

    It is done at signature in every trial, and what is said of it is no estimate.
    """
    milestone = agreement.milestones[name]
    if agreement.presence != 1 or milestone.duration != 0 or milestone.never != 0 or milestone.earliest is not None:
        return False
    before = (resolve(agreement.id, other) for other in milestone.after)
    return all(settled(plan, plan.scenario.agreement(id_), other) for id_, other in before)
