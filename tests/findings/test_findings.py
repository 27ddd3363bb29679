"""Findings check their shapes and names when they are made, not when they are drawn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from pactrisk import findings as f

TEXTS = {"name": "x", "title": "T", "caption": "C", "alt": "A"}
ENDS = ("value", "low", "high")
DATES = ["2026-01-01", "2026-02-01"]


def test_arrays_are_copied_and_cannot_be_written_to() -> None:
    given = np.array([[0.25, 0.75]])
    bars = f.StackedBars(**TEXTS, rows=["a"], segments=["p", "q"], values=given)
    given[0, 0] = 9
    assert bars.values[0, 0] == 0.25  # noqa: PD011
    with pytest.raises(ValueError, match="read-only"):
        bars.values[0, 0] = 1  # noqa: PD011


@pytest.mark.parametrize(
    "make",
    [
        lambda: f.StackedBars(**TEXTS, rows=["a"], segments=["p"], values=np.zeros((2, 1))),
        lambda: f.StackedBars(**TEXTS, rows=["a"], segments=["p"], values=np.zeros((1, 1)), low=np.zeros(1)),
        lambda: f.Intervals(**TEXTS, rows=["a"], value=np.zeros(1), low=np.zeros(1), high=np.zeros(1)),
        lambda: f.Intervals(**TEXTS, rows=["a"], partners=["b", "c"], **dict.fromkeys(ENDS, np.zeros((1, 1)))),
        lambda: f.Columns(**TEXTS, labels=["a", "b"], values=np.zeros(3)),
        lambda: f.LinePanel(title="", x=DATES, series=["a"], values=np.zeros((1, 3))),
        lambda: f.AreaPanel(title="", x=DATES, series=["a"], shares=np.zeros((2, 2))),
        lambda: f.AreaPanel(title="", x=[], series=["a"], shares=np.zeros((1, 0))),
        lambda: f.FanPanel(title="", x=DATES, bands={0.5: np.zeros(3)}),
        lambda: f.FanPanel(title="", x=DATES, bands={50: np.zeros(2)}),
        lambda: f.FanPanel(title="", x=DATES, bands={}),
        lambda: f.DensityPanel(title="", ceremony_edges=range(3), delivery_edges=range(4), mass=np.zeros((3, 2))),
        lambda: f.Diagram(**TEXTS, nodes=[f.DiagramNode("a", "A", "k", 0)], edges=[f.DiagramEdge("a", "b")]),
        lambda: f.Diagram(**TEXTS, nodes=[f.DiagramNode("a", "A", "k", 0)] * 2, edges=[]),
        lambda: f.Columns(**(TEXTS | {"name": "../x"}), labels=[], values=np.zeros(0)),
        lambda: f.Finding("Not a slug", "t", "s"),
        lambda: f.Table("a/b", "t", pd.DataFrame(), {}),
        lambda: f.Table("a", "t", pd.DataFrame({"x": [1]}), {"y": f.Column("Y")}),
        lambda: f.Table("a", "t", pd.DataFrame({"x": [1]}), {"x": f.Column("X", "number", low="x", high="z")}),
        lambda: f.Column("X", low="a"),
        lambda: f.Page("t", "s", "q", "m", (f.Finding("a", "A", "s"), f.Finding("a", "B", "s"))),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        make()


def test_dates_are_days_whatever_they_came_as() -> None:
    months = np.array(["2026-02", "2026-03"], dtype="datetime64[M]")
    panel = f.LinePanel(title="", x=months, series=["a"], values=np.zeros((1, 2)))
    assert panel.x.dtype == np.dtype("datetime64[D]")
    assert str(panel.x[1]) == "2026-03-01"
