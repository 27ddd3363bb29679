"""A table in the making: columns, their intervals, and what is left out of the page."""

from __future__ import annotations

import numpy as np
import pytest

from pactrisk.estimators import Estimates
from pactrisk.findings.ledger import Ledger, joined


def estimates(value: object, kind: str = "mean") -> Estimates:
    x = np.asarray(value, dtype=float)
    return Estimates(x, x - 1, x + 2, 0.9, kind, np.full(x.shape, 7), 3)  # type: ignore[arg-type]


def test_estimates_bring_their_intervals_row_after_row() -> None:
    ledger = Ledger().plain("name", "Name", ["a", "b", "c", "d"])
    table = ledger.estimates("x", "X", estimates([[1, 2], [3, 4]]), unit="t").table("numbers", "Numbers")
    assert list(table.frame.columns) == ["name", "x", "x_low", "x_high"]
    assert list(table.frame.x) == [1, 2, 3, 4]
    assert list(table.frame.x_low) == [0, 1, 2, 3]
    assert list(table.frame.x_high) == [3, 4, 5, 6]
    column = table.columns["x"]
    assert (column.kind, column.unit, column.low, column.high) == ("number", "t", "x_low", "x_high")


@pytest.mark.parametrize(("kind", "shown"), [("probability", "probability"), ("difference", "difference")])
def test_kind_of_an_estimate_rules_how_it_is_read(kind: str, shown: str) -> None:
    assert Ledger().estimates("x", "X", estimates([0.5], kind)).table("t", "T").columns["x"].kind == shown
    assert Ledger().estimates("x", "X", estimates([0.5], kind), "number").table("t", "T").columns["x"].kind == "number"


def test_hidden_columns_are_kept_in_files_only() -> None:
    table = Ledger().hidden("id", ["a"]).plain("name", "Name", ["A"]).table("t", "T")
    assert list(table.frame.id) == ["a"]
    assert "id" not in table.columns


def test_text_that_is_empty_in_every_row_is_kept_in_files_only() -> None:
    table = Ledger().plain("why", "Why", ["", ""]).plain("source", "Source", ["", "C1"]).table("t", "T")
    assert list(table.frame.why) == ["", ""]
    assert list(table.columns) == ["source"]


def test_columns_of_unlike_length_are_refused() -> None:
    with pytest.raises(ValueError, match="length"):
        Ledger().plain("a", "A", [1]).plain("b", "B", [1, 2]).table("t", "T")


def test_joined_keeps_order_and_level() -> None:
    both = joined([estimates([[1, 2]]), estimates([5])])
    assert list(both.value) == [1, 2, 5]
    assert list(both.high) == [3, 4, 7]
    assert (both.level, both.worlds, both.kind) == (0.9, 3, "mean")
