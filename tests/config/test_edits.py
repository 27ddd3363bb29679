"""Worlds made from worlds: what is merged, replaced, set and removed, and where each value then comes from."""

from __future__ import annotations

import copy
import shlex
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactrisk.config.documents import Document, parse
from pactrisk.config.edits import extend, parse_assignment, set_values
from pactrisk.config.tree import Node
from pactrisk.errors import InputError, Place, Problem

HERE = Place("config.toml", 7, 3)

BASE = """\
title = "base"

[drivers.brent]
kind = "mean_reverting"
level = { p10 = 58, p90 = 80, source = "EIA" }
volatility = 0.33
factors = { demand = 0.7 }

[drivers.war]
kind = "regime"
[drivers.war.states.war]
next = { ceasefire = 0.9, escalation = 0.1 }

[templates.memorandum]
depth = 0.3
milestones.signed = { track = "formal", duration = { p50 = 3, p90 = 9 } }
milestones.plan.effects = [{ driver = "war", state = "war", factor = 0.5 }]

[[agreements]]
id = "veterinary"
template = "memorandum"
parties = ["Kazakhstan", "Serbia"]

[[agreements]]
id = "trade"
depth = 0.5

[[shocks]]
driver = "brent"
size = -0.3
"""


def base() -> Document:
    return parse(BASE, "base.toml")


def child(text: str) -> Document:
    return parse('extends = "base"\n' + text, "child.toml")


def set_value(document: Document, key: str, value: Any, place: Place) -> Document:
    """The document with one key set, or what is wrong with that."""
    found: list[Problem] = []
    changed = set_values(document, [(key, value, place)], found)
    if found:
        raise InputError(found)
    return changed


def only(caught: pytest.ExceptionInfo[InputError]) -> Problem:
    (problem,) = caught.value.problems
    return problem


def test_a_child_lists_only_what_differs() -> None:
    made = extend(child("[drivers.brent]\nvolatility = 0.6\n[drivers.gas]\nkind = 'trend'\n"), base())
    wanted = base().data
    wanted["drivers"]["brent"]["volatility"] = 0.6
    wanted["drivers"]["gas"] = {"kind": "trend"}
    assert made.data == wanted
    # what neither says is missing in the baseline
    assert made.place(("signed",)) == Place("base.toml", 1, 1)
    assert made.place(("drivers", "brent", "volatility")) == Place("child.toml", 3, 1)
    assert made.place(("drivers", "brent", "level", "p10")) == Place("base.toml", 5, 11)
    assert made.place(("drivers", "gas", "kind")) == Place("child.toml", 5, 1)
    assert made.place(("title",)) == Place("base.toml", 1, 1)


def test_items_with_an_id_merge_and_new_ones_come_last() -> None:
    text = "[[agreements]]\nid = 'new'\n[[agreements]]\nid = 'trade'\ndepth = 0.9\nsector = 'x'\n"
    made = extend(child(text), base())
    assert [item["id"] for item in made.data["agreements"]] == ["veterinary", "trade", "new"]
    assert made.data["agreements"][0] == base().data["agreements"][0]
    assert made.data["agreements"][1] == {"id": "trade", "depth": 0.9, "sector": "x"}
    assert made.place(("agreements", 1, "depth")) == Place("child.toml", 6, 1)
    assert made.place(("agreements", 2, "id")) == Place("child.toml", 3, 1)
    assert made.place(("agreements", 0, "parties", 1)).file == "base.toml"


def test_values_lists_and_distributions_are_replaced_whole() -> None:
    text = """\
drivers.brent.level = { p50 = 45, p90 = 60 }
drivers.brent.factors = { risk = 0.1 }
shocks = []
[[agreements]]
id = "veterinary"
parties = ["Serbia"]
"""
    made = extend(child(text), base())
    assert made.data["drivers"]["brent"]["level"] == {"p50": 45, "p90": 60}
    assert made.data["drivers"]["brent"]["factors"] == {"demand": 0.7, "risk": 0.1}
    assert made.data["shocks"] == []
    assert made.data["agreements"][0]["parties"] == ["Serbia"]
    assert ("drivers", "brent", "level", "p10") not in made.places
    assert ("shocks", 0) not in made.places
    assert extend(child("drivers.brent.level = 45"), base()).data["drivers"]["brent"]["level"] == 45


def test_a_table_of_another_kind_replaces() -> None:
    made = extend(child("[drivers.brent]\nkind = 'trend'\nvalues = []\n"), base())
    assert made.data["drivers"]["brent"] == {"kind": "trend", "values": []}
    assert ("drivers", "brent", "volatility") not in made.places
    same = extend(child("[drivers.brent]\nkind = 'mean_reverting'\n"), base())
    assert same.data == base().data


def test_what_is_removed_is_gone_before_the_child_speaks() -> None:
    text = 'remove = ["agreements.veterinary", "drivers.brent", "shocks.0", "agreements.trade.depth"]\n'
    made = extend(child(text + "[drivers.brent]\nkind = 'trend'\n"), base())
    assert made.data["drivers"]["brent"] == {"kind": "trend"}
    assert made.data["agreements"] == [{"id": "trade"}]
    assert made.data["shocks"] == []
    assert made.place(("agreements", 0, "id")) == Place("base.toml", 25, 1)
    assert "remove" not in made.data
    assert "extends" not in made.data
    both = extend(child('remove = ["agreements.0", "agreements.trade", "agreements.1"]'), base())
    assert both.data["agreements"] == []
    assert (
        extend(child('remove = "agreements.0"'), base()).data == extend(child('remove = ["agreements.0"]'), base()).data
    )


@pytest.mark.parametrize(
    ("text", "path", "message", "hint"),
    [
        ('remove = [\n"drivers.brend"]', "drivers.brend", "there is no key 'brend' in drivers", "drivers.brent"),
        ('remove = [\n"agreements.trad"]', "agreements.trad", "there is no item 'trad' in agreements", "trade?"),
        ('remove = [\n"shocks.1"]', "shocks.1", "there is no item '1' in shocks", "there are brent"),
        ('remove = [\n"a..b"]', "remove.0", "'a..b' is not a dotted key", ""),
        ("\nremove = 3", "remove", "must be a list of dotted keys", "for example"),
        ("\nremove = [1]", "remove", "must be a list of dotted keys", "for example"),
        ("\n[[agreements]]\ndepth = 1", "agreements.0", "needs an id, so that it can be matched", "veterinary, trade"),
        (
            "[[agreements]]\nid='a'\n[[agreements]]\nid='a'",
            "agreements.a#2",
            "has the id of an item on line 2",
            "",
        ),
    ],
)
def test_a_wrong_extension_is_told_where_it_is_written(text: str, path: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        extend(child(text), base())
    problem = only(caught)
    assert problem.path == path
    assert problem.message.startswith(message)
    assert hint in problem.hint
    assert problem.place is not None
    assert problem.place.file == "child.toml"
    assert problem.place.line == (4 if path == "agreements.a#2" else 3)


def test_there_are_no_grandparents() -> None:
    with pytest.raises(InputError) as caught:
        extend(child(""), parse('extends = "older"', "base.toml"))
    assert only(caught).place == Place("child.toml", 1, 1)
    assert "base.toml, which itself extends" in only(caught).message


def test_documents_never_change() -> None:
    parent, own = base(), child("[[agreements]]\nid = 'trade'\nparties = ['x']\n")
    before = copy.deepcopy([(document.data, document.places) for document in (parent, own)])
    made = extend(own, parent)
    made.data["agreements"][0]["parties"].append("hostile")
    made.data["agreements"][1]["parties"].append("hostile")
    changed = set_value(parent, "drivers.brent.level.p10", 3, HERE)
    changed.data["drivers"]["war"]["kind"] = "hostile"
    assert [(document.data, document.places) for document in (parent, own)] == before


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("drivers.brent.level", ("drivers", "brent", "level")),
        ("drivers.brent.level.p10", ("drivers", "brent", "level", "p10")),
        ("drivers.brent.new", ("drivers", "brent", "new")),
        ('drivers . "brent".\'level\'', ("drivers", "brent", "level")),
        ("ceremony_effect", ("ceremony_effect",)),
        ("drivers.war.states.war.next.ceasefire", ("drivers", "war", "states", "war", "next", "ceasefire")),
        ("agreements.trade.depth", ("agreements", 1, "depth")),
        ("agreements.1.depth", ("agreements", 1, "depth")),
        ("agreements.veterinary.parties.1", ("agreements", 0, "parties", 1)),
        ("shocks.0.size", ("shocks", 0, "size")),
        ("shocks.0", ("shocks", 0)),
        ("templates.memorandum.milestones.plan.effects.0.factor",
         ("templates", "memorandum", "milestones", "plan", "effects", 0, "factor")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", [45, "war", date(2026, 3, 1), {"p10": 1, "p90": [2, {"x": 3}]}])
def test_one_key_is_set_and_nothing_else(key: str, path: tuple[str | int, ...], value: Any) -> None:
    made = set_value(base(), key, value, HERE)
    wanted: Any = base().data
    table = wanted
    for part in path[:-1]:
        table = table[part]
    table[path[-1]] = value
    assert made.data == wanted
    assert made.place(path) == HERE
    below = {p for p in base().places if p[: len(path)] == path}
    assert {p: at for p, at in made.places.items() if p[: len(path)] != path} == {
        p: at for p, at in base().places.items() if p not in below
    }
    if isinstance(value, dict):
        assert made.place((*path, "p90", 1, "x")) == HERE


def test_what_a_template_holds_can_be_set_in_the_agreement() -> None:
    key = "agreements.veterinary.milestones.signed.duration"
    made = set_value(base(), key, 4, HERE)
    assert made.data["agreements"][0]["milestones"] == {"signed": {"duration": 4}}
    assert made.data["templates"] == base().data["templates"]
    inner = set_value(base(), f"{key}.p90", 20, HERE)
    assert inner.data["agreements"][0]["milestones"] == {"signed": {"duration": {"p50": 3, "p90": 20}}}
    assert inner.place(("agreements", 0, "milestones", "signed", "duration", "p50")).file == "base.toml"
    listed = set_value(base(), "agreements.veterinary.milestones.plan.effects.0.factor", 0.1, HERE)
    (effect,) = listed.data["agreements"][0]["milestones"]["plan"]["effects"]
    assert effect == {"driver": "war", "state": "war", "factor": 0.1}
    assert (
        set_value(base(), "agreements.veterinary.milestones.plan.effects.0", 1, HERE).data["templates"]
        == (base().data["templates"])
    )
    with pytest.raises(InputError) as caught:
        set_value(base(), "agreements.veterinary.milestones.planned.never", 1, HERE)
    assert only(caught).message == "there is no key 'planned' in agreements.veterinary.milestones"
    with pytest.raises(InputError):
        set_value(base(), "agreements.trade.milestones.signed.duration", 4, HERE)


@pytest.mark.parametrize(
    ("key", "path", "message", "hint"),
    [
        ("driver.brent.level", "driver", "there is no key 'driver' at the top", "did you mean drivers?"),
        (
            "drivers.brant.level",
            "drivers.brant",
            "there is no key 'brant' in drivers",
            "did you mean drivers.brent?",
        ),
        ("drivers.zzz.level", "drivers.zzz", "there is no key 'zzz' in drivers", "there are brent, war"),
        (
            "agreements.vetinary.depth",
            "agreements.vetinary",
            "there is no item 'vetinary' in agreements",
            "did you mean agreements.veterinary?",
        ),
        ("agreements.2", "agreements.2", "there is no item '2' in agreements", "there are veterinary, trade"),
        ("shocks.-1.size", "shocks.-1", "there is no item '-1' in shocks", ""),
        ("shocks.٠.size", "shocks.", "there is no item '٠' in shocks", ""),
        ("shocks.²", "shocks.", "there is no item '²' in shocks", ""),
        (
            "drivers.brent.volatility.p10",
            "drivers.brent.volatility.p10",
            "drivers.brent.volatility is a number, not a table: nothing can be set within it",
            "",
        ),
        ("title.x", "title.x", "title is text, not a table: nothing can be set within it", ""),
        ("a..b", "a..b", "is not a dotted key", "drivers.brent.level"),
        ("", "", "is not a dotted key", ""),
        ("a=b", "a=b", "is not a dotted key", ""),
    ],
)
def test_a_key_that_leads_nowhere_names_the_nearest(key: str, path: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        set_value(base(), key, 1, HERE)
    problem = only(caught)
    assert problem.path.startswith(path)
    assert problem.message == message
    assert hint in problem.hint
    assert problem.place == HERE


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("drivers.brent.level=45", "drivers.brent.level", 45),
        ("drivers.brent.level = 45 # low", "drivers.brent.level", 45),
        ("x={ p10 = 1, p90 = 3 }", "x", {"p10": 1, "p90": 3}),
        ('x="war"', "x", "war"),
        ("x=war", "x", "war"),
        ("x=kazakhstan-serbia", "x", "kazakhstan-serbia"),
        ("x=war and peace", "x", "war and peace"),
        ("horizon=60 months", "horizon", "60 months"),
        ("x=мир", "x", "мир"),
        ("x=2026-03-01", "x", date(2026, 3, 1)),
        ("x=true", "x", True),
        ("x=[1, 2]", "x", [1, 2]),
        ("a.\"b=c. d\".'e'=1", "a.\"b=c. d\".'e'", 1),
        ("x=a=b", "x", "a=b"),
    ],
)
def test_assignments_are_toml_or_a_bare_word(text: str, key: str, value: object) -> None:
    found = parse_assignment(text)
    assert found == (key, value)
    assert type(found[1]) is type(value)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("x", "is not key=value", "for example drivers.brent.level=45"),
        ("=3", "is not key=value", ""),
        ("", "is not key=value", ""),
        ("a..b=3", "is not key=value", ""),
        ("x=", "a value is missing here", ""),
        ("x=2026-2-3", "'2026-2-3' is not a date", "2026-02-27"),
        ("x=12m", "has 'm' after a number", "a number stands alone: x=12"),
        ("x=33%", "has a per cent sign after a number", "0.33"),
        ("x={ p10 = 1", "{ is opened here and never closed", ""),
        ('x="war', "has text that is not closed", ""),
        ("x=1\ny=2", "has more than one value", ""),
        ("x=99999999999999999999", "is a whole number that is too large", ""),
        ("x=" + "[" * 9999, "is nested more than 64 levels deep", ""),
        ("x=war\x1b[31m", "'war\ufffd[31m' is not a value", ""),
    ],
)
def test_a_wrong_assignment_is_told_as_one(text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_assignment(text)
    problem = only(caught)
    assert problem.message == message
    assert hint in problem.hint
    assert problem.place == Place("--set")
    assert (problem.path + problem.message + problem.hint).isprintable()


def naive(own: Any, old: Any) -> Any:
    """What extending means for plain tables without ids, kinds or distributions."""
    if not (isinstance(own, dict) and isinstance(old, dict)):
        return own
    return {name: naive(own[name], old[name]) if name in own and name in old else own.get(name, old.get(name))
            for name in [*old, *(n for n in own if n not in old)]}  # fmt: skip


worlds = st.recursive(
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9), max_size=3),
    lambda inner: st.dictionaries(
        st.sampled_from("abcd"), st.one_of(inner, st.lists(st.integers(0, 9), max_size=2)), max_size=3
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(own=worlds, old=worlds)
def test_plain_tables_merge_as_a_plain_loop_says(own: dict[str, Any], old: dict[str, Any]) -> None:
    def places(value: Any, name: str, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], Place]:
        pairs: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        found = {path: Place(name)} if path else {}
        for part, inner in pairs:
            found |= places(inner, name, (*path, part))
        return found

    made = extend(Document(own, places(own, "own"), "own"), Document(old, places(old, "old"), "old"))
    assert made.data == naive(own, old)
    for path, place in made.places.items():
        value: Any = own
        for part in path:
            inside = isinstance(value, dict | list) and (part in value if isinstance(value, dict) else True)
            value = value[part] if inside else None
            if value is None:
                break
        assert place.file == ("old" if value is None else "own")
    assert set(made.places) == set(places(made.data, "x"))


def test_several_keys_are_set_as_one_after_another_and_every_lost_one_is_told() -> None:
    edits = [("drivers.brent.level.p10", 3), ("drivers.brant.level", 4), ("drivers.war.kind", "x"), ("a..b", 1)]
    found: list[Problem] = []
    made = set_values(base(), [(key, value, HERE) for key, value in edits], found)
    one_by_one = set_value(set_value(base(), *edits[0], HERE), *edits[2], HERE)
    assert (made.data, made.places) == (one_by_one.data, one_by_one.places)
    assert [problem.path for problem in found] == ["drivers.brant", "a..b"]


def test_finding_an_item_by_its_id_reads_nothing_else_of_any(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    bare = Node.bare
    monkeypatch.setattr(Node, "bare", lambda node: (read.append(node), bare(node))[1])
    edits = [("agreements.veterinary.depth", 0.1, HERE), ("agreements.veterinary.flow", {"after": []}, HERE)]
    document = set_values(parse(BASE), edits, [])
    assert not read
    assert document.get(("agreements", 0, "depth")) == 0.1
    set_values(document, [("templates.memorandum.milestones.plan.effects.war/war.factor", 0.2, HERE)], [])
    assert read


@pytest.mark.parametrize(
    ("key", "formula"),
    [
        ("rare", "1/(g-g) > 0"),
        ("rare.event", "-g > 3"),
        ("conditions.c.when", "2 > war.hot"),
        ("quantities.q.expression", "2*p"),
    ],
)
def test_arithmetic_without_quotes_is_told_how_it_is_given(key: str, formula: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_assignment(f"{key}={formula}")
    hint = caught.value.problems[0].hint
    assert hint == f"text goes in quotes: --set '{key}=\"{formula}\"'"
    (typed,) = shlex.split(hint.partition("--set ")[2])
    assert parse_assignment(typed) == (key, formula)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("drivers.oil.trust=3 B", "one of these goes in quotes: A, B, C, judgement"),
        ("drivers.oil.source=50% of it", "text goes in quotes: --set 'drivers.oil.source=\"50% of it\"'"),
        ("headline=36 M", 'write it as in headline="60 months"'),
    ],
)
def test_what_to_write_instead_goes_by_what_the_key_wants(text: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_assignment(text)
    assert caught.value.problems[0].hint == hint


def test_a_formula_that_is_none_is_judged_as_text() -> None:
    assert parse_assignment("conditions.c.when=50% < oil") == ("conditions.c.when", "50% < oil")


@pytest.mark.parametrize("text", ["trials=100-200", "analyses=[1] x", "rare={event=1/(g) > 0}"])
def test_what_is_no_arithmetic_or_wants_none_is_not_told_to_be_quoted(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_assignment(text)
    assert "quotes" not in caught.value.problems[0].hint
