"""What is set twice: where, and what was probably meant by the second."""

from __future__ import annotations

import re

from pactrisk.config.places import At, twice
from pactrisk.config.quoting import clean, key
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.spelling import meant

__all__ = ["KEEP", "LISTS", "repeated"]

LISTS = ("agreements", "shocks")
"""Lists of tables at the top of a scenario."""
KEEP = "keep one of the two"
"""What is done about a table or key that is there twice and is no item of a list."""
Path = tuple[str | int, ...]
Lines = tuple[int, ...]


def repeated(text: str, read: str, place: At) -> tuple[At, str, str, Path, Lines]:
    """Of a text that sets something twice: where, what is wrong, what to do about it, the path of the key, and the
    lines of headers that were plainly meant to begin an item of a list.

    ``read`` is the text as far as it was read, to where (``place``) the reader of TOML gave up.
    """
    found = twice(read)
    if found is not None:
        path, first, second = found
        hint, items = _of_items(text, path, second[0])
        return second, f"{key(path[-1])} is set twice: first on line {first[0]}", hint, path, items
    rows = text.split("\n")
    header = re.match(r"\s*\[\[?\s*([\w-]+)", rows[place[0] - 1] if place[0] <= len(rows) else "")
    hint = _of_items(text, (header[1],), place[0] - 1)[0] if header is not None else KEEP
    if hint == KEEP and header is not None and (early := _early(rows, header[1])) is not None:
        line, written = early
        whole = f"[[{key(header[1])}]]"
        return (line, 1), f"{written} stands above its {whole}", f"move it below the {whole} that it is part of", (), ()
    hint = "write each key and each table once" if hint == KEEP else hint
    return place, "sets something that was set before", hint, (), ()


def _early(rows: list[str], name: str) -> tuple[int, str] | None:
    """The first table within the items of a list, if it stands above all of them: its line, and how it is written."""
    for line, row in enumerate(rows, 1):
        inner = re.match(rf"\s*(\[\[?\s*{re.escape(name)}\s*\.[^\]]*\]\]?)", row)
        if inner is not None:
            return line, clean(inner[1])
        if re.match(rf"\s*\[\[\s*{re.escape(name)}\s*\]\]", row):
            break
    return None


def _of_items(text: str, path: Path, line: int) -> tuple[str, Lines]:
    """What to do about a key that is set twice, which may be meant for one more item of a list; and the lines of
    headers that begin one.
    """
    name = str(path[0])
    if name not in LISTS and (name in Scenario.model_fields or name in Question.model_fields):
        return KEEP, ()
    if re.search(rf"^\s*\[\[\s*{re.escape(name)}\s*\]\]", text, re.MULTILINE):
        lines = text.split("\n")[:line]
        if re.fullmatch(rf"\s*\[\s*{re.escape(name)}\s*\]\s*(#.*)?", lines[-1].rstrip("\r")):
            return f"one more item begins with [[{name}]]", (line,)
        # of a list that is set twice the header itself says nothing
        for number, row in reversed(list(enumerate(lines[:-1], 1))):
            header = re.match(r"\s*\[\[?\s*([\w-]+)\s*\]", row)
            if header is not None:
                slip = header[1] != name and meant(header[1], [name]) is not None
                if slip or (header[1] == name and "[[" not in row):
                    return f"did you mean [[{name}]] on line {number}?", () if slip else (number,)
                if header[1] == name:
                    break
    elif len(path) == 1 and name in LISTS:
        rows = text.split("\n")
        items = tuple(number for number, row in enumerate(rows, 1) if re.match(rf"\s*\[\s*{name}\s*\]", row))
        # tables below it may be called by their ids
        held = all(re.match(r"\s*[\w-]+\s*=", "".join(rows[number : number + 1])) for number in items)
        return f"each item of {name} begins with [[{name}]]", items if held else ()
    return KEEP, ()
