"""One sentence for each kind of error that pydantic knows, without its jargon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Sized
from datetime import date, datetime
from typing import Any

from pactrisk.agreements.terms import NAME, PLAIN
from pactrisk.config.quoting import clean, shown
from pactrisk.numerals import counted, kind_of

__all__ = ["sentence"]


def sentence(types: Sequence[str], context: Mapping[str, Any], given: object) -> str:
    """What must be, and what is: the words for an error type, or for the types of all members of a union."""
    wanted = list(dict.fromkeys(_WANTED[type_] for type_ in types if type_ in _WANTED))
    if len(wanted) > 1:
        return f"must be {' or '.join(wanted)}, not {kind_of(given)}"
    if types[0] in _WANTED:
        return _typed(types[0], given)
    tell = _SENTENCES.get(types[0])
    return tell(context, given) if tell else f"{shown(given)} does not fit here"


_Context = Mapping[str, Any]
_Tell = Callable[[_Context, object], str]

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "iterable_type": "a list",
    "dict_type": "a table",
    "mapping_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "dataclass_type": "a table",
    "date_type": "a date",
    "datetime_type": "a date with a time",
    "time_type": "a time",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "bool_parsing": "true or false",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
}


def _typed(type_: str, given: object) -> str:
    wanted = _WANTED[type_]
    if isinstance(given, datetime) and wanted == "a date":
        return "must be a date without a time of day"
    if wanted == "a whole number" and isinstance(given, float):
        # "a whole number, not a number" would be no news, nor would "not 10000" of what is written 1e4
        return f"must be {wanted}, not {shown(given)}{'.0' if shown(given).isdecimal() else ''}"
    if (wanted == "a date" and isinstance(given, str)) or type_.endswith(("_parsing", "_from_float")):
        return f"must be {wanted}, not {shown(given)}"
    return f"must be {wanted}, not {kind_of(given)}"


def _figure(x: object) -> str:
    return shown(x) if isinstance(x, int | float | date) else clean(str(x))


def _bound(words: str, name: str) -> _Tell:
    return lambda given, x: f"must be {words} {_figure(given.get(name))}, not {shown(x)}"


def _length(words: str, name: str) -> _Tell:
    def tell(given: _Context, x: object) -> str:
        count = given.get(name, 0)
        what = "character" if isinstance(x, str) else "item" if isinstance(x, list | tuple) else "key"
        many = given.get("actual_length") or (len(x) if isinstance(x, Sized) else "so many")
        return f"must have {words} {counted(count, what)}, not {many}"

    return tell


_PATTERNS = {
    NAME: PLAIN,
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$": "letters a to z, digits, hyphens and underscores, a letter or digit first",
}


def _pattern(given: _Context, x: object) -> str:
    said = _PATTERNS.get(str(given.get("pattern")), f"of the form {clean(str(given.get('pattern')))}")
    return f"must be {said}, not {shown(x)}"


def _must(be: str) -> _Tell:
    return lambda _, x: f"must be {be}, not {shown(x)}"


_DATE = _must("a date such as 2026-02-27")

_SENTENCES: dict[str, _Tell] = {
    "greater_than": _bound("above", "gt"),
    "greater_than_equal": _bound("at least", "ge"),
    "less_than": _bound("below", "lt"),
    "less_than_equal": _bound("at most", "le"),
    "multiple_of": _bound("a multiple of", "multiple_of"),
    "finite_number": _must("a finite number"),
    "int_parsing_size": lambda _, x: f"is a whole number that is too large: {shown(x)}",
    "string_too_short": _length("at least", "min_length"),
    "string_too_long": _length("at most", "max_length"),
    "too_short": _length("at least", "min_length"),
    "too_long": _length("at most", "max_length"),
    "string_pattern_mismatch": _pattern,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _must("a date without a time of day"),
    "datetime_parsing": _DATE,
    "datetime_from_date_parsing": _DATE,
    "datetime_object_invalid": _DATE,
    "date_past": lambda _, x: f"must lie in the past, not {shown(x)}",
    "date_future": lambda _, x: f"must lie in the future, not {shown(x)}",
    "none_required": lambda _, x: f"takes no value, not {shown(x)}",
    "string_unicode": _must("text that can be written in UTF-8"),
}
