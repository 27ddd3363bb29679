"""How many and what most are: counted by hand, and again from raw trials."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import numpy as np
import pytest

from pactrisk.analyses import registry
from pactrisk.findings import Columns, Lines


def frames(run: Any) -> dict[str, Any]:
    return {table.name: table.frame for table in run.finding("portfolio").tables}


def test_by_hand(by_hand: Any) -> None:
    # three agreements (rows) in eight trials: 3, 1, 0, 0, 1, 0, 0 and 0 substantive; most are substantive, symbolic,
    # failed, none, none (one each of the two that are there), failed (the only one there), symbolic and failed
    first, second, third = [0, 1, 5, 4, 0, 5, 2, 6], [1, 2, 6, 5, 5, 7, 4, 6], [0, 4, 7, 3, 7, 7, 5, 6]
    run = by_hand([[first, second, third]])
    found = frames(run)
    numbers = found["how-many"].set_index("number")
    assert numbers.exactly.tolist() == [5 / 8, 2 / 8, 0, 1 / 8]
    assert numbers.at_least.tolist() == [1, 3 / 8, 1 / 8, 1 / 8]
    assert numbers.at_least_low[0] == 1
    last = found["majorities"].iloc[-1]
    assert last.substantive_cooperation == 1 / 8
    assert last.symbolic_diplomacy == 2 / 8
    assert last.failed == 3 / 8


def test_every_date_is_counted(small: Any) -> None:
    found = frames(small)
    classes = small.raw(lambda b: b.base.classes)
    number = (classes <= 1).sum(axis=0)
    by_date = found["at-least-by-date"].set_index(["date", "number"])
    majorities = found["majorities"].set_index("date")
    members = {"substantive_cooperation": (0, 1), "symbolic_diplomacy": (2, 4), "failed": (5, 6)}
    for k, day in enumerate(small.plan.grid.dates):
        for at_least in (1, 2, 3):
            row = by_date.loc[(day.isoformat(), at_least)]
            assert row.chance == (number[k] >= at_least).mean()
            assert row.chance_low <= row.chance <= row.chance_high
        for word, places in members.items():
            share = (np.isin(classes[:, k], places).sum(axis=0) > 1.5).mean()
            assert majorities.loc[day.isoformat(), word] == share


def test_worlds_not_trials_are_independent(by_hand: Any) -> None:
    # the same trials, once as worlds of two like ones and once apart: alike trials say less
    one = np.array([[0, 0, 5, 5, 5, 5, 5, 5], [5] * 8, [5] * 8])
    together = frames(by_hand([np.tile(one, 2)], trials_per_world=2))["how-many"]
    # trial i and i + 8 are of one world: they are alike
    apart = frames(by_hand([np.tile(one, 2)], trials_per_world=1, data=certain()))["how-many"]
    assert together.exactly.tolist() == apart.exactly.tolist()
    assert together.exactly_high[1] > apart.exactly_high[1]


def certain() -> dict[str, Any]:
    """Three agreements without any uncertain number, so that every trial is a world."""
    works = {"works": {"track": "material", "duration": 6, "weight": 1.0}}
    return {
        "title": "Sure",
        "signed": date(2026, 2, 27),
        "agreements": [{"id": id_, "milestones": works} for id_ in ("rail", "school", "grain")],
    }


def test_figures(small: Any) -> None:
    columns, lines = small.finding("portfolio").figures
    assert isinstance(columns, Columns)
    assert isinstance(lines, Lines)
    assert columns.values.sum() == pytest.approx(1)
    titles = ["At least so many in substantive cooperation", "Most agreements are"]
    assert [panel.title for panel in lines.panels] == titles
    assert lines.panels[0].values.shape == (len(lines.panels[0].series), small.plan.grid.points)


def test_sentence(by_hand: Any) -> None:
    classes = np.full((3, 100), 5)
    classes[0, :90] = 1
    said = by_hand([classes]).finding("portfolio").sentence
    assert "the likeliest number is 1 with chance 90%" in said
    assert "At least one: 90%" in said
    # never seen, so bounded: never a naked nought
    assert "most are symbolic diplomacy is under" in said


def test_numbers_that_tie_stand_in_the_order_of_their_chances(by_hand: Any) -> None:
    classes = np.full((3, 100), 5)
    classes[0, :75], classes[1, :35] = 1, 1
    said = by_hand([classes]).finding("portfolio").sentence
    each = [rf"{number} with chance {chance}% \(\S+\)" for number, chance in (("1", 40), ("2", 35), ("none", 25))]
    assert re.search(f"the likeliest number is {' or '.join(each)}. ", said), said


def test_of_many_numbers_that_tie_only_the_likeliest_is_told_with_its_chance(by_hand: Any) -> None:
    """Five numbers of about one chance are no list for a sentence."""
    data = certain()
    terms = data["agreements"][0]
    data["agreements"] = [terms | {"id": f"a{i}"} for i in range(5)]
    many = np.repeat(np.arange(5), (18, 22, 20, 20, 20))
    classes = np.where(np.arange(5)[:, None] < many, 1, 5)
    said = by_hand([classes], data).finding("portfolio").sentence
    assert re.search(r"the likeliest number is 1 with chance 22% \(\S+\); 4 others from 0 to 4 cannot be told", said), (
        said
    )


def test_half_of_two_is_one_and_not_said_twice(by_hand: Any) -> None:
    data = certain()
    data["agreements"] = data["agreements"][:2]
    said = by_hand([np.array([[1, 5] * 50, [5, 5] * 50])], data).finding("portfolio").sentence
    assert "At least one: 50%" in said
    assert "at least half" not in said


def test_one_agreement_is_no_portfolio(simulated: Any) -> None:
    data = certain()
    data["agreements"] = data["agreements"][:1]
    assert simulated(data, trials=200).finding("portfolio") is None


def test_blocks_add_up(small: Any) -> None:
    sums = small.sums("portfolio")
    parts = [registry()["portfolio"].observe(block) for block in small.blocks]
    for key in parts[0]:
        assert np.array_equal(sums[f"portfolio/{key}"], parts[0][key] + parts[1][key])
