"""Regimes against closed forms and against a naive loop over single trials that shares nothing with the package."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy import stats
from scipy.linalg import expm

from pactrisk.drivers import Driver, Process, Shock, simulate
from pactrisk.drivers.paths import DriverPaths
from pactrisk.errors import RunError
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Worlds
from pactrisk.streams import Streams

Array = npt.NDArray[np.float64]
Draw = Callable[[random.Random], float]

Z = 4.5
TRIALS = 20_000
GRID = TimeGrid(date(2026, 2, 27), 24)
QUARTERS = TimeGrid(date(2026, 2, 27), 8, 3)


def drawn(
    drivers: dict[str, dict[str, Any]],
    shocks: list[Shock] | None = None,
    grid: TimeGrid = GRID,
    trials: int = TRIALS,
) -> DriverPaths:
    made: dict[str, Process] = TypeAdapter(dict[str, Driver]).validate_python(drivers)
    return simulate(made, {}, shocks or [], Worlds(Streams(3, 0, trials), 1), grid)


def exponential(mean: float) -> dict[str, Any]:
    return {"distribution": "exponential", "mean": mean}


def regime(initial: Any, states: dict[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"kind": "regime", "initial": initial, "states": states, **more}


def check_share(inside: npt.NDArray[np.bool_], truth: Array | float) -> None:
    """The share of trials (last axis) is binomial about the truth."""
    n = inside.shape[-1]
    p = np.broadcast_to(np.asarray(truth, dtype=float), inside.shape[:-1])
    level = stats.binom.cdf(inside.sum(axis=-1), n, p), stats.binom.sf(inside.sum(axis=-1) - 1, n, p)
    assert np.minimum(*level).min() > 2e-6, np.abs(inside.mean(axis=-1) - p).max()


def check_same_share(inside: npt.NDArray[np.bool_], naive: npt.NDArray[np.bool_]) -> None:
    """Two samples of trials have the same share."""
    a, b = inside.mean(axis=-1), naive.mean(axis=-1)
    pooled = (inside.sum(axis=-1) + naive.sum(axis=-1)) / (inside.shape[-1] + naive.shape[-1])
    error = np.sqrt(pooled * (1 - pooled) * (1 / inside.shape[-1] + 1 / naive.shape[-1]))
    assert np.all(np.abs(a - b) <= Z * error + 1e-12), np.abs(a - b).max()


def naive_renewal(
    start: str,
    stays: dict[str, Draw],
    following: dict[str, list[tuple[str, float]]],
    months: int,
    trials: int,
    first: Draw | None = None,
) -> dict[str, npt.NDArray[np.bool_]]:
    """Occupancy at months 0..months, one trial after another, in plain Python."""
    generator = random.Random(99)
    seen = {name: np.zeros((months + 1, trials), dtype=bool) for name in stays}
    for i in range(trials):
        state, until = start, (first or stays[start])(generator)
        for month in range(months + 1):
            while until <= month:
                names, chances = zip(*following[state], strict=True)
                (state,) = generator.choices(names, chances)
                until += stays[state](generator)
            seen[state][month, i] = True
    return seen


LOGNORMAL = {"distribution": "lognormal", "median": 6.0, "sigma": 0.5}
WEIBULL = {"distribution": "weibull", "scale": 4.0, "shape": 2.0}
QUANTILES = {"p10": 2.0, "p50": 5.0, "p90": 20.0}
THREE = {
    "war": {"duration": LOGNORMAL, "next": {"truce": 0.8, "peace": 0.2}},
    "truce": {"duration": WEIBULL, "next": {"war": 0.6, "peace": 0.4}},
    "peace": {"duration": QUANTILES, "next": {"war": 1.0}},
}


def split_lognormal(generator: random.Random) -> float:
    """Elicited 2, 5, 20 at 10, 50, 90%: lognormal halves joined at the median."""
    z = generator.gauss(0, 1)
    z90 = stats.norm.ppf(0.9)
    return float(math.exp(math.log(5) + z / z90 * (math.log(5 / 2) if z < 0 else math.log(20 / 5))))


STAYS: dict[str, Draw] = {
    "war": lambda g: g.lognormvariate(math.log(6.0), 0.5),
    "truce": lambda g: g.weibullvariate(4.0, 2.0),
    "peace": split_lognormal,
}
FOLLOWING = {
    "war": [("truce", 0.8), ("peace", 0.2)],
    "truce": [("war", 0.6), ("peace", 0.4)],
    "peace": [("war", 1.0)],
}


@pytest.mark.parametrize("grid", [GRID, QUARTERS], ids=["monthly", "quarterly"])
def test_alternating_renewal_with_stays_that_are_not_exponential(grid: TimeGrid) -> None:
    path = drawn({"it": regime("war", THREE)}, grid=grid).regime("it")
    naive = naive_renewal("war", STAYS, FOLLOWING, 24, 10_000)
    for name in THREE:
        check_same_share(path.indicator(name), naive[name][:: grid.step])


def test_occupancy_in_the_long_run_is_by_mean_stays() -> None:
    """Two states: share = mean stay over mean cycle; gamma and uniform stays, ten cycles after the start."""
    states = {
        "open": {"duration": {"distribution": "gamma", "shape": 2.0, "scale": 1.5}, "next": {"shut": 1.0}},
        "shut": {"duration": {"distribution": "uniform", "low": 0.2, "high": 1.8}, "next": {"open": 1.0}},
    }
    path = drawn({"it": regime("open", states)}, grid=TimeGrid(GRID.start, 40)).regime("it")
    check_share(path.indicator("open")[40:], 3.0 / 4.0)


def test_exponential_stays_are_a_markov_chain() -> None:
    states = {
        "a": {"duration": exponential(5.0), "next": {"b": 0.6, "c": 0.4}},
        "b": {"duration": exponential(2.0), "next": {"a": 1.0}},
        "c": {},
    }
    path = drawn({"it": regime({"a": 0.25, "b": 0.75}, states)}).regime("it")
    rates = np.array([[-1 / 5, 0.6 / 5, 0.4 / 5], [1 / 2, -1 / 2, 0.0], [0.0, 0.0, 0.0]])
    truth = np.array([np.array([0.25, 0.75, 0.0]) @ expm(rates * m) for m in range(25)])
    for number, name in enumerate("abc"):
        check_share(path.indicator(name), truth[:, number])


@pytest.mark.parametrize(
    ("duration", "law"),
    [
        (WEIBULL, stats.weibull_min(2.0, scale=4.0)),
        (LOGNORMAL, stats.lognorm(0.5, scale=6.0)),
        ({"distribution": "gamma", "shape": 3.0, "scale": 2.0}, stats.gamma(3.0, scale=2.0)),
        ({"distribution": "log_logistic", "median": 5.0, "shape": 2.0}, stats.fisk(2.0, scale=5.0)),
        (exponential(6.0), stats.expon(scale=6.0)),
        ({"p10": 3.0, "p90": 12.0}, stats.lognorm(math.log(4) / 2 / stats.norm.ppf(0.9), scale=6.0)),
    ],
)
@pytest.mark.parametrize("elapsed", [0.0, 5.0])
def test_what_has_elapsed_is_known(duration: dict[str, Any], law: Any, elapsed: float) -> None:
    """P(still there at t) = S(elapsed + t) / S(elapsed)."""
    states = {"war": {"duration": duration, "next": {"peace": 1.0}}, "peace": {}}
    path = drawn({"it": regime("war", states, elapsed=elapsed)}).regime("it")
    truth = law.sf(elapsed + np.arange(25.0)) / law.sf(elapsed)
    # a change on the day of a grid point is seen on it, which has no probability but at the start
    check_share(path.indicator("war"), truth)


def test_a_fixed_stay_ends_on_its_day() -> None:
    states = {"a": {"duration": 3.0, "next": {"b": 1.0}}, "b": {"duration": 1.5, "next": {"a": 1.0}}}
    path = drawn({"it": regime("a", states)}, trials=2).regime("it")
    cycle = [("a" if month % 4.5 < 3 else "b") for month in range(25)]
    assert ["ab"[x] for x in path.states[:, 0]] == cycle


def test_effects_make_time_run_in_a_state() -> None:
    """Pace 1 until month 6, then 3: P(still there) = S(tau(t)); accelerated failure time, Weibull stays."""
    step = {"kind": "trend", "interpolation": "step"}
    step |= {"values": [{"date": date(2026, 2, 27), "value": 1.0}, {"date": date(2026, 8, 27), "value": 2.0}]}
    war = {"duration": {"distribution": "weibull", "scale": 12.0, "shape": 1.7}, "next": {"peace": 1.0}}
    war["effects"] = [{"driver": "pressure", "above": 1.5, "factor": 3.0}]
    path = drawn({"pressure": step, "it": regime("war", {"war": war, "peace": {}})}).regime("it")
    t = np.arange(25.0)
    tau = np.where(t <= 6, t, 6 + 3 * (t - 6))
    check_share(path.indicator("war"), np.exp(-((tau / 12) ** 1.7)))


def test_doubling_the_rate_halves_every_stay() -> None:
    """Exponential stays: the chain with both rates doubled; a stay under way keeps what it has worked off."""
    always = {"kind": "trend", "values": [{"date": date(2026, 1, 1), "value": 3.0}]}
    twice = [{"driver": "p", "above": 0.0, "factor": 2.0}]
    states = {
        "a": {"duration": exponential(8.0), "next": {"b": 1.0}, "effects": twice},
        "b": {"duration": exponential(3.0), "next": {"a": 1.0}},
    }
    path = drawn({"p": always, "it": regime("a", states)}).regime("it")
    out, back = 2 / 8, 1 / 3
    truth = (back + out * np.exp(-(out + back) * np.arange(25.0))) / (out + back)
    check_share(path.indicator("a"), truth)


def test_a_standstill_and_a_return() -> None:
    """Pace 0 while at war: nobody leaves; the time is not lost."""
    war = regime(
        "peace", {"peace": {"duration": 4.0, "next": {"war": 1.0}}, "war": {"duration": 6.0, "next": {"peace": 1.0}}}
    )
    states = {"a": {"duration": {"distribution": "uniform", "low": 0.0, "high": 10.0}, "next": {"b": 1.0}}, "b": {}}
    states["a"]["effects"] = [{"driver": "war", "state": "war", "factor": 0.0}]
    path = drawn({"war": war, "it": regime("a", states)}).regime("it")
    t = np.arange(25.0)
    worked = np.minimum(t, 4) + np.clip(t - 10, 0, 4) + np.clip(t - 20, 0, 4)
    check_share(path.indicator("a"), np.clip(1 - worked / 10, 0, 1))


@pytest.mark.parametrize("delay", [0.0, 2.5])
@pytest.mark.parametrize("chance", [0.4, 1.0])
def test_events_push_after_a_delay(delay: float, chance: float) -> None:
    """For good: P(shut at t) = 1 - exp(-rate chance (t - delay)+). For a while: two rates in balance."""
    attacks = {"kind": "events", "rate": 2.4}
    trigger = [{"driver": "attacks", "state": "shut", "chance": chance, "delay": delay}]
    back = {"open": {}, "shut": {"duration": exponential(1.5), "next": {"open": 1.0}}}
    drivers = {
        "attacks": attacks,
        "good": regime("open", {"open": {}, "shut": {}}, triggers=trigger),
        "while": regime("open", back, triggers=trigger),
    }
    paths = drawn(drivers)
    since = np.maximum(np.arange(25.0) - delay, 0)
    rate = 0.2 * chance
    check_share(paths.regime("good").indicator("shut"), 1 - np.exp(-rate * since))
    both = rate + 1 / 1.5
    check_share(paths.regime("while").indicator("shut"), rate / both * (1 - np.exp(-both * since)))


def test_a_random_delay_thins_by_its_distribution() -> None:
    """Displaced Poisson points are Poisson: P(none yet) = exp(-rate integral of F), F exponential."""
    trigger = [{"driver": "attacks", "state": "shut", "delay": exponential(4.0)}]
    drivers = {
        "attacks": {"kind": "events", "rate": 1.8},
        "it": regime("open", {"open": {}, "shut": {}}, triggers=trigger),
    }
    t = np.arange(25.0)
    mean = 0.15 * (t - 4.0 * (1 - np.exp(-t / 4.0)))
    check_share(drawn(drivers).regime("it").indicator("shut"), 1 - np.exp(-mean))


def test_only_some_states_can_be_left() -> None:
    trigger = [{"driver": "attacks", "state": "shut", "only_from": ["open"]}]
    states: dict[str, dict[str, Any]] = {"open": {}, "idle": {}, "shut": {}}
    start = {"open": 0.5, "idle": 0.5}
    drivers = {"attacks": {"kind": "events", "rate": 6.0}, "it": regime(start, states, triggers=trigger)}
    path = drawn(drivers).regime("it")
    idle = path.indicator("idle")
    assert (idle[0] == idle[-1]).all()
    check_share(path.indicator("shut")[:, ~idle[0]], 1 - np.exp(-0.5 * np.arange(25.0)))


def test_triggers_do_not_depend_on_their_order() -> None:
    attacks = {"kind": "events", "rate": 4.0}
    triggers = [
        {"driver": "attacks", "state": "shut", "chance": 0.3},
        {"driver": "attacks", "state": "burnt", "chance": 0.2},
        {"driver": "attacks", "state": "shut", "chance": 0.1, "delay": 3.0},
    ]
    states: dict[str, dict[str, Any]] = {
        "open": {},
        "shut": {"duration": exponential(3.0), "next": {"open": 1.0}},
        "burnt": {"duration": 6.0, "next": {"open": 1.0}},
    }
    one = drawn({"attacks": attacks, "it": regime("open", states, triggers=triggers)}, trials=500)
    two = drawn({"attacks": attacks, "it": regime("open", states, triggers=triggers[::-1])}, trials=500)
    assert (one.regime("it").states == two.regime("it").states).all()
    turned = dict(reversed(states.items()))
    three = drawn({"attacks": attacks, "it": regime("open", turned, triggers=triggers)}, trials=500)
    assert (one.regime("it").states == three.regime("it").states).all()


def test_odds_may_differ_by_another_regime() -> None:
    """The first change after t falls in step k; the odds are those of the other regime at point k."""
    war = regime({"peace": 0.5, "war": 0.5}, {"peace": {}, "war": {"duration": 10.0, "next": {"peace": 1.0}}})
    start = {
        "duration": {"distribution": "uniform", "low": 0.0, "high": 20.0},
        "next": {"left": 0.9, "right": 0.1},
        "when": [{"driver": "war", "state": "war", "next": {"left": 0.2, "right": 0.8}}],
    }
    paths = drawn({"war": war, "it": regime("start", {"start": start, "left": {}, "right": {}})})
    states, at_war = paths.regime("it"), paths.regime("war").indicator("war")
    left, began = states.indicator("left"), states.indicator("start")
    leaves = began[:-1] & ~began[1:]
    for k in (0, 4, 9, 10, 15):
        for inside, chance in ((at_war[k], 0.2), (~at_war[k], 0.9)):
            who = leaves[k] & inside
            if who.any():
                check_share(left[k + 1][who], chance)
    assert at_war[9].any()
    assert not at_war[10].any()


def test_war_onset_by_another_regime_matches_a_naive_loop() -> None:
    """Two coupled regimes at once: sanctions hasten the exit from calm while they last."""
    sanctions = regime(
        "off", {"off": {"duration": WEIBULL, "next": {"on": 1.0}}, "on": {"duration": 3.0, "next": {"off": 1.0}}}
    )
    calm = {"duration": LOGNORMAL, "next": {"storm": 1.0}, "effects": [{"driver": "s", "state": "on", "factor": 4.0}]}
    storm = {"duration": exponential(2.0), "next": {"calm": 1.0}}
    paths = drawn({"s": sanctions, "it": regime("calm", {"calm": calm, "storm": storm})})
    generator, n = random.Random(7), 6000
    naive = np.zeros((25, n), dtype=bool)
    for i in range(n):
        on, change = False, generator.weibullvariate(4.0, 2.0)
        stormy, left = False, generator.lognormvariate(math.log(6), 0.5)
        for k in range(25):
            while change <= k:
                on = not on
                change += 3.0 if on else generator.weibullvariate(4.0, 2.0)
            naive[k, i] = stormy
            rest = 1.0  # of the month that begins now, in which the sanctions are as they are now
            while True:
                pace = 4.0 if on and not stormy else 1.0
                if left > pace * rest:
                    left -= pace * rest
                    break
                rest -= left / pace
                stormy = not stormy
                left = generator.expovariate(0.5) if stormy else generator.lognormvariate(math.log(6), 0.5)
    check_same_share(paths.regime("it").indicator("storm"), naive)


def test_a_dated_state_begins_on_its_day() -> None:
    """Before it nothing moves; from it on, the stay is newly drawn; on the day of signature it is seen at once."""
    states = {"war": {"duration": exponential(10.0), "next": {"peace": 1.0}}, "peace": {}}
    plain = drawn({"it": regime("peace", states)}).regime("it")
    assert plain.indicator("peace").all()
    day = date(2026, 7, 12)  # month 4.5
    path = drawn({"it": regime("peace", states)}, [Shock(driver="it", date=day, state="war")]).regime("it")
    assert path.indicator("peace")[:5].all()
    since = np.arange(5.0, 25.0) - GRID.month_of(day)
    check_share(path.indicator("war")[5:], np.exp(-since / 10.0))
    now = drawn({"it": regime("peace", states)}, [Shock(driver="it", date=GRID.start, state="war")]).regime("it")
    assert now.indicator("war")[0].all()
    check_share(now.indicator("war")[1:], np.exp(-np.arange(1.0, 25.0) / 10.0))
    before = drawn({"it": regime("peace", states)}, [Shock(driver="it", date=date(2025, 10, 27), state="war")])
    check_share(before.regime("it").indicator("war"), np.exp(-np.arange(4.0, 29.0) / 10.0))


@pytest.mark.parametrize("plain", [False, True])
def test_a_shock_into_the_state_where_it_is_begins_the_stay_anew(plain: bool) -> None:
    """A stay of ten months that is begun again in its fifth lasts to the fifteenth; an event begins none anew."""
    duration = {"distribution": "gamma", "shape": 1e10, "scale": 1e-9} if plain else 10.0
    states = {"war": {"duration": duration, "next": {"peace": 1.0}}, "peace": {}}
    day = date(2026, 7, 27)  # month 5
    again = drawn({"it": regime("war", states)}, [Shock(driver="it", date=day, state="war")], trials=20).regime("it")
    assert again.indicator("war")[:15].all()
    assert again.indicator("peace")[16:].all()
    events = {"kind": "events", "dated": [{"date": day}]}
    pushed = regime("war", states, triggers=[{"driver": "attacks", "state": "war"}])
    path = drawn({"it": pushed, "attacks": events}, trials=20).regime("it")
    assert path.indicator("war")[:10].all()
    assert path.indicator("peace")[11:].all()


@pytest.mark.parametrize("plain", [False, True])
def test_a_regime_is_in_the_state_that_a_shock_puts_it_into_whatever_pushes_it_that_day(plain: bool) -> None:
    duration = {"distribution": "gamma", "shape": 1e10, "scale": 1e-9} if plain else 10.0
    states = {"calm": {"duration": duration, "next": {"worse": 1.0}}, "truce": {}, "worse": {}}
    day = date(2026, 7, 27)  # month 5
    pushed = regime("calm", states, triggers=[{"driver": "attacks", "state": "worse"}])
    events = {"kind": "events", "dated": [{"date": day}]}
    shock = Shock(driver="it", date=day, state="truce")
    path = drawn({"it": pushed, "attacks": events}, [shock], trials=20).regime("it")
    assert path.indicator("calm")[:5].all()
    assert path.indicator("truce")[5:].all()


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(
    ("one", "other", "ends"),
    [
        (("ball", "worse", "calm"), ("ball", "truce", "calm"), "truce"),
        (("ball", "worse", "truce"), ("ball", "truce", "calm"), "worse"),
        (("ball", "truce", "worse"), ("ball", "worse", "calm"), "worse"),
        (("art", "worse", ""), ("ball", "truce", ""), "truce"),
    ],
)
def test_pushes_of_one_moment_come_by_the_names_of_their_events_and_states(
    one: tuple[str, str, str], other: tuple[str, str, str], ends: str, plain: bool
) -> None:
    """Each from where the one before left it, in whatever order they are written."""
    duration = {"distribution": "gamma", "shape": 1e10, "scale": 1e-9} if plain else 10.0
    states = {"calm": {"duration": duration, "next": {"worse": 1.0}}, "truce": {}, "worse": {}}
    events = {"kind": "events", "dated": [{"date": date(2026, 7, 27)}]}  # month 5
    triggers = [
        {"driver": event, "state": state, "only_from": [left] if left else []} for event, state, left in (one, other)
    ]
    for written in (triggers, triggers[::-1]):
        drivers = {"it": regime("calm", states, triggers=written), "art": events, "ball": events}
        assert drawn(drivers, trials=20).regime("it").indicator(ends)[5:].all()


def test_a_price_waits_for_its_regime() -> None:
    """P(route shut given war) has one place: events under war only."""
    war = regime({"war": 0.5, "peace": 0.5}, {"war": {}, "peace": {}})
    attacks = {"kind": "events", "rate": 0.0, "when": [{"driver": "war", "state": "war", "rate": 1.2}]}
    route = regime("open", {"open": {}, "shut": {}}, triggers=[{"driver": "attacks", "state": "shut", "chance": 0.5}])
    paths = drawn({"war": war, "attacks": attacks, "route": route})
    at_war = paths.regime("war").indicator("war")[0]
    shut = paths.regime("route").indicator("shut")
    assert not shut[:, ~at_war].any()
    check_share(shut[:, at_war], 1 - np.exp(-0.05 * np.arange(25.0)))


def test_a_longer_horizon_keeps_the_earlier_part_where_all_hangs_together() -> None:
    """Events by regime, self-exciting, triggers with delays, effects with lags: bit for bit."""
    war = {
        "war": {
            "duration": LOGNORMAL,
            "next": {"peace": 1.0},
            "effects": [{"driver": "will", "per_unit": 1.4, "lag": 2.0}],
        },
        "peace": {"duration": WEIBULL, "next": {"war": 1.0}},
    }
    route = {
        "open": {"duration": QUANTILES, "next": {"shut": 0.5, "idle": 0.5}},
        "shut": {"duration": exponential(2.0), "next": {"open": 1.0}},
        "idle": {"duration": exponential(3.0), "next": {"open": 0.7, "shut": 0.3}},
    }
    route["open"]["when"] = [{"driver": "war", "state": "war", "next": {"shut": 0.9, "idle": 0.1}}]
    drivers = {
        "will": {"kind": "index", "mean": 0.0, "half_life": 4.0, "sd": 1.0},
        "war": regime("war", war, elapsed=4.0),
        "attacks": {
            "kind": "events",
            "rate": 1.0,
            "excitation": {"branching": 0.5, "half_life": 2.0},
            "when": [{"driver": "war", "state": "war", "rate": 6.0, "impulse": 2.0}],
            "dated": [{"date": date(2026, 8, 1), "chance": 0.5}, {"date": date(2028, 4, 1), "chance": 0.5}],
        },
        "route": regime(
            "open",
            route,
            triggers=[{"driver": "attacks", "state": "shut", "chance": 0.4, "delay": WEIBULL, "only_from": ["open"]}],
        ),
    }
    shocks = [
        Shock(driver="war", date=date(2027, 1, 5), state="war"),
        Shock(driver="will", date=date(2026, 9, 1), size=1.0),
    ]
    short = drawn(drivers, shocks, trials=2000)
    long = drawn(drivers, shocks, TimeGrid(GRID.start, 60), trials=2000)
    for name in ("war", "route"):
        assert (long.regime(name).states[:25] == short.regime(name).states).all()
        assert len(np.unique(short.regime(name).states)) == len(short.regime(name).names)
    assert (long.events("attacks").values[:25] == short.events("attacks").values).all()
    assert (long.events("attacks").counts[:25] == short.events("attacks").counts).all()


def test_states_that_last_no_time_are_an_error_that_names_the_driver() -> None:
    states = {"a": {"duration": 0.0, "next": {"b": 1.0}}, "b": {"duration": 0.0, "next": {"a": 1.0}}}
    with pytest.raises(RunError, match=r"drivers\.it: more than 1000 changes"):
        drawn({"it": regime("a", states)}, trials=2)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({"a": {"duration": 3.0}}, "next is missing"),
        ({"a": {"next": {"a": 1.0}}}, "duration is missing"),
        ({"a": {"duration": 3.0, "next": {"b": 1.0}}}, "there is no state 'b'"),
        ({"a": {"duration": 3.0, "next": {"a": 0.7}}}, "must sum to 1, not 0.7"),
    ],
)
def test_a_regime_that_makes_no_sense_is_refused(states: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        drawn({"it": regime("a", states)})
