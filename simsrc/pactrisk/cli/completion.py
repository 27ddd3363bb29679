"""``pactrisk completion``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

__all__ = ["command"]


@click.command(
    "completion",
    epilog='\b\nExample, for bash:\n  eval "$(pactrisk completion bash)"',
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a SHELL, to be read by its start-up file."""
    from pactrisk.cli import cli

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(cli, {}, "pactrisk", "_PACTRISK_COMPLETE").source())
