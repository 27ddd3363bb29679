"""Figures of very many parts: the first are drawn, the caption says so, and what is of ordinary size stays itself."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pactrisk import findings as f
from pactrisk.figures.svg import both
from pactrisk.findings.few import few
from pactrisk.study import Study
from small_world import plan

NAMES = tuple(f"Agreement {n}" for n in range(1200))


def test_a_figure_of_ordinary_size_is_left_as_it_is(examples: dict[str, Any]) -> None:
    for figure in (*examples["all_figures"](), examples["class_bars"](NAMES[:100]), examples["intervals"](NAMES[:100])):
        assert few(figure) is figure


@pytest.mark.parametrize("kind", ["class_bars", "intervals", "areas", "lines", "three_way"])
def test_the_first_of_very_many_are_drawn_and_the_caption_says_so(examples: dict[str, Any], kind: str) -> None:
    if kind == "three_way":
        figure = examples[kind]()
        figure = replace(figure, rows=[replace(figure.rows[0], label=name) for name in NAMES])
    else:
        figure = examples[kind](NAMES)
    found = few(figure)
    assert type(found) is type(figure)
    parts = "panels" if hasattr(figure, "panels") else "rows"
    many = len(getattr(figure, parts))
    assert getattr(found, parts) == getattr(figure, parts)[:100]
    assert found.caption == f"{figure.caption} Drawn are the first 100 of {many:,}; the tables leave none out."
    for word in ("value", "values", "low", "high"):
        if hasattr(figure, word):
            assert np.array_equal(getattr(found, word), getattr(figure, word)[:100])


def test_rows_of_many_lines_are_fewer() -> None:
    value = np.zeros((60, 50))
    figure = f.Intervals(
        name="variants", title="T", caption="C.", alt="A", rows=NAMES[:60], partners=NAMES[1:61],
        value=value, low=value, high=value, series=[f"Variant {n}" for n in range(50)],
    )  # fmt: skip
    found = few(figure)
    assert (len(found.rows), len(found.partners), found.value.shape) == (20, 20, (20, 50))  # type: ignore[attr-defined]
    assert found.caption == "C. Drawn are the first 20 of 60; the tables leave none out."


def test_boxes_of_a_column_that_are_drawn_keep_their_links() -> None:
    nodes = [f.DiagramNode("oil", "Oil", "driver", 0), *(f.DiagramNode(n, n, "agreement", 1) for n in NAMES)]
    edges = [f.DiagramEdge("oil", name) for name in NAMES]
    figure = f.Diagram(name="links", title="T", caption="C.", alt="A", nodes=nodes, edges=edges)
    found = few(figure)
    assert isinstance(found, f.Diagram)
    assert list(found.nodes) == nodes[:101]
    assert list(found.edges) == edges[:100]
    assert found.caption == "C. Drawn are the first 100 of a column; the tables leave none out."


def test_a_study_hands_over_figures_that_can_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pactrisk.findings.few._PARTS", 1)
    figures = [figure for finding in Study(plan(trials=2000)).run().findings for figure in finding.figures]
    (classes,) = (figure for figure in figures if figure.name == "classes")
    assert len(classes.rows) == 1  # type: ignore[attr-defined]
    assert "Drawn are the first 1 of " in classes.caption


def test_a_drawing_of_very_many_marks_is_made_ready_as_fast_as_it_is_long() -> None:
    """A hundred thousand groups, each of which gives way to what it holds: minutes where each was looked for."""
    marks = "".join(f'<g><path d="M {n} 0"/></g>' for n in range(100_000))
    raw = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{marks}</svg>'.encode()
    began = time.monotonic()
    alone, _ = both(raw, "x", "T", "A")
    assert time.monotonic() - began < 60
    assert alone.count(b"<g>") == 0
    assert alone.index(b'"M 9 0"') < alone.index(b'"M 10 0"') < alone.index(b'"M 99999 0"')
