"""A config finds its scenario, or is told what to write so that it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from pactrisk.config import load
from pactrisk.errors import InputError, Problem


def asks(desk: Path, scenario: str, file: str = "configs/small.toml") -> None:
    (desk / file).write_text(f'scenario = "{scenario}"\nhorizon = 24\ntrials = 2000\n', encoding="utf-8")


def only(file: str) -> Problem:
    with pytest.raises(InputError) as caught:
        load(file)
    (problem,) = caught.value.problems
    assert (problem.path, problem.place) == ("scenario", (Path(file).as_posix(), 1, 1))
    return problem


def test_a_config_and_its_scenario_may_have_one_name(desk: Path) -> None:
    asks(desk, "small.toml")
    assert load("configs/small.toml").plan.scenario.ids
    # a scenario beside the config comes first
    (desk / "scenarios/small.toml").rename(desk / "configs/beside.toml")
    asks(desk, "beside.toml")
    assert load("configs/small.toml").plan.scenario.ids


def test_a_path_that_leads_nowhere_is_told_the_name_among_scenarios(desk: Path) -> None:
    asks(desk, "scenarios/small.toml")
    told = only("configs/small.toml")
    assert (told.message, told.hint) == ("there is no scenario 'scenarios/small.toml'", "did you mean small?")
    asks(desk, "small")
    load("configs/small.toml")


def test_a_config_is_no_scenario_of_another(desk: Path) -> None:
    asks(desk, "quite.toml", "configs/quite.toml")
    told = only("configs/quite.toml")
    assert (told.message, told.hint) == (
        "configs/quite.toml is a config, not a scenario",
        "in scenarios there are small",
    )


def test_a_scenario_beside_the_config_is_told_with_its_ending(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk / "scenarios/small.toml").rename(desk / "configs/world.toml")
    monkeypatch.chdir(desk / "configs")
    asks(desk, "world", "configs/ask.toml")
    assert only("ask.toml").hint == "did you mean world.toml?"
    asks(desk, "zzzzz", "configs/ask.toml")
    assert only("ask.toml").hint == "in . there are world.toml"
    asks(desk, "world.toml", "configs/ask.toml")
    load("ask.toml")
