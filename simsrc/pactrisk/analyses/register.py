"""The assumption register: every number of the scenario, where it comes from and how far that is trusted."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from pactrisk.ensemble import Block, Reading, Sums
from pactrisk.findings import Columns, Finding, Table, plain
from pactrisk.findings.ledger import Ledger
from pactrisk.findings.wording import count_text, listed, percent_text
from pactrisk.quantities import TRUSTS
from pactrisk.register import Assumption, assumptions
from pactrisk.scenario import Scenario

TITLE = "The assumption register"
ORDER = 90

_UNSAID = "not said"
_MEANS = {
    "A": "official or peer-reviewed work",
    "B": "a serious single source",
    "C": "the press",
    "judgement": "an informed guess, said to be one",
    _UNSAID: "trust not said",
}
_LISTED = 8


def observe(block: Block) -> Sums:
    """Nothing: the register is of the scenario, not of its trials."""
    return {}


def find(reading: Reading) -> Finding:
    """Every number with its papers, the counts by trust, and what has no source."""
    scenario = reading.plan.scenario
    every = assumptions(scenario)
    found = tuple(one for one in every if one.own)
    tables = [_counts(found, every), _register(found, every)]
    if scenario.sources:
        tables.append(_sources(scenario, found))
    return Finding(
        "register",
        TITLE,
        _sentence(found, every),
        tables=tuple(tables),
        figures=(_figure(found),) if found else (),
        notes=_notes(reading, found),
    )


def _trust(assumption: Assumption) -> str:
    said = f"{assumption.source} {assumption.note}".lower()
    return assumption.trust or ("judgement" if "judgement" in said else _UNSAID)


def _part(assumption: Assumption) -> str:
    """The part of the scenario that it stands in: drivers, paces, agreements ..."""
    first = str(assumption.keys[0])
    return "scenario" if len(assumption.keys) == 1 else "agreements" if first == "templates" else first


def _words(found: tuple[Assumption, ...]) -> list[str]:
    used = {_trust(one) for one in found}
    return [word for word in (*TRUSTS, _UNSAID) if word in used]


def _sentence(found: tuple[Assumption, ...], every: tuple[Assumption, ...]) -> str:
    if not found:
        return "The scenario states no number."
    total, count = len(found), Counter(map(_trust, found))
    spread = sum(one.spread for one in every)
    graded = [(word, count[word]) for word in TRUSTS[:3] if count[word]]
    said = [f"{count_text(many)} on {_MEANS[word]} ({word})" for word, many in graded]
    if graded:
        said[0] = said[0].replace(" on ", " rests on " if graded[0][1] == 1 else " rest on ", 1)
    judged, unsaid = count["judgement"], count[_UNSAID]
    unsourced = sum(not one.source for one in found)
    judgement = "none is judgement"
    if judged:
        judgement = f"{count_text(judged)} of them ({_share(judged, total)}) {'is' if judged == 1 else 'are'} judgement"
    uncertain = f"{count_text(spread)} of them uncertain and drawn once a world" if spread else "none of them uncertain"
    parts = [
        f"The scenario states {count_text(total)} {'number' if total == 1 else 'numbers'}, {uncertain}",
        "; ".join(text for text in (judgement, listed(said)) if text),
    ]
    if unsaid:
        parts[-1] += f"; of {count_text(unsaid)} the trust is not said"
    lacking = f"{count_text(unsourced)} {'has' if unsourced == 1 else 'have'} no source"
    parts.append(lacking if unsourced else "every one has a source")
    return ". ".join(part[0].upper() + part[1:] for part in parts) + "."


def _share(part: int, whole: int) -> str:
    return "all" if part == whole else percent_text(part / whole)


def _counts(found: tuple[Assumption, ...], every: tuple[Assumption, ...]) -> Table:
    words = _words(found)
    parts = list(dict.fromkeys(map(_part, found)))
    count = Counter((_part(one), _trust(one)) for one in found)
    rows = [*parts, "all"]
    ledger = Ledger().plain("part", "Part", rows)
    for word in words:
        each = [count[part, word] for part in parts]
        ledger.plain(word.replace(" ", "_"), word, [*each, sum(each)], "count")
    members = {part: [one for one in found if _part(one) == part] for part in parts} | {"all": list(found)}
    ledger.plain("total", "Numbers", [len(members[part]) for part in rows], "count")
    uncertain = Counter(_part(one) for one in every if one.spread)
    ledger.plain("uncertain", "Uncertain", [*(uncertain[part] for part in parts), uncertain.total()], "count")
    ledger.plain(
        "unsourced", "Without a source", [sum(not one.source for one in members[part]) for part in rows], "count"
    )
    return ledger.table(
        "register-trust",
        "What the numbers rest on",
        "; ".join(f"{word}: {_MEANS[word]}" for word in words) + ".",
    )


def _register(found: tuple[Assumption, ...], every: tuple[Assumption, ...]) -> Table:
    # what holds an uncertain number, by every beginning of its path
    within = {spot[:end] for one in every if one.spread for spot in [f"{one.path}."] for end in _points(spot)}
    ledger = Ledger().plain("path", "Number", [one.path for one in found])
    ledger.plain("meaning", "Meaning", [one.meaning for one in found])
    ledger.written("value", "Value", [one.value for one in found])
    ledger.plain("unit", "Unit", [one.unit for one in found])
    ledger.plain("trust", "Trust", [_trust(one) for one in found])
    ledger.plain("source", "Source", [one.source for one in found])
    ledger.plain("note", "Note", [one.note for one in found])
    ledger.hidden("uncertain", [one.path in within for one in found])
    return ledger.table(
        "register",
        "Every number",
        "As written in the file; p10, p50, p90 are the values below which it lies with chance 10%, 50%, 90%.",
    )


def _points(text: str) -> list[int]:
    return [place for place, sign in enumerate(text) if sign == "."]


def _sources(scenario: Scenario, found: tuple[Assumption, ...]) -> Table:
    codes = list(scenario.sources)
    # many numbers name the same sources
    named = Counter(one.source for one in found)
    patterns = [re.compile(rf"\b{re.escape(code)}\b") for code in codes]
    uses = [sum(many for text, many in named.items() if pattern.search(text)) for pattern in patterns]
    ledger = Ledger().plain("code", "Code", codes)
    ledger.plain("source", "Source", [scenario.sources[code] for code in codes])
    ledger.plain("numbers", "Numbers that name it", uses, "count")
    return ledger.table("sources", "Sources")


def _figure(found: tuple[Assumption, ...]) -> Columns:
    words, count = _words(found), Counter(map(_trust, found))
    return Columns(
        name="register-trust",
        title="What the numbers rest on",
        caption="How many of the scenario's numbers rest on each kind of source. The table says in which "
        "part; whose ignorance moves the answer most is said under How sure we are.",
        alt="Number of assumptions by trust: " + listed([f"{word} {count[word]}" for word in words]),
        labels=[word if word in ("judgement", _UNSAID) else f"{word}: {_MEANS[word]}" for word in words],
        values=np.array([count[word] for word in words], dtype=float),
        scale="number",
        x_title="trust in the source",
        y_title="numbers",
    )


def _notes(reading: Reading, found: tuple[Assumption, ...]) -> tuple[str, ...]:
    notes = [
        "Numbers inside a table share the source that is given for the table; what agreements take from a template is "
        "listed once, under the template. Numbers left at their default are not listed. A duration is one number, "
        "whatever is uncertain in it, and the odds of the only state that can come next are none."
    ]
    bare = [one.path for one in found if not one.source]
    if bare:
        more = f" and {len(bare) - _LISTED} more, in the table" if len(bare) > _LISTED else ""
        notes.append(f"Without a source: {plain(', '.join(bare[:_LISTED]))}{more}.")
    if reading.plan.variants:
        notes.append("The register is that of the scenario; variants change some of its numbers.")
    return tuple(notes)
