"""Labels against raw trials and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

LABELS = {
    ("sector", "culture"): [1],
    ("sector", "transport"): [0, 2],
    ("party", "A"): [0, 1, 2],
    ("party", "B"): [0, 2],
    ("stakeholder", "unions"): [1],
}


def frames(run: Any) -> dict[str, Any]:
    return {table.name: table.frame for table in run.finding("tags").tables}


def test_numbers_and_chances_are_those_of_raw_trials(small: Any) -> None:
    by_year = frames(small)["tags-by-year"].set_index(["kind", "label", "date"])
    points = {"2027-02-27": 12, "2028-02-27": 24, "2028-08-27": 30}
    assert len(by_year) == len(LABELS) * len(points)
    for date, k in points.items():
        inside = small.raw(lambda b, k=k: b.base.classes[:, k]) <= 1
        for (kind, label), places in LABELS.items():
            row = by_year.loc[(kind, label, date)]
            count = inside[places].sum(axis=0)
            assert row.agreements == len(places)
            assert row.number == pytest.approx(count.mean())
            assert row["any"] == pytest.approx((count > 0).mean())
            assert row["all"] == pytest.approx((count == len(places)).mean())
            for word in ("number", "any", "all"):
                assert row[f"{word}_low"] <= row[word] <= row[f"{word}_high"]


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


def test_single_agreement_is_drawn_with_its_chance(small: Any) -> None:
    figure = next(f for f in small.finding("tags").figures if f.name == "tags-sector")
    found = frames(small)["tags"].set_index(["kind", "label"])
    row = figure.rows.index("culture (1)")
    culture = found.loc[("sector", "culture")]
    assert figure.value[row, 0] == culture["any"]
    assert figure.low[row, 0] == culture["any_low"]
    transport = figure.rows.index("transport (2)")
    assert figure.value[transport, 0] == pytest.approx(found.loc[("sector", "transport"), "number"] / 2)


def test_ties_are_declared(by_hand: Any) -> None:
    alike = by_hand([np.full((3, 4), 0)] * 2).finding("tags").sentence
    assert "The 2 sectors are too close to tell apart" in alike
    apart = np.full((3, 2000), 5)
    apart[1] = 0
    clear = by_hand([apart]).finding("tags").sentence
    assert "Of 2 sectors, culture (1) sees the largest share" in clear
    assert "unions (stakeholder) stand behind 1 agreement" in clear


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
