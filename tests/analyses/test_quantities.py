"""Named quantities against raw trials and closed forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from pactrisk.ensemble.fans import FAN
from pactrisk.errors import RunError


def frames(run: Any) -> dict[str, Any]:
    return {table.name: table.frame for table in run.finding("quantities").tables}


def test_mean_is_that_of_raw_trials_at_every_date(small: Any) -> None:
    frame = frames(small)["quantities"]
    flow = small.raw(lambda b: b.base.progress["grain"].flow)
    income = flow * small.raw(lambda b: b.base.paths.valued("brent").values)
    np.testing.assert_allclose(frame["mean"], income.mean(axis=1), rtol=1e-12, atol=1e-9)
    assert (frame.mean_low <= frame["mean"]).all()
    assert frame.unit.eq("USD").all()


def test_interval_of_the_mean_stands_on_worlds(small: Any, upper_limit: Callable[..., float]) -> None:
    frame = frames(small)["quantities"]
    worlds, off = [], []
    for block in small.blocks:
        value = block.base.progress["grain"].flow[-1] * block.base.paths.valued("brent").values[-1]
        worlds.append(value.reshape(block.trials_per_world, block.worlds).mean(axis=0))
        off.append(value[value > 0])
    amounts = np.concatenate(off)
    many = len(amounts)
    # twice the squared spread of what is not nothing, in parts of its mean, and two in so many
    larger = 1 + 2 * (amounts.std(ddof=1) / amounts.mean()) ** 2 + 2 / many
    assert frame.iloc[-1].mean_high == pytest.approx(upper_limit(np.concatenate(worlds), larger), rel=1e-9)
    assert frame.iloc[-1].mean_high > upper_limit(np.concatenate(worlds))


def test_fan_agrees_with_the_quantiles_of_all_trials(small: Any) -> None:
    frame = frames(small)["quantities"]
    income = small.raw(lambda b: b.evaluate("grain.flow * brent", "x"))
    for p in FAN:
        word = f"p{round(100 * p):02d}"
        half = (frame[f"{word}_high"] - frame[f"{word}_low"]).to_numpy() / 2
        error = half / stats.t.ppf(0.975, 7)
        assert (np.abs(frame[word] - np.quantile(income, p, axis=1)) <= 4 * error + 1e-9).all()


def test_years_and_headline_have_rows(small: Any) -> None:
    assert list(frames(small)["quantities-by-year"].date) == ["2027-02-27", "2028-02-27", "2028-08-27"]


def test_constant_has_no_width(simulated: Any, tables: Any) -> None:
    data = tables() | {"quantities": {"two": {"expression": "programme"}}}
    row = frames(simulated(data, trials=400))["quantities"].iloc[-1]
    assert (row["mean"], row.mean_low, row.mean_high, row.p05, row.p95_high) == (2, 2, 2, 2, 2)


def test_quantity_that_is_no_number_stops_the_run(simulated: Any, tables: Any) -> None:
    data = tables() | {"quantities": {"odd": {"expression": "1 / rail.delivery"}}}
    with pytest.raises(RunError, match=r"quantities\.odd"):
        simulated(data, trials=200).sums("quantities")


def test_sentence_and_notes_name_the_quantity(small: Any) -> None:
    finding = small.finding("quantities")
    assert finding.sentence.startswith("By February 2028: Income is ")
    assert "USD" in finding.sentence
    assert any("Income is grain.flow * brent" in note for note in finding.notes)
    assert [figure.name for figure in finding.figures] == ["quantities", "quantities-mean"]


@pytest.mark.parametrize(
    ("many", "more"),
    [
        (4, ""),
        (5, " 1 more is in the figures and in the table “Quantities by year” below: Q4."),
        (6, " 2 more are in the figures and in the table “Quantities by year” below: Q4 and Q5."),
        (10, " 6 more are in the figures and in the table “Quantities by year” below: Q4, Q5, Q6, Q7 and others."),
    ],
)
def test_quantities_that_the_sentence_leaves_out_are_counted(simulated: Any, tables: Any, many: int, more: str) -> None:
    each = {f"q{n}": {"title": f"Q{n}", "expression": f"{n} * programme"} for n in range(many)}
    found = simulated(tables() | {"quantities": each}, trials=200).finding("quantities")
    assert "Q3 is" in found.sentence
    assert "Q4 is" not in found.sentence
    assert found.sentence.endswith(more)
    assert ("more" in found.sentence) == bool(more)
    if more:
        by_year = next(t for t in found.tables if t.title == "Quantities by year")
        assert {"Q4", f"Q{many - 1}"} <= set(by_year.frame.title)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("programme", r"X is 2 in every trial\.$"),
        ("brent > 200", r"X is 0.* on average, and 0 in nine trials in ten or more\.$"),
        ("100 * (brent > 75)", r"in nine trials in ten between 0 and 100, with a median of 0\.$"),
        ("100 * (brent > 60)", r"in nine trials in ten between 0 and 100, with a median of 100\.$"),
        ("brent", r"in nine trials in ten between \d+ \(.*\) and \d+ \([^)]*\)\.$"),
    ],
)
def test_where_most_trials_lie_is_said(simulated: Any, tables: Any, formula: str, said: str) -> None:
    data = tables() | {"quantities": {"x": {"title": "X", "expression": formula}}}
    assert re.search(said, simulated(data, trials=1000).finding("quantities").sentence)


def test_no_quantity_is_nothing_to_say(simulated: Any, tables: Any) -> None:
    assert simulated(tables() | {"quantities": {}}, trials=200).finding("quantities") is None


def test_blocks_add_up(small: Any) -> None:
    whole = small.sums("quantities")
    parts = [type(small)(small.plan, (block,)).sums("quantities") for block in small.blocks]
    for key, value in whole.items():
        np.testing.assert_array_equal(value, sum(part[key] for part in parts))
