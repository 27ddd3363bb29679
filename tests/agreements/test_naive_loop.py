"""Progress against a second witness: one trial at a time, in plain Python, from the same uniforms.

The witness walks along the months, works off durations as the pace allows, and integrates flows piece by piece.
It shares the drivers' values and the uniforms with the package, and no line of code.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy import stats

from pactrisk.agreements import Clocks, Progress, follow
from pactrisk.drivers import DriverPaths, simulate
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Worlds
from pactrisk.scenario import Scenario
from pactrisk.streams import Streams

SIGNED = date(2026, 2, 27)
WORLDS, PER_WORLD = 60, 2
TRIALS = WORLDS * PER_WORLD
SEED = 78
Z90 = stats.norm.ppf(0.9)

DRIVERS: dict[str, Any] = {
    "oil": {"kind": "mean_reverting", "initial": 70.0, "level": 60.0, "half_life": 9.0, "volatility": 0.5},
    "will": {"kind": "index", "mean": 0.0, "half_life": 6.0, "sd": 1.0},
    "war": {
        "kind": "regime",
        "initial": "war",
        "states": {
            "war": {"duration": {"distribution": "exponential", "mean": 8.0}, "next": {"peace": 1.0}},
            "peace": {"duration": {"distribution": "exponential", "mean": 8.0}, "next": {"war": 1.0}},
        },
    },
    "visits": {"kind": "events", "rate": 3.0},
    "fairs": {"kind": "events", "rate": 1.0},
}
EFFECTS: dict[str, list[dict[str, Any]]] = {
    "patience": [{"driver": "will", "per_unit": 1.3}],
    "works": [
        {"driver": "war", "state": "war", "factor": 0.3, "lag": 3.0},
        {"driver": "oil", "elasticity": 0.8, "lag": 6.0, "average": 3.0},
        {"driver": "oil", "below": 50.0, "factor": 0.0},
    ],
    "ending": [{"driver": "war", "state": "war", "factor": 3.0}],
    "flow": [{"driver": "oil", "elasticity": 0.5, "reference": 65.0}],
}
CEREMONIES = [{"driver": "visits", "weight": 0.3}, {"driver": "fairs", "weight": 0.05}]
AGREEMENTS: list[dict[str, Any]] = [
    {
        "id": "rail",
        "pace": "works",
        "frailty": 0.4,
        "frailties": ["kz"],
        "depth": 0.8,
        "ending": {"rate": 0.12, "effects": EFFECTS["ending"]},
        "ceremonies": CEREMONIES,
        "milestones": {
            "signing": {"track": "formal", "duration": 0.0, "weight": 0.3},
            "plan": {
                "track": "formal",
                "after": "signing",
                "duration": {"p10": 1.0, "p90": 9.0},
                "never": 0.2,
                "weight": 0.25,
                "pace": "patience",
            },
            "tender": {
                "track": "material",
                "after": ["plan"],
                "duration": {"distribution": "weibull", "scale": 4.0, "shape": 1.5},
                "weight": 0.25,
            },
            "contract": {
                "track": "material",
                "after": ["tender", "health.law"],
                "duration": {"distribution": "gamma", "shape": 2.0, "scale": 1.5},
                "weight": 0.35,
                "earliest": date(2026, 12, 10),
            },
        },
        "flow": {
            "unit": "t/year",
            "target": 100.0,
            "capacity": 130.0,
            "after": "contract",
            "ramp": 7.0,
            "variation": 0.3,
            "effects": EFFECTS["flow"],
        },
    },
    {
        "id": "health",
        "signed": date(2026, 7, 12),
        "presence": 0.7,
        "frailties": ["kz"],
        "ending": {"rate": 0.2},
        "milestones": {
            "law": {"track": "formal", "duration": {"distribution": "exponential", "mean": 5.0}, "weight": 0.5},
            "staff": {
                "track": "material",
                "after": "rail.plan",
                "duration": {"distribution": "log_logistic", "median": 6.0, "shape": 2.0},
                "weight": 1.0,
            },
        },
    },
    {
        "id": "shop",
        "presence": 0.5,
        "pace": "works",
        "milestones": {"stall": {"track": "formal", "duration": 2.0, "weight": 0.1}},
        "flow": {"unit": "USD", "target": 10.0, "after": ["health.law", "rail.signing"]},
    },
]
DATA: dict[str, Any] = {
    "title": "Three",
    "signed": SIGNED,
    "drivers": DRIVERS,
    "paces": {
        "patience": {"effects": EFFECTS["patience"]},
        "works": {"includes": ["patience"], "effects": EFFECTS["works"]},
    },
    "frailties": {"kz": {"sd": 0.5}},
    "agreements": AGREEMENTS,
}

INVERSES: dict[str, Callable[[float], float]] = {
    "rail.signing": lambda _: 0.0,
    "rail.plan": lambda u: float(3 * math.exp(math.log(3) / Z90 * stats.norm.ppf(u))),
    "rail.tender": lambda u: 4.0 * (-math.log(1 - u)) ** (1 / 1.5),
    "rail.contract": lambda u: float(stats.gamma.ppf(u, 2.0, scale=1.5)),
    "health.law": lambda u: -5.0 * math.log(1 - u),
    "health.staff": lambda u: 6.0 * math.sqrt(u / (1 - u)),
    "shop.stall": lambda _: 2.0,
}


def grid_of(step: int) -> TimeGrid:
    return TimeGrid(SIGNED, 36 // step, step)


def followed(step: int, ceremony_effect: float = 0.0) -> tuple[DriverPaths, dict[str, Progress]]:
    """What the package says."""
    scenario = Scenario.from_data({**DATA, "ceremony_effect": ceremony_effect})
    grid, worlds = grid_of(step), Worlds(Streams(SEED, 0, TRIALS), PER_WORLD)
    paths = simulate(scenario.drivers, scenario.factors, scenario.shocks, worlds, grid)
    clocks = Clocks(scenario.paces, scenario.ceremony_effect, 24 // step, paths, worlds, grid)
    return paths, follow(scenario.agreements, scenario.frailties, clocks)


class Witness:
    """One trial, walked through."""

    def __init__(self, paths: DriverPaths, step: int, trial: int, ceremony_effect: float) -> None:
        self.step, self.trial, self.effect = step, trial, ceremony_effect
        self.horizon = 36.0
        self.steps = 36 // step
        self.series: dict[str, list[Any]] = {
            name: paths.valued(name).values[:, trial].tolist() for name in ("oil", "will")
        }
        war = paths.regime("war")
        self.series["war"] = [war.names[number] for number in war.states[:, trial]]
        self.events = {
            name: [float(t) for t in paths.events(name).times[:, trial] if math.isfinite(t)]
            for name in ("visits", "fairs")
        }
        self.done: dict[str, float] = {}

    def uniform(self, address: str) -> float:
        return float(Streams(SEED, 0, TRIALS).uniform(address)[self.trial])

    def normal(self, address: str) -> float:
        return float(Streams(SEED, 0, TRIALS).normal(address)[self.trial])

    def factor(self, effects: list[dict[str, Any]], k: int) -> float:
        product = 1.0
        for law in effects:
            series = self.series[law["driver"]]
            lag = round(law.get("lag", 0) / self.step)
            over = max(1, round(law.get("average", 0) / self.step))
            if "state" in law:
                product *= law["factor"] if series[max(k - lag, 0)] == law["state"] else 1.0
                continue
            x = sum(series[max(k - lag - j, 0)] for j in range(over)) / over
            if "below" in law:
                product *= law["factor"] if x < law["below"] else 1.0
            elif "per_unit" in law:
                product *= law["per_unit"] ** (x - series[0])
            else:
                product *= (x / law.get("reference", series[0])) ** law["elasticity"]
        return product

    def honours(self, k: int, agreement: dict[str, Any]) -> float:
        """Weights of ceremonial events in the two years up to point k."""
        month = k * self.step
        return sum(
            ceremony["weight"]
            for ceremony in agreement.get("ceremonies", [])
            for t in self.events[ceremony["driver"]]
            if month - 24 < t <= month
        )

    def pace(self, name: str | None, k: int, agreement: dict[str, Any]) -> float:
        speed = 1.0
        for word in {None: (), "patience": ("patience",), "works": ("patience", "works")}[name]:
            speed *= self.factor(EFFECTS[word], k)
        return speed * (1 + self.effect * (1 - math.exp(-self.honours(k, agreement))))

    def work(self, amount: float, start: float, pace: Callable[[int], float]) -> float:
        """When ``amount`` is worked off that is begun at ``start``."""
        if amount == 0:
            return start
        time = start
        while time < self.horizon:
            k = math.floor(time / self.step + 1e-12)
            until = (k + 1) * self.step
            speed = pace(k)
            if speed > 0 and amount <= speed * (until - time):
                return time + amount / speed
            amount -= speed * (until - time)
            time = until
        return math.inf

    def month(self, day: date) -> float:
        whole = (day.year - SIGNED.year) * 12 + day.month - SIGNED.month - (day.day < SIGNED.day)
        year, month = divmod(SIGNED.year * 12 + SIGNED.month - 1 + whole, 12)
        begun = date(year, month + 1, SIGNED.day)
        ends = date(year + month // 11, (month + 1) % 12 + 1, SIGNED.day)
        return whole + (day - begun).days / (ends - begun).days

    def follow(self) -> dict[str, dict[str, Any]]:
        by_id = {agreement["id"]: agreement for agreement in AGREEMENTS}
        kz = math.exp(0.5 * self.normal("frailty/kz"))
        told: dict[str, dict[str, Any]] = {}
        for id_, agreement in by_id.items():
            signed = self.month(agreement["signed"]) if "signed" in agreement else 0.0
            exists = Streams(SEED, 0, TRIALS).uniform(f"assumption/agreements.{id_}.presence/exists", WORLDS)
            present = bool(exists[self.trial % WORLDS] < agreement.get("presence", 1.0))
            frailty = 1.0
            if "frailty" in agreement:
                frailty = math.exp(agreement["frailty"] * self.normal(f"agreement/{id_}/frailty"))
            if "frailties" in agreement:
                frailty *= kz
            ended = math.inf
            if "ending" in agreement:
                owed = -math.log(1 - self.uniform(f"agreement/{id_}/ending"))
                law = agreement["ending"]
                ended = self.work(
                    owed, signed, lambda k, law=law: law["rate"] / 12 * self.factor(law.get("effects", []), k)
                )
            told[id_] = {"signed": signed, "present": present, "frailty": frailty, "ended": ended}
        for full in (
            "rail.signing",
            "rail.plan",
            "health.law",
            "health.staff",
            "rail.tender",
            "rail.contract",
            "shop.stall",
        ):
            id_, _, name = full.partition(".")
            agreement, own = by_id[id_], told[id_]
            milestone = agreement["milestones"][name]
            after = milestone.get("after", [])
            first = [
                other if "." in other else f"{id_}.{other}" for other in ([after] if isinstance(after, str) else after)
            ]
            start = max([own["signed"], *(self.done[other] for other in first)])
            done = math.inf
            if math.isfinite(start):
                takes = INVERSES[full](self.uniform(f"agreement/{id_}/{name}/duration")) / own["frailty"]
                word = milestone.get("pace", agreement.get("pace"))
                done = self.work(takes, start, lambda k, word=word, agreement=agreement: self.pace(word, k, agreement))
            if "earliest" in milestone:
                done = max(done, self.month(milestone["earliest"]))
            if "never" in milestone and self.uniform(f"agreement/{id_}/{name}/never") < milestone["never"]:
                done = math.inf
            if done > own["ended"] or not own["present"] or done > self.horizon:
                done = math.inf
            self.done[full] = done
        for id_, agreement in by_id.items():
            told[id_] |= self.results(id_, agreement, told[id_])
        return told

    def results(self, id_: str, agreement: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
        delivery, honours, flows = [], [], []
        flow = agreement.get("flow")
        amounts = self.amounts(id_, flow, own) if flow else []
        for k in range(self.steps + 1):
            month = k * self.step
            done = {name: self.done[f"{id_}.{name}"] for name in agreement["milestones"]}
            weights = {name: m["weight"] for name, m in agreement["milestones"].items()}
            tracks = {name: m["track"] for name, m in agreement["milestones"].items()}
            material = sum(weights[n] for n in done if tracks[n] == "material" and done[n] <= month + 1e-12)
            formal = sum(weights[n] for n in done if tracks[n] == "formal" and month - 24 < done[n] <= month + 1e-12)
            honours.append(formal + (self.honours(k, agreement) if own["present"] else 0.0))
            if flow:
                lately = sum(amounts[max(k - 12 // self.step, 0) : k])
                flows.append(lately)
                share = 1 - sum(weights[n] for n in weights if tracks[n] == "material")
                material += share * min(lately / flow["target"], 1)
            delivery.append(material * agreement.get("depth", 1.0))
        return {"delivery": delivery, "honours": honours, "flow": flows}

    def amounts(self, id_: str, flow: dict[str, Any], own: dict[str, Any]) -> list[float]:
        """Delivered in each step: the ramp is a straight line between its corners, so the middle is its mean."""
        after = flow["after"]
        first = [
            other if "." in other else f"{id_}.{other}" for other in ([after] if isinstance(after, str) else after)
        ]
        start = max([own["signed"], *(self.done[other] for other in first)])
        capacity = flow.get("capacity", flow["target"])
        if "variation" in flow:
            level = self.uniform(f"agreement/{id_}/flow/variation")
            capacity *= math.exp(flow["variation"] * stats.norm.ppf(level))
        ramp, amounts = flow.get("ramp", 0.0), []
        for k in range(self.steps):
            low, high = k * self.step, (k + 1) * self.step
            corners = sorted({low, high, *(x for x in (start, start + ramp, own["ended"]) if low < x < high)})
            area = 0.0
            for a, b in itertools.pairwise(corners):
                middle = (a + b) / 2
                if own["present"] and start < middle < own["ended"]:
                    area += (b - a) * (1.0 if middle - start >= ramp else (middle - start) / ramp)
            amounts.append(capacity / 12 * area * self.factor(flow.get("effects", []), k))
        return amounts


@pytest.mark.parametrize("step", [1, 3], ids=["monthly", "quarterly"])
@pytest.mark.parametrize("ceremony_effect", [0.0, 0.6])
def test_every_trial_is_the_walk(step: int, ceremony_effect: float) -> None:
    paths, progress = followed(step, ceremony_effect)
    seen = {"done": 0, "ended": 0, "absent": 0, "flow": 0, "early": 0}
    for trial in range(TRIALS):
        witness = Witness(paths, step, trial, ceremony_effect)
        for id_, truth in witness.follow().items():
            found = progress[id_]
            assert found.signed == pytest.approx(truth["signed"])
            assert bool(found.present[trial]) == truth["present"]
            ended = float(found.ended[trial])
            assert ended == pytest.approx(truth["ended"], rel=1e-9)
            for name, done in found.done.items():
                assert float(done[trial]) == pytest.approx(witness.done[f"{id_}.{name}"], rel=1e-9, abs=1e-9), name
                seen["done"] += math.isfinite(done[trial]) and done[trial] > 0
            np.testing.assert_allclose(found.delivery[:, trial], truth["delivery"], rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(found.honours[:, trial], truth["honours"], rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(
                found.ceremony[:, trial], [1 - math.exp(-h) for h in truth["honours"]], atol=1e-12
            )
            if truth["flow"]:
                assert found.flow is not None
                np.testing.assert_allclose(found.flow[:, trial], truth["flow"], rtol=1e-9, atol=1e-10)
                seen["flow"] += truth["flow"][-1] > 0
            seen["ended"] += ended < 36
            seen["absent"] += not truth["present"]
        seen["early"] += witness.done["rail.contract"] == pytest.approx(witness.month(date(2026, 12, 10)))
    assert min(seen.values()) > 5, f"some part of the model was hardly visited: {seen}"


def test_what_is_delivered_since_signature_is_the_sum_of_years() -> None:
    _, progress = followed(1)
    rail = progress["rail"]
    assert rail.flow is not None
    assert rail.total is not None
    np.testing.assert_allclose(rail.total[36], rail.flow[12] + rail.flow[24] + rail.flow[36], rtol=1e-9, atol=1e-12)
    assert (np.diff(rail.total, axis=0) >= 0).all()
