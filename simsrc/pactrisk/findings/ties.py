"""What ties the milestones of a scenario to one another, in words."""

from __future__ import annotations

from pactrisk.agreements.waiting import awaited
from pactrisk.findings.wording import listed
from pactrisk.lint.readings import readings
from pactrisk.scenario import Scenario

__all__ = ["milestones_together"]


def milestones_together(scenario: Scenario) -> str:
    """Through what agreements hang together, and the milestones of one agreement: only what this scenario has."""
    every = scenario.agreements
    said = "How long each milestone takes is drawn apart from all others"
    if len(every) > 1:
        ties = _ties(scenario)
        # a comma before the last, since what is listed may be a list itself
        through = ", and ".join([", ".join(ties[:-1]), ties[-1]] if len(ties) > 1 else ties)
        said += f": agreements hang together only {through}" if through else ", and nothing ties agreements together"
    own = sum(agreement.frailty != 0 for agreement in every)
    where = "" if own == len(every) else ", where it has one,"
    return f"{said}. The milestones of one agreement share its own frailty{where} as well." if own else f"{said}."


def _ties(scenario: Scenario) -> list[str]:
    every = scenario.agreements
    act = (r for r in readings(scenario) if r.role not in ("driver", "quantity") and r.path[0] != "templates")
    shared = [name for name in scenario.frailties if any(name in agreement.frailties for agreement in every)]
    ties = {
        "the drivers": any(act),
        f"the frailties {listed(shared)}": bool(shared),
        "milestones of one that another waits for": any(awaited(one) - {one.id} for one in every),
        "uncertain assumptions": bool(scenario.spreads()),
    }
    return [f"through {tie}" for tie, holds in ties.items() if holds]
