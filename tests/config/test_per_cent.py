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
        ("mm", "initial = 95", 'initial = "95%"', "drivers.rain.initial", "write 95 without quotes, in mm"),
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
    assert problem.hint == "write -0.3 without quotes: -30% is -0.3"


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (("never = 0.3", "never = 30%"), "write 0.3: 30% is 0.3"),
        (("volatility = 0.33", "volatility = 33%"), "write volatility = 0.33: 33% is 0.33"),
        (("initial    = 70", "initial = 70%"), "write 70, in USD/bbl"),
        (("p10 = 58", "p10 = 58%"), "write 58, in USD/bbl"),
        (("half_life  = 14", "half_life = 14% a month"), "half_life: time for a gap to the level to halve, in months"),
    ],
)
def test_without_quotes(change: tuple[str, str], hint: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, [change]).problems
    assert (problem.message, problem.hint) == (BARE, hint)


FLOW, UNITLESS = 'unit = "t/year", target = 2000', ('unit       = "USD/bbl"\n', "")
SHOCK = '[[shocks]]\ndriver = "oil"\ndate = 2027-03-01\nsize = 30%'


@pytest.mark.parametrize(
    ("changes", "hint", "mended"),
    [
        ([("never = 0.3", "never = 30%")], "write 0.3: 30% is 0.3", "0.3"),
        ([("factor = 0.3", "factor = 30%")], "write 0.3: 30% is 0.3", "0.3"),
        ([("elasticity = 0.5", "elasticity = 30%")], "write 0.3: 30% is 0.3", "0.3"),
        ([("next = { closed = 1 }", "next = { closed = 100% }")], "write 1: 100% is 1", "1"),
        ([("elasticity = 0.5, lag = 6", "below = 30%, factor = 0.5")], "write 30, in USD/bbl", "30"),
        ([UNITLESS, ("elasticity = 0.5, lag = 6", "below = 30%, factor = 0.5")], "write 0.3: 30% is 0.3", "0.3"),
        ([(FLOW, FLOW.replace("2000", "30%"))], "write 30, in t/year", "30"),
        ([("initial    = 70", "initial = 30%")], "write 30, in USD/bbl", "30"),
        ([UNITLESS, ("initial    = 70", "initial = 30%")], "write initial = 0.3: 30% is 0.3", "0.3"),
        ([("p10 = 58, p50 = 70", "p10 = 30%, p50 = 70")], "write 30, in USD/bbl", "30"),
        ([("", SHOCK)], "write size = 0.3: 30% is 0.3", "0.3"),
        ([("", RAIN.format("%").replace("-30", "30%"))], "write 30, in %", "30"),
        ([("", RAIN.format("mm").replace("-30", "30%"))], "write 30, in mm", "30"),
        ([('title  = "First steps: a corridor and what it carries"', "title = 30%")], 'text goes in quotes: "30%"', ""),
        ([("= 14   ", "= 30%")], "half_life: time for a gap to the level to halve, in months", ""),
        ([("duration = { p50 = 12,", "duration = { p50 = 30%,")], "duration: time that it takes once it can begin", ""),
        ([("signed = 2026-03-01", "signed = 30%")], "signed: day of signature", ""),
        ([('trust      = "B"', "trust = 30%")], "trust: how far the source is trusted", ""),
        ([('after = "plan"', "after = 30%")], "after: milestones that must be done first", ""),
    ],
)
def test_a_bare_one_has_one_hint_that_mends(changes: Changes, hint: str, mended: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, changes).problems
    assert problem.message == BARE
    assert problem.hint.startswith(hint)
    if mended:
        *others, (before, after) = changes
        right = after.replace("30%" if "30%" in after else "100%", mended)
        assert problem.hint.startswith((f"write {mended}", f"write {after.strip().split()[-3]} = {mended}"))
        taken(tmp_path, [*others, (before, right)])


@pytest.mark.parametrize(
    ("written", "mended", "hint"),
    [
        ("3e1%", "0.3", "write 0.3: 30% is 0.3"),
        ("30e-1%", "0.03", "write 0.03: 3% is 0.03"),
        (".33%", "0.0033", "write 0.0033: 0.33% is 0.0033"),
        ("33.%", "0.33", "write 0.33: 33% is 0.33"),
        ("1_0 %", "0.1", "write 0.1: 10% is 0.1"),
        ("+.5 %", "0.005", "write 0.005: 0.5% is 0.005"),
        (".3e1%", "0.03", "write 0.03: 3% is 0.03"),
    ],
)
def test_however_the_number_is_written(written: str, mended: str, hint: str, tmp_path: Path) -> None:
    never = "never = 0.3"
    (problem,) = refused(tmp_path, [(never, f"never = {written}")]).problems
    assert (problem.message, problem.hint) == (BARE, hint)
    taken(tmp_path, [(never, f"never = {mended}")])
    (problem,) = refused(tmp_path, [(never, f'never = "{written}"')]).problems
    assert (problem.message, problem.hint) == (QUOTED, hint.replace(":", " without quotes:"))
    (problem,) = refused(tmp_path, [("p10 = 58", f"p10 = {written}")]).problems
    assert problem.hint == f"write {hint.partition(': ')[2].partition('%')[0]}, in USD/bbl"


@pytest.mark.parametrize("written", ["30 per cent", "30pct", "3e1 percent"])
def test_in_words(written: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, [("never = 0.3", f"never = {written}")]).problems
    assert problem.hint == "write 0.3: 30% is 0.3"
    (problem,) = refused(tmp_path, [("p10 = 58", f"p10 = {written}")]).problems
    assert problem.hint == "write 30, in USD/bbl"


def test_each_of_several_has_its_own_hint(tmp_path: Path) -> None:
    world = [("p10 = 58, p50 = 70, p90 = 80", "p10 = 58%, p50 = 70%, p90 = 80 %"), ("= 0.33", "= 33%")]
    assert [problem.hint for problem in refused(tmp_path, world).problems] == [
        *(f"write {level}, in USD/bbl" for level in (58, 70, 80)),
        "write volatility = 0.33: 33% is 0.33",
    ]


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("drivers.oil.level", "write 45, in USD/bbl"),
        ("agreements.corridor.milestones.trains.never", "write 0.45: 45% is 0.45"),
        ("drivers.oil.half_life", "half_life: time for a gap to the level to halve, in months"),
    ],
)
def test_in_an_edit_and_in_a_file_that_extends(key: str, hint: str, tmp_path: Path) -> None:
    edit = f"[variants.dear]\nset.{key} = 45%"
    (problem,) = refused(tmp_path, config=[("", edit)]).problems
    assert (problem.path, problem.message) == (f"variants.dear.set.{key}", BARE)
    assert problem.hint.replace(f"set.{key} = ", "") == hint
    (problem,) = refused(tmp_path, sets=[f"{key}=45%"]).problems
    assert (problem.path, problem.message) == (key, BARE)
    assert problem.hint == hint.replace("write ", f"write {key}=")
    table, _, last = key.rpartition(".")
    more = tmp_path / "scenarios/more.toml"
    if table.startswith("drivers"):
        more.write_text(f'extends = "first-steps"\n[{table}]\n{last} = 45%\n', encoding="utf-8")
        (problem,) = refused(tmp_path, config=[("", '[variants.more]\nscenario = "more"')]).problems
        assert (problem.message, problem.hint) == (BARE, hint)


def test_in_a_table_after_set_no_number_is_told_as_a_share_of_another_unit(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, sets=["drivers.oil.level={p10=45%,p90=60%}"]).problems
    assert (problem.path, problem.hint) == ("drivers.oil.level", "a number stands alone, in USD/bbl")
    (problem,) = refused(tmp_path, sets=['shocks=[{driver="oil",date=2027-03-01,size=30%}]']).problems
    assert (problem.path, problem.hint) == ("shocks", "write 0.3: 30% is 0.3")


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("trials", "trials: simulated histories"),
        ("horizon", 'horizon: how far to simulate: "60 months"'),
        ("title", "text goes in quotes: "),
    ],
)
def test_in_a_config(key: str, hint: str, tmp_path: Path) -> None:
    there = {"trials": "20_000", "horizon": '"48 months"'}.get(key, "")
    change = (f"{key:<8} = {there}", f"{key} = 45%") if there else ("seed     = 1", f"seed = 1\n{key} = 45%")
    (problem,) = refused(tmp_path, config=[change]).problems
    assert (problem.path, problem.message) == (key, BARE)
    assert problem.hint.startswith(hint)
    assert refused(tmp_path, sets=[f"{key}=45%"]).problems[0].hint.startswith(hint)


def test_after_set(tmp_path: Path) -> None:
    rain: Changes = [("", RAIN.format("%"))]
    (problem,) = refused(tmp_path, rain, sets=["drivers.rain.mean=80%"]).problems
    assert problem.hint == "write drivers.rain.mean=80, in %"
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
