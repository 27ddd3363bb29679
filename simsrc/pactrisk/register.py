"""The assumption register: every number that a scenario states, with its meaning, unit, source and trust.

A number takes its papers from the table it stands in, or from the next one around that says anything; a
spread's own papers come first. What several agreements inherit from one template is listed once, under the template.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pactrisk.drivers import Process
from pactrisk.drivers.effects import ANYTHING, Effect
from pactrisk.drivers.process import When
from pactrisk.drivers.shocks import Shock
from pactrisk.quantities import Dur, Num, Spread
from pactrisk.scenario import Key, Scenario
from pactrisk.specs import described
from pactrisk.tables import Papers, Table, tables

__all__ = ["CODE", "DRIVER_UNIT", "Assumption", "assumptions", "cited", "codes", "said"]

CODE = re.compile(r"[A-Z]{1,2}[0-9]{1,3}[a-z]?")
"""What counts as the code of a source wherever it stands in a text."""
_WORD = re.compile(rf"\b{CODE.pattern}\b")
_ODDS = ("next", "initial")
_ON = {"paces": "pace", "states": "pace at which the state ends", "flow": "flow", "ending": "hazard of ending"}
"""What an effect is on, by where it stands."""
DRIVER_UNIT = ("initial", "level", "mean", "sd", "impulse", "least", "most", "value", "below", "above", "reference")
"""Numbers of a driver, and of what reads one, that are in its unit."""


@dataclass(frozen=True)
class Assumption:
    """A sourced number.

    ``path`` is its dotted path (agreements by id), ``name`` the word of the file, ``value`` the number as written;
    ``spread`` says whether it is drawn once a world. ``source`` has its codes spelled out. ``address`` names the draw
    of a spread; ``keys`` is the path in the tables of the file. ``own`` says whether it is a number in its own right:
    not a part of the one before it (the uncertain median of a duration), nor the odds of all that can come next.
    """

    path: str
    name: str
    value: str
    spread: bool
    meaning: str
    unit: str
    source: str
    trust: str
    note: str
    address: str
    keys: Key
    own: bool = True


def assumptions(scenario: Scenario) -> tuple[Assumption, ...]:
    """Every number stated in the scenario, in the order of the specs; formulas that hold a number too."""
    shared: dict[tuple[object, ...], tuple[str, Papers]] = {}
    found: list[Assumption] = []
    for table in tables(scenario):
        rows = [*_numbers(scenario, table), *_arithmetic(table)]
        top = table.keys[:2]
        if top and top[0] == "templates":
            shared.update({row.keys[1:]: (row.value, table.local) for row in rows})
        elif top and top[0] == "agreements":
            template = scenario.agreements[int(top[1])].template
            rows = [row for row in rows if not _inherited(row, template, table.local, shared)]
        found += [replace(row, source=said(row.source, scenario.sources)) for row in rows]
    return tuple(found)


def _inherited(
    row: Assumption, template: str | None, local: Papers, shared: Mapping[tuple[object, ...], tuple[str, Papers]]
) -> bool:
    if row.address.startswith("templates."):
        return True
    return shared.get((template, *row.keys[2:])) == (row.value, local)


def _numbers(scenario: Scenario, table: Table) -> Iterator[Assumption]:
    for keys, word, value, number in table.numbers:
        path = ".".join((table.path, *map(str, keys))).lstrip(".")
        unit = number.unit or _unit(scenario, table, word)
        where = (*table.keys, *keys)
        meaning = _meaning(number, table)
        if len(keys) > 1:
            meaning = described(type(table.spec))[word].description or meaning
        rows = list(_row(value, path, word, where, meaning, unit, table.papers))
        odds = getattr(table.spec, word)
        if word in _ODDS and isinstance(odds, Mapping):
            scaled = any(isinstance(x, Spread) and x.spread for x in odds.values())
            told = meaning.replace("which sum to 1", "scaled in each world to sum to 1") if scaled else meaning
            rows = [replace(row, meaning=told, own=row.own and len(odds) > 1) for row in rows]
        yield from rows


def _meaning(number: Num | Dur, table: Table) -> str:
    """What a number means where it stands: an effect is on one thing of all that effects can be on."""
    if not isinstance(table.spec, Effect):
        return number.meaning
    where = table.keys[0] if table.keys[0] in _ON else table.keys[2]
    return number.meaning.replace(ANYTHING, _ON.get(str(where), ANYTHING))


def _row(
    value: float | Spread, path: str, word: str, keys: Key, meaning: str, unit: str, papers: Papers
) -> Iterator[Assumption]:
    own = papers.within(value)
    address = value.address if isinstance(value, Spread) else ""
    text = str(value) if isinstance(value, Spread) else f"{value:.15g}"
    spread = isinstance(value, Spread) and value.spread and not value.aleatory
    papers_now = (own.source, own.trust, own.note)
    yield Assumption(path, word, text, spread, meaning, unit, *papers_now, address or path, keys)
    if isinstance(value, Spread):
        cuts = {"min": value.low, "max": value.high}
        for name, inner in (*value.parameters.items(), *cuts.items()):
            if isinstance(inner, Spread):
                below = f"{meaning}: its {name}"
                for row in _row(inner, f"{path}.{name}", word, (*keys, name), below, unit, own):
                    yield replace(row, own=False)


def _arithmetic(table: Table) -> Iterator[Assumption]:
    """A formula that holds a number other than 0 and 1: that number is an assumption as well."""
    text = getattr(table.spec, "expression", None)
    if isinstance(text, str) and _constants(text):
        path, keys = f"{table.path}.expression", (*table.keys, "expression")
        p = table.papers
        meaning = "arithmetic whose numbers are assumptions"
        yield Assumption(path, "expression", text, False, meaning, table.unit, p.source, p.trust, p.note, path, keys)


def _constants(text: str) -> list[object]:
    found = [node.value for node in ast.walk(ast.parse(text.strip(), mode="eval")) if isinstance(node, ast.Constant)]
    return [x for x in found if x not in (0, 1)]


def _unit(scenario: Scenario, table: Table, word: str) -> str:
    """The unit of a number whose meaning leaves it to what it is about."""
    spec = table.spec
    if isinstance(spec, Effect | Shock):
        driver = scenario.drivers.get(spec.driver)
        relative = word == "size" and driver is not None and driver.positive
        return driver.unit if driver is not None and not relative and word in (*DRIVER_UNIT, "size") else ""
    if word in ("target", "capacity"):
        return table.unit
    own = isinstance(spec, Process | When) or (table.keys[:1] == ("drivers",) and word == "value")
    return table.unit if own and word in DRIVER_UNIT else ""


def cited(source: str) -> set[str]:
    """Words of a source that can be codes of other sources."""
    return {*map(str.strip, re.split(r"[;,]", source)), *codes(source)}


def codes(text: str) -> list[str]:
    """What looks like the code of a source in a text."""
    return _WORD.findall(text)


def said(source: str, sources: Mapping[str, str]) -> str:
    """A source with its codes spelled out: ``C7`` as ``C7: EIA daily Brent``, in a text as ``C7 (EIA daily Brent)``."""
    if source.strip() in sources:
        return f"{source.strip()}: {sources[source.strip()]}"

    def spelled(match: re.Match[str]) -> str:
        return f"{match[0]} ({sources[match[0]]})" if match[0] in sources else match[0]

    return _WORD.sub(spelled, source)
