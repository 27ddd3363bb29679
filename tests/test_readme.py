"""What the README shows must be so: its code runs, its files exist, its words are in the tool."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from pactrisk.ensemble import Reading, run
from pactrisk.grid import TimeGrid
from pactrisk.outcomes import CLASSES
from small_world import plan

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def module(source: str, name: str, folder: Path) -> ModuleType:
    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


def test_the_driver_of_the_readme_keeps_to_its_theory(tmp_path: Path) -> None:
    from pactrisk.drivers.paths import DriverPaths
    from pactrisk.drivers.paths import Path as Walk
    from pactrisk.drivers.process import Setting
    from pactrisk.quantities import Worlds
    from pactrisk.streams import Streams

    (source,) = [b for b in blocks("python") if "class RandomWalk" in b]
    walk = module(source, "readme_random_walk", tmp_path).RandomWalk(kind="random_walk", initial=3.0, sd=2.0)
    grid = TimeGrid(date(2026, 1, 1), 24)
    streams = Streams(5, 0, 20_000)
    path = walk.simulate(Setting("walk", grid, Worlds(streams, 1), DriverPaths({})))
    assert isinstance(path, Walk)
    theory = walk.theory(grid)
    error = theory.sd / np.sqrt(20_000)
    assert np.all(np.abs(path.values.mean(axis=1) - theory.mean) <= 4.5 * error)
    assert np.all(np.abs(path.values.std(axis=1) - theory.sd) <= 4.5 * error)


def test_the_analysis_of_the_readme_counts_right(tmp_path: Path) -> None:
    (source,) = [b for b in blocks("python") if "def observe" in b]
    analysis = module(source, "readme_every", tmp_path)
    asked = plan(horizon=36, headline=24)
    sums = run(asked, {"every": analysis.observe}, 1)
    finding = analysis.find(Reading(asked, sums, "every"))
    counted = int(sums["every/every/total"])
    assert counted == int(sums["portfolio/total"][24, 3])
    assert 0 < counted < 2000
    assert "%" in finding.sentence


def test_the_notebook_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (source,) = [b for b in blocks("python") if "import pactrisk" in b]
    monkeypatch.chdir(ROOT)
    source = source.replace("trials=20_000", "trials=2_000, workers=1").replace("reports/mine", str(tmp_path / "mine"))
    module(source, "readme_notebook", tmp_path)
    assert (tmp_path / "mine" / "index.html").is_file()


@pytest.mark.parametrize("form", ["file", "standard input", "guarded"])
def test_the_notebook_of_the_readme_is_a_script_too(form: str, tmp_path: Path) -> None:
    (source,) = [b for b in blocks("python") if "import pactrisk" in b]
    source = source.replace("trials=20_000", "trials=10_000, workers=2").replace("reports/mine", str(tmp_path / "mine"))
    if form == "guarded":
        lines = "".join(f"    {line}\n" for line in source.splitlines())
        source = f'import os\nprint("began", os.getpid())\nif __name__ == "__main__":\n{lines}'
    script = tmp_path / "nb.py"
    script.write_text(source, encoding="utf-8")
    command = [sys.executable, "-" if form == "standard input" else str(script)]
    given = source if form == "standard input" else None
    done = subprocess.run(command, cwd=ROOT, input=given, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    # a worker begins by importing the script again, which is how it shows
    assert done.stdout.count("began") == (2 if form == "guarded" else 0)
    assert (tmp_path / "mine" / "index.html").is_file()


def test_toml_shown_is_toml_shipped() -> None:
    shipped = (ROOT / "scenarios/first-steps.toml").read_text(encoding="utf-8")
    shipped += (ROOT / "configs/first-steps.toml").read_text(encoding="utf-8")
    shown = blocks("toml")
    assert len(shown) >= 2
    for block in shown:
        tomllib.loads(block)
        missing = [line for line in block.splitlines() if line.strip() and line not in shipped]
        assert missing == []


def test_paths_named_exist_and_every_class_is_told() -> None:
    named = re.findall(r"`((?:scenarios|configs|simsrc|tests|benchmarks)/[\w./-]+)`", TEXT)
    named += re.findall(r"\]\((?!http)([\w./-]+)\)", TEXT)
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert all(re.search(rf"\| {name} ", TEXT) for name in CLASSES if name != "absent")


def test_commands_shown_are_commands() -> None:
    from pactrisk.cli import cli

    words = set(re.findall(r"^pactrisk (\w+)|`pactrisk (\w+)", TEXT, re.MULTILINE))
    assert {a or b for a, b in words} <= set(cli.commands) | set(cli.list_commands(None))  # type: ignore[arg-type]
