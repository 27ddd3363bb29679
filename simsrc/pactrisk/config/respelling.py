"""Misspelt sections of a scenario, and misspelt keys of agreements and templates, put right before all else is judged.

What agreements take from templates is filled in before a scenario is read, by these very names.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from pactrisk.agreements import Agreement, Terms
from pactrisk.config.documents import Document, Key
from pactrisk.config.messages import unknown_key
from pactrisk.config.quoting import clean, key, shown
from pactrisk.config.synonyms import misspelt
from pactrisk.config.ways import OF_FILES
from pactrisk.errors import Place, Problem
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.spelling import meant

__all__ = ["listed", "renamed", "respelt", "respelt_config"]

_LARGE = 20_000
"""Keys and values of a file beyond which its slips are told and not put right, so that it has its answer in time."""


def respelt_config(document: Document, found: list[Problem]) -> Document:
    """A config with what stands under a misspelt key moved to the one that was meant; slips are added to ``found``."""
    return _put_right(document, {(): Question.model_fields}, found, Question)


def respelt(document: Document, found: list[Problem]) -> Document:
    """A scenario with what stands under a misspelt key moved to the one that was meant.

    Slips are added to ``found``.
    """
    document = _put_right(document, {(): (*Scenario.model_fields, *OF_FILES)}, found)
    document = listed(document, found)
    agreements, templates = document.data.get("agreements"), document.data.get("templates")
    places = range(len(agreements)) if isinstance(agreements, list) else ()
    inner: dict[Key, Collection[str]] = {("agreements", place): Agreement.model_fields for place in places}
    inner |= {("templates", name): Terms.model_fields for name in (templates if isinstance(templates, dict) else ())}
    return _with_templates(_put_right(document, inner, found), found)


def listed(document: Document, found: list[Problem]) -> Document:
    """A scenario in which agreements and shocks that were written as a table are a list; that is added to ``found``."""
    for word in ("agreements", "shocks"):
        if isinstance(document.data.get(word), dict):
            document = _as_list(document, word, found)
    return document


def _as_list(document: Document, word: str, found: list[Problem]) -> Document:
    """The document in which the table under a word is the one item of its list, or the tables in it are the items."""
    table, hint = document.data[word], f"write [[{word}]]"
    items: dict[Key, Any] = {(word,): table}
    if word == "agreements" and _by_id(table):
        items = {(word, name): {"id": name, **inner} for name, inner in table.items()}
        if nameless := [name for name, inner in table.items() if "id" not in inner]:
            more = ", and so for each agreement" if len(table) > 1 else ""
            hint = f"{hint} and below it id = {json.dumps(clean(nameless[0]), ensure_ascii=False)}{more}"
    found.append(Problem(word, "must be a list, not a table", hint, document.place((word,))))
    starts = {start: (word, number) for number, start in enumerate(items)}
    length = len(next(iter(items)))
    places = {(*starts.get(key[:length], key[:length]), *key[length:]): at for key, at in document.places.items()}
    places[word,] = document.place((word,))
    return replace(document, data={**document.data, word: list(items.values())}, places=places)


def _by_id(table: Mapping[str, Any]) -> bool:
    """Whether a table holds agreements by their ids, and is none itself."""
    held = all(isinstance(inner, dict) for inner in table.values())
    return held and bool(table) and table.keys().isdisjoint(Agreement.model_fields)


def _with_templates(document: Document, found: list[Problem]) -> Document:
    """The document in which agreements take the templates that were meant by misspelt names."""
    agreements, templates = document.data.get("agreements"), document.data.get("templates")
    if not (isinstance(agreements, list) and isinstance(templates, dict)):
        return document
    data = document.data
    for place, agreement in enumerate(agreements):
        name = agreement.get("template") if isinstance(agreement, dict) else None
        right = meant(name, templates) if isinstance(name, str) and name not in templates else None
        if right is not None:
            path = ("agreements", place, "template")
            message = f"no template is called {shown(name)}"
            hint, where = f"did you mean {key(right)}?", document.place(path)
            found.append(Problem(document.dotted(path), message, hint, where, ("templates",), right))
            data = _with(data, path, right)
    return replace(document, data=data)


def _put_right(
    document: Document,
    tables: Mapping[Key, Collection[str]],
    found: list[Problem],
    model: type[Scenario | Question] = Scenario,
) -> Document:
    """The same for some tables, none in another, each with the keys that it knows."""
    moves: dict[Key, Key] = {}
    moved: dict[Key, int] = {}
    data = document.data
    if len(document.places) > _LARGE:
        return document
    for path, known in tables.items():
        table = document.get(path)
        for word in [word for word in table if word not in known] if isinstance(table, dict) else ():
            right = misspelt(word, known, known)
            whole = None if right is None else _joined(table[word], table.get(right))
            if right is None or whole is None:
                continue
            message, hint = unknown_key((*path, word), document, model)
            found.append(Problem(document.dotted((*path, word)), message, hint, document.place((*path, word))))
            there = table.get(right)
            moves[*path, word] = (*path, right)
            moved[*path, word] = len(there) if isinstance(there, list) else 0
            table = {name: value for name, value in table.items() if name != word} | {right: whole}
            data = _with(data, path, table)
    if not moves:
        return document
    length = len(next(iter(moves)))
    places: dict[Key, Place] = {}
    for written, place in document.places.items():
        start = written[:length]
        if start in moves:
            below = list(written[length:])
            if below and isinstance(below[0], int):
                below[0] += moved[start]
            places.setdefault((*moves[start], *below), place)
        else:
            places[written] = place
    return replace(document, data=data, places=places)


def _joined(inside: Any, there: Any) -> Any:
    """What a key holds once ``inside`` is moved to it beside what is ``there``; None if one takes the other's place."""
    if there is None:
        return inside
    if isinstance(there, list) and isinstance(inside, list):
        return [*there, *inside]
    if not (isinstance(there, dict) and isinstance(inside, dict)):
        return None
    both = {name: _joined(inside[name], there[name]) for name in there.keys() & inside.keys()}
    return None if None in both.values() else {**there, **inside, **both}


def _with(value: Any, path: Key, now: Any) -> Any:
    """A copy in which ``now`` stands at ``path``."""
    if not path:
        return now
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(value[path[0]], path[1:], now)
    return copy


def renamed(places: Mapping[Key, Place], path: Key, right: str) -> dict[Key, Place]:
    """Places of which those at ``path`` and below stand under the ``right`` name."""
    length, now = len(path), (*path[:-1], right)
    return {(*now, *key[length:]) if key[:length] == path else key: place for key, place in places.items()}
