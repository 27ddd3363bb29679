"""What a driver does to a pace: every form, lag and average against a loop over single values."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from pactrisk.drivers import Driver, DriverPaths, Effect, Path, Process, Shock, StatePath, simulate
from pactrisk.drivers.effects import product
from pactrisk.errors import RunError
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Spread, Worlds
from pactrisk.streams import Streams

STEPS, TRIALS = 18, 5
STATES = ("calm", "war")


def paths(step: int = 1) -> tuple[DriverPaths, TimeGrid]:
    generator = np.random.default_rng(step)
    price = Path(np.exp(generator.normal(4, 0.4, (STEPS + 1, TRIALS))))
    will = Path(generator.normal(0, 2, (STEPS + 1, TRIALS)))
    war = StatePath(generator.integers(0, 2, (STEPS + 1, TRIALS)).astype(np.int8), STATES)
    return DriverPaths({"price": price, "will": will, "war": war}), TimeGrid(date(2026, 2, 27), STEPS, step)


def worlds() -> Worlds:
    return Worlds(Streams(1, 0, TRIALS), 1)


def naive(law: dict[str, Any], series: npt.NDArray[Any], k: int, i: int, step: int) -> float:
    """The factor on step k of trial i, looked up value by value; before the start a driver is as at the start."""
    back = round(law.get("lag", 0) / step)
    over = max(round(law.get("average", 0) / step), 1)
    window = [series[max(k - back - j, 0), i] for j in range(over)]
    if "state" in law:
        return float(law["factor"]) if STATES[window[0]] == law["state"] else 1.0
    x = sum(window) / len(window)
    if "below" in law or "above" in law:
        holds = x < law["below"] if "below" in law else x > law["above"]
        return float(law["factor"]) if holds else 1.0
    reference = law.get("reference", series[0, i])
    if "elasticity" in law:
        return float((x / reference) ** law["elasticity"])
    return float(law["per_unit"] ** (x - reference))


FORMS: list[dict[str, Any]] = [
    {"driver": "war", "state": "war", "factor": 0.4},
    {"driver": "price", "below": 50.0, "factor": 0.3},
    {"driver": "price", "above": 60.0, "factor": 1.7},
    {"driver": "will", "above": 0.5, "factor": 0.0},
    {"driver": "price", "elasticity": 0.6},
    {"driver": "price", "elasticity": -0.4, "reference": 70.0},
    {"driver": "will", "per_unit": 1.2},
    {"driver": "will", "per_unit": 0.8, "reference": -1.0},
]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    chosen=st.lists(st.sampled_from(range(len(FORMS))), min_size=1, max_size=4),
    lag=st.sampled_from([0, 1, 2, 3, 6, 30]),
    average=st.sampled_from([0, 1, 3, 6, 40]),
    step=st.sampled_from([1, 3]),
)
def test_a_product_of_effects_is_the_loop(chosen: list[int], lag: int, average: int, step: int) -> None:
    drivers, grid = paths(step)
    laws = []
    for number in chosen:
        law = {**FORMS[number], "lag": float(lag)}
        laws.append(law if "state" in law else {**law, "average": float(average)})
    found = product([Effect(**law) for law in laws], drivers, worlds(), grid, "x")
    assert found is not None
    assert found.shape == (STEPS, TRIALS)
    for k in range(STEPS):
        for i in range(TRIALS):
            truth = 1.0
            for law in laws:
                path = drivers[law["driver"]]
                series = path.states if isinstance(path, StatePath) else path.values
                truth *= naive(law, series, k, i, step)
            assert math.isclose(found[k, i], truth, rel_tol=1e-10, abs_tol=1e-12)


def test_the_order_of_effects_does_not_matter() -> None:
    drivers, grid = paths()
    effects = [Effect(**law) for law in FORMS]
    one, two = (product(these, drivers, worlds(), grid, "x") for these in (effects, effects[::-1]))
    assert one is not None
    assert two is not None
    assert (one == two).all()


def test_no_effects_are_no_factor() -> None:
    assert product([], *paths()[:1], worlds(), paths()[1], "x") is None


def test_numbers_of_an_effect_may_be_spreads() -> None:
    drivers, grid = paths()
    spread = Spread("uniform", {"low": 0.2, "high": 0.6}, address="x")
    found = product([Effect(driver="war", state="war", factor=spread)], drivers, worlds(), grid, "x")
    drawn = 0.2 + 0.4 * worlds().streams.uniform("assumption/x", TRIALS)
    np.testing.assert_allclose(found, np.where(drivers.regime("war").states[:-1] == 1, drawn, 1.0))


@pytest.mark.parametrize(
    "law",
    [
        {},
        {"state": "war"},
        {"elasticity": 0.3, "factor": 2.0},
        {"below": 3.0, "above": 4.0, "factor": 0.5},
        {"below": 3.0, "factor": 0.5, "reference": 2.0},
        {"state": "war", "factor": 0.5, "average": 3.0},
        {"state": "war", "factor": -0.5},
        {"per_unit": 0.0},
    ],
)
def test_an_effect_has_exactly_one_form(law: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Effect(driver="war", **law)


def test_what_is_not_finite_names_the_drivers_and_the_date() -> None:
    drivers, grid = paths()
    drivers.paths["price"] = Path(np.where(np.arange(STEPS + 1)[:, None] >= 4, 0.0, 1.0) * np.ones(TRIALS))
    with pytest.raises(RunError, match=r"paces\.works: the effects of price are not a finite number on 2026-06-27"):
        product([Effect(driver="price", elasticity=-1.0)], drivers, worlds(), grid, "paces.works")
    stopped = product([Effect(driver="price", elasticity=1.0)], drivers, worlds(), grid, "paces.works")
    assert stopped is not None
    assert (stopped[4:] == 0).all()


def test_a_price_that_nothing_moves_is_beyond_no_threshold_of_its_own() -> None:
    """Its logarithm's exponential misses it by a last digit; so does that of a half of it after a shock."""
    still = {"initial": 70.0, "volatility": 0.0}
    laws = {
        "plain": {"kind": "geometric_brownian", **still},
        "pulled": {"kind": "mean_reverting", "level": 70.0, "half_life": 7.0, **still},
        "shocked": {"kind": "geometric_brownian", **still},
    }
    made: dict[str, Process] = TypeAdapter(dict[str, Driver]).validate_python(laws)
    grid = TimeGrid(date(2026, 2, 27), 24)
    paths = simulate(made, {}, [Shock(driver="shocked", date=grid.start, size=-0.5)], worlds(), grid)
    missed = {name: bool((paths.valued(name).values != (35.0 if name == "shocked" else 70.0)).any()) for name in laws}
    assert missed == dict.fromkeys(laws, True)

    def factor(name: str, **form: float) -> npt.NDArray[Any]:
        found = product([Effect.model_validate({"driver": name, "factor": 0.0, **form})], paths, worlds(), grid, "it")
        assert found is not None
        return found

    for name, value in (("plain", 70.0), ("pulled", 70.0), ("shocked", 35.0)):
        assert (factor(name, above=value) == 1.0).all()
        assert (factor(name, below=value) == 1.0).all()
        assert (factor(name, above=value * (1 - 1e-9)) == 0.0).all()
        assert (factor(name, below=value * (1 + 1e-9)) == 0.0).all()
