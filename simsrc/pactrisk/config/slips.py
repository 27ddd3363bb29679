"""What is wrong with a TOML text, in the words of someone who meant well, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from pactrisk.config.nesting import at, nesting, unclosed_text, unopened_list
from pactrisk.config.quoting import clean, shown
from pactrisk.config.repeats import repeated
from pactrisk.config.spots import SPANS, Said, Spot
from pactrisk.config.strays import odd_sign, stray, unset
from pactrisk.config.units import alone, in_per_cent
from pactrisk.config.wanted import instead, wants_number
from pactrisk.errors import Kind
from pactrisk.miswritten import FORMULAS
from pactrisk.numerals import FIGURE, OF_HUNDRED

__all__ = ["Slip", "explain", "plain"]

_WHERE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)\s*$")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}")
_CURLY = "“”„‟‘’‚«»"

_PER_CENT = "has a per cent sign after a number"
_ONE_A_LINE = "each key stands on a line of its own, without commas"
_LETTERS = "names have letters a to z, digits and _"
_COMMA: Said = ("has a comma within a number", "thousands are written 100_000, decimals with a point: 0.5")


@dataclass(frozen=True)
class Slip:
    """One place where a text stops being TOML."""

    line: int
    column: int
    message: str
    hint: str = ""
    kind: Kind = Kind.OTHER
    path: tuple[str | int, ...] = ()
    repeats: bool = False
    """whether something is set that was set before"""
    opens: bool = False
    """whether the value that begins here is a list without its ["""
    items: tuple[int, ...] = ()
    """lines of headers that lack the second brackets of an item of a list"""


def explain(text: str, error: str) -> Slip:
    """The slip behind a message of the standard library's TOML reader.

    The message ends in a line and column, or in words that mean the end of the text.
    """
    where = _WHERE.search(error)
    said = error[: where.start()].lower() if where else error.lower()
    end, last = where is None or where[1] is None, text.rstrip()
    line, column = at(last, len(last)) if where is None or where[1] is None else (int(where[1]), int(where[2]))
    if re.search(r"overwrite|twice|immutable|redefine|duplicate", said):
        # what follows the error was never read, and need not be TOML
        read = text if end else "\n".join(text.split("\n")[:line]) + "\n"
        place, message, hint, path, items = repeated(text, read, (line, column))
        return Slip(*place, message, hint, path=path, repeats=True, items=items)
    if end:
        open_ = nesting(text).unclosed
        if open_ is not None:
            return Slip(*at(text, open_[1]), f"{open_[0]} is opened here and never closed")
        quote = unclosed_text(text) if said.startswith('expected "\'"') else None
        if quote is not None:
            return Slip(*at(text, quote), *_string(Spot("", "")))
    lines = text.split("\n")
    row = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    spot = Spot(row[: column - 1], row[column - 1 :])
    begun = unopened_list(lines, line) if said.startswith(("invalid value", "expected newline")) else None
    if begun is not None and column > begun[0]:
        told = "the [ that begins this list is missing", f"write {clean(begun[1])} = [ ... ]"
        return Slip(line, begun[0] + 1, *told, opens=True)
    if (odd := odd_sign(spot)) is not None:
        return Slip(line, column, *odd)
    for words, tell in _SLIPS:
        if words in said:
            return Slip(line, column, *tell(spot))
    return Slip(line, column, *_other(spot))


def _other(spot: Spot) -> Said:
    return (f"does not understand {shown(spot.rest.strip())}", "") if spot.rest.strip() else ("is not finished", "")


def _value(spot: Spot) -> Said:
    rest, word = spot.rest.strip(), spot.token
    if not rest or rest[0] in "#,]}":
        return "a value is missing here", "write one, or leave the key out"
    if spot.last in FORMULAS and re.match(r"[-+.(!\w]", rest):
        return _unquoted(spot)
    if (odd := stray(spot)) is not None:
        return odd
    if rest[0] in _CURLY:
        return "has curly quotes", 'TOML wants straight quotes: "text"'
    if word.lower().rstrip(";") in ("true", "false", "yes", "no", "on", "off"):
        return f"{clean(word)} is not a value", "write true or false, in lower case and without quotes"
    if word.lower() in ("none", "null", "nil", "na", "n/a"):
        return f"{clean(word)} is not a value", "there is no empty value: leave the key out"
    if re.match(rf"{FIGURE}\s*%", rest):
        return _PER_CENT, in_per_cent(spot), Kind.PER_CENT
    if re.match(r"[+-]?\.\d", rest):
        return f"{clean(word)} is not a number", f"write {clean(re.sub(r'[.]', '0.', word, count=1))}"
    if not re.match(r"[\w/]", rest):
        return f"{shown(spot.value)} is not a value", ""
    return _unquoted(spot)


def _unquoted(spot: Spot) -> Said:
    return f"{shown(spot.value)} is not a value", instead(spot), Kind.UNQUOTED


def _after(spot: Spot) -> Said:
    rest, token = spot.rest.strip(), spot.token
    number = re.search(r"\d\s*$", spot.before) is not None
    several = re.search(r"(?:^|\s)[\w.-]+\s*=(?!=)", rest) is not None and not spot.spoilt
    if number and spot.last in FORMULAS and not several and rest[:1] not in ",]})":
        return _unquoted(spot)
    if (odd := stray(spot)) is not None:
        return odd
    if _DATE.match(token):
        return f"{shown(token)} is not a date", "dates are written year-month-day: 2026-02-27"
    if number and re.match(r"\.?%", rest):
        return _PER_CENT, in_per_cent(spot), Kind.PER_CENT
    if number and re.match(r",\d", rest):
        return _COMMA
    if rest.startswith(","):
        listed = re.match(r",\s*[{\"'\[]", rest)
        hint = f"a list stands in brackets: {clean(spot.key)} = [ ... ]" if listed else _ONE_A_LINE
        return "has a comma after the value", hint
    if number and spot.before[-1:].isspace() and re.match(r"\d", rest):
        return "has a space within a number", "thousands are written 100_000"
    if re.fullmatch(r"[+-]?0\d+[\d.]*", token):
        return f"{shown(token)} begins with a zero", "numbers have no leading zeros; codes go in quotes"
    if re.fullmatch(r"[+-]?[\d_]+(\.[\d_]*){2,}", token):
        return (
            f"{shown(token)} is not a number",
            "a number has one decimal point at most; thousands are written 100_000",
        )
    if re.fullmatch(r"[+-]?[\d_]+\.", token):
        return f"{shown(token)} is not a number", f"write {clean(token)}0"
    if several:
        return "has two keys on one line", "each key stands on a line of its own"
    if rest[:1] in "]})" and rest:
        return f"has a {rest[0]} that nothing opened", ""
    if number and rest[:1].isalpha():
        said = re.split(r"[,\]}#]" if spot.within else "#", rest, maxsplit=1)[0].strip()
        told = f"has {shown(said)} after a number"
        if re.fullmatch(OF_HUNDRED, said):
            return told, in_per_cent(spot), Kind.PER_CENT
        return (told, instead(spot), Kind.UNQUOTED) if spot.last in SPANS else (told, alone(spot))
    if rest and rest[0] in _CURLY:
        return "has curly quotes", 'TOML wants straight quotes: "text"'
    textual = number and wants_number(spot.last) is False
    return f"has {shown(rest or token)} after the value", instead(spot) if textual else ""


def _start(spot: Spot) -> Said:
    rest = spot.rest.strip()
    if rest.startswith(("//", ";", "/*", "--", "%", "<!")):
        return f"{shown(rest)} is not a key", "comments begin with #"
    if rest.startswith("="):
        return "has no key before =", ""
    if rest[:1].isalpha():
        return _letters(spot)
    if rest[:1] in _CURLY:
        return "has curly quotes", 'TOML wants straight quotes: "key"'
    return f"{shown(rest)} is not a key", ""


def _letters(spot: Spot) -> Said:
    word = re.split(r"[\s=.\]]", (re.split(r"[\s.\[{,]", spot.before)[-1] + spot.rest), maxsplit=1)[0]
    meant = plain(word)
    return f"{shown(word)} is not a plain key", f"{_LETTERS}: {meant}" if meant.isascii() else _LETTERS


def plain(text: str) -> str:
    """A name without the accents of its letters, with _ for other signs."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[^\w.-]+", "_", clean(bare))


def _equals(spot: Spot) -> Said:
    rest = spot.rest.strip()
    # in a table in braces other keys stand before
    name = re.split(r"[,{]", spot.before)[-1].strip()
    if rest.startswith(":"):
        return "has : after a key", f"write {clean(name)} = ..."
    if not rest or rest.startswith("#"):
        return f"has no = and no value after {clean(name)}", ""
    # 0,5 between braces reads as the value 0 and a key 5
    if re.search(r"\d,\d+\s*$", spot.before):
        return _COMMA
    if re.match(r"[\w-]+[^=]*=", rest) and spot.before[-1:].isspace():
        both = clean(f"{name} {rest.split('=')[0].strip()}")
        return f"has a space in the key {both}", f"write {both.replace(' ', '_')}, or quotes around it"
    if not rest[0].isascii() and rest[0].isalpha():
        return _letters(spot)
    if rest[0] == "]" and spot.before.rstrip()[-1:] in "\"'":
        return "has a ] that no [ opens", "write the [ where the list begins"
    return unset(spot) or (f"has {shown(rest)} where = is wanted", "")


def _array(spot: Spot) -> Said:
    if re.match(r"\s*(?:[\w.-]+\s*=|\[)", spot.rest) and not spot.before.strip():
        return "follows a list that is not closed", "close the list with ] before this line"
    if spot.spoilt:
        return _after(spot)
    return "lacks a comma or ] here", "the items of a list have commas between them"


def _braces(spot: Spot) -> Said:
    if not spot.rest.strip() or spot.rest.strip().startswith("#"):
        return "lacks a } at the end of this line", "a table in braces stays on one line"
    if spot.spoilt:
        return _after(spot)
    return "lacks a comma or } here", "the keys of a table in braces have commas between them"


def _part(spot: Spot) -> Said:
    rest = spot.rest.strip()
    if rest.startswith("}"):
        return "has a comma before }", "a table in braces ends without a comma"
    if not rest or rest.startswith("#"):
        return "breaks off inside braces", "a table in braces stays on one line; or use a [table] of its own"
    if rest.startswith("]"):
        return "has no name in the brackets", ""
    if rest[0].isalpha():
        return _letters(spot)
    return f"{shown(rest)} is not a key", ""


def _header(spot: Spot) -> Said:
    rest = spot.rest.strip()
    if not rest or rest.startswith("#"):
        return "lacks a ] at the end of the table's name", ""
    if not rest[0].isascii() and rest[0].isalpha():
        return _letters(spot)
    if rest[0] == "]":
        return "has brackets that do not match", "a table is [name], an item of a list of tables is [[name]]"
    name = re.split(r"[]#]", f"{spot.before.lstrip(' [')}{rest}", maxsplit=1)[0].strip()
    opened = spot.before[: spot.before.rfind("[") + 1].strip()
    hint = f"{_LETTERS}: {opened}{plain(name)}{']' * len(opened)}"
    return f"has {shown(rest)} in the name of a table", hint if hint.isascii() else _LETTERS


def _string(spot: Spot) -> Said:
    if not spot.rest:
        return "has text that is not closed", "close it with the quote it began with, on the same line"
    return "has a control character within quotes", "delete it, or write \\n for a new line and \\t for a tab"


def _fixed(message: str, hint: str) -> Callable[[Spot], Said]:
    return lambda _: (message, hint)


_escape = _fixed("has a backslash within quotes", r"write \\ for a backslash, or use single quotes: 'data\prices.csv'")


_SLIPS: tuple[tuple[str, Callable[[Spot], Said]], ...] = (
    ("invalid value", _value),
    ("newline or end of document", _after),
    ("invalid statement", _start),
    ("'=' after a key", _equals),
    ("unclosed array", _array),
    ("unclosed inline table", _braces),
    ("character for a key part", _part),
    ("end of a table declaration", _header),
    ("end of an array declaration", _header),
    ("unescaped", _escape),
    ("invalid hex", _escape),
    ("scalar value", _fixed("has an escape that is no character", r"\u takes four hexadecimal digits")),
    ("illegal character", _string),
    ("invalid character", _string),
    ("unterminated string", _string),
    ("date or datetime", _fixed("has a date that does not exist", "dates are written year-month-day: 2026-02-27")),
    ("expected", _string),
)
