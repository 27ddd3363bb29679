"""``pactrisk verify``."""

from __future__ import annotations

from pathlib import Path

import click

from pactrisk.cli.options import Whole

__all__ = ["command"]


@click.command("verify", epilog="\b\nExample:\n  pactrisk verify reports/kazakhstan-serbia")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--workers", type=Whole(1, 1024), help="Processes; never moves a number. [default: all]")
def command(folder: Path, workers: int | None) -> int:
    """Run FOLDER again from its own inputs and say whether its numbers are the same, to the last bit, and its files.

    Exit code 0 where they are, or differ by no more than another processor's last digits, whatever else somebody put
    beside them; 1 where they are not.
    """
    from pactrisk.cli.terminal import out as console_on
    from pactrisk.cli.terminal import progress
    from pactrisk.verifying import verify

    with progress("simulating", False) as tell:
        found = verify(folder, workers, tell)
    console = console_on()
    for line in found.told:
        console.print(line, markup=False)
    return 0 if found.holds else 1
