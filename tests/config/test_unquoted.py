"""Text without its quotes that does not fit either is told once, with one hint that mends it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from first_steps import TEXTS, Changes, refused, taken

SOURCE, TRUST = 'source     = "EIA daily Brent, 1987-2026"', 'trust      = "B"'
HEADLINE, PACE = 'headline = "36 months"', 'pace              = "works"'
SPAN = 'must be like "60 months", "5 years", a number of months or a date'
GRADES = "must be one of A, B, C, judgement, not "


@pytest.mark.parametrize(
    ("world", "config", "path", "message", "hint"),
    [
        (("2026-03-01", "TBD"), (), "signed", "must be a date such as 2026-02-27, not 'TBD'", "signed: day of sig"),
        (("2026-03-01", "[TBD]"), (), "signed", "must be a date, not a list", "signed: day of signature"),
        ((TRUST, "trust = [B]"), (), "drivers.oil.trust", f"{GRADES}a list", "trust: how far the source is trusted"),
        (("p90 = 80", "p90 = 80, trust = Z"), (), "drivers.oil.level.trust", "must be one of A, B, C, judgement",
         "level: price it is pulled to: the long-run median; text goes in quotes"),
        ((), (HEADLINE, "headline = two years"), "headline", SPAN, "headline: date of the headline numbers"),
        ((), (HEADLINE, "headline = 36 monhts"), "headline", SPAN, "headline: date of the headline numbers"),
        ((), ("seed     = 1", "seed = [random]"), "seed", "must be a whole number, not a list", "seed: start of"),
        ((SOURCE, "source = C7"), (), "drivers.oil.source", "no source has the code C7",
         "list it in [sources]; text goes in quotes"),
        ((TRUST, "trust = b"), (), "drivers.oil.trust", f"{GRADES}'b'", "did you mean B? Text goes in quotes"),
        ((PACE, "pace = wroks"), (), "agreements.corridor.pace", "no pace is called 'wroks'",
         "did you mean works? Text goes in quotes"),
        (('after = "plan"', "after = plam"), (), "agreements.corridor.milestones.trains.after.0",
         "this agreement has no milestone 'plam'", "did you mean plan? Text goes in quotes"),
        (('state = "closed"', "state = shut"), (), "paces.works.effects.border/shut.state",
         "border has no state 'shut'", "its states: closed, open; text goes in quotes"),
        ((), ('scenario = "first-steps"', "scenario = frist-steps"), "scenario",
         "there is no scenario 'frist-steps'", "did you mean first-steps? Text goes in quotes"),
        ((), ("", "[variants.x]\nset.drivers.border.initial = shut"), "variants.x.set.drivers.border.initial",
         "there is no state 'shut'", "names: closed, open; text goes in quotes"),
    ],
)  # fmt: skip
def test_it_is_told_once(
    world: tuple[str, str], config: tuple[str, str], path: str, message: str, hint: str, tmp_path: Path
) -> None:
    (problem,) = refused(tmp_path, [world] if world else [], [config] if config else []).problems
    assert problem.path == path
    assert problem.message == message
    assert problem.hint.startswith(hint)


@pytest.mark.parametrize(
    ("key", "there", "written", "hint"),
    [
        ("trust", '"B"', "3 B", "one of these goes in quotes: A, B, C, judgement"),
        ("trust", '"B"', "A/B", "one of these goes in quotes: A, B, C, judgement"),
        ("trust", '"B"', "1/2", "one of these goes in quotes: A, B, C, judgement"),
        ("kind", '"mean_reverting"', "3 B", "one of these goes in quotes: bootstrap, events, formula, "),
        ("unit", '"USD/bbl"', "1/2", 'text goes in quotes: unit = "1/2"'),
        ("unit", '"USD/bbl"', "50% of it", 'text goes in quotes: unit = "50% of it"'),
        ("signed", "2026-03-01", "soon, maybe", "dates are written year-month-day: 2026-02-27"),
        ("volatility", "0.33", "a, b", "a number stands alone"),
        ("initial", "70", "a, b", "text goes in quotes, and a number stands alone"),
        ("step", '"month"', "3 B", "one of these goes in quotes: month, quarter"),
        ("conditional_monte_carlo", "true", "a, b", "write true or false"),
        ("horizon", '"48 months"', "48m", 'write it as in horizon = "60 months"'),
        ("horizon", '"48 months"', "48 months", 'text goes in quotes: horizon = "48 months"'),
        ("p50", "70", "a+", "a number stands alone"),
        ("distribution", '"exponential"', "a+", "one of these goes in quotes: fixed, uniform, "),
        ("distribution", '"exponential"', "3 B", "one of these goes in quotes: fixed, uniform, "),
    ],
)
def test_what_to_write_goes_by_what_the_key_wants(
    key: str, there: str, written: str, hint: str, tmp_path: Path
) -> None:
    pattern = rf"\b{key}( *= ){re.escape(there)}"
    world: Changes = []
    config: Changes = []
    if (found := re.search(pattern, TEXTS["world"])) is not None:
        world = [(found[0], f"{key}{found[1]}{written}")]
    else:
        before = re.search(rf"^{key} .*", TEXTS["config"], re.MULTILINE)
        config = [(before[0] if before else "seed     = 1", f"{key} = {written}")]
    (problem,) = refused(tmp_path, world, config).problems
    assert problem.path.rpartition(".")[2] == key
    assert problem.hint.startswith(hint)


@pytest.mark.parametrize("mended", ["A1", "A1; A2"])
def test_what_only_lacks_its_quotes_is_told_as_that(mended: str, tmp_path: Path) -> None:
    sources: Changes = [("[drivers.oil]", '[sources]\nA1 = "one"\nA2 = "two"\n[drivers.oil]')]
    (problem,) = refused(tmp_path, [*sources, (SOURCE, f"source = {mended}")]).problems
    assert problem.hint == f'text goes in quotes: source = "{mended}"'
    taken(tmp_path, [*sources, (SOURCE, problem.hint.partition(": ")[2])])


def test_what_is_wrong_with_a_table_hides_no_word_in_it(tmp_path: Path) -> None:
    level = ("p10 = 58, p50 = 70", "p10 = 75, source = EIA, p50 = 70")
    slip, found = sorted(refused(tmp_path, [level]).problems, key=lambda problem: problem.path, reverse=True)
    assert (slip.path, slip.hint) == ("drivers.oil.level.source", 'text goes in quotes: "EIA"')
    assert found.path == "drivers.oil.level"


@pytest.mark.parametrize(("low", "middle"), [("low", "mid"), ('"low"', '"mid"'), ('"low"', "mid"), ("low", '"mid"')])
def test_parts_of_a_number_that_are_none_are_told_together(low: str, middle: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, [("p10 = 58, p50 = 70", f"p10 = {low}, p50 = {middle}")]).problems
    assert problem.path == "drivers.oil.level.p10"
    assert problem.message == "must be a number, not text; p50 must be a number, not text"


def test_two_on_one_line_are_two(tmp_path: Path) -> None:
    effect = '{ driver = "border", state = "closed", factor = 0.3 }'
    found = refused(tmp_path, [(effect, "{ driver = bordr, state = closed, factor = 0.3 }")]).problems
    assert [(problem.path.rpartition(".")[2], problem.hint) for problem in found] == [
        ("driver", "did you mean border? Text goes in quotes"),
        ("state", 'text goes in quotes: "closed"'),
    ]
