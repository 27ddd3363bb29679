"""The run's folder appears whole or not at all, and the same run gives the same bytes."""

from __future__ import annotations

import errno
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pactrisk import findings as f
from pactrisk import report
from pactrisk.errors import InputError, Place, RunError
from pactrisk.keeping import keeping
from pactrisk.report import folder as writing

INPUTS = {"configs/a.toml": b'title = "a"\r\n', "scenarios/b.toml": b"\xff\x00 exact"}
STORE = {"sums": np.arange(6.0).reshape(2, 3), "counts": np.array([1, 2], dtype=np.int64)}
RESULTS = {"b": [1.5, np.nan, np.inf], "a": {"when": np.datetime64("2026-02-27"), "n": np.int64(3), "x": 0.1 + 0.2}}
MANIFEST = {"seed": 7, "versions": {"pactrisk": "0"}}
Page = Callable[[str], f.Page]


@pytest.fixture
def page(examples: dict[str, Any]) -> Page:
    def make(sentence: str) -> f.Page:
        frame = pd.DataFrame({"who": ["a", "b"], "p": [0.1, 0.25], "l": [0.05, 0.2], "h": [0.15, np.nan]})
        table = f.Table(
            "who", "Who", frame, {"who": f.Column("Who"), "p": f.Column("Chance", "probability", "", "l", "h")}
        )
        return f.Page(
            "T", "S", "Q", sentence, (f.Finding("one", "One", "It is so.", (table,), (examples["columns"](),)),)
        )

    return make


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write(folder: Path, page: f.Page) -> Path:
    return report.write(folder, page, RESULTS, MANIFEST, INPUTS, STORE)


def test_the_folder_holds_what_it_should_and_nothing_else(tmp_path: Path, page: Page) -> None:
    made = write(tmp_path / "deep" / "run", page("first"))
    assert set(contents(made)) == {
        "index.html",
        "figures/how-many.svg",
        "figures/how-many.png",
        "tables/who.csv",
        "tables/who.parquet",
        "tables.xlsx",
        "results.json",
        "manifest.json",
        "store.npz",
        "inputs/configs/a.toml",
        "inputs/scenarios/b.toml",
    }
    assert names(made.parent) == ["run"]


def test_what_was_written_is_read_back(tmp_path: Path, page: Page) -> None:
    made = write(tmp_path / "run", page("first"))
    manifest, inputs, store = report.read(made)
    assert json.loads((made / "results.json").read_bytes()) == {
        "b": [1.5, None, None],
        "a": {"when": "2026-02-27", "n": 3, "x": 0.30000000000000004},
    }
    assert manifest == {**MANIFEST, "made_by": "pactrisk", "files": sorted(contents(made))}
    assert inputs == INPUTS
    assert set(store) == set(STORE)
    for name, array in STORE.items():
        assert store[name].dtype == array.dtype
        assert np.array_equal(store[name], array)


def test_results_are_stable_and_end_with_a_line_feed(tmp_path: Path, page: Page) -> None:
    text = (write(tmp_path / "run", page("first")) / "results.json").read_text("utf-8")
    assert text.endswith("}\n")
    assert list(json.loads(text)) == ["a", "b"]
    assert "NaN" not in text


def test_numbers_in_files_are_whole(tmp_path: Path, page: Page) -> None:
    made = write(tmp_path / "run", page("first"))
    frame = pd.read_csv(made / "tables/who.csv")
    assert frame["p"].tolist() == [0.1, 0.25]
    assert list(frame.columns) == ["who", "p", "l", "h"]
    assert pd.read_parquet(made / "tables/who.parquet")["l"].tolist() == [0.05, 0.2]


def test_the_same_run_gives_the_same_bytes(tmp_path: Path, page: Page) -> None:
    one, other = (contents(write(tmp_path / name, page("same"))) for name in ("one", "other"))
    assert one == other


def test_a_later_run_replaces_an_earlier_one_whole(tmp_path: Path, page: Page) -> None:
    write(tmp_path / "run", page("first"))
    manifest = tmp_path / "run" / "manifest.json"
    record = json.loads(manifest.read_bytes())
    (tmp_path / "run" / "tables" / "left-over.csv").write_text("old")
    manifest.write_text(json.dumps({**record, "files": [*record["files"], "tables/left-over.csv"]}))
    made = write(tmp_path / "run", page("second"))
    assert "second" in (made / "index.html").read_text("utf-8")
    assert "tables/left-over.csv" not in contents(made)
    assert names(tmp_path) == ["run"]


@pytest.mark.parametrize("linked", [True, False])
def test_what_somebody_put_beside_a_run_stays(
    tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch, linked: bool
) -> None:
    made = write(tmp_path / "run", page("first"))
    notes = {"notes.md": b"mine", "annex/deep/memo.docx": b"\x00", "tables/mine.csv": b"a", "inputs/read.me": b"b"}
    for name, content in notes.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(content)
    (made / "annex" / "nowhere").symlink_to("gone")
    if not linked:
        monkeypatch.setattr(os, "link", lambda *_, **__: (_ for _ in ()).throw(OSError("no links here")))
    for sentence in ("second", "third"):
        write(tmp_path / "run", page(sentence))
        assert sentence in (made / "index.html").read_text("utf-8")
        found = contents(made)
        assert {name: found.get(name) for name in notes} == notes
        assert (made / "annex" / "nowhere").readlink() == Path("gone")
    assert names(tmp_path) == ["run"]


def test_of_a_folder_that_does_not_list_its_files_what_lies_among_them_is_taken_for_its_own(
    tmp_path: Path, page: Page
) -> None:
    made = write(tmp_path / "run", page("first"))
    (made / "manifest.json").write_text('{"made_by": "pactrisk"}')
    for name in ("notes.md", "tables/old.csv"):
        (made / name).write_text("x")
    write(made, page("second"))
    assert "notes.md" in contents(made)
    assert "tables/old.csv" not in contents(made)


def test_a_file_of_somebody_elses_is_not_written_over(tmp_path: Path, page: Page) -> None:
    made = write(tmp_path / "run", page("first"))
    record = json.loads((made / "manifest.json").read_bytes())
    (made / "manifest.json").write_text(json.dumps({**record, "files": ["manifest.json"]}))
    before = contents(made)
    with pytest.raises(InputError, match="was written by no run, and this one writes there"):
        write(made, page("second"))
    assert contents(made) == before
    assert names(tmp_path) == ["run"]


@pytest.mark.parametrize("place", ["tables", "results.json/note.txt"])
def test_what_stands_where_a_run_has_a_folder_or_a_file_is_left_alone(tmp_path: Path, page: Page, place: str) -> None:
    made = write(tmp_path / "run", page("first"))
    first = made / place.partition("/")[0]
    first.rename(tmp_path / "away")
    (made / place).parent.mkdir(exist_ok=True)
    (made / place).write_text("mine")
    before = contents(made)
    with pytest.raises(InputError, match="was written by no run, and this one writes there") as error:
        write(made, page("second"))
    assert error.value.problems[0].place.file == str(made / place)
    assert contents(made) == before
    assert names(tmp_path) == ["away", "run"]


def test_what_somebody_saves_while_a_run_is_written_stays(
    tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = write(tmp_path / "run", page("first"))
    (made / "note.txt").write_text("begun")
    take = writing.take_along

    def taken(there: Path, here: Path) -> None:
        take(there, here)
        monkeypatch.setattr(writing, "take_along", take)
        # as editors do: beside it, and then in its place
        (made / "note.txt~").write_text("gone on with")
        (made / "note.txt~").replace(made / "note.txt")
        (made / "new.txt").write_text("new")

    monkeypatch.setattr(writing, "take_along", taken)
    write(made, page("second"))
    assert (made / "note.txt").read_text() == "gone on with"
    assert (made / "new.txt").read_text() == "new"
    assert names(tmp_path) == ["run"]


@pytest.mark.parametrize("nth", [1, 4, 11, 15])
def test_a_disk_that_fails_midway_leaves_the_old_folder(
    tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    before = contents(write(tmp_path / "run", page("first")))
    calls = 0

    def full(_: int) -> None:
        nonlocal calls
        calls += 1
        if calls >= nth:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match="No space left"):
        write(tmp_path / "run", page("second"))
    assert calls == nth
    assert contents(tmp_path / "run") == before
    assert names(tmp_path) == ["run"]


def test_a_rename_that_fails_puts_the_old_folder_back(
    tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(write(tmp_path / "run", page("first")))
    rename = Path.rename

    def stubborn(self: Path, target: Path) -> Path:
        if self.suffix == ".part":
            raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    with pytest.raises(RunError, match="Permission denied"):
        write(tmp_path / "run", page("second"))
    assert contents(tmp_path / "run") == before
    assert names(tmp_path) == ["run"]


@pytest.mark.parametrize("suffix", ["", ".part"])
def test_who_is_stopped_right_after_a_rename_has_a_whole_folder_and_nothing_beside_it(
    suffix: str, tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal that comes while the system renames is told when it has."""
    before = contents(write(tmp_path / "run", page("first")))
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        done = rename(self, target)
        if self.suffix == suffix:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "run", page("second"))
    assert names(tmp_path) == ["run"]
    assert (contents(tmp_path / "run") == before) == (suffix == "")
    assert contents(tmp_path / "run").keys() == before.keys()


def test_a_report_that_is_half_removed_never_comes_back(
    tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "run", page("first"))

    def stopped(folder: Path, **_: bool) -> None:
        (folder / "manifest.json").unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writing.shutil, "rmtree", stopped)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "run", page("second"))
    (tmp_path / "run").rename(tmp_path / "elsewhere")
    with keeping(tmp_path / "run", "it", 1):
        assert names(tmp_path) == [".run.blocks", "elsewhere"]


@pytest.mark.skipif(os.name == "nt", reason="folders of Windows may always be written")
@pytest.mark.parametrize("closed", ["", "tables"])
def test_a_report_that_may_only_be_read_is_not_replaced(closed: str, tmp_path: Path, page: Page) -> None:
    before = contents(write(tmp_path / "run", page("first")))
    place = tmp_path / "run" / closed
    place.chmod(0o555)
    with pytest.raises(InputError, match="may only be read") as caught:
        write(tmp_path / "run", page("second"))
    assert caught.value.problems[0].place == Place(str(place))
    assert contents(tmp_path / "run") == before
    assert names(tmp_path) == ["run"]
    place.chmod(0o755)
    write(tmp_path / "run", page("second"))


def test_what_cannot_be_stored_or_drawn_writes_nothing(tmp_path: Path, page: Page) -> None:
    with pytest.raises(TypeError, match="object"):
        report.write(tmp_path / "run", page("x"), {"a": object()}, MANIFEST, INPUTS, STORE)
    with pytest.raises(ValueError, match="pickle"):
        report.write(tmp_path / "run", page("x"), RESULTS, MANIFEST, INPUTS, {"a": np.array([object()])})
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path, page: Page) -> None:
    foreign = tmp_path / "thesis"
    foreign.mkdir()
    (foreign / "chapter.txt").write_text("years of work")
    for manifest in (None, "{}", "[]", "not json", "[" * 100_000, '{"made_by": "other"}'):
        if manifest is not None:
            (foreign / "manifest.json").write_text(manifest)
        before = contents(foreign)
        with pytest.raises(InputError) as caught:
            write(foreign, page("x"))
        assert str(foreign) in str(caught.value)
        assert contents(foreign) == before
        with pytest.raises(InputError):
            report.read(foreign)


def test_the_folder_that_one_is_in_is_not_replaced(tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder, said in ((Path(), "is"), (Path(".."), "holds"), (Path("/"), "holds")):
        with pytest.raises(InputError, match=f"{said} the folder that you are in"):
            report.write(folder, page("One."), RESULTS, MANIFEST, INPUTS, STORE)


@pytest.mark.skipif(os.name == "nt", reason="Windows counts the whole path")
def test_a_name_that_no_folder_can_have_is_told_with_what_helps(tmp_path: Path, page: Page) -> None:
    # the last has room for the name, and none for what is made beside it
    for name in ("x" * 300, "x" * 250):
        with pytest.raises(RunError, match=r"cannot write .*x: .*; give a shorter --out$"):
            report.write(tmp_path / name, page("One."), RESULTS, MANIFEST, INPUTS, STORE)
    with pytest.raises(RunError, match=r"; give a shorter --out$"), keeping(tmp_path / ("x" * 250), "it", 1):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_too_large_is_told_with_what_helps(
    tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_: int) -> None:
        raise OSError(errno.EFBIG, "File too large")

    monkeypatch.setattr(os, "fsync", refuses)
    with pytest.raises(RunError, match="File too large; ulimit -f says how large"):
        report.write(tmp_path / "it", page("One."), RESULTS, MANIFEST, INPUTS, STORE)


def test_a_link_that_leads_to_itself_is_refused(tmp_path: Path, page: Page) -> None:
    (tmp_path / "loop").symlink_to("loop")
    for folder in (tmp_path / "loop", tmp_path / "loop" / "it"):
        with pytest.raises(InputError, match="leads to itself"):
            report.write(folder, page("One."), RESULTS, MANIFEST, INPUTS, STORE)


def test_a_file_in_the_way_is_left_alone_and_an_empty_folder_is_filled(tmp_path: Path, page: Page) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match=r"needs a folder\n  name a folder$"):
        report.check_target(tmp_path / "file")
    (tmp_path / "empty").mkdir()
    assert (write(tmp_path / "empty", page("x")) / "index.html").is_file()


def test_where_a_disk_is_mounted_a_folder_inside_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.path.ismount", lambda path: path == tmp_path)
    with pytest.raises(InputError, match="cannot be replaced as a whole") as refused:
        report.check_target(tmp_path)
    (problem,) = refused.value.problems
    assert problem.hint == f"name a folder inside it, such as {tmp_path / 'report'}"
    assert report.check_target(tmp_path / "report") == tmp_path / "report"


def test_a_store_that_is_damaged_is_said_to_be_damaged_and_one_that_is_gone_to_be_gone(
    tmp_path: Path, page: Page
) -> None:
    made = write(tmp_path / "run", page("x"))
    store = made / "store.npz"
    whole = store.read_bytes()
    spoilt = whole.replace(whole[60:70], bytes(10))
    lone = io.BytesIO()
    np.save(lone, np.ones(3))
    for content in (b"", whole[: len(whole) // 2], spoilt, lone.getvalue()):
        store.write_bytes(content)
        with pytest.raises(InputError, match="is damaged: the sums in it cannot be read") as refused:
            report.read(made)
        (problem,) = refused.value.problems
        assert (str(problem.place), problem.hint) == (str(store), report.recipe(made))
    store.unlink()
    with pytest.raises(InputError, match="is not there: the report is drawn from it"):
        report.read(made)


def test_what_is_drawn_from_the_sums_need_not_be_there(tmp_path: Path, page: Page) -> None:
    made = write(tmp_path / "run", page("x"))
    (made / "results.json").unlink()
    assert report.read(made)[1] == INPUTS


def test_who_names_no_report_is_told_which_one_is_near(tmp_path: Path, page: Page) -> None:
    def hint(refused: Callable[[Path], object], path: Path) -> tuple[str, str]:
        with pytest.raises(InputError) as caught:
            refused(path)
        (problem,) = caught.value.problems
        return problem.message, problem.hint

    reports = tmp_path / "reports"
    write(reports / "s1", page("x"))
    mean = f"did you mean {reports / 's1'}?"
    assert hint(report.read, reports)[1] == mean
    in_it = "is a file; a report is a folder", "is a file; a report needs a folder"
    for refused, message in zip((report.read, report.check_target), in_it, strict=True):
        assert hint(refused, reports / "s1" / "index.html") == (message, mean)
    for number in range(2, 9):
        write(reports / f"s{number}", page("x"))
    listed = ", ".join(str(reports / f"s{number}") for number in range(1, 7))
    assert hint(report.read, reports)[1] == f"reports in it: {listed} and 2 more"
    assert hint(report.read, tmp_path)[1] == ""
    assert hint(report.read, reports / "none")[0] == "there is no such folder"
