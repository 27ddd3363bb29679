"""``pactrisk verify``: identical, near enough elsewhere, or not the same; and which number."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from narrower import narrower, wide
from pactrisk.analyses import registry
from pactrisk.config import load
from pactrisk.ensemble import Alone
from pactrisk.errors import InputError
from pactrisk.keeping import keeping
from pactrisk.report.archive import from_npz, to_json, to_npz
from pactrisk.runs import finish, redraw, run, unfinished
from pactrisk.verifying import compare, verify
from pactrisk.verifying.contents import Measure, contents_apart

CONFIG = Path(__file__).parent.parent / "configs" / "first-steps.toml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sets = ["drivers.oil.volatility=0.5"]
    return run(CONFIG, sets, trials=6000, workers=1).save(tmp_path_factory.mktemp("v") / "run")


@pytest.fixture(scope="module")
def _brief(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = run(CONFIG, 'analyses=["headline"]', trials=2000, workers=1)
    return made.save(tmp_path_factory.mktemp("b") / "run")


@pytest.fixture
def brief(_brief: Path, tmp_path: Path) -> Path:
    """A folder of one chapter, to be spoilt."""
    return Path(shutil.copytree(_brief, tmp_path / "brief"))


def thinned(content: bytes) -> bytes:
    """A table with a row less."""
    out = io.BytesIO()
    pd.read_parquet(io.BytesIO(content)).iloc[1:].to_parquet(out, index=False)
    return out.getvalue()


def said(word: str, value: object) -> Callable[[bytes], bytes]:
    """What makes a record say something else of a word, or nothing."""

    def spoil(content: bytes) -> bytes:
        record = json.loads(content) | {word: value}
        return to_json({key: value for key, value in record.items() if value is not None})

    return spoil


def test_a_folder_that_is_what_it_says(folder: Path) -> None:
    found = verify(folder, 2)
    assert found.holds
    assert "identical" in found.told[0]
    told = subprocess.run([sys.executable, "-m", "pactrisk", "verify", str(folder)], capture_output=True, text=True)
    assert (told.returncode, told.stdout[:9]) == (0, "identical")


def spoilt(folder: Path, tmp_path: Path, name: str, old: str, new: str) -> Path:
    """The folder with one word of a file changed."""
    made = tmp_path / "spoilt"
    shutil.copytree(folder, made)
    text = (made / name).read_text("utf-8")
    assert old in text
    (made / name).write_text(text.replace(old, new, 1), "utf-8")
    return made


def test_results_and_tables_must_say_what_the_sums_give(folder: Path, tmp_path: Path) -> None:
    made = spoilt(folder, tmp_path, "tables/agreements.csv", "0.", "1.")
    results = json.loads((made / "results.json").read_text("utf-8"))
    row = results["findings"]["headline"]["tables"]["agreements"][0]
    chance, row["substantive_cooperation"] = row["substantive_cooperation"], 1.93
    (made / "results.json").write_text(json.dumps(results), "utf-8")
    found = verify(made, 1)
    assert not found.holds
    assert found.told[0] == "NOT the same"
    assert found.told[1] == (
        f"results.json: findings.headline.tables.agreements.0.substantive_cooperation is 1.93, by the sums {chance}"
    )
    assert "tables/agreements.csv: is not what the sums give" in found.told


SPOILT: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "a number of the page": (
        "index.html",
        lambda content: content.replace(b"2 agreements", b"3 agreements", 1),
        "index.html: is not what the sums and manifest.json give",
    ),
    "a table for programs": ("tables/agreements.parquet", thinned, "is not what the sums give"),
    "a table for people": ("tables.xlsx", lambda content: content + b"x", "tables.xlsx: is not what the sums give"),
    "a picture": (
        "figures/classes.png",
        lambda content: content[:-9],
        "figures/classes.png: is not what the sums give",
    ),
    "a drawing": ("figures/classes.svg", lambda content: content + b"\n", "figures/classes.svg: is not what"),
    "the sums' file": ("store.npz", lambda content: content + b"\0", "store.npz: is not what the sums give"),
    "the seed": ("manifest.json", said("seed", 8), "manifest.json: seed is 8, by the inputs 1"),
    "the worlds": (
        "manifest.json",
        said("trials_per_world", 10),
        "manifest.json: trials_per_world is 10, by the inputs 5",
    ),
    "a word": ("manifest.json", said("sampler", None), "manifest.json: sampler is not there"),
    "another word": ("manifest.json", said("blessed", True), "manifest.json: blessed is nothing that the inputs give"),
    "the day": ("manifest.json", said("finished", "yesterday"), "index.html: is not what the sums and manifest.json"),
    "the results' texts": (
        "results.json",
        lambda content: content.replace(b'"title": "', b'"title": "The ', 1),
        '.title is "The ',
    ),
    "more results": (
        "results.json",
        lambda content: content.replace(b"{", b'{"partial": true,', 1),
        "results.json: partial is nothing that the sums give",
    ),
    "no results": ("results.json", lambda content: content[:9], "results.json: is damaged"),
}
"""What is done to which file of a folder, and what is to be told of it."""


@pytest.mark.parametrize("what", SPOILT)
def test_every_file_must_be_what_the_run_gives(brief: Path, what: str) -> None:
    name, spoil, told = SPOILT[what]
    content = (brief / name).read_bytes()
    changed = spoil(content)
    assert changed != content
    (brief / name).write_bytes(changed)
    found = verify(brief, 1)
    assert (found.holds, found.told[0]) == (False, "NOT the same")
    # nothing else is told, but what makes it good where that does
    assert len(found.told) == 2 + (not told.startswith("manifest.json"))
    assert told in found.told[1]


@pytest.mark.parametrize("name", ["results.json", "tables/agreements.csv", "figures/classes.png", "index.html"])
def test_a_file_that_is_gone_is_no_number_that_differs_and_is_drawn_again(brief: Path, name: str) -> None:
    many = len([path for path in brief.rglob("*") if path.is_file() and "inputs" not in path.parts])
    (brief / name).unlink()
    found = verify(brief, 1)
    assert found.holds
    assert found.told[0].startswith("identical: ")
    cure = f"pactrisk report {brief} draws its files again"
    assert found.told[1:] == (f"identical: {many - 1} files, to the last byte", f"not there: {name}", cure)
    redraw(brief)
    assert verify(brief, 1).told[1:] == (f"identical: {many} files, to the last byte",)


def test_a_copy_that_leaves_drawings_out_is_still_held_to_what_is_there(brief: Path) -> None:
    gone = sorted(brief.rglob("*.png"))
    for drawing in gone:
        drawing.unlink()
    named = ", ".join(path.relative_to(brief).as_posix() for path in gone[:6])
    told = f"not there: {named} and {len(gone) - 6} more" if len(gone) > 6 else f"not there: {named}"
    found = verify(brief, 1)
    assert (found.holds, found.told[2]) == (True, told)
    (brief / "tables/agreements.csv").write_text("")
    cure = f"pactrisk report {brief} draws its files again"
    assert verify(brief, 1).told == (
        "NOT the same", "tables/agreements.csv: is not what the sums give", told, cure
    )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes among the files of Windows")
@pytest.mark.parametrize("name", ["results.json", "tables/agreements.csv", "figures/classes.png", "index.html"])
@pytest.mark.parametrize("odd", [lambda path: os.mkfifo(path), lambda path: path.symlink_to("nowhere")])
def test_what_is_no_plain_file_is_told_and_drawn_again(odd: Callable[[Path], None], name: str, brief: Path) -> None:
    (brief / name).unlink()
    odd(brief / name)
    cure = f"pactrisk report {brief} draws its files again"
    assert verify(brief, 1).told == ("NOT the same", f"{name}: is no plain file", cure)
    redraw(brief)
    assert verify(brief, 1).holds


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes among the files of Windows")
def test_a_pipe_in_place_of_what_a_report_is_drawn_from_holds_nobody_up(brief: Path) -> None:
    os.mkfifo(brief / "inputs" / "pipe")
    assert verify(brief, 1).told[2:] == ("inputs/pipe: is no file of this run",)
    for name, told in (("store.npz", "is no plain file"), ("manifest.json", "is not a report of Pactrisk")):
        (brief / name).unlink()
        os.mkfifo(brief / name)
        with pytest.raises(InputError, match=told):
            verify(brief, 1)


@pytest.mark.parametrize(("there", "way"), [("figures", "figures"), ("index.html", "index.html/mine")])
def test_what_stands_in_the_way_of_a_drawing_is_named_by_what_mends_it(there: str, way: str, brief: Path) -> None:
    shutil.rmtree(brief / there) if (brief / there).is_dir() else (brief / there).unlink()
    (brief / way).parent.mkdir(exist_ok=True)
    (brief / way).write_text("mine")
    cure = f"move {brief / way} away, then pactrisk report {brief} draws its files again"
    assert verify(brief, 1).told[-1] == cure
    with pytest.raises(InputError, match="was written by no run"):
        redraw(brief)
    (brief / way).rename(brief.parent / "mine")
    redraw(brief)
    assert verify(brief, 1).holds


def test_a_file_that_no_run_writes_is_told(brief: Path) -> None:
    for name in ("tables/extra.csv", "inputs/scenarios/other.toml", "note.txt", ".DS_Store"):
        (brief / name).write_text("a,b\n1,2\n")
    found = verify(brief, 1)
    assert found.holds
    assert [line.partition(":")[0] for line in found.told[:2]] == ["identical", "identical"]
    assert found.told[2:] == (
        "note.txt: is no file of this run",
        "tables/extra.csv: is no file of this run",
        "inputs/scenarios/other.toml: is no file of this run",
    )
    told = subprocess.run([sys.executable, "-m", "pactrisk", "verify", str(brief)], capture_output=True, text=True)
    assert (told.returncode, told.stdout.splitlines()[2]) == (0, "note.txt: is no file of this run")


def test_notes_beside_a_run_outlast_a_drawing_and_are_no_reason_for_one(brief: Path) -> None:
    for name in ("notes.md", "inputs/read.me"):
        (brief / name).write_text("mine")
    told = ("notes.md: is no file of this run", "inputs/read.me: is no file of this run")
    assert verify(brief, 1).told[2:] == told
    redraw(brief)
    assert verify(brief, 1).told[2:] == told
    (brief / "results.json").unlink()
    cure = f"pactrisk report {brief} draws its files again"
    assert verify(brief, 1).told[2:] == ("not there: results.json", *told, cure)


def test_how_many_trials_a_part_was_of_must_be_what_the_inputs_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pactrisk.keeping._EVERY", 0)
    loaded = load(CONFIG, ['analyses=["headline"]', "trials=6000"])
    with keeping(tmp_path / "run", "it", 3) as kept:
        finish(loaded, kept=kept)
        kept.done = 2
        part = replace(loaded, question=loaded.question.model_copy(update={"trials": 4000}))
        kept.sums = finish(part).result.sums
        made = unfinished(loaded, kept).save(tmp_path / "run")
        kept.forget()
    assert verify(made, 1).holds
    record = made / "manifest.json"
    record.write_text(
        record.read_text("utf-8").replace('"trials_asked_for": 6000', '"trials_asked_for": 8000'), "utf-8"
    )
    assert verify(made, 1).told[1] == "manifest.json: partial.trials_asked_for is 8000, by the inputs 6000"


def test_a_record_that_lacks_what_is_read_of_it_is_damaged(brief: Path) -> None:
    record = brief / "manifest.json"
    record.write_bytes(said("worlds", "many")(said("edits", None)(record.read_bytes())))
    for again in (verify, redraw):
        with pytest.raises(InputError, match="is damaged: it does not say edits, worlds") as refused:
            again(brief)
        (problem,) = refused.value.problems
        assert str(problem.place) == str(record)


def without(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    held = {word: analysis for word, analysis in registry().items() if word != name}
    monkeypatch.setattr("pactrisk.analyses.registry", lambda: held)


@pytest.mark.parametrize("executor", ["alone", "threads"])
def test_whoever_made_the_blocks_as_many_processes_as_asked_for_make_them_again(
    executor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def begun(workers: int, *_: Any) -> Alone:
        asked.append(workers)
        return Alone()

    # what an option says of it is no part of a run's recipe; what a config says is
    for name in ("scenarios", "configs"):
        shutil.copytree(CONFIG.parent.parent / name, tmp_path / name)
    config = tmp_path / "configs" / CONFIG.name
    config.write_text(f'executor = "{executor}"\n{config.read_text()}')
    made = run(config, 'analyses=["headline"]', trials=2000).save(tmp_path / "run")
    monkeypatch.setattr("pactrisk.workers.Processes", begun)
    assert verify(made, 2).holds
    assert asked == [2]


@pytest.mark.parametrize("name", ["density", "register"])
def test_an_analysis_added_since_is_nothing_that_a_folder_lacks(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        without(name, before)
        made = run(CONFIG, trials=2000, workers=1).save(tmp_path / "run")
        count = len([path for path in made.rglob("*") if path.is_file() and path.parent.parent.name != "inputs"])
    found = verify(made, 1)
    assert found.holds, found.told
    # the register keeps no sums
    assert ("only here: density" in found.told) == (name == "density")
    assert f"identical: {count} files, to the last byte" in found.told


def test_what_was_drawn_by_an_analysis_that_is_gone_is_not_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run(CONFIG, trials=2000, workers=1).save(tmp_path / "run")
    without("density", monkeypatch)
    found = verify(made, 1)
    assert found.holds, found.told
    assert found.told[1] == "only in the folder: density"
    assert found.told[-2:] == ("not compared: index.html, tables.xlsx", "made with the analysis density, here none")


def test_a_folder_of_another_version_is_held_to_its_numbers_alone(folder: Path, tmp_path: Path) -> None:
    made = spoilt(folder, tmp_path, "manifest.json", '"pandas": "', '"pandas": "0')
    table = made / "tables" / "agreements.csv"
    table.write_bytes(table.read_bytes().replace(b"\n", b"\r\n"))
    (made / "index.html").write_text("in other words\n")
    results = json.loads((made / "results.json").read_text("utf-8"))
    results["findings"]["headline"]["sentence"] = "In other words."
    row = results["findings"]["headline"]["tables"]["agreements"][0]
    # libraries have changed the ninth digit of a quantile
    row["substantive_cooperation"] *= 1 + 1e-8
    (made / "results.json").write_text(json.dumps(results), "utf-8")
    found = verify(made, 1)
    assert found.holds
    assert found.told[2:4] == (
        "the same in what they say: results.json, tables/agreements.csv",
        "not compared: index.html",
    )
    assert found.told[4].startswith("made with pandas 0")
    row["substantive_cooperation"] *= 1 + 1e-5
    (made / "results.json").write_text(json.dumps(results), "utf-8")
    assert not verify(made, 1).holds


@pytest.mark.parametrize(("moved", "apart"), [(1e-7, False), (1e-6, True)])
def test_an_end_of_an_interval_is_no_surer_than_the_whole_of_it(moved: float, apart: bool) -> None:
    # an end may be next to nothing, being the difference of larger numbers
    row = {"gain": 0.1, "gain_low": 1e-5, "gain_high": 0.3, "trials": 10_000, "other": 1e6}
    there = {**row, "gain_low": row["gain_low"] + moved}
    table = (json.dumps({"rows": [one]}).encode() for one in (there, row))
    found = contents_apart("results.json", *table, "the sums", Measure(1e-6))
    assert found == ([f"rows.0.gain_low is {there['gain_low']}, by the sums 1e-05"] if apart else [])


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_near_none(written: str) -> None:
    row = b'{"value": 0.5, "value_low": 0.1}'
    found = contents_apart("results.json", row.replace(b"0.5", written.encode()), row, "the sums", Measure(1e-6))
    assert found == ["value is null, by the sums 0.5"]


def test_a_table_may_have_another_column_where_another_version_wrote_it() -> None:
    there, ours = b"value,gone\n0.5,1\n", b"value,new\n0.5,2\n"
    assert contents_apart("a.csv", there, ours, "the sums", Measure(1e-6, False, False)) == []
    assert len(contents_apart("a.csv", there, ours, "the sums", Measure(1e-6, False))) == 4
    more = b"value,new,newer\n0.5,2,3\n"
    assert contents_apart("a.csv", ours, more, "the sums", Measure(1e-6, False, False)) == []


@pytest.mark.parametrize("odd", [b"bytes", Decimal("0.5"), pd.Timedelta(1, "s")])
def test_a_table_of_what_none_of_ours_holds_is_damaged(odd: object) -> None:
    there, ours = io.BytesIO(), io.BytesIO()
    pd.DataFrame({"value": [odd]}).to_parquet(there)
    pd.DataFrame({"value": [0.5]}).to_parquet(ours)
    assert contents_apart("a.parquet", there.getvalue(), ours.getvalue(), "the sums", Measure()) == ["is damaged"]


def test_a_table_that_cannot_be_read_is_damaged_and_refused_by_nobody() -> None:
    made = io.BytesIO()
    pd.DataFrame({"value": [0.5]}).to_parquet(made)
    for end in range(1, len(made.getvalue()), 7):
        spoilt = made.getvalue()[:end] + bytes([255]) * 7 + made.getvalue()[end + 7 :]
        found = contents_apart("a.parquet", spoilt, made.getvalue(), "the sums", Measure())
        assert found in (["is damaged"], []) or found[0].startswith(("columns", "rows"))


def test_a_record_that_does_not_say_what_drew_the_folder_is_no_other_for_it(brief: Path) -> None:
    record = brief / "manifest.json"
    record.write_bytes(said("drawn_with", None)(record.read_bytes()))
    assert verify(brief, 1).holds
    (brief / "index.html").write_text("in other words\n")
    assert any(line.startswith("made with pyarrow unknown, here") for line in verify(brief, 1).told)


def test_numbers_of_tables_and_the_record_are_held_to_whatever_drew_them(brief: Path) -> None:
    record, table = brief / "manifest.json", brief / "tables" / "agreements.parquet"
    record.write_bytes(record.read_bytes().replace(b'"pillow": "', b'"pillow": "0'))
    (brief / "figures/classes.png").write_bytes(b"drawn otherwise")
    other = io.BytesIO()
    pd.read_parquet(table).to_parquet(other, compression="gzip", index=False)
    table.write_bytes(other.getvalue())
    found = verify(brief, 1)
    assert found.holds, found.told
    assert found.told[2:4] == (
        "the same in what they say: tables/agreements.parquet",
        "not compared: figures/classes.png",
    )
    table.write_bytes(thinned(table.read_bytes()))
    record.write_bytes(said("seed", 8)(record.read_bytes()))
    (brief / "tables/classes.csv").write_text("")
    assert verify(brief, 1).told == (
        "NOT the same",
        "manifest.json: seed is 8, by the inputs 1",
        "tables/agreements.parquet: is not what the sums give",
        "tables/classes.csv: is no file of this run",
    )


def test_an_input_that_was_changed_since_is_told_and_draws_no_report(folder: Path, tmp_path: Path) -> None:
    made = spoilt(folder, tmp_path, "inputs/scenarios/first-steps.toml", "\n", "\n# a remark\n")
    assert verify(made, 1).told[-1] == "inputs/scenarios/first-steps.toml: was changed since the run"
    with pytest.raises(InputError, match="was changed since the run") as refused:
        redraw(made)
    (problem,) = refused.value.problems
    assert str(problem.place) == str(made / "inputs/scenarios/first-steps.toml")


def test_what_is_gone_from_a_folder_is_told_by_its_name(folder: Path, tmp_path: Path) -> None:
    made = spoilt(folder, tmp_path, "manifest.json", "{", "{")
    (made / "inputs" / "configs" / "first-steps.toml").unlink()
    for again in (verify, redraw):
        with pytest.raises(InputError, match="is not there: the run was made from it") as refused:
            again(made)
        (problem,) = refused.value.problems
        assert str(problem.place) == str(made / "inputs/configs/first-steps.toml")
    (made / "store.npz").unlink()
    for again in (verify, redraw):
        with pytest.raises(InputError, match="is not there: the report is drawn from it"):
            again(made)


def test_what_no_longer_loads_is_told_of_the_copy_in_the_folder(brief: Path) -> None:
    scenario = brief / "inputs/scenarios/first-steps.toml"
    scenario.write_text(scenario.read_text("utf-8").replace('"mean_reverting"', '"gone"'), "utf-8")
    with pytest.raises(InputError, match="must be one of") as refused:
        verify(brief)
    (problem,) = refused.value.problems
    assert problem.place is not None
    assert problem.place.file == str(scenario)
    with pytest.raises(InputError, match="was changed since the run"):
        redraw(brief)
    # nor need it have been changed: a kind may be gone
    record = brief / "manifest.json"
    digest = hashlib.sha256(scenario.read_bytes()).hexdigest()
    record.write_text(
        re.sub(r'(scenarios/first-steps.toml": ")\w+', rf"\g<1>{digest}", record.read_text("utf-8")), "utf-8"
    )
    with pytest.raises(InputError, match="must be one of") as refused:
        redraw(brief)
    assert str(scenario) in str(refused.value)


def test_a_store_without_the_sums_of_a_run_is_damaged(brief: Path) -> None:
    (brief / "store.npz").write_bytes(to_npz({"n": np.array([3])}))
    with pytest.raises(InputError, match="is damaged: it does not hold the sums of a run"):
        redraw(brief)


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_a_store_that_holds_what_is_not_finite_is_damaged(folder: Path, tmp_path: Path, value: float) -> None:
    """No run keeps such a sum, and a difference from one is no number that could be told."""
    copy = Path(shutil.copytree(folder, tmp_path / "run"))
    store = from_npz((copy / "store.npz").read_bytes())
    spoilt = {name: np.full_like(x, value) if x.dtype.kind == "f" else x for name, x in store.items()}
    (copy / "store.npz").write_bytes(to_npz(spoilt))
    for read in (redraw, verify):
        with pytest.raises(InputError, match="is damaged: it does not hold the sums of a run"):
            read(copy)


def test_sums_that_were_changed_are_not_drawn(brief: Path) -> None:
    store = dict(from_npz((brief / "store.npz").read_bytes()))
    store["mean/total"] = store["mean/total"][:3]
    (brief / "store.npz").write_bytes(to_npz(store))
    with pytest.raises(InputError, match="was changed since the run"):
        redraw(brief)
    assert not verify(brief).holds


def test_results_that_are_nothing_that_can_be_read_are_told(brief: Path) -> None:
    (brief / "results.json").write_text("[" * 100_000, "utf-8")
    assert "results.json: is damaged" in verify(brief).told


def test_a_number_that_was_changed_is_named(folder: Path) -> None:
    store = from_npz((folder / "store.npz").read_bytes())
    spoilt = dict(store)
    spoilt["classes/total"] = store["classes/total"].copy()
    spoilt["classes/total"].flat[5] += 1
    found = compare(spoilt, store)
    assert not found.holds
    assert found.told[0] == "NOT the same"
    assert found.told[1].startswith("classes/total: differs by up to")


def test_last_digits_of_another_place_are_allowed_and_said() -> None:
    here = {"a": np.array([1.0, 2.0]), "n": np.array([3])}
    there = {"a": here["a"] * (1 + 1e-13), "n": np.array([3])}
    assert not compare(here, there).holds
    found = compare(here, there, ("numpy 2.0, here 2.1",))
    assert found.holds
    assert found.told[-1] == "made with numpy 2.0, here 2.1"
    assert not compare(here, {**there, "n": np.array([4])}, ("numpy 2.0, here 2.1",)).holds
    part = {"a/x": here["a"], "a/y": here["n"]}
    assert not compare(part, {"a/x": here["a"]}, ("numpy 2.0, here 2.1",)).holds


@wide
def test_a_folder_of_another_kind_of_processor_is_the_same_within_last_digits(tmp_path: Path) -> None:
    made = run(CONFIG, trials=2000, workers=1).save(tmp_path / "run")
    command = [sys.executable, "-m", "pactrisk", "verify", str(made)]
    told = subprocess.run(command, capture_output=True, text=True, env=narrower())
    here = json.loads((made / "manifest.json").read_bytes())["rounding"]
    assert told.returncode == 0, told.stdout
    assert told.stdout.startswith("the same within 1e-09, which another processor or version may move\n")
    assert re.search(rf"^made with rounding {here}, here (?!{here})[0-9a-f]{{8}}$", told.stdout, re.MULTILINE)


def test_an_analysis_added_or_left_out_since_is_no_difference() -> None:
    here = {"classes/total": np.array([1]), "every/total": np.array([2])}
    found = compare(here, {"classes/total": np.array([1]), "other/total": np.array([3])})
    assert found.holds
    assert found.told[1:] == ("only in the folder: every", "only here: other")
    assert not compare(here, {"classes/total": np.array([2])}).holds


def test_order_moves_no_byte() -> None:
    here = {"a": np.array([1.0]), "n": np.array([3])}
    assert to_npz(here) == to_npz(dict(reversed(here.items())))
