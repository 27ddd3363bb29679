"""Blocks made on a real Dask cluster on this machine: the bytes of a local run, a worker killed or not."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import pactrisk
from narrower import LEFT_OUT, narrower, wide
from pactrisk import cluster
from pactrisk.errors import RunError
from pactrisk.provenance import registers
from pactrisk.report.archive import to_json, to_npz
from pactrisk.runs import Run

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "configs" / "first-steps.toml"
TRIALS = 60_000


@cache
def local() -> tuple[bytes, bytes]:
    return made(pactrisk.run(CONFIG, trials=TRIALS, executor="alone"))


def made(run: Run) -> tuple[bytes, bytes]:
    """The stored sums and the results file."""
    return to_npz(run.result.store()), to_json(run.result.results())


@dataclass(frozen=True)
class Started:
    """A scheduler and workers, each a process of its own."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@contextlib.contextmanager
def started(folder: Path, workers: int, env: dict[str, str] | None = None) -> Iterator[Started]:
    file = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    place = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    log = (folder / "log").open("wb")
    with log, contextlib.ExitStack() as stack:

        def begin(*words: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen([*dask, *words], stdout=log, stderr=log, cwd=folder, env=env)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        scheduler = begin("scheduler", *place, "--scheduler-file", str(file))
        until = time.monotonic() + 60
        while not (file.exists() and file.read_bytes().endswith(b"}")):
            assert time.monotonic() < until, (folder / "log").read_text()
            assert scheduler.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        address = json.loads(file.read_text())["address"]
        alone = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
        yield Started(address, scheduler, [begin("worker", address, *alone) for _ in range(workers)])


def on(address: str, **more: Any) -> Run:
    return pactrisk.run(CONFIG, trials=TRIALS, executor="dask", scheduler=address, **more)


def test_a_worker_killed_in_the_middle_costs_its_blocks_only(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from distributed import Client

    truth = local()
    with started(tmp_path, 3) as here:
        with Client(here.address, set_as_default=False) as client:
            client.wait_for_workers(3, timeout=60)
        capfd.readouterr()
        seen = []

        def kills(done: int, of: int) -> None:
            seen.append(done)
            if done == of // 3:
                here.workers[0].send_signal(signal.SIGKILL)

        assert made(on(here.address, batch=2, progress=kills)) == truth
        assert here.workers[0].wait(10) == -signal.SIGKILL
        assert all(worker.poll() is None for worker in here.workers[1:])
        assert seen == list(range(1, TRIALS // 2000 + 1))
        # the two that are left, in other portions
        assert made(on(here.address)) == truth
        assert capfd.readouterr() == ("", "")
        refuses_another_version(here.address)
        refuses_when_the_scheduler_is_lost(here)


def refuses_another_version(address: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "rounding", lambda: "another")
        with pytest.raises(RunError, match=r"has other last digits .* another kind has: use one C library"):
            on(address)
        patch.setattr(cluster.platform, "machine", lambda: "abacus")
        with pytest.raises(RunError, match=r"has a processor of another kind, \w+ and not abacus: use one kind"):
            on(address)
        # another NumPy may round otherwise and have other words for registers: neither can be mended by itself
        patch.setattr(cluster, "installed", lambda: "another")
        with pytest.raises(RunError, match=r"the worker at tcp://.* has not the same Pactrisk"):
            on(address)


@wide
def test_a_worker_of_another_kind_of_processor_is_refused_with_what_makes_both_alike(tmp_path: Path) -> None:
    with started(tmp_path, 1, narrower()) as here:
        with pytest.raises(RunError, match="has other last digits") as refused:
            on(here.address)
        assert str(refused.value).endswith(f"set NPY_DISABLE_CPU_FEATURES='{LEFT_OUT}' for both")
        words = ["run", str(CONFIG), "--trials", "4000", "--executor", "dask", "--scheduler", here.address]
        told = subprocess.run(
            [sys.executable, "-m", "pactrisk", *words, "--out", str(tmp_path / "out"), "-q"],
            env=narrower(),
            capture_output=True,
            text=True,
        )
        assert (told.returncode, told.stderr) == (0, "")


def test_a_processor_of_which_numpy_takes_nothing_more_has_no_registers_to_tell_of() -> None:
    env = {**os.environ, "NPY_DISABLE_CPU_FEATURES": " ".join(sorted(registers()))}
    words = ["-c", "from pactrisk.provenance import registers; print(sorted(registers()))"]
    told = subprocess.run([sys.executable, *words], env=env, capture_output=True, text=True)
    assert (told.returncode, told.stdout) == (0, "[]\n"), told.stderr


class Gone:
    """A client whose scheduler is gone, and which has lost sight of a task in that very moment."""

    status = "connecting"

    def nthreads(self) -> dict[str, int]:
        raise AssertionError("nobody is there to be asked")


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.01)
    monkeypatch.setattr(cluster, "_GONE", 0.1)


@pytest.mark.usefixtures("soon")
def test_a_task_that_was_sent_as_the_scheduler_was_lost_is_not_waited_for_without_end() -> None:
    client: Any = Gone()
    with pytest.raises(CancelledError):
        cluster.Cluster(client)._made(Future())
    with pytest.raises(KeyboardInterrupt):
        cluster.Cluster(client, asked=lambda: signal.SIGTERM)._made(Future())


@pytest.mark.usefixtures("soon")
def test_a_task_is_waited_for_as_long_as_the_scheduler_is_there() -> None:
    client: Any = Gone()
    client.status, task = "running", Future[bytes]()
    threading.Timer(0.5, task.set_result, [pickle.dumps([{}])]).start()
    assert cluster.Cluster(client)._made(task) == [{}]


def refuses_when_the_scheduler_is_lost(here: Started) -> None:
    import dask

    def kills(done: int, _: int) -> None:
        if done == 3:
            here.scheduler.kill()

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(RunError, match=r"the scheduler at tcp://.* was lost: begin one"),
    ):
        on(here.address, progress=kills)


@pytest.mark.skipif(sys.platform == "win32", reason="no signals of this kind on Windows")
@pytest.mark.parametrize(
    ("lost", "code", "told"),
    [
        ("the worker", 143, "000 of 40,000,000 trials are done and kept"),
        ("the scheduler", 1, r"was lost: begin one there again\. [\d,]+000 trials are kept: the same command goes on"),
    ],
)
def test_who_waits_in_vain_can_be_stopped_and_keeps_what_is_done(
    lost: str, code: int, told: str, tmp_path: Path
) -> None:
    with started(tmp_path, 1) as here:
        words = ["--trials", "40000000", "--executor", "dask", "--scheduler", here.address, "--out", "it"]
        command = [sys.executable, "-m", "pactrisk", "run", str(CONFIG), *words]
        environment = {**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}
        run = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        until = time.monotonic() + 100
        while not any((tmp_path / ".it.blocks").glob("*.[01]")):
            assert run.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        if lost == "the worker":
            here.workers[0].kill()
            # what it had done before is still to come
            time.sleep(1)
            run.send_signal(signal.SIGTERM)
        else:
            here.scheduler.kill()
        try:
            _, said = run.communicate(timeout=20)
        finally:
            run.kill()
    assert run.returncode == code, said
    assert re.search(told, said)
    assert "Traceback" not in said


def test_who_waits_for_a_first_worker_can_be_stopped(tmp_path: Path) -> None:
    with (
        started(tmp_path, 0) as here,
        pytest.raises(KeyboardInterrupt, match=str(int(signal.SIGTERM))),
        cluster.connected(here.address, asked=lambda: signal.SIGTERM),
    ):
        pass


def test_no_certificates_for_tls(tmp_path: Path) -> None:
    import dask

    with pytest.raises(RunError, match=r"no certificates here for tls://.*: set distributed\.comm\.tls in"):
        on("tls://127.0.0.1:9")
    gone = {f"distributed.comm.tls.{word}": str(tmp_path / "gone") for word in ("ca-file", "client.cert")}
    with dask.config.set(gone), pytest.raises(RunError, match=r"certificates for tls://.* cannot be read"):
        on("tls://127.0.0.1:9")


def test_no_scheduler_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_ANSWER", 1)
    with pytest.raises(RunError, match="no Dask scheduler answers at tcp://"):
        on("tcp://127.0.0.1:9")


def test_without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RunError, match=r"pip install '\.\[cluster\]'"):
        on("tcp://127.0.0.1:9")


@pytest.mark.parametrize(
    ("who", "what", "told"),
    [
        ("scheduler", {"dask": "1.0"}, "the scheduler has dask 1.0, here it is 2.0"),
        ("worker", {"numpy": "1.26.4"}, "the worker at tcp://a has numpy 1.26.4, here it is 2.0"),
        ("worker", {"pactrisk": None}, "the worker at tcp://a has no pactrisk, here it is 2.0"),
        ("worker", {"python": "3.12.1.final.0"}, "the worker at tcp://a has python 3.12, here it is 3.11"),
    ],
)
def test_who_is_not_like_this_machine_is_named(who: str, what: dict[str, str | None], told: str) -> None:
    def said(more: dict[str, str | None]) -> dict[str, Any]:
        packages = {**dict.fromkeys(cluster._SAME, "2.0"), "python": "3.11.7.final.0", **more}
        return {"packages": packages, "host": {"machine": "x86_64"}}

    class Fake:
        def get_versions(self, packages: list[str]) -> dict[str, Any]:
            assert set(packages) == set(cluster._SAME)
            workers = {"tcp://a": said(what if who == "worker" else {}), "tcp://b": said({})}
            return {"client": said({}), "scheduler": said(what if who == "scheduler" else {}), "workers": workers}

    with pytest.raises(RunError) as found:
        cluster._check(Fake())
    assert told in str(found.value)
