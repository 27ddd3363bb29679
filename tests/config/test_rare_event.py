"""A rare event as it is written: what is taken, and what is told of what cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tomli_w

from first_steps import TEXTS, refused
from pactrisk.config import load
from pactrisk.errors import InputError
from pactrisk.expressions import Expression
from small_world import data

OF_GRAIN = "write grain.delivery >= 0.33 or grain.substantive"
CARRIED = "grain.flow * (1 - route.shut) + gold / 1000"


def config(desk: Path, text: str) -> Path:
    path = desk / "configs/ask.toml"
    path.write_text(f'scenario = "small"\nhorizon = 24\ntrials = 2000\n{text}\n', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "written",
    [
        'rare = "number >= 3"',
        'rare = { event = "grain.delivery >= 0.5 and oil < 40", times = 5, title = "grain in a slump" }',
        'rare = "rail.opening"',
        'rare = "not science.reversed or war.hot"',
        'rare = "war.truce"',
    ],
)
def test_an_event_is_a_text_or_a_table(desk: Path, written: str) -> None:
    rare = load(config(desk, written)).plan.question.rare
    assert rare is not None
    assert rare.event in written
    assert rare.times in (1, 5)


def test_more_than_the_depth_is_never_delivered(desk: Path) -> None:
    tables = data()
    tables["agreements"][1]["depth"] = 0.6
    (desk / "scenarios/small.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(config(desk, 'rare = "rail.delivery > 0.6 and oil < 40"'))
    (problem,) = caught.value.problems
    assert problem.message == ("can never happen: rail.delivery is at least 0 and at most 0.6, oil is at least 0")
    assert load(config(desk, 'rare = "rail.delivery >= 0.6 and oil < 40"')).plan.question.rare is not None
    # what may be more in some world may happen
    assert load(config(desk, 'rare = "grain.delivery > 0.97"')).plan.question.rare is not None


@pytest.mark.parametrize(
    ("written", "path", "message", "hint"),
    [
        ("rare = 5", "rare", 'must be an event in quotes, such as "number >= 9"', ""),
        ('rare = "number >"', "rare", "this is not arithmetic that can be read", ""),
        ('rare = "numbr > 2"', "rare.event", "no driver or agreement is called 'numbr'", "did you mean number?"),
        ('rare = "2 > 1"', "rare.event", "reads nothing: it always happens or never does", "write number >= 9 or so"),
        ('rare = "oil"', "rare.event", "is a number: it neither happens nor fails", "compare it, as in oil >= 1"),
        ('rare = "number"', "rare.event", "is a number: it neither happens nor fails", "compare it, as in number >= 1"),
        ('rare = "number >= 4"', "rare.event", "can never happen: the portfolio has 3 agreements", ""),
        ('rare = "number > 3"', "rare.event", "can never happen: the portfolio has 3 agreements", ""),
        ('rare = "oil < 0 or number > 3"', "rare.event", "the portfolio has 3 agreements, oil is at least 0", ""),
        ('rare = "grain.contract > 1"', "rare.event", "can never happen", ""),
        ('rare = "grain.delivery"', "rare.event", "is a number", "compare it, as in grain.delivery >= 0.33"),
        ('rare = "oli"', "rare.event", "no driver or agreement is called 'oli'", "did you mean oil?"),
        ('rare = "grain"', "rare.event", "grain is an agreement: it neither happens nor fails", OF_GRAIN),
        ('rare = "oil < 9 and not grain"', "rare.event", "grain is an agreement: it neither", OF_GRAIN),
        (
            'rare = "rail.substantive_cooperation"',
            "rare.event",
            "rail has no 'substantive_cooperation' to read",
            "write rail.substantive or rail.partial",
        ),
        ('rare = "carried > 5"', "rare.event", "'carried' is a quantity: none is read here", f"write ({CARRIED})"),
        ('rare = "carried"', "rare.event", "'carried' is a quantity: none is read here", f"write ({CARRIED}) >= 1"),
        ('rare = "grain > 1"', "rare.event", "grain is an agreement, not a number", "write grain.delivery"),
        ('rare = "grain.ceremony > 1"', "rare.event", "ceremony cannot be read: no number may mix it", ""),
        ('rare = "science.flow > 1"', "rare.event", "science has no flow", "write science.delivery"),
        ('rare = "grain.substantiv"', "rare.event", "grain has no 'substantiv' to read", "did you mean substantive?"),
        ('rare = "rail.xyz"', "rare.event", "rail has no 'xyz' to read", "signing, substantive, symbolic, token"),
        ('rare = "war > 1"', "rare.event", "war is a regime: its state can be read, it has no value", "write war.cold"),
        ('rare = "war.hott"', "rare.event", "war has no state 'hott'", "did you mean hot?"),
        ('rare = { event = "oil < 9", times = 0 }', "rare.times", "must be at least 1, not 0", "times:"),
        ('rare = "oil < 9"\nanalyses = ["headline"]', "analyses", "leaves out rare", "add rare to analyses"),
    ],
)
def test_what_cannot_be_is_told_where_it_stands(desk: Path, written: str, path: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        load(config(desk, written))
    (problem,) = caught.value.problems
    assert problem.path == path
    assert message in problem.message
    assert hint in problem.hint
    assert problem.place is not None
    assert problem.place.line in (4, 5)


@pytest.mark.parametrize("event", ["oil >= 0", "number >= 0", "number >= 3", "oil < 0 or number >= 3"])
def test_what_may_happen_or_always_does_is_no_fault(desk: Path, event: str) -> None:
    asked = load(config(desk, f'rare = "{event}"')).question.rare
    assert asked is not None
    assert asked.event == event


def test_of_one_agreement_it_is_not_said_to_be_agreements(tmp_path: Path) -> None:
    second = TEXTS["world"].rindex("[[agreements]]")
    error = refused(tmp_path, [(TEXTS["world"][second:], "")], [("seed     = 1", 'rare = "number >= 5"')])
    assert [problem.message for problem in error.problems] == ["can never happen: the portfolio has 1 agreement"]


def test_a_precision_of_the_rare_event_needs_one(desk: Path) -> None:
    narrow = 'precision = { half_width = 0.00002, of = ["rare"] }'
    with pytest.raises(InputError, match="'rare' is nothing that a run estimates"):
        load(config(desk, narrow))
    assert load(config(desk, f'{narrow}\nrare = "number >= 3"')).plan.question.precision is not None


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("grain.substantive cooperation", "write grain"),
        ("grain.Substantive_cooperation", "write grain"),
        ("grain.failed", 'write "grain.dormant", "grain.reversed"'),
        ("grain.too early", "write grain.pending"),
        ("A fall as in 2014", "write slump"),
        ("below forty for long", "write cheap"),
    ],
)
def test_what_a_precision_is_of_is_told_where_it_goes_by_another_name(desk: Path, word: str, hint: str) -> None:
    titled = [
        '[variants.slump]\ntitle = "A fall as in 2014"\nset = { "drivers.oil.initial" = 40 }',
        '[conditions.cheap]\ntitle = "Below forty for long"\nwhen = "oil < 40"',
    ]

    def of(*words: str) -> Path:
        return config(desk, "\n".join([f"precision = {{ half_width = 0.01, of = {list(words)} }}", *titled]))

    with pytest.raises(InputError, match="is nothing that a run estimates") as caught:
        load(of(word))
    assert [problem.hint for problem in caught.value.problems] == [hint]
    named = hint.removeprefix("write ").replace('"', "").split(", ")
    assert load(of(*named)).plan.question.precision is not None


def test_a_hint_on_what_happens_is_taken(desk: Path) -> None:
    for event in (OF_GRAIN, "write rail.substantive or rail.partial", f"write ({CARRIED}) > 5"):
        assert load(config(desk, f'rare = "{event.removeprefix("write ")}"')).plan.question.rare is not None


def test_a_driver_called_number_could_not_be_told_apart(desk: Path) -> None:
    tables = data()
    tables["drivers"]["number"] = {"kind": "index", "mean": 0.5, "half_life": 12, "sd": 0.1}
    (desk / "scenarios/small.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    with pytest.raises(InputError, match="number is a driver as well"):
        load(config(desk, 'rare = "number >= 3"'))


def margin(text: str, **values: object) -> list[float]:
    named = {name.replace("_", "."): np.asarray(value, dtype=float) for name, value in values.items()}
    return np.round(Expression(text).margin(named.__getitem__), 9).tolist()


def test_a_margin_is_what_is_missing_in_standard_deviations() -> None:
    x, y = [-1.0, 0.0, 1.0, 2.0], [10.0, 20.0, 30.0, 40.0]
    unit, other = float(np.std(x)), float(np.std(y))
    assert margin("x > 1", x=x) == np.round([-2 / unit, -1 / unit, 0, 0], 9).tolist()
    assert margin("x <= 0", x=x) == np.round([0, 0, -1 / unit, -2 / unit], 9).tolist()
    # and: what is missing adds up; or: the nearest; not: the other way round
    assert margin("x > 1 and y < 25", x=x, y=y) == np.round([-2 / unit, -1 / unit, -5 / other, -15 / other], 9).tolist()
    assert margin("x > 1 or y < 25", x=x, y=y) == [0, 0, 0, 0]
    assert margin("not (x <= 1 or y >= 25)", x=x, y=y) == margin("x > 1 and y < 25", x=x, y=y)
    assert margin("0 < x < 2", x=x) == np.round([-1 / unit, 0, 0, 0], 9).tolist()
    assert margin("x == 1", x=x) == np.round([-2 / unit, -1 / unit, 0, -1 / unit], 9).tolist()
    # what is not compared is a truth from 0 to 1
    assert margin("war.hot", war_hot=[0, 0.25, 1]) == [-1, -0.75, 0]
    assert margin("not war.hot", war_hot=[0, 0.25, 1]) == [0, -0.25, -1]


def test_beyond_a_margin_what_holds_is_told_apart_too_and_comparisons_in_arithmetic_have_degrees() -> None:
    x = [-1.0, 0.0, 1.0, 2.0]
    unit = float(np.std(x))
    far = np.round(Expression("x > 1").margin({"x": np.array(x)}.__getitem__, beyond=True), 9)
    assert far.tolist() == np.round([-2 / unit, -1 / unit, 0, 1 / unit], 9).tolist()
    each = margin("(x > 1) * war.hot >= 1", x=x, war_hot=[1, 1, 1, 0])
    assert each[3] < each[0] < each[1] < each[2] < 0
    each = margin("(x > 1) * 1 >= 1", x=x)
    assert each[2] < each[3] < 0
    assert abs(each[2]) < 0.01
    value = Expression("(x > 1) * 2").evaluate({"x": np.array(x)}.__getitem__)
    assert value.tolist() == [0, 0, 0, 2]


def test_what_is_missing_of_several_is_told_wherever_they_stand() -> None:
    x = [0.5, 1.5, 2.5]
    found = margin("(1 < x < 2) * y >= 1", x=x, y=[1, 1, 1])
    assert found[0] < found[1] > found[2]
    assert abs(found[1]) < 0.01
    both = Expression("x > 1 and y > 1").margin({"x": np.array([9.0, 2.0]), "y": np.array([0.5, 2.0])}.get, beyond=True)
    assert both[0] < 0 < both[1]
