"""Sources: codes that are not listed, entries that nobody cites, numbers without papers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pactrisk.lint.fault import Fault, unfound
from pactrisk.register import CODE, Assumption, assumptions, cited
from pactrisk.scenario import Key, Scenario
from pactrisk.specs import Documented
from pactrisk.spelling import nearest
from pactrisk.tables import Table, tables

__all__ = ["source_faults", "source_remarks", "unsourced"]

_JUDGED = re.compile(r"\b(judge?ments?|assum(?:e[ds]?|ptions?))\b", re.IGNORECASE)


def source_faults(scenario: Scenario, every: Sequence[Table]) -> Iterator[Fault]:
    """Codes of sources that the scenario does not list."""
    for path, text in sources_said(every):
        for piece in re.split(r"[;,]", text):
            code = piece.strip()
            if CODE.fullmatch(code) and code not in scenario.sources:
                message, sought = f"no source has the code {code}", ("sources",)
                fault = unfound(path, message, code, scenario.sources, "sources", (("sources", code),), sought)
                yield fault if scenario.sources else replace(fault, hint="list it in [sources]")


def sources_said(every: Sequence[Table]) -> Iterator[tuple[Key, str]]:
    """Every ``source`` written in a table or a spread, with its path."""
    for table in every:
        text = getattr(table.spec, "source", "")
        if isinstance(text, str) and text:
            yield (*table.keys, "source"), text
        yield from (((*path, "source"), spread.source) for path, spread in table.spreads if spread.source)


def source_remarks(scenario: Scenario, every: Sequence[Table]) -> Iterator[Fault]:
    """Entries of ``sources`` that nobody cites, and texts that look like a code mistyped."""
    said = list(sources_said(every))
    notes = [str(getattr(table.spec, "note", "")) for table in every]
    texts = [*(text for _, text in said), *notes, *scenario.sources.values()]
    words = {word for text in texts for word in cited(text)}
    for code in scenario.sources:
        if code not in words:
            yield Fault(("sources", code), f"nobody cites the source {code}", unused=code)
    for path, text in said:
        if text in scenario.sources or CODE.fullmatch(text) or _JUDGED.search(text):
            continue
        if re.fullmatch(r"[\w-]+", text):
            meant = nearest(text, scenario.sources)
            if meant is not None:
                message = f"{text!r} is taken as words, not as the code of a source"
                yield Fault(path, message, f"did you mean {meant}?")


def unsourced(scenario: Scenario) -> list[Fault]:
    """Numbers that a strict check refuses: without a source, or with one that nobody graded.

    A source is graded by ``trust``, or by saying itself that it is a judgement or an assumption.
    """
    found = []
    takers = {table.keys: table.path for table in tables(scenario) if isinstance(table.spec, Documented)}
    for row in assumptions(scenario):
        if not row.source:
            found.append(Fault(row.keys, f"{row.name} = {row.value} has no source", _place_of_source(row, takers)))
        elif not row.trust and not _JUDGED.search(row.source):
            hint = 'add trust = "A", "B", "C" or "judgement"'
            found.append(Fault(row.keys, f"the source of {row.name} = {row.value} has no grade of trust", hint))
    return found


def _place_of_source(row: Assumption, takers: Mapping[Key, str]) -> str:
    """Where to say where a number is from; ``takers`` are the tables that take a source, with their dotted paths."""
    if row.keys[:-1] in takers:
        return 'add source = "..." here or to the table around it'
    around = next((row.keys[:n] for n in range(len(row.keys), 0, -1) if row.keys[:n] in takers), None)
    if row.value.startswith("{"):
        return 'add source = "..." within its braces'
    if around is not None:
        return f'add source = "..." to {takers[around]}'
    return f'write {row.name} = {{ value = {row.value}, source = "..." }}'
