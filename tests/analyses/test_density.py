"""Ceremony against delivery: every number of the finding counted again from raw trials, one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from pactrisk.analyses import density, registry
from pactrisk.analyses.density import BINS
from pactrisk.ensemble import Block
from pactrisk.estimators import Estimates
from pactrisk.findings import Density
from pactrisk.outcomes import CLASSES
from pactrisk.report import cells


@pytest.fixture(scope="module")
def ceremonial(simulated: Callable[..., Any], tables: Callable[[], dict[str, Any]]) -> Any:
    """Endings, visits that honour, one agreement signed later and one that may not be there."""
    data = tables()
    data["templates"]["memorandum"] |= {"ending": {"rate": 0.1}, "ceremonies": [{"driver": "visits", "weight": 0.2}]}
    data["agreements"][0]["signed"] = date(2026, 8, 27)
    data["agreements"][1]["presence"] = 0.6
    return simulated(data, trials=2400)


def alive(block: Block, id_: str, k: int, i: int) -> bool:
    """Whether the agreement is alive on paper, said again without the classes."""
    progress, rule = block.base.progress[id_], block.plan.question.rule
    month = block.plan.grid.months[k]
    return bool(
        progress.present[i]
        and month >= progress.signed
        and month < progress.ended[i]
        and 1 - np.exp(-progress.honours[k, i]) >= rule.symbolic - 1e-9
        and progress.delivery[k, i] < rule.token - 1e-9
    )


def test_months_alive_on_paper_are_those_of_a_naive_loop(ceremonial: Any) -> None:
    frame = ceremonial.finding("density").tables[0].frame.set_index("agreement")
    h = ceremonial.plan.headline
    block = ceremonial.blocks[0]
    only = replace(ceremonial, blocks=(block,))
    first = only.finding("density").tables[0].frame.set_index("agreement")
    for id_ in ceremonial.plan.scenario.ids:
        trials = range(0, block.trials, 5)
        naive = np.array([sum(alive(block, id_, k, i) for k in range(h)) for i in trials])
        now = np.array([alive(block, id_, h, i) for i in trials])
        # a fifth of the trials, each told exactly, against the kept sums of the same fifth
        kept = some(block, np.array(trials))
        assert kept["steps/total"][only.plan.scenario.ids.index(id_), h] == naive.sum()
        assert kept["steps/trial_square"][only.plan.scenario.ids.index(id_), h] == (naive**2).sum()
        assert kept["paper/total"][only.plan.scenario.ids.index(id_)] == now.sum()
        assert 0 < naive.sum() < h * len(naive)
    assert not np.allclose(frame.months_on_paper, first.months_on_paper, atol=1e-12)


def test_months_on_paper_by_date_add_up_over_the_grid(ceremonial: Any) -> None:
    found = {table.name: table.frame for table in ceremonial.finding("density").tables}
    by_date = found["alive-on-paper-by-date"].set_index(["agreement", "date"])
    ids, dates = ceremonial.plan.scenario.ids, [day.isoformat() for day in ceremonial.plan.grid.dates]
    assert len(by_date) == (len(ids) + 1) * len(dates)
    paper = ceremonial.raw(density._alive_on_paper)
    before = np.concatenate([np.zeros_like(paper[:, :1], dtype=int), np.cumsum(paper, axis=1)[:, :-1]], axis=1)
    expected = before.mean(axis=-1)
    for id_, curve in zip((*ids, ""), (*expected, expected.mean(axis=0)), strict=True):
        rows = by_date.loc[id_]
        assert list(rows.index) == dates
        assert rows.months_on_paper.to_numpy() == pytest.approx(curve)
        assert (rows.months_on_paper_low <= rows.months_on_paper).all()
        assert (rows.months_on_paper_high >= rows.months_on_paper).all()
        # on the day of its signature nothing of an agreement has been alive yet
        begins = "2026-08-27" if id_ == "rail" else dates[0]
        assert (rows.months_on_paper_high[:begins] == 0).all()
        assert (rows.months_on_paper_high[begins:].iloc[1:] > 0).all()
        # more is not possible than the months gone by
        assert (rows.months_on_paper_high.to_numpy() <= ceremonial.plan.grid.months).all()
    now = by_date.loc[[(id_, dates[ceremonial.plan.headline]) for id_ in ids]]
    told = found["ceremony-and-delivery"]
    for word in ("months_on_paper", "months_on_paper_low", "months_on_paper_high"):
        assert now[word].to_numpy() == pytest.approx(told[word].to_numpy())


def test_no_heading_says_its_unit_twice(ceremonial: Any) -> None:
    heads = [cells.heading(table.columns["months_on_paper"]) for table in ceremonial.finding("density").tables]
    assert heads == ["Time alive on paper (months)", "Time alive on paper until then (months)"]


def test_interval_of_months_stands_on_worlds(ceremonial: Any, upper_limit: Callable[..., float]) -> None:
    h = ceremonial.plan.headline
    worlds = []
    for block in ceremonial.blocks:
        spent = density._alive_on_paper(block)[:, :h].sum(axis=(0, 1)) / len(ceremonial.plan.scenario.ids)
        worlds.append(spent.reshape(block.trials_per_world, block.worlds).mean(axis=0))
    frame = ceremonial.finding("density").tables[1].frame
    row = frame[(frame.agreement == "") & (frame.date == ceremonial.plan.grid.dates[h].isoformat())].iloc[0]
    assert row.months_on_paper_high == pytest.approx(upper_limit(np.concatenate(worlds)))


def test_months_on_paper_are_said_to_be_those_that_the_grid_sees(simulated: Callable[..., Any]) -> None:
    signing = {"track": "formal", "duration": 0, "weight": 1}
    data = {"title": "Late", "signed": date(2026, 1, 1)}
    milestones = {"signing": signing, "never": {"track": "material", "duration": 1, "weight": 1, "never": 1}}
    data["agreements"] = [{"id": "late", "signed": date(2026, 2, 1), "milestones": milestones}]
    found = simulated(data, horizon=12, headline=12, step="quarter", trials=200).finding("density")
    # signed after a month, seen so after three: what lies between is not counted
    assert found.tables[0].frame.months_on_paper.tolist() == [9]
    assert found.notes[0].endswith("to January 2027 (12 months), over all trials, as seen on the grid.")


def test_months_on_paper_count_whole_steps_of_a_quarter(simulated: Callable[..., Any]) -> None:
    run = simulated(trials=400, step="quarter")
    frame = run.finding("density").tables[1].frame
    last = run.raw(density._alive_on_paper)[:, :-1].sum(axis=1).mean(axis=-1) * 3
    rows = frame[frame.date == run.plan.grid.dates[-1].isoformat()]
    assert rows.months_on_paper.to_numpy()[:-1] == pytest.approx(last)


def some(block: Block, keep: np.ndarray[Any, Any]) -> Any:
    """What the analysis takes down from some trials of a block, as worlds of one trial."""
    plan = replace(block.plan, question=block.plan.question.model_copy(update={"trials_per_world": 1}))

    progress = {id_: p.of(keep) for id_, p in block.base.progress.items()}
    base = block.base
    assert base.symbolic is not None
    base = replace(base, progress=progress, classes=base.classes[..., keep], symbolic=base.symbolic[..., keep])
    return registry()["density"].observe(Block(plan, block.index, len(keep), base, {}))


def test_on_paper_at_the_headline_is_the_symbolic_class(ceremonial: Any) -> None:
    # at 24 months nothing is too young to judge, so the two must be one
    frame = ceremonial.finding("density").tables[0].frame
    classes = ceremonial.raw(lambda b: b.base.classes[:, b.plan.headline])
    assert frame.alive_on_paper.to_numpy() == pytest.approx((classes == CLASSES.index("symbolic")).mean(axis=1))
    assert (frame.alive_on_paper_low < frame.alive_on_paper).all()


def test_what_ceremony_tells_is_a_share_among_trials(ceremonial: Any) -> None:
    frame = ceremonial.finding("density").tables[0].frame.set_index("agreement")
    h, cut = ceremonial.plan.headline, ceremonial.plan.question.rule.symbolic
    classes = ceremonial.raw(lambda b: b.base.classes[:, h])
    for i, id_ in enumerate(ceremonial.plan.scenario.ids):
        ceremony = ceremonial.raw(lambda b, id_=id_: b.base.progress[id_].ceremony[h])
        here = ceremonial.raw(lambda b, id_=id_: b.base.progress[id_].present)
        for word, given in (("honoured", ceremony >= cut), ("neglected", ceremony < cut)):
            assert frame.loc[id_, f"substantive_if_{word}"] == pytest.approx((classes[i] <= 1)[given & here].mean())


def test_shares_say_of_which_trials_they_are(ceremonial: Any, simulated: Any, tables: Any) -> None:
    """Where an agreement may not be in the portfolio its share is not its chance, and is said to be none."""
    every = "shares of the trials in which ceremony is alive{0}, and of those in which it is not{0}."
    there = " and the agreement is in the portfolio"
    leaves = "The densities, and the shares where ceremony is alive and where it is not, leave out trials in which an "
    found = ceremonial.finding("density")
    assert found.tables[0].caption.endswith(every.format(there))
    assert found.notes[-1] == f"{leaves}agreement is not in the portfolio."
    assert "all trials in which it is in the portfolio, read as above" in found.figures[1].caption
    assert "Over all in the portfolio, one is in substantive cooperation" in found.sentence
    sure = simulated(trials=2400).finding("density")
    assert sure.tables[0].caption.endswith(every.format(""))
    assert "all trials, read as above" in sure.figures[1].caption
    assert "portfolio" not in " ".join([sure.sentence, *sure.notes])
    data = tables()
    data["agreements"], data["quantities"] = [data["agreements"][0] | {"presence": 0.5}], {}
    assert (
        simulated(data, trials=2400).finding("density").sentence.endswith(", of those in which it is in the portfolio.")
    )


def test_density_is_a_histogram_of_trials_in_the_portfolio(ceremonial: Any) -> None:
    figures = {figure.name: figure for figure in ceremonial.finding("density").figures}
    each, together = figures["density-by-agreement"], figures["density"]
    assert isinstance(each, Density)
    h, total, trials = ceremonial.plan.headline, np.zeros((BINS, BINS)), 0
    for panel, id_ in zip(each.panels, ceremonial.plan.scenario.ids, strict=True):
        here = ceremonial.raw(lambda b, id_=id_: b.base.progress[id_].present)
        # values on an edge may fall to either side by an ulp: count them a hair above it, as the rule does
        x = ceremonial.raw(lambda b, id_=id_: b.base.progress[id_].ceremony[h])[here] + 1e-10
        y = ceremonial.raw(lambda b, id_=id_: b.base.progress[id_].delivery[h])[here] + 1e-10
        edges = np.linspace(0, 1, BINS + 1)
        expected = np.histogram2d(np.minimum(x, 1), np.minimum(y, 1), [edges, edges])[0]
        assert panel.mass == pytest.approx(expected / here.sum())
        total, trials = total + expected, trials + here.sum()
    assert together.panels[0].mass == pytest.approx(total / trials)
    assert together.panels[1].mass[:, 0].sum() == 0
    assert together.panels[1].mass.sum() == pytest.approx(1)
    assert [cut.label for cut in together.panels[0].delivery_cuts] == ["token", "partial", "substantive"]


def test_blocks_add_up(ceremonial: Any) -> None:
    sums = ceremonial.sums("density")
    parts = [registry()["density"].observe(block) for block in ceremonial.blocks]
    for key in parts[0]:
        assert np.array_equal(sums[f"density/{key}"], parts[0][key] + parts[1][key])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (0.9, "goes with substance in 3 of 3 and tells against it in none"),
        (0.1, "goes with substance in none of 3 and tells against it in 3"),
        (0.5, "tells little of substance"),
    ],
)
def test_what_ceremony_tells_is_said_with_its_direction(ceremonial: Any, given: float, words: str) -> None:
    def of(share: float) -> Estimates:
        value = np.full(4, share)
        return Estimates(value, value - 0.05, value + 0.05, 0.95, "probability", np.full(4, 100), 100)

    months = Estimates(np.ones(4), np.ones(4), np.ones(4), 0.95, "mean", np.array([1]), 1)
    said = density._sentence(ceremonial.reading("density"), months, of(given), of(0.5))
    assert f"Agreement by agreement, ceremony {words}. Over all in the portfolio, one is" in said


def test_the_longest_is_named_with_its_own_months_and_before_those_that_tie(ceremonial: Any) -> None:
    one = Estimates(np.full(4, 0.5), np.full(4, 0.4), np.full(4, 0.6), 0.95, "probability", np.full(4, 100), 100)
    value = np.array([5.0, 6.5, 7.0, 6.0])
    months = Estimates(value, value - 0.3, value + 0.3, 0.95, "mean", np.full(4, 100), 100)
    said = density._sentence(ceremonial.reading("density"), months, one, one)
    assert ", longest for grain: 7.0 months (6.7–7.3); school cannot be told apart from it. " in said


def test_a_month_is_no_months(simulated: Callable[..., Any]) -> None:
    notes = " ".join(simulated(trials=200, horizon=1, headline=1).finding("density").notes)
    assert "(1 month), over all trials" in notes


def test_one_agreement_needs_no_small_multiples(simulated: Callable[..., Any], tables: Callable[..., Any]) -> None:
    data = tables()
    data["agreements"] = data["agreements"][:1]
    data["quantities"] = {}
    found = simulated(data, trials=200).finding("density")
    assert [figure.name for figure in found.figures] == ["density"]
    assert "of 1 agreement is expected" in found.sentence
    # a mean over one agreement would say the same twice
    assert set(found.tables[1].frame.agreement) == {"rail"}


def test_sentence_says_its_numbers(ceremonial: Any) -> None:
    found = ceremonial.finding("density")
    h = ceremonial.plan.headline
    expected = (ceremonial.raw(lambda b: b.base.classes[:, h]) == CLASSES.index("symbolic")).sum(axis=0).mean()
    assert f"In February 2028, {expected:.2f}" in found.sentence
    assert any("not in the portfolio" in note for note in found.notes)


def test_ceremony_is_judged_agreement_by_agreement() -> None:
    """Of two agreements in each of which it tells nothing, one has much of both: over all it would seem to tell."""

    def chances(values: list[float]) -> Estimates:
        value = np.array(values)
        return Estimates(value, value - 0.02, value + 0.02, 0.95, "probability", np.full(len(values), 100), 100)

    telling = density._telling
    assert telling(chances([0.2, 0.8]), chances([0.2, 0.8])) == "tells little of substance"
    once = telling(chances([0.3, 0.8]), chances([0.2, 0.8]))
    assert once == "goes with substance in 1 of 2 and tells against it in none"
    both = telling(chances([0.3, 0.7]), chances([0.2, 0.8]))
    assert both == "goes with substance in 1 of 2 and tells against it in 1"
    assert telling(chances([0.1]), chances([0.2])) == "tells against substance"
    unseen = replace(chances([0.3, 0.8]), trials=np.array([0, 100]))
    assert telling(unseen, chances([0.2, 0.8])) == "tells little of substance"
