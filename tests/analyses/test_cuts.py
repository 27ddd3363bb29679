"""The headline under other cuts: against classifying every trial anew, and verdicts whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pactrisk.analyses import registry
from pactrisk.analyses.cuts import GROUPS, _unmoved
from pactrisk.cuts import UNASKED, Cuts, moved_rules
from pactrisk.estimators import Estimates
from pactrisk.findings import Intervals
from pactrisk.outcomes import Rule

OTHERS = {
    "lax": Cuts(title="lax: half of everything", substantive=0.4, partial=0.2, token=0.05, symbolic=0.1),
    "strict": Cuts(substantive=0.9, partial=0.7, token=0.3),
}


@pytest.fixture(scope="module")
def moved(simulated: Any) -> Any:
    return simulated(cuts=OTHERS)


def frames(run: Any) -> dict[str, Any]:
    return {table.name: table.frame for table in run.finding("cuts").tables}


def group_of(delivery: float, honours: float, cuts: Rule) -> int:
    """The group of an agreement that is of age, has not ended and is there: 0 cooperation, 1 symbolic, 2 failed."""
    if delivery >= cuts.partial - 1e-9:
        return 0
    if delivery >= cuts.token - 1e-9:
        return 1
    return 1 if 1 - np.exp(-honours) >= cuts.symbolic - 1e-9 else 2


def naive(run: Any) -> Any:
    """Groups of every trial, shape (cuts, agreement, trial), one by one."""
    h, ids = run.plan.headline, run.plan.scenario.ids
    delivery = np.stack([run.raw(lambda b, i=i: b.base.progress[i].delivery[h]) for i in ids])
    honours = np.stack([run.raw(lambda b, i=i: b.base.progress[i].honours[h]) for i in ids])
    return np.array(
        [
            [[group_of(d, c, cuts) for d, c in zip(*pair, strict=True)] for pair in zip(delivery, honours, strict=True)]
            for cuts in (Rule(), *(cuts.moved(Rule()) for cuts in OTHERS.values()))
        ]
    )


def test_every_number_is_that_of_trials_judged_anew(moved: Any) -> None:
    groups, found = naive(moved), frames(moved)
    assert found["cuts"].cuts.tolist() == ["as asked", "lax: half of everything", "strict"]
    each = found["cuts-by-agreement"].set_index(["cuts", "agreement"])
    for c, title in enumerate(found["cuts"].cuts):
        row = found["cuts"].iloc[c]
        for g, group in enumerate(GROUPS):
            name = group.replace(" ", "_")
            number = (groups[c] == g).sum(axis=0)
            assert row[name] == pytest.approx(number.mean())
            own = (groups[0] == g).sum(axis=0)
            assert row[f"{name}_difference"] == pytest.approx((number - own).mean())
            assert row[f"{name}_difference_low"] <= row[f"{name}_difference"] <= row[f"{name}_difference_high"]
            for i, id_ in enumerate(moved.plan.scenario.ids):
                if g < 2:
                    cell = each.loc[(title, id_)]
                    assert cell[name] == pytest.approx((groups[c, i] == g).mean())
                    shift = (groups[c, i] == g).mean() - (groups[0, i] == g).mean()
                    assert cell[f"{name}_difference"] == pytest.approx(shift)
    assert len({tuple(row) for row in groups.reshape(3, -1)}) == 3


def test_cuts_that_a_group_does_not_rest_on_leave_it_exactly_as_it_was(simulated: Any) -> None:
    # only the cut between substantive and partial moves: both are substantive cooperation
    run = simulated(cuts={"within": Cuts(substantive=0.9), "coarse": Cuts(substantive=0.9, partial=0.5)})
    found = frames(run)["cuts"].set_index("cuts")
    for group in GROUPS:
        name = f"{group.replace(' ', '_')}_difference"
        assert found.loc["within", [name, f"{name}_low", f"{name}_high"]].tolist() == [0, 0, 0]
    assert found.loc["coarse", ["failed_difference_low", "failed_difference_high"]].tolist() == [0, 0]
    name = "substantive_cooperation_difference"
    assert found.loc["coarse", f"{name}_low"] < found.loc["coarse", f"{name}_high"]
    each = frames(run)["cuts-by-agreement"].set_index("cuts").loc["within"]
    assert (each[f"{name}_low"] == 0).all()
    assert (each[f"{name}_high"] == 0).all()


def told_cuts(run: Any) -> dict[str, list[str]]:
    words = ["substantive", "partial", "token", "symbolic"]
    return {title: row.tolist() for title, row in frames(run)["cuts"].set_index("cuts")[words].iterrows()}


def test_cuts_that_are_not_given_are_those_of_the_rule(simulated: Any) -> None:
    rule = {"partial": 0.3, "token": 0.2, "symbolic": 0.6}
    run = simulated(rule=rule, cuts={"higher": Cuts(substantive=0.9)})
    assert told_cuts(run) == {"as asked": ["0.67", "0.3", "0.2", "0.6"], "higher": ["0.9", "0.3", "0.2", "0.6"]}
    # the two sets that nobody asked for move what their titles say, and leave what fails alone
    run = simulated(rule=rule)
    looser, stricter = (one.title for one in UNASKED.values())
    assert told_cuts(run)[looser] == ["0.5", "0.25", "0.2", "0.6"]
    assert told_cuts(run)[stricter] == ["0.75", "0.5", "0.2", "0.6"]
    assert (frames(run)["cuts"][["failed_difference_low", "failed_difference_high"]] == 0).all(axis=None)


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ({}, ["looser", "stricter"]),
        ({"partial": 0.2}, ["stricter"]),
        ({"partial": 0.25, "substantive": 0.5}, ["stricter"]),
        ({"partial": 0.6}, ["looser"]),
        ({"token": 0.3}, ["stricter"]),
        ({"substantive": 0.8, "partial": 0.2}, []),
    ],
)
def test_what_nobody_asked_for_is_told_where_it_is_what_it_is_called(rule: dict[str, float], left: list[str]) -> None:
    assert list(moved_rules(Rule(**rule), UNASKED)) == left
    # asked for, the same cuts are told whatever they are called
    mine = {name: Cuts(substantive=0.9, partial=0.85) for name in UNASKED}
    assert list(moved_rules(Rule(**rule), mine)) == list(UNASKED)


def test_own_cuts_are_no_different_from_themselves(moved: Any) -> None:
    first = frames(moved)["cuts"].iloc[0]
    for group in GROUPS:
        name = group.replace(" ", "_")
        assert first[f"{name}_difference"] == first[f"{name}_difference_low"] == first[f"{name}_difference_high"] == 0


def test_paired_differences_are_narrower_than_apart(moved: Any) -> None:
    row = frames(moved)["cuts"].iloc[1]
    width = row.substantive_cooperation_high - row.substantive_cooperation_low
    assert row.substantive_cooperation_difference_high - row.substantive_cooperation_difference_low < width


def test_a_verdict_that_turns_is_said_and_one_that_holds_too(simulated: Any) -> None:
    said = simulated(cuts=OTHERS).finding("cuts").sentence
    verdicts = frames(simulated(cuts=OTHERS))["cuts"].verdict
    assert verdicts.nunique() > 1
    assert "Rule of thumb" in said
    assert "read the headline" not in said
    # a group that is sure to be the largest, and next to the cuts as asked
    hard = {"substantive": 0.9, "partial": 0.8, "token": 0.7, "symbolic": 0.95}
    same = simulated(rule=hard, cuts={"alike": Cuts(**hard | {"symbolic": 0.951})})
    assert "Neither the verdict (the largest group: failed) nor the ranking" in same.finding("cuts").sentence


def test_too_few_trials_are_no_reassurance(simulated: Any) -> None:
    # one replicate tells nothing of numbers, and so of no difference
    alike = {"alike": Cuts(substantive=0.671, partial=0.3301, token=0.1001, symbolic=0.3301)}
    for trials in (200, 2600):
        said = simulated(cuts=alike, trials=trials).finding("cuts").sentence
        assert "These trials are too few to tell whether the verdict (the largest group: a tie of " in said
        assert "as it stands" not in said


@pytest.mark.parametrize(
    ("known", "low", "said"),
    [
        (True, [0.6, 0.1], "Neither the verdict (the largest group: failed) nor the ranking of agreements hangs on"),
        (
            True,
            [0.2, 0.1],
            "The verdict (the largest group: failed) does not hang on the cuts. These trials are too few",
        ),
        (
            True,
            [0.2],
            "The verdict (the largest group: failed) does not hang on the cuts: read the headline as it stands.",
        ),
        (
            False,
            [0.6, 0.1],
            "whether the verdict (the largest group: failed) hangs on the cuts. The ranking of agreements",
        ),
        (False, [0.2, 0.1], "whether the verdict (the largest group: failed) or the ranking of agreements hangs on"),
        (False, [0.2], "whether the verdict (the largest group: failed) hangs on the cuts."),
    ],
)
def test_what_no_cuts_move_is_said_as_far_as_it_is_known(known: bool, low: list[float], said: str) -> None:
    start = np.array(low)
    chances = Estimates(start + 0.1, start, start + 0.2, 0.95, "probability", np.full(len(low), 100), 100)
    assert said in _unmoved("the largest group: failed", known, chances)


def test_one_agreement_is_spoken_of_as_one(simulated: Any, tables: Any) -> None:
    data = tables()
    data["agreements"] = data["agreements"][:1]
    data["quantities"] = {}
    said = simulated(data, trials=400, cuts=OTHERS).finding("cuts").sentence
    assert " of 1 agreement is expected in substantive cooperation; " in said
    assert "ranking" not in said
    found = frames(simulated(data, trials=200, cuts=OTHERS))
    ends = [f"substantive_cooperation_difference{end}" for end in ("", "_low", "_high")]
    # what one replicate tells of the chance of a single agreement it tells of their number
    assert found["cuts"][ends].to_numpy() == pytest.approx(found["cuts-by-agreement"][ends].to_numpy())


def rarely(tables: Any, presence: Any) -> dict[str, Any]:
    data: dict[str, Any] = tables()
    data["templates"]["memorandum"]["presence"] = presence
    return data


def test_where_most_are_not_in_the_portfolio_the_verdict_is_of_those_that_are(simulated: Any, tables: Any) -> None:
    moved = simulated(rarely(tables, 0.1), cuts={"strict": OTHERS["strict"]}).finding("cuts")
    assert "the largest group of those in the portfolio" in moved.sentence
    assert moved.notes[1].startswith(
        "The verdict is the group that the most agreements are expected in, of those in the portfolio; two that"
    )
    same = simulated(rarely(tables, 0.1), cuts={"same": Cuts()}).finding("cuts")
    assert "the verdict (the largest group of those in the portfolio: " in same.sentence
    young = simulated(rarely(tables, 0.1), cuts={"same": Cuts()}, headline=6).finding("cuts")
    assert "of those in the portfolio and old enough to judge" in young.sentence
    for sure in (1, {"value": 1, "trust": "A"}):
        found = simulated(rarely(tables, sure), cuts=OTHERS).finding("cuts")
        assert "of those" not in found.sentence
        assert found.notes[1].startswith("The verdict is the group that the most agreements are expected in; two that")


def test_where_none_is_in_the_portfolio_there_is_no_verdict(simulated: Any, tables: Any) -> None:
    found = simulated(rarely(tables, 0), cuts=OTHERS)
    assert found.finding("cuts").sentence.endswith(
        "No agreement is in the portfolio in any trial: there is no verdict that cuts could move."
    )
    assert frames(found)["cuts"].verdict.tolist() == ["none"] * 3


def test_where_none_is_old_enough_there_is_no_verdict(simulated: Any, tables: Any) -> None:
    found = simulated(tables(), cuts={"same": Cuts()}, headline=1, trials=200)
    assert found.finding("cuts").sentence.endswith(
        "No agreement is old enough to judge in any trial: there is no verdict that cuts could move."
    )


def test_a_ranking_that_turns_is_said(simulated: Any, tables: Any) -> None:
    # slow and whole against quick and half: which is above hangs on whether a half will do
    data = tables()
    data["drivers"], data["paces"], data["quantities"], data["factors"], data["templates"] = {}, {}, {}, {}, {}
    law = {"distribution": "exponential", "mean": 30}
    data["agreements"] = [
        {"id": "whole", "milestones": {"all": {"track": "material", "duration": law, "weight": 1.0}}},
        {
            "id": "half",
            "milestones": {
                "soon": {"track": "material", "duration": 3, "weight": 0.5},
                "late": {"track": "material", "duration": 90, "weight": 0.5},
            },
        },
    ]
    run = simulated(data, cuts={"whole": Cuts(title="whole: nothing less", substantive=0.9, partial=0.8)})
    said = run.finding("cuts").sentence
    assert "The ranking of agreements hangs on the cuts too: it turns under the whole ones." in said
    # a third and a fourth that fail whatever the cuts are the largest group: only the ranking hangs on them
    never = {"track": "material", "duration": 1, "weight": 1.0, "never": 1}
    data["agreements"] += [{"id": id_, "milestones": {"all": never}} for id_ in ("a", "b", "c")]
    kept = simulated(data, cuts={"whole": Cuts(title="whole: nothing less", substantive=0.9, partial=0.8)})
    assert kept.finding("cuts").sentence.endswith(
        "The verdict, the largest group, is failed under all of them. The ranking of agreements hangs on the cuts: it "
        "turns under the whole ones. Rule of thumb: quote the headline with its cuts."
    )
    figure = run.finding("cuts").figures[0]
    assert isinstance(figure, Intervals)
    assert figure.value[1].tolist() == [1, 0]


def test_cuts_of_one_title_are_kept_apart(simulated: Any) -> None:
    run = simulated(cuts={"a": Cuts(title="alike"), "b": Cuts(title="alike", partial=0.5)}, trials=200)
    assert frames(run)["cuts"].cuts.tolist() == ["as asked", "alike", "alike (b)"]


def test_no_other_cuts_no_chapter(simulated: Any) -> None:
    run = simulated(cuts={}, trials=200)
    assert run.finding("cuts") is None
    assert registry()["cuts"].observe(run.blocks[0]) == {}


def test_blocks_add_up(moved: Any) -> None:
    sums = moved.sums("cuts")
    parts = [replace(moved, blocks=(block,)).sums("cuts") for block in moved.blocks]
    for key in parts[0]:
        assert np.array_equal(sums[key], parts[0][key] + parts[1][key])
