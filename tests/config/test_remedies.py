"""Mistakes that a person makes, each with the line, the key and the word that was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from first_steps import refused, taken
from pactrisk.config import load, load_scenario, looks_like_scenario
from pactrisk.errors import InputError

ROOT = Path(__file__).parent.parent.parent
WORLD = (ROOT / "scenarios/first-steps.toml").read_text(encoding="utf-8")
CONFIG = (ROOT / "configs/first-steps.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "instead", "path", "message", "hint"),
    [
        ("elasticity = 0.5", "elasticity = 0,5", "paces.works.effects", "comma within a number", "with a point"),
        ('= "open"', '= "opn"', "drivers.border.initial", "no state 'opn'", "did you mean open?"),
        (
            "{ closed = 1 }",
            "{ close = 1 }",
            "drivers.border.states.open.next.close",
            "no state 'close'",
            "did you mean closed?",
        ),
        ("exponential", "expnential", "drivers.border.states.open.duration.distribution", "must be one of", "exponen"),
        ("{ closed = 1 }", "{ closed = 0.7 }", "drivers.border.states.open.next", "must sum to 1", "change one"),
        ("[[agreements]]", "[[agreementz]]", "agreementz", "is not a key here", "did you mean [[agreements]]?"),
        ("{ p10 = 0.6, p90 = 0.9 }", "90", "agreements.farm_trade.depth", "at most 1, not 90", "90% is 0.9"),
        ("states.open ", "state.open ", "drivers.border.state", "is not a key here", "did you mean states?"),
        ("= 2026-03-01", "= 9999-12-31", "signed", "must be a day from 1900 to 2200", "2026-02-27"),
        ("= 2026-03-01", '= "2026-03-01"', "signed", "must be a date", "without quotes"),
    ],
)
def test_in_a_scenario(written: str, instead: str, path: str, message: str, hint: str, tmp_path: Path) -> None:
    assert written in WORLD
    text = WORLD.replace(written, instead, 1)
    file = tmp_path / "world.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(file)
    (problem,) = (p for p in caught.value.problems if message in p.message)
    assert problem.path == path
    assert hint in problem.hint
    assert problem.place is not None
    assert instead in text.splitlines()[problem.place.line - 1]


@pytest.mark.parametrize(
    ("written", "instead", "path", "message"),
    [
        ("trials   = 20_000", "trials = 20000.5", "trials", "not 20000.5"),
        ("trials   = 20_000", "trials = 2_0_00.5.1", "trials", "'2_0_00.5.1' is not a number"),
        ("seed     = 1", "trials_per_world = 7", "trials_per_world", "must divide 200"),
        ("drivers.oil.level", "drivers.oil.lvel", "variants.cheap-oil.set.drivers.oil.lvel", "is not a key here"),
        ('"border.closed"', '"border.closed +* 3"', "conditions.border-closed.when", "from '* 3' on"),
        ('"border.closed"', '"oil < foo(3)"', "conditions.border-closed.when", "foo() is not known"),
    ],
)
def test_in_a_config(written: str, instead: str, path: str, message: str, tmp_path: Path) -> None:
    assert written in CONFIG
    for folder, name, text in (
        ("scenarios", "first-steps.toml", WORLD),
        ("configs", "asked.toml", CONFIG.replace(written, instead, 1)),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(tmp_path / "configs" / "asked.toml")
    (problem,) = caught.value.problems
    assert problem.path == path
    assert message in problem.message
    assert problem.place is not None
    assert instead in CONFIG.replace(written, instead, 1).splitlines()[problem.place.line - 1]


@pytest.mark.parametrize(
    ("word", "written", "hint"),
    [
        ("headline", '"2029-03-01"', "without quotes: 2029-03-01"),
        ("horizon", '"2030-03-01"', "without quotes: 2030-03-01"),
        ("horizon", '" 60 "', "without quotes: 60"),
        ("horizon", '"2030"', "horizon: how far to simulate"),
        ("horizon", '"2030-02-31"', "horizon: how far to simulate"),
    ],
)
def test_a_span_in_quotes(word: str, written: str, hint: str, tmp_path: Path) -> None:
    before = {"headline": 'headline = "36 months"', "horizon": 'horizon  = "48 months"'}[word]
    (problem,) = refused(tmp_path, config=[(before, f"{word} = {written}")]).problems
    assert problem.path == word
    assert problem.hint.startswith(hint)
    if hint.startswith("without"):
        taken(tmp_path, config=[(before, f"{word} = {hint.removeprefix('without quotes: ')}")])


def test_a_half_width_of_a_chance_is_a_share() -> None:
    file = ROOT / "configs/first-steps.toml"
    with pytest.raises(InputError, match=r"interval of a chance is below 0\.5, not 5") as caught:
        load(file, ["precision=5"])
    assert "5 points are 0.05" in caught.value.problems[0].hint
    # of a number, in its unit, it may be any
    load(file, ['precision={half_width=5, of=["number"]}'])


def test_a_variant_with_a_wrong_edit_is_not_called_idle() -> None:
    with pytest.raises(InputError) as caught:
        load(ROOT / "configs/first-steps.toml", ['variants.cheap-oil.set={"drivers.oil.lvel"=45}'])
    assert [problem.path for problem in caught.value.problems] == ["variants.cheap-oil.set.drivers.oil.lvel"]
    assert not caught.value.remarks


def test_a_key_of_the_other_file_is_sent_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(ROOT / "configs/first-steps.toml", ['variants.cheap-oil.set={"seed"=3}'])
    (problem,) = caught.value.problems
    assert (problem.path, problem.hint) == ("variants.cheap-oil.set.seed", "seed belongs to the config")
    file = tmp_path / "world.toml"
    file.write_text(f"seed = 3\n{WORLD}", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(file)
    (problem,) = caught.value.problems
    assert (problem.path, problem.hint) == ("seed", "seed belongs to the config")


def test_of_two_agreements_of_one_name_the_first_is_meant(tmp_path: Path) -> None:
    file = tmp_path / "world.toml"
    file.write_text(f'{WORLD}\n[[agreements]]\nid = "corridor"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(file)
    assert [problem.message for problem in caught.value.problems] == [
        "an agreement needs at least one milestone",
        "two agreements are called 'corridor'",
    ]


def test_what_the_second_of_one_name_was_to_be_called_is_no_key_that_leads_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "world.toml"
    second = 'milestones.open = { track = "material", duration = 3, weight = 1 }'
    file.write_text(f'{WORLD}\n[[agreements]]\nid = "corridor"\n{second}\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(file, ["agreements.hydrogen.depth=0.3"])
    assert [problem.message for problem in caught.value.problems] == ["two agreements are called 'corridor'"]


@pytest.mark.parametrize("name", ["small", "small.toml", "configs/small.toml"])
def test_a_file_goes_by_its_bare_name(name: str, desk: Path) -> None:
    (desk / "configs/small.toml").write_text('scenario = "small"\nhorizon = 24\nheadline = 12\n', encoding="utf-8")
    assert load(name).name == "small"


def test_a_bare_name_that_is_none_is_told_what_there_is_in_its_folder(desk: Path) -> None:
    (desk / "configs/small.toml").write_text("", encoding="utf-8")
    for name in ("smal", "smal.toml"):
        with pytest.raises(InputError, match="did you mean configs/small"):
            load(name)
        with pytest.raises(InputError, match="did you mean configs/small"):
            looks_like_scenario(name)
    with pytest.raises(InputError, match="did you mean scenarios/small"):
        load_scenario("smal.toml")
    with pytest.raises(InputError, match="is a folder"):
        load("configs")
