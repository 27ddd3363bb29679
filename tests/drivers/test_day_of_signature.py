"""What happens on the day of signature is no part of what was there before: effects weigh it against the initial value,
and feel it after their lag."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from pactrisk.drivers import Driver, DriverPaths, Effect, Process, Shock, simulate
from pactrisk.drivers.effects import product
from pactrisk.ensemble.block import Simulated, _kept
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Worlds
from pactrisk.streams import Streams

DAY = date(2026, 2, 27)
GRID = TimeGrid(DAY, 6)
WORLDS = Worlds(Streams(5, 0, 4), 1)
STILL: dict[str, dict[str, Any]] = {
    "price": {"kind": "geometric_brownian", "initial": 100.0, "volatility": 0.0},
    "will": {"kind": "index", "mean": 3.0, "half_life": 6.0, "sd": 0.0},
    "war": {"kind": "regime", "initial": "calm", "states": {"calm": {}, "hot": {}}},
    "visits": {"kind": "events", "half_life": 1e9, "dated": [{"date": DAY}]},
    "stress": {"kind": "formula", "expression": "price / 20 + 4 * war.hot + visits"},
}
SHOCKS = [
    Shock(driver="price", date=DAY, size=-0.5),
    Shock(driver="will", date=DAY, size=1.0),
    Shock(driver="war", date=DAY, state="hot"),
]


def moved() -> DriverPaths:
    made: dict[str, Process] = TypeAdapter(dict[str, Driver]).validate_python(STILL)
    return simulate(made, {}, SHOCKS, WORLDS, GRID)


CASES: list[tuple[dict[str, Any], list[float]]] = [
    ({"driver": "price", "elasticity": 1.0}, [0.5] * 6),
    ({"driver": "price", "elasticity": 1.0, "lag": 2.0}, [1, 1, 0.5, 0.5, 0.5, 0.5]),
    ({"driver": "price", "elasticity": 1.0, "average": 4.0}, [0.875, 0.75, 0.625, 0.5, 0.5, 0.5]),
    ({"driver": "price", "elasticity": 1.0, "average": 2.0, "lag": 2.0, "reference": 50.0}, [2, 2, 1.5, 1, 1, 1]),
    ({"driver": "price", "below": 60.0, "factor": 0.1, "lag": 1.0}, [1, 0.1, 0.1, 0.1, 0.1, 0.1]),
    ({"driver": "will", "per_unit": 2.0}, [2.0] * 6),
    ({"driver": "will", "per_unit": 2.0, "lag": 5.0}, [1, 1, 1, 1, 1, 2]),
    ({"driver": "war", "state": "hot", "factor": 0.3}, [0.3] * 6),
    ({"driver": "war", "state": "hot", "factor": 0.3, "lag": 3.0}, [1, 1, 1, 0.3, 0.3, 0.3]),
    ({"driver": "visits", "per_unit": 3.0}, [3.0] * 6),
    ({"driver": "visits", "per_unit": 3.0, "lag": 1.0}, [1, 3, 3, 3, 3, 3]),
    ({"driver": "stress", "elasticity": 1.0}, [1.5] * 6),
    ({"driver": "stress", "per_unit": 1.1, "reference": 4.0, "lag": 4.0}, [1.1, 1.1, 1.1, 1.1, 1.1**3.5, 1.1**3.5]),
]


@pytest.mark.parametrize(("law", "truth"), CASES)
def test_an_effect_weighs_the_day_of_signature_against_what_was_before(law: dict[str, Any], truth: list[float]) -> None:
    found = product([Effect(**law)], moved(), WORLDS, GRID, "x")
    assert found is not None
    np.testing.assert_allclose(found, np.array(truth, dtype=float)[:, None] * np.ones(4), rtol=1e-8)


def test_a_formula_knows_what_it_was_before() -> None:
    paths = moved()
    assert (paths.valued("stress").initial == 5.0).all()
    np.testing.assert_allclose(paths.valued("stress").values[0], 2.5 + 4.0 + 1.0)
    without = {"war": STILL["war"], "it": {"kind": "formula", "expression": "3 * war.calm"}}
    made: dict[str, Process] = TypeAdapter(dict[str, Driver]).validate_python(without)
    hot = simulate(made, {}, SHOCKS[2:], WORLDS, GRID).valued("it")
    assert (hot.values == 0.0).all()
    assert (hot.initial == 3.0).all()


def test_trials_that_are_kept_keep_what_was_before() -> None:
    whole = moved()
    simulated = Simulated(None, whole, {}, None, {}, None, None)  # type: ignore[arg-type]
    keep = np.array([1, 3])
    for name, path in _kept(simulated, keep, keep).paths.items().items():
        before = whole[name].before
        assert before is not None
        assert path.before is not None
        assert (path.before == before[keep]).all()
