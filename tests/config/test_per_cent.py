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


TRAINS = (
    'milestones.trains = { track = "material", after = "plan", duration = { p50 = 12, p90 = 36 }, '
    "never = 0.3, weight = 1 }"
)
TRAINS_OF = "milestones.trains{} = {{ track = 'material', duration = 9, weight = {} }}"
SUM = "the weights of the material milestones and the flow must sum to 1, not "


@pytest.mark.parametrize(
    ("weights", "total", "hint"),
    [
        ((10, 30, 60), "100", "shares of 1: 10, 30, 60 of 100 are 0.1, 0.3, 0.6"),
        ((12.5, 87.5), "100", "shares of 1: 12.5, 87.5 of 100 are 0.125, 0.875"),
        ((100,), "100", "shares of 1: 100 of 100 is 1"),
        ((1, 3, 6), "10", "lower them until they do: each is a share of 1"),
        ((0.3, 0.3, 0.6), "1.2", "lower one of them by 0.2"),
        ((0.3, 0.3), "0.6", "raise one of them by 0.4"),
    ],
)
def test_weights(weights: tuple[float, ...], total: str, hint: str, tmp_path: Path) -> None:
    def milestones(shares: list[str]) -> Changes:
        made = [TRAINS_OF.format(place or "", share) for place, share in enumerate(shares)]
        return [(TRAINS, "\n".join(made))]

    (problem,) = refused(tmp_path, milestones([str(weight) for weight in weights])).problems
    assert (problem.message, problem.hint) == (SUM + total, hint)
    if "of 100" in hint:
        taken(tmp_path, milestones(hint.rpartition(" is " if len(weights) == 1 else " are ")[2].split(", ")))


@pytest.mark.parametrize(
    ("spread", "path", "hint"),
    [
        ("{ p10 = 10, p50 = 25, p90 = 50 }", "never.p10", "a share of 1: 10% is 0.1"),
        ("{ p10 = 0.1, p90 = 50 }", "never.p90", "a share of 1: 50% is 0.5"),
        ("{ p10 = 0, p90 = 0.5 }", "never.p10", "never: chance"),
        ("{ p10 = 0.5, p90 = 1.5 }", "never.p90", "never: chance"),
        ("{ p10 = 0.5, p90 = 500 }", "never.p90", "never: chance"),
    ],
)
def test_quantiles_of_a_share(spread: str, path: str, hint: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, [("never = 0.3", f"never = {spread}")]).problems
    assert problem.path == f"agreements.corridor.milestones.trains.{path}"
    assert "must lie inside the bound" in problem.message
    assert problem.hint.startswith(hint)


@pytest.mark.parametrize(
    ("written", "hint"),
    [('"1%"', "write 0.01 without quotes: 1% is 0.01"), ("1%", "write precision = 0.01: 1% is 0.01")],
)
def test_a_precision(written: str, hint: str, tmp_path: Path) -> None:
    seed = "seed     = 1"
    (problem,) = refused(tmp_path, config=[(seed, f"{seed}\nprecision = {written}")]).problems
    assert (problem.path, problem.hint) == ("precision", hint)
    taken(tmp_path, config=[(seed, f"{seed}\nprecision = 0.01")])
