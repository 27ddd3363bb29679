"""A folder as an analyst has one: a scenario and a config in files, and the command line to run them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import tomli_w

from small_world import data

QUESTION: dict[str, Any] = {
    "scenario": "small",
    "horizon": 36,
    "headline": 24,
    "trials": 2000,
    "seed": 7,
    "variants": {"dear": {"title": "Dear oil", "set": {"drivers.oil.level": 120}}},
    "conditions": {"fought": {"title": "war for half a year or more", "when": "war.hot", "months": 6}},
}
"""A variant, a condition, and the small world's quantities and tags."""


def tagged() -> dict[str, Any]:
    """The small world, its agreements with every kind of tag."""
    tables = data()
    tables["agreements"][0] |= {
        "parties": ["Northland", "Southland"],
        "stakeholders": "millers",
        "beneficiaries": "bakers",
    }
    tables["agreements"][1] |= {
        "parties": ["Northland", "Eastland"],
        "stakeholders": "railways",
        "beneficiaries": "travellers",
    }
    return tables


def lay_out(at: Path, tables: dict[str, Any], question: dict[str, Any], name: str = "small") -> Path:
    """Write a scenario and a config under ``at``; returns the path of the config."""
    for folder, content in (("scenarios", tables), ("configs", question)):
        path = at / folder / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(tomli_w.dumps(content), encoding="utf-8")
    return at / "configs" / f"{name}.toml"


def typed(
    *words: str, at: Path, environment: dict[str, str] | None = None, without: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[bytes]:
    """What ``pactrisk WORDS`` prints and returns in the folder ``at``, under other or fewer variables."""
    env = {key: value for key, value in os.environ.items() if key not in without} | (environment or {})
    command = [sys.executable, "-W", "error", "-m", "pactrisk", *words]
    return subprocess.run(
        command, cwd=at, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False
    )


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file below a folder, by relative path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
