"""Numbers in a file: what is read, what is refused and in which words, and what is drawn a world."""

from __future__ import annotations

import math
import tomllib
from typing import Annotated, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from pactrisk.distributions import FAMILIES
from pactrisk.quantities import Dur, Num, Spread, Value, Worlds, numbers_in
from pactrisk.spreads import addressed
from pactrisk.streams import Streams

SHARE = Num("a share", least=0, most=1)
PRICE = Num("a price", "USD/bbl", above=0)
ANY = Num("anything")
TIME = Dur("how long it takes")


@pytest.mark.parametrize(
    ("num", "raw", "family"),
    [
        (SHARE, {"p10": 0.1, "p90": 0.4}, "quantiles"),
        (PRICE, {"p50": 70, "p90": 80, "p10": 58}, "quantiles"),
        (PRICE, {"distribution": "lognormal", "median": 70, "sigma": 0.2}, "lognormal"),
        (PRICE, {"distribution": "normal", "mean": 70, "sd": 9, "min": 1}, "normal"),
        (SHARE, {"distribution": "beta", "a": 2, "b": 6}, "beta"),
        (SHARE, {"distribution": "uniform", "low": 0, "high": 0.5}, "uniform"),
        (ANY, {"distribution": "normal", "mean": 0, "sd": 1}, "normal"),
        (PRICE, {"value": 70, "source": "EIA", "trust": "A", "note": "daily"}, "fixed"),
    ],
)
def test_what_is_read(num: Num, raw: dict[str, Any], family: str) -> None:
    spread = num.read(raw)
    assert isinstance(spread, Spread)
    assert spread.family == family
    assert spread.spread == (family != "fixed")
    x = spread.distribution().ppf(np.linspace(1e-9, 1 - 1e-9, 1001))
    low, high = num.bounds
    assert ((low <= x) & (x <= high)).all()
    if family == "fixed":
        assert (spread.source, spread.trust, spread.note, str(spread)) == ("EIA", "A", "daily", "70")


def test_plain_numbers_are_plain() -> None:
    assert PRICE.read(70) == 70.0
    assert isinstance(PRICE.read(70), float)
    assert SHARE.read(0) == 0.0
    assert SHARE.read(1) == 1.0


@pytest.mark.parametrize(
    ("num", "raw", "said"),
    [
        (PRICE, -9, "must be above 0, not -9"),
        (PRICE, 0, "must be above 0, not 0"),
        (SHARE, 1.01, "must be at least 0 and at most 1, not 1.01"),
        (Num("x", least=0, below=1), 1, "must be at least 0 and below 1, not 1"),
        (ANY, math.nan, "must be a finite number, not nan"),
        (ANY, math.inf, "must be a finite number, not inf"),
        (ANY, 10**400, "must be a number that a computer can hold"),
        (ANY, True, "must be a number, not true or false"),
        (ANY, "70", "must be a number, not text"),
        (ANY, [1], "must be a number, not a list"),
        (ANY, {}, "needs quantiles such as p10 and p90, or a distribution, or a value"),
        (ANY, {"p10": 1}, "needs two quantiles or more"),
        (ANY, {"p10": 5, "p90": 4}, r"quantiles must rise: p10 = 5 is not below p90 = 4"),
        (ANY, {"p10": 5, "p50": 5, "p90": 9}, "quantiles must rise: p10 = 5"),
        (ANY, {"p10": 5, "p100": 6}, "'p100' is neither a quantile"),
        (ANY, {"p0": 5, "p90": 6}, "'p0' is neither"),
        (ANY, {"p10": 5, "p90": 6, "mean": 5}, "'mean' is neither"),
        (SHARE, {"p10": 0.0, "p90": 0.5}, "p10 = 0 must lie inside the bound 0"),
        (SHARE, {"p10": 0.1, "p90": 1.5}, "must be at least 0 and at most 1|must lie inside the bound 1"),
        (PRICE, {"distribution": "normal", "mean": 70, "sd": 9}, "can fall below 0: add min, 0 or more"),
        (SHARE, {"distribution": "lognormal", "median": 0.1, "sigma": 1}, "can exceed 1: add max, 1 or less"),
        (SHARE, {"distribution": "normal", "mean": 0, "sd": 1, "min": -1, "max": 1}, "at most 1, not -1"),
        (
            SHARE,
            {"distribution": "normal", "mean": 0.5, "sd": 1},
            "can fall below 0 and exceed 1: add min, 0 or more, and max, 1 or less",
        ),
        (
            SHARE,
            {"distribution": "normal", "mean": 0.5, "sd": 1, "max": 3},
            "can fall below 0: add min, 0 or more; max must be at least 0 and at most 1, not 3",
        ),
        (SHARE, {"distribution": "uniform", "low": -0.5, "high": 0.5}, "not -0.5"),
        (ANY, {"distribution": "cauchy", "median": 1}, "distribution must be one of fixed, uniform"),
        (ANY, {"distribution": ["normal"]}, "distribution must be one of"),
        (ANY, {"distribution": "normal", "mean": 1}, "normal takes mean and sd: sd is missing"),
        (ANY, {"distribution": "normal", "mean": 1, "sd": 1, "x": 1}, "normal takes mean and sd: it has no 'x'"),
        (ANY, {"distribution": "normal", "mean": 1, "sd": 0}, "sd must be above 0, not 0"),
        (ANY, {"distribution": "uniform", "low": 2, "high": 2}, "low, high must rise, not 2, 2"),
        (ANY, {"distribution": "triangular", "low": 2, "mode": 1, "high": 5}, "must rise"),
        (ANY, {"p10": 1, "p90": 2, "min": 5, "max": 4}, "min = 5 is not below max = 4"),
        (ANY, {"value": 3, "source": 7}, "source must be text"),
        (ANY, {"value": 3, "trust": "Z"}, "trust must be one of A, B, C, judgement"),
        (ANY, {"value": {"p10": 1, "p90": 2}}, "must be a number, not a table"),
    ],
)
def test_what_is_refused_and_why(num: Num, raw: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        num.read(raw)
    assert "\n" not in str(caught.value)


PARAMETERS = sorted({tuple(sorted(family.above)) for family in FAMILIES.values()} - {("value",)})


@given(
    st.sampled_from([SHARE, PRICE, ANY, TIME, Num("a fall", most=1), Num("within", above=-2, below=2)]),
    st.sampled_from(PARAMETERS),
    st.sets(st.sampled_from(["min", "max"])),
)
@settings(deadline=None, max_examples=200)
def test_a_hint_to_add_a_distribution_mends_at_once(num: Num | Dur, words: tuple[str, ...], cut: set[str]) -> None:
    ends = {"min": 0.25, "max": 0.75}
    raw = {word: ends[word] for word in cut}
    raw |= dict(zip(("low", "mode", "high"), (0.3, 0.4, 0.5), strict=True)) if "low" in words else {}
    raw = {word: raw.get(word, 0.3) for word in (*words, *cut)}
    with pytest.raises(ValueError, match="is neither a quantile such as p10") as caught:
        num.read(raw)
    hint = next(iter(caught.value.args[1:]), "")
    if not hint:
        # that is no distribution of a duration
        assert (num, words) == (TIME, ("a", "b"))
        return
    if hint.startswith("instead of mean and sd write "):
        # nor is a normal, but a lognormal may have the same mean and spread
        assert (num, words) == (TIME, ("mean", "sd"))
        kept = ", ".join((hint.partition(" write ")[2], *(f"{word} = {raw[word]}" for word in cut)))
        assert num.read(tomllib.loads(f"x = {{ {kept} }}")["x"])
        return
    first, *rest = hint.removeprefix("add distribution = ").split(", ")
    for name in first.split(" or "):
        line = ", ".join([f"distribution = {name}", *rest])
        read = num.read(raw | tomllib.loads(f"x = {{ {line} }}")["x"])
        assert isinstance(read, Spread)
        assert set(read.parameters) == set(words)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (-1, "must be at least 0, not -1"),
        ({"distribution": "normal", "mean": 5, "sd": 1}, "normal is no distribution of a duration"),
        ({"distribution": "beta", "a": 5, "b": 1}, "beta is no distribution of a duration"),
        ({"distribution": "exponential", "mean": 0}, "mean must be above 0"),
        ({"distribution": "uniform", "low": -1, "high": 2}, "must be at least 0, not -1"),
        ({"p10": 0, "p90": 5}, "p10 = 0 must lie inside the bound 0"),
        ({"p10": 5, "p90": 3}, "quantiles must rise"),
        ({"value": -2}, "must be at least 0, not -2"),
    ],
)
def test_durations_are_times(raw: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        TIME.read(raw)


def test_durations_are_drawn_a_trial_and_their_numbers_a_world() -> None:
    worlds = Worlds(Streams(1, 0, 4000), 20)
    raw = {"p50": {"p10": 6.0, "p90": 12.0}, "p90": 30.0}
    spread = addressed(TIME.read(raw), "agreements.a.milestones.x.duration")  # type: ignore[arg-type]
    assert spread.aleatory
    (inner,) = numbers_in(spread)
    assert inner.address == "agreements.a.milestones.x.duration.p50"
    law = worlds.duration(spread)
    median = np.asarray(law.parameters["p50"])
    assert median.shape == (4000,)
    assert (median == np.tile(median[:200], 20)).all()
    np.testing.assert_allclose(law.ppf(np.full(4000, 0.5)), median)
    np.testing.assert_allclose(law.ppf(np.full(4000, 0.9)), np.maximum(30.0, median))
    assert worlds.duration(3.0).ppf(np.array([0.1, 0.9])).tolist() == [3.0, 3.0]


INNER = {"p10": 5, "p90": 20}


@pytest.mark.parametrize(
    "raw",
    [
        {"distribution": "uniform", "low": INNER, "high": {"p10": 8, "p90": 30}},
        {"distribution": "triangular", "low": INNER, "mode": {"p10": 7, "p90": 18}, "high": {"p10": 8, "p90": 30}},
        {"distribution": "triangular", "low": 4, "mode": INNER, "high": 12},
        {"distribution": "lognormal", "median": 10, "sigma": 0.5, "min": INNER, "max": {"p10": 8, "p90": 30}},
    ],
)
def test_what_must_rise_is_put_in_order_in_each_world(raw: dict[str, Any]) -> None:
    """A world in which the low is above the high is one in which they are the other way round: no time is lost."""
    duration = addressed(TIME.read(raw), "d")
    assert isinstance(duration, Spread)
    worlds = Worlds(Streams(3, 0, 2000), 1)
    law = duration.distribution(worlds.value)
    cut = "median" in raw
    given = [duration.low, duration.high] if cut else list(duration.parameters.values())
    drawn = np.stack([np.broadcast_to(worlds.value(x), 2000) for x in given])  # type: ignore[arg-type]
    crossed = (np.diff(drawn, axis=0) < 0).any(axis=0)
    assert 20 < crossed.sum() < 1900
    told = [law.low, law.high] if cut else list(law.parameters.values())
    np.testing.assert_array_equal(np.stack(np.broadcast_arrays(*told)), np.sort(drawn, axis=0))  # type: ignore[arg-type]
    u = worlds.streams.uniform("u", 2000)
    x = law.ppf(u)
    assert ((x >= drawn.min(axis=0)) & (x <= drawn.max(axis=0))).all()
    assert (law.ppf(u + 0.5 * (1 - u)) >= x).all()


def test_a_spread_is_drawn_once_a_world_and_once_an_address() -> None:
    worlds = Worlds(Streams(1, 0, 4000), 20)
    here = Spread("uniform", {"low": 1.0, "high": 3.0}, address="drivers.oil.level")
    there = Spread("uniform", {"low": 1.0, "high": 3.0}, address="drivers.gas.level")
    x = np.asarray(worlds.value(here))
    assert worlds.count == 200
    assert (x == np.tile(x[:200], 20)).all()
    assert len(np.unique(x)) == 200
    assert worlds.value(here) is worlds.value(here)
    assert (worlds.value(there) != x).any()
    u = worlds.levels["drivers.oil.level"]
    assert stats.kstest(u, "uniform").pvalue > 1e-5
    np.testing.assert_allclose(x[:200], 1 + 2 * u)
    assert (np.asarray(Worlds(Streams(1, 0, 4000), 20).value(here)) == x).all()
    assert worlds.value(Spread("fixed", {"value": 7.0})) == 7.0
    assert worlds.value(2.5) == 2.5
    with pytest.raises(ValueError, match="has no address"):
        worlds.value(Spread("uniform", {"low": 1.0, "high": 3.0}))


def test_a_spread_is_written_as_it_was_read() -> None:
    for raw, said in (
        ({"p90": 80, "p10": 58.5}, "{ p10 = 58.5, p90 = 80 }"),
        ({"distribution": "normal", "mean": 3, "sd": 0.1, "min": 1}, "{ normal: mean = 3, sd = 0.1, min = 1 }"),
        ({"value": 0.33}, "0.33"),
    ):
        assert str(ANY.read(raw)) == said


def test_a_schema_accepts_what_is_read_and_names_the_unit() -> None:
    schema = TypeAdapter(Annotated[Value, PRICE]).json_schema()
    assert schema["description"] == "a price, in USD/bbl (above 0)"
    check = Draft202012Validator(schema)
    for good in (70, {"p10": 1, "p90": 2}, {"value": 3, "source": "x", "trust": "A"}, {"p05": 1, "p95": 2, "min": 0.5}):
        assert check.is_valid(good)
        PRICE.read(good)
    for bad in (-1, "x", [1], {"p10": "a"}, {"q10": 1}):
        assert not check.is_valid(bad)
        with pytest.raises(ValueError):
            PRICE.read(bad)
    with pytest.raises(ValidationError):
        TypeAdapter(Annotated[Value, PRICE]).validate_python(-1)


TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["p10", "p50", "p90", "min", "max", "value", "distribution", "mean", "sd", "source", "trust"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(raw=TREES, what=st.sampled_from([SHARE, PRICE, ANY, TIME]))
def test_anything_is_either_read_or_refused_in_a_sentence(raw: Any, what: Num | Dur) -> None:
    try:
        value = what.read(raw)
    except ValueError as error:
        assert str(error)  # noqa: PT017
        return
    if not isinstance(value, Spread):
        assert math.isfinite(value)
    elif all(isinstance(x, float) and abs(x) < 1e6 for x in (*value.parameters.values(), value.low or 0.0)):
        assert np.isfinite(value.distribution().ppf(np.array([0.01, 0.5, 0.99]))).all()


@pytest.mark.parametrize("number", [Num("mean number", least=0, below=1), Num("loading", least=-1, most=1)])
def test_what_is_no_share_is_not_told_in_per_cent(number: Num) -> None:
    with pytest.raises(ValueError, match="not 30") as caught:
        number.check(30)
    assert len(caught.value.args) == 1
