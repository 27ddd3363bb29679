"""Price drivers beyond the contract: numbers worked out by hand, jumps, factors, shocks, states, the bootstrap."""

from __future__ import annotations

import itertools
import math
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from pactrisk.drivers import Driver, Factor, Process, Shock, simulate
from pactrisk.drivers.jumps import poisson_ppf
from pactrisk.drivers.paths import DriverPaths
from pactrisk.drivers.processes.bootstrap import Bootstrap
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Spread, Worlds
from pactrisk.streams import Streams

Array = npt.NDArray[np.float64]

Z = 4.5
TRIALS = 40_000
GRID = TimeGrid(date(2026, 2, 27), 12)


def drawn(
    drivers: dict[str, dict[str, Any]],
    factors: dict[str, Factor] | None = None,
    shocks: list[Shock] | None = None,
    grid: TimeGrid = GRID,
    trials: int = TRIALS,
    per_world: int = 1,
) -> DriverPaths:
    made: dict[str, Process] = TypeAdapter(dict[str, Driver]).validate_python(drivers)
    return simulate(made, factors or {}, shocks or [], Worlds(Streams(5, 0, trials), per_world), grid)


def check_mean(sample: Array, truth: float) -> None:
    assert abs(sample.mean() - truth) < Z * sample.std(ddof=1) / math.sqrt(len(sample))


def check_correlation(x: Array, y: Array, truth: float) -> None:
    """By Fisher's transform, whose standard error for normals is 1/sqrt(n - 3)."""
    assert abs(np.arctanh(np.corrcoef(x, y)[0, 1]) - math.atanh(truth)) < Z / math.sqrt(len(x) - 3)


def gbm(**more: Any) -> dict[str, Any]:
    return {"kind": "geometric_brownian", "initial": 100.0, "volatility": 0.3, **more}


def reverting(**more: Any) -> dict[str, Any]:
    return {"kind": "mean_reverting", "initial": 100.0, "level": 100.0, "half_life": 6.0, "volatility": 0.3, **more}


def schwartz_smith(**more: Any) -> dict[str, Any]:
    law = {"initial": 100.0, "half_life": 6.0, "passing_volatility": 0.4, "lasting_volatility": 0.2}
    return {"kind": "two_factor", **law, "correlation": 0.5, **more}


def test_a_gap_halves_in_a_half_life() -> None:
    still = {"mean_reverting": {"initial": 80.0, "level": 20.0, "half_life": 6.0, "volatility": 0.0}}
    still["index"] = {"initial": 1.0, "mean": 0.0, "half_life": 6.0, "sd": 0.0}
    paths = drawn({kind: {"kind": kind, **law} for kind, law in still.items()}, trials=2)
    # logarithms: ln 80 -> half way to ln 20 is ln 40, then ln sqrt(40 * 20)
    np.testing.assert_allclose(paths.valued("mean_reverting").values[[6, 12], 0], [40.0, math.sqrt(800)], rtol=1e-12)
    np.testing.assert_allclose(paths.valued("index").values[[6, 12], 0], [0.5, 0.25], rtol=1e-12)
    passing = {"kind": "two_factor", "initial": 80.0, "deviation": math.log(4), "half_life": 6.0}
    passing |= {"passing_volatility": 0.0, "lasting_volatility": 0.0}
    path = drawn({"it": passing}, trials=2).valued("it")
    np.testing.assert_allclose(path.values[[0, 6, 12], 0], [80.0, 40.0, math.sqrt(800)], rtol=1e-12)


def test_numbers_are_a_year() -> None:
    """drift: the expected price grows by exp(drift) in twelve months; volatility: sd of its logarithm then."""
    price = drawn({"it": gbm(drift=0.1)}).valued("it")
    check_mean(price.values[12], 100 * math.exp(0.1))
    check_mean((price.log[12] - math.log(100) - 0.1 + 0.045) ** 2, 0.09)
    # stationary variance sigma^2 / (2 kappa), kappa = 2 ln 2 a year at a half-life of six months
    long = drawn({"it": reverting()}, grid=TimeGrid(GRID.start, 40, 3)).valued("it")
    check_mean((long.log[40] - math.log(100)) ** 2, 0.09 / (4 * math.log(2)))
    index = drawn({"it": {"kind": "index", "mean": 5.0, "half_life": 2.0, "sd": 3.0}}, grid=TimeGrid(GRID.start, 60))
    check_mean((index.valued("it").values[60] - 5.0) ** 2, 9.0)


def test_index_is_cut_only_where_it_is_seen() -> None:
    law = {"kind": "index", "mean": 0.5, "half_life": 6.0, "sd": 0.6}
    free = drawn({"it": law}, trials=500).valued("it").values
    seen = drawn({"it": {**law, "least": 0.0, "most": 1.0}}, trials=500).valued("it").values
    assert (seen == np.clip(free, 0, 1)).all()
    assert (seen != free).any()


@pytest.mark.parametrize(
    "law", [gbm(), schwartz_smith(passing_volatility=0.0, lasting_volatility=0.3, correlation=0.0)]
)
def test_jumps_have_the_moments_of_merton(law: dict[str, Any]) -> None:
    """Cumulants 2 to 4 of a compound Poisson sum: rate x time x E[leap^j]; the diffusion adds to the second only."""
    rate, m, s = 2.0, -0.2, 0.25
    paths = drawn({"it": {**law, "jumps": {"rate": rate, "mean": m, "sd": s}}}).valued("it")
    drift = -0.045 if law["kind"] == "geometric_brownian" else 0.0
    centred = paths.log[12] - math.log(100) - drift - rate * m
    second = rate * (m**2 + s**2) + 0.09
    third = rate * (m**3 + 3 * m * s**2)
    fourth = rate * (m**4 + 6 * m**2 * s**2 + 3 * s**4)
    check_mean(centred, 0.0)
    check_mean(centred**2, second)
    check_mean(centred**3, third)
    check_mean(centred**4, fourth + 3 * second**2)


def test_leaps_of_fixed_size_are_counted_by_poisson() -> None:
    jumps = {"rate": 3.0, "mean": 0.1}
    log = drawn({"it": gbm(volatility=0.0, jumps=jumps)}).valued("it").log
    counts = np.rint((log[12] - math.log(100)) / 0.1).astype(int)
    np.testing.assert_allclose(log[12] - math.log(100), counts * 0.1, atol=1e-9)
    observed = np.bincount(np.minimum(counts, 10), minlength=11)
    expected = stats.poisson.pmf(np.arange(11), 3.0)
    expected[10] = stats.poisson.sf(9, 3.0)
    assert stats.chisquare(observed, expected / expected.sum() * len(counts)).pvalue > 1e-5
    u = np.random.default_rng(1).random(5000)
    for mean in (1e-9, 0.03, 2.5, 30.0):
        assert (poisson_ppf(u, mean) == stats.poisson.ppf(u, mean)).all()


LAWS = {"gbm": gbm, "reverting": reverting, "schwartz_smith": schwartz_smith}


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations_with_replacement(LAWS, 2)))
@pytest.mark.parametrize("step", [1, 3])
def test_two_loadings_multiply_to_a_correlation(one: str, other: str, step: int) -> None:
    factors = {"world": Factor(), "region": Factor()}
    drivers = {
        "a": LAWS[one](factors={"world": 0.8, "region": 0.3}),
        "b": LAWS[other](factors={"world": -0.6, "region": 0.7}),
        "c": LAWS[other](),
    }
    paths = drawn(drivers, factors, grid=TimeGrid(GRID.start, 1, step))
    a, b, c = (paths.valued(name).log[1] for name in "abc")
    check_correlation(a, b, 0.8 * -0.6 + 0.3 * 0.7)
    check_correlation(a, c, 0.0)


def test_correlation_holds_at_every_step() -> None:
    paths = drawn({"a": gbm(factors={"w": 0.7}), "b": reverting(factors={"w": 0.9})}, {"w": Factor()}, trials=5000)
    phi = 0.5 ** (1 / 6)
    a = np.diff(paths.valued("a").log, axis=0)
    log = paths.valued("b").log - math.log(100)
    b = log[1:] - phi * log[:-1]
    check_correlation(a.ravel(), b.ravel(), 0.63)
    # not with another step's
    check_correlation(a[1:].ravel(), b[:-1].ravel(), 0.0)


@pytest.mark.parametrize("df", [2.5, 4.0, 9.0])
def test_a_heavy_tailed_factor_is_a_student_t_of_variance_one(df: float) -> None:
    paths = drawn({"it": gbm(factors={"w": 1.0})}, {"w": Factor(tails=df)}, grid=TimeGrid(GRID.start, 1))
    z = (paths.valued("it").log[1] - math.log(100) + 0.045 / 12) / (0.3 / math.sqrt(12))
    assert stats.kstest(z * math.sqrt(df / (df - 2)), stats.t(df).cdf).pvalue > 1e-5
    # the tail beyond four standard deviations, exactly binomial
    chance = 2 * stats.t.sf(4 * math.sqrt(df / (df - 2)), df)
    beyond = int((np.abs(z) > 4).sum())
    assert stats.binomtest(beyond, TRIALS, chance).pvalue > 1e-5
    assert stats.binomtest(beyond, TRIALS, 2 * stats.norm.sf(4)).pvalue < 1e-6
    if df > 8:
        check_mean(z**2, 1.0)
        check_mean(z**4, 3 + 6 / (df - 4))


def test_loadings_cannot_exceed_one() -> None:
    with pytest.raises(ValidationError, match=r"must sum to 1 at most, not 1\.45"):
        drawn({"it": gbm(factors={"a": 0.8, "b": -0.9})})
    wide = Spread("uniform", {"low": 0.7, "high": 1.0}, address="a")
    law = gbm(
        volatility=math.sqrt(12), factors={"w": wide, "v": Spread("uniform", {"low": 0.7, "high": 1.0}, address="b")}
    )
    log = drawn({"it": law}, {"w": Factor(), "v": Factor()}, grid=TimeGrid(GRID.start, 1)).valued("it").log
    check_mean((log[1] - math.log(100) + 0.5) ** 2, 1.0)


@pytest.mark.parametrize("half_life", [None, 3.0])
def test_a_dated_shock_departs_on_its_day_and_halves(half_life: float | None) -> None:
    drivers = {"price": reverting(), "index": {"kind": "index", "mean": 1.0, "half_life": 6.0, "sd": 0.2}}
    drivers["double"] = {"kind": "formula", "expression": "2 * price"}
    day = date(2026, 6, 20)  # between the grid points of 27 May and 27 June
    more = {} if half_life is None else {"half_life": half_life}
    shocks = [Shock(driver=name, date=day, size=size, **more) for name, size in (("price", -0.3), ("index", 0.5))]
    plain, moved = drawn(drivers, trials=50), drawn(drivers, shocks=shocks, trials=50)
    since = np.array([k - (3 + 24 / 31) for k in range(13)])
    left = np.where(since < 0, 0.0, 1.0 if half_life is None else 0.5 ** (since / 3.0))
    ratio = moved.valued("price").values / plain.valued("price").values
    np.testing.assert_allclose(ratio, (0.7**left)[:, None] * np.ones(50), rtol=1e-12)
    gap = moved.valued("index").values - plain.valued("index").values
    np.testing.assert_allclose(gap, (0.5 * left)[:, None] * np.ones(50), atol=1e-12)
    np.testing.assert_allclose(moved.valued("double").values, 2 * moved.valued("price").values)
    assert (moved.valued("price").values[:4] == plain.valued("price").values[:4]).all()


def test_a_shock_leads_no_index_past_what_is_seen() -> None:
    """At 0.8 of at most 1, a half more is cut to 1; what is left of it after two months is not."""
    still = {"kind": "index", "mean": 0.8, "half_life": 6.0, "sd": 0.0, "least": 0.0, "most": 1.0}
    shocks = [Shock(driver="share", date=date(2026, 3, 27), size=0.5, half_life=1.0)]
    share = drawn({"share": still}, shocks=shocks, trials=2).valued("share").values[:, 0]
    np.testing.assert_allclose(share[:6], [0.8, 1.0, 1.0, 0.925, 0.8625, 0.83125], rtol=1e-12)
    low = [Shock(driver="share", date=date(2026, 3, 27), size=-2.0)]
    assert (drawn({"share": still}, shocks=low, trials=2).valued("share").values[1:] == 0.0).all()


def test_any_number_may_differ_by_state() -> None:
    """Step k runs on the state at point k: the state changes on the day of point 4, so the step after it is new."""
    war = {"kind": "regime", "initial": "peace", "states": {"peace": {}, "war": {}}}
    inside = [{"driver": "war", "state": "war", "volatility": 0.9}]
    shocks = [Shock(driver="war", date=date(2026, 6, 27), state="war")]
    paths = drawn({"war": war, "calm": gbm(when=inside), "pull": reverting(when=inside)}, shocks=shocks)
    steps = np.diff(paths.valued("calm").log, axis=0)
    for k in range(12):
        sigma = 0.3 if k < 4 else 0.9
        check_mean((steps[k] + sigma**2 / 24) ** 2 * 12, sigma**2)
    log = paths.valued("pull").log - math.log(100)
    noise = log[1:] - 0.5 ** (1 / 6) * log[:-1]
    exact = (1 - 0.5 ** (2 / 6)) / (4 * math.log(2))
    for k in (3, 4):
        check_mean(noise[k] ** 2, (0.3 if k < 4 else 0.9) ** 2 * exact)
    level = [{"driver": "war", "state": "war", "level": 50.0, "half_life": 1.0}]
    still = drawn({"war": war, "it": reverting(volatility=0.0, when=level)}, shocks=shocks, trials=2).valued("it")
    np.testing.assert_allclose(still.values[[3, 4, 5, 6], 0], [100, 100, 50 * 2**0.5, 50 * 2**0.25], rtol=1e-12)
    first = [{"driver": "war", "state": "war", "volatility": 0.9}, {"driver": "war", "state": "war", "volatility": 0.1}]
    twice = drawn({"war": war, "it": gbm(when=first)}, shocks=shocks, trials=50).valued("it").values
    once = drawn({"war": war, "it": gbm(when=inside)}, shocks=shocks, trials=50).valued("it").values
    assert (twice == once).all()


def test_leaps_may_differ_by_state() -> None:
    """Merton's moments with the one set of numbers before the state changes, with the other after it."""
    war = {"kind": "regime", "initial": "peace", "states": {"peace": {}, "war": {}}}
    inside = [{"driver": "war", "state": "war", "jumps": {"rate": 30.0, "mean": -0.2, "sd": 0.1}}]
    shocks = [Shock(driver="war", date=date(2026, 6, 27), state="war")]
    jumps = {"rate": 6.0, "mean": 0.1, "sd": 0.05}
    paths = drawn({"war": war, "it": gbm(volatility=0.0, jumps=jumps, when=inside)}, shocks=shocks)
    steps = np.diff(paths.valued("it").log, axis=0)
    for k in range(12):
        rate, mean, sd = (6.0, 0.1, 0.05) if k < 4 else (30.0, -0.2, 0.1)
        check_mean(steps[k], rate / 12 * mean)
        check_mean((steps[k] - rate / 12 * mean) ** 2, rate / 12 * (mean**2 + sd**2))
    partly = [{"driver": "war", "state": "war", "jumps": {"sd": 0.4}}]
    only = drawn({"war": war, "it": gbm(volatility=0.0, jumps=jumps, when=partly)}, shocks=shocks)
    check_mean(np.diff(only.valued("it").log, axis=0)[7], 6.0 / 12 * 0.1)


def test_what_when_cannot_change_is_refused() -> None:
    for entry in ({"initial": 5.0}, {}):
        with pytest.raises(ValidationError):
            drawn({"it": gbm(when=[{"driver": "war", "state": "war", **entry}])})


def bootstrap(**more: Any) -> dict[str, Any]:
    return {"kind": "bootstrap", "initial": 10.0, "file": "x.csv", "column": "p", **more}


def every_path(past: tuple[float, ...], block: float, months: int) -> dict[tuple[int, ...], float]:
    """The chance of every sequence of past months, by enumeration."""
    n, paths = len(past), {}
    for places in itertools.product(range(n), repeat=months):
        chance = 1 / n
        for before, now in itertools.pairwise(places):
            chance *= 1 / block / n + (1 - 1 / block) * (now == (before + 1) % n)
        paths[places] = chance
    return paths


@pytest.mark.parametrize("block", [1.0, 2.5])
def test_bootstrap_draws_every_sequence_with_its_chance(block: float) -> None:
    past = (0.1, -0.2, 0.031, 0.0777)
    chances = every_path(past, block, 3)
    log = drawn({"it": bootstrap(block=block, returns=past)}, grid=TimeGrid(GRID.start, 3)).valued("it").log
    steps = np.diff(log, axis=0)
    places = np.abs(steps[:, :, None] - np.array(past)).argmin(axis=2)
    assert np.abs(steps - np.array(past)[places]).max() < 1e-12
    observed = np.bincount((places * np.array([[16], [4], [1]])).sum(axis=0), minlength=64)
    expected = np.array([chances[p] for p in itertools.product(range(4), repeat=3)])
    assert math.isclose(expected.sum(), 1)
    assert stats.chisquare(observed, expected * TRIALS).pvalue > 1e-5


@pytest.mark.parametrize("block", [1.0, 3.0, 12.0])
def test_bootstrap_variance_is_that_of_the_enumeration(block: float) -> None:
    past = (0.1, -0.2, 0.03, 0.07, 0.12)
    law = TypeAdapter(Driver).validate_python(bootstrap(block=block, returns=past))
    assert isinstance(law, Bootstrap)
    theory = law.theory(TimeGrid(GRID.start, 5))
    assert theory.mean is not None
    assert theory.sd is not None
    for months in (1, 2, 5):
        sums = [(sum(past[i] for i in places), p) for places, p in every_path(past, block, months).items()]
        mean = sum(x * p for x, p in sums)
        assert math.isclose(theory.mean[months], math.log(10) + mean)
        assert math.isclose(theory.sd[months], math.sqrt(sum((x - mean) ** 2 * p for x, p in sums)))


def test_bootstrap_by_quarter_is_the_months_summed() -> None:
    law = bootstrap(block=4.0, drift=0.05, returns=(0.1, -0.2, 0.03, 0.07, 0.12))
    months = drawn({"it": law}, trials=100).valued("it").values
    quarters = drawn({"it": law}, grid=TimeGrid(GRID.start, 4, 3), trials=100).valued("it").values
    np.testing.assert_allclose(quarters, months[::3], rtol=1e-12)


def test_bootstrap_blocks_may_differ_by_state() -> None:
    """While blocks are endless a month is always followed by the next one; with blocks of one, by any."""
    past = tuple(0.01 * i for i in range(10))
    war = {"kind": "regime", "initial": "peace", "states": {"peace": {}, "war": {}}}
    law = bootstrap(block=1e9, returns=past, when=[{"driver": "war", "state": "war", "block": 1.0}])
    shocks = [Shock(driver="war", date=date(2026, 8, 27), state="war")]
    steps = np.diff(drawn({"war": war, "it": law}, shocks=shocks).valued("it").log, axis=0)
    places = np.rint(steps * 100).astype(int)
    follows = (places[1:] == (places[:-1] + 1) % 10).mean(axis=1)
    assert (follows[:5] == 1).all()
    assert all(stats.binomtest(round(share * TRIALS), TRIALS, 0.1).pvalue > 1e-5 for share in follows[5:])


def test_a_spread_is_one_number_a_world() -> None:
    """Trial i belongs to world i % worlds; the variance between worlds is that of the spread."""
    initial = Spread("lognormal", {"median": 50.0, "sigma": 0.4}, address="x")
    values = drawn({"it": gbm(initial=initial, volatility=0.0)}, per_world=20).valued("it").values[12]
    by_world = values.reshape(20, -1)
    assert (by_world == by_world[0]).all()
    assert stats.kstest(np.log(by_world[0] / 50) / 0.4, "norm").pvalue > 1e-5


def test_trend_is_numpys_interpolation() -> None:
    knots = [(date(2025, 12, 1), 3.0), (date(2026, 5, 12), -1.0), (date(2026, 9, 27), 2.0), (date(2029, 1, 1), 9.0)]
    values = [{"date": day, "value": value} for day, value in knots]
    path = drawn({"it": {"kind": "trend", "values": values}}, trials=3).valued("it").values
    xs = [GRID.month_of(day) for day, _ in knots]
    np.testing.assert_allclose(path[:, 1], np.interp(np.arange(13.0), xs, [v for _, v in knots]), atol=1e-12)
    step = drawn({"it": {"kind": "trend", "interpolation": "step", "values": values}}, trials=3).valued("it").values
    assert step[:, 0].tolist() == [3.0] * 3 + [-1.0] * 4 + [2.0] * 6


def test_formulas_see_the_same_point_and_states() -> None:
    war = {"kind": "regime", "initial": "peace", "states": {"peace": {}, "war": {}}}
    stress = {"kind": "formula", "expression": "max(100 - oil, 0) * war.war + (oil > 100) + (war.war > 0)"}
    shocks = [Shock(driver="war", date=date(2026, 6, 27), state="war")]
    paths = drawn({"war": war, "oil": gbm(), "stress": stress}, shocks=shocks, trials=50)
    oil, at_war = paths.valued("oil").values, np.arange(13)[:, None] >= 4
    truth = np.maximum(100 - oil, 0) * at_war + np.where(oil > 100, 1.0, 0.0) + np.where(at_war, 1.0, 0.0)
    np.testing.assert_array_equal(paths.valued("stress").values, truth)


@pytest.mark.parametrize("spec", [gbm(initial=70.0), reverting(initial=70.0), schwartz_smith(initial=70.0)])
def test_a_price_begins_at_what_was_written(spec: dict[str, Any]) -> None:
    """The exponential of the logarithm of 70 is above 70 by a last digit, and a threshold of 70 would be passed."""
    path = drawn({"a": spec}, trials=2000).valued("a")
    assert (path.values[0] == 70.0).all()
    np.testing.assert_allclose(path.log[0], np.log(70.0), rtol=1e-15)
