"""Pairs of agreements: joint chances and correlations against numpy, and no pattern found where there is none."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from pactrisk.analyses import registry, together


def pairs(run: Any) -> Any:
    return run.finding("together").tables[0].frame.set_index(["first", "second"])


def several(n: int) -> dict[str, Any]:
    works = {"works": {"track": "material", "duration": 6, "weight": 1.0}}
    agreements = [{"id": f"a{i}", "milestones": works} for i in range(n)]
    return {"title": "Several", "signed": date(2026, 2, 27), "agreements": agreements}


def test_pairs_are_numpys(small: Any) -> None:
    found = pairs(small)
    substantive = small.raw(lambda b: b.base.classes[:, b.plan.headline]) <= 1
    ids = small.plan.scenario.ids
    assert len(found) == 3
    for (first, second), row in found.iterrows():
        a, b = substantive[ids.index(first)], substantive[ids.index(second)]
        assert row.both == (a & b).mean()
        assert row.correlation == pytest.approx(np.corrcoef(a, b)[0, 1])
        assert row.both_low < row.both < row.both_high
        assert row.correlation_low < row.correlation < row.correlation_high
    assert found.correlation.is_monotonic_decreasing


def test_by_hand(by_hand: Any) -> None:
    # the first two always go together, the third against both
    classes = np.array([[0, 5, 0, 5] * 50, [1, 4, 1, 4] * 50, [5, 0, 5, 0] * 50])
    run = by_hand([classes])
    found = pairs(run)
    assert found.loc[("rail", "school")].correlation == pytest.approx(1)
    assert found.loc[("rail", "school")].verdict == "together"
    assert found.loc[("rail", "grain")].correlation == pytest.approx(-1)
    assert found.loc[("school", "grain")].verdict == "against each other"
    said = run.finding("together").sentence
    assert said.startswith("Of 3 pairs, 1 succeeds or fails together more than chance has it, and 2 less")
    assert "Railway and school" in said


def test_independent_agreements_show_no_pattern(by_hand: Any) -> None:
    generator = np.random.default_rng(11)
    # at a level that allows for the comparisons, no more than one sample in twenty shows any pair
    # (with six agreements and each pair at its own level, every second sample would)
    data = several(6)
    shown = 0
    repeats = 100
    for _ in range(repeats):
        run = by_hand([np.where(generator.random((6, 400)) < 0.4, 1, 5)], data)
        shown += bool((pairs(run).verdict != "cannot tell").any())
    assert shown <= repeats * (0.05 + 3.5 * np.sqrt(0.05 * 0.95 / repeats))


def test_ties_are_declared(by_hand: Any) -> None:
    generator = np.random.default_rng(12)
    common = generator.random(2000) < 0.5
    own = generator.random((3, 2000)) < 0.1
    said = by_hand([np.where(common ^ own, 1, 5)]).finding("together").sentence
    assert said.startswith("All 3 pairs succeed or fail together")
    assert "though 3 pairs are too close to rank" in said


def test_the_highest_is_one_of_those_that_are_seen_to_go_together(by_hand: Any) -> None:
    """Two that hardly ever succeed, once together, look closer than two that share a cause, and nobody can tell."""
    generator = np.random.default_rng(13)
    common, own = generator.random(2000) < 0.5, generator.random((2, 2000)) < 0.35
    rare = np.zeros((2, 2000), dtype=bool)
    rare[:, 0] = rare[0, 500] = rare[1, 900] = True
    run = by_hand([np.where(np.concatenate([common ^ own, rare]), 1, 5)], several(4))
    found = pairs(run)
    assert found.iloc[0].verdict == "cannot tell"
    assert found.loc[("a0", "a1")].verdict == "together"
    assert "is between a0 and a1" in run.finding("together").sentence


def test_what_is_not_seen_is_not_said_not_to_be(by_hand: Any) -> None:
    few = np.random.default_rng(3).random((3, 40)) < 0.5
    said = by_hand([np.where(few, 1, 5)]).finding("together").sentence
    assert said.startswith("Of 3 pairs, none is seen to succeed or fail together more than chance has it")


def test_what_never_succeeds_is_left_open(by_hand: Any) -> None:
    classes = np.array([[0, 5, 0, 5] * 50, [5] * 200, [5] * 200])
    run = by_hand([classes])
    assert len(run.finding("together").notes) == 1
    assert np.isnan(pairs(run).correlation).all()
    assert (pairs(run).verdict == "cannot tell").all()
    assert run.finding("together").sentence.startswith("No pair of agreements can be compared")


def test_pairs_that_can_be_compared_are_told_from_all(by_hand: Any) -> None:
    """Where some agreements never succeed, the sentence, the figure and the note count the same pairs, among all."""
    generator = np.random.default_rng(13)
    common = generator.random(2000) < 0.5
    classes = np.where(common ^ (generator.random((8, 2000)) < 0.1), 1, 5)
    classes[6:] = 5
    found = by_hand([classes], several(8)).finding("together")
    assert found.sentence.startswith("All 15 pairs (of 28) that can be compared succeed or fail together")
    assert "(12 of the 15 pairs that can be compared)" in found.figures[0].caption
    assert found.notes[1] == (
        "15 of 28 pairs can be compared: those of agreements that succeed in some trials and not in others."
    )
    classes[:6] = np.where(generator.random((6, 2000)) < 0.5, 1, 5)
    apart = by_hand([classes], several(8)).finding("together").sentence
    assert apart.startswith("Of the 15 pairs (of 28) that can be compared, none is seen to succeed or fail together")
    classes[2:] = 5
    alone = by_hand([classes], several(8)).finding("together").sentence
    assert alone.startswith("The one pair (of 28) that can be compared shows no correlation: ")


def test_too_many_agreements_are_not_paired(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST_PAIRED", 2)
    assert small.finding("together") is None


def test_blocks_add_up(small: Any) -> None:
    sums = small.sums("together")
    parts = [registry()["together"].observe(block) for block in small.blocks]
    for key in parts[0]:
        assert np.array_equal(sums[f"together/{key}"], parts[0][key] + parts[1][key])


def test_a_figure_names_both_of_each_pair(small: Any) -> None:
    finding = small.finding("together")
    (figure,), frame = finding.figures, finding.tables[0].frame
    assert list(zip(figure.rows, figure.partners, strict=True)) == list(zip(frame.one, frame.other, strict=True))
