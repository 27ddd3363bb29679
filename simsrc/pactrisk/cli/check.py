"""``pactrisk check``."""

from __future__ import annotations

import gc
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pactrisk.numerals import counted

if TYPE_CHECKING:
    from pactrisk.config.sources import Seen
    from pactrisk.errors import Problem
    from pactrisk.scenario import Scenario

__all__ = ["command"]


@click.command(
    "check",
    epilog="\b\nExamples:\n  pactrisk check configs/kazakhstan-serbia.toml\n"
    "  pactrisk check scenarios/first-steps.toml --strict\n"
    "  pactrisk check configs/first-steps.toml --json",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="A number without a source, and every remark, is a problem.")
@click.option("--json", "as_json", is_flag=True, help="Print problems and remarks as JSON on standard output.")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Check with one key changed.")
def command(file: Path, strict: bool, as_json: bool, sets: tuple[str, ...]) -> None:
    """Find every problem of a config or scenario FILE, without running it."""
    # nearly all that a check makes is kept to its end: looking for what is not costs time and finds nothing
    gc.disable()
    from pactrisk.errors import InputError

    what, error = "", None
    try:
        what, remarks = _checked(file, strict, sets)
    except InputError as raised:
        error, remarks = raised, raised.remarks
    if strict and remarks:
        error, remarks = InputError((*(error.problems if error else ()), *remarks)), ()
    if as_json:
        click.echo(_json(file, error.problems if error else (), remarks))
        if error is not None:
            raise click.exceptions.Exit(error.exit_code)
        return
    from pactrisk.cli.terminal import out, show_problems

    noted = ""
    if remarks:
        show_problems(remarks, out(err=error is not None), "yellow", "remark: ")
        noted = f"; {counted(len(remarks), 'remark')} above"
    if error is not None:
        raise error
    click.echo(f"{file} is fine: {what}{noted}")


def _checked(file: Path, strict: bool, sets: tuple[str, ...]) -> tuple[str, Sequence[Problem]]:
    """What the file holds, and what is odd about it."""
    from pactrisk.config import load, load_scenario, looks_like_scenario

    seen: Seen = {}
    if looks_like_scenario(file, seen):
        scenario, remarks = load_scenario(file, sets, strict, seen)
        return _world(scenario), remarks
    loaded = load(file, sets, strict, seen)
    question, scenario = loaded.question, loaded.scenario
    last = question.grid(scenario.signed).dates[-1]
    what = f"{_world(scenario)}, {counted(len(loaded.variants), 'variant')}; "
    return f"{what}{counted(question.trials, 'trial')} to {last:%B %Y}", loaded.remarks


def _json(file: Path, problems: Sequence[Problem], remarks: Sequence[Problem]) -> str:
    def told(found: Sequence[Problem]) -> list[dict[str, object]]:
        return [
            {
                "file": place.file if (place := problem.place) else str(file),
                "line": place.line if place else 0,
                "column": place.column if place else 0,
                "path": problem.path,
                "message": problem.message,
                "hint": problem.hint,
            }
            for problem in found
        ]

    told_all = {"file": str(file), "fine": not problems, "problems": told(problems), "remarks": told(remarks)}
    return json.dumps(told_all, indent=1, ensure_ascii=False)


def _world(scenario: Scenario) -> str:
    return f"{counted(len(scenario.agreements), 'agreement')}, {counted(len(scenario.drivers), 'driver')}"
