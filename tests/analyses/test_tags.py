"""Labels against raw trials and by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from pactrisk.outcomes import CLASSES

LABELS = {
    ("sector", "culture"): [1],
    ("sector", "transport"): [0, 2],
    ("party", "A"): [0, 1, 2],
    ("party", "B"): [0, 2],
    ("stakeholder", "unions"): [1],
}


def frames(run: Any) -> dict[str, Any]:
    return {table.name: table.frame for table in run.finding("tags").tables}


TOLD = {"": ("substantive", "partial"), "symbolic_": ("token", "symbolic")}


def test_numbers_and_chances_are_those_of_raw_trials_at_every_date(small: Any) -> None:
    by_date = frames(small)["tags-by-date"].set_index(["kind", "label", "date"])
    classes, dates = small.raw(lambda b: b.base.classes), small.plan.grid.dates
    assert len(by_date) == len(LABELS) * len(dates)
    for word, members in TOLD.items():
        inside = np.isin(classes, [CLASSES.index(name) for name in members])
        for (kind, label), places in LABELS.items():
            counts = inside[places].sum(axis=0)
            rows = by_date.loc[[(kind, label, day.isoformat()) for day in dates]]
            assert (rows.agreements == len(places)).all()
            assert rows[f"{word}number"].to_numpy() == pytest.approx(counts.mean(axis=1))
            assert rows[f"{word}any"].to_numpy() == pytest.approx((counts > 0).mean(axis=1))
            assert rows[f"{word}all"].to_numpy() == pytest.approx((counts == len(places)).mean(axis=1))
            assert counts.any()
            for key in ("number", "any", "all"):
                low, value, high = (rows[f"{word}{key}{end}"] for end in ("_low", "", "_high"))
                assert ((low <= value) & (value <= high)).all()


def test_who_is_named_twice_counts_once(simulated: Any, tables: Any) -> None:
    once, twice = tables(), tables()
    once["agreements"][0] |= {"parties": ["A", "B"], "sector": "works"}
    # blanks are no part of a name
    twice["agreements"][0] |= {"parties": ["A", " B", "A ", ""], "sector": "works "}
    found = [frames(simulated(data, trials=200)) for data in (once, twice)]
    for name in ("tags", "tags-by-year", "tags-by-date"):
        assert found[0][name].equals(found[1][name])


def test_what_cannot_be_is_told_as_in_the_table_of_groups(simulated: Any, tables: Any) -> None:
    """An agreement that is signed after the headline date is in no group that is told, and that is no estimate."""
    data = tables()
    late = data["agreements"][1]
    late |= {"signed": date(2028, 6, 1), "parties": ["A"], "stakeholders": ["unions"], "beneficiaries": ["x", "y"]}
    run = simulated(data)
    now = frames(run)["tags"].set_index(["kind", "label"])
    ends = [f"{word}{key}_high" for word in TOLD for key in ("number", "any", "all")]
    assert (now.loc[[("stakeholder", "unions"), ("sector", "culture")], ends] == 0).all(axis=None)
    # at least one of those under A may be, but not all of them
    together = now.loc[("party", "A")]
    assert together["any"] > 0
    assert (together["all"], together["all_high"]) == (0, 0)
    assert now.loc[("party", "B"), "all_high"] > 0
    groups = {table.name: table.frame for table in run.finding("headline").tables}["agreements"]
    assert groups.set_index("agreement").substantive_cooperation_high[late["id"]] == 0
    said = run.finding("tags").sentence
    assert "unions (stakeholder) stands behind 1 agreement" in said
    assert said.count("which cannot be in substantive cooperation by February 2028.") == 2
    for agreement in data["agreements"]:
        agreement["signed"] = date(2028, 6, 1)
    said = simulated(data).finding("tags").sentence
    assert "Under none of 2 parties can an agreement be in substantive cooperation by February 2028." in said


def test_interval_of_a_number_stands_on_worlds(small: Any, upper_limit: Callable[..., float]) -> None:
    row = frames(small)["tags"].set_index(["kind", "label"]).loc[("party", "A")]
    h, members = small.plan.headline, [CLASSES.index(name) for name in TOLD["symbolic_"]]
    means = np.concatenate(
        [
            np.isin(block.base.classes[:, h], members)
            .sum(axis=0)
            .reshape(block.trials_per_world, block.worlds)
            .mean(axis=0)
            for block in small.blocks
        ]
    )
    assert row.symbolic_number_high == pytest.approx(upper_limit(means))


def test_years_are_those_dates(small: Any) -> None:
    found = frames(small)
    by_date, by_year = found["tags-by-date"], found["tags-by-year"]
    years = ["2027-02-27", "2028-02-27", "2028-08-27"]
    assert by_year.equals(by_date[by_date.date.isin(years)].reset_index(drop=True))


def test_headline_table_is_that_date(small: Any) -> None:
    found = frames(small)
    by_year = found["tags-by-year"]
    now = by_year[by_year.date == "2028-02-27"].drop(columns="date").reset_index(drop=True)
    assert found["tags"].equals(now[found["tags"].columns])


def test_by_hand(by_hand: Any) -> None:
    classes = [[[0, 5, 1, 5], [5, 5, 0, 4], [1, 2, 2, 7]]] * 2
    rows = frames(by_hand(classes))["tags"].set_index(["kind", "label"])
    transport = rows.loc[("sector", "transport")]
    assert (transport.number, transport["any"], transport["all"]) == (0.75, 0.5, 0.25)
    assert rows.loc[("party", "A"), "all"] == 0
    assert rows.loc[("party", "A"), "all_high"] > 0
    assert (transport.symbolic_number, transport.symbolic_any, transport.symbolic_all) == (0.5, 0.5, 0)
    everyone = rows.loc[("party", "A")]
    assert (everyone.symbolic_number, everyone.symbolic_any, everyone.symbolic_all) == (0.75, 0.75, 0)


def test_single_agreement_is_drawn_with_its_chance(small: Any) -> None:
    figure = next(f for f in small.finding("tags").figures if f.name == "tags-sector")
    found = frames(small)["tags"].set_index(["kind", "label"])
    row = figure.rows.index("culture (1)")
    culture = found.loc[("sector", "culture")]
    assert figure.value[row, 0] == culture["any"]
    assert figure.low[row, 0] == culture["any_low"]
    assert figure.series == ("substantive cooperation", "symbolic diplomacy")
    assert figure.value[row, 1] == culture["symbolic_any"]
    assert figure.high[row, 1] == culture["symbolic_any_high"]
    transport = figure.rows.index("transport (2)")
    assert figure.value[transport, 0] == pytest.approx(found.loc[("sector", "transport"), "number"] / 2)


def test_ties_are_declared(by_hand: Any) -> None:
    alike = by_hand([np.full((3, 4), 0)] * 2).finding("tags").sentence
    assert "The 2 sectors are too close to tell apart" in alike
    nearly = np.full((3, 4), 0)
    nearly[0, 0] = 5
    said = by_hand([nearly] * 2).finding("tags").sentence
    assert "Of 2 sectors, culture (1) sees the largest share in substantive cooperation: " in said
    assert "; transport (2) cannot be told apart from it. " in said
    apart = np.full((3, 2000), 5)
    apart[1] = 0
    clear = by_hand([apart]).finding("tags").sentence
    assert "Of 2 sectors, culture (1) sees the largest share" in clear
    chance = (
        r"unions \(stakeholder\) stands behind 1 agreement \(school\), which is in substantive cooperation with chance "
    )
    assert re.search(chance + r"over \d+\.?\d*%\.", clear)


def test_the_agreements_of_labels_that_share_them_are_named(by_hand: Any, tables: Any) -> None:
    """Two kinds may each have one set of agreements, and not the same."""
    data = tables()
    for place in (0, 1):
        data["agreements"][place]["beneficiaries"] = ["farmers", "herders"]
    data["agreements"][2]["stakeholders"] = ["unions"]
    said = by_hand([np.full((3, 4), 5)], data).finding("tags").sentence
    assert "unions (stakeholder) stands behind 2 agreements (school; grain), of which " in said
    assert "farmers and herders (beneficiaries) benefit from the same 2 agreements (Railway; school), of which" in said


def test_labels_of_the_same_agreement_are_no_close_race(by_hand: Any, tables: Any) -> None:
    data = tables()
    data["agreements"][1]["stakeholders"] = ["teachers", "unions"]
    data["agreements"][0]["stakeholders"] = ["carriers"]
    classes = np.full((3, 2000), 5)
    classes[1] = 0
    said = by_hand([classes], data).finding("tags").sentence
    assert (
        "Of 3 stakeholders, teachers (1) and unions (1), which stand behind the same agreement, see the largest" in said
    )
    assert "too close" not in said.partition("stakeholders")[2]


def test_no_label_is_nothing_to_say(simulated: Any, tables: Any) -> None:
    data = tables()
    for agreement in data["agreements"]:
        for word in ("sector", "parties", "stakeholders"):
            agreement.pop(word, None)
    assert simulated(data, trials=200).finding("tags") is None


def test_blocks_add_up(small: Any) -> None:
    whole = small.sums("tags")
    parts = [type(small)(small.plan, (block,)).sums("tags") for block in small.blocks]
    for key, value in whole.items():
        np.testing.assert_array_equal(value, sum(part[key] for part in parts))
