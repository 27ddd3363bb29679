"""Variants against raw trials, by hand, and with agreements of their own."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest


def frames(run: Any) -> dict[str, Any]:
    return {table.name: table.frame for table in run.finding("variants").tables}


@pytest.fixture(scope="module")
def varied(simulated: Any, tables: Any) -> Any:
    peace, other = tables(), tables()
    peace["drivers"]["war"]["initial"] = "truce"
    other["agreements"] = [other["agreements"][1], {"id": "port", "template": "memorandum"}, other["agreements"][0]]
    asked = {"peace": {"title": "Peace at once", "note": "what if it ends"}}
    return simulated(others={"peace": peace, "same": tables(), "other": other}, variants=asked)


def count(classes: Any) -> Any:
    return (classes <= 1).sum(axis=0)


def test_numbers_and_differences_are_those_of_raw_trials(varied: Any) -> None:
    h = varied.plan.headline
    own = count(varied.raw(lambda b: b.base.classes[:, h]))
    overview = frames(varied)["variants"].set_index("variant")
    assert overview.loc["", "number"] == pytest.approx(own.mean())
    assert np.isnan(overview.loc["", "number_difference"])
    for name in ("peace", "same", "other"):
        theirs = count(varied.raw(lambda b, name=name: b.variants[name]))
        row = overview.loc[name]
        assert row.number == pytest.approx(theirs.mean())
        assert row.number_difference == pytest.approx((theirs - own).mean(), abs=1e-12)
        assert row.some == pytest.approx((theirs > 0).mean())
        assert row.some_difference == pytest.approx((theirs > 0).mean() - (own > 0).mean(), abs=1e-12)
        assert row.number_difference_low <= row.number_difference <= row.number_difference_high


def test_pairing_is_sharper_than_two_runs(varied: Any) -> None:
    rows = frames(varied)["variants"].set_index("variant")
    row, widths = rows.loc["peace"], rows.number_high - rows.number_low
    paired = row.number_difference_high - row.number_difference_low
    assert paired < 0.9 * np.hypot(widths["peace"], widths.iloc[0])
    assert row.number_difference_low > 0


def test_agreements_are_matched_by_id(varied: Any) -> None:
    h = varied.plan.headline
    base = varied.raw(lambda b: b.base.classes[:, h])
    other = varied.raw(lambda b: b.variants["other"])
    each = frames(varied)["variants-agreements"].set_index(["variant", "group", "agreement"])
    for group, places in (("substantive cooperation", (0, 1)), ("symbolic diplomacy", (2, 4))):
        for there, here in ((0, 1), (2, 0)):
            cell = each.loc[("other", group, varied.plan.scenario.ids[here])]
            mine, theirs = np.isin(base[here], places), np.isin(other[there], places)
            assert cell.chance == pytest.approx(theirs.mean())
            assert cell.difference == pytest.approx(theirs.mean() - mine.mean(), abs=1e-12)
        new = each.loc[("other", group, "port")]
        assert np.isfinite(new.chance)
        assert np.isnan(new.difference)
    assert ("other", "substantive cooperation", "grain") not in each.index


def test_by_hand(by_hand: Any, tables: Any) -> None:
    base = [[0, 5, 1, 5], [5, 5, 0, 4], [2, 2, 2, 2]]
    lost = [[5, 5, 5, 5], [5, 5, 0, 4], [0, 2, 2, 2]]
    run = by_hand([base, base], changed=[{"v": lost}, {"v": lost}], others={"v": tables()})
    row = frames(run)["variants"].set_index("variant").loc["v"]
    assert row.number == 0.5
    assert row.number_difference == -0.25
    assert row.some_difference == 0.0
    each = frames(run)["variants-agreements"].set_index(["group", "agreement"])
    found = each.loc["substantive cooperation"].difference
    assert list(found) == [-0.5, 0.0, 0.25]
    assert list(each.loc["symbolic diplomacy"].difference) == [0.0, 0.0, -0.25]


def test_worlds_that_cannot_be_told_apart_share_ranks(varied: Any) -> None:
    ranks = frames(varied)["variants"].set_index("variant")["rank"]
    assert ranks["peace"] == "1"
    assert ranks[""] == ranks["same"]
    assert "–" in ranks["same"]
    other = frames(varied)["variants"].set_index("variant").loc["other"]
    assert other.number_difference != 0
    assert other.number_difference_low < 0 < other.number_difference_high
    assert ranks["other"] == ranks[""]


def test_sentence_orders_what_shows_and_names_what_does_not(varied: Any) -> None:
    finding = varied.finding("variants")
    # a title may end in a number, and must not run into the difference
    assert re.search(r": 0\.\d+ \(\S+\) more under Peace at once\. same and other show", finding.sentence)
    assert "same and other show no difference" in finding.sentence
    assert "The highest number is expected under Peace at once." in finding.sentence
    assert any("other adds port and lacks grain" in note for note in finding.notes)


def test_what_a_variant_adds_and_lacks_is_told_by_title(simulated: Any, tables: Any) -> None:
    data, other = tables(), tables()
    data["agreements"][0]["title"] = "Grain and flour"
    other["agreements"][0] |= {"id": "port", "title": "A harbour"}
    other["quantities"] = {}
    finding = simulated(data, {"other": other}, trials=200).finding("variants")
    assert "other adds A harbour and lacks Grain and flour: its number" in " ".join(finding.notes)


def test_papers_of_a_variant_stand_as_in_the_register(simulated: Any, tables: Any) -> None:
    """The code of a source is spelled out by the variant's own list; what nobody graded is left empty."""
    own, other = tables() | {"sources": {"desk": "the desk"}}, tables() | {"sources": {"desk": "another desk"}}
    asked = {"mild": {"source": "desk", "trust": "judgement"}, "harsh": {"source": "desk"}, "bare": {}}
    others = {"mild": own, "harsh": other, "bare": own}
    table = simulated(own, others, trials=200, variants=asked).finding("variants").tables[0]
    rows = table.frame.set_index("variant")
    assert list(rows.source) == ["", "desk: the desk", "desk: another desk", ""]
    assert list(rows.trust) == ["", "judgement", "", ""]
    assert table.columns["trust"].label == "Trust"


def test_figures_show_differences_from_the_scenario(varied: Any) -> None:
    first, second = varied.finding("variants").figures
    assert first.reference == 0
    np.testing.assert_array_equal(first.value[:, 0], np.sort(frames(varied)["variants"].number_difference.dropna()))
    assert second.rows == varied.reading("variants").names
    assert np.isnan(second.value[2, second.series.index("other")])


def test_variant_without_a_shared_agreement(simulated: Any, tables: Any) -> None:
    other = tables()
    other["agreements"] = [{"id": "port", "template": "memorandum"}]
    other["quantities"] = {}
    run = simulated(others={"port": other}, trials=400)
    finding = run.finding("variants")
    assert frames(run)["variants-agreements"].difference.isna().all()
    assert [figure.name for figure in finding.figures] == ["variants"]


def test_each_row_is_bound_by_its_own_portfolio(by_hand: Any, tables: Any) -> None:
    """Two agreements always substantive are 2 of 2, though another variant has three: no whisker past what there is."""
    two, three = tables(), tables()
    two["agreements"] = two["agreements"][:2]
    two["quantities"] = {}
    all_of = {"two": [[0] * 4] * 2, "three": [[0] * 4] * 3}
    blocks = [[[0] * 4, [5] * 4, [5] * 4]] * 2
    run = by_hand(blocks, changed=[all_of, all_of], others={"two": two, "three": three})
    rows = frames(run)["variants"].set_index("variant")
    assert rows.loc["two", "number"] == rows.loc["two", "number_high"] == 2
    assert rows.loc["two", "number_low"] < 2
    assert rows.loc["three", "number_high"] == 3
    # at most two here less none there, at least none here less three there
    assert rows.loc["two", "number_difference_high"] < 2
    assert rows.loc["three", "number_difference_high"] <= 3


def test_no_variant_is_nothing_to_say(small: Any) -> None:
    assert small.finding("variants") is None


def test_blocks_add_up(varied: Any) -> None:
    whole = varied.sums("variants")
    parts = [type(varied)(varied.plan, (block,)).sums("variants") for block in varied.blocks]
    for key, value in whole.items():
        np.testing.assert_array_equal(value, sum(part[key] for part in parts))
