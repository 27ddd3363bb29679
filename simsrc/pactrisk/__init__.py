"""Pactrisk: which agreements become substantive cooperation, and which stay ceremony.

In a notebook::

    import pactrisk
    run = pactrisk.run("configs/first-steps.toml", trials=20_000)
    run.sentence                 # the headline
    run.tables["agreements"]     # a pandas data frame
    run.figure("classes")        # a figure
    run.save("reports/mine")     # the whole report

Names are imported when they are first used, so that the command line answers at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pactrisk.later import front

__version__ = "0.10.0"

_HOMES = {
    "InputError": "errors",
    "PactriskError": "errors",
    "Plan": "ensemble",
    "Question": "question",
    "Run": "runs",
    "RunError": "errors",
    "Scenario": "scenario",
    "Study": "study",
    "load": "config",
    "load_scenario": "config",
    "redraw": "runs",
    "run": "runs",
}

__all__ = [
    "InputError",
    "PactriskError",
    "Plan",
    "Question",
    "Run",
    "RunError",
    "Scenario",
    "Study",
    "load",
    "load_scenario",
    "redraw",
    "run",
]

if TYPE_CHECKING:
    from pactrisk.config import load, load_scenario
    from pactrisk.ensemble import Plan
    from pactrisk.errors import InputError, PactriskError, RunError
    from pactrisk.question import Question
    from pactrisk.runs import Run, redraw, run
    from pactrisk.scenario import Scenario
    from pactrisk.study import Study


__getattr__ = front(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
