"""What a person sees in a terminal, and what a pipe gets instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table as Grid

from pactrisk.errors import InputError, PactriskError, Problem
from pactrisk.findings import Finding, plain
from pactrisk.findings.wording import interval_text

__all__ = ["out", "progress", "show_error", "show_headline", "show_problems"]


def out(err: bool = False) -> Console:
    """A console on standard output or error; it honours NO_COLOR and pipes."""
    console = Console(stderr=err, highlight=False)
    if not console.is_terminal:
        console.width = 140
    return console


def show_problems(problems: Sequence[Problem], console: Console, style: str = "red") -> None:
    """Every problem: where, what, and what can be done."""
    for problem in problems:
        where = f"[bold]{escape(plain(str(problem.place)))}[/bold]  " if problem.place else ""
        console.print(f"{where}{escape(plain(problem.path))}".rstrip())
        console.print(f"  [{style}]{escape(plain(problem.message))}[/{style}]")
        if problem.hint:
            console.print(f"  [dim]{escape(plain(problem.hint))}[/dim]")


def show_error(error: PactriskError) -> None:
    """An error on standard error."""
    console = out(err=True)
    if not isinstance(error, InputError):
        console.print(f"[red]{escape(plain(str(error)))}[/red]")
        return
    show_problems(error.problems, console)
    number = len(error.problems)
    console.print(f"{number} problem{'' if number == 1 else 's'}; nothing was run or written")


@contextmanager
def progress(words: str, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Progress with the time left, on a terminal; silence in a pipe."""
    console = out(err=True)
    if quiet or not console.is_terminal:
        yield lambda done, of: None  # noqa: ARG005
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("blocks"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def show_headline(finding: Finding, console: Console) -> None:
    """The sentence, and a table with a row an agreement."""
    console.print(plain(finding.sentence), markup=False)
    if not finding.tables:
        return
    table = finding.tables[0]
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    grid.add_column("agreement", overflow="ellipsis", max_width=46)
    shown = [(name, column) for name, column in table.columns.items() if column.kind == "probability"]
    for _, column in shown:
        grid.add_column(column.label, justify="right", no_wrap=True)
    for _, row in table.frame.iterrows():
        cells = [interval_text(row[name], row[str(c.low)], row[str(c.high)]) for name, c in shown]
        grid.add_row(escape(plain(str(row["title"]))), *cells)
    console.print()
    console.print(grid)
