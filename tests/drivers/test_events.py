"""Events: counts and times against closed forms and against a naive cluster simulation."""

from __future__ import annotations

import math
import random
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from pactrisk.drivers import Driver, Process, Shock, simulate
from pactrisk.drivers.paths import DriverPaths, EventPath
from pactrisk.errors import RunError
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Worlds
from pactrisk.streams import Streams

Array = npt.NDArray[np.float64]

Z = 4.5
TRIALS = 20_000
GRID = TimeGrid(date(2026, 2, 27), 24)
WAR = {"kind": "regime", "initial": "peace", "states": {"peace": {}, "war": {}}}
OUTBREAK = [Shock(driver="war", date=date(2026, 8, 27), state="war")]


def drawn(drivers: dict[str, Any], shocks: list[Shock] | None = None, trials: int = TRIALS) -> DriverPaths:
    made: dict[str, Process] = TypeAdapter(dict[str, Driver]).validate_python(drivers)
    return simulate(made, {}, shocks or [], Worlds(Streams(8, 0, trials), 1), GRID)


def events(**law: Any) -> EventPath:
    return drawn({"it": {"kind": "events", **law}}).events("it")


def check_mean(sample: Array, truth: float) -> None:
    assert abs(sample.mean() - truth) <= Z * sample.std(ddof=1) / math.sqrt(sample.size) + 1e-12


def test_a_constant_rate_is_poisson() -> None:
    path = events(rate=3.0)
    totals = path.counts.sum(axis=0)
    observed = np.bincount(np.minimum(totals, 14), minlength=15)
    expected = np.append(stats.poisson.pmf(np.arange(14), 6.0), stats.poisson.sf(13, 6.0))
    assert stats.chisquare(observed, expected * TRIALS).pvalue > 1e-5
    # times are uniform given their number, and steps are independent
    assert stats.kstest(path.times[np.isfinite(path.times)] / 24, "uniform").pvalue > 1e-5
    for k in (1, 12, 24):
        check_mean((path.counts[k] - 0.25) ** 2, 0.25)
    assert abs(np.corrcoef(path.counts[5], path.counts[6])[0, 1]) < Z / math.sqrt(TRIALS)
    assert (path.counts[0] == 0).all()


def test_a_rate_that_differs_by_regime() -> None:
    """Rate 2 a year until month 6, then 6: Poisson with the integral, and times spread by the rate."""
    law = {"kind": "events", "rate": 2.0, "when": [{"driver": "war", "state": "war", "rate": 6.0}]}
    path = drawn({"war": WAR, "it": law}, OUTBREAK).events("it")
    for k, mean in ((6, 1.0), (7, 1.5), (24, 10.0)):
        total = path.counts[: k + 1].sum(axis=0)
        check_mean(total.astype(float), mean)
        check_mean((total - mean) ** 2, mean)
    times = path.times[np.isfinite(path.times)]
    level = np.where(times < 6, times / 6, 1 + (times - 6) / 2) / 10
    assert stats.kstest(level, "uniform").pvalue > 1e-5


def test_counts_less_the_integral_of_a_random_rate_are_fair() -> None:
    """N - integral of the rate is a martingale whose variance is the mean of the integral."""
    states = {"peace": {"duration": 5.0, "next": {"war": 1.0}}}
    states["war"] = {"duration": {"distribution": "gamma", "shape": 0.8, "scale": 6.0}, "next": {"peace": 1.0}}
    law = {"kind": "events", "rate": 1.0, "when": [{"driver": "war", "state": "war", "rate": 9.0}]}
    paths = drawn({"war": {"kind": "regime", "initial": "peace", "states": states}, "it": law})
    rate = np.where(paths.regime("war").indicator("war")[:-1], 9.0, 1.0) / 12
    surplus = paths.events("it").counts[1:].sum(axis=0) - rate.sum(axis=0)
    check_mean(surplus, 0.0)
    check_mean(surplus**2, float(rate.sum(axis=0).mean()))


def test_a_higher_rate_keeps_every_event_and_moves_it_earlier() -> None:
    few, many = events(rate=2.0).times, events(rate=3.0).times
    np.testing.assert_allclose(many[:3] * 3.0, np.where(np.isfinite(few[:3]), few[:3], many[:3] * 1.5) * 2.0)
    assert (many[: len(few)] <= few).all()


def naive_hawkes(rate: float, branching: float, half_life: float, trials: int) -> list[list[float]]:
    """Clusters: every event has Poisson(branching) children at exponential delays; rate a month."""
    generator, beta, all_times = random.Random(4), math.log(2) / half_life, []
    for _ in range(trials):
        waiting, times, now = [], [], generator.expovariate(rate)
        while now < 24:
            waiting.append(now)
            now += generator.expovariate(rate)
        while waiting:
            parent = waiting.pop()
            times.append(parent)
            product = generator.random()
            while product > math.exp(-branching):
                child = parent + generator.expovariate(beta)
                if child < 24:
                    waiting.append(child)
                product *= generator.random()
        all_times.append(sorted(times))
    return all_times


@pytest.mark.parametrize(("branching", "half_life"), [(0.6, 4.0), (0.3, 0.7), (0.9, 12.0)])
def test_self_exciting_events_are_clusters(branching: float, half_life: float) -> None:
    path = events(rate=1.8, excitation={"branching": branching, "half_life": half_life})
    naive = naive_hawkes(0.15, branching, half_life, 8000)
    for months in (3, 12, 24):
        ours = path.counts[: months + 1].sum(axis=0).astype(float)
        theirs = np.array([sum(t <= months for t in times) for times in naive], dtype=float)
        for power in (1, 2):
            a, b = ours**power, theirs**power
            error = math.sqrt(a.var() / a.size + b.var() / b.size)
            assert abs(a.mean() - b.mean()) < Z * error
        assert abs((ours == 0).mean() - math.exp(-0.15 * months)) < Z / math.sqrt(4 * ours.size)
    # gaps between events, which clusters make short
    gaps = np.diff(np.where(np.isfinite(path.times), path.times, np.nan), axis=0)
    second = np.array([times[1] - times[0] for times in naive if len(times) > 1])
    assert stats.ks_2samp(gaps[0][np.isfinite(gaps[0])], second).pvalue > 1e-5


def test_the_variance_of_self_exciting_counts_in_the_long_run() -> None:
    """Variance over mean tends to 1 / (1 - branching)^2; with a short memory, two years are long."""
    total = events(rate=24.0, excitation={"branching": 0.4, "half_life": 0.05}).counts.sum(axis=0).astype(float)
    mean = 48 / 0.6
    # what is lost at both ends is at most a few memories out of 24 months
    assert abs(total.mean() / mean - 1) < 0.01
    spread = (total - total.mean()) ** 2
    assert abs(spread.mean() - mean / 0.36) < Z * spread.std() / math.sqrt(TRIALS) + 0.01 * mean / 0.36


def test_dated_events_happen_with_their_odds_each_for_itself() -> None:
    dated = [
        {"date": date(2026, 6, 10), "chance": 0.3},
        {"date": date(2026, 6, 10), "chance": 0.6},
        {"date": date(2027, 2, 27), "chance": 0.5},
        {"date": date(2029, 1, 1)},
        {"date": date(2025, 1, 1)},
    ]
    path = events(dated=dated)
    number = np.bincount(path.counts[4], minlength=3)
    assert stats.chisquare(number, np.array([0.28, 0.54, 0.18]) * TRIALS).pvalue > 1e-5
    check_mean(path.counts[12].astype(float), 0.5)
    assert path.counts.sum() == path.counts[[4, 12]].sum()
    assert set(np.unique(path.times)) == {3 + 14 / 31, 12.0, np.inf}
    turned = events(dated=dated[::-1])
    assert (turned.counts == path.counts).all()


def test_impulses_add_up_and_halve() -> None:
    path = events(rate=6.0, impulse=2.0, half_life=1.5)
    for k in (0, 1, 5, 24):
        naive = [sum(2.0 * 0.5 ** ((k - t) / 1.5) for t in path.times[:, i] if t <= k) for i in range(300)]
        np.testing.assert_allclose(path.values[k, :300], naive, rtol=1e-9, atol=1e-12)


def test_impulses_may_differ_by_state() -> None:
    """An event weighs what the state of its step says, and fades as each step's state says."""
    more = [{"driver": "war", "state": "war", "impulse": 5.0, "half_life": 1.0}]
    law = {"kind": "events", "rate": 6.0, "impulse": 2.0, "half_life": 4.0, "when": more}
    path = drawn({"war": WAR, "it": law}, OUTBREAK, trials=300).events("it")

    def left(t: float, k: int) -> float:
        calm, wild = max(min(k, 6) - min(t, 6), 0.0), max(k - max(t, 6), 0.0)
        return (2.0 if t <= 6 else 5.0) * 0.5 ** (calm / 4.0 + wild / 1.0)

    for k in (3, 6, 9, 24):
        naive = [sum(left(t, k) for t in path.times[:, i] if t <= k) for i in range(300)]
        np.testing.assert_allclose(path.values[k], naive, rtol=1e-9, atol=1e-12)


def test_too_many_events_are_an_error_that_names_the_driver() -> None:
    with pytest.raises(RunError, match=r"drivers\.it: more than 5000 events"):
        drawn({"it": {"kind": "events", "rate": 990.0, "excitation": {"branching": 0.99, "half_life": 0.01}}}, trials=2)


@pytest.mark.parametrize("dated", [{}, {"dated": []}])
def test_events_of_which_nothing_is_said_are_refused(dated: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="nothing ever happens"):
        events(**dated)


@pytest.mark.parametrize("more", [{}, {"excitation": {"branching": 0.5, "half_life": 3}}])
def test_a_rate_of_nought_is_no_event(more: dict[str, Any]) -> None:
    path = events(rate=0, **more)
    assert not path.counts.any()
    assert not path.values.any()
    assert not np.isfinite(path.times).any()
