"""Entries in an order that their files do not move, so that no bit of a result hangs on who was written first.

Sums of floating point numbers depend on their order, rows of tables and lists in sentences show it. So what is
simulated is not the file's order but this one: names for people in their alphabetical order, drivers after those that
they read, milestones after those that they wait for, states of a regime from where it begins. Where the order means
something (the first ``when`` that holds counts, values stand in time) it is the file's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from operator import is_
from typing import Any, TypeAlias, TypeVar

from pactrisk.agreements import Agreement
from pactrisk.drivers.processes.regime import Regime
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.specs import Spec

__all__ = ["Known", "arranged", "arranged_question"]

Table = TypeVar("Table", bound=Spec)

Known: TypeAlias = dict[tuple[int | str, ...], tuple[Any, Any]]
"""Tables by where they lie in memory and the order that was asked for, and what was made of them."""
_IN_TURN = frozenset({"when", "values"})
"""Lists that say something by their order."""


def arranged(scenario: Scenario, known: Known | None = None) -> Scenario:
    """The same scenario, every table and list of entries in an order of its own.

    ``known`` are tables that were arranged already, to which its own are added: worlds share most of theirs.
    """
    known = {} if known is None else known
    made = _entries(scenario, known)
    waiting: dict[str, list[str]] = {}
    for id_, name in made.milestones_in_order:
        waiting.setdefault(id_, []).append(name)
    agreements = [_in_turn(a, waiting[a.id], known) for a in sorted(made.agreements, key=lambda a: _read(a.name, a.id))]
    drivers = {name: made.drivers[name] for name in made.drivers_in_order}
    quantities = _by_title(made.quantities)
    return made.model_copy(update={"agreements": tuple(agreements), "drivers": drivers, "quantities": quantities})


def arranged_question(question: Question) -> Question:
    """The same question, its variants, conditions and cuts by their titles."""
    made = _entries(question, {})
    return made.model_copy(update={word: _by_title(getattr(made, word)) for word in ("variants", "conditions", "cuts")})


def _by_title(entries: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(entries.items(), key=lambda entry: _read(entry[1].title or entry[0], entry[0])))


def _read(title: str, key: str) -> tuple[list[tuple[int, str]], str]:
    """What stands before what to a reader: the second lot before the tenth."""
    parts = re.split(r"([0-9]+)", title.casefold())
    # texts and numbers take turns; of two numbers the one with more digits is larger
    parts[1::2] = (part.lstrip("0") for part in parts[1::2])
    return [(len(part) if place % 2 else 0, part) for place, part in enumerate(parts)], key


def _in_turn(agreement: Agreement, names: list[str], known: Known) -> Agreement:
    """The same agreement with its milestones in this order."""
    key: tuple[int | str, ...] = (id(agreement), *names)
    if key not in known:
        milestones = {name: agreement.milestones[name] for name in names}
        known[key] = agreement, agreement.model_copy(update={"milestones": milestones})
    found: Agreement = known[key][1]
    return found


def _entries(table: Table, known: Known) -> Table:
    """Tables by their keys, lists by what their entries say; what stands right already is left as it is."""
    if (id(table),) in known:
        done: Table = known[(id(table),)][1]
        return done
    found = {word: (value, _entry(value, word, known)) for word, value in table}
    moved = {word: new for word, (old, new) in found.items() if new is not old}
    if isinstance(table, Regime):
        states = moved.get("states", table.states)
        moved["states"] = {name: states[name] for name in _walked(table)}
    made = table.model_copy(update=moved) if moved else table
    # the table too, so that no other can take its place in memory
    known[(id(table),)] = table, made
    return made


def _walked(regime: Regime) -> list[str]:
    """Its states as one comes to them: those it may begin in, then those that follow, then those it is pushed into."""
    waiting = [*sorted(regime.states, reverse=True), *sorted(regime.initial_odds(), reverse=True)]
    found: dict[str, None] = {}
    while waiting:
        if (name := waiting.pop()) not in found and name in regime.states:
            found[name] = None
            waiting += sorted(regime.states[name].next, reverse=True)
    return list(found)


def _entry(value: Any, word: str, known: Known) -> Any:
    sort = type(value)
    if sort is dict:
        made = {key: _entry(value[key], str(key), known) for key in sorted(value)}
        return value if all(map(is_, made.values(), value.values())) and [*made] == [*value] else made
    if sort is tuple and word != "returns":
        entries = [_entry(entry, word, known) for entry in value]
        if word not in _IN_TURN and len(entries) > 1:
            entries.sort(key=_said)
        return value if all(map(is_, entries, value)) else tuple(entries)
    return _entries(value, known) if isinstance(value, Spec) else value


def _said(entry: Any) -> tuple[str, str]:
    """What an entry says; its papers tell apart only what is alike without them."""
    return (entry.said(), entry.model_dump_json(fallback=str)) if isinstance(entry, Spec) else (str(entry), "")
