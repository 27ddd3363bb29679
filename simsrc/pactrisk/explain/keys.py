"""What a key means: of a scenario, of a config, or a bare word wherever it is defined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pactrisk.drivers.process import When
from pactrisk.errors import InputError
from pactrisk.explain.examples import example
from pactrisk.explain.glossary import defined
from pactrisk.explain.names import COLLECTIONS, paths, unknown
from pactrisk.explain.prose import documentation
from pactrisk.explain.specs import Place, bounds_of, entries, kind_of, needs, places, sort_of, text_of_default, titles
from pactrisk.explain.uses import citing, uses
from pactrisk.explain.written import internal, written
from pactrisk.question import Question
from pactrisk.register import Assumption, assumptions
from pactrisk.scenario import Scenario
from pactrisk.specs import Spec, described
from pactrisk.spreads import PAPERS
from pactrisk.tables import Table, declared, tables

__all__ = ["Explanation", "explain_key"]

_EVERYWHERE = ("title", "unit", "source", "trust", "note")
_FILES: dict[type[Spec], str] = {Scenario: "a scenario file", Question: "a config file"}


@dataclass(frozen=True)
class Explanation:
    """One thing explained: its path or name, what it means, and rows of (word, text)."""

    title: str
    meaning: str
    rows: tuple[tuple[str, str], ...] = ()
    body: tuple[str, ...] = ()


def explain_key(model: type[Scenario] | type[Question], scenario: Scenario | None, dotted: str) -> list[Explanation]:
    """Everything that a dotted key, or a bare word, means.

    Parameters
    ----------
    model : the spec that keys are looked up in.
    scenario : a scenario whose values, sources and links are told; None tells what the specs say.
    dotted : ``drivers.brent.half_life``, ``brent``, ``half_life``, ``mean_reverting``, ``substantive`` ...

    Raises
    ------
    InputError : where nothing has this name; the hint names the nearest that has.
    """
    found: list[Explanation] = []
    if scenario is not None:
        found += _in_scenario(scenario, dotted)
        found += _everywhere(scenario, dotted)
    if not found or "." not in dotted:
        told = {entry.title for entry in found}
        parts = tuple(dotted.split("."))
        fitting = [place for place in places(model) if scenario is None or _can_be(scenario, place, parts)]
        found += [entry for entry in _in_specs(fitting, parts) if entry.title not in told]
        found += _in_words(dotted)
    if not found:
        raise InputError(unknown(model, scenario, dotted))
    return found


def _in_scenario(scenario: Scenario, dotted: str) -> Iterator[Explanation]:
    by_path = {table.path: table for table in tables(scenario) if table.path}
    rows = {row.path: row for row in assumptions(scenario)}
    for path in paths(scenario, dotted):
        outer, _, last = path.rpartition(".")
        if path in by_path:
            yield _table(scenario, by_path[path])
        elif outer == "sources" and last in scenario.sources:
            yield Explanation(path, scenario.sources[last], tuple(citing(scenario, last)))
        elif path in rows:
            yield _number(scenario, by_path, rows[path])
        elif (own := _inherited(scenario, rows, path)) is not None:
            template = _number(scenario, by_path, replace(own, path=path))
            yield replace(template, rows=(*template.rows, ("inherited", f"from {own.path}")))
        elif outer in by_path and last in type(by_path[outer].spec).model_fields:
            yield _word(by_path[outer].spec, last, path)
        elif not outer and last in type(scenario).model_fields and path == dotted:
            yield _word(scenario, last, path)


def _inherited(scenario: Scenario, rows: dict[str, Assumption], path: str) -> Assumption | None:
    """The number of a template that an agreement takes over, by its path in the agreement."""
    top, _, rest = path.partition(".")
    id_, _, rest = rest.partition(".")
    template = scenario.agreement(id_).template if top == "agreements" and id_ in scenario.ids else None
    return rows.get(f"templates.{template}.{rest}")


def _table(scenario: Scenario, table: Table) -> Explanation:
    spec = table.spec
    rows = [("kind", kind)] if (kind := kind_of(type(spec))) else []
    for word in sorted(type(spec).model_fields, key=lambda word: word in PAPERS):
        if word not in ("kind", "title") and not internal(type(spec), word):
            rows += written(spec, word)
    rows += [("used", text) for text in uses(scenario, table.keys[0], str(_name(scenario, table)))]
    title, body = str(getattr(spec, "title", "")), documentation(type(spec))
    return Explanation(table.path, title or body[0], tuple(rows), body if title else body[1:])


def _name(scenario: Scenario, table: Table) -> str | int:
    if len(table.keys) < 2:
        return ""
    key = table.keys[1]
    return scenario.agreements[int(key)].id if table.keys[0] == "agreements" else key


def _number(scenario: Scenario, by_path: dict[str, Table], row: Assumption) -> Explanation:
    outer = next((by_path[path] for path in _shorter(row.path) if path in by_path), None)
    rows = [("value", row.value), ("drawn", _drawn(row)), ("unit", row.unit)]
    if outer is not None and row.name in type(outer.spec).model_fields:
        info = type(outer.spec).model_fields[row.name]
        rows.append(("bounds", getattr(declared(type(outer.spec), row.name), "range", "")))
        rows.append(("default", "" if info.is_required() else text_of_default(info)))
    rows += [("source", row.source or "none"), ("trust", row.trust), ("note", row.note)]
    if outer is not None:
        rows += [("used", text) for text in uses(scenario, outer.keys[0], str(_name(scenario, outer)))]
    return Explanation(row.path, row.meaning, tuple((word, text) for word, text in rows if text))


def _everywhere(scenario: Scenario, word: str) -> Iterator[Explanation]:
    """Each number of this name that the scenario states, a place in a row."""
    by_path = {table.path: table for table in tables(scenario) if table.path}
    rows = [row for row in assumptions(scenario) if row.name == word and row.path != word]
    if rows:
        where = "in one place" if len(rows) == 1 else f"in {len(rows)} places"
        told = tuple((row.path, _in_a_line(_number(scenario, by_path, row))) for row in rows)
        yield Explanation(f"{word} in the scenario", f"stated {where}", told)


def _in_a_line(told: Explanation) -> str:
    facts: dict[str, list[str]] = {}
    for word, text in told.rows:
        facts.setdefault(word, []).append(text)
    value = " ".join(facts.get("value", []) + facts.get("unit", []))
    papers = [f"source: {text}" for text in facts["source"]] + [f"trust: {text}" for text in facts.get("trust", [])]
    uses_of_it = [f"used: {', '.join(dict.fromkeys(facts['used']))}"] if "used" in facts else []
    return "; ".join([value, *papers, *uses_of_it])


def _drawn(row: Assumption) -> str:
    if row.spread:
        return "once a world: it is not known"
    return "once a trial: it is chance" if row.value.startswith("{") else ""


def _shorter(path: str) -> list[str]:
    parts = path.split(".")
    return [".".join(parts[:n]) for n in range(len(parts) - 1, 0, -1)]


def _word(spec: Spec, word: str, path: str) -> Explanation:
    value = [("value" if name == word else name, text) for name, text in written(spec, word)]
    return Explanation(path, _meaning(type(spec), word), (*value, *_facts(type(spec), word)))


def _meaning(spec: type[Spec], word: str) -> str:
    number = declared(spec, word)
    return described(spec)[word].description or ("" if number is None else number.meaning)


def _facts(spec: type[Spec], word: str) -> tuple[tuple[str, str], ...]:
    number = declared(spec, word)
    rows = [("written", sort_of(spec, word))]
    if number is not None:
        rows.append(("unit", number.unit))
    rows.append(("bounds", bounds_of(spec, word)))
    rows.append(("default", text_of_default(spec.model_fields[word])))
    rows += [entries(spec, word), needs(spec, word), ("example", example(spec, word))]
    return tuple((name, text) for name, text in rows if text)


def _can_be(scenario: Scenario, place: Place, parts: tuple[str, ...]) -> bool:
    """Whether a dotted path of this scenario can be of this table: its things have names, its drivers kinds."""
    if len(parts) < 3 or parts[0] not in COLLECTIONS:
        return True
    if parts[0] == "agreements":
        return parts[1] in scenario.ids
    thing = getattr(scenario, parts[0]).get(parts[1])
    return thing is not None and place.kind in ("", getattr(thing, "kind", ""))


def _in_specs(found_in: Sequence[Place], parts: tuple[str, ...]) -> Iterator[Explanation]:
    """Tables and kinds of this name, then words of this name: each meaning once, with all its places."""
    grouped: dict[tuple[str, tuple[tuple[str, str], ...]], list[Place]] = {}
    told: set[type[Spec]] = set()
    for place in found_in:
        called = (kind_of(place.spec), place.spec.__name__.lower())
        if len(parts) == 1 and parts[0] in called and place.spec not in told:
            told.add(place.spec)
            yield _of_spec(place)
        fits = len(parts) == 1 or place.fits(parts[:-1])
        # an exception repeats the numbers of its driver, and says nothing new of them
        if fits and parts[-1] in place.spec.model_fields and not (len(parts) == 1 and issubclass(place.spec, When)):
            found = (_meaning(place.spec, parts[-1]), _facts(place.spec, parts[-1]))
            grouped.setdefault(found, []).append(place)
    for (meaning, facts), where in grouped.items():
        first, *others = titles(where, parts[-1])
        yield Explanation(first, meaning, (*facts, *(("also", title) for title in others)))


def _of_spec(place: Place) -> Explanation:
    fields = [
        (word, " ".join(text for text in (_meaning(place.spec, word), _unit(place.spec, word)) if text))
        for word in place.spec.model_fields
        if word not in ("kind", *_EVERYWHERE) and not internal(place.spec, word)
    ]
    paragraphs = documentation(place.spec)
    kind = kind_of(place.spec)
    title = f'kind = "{kind}"' if kind else str(place) or _FILES[place.spec]
    return Explanation(title, paragraphs[0], tuple(fields), paragraphs[1:])


def _unit(spec: type[Spec], word: str) -> str:
    number = declared(spec, word)
    told = [text for text in ("" if number is None else number.unit, bounds_of(spec, word)) if text]
    return f"({', '.join(told)})" if told else ""


def _in_words(word: str) -> Iterator[Explanation]:
    found = defined(word)
    if found is not None:
        yield Explanation(*found)
