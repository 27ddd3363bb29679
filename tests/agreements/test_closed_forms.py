"""Progress against closed forms: chains, races, frailty, ramps; and what must move when a number moves."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pydantic import ValidationError
from scipy import integrate, stats
from scipy.linalg import expm

from pactrisk.agreements import Clocks, Progress, follow
from pactrisk.drivers import simulate
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Worlds
from pactrisk.scenario import Scenario
from pactrisk.streams import Streams

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TRIALS = 20_000
SIGNED = date(2026, 2, 27)
GRID = TimeGrid(SIGNED, 36)
MONTHS = np.arange(37.0)


def followed(
    *agreements: dict[str, Any], grid: TimeGrid = GRID, trials: int = TRIALS, per_world: int = 1, **more: Any
) -> dict[str, Progress]:
    scenario = Scenario.from_data({"title": "T", "signed": SIGNED, "agreements": list(agreements), **more})
    worlds = Worlds(Streams(21, 0, trials), per_world)
    paths = simulate(scenario.drivers, scenario.factors, scenario.shocks, worlds, grid)
    clocks = Clocks(scenario.paces, scenario.ceremony_effect, 24, paths, worlds, grid)
    return follow(scenario.agreements, scenario.frailties, clocks)


def exponential(mean: float) -> dict[str, Any]:
    return {"distribution": "exponential", "mean": mean}


def act(duration: Any, **more: Any) -> dict[str, Any]:
    return {"track": "formal", "duration": duration, **more}


def agreement(id_: str = "a", **more: Any) -> dict[str, Any]:
    """An agreement whose delivery is one material milestone after all the others, unless said otherwise."""
    milestones = more.pop("milestones", {})
    if "flow" not in more and not any(m["track"] == "material" for m in milestones.values()):
        milestones = {**milestones, "goods": {"track": "material", "duration": 1.0, "weight": 1.0}}
    return {"id": id_, "milestones": milestones, **more}


def check_share(by: Bools, truth: Array | float) -> None:
    """The share of trials (last axis) is binomial about the truth, at a level of 2 in a million."""
    n = by.shape[-1]
    p = np.clip(np.broadcast_to(np.asarray(truth, dtype=float), by.shape[:-1]), 0.0, 1.0)
    level = np.minimum(stats.binom.cdf(by.sum(axis=-1), n, p), stats.binom.sf(by.sum(axis=-1) - 1, n, p))
    assert level.min() > 2e-6, float(np.abs(by.mean(axis=-1) - p).max())


def by_month(times: Array) -> Bools:
    return np.asarray(times <= MONTHS[:, None])


def test_a_chain_of_exponential_milestones_is_hypoexponential() -> None:
    chain = {
        "first": act(exponential(3.0)),
        "second": act(exponential(7.0), after="first"),
        "third": act(exponential(5.0), after="second"),
    }
    done = followed(agreement(milestones=chain))["a"].done
    rates = np.diag([-1 / 3, -1 / 7, -1 / 5, 0.0]) + np.diag([1 / 3, 1 / 7, 1 / 5], 1)
    truth = np.array([expm(rates * t)[0] for t in MONTHS])
    check_share(by_month(done["first"]), 1 - truth[:, 0])
    check_share(by_month(done["second"]), truth[:, 2] + truth[:, 3])
    check_share(by_month(done["third"]), truth[:, 3])


def test_what_waits_for_two_waits_for_the_later() -> None:
    both = {"x": act(exponential(6.0)), "y": act(exponential(9.0)), "z": act(0.0, after=["x", "y"])}
    done = followed(agreement(milestones=both))["a"].done
    check_share(by_month(done["z"]), (1 - np.exp(-MONTHS / 6)) * (1 - np.exp(-MONTHS / 9)))
    assert (done["z"][np.isfinite(done["z"])] == np.maximum(done["x"], done["y"])[np.isfinite(done["z"])]).all()


def test_a_race_between_a_milestone_and_the_end() -> None:
    """Competing risks: rate m against rate e; P(done by t) = m / (m + e) (1 - exp(-(m + e) t))."""
    progress = followed(agreement(milestones={"x": act(exponential(8.0))}, ending={"rate": 0.9}))["a"]
    m, e = 1 / 8, 0.9 / 12
    either = 1 - np.exp(-(m + e) * MONTHS)
    check_share(by_month(progress.done["x"]), m / (m + e) * either)
    check_share(by_month(progress.ended), 1 - np.exp(-e * MONTHS))
    first = by_month(progress.ended) & ~np.isfinite(progress.done["x"])
    check_share(
        first[36:], 1 - np.exp(-e * 36) - (m / (m + e) * either[36] - math.exp(-e * 36) * (1 - math.exp(-m * 36)))
    )


def test_the_hazard_of_the_end_follows_its_drivers() -> None:
    """Hazard 0.3 a year, threefold from month 12: survival is the exponential of the integral."""
    later = {"kind": "trend", "interpolation": "step"}
    later |= {"values": [{"date": SIGNED, "value": 0.0}, {"date": date(2027, 2, 27), "value": 1.0}]}
    ending = {"rate": 0.3, "effects": [{"driver": "later", "above": 0.5, "factor": 3.0}]}
    progress = followed(agreement(ending=ending), drivers={"later": later})["a"]
    check_share(by_month(progress.ended), 1 - np.exp(-0.025 * (MONTHS + 2 * np.maximum(MONTHS - 12, 0))))


def test_never_is_a_share_of_its_own() -> None:
    milestones = {"x": act(exponential(8.0), never=0.35), "y": act(1.0, after="x"), "z": act(2.0)}
    done = followed(agreement(milestones=milestones))["a"].done
    check_share(by_month(done["x"]), 0.65 * (1 - np.exp(-MONTHS / 8)))
    assert (np.isinf(done["y"]) | np.isfinite(done["x"])).all()
    assert (done["z"] == 2.0).all()


def test_what_never_means_when_it_is_uncertain() -> None:
    """A spread is drawn once a world: the mean is kept, and the trials of a world are alike."""
    never = {"distribution": "uniform", "low": 0.0, "high": 1.0}
    done = followed(agreement(milestones={"x": act(1.0, never=never)}), per_world=20)["a"].done["x"]
    share = np.isfinite(done).reshape(20, -1).mean(axis=0)
    assert abs(share.mean() - 0.5) < 4.5 * share.std() / math.sqrt(share.size)
    # variance of the mean of 20 Bernoulli trials under a uniform chance: 1/12 + (1/6)/20
    squares = (share - 0.5) ** 2
    assert abs(squares.mean() - (1 / 12 + 1 / 120)) < 4.5 * squares.std() / math.sqrt(squares.size)


def mixed(time: float, mean: float, sd: float, together: int = 1) -> float:
    """P(all of ``together`` milestones done by ``time``) with a shared lognormal factor on their pace."""

    def at(z: float) -> float:
        return float(stats.norm.pdf(z) * (-math.expm1(-time * math.exp(sd * z) / mean)) ** together)

    return float(integrate.quad(at, -9, 9, limit=200)[0])


def test_frailty_is_a_lognormal_mixture() -> None:
    """A factor multiplies the pace, so it divides the time; twice as fast, half as long."""
    two = {"x": act(exponential(10.0)), "y": act(exponential(10.0))}
    alone = followed(agreement(milestones=two, frailty=0.8))["a"].done
    for t in (3, 10, 30):
        check_share(np.array([alone["x"] <= t]), mixed(t, 10.0, 0.8))
        check_share(np.array([(alone["x"] <= t) & (alone["y"] <= t)]), mixed(t, 10.0, 0.8, together=2))
    fixed = followed(agreement(milestones={"x": act(6.0)}, frailty=0.5))["a"].done["x"]
    check_share(by_month(fixed), stats.norm.sf(np.log(6.0 / np.maximum(MONTHS, 1e-9)) / 0.5))


def test_a_shared_frailty_ties_agreements_together() -> None:
    shared = {"milestones": {"x": act(exponential(10.0))}, "frailties": ["kz"]}
    told = followed(agreement("a", **shared), agreement("b", **shared), frailties={"kz": {"sd": 0.8}})
    own = followed(*(agreement(i, milestones=shared["milestones"], frailty=0.8) for i in "ab"))
    for t in (3, 10, 30):
        both = np.array([(told["a"].done["x"] <= t) & (told["b"].done["x"] <= t)])
        check_share(both, mixed(t, 10.0, 0.8, together=2))
        apart = np.array([(own["a"].done["x"] <= t) & (own["b"].done["x"] <= t)])
        check_share(apart, mixed(t, 10.0, 0.8) ** 2)


def test_a_hidden_factor_named_twice_is_no_stronger() -> None:
    x = {"milestones": {"x": act(exponential(10.0))}}
    once, twice = (
        followed(agreement("a", **x, frailties=names), frailties={"kz": {"sd": 0.8}})
        for names in (["kz"], ["kz", "kz"])
    )
    np.testing.assert_array_equal(once["a"].done["x"], twice["a"].done["x"])


def test_a_pace_with_an_elasticity_integrates_to_its_clock() -> None:
    """A price that has doubled by linear steps: pace = (x / x0)^0.5 on each month; D exponential."""
    line = {"kind": "trend", "values": [{"date": SIGNED, "value": 50.0}, {"date": date(2027, 2, 27), "value": 100.0}]}
    paces = {"works": {"effects": [{"driver": "oil", "elasticity": 0.5}]}}
    done = followed(
        agreement(milestones={"x": act(exponential(9.0))}, pace="works"), drivers={"oil": line}, paces=paces
    )["a"].done["x"]
    value = np.minimum(50 + 50 * np.arange(36) / 12, 100)
    tau = np.concatenate([[0.0], np.cumsum(np.sqrt(value / 50))])
    check_share(by_month(done), 1 - np.exp(-tau / 9))


def test_signed_later_begins_later() -> None:
    """Nothing before the day; from then on as if it were the start; the end's hazard too."""
    later = agreement(milestones={"x": act(exponential(5.0))}, signed=date(2026, 12, 13), ending={"rate": 0.6})
    progress = followed(later)["a"]
    signed = GRID.month_of(date(2026, 12, 13))
    assert progress.signed == signed == pytest.approx(9 + 16 / 30)
    since = np.maximum(MONTHS - signed, 0)
    check_share(by_month(progress.ended), 1 - np.exp(-0.05 * since))
    check_share(by_month(progress.done["x"]), 0.2 / 0.25 * (1 - np.exp(-0.25 * since)))


def test_earliest_is_a_floor() -> None:
    done = followed(agreement(milestones={"x": act(exponential(5.0), earliest=date(2026, 8, 27))}))["a"].done["x"]
    check_share(by_month(done), np.where(MONTHS < 6, 0.0, 1 - np.exp(-MONTHS / 5)))
    assert stats.binomtest(int((done == 6.0).sum()), TRIALS, 1 - math.exp(-6 / 5)).pvalue > 1e-5


def test_presence_is_one_draw_a_world() -> None:
    told = followed(agreement("a", presence=0.3, milestones={"x": act(1.0, weight=0.5)}), agreement("b"), per_world=20)[
        "a"
    ]
    by_world = told.present.reshape(20, -1)
    assert (by_world == by_world[0]).all()
    assert stats.binomtest(int(by_world[0].sum()), by_world.shape[1], 0.3).pvalue > 1e-5
    for array in (told.delivery, told.honours):
        assert (array[:, ~told.present] == 0).all()
    assert (told.delivery[1, told.present] == 1).all()
    assert (told.honours[1, told.present] == 0.5).all()


@pytest.mark.parametrize("ramp", [0.0, 5.0, 12.0, 30.0])
def test_a_ramp_is_integrated(ramp: float) -> None:
    """Delivered by t after the start: a t^2 / (2 ramp) while it grows, then a (t - ramp/2); a year is a difference."""
    flow = {"unit": "t/year", "target": 120.0, "capacity": 60.0, "after": "x", "ramp": ramp}
    law = agreement(milestones={"x": act(4.5)}, flow=flow)
    progress = followed(law, trials=4)["a"]
    since = np.maximum(MONTHS - 4.5, 0)
    total = 5.0 * np.where(since < ramp, since**2 / (2 * ramp or 1), since - ramp / 2)
    lately = total - np.concatenate([np.zeros(12), total[:-12]])
    assert progress.flow is not None
    np.testing.assert_allclose(progress.flow, np.repeat(lately[:, None], 4, axis=1), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(progress.delivery[:, 0], lately / 120, rtol=1e-12, atol=1e-12)


def test_a_flow_counts_up_to_its_target_and_stops_at_the_end() -> None:
    flow = {"unit": "t/year", "target": 60.0, "capacity": 90.0, "after": "x"}
    progress = followed(agreement(milestones={"x": act(1.0)}, flow=flow, depth=0.7, ending={"rate": 0.5}), trials=300)[
        "a"
    ]
    assert progress.flow is not None
    assert progress.flow.max() == pytest.approx(90.0)
    assert progress.delivery.max() == pytest.approx(0.7)
    for month in (1, 5, 12, 30):
        on = np.minimum(MONTHS[month], progress.ended) - np.maximum(1.0, MONTHS[month] - 12)
        on = np.where(progress.ended > 1.0, np.maximum(on, 0.0), 0.0)
        np.testing.assert_allclose(progress.flow[month], 7.5 * on, rtol=1e-9, atol=1e-9)


def test_variation_is_lognormal_about_its_median() -> None:
    flow = {"unit": "t/year", "target": 60.0, "after": "x", "variation": 0.4}
    progress = followed(agreement(milestones={"x": act(0.0)}, flow=flow))["a"]
    assert progress.flow is not None
    assert stats.kstest(np.log(progress.flow[36] / 60.0) / 0.4, "norm").pvalue > 1e-5


def test_shares_of_delivery_are_those_written() -> None:
    milestones = {
        "talk": act(2.0, weight=0.7),
        "road": {"track": "material", "duration": 3.0, "weight": 0.2},
        "port": {"track": "material", "duration": 6.0, "weight": 0.3},
    }
    flow = {"unit": "t", "target": 10.0, "after": "port"}
    progress = followed(agreement(milestones=milestones, flow=flow, depth=0.9), trials=2)["a"]
    np.testing.assert_allclose(
        progress.delivery[[2, 3, 5, 6, 12, 18, 36], 0], 0.9 * np.array([0, 0.2, 0.2, 0.5, 0.75, 1, 1])
    )
    np.testing.assert_allclose(progress.honours[[1, 2, 25, 26], 0], [0.0, 0.7, 0.7, 0.0], atol=1e-12)


BEFORE = {
    "law": act({"p10": 2.0, "p90": 9.0}),
    "plan": act({"p50": 5.0, "p90": 20.0}, after="law", never=0.2, weight=0.4),
    "study": act({"p50": 7.0, "p90": 9.0}, weight=0.1),
    "goods": {"track": "material", "after": "plan", "duration": exponential(4.0), "weight": 1.0},
}


@pytest.mark.parametrize("times", [1.001, 1.5, 6.0])
def test_a_longer_duration_moves_that_milestone_later_and_nothing_unrelated(times: float) -> None:
    other = agreement("b", milestones={"x": act(exponential(3.0))}, ending={"rate": 0.3}, frailty=0.2)
    longer = {**BEFORE, "plan": {**BEFORE["plan"], "duration": {"p50": 5.0 * times, "p90": 20.0 * times}}}
    short = followed(agreement(milestones=BEFORE, ending={"rate": 0.1}), other)
    long = followed(agreement(milestones=longer, ending={"rate": 0.1}), other)
    a, b = short["a"], long["a"]
    for name in ("plan", "goods"):
        was = np.isfinite(a.done[name])
        assert (b.done[name][was] > a.done[name][was]).all()
        assert np.isinf(b.done[name][~was]).all()
        assert was.any()
    for name in ("law", "study"):
        assert (a.done[name] == b.done[name]).all()
    assert (a.ended == b.ended).all()
    assert (short["b"].delivery == long["b"].delivery).all()
    assert (short["b"].done["x"] == long["b"].done["x"]).all()
    assert (short["b"].ended == long["b"].ended).all()


def test_one_more_agreement_reordered_files_and_a_longer_horizon_move_nothing() -> None:
    a = agreement(milestones=BEFORE, ending={"rate": 0.1}, frailty=0.3, frailties=["kz"], presence=0.8)
    b = agreement("b", milestones={"x": act(exponential(3.0))}, frailties=["kz"])
    shared = {"kz": {"sd": 0.4}}
    alone = followed(a, frailties=shared, per_world=20)["a"]
    turned = {**a, "milestones": dict(reversed(a["milestones"].items()))}
    for told in (
        followed(a, b, frailties=shared, per_world=20),
        followed(b, turned, frailties={"aa": {"sd": 1.0}, **shared}, per_world=20),
        followed(a, frailties=shared, per_world=20, grid=TimeGrid(SIGNED, 60)),
    ):
        now = told["a"]
        assert (now.delivery[:37] == alone.delivery).all()
        assert (now.honours[:37] == alone.honours).all()
        assert (now.present == alone.present).all()
        for name, done in alone.done.items():
            assert (np.where(now.done[name] <= 36, now.done[name], np.inf) == done).all()


def test_circles_and_weights_are_refused() -> None:
    with pytest.raises(ValueError, match=r"circle: a\.[xy] <- a\.[xy] <- a\.[xy]"):
        followed(agreement(milestones={"x": act(1.0, after="y"), "y": act(1.0, after="x")}), trials=2)
    with pytest.raises(ValidationError, match=r"must sum to 1, not 0\.9"):
        followed(agreement(milestones={"x": {"track": "material", "duration": 1.0, "weight": 0.9}}), trials=2)
    paces = {"p": {"includes": ["q"]}, "q": {"includes": ["p"]}}
    with pytest.raises(ValueError, match="paces include one another in a circle"):
        followed(agreement(milestones={"x": act(1.0)}, pace="p"), trials=2, paces=paces)


@pytest.mark.parametrize(("own", "done"), [([], 12.0), ([{"driver": "level", "below": 2, "factor": 0.5}], 24.0)])
def test_what_a_pace_includes_is_multiplied(own: list[dict[str, Any]], done: float) -> None:
    half = {"effects": [{"driver": "level", "below": 2, "factor": 0.5}]}
    level = {"kind": "trend", "values": [{"date": SIGNED, "value": 1.0}]}
    progress = followed(
        agreement(milestones={"works": {"track": "material", "duration": 3.0, "weight": 1.0, "pace": "both"}}),
        trials=20,
        drivers={"level": level},
        paces={"first": half, "second": half, "both": {"includes": ["first", "second"], "effects": own}},
    )
    assert np.allclose(progress["a"].done["works"], done)


@pytest.mark.parametrize("paper", ["a_paper", "paper"])
def test_a_pace_that_is_reached_in_two_ways_holds_once(paper: str) -> None:
    """Whichever of the two ways is taken first; and another pace that includes only one of them has it too."""
    half = {"effects": [{"driver": "level", "below": 2, "factor": 0.5}]}
    works = {"track": "material", "duration": 3.0, "weight": 0.5}
    progress = followed(
        agreement(milestones={"both": {**works, "pace": "both"}, "one": {**works, "pace": paper}}),
        trials=20,
        drivers={"level": {"kind": "trend", "values": [{"date": SIGNED, "value": 1.0}]}},
        paces={"common": half, paper: {"includes": ["common"], **half}, "both": {"includes": ["common", paper]}},
    )
    assert np.allclose(progress["a"].done["both"], 12.0)
    assert np.allclose(progress["a"].done["one"], 12.0)


def test_a_part_of_a_pace_may_be_larger_than_all_of_it() -> None:
    """Without what it has from a pace that is taken already: 1e70 of the paper, which is 1 together with it."""

    def factor(value: float, *includes: str) -> dict[str, Any]:
        return {"includes": includes, "effects": [{"driver": "level", "below": 2, "factor": value}]}

    progress = followed(
        agreement(milestones={"works": {"track": "material", "duration": 3.0, "weight": 1.0, "pace": "both"}}),
        trials=20,
        drivers={"level": {"kind": "trend", "values": [{"date": SIGNED, "value": 1.0}]}},
        paces={
            "common": factor(1e-35, "still"),
            "still": factor(1e-35),
            "large": factor(1e35),
            "paper": factor(1e35, "common", "large"),
            "both": {"includes": ["common", "paper"]},
        },
    )
    assert np.allclose(progress["a"].done["works"], 3.0)


def test_events_honour_an_agreement_from_its_signature_on() -> None:
    """Of two signed on the same ceremonies, the later one has what comes after; so does the pace that they quicken."""
    days = [date(2026, 3, 27), date(2026, 5, 10), date(2026, 5, 14), date(2026, 5, 20), date(2026, 9, 27)]
    visits = {"kind": "events", "dated": [{"date": day} for day in days]}
    terms = {
        "milestones": {"works": {"track": "material", "duration": 3.0, "weight": 1.0}},
        "ceremonies": [{"driver": "visits", "weight": 1.0}],
    }
    late = {**agreement("late", **terms), "signed": date(2026, 5, 14)}
    progress = followed(agreement(**terms), late, trials=4, drivers={"visits": visits}, ceremony_effect=1.0)
    # February's day is the 27th: what happens in May is seen on the 27th
    early = [0, 1, 1, 4, 4, 4, 4, 5]
    assert progress["a"].honours[: len(early), 0] == pytest.approx(early)
    assert progress["late"].honours[: len(early), 0] == pytest.approx([0, 0, 0, 2, 2, 2, 2, 3])
    # until the first month that sees them it works undisturbed, and what is left then is as long as it waited before
    waited = GRID.month_of(date(2026, 5, 14))
    assert progress["late"].done["works"] == pytest.approx(3 + waited / (2 - math.exp(-2.0)))
