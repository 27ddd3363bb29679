"""``pactrisk check``."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pactrisk.scenario import Scenario

__all__ = ["command"]


@click.command(
    "check",
    epilog="\b\nExamples:\n  pactrisk check configs/kazakhstan-serbia.toml\n"
    "  pactrisk check scenarios/first-steps.toml --strict",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="A number without a source, and every remark, is a problem.")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Check with one key changed.")
def command(file: Path, strict: bool, sets: tuple[str, ...]) -> None:
    """Find every problem of a config or scenario FILE, without running it."""
    # nearly all that a check makes is kept to its end: looking for what is not costs time and finds nothing
    gc.disable()
    from pactrisk.cli.terminal import count, out, show_problems
    from pactrisk.config import load, load_scenario, looks_like_scenario
    from pactrisk.errors import InputError

    console = out()
    if looks_like_scenario(file):
        scenario, remarks = load_scenario(file, sets, strict)
        what = _world(scenario)
    else:
        loaded = load(file, sets, strict)
        remarks, question, scenario = loaded.remarks, loaded.question, loaded.scenario
        last = question.grid(scenario.signed).dates[-1]
        what = f"{_world(scenario)}, {count(len(loaded.variants), 'variant')}; "
        what += f"{count(question.trials, 'trial')} to {last:%B %Y}"
    if strict and remarks:
        raise InputError(remarks)
    show_problems(remarks, console, "yellow", "remark: ")
    noted = f"; {count(len(remarks), 'remark')} above" if remarks else ""
    console.print(f"{file} is fine: {what}{noted}", markup=False)


def _world(scenario: Scenario) -> str:
    from pactrisk.cli.terminal import count

    return f"{count(len(scenario.agreements), 'agreement')}, {count(len(scenario.drivers), 'driver')}"
