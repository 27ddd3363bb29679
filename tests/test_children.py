"""A crew: it begins when it is needed, does what it is sent, survives its members, and leaves nobody behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from end_to_end.desk import lay_out, tagged
from mortal import named
from pactrisk import config, runs
from pactrisk.children import Crew
from pactrisk.cli import _main as cli
from pactrisk.config import load


def alive() -> set[int | None]:
    return {child.pid for child in multiprocessing.active_children()}


def test_nobody_begins_before_there_is_a_task_and_nobody_stays() -> None:
    before = alive()
    with Crew() as crew:
        crew.of(3)
        assert alive() == before
        assert crew.send(os.getpid).result() in alive() - before
        assert len(alive() - before) == 1, "one task needs one process"
        waiting = [crew.send(time.sleep, 60) for _ in range(3)]
        assert 1 <= len(alive() - before) <= 3
    assert alive() == before, "whatever they were doing"
    assert all(task.cancelled() or task.exception() is not None for task in waiting)


def test_the_same_processes_stay_until_another_number_is_asked_for() -> None:
    with Crew() as crew:
        crew.of(1)
        first = crew.send(os.getpid).result()
        crew.of(1)
        assert crew.send(os.getpid).result() == first
        crew.of(2)
        assert crew.send(os.getpid).result() != first
        assert first not in alive()


def test_each_that_has_begun_is_sent_what_all_must_do(tmp_path: Path) -> None:
    with Crew() as crew:
        crew.each(os.getpid)
        crew.of(2)
        crew.each(os.getpid)
        assert not crew._processes(), "nobody begins for that"
        both = [crew.send(time.sleep, 1) for _ in range(2)]
        assert len(crew._processes()) == 2
        crew.each(partial(named, tmp_path))
        for task in (*both, *(crew.send(time.sleep, 0.5) for _ in range(2))):
            task.result()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_crew_that_lost_somebody_begins_anew_and_each_is_then_nobody() -> None:
    with Crew() as crew:
        crew.of(1)
        os.kill(crew.send(os.getpid).result(), signal.SIGKILL)
        task = crew.send(time.sleep, 60)
        crew.wait_for(task)
        crew.each(os.getpid)
        crew.of(1)
        assert crew.send(os.getpid).result() != os.getpid()


def test_what_nobody_will_read_holds_up_no_end() -> None:
    """More than a pipe holds is on its way to a process that dies, all of it called back."""
    script = """
import os, signal, time
from pactrisk.children import Crew
if __name__ == "__main__":
    with Crew() as crew:
        crew.of(1)
        child = crew.send(os.getpid).result()
        tasks = [crew.send(time.sleep, 60), *(crew.send(len, "x" * 400_000) for _ in range(8))]
        time.sleep(0.2)
        for task in tasks:
            task.cancel()
        os.kill(child, signal.SIGKILL)
        time.sleep(1)
"""
    done = subprocess.run([sys.executable, "-c", script], timeout=20, capture_output=True, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("after", ["simulating", "loading"])
def test_a_worker_that_is_lost_when_nobody_waits_for_it_costs_nothing(
    after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = lay_out(tmp_path, tagged(), {"scenario": "small", "horizon": 12, "trials": 20_000})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pactrisk.processors.processors", lambda: 2)
    before, real = alive(), getattr(runs if after == "simulating" else config, WHEN[after])

    def lose(*given: Any, **named: Any) -> Any:
        lost = alive() - before
        assert lost
        for pid in lost:
            os.kill(pid or 0, signal.SIGKILL)
        time.sleep(0.3)
        return real(*given, **named)

    monkeypatch.setattr(f"pactrisk.{'runs' if after == 'simulating' else 'config'}.{WHEN[after]}", lose)
    assert cli(["run", str(desk), "-q"]) == 0
    assert (tmp_path / "reports" / "small" / "index.html").is_file()
    assert alive() == before


WHEN = {"simulating": "record_of", "loading": "load"}


@pytest.mark.parametrize("asked", [["--set", "executor=alone"], ["--set", "workers=1"]])
def test_a_config_that_wants_nobody_beside_keeps_nobody(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = lay_out(tmp_path, tagged(), {"scenario": "small", "horizon": 12, "trials": 2000, "analyses": ["headline"]})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pactrisk.processors.processors", lambda: 2)
    before, seen, real = alive(), list[bool](), runs.finish
    monkeypatch.setattr("pactrisk.runs.finish", lambda *given: seen.append(alive() == before) or real(*given))
    assert cli(["run", str(desk), "-q", *asked]) == 0
    assert seen == [True]


def test_the_engine_is_loaded_before_there_is_a_block() -> None:
    asked = "import sys, pactrisk.children; pactrisk.children.call('pactrisk.readiness', 'load_engine')"
    told = "print(all(f'pactrisk.{m}' in sys.modules for m in ('study', 'kernels.stays', 'kernels.prices')))"
    run = subprocess.run([sys.executable, "-c", f"{asked}; {told}"], capture_output=True, text=True, check=True)
    assert run.stdout == "True\n"


def test_who_waits_for_one_that_is_lost_is_told() -> None:
    with Crew() as crew:
        crew.of(1)
        lost = crew.send(os.getpid).result()
        task = crew.send(time.sleep, 60)
        os.kill(lost, signal.SIGKILL)
        crew.wait_for(task)
        with pytest.raises(BrokenProcessPool):
            task.result()
        crew.dismiss()
        crew.of(1)
        assert crew.send(os.getpid).result() != lost


def test_a_run_that_cannot_begin_leaves_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pactrisk.processors.processors", lambda: 2)
    before, begun = alive(), list[set[int | None]]()
    # by then one loads the engine
    monkeypatch.setattr("pactrisk.config.load", lambda *given, **named: begun.append(alive()) or load(*given, **named))
    assert cli(["run", "nowhere.toml"]) == 2
    assert len(begun[0] - before) == 1
    assert alive() == before


@pytest.mark.parametrize("dies", [True, False])
def test_what_was_called_off_is_no_stumbling_block(monkeypatch: pytest.MonkeyPatch, dies: bool) -> None:
    stumbled: list[object] = []
    monkeypatch.setattr(threading, "excepthook", stumbled.append)
    with Crew() as crew:
        crew.of(1)
        process = crew.send(os.getpid).result()
        sent = [crew.send(time.sleep, 60 if dies else 1) for _ in range(6)]
        while not sent[1].running():
            time.sleep(0.01)
        crew.call_off(sent)
        assert not sent[0].cancelled()
        assert sent[-1].cancelled()
        if dies:
            os.kill(process, signal.SIGKILL)
            crew.wait_for(sent[0])
        else:
            assert crew.send(os.getpid).result() == process, "it does what comes next"
    assert not stumbled
    assert all(task.done() for task in sent)
