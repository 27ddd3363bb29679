"""How sure we are, where the answer is known: assumptions that rule a chance outright, alone or in equal parts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy import special

from pactrisk.analyses import registry
from pactrisk.estimators import Bins, FirstOrder, Moments, first_order, world_sums
from pactrisk.findings import attribution

IDS = ("rail", "school", "grain")


def agreements(never: Mapping[str, Any], depth: Any = 1.0) -> dict[str, Any]:
    """Agreements that are delivered after a month, or never, with these chances."""
    return {
        "title": "Known",
        "signed": date(2026, 2, 27),
        "agreements": [
            {
                "id": id_,
                "title": id_.capitalize(),
                "depth": dict(depth) if isinstance(depth, dict) else depth,
                "milestones": {"works": {"track": "material", "duration": 1, "weight": 1.0, "never": chance}},
            }
            for id_, chance in never.items()
        ],
    }


def anything() -> dict[str, Any]:
    return {"distribution": "uniform", "low": 0, "high": 1}


def nearly_one() -> dict[str, Any]:
    """A depth that is uncertain and changes no class."""
    return {"distribution": "uniform", "low": 0.9, "high": 1}


@pytest.fixture(scope="module")
def ruled(simulated: Any) -> Any:
    """One agreement whose chance is uniform, and two of known chance; depths that do not matter."""
    never = {"rail": anything(), "school": 0.5, "grain": 0.3}
    return simulated(agreements(never, nearly_one()), horizon=24, trials=20_000)


def frames(run: Any) -> dict[str, Any]:
    return {table.name: table.frame for table in run.finding("certainty").tables}


def test_a_uniform_chance_is_a_third_ignorance(ruled: Any) -> None:
    # p uniform: variance 1/12 between worlds and E[p (1 - p)] = 1/6 within, so a third; nine worlds in ten
    # lie from 5% to 95%
    found = frames(ruled)["certainty"].set_index("agreement")
    row = found.loc["rail"]
    assert row.ignorance_low < 1 / 3 < row.ignorance_high
    least, most = quantiles_within_sampling_error(1000)
    assert least[0] < row.by_ignorance_low < least[1]
    assert most[0] < row.by_ignorance_high < most[1]
    assert row.verdict == "shows"
    for id_ in ("school", "grain"):
        assert found.loc[id_].verdict == "indistinguishable from zero"
        # nothing but noise: the share of 1000 worlds of 20 has a standard error of sqrt(2 / 1000) / 20
        assert found.loc[id_].ignorance < 3.5 * np.sqrt(2 / 1000) / 20


def quantiles_within_sampling_error(worlds: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where the 5% and 95% quantiles of a Beta law fitted to a uniform one may lie, at 3.5 standard errors.

    The mean of worlds has variance (1/12 + 1/120) / W; their variance a relative error below sqrt(2 / (W - 1)), that
    of a normal law, whose tails are longer than those of a uniform one.
    """
    slack = 3.5 * np.sqrt((1 / 12 + 1 / 120) / worlds), 3.5 * np.sqrt(2 / (worlds - 1))
    ends = []
    for level in (0.05, 0.95):
        found = []
        for mean, variance in itertools.product((0.5 - slack[0], 0.5 + slack[0]), (1 - slack[1], 1 + slack[1])):
            size = mean * (1 - mean) / (variance / 12) - 1
            found.append(float(special.betaincinv(mean * size, (1 - mean) * size, level)))
        ends.append((min(found), max(found)))
    return ends[0], ends[1]


def test_whose_ignorance_is_known(ruled: Any) -> None:
    found = frames(ruled)["whose-ignorance"]
    first = found.iloc[0]
    assert first.address == "agreements.rail.milestones.works.never"
    assert first.assumption == "Rail: works, never done"
    # ten bins lose a hundredth of a straight effect
    assert abs(first.share - 0.99) < 3.5 / 1.96 * (first.share - first.share_low)
    assert first["rank"] == "1"
    assert first.narrower == pytest.approx(1 - np.sqrt(1 - first.share))
    assert (found.verdict[1:] == "indistinguishable from zero").all()
    assert set(found["rank"][1:]) == {"2–4"}
    said = ruled.finding("certainty").sentence
    assert "More trials will not help. Better knowledge of “Rail: works, never done”" in said
    each = frames(ruled)["whose-ignorance-by-agreement"]
    assert each[["agreement", "address"]].to_numpy().tolist() == [["rail", first.address]]


def test_what_alone_is_uncertain_explains_all(simulated: Any) -> None:
    done = {"track": "material", "weight": 1.0, "duration": 6}
    only = {"id": "only", "presence": 0.5, "milestones": {"done": done}}
    data = {"title": "One", "signed": date(2026, 3, 1), "agreements": [only]}
    run = simulated(data, horizon=24, trials=2000)
    assert "it alone explains all of the spread between worlds." in run.finding("certainty").sentence


def test_equal_shares_are_declared_a_tie(simulated: Any) -> None:
    never = {"rail": anything(), "school": anything(), "grain": 0.3}
    run = simulated(agreements(never, nearly_one()), horizon=24, trials=20_000)
    found = frames(run)["whose-ignorance"]
    assert found["rank"].tolist()[:2] == ["1–2", "1–2"]
    assert found.narrower.to_numpy() == pytest.approx(1 - np.sqrt(1 - found.share.to_numpy()))
    for _, row in found[:2].iterrows():
        assert abs(row.share - 0.495) < 3.5 / 1.96 * (row.share - row.share_low)
    assert "too close to rank" in run.finding("certainty").sentence


def test_shares_are_those_of_the_estimator_on_raw_worlds(small: Any) -> None:
    m, h = small.plan.trials_per_world, small.plan.headline
    number = small.raw(lambda b: world_sums((b.base.classes[:, h] <= 1).sum(axis=0), m))
    trials = [(b.base.classes[:, h] <= 1).sum(axis=0) for b in small.blocks]
    moments = Moments.from_trials(trials[0], m) + Moments.from_trials(trials[1], m)
    addresses = sorted(small.blocks[0].base.levels)
    levels = np.stack([small.raw(lambda b, a=a: b.base.levels[a]) for a in addresses])
    naive = first_order(Bins.from_world_sums(number, levels), moments)
    found = frames(small)["whose-ignorance"].set_index("address")
    assert sorted(found.index) == addresses
    for address, share in zip(addresses, naive.share, strict=True):
        assert found.loc[address].share == pytest.approx(float(share))


def test_an_agreement_lists_what_shows_at_a_level_that_allows_for_all_comparisons(
    ruled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four assumptions and three agreements: what chance shows once in 240 times is told, once in 239 is not."""

    def made(*_: object) -> FirstOrder:
        shape = (4, 4)
        p_value = np.zeros(shape)
        p_value[:, 1:] = np.array([1 / 239, 1 / 241, 1 / 239, 0.012])[:, None]
        share, low, high, se = (np.full(shape, x) for x in (0.3, 0.28, 0.32, 0.01))
        return FirstOrder(share, low, high, se, p_value, np.zeros(shape, bool))

    monkeypatch.setattr(attribution, "first_order", made)
    found = frames(ruled)["whose-ignorance-by-agreement"]
    addresses = sorted(ruled.blocks[0].base.levels)
    assert found[found.agreement == "rail"].address.tolist() == [attribution.written_address(addresses[1])]


def test_worlds_without_an_agreement_are_a_lump_of_their_own(simulated: Any) -> None:
    """Rail is absent in 3 worlds of 10; its chance is uniform in the others, so the upper end is 1 - 0.05 / 0.7."""
    data = agreements({"rail": anything(), "school": 0.5, "grain": 0.3}, nearly_one())
    data["agreements"][0]["presence"] = 0.7
    run = simulated(data, horizon=24, trials=20_000, sampler="latin")
    found = frames(run)["certainty"].set_index("agreement")
    assert found.loc["rail"].by_ignorance_low == 0.0
    assert found.loc["rail"].by_ignorance_high == pytest.approx(1 - 0.05 / 0.7, abs=0.02)
    # without it the number is 0.5 + 0.7
    assert 3 * found.loc["number"].by_ignorance_low == pytest.approx(1.2, abs=0.05)
    sums = run.sums("certainty")
    there = np.concatenate([b.base.progress["rail"].present[: b.worlds] for b in run.blocks])
    number = np.concatenate(
        [world_sums((b.base.classes[:, b.plan.headline] <= 1).sum(axis=0), b.trials_per_world) for b in run.blocks]
    )
    np.testing.assert_array_equal(sums["kinds/worlds"], [(~there).sum(), there.sum()])
    np.testing.assert_array_equal(sums["kinds/present"][list(run.plan.scenario.ids).index("rail")], there.sum())
    np.testing.assert_array_equal(sums["kinds/number/total"], [number[~there].sum(), number[there].sum()])
    some = np.concatenate(
        [world_sums((b.base.classes[:, b.plan.headline] <= 1).any(axis=0), b.trials_per_world) for b in run.blocks]
    )
    np.testing.assert_array_equal(sums["kinds/some/total"], [some[~there].sum(), some[there].sum()])
    np.testing.assert_array_equal(
        sums["kinds/number/square"], [(number[~there] ** 2).sum(), (number[there] ** 2).sum()]
    )


@pytest.mark.parametrize("inherited", [{"presence": 0.5, "trust": "C"}, {"template": "memo"}])
def test_presence_is_an_assumption_too(simulated: Any, inherited: dict[str, Any]) -> None:
    data = agreements({"rail": 0.1, "school": 0.5, "grain": 0.5})
    data["agreements"][0] |= inherited
    data["templates"] = {"memo": {"presence": 0.5, "trust": "C"}}
    run = simulated(data, horizon=24, trials=20_000)
    first = frames(run)["whose-ignorance"].iloc[0]
    assert first.assumption == "Rail: whether it exists at all"
    # the papers are those of the presence that rules it
    assert first.meaning == "whether the agreement is in the portfolio of a world"
    assert (first.written, first.trust) == ("0.5", "C")
    assert f"({first.meaning})" in run.finding("certainty").sentence
    # there or not rules everything but one trial in ten; two bins of ten would do
    assert abs(first.share - 1) < 3.5 / 1.96 * (first.share_high - first.share_low)


@pytest.mark.parametrize("trials_per_world", [1, 4])
def test_trials_needed_are_those_of_the_interval_by_conditional_monte_carlo_too(
    trials_per_world: int, simulated: Any
) -> None:
    """Where worlds are drawn apart its chances are told by worlds, as counts are, and not by counts."""
    data = agreements({"rail": anything(), "school": 0.5, "grain": 0.3})
    asked = {"sampler": "plain", "trials_per_world": trials_per_world, "conditional_monte_carlo": True}
    found = frames(simulated(data, horizon=24, trials=8000, **asked))
    half = (found["certainty"].chance_high - found["certainty"].chance_low) / 2
    needed = 8000 * (half / 0.001) ** 2
    assert (needed / found["trials-needed"].points_0_1).between(0.97, 1.05).all()


def test_trials_needed_are_those_that_suffice(ruled: Any, simulated: Any) -> None:
    found = frames(ruled)["trials-needed"].set_index("agreement").loc["rail"]
    (asked,) = (table for table in ruled.finding("certainty").tables if table.name == "trials-needed")
    labels = [column.label for column in asked.columns.values()][1:]
    assert labels == ["For ±1 point", "For ±0.5 points", "For ±0.1 points"]
    # world means of a uniform chance: variance 1/12 + 1/6 / 20
    exact = 20 * (1.959964 / 0.01) ** 2 * (1 / 12 + 1 / 120)
    assert found.points_1_low < exact < found.points_1_high
    assert found.points_0_1 == pytest.approx(100 * found.points_1, rel=1e-3)
    together = frames(ruled)["trials-needed"].set_index("agreement").loc["number"]
    # the same for the share of three: the variances of the three add, over nine
    exact = 20 * (1.959964 / 0.01) ** 2 * (1 / 12 + 1 / 120 + (0.25 + 0.21) / 20) / 9
    assert together.points_1_low < exact < together.points_1_high
    many = simulated(agreements({"rail": anything()}), horizon=24, trials=round(found.points_1))
    row = frames(many)["certainty"].set_index("agreement").loc["rail"]
    # a standard deviation from W worlds has a relative error below that of a normal law, 1 / sqrt(2 (W - 1))
    worlds = many.plan.worlds
    assert (row.chance_high - row.chance_low) / 2 == pytest.approx(0.01, rel=3.5 / np.sqrt(2 * (worlds - 1)))


def test_nearly_all_chance_is_said(simulated: Any) -> None:
    tight = {"distribution": "uniform", "low": 0.499, "high": 0.501}
    run = simulated(agreements({"rail": tight}), horizon=24, trials=40_000)
    found = run.finding("certainty")
    assert "nearly all is chance" in found.sentence
    # one verdict: nothing is shared out, named or ranked, and the bar shows a bound
    assert not any(name.startswith("whose") for name in frames(run))
    assert [figure.name for figure in found.figures] == ["three-way-by-agreement"]
    assert all(row.bound for row in found.figures[0].rows)
    assert (frames(run)["certainty"].verdict == "indistinguishable from zero").all()
    assert all(row.bound for row in run.finding("headline").figures[0].rows)
    assert "while ignorance itself cannot be told from nothing" in found.notes[-1]


def test_every_place_gives_one_verdict_on_ignorance(small: Any, ruled: Any) -> None:
    for run in (small, ruled):
        found = run.finding("certainty")
        table = frames(run)["certainty"].set_index("agreement")
        shows = (table.verdict == "shows").to_dict()
        for row, what in zip(run.finding("headline").figures[0].rows, ("number", "some"), strict=True):
            assert row.bound != shows[what]
        for row, id_ in zip(found.figures[0].rows, run.plan.scenario.ids, strict=True):
            assert row.bound != shows[id_]
            cell = table.loc[id_]
            assert row.ignorance == pytest.approx((cell.by_ignorance_low, cell.by_ignorance_high))
        assert ((table.ignorance_low > 0) == (table.verdict == "shows")).all()
        assert ("whose-ignorance" in frames(run)) == shows["number"]
        assert ("cannot be told from nothing" in found.sentence) != shows["number"]
        each = frames(run).get("whose-ignorance-by-agreement")
        if each is not None:
            assert all(shows[id_] for id_ in each.agreement)
            assert (each.share_low > 0).all()


def test_too_few_trials_are_said(simulated: Any) -> None:
    tight = {"distribution": "uniform", "low": 0.45, "high": 0.55}
    run = simulated(agreements({"rail": tight}), horizon=24, trials=40)
    assert "more trials will help to tell" in run.finding("certainty").sentence


@pytest.mark.parametrize("chance", [anything(), 0.4])
def test_a_number_that_can_be_but_one_is_said_to_be(simulated: Any, chance: Any) -> None:
    data = agreements({"rail": chance, "school": 0.5})
    for agreement in data["agreements"]:
        agreement["presence"] = 0
    assert simulated(data, horizon=24, trials=2000).finding("certainty").sentence == (
        "After 2,000 trials the expected number of agreements in substantive cooperation is 0, and can be nothing "
        "else: no agreement is in the portfolio of any world."
    )


@pytest.mark.parametrize("never", [1, 0])
def test_a_number_that_was_always_the_same_is_said_to_have_been(simulated: Any, never: int) -> None:
    run = simulated(agreements({"rail": never}, nearly_one()), horizon=24, trials=2000)
    said = run.finding("certainty").sentence
    assert (
        "The number was the same in every trial, so neither ignorance of the assumptions nor chance has been seen"
        in said
    )
    assert "at most it moves" not in said


def test_one_trial_a_world_and_no_spread_at_all(simulated: Any) -> None:
    alone = simulated(agreements({"rail": anything()}), horizon=24, trials=2000, trials_per_world=1)
    assert "several trials a world" in alone.finding("certainty").sentence
    assert frames(alone)["certainty"].by_ignorance_high.tolist() == [1, 1, 1]
    sure = simulated(agreements({"rail": 0.4}), horizon=24, trials=2000)
    found = sure.finding("certainty")
    assert "No assumption of this scenario has a spread" in found.sentence
    assert (frames(sure)["certainty"].verdict == "none").all()
    assert (frames(sure)["certainty"].ignorance == 0).all()
    assert [table.name for table in found.tables] == ["certainty", "trials-needed"]
    assert registry()["certainty"].observe(sure.blocks[0]) == {}


def test_with_one_trial_a_world_shares_are_told_of_all_variance(simulated: Any) -> None:
    """What differs between such worlds is chance as well, and more trials a world are asked for first."""
    never = {"rail": anything(), "school": 0.5, "grain": 0.3}
    run = simulated(agreements(never), horizon=24, trials=4000, trials_per_world=1)
    found = run.finding("certainty")
    assert (
        "ask for several trials a world. Even so “Rail: works, never done” (chance that it is not pursued at all) is "
        "seen to matter: it alone explains "
    ) in found.sentence
    assert found.sentence.endswith(" of all variance.")
    assert not any("share of ignorance" in note for note in found.notes)
    every = {table.name: table for table in found.tables}
    whose, each = every["whose-ignorance"], every["whose-ignorance-by-agreement"]
    assert whose.caption == "The share of all variance that each assumption explains by itself."
    assert [whose.columns[name].label for name in ("share", "narrower")] == [
        "Share of all variance",
        "Spread narrower, were it known",
    ]
    assert each.columns["share"].label == "Share of all variance"
    figure = found.figures[-1]
    assert figure.caption.startswith("Share of all variance, in the expected number of agreements, that each ")
    assert figure.alt.startswith("Share of all variance of the assumptions")
    both = simulated(agreements(never | {"school": anything()}), horizon=24, trials=4000, trials_per_world=1)
    assert re.search(
        r" Even so “.*” and “.*” are seen to matter, too close to rank: the first alone explains .* of all variance\.$",
        both.finding("certainty").sentence,
    )


def test_one_world_knows_nothing(simulated: Any) -> None:
    run = simulated(agreements({"rail": anything()}), horizon=24, trials=2000, trials_per_world=2000)
    found = run.finding("certainty")
    assert [table.name for table in found.tables] == ["certainty", "trials-needed"]
    assert np.isinf(frames(run)["trials-needed"].points_1).all()


def test_blocks_add_up(small: Any) -> None:
    sums = small.sums("certainty")
    parts = [registry()["certainty"].observe(block) for block in small.blocks]
    for key in parts[0]:
        assert np.array_equal(sums[f"certainty/{key}"], parts[0][key] + parts[1][key])
    assert (sums["certainty/bins/counts"].sum(axis=1) == small.plan.worlds).all()


@pytest.mark.parametrize("trials", [20, 40, 60])
def test_so_few_worlds_are_told_without_a_warning(simulated: Any, tables: Any, trials: int) -> None:
    """One to three worlds: warnings are errors here, so that no division speaks in the analyst's terminal."""
    few = simulated(others={"same": tables()}, trials=trials)
    assert few.plan.worlds == trials // 20
    for name in registry():
        few.finding(name)
