"""Clocks against NumPy's interpolation and against a search step by step."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pactrisk.clocks import Clock

Array = npt.NDArray[np.float64]

SPEEDS = st.one_of(st.just(0.0), st.sampled_from([0.25, 0.5, 1.0, 2.0]), st.floats(0.01, 10.0))
PACES = hnp.arrays(float, st.tuples(st.integers(1, 40), st.integers(1, 6)), elements=SPEEDS)


def naive_tau(pace: Array, step: float, i: int) -> list[float]:
    tau = [0.0]
    for k in range(len(pace)):
        tau.append(tau[-1] + float(pace[k, i]) * step)
    return tau


def naive_first(tau: list[float], step: float, target: float) -> float:
    """The first time at which a piecewise-linear clock reaches the target, by walking along it."""
    if tau[0] >= target:
        return 0.0
    for k in range(1, len(tau)):
        if tau[k] >= target:
            return (k - 1 + (target - tau[k - 1]) / (tau[k] - tau[k - 1])) * step
    return math.inf


@settings(max_examples=300, deadline=None, derandomize=True)
@given(pace=PACES, step=st.sampled_from([1.0, 3.0]), parts=st.lists(st.floats(-0.1, 1.2), min_size=6, max_size=6))
@example(pace=np.zeros((3, 2)), step=1.0, parts=[0.0] * 6)
@example(pace=np.array([[0.0], [1.0], [0.0], [0.0], [1.0]]), step=1.0, parts=[0.5] * 6)
def test_the_first_time_is_that_of_a_walk(pace: Array, step: float, parts: list[float]) -> None:
    clock, trials = Clock.from_pace(pace, step), pace.shape[1]
    taus = [naive_tau(pace, step, i) for i in range(trials)]
    np.testing.assert_allclose(clock.tau.T, taus, rtol=1e-13)
    # anywhere, and exactly at every knot
    targets = [np.array([part * clock.tau[-1, i] for i, part in zip(range(trials), parts, strict=False)])]
    targets += list(clock.tau)
    for target in targets:
        times = clock.first(target)
        for i in range(trials):
            truth = naive_first(clock.tau[:, i].tolist(), step, float(target[i]))
            assert times[i] == truth or math.isclose(times[i], truth, rel_tol=1e-9, abs_tol=1e-9)
        reached = np.isfinite(times)
        assert (reached == (clock.tau[-1] >= target)).all()
        np.testing.assert_allclose(
            clock.at(np.where(reached, times, 0.0))[reached], np.maximum(target, 0.0)[reached], rtol=1e-9, atol=1e-12
        )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(pace=PACES, step=st.sampled_from([1.0, 3.0]), part=st.floats(-0.2, 1.4))
def test_reading_a_clock_is_numpys_interpolation(pace: Array, step: float, part: float) -> None:
    clock = Clock.from_pace(pace, step)
    months = np.arange(len(clock.tau)) * step
    for time in (part * months[-1], *months):
        read = clock.at(np.full(pace.shape[1], time))
        truth = [np.interp(time, months, clock.tau[:, i]) for i in range(pace.shape[1])]
        np.testing.assert_allclose(read, truth, rtol=1e-12, atol=1e-12)


def test_a_target_at_a_standstill_is_reached_when_it_begins() -> None:
    clock = Clock.from_pace(np.array([[1.0], [0.0], [0.0], [2.0]]), 1.0)
    assert clock.first(np.array([1.0]))[0] == 1.0
    assert clock.first(np.array([1.0 + 1e-9]))[0] > 3.0
    assert clock.first(np.array([3.0]))[0] == 4.0
    assert clock.first(np.array([3.0 + 1e-12]))[0] == math.inf
    assert clock.first(np.array([0.0]))[0] == 0.0
    assert clock.first(np.array([math.inf]))[0] == math.inf


@settings(max_examples=100, deadline=None, derandomize=True)
@given(pace=PACES, part=st.floats(0.01, 0.99), k=st.integers(0, 39))
def test_a_slower_step_delays_and_never_hastens(pace: Array, part: float, k: int) -> None:
    slower = pace.copy()
    slower[k % len(pace)] *= part
    target = np.linspace(0.0, pace.sum(axis=0).max() + 1, pace.shape[1])
    before, after = (Clock.from_pace(p, 1.0).first(target) for p in (pace, slower))
    assert (after >= before - 1e-9).all()
