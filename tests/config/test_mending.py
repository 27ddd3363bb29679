"""A slip of the pen hides no other, and no fault elsewhere; and none is made up where a text was put right."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pactrisk.config import load, load_scenario
from pactrisk.config.documents import Document, parse
from pactrisk.config.edits import extend, set_values
from pactrisk.config.mending import read_mended
from pactrisk.config.unread import Unread
from pactrisk.errors import InputError, Place, Problem

ROOT = Path(__file__).parent.parent.parent
SET = re.compile(r"^(\s*[\w.\"-]+\s*=\s*)(\S.*)$")


def written(desk: Path, name: str) -> dict[str, str]:
    """A shipped config and its scenario, by where they are; all scenarios are copied to the desk."""
    shutil.copytree(ROOT / "scenarios", desk / "scenarios", dirs_exist_ok=True)
    texts = {f"{folder}/{name}.toml": (ROOT / folder / f"{name}.toml").read_text("utf-8") for folder in FOLDERS}
    for file, text in texts.items():
        (desk / file).write_text(text, encoding="utf-8")
    return texts


FOLDERS = ("scenarios", "configs")


def refused(name: str) -> InputError:
    with pytest.raises(InputError) as caught:
        load(f"configs/{name}.toml")
    return caught.value


def test_slips_and_wrong_keys_of_both_files_are_told_at_once(desk: Path) -> None:
    texts = written(desk, "first-steps")
    world, config = (texts[f"{folder}/first-steps.toml"] for folder in FOLDERS)
    for before, after in (
        ("initial    = 70", "initial = 70,5"),
        ("half_life  = 14 ", "half_life: 14 "),
        ('trust      = "B"', 'trust = "Z"\n// checked'),
        ('kind          = "regime"', "kind = regime"),
        ('a third of the budget is oil"', "a third of the budget is oil"),
        ('pace              = "works"', "pace = wroks"),
        ("p10 = 0.6, p90 = 0.9", "p10 = 0.6 p90 = 0.9"),
    ):
        assert before in world
        world = world.replace(before, after, 1)
    for before, after in (
        ('horizon  = "48 months"', "horizon = 48 months"),
        ("seed     = 1", "sed = 1"),
        ("oil.level", "oil.levle"),
    ):
        assert before in config
        config = config.replace(before, after, 1)
    (desk / "scenarios/first-steps.toml").write_text(world, encoding="utf-8")
    (desk / "configs/first-steps.toml").write_text(config, encoding="utf-8")
    told = [(problem.place.line if problem.place else 0, problem.path) for problem in refused("first-steps").problems]
    assert told == [
        (4, "horizon"),
        (7, "sed"),
        (12, "variants.cheap-oil.set.drivers.oil.levle"),
        (8, "drivers.oil.initial"),
        (10, "drivers.oil.half_life"),
        (13, "drivers.oil.trust"),
        (14, ""),
        (17, "drivers.border.kind"),
        (25, "paces.works.source"),
        (29, "agreements.corridor.pace"),
        (39, "agreements.farm_trade.depth"),
    ]


def spoilt(line: str) -> Iterator[str]:
    """Slips of the pen in one line of a file."""
    found = SET.match(line)
    if found is not None:
        yield from (found[1] + value for value in ("0.3.4", "@x", "{ a = 1", '"abc', "1 2 3"))
        yield "my " + line.lstrip()
        yield line.replace("=", " ", 1)
        yield "= " + line.split("=", 1)[1]
        yield line.replace("=", ":", 1)
        yield line.replace('"', "\u201c", 1)
        yield line.replace('"', "'", 1)
        yield line + ", more = { a = 1 }"
        yield line + " [drivers.more]"
        yield re.sub(r"\{ (\w+) = (\w+|\"\w*\"),", r"{ \1 = \2, \1 = \2,", line)
    elif line.startswith("["):
        yield line.split("]")[0]
        yield line.replace("[", "[my ", 1)
        yield line.lstrip("[")


@pytest.mark.parametrize(("name", "every"), [("first-steps", 1), ("kazakhstan-serbia", 90)])
def test_a_slip_makes_no_fault_and_no_remark_but_its_own(desk: Path, name: str, every: int) -> None:
    texts, tried = written(desk, name), 0
    before = load(f"configs/{name}.toml").remarks
    for file, text in texts.items():
        lines = text.split("\n")
        for number in range(0, len(lines), every):
            for slip in spoilt(lines[number]):
                if slip == lines[number] or "#" in slip:
                    # behind a comment nothing is spoilt
                    continue
                (desk / file).write_text("\n".join([*lines[:number], slip, *lines[number + 1 :]]), encoding="utf-8")
                error, tried = refused(name), tried + 1
                (problem,) = error.problems
                assert problem.place is not None
                assert (problem.place.file, problem.place.line) == (file, number + 1), slip
                assert set(error.remarks) <= set(before), slip
        (desk / file).write_text(text, encoding="utf-8")
    assert tried > 60


def slips(text: str) -> list[tuple[int, str]]:
    return [(slip.line, slip.message) for slip in read_mended(text, mend=True)[2]]


def test_what_is_plainly_meant_is_read() -> None:
    document = parse("kind = regime  # of a route\nhorizon = 48 months\nhalf_life: 14\nx = 1\nx = 2\n", mend=True)
    assert document.data == {"kind": "regime", "horizon": "48 months", "half_life": 14, "x": 1}
    assert [slip.path for slip in document.slips] == ["kind", "horizon", "half_life", "x"]


def test_what_is_not_known_is_marked_where_it_stands() -> None:
    text = "[[agreements]]\nid = 'rail'\n[agreements.depth]\np10 = 0.1.2\np90 = [\n  0,5,\n  0.7 0.8,\n]\nlate = 3\n"
    document = parse(text, mend=True)
    depth = document.data["agreements"][0]["depth"]
    assert depth == {"p10": Unread("0.1.2"), "p90": [0, 5, Unread("0.7 0.8")], "late": 3}
    assert [slip.path for slip in document.slips] == ["agreements.rail.depth.p10", "agreements.rail.depth.p90.2"]
    assert document.place(("agreements", 0, "depth", "late")) == Place("text", 9, 1)


def test_a_text_can_spell_no_mark() -> None:
    tables = read_mended('a = "unread0"\nb = "\\u0075nread_x"\nc = 0.1.2\n', mend=True)[0]
    assert tables == {"a": "unread0", "b": "unread_x", "c": Unread("0.1.2")}


@pytest.mark.parametrize("text", ["x = true\n", "x = yes\n", "x = none\n", "x = nan\n"])
def test_truths_and_nothing_are_not_taken_for_words(text: str) -> None:
    tables = read_mended(text, mend=True)[0]
    assert tables is not None
    assert not isinstance(tables["x"], str)


def test_slips_are_told_as_far_as_it_is_plain_where_they_end() -> None:
    assert slips("x = [1, 2\ny = 0.1.2\n[table]\n") == [(2, "follows a list that is not closed")]
    assert slips('x = """\ny = 0.1.2\n') == [(1, '""" is opened here and never closed')]
    lost = slips("[drivers.oil\nlevel = 1.2.3\n[drivers.gas]\nlevel = 4\n[drivers.oil]\nlevel = ,\n")
    assert [line for line, _ in lost] == [1, 2, 6]
    # what another sort of bracket closes did not end there
    assert [line for line, _ in slips("x = { a = 1\ny = 2\nname]\nz = ,\n")] == [1]
    # after a name that is lost nobody knows what is set twice
    assert [line for line, _ in slips("[a b]\nx = 1\n[[list]]\n[list.inner]\n[list.inner]\ny = ,\n")] == [1]
    assert [line for line, _ in slips("x = 1 y = 2\nz = 3 4\n")] == [1, 2]
    assert read_mended("x = 1 y = 2\nz = 3\n", mend=True)[0] is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (json.dumps({"scenario": "first-steps", "trials": 10}, indent=1), 1),
        ("Dear all,\nplease find below\nthe assumptions\nof the ministry\nfor next year.\nYours\n", 4),
        ("x = 1.2.3\n" * 500, 12),
        ("".join(f"y{n} = 1\n" for n in range(20_000)) + "x = 1.2.3\nz = 1.2.3\n", 1),
    ],
)
def test_what_is_no_toml_at_all_or_large_is_not_told_line_by_line(text: str, told: int) -> None:
    tables, _, found, _ = read_mended(text, mend=True)
    assert tables is None
    assert len(found) == told


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("kind = 'abc\nx = 1\ny = 2\n", [1]),
        ("kind = 'abc\nx = 'b'\n[t]\ny = 1.2.3\n", [1, 4]),
        ("x = [\n 'a', 'b\n]\ny = 1\n", [2]),
        ('unit = "USD\\\nx = 1\ny = 2\n', [2]),
        ("\fvolatility = 0.33\nx = 1\n", [1]),
        ('"a\x01b" = 5\nx = 1\n', [1]),
        ("x = 1 2\n" + "},\n" * 5000, [1]),
        ("history = (\n" + "[2024-01-01, 70.1],\n" * 1500 + ")\n", [1]),
        ('kind "regime"\ninitial "open"\n', [1, 2]),
        ("// one\n// two\nx = 1.2.3\n", [1, 2, 3]),
        ("effects =\n[{ a = 1 }]\n", [1]),
        ("x = { a = 1\ny = 2\nz = { b = 1 }}\n", [1]),
    ],
)
def test_odd_slips_are_told_once_where_they_are(text: str, lines: list[int]) -> None:
    assert [line for line, _ in slips(text)] == lines


def test_line_ends_of_another_system_change_nothing() -> None:
    text = "half_life: 14\nkind = regime\nx = 0,5\n[t]\ny = 1.2.3\n"
    document = parse(text.replace("\n", "\r\n"), mend=True)
    assert document.data == parse(text, mend=True).data
    assert document.slips == parse(text, mend=True).slips


@pytest.mark.parametrize(
    "text",
    [
        "x = 1, y = 2\n",
        'x = "B" [a.b]\n',
        "x = {a = 1} z = 3\n",
        "x = { a = 1\ny = 2\nz = { b = 1 }}\n",
        "x = [1] [2]\n",
    ],
)
def test_where_a_line_may_set_more_nothing_is_judged(text: str) -> None:
    assert read_mended(text, mend=True)[0] is None


def test_a_key_twice_in_braces_hides_what_they_hold() -> None:
    tables, _, found, _ = read_mended("level = { p10 = 58, p10 = 60, p50 = 70 }\nx = 1\nx = 2\n", mend=True)
    assert tables == {"level": Unread("{ p10 = 58, p10 = 60, p50 = 70 }"), "x": 1}
    assert [slip.line for slip in found] == [1, 3]


def test_a_slip_is_told_beside_a_number_that_is_too_large() -> None:
    with pytest.raises(InputError) as caught:
        parse("x = 1 2\ny = 99999999999999999999\n", mend=True)
    assert [problem.path for problem in caught.value.problems] == ["x", "y"]


def test_a_hint_that_would_not_mend_is_not_given(desk: Path) -> None:
    texts = written(desk, "first-steps")
    world = texts["scenarios/first-steps.toml"].replace("signed = 2026-03-01", "signed = next year")
    (desk / "scenarios/first-steps.toml").write_text(world, encoding="utf-8")
    (problem,) = refused("first-steps").problems
    assert problem.message == "must be a date such as 2026-02-27, not 'next year'"
    assert problem.hint == "signed: day of signature: month 0 of the grid"


@pytest.mark.parametrize(
    ("before", "after"),
    [("initial    = 70", "initial = seventy"), ("never = 0.3", "never = some"), ("seed     = 1", "seed = random")],
)
def test_a_word_where_no_text_can_stand_is_told_once(desk: Path, before: str, after: str) -> None:
    for name, text in written(desk, STEPS).items():
        (desk / name).write_text(text.replace(before, after), encoding="utf-8")
    (problem,) = refused(STEPS).problems
    assert problem.message.endswith("number, not text")


@pytest.mark.parametrize(
    ("key", "day", "right"),
    [
        ("signed", "1 March 2026", "2026-03-01"),
        ("signed", "1st Mar. 2026", "2026-03-01"),
        ("signed", "March 1, 2026", "2026-03-01"),
        ("signed", "March 2026", "2026-02-27"),
        ("signed", "1 March", "2026-02-27"),
        ("signed", "31 February 2026", "2026-02-27"),
        ("signed", "1 Nivose 2026", "2026-02-27"),
        ("signed", "1st of March 2026", "2026-03-01"),
        ("date", "1 May 2027", "2027-05-01"),
        ("headline", "1 March 2029", "2029-03-01"),
        ("headline", "March 1, 2029", "2029-03-01"),
        ("horizon", "1st of March 2030", "2030-03-01"),
    ],
)
def test_a_date_in_words_is_told_as_one(desk: Path, key: str, day: str, right: str) -> None:
    texts = written(desk, STEPS)
    there = re.search(rf'{key} += ".*"\n', config := texts[f"configs/{STEPS}.toml"])
    if there is not None:
        (desk / f"configs/{STEPS}.toml").write_text(config.replace(there[0], f"{key} = {day}\n"), encoding="utf-8")
        (problem,) = refused(STEPS).problems
        assert problem.message == f"{day!r} is not a date"
        assert problem.hint == f"dates are written year-month-day: {right}"
        (desk / f"configs/{STEPS}.toml").write_text(config.replace(there[0], f"{key} = {right}\n"), encoding="utf-8")
        load(f"configs/{STEPS}.toml")
        return
    world = texts["scenarios/first-steps.toml"]
    shock = f'\n[[shocks]]\ndriver = "oil"\nsize = 0.1\ndate = {day}\n'
    spoilt = world.replace("signed = 2026-03-01", f"signed = {day}") if key == "signed" else world + shock
    (desk / "scenarios/first-steps.toml").write_text(spoilt, encoding="utf-8")
    (problem,) = refused(STEPS).problems
    assert (problem.message, problem.hint) == (f"'{day}' is not a date", f"dates are written year-month-day: {right}")
    (desk / "scenarios/first-steps.toml").write_text(spoilt.replace(day, right), encoding="utf-8")
    load(f"configs/{STEPS}.toml")


def test_a_date_in_words_within_braces_is_told_as_one(desk: Path) -> None:
    fair = '[drivers.fair]\nkind = "trend"\nvalues = [{ date = May 2026, value = 3 }]\n'
    fair += '[quantities.q]\nexpression = "fair"\n'
    world = written(desk, STEPS)["scenarios/first-steps.toml"] + "\n" + fair
    (desk / "scenarios/first-steps.toml").write_text(world, encoding="utf-8")
    assert [problem.message for problem in refused(STEPS).problems] == ["'May 2026' is not a date"]


@pytest.mark.parametrize(
    ("before", "after", "hint"),
    [
        ('title  = "First steps: a corridor and what it carries"', "title = 3 roads", 'title = "3 roads"'),
        ('pace              = "works"', "pace = 3 works", 'pace = "3 works"'),
    ],
)
def test_text_that_begins_with_a_number_goes_in_quotes(desk: Path, before: str, after: str, hint: str) -> None:
    world = written(desk, STEPS)["scenarios/first-steps.toml"].replace(before, after, 1)
    (desk / "scenarios/first-steps.toml").write_text(world, encoding="utf-8")
    (problem,) = refused(STEPS).problems
    assert problem.hint == f"text goes in quotes: {hint}"


def test_an_id_that_cannot_be_read_is_not_looked_for(desk: Path) -> None:
    texts = written(desk, "first-steps")
    world = texts["scenarios/first-steps.toml"].replace('"farm_trade"', '"farm_trade')
    (desk / "scenarios/first-steps.toml").write_text(world, encoding="utf-8")
    child = 'extends = "first-steps"\n[[agreements]]\nid = "farm_trade"\npace = "works"\n'
    (desk / "scenarios/child.toml").write_text(child, encoding="utf-8")
    config = texts["configs/first-steps.toml"]
    config += '[variants.child]\nscenario = "child"\n[variants.edit]\nset = { "agreements.farm_trade.depth" = 0.3 }\n'
    (desk / "configs/first-steps.toml").write_text(config, encoding="utf-8")
    (problem,) = refused("first-steps").problems
    assert problem.path.startswith("agreements.")
    own = 'extends = "small"\n[[agreements]]\nid = "grain\ndepth = 0.2\n'
    (desk / "scenarios/child.toml").write_text(own, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario("child")
    assert [problem.message for problem in caught.value.problems] == ["has text that is not closed"]


def test_what_rests_on_a_lost_edit_of_a_variant_is_not_told(desk: Path) -> None:
    texts = written(desk, "first-steps")
    config = texts["configs/first-steps.toml"] + (
        "[variants.shut.set]\n"
        '"drivers.border.states.shut" = { duration = 1 2 }\n'
        '"drivers.border.states.open.next" = { shut = 1 }\n'
    )
    (desk / "configs/first-steps.toml").write_text(config, encoding="utf-8")
    (problem,) = refused("first-steps").problems
    assert problem.message == "lacks a comma or } here"


def test_a_variant_of_a_file_of_which_something_is_lost_is_not_compared(desk: Path) -> None:
    texts = written(desk, "first-steps")
    (desk / "scenarios/child.toml").write_text('extends = "first-steps"\nsigned = 2026-13-01\n', encoding="utf-8")
    config = texts["configs/first-steps.toml"] + '[variants.child]\nscenario = "child"\n'
    (desk / "configs/first-steps.toml").write_text(config, encoding="utf-8")
    (problem,) = refused("first-steps").problems
    assert problem.place is not None
    assert problem.place.file == "scenarios/child.toml"


def test_a_number_on_the_top_that_cannot_be_read_is_told(desk: Path) -> None:
    (desk / "scenarios/odd.toml").write_text("p10 = 0.5.1\nvalue = 1 2\nsigned = 2026-03-01\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario("odd")
    assert {"p10", "value"} <= {problem.path for problem in caught.value.problems}


def test_leftovers_of_a_list_that_lost_its_beginning_are_no_slips() -> None:
    text = 'effects = 1 2\n  { driver = "oil", factor = 2 },\n  "more",\n]\nlevel = 0.1.2\n'
    assert [line for line, _ in slips(text)] == [1, 5]


def test_what_could_not_be_read_can_be_neither_extended_nor_set_within() -> None:
    base = parse("[drivers.oil]\nlevel = 60\n", "base.toml")
    child = parse("remove = 1 2\n[drivers.oil]\nlevel = 6 0\n", "child.toml", mend=True)
    found: list[Problem] = []
    joined = extend(child, base, found)
    assert joined.get(("drivers", "oil", "level")) == Unread("6 0")
    changed: Document = set_values(joined, [("drivers.oil.level.p10", 3, Place("config.toml", 2))], found)
    assert not found
    assert changed.get(("drivers", "oil", "level")) == Unread("6 0")


def test_a_baseline_whose_name_cannot_be_read_is_told_once(desk: Path) -> None:
    (desk / "scenarios/child.toml").write_text('extends = 1 2\n[drivers.oil]\nlevel = "x', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario("scenarios/child.toml")
    assert [problem.path for problem in caught.value.problems] == ["extends", "drivers.oil.level"]


def test_values_given_on_the_command_line_are_not_put_right() -> None:
    with pytest.raises(InputError):
        parse("value = 0.1.2")


BORDER = """
[drivers.border]
kind = "regime"
initial = "open"
[drivers.border.states.open]
duration = 36
next = { closed = 1 }
[drivers.border.states.closed]
duration = 6
next = { open = 1 }
"""
STEPS = "first-steps"


def with_slip(desk: Path, before: str, after: str) -> list[tuple[int, str, str]]:
    """What is told of the small world with this change, where volatility is wrong too."""
    world = written(desk, STEPS)["scenarios/first-steps.toml"].replace("volatility = 0.33", "volatility = 33")
    assert before in world
    text = world.replace(before, after, 1) if before else f"{world}{after}"
    (desk / "scenarios/first-steps.toml").write_text(text, encoding="utf-8")
    found = [problem for problem in refused(STEPS).problems if problem.path != "drivers.oil.volatility"]
    assert len(found) < len(refused(STEPS).problems)
    return [(problem.place.line if problem.place else 0, problem.path, problem.hint) for problem in found]


@pytest.mark.parametrize(
    ("written_so", "meant"),
    [("wor ks", "wor_ks"), ("Work Pace ", "Work_Pace"), ("fördern", "fordern")],
)
def test_a_header_with_a_space_or_an_accent_hides_nothing(desk: Path, written_so: str, meant: str) -> None:
    world = written(desk, STEPS)["scenarios/first-steps.toml"].replace('= "works"', f'= "{meant}"')
    spoilt_so = world.replace("[paces.works]", f"[paces.{written_so}]").replace("never = 0.3", "never = 3")
    (desk / "scenarios/first-steps.toml").write_text(spoilt_so, encoding="utf-8")
    slip, other = refused(STEPS).problems
    assert slip.place is not None
    assert slip.place.line == 22
    assert slip.hint.endswith(meant if written_so.isalpha() else f"[paces.{meant}]")
    assert other.path == "agreements.corridor.milestones.trains.never"
    mended = world.replace("[paces.works]", f"[paces.{meant}]")
    (desk / "scenarios/first-steps.toml").write_text(mended, encoding="utf-8")
    load(f"configs/{STEPS}.toml")


@pytest.mark.parametrize(
    ("twice", "path"),
    [
        ("[paces.works]\neffects = []", "paces.works"),
        ('[drivers.oil]\nkind = "trend"\npoints = 3', "drivers.oil"),
        (BORDER, "drivers.border"),
        ("[factors]\nfear = {}\n[factors]\ndemand = {}", "factors"),
        ('[quantities]\n["quantities"]\nprice.expression = "oil"', "quantities"),
        ('[sources]\nC1 = "a"\n[sources]\nC1 = 3\nC2 = "b"\n[paces.more]\neffects = []\nsource = "C2"', "sources"),
        ('[drivers]\n[drivers]\n[drivers.gas]\nkind = "tide"\n[quantities.q]\nexpression = "gas"', "drivers"),
    ],
)
def test_a_table_that_is_there_twice_hides_nothing(desk: Path, twice: str, path: str) -> None:
    ((line, told, hint),) = with_slip(desk, "", f"\n{twice}\n")
    assert (told, hint) == (path, "keep one of the two")
    assert line > 38


def test_a_table_that_is_there_twice_may_be_another_that_lacks(desk: Path) -> None:
    gas = '\n[drivers.oil]\nkind = "geometric_brownian"\ninitial = 9\nvolatility = 0.5\n'
    gas += '[quantities.bill]\nexpression = "gas"\n'
    ((_, told, _),) = with_slip(desk, "", gas)
    assert told == "drivers.oil"


def test_a_table_that_is_there_thrice_keeps_its_name(desk: Path) -> None:
    world = written(desk, STEPS)["scenarios/first-steps.toml"]
    gas = '[drivers.gas]\nkind = "geometric_brownian"\ninitial = 3\nvolatility = 0.1\n'
    codes = ['[sources]\nC1 = "a"\n', '[sources]\nC2 = "b"\nC2 = "c"\n', "[sources]\n"]
    (desk / "scenarios/first-steps.toml").write_text("".join([world, *[gas] * 3, *codes]), encoding="utf-8")
    found = [(problem.path, problem.message.partition(":")[0]) for problem in refused(STEPS).problems]
    assert found == [
        *[("drivers.gas", "gas is set twice")] * 2,
        ("sources", "sources is set twice"),
        ("sources.C2", "C2 is set twice"),
        ("sources", "sources is set twice"),
    ]


def test_of_a_table_that_is_there_twice_at_the_top_the_first_is_judged(desk: Path) -> None:
    texts = written(desk, STEPS)
    config = texts["configs/first-steps.toml"] + '\n[rare]\nevnt = "oil > 200"\n\n[rare]\nevent = "oil > 300"\n'
    (desk / "configs/first-steps.toml").write_text(config, encoding="utf-8")
    assert [problem.path for problem in refused(STEPS).problems] == ["rare.evnt", "rare"]
    world = texts["scenarios/first-steps.toml"] + '\n[quantities]\na.expression = "oli"\n[quantities]\nb = 3\n'
    (desk / "configs/first-steps.toml").write_text(texts["configs/first-steps.toml"], encoding="utf-8")
    (desk / "scenarios/first-steps.toml").write_text(world, encoding="utf-8")
    assert [problem.path for problem in refused(STEPS).problems] == ["quantities.a.expression", "quantities"]


FIRST, SECOND = '[[agreements]]\nid                = "c', '[[agreements]]\nid                      = "f'
ITEM = '[agreements]\nid = "hall"\npace = "words"\nmilestones.a = { track = "material", duration = 1, weight = 1 }\n'


@pytest.mark.parametrize(
    ("single", "lines", "begins"),
    [
        ((FIRST, SECOND), [33], "each item of agreements begins with [[agreements]]"),
        ((FIRST,), [33], "did you mean [[agreements]] on line 26?"),
        ((SECOND,), [33], "one more item begins with [[agreements]]"),
        ((), [], ""),
    ],
)
def test_an_item_in_single_brackets_hides_nothing(
    desk: Path, single: tuple[str, ...], lines: list[int], begins: str
) -> None:
    world = written(desk, STEPS)["scenarios/first-steps.toml"].replace("never = 0.3", "never = 3")
    for header in single:
        world = world.replace(header, header.replace("[[agreements]]", "[agreements]"))
    (desk / "scenarios/first-steps.toml").write_text(f"{world}\n{ITEM}", encoding="utf-8")
    never, *others, pace = refused(STEPS).problems
    assert (never.path.rpartition(".")[2], pace.path) == ("never", "agreements.hall.pace")
    last = [] if len(single) == 2 else [(41, "one more item begins with [[agreements]]")]
    found = [(problem.place.line if problem.place else 0, problem.hint) for problem in others]
    assert found == [*((line, begins) for line in lines), *last]


@pytest.mark.parametrize(("single", "other"), [("[sources]", "[[sources]]"), ("[[sources]]", "[sources]")])
def test_what_is_no_list_has_no_items(single: str, other: str, desk: Path) -> None:
    world = written(desk, STEPS)["scenarios/first-steps.toml"]
    (desk / "scenarios/first-steps.toml").write_text(f'{world}\n{single}\nC1 = "a"\n{other}\nC1 = "b"\n')
    assert "keep one of the two" in [problem.hint for problem in refused(STEPS).problems]
    assert not [problem for problem in refused(STEPS).problems if "[[sources]]" in problem.hint]


def test_agreements_by_their_names_are_no_items(desk: Path) -> None:
    world = written(desk, STEPS)["scenarios/first-steps.toml"]
    for header, name in ((FIRST, "corridor"), (SECOND, "farm_trade")):
        world = world.replace(header, f"[agreements]\n[agreements.{name}]\n{header.partition(chr(10))[2]}")
    (desk / "scenarios/first-steps.toml").write_text(world, encoding="utf-8")
    assert [problem.path for problem in refused(STEPS).problems] == ["agreements"]


def test_a_variant_that_is_there_twice_hides_nothing(desk: Path) -> None:
    config = written(desk, STEPS)["configs/first-steps.toml"].replace("seed     = 1", "seed = -1")
    text = config.replace("[variants.open-border]", "[variants.cheap-oil]")
    (desk / "configs/first-steps.toml").write_text(text, encoding="utf-8")
    assert [problem.path for problem in refused(STEPS).problems] == ["seed", "variants.cheap-oil"]
