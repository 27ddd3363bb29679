"""Comparisons in words, and ranks that admit ties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats

from pactrisk.estimators import Estimates
from pactrisk.findings.comparing import leaders, more_or_fewer, rank_text, ranks, some_of, tied_text


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((1.1, 1.0, 1.2), "1.1 (1.0–1.2) more"),
        ((-1.1, -1.2, -1.0), "1.1 (1.0–1.2) fewer"),
        ((0.1, -0.2, 0.4), "no difference that shows: 0.1 (−0.2 to 0.4)"),
        ((np.nan, -1, 1), "–"),
    ],
)
def test_more_or_fewer(ends: tuple[float, float, float], said: str) -> None:
    assert more_or_fewer(*ends) == said


def test_a_difference_is_no_finer_than_the_number_beside_it() -> None:
    @dataclass(frozen=True)
    class Number:
        value: float = 2.22
        low: float = 2.18
        high: float = 2.26

    assert more_or_fewer(0.151, 0.143, 0.159, Number()) == "0.15 (0.14–0.16) more"
    # but one that shows does not come out as nought
    assert more_or_fewer(-0.0042, -0.0049, -0.0035, Number()) == "0.0042 (0.0035–0.0049) fewer"
    assert more_or_fewer(0.0, 0.0, 0.0, Number()) == "no difference"


def test_ranks_are_shared_by_what_cannot_be_told_apart() -> None:
    # a above all; b and c alike, both above d; e only told apart from a
    above = np.zeros((5, 5), bool)
    above[0, 1:] = True
    above[1, 3] = above[2, 3] = True
    assert ranks(above) == [(1, 1), (2, 4), (2, 4), (4, 5), (2, 5)]


def test_rank_text() -> None:
    assert rank_text(2, 2) == "2"
    assert rank_text(2, 4) == "2–4"


def test_a_tie_is_led_by_the_largest_and_follows_its_order() -> None:
    value = np.array([0.16, 0.33, 0.05, np.nan, 0.30])
    trials = np.full(5, 400)
    assert leaders(Estimates(value, value - 0.10, value + 0.10, 0.95, "probability", trials, 400)) == [1, 4, 0]


@pytest.mark.parametrize("n", [2, 5, 20, 60])
def test_of_many_that_are_alike_hardly_any_is_told_apart_from_the_first(n: int) -> None:
    rng, repeats, half = np.random.default_rng(n), 2000, stats.norm.ppf(0.975)
    trials, apart = np.full(n, 400), 0
    for value in rng.normal(size=(repeats, n)):
        apart += len(leaders(Estimates(value, value - half, value + half, 0.95, "mean", trials, 400))) < n
    assert apart <= repeats * (0.05 + 3.5 * np.sqrt(0.05 * 0.95 / repeats))


def test_those_that_tie_are_named_or_counted() -> None:
    assert tied_text([]) == ""
    assert tied_text(["b"]) == "; b cannot be told apart from it"
    assert tied_text(["b", "c", "d", "e"]) == "; b, c and 2 more cannot be told apart from it"
    assert some_of(["b", "c", "d", "e"], 3) == "b, c, d and 1 more"
