"""What a scenario says of itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pactrisk.scenario import Scenario
from pactrisk.sizes import block_bytes
from pactrisk.streams import BLOCK
from small_world import data, plan


def certain() -> dict[str, Any]:
    """A world of one agreement and no number that is not known."""
    tables = data()
    contract = {"track": "material", "duration": 9, "weight": 1.0}
    tables["agreements"] = [{"id": "grain", "milestones": {"contract": contract}}]
    return {"title": tables["title"], "signed": tables["signed"], "agreements": tables["agreements"]}


@pytest.mark.parametrize(
    ("presence", "uncertain"),
    [
        (0, False),
        (1, False),
        ({"value": 1.0, "source": "the text"}, False),
        ({"value": 0, "source": "the text"}, False),
        (0.4, True),
        ({"value": 0.4}, True),
        ({"p10": 0.2, "p90": 0.7}, True),
    ],
)
def test_a_presence_that_is_settled_is_no_ignorance(presence: Any, uncertain: bool) -> None:
    tables = certain()
    tables["agreements"].append({**tables["agreements"][0], "id": "rail", "presence": presence})
    assert Scenario.from_data(tables).uncertain_presence() == (("rail",) if uncertain else ())
    assert plan(tables).trials_per_world == (20 if uncertain else 1)


def test_a_copy_takes_nothing_along_that_was_worked_out_of_the_old_values() -> None:
    scenario = Scenario.from_data(data())
    assert len(scenario.milestones_in_order) > 3
    assert len(scenario.drivers_in_order) > 3
    fewer = scenario.model_copy(update={"agreements": scenario.agreements[:1], "drivers": {}})
    assert {id_ for id_, _ in fewer.milestones_in_order} == {scenario.agreements[0].id}
    assert fewer.drivers_in_order == []


def test_clocks_of_each_day_of_signature_are_counted_in_the_memory_of_a_block() -> None:
    """Only where ceremony speeds work has each day a clock of its own."""
    tables = certain()
    tables["drivers"] = {"visits": {"kind": "events", "rate": 1}}
    one = tables["agreements"][0] | {"ceremonies": [{"driver": "visits", "weight": 1}]}
    tables["agreements"] = [
        {**one, "id": f"a{day}", "signed": tables["signed"] + timedelta(days=day)} for day in range(20)
    ]
    slow, fast = (Scenario.from_data({**tables, "ceremony_effect": effect}) for effect in (0, 0.5))
    apart = block_bytes(fast, 61) - block_bytes(slow, 61)
    assert apart == 19 * 8 * BLOCK * 61
