"""What a person sees in a terminal, and what a pipe gets instead."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pactrisk.cli.silence import print_no_more
from pactrisk.errors import InputError, PactriskError, Problem
from pactrisk.numerals import counted

if TYPE_CHECKING:
    from rich.console import Console

    from pactrisk.findings import Finding

__all__ = ["out", "progress", "show_error", "show_headline", "show_problems"]

_UNBROKEN = 10_000
_MOST = 100


def out(err: bool = False) -> Console:
    """A console on standard output or error; it honours NO_COLOR, and breaks no line that goes into a pipe."""
    from rich.console import Console

    class Told(Console):
        """Whether anybody reads on what is asked for is for the caller to judge: a report is no less written. What is
        said beside it stops nothing where nobody takes it.
        """

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

        def print(self, *objects: Any, **how: Any) -> None:
            try:
                super().print(*objects, **how)
            except OSError:
                if not self.stderr:
                    raise
                print_no_more(sys.stderr)

    console = Told(stderr=err, highlight=False)
    if not console.is_terminal:
        console.width = _UNBROKEN
    return console


def show_problems(problems: Sequence[Problem], console: Console, style: str = "red", mark: str = "") -> None:
    """Every problem: where, what, and what can be done; ``mark`` says that it is none. Of a flood, the beginning."""
    from rich.markup import escape

    from pactrisk.findings import plain

    for problem in problems[:_MOST]:
        where = f"[bold]{escape(plain(str(problem.place)))}[/bold]  " if problem.place else ""
        console.print(f"{where}{escape(plain(problem.path))}".rstrip())
        console.print(f"  [{style}]{escape(mark)}{escape(plain(problem.message))}[/{style}]")
        if problem.hint:
            console.print(f"  [dim]{escape(plain(problem.hint))}[/dim]")
    if len(problems) > _MOST:
        console.print(f"[dim]and {len(problems) - _MOST:,} more, which pactrisk check --json lists[/dim]")


def show_error(error: PactriskError, only_asked: bool = False) -> None:
    """An error on standard error; that nothing came of it need not be said where something was ``only_asked``."""
    from rich.markup import escape

    from pactrisk.findings import plain

    console = out(err=True)
    if not isinstance(error, InputError):
        console.print(f"[red]{escape(plain(str(error)))}[/red]")
        return
    show_problems(error.problems, console)
    console.print(f"{counted(len(error.problems), 'problem')}{'' if only_asked else '; nothing was run or written'}")


@contextmanager
def progress(words: str, quiet: bool, blocks: bool = True) -> Iterator[Callable[[int, int], None]]:
    """Progress on a terminal, by blocks with the time left where there are any; silence in a pipe."""
    console = out(err=True)
    if quiet or not console.is_terminal:
        yield lambda done, of: None  # noqa: ARG005
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    counted = (MofNCompleteColumn(), TextColumn("blocks")) if blocks else ()
    left = (TimeRemainingColumn(),) if blocks else ()
    columns = (TextColumn("{task.description}"), BarColumn(), *counted, TimeElapsedColumn(), *left)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def show_headline(finding: Finding, console: Console) -> None:
    """The sentence of a finding; of the headline also a table with a row an agreement."""
    from rich.markup import escape
    from rich.table import Table as Grid

    from pactrisk.findings import plain
    from pactrisk.findings.wording import interval_text

    console.print(plain(finding.sentence), markup=False)
    if finding.name != "headline" or not finding.tables:
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
