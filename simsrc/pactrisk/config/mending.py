"""A text that is not quite TOML, read as far as that is plain, so that one slip hides no other.

The standard library's reader stops at the first slip. Here the statement that holds it is put right where it is plain
what was meant, or else stands for a value that is not known, and the text is read again. Lines stay where they are.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import Any, TypeAlias

from pactrisk.config.headers import as_items, respelt_header, set_apart
from pactrisk.config.nesting import nesting, offset
from pactrisk.config.repeats import KEEP
from pactrisk.config.slips import Slip, explain
from pactrisk.config.unread import Again, Unread
from pactrisk.config.wanted import bare
from pactrisk.errors import Kind

__all__ = ["column_in", "read_mended"]

_MOST = 12
"""Slips that are told of one file."""
_LARGEST = 2**16
"""Characters of a text beyond which only its first slip is told, so that it has its answer in time."""
_LINES = 40
"""Most lines of a statement that is put right."""
_JUNK = 3
"""Lines without a key after which a text is taken for something else than TOML."""

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\\\x00-\x1f\x7f]*"|'[^'\x00-\x1f\x7f]*')"""
_SET = re.compile(rf"([ \t]*{_PART}(?:[ \t]*\.[ \t]*{_PART})*)[ \t]*(?:=|:(?!=))\s*", re.ASCII)
_HEADER = re.compile(r"[ \t]*\[[^{}=,#]*(?:#.*)?")
_COMMENT = re.compile(r"\s*(?://|;|--|%)")
_QUOTED = re.compile(r""" "(?:[^"\\\n]|\\.)*" | '[^'\n]*' """, re.VERBOSE)
_GROUP = re.compile(r"\{[^\[\]{}]*\}|\[[^\[\]{}]*\]")
_LIST = "\x01"
"""A list, where it does not matter what it holds."""
_MORE = re.compile(rf"(?<![\w\"'-])[\w\"'-]+\s*=(?!=)|\S\s*[\[{_LIST}]")
_SAME = re.compile(r"\A\s*[A-Za-z]\w*\s*=(?=\s*\w+\s*$)", re.ASCII)
_LETTER = re.compile(r"[ \t]*[A-Za-z_]")
_KEY = re.compile(r"([\w-]+)[ \t]*=[ \t]*$")
_ENDS = re.compile(r"[,\]}#\n]")
_HELD = re.compile(r"""["'\[\]{}]|(?<![=!<>])=(?!=)""")
"""What no part of a value holds that is read alone."""

Moves: TypeAlias = dict[int, list[tuple[int, int]]]
"""By line: from which columns on a text that was put right has so many characters more than were written."""


def column_in(moves: Moves, line: int, column: int) -> int:
    """The column as it was written of one in a text that was put right."""
    return column - sum(more for begin, more in moves.get(line, ()) if begin < column)


def read_mended(text: str, mend: bool) -> tuple[dict[str, Any] | None, str, list[Slip], Moves]:
    """The tables of a text, the text as it was put right, the slips in it, and what these moved.

    There are no tables where too much is unclear. Without ``mend`` the first slip is the end.

    Raises
    ------
    RecursionError, ValueError : as ``tomllib.loads``, but for what is not TOML.
    """
    mending = _Mending(text)
    while True:
        try:
            data = tomllib.loads(mending.text)
        except tomllib.TOMLDecodeError as error:
            slip = explain(mending.text, str(error))
            if not (mending.mends(slip) and mend):
                return None, text, mending.slips, {}
        else:
            if not mending.slips:
                return data, text, [], {}
            tables = mending.meant(data) if not mending.unclear else None
            return tables, mending.text, mending.slips, mending.moves


class _Mending:
    """A text on its way to being read; its tables cannot be judged where it is ``unclear`` what is set."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.slips: list[Slip] = []
        self.unclear = False
        self.moves: Moves = {}
        self._mark = _mark(text)
        self._instead_of: dict[str, tuple[int, Any]] = {}
        """By the word that stands for it in the text: of which slip it is, and what it is."""
        self._again: dict[str, str] = {}
        """By the words by which tables are called that are there already: their names."""
        self._junk = 0
        self._next = -1
        """The line after what was put right last."""

    def mends(self, slip: Slip) -> bool:
        """Whether the statement with this slip is out of the way now."""
        told = self._named(replace(slip, column=column_in(self.moves, slip.line, slip.column)))
        if told in self.slips or (slip.repeats and self.unclear):
            # it is not where it is told, or a table that lost its name seems to be another
            return False
        lines = self.text.split("\n")
        more = len(self.slips) < _MOST and len(self.text) <= _LARGEST
        if slip.items and more:
            self.slips.append(told)
            self.text = "\n".join(as_items(lines, slip.items))
            return True
        # of a list the header of the next item may be missing
        if slip.repeats and slip.hint == KEEP and more and all(isinstance(part, str) for part in slip.path):
            word = f"{self._mark}{len(self.slips)}"
            if (apart := set_apart(lines, slip.line - 1, word)) is not None:
                self.slips.append(told)
                self._again[word] = str(told.path[-1])
                self.text = "\n".join(apart)
                return True
        if slip.opens and more:
            row = lines[slip.line - 1]
            self.slips.append(told)
            lines[slip.line - 1] = f"{row[: slip.column - 1]}[{row[slip.column - 1 :]}"
            self._moved(slip.line, slip.column, 1)
            self.text = "\n".join(lines)
            return True
        bounds = _statement(lines, slip.line - 1)
        first, last = bounds or (slip.line - 1, slip.line - 1)
        written = "\n".join(lines[first : last + 1])
        now: str | None = ""
        if self.slips and first == self._next and not _begins(written):
            # what is left of a list that lost its beginning is no slip of its own
            self.unclear = True
            while last + 1 < len(lines) and not _begins(lines[last + 1]):
                last += 1
        else:
            self.slips.append(told)
            if bounds is None or not more or len(self.slips) >= _MOST:
                return False
            now = self._statement_for(written, first, slip)
        if now is None or now == written:
            return False
        lines[first : last + 1] = [now, *[""] * (last - first - now.count("\n"))]
        self.text, self._next = "\n".join(lines), last + 1
        return True

    def _statement_for(self, written: str, line: int, slip: Slip) -> str | None:
        """What is read for a statement from now on; None where the text may not be TOML at all."""
        found = _SET.match(written)
        swallows = any(map(_SET.match, written.split("\n")[1:]))
        if found is not None and not swallows and not _sets_more(written[found.end() :]):
            own = slip.line == line + 1 and slip.column <= found.end(1)
            if slip.repeats and own:
                return ""
            return self._part(written, found.end(), slip, line) or self._value(found[1], written[found.end() :], slip)
        if _COMMENT.match(written):
            return ""
        if not slip.repeats and (header := respelt_header(written)) not in (None, written):
            return header
        self.unclear = True
        if _HEADER.fullmatch(written):
            return f"[{self._mark}{len(self.slips)}]"
        self._junk += found is None
        return "" if self._junk <= _JUNK else None

    def _part(self, written: str, begin: int, slip: Slip, line: int) -> str | None:
        """A statement in which only the part of its value that holds the slip is not known; None if it is the whole.

        The statement begins on the line after ``line``, its value at the offset ``begin``. What else is wrong must come
        after that part.
        """
        at = offset(written, slip.line - line, slip.column)
        first = 1 + max(written.rfind(sign, begin - 1, at) for sign in "=,[{\n")
        last = _ENDS.search(written, max(at, first))
        part = written[first : last.start() if last else None]
        if first <= begin or not part.strip() or _HELD.search(part):
            return None
        word, first = part.strip(), first + len(part) - len(part.lstrip())
        key = _KEY.search(written[:first])
        meant = _plain(key[1] if key else "", word, slip) or Unread(word, self._told_at)
        start = f"{written[:first]}{self._token(meant)}"
        made = start + written[last.start() if last else len(written) :]
        try:
            tomllib.loads(made)
        except tomllib.TOMLDecodeError as error:
            other = explain(made, str(error))
            if offset(made, other.line, other.column) <= len(start):
                self._instead_of.popitem()
                return None
        self._moved(slip.line, slip.column + first - at, len(made) - len(written))
        return made

    def _named(self, slip: Slip) -> Slip:
        """A slip, with tables that were there already by their names."""
        path, message = slip.path, slip.message
        for word in self._again.keys() & {*path}:
            path = tuple(self._again[word] if part == word else part for part in path)
            message = message.replace(word, self._again[word])
        return replace(slip, path=path, message=message)

    @property
    def _told_at(self) -> tuple[int, int]:
        """Where the slip is told that is put right now."""
        return self.slips[-1].line, self.slips[-1].column

    def _moved(self, line: int, column: int, more: int) -> None:
        self.moves.setdefault(line, []).append((column, more))

    def _value(self, key: str, value: str, slip: Slip) -> str:
        word = value.partition("#")[0].strip()
        plain = _plain(key.rpartition(".")[2].strip(), word, slip)
        meant = plain or _as_toml(value, Unread(word, self._told_at))
        if isinstance(meant, dict | list):
            # as it is, so that all within has its place
            return f"{key} = {value}"
        return f"{key} = {self._token(meant)}"

    def _token(self, meant: Any) -> str:
        """A text that stands for what was meant where the last slip is."""
        token = f"{self._mark}{len(self._instead_of)}"
        self._instead_of[token] = len(self.slips) - 1, meant
        return f'"{token}"'

    def meant(self, value: Any, path: tuple[str | int, ...] = ()) -> Any:
        """The tables with what was meant, or could not be read, in its places; slips learn what they are about."""
        if isinstance(value, dict):
            return {
                w: self._lacking(w, value, path) if w in self._again else self.meant(inner, (*path, w))
                for w, inner in value.items()
            }
        if isinstance(value, list):
            return [self.meant(inner, (*path, place)) for place, inner in enumerate(value)]
        if not (isinstance(value, str) and value in self._instead_of):
            return value
        number, instead = self._instead_of[value]
        self.slips[number] = replace(self.slips[number], path=path)
        return instead

    def _lacking(self, word: str, tables: dict[str, Any], path: tuple[str | int, ...]) -> Again:
        """A table that is there already, among the tables at a path."""
        name = self._again[word]
        first, again = tables.get(name), tables[word]
        held = again.keys() - (first.keys() if isinstance(first, dict) else ()) if not path else ()
        return Again(word, lacks=tuple((name, key) for key in sorted(held)))


def _begins(line: str) -> bool:
    """Whether a statement begins here, and not what is left of one."""
    return any(sort.match(line) for sort in (_SET, _COMMENT, _LETTER)) or _HEADER.fullmatch(line) is not None


def _sets_more(value: str) -> bool:
    """Whether more than one value stands here, so that it is not plain what each is."""
    # of a word that is said to be another neither can be a key
    rest = _SAME.sub("", _QUOTED.sub('""', value).partition("#")[0])
    while (shorter := _GROUP.sub(lambda group: "0" if group[0][0] == "{" else _LIST, rest)) != rest:
        rest = shorter
    return _MORE.search(rest) is not None


def _plain(key: str, word: str, slip: Slip) -> str | None:
    """What was meant by a word under a key, where it plainly is text without its quotes."""
    return bare(key, word) if slip.kind == Kind.UNQUOTED else None


def _mark(text: str) -> str:
    """A word that the text does not hold."""
    mark = "unread"
    while mark in text:
        mark += "_"
    return mark


def _as_toml(value: str, unread: Unread) -> Any:
    try:
        return tomllib.loads(f"x = {value}")["x"]
    except (ValueError, RecursionError):
        return unread


def _statement(lines: list[str], line: int) -> tuple[int, int] | None:
    """First and last line of the statement that holds a line; None where it is not plain where that ends."""
    above = "\n".join(lines[:line])
    begun = nesting(above).since
    first = line if begun is None else above.count("\n", 0, begun)
    if lines[first : first + 1] and _HEADER.fullmatch(lines[first]):
        # the name of a table stands on one line, closed or not
        return (first, first) if first == line else None
    opened = ""
    for last in range(first, min(first + _LINES, len(lines))):
        if last > first and (_HEADER.fullmatch(lines[last]) or (opened == "[" and _SET.match(lines[last]))):
            return None
        seen = nesting("\n".join(lines[first : last + 1]))
        if seen.unclosed is None:
            return (first, last) if last >= line and (last == first or not seen.crossed) else None
        opened = seen.unclosed[0]
    return None
