"""The contract that every driver kind is held to: its paths against what theory knows of them.

Every kind of the registry must have a known answer here. Means and standard deviations are compared at every
grid point, at 4.5 standard errors estimated from the sample itself.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pydantic import TypeAdapter
from scipy import stats

from pactrisk.drivers import KINDS, Driver, EventPath, Factor, Path, Process, StatePath, simulate
from pactrisk.drivers.paths import DriverPaths
from pactrisk.drivers.process import Theory
from pactrisk.errors import RunError
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Worlds
from pactrisk.streams import Streams

Array = npt.NDArray[np.float64]
Case = dict[str, Any]

Z = 4.5
TRIALS = 16_000
MONTHLY = TimeGrid(date(2026, 2, 27), 24)
QUARTERLY = TimeGrid(date(2026, 2, 27), 10, 3)
GRIDS = {"monthly": MONTHLY, "quarterly": QUARTERLY}
FACTORS = {"calm": Factor(), "wild": Factor(tails=5.0)}
JUMPS = {"rate": 1.5, "mean": -0.15, "sd": 0.2}
RETURNS = (0.05, 0.07, -0.2, -0.03, 0.11, 0.02, -0.06, 0.04, 0.09, -0.12, 0.0)

CASES: dict[str, list[Case]] = {
    "geometric_brownian": [
        {"initial": 70.0, "drift": 0.08, "volatility": 0.35},
        {"initial": 3.0, "drift": -0.2, "volatility": 0.2, "jumps": JUMPS},
        {"initial": 70.0, "volatility": 0.35, "factors": {"calm": 0.7, "wild": -0.5}},
    ],
    "mean_reverting": [
        {"initial": 70.0, "level": 45.0, "half_life": 7.0, "volatility": 0.4},
        {"initial": 40.0, "level": 90.0, "half_life": 20.0, "volatility": 0.3, "jumps": JUMPS},
        {"initial": 70.0, "level": 70.0, "half_life": 3.0, "volatility": 0.4, "factors": {"wild": 0.9}},
    ],
    "two_factor": [
        {
            "initial": 30.0,
            "deviation": 0.4,
            "half_life": 5.0,
            "passing_volatility": 0.5,
            "lasting_volatility": 0.2,
            "drift": 0.05,
            "correlation": 0.6,
        },
        {
            "initial": 30.0,
            "half_life": 8.0,
            "passing_volatility": 0.3,
            "lasting_volatility": 0.25,
            "correlation": -0.8,
            "jumps": JUMPS,
            "factors": {"calm": 0.6, "wild": 0.3},
        },
        {"initial": 30.0, "half_life": 8.0, "passing_volatility": 0.3, "lasting_volatility": 0.0},
        {"initial": 30.0, "half_life": 8.0, "passing_volatility": 0.0, "lasting_volatility": 0.3},
    ],
    "bootstrap": [
        {"initial": 50.0, "file": "x.csv", "column": "p", "block": 4.0, "returns": RETURNS},
        {"initial": 50.0, "file": "x.csv", "column": "p", "block": 1.0, "drift": 0.12, "returns": RETURNS},
    ],
    "regime": [
        {
            "initial": "war",
            "states": {
                "war": {
                    "duration": {"distribution": "exponential", "mean": 14.0},
                    "next": {"truce": 0.7, "peace": 0.3},
                },
                "truce": {"duration": {"distribution": "exponential", "mean": 4.0}, "next": {"war": 0.5, "peace": 0.5}},
                "peace": {},
            },
        },
        {
            "initial": {"open": 0.3, "shut": 0.7},
            "elapsed": 9.0,
            "states": {
                "open": {"duration": {"distribution": "exponential", "mean": 5.0}, "next": {"shut": 1.0}},
                "shut": {"duration": {"distribution": "exponential", "mean": 2.0}, "next": {"open": 1.0}},
            },
        },
    ],
    "events": [
        {"rate": 2.5},
        {"rate": 1.8, "excitation": {"branching": 0.6, "half_life": 4.0}},
        {
            "rate": 0.5,
            "dated": [
                {"date": date(2026, 6, 10), "chance": 0.3},
                {"date": date(2026, 6, 10), "chance": 0.6},
                {"date": date(2027, 5, 27), "chance": 0.9},
            ],
        },
    ],
    "index": [
        {"mean": 0.52, "initial": 0.2, "half_life": 9.0, "sd": 0.1},
        {"mean": -3.0, "half_life": 2.0, "sd": 2.0, "factors": {"wild": 0.8}},
    ],
    "trend": [
        {"values": [{"date": date(2026, 6, 1), "value": 1.0}, {"date": date(2027, 5, 15), "value": 4.0}]},
        {
            "interpolation": "step",
            "values": [{"date": date(2026, 2, 27), "value": 2.0}, {"date": date(2026, 9, 1), "value": 7.0}],
        },
    ],
    "formula": [{"expression": "2 ** 3 - 0.5"}],
}

TOO_FAR: dict[str, list[Case]] = {
    "geometric_brownian": [
        {"initial": 100.0, "volatility": 10.0},
        {"initial": 100.0, "drift": -5.0, "volatility": 0.1},
        {"initial": 100.0, "drift": 5.0, "volatility": 0.1},
        {"initial": 5e-324, "drift": -5.0, "volatility": 0.1},
    ],
    "mean_reverting": [
        {"initial": 5e-324, "level": 5e-324, "half_life": 100.0, "volatility": 10.0},
        {"initial": 1e60, "level": 1e60, "half_life": 1.0, "volatility": 1.0},
    ],
    "two_factor": [
        {"initial": 100.0, "half_life": 5.0, "passing_volatility": 0.5, "lasting_volatility": 0.2, "drift": -5.0},
        {"initial": 100.0, "half_life": 5.0, "passing_volatility": 0.5, "lasting_volatility": 0.2, "drift": 5.0},
    ],
    "bootstrap": [
        {"initial": 50.0, "file": "x.csv", "column": "p", "drift": -5.0, "returns": RETURNS},
        {"initial": 50.0, "file": "x.csv", "column": "p", "drift": 5.0, "returns": RETURNS},
    ],
    "index": [{"mean": 1e60, "half_life": 9.0, "sd": 1e59}, {"mean": 0.0, "half_life": 9.0, "sd": 1e308}],
    "formula": [{"expression": "1 / (2 - 2)"}, {"expression": "log(1 - 2)"}, {"expression": "10 ** 61"}],
}
"""Numbers that take a kind out of what can be reckoned with, too large or too small, within 200 years."""

EVERY = [(kind, number, grid) for kind, cases in CASES.items() for number in range(len(cases)) for grid in GRIDS]


def made(kind: str, case: Case) -> Process:
    driver: Process = TypeAdapter(Driver).validate_python({"kind": kind, **case})
    return driver


def drawn(
    drivers: dict[str, Process],
    grid: TimeGrid = MONTHLY,
    trials: int = TRIALS,
    seed: int = 11,
    factors: dict[str, Factor] = FACTORS,
) -> DriverPaths:
    return simulate(drivers, factors, [], Worlds(Streams(seed, 0, trials), 1), grid)


def seen(path: Path | StatePath) -> list[Array]:
    """Every array of a path."""
    if isinstance(path, StatePath):
        return [path.states]
    return [path.values, path.counts] if isinstance(path, EventPath) else [path.values]


def mean_error(sample: Array) -> Array:
    return sample.std(axis=-1, ddof=1) / np.sqrt(sample.shape[-1])


def check_mean(sample: Array, truth: Array | float, z: float = Z) -> None:
    """The mean over trials (last axis) is the truth, up to z standard errors and rounding."""
    off = np.abs(sample.mean(axis=-1) - truth)
    allowed = z * mean_error(sample) + 1e-9 * (1 + np.abs(truth))
    assert np.all(off <= allowed), f"off by {np.max(off / np.maximum(allowed, 1e-300)) * z:.1f} standard errors"


def check_sd(sample: Array, truth: Array, z: float = Z) -> None:
    """The standard deviation over trials is the truth: compared as a mean of squares about the sample mean."""
    n = sample.shape[-1]
    squares = (sample - sample.mean(axis=-1, keepdims=True)) ** 2 * n / (n - 1)
    check_mean(squares, truth**2, z)


def check_theory(path: Path | StatePath, theory: Theory) -> None:
    if theory.occupancy is not None:
        assert isinstance(path, StatePath)
        for number, chance in enumerate(theory.occupancy):
            share = (path.states == number).mean(axis=1)
            error = np.sqrt(chance * (1 - chance) / path.states.shape[1])
            assert np.all(np.abs(share - chance) <= Z * error + 1e-9)
        return
    if theory.transform == "counts":
        assert isinstance(path, EventPath)
        sample = np.cumsum(path.counts, axis=0).astype(float)
    else:
        assert isinstance(path, Path)
        sample = path.log if theory.transform == "log" else path.values
    assert theory.mean is not None
    check_mean(sample, theory.mean)
    if theory.sd is not None:
        check_sd(sample, theory.sd)


def test_every_kind_has_a_known_answer() -> None:
    assert set(CASES) == set(KINDS), "add a known answer to CASES for every driver kind"
    for kind, cases in CASES.items():
        for case in cases:
            theory = made(kind, case).theory(MONTHLY)
            assert theory is not None, f"{kind}: a known answer needs a theory"
            assert theory.mean is not None or theory.occupancy is not None


@pytest.mark.parametrize(("kind", "number", "grid"), EVERY)
def test_paths_are_what_theory_says(kind: str, number: int, grid: str) -> None:
    driver = made(kind, CASES[kind][number])
    theory = driver.theory(GRIDS[grid])
    assert theory is not None
    check_theory(drawn({"it": driver}, GRIDS[grid])["it"], theory)


@pytest.mark.parametrize(("kind", "number", "grid"), EVERY)
def test_paths_have_their_shape_and_are_finite(kind: str, number: int, grid: str) -> None:
    path = drawn({"it": made(kind, CASES[kind][number])}, GRIDS[grid], 200)["it"]
    for array in seen(path):
        assert array.shape == (GRIDS[grid].points, 200)
        assert np.isfinite(array).all()
    if isinstance(path, StatePath):
        assert path.states.dtype == np.int8
        assert path.names == tuple(sorted(CASES[kind][number]["states"]))
    else:
        assert path.values.dtype == np.float64
    if isinstance(path, EventPath):
        assert path.times.shape[1] == 200
        assert (np.diff(np.where(np.isinf(path.times), 1e9, path.times), axis=0) >= 0).all()
        assert (path.counts.sum(axis=0) == np.isfinite(path.times).sum(axis=0)).all()
    if made(kind, CASES[kind][number]).positive:
        assert isinstance(path, Path)
        assert (path.values > 0).all()


def test_every_price_is_taken_too_far() -> None:
    assert {name for name, one in KINDS.items() if one.positive} <= TOO_FAR.keys(), "add numbers to TOO_FAR"


@pytest.mark.parametrize(
    ("kind", "number"), [(kind, number) for kind in TOO_FAR for number in range(len(TOO_FAR[kind]))]
)
def test_what_cannot_be_reckoned_with_names_driver_world_and_date(kind: str, number: int) -> None:
    said = (
        r"drivers\.it.* (not a finite number|larger than can be reckoned with) on 2\d+-\d\d-27 \(world \d+ of block 0\)"
    )
    with pytest.raises(RunError, match=said):
        drawn({"it": made(kind, TOO_FAR[kind][number])}, TimeGrid(date(2026, 2, 27), 800, 3), 50)


@pytest.mark.parametrize(("kind", "number", "grid"), EVERY)
def test_paths_belong_to_their_name(kind: str, number: int, grid: str) -> None:
    """The same bits again; with a longer horizon; beside other drivers and factors. Other bits by another name."""
    driver, on = made(kind, CASES[kind][number]), GRIDS[grid]
    first = seen(drawn({"it": driver}, on, 300)["it"])
    longer = TimeGrid(on.start, on.steps + 13, on.step)
    other = made("geometric_brownian", {"initial": 1.0, "volatility": 0.2, "factors": {"new": 0.9}})
    more = {"a": other, "it": driver, "z": made("events", {"rate": 3.0})}
    for path in (
        drawn({"it": driver}, on, 300)["it"],
        drawn({"it": driver}, longer, 300)["it"],
        drawn(more, on, 300, factors={"a_new": Factor(), **FACTORS, "new": Factor()})["it"],
    ):
        for before, now in zip(first, seen(path), strict=True):
            assert (now[: on.points] == before).all()
    if kind not in ("trend", "formula"):
        renamed = seen(drawn({"that": driver}, on, 300)["that"])
        assert any((a != b).any() for a, b in zip(first, renamed, strict=True))
        reseeded = seen(drawn({"it": driver}, on, 300, seed=12)["it"])
        assert any((a != b).any() for a, b in zip(first, reseeded, strict=True))


@pytest.mark.parametrize(
    ("kind", "number"), [("geometric_brownian", 0), ("mean_reverting", 0), ("two_factor", 0), ("index", 0)]
)
@pytest.mark.parametrize("grid", GRIDS)
def test_standardised_values_are_normal(kind: str, number: int, grid: str) -> None:
    driver = made(kind, CASES[kind][number])
    theory, path = driver.theory(GRIDS[grid]), drawn({"it": driver}, GRIDS[grid])["it"]
    assert theory is not None
    assert theory.mean is not None
    assert theory.sd is not None
    assert isinstance(path, Path)
    sample = path.log if theory.transform == "log" else path.values
    for k in (1, GRIDS[grid].steps):
        assert stats.kstest((sample[k] - theory.mean[k]) / theory.sd[k], "norm").pvalue > 1e-5


@pytest.mark.parametrize(("kind", "number"), [(kind, 0) for kind in CASES if kind not in ("trend", "formula")])
def test_blocks_are_independent_draws_of_one_law(kind: str, number: int) -> None:
    driver = made(kind, CASES[kind][number])
    paths = [simulate({"it": driver}, FACTORS, [], Worlds(Streams(1, b), 1), MONTHLY)["it"] for b in (0, 1)]
    first, second = (seen(path)[0][12].astype(float) for path in paths)
    assert abs(np.corrcoef(first, second)[0, 1]) < Z / np.sqrt(len(first))
    assert stats.ks_2samp(first, second).pvalue > 1e-5
