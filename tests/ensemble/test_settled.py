"""What is ruled out is never drawn, and all else that the rule tells apart by age is."""

from __future__ import annotations

import numpy as np
import pytest

from pactrisk.ensemble import Reading, simulate_block
from pactrisk.ensemble.settled import in_classes, in_groups, never_in, unsigned
from pactrisk.estimators import Estimates
from pactrisk.outcomes import CLASSES, GROUPS
from small_world import data, plan

WORLDS = {
    "as it is": {},
    "by the quarter": {"step": "quarter"},
    "judged at once": {"rule": {"pending": 0}},
}


@pytest.mark.parametrize("asked", WORLDS.values(), ids=WORLDS)
def test_what_is_ruled_out_is_never_drawn(asked: dict[str, object]) -> None:
    tables = data()
    tables["agreements"][0]["ending"] = None
    whole = {"contract": {"weight": 1.0}}
    tables["agreements"].append({"id": "dream", "template": "memorandum", "presence": 0, "milestones": whole})
    asked_of = plan(tables, **asked)
    never = never_in(Reading(asked_of, {}))
    base = simulate_block(asked_of, 0).base
    seen = np.stack([(base.classes == place).any(axis=-1) for place in range(len(CLASSES))], axis=-1)
    assert not (never & seen).any()
    # of what hangs on age or presence alone, nothing is left that could be but is not drawn
    assert (seen | never)[..., np.isin(CLASSES, ["pending", "absent"])].all()
    assert not never[..., : CLASSES.index("pending")].all(axis=(0, 1)).any()
    ids = list(asked_of.scenario.ids)
    assert never[ids.index("dream"), :, :-1].all()
    assert not never[ids.index("dream"), :, -1].any()
    assert never[ids.index("grain"), :, CLASSES.index("reversed")].all()
    for row, agreement in zip(unsigned(asked_of), asked_of.scenario.agreements, strict=True):
        begins = agreement.signed or asked_of.scenario.signed
        assert list(row) == [day < begins for day in asked_of.grid.dates]


def test_what_is_known_has_no_interval_and_what_is_seen_all_the_same_keeps_its_own() -> None:
    """A chance that says otherwise is never overruled: only a nought, or all, is without doubt."""
    reading = Reading(plan(), {})
    shape = never_in(reading).shape
    for settle, words in ((in_classes, tuple(CLASSES)), (in_groups, tuple(GROUPS))):
        value = np.zeros((*shape[:2], len(words)))
        early = words.index("pending" if "pending" in words else "too early")
        value[..., early] = 1.0
        found = settle(reading, Estimates(value, value * 0.9, value * 0.9 + 0.1, 0.95, "probability", np.array(9), 9))
        signed_late, at_last = list(reading.plan.scenario.ids).index("science"), shape[1] - 1
        np.testing.assert_array_equal(found.low[signed_late, 0], value[signed_late, 0])
        np.testing.assert_array_equal(found.high[signed_late, 0], value[signed_late, 0])
        assert found.high[signed_late, at_last, early] == 1.0
        assert found.low[signed_late, at_last, early] == 0.9
        assert found.high[signed_late, at_last, 0] == 0.1
        alone = settle(reading, found[:, at_last], at_last)
        np.testing.assert_array_equal(alone.high, found.high[:, at_last])
