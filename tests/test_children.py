"""A crew: it begins when it is needed, does what it is sent, survives its members, and leaves nobody behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

import pytest

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
        crew.send(os.getpid).result()
        crew.each(partial((tmp_path / "ready").touch, exist_ok=False))
        crew.send(os.getpid).result()
    assert [path.name for path in tmp_path.iterdir()] == ["ready"]


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
    monkeypatch.setattr("pactrisk.config.load", lambda *_: begun.append(alive()) or load(*_))
    assert cli(["run", "nowhere.toml"]) == 2
    assert len(begun[0] - before) == 1
    assert alive() == before
