"""``pactrisk explain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from pactrisk.explain import Explanation
    from pactrisk.scenario import Scenario

__all__ = ["command"]


def _complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    from pactrisk.explain import vocabulary

    files = [str(path) for path in sorted(Path("scenarios").glob("*.toml"))]
    every = {word for sort in vocabulary().values() for word in sort if " to " not in word}
    return [word for word in (*sorted(every), *files) if word.startswith(incomplete)]


@click.command(
    "explain",
    epilog="\b\nExamples:\n  pactrisk explain half_life\n  pactrisk explain mean_reverting\n  pactrisk explain\n"
    "  pactrisk explain drivers.brent.half_life --in scenarios/kazakhstan-serbia.toml\n"
    "  pactrisk explain scenarios/first-steps.toml --as diagram",
)
@click.argument("what", required=False, shell_complete=_complete)
@click.option("--in", "inside", type=click.Path(path_type=Path), help="Scenario in which the key is looked up.")
@click.option(
    "--as",
    "form",
    type=click.Choice(["words", "diagram", "mermaid", "dot"]),
    help="How a scenario is told. [default: words]",
)
def command(what: str | None, inside: Path | None, form: str | None) -> None:
    """Explain WHAT: a key, a kind or a word; or a scenario file, in words or as a diagram. Alone, list every word."""
    from pactrisk.cli.terminal import out
    from pactrisk.config import load_scenario
    from pactrisk.errors import InputError, Place, Problem

    if what is None:
        _list_words(out())
        return
    if not what.strip():
        hint = "pactrisk explain, without a word, lists every word"
        raise InputError(Problem("WHAT", "is empty", hint, Place("pactrisk explain")))
    file = None if inside is not None else _file(what, form is not None)
    if file is not None:
        _tell_scenario(load_scenario(file)[0], form or "words", out())
        return
    if form is not None:
        hint = f"leave it out: pactrisk explain {what[:60]}"
        raise InputError(Problem("", f"tells a scenario, and {what[:60]!r} is no scenario file", hint, Place("--as")))
    _tell_keys(what, None if inside is None else load_scenario(inside)[0], out())


def _file(what: str, told_as: bool) -> Path | None:
    """The scenario file that is meant, by path or by bare name; a word that has a meaning is that word."""
    from pactrisk.config.whereabouts import existing

    path = Path(what)
    if path.suffix != ".toml":
        path = existing(path, "scenarios")
        if not path.is_file() or not (told_as or not _known(what)):
            return None
    return path


def _known(word: str) -> bool:
    from pactrisk.explain import vocabulary

    return any(word in sort for sort in vocabulary().values())


def _list_words(console: Console) -> None:
    from pactrisk.explain import vocabulary

    for sort, held in vocabulary().items():
        console.print(sort, style="bold")
        console.print(f"  {', '.join(held)}", markup=False)


def _tell_scenario(scenario: Scenario, form: str, console: Console) -> None:
    from pactrisk.explain import explain_scenario
    from pactrisk.findings import plain

    portrait = explain_scenario(scenario)
    if form != "words":
        text = {"diagram": portrait.tree, "mermaid": portrait.mermaid, "dot": portrait.dot}[form]
        click.echo(text)
        return
    console.print(plain(portrait.title), style="bold", markup=False)
    for title, paragraphs in portrait.sections:
        console.print(f"\n{plain(title)}", style="bold", markup=False)
        for paragraph in paragraphs:
            console.print(plain(paragraph), markup=False)


def _tell_keys(what: str, scenario: Scenario | None, console: Console) -> None:
    from pactrisk.errors import InputError
    from pactrisk.explain import explain_key
    from pactrisk.question import Question
    from pactrisk.scenario import Scenario

    found: list[Explanation] = []
    refused: InputError | None = None
    for model in (Scenario, Question):
        try:
            found += [e for e in explain_key(model, scenario if model is Scenario else None, what) if e not in found]
        except InputError as error:
            refused = refused or error
    if not found:
        assert refused is not None
        raise refused
    for place, explanation in enumerate(found):
        _tell(explanation, console, first=place == 0)


def _tell(explanation: Explanation, console: Console, first: bool) -> None:
    from rich.table import Table as Grid

    from pactrisk.findings import plain

    if not first:
        console.print()
    console.print(plain(explanation.title), style="bold", markup=False)
    console.print(f"  {plain(explanation.meaning)}", markup=False)
    for paragraph in explanation.body:
        console.print(f"  {paragraph}", markup=False)
    if explanation.rows and not console.is_terminal:
        # a grid would pad every line to the longest
        width = max(len(plain(name)) for name, _ in explanation.rows)
        for name, text in explanation.rows:
            console.print(f"  {plain(name):<{width}}    {plain(text)}".rstrip(), markup=False)
    elif explanation.rows:
        grid = Grid(box=None, show_header=False, pad_edge=False, padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column()
        from rich.text import Text

        for name, text in explanation.rows:
            grid.add_row(Text(f"  {plain(name)}"), Text(plain(text)))
        console.print(grid)
