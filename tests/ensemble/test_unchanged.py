"""A variant simulated beside the scenario, drivers taken over, is the variant simulated by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from pactrisk.clocks import Clock
from pactrisk.drivers import until
from pactrisk.ensemble import Plan, block, simulate_block
from small_world import data, plan

MOVED_BY: dict[str, set[str]] = {
    "gold": {"gold"},
    "war": {"war", "oil", "attacks", "route", "stress"},
    "fear": {"gas", "will"},
    "demand": {"oil", "gas", "stress"},
    "shock": {"oil", "stress"},
    "trigger": {"route"},
    "pace": set(),
    "same": set(),
}
"""Of each edit, the drivers that it reaches: its own, those that load on its factor, and all that read them."""


def edited(edit: str) -> dict[str, Any]:
    tables = data()
    drivers = tables["drivers"]
    if edit == "gold":
        drivers["gold"]["drift"] = 0.05
    elif edit == "war":
        drivers["war"]["states"]["hot"]["duration"] = 30
    elif edit == "fear":
        tables["factors"]["fear"]["tails"] = 3
    elif edit == "demand":
        tables["factors"]["demand"]["tails"] = 3
    elif edit == "shock":
        tables["shocks"] = [{"driver": "oil", "date": date(2026, 9, 1), "size": -0.4}]
    elif edit == "trigger":
        drivers["route"]["triggers"][0]["chance"] = 0.9
    elif edit == "pace":
        tables["paces"]["works"]["effects"][1]["elasticity"] = 1.5
    return tables


@pytest.mark.parametrize("edit", MOVED_BY)
def test_what_is_taken_over_is_what_would_be_simulated(edit: str) -> None:
    asked = plan(variants={edit: edited(edit)})
    assert set(asked.scenario.drivers) - asked.unchanged[edit] == MOVED_BY[edit]
    beside = simulate_block(asked, 0)
    alone = simulate_block(Plan(asked.question, asked.variants[edit]), 0).base
    assert np.array_equal(beside.variants[edit], alone.classes[:, asked.headline])
    # the edits are large enough to be seen: the drivers taken over are all that did not move
    moved = {
        name
        for name in asked.scenario.drivers
        if (a := beside.base.paths[name]) and not np.array_equal(*(_seen(p) for p in (a, alone.paths[name])))
    }
    assert moved == MOVED_BY[edit]


@pytest.mark.parametrize("sampler", ["plain", "latin", "sobol"])
@pytest.mark.parametrize("step", ["month", "quarter"])
@pytest.mark.parametrize("edit", MOVED_BY)
def test_a_variant_is_simulated_no_further_than_is_told_of_it(
    edit: str, step: str, sampler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = plan(variants={edit: edited(edit)}, headline=18, step=step, sampler=sampler, trials_per_world=5)
    lengths, simulated = [], block.simulate

    def watched(drivers: Any, factors: Any, shocks: Any, worlds: Any, grid: Any, *others: Any) -> Any:
        lengths.append(grid.points)
        return simulated(drivers, factors, shocks, worlds, grid, *others)

    monkeypatch.setattr(block, "simulate", watched)
    beside = simulate_block(asked, 0)
    assert lengths == [asked.grid.points, asked.headline + 1]
    monkeypatch.undo()
    whole = simulate_block(Plan(asked.question, asked.variants[edit]), 0).base
    assert np.array_equal(beside.variants[edit], whole.classes[:, asked.headline])
    assert len(np.unique(beside.variants[edit])) > 3


def test_a_path_that_begins_another_is_told_from_it_and_stands_for_it() -> None:
    paths = simulate_block(plan(), 0).base.paths
    for path in paths.items().values():
        begun = until(path, 9)
        assert begun.whole is path
        assert _seen(begun).shape == (9, 2000)
        assert np.shares_memory(_seen(begun), _seen(path))
    price = paths.valued("oil")
    assert np.array_equal(np.log(price.values)[:9], until(price, 9).log)


def test_clocks_that_no_edit_moves_are_not_made_again_for_a_shorter_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made, from_pace = [], Clock.from_pace.__func__

    def counted(cls: type[Clock], pace: Any, step: float) -> Clock:
        made.append(len(pace))
        return from_pace(cls, pace, step)

    monkeypatch.setattr(Clock, "from_pace", classmethod(counted))
    simulate_block(plan(headline=18), 0)
    alone = list(made)
    made.clear()
    simulate_block(plan(headline=18, variants={edit: edited(edit) for edit in ("gold", "same")}), 0)
    assert made == alone


def test_a_driver_added_or_removed_is_simulated() -> None:
    tables = data()
    tables["drivers"]["silver"] = tables["drivers"].pop("gold")
    tables["quantities"] = {}
    asked = plan(variants={"other": tables})
    assert asked.unchanged["other"] == asked.scenario.drivers.keys() - {"gold"}


def _seen(path: Any) -> Any:
    return path.states if hasattr(path, "states") else path.values
