"""Where a run may end up: full disks, closed doors, other countries, nobody watching. Old reports live; bytes stay."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import pactrisk
from end_to_end.desk import QUESTION, contents, lay_out, tagged, typed
from pactrisk.cli import main

SHORT = {"scenario": "small", "horizon": 12, "trials": 2000, "analyses": ["headline"]}
"""A year and one chapter are drawn sooner than all."""
SAME = ("results.json", "store.npz", "tables.xlsx", "tables/", "figures/", "inputs/")
"""What of a folder is the same whenever and wherever the run was made; the page tells when."""


def of_the_run(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in contents(folder).items() if name.startswith(SAME)}


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short question, already answered once."""
    at = tmp_path_factory.mktemp("answered")
    pactrisk.run(lay_out(at, tagged(), SHORT), workers=1).save(at / "reports" / "small")
    return at


@pytest.fixture
def desk(answered: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return Path(shutil.copytree(answered, tmp_path / "desk"))


def said(*words: str) -> tuple[int, str]:
    """What a command returns and prints, in this process and folder."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["pactrisk", *words])
        with pytest.raises(SystemExit) as stopped:
            main()
    assert isinstance(stopped.value.code, int)
    return stopped.value.code, out.getvalue() + err.getvalue()


def untouched(desk: Path, before: dict[str, bytes]) -> bool:
    """Whether the old report is as it was, with nothing beside it."""
    folder = desk / "reports" / "small"
    # blocks that were done may be kept for the next run
    names = {p.name for p in folder.parent.iterdir()} - {".small.blocks"}
    return contents(folder) == before and names == {"small"}


def test_the_same_bytes_in_another_country_at_another_hour_by_another_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All chapters, once here and once where everything around the run is different."""
    here, there = tmp_path / "here", tmp_path / "there" / "deep"
    config = lay_out(here, tagged(), QUESTION)
    there.mkdir(parents=True)
    odd = {
        "PYTHONHASHSEED": "41" if os.environ.get("PYTHONHASHSEED") == "42" else "42",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "LANG": "tr_TR.UTF-8",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONUTF8": "0",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "svg",
        "MPLCONFIGDIR": "/proc/nowhere",
        "TMPDIR": "/proc/nowhere",
    }
    monkeypatch.chdir(here)
    assert said("run", "configs/small.toml", "-q", "--workers", "1") == (0, "")
    done = typed("run", str(config), "-q", "--workers", "2", at=there, environment=odd, without=("HOME", "TERM"))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    # the report lies where the run was asked for, not where the config is
    first, second = (of_the_run(at / "reports" / "small") for at in (here, there))
    assert len(first) > 100
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.parametrize("streams", ["ascii", "closed", "full"])
def test_where_nobody_reads_what_is_printed(tmp_path: Path, streams: str) -> None:
    lay_out(tmp_path, tagged(), SHORT)
    command = [sys.executable, "-W", "error", "-m", "pactrisk", "run", "small"]
    if streams != "ascii":
        away = ">&- 2>&- <&-" if streams == "closed" else "> /dev/full"
        command = ["sh", "-c", f'exec "$@" {away}', "sh", *command]
    env = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, timeout=120, check=False)
    assert b"Traceback" not in done.stderr
    assert done.returncode == (1 if streams == "full" else 0), done.stderr
    assert (tmp_path / "reports/small/index.html").is_file()
    if streams == "full":
        assert b"No space left on device" in done.stderr
    if streams == "ascii":
        assert "we expect" in done.stdout.decode("ascii")


def test_what_is_printed_for_programs_is_exact_whatever_the_locale(desk: Path) -> None:
    tables = tagged() | {"title": "Қазақстан и Србија – 合作 \U0001f54a"}
    lay_out(desk, tables, SHORT)
    odd = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = typed("run", "small", "--json", "-q", at=desk, environment=odd)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (desk / "reports/small/results.json").read_bytes()
    assert tables["title"].encode() in done.stdout


@pytest.mark.parametrize("where", ["under a file", "no folders there", "closed to us"])
def test_a_folder_that_cannot_be_written_is_named(desk: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = desk / "closed"
    closed.mkdir()
    if where == "no folders there" and not Path("/proc/self").exists():
        pytest.skip("this system has no /proc, the folder that refuses even its owner")
    if where == "closed to us":
        closed.chmod(0o555)
        if os.access(closed, os.W_OK):
            pytest.skip("who runs this test may write everywhere")
    out = {"under a file": "configs/small.toml/out", "no folders there": "/proc/out", "closed to us": "closed/out"}
    before = contents(desk)
    monkeypatch.chdir(desk)
    code, text = said("run", "small", "-q", "--workers", "1", "--out", out[where])
    assert code == 1
    assert text.startswith("cannot write ")
    assert text.count("\n") <= 2
    assert contents(desk) == before


LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop()),) * 2)
from pactrisk.cli import main
main()
"""
"""The command line where no file may grow beyond so many bytes: a write that really fails, halfway through a file."""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of this kind on Windows")
def test_a_disk_that_is_full_leaves_the_old_report(desk: Path) -> None:
    before = contents(desk / "reports" / "small")
    half = len(before["index.html"]) // 2
    command = [sys.executable, "-c", LIMITED, "run", "small", "-q", "--seed", "8", str(half)]
    done = subprocess.run(command, cwd=desk, capture_output=True, timeout=120, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"cannot write ")
    assert b"Traceback" not in done.stderr
    assert untouched(desk, before)


def after(n: int, real: Callable[..., Any], stop: BaseException) -> Callable[..., Any]:
    """A function that works n times, then raises once."""
    calls = count()

    def interrupted(*args: Any, **keywords: Any) -> Any:
        if next(calls) == n:
            raise stop
        return real(*args, **keywords)

    return interrupted


PLACES = {
    "simulating": ("pactrisk.ensemble.running.simulate_block", 0),
    "drawing": ("pactrisk.report.drawing.draw", 1),
    "laying out the page": ("pactrisk.report.folder.to_html", 0),
    "writing": ("os.fsync", 5),
    "putting in place": ("pathlib.Path.rename", 1),
}
"""What is interrupted, and after how many calls."""


@pytest.mark.parametrize("place", PLACES)
def test_a_run_that_is_interrupted_leaves_the_old_report(
    desk: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(desk / "reports" / "small")
    target, n = PLACES[place]
    owner, _, name = target.rpartition(".")
    found = Path if owner == "pathlib.Path" else sys.modules[owner]
    monkeypatch.setattr(found, name, after(n, getattr(found, name), KeyboardInterrupt()))
    monkeypatch.chdir(desk)
    code, text = said("run", "small", "-q", "--seed", "8", "--workers", "1")
    assert code == 130
    # what is simulated is kept, whatever is made of it
    far = "" if place == "simulating" else "2,000 of 2,000 trials are done and kept. "
    assert text.strip().startswith(f"stopped; no report was written. {far}The same command goes on")
    assert untouched(desk, before)


KILLED = """
import os, signal
real, calls = os.fsync, []
def fsync(handle):
    calls.append(handle)
    if len(calls) == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(handle)
os.fsync = fsync
from pactrisk.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals of this kind on Windows")
def test_a_run_that_is_killed_leaves_the_old_report_and_the_next_run_is_fine(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = desk / "reports" / "small"
    before = contents(folder)
    command = [sys.executable, "-c", KILLED, "run", "small", "-q", "--seed", "8"]
    done = subprocess.run(command, cwd=desk, capture_output=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert contents(folder) == before
    # nobody can tidy up after SIGKILL; what it left must not be in the way
    names = sorted(path.name.rpartition(".")[2] for path in folder.parent.iterdir())
    assert names == ["blocks", "part", "small"]
    monkeypatch.chdir(desk)
    code, text = said("run", "small", "-q", "--seed", "8", "--workers", "1")
    assert (code, text) == (0, "")
    assert contents(folder)["results.json"] != before["results.json"]
