"""The flagship against the base rates that it says it was tuned to, and its drivers against their records.

The priors are stated in the head of the scenario: each document's chance of delivering a third of its promise within
36 months. A prior is Beta with the concentration of the class, 8 for a memorandum and 10 for investment promotion.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from scenarios.shipped import Sample, error

PRIORS = {
    "health": 0.20,
    "justice": 0.30,
    "information": 0.15,
    "egovernment": 0.25,
    "veterinary": 0.35,
    "science": 0.25,
    "cinema": 0.15,
    "heritage": 0.15,
    "investment": 0.10,
    "tenth": 0.20,
}
BRENT = Path(__file__).parents[3] / "shared" / "data" / "energy_prices" / "brent_monthly.csv"


def ladder(sample: Sample, milestone: str, months: float) -> float:
    """Chance that a document has passed a milestone, over all ten."""
    return float(
        np.mean([np.mean(p.done[milestone] <= months) for b in sample.blocks for p in b.base.progress.values()])
    )


def occupied(sample: Sample, name: str, state: str) -> np.ndarray:
    """Share of trials in which a regime is in a state, by month."""
    return np.mean([b.base.paths.regime(name).indicator(state).mean(axis=1) for b in sample.blocks], axis=0)


@pytest.mark.parametrize("name", PRIORS)
def test_each_document_lies_near_its_prior_and_within_its_band(flagship: Sample, name: str) -> None:
    place = flagship.plan.scenario.ids.index(name)
    chance = flagship.substantive()[place]
    weight = 10 if name == "investment" else 8
    low, high = stats.beta(weight * PRIORS[name], weight * (1 - PRIORS[name])).ppf([0.05, 0.95])
    assert low < chance.mean() < high
    assert abs(chance.mean() - PRIORS[name]) < 0.04 + 3 * error(chance)


def test_the_portfolio_holds_two_of_ten_and_hangs_together(flagship: Sample) -> None:
    chances = flagship.substantive()
    count = chances.sum(axis=0)
    assert abs(count.mean() - sum(PRIORS.values())) < 0.3 + 3 * error(count)
    members = [np.isin(b.base.classes[:, flagship.plan.headline], (0, 1)).sum(axis=0) for b in flagship.blocks]
    counts = np.concatenate(members)
    p = chances.mean(axis=1)
    # the sample variance of n counts has a standard error of about its value times sqrt(2 / n)
    assert counts.var() > (p * (1 - p)).sum() * (1 + 4 * np.sqrt(2 / len(counts)))


def test_ignorance_is_wide(flagship: Sample) -> None:
    """Between worlds the chance of a memorandum spreads about as Beta(2, 6) says: sd 0.14."""
    chances = flagship.substantive()
    within = (chances * (1 - chances)).mean(axis=1) / (flagship.plan.trials_per_world - 1)
    between = np.sqrt(np.maximum(chances.var(axis=1, ddof=1) - within, 0))
    assert np.all(between > 0.04)
    assert 0.06 < between.mean() < 0.16


def test_follow_up_on_paper_agrees_with_the_ten_documents_of_2024(flagship: Sample) -> None:
    """Two of ten with traceable follow-up after 15 months, Jeffreys prior: Beta(2.5, 8.5); none with delivery."""
    low, high = stats.beta(2.5, 8.5).ppf([0.05, 0.95])
    assert low < ladder(flagship, "plan", 15) < high
    assert ladder(flagship, "first", 15) < stats.beta(0.5, 10.5).ppf(0.95)


def test_brent_moves_in_a_year_as_it_has_moved(flagship: Sample) -> None:
    """Quantiles of the 12-month change, 1987-2026 (EIA daily Brent)."""
    values = np.concatenate([b.base.paths.valued("brent").values for b in flagship.blocks], axis=1)
    change = np.concatenate([values[k + 12] / values[k] - 1 for k in (0, 12, 24, 36, 48)])
    levels = [0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95]
    record = np.array([-0.44, -0.33, -0.15, 0.03, 0.32, 0.60, 0.74])
    # 39 years hold some 39 independent changes: the standard error of a quantile of theirs, density of a normal
    density = stats.norm.pdf(stats.norm.ppf(levels)) / 0.35
    tolerance = np.sqrt(np.array(levels) * (1 - np.array(levels)) / 39) / density * (1 + record)
    assert np.all(np.abs(np.quantile(change, levels) - record) < 2 * tolerance)


@pytest.mark.skipif(not BRENT.exists(), reason="price history not at hand")
def test_brent_tails_against_the_monthly_record(flagship: Sample) -> None:
    """Share of 12-month falls by a third or more, and of rises by half or more, against months to 2018."""
    prices = np.loadtxt(BRENT, delimiter=",", skiprows=1, usecols=1)
    past = prices[12:] / prices[:-12] - 1
    values = np.concatenate([b.base.paths.valued("brent").values for b in flagship.blocks], axis=1)
    change = values[12:49:12] / values[0:37:12] - 1
    for test in (lambda x: x < -1 / 3, lambda x: x > 0.5):
        # changes overlap: about one independent one a year
        spread = np.sqrt(test(past).mean() * (1 - test(past).mean()) / (len(past) / 12))
        assert abs(test(change).mean() - test(past).mean()) < 2 * spread


def test_regimes_keep_to_their_records(flagship: Sample) -> None:
    war = occupied(flagship, "ukraine", "war")
    # an end hazard of 0.15 to 0.30 a year, for three years, relapses apart
    assert np.exp(-0.9) < war[36] < np.exp(-0.45) + 0.05
    # a new decision-maker in Belgrade by the end of 2027, month 22
    assert 0.45 < 1 - occupied(flagship, "belgrade", "incumbent")[22] < 0.65
    # Astana changes in 3 to 5% of years
    assert -np.expm1(-0.09) < 1 - occupied(flagship, "astana", "incumbent")[36] < -np.expm1(-0.15)
    assert -np.expm1(-0.09) < occupied(flagship, "serbian_course", "turn")[36] < -np.expm1(-0.15)


def test_events_come_as_often_as_they_have_come(flagship: Sample) -> None:
    years = flagship.plan.grid.steps / 12

    def rate(name: str) -> float:
        return float(np.mean([b.base.paths.events(name).counts.sum(axis=0).mean() for b in flagship.blocks]) / years)

    assert 0.9 < rate("route_attacks") < 1.6
    meets = np.mean([(b.base.paths.events("commission").counts[1:13].sum(axis=0) > 0).mean() for b in flagship.blocks])
    assert 0.4 < meets < 0.6
    reduced = occupied(flagship, "cpc_route", "reduced") + occupied(flagship, "cpc_route", "shut")
    # half a loss a year of one to three months, and rare closures of some months
    assert 0.03 < reduced[6:].mean() < 0.15
