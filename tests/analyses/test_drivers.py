"""Fans, occupancy and yearly counts against raw trials and against theory."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy import stats

from pactrisk.analyses import drivers
from pactrisk.drivers import EventPath, StatePath
from pactrisk.ensemble.fans import FAN
from pactrisk.findings import AreaPanel, Fan, FanPanel


def frames(run: Any) -> dict[str, Any]:
    return {table.name: table.frame for table in run.finding("drivers").tables}


def test_occupancy_is_the_share_of_trials_in_the_state_in_the_order_of_the_file(small: Any) -> None:
    frame = frames(small)["regimes"]
    fighting = small.raw(lambda b: b.base.paths.regime("war").indicator("fighting"))
    found = frame[frame.state == "fighting"].chance.to_numpy()
    np.testing.assert_array_equal(found, fighting.mean(axis=1))
    assert list(frame.state.unique()) == ["truce", "fighting"]
    assert found[0] == 1
    assert (frame.chance_low <= frame.chance).all()
    assert (frame.chance <= frame.chance_high).all()


def test_the_state_at_signature_is_known_and_not_estimated(small: Any, simulated: Any, tables: Any) -> None:
    frame = frames(small)["regimes"]
    start = frame[frame.date == frame.date.min()].set_index("state")
    assert start.loc["fighting", ["chance", "chance_low", "chance_high"]].tolist() == [1, 1, 1]
    assert start.loc["truce", ["chance", "chance_low", "chance_high"]].tolist() == [0, 0, 0]
    data = tables()
    data["drivers"]["war"]["initial"] = {"truce": 0.5, "fighting": 0.5}
    drawn = frames(simulated(data, trials=400))["regimes"].iloc[0]
    assert drawn.chance_low < drawn.chance < drawn.chance_high


def test_fan_agrees_with_the_quantiles_of_all_trials(small: Any) -> None:
    frame = frames(small)["drivers"]
    values = small.raw(lambda b: b.base.paths.valued("brent").values)
    brent = frame[frame.driver == "brent"]
    for p in FAN:
        word = f"p{round(100 * p):02d}"
        half = (brent[f"{word}_high"] - brent[f"{word}_low"]).to_numpy() / 2
        error = half / stats.t.ppf(0.975, 7)
        # what the mean of parts and the whole sample differ by is of the order of the standard error
        assert (np.abs(brent[word] - np.quantile(values, p, axis=1)) <= 3 * error + 1e-9).all()
    assert (brent.p50_high > brent.p50_low).iloc[1:].all()


def test_fan_interval_covers_the_true_quantile(simulated: Any, tables: Any) -> None:
    data = tables()
    data["drivers"]["gas"] = {"kind": "geometric_brownian", "initial": 30, "drift": 0.0, "volatility": 0.4}
    missed, asked = 0, 0
    for seed in range(12):
        frame = frames(simulated(data, trials=2000, seed=seed, horizon=12, headline=12))["drivers"]
        last = frame[(frame.driver == "gas")].iloc[-1]
        centre = np.log(30) - 0.5 * 0.4**2
        for p in FAN:
            truth = np.exp(centre + 0.4 * stats.norm.ppf(p))
            word = f"p{round(100 * p):02d}"
            missed += not last[f"{word}_low"] <= truth <= last[f"{word}_high"]
            asked += 1
    # quantiles of one run go together: at worst each seed is one look at all five
    assert missed <= 5 * stats.binom.ppf(0.999, 12, 0.05)
    assert asked == 60


def test_constant_driver_has_no_spread_and_no_noise(small: Any) -> None:
    frame = frames(small)["drivers"]
    programme = frame[frame.driver == "programme"]
    for p in FAN:
        word = f"p{round(100 * p):02d}"
        assert (programme[word] == 2.0).all()
        assert (programme[f"{word}_low"] == 2.0).all()


def test_events_are_counted_by_year_and_a_short_year_is_scaled(small: Any) -> None:
    frame = frames(small)["events-by-year"]
    counts = small.raw(lambda b: b.base.paths.events("visits").counts).astype(float)
    yearly = [counts[1:13].sum(0).mean(), counts[13:25].sum(0).mean(), 2 * counts[25:31].sum(0).mean()]
    np.testing.assert_allclose(frame["count"], yearly, rtol=1e-12)
    assert list(frame.date) == ["2027-02-27", "2028-02-27", "2028-08-27"]
    assert (frame.count_low < 1.5).all()
    assert (frame.count_high > 1.5).all()


def test_by_hand(by_hand: Any, tables: Any) -> None:
    data = tables()
    data["drivers"] = {name: data["drivers"][name] for name in ("war", "visits")}
    data["quantities"] = {}
    # path numbers are alphabetical: 0 is fighting, 1 truce
    names = ("fighting", "truce")
    counts = np.zeros((13, 4), np.int16)
    counts[3] = [1, 2, 0, 1]
    counts[0] = [0, 0, 4, 0]  # on the day of signature
    events = EventPath(np.zeros((13, 4)), counts, np.full((2, 4), np.inf))
    blocks = [
        {"war": StatePath(np.tile(np.int8([0, 1, 1, 1]), (13, 1)), names), "visits": events},
        {"war": StatePath(np.tile(np.int8([0, 0, 1, 1]), (13, 1)), names), "visits": events},
    ]
    run = by_hand([np.zeros((3, 4))] * 2, data, blocks, horizon=12)
    found = frames(run)
    regimes = found["regimes-by-year"].set_index("state").chance
    assert regimes["fighting"] == 3 / 8
    assert regimes["truce"] == 5 / 8
    assert found["events-by-year"]["count"].item() == 2.0


def test_blocks_add_up(small: Any) -> None:
    whole = small.sums("drivers")
    parts = [type(small)(small.plan, (block,)).sums("drivers") for block in small.blocks]
    assert len(parts) == 2
    for key, value in whole.items():
        np.testing.assert_array_equal(value, sum(part[key] for part in parts))


def test_blocks_after_the_first_ten_leave_no_quantiles(small: Any) -> None:
    late = replace(small.blocks[0], index=10)
    kept = {key.split("/")[2] for key in drivers.observe(late) if key.startswith("fan/")}
    assert kept == {"least", "greatest"}
    assert [key for key in drivers.observe(small.blocks[0]) if key.startswith("fan/brent")]


def test_figure_has_a_fan_for_each_value_and_an_area_for_each_regime(small: Any) -> None:
    figure = small.finding("drivers").figures[0]
    assert isinstance(figure, Fan)
    assert [panel.title for panel in figure.panels] == ["brent", "programme", "The war"]
    fan, _, area = figure.panels
    assert isinstance(fan, FanPanel)
    assert isinstance(area, AreaPanel)
    assert fan.reference == pytest.approx(70)
    np.testing.assert_allclose(area.shares.sum(axis=0), 1)


def test_no_driver_no_finding(simulated: Any, tables: Any) -> None:
    data = tables() | {"drivers": {}, "paces": {"works": {}}, "quantities": {}, "factors": {}}
    assert simulated(data, trials=200).finding("drivers") is None


def test_sentence_names_each_driver_with_intervals(small: Any) -> None:
    sentence = small.finding("drivers").sentence
    for word in ("By February 2028: brent lies between", "USD/bbl", "The war is in the state"):
        assert word in sentence
    # the first year is over long before
    assert re.search(r"\. Events in the first year: visits: 1\.\d+ \(.*\)\.$", sentence)
    assert "more" not in sentence


def test_a_median_that_many_trials_are_at_is_not_said_to_have_half_of_them_above_it(
    simulated: Any, tables: Any
) -> None:
    data = tables()
    data["drivers"]["over"] = {"kind": "formula", "expression": "max(brent - 85, 0)"}
    sentence = simulated(data, trials=400).finding("drivers").sentence
    assert re.search(r"over lies between 0 and \d+ \(.*\) in nine trials in ten, with a median of 0[;.]", sentence)
    assert "above" not in sentence


def test_events_of_less_than_a_year_are_not_said_to_be_those_of_a_year(simulated: Any) -> None:
    sentence = simulated(trials=400, horizon=3, headline=3).finding("drivers").sentence
    assert re.search(r" Events a year, until May 2026: visits: [12](\.\d+)? \(.*\)\.$", sentence), sentence


def test_drivers_that_the_sentence_leaves_out_are_counted(simulated: Any, tables: Any) -> None:
    data = tables()
    for n in range(3):
        data["drivers"][f"fairs{n}"] = {"kind": "events", "rate": 2}
        data["drivers"][f"front{n}"] = copy.deepcopy(data["drivers"]["war"])
    data["drivers"] |= {f"gas{n}": copy.deepcopy(data["drivers"]["brent"]) for n in range(3)}
    sentence = simulated(data, trials=200).finding("drivers").sentence
    by_date, events = sentence.split(" Events in the first year: ")
    assert by_date.endswith("; 2 more are in the tables.")
    assert events.endswith("; 1 more is in the tables.")
    assert "programme" not in sentence


def test_a_year_of_events_is_drawn_level_from_its_first_day_to_its_last(small: Any) -> None:
    (figure,) = (figure for figure in small.finding("drivers").figures if figure.name == "events")
    panel = figure.panels[0]
    days = [day.astype(object) for day in panel.x]
    assert days[1:-1:2] == days[2::2]
    assert days[0] == small.plan.grid.dates[0]
    assert days[-1] == small.plan.grid.dates[-1]
    assert (panel.values[0, ::2] == panel.values[0, 1::2]).all()
    assert panel.from_nought


def test_the_caption_of_events_says_what_moves_them_in_this_scenario(simulated: Any, tables: Any) -> None:
    def caption(**visits: Any) -> str:
        data = tables()
        data["drivers"]["visits"] |= visits
        data["drivers"]["raids"] = {"kind": "events", "title": "Raids", "rate": 2}
        figures = simulated(data, trials=200).finding("drivers").figures
        return str(next(figure.caption for figure in figures if figure.name == "events"))

    steady = "The rate of {} is the same throughout: what differs there is noise."
    assert caption().endswith(f"with its interval. {steady.format('visits and Raids')}")
    day = {"date": date(2026, 9, 1), "chance": 0.5}
    for changed, why in (
        ({"dated": [day]}, "known days fall into some of them"),
        ({"when": [{"driver": "war", "state": "truce", "rate": 0}]}, "the rate goes with a regime"),
        (
            {"excitation": {"branching": 0.5, "half_life": 6}},
            "events bring further ones, which takes time to build up",
        ),
    ):
        assert caption(**changed).endswith(f"Years can differ where {why} (visits). {steady.format('Raids')}")
    both = caption(dated=[day], excitation={"branching": 0.5, "half_life": 6})
    assert "some of them (visits), and where events bring further ones" in both
