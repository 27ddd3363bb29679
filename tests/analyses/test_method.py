"""What is said of the method is what was run."""

from __future__ import annotations

import copy
from typing import Any

from pactrisk.analyses import method
from pactrisk.drivers.processes import KINDS


def said(run: Any) -> dict[str, str]:
    (table,) = run.finding("method").tables
    return dict(zip(table.frame.part, table.frame.said, strict=True))


def test_sentence_counts_what_was_run(small: Any) -> None:
    sentence = small.finding("method").sentence
    assert "2,600 trials in 130 worlds of 20, from seed 7, follow 3 agreements under 4 drivers" in sentence
    assert "from February 2026 to August 2028, month by month" in sentence


def test_drivers_are_told_in_plain_words_by_their_kind(simulated: Any, tables: Any) -> None:
    assert set(method._KINDS) == {word for word, kind in KINDS.items() if kind.__module__.startswith("pactrisk.")}
    data = tables()
    data["drivers"]["peace"] = copy.deepcopy(data["drivers"]["war"])
    found = said(simulated(data, trials=200))["Drivers"]
    assert found == "5 drivers: 1 series of events, 1 price pulled to its level, 2 regimes and 1 programme of values."


def test_rule_is_the_one_of_the_question(simulated: Any) -> None:
    rule = {"substantive": 0.8, "partial": 0.4, "token": 0.2, "symbolic": 0.5, "pending": 6}
    found = said(simulated(trials=200, rule=rule))["Outcome rule"]
    for number in ("0.8", "0.4", "0.2", "0.5", "6 months"):
        assert number in found


def test_window_is_the_one_that_counts(simulated: Any) -> None:
    found = said(simulated(trials=200, step="quarter", rule={"window": 4}))["Ceremony and delivery"]
    assert "of the last 3 months" in found


def test_drivers_that_share_nothing_stand_apart(simulated: Any, tables: Any) -> None:
    data = tables()
    data["drivers"]["gas"] = {
        "kind": "geometric_brownian",
        "initial": 30,
        "volatility": 0.4,
        "factors": {"demand": 0.3},
    }
    data["drivers"]["stress"] = {"kind": "formula", "expression": "visits + 1"}
    found = said(simulated(data, trials=200))["Drivers together"]
    assert "move together: brent and gas; visits and stress." in found
    assert "Moving apart from all others: The war and programme." in found


def test_frailties_in_use_are_named(simulated: Any, tables: Any) -> None:
    data = tables()
    data["frailties"] = {"ministry": {"sd": 0.3}, "idle": {"sd": 0.3}}
    data["agreements"][0]["frailties"] = ["ministry"]
    found = said(simulated(data, trials=200))["Agreements together"]
    assert "through the frailties ministry" in found
    assert "idle" not in found


def test_only_what_ties_milestones_in_this_world_is_said(simulated: Any, tables: Any) -> None:
    def together(data: dict[str, Any]) -> str:
        return said(simulated(data, trials=200))["Agreements together"]

    data = tables()
    alike = "How long each milestone takes is drawn apart from all others"
    ties = "agreements hang together only through the drivers, and through uncertain assumptions"
    assert together(data) == f"{alike}: {ties}. The milestones of one agreement share its own frailty as well."
    data["agreements"][0]["frailty"] = 0
    assert together(data).endswith("The milestones of one agreement share its own frailty, where it has one, as well.")
    waits = "the drivers, through milestones of one that another waits for, and through uncertain assumptions. "
    data["agreements"][2]["flow"]["after"] = ["works", "school.works"]
    assert waits in together(data)
    data = tables()
    data["agreements"][0]["milestones"] = {"works": {"after": ["plan", "school.works"]}}
    assert waits in together(data)
    works = {"works": {"track": "material", "duration": 6, "weight": 1.0}}
    bare = {"title": "Bare", "signed": data["signed"], "agreements": [{"id": "a", "milestones": works}]}
    assert together(bare) == f"{alike}."
    bare["agreements"].append({"id": "b", "milestones": works})
    bare["drivers"] = {"unread": data["drivers"]["visits"]}
    assert together(bare) == f"{alike}, and nothing ties agreements together."


def test_one_month_and_one_block_are_no_months_and_blocks(simulated: Any) -> None:
    told = said(simulated(trials=200, rule={"pending": 1, "window": 1}))
    assert "it is pending in its first 1 month;" in told["Outcome rule"]
    assert "of the last 1 month;" in told["Ceremony and delivery"]
    assert "in the first 1 block;" in told["Fans"]


def test_ceremony_effect_is_shown(simulated: Any, tables: Any) -> None:
    assert "ceremony_effect = 0" in said(simulated(trials=200))["Ceremony and delivery"]
    sourced = tables() | {"ceremony_effect": {"value": 0, "source": "Judgement"}}
    assert "none speeds work" in said(simulated(sourced, trials=200))["Ceremony and delivery"]
    louder = tables() | {"ceremony_effect": 0.2}
    assert "ceremony_effect = 0.2" in said(simulated(louder, trials=200))["Ceremony and delivery"]


def test_worlds_are_said_as_they_are(simulated: Any, tables: Any) -> None:
    uncertain = len(simulated(trials=200).plan.scenario.spreads())
    assert said(simulated(trials=200))["Trials and worlds"].startswith(f"{uncertain} numbers")
    assert "drawn anew for every trial" in said(simulated(trials=200, trials_per_world=1))["Trials and worlds"]
    data = tables()
    data["drivers"]["brent"]["level"] = 70
    data["templates"]["memorandum"] = data["templates"]["memorandum"] | {"depth": 0.9}
    data["paces"]["works"]["effects"][0]["factor"] = 0.5
    run = simulated(data, trials=200)
    assert "No number is uncertain" in said(run)["Trials and worlds"]
    assert "each a world of its own" in run.finding("method").sentence


def test_variants_are_said_to_share_their_numbers(simulated: Any, tables: Any) -> None:
    assert "Variants" not in said(simulated(trials=200))
    assert "1 variant on the same random numbers" in said(simulated(others={"same": tables()}, trials=200))["Variants"]
