"""Agreements that a variant cannot move: by hand, and the same bit for bit where it is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pactrisk.ensemble import simulate_block
from pactrisk.ensemble.untouched import untouched_agreements
from small_world import data, plan


def edited(edit: str) -> dict[str, Any]:
    tables = data()
    if edit == "gold":
        tables["drivers"]["gold"]["drift"] = 0.1
    elif edit == "war":
        tables["drivers"]["war"]["states"]["hot"]["duration"]["mean"] = 20
    elif edit == "grain":
        tables["agreements"][0]["depth"] = 0.5
    elif edit == "science":
        tables["agreements"][2]["milestones"]["contract"]["never"] = 0.9
    elif edit == "route":
        tables["drivers"]["route"]["triggers"][0]["chance"] = 0.9
    elif edit == "transport":
        tables["paces"]["transport"]["effects"][0]["factor"] = 0.5
    elif edit == "north":
        tables["frailties"]["north"]["sd"] = 0.6
    elif edit == "summits":
        tables["drivers"]["summits"]["rate"] = 3.0
    elif edit == "ceremony":
        tables["ceremony_effect"] = 0.2
    elif edit == "fewer":
        tables["agreements"] = [tables["agreements"][0], tables["agreements"][2]]
    return tables


@pytest.mark.parametrize(
    ("edit", "still"),
    [
        ("nothing", {"grain", "rail", "science"}),
        ("gold", {"grain", "rail", "science"}),
        ("war", set()),
        ("grain", {"science"}),
        ("science", {"grain", "rail"}),
        ("route", {"science"}),
        ("transport", {"grain", "science"}),
        ("north", set()),
        ("summits", set()),
        ("ceremony", set()),
        ("fewer", {"grain", "science"}),
    ],
)
def test_what_an_edit_cannot_reach_does_not_move_by_a_bit(edit: str, still: set[str]) -> None:
    asked = plan(variants={"other": edited(edit)})
    assert untouched_agreements(asked, "other") == still
    block = simulate_block(asked, 0)
    for id_ in still:
        here, there = asked.scenario.ids.index(id_), asked.variants["other"].ids.index(id_)
        np.testing.assert_array_equal(block.base.classes[here, asked.headline], block.variants["other"][there])
