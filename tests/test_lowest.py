"""The lowest versions that are tested are those that the project names."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEWEST = {"mypy", "pandas-stubs", "ruff", "scipy-stubs"}
"""Tools that judge the source, not what it does."""


def test_lowest_versions_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    named = [*project["dependencies"], *extras["cluster"], *extras["test"]]
    asked = dict(entry.split(">=") for entry in named)
    tested = dict(re.findall(r"(?m)^([\w-]+)==(\S+)$", (ROOT / "tests" / "lowest.txt").read_text("utf-8")))
    del tested["pyparsing"]
    assert tested == {name: lowest for name, lowest in asked.items() if name not in NEWEST}
