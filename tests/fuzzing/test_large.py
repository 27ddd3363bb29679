"""Worlds larger than anybody writes by hand: run, or refused with a reason before anything is simulated."""

from __future__ import annotations

import copy
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w

from pactrisk.config import load
from pactrisk.ensemble import simulate_block
from pactrisk.errors import InputError
from pactrisk.processors import processors
from pactrisk.workers import crowded, processes_here

HOME = Path(__file__).parents[2]


def flagship() -> dict[str, Any]:
    return tomllib.loads((HOME / "scenarios" / "kazakhstan-serbia.toml").read_text(encoding="utf-8"))


def agreements(many: int) -> dict[str, Any]:
    """The flagship with so many agreements, its own over and over."""
    tables = flagship()
    own = tables["agreements"]
    further = ({**copy.deepcopy(own[n % len(own)]), "id": f"a{n}"} for n in range(len(own), many))
    tables["agreements"] = [*own, *further]
    return tables


def drivers(many: int) -> dict[str, Any]:
    """The flagship with so many drivers, its own over and over; the works read every regime."""
    tables = flagship()
    own = list(tables["drivers"].items())
    for n in range(len(own), many):
        name, driver = own[n % len(own)]
        tables["drivers"][f"{name}_{n}"] = driver
        if driver["kind"] == "regime":
            effect = {"driver": f"{name}_{n}", "state": list(driver["states"])[-1], "factor": 0.99}
            tables["paces"]["works"]["effects"].append(effect)
    return tables


def asked(folder: Path, tables: dict[str, Any], horizon: int) -> Path:
    for name in ("scenarios", "configs"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "scenarios" / "large.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    config = folder / "configs" / "large.toml"
    config.write_text(f'scenario = "large"\nhorizon = {horizon}\ntrials = 2000\n', encoding="utf-8")
    return config


def test_two_hundred_drivers_run(tmp_path: Path) -> None:
    plan = load(asked(tmp_path, drivers(200), 12)).plan
    block = simulate_block(plan, 0)
    assert len(block.base.paths.paths) == 200
    assert all(np.isfinite(p.delivery).all() for p in block.base.progress.values())


@pytest.mark.parametrize(
    ("many", "told", "remedy"),
    [
        (500, "at 61 dates do not fit in memory: at most 7 dates would", "shorten the horizon"),
        (1000, "at 61 dates do not fit in memory, nor would any horizon", "make several portfolios of it"),
    ],
)
def test_a_world_beyond_memory_is_refused_with_what_would_fit(
    many: int, told: str, remedy: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        load(asked(tmp_path, agreements(many), 60))
    (problem,) = caught.value.problems
    assert problem.path == "horizon"
    assert problem.message == f"{many:,} agreements and 19 drivers {told}"
    assert problem.hint.startswith(remedy)


def test_hundreds_of_agreements_run_within_a_gibibyte(tmp_path: Path) -> None:
    config = asked(tmp_path, agreements(500), 6)
    script = f"""
import resource, sys
from pactrisk.config import load
from pactrisk.ensemble import simulate_block
block = simulate_block(load({str(config)!r}).plan, 0)
assert block.base.classes.shape == (500, 7, 2000)
for progress in block.base.progress.values():
    progress.delivery, progress.honours, progress.flow, progress.total
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 if sys.platform == "darwin" else 1024) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 800


@pytest.mark.skipif(processors() < 2, reason="one processor is never too many")
def test_a_large_world_leaves_processors_idle_rather_than_fill_memory(tmp_path: Path) -> None:
    small, large = (load(asked(tmp_path, agreements(many), 59)).plan for many in (10, 100))
    assert not crowded(small)
    assert processes_here(small) == processors()
    assert crowded(large)
    assert 1 <= processes_here(large) < processors()
    # who says how many is believed
    asked_for_two = replace(large, question=large.question.model_copy(update={"workers": 2}))
    assert not crowded(asked_for_two)
    assert processes_here(asked_for_two) == 2


def test_a_variant_that_is_too_large_is_refused_by_its_name(tmp_path: Path) -> None:
    config = asked(tmp_path, flagship(), 60)
    larger = tmp_path / "scenarios" / "larger.toml"
    larger.write_text(tomli_w.dumps(agreements(1000)), encoding="utf-8")
    text = config.read_text(encoding="utf-8")
    config.write_text(f'{text}\n[variants.all]\nscenario = "larger"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(config)
    (problem,) = caught.value.problems
    assert problem.path == "variants.all"
    assert "do not fit in memory" in problem.message


def test_a_long_horizon_is_refused_with_a_coarser_grid_for_a_remedy(tmp_path: Path) -> None:
    config = asked(tmp_path, flagship(), 1200)
    with pytest.raises(InputError, match="do not fit in memory") as caught:
        load(config)
    assert caught.value.problems[0].hint == 'step = "quarter" needs a third'
    assert load(config, ['step="quarter"']).plan.grid.points == 401
