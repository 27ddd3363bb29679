"""``pactrisk new``."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import click

__all__ = ["command"]


@click.command("new", epilog="\b\nExample:\n  pactrisk new my-case && pactrisk run configs/my-case.toml")
@click.argument("name")
@click.option("--title", help="Title for people. [default: the name]")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder to begin in.")
def command(name: str, title: str | None, into: Path) -> None:
    """Begin a scenario and a config called NAME, with comments, to start from.

    Writes scenarios/NAME.toml and configs/NAME.toml, and beside them the schemas that let an editor complete
    and check keys. Nothing is overwritten.
    """
    from jinja2 import Environment, StrictUndefined

    from pactrisk.config.schema import SCHEMAS, schema
    from pactrisk.errors import InputError, Place, Problem

    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", name):
        hint = "such as my-case"
        raise InputError(Problem("", "a name has letters, digits, - and _, at most 60", hint, Place("NAME")))
    targets = {word: into / f"{word}s" / f"{name}.toml" for word in SCHEMAS}
    taken = [path for path in targets.values() if path.exists()]
    if taken:
        raise InputError([Problem("", "exists already", "choose another name", Place(str(path))) for path in taken])
    quoted = {"name": name, "scenario": json.dumps(name), "signed": date.today().replace(day=1).isoformat()}
    quoted["title"] = json.dumps(title or name.replace("-", " ").replace("_", " ").capitalize(), ensure_ascii=False)
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    for word, path in targets.items():
        text = (files("pactrisk.cli") / "starters" / f"{word}.toml").read_text(encoding="utf-8")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(environment.from_string(text).render(quoted), encoding="utf-8")
        editor = path.parent / f"{word}.schema.json"
        editor.write_text(json.dumps(schema("scenario" if word == "scenario" else "config"), indent=1) + "\n", "utf-8")
        click.echo(f"wrote {path}")
        click.echo(f"wrote {editor}, for editors")
    click.echo(f"next: pactrisk run {targets['config']}")
