"""The expected output beside each scenario: ``python tests/scenarios/expected.py`` writes it anew.

It detects change, not error: what is right is proved elsewhere. After a change that is meant to move results, write
it anew and say so in CHANGELOG.md under Numbers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pactrisk.config import load_scenario
from pactrisk.drivers import StatePath
from pactrisk.ensemble import Plan, simulate_block
from pactrisk.outcomes import CLASSES
from pactrisk.question import Question

SCENARIOS = Path(__file__).parent.parent.parent / "scenarios"
NAMES = tuple(sorted(path.stem for path in SCENARIOS.glob("*.toml")))
MONTHS = (12, 36, 60)
ASKED = {"horizon": 60, "trials": 2000, "trials_per_world": 20, "seed": 1}


def file(name: str) -> Path:
    """Where a scenario's expected output is kept."""
    return SCENARIOS / f"{name}.expected.json"


def made(name: str) -> dict[str, Any]:
    """Classes by agreement, and what the drivers do on average, in one block of 2,000 trials."""
    scenario, _ = load_scenario(SCENARIOS / f"{name}.toml")
    block = simulate_block(Plan(Question(scenario=name, **ASKED), scenario), 0).base
    classes = {
        id_: {str(m): {c: int((block.classes[i, m] == n).sum()) for n, c in enumerate(CLASSES)} for m in MONTHS}
        for i, id_ in enumerate(scenario.ids)
    }
    drivers: dict[str, Any] = {}
    for driver, path in sorted(block.paths.paths.items()):
        if isinstance(path, StatePath):
            drivers[driver] = {str(m): {s: int(path.indicator(s)[m].sum()) for s in path.names} for m in MONTHS}
        else:
            drivers[driver] = {str(m): float(f"{path.values[m].mean():.9g}") for m in MONTHS}
    return {"asked": ASKED, "trials by class and month": classes, "drivers by month": drivers}


if __name__ == "__main__":
    for each in NAMES:
        file(each).write_text(json.dumps(made(each), indent=1) + "\n", encoding="utf-8")
        print(f"wrote {file(each)}")
