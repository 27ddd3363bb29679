"""Runs killed at any moment go on from what they kept, and end in the bytes of a run that was never stopped.

``PACTRISK_KILLS=100 pytest tests/end_to_end/test_resume.py`` makes a hundred of the few kills that CI makes.
"""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from end_to_end.killing import KILLS, MANY, ROOT, Killing, command, made
from pactrisk.ensemble import Plan, Sums, run
from pactrisk.errors import RunError
from pactrisk.keeping import Kept, keeping
from pactrisk.question import Question
from pactrisk.report.archive import to_npz
from pactrisk.scenario import Scenario
from pactrisk.stopping import Stopping
from pactrisk.streams import BLOCK
from small_world import data

pytestmark = [pytest.mark.timeout(3 * 3600)] if MANY else []


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[bool, float]]:
    """The files of a run that is not stopped, and the seconds that it took, in a process of its own and forked."""
    seconds = {}
    for fork in (False, False, True, True) if MANY else (False,):
        place = Killing(tmp_path_factory.mktemp("whole") / "place", 0, random.Random(0), fork)
        began = time.monotonic()
        place.end()
        seconds[fork] = time.monotonic() - began
    return made(place.place / "run"), seconds


def test_killed_at_random_moments_it_ends_in_the_same_bytes(
    whole: tuple[dict[str, bytes], dict[bool, float]], tmp_path: Path
) -> None:
    """Moments lie anywhere in the life of a run, its start and the writing of its folder too; half of the runs that go
    on are killed in turn. Of many, one in ten is a process begun from nothing, with its workers."""
    truth, seconds = whole
    moments = random.Random(20260227)
    went_on = kills = number = 0
    while kills < KILLS:
        fork = MANY and number % 10 > 0
        runs = Killing(tmp_path / str(number), seconds[fork], moments, fork)
        kills += runs.kill()
        while moments.random() < 0.5:
            kills += runs.kill()
        went_on += "goes on from" in runs.end()
        assert made(runs.place / "run") == truth
        number += 1
        print(f"{number} runs, {kills} kills; {went_on} went on from blocks that were kept", flush=True)
    # of a few none may be killed while blocks are kept
    assert not MANY or 4 * went_on >= number


@pytest.mark.skipif(not MANY, reason="compiles the engine anew: only with PACTRISK_KILLS=50 or more")
def test_killed_while_it_compiles_it_ends_in_the_same_bytes(
    whole: tuple[dict[str, bytes], dict[bool, float]], tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "simsrc", tmp_path / "fresh", ignore=shutil.ignore_patterns("__pycache__"))
    runs = Killing(tmp_path / "place", 15, random.Random(20260228), PYTHONPATH=str(tmp_path / "fresh"))
    kills = int(runs.kill())
    few = len(list(tmp_path.rglob("*.nbi")))
    kills += sum(runs.kill() for _ in range(7))
    assert kills > 4
    runs.end()
    assert made(runs.place / "run") == whole[0]
    # a quick machine may have compiled all before the last of them; before the first of them none has
    assert few < len(list(tmp_path.rglob("*.nbi")))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system does not list its processes")
def test_no_worker_outlives_a_run_that_is_killed(tmp_path: Path) -> None:
    long = command(tmp_path / "run", "--trials", "400000", "--workers", "2")
    process = subprocess.Popen(long, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    children: set[str] = set()
    until = time.monotonic() + 60
    while len(children) < 2 and time.monotonic() < until and process.poll() is None:
        time.sleep(0.05)
        children = set(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())
    assert len(children) == 2, "a worker and what tidies up after it"
    time.sleep(1.5)
    process.send_signal(signal.SIGKILL)
    # the pipe ends only when nobody holds it any more
    process.communicate(timeout=60)
    assert [child for child in children if _runs(child)] == []


def _runs(process: str) -> bool:
    """Whether it still runs; one that ended and that nobody has asked for yet has no command."""
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except OSError:
        return False


def plan(trials: int, precision: float | None = None, **more: object) -> Plan:
    asked = {"scenario": "small", "horizon": 24, "trials": trials, "precision": precision, **more}
    return Plan(Question.model_validate(asked), Scenario.from_data(data()))


def same(first: Sums, second: Sums) -> None:
    assert first.keys() == second.keys()
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name], err_msg=name)
        assert value.dtype == second[name].dtype


@pytest.mark.parametrize("done", [1, 5, 7, 8])
def test_from_any_block_on_the_sums_are_the_same(done: int, tmp_path: Path) -> None:
    asked, short = plan(16_000), plan(done * BLOCK)
    kept = run(short, {})
    with pytest.MonkeyPatch.context() as patch, keeping(tmp_path / "run", "it", 8) as first:
        patch.setattr("pactrisk.keeping._EVERY", 0)
        first.keep(kept, done)
        folder = tmp_path / ".run.blocks"
        again = Kept(folder, "it", 8)
        assert again.done == done
        same(run(asked, {}, begun=(again.done, again.sums)), run(asked, {}))
        assert Kept(folder, "another", 8).done == 0
        assert Kept(folder, "it", done - 1).done == 0


@pytest.mark.parametrize("done", [4, 5, 6, 8])
def test_a_run_that_went_on_stops_where_it_would_have(done: int) -> None:
    asked = plan(400_000, 0.006)
    truth = run(asked, {}, 1, None, Stopping(asked))
    assert int(truth["trials"]) >= 8 * BLOCK
    begun = (done, run(plan(done * BLOCK), {}))
    same(run(asked, {}, 1, None, Stopping(asked, done), begun), truth)
    end = int(truth["trials"]) // BLOCK
    same(run(asked, {}, 1, None, Stopping(asked, end), (end, truth)), truth)


def sealed(body: bytes) -> bytes:
    """What a file of kept blocks is, whatever is in it."""
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


FOREIGN = [
    sealed(b""),
    sealed(b"nonsense"),
    sealed(to_npz({"sums": np.arange(3)})),
    sealed(to_npz({"whose": np.array("it"), "done": np.array("many")})),
    sealed(to_npz({"whose": np.array("it"), "done": np.arange(3)})),
]
"""Whole files that say something else, as those of another version may."""


@pytest.mark.parametrize("spoilt", [b"", b"nonsense", "cut", "flipped", *FOREIGN])
def test_what_is_damaged_is_not_used_and_said(spoilt: bytes | str, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, keeping(tmp_path / "run", "it", 8) as first:
        patch.setattr("pactrisk.keeping._EVERY", 0)
        first.keep(run(plan(2000), {}), 1)
        file = tmp_path / ".run.blocks" / "it.0"
        body = bytearray(file.read_bytes())
        body[200] ^= 1
        file.write_bytes(
            {"cut": bytes(body[:-9]), "flipped": bytes(body)}[spoilt] if isinstance(spoilt, str) else spoilt
        )
        found = Kept(file.parent, "it", 8)
        assert (found.done, found.sums, found.damaged) == (0, {}, True)


@pytest.mark.parametrize("spoilt", [0, 1])
def test_of_two_keepings_the_whole_one_is_gone_on_from(spoilt: int, tmp_path: Path) -> None:
    """Whichever is damaged, what is kept next takes its place."""
    with pytest.MonkeyPatch.context() as patch, keeping(tmp_path / "run", "it", 8) as first:
        patch.setattr("pactrisk.keeping._EVERY", 0)
        for done in (1, 2):
            first.keep(run(plan(done * BLOCK), {}), done)
        folder = tmp_path / ".run.blocks"
        file = folder / f"it.{spoilt}"
        file.write_bytes(file.read_bytes()[:-1])
        found = Kept(folder, "it", 8)
        assert (found.done, found.damaged) == (2 - spoilt, True)
        same(found.sums, run(plan(found.done * BLOCK), {}))
        found.hold(run(plan(3 * BLOCK), {}), 3)
        again = Kept(folder, "it", 8)
        assert (again.done, again.damaged) == (3, False)
        assert sorted(path.name for path in folder.iterdir()) == ["it.0", "it.1", "lock"]


def test_a_run_that_ends_as_another_begins_is_not_in_its_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it takes away right before the other locks it is made again."""
    acquire, gone = FileLock.acquire, []

    def late(self: FileLock) -> object:
        if len(gone) < 3:
            gone.append(shutil.rmtree(tmp_path / ".run.blocks"))
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", self.lock_file)
        return acquire(self)

    monkeypatch.setattr(FileLock, "acquire", late)
    with keeping(tmp_path / "run", "it", 8) as kept:
        kept.hold(run(plan(2000), {}), 1)
    assert len(list((tmp_path / ".run.blocks").glob("it.*"))) == 1


def test_what_is_in_the_way_of_kept_blocks_is_named(tmp_path: Path) -> None:
    (tmp_path / ".run.blocks").write_text("mine")
    with pytest.raises(RunError, match=r"\.run\.blocks is in the way; "), keeping(tmp_path / "run", "it", 8):
        raise AssertionError
    assert (tmp_path / ".run.blocks").read_text() == "mine"


def test_what_is_kept_of_a_run_stays_until_that_run_has_ended(tmp_path: Path) -> None:
    """Three runs at the most, with one that an earlier version kept in one file; what was stopped longest ago goes."""
    folder = tmp_path / ".run.blocks"

    def begun(identity: str, done: int, ended: bool = False) -> tuple[int, int, int]:
        with keeping(tmp_path / "run", identity, 8) as kept:
            found = kept.done, kept.others, kept.leaving
            kept.hold(run(plan(done * BLOCK), {}), done)
            if ended:
                kept.forget()
        for file in folder.glob("*"):
            # moments apart on any disk
            stands = file.stat().st_mtime_ns - 10**10
            os.utime(file, ns=(stands, stands))
        return found

    assert begun("old", 1) == (0, 0, 0)
    (folder / "old.0").rename(folder / "sums")
    assert begun("one", 2) == (0, 1, 0)
    assert begun("two", 3) == (0, 3, 0)
    assert begun("one", 2, ended=True) == (2, 4, 0)
    assert begun("one", 4) == (0, 4, 0)
    assert begun("two", 4) == (3, 5, 0)
    with keeping(tmp_path / "run", "new", 8) as kept:
        assert (kept.done, kept.others, kept.leaving) == (0, 8, 1)
        assert (folder / "sums").exists()
    assert begun("new", 1, ended=True) == (0, 8, 1)
    assert not (folder / "sums").exists()
    assert begun("one", 8, ended=True) == (4, 4, 0)
    assert begun("two", 8, ended=True) == (4, 0, 0)
    assert not folder.exists()


def test_two_runs_into_one_folder_are_told_apart(tmp_path: Path) -> None:
    with (
        keeping(tmp_path / "run", "it", 8),
        pytest.raises(RunError, match="another run is writing"),
        keeping(tmp_path / "run", "it", 8),
    ):
        pass
    assert not (tmp_path / ".run.blocks").exists()
    (tmp_path / ".run.blocks").mkdir()
    with FileLock(tmp_path / ".run.blocks" / "lock"):
        told = subprocess.run(command(tmp_path / "run"), capture_output=True, text=True)
    assert told.returncode == 1
    assert "another run is writing" in told.stderr
    assert not (tmp_path / "run").exists()


def test_a_run_that_ends_badly_keeps_its_blocks(tmp_path: Path) -> None:
    def fails() -> None:
        with keeping(tmp_path / "deep" / "run", "it", 8) as kept:
            kept.keep(run(plan(2000), {}), 1)
            raise RuntimeError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pactrisk.keeping._EVERY", 0)
        with pytest.raises(RuntimeError):
            fails()
    with keeping(tmp_path / "deep" / "run", "it", 8) as kept:
        assert kept.done == 1


def test_a_run_that_ends_badly_with_nothing_to_keep_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), keeping(tmp_path / "deep" / "er" / "run", "it", 8):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
