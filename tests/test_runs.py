"""What tells the blocks of one run from those of another."""

from __future__ import annotations

import contextlib
import json
import re
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest

from pactrisk import kernels, runs
from pactrisk.cli import _main as cli
from pactrisk.cli import report
from pactrisk.config import load, load_scenario
from pactrisk.errors import InputError
from pactrisk.keeping import keeping
from pactrisk.kernels import compilation
from pactrisk.manifest import missed_precision, unsaid
from pactrisk.readiness import FURTHER

CONFIG = Path(__file__).parent.parent / "configs" / "first-steps.toml"


def identity(*sets: str) -> str:
    return runs.identity(load(CONFIG, sets))


@pytest.mark.parametrize(
    "sets",
    [["seed=5"], ["sampler=plain"], ["precision=0.01"], ["rare=number >= 2"], ["drivers.oil.volatility=0.4"]],
)
def test_what_moves_a_number_or_stops_a_run_makes_it_another(sets: Sequence[str]) -> None:
    assert identity(*sets) != identity()


@pytest.mark.parametrize("sets", [["trials=4000"], ["workers=3"], ["executor=threads"], ["batch=2"]])
def test_who_makes_blocks_and_how_many_do_not(sets: Sequence[str]) -> None:
    assert identity(*sets) == identity()


def test_a_line_of_the_package_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """An analysis or a driver kind of one's own is the package's too: old blocks know nothing of it."""
    before = identity()
    monkeypatch.setattr(runs, "mark", lambda: "another source")
    assert identity() != before


def test_what_is_given_wrong_from_python_is_told_by_its_name() -> None:
    with pytest.raises(InputError) as wrong:
        runs.run(CONFIG, ["precision.half_width=0.1"], trials=0, precision=5)
    assert [str(problem).splitlines()[0] for problem in wrong.value.problems] == [
        "--set  precision.half_width",
        "precision=",
        "trials=",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"workers": -1}, "workers=   must be at least 0, not -1"),
        ({"workers": 4, "executor": "alone"}, "workers=   the executor alone is one process"),
        ({"batch": 4, "executor": "alone"}, "batch=   the executor alone has no workers to give blocks to"),
        ({"scheduler": "tcp://10.0.0.5:8786"}, "scheduler=   only the executor dask has a scheduler"),
        (
            {"workers": 4, "executor": "dask", "scheduler": "tcp://10.0.0.5:8786"},
            "workers=   the executor dask has the workers of its scheduler",
        ),
    ],
)
def test_what_is_given_in_vain_is_refused_by_its_name(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as wrong:
        runs.run(CONFIG, **given)
    assert [" ".join(str(problem).split("\n")[:2]) for problem in wrong.value.problems] == [said]


@pytest.mark.parametrize(
    ("written", "given", "hint"),
    [
        ("--{}", {"scheduler": "tcp://10.0.0.5:8786"}, "give --executor dask"),
        ("{}=", {"scheduler": "tcp://10.0.0.5:8786"}, 'give executor="dask"'),
        ("--{}", {"executor": "dask"}, "give --scheduler tcp://10.0.0.5:8786; dask scheduler prints its address"),
        ("{}=", {"executor": "dask"}, 'give scheduler="tcp://10.0.0.5:8786"; dask scheduler prints its address'),
        ("{}=", {"trials": 1e4}, "give trials=10000"),
    ],
)
def test_what_mends_an_option_is_told_as_it_is_given(written: str, given: dict[str, Any], hint: str) -> None:
    with pytest.raises(InputError) as wrong:
        load(CONFIG, options=runs.options(written, **given))
    assert [problem.hint for problem in wrong.value.problems] == [hint]


@pytest.mark.parametrize(("trials", "said"), [(1e4, "10000.0"), (1e4 + 0.5, "10000.5"), (1e20, "1e+20")])
def test_a_number_with_a_decimal_point_is_told_from_the_whole_one(trials: float, said: str) -> None:
    for edits, options in (([f"trials={trials}"], []), ([], runs.options("{}=", trials=trials))):
        with pytest.raises(InputError, match=f"must be a whole number, not {re.escape(said)}\n"):
            load(CONFIG, edits, options=options)


@pytest.mark.parametrize("edits", [[45], 45, [None, "seed=3"], b"x"])
def test_an_edit_that_is_no_text_is_refused_as_one(edits: Any) -> None:
    with pytest.raises(InputError) as wrong:
        load(CONFIG, edits)
    (problem,) = wrong.value.problems
    assert (problem.message, problem.hint) == ("is not key=value", "for example drivers.brent.level=45")
    with pytest.raises(InputError, match="is not key=value"):
        load_scenario(CONFIG.parent.parent / "scenarios/first-steps.toml", edits)


def test_what_a_config_says_in_vain_is_a_remark() -> None:
    loaded = load(CONFIG, ["workers=4"], options=runs.options("--{}", executor="alone"))
    assert [remark.message for remark in loaded.remarks] == ["the executor alone is one process"]


def test_workers_that_are_given_take_the_place_of_the_configs() -> None:
    assert load(CONFIG, options=runs.options("{}=", workers=0)).question.workers == 0
    with pytest.raises(InputError, match=r"is given by workers= too"):
        runs.run(CONFIG, "workers=3", workers=0)


def test_an_edit_may_be_given_as_a_text() -> None:
    assert load(CONFIG, "seed=3").edits == load(CONFIG, ["seed=3"]).edits == ("seed=3",)
    scenario, _ = load_scenario(CONFIG.parent.parent / "scenarios/first-steps.toml", "drivers.oil.half_life=3")
    assert scenario.drivers["oil"].half_life == 3


def test_what_is_given_beside_edits_is_kept_as_one() -> None:
    given = runs.options("--{}", trials=3000, seed=None, executor="alone")
    assert load(CONFIG, ["seed=5"], options=given).edits == ("seed=5", "trials=3000", 'executor="alone"')


def uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """One loop of every block as a first run finds it; nothing of it is kept."""
    whole = compilation.inner(kernels.tallies.whole.loop.py_func)  # type: ignore[attr-defined]
    monkeypatch.setattr(kernels.tallies, "whole", whole)


def test_what_is_compiled_on_the_way_is_told_once_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, told = load(CONFIG, ["trials=4000"], options=runs.options("--{}", executor="alone")), list[str]()
    plain = runs.finish(loaded)
    uncompiled(monkeypatch)
    with keeping(tmp_path / "run", runs.identity(loaded), 2) as kept:
        kept.note = told.append
        made = runs.finish(loaded, kept=kept)
    assert told == [FURTHER]
    engine, compiling = (made.record[word] for word in ("engine_seconds", "compiling_seconds"))
    assert 0 < compiling < engine
    said = f"{engine:.1f} s, of which {compiling:.1f} s went into compiling it"
    assert made.page().made["Engine time"] == said
    assert "compiling_seconds" not in plain.record
    assert plain.page().made["Engine time"] == f"{plain.record['engine_seconds']:.1f} s"
    assert unsaid(made.record) == []


def test_no_rate_is_told_of_a_run_that_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["run", str(CONFIG), "--trials", "4000", "--executor", "alone", "--out", str(tmp_path / "run")]
    asked += ["--set", 'analyses=["headline"]']
    assert cli(asked) == 0
    assert " a second)" in capsys.readouterr().out
    uncompiled(monkeypatch)
    assert cli(asked) == 0
    printed = capsys.readouterr()
    assert re.search(r"4,000 trials in [\d.]+ s, of which [\d.]+ s went into compiling the engine\n", printed.out)
    assert f"note: {FURTHER}\n" in printed.err


def test_who_misses_a_precision_is_told_how_many_trials_it_takes() -> None:
    record = {"trials": 4000, "precision": {"half_width": 0.001, "reached": {"number": 0.0009, "rail": 0.00946}}}
    assert missed_precision(record) == "rail 0.00946; about 430,000 --trials would do"
    record["trials"] = 4100
    assert missed_precision(record) == "rail 0.00946; about 450,000 --trials would do"
    assert missed_precision({"trials": 4000}) == ""
    record["precision"]["half_width"] = 0.00002
    assert missed_precision(record) == "number 0.0009, rail 0.00946; about 1,000,000,000 --trials would do"
    endless = {"trials": 200, "precision": {"half_width": 0.1, "reached": {"oil": None}}}
    assert missed_precision(endless) == "oil inf; no run has as many trials as it would take"
    for tiny in (1e-200, 5e-324):
        far = {"trials": 4000, "precision": {"half_width": tiny, "reached": {"oil": 0.01}}}
        assert missed_precision(far) == "oil 0.01; no run has as many trials as it would take"
    assert missed_precision({"trials": 4000, "precision": {"half_width": 0.1, "reached": {"rail": 0.05}}}) == ""


@pytest.mark.parametrize(
    ("half_width", "trials", "said"),
    [
        (0.2, 100_000, ", and the run stopped there, after 10,000 of at most 100,000 trials: corridor 0."),
        (0.2, 4000, ", and reached after 4,000 trials, where the run ended: corridor 0."),
        (0.001, 4000, "; the run ended after its 4,000 trials without reaching that: corridor 0."),
    ],
)
def test_the_page_says_what_became_of_a_precision(half_width: float, trials: int, said: str, tmp_path: Path) -> None:
    asked = ['analyses=["method"]', f'precision={{half_width={half_width}, of=["corridor"]}}']
    run = runs.run(CONFIG, asked, trials=trials, workers=1)
    told = run.page().made["Precision"]
    assert told.startswith(f"Intervals of a half width of at most {half_width} were asked for{said}")
    assert told.endswith(" --trials would do." if half_width < 0.1 else ".")
    # the same from its folder, and from one that does not say how many trials were asked for
    again, _ = runs.stored(run.save(tmp_path / "run"))
    assert again.page().made["Precision"] == told
    del again.record["precision"]["trials_asked_for"]
    assert unsaid(again.record) == []
    assert "Precision" in again.page().made


def test_a_run_of_one_replicate_that_misses_its_precision_can_be_drawn_again(tmp_path: Path) -> None:
    """Of what has no bounds one replicate says nothing: its width has no end, and is written as nothing."""
    asked = ['analyses=["quantities"]', 'precision={half_width=0.01, of=["number", "income"]}']
    asked += ['quantities={income={expression="oil * 2", title="Income"}}']
    folder = runs.run(CONFIG, asked, trials=200, workers=1).save(tmp_path / "run")
    reached = json.loads((folder / "manifest.json").read_text("utf-8"))["precision"]["reached"]
    assert reached == {"number": 1.0, "income": None}
    assert runs.redraw(folder) == folder


@pytest.fixture
def taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a run: another that holds it when one asks for it puts its report there before one has it."""
    folder, few = tmp_path / "run", ['analyses=["headline"]', "trials=2000"]
    runs.run(CONFIG, [*few, "seed=5"], executor="alone").save(folder)
    later = runs.run(CONFIG, [*few, "seed=6"], executor="alone")
    alone = runs.alone

    @contextlib.contextmanager
    def after_another(target: Path) -> Iterator[Path]:
        later.save(target)
        with alone(target) as beside:
            yield beside

    monkeypatch.setattr(runs, "alone", after_another)
    return folder


def test_a_report_is_never_drawn_again_over_one_that_a_run_has_just_put_there(taken_over: Path) -> None:
    runs.redraw(taken_over)
    assert json.loads((taken_over / "manifest.json").read_bytes())["seed"] == 6


def test_the_report_of_a_run_that_ended_meanwhile_is_not_told_to_be_the_one_drawn_again(
    taken_over: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is stopped before anything is drawn has drawn none, though another folder stands there than before."""

    def stopped(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt(signal.SIGINT)

    monkeypatch.setattr(runs, "stored", stopped)
    assert report.command.callback is not None
    with pytest.raises(KeyboardInterrupt):
        report.command.callback(taken_over, None)
    assert json.loads((taken_over / "manifest.json").read_bytes())["seed"] == 6
