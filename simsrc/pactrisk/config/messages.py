"""What pydantic found, in plain words: each problem with its place, one sentence and one hint."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sized
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from pactrisk.config.documents import Document, Key
from pactrisk.config.fields import choices, field_at, fields_at, is_union, told
from pactrisk.config.fit import LACKING, UNKNOWN, is_type, kind_of
from pactrisk.config.misplaced import home, sent_home, unlisted
from pactrisk.config.percentages import as_it_stands
from pactrisk.config.quoting import clean, key, listed, shown
from pactrisk.config.sentences import sentence
from pactrisk.config.shorthand import in_full
from pactrisk.config.synonyms import denied, key_meant
from pactrisk.config.ways import OF_FILES, OWN_FILE
from pactrisk.errors import Place, Problem
from pactrisk.numerals import in_unit, whole
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.spelling import meant, nearest

__all__ = ["MOST", "path_of", "problems", "tag_word", "unknown_key"]

_LONGEST = 400
MOST = 100
"""Problems that are told: nobody mends a file by a list of thousands."""
_NAMES = re.compile(r"\w+(\.\w+)*(?![^ ])")
_MUST_BE = re.compile(r"must be one of (.+), not '([^']+)'$")
_NO_TABLE = "model_type"
_NO_TABLES = (_NO_TABLE, "tuple_type", "dict_type")
_WHOLE = ("int_type", "int_from_float")
_THOUSAND = 1000
_OF_VARIANT = 3
"""Words of the path of a key of a variant."""
_EXACT = 2**53
"""Below this a number with a decimal point is the whole number that it shows."""


def problems(
    errors: list[ErrorDetails],
    document: Document,
    model: type[BaseModel],
    at: Callable[[ErrorDetails], Key] | None = None,
) -> list[Problem]:
    """All that ``model`` has against the tables of ``document``, in the order it was found.

    ``at`` gives the path in the document of what an error is about, where other tables were read than stand there.
    Of a value that may be of several kinds only the kind that was meant is spoken of. What many tables
    inherit from one place is said once. Of a flood the beginning is told, and how much more there is.
    """
    seen: set[tuple[object, ...]] = set()
    found: list[Problem] = []
    at = at or (lambda details: path_of(details, document.data, model))
    if len(errors) > MOST:
        place = document.place(at(errors[MOST]))
        told = f"{len(errors) - MOST:,} more problems, of which this is the first, are not told"
        found.append(Problem("", told, "mend those that are told, and check again", place))
    groups = _told_apart(errors[:MOST], document, at)
    astray = [path for path, details in groups if details[0]["type"] in (UNKNOWN, _NO_TABLE)]
    homes = {(*where, path[-1]) for path in astray if (where := home(path, document, model)) is not None}
    meant_by = {path: _meant_by(path, document, model) for path in astray}
    homes |= {(*path[:-1], right) for path, (right, lacks) in meant_by.items() if right is not None and lacks}
    for path, details in groups:
        if details[0]["type"] == LACKING and path in homes:
            # it is there, and told to be in the wrong table or to have another name
            continue
        message, hint = _said(details, path, document, model)
        if details[0]["type"] == "union_tag_invalid":
            path = (*path, tag_word(details[0]))
        also = [below for part in message.split("; ")[1:] if (below := _below(path, part, document))]
        path, message, near = _narrowed(path, message, document)
        hint = near or as_it_stands(path, document, model) or hint
        kind = kind_of(details[0], path, document, model)
        place, name, *others = document.place(path), *map(document.dotted, (path, *also))
        if (mark := (place, message, path[-1:])) not in seen:
            seen.add(mark)
            hint = hint if hint != message else ""
            found.append(Problem(name, message, hint, place, kind=kind, also=tuple(others)))
    return found


def _meant_by(path: Key, document: Document, model: type[BaseModel]) -> tuple[str | None, bool]:
    """The key that was probably meant by one that its table does not know, if any, and whether the table lacks it."""
    table, known = document.get(path[:-1]), fields_at(model, path[:-1], document.data)
    free = [name for name in known if not isinstance(table, Mapping) or name not in table]
    # of a table of which one is there already this may be one more part
    near = key_meant(str(path[-1]), known if isinstance(document.get(path), Mapping) else free, known)
    return near, near in free


def _below(path: Key, message: str, document: Document) -> Key:
    """The path of the key within a table with which a sentence about it begins; empty where it does not."""
    below = (*path, *found[0].split(".")) if (found := _NAMES.match(message)) else ()
    return below if below and document.get(below) is not None else ()


def _narrowed(path: Key, message: str, document: Document) -> tuple[Key, str, str]:
    """A sentence about a key within a table, moved to that key; and the option that was probably meant."""
    if below := _below(path, message, document):
        path, rest = below, message.partition(" ")[2]
        message = rest if rest.startswith(("must ", "is ", "has ", "names ", "can ", "needs ")) else message
    other = _MUST_BE.search(message)
    near = nearest(other[2], other[1].split(", ")) if other else None
    return path, message, f"did you mean {near}?" if near else ""


def _told_apart(
    errors: list[ErrorDetails], document: Document, at: Callable[[ErrorDetails], Key]
) -> list[tuple[Key, list[ErrorDetails]]]:
    """Errors by the path of their key; those of a union's members that were not meant are left out."""
    by_path: dict[Key, list[ErrorDetails]] = {}
    for details in errors:
        path = at(details)
        if not _is_echo(details, document.get(path)):
            by_path.setdefault(path, []).append(details)
    above = {path[:length] for path in by_path for length in range(len(path))}
    result: list[tuple[Key, list[ErrorDetails]]] = []
    for path, group in by_path.items():
        wrong_type = all(is_type(details) for details in group)
        if wrong_type and path in above:
            continue
        alike = len({details["type"] for details in group}) == 1 and len({d["loc"] for d in group}) == 1
        if wrong_type and not alike:
            result.append((path, group))
        else:
            kept = [details for details in group if not is_type(details)] or group
            result += [(path, [details]) for details in kept]
    return result


def _is_echo(details: ErrorDetails, written: object) -> bool:
    """Whether a list is called too short only because its items are wrong."""
    least = details.get("ctx", {}).get("min_length", 0)
    return details["type"] == "too_short" and isinstance(written, Sized) and len(written) >= least


def path_of(details: ErrorDetails, tables: Any, model: type[BaseModel]) -> Key:
    """The keys of ``loc`` that are in the tables: it also holds kinds of unions and names of validators."""
    loc = details["loc"]
    path: tuple[str | int, ...] = ()
    data, labelled = tables, False
    for number, part in enumerate(loc):
        last = number == len(loc) - 1
        if part == "[key]" and last:
            break
        if not labelled and is_union(field_at(model, path, tables)):
            labelled = True
            continue
        inside = isinstance(data, Mapping) and part in data
        inside |= isinstance(data, list | tuple) and isinstance(part, int) and part < len(data)
        if inside:
            data = data[part]
        if inside or (last and details["type"] == LACKING):
            path, labelled = (*path, part), False
    return path


def _said(group: list[ErrorDetails], path: Key, document: Document, model: type[BaseModel]) -> tuple[str, str]:
    details = group[0]
    type_, given = details["type"], details.get("ctx", {})
    info = field_at(model, path, document.data)
    name = str(path[-1]) if path and not isinstance(path[-1], int) else ""
    meaning = told(key(name), info) if name else ""
    if type_ == UNKNOWN:
        return unknown_key(path, document, model)
    if details["loc"][-1:] == ("[key]",):
        return _key(name, details)
    if type_ in ("value_error", "assertion_error"):
        message, hint = _own(given.get("error"), details["msg"])
        return message, hint or meaning
    if type_ == "float_parsing" and (figure := in_unit(str(details["input"]), "")) is not None:
        return sentence([type_], given, details["input"]), f"write {figure[0]} without quotes{figure[1]}"
    if type_ in ("union_tag_invalid", "union_tag_not_found"):
        return _kind(details, choices(info))
    if type_ in ("literal_error", "enum"):
        options = choices(info) or tuple(re.findall(r"'([^']*)'", str(given.get("expected", ""))))
        return _one_of(options, details["input"], meaning)
    if type_ == LACKING:
        return "is required", meaning
    if type_ in _WHOLE and isinstance(x := details["input"], float) and x.is_integer() and _takes(info, x):
        thousands = f"; thousands are written {int(x)}_000" if name == "trials" and x < _THOUSAND else ""
        how = f"write {key(name)} = {int(x)}{thousands}" if name else f"write {int(x)}"
        return sentence([type_], given, x), how
    meant_so = whole(details["input"]) if type_ in _WHOLE and isinstance(details["input"], str) else ""
    if meant_so and _takes(info, int(meant_so)):
        return sentence([type_], given, details["input"]), f"write {key(name)} = {meant_so}" if name else meaning
    if type_ in ("tuple_type", "list_type") and isinstance(details["input"], Mapping):
        how = f"write [[{key(name)}]]" if len(path) == 1 else f"write {key(name)} = [{{ ... }}]" if name else meaning
        return sentence([type_], given, details["input"]), how
    if type_ in _NO_TABLES and (
        table := in_full(path, details["input"], model, document.data) or unlisted(path, document, model)
    ):
        return sentence([type_], given, details["input"]), table
    if type_ == _NO_TABLE and (where := home(path, document, model)) is not None:
        meaning = sent_home(path, where, document)
    return sentence([each["type"] for each in group], given, details["input"]), meaning


def _takes(info: Any, number: float) -> bool:
    """Whether a whole number lies within the bounds of a field, and is exact."""
    bounds = getattr(info, "metadata", ())
    return abs(number) < _EXACT and all(
        getattr(bound, "ge", number) <= number <= getattr(bound, "le", number) for bound in bounds
    )


def unknown_key(path: Key, document: Document, model: type[BaseModel]) -> tuple[str, str]:
    """What is said of a key that a table does not take, and the one that was probably meant."""
    known = fields_at(model, path[:-1], document.data)
    word = str(path[-1])
    for other, where in ((Question, "config"), (Scenario, "scenario")) if len(path) == 1 else ():
        further = [name for name in other.model_fields if name not in known]
        if word in further:
            return "is not a key here", f"{word} belongs to the {where}"
        elsewhere = nearest(word, (*known, *further))
        if elsewhere in further and meant(word, [elsewhere]):
            return "is not a key here", f"did you mean {elsewhere}, of the {where}?"
    if word in OF_FILES and path[0] == "variants":
        return "is not a key here", OWN_FILE
    if len(path) == _OF_VARIANT and path[0] == "variants" and word.partition(".")[0] in Scenario.model_fields:
        return "is not a key here", f"edits stand in set: write set.{key(word)}"
    if (around := home(path, document, model)) is not None:
        return "is not a key here", sent_home(path, around, document)
    there = document.get(path)
    if other_way := denied(word, there, known):
        return "is not a key here", other_way
    near, lacks = _meant_by(path, document, model)
    if lacks:
        return "is not a key here", f"did you mean {near}?"
    if near:
        item = isinstance(there, list) and any(isinstance(entry, Mapping) for entry in there)
        apart = document.place(path).file != document.place(path[:-1]).file
        tail = "" if apart or isinstance(there, Mapping) else " It is set already"
        return "is not a key here", f"did you mean [[{near}]]?" if item else f"did you mean {near}?{tail}"
    others = [name for name in Question.model_fields if name not in known]
    # whoever types it can set keys of both files
    more = f"; of a config: {listed(others, 20)}" if document.place(path) == Place("--set") else ""
    return "is not a key here", f"the keys here are {listed(known, 20)}{more}" if known else ""


def _key(name: str, details: ErrorDetails) -> tuple[str, str]:
    said = sentence([details["type"]], details.get("ctx", {}), name)
    return f"its name {said}", ""


def _own(error: object, message: str) -> tuple[str, str]:
    """The text of an error that a model raised itself, and its hint where it has two arguments."""
    args = error.args if isinstance(error, Exception) else ()
    text = str(args[0]) if args else re.sub(r"^(Value error|Assertion failed), ", "", message)
    hint = str(args[1]) if len(args) > 1 else ""
    return clean(text, _LONGEST) or "does not fit here", clean(hint, _LONGEST)


def _kind(details: ErrorDetails, options: tuple[str, ...]) -> tuple[str, str]:
    word = tag_word(details)
    if details["type"] == "union_tag_not_found":
        table = details["input"] if isinstance(details["input"], Mapping) else {}
        other = next((name for name in table if key_meant(str(name), [word], [word]) == word), None)
        how = f"write {word} instead of {key(other)}" if other is not None else ""
        return f"{word} is required: one of {listed(options, 40)}", how
    given = details["input"]
    tag = given.get(word) if isinstance(given, Mapping) else None
    return _one_of(options, tag, "")


def tag_word(details: ErrorDetails) -> str:
    return str(details.get("ctx", {}).get("discriminator", "kind")).strip("'")


def _one_of(options: tuple[str, ...], given: object, meaning: str) -> tuple[str, str]:
    near = nearest(given, options) if isinstance(given, str) else None
    message = f"must be one of {listed(options, 40)}, not {shown(given)}"
    return message, f"did you mean {near}?" if near else meaning
