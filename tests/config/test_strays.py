"""What is written as it would be elsewhere, and signs that only look right, are told with what to write instead."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from first_steps import refused, taken
from pactrisk.config.documents import parse
from pactrisk.errors import InputError


def told(text: str) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        parse(text)
    (problem,) = caught.value.problems
    return problem.message, problem.hint


@pytest.mark.parametrize(
    ("text", "message", "mended"),
    [
        ("depth = 2/5", "'2/5' is not a number", "depth = 0.4"),
        # three thirds sum to 1 as nearly as weights must
        ("weight = 1/3", "'1/3' is not a number", "weight = 0.3333333333"),
        ("x = { p10 = 2/5, p90 = 0.5 }", "'2/5' is not a number", "0.4"),
        ('x = ("a", "b")', "has round brackets", 'x = ["a", "b"]'),
        ("x = (0.5)", "has round brackets", "x = 0.5"),
        ("level = (58, 80)", "'(58, 80)' is not a number", "level = { p10 = 58, p90 = 80 }"),
        ("x == 3", "has one = too many", "x = 3"),
        ("depth 0.3", "has no = after depth", "depth = 0.3"),
        ('x "a"', "has no = after x", 'x = "a"'),
        ("volatility = 0.3-0.5", "'0.3-0.5' is not a number", "volatility = { p10 = 0.3, p90 = 0.5 }"),
        ("volatility = 0.3 – 0.5", "'0.3 – 0.5' is not a number", "volatility = { p10 = 0.3, p90 = 0.5 }"),
        ("half_life = 12 to 24", "'12 to 24' is not a number", "half_life = { p10 = 12, p90 = 24 }"),
        ("depth = 0.4 +/- 0.1", "'0.4 +/- 0.1' is not a number", "depth = { p10 = 0.3, p90 = 0.5 }"),
        ("x = { depth = 0.4 ± 0.1 }", "'0.4 ± 0.1' is not a number", "{ p10 = 0.3, p90 = 0.5 }"),
    ],
)
def test_what_is_plain_is_told_as_it_is_written(text: str, message: str, mended: str) -> None:
    said, hint = told(text)
    assert said == message
    assert hint.endswith(f"written {mended}" if "written" in hint else f"write {mended}")
    parse(mended if mended.startswith(text.split()[0]) else f"x = {mended}")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("capacity = $9400", "'$9400' is not a number", "a number stands alone: capacity = 9400"),
        ("x = 9;", "has ';' after the value", "take it out"),
        ("x = 9; note", "has '; note' after the value", "comments begin with #"),
        ("x = 0 // text", "has '// text' after the value", "comments begin with #"),
        ('x = "a" -- text', "has '-- text' after the value", "comments begin with #"),
        ("depth = 0.4 (a guess)", "has '(a guess)' after the value", "comments begin with #"),
        ("x = 5 – text", "has '– text' after the value", "comments begin with #"),
        ('x = ("a"', "has round brackets", "a list is written x = [..., ...]"),
        # no range where a range cannot be
        ("trials = 100-200", "has '-200' after the value", ""),
        ("horizon = 2026-02", "has '-02' after the value", ""),
        ("lag = 3-6", "'3-6' is not a number", "one number stands here"),
        ("x = { depth = { p10 = 0.3, p90 = 0.4-0.5 } }", "'0.4-0.5' is not a number", "one number stands here"),
    ],
)
def test_what_follows_or_stands_around_a_value(text: str, message: str, hint: str) -> None:
    assert told(text) == (message, hint)


@pytest.mark.parametrize(
    ("text", "sign", "hint"),
    [
        ("x\u00a0= 2", "a no-break space (U+00A0)", "type a plain space"),
        ("x =\u00a02", "a no-break space (U+00A0)", "type a plain space"),
        ("\u00a0x = 2", "a no-break space (U+00A0)", "type a plain space"),
        ("x = 2\u00a0", "a no-break space (U+00A0)", "type a plain space"),
        ("x = 9\u202f400", "a narrow no-break space (U+202F)", "delete it"),
        ("vola\u200btility = 3", "a zero width space (U+200B)", "delete it"),
        ("[drivers.\u200boil]", "a zero width space (U+200B)", "delete it"),
        ("x = { a\u2060 = 1 }", "a word joiner (U+2060)", "delete it"),
        ("x = \u22125", "a minus sign (U+2212)", "type a plain -"),
        ("x = [1, \u20135]", "an en dash (U+2013)", "type a plain -"),
    ],
)
def test_signs_that_only_look_right_are_named(text: str, sign: str, hint: str) -> None:
    assert told(text) == (f"has {sign}", hint)


def test_what_is_told_of_a_range_is_taken(tmp_path: Path) -> None:
    written = ("volatility = 0.33", "volatility = 0.3-0.5")
    (problem,) = refused(tmp_path, [written]).problems
    taken(tmp_path, [(written[0], problem.hint.removeprefix("a range is written "))])


@pytest.mark.parametrize(("weight", "hint"), [("0.6", "raise one of them by 0.4"), ("1.5", "lower one of them by 0.5")])
def test_weights_that_do_not_sum_to_one_are_told_by_how_much(weight: str, hint: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, [("weight = 1 }", f"weight = {weight} }}")]).problems
    assert problem.hint == hint


@pytest.mark.parametrize("text", ["x = 1{} 2", "x = (" + " " * 60_000, "x = { {} 2 }", "{} = 2-3", "x = 1 {}"])
def test_a_long_line_has_its_answer_in_time(text: str) -> None:
    begun = time.perf_counter()
    told(text.replace("{}", "a" * 60_000))
    assert time.perf_counter() - begun < 1
