"""What a key means, and a scenario in words and as a diagram, follow from the specs and nothing else."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from datetime import date
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactrisk.agreements.terms import Ending, Flow, Pace
from pactrisk.analyses import registry
from pactrisk.distributions import FAMILIES
from pactrisk.drivers import KINDS
from pactrisk.drivers.states import State
from pactrisk.errors import InputError
from pactrisk.explain import Explanation, diagram_of, dot, explain_key, explain_scenario, mermaid, tree, vocabulary
from pactrisk.explain.effects import direction, effect_text, in_unit, number_text
from pactrisk.explain.examples import EXAMPLES
from pactrisk.explain.prose import documentation, plain_formula
from pactrisk.explain.specs import Place, places, sort_of
from pactrisk.expressions import FUNCTIONS
from pactrisk.findings.wording import chance_words
from pactrisk.lint import faults
from pactrisk.lint.readings import readings
from pactrisk.outcomes import CLASSES
from pactrisk.quantities import Num
from pactrisk.question import Question, Variant
from pactrisk.register import assumptions
from pactrisk.scenario import Scenario
from pactrisk.specs import Documented, Spec, docstring
from pactrisk.spreads import read_spread
from pactrisk.tables import declared

HOSTILE = '<script>alert(1)</script>"] --> x; `{}\n%% \N{RIGHT-TO-LEFT OVERRIDE}'


def world() -> dict[str, Any]:
    return {
        "title": "Told",
        "signed": "2026-01-01",
        "summary": "A small\nworld.",
        "ceremony_effect": 0.1,
        "sources": {"C1": "a statistics office"},
        "factors": {"demand": {"title": "world demand"}},
        "drivers": {
            "brent": {
                "kind": "mean_reverting",
                "title": "Brent",
                "unit": "USD/bbl",
                "initial": 70,
                "level": {"p10": 58, "p50": 70, "p90": 80},
                "half_life": {"p10": 9, "p90": 24},
                "volatility": 0.3,
                "jumps": {"rate": 0.3},
                "factors": {"demand": 0.7},
                "when": [{"driver": "war", "state": "hot", "volatility": 0.5}],
                "source": "C1; own reading",
                "trust": "A",
            },
            "attacks": {"kind": "events", "rate": 2},
            "visits": {"kind": "events", "rate": 1},
            "strain": {"kind": "formula", "expression": "max(70 - brent, 0) * war.hot", "unit": "USD"},
            "war": {
                "kind": "regime",
                "initial": {"hot": 0.75, "cold": 0.25},
                "states": {
                    "hot": {
                        "duration": {"distribution": "exponential", "mean": 12},
                        "next": {"cold": 0.9, "over": 0.1},
                        "when": [{"driver": "veto", "state": "yes", "next": {"cold": 1}}],
                        "effects": [{"driver": "attacks", "per_unit": 1.01, "reference": 2}],
                    },
                    "cold": {"duration": 24, "next": {"hot": 1}},
                    "over": {"title": "a settlement"},
                },
                "triggers": [{"driver": "attacks", "state": "hot", "chance": 0.5, "delay": 1, "only_from": ["cold"]}],
            },
            "veto": {"kind": "regime", "initial": "yes", "states": {"yes": {}}},
        },
        "shocks": [
            {"driver": "brent", "date": "2026-06-01", "size": -0.3, "half_life": 6},
            {"driver": "war", "date": "2027-06-01", "state": "cold"},
        ],
        "paces": {
            "ground": {"effects": [{"driver": "war", "state": "hot", "factor": 0.5, "lag": 2}]},
            "works": {
                "title": "works",
                "includes": "ground",
                "effects": [
                    {"driver": "brent", "elasticity": 0.3, "average": 6},
                    {"driver": "strain", "above": 10, "factor": 0.8},
                    {"driver": "brent", "below": 40, "factor": 0.6},
                ],
            },
        },
        "frailties": {"ministry": {"sd": 0.3}},
        "templates": {
            "memo": {"form": "memorandum", "milestones": {"body": {"track": "formal", "duration": 6, "weight": 1}}}
        },
        "agreements": [
            {
                "id": "food",
                "title": "Food safety",
                "template": "memo",
                "parties": ["KZ", "RS"],
                "depth": 0.5,
                "presence": 0.9,
                "pace": "works",
                "frailty": 0.2,
                "frailties": "ministry",
                "milestones": {
                    "tender": {"track": "material", "after": "body", "duration": 9, "never": 0.2, "weight": 0.4}
                },
                "flow": {
                    "unit": "t/year",
                    "target": 100,
                    "after": "tender",
                    "ramp": 12,
                    "effects": [{"driver": "brent", "elasticity": -0.2}],
                },
                "ending": {"rate": 0.01, "effects": [{"driver": "war", "state": "hot", "factor": 2}]},
                "ceremonies": [{"driver": "visits", "weight": 0.2}],
            },
            {
                "id": "rail",
                "milestones": {
                    "run": {"track": "material", "duration": 0, "weight": 1, "after": "food.tender", "pace": "ground"}
                },
            },
        ],
        "quantities": {"moved": {"expression": "food.flow + rail.run * war.hot", "unit": "t"}},
    }


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    made = Scenario.from_data(world())
    assert not faults(made)
    return made


def only(model: type[Scenario] | type[Question], scenario: Scenario | None, dotted: str) -> Explanation:
    (found,) = explain_key(model, scenario, dotted)
    return found


def test_a_number_of_a_scenario(scenario: Scenario) -> None:
    told = only(Scenario, scenario, "drivers.brent.half_life")
    rows = dict(told.rows)
    assert told.meaning == "time for a gap to the level to halve"
    assert rows["value"] == "{ p10 = 9, p90 = 24 }"
    assert rows["unit"] == "months"
    assert rows["bounds"] == "above 0"
    assert rows["drawn"].startswith("once a world")
    assert rows["source"] == "C1 (a statistics office); own reading"
    assert rows["trust"] == "A"
    used = [text for word, text in told.rows if word == "used"]
    assert "pace works: moved by 0.3% for each 1% of brent against its start, averaged over 6 months" in used
    assert "the flow of food: moved by -0.2% for each 1% of brent against its start" in used
    assert "a shock on 2026-06-01" in used


@pytest.mark.parametrize(
    ("dotted", "title", "row"),
    [
        ("brent", "drivers.brent", ("kind", "mean_reverting")),
        ("visits", "drivers.visits", ("used", "its events honour food")),
        ("veto", "drivers.veto", ("used", "driver war reads it (while in the state yes)")),
        (
            "attacks",
            "drivers.attacks",
            ("used", "driver war: an event pushes it into hot with chance 0.5 after 1 month (only from cold)"),
        ),
        ("works", "paces.works", ("used", "agreement food: tender, body")),
        ("ground", "paces.ground", ("used", "pace works includes it")),
        ("demand", "factors.demand", ("used", "driver brent loads on it")),
        ("ministry", "frailties.ministry", ("used", "agreement food")),
        ("memo", "templates.memo", ("used", "agreement food")),
        ("food", "agreements.food", ("used", "agreement rail waits for it")),
        ("food.milestones.tender", "agreements.food.milestones.tender", ("never", "0.2")),
        ("food.tender", "agreements.food.milestones.tender", ("never", "0.2")),
        ("tender", "agreements.food.milestones.tender", ("never", "0.2")),
        ("food.tender.duration", "agreements.food.milestones.tender.duration", ("value", "9")),
        ("war.cold", "drivers.war.states.cold", ("duration", "24")),
        ("food.milestones.tender.duration", "agreements.food.milestones.tender.duration", ("value", "9")),
        ("food.flow.target", "agreements.food.flow.target", ("unit", "t/year")),
        ("agreements.food.title", "agreements.food.title", ("value", "Food safety")),
        ("brent.factors.demand", "drivers.brent.factors.demand", ("value", "0.7")),
        ("C1", "sources.C1", ("cited", "drivers.brent")),
        ("moved", "quantities.moved", ("expression", "food.flow + rail.run * war.hot")),
    ],
)
def test_names_of_a_scenario(scenario: Scenario, dotted: str, title: str, row: tuple[str, str]) -> None:
    told = only(Scenario, scenario, dotted)
    assert told.title == title
    assert row in told.rows
    assert told.meaning


def test_every_number_and_table_of_a_scenario_can_be_explained(scenario: Scenario) -> None:
    for row in assumptions(scenario):
        told = only(Scenario, scenario, row.path)
        assert ("value", row.value) in told.rows or ("expression", row.value) in told.rows
        assert told.meaning == row.meaning


def stands_at(told: Explanation, place: Place, word: str) -> bool:
    """Whether an explanation names this place, or counts it among those of its part."""
    for title in (told.title, *(text for name, text in told.rows if name == "also")):
        path, _, kinds = title.removesuffix(")").partition(" (")
        if path == f"{place}.{word}".lstrip(".") and (not kinds or place.kind in kinds.split(", ")):
            return True
        if " other tables, of " in title and place.path and str(place.path[0]) in title:
            return True
    return False


@pytest.mark.parametrize("model", [Scenario, Question])
def test_every_word_of_a_spec_can_be_explained(model: type[Scenario] | type[Question]) -> None:
    for place in places(model):
        for word in place.spec.model_fields:
            told = explain_key(model, None, word)
            told = [t for t in told if "written" in dict(t.rows)]
            mine = [t for t in told if stands_at(t, place, word)]
            if place.spec.__name__.endswith("When"):
                continue
            assert len(mine) == 1, (place, word)
            number = declared(place.spec, word)
            if isinstance(number, Num):
                rows = dict(mine[0].rows)
                assert rows.get("unit", "") == number.unit
                assert rows.get("bounds", "") == number.range
            elif word != "kind":
                assert mine[0].meaning, (place, word)
            assert sort_of(place.spec, word), (place, word)


@pytest.mark.parametrize("model", [Scenario, Question])
def test_no_meaning_says_its_unit_twice(model: type[Scenario] | type[Question]) -> None:
    for place in places(model):
        for word in place.spec.model_fields:
            number = declared(place.spec, word)
            if number is not None and number.unit:
                assert number.unit.removeprefix("per ") not in re.findall(r"\w+", number.meaning), place.of(word)


def test_a_bare_word_is_told_wherever_it_is_defined() -> None:
    titles = {told.title for told in explain_key(Scenario, None, "half_life")}
    assert "drivers.<name>.half_life (mean_reverting)" in titles
    assert "drivers.<name>.excitation.half_life (events)" in titles
    assert "shocks.<place>.half_life" in titles
    (frailties, frailty) = explain_key(Scenario, None, "frailty")
    assert frailties.title == "frailties.<name>"
    assert ("also", "agreements.<id>.frailty") in frailty.rows


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_with_its_law_and_all_its_own_words(kind: str) -> None:
    told = explain_key(Scenario, None, kind)[0]
    assert told.title == f'kind = "{kind}"'
    words = {word for word, _ in told.rows}
    hidden = {"kind", "title", "unit", "source", "trust", "note", "returns"}
    assert words == set(KINDS[kind].model_fields) - hidden
    assert all(text for _, text in told.rows)


def test_formula_of_a_kind_is_readable() -> None:
    told = explain_key(Scenario, None, "mean_reverting")[0]
    assert any("φ = e^(-κΔ t)" in paragraph for paragraph in told.body)
    for kind in KINDS.values():
        for paragraph in documentation(kind):
            assert not re.search(r"\\|:math:|\.\. math|``", paragraph), paragraph


@pytest.mark.parametrize("word", [*FAMILIES, *CLASSES])
def test_distributions_and_classes_are_words_too(word: str) -> None:
    assert any(word in told.title and told.meaning for told in explain_key(Scenario, None, word))


def test_a_bare_key_lists_its_places_in_the_scenario(scenario: Scenario) -> None:
    """Whoever asks for half_life in a world is told what it is there, not only what it could be."""
    here, *specs = explain_key(Scenario, scenario, "half_life")
    rows = dict(here.rows)
    stated = {row.path: row for row in assumptions(scenario) if row.name == "half_life"}
    assert rows.keys() == stated.keys()
    brent = rows["drivers.brent.half_life"]
    for part in ("{ p10 = 9, p90 = 24 } months", "source: C1", "trust: A", "used: ", "strain"):
        assert part in brent
    assert [told.title for told in specs] == [told.title for told in explain_key(Scenario, None, "half_life")]
    # a word that is no number here, and a thing that has a name of its own, are told as before
    assert explain_key(Scenario, scenario, "weibull") == explain_key(Scenario, None, "weibull")
    assert explain_key(Scenario, scenario, "brent")[0].title == "drivers.brent"


@pytest.mark.parametrize("word", ["source", "note", "title"])
def test_a_word_of_many_tables_says_once_where_it_is_taken(word: str) -> None:
    for told in explain_key(Scenario, None, word):
        assert len([text for name, text in told.rows if name == "also"]) < 9
    (also,) = (text for told in explain_key(Scenario, None, word) for name, text in told.rows if name == "also")
    taken = [place for place in places(Scenario) if word in place.spec.model_fields and place.path]
    assert int(also.split()[1]) == len({str(place) for place in taken}) - 1


def test_an_entry_says_which_keys_it_takes() -> None:
    for model, word, takes in (
        (Scenario, "when", "driver, state, and each number of the driver that differs"),
        (Question, "cuts", "title, substantive, partial, token, symbolic"),
        (Question, "conditions", "title, when, months"),
        (Question, "variants", "title, scenario, set, source, trust, note"),
    ):
        assert any(("each takes", takes) in told.rows for told in explain_key(model, None, word)), word
    assert any(("takes", "title, event, times") in told.rows for told in explain_key(Question, None, "rare"))
    assert sort_of(Question, "cuts") == "tables, each with a name"


@pytest.mark.parametrize(
    ("model", "word"), [(Scenario, "after"), (Scenario, "parties"), (Question, "analyses"), (Question, "of")]
)
def test_a_list_of_names_says_that_it_holds_no_numbers_and_may_be_one_name(
    model: type[Scenario] | type[Question], word: str
) -> None:
    """A number among them is refused: ``after = [1]`` must be text."""
    assert {dict(told.rows)["written"] for told in explain_key(model, None, word)} == {"a name or a list of names"}


def test_effects_say_which_keys_are_needed_and_give_an_example() -> None:
    """Which of its many keys an effect needs could be learnt from what is refused only."""
    told = explain_key(Scenario, None, "effects")
    need = "exactly one of state, below, above, elasticity or per_unit; state, below and above with a factor"
    assert {dict(one.rows)["each needs"] for one in told} == {need}
    assert all("example" in dict(one.rows) for one in told)
    assert not any("each needs" in dict(one.rows) for one in explain_key(Scenario, None, "triggers"))


@pytest.mark.parametrize(("spec", "word"), EXAMPLES)
def test_an_example_is_read_and_is_told(spec: type[Spec], word: str) -> None:
    line = EXAMPLES[spec, word]
    model = Question if spec in (Question, Variant) else Scenario
    assert any(("example", line) in told.rows for told in explain_key(model, None, word))
    given = tomllib.loads(line)
    if model is Question:
        assert Question.model_validate({"scenario": "told", **given}).model_fields_set > {"scenario"}
        return
    data = world()
    if spec is State:
        data["drivers"]["war"]["states"]["hot"] |= {"next": {"truce": 1}, **given}
        data["drivers"]["war"]["states"]["truce"] = {}
    elif spec is Documented:
        data["agreements"][1]["milestones"]["run"] |= given
    elif spec is Pace:
        data["paces"]["works"] |= given
    elif spec in (Flow, Ending):
        data["agreements"][0][spec.__name__.lower()] |= given
    else:
        name = {"when": "brent", "dated": "attacks", "triggers": "war"}.get(word, "expo")
        data["drivers"].setdefault(name, {"kind": "trend"}).update(given)
    assert Scenario.from_data(data)


def test_presence_says_what_becomes_of_those_who_wait() -> None:
    """An agreement that is not there leaves its dependents undone: nowhere else could an analyst learn it."""
    assert "what waits for its milestones never is" in only(Scenario, None, "agreements.rail.presence").meaning


def test_a_key_of_a_config() -> None:
    told = only(Question, None, "rule.pending")
    assert dict(told.rows) == {"written": "a number", "unit": "months", "bounds": "at least 0", "default": "12"}
    assert sort_of(Question, "precision") == "a number or a table"
    assert sort_of(Question, "rare") == "text or a table"


@pytest.mark.parametrize(
    ("word", "bounds"),
    [
        ("trials", "at least 1 and at most 1,000,000,000"),
        ("trials_per_world", "at least 1 and at most 2,000"),
        ("precision.half_width", "above 0 and below 1,000"),
        ("rare.times", "at least 1 and at most 1,000"),
        ("seed", "at least 0 and at most 9,223,372,036,854,775,807"),
        ("workers", "at least 0 and at most 1,024"),
        ("batch", "at least 0 and at most 100"),
    ],
)
def test_bounds_are_told_of_every_number_of_a_config(word: str, bounds: str) -> None:
    assert dict(only(Question, None, word).rows)["bounds"] == bounds


def test_what_may_be_written_is_said_in_the_words_of_a_file() -> None:
    regime = KINDS["regime"]
    assert sort_of(regime, "initial") == "text or a table of numbers: a number or a spread"
    assert sort_of(State, "next") == "a table of numbers: a number or a spread"
    span = 'text such as "60 months" or "5 years", a whole number or a date'
    assert sort_of(Question, "headline") == sort_of(Question, "horizon") == span


def test_a_file_of_a_sort_a_group_of_one_class_and_dated_events_are_told_as_such() -> None:
    assert [told.title for told in explain_key(Scenario, None, "scenario")] == ["a scenario file"]
    assert [told.title for told in explain_key(Question, None, "question")] == ["a config file", "question"]
    assert only(Scenario, None, "too early").meaning == "the class pending"
    assert only(Scenario, None, "failed").meaning == "the classes dormant and reversed"
    dated = ["drivers.<name>.dated.<place>", "drivers.<name>.dated (events)"]
    assert [told.title for told in explain_key(Scenario, None, "dated")] == dated


def test_a_table_that_a_scenario_lacks_is_told_from_the_specs(scenario: Scenario) -> None:
    told = only(Scenario, scenario, "agreements.rail.flow.target")
    assert told.title == "agreements.<id>.flow.target"
    with pytest.raises(InputError):
        explain_key(Scenario, scenario, "drivers.brent.excitation.half_life")
    assert only(Scenario, scenario, "drivers.visits.excitation.half_life").meaning == "time for the excitement to halve"


def test_a_milestone_of_several_agreements_is_told_of_each() -> None:
    data = world()
    data["agreements"][1]["milestones"]["tender"] = {"track": "formal", "duration": 1}
    told = explain_key(Scenario, Scenario.from_data(data), "tender")
    assert [each.title for each in told] == [f"agreements.{id_}.milestones.tender" for id_ in ("food", "rail")]


@pytest.mark.parametrize(
    ("dotted", "hint"),
    [
        ("half_live", "did you mean half_life?"),
        ("drivers.brant.level", "did you mean drivers.brent.level?"),
        ("food.tendr", "did you mean food.tender?"),
        ("food.tendr.duration", "did you mean food.tender.duration?"),
        ("food.flow.targt", "did you mean food.flow.target?"),
        ("food.flw", "did you mean food.flow?"),
        ("tendr", "did you mean tender?"),
        ("rail.bridge", "its milestones: run"),
        ("war.truce", "its states: cold, hot, over"),
        # what only chances to look like a word was not meant for it
        ("licences", "pactrisk explain, without a word, lists every word"),
    ],
)
def test_what_nobody_knows_is_an_input_error(scenario: Scenario, dotted: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        explain_key(Scenario, scenario, dotted)
    assert caught.value.problems[0].hint == hint


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_explained_or_refused(text: str) -> None:
    made = Scenario.from_data(world())
    with suppress(InputError):
        assert explain_key(Scenario, made, text)


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (-0.3, "A full ceremony of events slows work by 0.3 (ceremony_effect); formal acts slow none."),
        (
            {"p10": 0, "p90": 0.3},
            "A full ceremony of events moves work by 0 to 0.3 (p10 to p90) (ceremony_effect); formal acts move none.",
        ),
        ({"value": 0, "source": "expert"}, "Ceremony does not speed work."),
    ],
)
def test_ceremony_is_said_to_slow_work_where_it_does(effect: object, said: str) -> None:
    portrait = explain_scenario(Scenario.from_data(world() | {"ceremony_effect": effect}))
    assert said in portrait.sections[0][1]


def test_what_a_formula_and_a_list_of_chapters_can_hold_is_explained() -> None:
    told = {entry.title: entry.meaning for entry in explain_key(Scenario, None, "expression")}
    for function in FUNCTIONS:
        assert re.search(rf"\b{function}\b", told["expression"])
        assert any("in a formula" in entry.meaning.lower() for entry in explain_key(Scenario, None, function))
    (chapters,) = explain_key(Question, None, "analyses")
    for name in registry():
        assert re.search(rf"\b{name}\b", chapters.meaning)


def test_what_is_one_or_none_is_said_as_such() -> None:
    bare = {
        "id": "grain",
        "title": "Grain",
        "parties": ["North"],
        "milestones": {"sale": {"track": "material", "duration": {"p50": 1, "p90": 3}, "weight": 1}},
    }
    portrait = explain_scenario(Scenario.from_data({"title": "Told", "signed": date(2026, 1, 1), "agreements": [bare]}))
    text = "\n".join(paragraph for _, paragraphs in portrait.sections for paragraph in paragraphs)
    assert "It has 1 agreement, 0 drivers and 0 paces; every number is taken as known." in text
    assert "Grain (grain) is an agreement, of North." in text
    assert "takes 1 month (p90 3)." in text


def test_the_words_of_a_scenario_name_everything_in_it(scenario: Scenario) -> None:
    portrait = explain_scenario(scenario)
    text = "\n".join(paragraph for _, paragraphs in portrait.sections for paragraph in paragraphs)
    for name in (*scenario.drivers, *scenario.paces, *scenario.ids, *scenario.quantities, *scenario.frailties):
        assert re.search(rf"\b{name}\b", text), name
    for agreement in scenario.agreements:
        for milestone in agreement.milestones:
            assert re.search(rf"\b{milestone}\b", text), milestone
    for sentence in (
        "A full ceremony of events speeds work by 0.1 (ceremony_effect); formal acts speed none.",
        "It begins in hot with chance 0.75 or cold with chance 0.25.",
        "hot lasts a time that is exponential with mean 12 months, then comes cold with chance 0.9 or over with chance",
        "While veto is in the state yes, cold comes next.",
        "The pace at which hot ends is multiplied by 1.01 for each unit of attacks above 2, and divided by as "
        "much for each below.",
        "An event of attacks pushes it into hot with chance 0.5 after 1 month (only from cold).",
        "While war is in the state hot, volatility is 0.5 per year.",
        "half_life 9 to 24 months (p10 to p90)",
        "On 2026-06-01, brent departs by -0.3 of its price; that halves in 6 months.",
        "On 2027-06-01, war is put into cold.",
        "Work is multiplied by 0.5 while war is in the state hot, 2 months later.",
        "Food safety (food) is a memorandum, between KZ and RS.",
        "Its pace is works.",
        "tender, material (weight 0.4 in delivery), follows body and takes 9 months. It is never pursued with chance",
        "run, material (weight 1 in delivery), follows food.tender and is done at once. It runs on the pace ground.",
        "Its flow begins once tender stands and grows to its capacity over 12 months (weight 0.6 in delivery).",
        "Its target, what counts as the whole promise, is 100 t/year; as much flows when nothing disturbs.",
        "A hidden factor of its own lies on its paces; its logarithm has a standard deviation of 0.2.",
        "ministry is a hidden factor on the paces of food. Its logarithm has a standard deviation of 0.3,",
        "world demand (demand) is a common cause of brent. Its shocks are Gaussian.",
        "The flow is moved by -0.2% for each 1% of brent against its start.",
        "The hazard is multiplied by 2 while war is in the state hot.",
        "It is honoured by visits (weight 0.2).",
        "moved is food.flow + rail.run * war.hot, in t.",
    ):
        assert sentence in text, sentence
    # an example in the documentation of a kind is of somebody else's world
    assert "strain is of kind formula: a driver computed from others at the same grid point. It is max(70" in text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (3, "3 t"),
        ({"value": 3}, "3 t"),
        ({"p10": 1, "p90": 3}, "1 to 3 t (p10 to p90)"),
        ({"p10": 1, "p50": 2, "p90": 3}, "2 t (p10 1, p90 3)"),
        ({"p10": 1, "p25": 2, "p90": 3}, "1 to 3 t (p10 1, p25 2, p90 3)"),
        ({"p10": 1, "p50": 2, "p90": 3, "max": 9}, "2 t (p10 1, p90 3, at most 9)"),
        ({"distribution": "uniform", "low": 1, "high": 3}, "uniform with low 1 and high 3 t"),
        ({"distribution": "normal", "mean": 1, "sd": 3, "min": 0}, "normal with mean 1 and sd 3 t, at least 0"),
    ],
)
def test_numbers_in_sentences(raw: object, text: str) -> None:
    assert number_text(Num("x").read(raw), "t") == text


def test_direction_of_an_effect(scenario: Scenario) -> None:
    signs = {effect_text(e): direction(e) for pace in scenario.paces.values() for e in pace.effects}
    assert signs == {
        "multiplied by 0.5 while war is in the state hot, 2 months later": -1,
        "moved by 0.3% for each 1% of brent against its start, averaged over 6 months": 1,
        "multiplied by 0.8 while strain is above 10": -1,
        "multiplied by 0.6 while brent is below 40": -1,
    }


def test_the_diagram_holds_every_thing_and_every_link(scenario: Scenario) -> None:
    diagram = diagram_of(scenario)
    layers = {node.id: node.layer for node in diagram.nodes}
    things = (scenario.factors, scenario.drivers, scenario.paces, scenario.agreements, scenario.quantities)
    assert [list(layers.values()).count(layer) for layer in range(5)] == [len(t) for t in things]
    links = {(edge.source, edge.target): edge for edge in diagram.edges}
    assert len(links) == len(diagram.edges)
    for reading in readings(scenario):
        assert any(
            source == f"driver:{reading.driver}" and target.endswith(f":{reading.reader}") for source, target in links
        )
    assert links["factor:demand", "driver:brent"].label == "0.7"
    assert links["driver:war", "pace:ground"].sign == -1
    # one effect quickens, one slows: what the link does depends on the world
    assert links["driver:brent", "pace:works"].sign == 0
    # a hazard that doubles works against the agreement
    ends = links["driver:war", "agreement:food"]
    assert (ends.sign, ends.label) == (-1, "hastens its ending, hot")
    # a threshold is told, since what the link does holds on one side of it only
    assert (links["driver:strain", "pace:works"].sign, links["driver:strain", "pace:works"].label) == (-1, "above 10")
    assert links["driver:brent", "pace:works"].label == "as it rises; below 40"
    # an event does not slow or quicken a regime: it pushes it, and how is told as in the scenario's own words
    push = "pushes it into hot with chance 0.5 after 1 month (only from cold)"
    assert links["driver:attacks", "driver:war"].label == f"as it rises; {push}"
    words = [text for _, texts in explain_scenario(scenario).sections for text in texts]
    assert any(f"An event of attacks {push}." in text for text in words)
    assert links["pace:ground", "pace:works"].label == "includes"
    assert ("pace:ground", "agreement:rail") in links
    assert ("pace:works", "agreement:rail") not in links
    assert links["agreement:food", "agreement:rail"].label == "waits for tender"
    assert links["agreement:food", "quantity:moved"].label == "flow"
    assert links["driver:war", "quantity:moved"].label == "hot"


def test_texts_of_the_diagram_hold_every_link(scenario: Scenario) -> None:
    portrait = explain_scenario(scenario)
    assert len(re.findall(r"-\.?->", portrait.mermaid)) == len(portrait.diagram.edges)
    assert portrait.dot.count(" -> ") == len(portrait.diagram.edges)
    assert len(re.findall(r"(?m)^    [-+·] ", portrait.tree)) == len(portrait.diagram.edges)
    assert "    - driver war (hot)" in portrait.tree


def test_titles_cannot_act_in_a_diagram() -> None:
    data = world()
    data["drivers"]["brent"]["title"] = data["agreements"][0]["title"] = HOSTILE
    clean, hostile = diagram_of(Scenario.from_data(world())), diagram_of(Scenario.from_data(data))
    text = mermaid(hostile)
    assert len(text.splitlines()) == len(mermaid(clean).splitlines())
    assert "<script>" not in text
    for line in text.splitlines():
        assert line.count('"') in (0, 2)
    assert len(dot(hostile).splitlines()) == len(dot(clean).splitlines())
    for line in dot(hostile).splitlines():
        assert len(re.findall(r'(?<!\\)"', line)) % 2 == 0
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text + dot(hostile) + tree(hostile)


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"\frac{a}{b}", "(a)/(b)"),
        (r"\sqrt{\frac{1-\phi^2}{2\kappa}}", "√((1-φ^2)/(2κ))"),
        (r"e^{-\beta(1-n)t}", "e^(-β(1-n)t)"),
        (r"\text{per\_unit}^{\,x}", "per_unit^( x)"),
    ],
)
def test_formulas_without_tex(tex: str, plain: str) -> None:
    assert plain_formula(tex) == plain


def test_words_of_the_report_are_explained_and_can_be_listed() -> None:
    executors = ("threads", "processes", "alone", "dask")
    assert {*executors, "number", "distribution", "tag", "tags", "replicate", "block"} < set(vocabulary()["words"])
    for sort, held in vocabulary().items():
        model = Question if sort == "keys of a config" else Scenario
        for word in held:
            assert all(told.title and told.meaning for told in explain_key(model, None, word)), word
    middle = {"almost no chance": 0.02, "very unlikely": 0.1, "unlikely": 0.3, "roughly even chance": 0.5}
    middle |= {"likely": 0.7, "very likely": 0.9, "almost certain": 0.97}
    for words, chance in middle.items():
        assert chance_words(chance) == words
        assert "ICD 203" in explain_key(Scenario, None, words)[0].meaning


def test_what_an_agreement_inherits_is_told_with_its_source() -> None:
    plan = {"track": "material", "duration": 3, "never": 0.2, "weight": 1}
    made = Scenario.from_data(
        {
            "title": "t",
            "signed": date(2026, 1, 1),
            "templates": {"memo": {"milestones": {"plan": plan}, "source": "a judgement"}},
            "agreements": [{"id": "one", "template": "memo"}],
        }
    )  # fmt: skip
    (told,) = explain_key(Scenario, made, "agreements.one.milestones.plan.never")
    rows = dict(told.rows)
    assert rows["source"] == "a judgement"
    assert rows["value"] == "0.2"
    assert "templates.memo" in rows["inherited"]


def test_a_unit_stands_behind_what_is_measured_in_it() -> None:
    def said(**raw: object) -> str:
        return number_text(read_spread(raw, (0.0, inf), float), "months")

    assert said(value=1, source="a") == number_text(1.0, "months") == "1 month"
    assert said(distribution="weibull", scale=6.2, shape=0.4) == "weibull with scale 6.2 months and shape 0.4"
    assert said(distribution="lognormal", median=6, sigma=0.7) == "lognormal with median 6 months and sigma 0.7"
    assert in_unit("t") == ", in t"
    assert in_unit("of ten") == " (of ten)"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_docstrings_are_read_where_python_leaves_them_out(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does when told to optimise: the words of a report must not depend on it."""
    before = docstring(KINDS[kind])
    assert before
    monkeypatch.setattr(KINDS[kind], "__doc__", None)
    assert docstring(KINDS[kind]) == before


@pytest.mark.parametrize("word", ["extends", "remove", "min", "max", *(w for f in FAMILIES.values() for w in f.above)])
def test_every_word_of_a_file_that_is_no_key_of_a_table_is_explained(word: str) -> None:
    assert explain_key(Scenario, None, word)
    assert any(word in held for held in vocabulary().values())


def test_a_number_of_a_distribution_is_told_with_those_that_take_it() -> None:
    (found,) = explain_key(Scenario, None, "scale")
    assert [name for name, _ in found.rows] == ["weibull", "gamma"]
