"""Arithmetic in a file: what it computes, and that nothing else is let in."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactrisk.expressions import FUNCTIONS, Expression

VALUES = {"a": 2.0, "b": -3.0, "c": 0.5, "war.on": 1.0, "x1.delivery": 0.25}
SERIES = {name: np.array([[value, value + 1], [1.0, -value]]) for name, value in VALUES.items()}

NUMBERS = st.floats(0.0, 100.0).map(lambda x: (repr(x), x))
NAMES = st.sampled_from(sorted(VALUES)).map(lambda name: (name, VALUES[name]))
BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul}
COMPARED = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
Pair = tuple[str, float]


def grown(parts: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    """Larger formulas out of smaller ones, each with its value worked out in plain Python beside it."""
    two = st.tuples(parts, parts)
    return st.one_of(
        st.tuples(st.sampled_from(sorted(BINARY)), two).map(
            lambda t: (f"({t[1][0][0]} {t[0]} {t[1][1][0]})", BINARY[t[0]](t[1][0][1], t[1][1][1]))
        ),
        st.tuples(st.sampled_from(sorted(COMPARED)), two).map(
            lambda t: (f"({t[1][0][0]} {t[0]} {t[1][1][0]})", float(COMPARED[t[0]](t[1][0][1], t[1][1][1])))
        ),
        two.map(lambda t: (f"({t[0][0]} and {t[1][0]})", float(bool(t[0][1]) and bool(t[1][1])))),
        two.map(lambda t: (f"({t[0][0]} or {t[1][0]})", float(bool(t[0][1]) or bool(t[1][1])))),
        parts.map(lambda p: (f"(not {p[0]})", float(not p[1]))),
        parts.map(lambda p: (f"(-{p[0]})", -p[1])),
        two.map(lambda t: (f"min({t[0][0]}, {t[1][0]})", min(t[0][1], t[1][1]))),
        two.map(lambda t: (f"max({t[0][0]}, {t[1][0]}, 3)", max(t[0][1], t[1][1], 3.0))),
        two.map(lambda t: (f"where({t[0][0]}, {t[1][0]}, 7)", t[1][1] if t[0][1] else 7.0)),
        parts.map(lambda p: (f"abs({p[0]})", abs(p[1]))),
        parts.map(lambda p: (f"clip({p[0]}, -1, 2)", min(max(p[1], -1.0), 2.0))),
    )


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.recursive(st.one_of(NUMBERS, NAMES), grown, max_leaves=8))
def test_formulas_are_plain_arithmetic(pair: Pair) -> None:
    text, truth = pair
    found = Expression(text).evaluate(lambda name: np.full((2, 3), VALUES[name]))
    assert np.allclose(np.broadcast_to(found, (2, 3)), truth, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("1 + 2 * 3 ** 2", 19.0),
        ("-2 ** 2", -4.0),
        ("7 / 2", 3.5),
        ("1 < 2 < 3", 1.0),
        ("1 < 2 > 3", 0.0),
        ("0.1 + 0.2 > 0.3 or 0.1 + 0.2 != 0.3", 0.0),
        ("0.1 + 0.2 == 0.3 and 0.1 + 0.2 <= 0.3 and 0.3 >= 0.1 + 0.2", 1.0),
        ("-0.1 - 0.2 < -0.3 or -0.3 > -0.1 - 0.2", 0.0),
        ("0.3 + 1e-11 > 0.3 and 0.3 - 1e-11 < 0.3 and 0.3 != 0.3 + 1e-11", 1.0),
        ("1e-300 > 0", 1.0),
        ("not 0 or 0", 1.0),
        ("exp(log(5)) + sqrt(16) - abs(-2)", 7.0),
        ("+3", 3.0),
        ("1_000 + 1e3", 2000.0),
        ("  2 ", 2.0),
    ],
)
def test_known_values(text: str, truth: float) -> None:
    assert float(Expression(text).evaluate(VALUES.__getitem__)) == pytest.approx(truth, rel=1e-15)


def test_truths_can_be_counted() -> None:
    """How many of three hold, trial by trial: truths add up like the numbers 1 and 0."""
    found = Expression("(a > 0) + (b > 0) + (c > 0)").evaluate(SERIES.__getitem__)
    truth = sum((SERIES[name] > 0).astype(int) for name in "abc")
    np.testing.assert_array_equal(found, truth)
    np.testing.assert_array_equal(
        Expression("(a > 0) - (b > 0)").evaluate(SERIES.__getitem__), (SERIES["a"] > 0) * 1.0 - (SERIES["b"] > 0)
    )
    np.testing.assert_array_equal(Expression("-(a > 0)").evaluate(SERIES.__getitem__), -((SERIES["a"] > 0) * 1.0))
    assert Expression("a > 0 and not b > 0").evaluate(SERIES.__getitem__).dtype == float


def test_what_is_not_a_number_stays_visible() -> None:
    with np.errstate(all="raise"):
        for text in ("1 / 0", "log(0)", "sqrt(-1)", "(-8) ** 0.5", "0 / 0", "1e308 * 10"):
            assert not np.isfinite(Expression(text).evaluate(VALUES.__getitem__))


def test_what_is_read_is_left_as_it_is() -> None:
    rng = np.random.default_rng(1)
    read = {"x": rng.random((2, 3)), "y": rng.random((2, 3)), "z": rng.random(3)}
    before = {name: value.copy() for name, value in read.items()}
    for text in ("x + y + z - x * y / 2", "z * 1 + x", "z - 1 + (x + y)", "x", "(x + 1) * (x + 1) - (x + 1) ** 2"):
        truth = eval(text, {}, before)
        np.testing.assert_allclose(Expression(text).evaluate(read.__getitem__), truth, rtol=0, atol=1e-15)
        assert all((read[name] == before[name]).all() for name in read)


def test_names_are_listed_in_order_of_appearance() -> None:
    text = "max(war.on, a) + b * a - x1.delivery * max(war.on, where(c > a, 1, 2))"
    assert Expression(text).names == ("war.on", "a", "b", "x1.delivery", "c")
    assert Expression("1 + 2").names == ()


NO = [-1.0, 0.0, 2.0]
"""Where p is below 0 a logarithm is no number, and where it is 0 a division is none."""


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("log(p) > 0.1", [None, None, 1]),
        ("not (log(p) > 0.1)", [None, None, 0]),
        ("not log(p)", [None, None, 0]),
        ("1 / p > 0", [0, None, 1]),
        ("1 / (p - p) > 0", [None, None, None]),
        ("log(p) != 5", [None, None, 1]),
        ("p > 0 and log(p) > 0.1", [0, 0, 1]),
        ("log(p) > 0.1 and p > 0", [0, 0, 1]),
        ("p <= 0 or log(p) > 0.9", [1, 1, 0]),
        ("p > 0 or log(p) > 0.1", [None, None, 1]),
        ("p < 0 and log(p) > 0.1", [None, 0, 0]),
        ("0 < p < 1 / p", [0, 0, 0]),
        ("0 <= p < 1 / p", [0, None, 0]),
        ("where(p > 0, log(p), 0) > 0.1", [0, 0, 1]),
        ("where(log(p) > 0.1, 3, 4)", [None, None, 3]),
        ("(log(p) > 0.1) + 1", [None, None, 2]),
    ],
)
def test_a_truth_of_what_is_no_number_is_none(text: str, truth: list[float | None]) -> None:
    """It is open, unless the rest settles it: what is undefined is never counted as yes or no."""
    found = Expression(text).evaluate(lambda _: np.array(NO))
    np.testing.assert_array_equal(found, [math.nan if one is None else one for one in truth])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "a b",
        "a; b",
        "a = 1",
        "a := 1",
        "(a := 1)",
        "__import__('os')",
        "a.__class__()",
        "a['b']",
        "a[0]",
        "[1, 2]",
        "(1, 2)",
        "{1: 2}",
        "'text'",
        "f'{a}'",
        "lambda: 1",
        "1 if a else 2",
        "[x for x in a]",
        "a @ b",
        "a % b",
        "a // b",
        "a << 2",
        "a & b",
        "~a",
        "a is b",
        "a in b",
        "True",
        "None",
        "...",
        "1j",
        "1e999",
        "1" + "0" * 400,
        "exp(1, 2)",
        "min(1)",
        "min(*a)",
        "max(a, key=b)",
        "clip(1, 2)",
        "open('x')",
        "(1).real",
        "min(a, b).c",
        "await a",
        "yield",
        "(" * 300 + "1" + ")" * 300,
        "-" * 200 + "1",
        "1" + " " * 3000,
        "a\x00b",
        "\ud800",
        "a\nb",
        "import os",
    ],
)
def test_nothing_but_arithmetic_is_let_in(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        Expression(text)
    assert type(caught.value) is ValueError
    assert "\n" not in str(caught.value)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=40))
def test_any_text_is_either_arithmetic_or_refused(text: str) -> None:
    try:
        formula = Expression(text)
    except ValueError:
        return
    assert all(isinstance(name, str) for name in formula.names)
    formula.evaluate(lambda _: 1.0)


def test_every_function_is_the_one_of_mathematics() -> None:
    def call(text: str) -> float:
        return float(Expression(text).evaluate(VALUES.__getitem__))

    known: dict[str, Any] = {
        "abs": call("abs(-2)") == 2,
        "exp": call("exp(1)") == pytest.approx(math.e),
        "log": call("log(8) / log(2)") == pytest.approx(3),
        "sqrt": call("sqrt(9)") == 3,
        "min": call("min(3, 1, 2)") == 1,
        "max": call("max(3, 1, 4)") == 4,
        "clip": call("clip(9, 0, 1)") == 1,
        "where": call("where(0, 1, 2)") == 2,
    }
    assert set(known) == set(FUNCTIONS), "add a known value for every function"
    assert all(known.values())
