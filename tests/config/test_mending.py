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
from pactrisk.config.mending import Unread, read_mended
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
                if slip == lines[number]:
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
    assert depth == {"p10": Unread("0.1.2"), "p90": Unread("[\n  0,5,\n  0.7 0.8,\n]"), "late": 3}
    assert [slip.path for slip in document.slips] == ["agreements.rail.depth.p10", "agreements.rail.depth.p90"]
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
        ("Dear all,\nplease find below\nthe assumptions\nof the ministry\nfor next year.\nYours\n", 1),
        ("x = 1.2.3\n" * 500, 12),
        ("".join(f"y{n} = 1\n" for n in range(20_000)) + "x = 1.2.3\nz = 1.2.3\n", 1),
    ],
)
def test_what_is_no_toml_at_all_or_large_is_not_told_line_by_line(text: str, told: int) -> None:
    tables, _, found = read_mended(text, mend=True)
    assert tables is None
    assert len(found) == told


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
