"""The same bytes whoever makes the blocks, in whatever portions, and in whichever order the files say it."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mortal import halved, halved_later, signed
from pactrisk.arranging import arranged
from pactrisk.children import Crew
from pactrisk.ensemble import Alone, Executor, Plan, Processes, Sums, Threads, run
from pactrisk.report.archive import to_json, to_npz
from pactrisk.stopping import Stopping
from pactrisk.study import Result, Study
from small_world import data, plan

TRIALS = 15_000
"""Eight blocks, the last cut short."""


def study(tables: dict[str, Any] | None = None, **asked: Any) -> Study:
    warmer = {**data(), "ceremony_effect": 0.5}
    return Study(plan(tables, {"warmer": warmer}, **{"trials": TRIALS, "headline": 24, **asked}))


def made(result: Result) -> tuple[bytes, bytes]:
    """The stored sums and the results file."""
    return to_npz(result.store()), to_json(result.results())


@cache
def truth() -> tuple[bytes, bytes]:
    return made(study().run(executor=Alone()))


@pytest.mark.parametrize(
    "executor",
    [Processes(1), Processes(2), Processes(7, 2), Processes(2, 100), Threads(2), Threads(7), Threads(3, 3)],
    ids=str,
)
def test_who_makes_the_blocks_moves_no_byte(executor: Executor) -> None:
    assert made(study().run(executor=executor)) == truth()


@pytest.mark.parametrize("executor", [Alone(), Threads(2), Threads(3, 2), Processes(2, 3)], ids=str)
def test_interrupted_under_one_and_resumed_under_another_moves_no_byte(executor: Executor) -> None:
    kept: dict[int, Sums] = {}
    study().run(executor=Threads(2, 5), keep=lambda sums, done: kept.update({done: dict(sums)}))
    assert sorted(kept) == list(range(1, 8)), "whole blocks only"
    assert made(study().run(executor=executor, begun=(5, kept[5]))) == truth()


@pytest.mark.parametrize("executor", [Threads(3), Threads(2, 7), Processes(2, 4)], ids=str)
def test_it_stops_at_the_same_block(executor: Executor) -> None:
    asked = plan(trials=60_000, horizon=24, precision=0.02)
    alone = run(asked, {}, stop=Stopping(asked), executor=Alone())
    assert 10_000 <= int(alone["trials"]) < 60_000
    assert to_npz(run(asked, {}, stop=Stopping(asked), executor=executor)) == to_npz(alone)


def reordered(tables: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Sections in another order, and the keys of each driver, pace, template and agreement."""
    mixed = {key: tables[key] for key in rng.sample(sorted(tables), len(tables))}
    for section in ("drivers", "paces", "templates"):
        mixed[section] = {name: dict(rng.sample(list(t.items()), len(t))) for name, t in mixed[section].items()}
    mixed["agreements"] = [dict(rng.sample(list(t.items()), len(t))) for t in mixed["agreements"]]
    return mixed


def entries_reordered(tables: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Drivers, paces, frailties and agreements in another order."""
    mixed = dict(tables)
    for section in ("drivers", "factors", "paces", "frailties"):
        mixed[section] = dict(rng.sample(list(mixed[section].items()), len(mixed[section])))
    return {**mixed, "agreements": rng.sample(mixed["agreements"], len(mixed["agreements"]))}


def test_reordered_files_move_no_byte() -> None:
    assert made(study(reordered(data(), random.Random(5))).run(executor=Threads(2))) == truth()


def test_reordered_entries_move_no_byte() -> None:
    def ordered(tables: dict[str, Any]) -> Study:
        asked = study(tables, trials=2000).plan
        worlds = {name: arranged(world) for name, world in asked.variants.items()}
        return Study(Plan(asked.question, arranged(asked.scenario), worlds))

    mixed = entries_reordered(data(), random.Random(1))
    assert [a["id"] for a in mixed["agreements"]] != [a["id"] for a in data()["agreements"]]
    assert made(ordered(mixed).run()) == made(ordered(data()).run())


def block(index: int) -> Sums:
    return {"index": np.array(index)}


def late_first(index: int) -> Sums:
    time.sleep(0.02 * (index % 3 == 0))
    return block(index)


def in_a_list(executor: Executor, make: Callable[[int], Sums], indices: range) -> list[int]:
    return [int(sums["index"]) for sums in executor.blocks(make, indices)]


def test_blocks_come_in_their_order() -> None:
    for executor in (Alone(), Threads(1), Threads(4), Threads(3, 2), Threads(2, 100)):
        assert in_a_list(executor, late_first, range(5, 26)) == list(range(5, 26)), executor
        assert in_a_list(executor, block, range(0)) == []


@pytest.mark.parametrize(("workers", "batch", "count"), [(2, 1, 5), (3, 2, 12)])
def test_the_last_task_is_left_to_this_process(workers: int, batch: int, count: int) -> None:
    """It would wait, idle, for another to come to it."""
    with Crew() as crew:
        crew.of(workers - 1)
        for begun in [crew.send(time.sleep, 0.5) for _ in range(workers - 1)]:
            begun.result()
        made = list(Processes(workers, batch, crew).blocks(signed, range(count)))
    assert [int(sums["index"]) for sums in made] == list(range(count))
    assert {int(sums["maker"]) for sums in made[-batch:]} == {os.getpid()}
    assert len({int(sums["maker"]) for sums in made}) > 1


def test_no_more_is_made_ahead_than_a_few_tasks() -> None:
    """Whoever reads slowly does not fill the memory, and whoever stops reading stops the work."""
    count = 0
    lock = threading.Lock()

    def counted(index: int) -> Sums:
        nonlocal count
        with lock:
            count += 1
        return block(index)

    found = Threads(2, 3).blocks(counted, range(1000))
    next(found)
    time.sleep(0.2)
    assert count <= (2 * 2 + 1) * 3
    found.close()
    before = count
    time.sleep(0.1)
    assert count == before


def test_an_error_of_a_block_comes_through() -> None:
    def fails(index: int) -> Sums:
        if index == 3:
            raise ArithmeticError("block 3")
        return block(index)

    for executor in (Alone(), Threads(2), Threads(2, 2)):
        with pytest.raises(ArithmeticError, match="block 3"):
            in_a_list(executor, fails, range(8))


def test_a_process_that_dies_while_it_hands_over_holds_nobody_up(tmp_path: Path) -> None:
    told: list[str] = []
    made = Processes(3).blocks(partial(halved, tmp_path / "once"), range(40), told.append)
    assert [int(sums["index"]) for sums in made] == list(range(40))
    assert len(told) == 1


def test_nor_does_one_that_dies_when_nobody_waits_for_it_any_more(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    made = Processes(2).blocks(partial(halved_later, begun), range(200))
    assert [int(next(made)["index"]) for _ in range(2)] == [0, 1]
    while not begun.exists():
        time.sleep(0.01)
    made.close()
