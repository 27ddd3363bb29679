"""A hint mends: what it says is done, and the fault is gone."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from first_steps import Changes, refused, taken
from pactrisk.config import load_scenario
from pactrisk.errors import InputError, Problem
from pactrisk.intended import converted
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.spelling import nearest


def only(error: InputError) -> Problem:
    (problem,) = error.problems
    return problem


STATE = "a state is read by its name: write border.closed"
HOLDS = "a formula holds numbers, names, + - * / **, comparisons, and, or, not"


def formula(text: str) -> Changes:
    return [("", f'[drivers.gap]\nkind = "formula"\nexpression = "{text}"\n[quantities.seen]\nexpression = "gap"')]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("max(oil - 40, 0", "the bracket at '(oil - 40, 0' is not closed", "close it with )"),
        ("(oil - 40 * (oil + 3)", "the bracket at '(oil - 40 * (oil + 3' is not closed", "close it with )"),
        ("max(oil - 40, 0))", "there is a ) that no ( opened, after 'max(oil - 40, 0)'", "take it out"),
        ("oil ^ 2", HOLDS, "powers are written **"),
        ("oil > 0,5", HOLDS, "decimals are written with a point: 0.5"),
        ("oil > 0,500", HOLDS, "decimals are written with a point: 0.5"),
        ("oil > 20,0000", HOLDS, "decimals are written with a point: 0.5"),
        ("oil > 20,000", HOLDS, "thousands are written 20_000"),
        ("oil * (1,250,000.5) - 3", HOLDS, "thousands are written 1_250_000.5"),
        ("oil > 20,050", "this is not arithmetic that can be read, from '050' on", "thousands are written 20_050"),
        ("abs(20,000)", "abs() takes 1 values", "thousands are written 20_000"),
        ("oil % 3", HOLDS, "numbers are written without per cent: a share of 50% is 0.5"),
        ("(oil > 3) & (oil < 9)", HOLDS, "comparisons are joined by and, or, not"),
        ("oil * 50%", "this is not arithmetic that can be read", "numbers are written without per cent"),
        ("oil * 50% + 2 * * 3", "this is not arithmetic that can be read, from '* 3' on", "numbers are written"),
        ("oil > 3 && oil < 9", "this is not arithmetic that can be read, from '& oil < 9' on", "comparisons are"),
        (
            "oil > 3 AND oil < 100",
            "this is not arithmetic that can be read, from 'AND oil < 100' on",
            "and, or, not are",
        ),
        ("oil > 3 Or oil < 100", "this is not arithmetic that can be read, from 'Or oil < 100' on", "and, or, not are"),
        ("NOT border.closed", "this is not arithmetic that can be read, from 'border.closed' on", "and, or, not are"),
        (
            "oil = 3 AND border_is_closed",
            "this is not arithmetic that can be read, from '= 3 AND border_is_closed' on",
            "and",
        ),
        (
            "max(oil - 40, oil_price_of_the_year",
            "the bracket at '(oil - 40, oil_price_of_the_year' is not closed",
            "close",
        ),
        ("border = 'closed'", "this is not arithmetic that can be read, from \"= 'closed'\" on", STATE),
        (
            "oil < 9 and border = closed",
            "this is not arithmetic that can be read, from '= closed' on",
            "what is equal is written with ==, and a state as border.closed",
        ),
        ("border == 'closed'", HOLDS, STATE),
        ("border != 'closed'", HOLDS, "a state is read by its name: write not border.closed"),
        ("border is closed", HOLDS, STATE),
        ("border is 'closed'", HOLDS, STATE),
        ("border is not closed", HOLDS, "a state is read by its name: write not border.closed"),
        ("oil = 3", "this is not arithmetic that can be read, from '= 3' on", "what is equal is written with =="),
        ("oil +* 40", "this is not arithmetic that can be read, from '* 40' on", "expression: arithmetic"),
    ],
)
def test_brackets_of_a_formula(text: str, message: str, hint: str, tmp_path: Path) -> None:
    problem = only(refused(tmp_path, formula(text)))
    assert problem.path == "drivers.gap.expression"
    assert problem.message == message
    assert problem.hint.startswith(hint)


@pytest.mark.parametrize("text", ["max(oil - 40, 0)", "oil > 3 and oil < 100", "border.closed", "not border.closed"])
def test_a_formula_is_mended_as_its_hint_says(text: str, tmp_path: Path) -> None:
    taken(tmp_path, formula(text))


EFFECTS = (
    'effects = [{ driver = "oil", elasticity = 0.5, lag = 6 }, { driver = "border", state = "closed", factor = 0.3 }]'
)


@pytest.mark.parametrize(
    "written",
    [
        EFFECTS.replace("= [", "= ", 1),
        EFFECTS.replace("= [", "=\n  # two of them\n  ", 1),
        EFFECTS.replace("= [", "= ", 1).replace(" }, {", " },\n\n  {").replace("}]", "}\n]"),
    ],
    ids=["one line", "begun below", "several lines"],
)
def test_a_list_that_lacks_its_beginning_is_told_and_read_as_a_list(written: str, tmp_path: Path) -> None:
    problem = only(refused(tmp_path, [(EFFECTS, written)]))
    assert (problem.path, problem.message) == ("paces.works.effects", "the [ that begins this list is missing")
    assert problem.hint == "write effects = [ ... ]"
    assert problem.place is not None
    assert problem.place.line == 23
    error = refused(tmp_path, [(EFFECTS, written.replace("0.3", "-0.3"))])
    assert [problem.path for problem in error.problems] == [
        "paces.works.effects",
        "paces.works.effects.border/closed.factor",
    ]


def test_two_values_without_any_brackets_are_told_to_be_a_list(tmp_path: Path) -> None:
    problem = only(refused(tmp_path, [(EFFECTS, EFFECTS.replace("= [", "= ").replace("}]", "}"))]))
    assert (problem.path, problem.hint) == (
        "paces.works.effects",
        "a list stands in brackets: effects = [ ... ]",
    )


def test_a_list_in_braces_that_lacks_its_beginning_is_told(tmp_path: Path) -> None:
    (problem, *_) = refused(tmp_path, [('["certificates", ', '"certificates", ')]).problems
    assert (problem.message, problem.hint) == ("has a ] that no [ opens", "write the [ where the list begins")


@pytest.mark.parametrize("value", ["0.05", "{ p10 = 0.01, p90 = 0.1 }"])
def test_a_number_at_the_top_is_told_how_it_bears_a_source(value: str, tmp_path: Path) -> None:
    signed = "signed = 2026-03-01"
    told = refused(tmp_path, [(signed, f"{signed}\nceremony_effect = {value}")], strict=True)
    problem = only(told)
    assert problem.path == "ceremony_effect"
    if value == "0.05":
        mended = problem.hint.removeprefix("write ")
    else:
        assert problem.hint == 'add source = "..." within its braces'
        mended = f'ceremony_effect = {value[:-1]}, source = "..." }}'
    mended = mended.replace("...", "Judgement")
    taken(tmp_path, [(signed, f"{signed}\n{mended}")])
    load_scenario(tmp_path / "scenarios/first-steps.toml", strict=True)


def test_a_number_in_a_table_that_takes_no_source_is_sent_to_the_one_around_it(tmp_path: Path) -> None:
    gas = '[factors]\nfear = {}\n[drivers.gas]\nkind = "geometric_brownian"\nfactors = { fear = 0.5 }\n'
    gas += 'when = [{ driver = "border", state = "closed", volatility = 0.5 }]\n'
    error = refused(tmp_path, [("", f"{gas}initial = 70\nvolatility = 0.3")], strict=True)
    hints = {problem.path.removeprefix("drivers.gas."): problem.hint for problem in error.problems}
    assert hints == {
        "factors.fear": 'add source = "..." to drivers.gas',
        "when.border/closed.volatility": 'add source = "..." to drivers.gas',
        "initial": 'add source = "..." here or to the table around it',
        "volatility": 'add source = "..." here or to the table around it',
    }


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("trils", "did you mean trials, of the config?"),
        ("hedline", "did you mean headline, of the config?"),
        ("titel", "did you mean title?"),
        ("variant.cheap-oil.title", "did you mean variants, of the config?"),
        ("drvers.oil.level", "did you mean drivers?"),
    ],
)
def test_keys_of_both_files_are_looked_through_for_what_is_set(key: str, hint: str, tmp_path: Path) -> None:
    assert only(refused(tmp_path, sets=[f"{key}=3"])).hint == hint


def test_all_keys_that_can_be_set_are_listed_where_none_is_near(tmp_path: Path) -> None:
    hint = only(refused(tmp_path, sets=["xqzwv=3"])).hint
    assert hint.startswith("the keys here are title, signed,")
    assert "; of a config: scenario, horizon, headline," in hint


def test_a_slip_of_one_letter_is_seldom_taken_for_another_key() -> None:
    words = sorted({*Scenario.model_fields, *Question.model_fields})
    slips = {(word[:at] + word[at + 1 :], word) for word in words for at in range(len(word))}
    slips |= {(word[:at] + word[at : at + 2][::-1] + word[at + 2 :], word) for word in words for at in range(len(word))}
    astray = [slip for slip, word in slips if slip not in words and nearest(slip, words) != word]
    assert len(astray) <= 2
    assert nearest("flor", ["form", "flow"]) == "flow"
    assert nearest("sed", ["used", "seed"]) == "seed"


TRAINS, OIL = "agreements.corridor.milestones.trains", "drivers.oil"


@pytest.mark.parametrize(
    ("change", "path", "hint"),
    [
        (("never = 0.3", 'never = "30%"'), f"{TRAINS}.never", "write 0.3 without quotes: 30% is 0.3"),
        (("never = 0.3", 'never = "0.3"'), f"{TRAINS}.never", "write 0.3 without quotes"),
        (("half_life  = 14", 'half_life = "14 months"'), f"{OIL}.half_life", "write 14 without quotes, in months"),
        (("half_life  = 14", 'half_life = "1.5 years"'), f"{OIL}.half_life", "write 18 without quotes, in months"),
        (("half_life  = 14", 'half_life = "14 days"'), f"{OIL}.half_life", "half_life: time for a gap"),
        (("half_life  = 14", 'half_life = "long"'), f"{OIL}.half_life", "half_life: time for a gap"),
        (("initial    = 70", 'initial = "70 USD"'), f"{OIL}.initial", "write 70 without quotes and unit"),
        (("initial    = 70", 'initial = "58 to 80 USD"'), f"{OIL}.initial", "initial: price at the start"),
        (("initial    = 70", 'initial = "2k"'), f"{OIL}.initial", "initial: price at the start"),
        (("initial    = 70", 'initial = "2 million t"'), f"{OIL}.initial", "initial: price at the start"),
        (("initial    = 70", 'initial = "70 kg"'), f"{OIL}.initial", "write 70 without quotes and unit"),
        (("initial    = 70", 'initial = "$70"'), f"{OIL}.initial", "write 70 without quotes"),
        (("initial    = 70", 'initial = "70,5"'), f"{OIL}.initial", "initial: price at the start"),
        (("= 0.33", '= "0.33 a year"'), f"{OIL}.volatility", "write 0.33 without quotes, per year"),
        (("= 0.33", '= "0.1 a month"'), f"{OIL}.volatility", "volatility: standard deviation"),
        (("p50 = 12, p90 = 36", 'p50 = 12, p90 = "36"'), f"{TRAINS}.duration.p90", "write 36 without quotes"),
        (("p90 = 36", 'p90 = { p10 = "9 months", p90 = 24 }'), f"{TRAINS}.duration.p90.p10", "write 9 without quotes"),
        (("= 0.33", "= 33"), f"{OIL}.volatility", "a fraction of 1: 33% is 0.33"),
        (("never = 0.3", "never = 30"), f"{TRAINS}.never", "a share of 1: 30% is 0.3"),
        (("never = 0.3", "never = 300"), f"{TRAINS}.never", "never: chance"),
        (("never = 0.3", "never = 2"), f"{TRAINS}.never", "a share of 1: 2% is 0.02"),
        (("never = 0.3", "never = 1.2"), f"{TRAINS}.never", "never: chance"),
        (("= 0.33", "= 0.33\nfactors = { fear = 13 }\n[factors.fear]"), f"{OIL}.factors.fear", "fear: loading"),
    ],
)  # fmt: skip
def test_numbers_with_quotes_units_or_in_per_cent(
    change: tuple[str, str], path: str, hint: str, tmp_path: Path
) -> None:
    problem = only(refused(tmp_path, [change]))
    assert problem.path == path
    assert problem.hint.startswith(hint)
    mended = re.match(r"write ([\d.]+)", problem.hint)
    if mended is not None and "p90" not in change[0]:
        taken(tmp_path, [(change[0], f"{change[1].partition('=')[0]}= {mended[1]}")])


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("2027-01-01", "a date"),
        ("2027-01-01T10:00:00", "a date with a time"),
        ("10:00:00", "a time"),
        ("[2]", "a list"),
        ("true", "true or false"),
    ],
)
@pytest.mark.parametrize(
    ("before", "path"),
    [
        ("volatility = 0.33", f"{OIL}.volatility"),
        ("p90 = 36", f"{TRAINS}.duration.p90"),
        ("duration = { p50 = 12, p90 = 36 }", f"{TRAINS}.duration"),
        ("weight = 1 ", f"{TRAINS}.weight"),
        ("trials   = 20_000", "trials"),
    ],
)
def test_what_stands_in_place_of_a_number_is_called_what_it_is(
    before: str, path: str, written: str, kind: str, tmp_path: Path
) -> None:
    change = (before, f"{before.partition('=')[0]}= {written} ")
    problem = only(refused(tmp_path, config=[change]) if path == "trials" else refused(tmp_path, [change]))
    assert (problem.path, problem.message) == (path, f"must be a {'whole ' * (path == 'trials')}number, not {kind}")


def test_a_level_in_per_cent_is_told_as_a_share(tmp_path: Path) -> None:
    assert only(refused(tmp_path, config=[("seed     = 1", "level = 95")])).hint.endswith("of 1: 95% is 0.95")
    assert only(refused(tmp_path, config=[("seed     = 1", "level = 30")])).hint.startswith("level: confidence")


def test_two_wrong_parts_of_a_number_are_told_together(tmp_path: Path) -> None:
    problem = only(refused(tmp_path, [("p50 = 12, p90 = 36", 'p50 = "12", p90 = "36"')]))
    assert problem.path == f"{TRAINS}.duration.p50"
    assert problem.message == "must be a number, not text; p90 must be a number, not text"


def test_an_agreement_of_formal_acts_alone_is_told_what_it_lacks(tmp_path: Path) -> None:
    talk = (
        '[[agreements]]\nid = "talk"\n[agreements.milestones]\nround = { track = "formal", duration = 3, weight = 1 }'
    )
    problem = only(refused(tmp_path, [("", talk)]))
    assert problem.path == "agreements.talk"
    assert problem.message == "it has no material milestone and no flow: there is nothing to deliver"
    assert problem.hint == 'one is needed: a milestone with track = "material" and weight = 1, or a flow'
    done = 'done = { track = "material", duration = 3, weight = 1 }'
    taken(tmp_path, [("", f"{talk}\n{done}")])


def test_a_spread_of_a_shock_that_may_fall_below_nothing_is_told_to_be_cut(tmp_path: Path) -> None:
    shock = '[[shocks]]\ndriver = "oil"\ndate = 2027-01-01\nsize = { p10 = -0.9, p90 = -0.5 }\nsource = "a desk"'
    problem = only(refused(tmp_path, [("", shock)]))
    assert (problem.path, problem.hint) == ("shocks.oil/2027-01-01.size", "add min = -0.99 to it")
    taken(tmp_path, [("", shock.replace("0.5 }", "0.5, min = -0.99 }"))])


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (("half_life  = 14", "half_life = 2 years"), "a number stands alone: half_life = 24, in months"),
        (("half_life  = 14", "half_life = 14 days"), "a number stands alone, in months"),
        (("initial    = 70", "initial = 70 USD"), "a number stands alone: initial = 70"),
        (("= 0.33", "= 0.33 a year"), "a number stands alone: volatility = 0.33, per year"),
        (("= 0.33", "= 0.1 a month"), "a number stands alone, per year"),
        (("mean = 36", "mean = 3 years"), "a number stands alone: 36, in months"),
        (("lag = 6", "lag = 2 quarters"), "a number stands alone: 6, in months"),
        (("initial    = 70", "initial = 3 years"), "a number stands alone"),
    ],
)
def test_a_number_with_its_unit_is_told_in_the_unit_of_its_key(
    change: tuple[str, str], hint: str, tmp_path: Path
) -> None:
    assert only(refused(tmp_path, [change])).hint == hint
    mended = re.search(r"alone: (?:\w+ = )?([\d.]+)", hint)
    if mended is not None:
        taken(tmp_path, [(change[0], f"{change[1].partition('=')[0]}= {mended[1]}")])


@pytest.mark.parametrize(
    ("written", "hint", "mended"),
    [
        ("{ P10 = 5, P90 = 9 }", "did you mean p10?", ""),
        ("{ p10 = 5, P90 = 9 }", "did you mean p90?", "{ p10 = 5, p90 = 9 }"),
        ("{ p5 = 5, p90 = 9 }", "did you mean p05?", "{ p05 = 5, p90 = 9 }"),
        ("{ p10 = 5, q3 = 9 }", "did you mean p75?", "{ p10 = 5, p75 = 9 }"),
        ("{ median = 5, p90 = 9 }", "did you mean p50?", "{ p50 = 5, p90 = 9 }"),
        ("{ valu = 3 }", "did you mean value?", "{ value = 3 }"),
        (
            "{ min = 1, max = 3 }",
            'write { distribution = "uniform", low = 1, high = 3 }',
            '{ distribution = "uniform", low = 1, high = 3 }',
        ),
        (
            "{ low = 1, high = 3 }",
            'add distribution = "uniform"',
            '{ distribution = "uniform", low = 1, high = 3 }',
        ),
        (
            "{ low = 1, mode = 2, high = 3 }",
            'add distribution = "triangular"',
            '{ distribution = "triangular", low = 1, mode = 2, high = 3 }',
        ),
        ("{ min = 3, max = 1 }", "half_life: time for a gap to the level to halve, in months", ""),
        ("{ low = 1 }", "half_life: time for a gap to the level to halve, in months", ""),
    ],
)
def test_a_spread_whose_words_are_none_is_told_what_was_meant(
    written: str, hint: str, mended: str, tmp_path: Path
) -> None:
    assert only(refused(tmp_path, [("half_life  = 14", f"half_life = {written}")])).hint == hint
    if mended:
        taken(tmp_path, [("half_life  = 14", f"half_life = {mended}")])


def test_a_normal_of_a_share_is_cut_to_its_bounds_in_one_round(tmp_path: Path) -> None:
    def depth(more: str) -> tuple[str, str]:
        return "depth                   = { p10 = 0.6, p90 = 0.9 }", f"depth = {{ mean = 0.5, sd = 0.1{more} }}"

    problem = only(refused(tmp_path, [depth("")]))
    assert problem.hint == 'add distribution = "normal", min = 0, max = 1'
    taken(tmp_path, [depth(problem.hint.removeprefix("add").join((",", "")))])


@pytest.mark.parametrize(
    ("written", "hint"),
    [("2e4", "write trials = 20000"), ("2000.5", "trials: simulated"), ("2e12", "trials: simulated"), ("-2.0", "tri")],
)
def test_a_whole_number_with_a_decimal_point_is_told_without(written: str, hint: str, tmp_path: Path) -> None:
    assert only(refused(tmp_path, config=[("trials   = 20_000", f"trials = {written}")])).hint.startswith(hint)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ('"20000"', "write trials = 20_000"),
        ('"20,000"', "write trials = 20_000"),
        ('"20.000"', "write trials = 20_000"),
        ('"1 000 000"', "write trials = 1_000_000"),
        ('"20k"', "write trials = 20_000"),
        ('"many"', "trials: simulated histories"),
        ('"0"', "trials: simulated histories"),
        ('"2,000,000,000,000"', "trials: simulated histories"),
        ('"20.5"', "trials: simulated histories"),
        ("20.000", "write trials = 20; thousands are written 20_000"),
    ],
)
def test_a_whole_number_in_quotes_is_told_without(written: str, hint: str, tmp_path: Path) -> None:
    problem = only(refused(tmp_path, config=[("trials   = 20_000", f"trials = {written}")]))
    assert problem.path == "trials"
    assert problem.hint.startswith(hint)
    if problem.hint.startswith("write"):
        mended = problem.hint.removeprefix("write ").partition(";")[0]
        assert taken(tmp_path, config=[("trials   = 20_000", mended)]).question.trials >= 20


DURATION = "duration = { p50 = 12, p90 = 36 }"
LOGNORMAL = 'write distribution = "lognormal", median = 13.18, sigma = 0.346'
TEXT, LIST = "must be a number, not text", "must be a number, not a list"
ODD = " is neither a quantile such as p10 nor one of distribution, value, min, max"


@pytest.mark.parametrize(
    ("before", "written", "message", "hint"),
    [
        (DURATION, '"14-40"', TEXT, "a range is written { p10 = 14, p90 = 40 }"),
        (DURATION, '"14 to 40 months"', TEXT, "a range is written { p10 = 14, p90 = 40 }"),
        (DURATION, "[14, 40]", LIST, "a range is written { p10 = 14, p90 = 40 }"),
        (DURATION, "[9, 14.5, 40]", LIST, "a range is written { p10 = 9, p50 = 14.5, p90 = 40 }"),
        (DURATION, "[40, 14]", LIST, "duration: time that it takes"),
        (DURATION, '"14-40%"', TEXT, "duration: time that it takes"),
        ("never = 0.3", '"10-40%"', TEXT, "a range is written { p10 = 0.1, p90 = 0.4 }"),
        ("never = 0.3", "[0.1, 0.4]", LIST, "a range is written { p10 = 0.1, p90 = 0.4 }"),
        ("never = 0.3", "[10, 40]", LIST, "a range is written { p10 = 0.1, p90 = 0.4 }"),
        ("never = 0.3", '"10 - 400"', TEXT, "never: chance that it is not pursued"),
        ("never = 0.3", '"0-40%"', TEXT, 'a range is written { distribution = "uniform", low = 0, high = 0.4 }'),
        (
            "never = 0.3",
            "[0.1, 0.4, 1]",
            LIST,
            'a range is written { distribution = "triangular", low = 0.1, mode = 0.4, high = 1 }',
        ),
        (DURATION, "[0, 12]", LIST, 'a range is written { distribution = "uniform", low = 0, high = 12 }'),
        (DURATION, "[-1, 12]", LIST, "duration: time that it takes"),
        (
            "never = 0.3",
            '{ distribution = "lognormal", mean = 0.1, sd = 0.05 }',
            "lognormal takes median and sigma, not mean and sd",
            'instead of mean and sd write distribution = "lognormal", median = 0.08944, sigma = 0.472, max = 1',
        ),
        ("weight = 1 }", "[0.1, 0.4] }", LIST, "weight: share of delivery"),
        (DURATION, "{ mean = 14, sd = 5 }", f"'mean'{ODD}", f"instead of mean and sd {LOGNORMAL}"),
        (
            DURATION,
            '{ distribution = "lognormal", mean = 14, std = 5 }',
            "lognormal takes median and sigma, not mean and std",
            f"instead of mean and std {LOGNORMAL}",
        ),
        (
            DURATION,
            '{ distribution = "lognormal", median = 14 }',
            "lognormal takes median and sigma: sigma is missing",
            "duration: time that it takes",
        ),
        (
            DURATION,
            "{ min = 3, mode = 4, max = 5 }",
            f"'mode'{ODD}",
            'write { distribution = "triangular", low = 3, mode = 4, high = 5 }',
        ),
    ],
)  # fmt: skip
def test_a_range_in_other_words_is_told_as_a_spread(
    before: str, written: str, message: str, hint: str, tmp_path: Path
) -> None:
    word = before.partition(" ")[0]
    problem = only(refused(tmp_path, [(before, f"{word} = {written}")]))
    assert (problem.path, problem.message) == (f"{TRAINS}.{word}", message)
    assert problem.hint.startswith(hint)
    mended = re.search(r"written (.*)|write (\{.*)|write (.*)", problem.hint)
    if mended is not None:
        spread = mended[1] or mended[2] or f"{{ {mended[3]} }}"
        taken(tmp_path, [(before, f"{word} = {spread}")])


@given(mean=st.floats(0.01, 1e6), by=st.floats(0.01, 3))
def test_a_lognormal_of_a_mean_and_a_deviation_has_these(mean: float, by: float) -> None:
    found = re.findall(r"= ([\d.e+-]+)", converted({"mean": mean, "sd": by * mean}, {}, (0, math.inf)))
    median, sigma = map(float, found)
    assert median * math.exp(sigma**2 / 2) == pytest.approx(mean, rel=0.01)
    assert math.sqrt(math.expm1(sigma**2)) == pytest.approx(by, rel=0.02)
