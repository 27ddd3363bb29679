"""What no trial can turn: signing has happened, and some classes are out of reach at an agreement's age."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pactrisk.agreements import Agreement
from pactrisk.agreements.waiting import resolve
from pactrisk.ensemble.plan import Plan
from pactrisk.ensemble.reading import Reading
from pactrisk.estimators import Estimates
from pactrisk.outcomes import CLASSES, GROUPS, group_members

__all__ = ["in_classes", "in_groups", "never_in", "never_in_groups", "settled", "unsigned"]

Truths = npt.NDArray[np.bool_]

_EDGE = 1e-9  # as in the rule


def settled(plan: Plan, agreement: Agreement, name: str) -> bool:
    """Whether a milestone takes no time, is surely pursued and waits for nothing but milestones of that kind.

    It is done at signature in every trial, and what is said of it is no estimate.
    """
    milestone = agreement.milestones[name]
    if agreement.presence != 1 or milestone.duration != 0 or milestone.never != 0 or milestone.earliest is not None:
        return False
    before = (resolve(agreement.id, other) for other in milestone.after)
    return all(settled(plan, plan.scenario.agreement(id_), other) for id_, other in before)


def unsigned(plan: Plan) -> Truths:
    """Whether each agreement has yet to be signed at each date, shape (agreement, time): nothing of it is done then."""
    return np.asarray(_age(plan) < -_EDGE)


def never_in(reading: Reading) -> Truths:
    """Whether an agreement cannot be in a class at a date, whatever is drawn; shape (agreement, time, class).

    It is pending, or not in the portfolio, until it is signed; pending and neither symbolic nor dormant as long as it
    is too young to judge, then the other way round; reversed only where something can end it; never absent where it is
    sure to exist, and always where it is sure not to.
    """
    plan, where = reading.plan, {name: np.isin(CLASSES, [name]) for name in CLASSES}
    young, absent = (_age(plan) < plan.question.rule.pending)[..., None], where["absent"]
    endless = np.array([agreement.ending is None for agreement in plan.scenario.agreements])
    never = np.where(young, where["symbolic"] | where["dormant"], where["pending"])
    never |= unsigned(plan)[..., None] & ~where["pending"] | endless[:, None, None] & where["reversed"]
    surely, nowhere = reading.surely[:, None, None], reading.nowhere[:, None, None]
    return np.where(absent, surely, never | nowhere)


def in_classes(reading: Reading, found: Estimates, at: int | slice = slice(None)) -> Estimates:
    """Chances of each class, shape (agreement, time, class), without doubt where they are known outright.

    They are those of the grid points ``at``; without an axis of time where that is one.
    """
    return _outright(found, never_in(reading)[:, at])


def in_groups(reading: Reading, found: Estimates, at: int | slice = slice(None)) -> Estimates:
    """Chances of each group as :func:`in_classes` has those of each class."""
    return _outright(found, never_in_groups(reading)[:, at])


def never_in_groups(reading: Reading) -> Truths:
    """Whether an agreement cannot be in a group at a date, whatever is drawn; shape (agreement, time, group)."""
    never = never_in(reading)
    return np.stack([never[..., group_members(group)].all(axis=-1) for group in GROUPS], axis=-1)


def _age(plan: Plan) -> npt.NDArray[np.float64]:
    """Months since the signature of each agreement, at each date; below 0 before it."""
    signed = [0.0 if a.signed is None else plan.grid.month_of(a.signed) for a in plan.scenario.agreements]
    return np.asarray(plan.grid.months - np.array(signed)[:, None])


def _outright(found: Estimates, never: Truths) -> Estimates:
    only = never.sum(axis=-1, keepdims=True) == never.shape[-1] - 1
    return found.known(np.where(never, found.value == 0, only & (found.value == 1)))
