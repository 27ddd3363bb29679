"""``pactrisk check``."""

from __future__ import annotations

from pathlib import Path

import click

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
    from pactrisk.cli.terminal import out, show_problems
    from pactrisk.config import load, load_scenario, looks_like_scenario
    from pactrisk.errors import InputError

    console = out()
    if looks_like_scenario(file):
        scenario, remarks = load_scenario(file, sets, strict)
        what = f"{len(scenario.agreements)} agreements, {len(scenario.drivers)} drivers"
    else:
        loaded = load(file, sets, strict)
        remarks, plan = loaded.remarks, loaded.plan
        what = (
            f"{len(plan.scenario.agreements)} agreements, {len(plan.scenario.drivers)} drivers, "
            f"{len(plan.variants)} variants; {plan.trials:,} trials to {plan.grid.dates[-1]:%B %Y}"
        )
    if strict and remarks:
        raise InputError(remarks)
    show_problems(remarks, console, "yellow")
    console.print(f"{file} is fine: {what}", markup=False)
