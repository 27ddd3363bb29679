"""The ways of an event: together they are the event, each is one of its alternatives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pactrisk.alternatives import MOST, alternatives
from pactrisk.expressions import Expression


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ("oil > 100", ["oil > 100"]),
        ("oil > 100 or war.hot and gas > 50", ["(oil > 100)", "(war.hot) and (gas > 50)"]),
        ("not (oil < 9 and gas < 5)", ["(oil >= 9)", "(gas >= 5)"]),
        ("(a or b) and not c", ["(a) and (not c)", "(b) and (not c)"]),
        ("max(oil, gas) > 7", ["(oil > 7)", "(gas > 7)"]),
        ("7 < max(oil, gas)", ["(oil > 7)", "(gas > 7)"]),
        ("max(oil, gas) < 7", ["(oil < 7) and (gas < 7)"]),
        ("not min(oil, gas) >= 7", ["(oil < 7)", "(gas < 7)"]),
        ("abs(oil - 60) > 40", ["(oil - 60 > 40)", "(oil - 60 < -40)"]),
        ("not 3 <= oil <= 9", ["(3 > oil)", "(oil > 9)"]),
        ("oil > 1 or oil > 1", ["oil > 1 or oil > 1"]),
        ("number >= 9", ["number >= 9"]),
    ],
)
def test_known_ways(event: str, found: list[str]) -> None:
    assert alternatives(event) == (found if len(found) > 1 else [event])


def test_too_many_ways_are_one() -> None:
    event = " or ".join(f"oil > {k}" for k in range(MOST + 1))
    assert alternatives(event) == [event]
    pairs = " and ".join(f"(oil > {k} or gas > {k})" for k in range(30))
    assert alternatives(pairs) == [pairs]
    assert len(alternatives(" or ".join(f"oil > {k}" for k in range(MOST)))) == MOST


TERMS = st.sampled_from(
    ["a", "b", "c - a", "2", "abs(a)", "max(a, b)", "min(b, c)", "max(a, abs(b))", "where(a, b, c)"]
)
COMPARED = st.builds(
    "{} {} {}".format, TERMS, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.sampled_from(["1", "b", "abs(c)"])
)
EVENTS = st.recursive(
    COMPARED,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
        st.builds("{} < {}".format, COMPARED.map("({})".format), TERMS),
    ),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(EVENTS)
def test_an_event_happens_where_any_of_its_ways_does(event: str) -> None:
    generator = np.random.default_rng(1)
    values = {name: generator.integers(-3, 4, 200).astype(float) for name in "abc"}
    truth = Expression(event).evaluate(values.__getitem__) != 0
    each = [np.broadcast_to(Expression(way).evaluate(values.__getitem__) != 0, (200,)) for way in alternatives(event)]
    np.testing.assert_array_equal(np.any(each, axis=0), np.broadcast_to(truth, (200,)))
