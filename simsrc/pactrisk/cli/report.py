"""``pactrisk report``."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

__all__ = ["command"]


@click.command("report", epilog="\b\nExample:\n  pactrisk report reports/kazakhstan-serbia")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write instead of FOLDER itself.")
def command(folder: Path, out: Path | None) -> None:
    """Draw the report in FOLDER again from its stored results, without simulating."""
    from pactrisk.cli.signals import report_told
    from pactrisk.cli.terminal import out as console_on
    from pactrisk.processors import most_workers
    from pactrisk.runs import redraw

    console = console_on()
    with report_told(out or folder) as begun:
        written = redraw(folder, out or folder, most_workers(None), partial(console.print, markup=False), begun)
        console.print(f"report: {written / 'index.html'}", markup=False)
