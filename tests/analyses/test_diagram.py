"""The diagram of a small scenario, its links counted by hand."""

from __future__ import annotations

from typing import Any

from pactrisk.findings import Diagram


def frames(run: Any) -> dict[str, Any]:
    return {table.name: table.frame for table in run.finding("diagram").tables}


def test_links_are_those_of_the_files(small: Any) -> None:
    links = frames(small)["links"].set_index(["source", "target"])
    assert links.loc[("driver The war", "pace works"), "direction"] == "slows"
    assert links.loc[("driver The war", "pace works"), "how"] == "fighting"
    assert ("pace works", "agreement Railway") in links.index
    assert ("driver brent", "quantity Income") in links.index
    assert ("agreement grain", "quantity Income") in links.index
    assert ("driver visits", "pace works") not in links.index
    (figure,) = small.finding("diagram").figures
    assert isinstance(figure, Diagram)
    assert len(figure.edges) == len(links)


def test_sentence_counts_the_links_of_drivers(small: Any) -> None:
    # the war slows the pace; brent is read by the quantity
    said = small.finding("diagram").sentence
    assert said.startswith("2 links lead from drivers to what they act on: 1 slows and 1 is read in a quantity. ")
    assert "The war and brent reach furthest, with 1 link each" in said


def test_sentence_says_what_links_without_a_direction_do(simulated: Any, tables: Any) -> None:
    data = tables()
    data["drivers"]["war"]["triggers"] = [{"driver": "visits", "state": "truce", "chance": 0.1}]
    data["drivers"]["stress"] = {"kind": "formula", "expression": "brent * 2"}
    for agreement in data["agreements"]:
        agreement["ceremonies"] = [{"driver": "visits", "weight": 0.2}]
    data["paces"]["works"]["effects"] += [
        {"driver": "programme", "below": 1, "factor": 0.5},
        {"driver": "programme", "above": 3, "factor": 2},
    ]
    said = simulated(data, trials=200).finding("diagram").sentence
    assert said.startswith(
        "8 links lead from drivers to what they act on: 1 slows, 1 goes either way, 3 make ceremony, 2 act on other "
        "drivers and 1 is read in a quantity. visits reaches furthest, with 4 links."
    )


def test_words_cover_every_driver_and_agreement(small: Any) -> None:
    words = " ".join(frames(small)["scenario"].said)
    for name in (*small.plan.scenario.drivers, *small.plan.scenario.ids):
        assert name in words


def test_without_drivers_it_says_so(simulated: Any, tables: Any) -> None:
    data = tables() | {"drivers": {}, "paces": {"works": {}}, "quantities": {}, "factors": {}}
    assert "No driver acts on anything" in simulated(data, trials=200).finding("diagram").sentence


def test_nothing_is_taken_down_from_trials(small: Any) -> None:
    assert not [key for key in small.sums("diagram") if key.startswith("diagram/")]
