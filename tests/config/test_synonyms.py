"""A key that goes by another word elsewhere is known by its sense, and by its spelling only where that is near."""

from __future__ import annotations

from pathlib import Path

import pytest

from first_steps import Changes, refused, taken
from pactrisk.scenario import Scenario
from pactrisk.spelling import nearest

PLAN = ('plan   = { track = "formal", ', 'plan   = {{ track = "formal", {} = {}, ')
TRAINS = ("never = 0.3", "{} = {}")
AGREEMENT = ('[[agreements]]\nid                = "corridor"', '[[agreements]]\n{} = {}\nid = "corridor"')
FLOW = ("ramp = 12", "{} = {}")
OIL = ("volatility = 0.33", "volatility = 0.33\n{} = {}")


@pytest.mark.parametrize(
    ("change", "word", "value", "hint"),
    [
        (AGREEMENT, "probability", "0.9", "did you mean presence?"),
        (AGREEMENT, "likelihood", "0.9", "did you mean presence?"),
        (AGREEMENT, "countries", '["Kazakhstan"]', "did you mean parties?"),
        (AGREEMENT, "parties = []\ncountries", '["Kazakhstan"]', "did you mean parties? It is set already"),
        (AGREEMENT, "interest", "0.5", "the keys here are"),
        (TRAINS, "probability", "0.7", "write never = 0.3: the chance that it is not pursued"),
        (TRAINS, "success", "0.7", "write never = 0.3: the chance that it is not pursued"),
        (TRAINS, "Success-Rate", "0.7", "write never = 0.3: the chance that it is not pursued"),
        (TRAINS, "chance", "{ p10 = 0.6, p90 = 0.8 }", "did you mean never? It is the chance that it is not pursued"),
        (TRAINS, "failure", "0.3", "did you mean never?"),
        (TRAINS, "deadline", "2027-01-01", "a milestone has no latest day: duration says how long it takes"),
        (TRAINS, "before", "2027-01-01", "a milestone has no latest day: duration says how long it takes"),
        (TRAINS, "before", '"36 months"', "a milestone has no latest day: duration says how long it takes"),
        (TRAINS, "before", '"plan"', "which comes first is said by after, in the one that comes later"),
        (TRAINS, "start", "2027-01-01", "did you mean earliest?"),
        (TRAINS, "depends_on", '"plan"', "did you mean after? It is set already"),
        (PLAN, "requires", '"farm_trade.certificates"', "did you mean after?"),
        (FLOW, "rate", "2000", "did you mean capacity?"),
        (FLOW, "start", '"certificates"', "did you mean after? It is set already"),
        (FLOW, "duration", "24", "the keys here are"),
        (OIL, "start", "70", "did you mean initial? It is set already"),
        (OIL, "frequency", "3", "the keys here are"),
    ],
)  # fmt: skip
def test_the_key_that_was_meant(change: tuple[str, str], word: str, value: str, hint: str, tmp_path: Path) -> None:
    before, after = change
    (problem,) = refused(tmp_path, [(before, after.format(word, value))]).problems
    assert problem.message == "is not a key here"
    assert problem.hint.startswith(hint)


def test_a_chance_of_success_is_mended_as_its_hint_says(tmp_path: Path) -> None:
    told = refused(tmp_path, [("never = 0.3", "success = 0.7")]).problems[0].hint
    mended = taken(tmp_path, [("never = 0.3", told.removeprefix("write ").partition(":")[0])])
    assert mended.scenario == taken(tmp_path).scenario


def test_what_rests_on_a_key_by_another_word_is_not_told_of(tmp_path: Path) -> None:
    events = '[drivers.raids]\nkind = "events"\nfrequency = 2\n[quantities.raids]\nexpression = "raids"'
    (problem,) = refused(tmp_path, [("", events)]).problems
    assert (problem.path, problem.hint) == ("drivers.raids.frequency", "did you mean rate?")


def test_what_another_key_is_called_by_its_sense_is_not_read_as_one_that_is_near(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, config=[("seed     = 1", "seed = 1\nsamples = 3")]).problems
    assert (problem.path, problem.hint) == ("samples", "did you mean trials? It is set already")


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("rate", "after"), ("start", "target"), ("duration", "variation"), ("deadline", "earliest"),
        ("success", "source"), ("probability", "frailty"), ("countries", "ceremonies"), ("interest", "trust"),
    ],
)  # fmt: skip
def test_words_that_share_some_letters_are_not_near(word: str, other: str) -> None:
    assert nearest(word, [other]) is None


def test_a_letter_too_many_few_or_other_is_near() -> None:
    for word in Scenario.model_fields:
        for at in range(len(word)):
            for slip in (word[:at] + word[at + 1 :], f"{word[:at]}z{word[at:]}", f"{word[:at]}z{word[at + 1 :]}"):
                assert nearest(slip, [word]) == word
    assert nearest("oli", ["oil"]) == "oil"
    assert nearest("cheap", ["cheap-oil"]) == "cheap-oil"


@pytest.mark.parametrize(
    ("world", "config", "path", "hint"),
    [
        ((), [("when   =", "if =")], "conditions.border-closed.if", "did you mean when?"),
        ((), [("when   =", "event =")], "conditions.border-closed.event", "did you mean when?"),
        ((), [("when   =", "expression =")], "conditions.border-closed.expression", "did you mean when?"),
        ((), [("seed     = 1", "seed = 1\nrare.when = 'number >= 2'")], "rare.when", "did you mean event?"),
        ([(", duration = { p50 = 8", ", time = { p50 = 8")], (), "agreements.corridor.milestones.plan.time", "did you"),
        ([('kind       = "mean', 'type = "mean')], (), "drivers.oil", "write kind instead of type"),
        ([('kind       = "mean', 'knd = "mean')], (), "drivers.oil", "write kind instead of knd"),
        (
            (),
            [('set    = { "drivers.oil.level" = 45 }', "drivers.oil.level = 45")],
            "variants.cheap-oil.drivers",
            "edits stand in set: write set.drivers",
        ),
        (
            (),
            [('set    = { "drivers.oil.level" = 45 }', '"drivers.oil.level" = 45')],
            'variants.cheap-oil."drivers.oil.level"',
            'edits stand in set: write set."drivers.oil.level"',
        ),
        (
            (),
            [('set    = { "drivers.oil.level" = 45 }', "set.oil.level = 45")],
            "variants.cheap-oil.set.oil",
            "did you mean drivers.oil?",
        ),
        (
            (),
            [('set    = { "drivers.oil.level" = 45 }', "set.works = { effects = [], source = 'x' }")],
            "variants.cheap-oil.set.works",
            "did you mean paces.works?",
        ),
        (
            (),
            [('"drivers.oil.level" = 45', '"oil.level" = 45')],
            "variants.cheap-oil.set.oil",
            "did you mean drivers.oil?",
        ),
        (
            (),
            [('"drivers.oil.level" = 45', '"corridor.depth" = 0.5')],
            "variants.cheap-oil.set.corridor",
            "did you mean agreements.corridor?",
        ),
    ],
)
def test_a_key_by_another_name_is_told_once(
    world: Changes, config: Changes, path: str, hint: str, tmp_path: Path
) -> None:
    (problem,) = refused(tmp_path, world, config).problems
    assert problem.path == path
    assert problem.hint.startswith(hint)


@pytest.mark.parametrize("word", ["sd", "min", "max"])
def test_what_does_not_go_with_a_value_is_named(word: str, tmp_path: Path) -> None:
    for table in (f"value = 70, {word} = 3", f"{word} = 3, value = 70"):
        (problem,) = refused(tmp_path, [("initial    = 70", f"initial = {{ {table} }}")]).problems
        assert problem.message == f"{word!r} does not go with value: besides it there are source, note, trust"
