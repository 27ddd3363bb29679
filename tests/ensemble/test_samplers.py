"""Every sampler simulates the same model, keeps the promises of keyed randomness, and tells how sure it is."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from scipy import stats

from pactrisk.agreements.draws import own_draws
from pactrisk.ensemble import Plan, moments, run, simulate_block
from pactrisk.estimators import proportion
from pactrisk.outcomes import GROUPS
from pactrisk.samplers import REPLICATES
from pactrisk.streams import BLOCK, Streams
from small_world import arrays, base, data, plan, same, shuffled

SPREAD = ("antithetic", "latin", "sobol")
COOPERATION = list(GROUPS).index("substantive cooperation")


def means(asked: Plan, name: str = "groups") -> Any:
    """Chance and standard error over replicates of each group of each agreement at the headline."""
    found = moments(run(asked, {}), name, asked)[:, asked.headline]
    share = found.total / found.trials
    square = found.square / found.worlds - (found.total / found.worlds) ** 2
    return share, np.sqrt(square / (found.worlds - 1)) / found.trials_per_world


@pytest.mark.parametrize("sampler", SPREAD)
def test_it_has_the_chances_of_plain_monte_carlo_and_is_surer_of_them(sampler: str) -> None:
    asked: dict[str, Any] = {"trials": 30_000, "trials_per_world": 5}
    (here, error), (there, plain) = means(plan(sampler=sampler, **asked)), means(plan(**asked, seed=8))
    assert (np.abs(here - there) <= 4.5 * np.hypot(error, plain) + 1e-12).all()
    told = (there[:, COOPERATION] > 0.05) & (there[:, COOPERATION] < 0.95)
    assert told.any()
    assert np.exp(np.mean(np.log(error[told, COOPERATION] / plain[told, COOPERATION]))) < 0.95


@pytest.mark.parametrize("sampler", SPREAD)
def test_an_interval_is_as_narrow_as_its_replicates_scatter(sampler: str) -> None:
    """With many replicates the limits of a chance lie about two standard errors away, as those of worlds do."""
    asked = plan(sampler=sampler, trials=20_000, trials_per_world=5)
    share, error = means(asked)
    # what is spread evenly outright, a presence, hardly scatters at all
    told = (share > 0.1) & (share < 0.9) & (error > 0.001)
    assert told.sum() > 3
    found = proportion(moments(run(asked, {}), "groups", asked)[:, asked.headline])
    half = ((found.high - found.low) / 2)[told] / error[told]
    np.testing.assert_allclose(half, stats.t.ppf(0.975, asked.replicates - 1), rtol=0.05)


@pytest.mark.parametrize("sampler", SPREAD)
def test_nothing_moves_that_was_not_edited(sampler: str) -> None:
    here = base(sampler=sampler)
    more = data()
    more["drivers"]["alarm"] = {"kind": "events", "rate": 2.0}
    more["agreements"].insert(
        0, {"id": "aaa", "template": "memorandum", "milestones": {"contract": {"weight": 1.0}}, "frailty": 0.9}
    )
    more["frailties"]["zeal"] = {"sd": 0.2}
    same(here, base(more, sampler=sampler))
    same(here, base(shuffled(data(), random.Random(3)), sampler=sampler))
    same(here, base(trials=6000, sampler=sampler))
    other = data()
    other["agreements"][2]["milestones"]["contract"]["never"] = 0.9
    moved = {name for name, value in base(other, sampler=sampler).items() if not np.array_equal(value, here[name])}
    assert moved == {"science/done/contract", "science/delivery", "science/classes"}


@pytest.mark.parametrize("sampler", SPREAD)
def test_a_longer_horizon_keeps_the_earlier_part(sampler: str) -> None:
    short, long = base(horizon=24, sampler=sampler), base(horizon=36, sampler=sampler)
    for name in ("driver/oil", "grain/delivery", "science/classes"):
        assert np.array_equal(short[name], long[name][: len(short[name])])


def test_a_milestone_that_a_variant_adds_moves_nothing_else() -> None:
    more = data()
    more["agreements"][2]["milestones"]["assent"] = {"track": "formal", "duration": {"p50": 3, "p90": 9}}
    asked = plan(variants={"more": more}, sampler="sobol")
    added, kept = (asked.sampler(one).places for one in (asked.variants["more"], asked.scenario))
    assert {address: added[address] for address in kept} == kept
    block = simulate_block(asked, 0)
    assert np.array_equal(block.variants["more"][:2], block.base.classes[:2, asked.headline])


def test_workers_move_nothing() -> None:
    asked = plan(trials=9_000, sampler="sobol", variants={"warmer": {**data(), "ceremony_effect": 0.5}})
    alone, together = run(asked, {}, 1), run(asked, {}, 2)
    assert all(alone[name].tobytes() == together[name].tobytes() for name in alone)


@pytest.mark.parametrize("sampler", SPREAD)
def test_trials_cut_short_are_the_first_replicates_of_the_block(sampler: str) -> None:
    whole, cut = (simulate_block(plan(trials=trials, sampler=sampler), 0) for trials in (2000, 250))
    assert (cut.replicates, cut.trials, cut.worlds) == (2, 400, 20)
    keep = np.arange(BLOCK) % REPLICATES < 2
    full, part = arrays(whole.base), arrays(cut.base)
    assert all(np.array_equal(value, full[name][..., keep]) for name, value in part.items())
    for address, level in cut.base.levels.items():
        assert np.array_equal(level, whole.base.levels[address][keep[: whole.worlds]])
    # the trials of a world share its levels, whoever is kept
    rail = cut.base.progress["rail"].present
    assert (rail.reshape(-1, cut.worlds) == rail[: cut.worlds]).all()


def test_every_number_that_an_agreement_draws_once_a_trial_has_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[str] = set()
    uniform = Streams.uniform

    def watched(self: Streams, address: str, *shape: int) -> Any:
        seen.update({address} if not shape else ())
        return uniform(self, address, *shape)

    monkeypatch.setattr(Streams, "uniform", watched)
    asked = plan()
    simulate_block(asked, 0)
    listed = {address for agreement in asked.scenario.agreements for address in own_draws(agreement)}
    assert {address for address in seen if address.startswith("agreement/")} <= listed
    assert len(seen) > 10


@pytest.mark.parametrize("sampler", SPREAD)
def test_what_never_happened_is_bounded_by_the_worlds(sampler: str) -> None:
    """No scatter says nothing of how rare a thing is: the bound is that of a plain sample, or wider."""
    bounds = []
    for asked in (plan(sampler=sampler, trials_per_world=5), plan(trials_per_world=5)):
        found = proportion(moments(run(asked, {}), "classes", asked)[0, asked.headline])
        never = found.value == 0
        assert never.any()
        bounds.append(found.high[never].max())
    assert bounds[0] >= bounds[1] * 0.999
    assert bounds[0] < 0.03
