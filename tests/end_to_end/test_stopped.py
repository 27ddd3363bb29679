"""Runs that are asked to stop, lose a worker, or run out of something: what is done is kept, said, and gone on from."""

from __future__ import annotations

import contextlib
import errno
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from end_to_end.desk import contents, lay_out, tagged, typed
from end_to_end.test_resume import plan, same
from end_to_end.test_unkind_places import SHORT, after, said, untouched
from pactrisk.ensemble import run
from pactrisk.ensemble.block import simulate_block
from pactrisk.errors import RunError
from pactrisk.keeping import keeping
from pactrisk.runs import Run
from pactrisk.verifying import verify

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals of this kind on Windows")

MANY = 40_000_000
"""Trials that no test waits for."""
SLOW = """
import time
from pactrisk.keeping import Kept
real = Kept.keep
def keep(self, *given):
    self._last = -1e9
    real(self, *given)
    time.sleep(600)
Kept.keep = keep
from pactrisk.cli import main
main()
"""
"""The command line where it takes for ever to go on from the first block."""


HANGUP = getattr(signal, "SIGHUP", 0)
"""A terminal that is closed."""


def hearing(nohup: bool) -> None:
    """A process begun in the background may have been told to be deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(HANGUP, signal.SIG_IGN if nohup else signal.SIG_DFL)


def begun(
    at: Path, *words: str, code: str = "", warnings: str = "error", nohup: bool = False
) -> subprocess.Popen[bytes]:
    """A run with a terminal of its own, as it were, once it has kept a block."""
    kept = at / "reports" / ".small.blocks"
    how = ["-c", code] if code else ["-m", "pactrisk"]
    process = subprocess.Popen(
        [sys.executable, "-W", warnings, *how, "run", "small", "--trials", str(MANY), *words], cwd=at,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=partial(hearing, nohup),
    )  # fmt: skip
    until = time.monotonic() + 100
    while not list(kept.glob("*.0")) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    assert list(kept.glob("*.0"))
    return process


def kept_trials(message: bytes) -> int:
    """The trials that a stopped run says are kept."""
    return int(message.decode().partition("written. ")[2].partition(" of ")[0].replace(",", ""))


@pytest.mark.parametrize(("number", "workers"), [(signal.SIGINT, 2), (signal.SIGTERM, 1), (HANGUP, 2)])
def test_who_is_asked_to_stop_keeps_what_is_done_and_can_report_it_as_partial(
    number: int, workers: int, tmp_path: Path
) -> None:
    lay_out(tmp_path, tagged(), SHORT)
    process = begun(tmp_path, "--workers", str(workers))
    # a terminal sends Ctrl-C to every process of the run
    os.killpg(process.pid, number)
    printed, told = process.communicate(timeout=100)
    assert process.returncode == 128 + number
    assert printed == b""
    assert b"Traceback" not in told
    assert b"stopped; no report was written. " in told
    assert b"worker" not in told
    assert b"resource_tracker" not in told
    trials = kept_trials(told)
    assert trials >= 2000
    reports = tmp_path / "reports"
    assert [path.name for path in reports.iterdir()] == [".small.blocks"]

    part = typed("run", "small", "--trials", str(MANY), "--partial", at=tmp_path)
    assert part.returncode == 0, part.stderr
    assert f"partial: {trials:,} of {MANY:,} trials".encode() in part.stdout
    results = json.loads((reports / "small/results.json").read_bytes())
    record = json.loads((reports / "small/manifest.json").read_bytes())
    assert (results["partial"], results["trials"]) == (True, trials)
    assert (record["partial"], record["trials"]) == ({"trials_asked_for": MANY}, trials)
    assert b"<strong>Partial.</strong>" in (reports / "small/index.html").read_bytes()
    assert verify(reports / "small").holds
    before = contents(reports / "small")
    assert typed("report", "reports/small", at=tmp_path).returncode == 0
    assert contents(reports / "small") == before

    # the blocks are still there, and a whole run takes the place of the part
    rest = typed("run", "small", "--trials", str(trials), at=tmp_path)
    assert rest.returncode == 0
    assert f"goes on from {trials:,} trials".encode() in rest.stderr
    assert b"Partial." not in (reports / "small/index.html").read_bytes()
    assert "partial" not in json.loads((reports / "small/results.json").read_bytes())
    assert contents(reports / "small")["store.npz"] == before["store.npz"]
    assert [path.name for path in reports.iterdir()] == ["small"]


def test_who_is_deaf_to_a_closed_terminal_stays_so(tmp_path: Path) -> None:
    lay_out(tmp_path, tagged(), SHORT)
    process = begun(tmp_path, "--workers", "2", nohup=True)
    os.killpg(process.pid, HANGUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(2)
    process.send_signal(signal.SIGTERM)
    told = process.communicate(timeout=100)[1]
    assert (process.returncode, b"worker" in told) == (143, False)


@pytest.mark.parametrize("more", [(), ("-q",)])
def test_who_closes_the_terminal_loses_nothing(more: tuple[str, ...], tmp_path: Path) -> None:
    import pty

    lay_out(tmp_path, tagged(), SHORT)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pactrisk", "run", "small", "--trials", str(MANY), "--workers", "2", *more]

    def sat_down() -> None:
        import fcntl
        import termios

        hearing(nohup=False)
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(command, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs, preexec_fn=sat_down)
    os.close(theirs)
    os.set_blocking(ours, False)
    until = time.monotonic() + 100
    while not any((tmp_path / "reports" / ".small.blocks").glob("*.[01]")) and time.monotonic() < until:
        time.sleep(0.05)
        # a terminal that shows nothing would hold the run up
        with contextlib.suppress(BlockingIOError):
            os.read(ours, 65536)
    os.close(ours)
    assert process.wait(30) == 128 + HANGUP
    part = typed("run", "small", "--trials", str(MANY), "--partial", at=tmp_path)
    assert part.returncode == 0, part.stderr


def stopped(at: Path, *words: str) -> int:
    """The trials that are kept of a run once it is asked to stop."""
    process = begun(at, "--workers", "1", *words)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=100)
    return kept_trials(told)


def test_a_run_of_other_inputs_leaves_what_is_kept(tmp_path: Path) -> None:
    lay_out(tmp_path, tagged(), SHORT)
    many = stopped(tmp_path)
    other = typed("run", "small", "--trials", "2000", "--seed", "9", "--workers", "1", at=tmp_path)
    assert other.returncode == 0
    stay = "trials are kept here of other inputs or of another source of the package, and stay for their runs"
    assert f"note: {many:,} {stay}".encode() in other.stderr
    rest = typed("run", "small", "--trials", str(many), "--workers", "1", at=tmp_path)
    assert f"goes on from {many:,} trials".encode() in rest.stderr
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["small"]


def test_a_shorter_run_leaves_what_a_longer_one_has_done(tmp_path: Path) -> None:
    lay_out(tmp_path, tagged(), SHORT)
    many = stopped(tmp_path)
    assert many > 2000
    held = contents(tmp_path / "reports/.small.blocks")
    shorter = typed("run", "small", "--trials", "2000", "--workers", "1", at=tmp_path)
    assert shorter.returncode == 0
    assert f"note: {many:,} trials are kept here of a longer run of the same inputs".encode() in shorter.stderr
    assert contents(tmp_path / "reports/.small.blocks") == held
    rest = typed("run", "small", "--trials", str(many), "--workers", "1", at=tmp_path)
    assert f"goes on from {many:,} trials".encode() in rest.stderr


@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_time_ends_at_once(workers: int, tmp_path: Path) -> None:
    lay_out(tmp_path, tagged(), SHORT)
    # who counts what is lost is silent where its warning would be an error
    process = begun(tmp_path, "--workers", str(workers), code=SLOW, warnings="default")
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(5) == 130
    told = process.communicate()[1].splitlines()
    # nor is anything said to be lost
    assert told[-1:] == [b"stopping as soon as a block is done; once more ends at once"]


def test_there_is_no_part_to_report_where_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path, tagged(), SHORT)
    monkeypatch.chdir(tmp_path)
    code, text = said("run", "small", "-q", "--partial")
    assert (code, text.count("\n")) == (1, 1)
    assert "there is no part to report" in text
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("workers", [2, 3])
def test_a_lost_worker_costs_its_blocks_only(workers: int) -> None:
    # more blocks than may be made before their turn: whoever is lost after the first still has work to do
    asked, told, lost = plan(200_000), list[str](), list[int]()

    def kill(*_: int) -> None:
        others = [p.pid for p in multiprocessing.active_children() if p.pid not in lost and p.pid is not None]
        if len(lost) == len(told) < workers - 1 and others:
            lost.append(others[0])
            os.kill(others[0], signal.SIGKILL)

    same(run(asked, {}, workers, kill, note=told.append), run(asked, {}))
    assert lost
    assert 1 <= len(told) <= len(lost)
    assert all("one process less" in sentence for sentence in told)


def test_workers_that_cannot_begin_are_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    told: list[str] = []
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor.submit", none)
    same(run(plan(16_000), {}, 3, note=told.append), run(plan(16_000), {}))
    assert len(told) == 2


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a short question that was answered once, and where every block is kept."""
    lay_out(tmp_path, tagged(), SHORT)
    monkeypatch.chdir(tmp_path)
    assert said("run", "small", "-q", "--workers", "1")[0] == 0
    monkeypatch.setattr("pactrisk.keeping._EVERY", 0)
    return tmp_path


def full(n: int, real: Callable[..., Any], only: str) -> Callable[..., Any]:
    """A function that finds the disk full from its n-th call on, for files of which the name holds a word."""
    calls = 0

    def refused(self: Any, *args: Any, **keywords: Any) -> Any:
        nonlocal calls
        name = str(Path(f"/proc/self/fd/{self}").readlink()) if isinstance(self, int) else str(self)
        calls += only in name
        if only in name and calls > n:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, *args, **keywords)

    return refused


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not name open files")
@pytest.mark.parametrize("what", ["os.fsync", "pathlib.Path.open", "pathlib.Path.replace"])
def test_a_disk_that_keeps_no_blocks_stops_nothing(desk: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said("run", "small", "-q", "--trials", "8000", "--workers", "1")[0] == 0
    truth = contents(desk / "reports/small")
    owner, _, name = what.rpartition(".")
    found: Any = Path if owner == "pathlib.Path" else os
    monkeypatch.setattr(found, name, full(1, getattr(found, name), ".blocks/new"))
    code, text = said("run", "small", "--trials", "8000", "--workers", "1")
    assert code == 0
    assert text.count("cannot be kept for now: No space left on device") == 1
    assert contents(desk / "reports/small")["store.npz"] == truth["store.npz"]
    assert [path.name for path in (desk / "reports").iterdir()] == ["small"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not name open files")
@pytest.mark.parametrize(
    ("what", "calls"),
    [
        ("pathlib.Path.mkdir", 1),
        ("pathlib.Path.open", 0),
        ("os.fsync", 7),
        ("os.fsync", 14),
        ("pathlib.Path.rename", 0),
    ],
)
def test_a_disk_that_takes_no_report_loses_nothing(
    desk: Path, what: str, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(desk / "reports/small")
    owner, _, name = what.rpartition(".")
    found: Any = Path if owner == "pathlib.Path" else os
    with monkeypatch.context() as patch:
        patch.setattr(found, name, full(calls, getattr(found, name), ".part"))
        code, text = said("run", "small", "-q", "--trials", "8000", "--workers", "1")
    assert code == 1
    assert "cannot write" in text
    assert "No space left on device. 8,000 trials are kept: the same command goes on from them" in text
    assert untouched(desk, before)
    code, text = said("run", "small", "--trials", "8000", "--workers", "1")
    assert code == 0
    assert "goes on from 8,000 trials" in text
    assert json.loads((desk / "reports/small/results.json").read_bytes())["trials"] == 8000


def mounted(what: list[str], at: Path) -> bool:
    """Whether a mount succeeded, which takes a privileged user."""
    return subprocess.run(["mount", *what, str(at)], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="mounts are those of Linux")
@pytest.mark.parametrize("kilobytes", [16, 90, 180])
def test_a_small_disk_that_is_really_full(kilobytes: int, tmp_path: Path) -> None:
    """From a disk that holds not even a block to one that holds half a report."""
    lay_out(tmp_path, tagged(), SHORT)
    reports = tmp_path / "reports"
    reports.mkdir()
    if not mounted(["-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs"], reports):
        pytest.skip("only who may mount a small disk can fill it")
    try:
        done = typed("run", "small", "-q", "--trials", "8000", "--workers", "1", at=tmp_path)
        left = {path.name for path in reports.iterdir()}
        assert done.returncode == 1
        assert done.stderr.startswith(b"cannot write")
        assert b"Traceback" not in done.stderr
        assert left <= {".small.blocks"}
    finally:
        subprocess.run(["umount", str(reports)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts are those of Linux")
@pytest.mark.parametrize("what", ["a disk", "a folder", "a folder to read"])
def test_where_something_is_mounted_no_run_is_begun(desk: Path, what: str) -> None:
    """Neither a disk nor a folder that is mounted can be replaced by renaming: all would be simulated for nothing."""
    volume, other = desk / "my volume", desk / "other"
    volume.mkdir()
    other.mkdir()
    if not mounted(["-t", "tmpfs", "tmpfs"] if what == "a disk" else ["--bind", str(other)], volume):
        pytest.skip("only who may mount can make a volume")
    try:
        if what == "a folder to read":
            subprocess.run(["mount", "-o", "remount,ro,bind", str(volume)], check=True)
        code, text = said("run", "small", "-q", "--workers", "1", "--out", "my volume")
        assert code == 2
        assert "is where a disk or a folder is mounted" in text
        hint = Path(text.rpartition("such as ")[2].strip())
        assert not (desk / ".my volume.blocks").exists()
        assert list(volume.iterdir()) == []
        code, text = said("run", "small", "-q", "--workers", "1", "--out", str(hint))
        if what == "a folder to read":
            assert (code, text.startswith("cannot write"), "Read-only file system" in text) == (1, True, True)
        else:
            assert (code, text) == (0, "")
            assert (volume / hint.name / "index.html").is_file()
    finally:
        subprocess.run(["umount", str(volume)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts are those of Linux")
def test_a_folder_that_can_only_be_read(desk: Path) -> None:
    reports = desk / "reports"
    before = contents(reports)
    if not mounted(["--bind", str(reports)], reports):
        pytest.skip("only who may mount can make a folder read-only for everybody")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(reports)], check=True)
        done = typed("run", "small", "-q", "--workers", "1", at=desk)
        assert done.returncode == 1
        assert done.stderr.startswith(b"cannot write")
        assert b"Read-only file system" in done.stderr
        again = typed("report", "reports/small", at=desk)
        assert again.returncode == 1
        assert b"Traceback" not in again.stderr + done.stderr
    finally:
        subprocess.run(["umount", str(reports)], check=True)
    assert contents(reports) == before


def test_blocks_that_are_damaged_are_said_to_be_and_made_anew(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = desk / "reports" / ".small.blocks"
    asked = "run", "small", "--trials", "4000", "--workers", "1"
    with monkeypatch.context() as patch:
        patch.setattr("pactrisk.runs.Run.save", after(0, Run.save, RunError("no")))
        assert "4,000 trials are kept" in said(*asked)[1]
    first, second = sorted(hidden.glob("*.[01]"))
    second.write_bytes(second.read_bytes()[:-9])
    (hidden / "new").write_bytes(b"half of")
    code, text = said(*asked, "--partial")
    assert (code, "partial: 2,000 of 4,000 trials" in text) == (0, True)
    first.write_bytes(b"0" * 64 + b"\nnonsense")
    code, text = said(*asked, "--partial", "-q")
    assert (code, text.count("\n")) == (1, 1)
    assert text.startswith("what is kept of a run of these inputs is damaged: there is no part to report; without ")
    code, text = said(*asked)
    assert code == 0
    assert "damaged: it begins anew" in text
    assert [path.name for path in hidden.parent.iterdir()] == ["small"]


def test_where_one_of_two_files_is_damaged_the_run_goes_on_from_the_other(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = "run", "small", "--trials", "8000", "--workers", "1"
    with monkeypatch.context() as patch:
        patch.setattr("pactrisk.runs.Run.save", after(0, Run.save, RunError("no")))
        said(*asked)
    newest = max((desk / "reports/.small.blocks").glob("*.[01]"), key=lambda file: file.stat().st_mtime_ns)
    body = bytearray(newest.read_bytes())
    body[len(body) // 2] ^= 1
    newest.write_bytes(body)
    code, text = said(*asked)
    assert code == 0
    assert "one of the two files of blocks kept of an earlier run is damaged: the other is whole" in text
    assert "goes on from 6,000 trials" in text
    again = said(*asked, "--out", "again")
    assert again[0] == 0
    assert contents(desk / "again")["store.npz"] == contents(desk / "reports/small")["store.npz"]


@pytest.mark.usefixtures("desk")
def test_whose_report_cannot_be_written_loses_no_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few are made within the half second between two keepings."""
    monkeypatch.setattr("pactrisk.keeping._EVERY", 3600)
    monkeypatch.setattr("pactrisk.runs.Run.save", after(0, Run.save, RunError("no")))
    assert "no. 8,000 trials are kept" in said("run", "small", "--trials", "8000", "--workers", "1")[1]


@pytest.mark.parametrize("out", ["y" * 230, f"deep/{'y' * 230}", f"{'y' * 300}/deep"])
def test_a_name_that_no_report_can_be_made_under_is_refused_before_the_first_block(desk: Path, out: str) -> None:
    """The folder of its blocks could have it, and another name has none to go on from."""
    code, text = said("run", "small", "-q", "--out", out)
    assert (code, text.count("\n")) == (1, 1)
    assert text.endswith("File name too long; give a shorter --out\n")
    assert {path.name for path in desk.iterdir()} == {"configs", "scenarios", "reports"}


def test_what_a_killed_run_left_is_tidied_up_and_the_old_report_comes_back(tmp_path: Path) -> None:
    target, letters = tmp_path / "small", "0123456789abcdef" * 2
    old, part, mine = (
        tmp_path / name for name in (f".small.{letters}.old", f".small.{letters}.part", ".small.mine.old")
    )
    for folder in (old, part, mine):
        folder.mkdir()
        (folder / "manifest.json").write_text(folder.name)
    with keeping(target, "it", 8):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == [".small.mine.old", "small"]
    assert (target / "manifest.json").read_text() == old.name


def test_no_memory_left_is_said(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(desk / "reports/small")
    real, made = simulate_block, []

    def greedy(*given: Any, **how: Any) -> Any:
        made.append(0)
        return np.empty(1 << 55) if len(made) > 2 else real(*given, **how)

    monkeypatch.setattr(sys.modules["pactrisk.ensemble.running"], "simulate_block", greedy)
    code, text = said("run", "small", "-q", "--trials", "20000", "--workers", "1")
    assert code == 1
    assert text.startswith("there is not enough memory")
    assert untouched(desk, before)
    monkeypatch.undo()
    monkeypatch.chdir(desk)
    assert "goes on from" in said("run", "small", "--trials", "20000", "--workers", "1")[1]


def test_a_library_that_finds_no_memory_to_be_loaded_into_is_named(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(desk / "reports/small")
    missing = ImportError("libXau.so.6: failed to map segment from shared object")
    monkeypatch.setattr("pactrisk.runs.Run.save", after(0, Run.save, missing))
    code, text = said("run", "small", "-q", "--trials", "4000", "--workers", "1")
    assert (code, text.count("\n")) == (1, 1)
    assert text.startswith("a library cannot be loaded (libXau.so.6: failed to map segment from shared object): ")
    assert untouched(desk, before)


def test_a_clock_that_jumps_moves_nothing(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said("run", "small", "-q", "--trials", "8000", "--workers", "1")[0] == 0
    truth = contents(desk / "reports/small")
    calls, kept = 0, []

    def jumping() -> float:
        nonlocal calls
        calls += 1
        return 1e6 - calls * 1000.0

    for name in ("time", "monotonic", "perf_counter"):
        monkeypatch.setattr(time, name, jumping)
    monkeypatch.setattr("pactrisk.keeping._EVERY", 3600)
    monkeypatch.setattr("pactrisk.keeping.Kept._write", lambda *given: kept.append(given[-1]))
    code, text = said("run", "small", "--trials", "8000", "--workers", "1")
    monkeypatch.undo()
    assert code == 0, text
    assert kept == [1, 2, 3, 4]
    now = contents(desk / "reports/small")
    assert {n: b for n, b in now.items() if n != "index.html" and n != "manifest.json"} == {
        n: b for n, b in truth.items() if n != "index.html" and n != "manifest.json"
    }
    record = json.loads(now["manifest.json"])
    assert record["engine_seconds"] == 0
    assert "-" not in text.partition(" trials in ")[2].partition("\n")[0]


@pytest.mark.parametrize(("words", "streams"), [((), "out"), (("--json",), "out"), ((), "both"), ((), "full")])
def test_who_reads_no_further_stops_nothing(words: tuple[str, ...], streams: str, tmp_path: Path) -> None:
    """Nobody takes the results; nor the notes that come before the first block; or these go where there is no room."""
    lay_out(tmp_path, tagged(), SHORT)
    nobody, end = os.pipe()
    os.close(nobody)
    with Path("/dev/full" if streams == "full" else os.devnull).open("w") as aside:
        told = end if streams == "both" else aside.fileno() if streams == "full" else subprocess.PIPE
        process = subprocess.run(
            [sys.executable, "-W", "error", "-m", "pactrisk", "run", "small", *words], cwd=tmp_path,
            stdout=end, stderr=told, check=False,
        )  # fmt: skip
    os.close(end)
    assert process.returncode == 0, process.stderr
    assert b"Traceback" not in (process.stderr or b"")
    assert (tmp_path / "reports/small/index.html").is_file()


def test_what_is_wrong_is_told_by_the_exit_code_where_nobody_listens(tmp_path: Path) -> None:
    nobody, end = os.pipe()
    os.close(nobody)
    done = subprocess.run([sys.executable, "-m", "pactrisk", "run", "none"], cwd=tmp_path, stderr=end, check=False)
    os.close(end)
    assert done.returncode == 2


DRAWS = """
import os, signal
from pactrisk.runs import Run
def save(self, *given):
    os.kill(os.getpid(), signal.SIGTERM)
Run.save = save
from pactrisk.cli import main
main()
"""
"""The command line where a signal comes once there is a report to draw."""


STUMBLES = """
import os, signal, sys
from pactrisk import keeping
from pactrisk.keeping import Kept
from pactrisk.runs import Run
keeping._EVERY = 3600
def twice(self, *given):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        raise ValueError("it was in the middle of something")
def save(self, *given):
    if "--workers" in sys.argv:
        Kept.hold = twice
    exec("os.kill(os.getpid(), signal.SIGTERM)")
Run.save = twice if "--batch" in sys.argv else save
from pactrisk.cli import main
main()
"""
"""A signal within ``exec``, one that leaves a stumble, and a second one while the first is seen to."""


@pytest.mark.parametrize("words", [(), ("--batch", "2"), ("--workers", "1")])
def test_who_is_stopped_in_the_middle_of_something_is_told_so(words: tuple[str, ...], tmp_path: Path) -> None:
    lay_out(tmp_path, tagged(), SHORT)
    (tmp_path / "stumbles.py").write_text(STUMBLES)
    command = [sys.executable, "-m", "stumbles", "run", "small", "-q", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 128 + signal.SIGTERM
    assert done.stderr.count(b"\n") == (0 if "--workers" in words else 1), done.stderr
    assert done.stderr.startswith(b"" if "--workers" in words else b"stopped; no report was written. ")
    assert typed("run", "small", "-q", at=tmp_path).returncode == 0
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["small"]


def test_who_stops_while_the_report_is_drawn_loses_no_block(tmp_path: Path) -> None:
    lay_out(tmp_path, tagged(), SHORT)
    # so few are made within the half second between two keepings
    asked = "run", "small", "--trials", "8000", "--workers", "1"
    stopped = subprocess.run([sys.executable, "-c", DRAWS, *asked], cwd=tmp_path, capture_output=True, check=False)
    assert stopped.returncode == 128 + signal.SIGTERM
    assert b"Traceback" not in stopped.stderr
    assert kept_trials(stopped.stderr) == 8000
    whole = typed(*asked, at=tmp_path)
    assert whole.returncode == 0
    assert b"goes on from 8,000 trials" in whole.stderr
    assert typed(*asked, "--out", "again", at=tmp_path).returncode == 0
    assert contents(tmp_path / "again")["store.npz"] == contents(tmp_path / "reports/small")["store.npz"]


ONCE_IN_PLACE = """
import os, signal, sys
from pactrisk.cli import run, terminal
from pactrisk.report import folder
where = os.environ["WHERE"]
def stopping(name, real):
    def stop(*given):
        if where == name and (name != "_sync_directory" or given[0].name == "reports"):
            os.kill(os.getpid(), getattr(signal, os.environ["SIGNAL"]))
        return real(*given)
    return stop
for module, name in ((folder, "_sync_directory"), (folder, "_write_all"), (terminal, "show_headline")):
    setattr(module, name, stopping(name, getattr(module, name)))
from pactrisk.cli import main
main()
"""
"""A signal while the report is written, once it is in its place, or while that is told."""


def heard(command: list[str], at: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    """A command that hears Ctrl-C, wherever the tests were begun."""
    hear = partial(hearing, False)
    return subprocess.run(command, cwd=at, capture_output=True, check=False, env=environment, preexec_fn=hear)


@pytest.mark.parametrize("where", ["_sync_directory", "show_headline", "_write_all"])
@pytest.mark.parametrize(("name", "first"), [("SIGINT", True), ("SIGTERM", False)])
def test_who_is_stopped_once_the_report_is_in_its_place_is_told_so(
    where: str, name: str, first: bool, tmp_path: Path
) -> None:
    lay_out(tmp_path, tagged(), SHORT)
    if not first:
        assert typed("run", "small", "-q", "--seed", "9", at=tmp_path).returncode == 0
    reports = tmp_path / "reports"
    before = contents(reports / "small") if not first else {}
    command = [sys.executable, "-c", ONCE_IN_PLACE, "run", "small", "--workers", "1"]
    environment = {**os.environ, "WHERE": where, "SIGNAL": name}
    done = heard(command, tmp_path, environment)
    assert done.returncode == 128 + getattr(signal, name)
    last = done.stderr.decode().strip().splitlines()[-1]
    written = (contents(reports / "small") if (reports / "small").exists() else {}) != before
    assert written == (where != "_write_all")
    if written:
        assert last.endswith("stopped; the report is written: reports/small/index.html")
        assert verify(reports / "small").holds
    else:
        assert "stopped; no report was written. " in last


@pytest.mark.parametrize(("where", "told"), [("_sync_directory", "the report is written"), ("_write_all", "no report")])
def test_who_is_stopped_while_a_report_is_drawn_again_is_told_what_became_of_it(
    where: str, told: str, tmp_path: Path
) -> None:
    lay_out(tmp_path, tagged(), SHORT)
    assert typed("run", "small", "-q", at=tmp_path).returncode == 0
    command = [sys.executable, "-c", ONCE_IN_PLACE, "report", "reports/small"]
    environment = {**os.environ, "WHERE": where, "SIGNAL": "SIGINT"}
    done = heard(command, tmp_path, environment)
    assert done.returncode == 128 + signal.SIGINT
    assert told in done.stderr.decode()
    assert "the same command" not in done.stderr.decode().lower()
    assert verify(tmp_path / "reports/small").holds
