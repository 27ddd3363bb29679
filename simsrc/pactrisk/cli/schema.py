"""``pactrisk schema``."""

from __future__ import annotations

import json

import click

__all__ = ["command"]


@click.command("schema", epilog="\b\nExample:\n  pactrisk schema scenario > scenario.schema.json")
@click.argument("which", type=click.Choice(["scenario", "config"]))
def command(which: str) -> None:
    """Print the JSON Schema of WHICH files, for an editor that completes and checks keys.

    A file that begins with "#:schema PATH" finds its schema in an editor with TOML support.
    """
    from pactrisk.config.schema import schema

    click.echo(json.dumps(schema("scenario" if which == "scenario" else "config"), indent=1, ensure_ascii=False))
