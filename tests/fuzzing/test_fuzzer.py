"""Files spoilt by machine: a plain answer to each, quickly and in little memory, and a sound run of what is accepted.

``PACTRISK_FUZZ=20000 pytest -s tests/fuzzing`` tries so many inputs, on every processor, and prints what it found.
``python tests/fuzzing/judge.py 1 4711 4712`` tries input 4711 of seed 1 again.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from fuzzing.inputs import CONFIG, EXTENSION, Input, made
from fuzzing.judge import judged
from pactrisk.errors import InputError, Place, Problem, RunError
from small_world import data

SEED = 1
HERE = Place("configs/main.toml", 1)
COUNT = int(os.environ.get("PACTRISK_FUZZ", "240"))
MANY = 2000
SECONDS, MEBIBYTES = (2.0 if COUNT >= MANY else 10.0), 1024
"""Most time of a processor for one answer, and most memory of the process that gives them and simulates.

Few inputs are tried beside other tests, on machines of any speed, where only what would hang is told from what is slow.
"""
SILENCE = 120
"""Seconds after which a process that says nothing is taken to hang; it may have to wait for its turn."""


def answers(first: int, last: int) -> Iterator[dict[str, Any]]:
    """What came of each input, by a process of its own, which is begun again where an input ends it."""
    while first < last:
        for answer in _process(first, last):
            yield answer
            first = answer["number"] + 1
        if first < last:
            yield {
                "number": first,
                "how": made(SEED, first).how,
                "answer": "ended",
                "wrong": ["killed, or silent too long"],
            }
            first += 1


def _process(first: int, last: int) -> Iterator[dict[str, Any]]:
    script = [sys.executable, "-W", "error", str(Path(__file__).with_name("judge.py")), *map(str, (SEED, first, last))]
    path = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with (
        subprocess.Popen(script, stdout=subprocess.PIPE, env=path, bufsize=0) as process,
        selectors.DefaultSelector() as waiting,
    ):
        assert process.stdout is not None
        waiting.register(process.stdout, selectors.EVENT_READ)
        while waiting.select(SILENCE):
            line = process.stdout.readline()
            if not line:
                return
            yield json.loads(line)
        process.kill()


# the time that all tests have is for few inputs; one that hangs is told by its silence
@pytest.mark.timeout(3 * 3600 if COUNT >= MANY else 300)
def test_every_input_has_a_plain_answer_in_time_and_memory() -> None:
    begun, workers = time.monotonic(), os.cpu_count() or 1 if COUNT >= MANY else 1
    edges = [COUNT * n // workers for n in range(workers + 1)]
    with ThreadPoolExecutor(workers) as pool:
        halves = pool.map(lambda edge: list(answers(*edge)), pairwise(edges))
        found = [answer for half in halves for answer in half]
    wrong = [(a["number"], a["how"], a["wrong"]) for a in found if a["wrong"]]
    slow = [(a["seconds"], a["number"], a["how"]) for a in found if a.get("seconds", 0) > SECONDS]
    _print(found, time.monotonic() - begun)
    assert [answer["number"] for answer in found] == list(range(COUNT))
    assert not wrong, f"{len(wrong)} inputs; the first: {wrong[:5]}"
    assert not slow, f"{len(slow)} inputs; the first: {slow[:5]}"
    assert max(answer["peak_mib"] for answer in found) < MEBIBYTES
    refused = sum(answer["answer"] == "refused" for answer in found)
    assert COUNT / 3 < refused < 0.97 * COUNT, "files that are all refused, or all fine, try nothing"


def _print(found: list[dict[str, Any]], took: float) -> None:
    seconds = sorted((a.get("seconds", 0.0), a["number"]) for a in found)
    ran = Counter(a["ran"].partition(":")[0] for a in found if a.get("ran"))
    said = Counter(message for a in found for message, _ in a.get("problems", ()))
    print(f"\n{len(found):,} inputs in {took:,.0f} s: {dict(Counter(a['answer'] for a in found))}, then {dict(ran)}")
    print(f"slowest {seconds[-1][0]:.2f} s (input {seconds[-1][1]}), median {seconds[len(seconds) // 2][0]:.3f} s")
    print(f"memory at most {max(a.get('peak_mib', 0) for a in found):,} MiB; {len(said):,} different sentences")


def test_an_input_is_had_again_by_its_seed_and_number() -> None:
    assert [made(5, n) for n in range(40)] == [made(5, n) for n in range(40)]
    assert made(5, 7) != made(6, 7)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _input(number: int, config: dict[str, Any], scenario: dict[str, Any] = EXTENSION) -> Input:
    files = {"configs/main.toml": config, "scenarios/main.toml": scenario, "scenarios/base.toml": data()}
    return Input(
        number, {path: tomli_w.dumps(tables).encode() for path, tables in files.items()}, ("configs/main.toml",), ""
    )


def test_the_files_are_fine_before_they_are_spoilt(folder: Path) -> None:
    answer = judged(_input(0, CONFIG, data()), folder)
    assert (answer["answer"], answer["ran"], answer["wrong"]) == ("fine", "finished", [])


@pytest.mark.parametrize(
    "error",
    [
        *(
            InputError(Problem("x", message, "", HERE))
            for message in ("a\nb", "<class 'int'>", "\u202ex", "", "m" * 401)
        ),
        *(
            InputError(Problem("x", "is odd", "", place))
            for place in (Place("configs/none.toml", 1), Place(HERE.file, 999))
        ),
        *(InputError(Problem("a\nb", "is odd", "", HERE)), RunError("stops"), ZeroDivisionError("x")),
    ],
)
def test_a_poor_answer_is_noticed(folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def poor(*_: object) -> None:
        raise error

    monkeypatch.setattr("pactrisk.config.loading.built", poor)
    assert judged(_input(1, CONFIG), folder)["wrong"]
