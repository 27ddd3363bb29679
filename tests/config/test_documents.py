"""Reading TOML: each key has its place, each slip its sentence, and nothing hangs."""

from __future__ import annotations

import os
import string
import time
import tomllib
from pathlib import Path
from typing import Any, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactrisk.config.documents import DEEPEST, MOST_ENTRIES, MOST_VALUES, parse, read
from pactrisk.config.places import twice
from pactrisk.config.repeats import LISTS
from pactrisk.errors import InputError, Place, Problem
from pactrisk.scenario import Scenario

Key = tuple[str | int, ...]


def leaves(value: Any, path: Key = ()) -> list[Key]:
    """Every path in plain data, found by recursion."""
    pairs: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for part, inner in pairs for found in ((*path, part), *leaves(inner, (*path, part)))]


def only(text: str) -> Problem:
    with pytest.raises(InputError) as caught:
        parse(text, "world.toml")
    (problem,) = caught.value.problems
    return problem


SAMPLE = '''\
title = "Ää €" # é
"ключ" = 1
b.c."d e" = { x = 1, "ü" = 2, y.z = [{ q = 1 }, 2] }
text = """
[not.a.table]
key = 1
"""""
raw = \'\'\'
# no comment\'\'\'
list = [ # first
  1,

  [2, 3], # second
  { k = "]" },
]
1979-05-27 = 3
1.2 = 4
true = 5
inf = 1979-05-27 07:32:00
[t."q\\u00e9".u]
v = 0x1F
[t]
w = [
]
[[arr]]
id = "x"
[arr.sub]
k = 1
[[arr]]
[[arr.in]]
w = 1
[[arr.in]]
w = 2
'''


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("title",), 1, 1),
        (("ключ",), 2, 1),
        (("b",), 3, 1),
        (("b", "c"), 3, 3),
        (("b", "c", "d e"), 3, 5),
        (("b", "c", "d e", "x"), 3, 15),
        (("b", "c", "d e", "ü"), 3, 22),
        (("b", "c", "d e", "y"), 3, 31),
        (("b", "c", "d e", "y", "z", 0, "q"), 3, 40),
        (("b", "c", "d e", "y", "z", 1), 3, 49),
        (("text",), 4, 1),
        (("raw",), 8, 1),
        (("list", 0), 11, 3),
        (("list", 1), 13, 3),
        (("list", 1, 1), 13, 7),
        (("list", 2, "k"), 14, 5),
        (("1979-05-27",), 16, 1),
        (("1", "2"), 17, 3),
        (("true",), 18, 1),
        (("inf",), 19, 1),
        (("t", "qé", "u", "v"), 21, 1),
        (("t", "qé"), 20, 4),
        (("t",), 22, 2),
        (("t", "w"), 23, 1),
        (("arr",), 25, 3),
        (("arr", 0), 25, 3),
        (("arr", 0, "sub"), 27, 6),
        (("arr", 1), 29, 3),
        (("arr", 1, "in", 1), 32, 7),
        (("arr", 1, "in", 1, "w"), 33, 1),
    ],
)
def test_every_way_to_write_a_key_has_its_place(path: Key, line: int, column: int) -> None:
    assert parse(SAMPLE, "w.toml").places[path] == Place("w.toml", line, column)


@pytest.mark.parametrize("text", [SAMPLE, SAMPLE.replace("\n", "\r\n"), "\ufeff" + SAMPLE])
def test_every_value_of_the_standard_reader_has_a_place(text: str) -> None:
    document = parse(text)
    assert document.data == tomllib.loads(text.removeprefix("\ufeff"))
    assert set(document.places) == set(leaves(document.data))
    assert document.places[("arr", 1, "in", 1, "w")].line == 33


def test_what_is_not_there_has_the_place_of_the_table_around_it() -> None:
    document = parse("a = 1\n[b]\nc = 1\n", "w.toml")
    assert document.place(("b", "missing", 3, "x")) == Place("w.toml", 2, 2)
    assert document.place(("missing",)) == Place("w.toml", 1, 1)


def test_list_items_are_called_by_their_id() -> None:
    document = parse('[[agreements]]\nid = "vet"\neffects = [1, 2]\n[[agreements]]\n"a b" = 1\n')
    assert document.dotted(("agreements", 0, "effects", 1)) == "agreements.vet.effects.1"
    assert document.dotted(("agreements", 1, "a b")) == 'agreements.1."a b"'


names = st.one_of(
    st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=6),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=6),
)
scalars = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.text(max_size=12),
    st.dates(),
)
inline = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=8,
)
tables = st.recursive(
    st.dictionaries(names, inline, max_size=4),
    lambda inner: st.dictionaries(names, st.one_of(inner, st.lists(inner, min_size=1, max_size=3)), max_size=3),
    max_leaves=6,
)


class Page:
    """A TOML text written piece by piece that remembers where each key went."""

    def __init__(self, choose: st.DataObject, end: str) -> None:
        self.choose, self.end = choose, end
        self.lines = [""]
        self.places: dict[Key, tuple[int, int]] = {}
        self.headers: dict[Key, tuple[int, int]] = {}

    def put(self, text: str) -> None:
        self.lines[-1] += text

    def line(self) -> None:
        if self.choose.draw(st.integers(0, 4)) == 0:
            self.put(" # [é] = {")
        self.lines.append("")
        if self.choose.draw(st.integers(0, 4)) == 0:
            self.lines.append("")

    def mark(self, path: Key) -> None:
        self.places[path] = (len(self.lines), len(self.lines[-1]) + 1)

    def text(self, text: str) -> None:
        self.put('"' + "".join(x if x.isprintable() and x not in '"\\' else f"\\U{ord(x):08x}" for x in text) + '"')

    def key(self, path: Key, *, whole: bool = False) -> None:
        for length in range(1, len(path) + 1) if whole else [len(path)]:
            part = path[length - 1]
            if isinstance(part, int):
                continue
            if whole and length > 1:
                self.put(" . ")
            here = (len(self.lines), len(self.lines[-1]) + 1)
            self.headers.setdefault(path[:length], here)
            if length == len(path):
                self.places[path] = here
            plain = part.isascii() and all(x.isalnum() or x in "_-" for x in part)
            if plain and self.choose.draw(st.booleans()):
                self.put(part)
            else:
                self.text(part)

    def value(self, value: Any, path: Key) -> None:
        if isinstance(value, dict):
            self.put("{ ")
            for number, (name, inner) in enumerate(value.items()):
                self.put(", " if number else "")
                self.key((*path, name))
                self.put(" = ")
                self.value(inner, (*path, name))
            self.put(" }")
        elif isinstance(value, list):
            broken = "{" not in self.lines[-1] and self.choose.draw(st.booleans())
            self.put("[")
            for number, inner in enumerate(value):
                if broken:
                    self.line()
                self.mark((*path, number))
                self.value(inner, (*path, number))
                self.put(", ")
            self.put("]")
        elif isinstance(value, bool):
            self.put(str(value).lower())
        elif isinstance(value, str):
            if value and value.isprintable() and "'" not in value and "{" not in self.lines[-1]:
                self.put("'''")
                self.lines.append(value)
                self.put("'''")
            else:
                self.text(value)
        else:
            self.put(str(value))

    def table(self, table: dict[str, Any], path: Key) -> None:
        below = {}
        for name, value in table.items():
            here = (*path, name)
            many = isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
            if (isinstance(value, dict) or many) and self.choose.draw(st.booleans()):
                below[here] = value
                continue
            self.key(here)
            self.put(" = ")
            self.value(value, here)
            self.line()
        for here, value in below.items():
            for number, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
                self.put("[[" if number is not None else "[")
                first = self.places.get(here)
                self.key(here, whole=True)
                if number is not None:
                    self.places[(*here, number)] = self.places[here]
                    self.places[here] = first or self.places[here]
                self.put("]]" if number is not None else "]")
                self.line()
                self.table(item, here if number is None else (*here, number))

    def __str__(self) -> str:
        return self.end.join(self.lines)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(table=tables, end=st.sampled_from(["\n", "\r\n"]), data=st.data())
def test_the_place_of_every_key_is_where_it_was_written(table: dict[str, Any], end: str, data: st.DataObject) -> None:
    page = Page(data, end)
    page.table(table, ())
    document = parse(str(page), "w.toml")
    assert document.data == tomllib.loads(str(page))
    paths = leaves(document.data)
    assert set(paths) == set(page.places)
    found = {path: (document.place(path).line, document.place(path).column) for path in paths}
    assert found == {path: page.places[path] for path in paths}


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("a = 1\nkind = war\n", 2, "'war' is not a value", 'text goes in quotes: kind = "war"'),
        ("a = war and peace # so", 1, "'war and peace' is not a value", 'text goes in quotes: a = "war and peace"'),
        ("a = [war, peace]", 1, "'war' is not a value", 'text goes in quotes: "war"'),
        ("a = C:\\x", 1, "'C:\\x' is not a value", "text goes in quotes: a = 'C:\\x'"),
        ("h = 12 months", 1, "has 'months' after a number", "a number stands alone: h = 12"),
        ("horizon = 60 months", 1, "has 'months' after a number", 'text goes in quotes: horizon = "60 months"'),
        ("h = 2 000  # a year", 1, "has a space within a number", "thousands are written 100_000"),
        ("d = 2026-2-3", 1, "'2026-2-3' is not a date", "dates are written year-month-day: 2026-02-27"),
        ("d = 27.02.2026", 1, "'27.02.2026' is not a date", "dates are written year-month-day: 2026-02-27"),
        ("d = 27/02/2026", 1, "'27/02/2026' is not a date", "dates are written year-month-day: 2026-02-27"),
        ("d = 2026-02-30", 1, "has a date that does not exist", "dates are written year-month-day: 2026-02-27"),
        ("x = [1 2]", 1, "lacks a comma or ] here", "the items of a list have commas between them"),
        ("x = { a = 1 b = 2 }", 1, "lacks a comma or } here", "the keys of a table in braces have commas between them"),
        ("x = { a = 1,\nb = 2 }", 1, "breaks off inside braces", "one line"),
        ("x = { a = 1, }", 1, "has a comma before }", "a table in braces ends without a comma"),
        ("\n\nx = [1,\n", 3, "[ is opened here and never closed", ""),
        ("x = [1,\n2\ny = 3", 3, "follows a list that is not closed", "close the list with ] before this line"),
        ('a = 1\nx = """one\ntwo\n', 2, '""" is opened here and never closed', ""),
        ('x = "one\ny = 2', 1, "has text that is not closed", "same line"),
        ("x = ", 1, "a value is missing here", "leave the key out"),
        ("x = # nothing", 1, "a value is missing here", "leave the key out"),
        ("x == 1", 1, "has one = too many", "write x = 1"),
        ("x = True", 1, "True is not a value", "write true or false, in lower case and without quotes"),
        ("x = null", 1, "null is not a value", "there is no empty value: leave the key out"),
        ("x = .5", 1, ".5 is not a number", "write 0.5"),
        ("x = 33%", 1, "has a per cent sign after a number", "write x = 0.33: 33% is 0.33"),
        ("x = 1,000", 1, "has a comma within a number", "thousands are written 100_000, decimals with a point: 0.5"),
        ("x = 007", 1, "'007' begins with a zero", "numbers have no leading zeros; codes go in quotes"),
        ("x = 1,", 1, "has a comma after the value", "each key stands on a line of its own, without commas"),
        ("x = 1 y = 2", 1, "has two keys on one line", "each key stands on a line of its own"),
        ("x = “war”", 1, "has curly quotes", 'TOML wants straight quotes: "text"'),
        ("half life = 3", 1, "has a space in the key half life", "write half_life, or quotes around it"),
        ("x = { a = 1, half life = 3 }", 1, "has a space in the key half life", "write half_life, or quotes around it"),
        ('x = { a = 1, unit: "t" }', 1, "has : after a key", "write unit = ..."),
        ("x = { a = 0,5 b = 3 }", 1, "has a comma within a number", "decimals with a point: 0.5"),
        ("key: 3", 1, "has : after a key", "write key = ..."),
        ("key", 1, "has no = and no value after key", ""),
        ("= 3", 1, "has no key before =", ""),
        ("// words", 1, "'// words' is not a key", "comments begin with #"),
        ("café = 1", 1, "'café' is not a plain key", "names have letters a to z, digits and _: cafe"),
        ("ключ = 1", 1, "'ключ' is not a plain key", "names have letters a to z, digits and _"),
        ("[drivers.año]", 1, "'año' is not a plain key", "names have letters a to z, digits and _: ano"),
        ("[my table]", 1, "has 'table]' in the name of a table", "letters a to z, digits and _: [my_table]"),
        ("[[a.my table]] # x", 1, "has 'table]] # x' in the name of a table", "digits and _: [[a.my_table]]"),
        ("[table\nx = 1", 1, "lacks a ] at the end of the table's name", ""),
        ("x = 'C:\\ok'\ny = \"C:\\users\"", 2, "has a backslash within quotes", "single quotes"),
        ('x = "\x07"', 1, "has a control character within quotes", "\\n"),
        ("a = 1\n[b]\nx = 1\n\n[b]\n", 5, "b is set twice: first on line 2", "keep one of the two"),
        ("[[items]]\nx = 1\n[items]\nx = 2\n", 3, "items is set twice: first on line 1", "begins with [[items]]"),
        (
            "[[items]]\n[items.a]\nx = 1\n[[item]]\n[items.a]\n",
            5,
            "a is set twice: first on line 2",
            "mean [[items]] on line 4?",
        ),
        (
            "[agreements]\nx = 1\n[agreements]\nx = 2\n",
            3,
            "agreements is set twice: first on line 1",
            "each item of agreements begins with [[agreements]]",
        ),
        (
            "[[item]]\nx = 1\n[items.a]\nx = 1\n[[items]]\nx = 2\n",
            5,
            "sets something that was set before",
            "did you mean [[items]] on line 1?",
        ),
        (
            "x = 1\n[items.flow]\ny = 1\n\n[[items]]\nid = 1\n",
            2,
            "[items.flow] stands above its [[items]]",
            "move it below the [[items]] that it is part of",
        ),
        ("a = 3.\nb = 2\n", 1, "'3.' is not a number", "write 3.0"),
        ("[b]\nx = 1\ny = 2\nx = 3\nz = !\n", 4, "x is set twice: first on line 2", "keep one of the two"),
        ("a = { b = 1, b = 2 }", 1, "b is set twice: first on line 1", "keep one of the two"),
        ("a.b = 1\na = 2", 2, "a is set twice: first on line 1", "keep one of the two"),
        ("a = 1\na.b = 2", 2, "a is set twice: first on line 1", "keep one of the two"),
        ("a = [1]\n[[a]]", 2, "a is set twice: first on line 1", "keep one of the two"),
        ("ok = 1\nx = 9223372036854775808", 2, "is a whole number that is too large", ""),
        ("ok = 1\nx = 0x" + "f" * 30000, 2, "is a whole number that is too large", ""),
        ("ok = 1\nx = " + "9" * 5000, 2, "holds a whole number that is too large", ""),
        ("ok = 1\nx = '\0'", 2, "holds a NUL character", "is it a text file?"),
    ],
)
def test_a_slip_is_named_in_plain_words_with_its_line(text: str, line: int, message: str, hint: str) -> None:
    problem = only(text)
    assert problem.message == message
    assert (hint in problem.hint) if hint else not problem.hint
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("world.toml", line)


@pytest.mark.parametrize(
    ("text", "line", "path"),
    [
        ("[[items]]\nparts.a = 1\n[[items.parts]]\nb = 1\n", 3, "items.0.parts"),
        ("[[items]]\nparts.a = 1\n[items.parts.b]\nx = 1\n[[items.parts]]\nc = 1\n", 5, "items.0.parts"),
        ("[[items]]\nparts.a = 1\n[items.parts]\nb = 1\n", 3, "items.0.parts"),
        ("[top.item]\nparts.a = 1\n[[top.item.parts]]\nb = 1\n", 3, "top.item.parts"),
        ("[top.item.parts.a]\nx = 1\n\n\n[[top.item.parts]]\nb = 1\n", 5, "top.item.parts"),
    ],
)
def test_a_table_that_dotted_keys_began_is_named_where_a_header_repeats_it(text: str, line: int, path: str) -> None:
    problem = only(text)
    first = 1 if text.startswith("[top.item.parts") else 2
    assert (problem.path, problem.message) == (path, f"parts is set twice: first on line {first}")
    assert problem.hint == "keep one of the two"
    assert problem.place is not None
    assert problem.place.line == line


def test_the_first_of_many_repetitions_is_told() -> None:
    assert twice("a = 1\nb = 1\na = 2\nb = 2\n") == (("a",), (1, 1), (3, 1))
    assert twice(SAMPLE) is None


def test_what_validators_will_judge_is_left_alone() -> None:
    assert str(parse("a = nan\nb = -inf\nc = 9223372036854775807\n").data) == str(
        {"a": float("nan"), "b": float("-inf"), "c": 2**63 - 1}
    )


@settings(max_examples=300, deadline=None, derandomize=True)
@given(cut=st.integers(0, len(SAMPLE)), put=st.text("[]{}=\"'#,.\n\\x1 -€", max_size=4), take=st.integers(0, 4))
def test_a_mangled_file_is_read_or_refused_with_its_line(cut: int, put: str, take: int) -> None:
    text = SAMPLE[:cut] + put + SAMPLE[cut + take :]
    try:
        document = parse(text, "w.toml")
    except InputError as error:
        for problem in error.problems:
            assert problem.place is not None
            assert 1 <= problem.place.line <= text.count("\n") + 1
            assert "\n" not in problem.message + problem.hint
            assert len(problem.message) < 200
    else:
        assert set(leaves(document.data)) == set(document.places)


def test_deep_nesting_is_refused_at_once() -> None:
    ways = {
        "brackets": "x = " + "[" * 10_000 + "]" * 10_000,
        "unclosed": "\nx = " + "[" * 10_000,
        "braces": "x = " + "{a=" * 10_000 + "1" + "}" * 10_000,
        "dots": ".".join("a" * 10_000) + " = 1",
        "header": "[" + ".".join("a" * 10_000) + "]",
        "both": "x = " + ("{" + ".".join("a" * 60) + "=") * 60 + "1" + "}" * 60,
    }
    for text in ways.values():
        start = time.perf_counter()
        problem = only(text)
        assert time.perf_counter() - start < 5
        assert problem.message == f"is nested more than {DEEPEST} levels deep"
    assert only(ways["unclosed"]).place == Place("world.toml", 2, 5 + DEEPEST)


def test_nesting_as_deep_as_allowed_is_read() -> None:
    inner = parse("x = " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)).data["x"]
    for _ in range(DEEPEST - 2):
        (inner,) = inner
    assert inner == []


def test_brackets_in_text_and_comments_are_no_nesting() -> None:
    many = "[" * 500 + "." * 500
    text = f'a = "{many}" # {many}\nb = \'{many}\'\nc = """\n{many}""""\nd = \'\'\'{many}\n\'\'\'\n'
    assert parse(text).data["c"] == many + '"'


def test_hostile_quotes_take_no_longer_than_their_length() -> None:
    start = time.perf_counter()
    only('x = """' + '\\"""' * 300_000)
    only("x = " + "'''" * 300_001)
    only("nothing but words " * 200_000)
    assert time.perf_counter() - start < 20


def test_a_file_is_called_as_it_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "worlds").mkdir()
    (tmp_path / "worlds" / "one.toml").write_text("a = 1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read("worlds/one.toml").name == str(Path("worlds/one.toml"))
    assert read(tmp_path / "worlds" / "one.toml").name == str(Path("worlds/one.toml"))
    monkeypatch.chdir(tmp_path / "worlds")
    document = read("one.toml")
    assert (document.data, document.places, document.name) == ({"a": 1}, {("a",): Place("one.toml", 1, 1)}, "one.toml")


def refused(path: str | Path, **limits: int) -> Problem:
    with pytest.raises(InputError) as caught:
        read(path, **limits)
    (problem,) = caught.value.problems
    return problem


def test_a_missing_file_names_the_nearest_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kazakhstan-serbia.toml").touch()
    monkeypatch.chdir(tmp_path)
    for typed in ("kazakstan-serbia.toml", "kazakhstan-serbia", "Kazakhstan_Serbia.toml"):
        problem = refused(typed)
        assert (problem.message, problem.hint) == ("does not exist", "did you mean kazakhstan-serbia.toml?")
        assert problem.place == Place(typed)
    (tmp_path / "ana.toml").touch()
    # that both end in .toml is no likeness
    assert refused("nope.toml").hint == "there are ana.toml, kazakhstan-serbia.toml"
    assert refused("nowhere/x.toml").hint == "there is no folder nowhere"


def test_what_is_no_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    assert refused("folder").message == "is a folder, not a file"
    assert refused("a\0b").message == "is not a file name"
    assert refused("x" * 5000).message.startswith("cannot be read: ")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert refused("pipe").message == "is not an ordinary file"


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret.toml"
    secret.touch()

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert refused(secret).message == "may not be read"


def test_bytes_that_are_not_text_are_refused_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "latin.toml"
    file.write_bytes(b"a = 1\n\nb = 'caf\xe9'\n")
    problem = refused(file)
    assert problem.message == "is not UTF-8 text on this line"
    assert problem.place is not None
    assert problem.place.line == 3
    file.write_bytes("a = 1\n".encode("utf-16"))
    assert refused(file).message == "is not UTF-8 text on this line"


def test_a_large_file_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "large.toml"
    file.write_bytes(b"# filler\n" * (4 * 2**20 // 9 + 1))
    start = time.perf_counter()
    assert refused(file).message == "is larger than 4 MiB, the most that is read"
    assert time.perf_counter() - start < 2
    file.write_bytes(b"a = 1\n")
    assert read(file, limit=6).data == {"a": 1}
    assert refused(file, limit=5).message.startswith("is larger than ")


def test_a_name_cannot_forge_lines(tmp_path: Path) -> None:
    problem = refused(tmp_path / "a\nb\x1b[31m.toml")
    assert problem.place is not None
    assert problem.place.file.isprintable()


def test_more_entries_or_values_than_are_read_are_refused_with_their_place() -> None:
    assert len(parse(f"x = [{'1,' * MOST_ENTRIES}]").data["x"]) == MOST_ENTRIES
    with pytest.raises(InputError) as caught:
        parse(f"a = 1\nx = [{'1,' * (MOST_ENTRIES + 1)}]", "f.toml")
    (problem,) = caught.value.problems
    assert (problem.path, problem.place) == ("x", Place("f.toml", 2, 1))
    assert problem.message == "has 5,001 entries; at most 5,000 are read"
    with pytest.raises(InputError, match="holds more than 100,000 keys and values"):
        parse("".join(f"x{n} = {{ a = 1 }}\n" for n in range(MOST_VALUES // 3 + 1)))


def test_places_on_one_long_line_are_counted_in_characters_and_quickly() -> None:
    many = MOST_ENTRIES
    begun = time.process_time()
    places = parse("x = [" + '"é", ' * many + "]\ny = 1").places
    # all that stands before each place, read again for each, took a minute
    assert time.process_time() - begun < 5
    assert [places["x", n].column for n in (0, 1, 4999)] == [6, 11, 6 + 5 * 4999]
    assert places["y",] == Place("text", 2, 1)


def test_lists_of_tables_are_those_of_a_scenario() -> None:
    assert set(LISTS) == {n for n, info in Scenario.model_fields.items() if get_origin(info.annotation) is tuple}
