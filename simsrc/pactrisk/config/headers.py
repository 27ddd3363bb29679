"""Headers of tables that are no TOML, or name a table that is there already, and what is read in their place."""

from __future__ import annotations

import re
from collections.abc import Collection

from pactrisk.config.slips import plain

__all__ = ["as_items", "respelt_header", "set_apart"]

_HEADER = re.compile(r"([ \t]*\[[ \t]*(?:[\w-]+[ \t]*\.[ \t]*)+)([^\[\].#]+)(\][ \t]*(?:#.*)?)", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_NAME = re.compile(r"""\[[ \t]*((?:[^\[\]]*\.[ \t]*)?)("[^"\\]*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*\]""")


def respelt_header(row: str) -> str | None:
    """A header with spaces or accents in its last name as it is told to be written; None where that is not plain."""
    found = _HEADER.fullmatch(row)
    name = "" if found is None else plain(found[2].strip())
    return f"{found[1]}{name}{found[3]}" if found and _PLAIN.fullmatch(name) else None


def as_items(lines: list[str], which: Collection[int]) -> list[str]:
    """The lines with the headers on some of them, counted from 1, in the brackets of an item of a list."""
    numbered = enumerate(lines, 1)
    return [re.sub(r"\[([^\[\]]*)\]", r"[[\1]]", row, count=1) if n in which else row for n, row in numbered]


def set_apart(lines: list[str], line: int, word: str) -> list[str] | None:
    """The lines in which a table that is there already, from its header on, is called by another word, and so is all
    that stands in tables below it; None where the line is no header of a table.
    """
    found = _NAME.match(lines[line].lstrip())
    if found is None:
        return None
    name = re.escape(f"{found[1]}{found[2]}")
    same = re.compile(rf"([ \t]*\[\[?[ \t]*){name}(?=[ \t]*[.\]])")
    made = list(lines)
    for number in range(line, len(lines)):
        if lines[number].lstrip().startswith("["):
            if same.match(lines[number]) is None:
                break
            made[number] = same.sub(lambda header: f"{header[1]}{found[1]}{word}", lines[number], count=1)
    return made
