"""A number in per cent is told as a share only where it is one, and as it stands where its unit is per cent."""

from __future__ import annotations

from pathlib import Path

import pytest

from first_steps import Changes, refused, taken

RAIN = """
[drivers.rain]
kind = "index"
unit = "{}"
initial = 95
mean = 98
half_life = 6
sd = {{ p10 = 10, p90 = 20 }}
[quantities.rain]
expression = "rain"
[[shocks]]
driver = "rain"
date = 2027-03-01
size = -30
"""
QUOTED, BARE = "must be a number, not text", "has a per cent sign after a number"


@pytest.mark.parametrize(
    ("unit", "before", "after", "path", "hint"),
    [
        ("% of norm", "initial = 95", 'initial = "95%"', "drivers.rain.initial", "write 95 without quotes, in % of"),
        ("per cent", "mean = 98", 'mean = "98 %"', "drivers.rain.mean", "write 98 without quotes, in per cent"),
        ("%", "p10 = 10,", 'p10 = "10%",', "drivers.rain.sd.p10", "write 10 without quotes, in %"),
        ("%", "= -30", '= "-30%"', "shocks.rain/2027-03-01.size", "write -30 without quotes, in %"),
        ("mm", "initial = 95", 'initial = "95%"', "drivers.rain.initial", "write 95 without quotes, or 0.95 if it is"),
        ("%", "half_life = 6", 'half_life = "6%"', "drivers.rain.half_life", "half_life: time for a gap"),
    ],
)  # fmt: skip
def test_of_a_driver(unit: str, before: str, after: str, path: str, hint: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, [("", RAIN.format(unit).replace(before, after))]).problems
    assert (problem.path, problem.message) == (path, QUOTED)
    assert problem.hint.startswith(hint)


def test_a_shock_of_a_price_in_per_cent_is_relative_all_the_same(tmp_path: Path) -> None:
    shock = '[[shocks]]\ndriver = "oil"\ndate = 2027-03-01\nsize = "-30%"'
    (problem,) = refused(tmp_path, [('unit       = "USD/bbl"', 'unit = "%"'), ("", shock)]).problems
    assert problem.hint == "write -30 without quotes, or -0.3 if it is a share of 1"


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (("never = 0.3", "never = 30%"), "write 0.3: 30% is 0.3"),
        (("volatility = 0.33", "volatility = 33%"), "write volatility = 0.33: 33% is 0.33"),
        (("initial    = 70", "initial = 70%"), "write initial = 70, or 0.7 if it is a share of 1"),
        (("p10 = 58", "p10 = 58%"), "write 58, or 0.58 if it is a share of 1"),
        (("half_life  = 14", "half_life = 14% a month"), "a number stands alone"),
    ],
)
def test_without_quotes(change: tuple[str, str], hint: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, [change]).problems
    assert (problem.message, problem.hint) == (BARE, hint)


def test_after_set(tmp_path: Path) -> None:
    rain: Changes = [("", RAIN.format("%"))]
    (problem,) = refused(tmp_path, rain, sets=["drivers.rain.mean=80%"]).problems
    assert problem.hint == "write drivers.rain.mean=80, or 0.8 if it is a share of 1"
    taken(tmp_path, rain, sets=[problem.hint.removeprefix("write ").partition(",")[0]])
