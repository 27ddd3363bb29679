"""Grid points that tables by date show, and the day from which months are counted."""

from __future__ import annotations

from pactrisk.ensemble.plan import Plan

__all__ = ["dates_at", "starting_point", "year_ends"]


def year_ends(plan: Plan) -> tuple[int, ...]:
    """Grid points of whole years since signature, of the headline and of the horizon."""
    step, last = plan.grid.step, plan.grid.steps
    years = range(12 // step, last + 1, 12 // step)
    return tuple(sorted({*years, plan.headline, last}))


def dates_at(plan: Plan, points: tuple[int, ...]) -> list[str]:
    """Dates of the grid points, as ``2027-02-27``."""
    return [plan.grid.dates[k].isoformat() for k in points]


def starting_point(plan: Plan) -> str:
    """From when months are counted, in words: signature, or the start where some agreement is signed on another day."""
    start = plan.grid.dates[0]
    apart = any(agreement.signed not in (None, start) for agreement in plan.scenario.agreements)
    return f"the start of the scenario ({start:%B %Y}), whenever an agreement is signed," if apart else "signature"
