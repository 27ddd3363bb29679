"""From files to a checked study."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from pactrisk.config import load, load_scenario, looks_like_scenario
from pactrisk.config.documents import read
from pactrisk.errors import InputError
from small_world import data


def config(desk: Path, text: str) -> Path:
    path = desk / "configs/ask.toml"
    path.write_text(f'scenario = "small"\nhorizon = 24\ntrials = 2000\n{text}', encoding="utf-8")
    return path


def level(loaded: Any, variant: str) -> Any:
    return loaded.study.plan.variants[variant].drivers["oil"].level


@pytest.mark.parametrize(
    "edit",
    ['set = { "drivers.oil.level" = 45 }', "set = { drivers.oil.level = 45 }", "set.drivers.oil.level = 45"],
)
def test_an_edit_may_be_written_with_or_without_quotes(desk: Path, edit: str) -> None:
    loaded = load(config(desk, f"[variants.cheap]\n{edit}\n"))
    assert level(loaded, "cheap") == 45.0
    assert loaded.study.plan.variants["cheap"].drivers.keys() == loaded.study.plan.scenario.drivers.keys()


def test_an_edit_may_be_a_spread(desk: Path) -> None:
    loaded = load(config(desk, "[variants.wide]\nset = { drivers.oil.level = { p10 = 30, p90 = 90 } }\n"))
    assert dict(level(loaded, "wide").parameters) == {"p10": 30.0, "p90": 90.0}


def test_a_variant_may_be_without_events(desk: Path) -> None:
    loaded = load(config(desk, '[variants.quiet]\nset = { "drivers.summits.rate" = 0 }\n'))
    assert loaded.plan.variants["quiet"].drivers["summits"].rate == 0
    assert not [remark for remark in loaded.remarks if "summits" in remark.path]
    (remark,) = [r for r in load(config(desk, ""), ["drivers.summits.rate=0"]).remarks if "summits" in r.path]
    assert remark.message == "a rate of 0: no event of summits ever happens"
    with pytest.raises(InputError, match="nothing ever happens") as caught:
        load(config(desk, ""), ["drivers.summits={ kind = 'events' }"])
    assert not [remark for remark in caught.value.remarks if "summits" in remark.path]


def test_edits_of_the_command_line_reach_the_config_the_scenario_and_every_variant(desk: Path) -> None:
    path = config(desk, '[variants.dear]\nset = { "drivers.oil.level" = 120 }\n')
    loaded = load(path, ["seed=5", "drivers.oil.half_life=3"])
    plan = loaded.study.plan
    assert plan.question.seed == 5
    assert plan.scenario.drivers["oil"].half_life == 3.0
    assert plan.variants["dear"].drivers["oil"].half_life == 3.0
    assert level(loaded, "dear") == 120.0


def test_a_scenario_that_extends_lists_only_what_differs(desk: Path) -> None:
    child = 'extends = "small"\nremove = ["drivers.gold"]\n[drivers.oil]\nvolatility = 0.5\n'
    child += '[[agreements]]\nid = "rail"\npresence = 0.4\n[quantities.carried]\nexpression = "grain.flow"\n'
    (desk / "scenarios/other.toml").write_text(child, encoding="utf-8")
    scenario, _ = load_scenario("scenarios/other.toml")
    assert scenario.drivers["oil"].volatility == 0.5
    assert scenario.drivers["oil"].half_life == 12.0
    assert "gold" not in scenario.drivers
    assert scenario.agreement("rail").presence == 0.4
    assert scenario.agreement("grain").presence == 1.0


def test_a_problem_inherited_from_a_baseline_or_template_is_placed_where_it_was_written(desk: Path) -> None:
    tables = data()
    tables["templates"]["memorandum"]["milestones"]["plan"]["never"] = 1.5
    path = desk / "scenarios/small.toml"
    path.write_text(tomli_w.dumps(tables), encoding="utf-8")
    (desk / "scenarios/other.toml").write_text('extends = "small"\ntitle = "other"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario("scenarios/other.toml")
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if text == "never = 1.5")
    assert {(p.place.file, p.place.line) for p in caught.value.problems if p.place} == {("scenarios/small.toml", line)}


def test_a_baseline_may_not_extend_another(desk: Path) -> None:
    (desk / "scenarios/child.toml").write_text('extends = "small"\n', encoding="utf-8")
    (desk / "scenarios/grandchild.toml").write_text('extends = "child"\n', encoding="utf-8")
    with pytest.raises(InputError, match="itself extends"):
        load_scenario("scenarios/grandchild.toml")


def test_wrong_types_and_wrong_logic_are_told_together(desk: Path) -> None:
    tables = data()
    tables["drivers"]["oil"]["half_life"] = "long"
    tables["agreements"][0]["pace"] = "work"
    tables["paces"]["transport"]["effects"][0]["state"] = "shutt"
    (desk / "scenarios/small.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(config(desk, "sed = 3\n"))
    told = {(p.path, p.hint) for p in caught.value.problems}
    assert {path for path, _ in told} == {
        "drivers.oil.half_life", "agreements.grain.pace", "paces.transport.effects.route/shutt.state", "sed",
    }  # fmt: skip
    assert {hint for _, hint in told} >= {"did you mean works?", "did you mean shut?", "did you mean seed?"}


def history(desk: Path, rows: list[str], column: str = "price") -> Path:
    (desk / "scenarios/past.csv").write_text("month,price\n" + "\n".join(rows) + "\n", encoding="utf-8")
    tables = data()
    tables["drivers"]["gold"] = {"kind": "bootstrap", "initial": 9, "file": "past.csv", "column": column}
    (desk / "scenarios/small.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    return config(desk, "")


def test_past_prices_are_read_beside_the_scenario_and_kept_with_the_inputs(desk: Path) -> None:
    loaded = load(history(desk, [f"{n},{100 + n % 7}" for n in range(40)]))
    assert len(loaded.study.plan.scenario.drivers["gold"].returns) == 39
    assert "scenarios/past.csv" in loaded.inputs


@pytest.mark.parametrize(
    ("rows", "column", "said"),
    [
        ([f"{n},{100 - 10 * n}" for n in range(20)], "price", "line 12 of the file holds no price above 0"),
        (["1,2"], "price", "too few"),
        ([f"{n},5" for n in range(20)], "prise", "there is no column 'prise'"),
    ],
)
def test_past_prices_that_cannot_be_used_are_refused(desk: Path, rows: list[str], column: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        load(history(desk, rows, column))
    (problem,) = caught.value.problems
    assert said in problem.message
    assert problem.place is not None
    assert problem.place.file == "scenarios/small.toml"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        *(
            (file, "must be the name of a CSV file beside the scenario")
            for file in ("/dev/zero", "../past.csv", "a\0b", "")
        ),
        *((file, "is not an ordinary file") for file in ("folder", "pipe")),
        *(("past.cvs", "there is no file"), ("x" * 400, "cannot be read"), ("big.csv", "is larger than 16 MiB")),
    ],
)
def test_a_file_of_past_prices_that_is_none_is_refused(desk: Path, file: str, said: str) -> None:
    path = history(desk, [f"{n},5" for n in range(20)])
    (desk / "scenarios/folder").mkdir()
    os.mkfifo(desk / "scenarios/pipe")
    with (desk / "scenarios/big.csv").open("wb") as big:
        big.truncate(2**24 + 1)
    scenario = desk / "scenarios/small.toml"
    tables = tomllib.loads(scenario.read_text(encoding="utf-8"))
    tables["drivers"]["gold"]["file"] = file
    scenario.write_text(tomli_w.dumps(tables), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(path)
    (problem,) = caught.value.problems
    assert said in problem.message
    assert problem.path == "drivers.gold.file"
    assert len(problem.message) < 400


def test_names_in_the_words_of_a_fault_are_inert(desk: Path) -> None:
    tables = data()
    tables["drivers"]["war"]["states"]["\u200fx"] = {}
    tables["paces"]["works"]["effects"][0]["state"] = "zzzz"
    (desk / "scenarios/small.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(config(desk, 'precision = { half_width = 0.1, of = ["' + "w" * 70_000 + '"] }\n'))
    for problem in caught.value.problems:
        assert (problem.message + problem.hint).isprintable(), problem
        assert len(problem.message) < 400


def test_a_scenario_and_a_config_are_told_apart(desk: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_scenario(config(desk, ""))
    (problem,) = caught.value.problems
    assert problem.message == "this is a config, not a scenario"
    assert problem.hint == f"give its scenario: {desk / 'scenarios/small.toml'}"
    assert looks_like_scenario("scenarios/small.toml")
    assert not looks_like_scenario(config(desk, ""))
    with pytest.raises(InputError, match="this is a scenario, not a config"):
        load("scenarios/small.toml")


@pytest.mark.parametrize("spelling", ["ask.toml", "./ask.toml", "../configs/ask.toml", "../ask.toml", "absolute"])
def test_a_config_finds_its_scenario_however_its_path_is_spelled(
    desk: Path, spelling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config(desk, "")
    place = desk / "configs" / ("deeper" if spelling == "../ask.toml" else "")
    place.mkdir(exist_ok=True)
    monkeypatch.chdir(place)
    assert load(path if spelling == "absolute" else spelling).plan.scenario.ids


def test_an_unknown_analysis_is_named(desk: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(config(desk, 'analyses = ["headline", "portfollio"]\n'))
    (problem,) = caught.value.problems
    assert problem.path == "analyses.1"
    assert problem.hint == "did you mean portfolio?"


def test_a_plain_number_with_papers_is_not_told_to_be_a_spread(desk: Path) -> None:
    tables = data()
    tables["agreements"][1]["milestones"]["opening"]["weight"] = {"value": 0.5, "source": "a survey"}
    (desk / "scenarios/small.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(config(desk, ""))
    (problem,) = caught.value.problems
    assert problem.message == "must be a plain number; it has no papers of its own"


@pytest.mark.parametrize("more", [{"distribution": "fixed"}, {"p10": 0.1}])
def test_a_value_beside_what_makes_a_spread_is_not_told_of_papers_that_it_lacks(
    desk: Path, more: dict[str, object]
) -> None:
    tables = data()
    tables["agreements"][1]["milestones"]["opening"]["weight"] = {"value": 0.5, **more}
    (desk / "scenarios/small.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(config(desk, ""))
    (problem,) = caught.value.problems
    assert problem.message == "must be a plain number; it cannot be a spread"


def test_a_spread_where_a_plain_number_is_meant_is_refused(desk: Path) -> None:
    tables = data()
    tables["agreements"][1]["milestones"]["opening"]["weight"] = {"p10": 0.1, "p90": 0.9}
    tables["paces"]["works"]["effects"][1]["lag"] = {"p10": 1, "p90": 9}
    (desk / "scenarios/small.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(config(desk, ""))
    assert {p.message for p in caught.value.problems} == {"must be a plain number; it cannot be a spread"}
    assert len(caught.value.problems) == 2


def test_a_strict_check_wants_the_source_of_a_variants_own_numbers(desk: Path) -> None:
    shock = '{ driver = "oil", date = 2027-01-01, size = -0.2 }'
    told = '[variants.told]\nsource = "Judgement"\nset = { "drivers.oil.level" = 45 }\n'
    named = '[variants.named]\nset = { title = "Another name" }\n'
    path = config(desk, f"{told}{named}[variants.untold]\nset = {{ shocks = [{shock}] }}\n")
    assert set(load(path).study.plan.variants) == {"told", "named", "untold"}
    with pytest.raises(InputError) as caught:
        load(path, strict=True)
    found = [(p.path, p.place.line) for p in caught.value.problems if p.message.startswith("the numbers of its edits")]
    assert [path for path, _ in found] == ["variants.untold"]
    assert path.read_text(encoding="utf-8").splitlines()[found[0][1] - 1] == "[variants.untold]"


def test_what_is_wrong_in_the_only_agreement_hides_nothing_elsewhere(desk: Path) -> None:
    tables = data()
    tables["agreements"] = tables["agreements"][:1]
    tables["agreements"][0]["depth"] = 1.5
    tables["quantities"] = {"odd": {"expression": "oill * 2"}}
    (desk / "scenarios/small.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(config(desk, ""))
    said = " ".join(str(problem) for problem in caught.value.problems)
    assert "agreements.grain.depth" in said
    assert "oill" in said
    assert "stands_in" not in said


def test_a_file_that_is_refused_is_read_once_however_many_ask_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (
        ("configs/c.toml", 'scenario = "bad"\n[variants]\na = { scenario = "bad" }\nb = { scenario = "bad" }\n'),
        ("scenarios/bad.toml", "drivers = [\n"),
    ):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    asked: list[str] = []
    monkeypatch.setattr("pactrisk.config.sources.read", lambda path: asked.append(path.name) or read(path))
    with pytest.raises(InputError) as refused:
        load(tmp_path / "configs" / "c.toml")
    assert asked == ["c.toml", "bad.toml"]
    assert {Path(problem.place.file).name for problem in refused.value.problems if problem.place} == {"bad.toml"}


def test_a_table_that_a_config_leaves_out_begins_with_what_is_set() -> None:
    config = Path(__file__).parents[2] / "configs/first-steps.toml"
    question = load(config, ["rule.window=12", "rule.pending=3", "cuts.strict.substantive=0.8"]).question
    assert (question.rule.window, question.rule.pending, question.rule.partial) == (12, 3, 0.33)
    assert list(question.cuts) == ["strict"]
    with pytest.raises(InputError, match=r"rule.windw\n  is not a key here\n  did you mean window"):
        load(config, ["rule.windw=12"])


def test_what_a_baseline_lacks_is_told_once_and_there(desk: Path) -> None:
    tables = data()
    del tables["signed"]
    (desk / "scenarios/small.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    (desk / "scenarios/other.toml").write_text('extends = "small"\ntitle = "other"\n', encoding="utf-8")
    for path in (config(desk, '[variants.other]\nscenario = "other"\n'), desk / "configs/own.toml"):
        (desk / "configs/own.toml").write_text('scenario = "other"\n', encoding="utf-8")
        with pytest.raises(InputError) as caught:
            load(path)
        assert [(p.path, p.message, str(p.place)) for p in caught.value.problems] == [
            ("signed", "is required", "scenarios/small.toml:1"),
        ]


def test_what_is_removed_from_a_baseline_is_missing_where_it_is_removed(desk: Path) -> None:
    (desk / "scenarios/other.toml").write_text('extends = "small"\nremove = ["signed"]\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"^scenarios/other\.toml:2  signed\n  is removed, and required"):
        load_scenario("scenarios/other.toml")
