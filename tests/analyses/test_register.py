"""The register of a small scenario, counted by hand."""

from __future__ import annotations

from typing import Any

import pytest


def frames(run: Any) -> dict[str, Any]:
    return {table.name: table.frame for table in run.finding("register").tables}


@pytest.fixture(scope="module")
def papers(simulated: Any, tables: Any) -> Any:
    data = tables()
    data["sources"] = {"C7": "Energy agency, daily prices", "C70": "Another"}
    data["drivers"]["brent"] |= {"source": "C7", "trust": "A"}
    data["drivers"]["brent"]["half_life"] = {"value": 12, "source": "read off a chart", "trust": "judgement"}
    data["drivers"]["visits"] |= {"source": "the calendar", "trust": "C"}
    return simulated(data, trials=200)


def test_every_number_is_listed_with_its_papers(papers: Any) -> None:
    rows = frames(papers)["register"].set_index("path")
    level = rows.loc["drivers.brent.level"]
    assert (level.value, level.unit, level.trust) == ("{ p10 = 60, p90 = 80 }", "USD/bbl", "A")
    assert "Energy agency" in level.source
    assert level.uncertain
    half_life = rows.loc["drivers.brent.half_life"]
    assert (half_life.value, half_life.unit, half_life.trust) == ("12", "months", "judgement")
    assert half_life.source == "read off a chart"
    assert not half_life.uncertain
    assert rows.loc["drivers.visits.rate"].trust == "C"
    assert rows.loc["templates.memorandum.depth"].source == ""


def test_counts_by_trust(papers: Any) -> None:
    found = frames(papers)
    register, counts = found["register"], found["register-trust"].set_index("part")
    # initial, level, volatility and the loading carry the driver's own papers
    assert counts.loc["drivers", "A"] == 4
    assert counts.loc["drivers", "C"] == 1
    assert counts.loc["all", "judgement"] == 1
    assert counts.loc["all", "total"] == len(register)
    assert counts.loc["all", "unsourced"] == register.source.eq("").sum()
    assert counts.loc["all", "uncertain"] == register.uncertain.sum()
    assert counts.drop("all")["total"].sum() == len(register)
    for word, count in register.trust.value_counts().items():
        assert counts.loc["all", str(word).replace(" ", "_")] == count
    assert "agreements" in counts.index
    assert "templates" not in counts.index


def test_uncertain_numbers_are_counted_alike_everywhere(simulated: Any, tables: Any) -> None:
    data = tables()
    data["drivers"]["war"]["states"]["fighting"]["duration"] = {
        "distribution": "exponential",
        "mean": {"p10": 9, "p90": 30},
    }
    data["agreements"][0]["presence"] = 0.8
    run = simulated(data, trials=8000)
    spreads = len(run.plan.scenario.spreads())
    found = frames(run)
    assert found["register-trust"].set_index("part").loc["all", "uncertain"] == spreads
    assert f"{spreads} of them uncertain" in run.finding("register").sentence
    (method,) = run.finding("method").tables
    said = dict(zip(method.frame.part, method.frame.said, strict=True))["Trials and worlds"]
    assert said.startswith(f"{spreads} numbers of the scenario are uncertain, and whether 1 agreement is in")
    whose = run.finding("certainty")
    assert any(f"Of {spreads} uncertain numbers and 1 agreement that may not exist" in note for note in whose.notes)
    addresses = next(table.frame.address for table in whose.tables if table.name == "whose-ignorance")
    assert "agreements.rail.presence" in set(addresses)
    assert not addresses.str.contains("/exists").any()
    rows = found["register"].set_index("path")
    assert rows.loc["drivers.war.states.fighting.duration"].uncertain
    assert "drivers.war.states.fighting.duration.mean" not in rows.index


def test_sources_count_who_names_them(papers: Any) -> None:
    rows = frames(papers)["sources"].set_index("code")
    assert rows.loc["C7", "numbers"] == 4
    assert rows.loc["C70", "numbers"] == 0


def test_sentence_says_how_much_is_judgement_and_what_has_no_source(papers: Any) -> None:
    finding = papers.finding("register")
    total = len(frames(papers)["register"])
    unsourced = frames(papers)["register"].source.eq("").sum()
    assert f"The scenario states {total} numbers" in finding.sentence
    assert "1 of them (" in finding.sentence
    assert f"{unsourced} have no source" in finding.sentence
    assert any(note.startswith("Without a source: ") for note in finding.notes)


@pytest.mark.parametrize(
    ("trusts", "said"),
    [
        (
            {"brent": "B", "visits": "C"},
            "None is judgement; 5 rest on a serious single source (B) and 1 on the press (C); of 14",
        ),
        (
            {"brent": "judgement", "visits": "C"},
            "5 of them (25%) are judgement; 1 rests on the press (C); of 14 the trust",
        ),
        ({"brent": "", "visits": "judgement"}, "1 of them (5%) is judgement; of 19 the trust is not said"),
    ],
)
def test_every_number_is_in_one_group_of_the_sentence(
    simulated: Any, tables: Any, trusts: dict[str, str], said: str
) -> None:
    data = tables()
    for name, trust in trusts.items():
        data["drivers"][name] |= {"source": "somewhere"} | ({"trust": trust} if trust else {})
    assert said in simulated(data, trials=200).finding("register").sentence


def test_none_that_is_uncertain_and_one_without_a_source_are_said_as_such(simulated: Any, tables: Any) -> None:
    data = tables() | {"factors": {}, "drivers": {}, "paces": {}, "frailties": {}, "templates": {}, "quantities": {}}
    milestone = {"track": "material", "duration": {"value": 3, "source": "a guess"}, "weight": 1}
    data["agreements"] = [{"id": "grain", "title": "Grain", "milestones": {"sale": milestone}}]
    said = simulated(data, trials=200).finding("register").sentence
    assert said == (
        "The scenario states 2 numbers, none of them uncertain. None is judgement; of 2 the trust is not said. "
        "1 has no source."
    )


def test_figure_counts_every_number_once(papers: Any) -> None:
    (figure,) = papers.finding("register").figures
    assert figure.values.sum() == len(frames(papers)["register"])
    assert figure.values[figure.labels.index("judgement")] == 1


def test_nothing_is_taken_down_from_trials(papers: Any) -> None:
    assert not [key for key in papers.sums("register") if key.startswith("register/")]
