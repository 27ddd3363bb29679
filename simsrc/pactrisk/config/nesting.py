"""How deep the brackets of a TOML text go, told in one pass before anything parses it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf

__all__ = ["Nesting", "at", "nesting", "offset", "unclosed_text", "unopened_list"]

_TOKEN = re.compile(
    r"""
    # what means nothing here is passed over in one step, up to the end if nothing follows
    [^\#"'\[\]{}.=,\n]*+ (?:
    (?P<end>   [=,\n] )
  | (?P<dot>   \.    )
  | (?P<open>  [\[{] )
  | (?P<close> [\]}] )
  | (?P<long>    \"{3}(?:[^"\\]++|\\.|"{1,2}(?!"))*+(?:"{3,5}|\\?\Z)
               | '{3}(?:[^']++|'{1,2}(?!'))*+(?:'{3,5}|\Z) )
  | (?P<skip>    \#[^\n]*+
               | "(?:[^"\\\n]++|\\[^\n])*+"?
               | '[^'\n]*+'? )
  | (?P<rest>  \Z   )
    )
    """,
    re.VERBOSE | re.DOTALL,
)

_SETS = re.compile(r"\s*((?:[\w-]|[.]|\"[^\"]*\")+)\s*=")
_LINES = 40
"""Lines in which the end of a list is looked for that has no beginning."""


@dataclass(frozen=True)
class Nesting:
    """What one pass over the brackets and quotes of a text has seen."""

    deep: int | None = None
    """offset where the text first goes deeper than allowed"""
    unclosed: tuple[str, int] | None = None
    """the bracket or quotes still open at the end of the text, and their offset"""
    since: int | None = None
    """offset of the outermost bracket, or the quotes, still open at the end of the text"""
    many: bool = False
    """whether the text goes on beyond the keys and values that are read"""
    crossed: bool = False
    """whether a bracket was closed by one of the other sort"""


def nesting(text: str, most: float = inf, values: float = inf) -> Nesting:
    """Brackets within brackets, or parts of a dotted key, beyond ``most``; more ``values``; and what is never closed.

    Text in quotes and comments count for nothing. Time is linear in the length of the text.
    """
    stack: list[tuple[str, int]] = []
    dots = count = 0
    crossed = False
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup or ""
        if kind == "end":
            count += token[kind] != "\n"
            dots = 0
        elif kind == "dot":
            dots += 1
        elif kind == "open":
            stack.append((token[kind], token.start(kind)))
            count += 1
            dots = 0
        elif kind == "close":
            if stack:
                crossed |= stack.pop()[0] + token[kind] not in ("[]", "{}")
            dots = 0
        elif kind == "long" and (len(token[kind]) < 6 or token[kind][-3:] != token[kind][:3]):
            begun = token.start(kind)
            return Nesting(unclosed=(token[kind][:3], begun), since=stack[0][1] if stack else begun)
        if len(stack) > most or dots >= most:
            return Nesting(deep=token.start(kind))
        if count > values:
            return Nesting(many=True)
    if not stack:
        return Nesting(crossed=crossed)
    return Nesting(unclosed=stack[-1], since=stack[0][1], crossed=crossed)


def unopened_list(lines: list[str], line: int) -> tuple[int, str] | None:
    """Of a line that sets a list which ends with ] and has no [ to begin it: where its value begins, and its key.

    None where that is not plain: the end must come before the next key or table.
    """
    begun = _SETS.match(lines[line - 1])
    if begun is None:
        return None
    value = [lines[line - 1][begun.end() :]]
    goes_on = value[0].partition("#")[0].strip()[-1:] in ("", ",")
    for row in lines[line : line + _LINES] if goes_on else ():
        if _SETS.match(row) or row.lstrip().startswith("["):
            break
        value.append(row)
    deep = 0
    for token in _TOKEN.finditer("\n".join(value)):
        deep += (token.lastgroup == "open") - (token.lastgroup == "close")
        if deep < 0:
            return (begun.end(), begun[1].strip()) if token["close"] == "]" else None
    return None


def unclosed_text(text: str) -> int | None:
    """Offset of the first text in single quotes that its line leaves open."""
    tokens = (token for token in _TOKEN.finditer(text) if token.lastgroup == "skip")
    return next((t.start("skip") for t in tokens if t["skip"][0] == "'" and not t["skip"][1:].endswith("'")), None)


def at(text: str, place: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1."""
    return text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


def offset(text: str, line: int, column: int) -> int:
    """The offset of a line and column, both counted from 1."""
    return sum(len(row) + 1 for row in text.split("\n")[: line - 1]) + column - 1
