"""A contract over every kind of figure: it draws, it is small, it is the same each time, and labels are inert."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.transforms import Bbox
from PIL import Image

from pactrisk import findings as f
from pactrisk.figures import draw, render
from pactrisk.figures.sheet import WIDTH, measure

KINDS = 10
SVG = "{http://www.w3.org/2000/svg}"
TAGS = ("svg", "title", "desc", "g", "path", "text", "defs", "clipPath", "rect", "use", "pattern", "image")
TEXTS = {"name": "x", "title": "T", "caption": "C", "alt": "A"}


def texts_of(svg: bytes | str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("n", range(KINDS))
def test_every_kind_draws_small_and_whole(examples: dict[str, Any], n: int) -> None:
    figure = examples["all_figures"]()[n]
    drawing = draw(figure)
    root = ElementTree.fromstring(drawing.svg)
    assert root.find(f"{SVG}title").text == figure.title  # type: ignore[union-attr]
    assert root.find(f"{SVG}desc").text == figure.alt  # type: ignore[union-attr]
    assert ElementTree.fromstring(drawing.inline).get("aria-label") == figure.alt
    assert len(drawing.svg) < 250_000
    image = Image.open(io.BytesIO(drawing.png))
    # a margin of 0.15 inch to each side
    assert abs(image.size[0] - 144 * (WIDTH / 72 + 0.3)) <= 1
    pixels = np.asarray(image.convert("L"))
    assert pixels.std() > 5


@pytest.mark.parametrize("n", range(KINDS))
def test_a_picture_is_what_shows_through_on_white(examples: dict[str, Any], n: int) -> None:
    """As Matplotlib's own picture laid on paper, whatever is half transparent."""
    figure = examples["all_figures"]()[n]
    with mpl.rc_context(render._style(figure.name)):
        board, raw = render._DRAWN[type(figure)](figure), io.BytesIO()
        edge = render._MARGIN
        framed = Bbox([[-edge, -edge], [board.width / 72 + edge, board.height / 72 + edge]])
        board.sheet.savefig(raw, format="png", transparent=True, dpi=144, bbox_inches=framed)
    theirs = Image.open(raw).convert("RGBA")
    paper = Image.new("RGBA", theirs.size, "white")
    paper.alpha_composite(theirs)
    ours = Image.open(io.BytesIO(draw(figure).png))
    assert ours.mode == "RGB"
    assert ours.info["dpi"] == pytest.approx((144, 144), abs=0.1)
    apart = np.abs(np.asarray(ours, dtype=int) - np.asarray(paper.convert("RGB"), dtype=int))
    assert (apart.max(axis=2) > 8).mean() < 1e-4


@pytest.mark.parametrize("n", range(KINDS))
def test_nothing_is_cut_at_the_edges(examples: dict[str, Any], n: int) -> None:
    """Every text lies between the left and the right edge, by the width of the widest font we know."""
    for svg in (draw(examples["all_figures"]()[n]).svg, draw(examples["hostile_figures"]()[n]).svg):
        for text in texts_of(svg):
            looks = text.get("style", "")
            size = re.search(r"font-size:([\d.]+)px", looks)
            assert size, looks
            assert "font-family" not in looks
            bold = re.search(r"font-weight:(bold|700)", looks)
            wide = measure(text.text or "", float(size[1]), "bold" if bold else "normal")
            place = text.get("transform", "")
            if "rotate(-90" in place:
                continue
            moved = re.search(r"translate\(([-\d.]+)", place)
            x = float(moved[1]) if moved else float(text.get("x", "nan"))
            anchor = re.search(r"text-anchor:(\w+)", looks)
            left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor[1] if anchor else "start"] * wide
            assert left > -1, text.text
            assert left + wide < WIDTH + 1, text.text


@pytest.mark.parametrize(("least", "most"), [(0, 9e5), (0, 2e6), (0, 3e7), (-4e4, 0), (-2e6, 0)])
def test_ticks_beside_the_leftmost_panel_end_within_the_page(least: float, most: float) -> None:
    """A page shows nothing left of its figure: of 1,500,000 it would show 500,000."""
    days = np.arange(np.datetime64("2027-01-15"), np.datetime64("2027-04-15"))
    bands = {p: np.full(days.size, least + p * (most - least)) for p in (0.0, 0.5, 1.0)}
    figure = f.Fan(**TEXTS, panels=[f.FanPanel(title=name, unit="t", x=days, bands=bands) for name in ("a", "b")])
    beside = [text for text in texts_of(draw(figure).inline) if "text-anchor:end" in text.get("style", "")]
    assert len(beside) > 4
    assert all(float(text.get("x", "nan")) - measure(text.text or "", 8.5) > -1 for text in beside)


@pytest.mark.parametrize("n", range(KINDS))
def test_hostile_labels_are_text_and_nothing_else(examples: dict[str, Any], n: int) -> None:
    drawing = draw(examples["hostile_figures"]()[n])
    for svg in (drawing.svg, drawing.inline):
        root = ElementTree.fromstring(svg)
        assert {e.tag for e in root.iter()} <= {f"{SVG}{tag}" for tag in TAGS}
        assert not [key for e in root.iter() for key in e.attrib if key.lower().startswith("on")]
        links = [e.get("{http://www.w3.org/1999/xlink}href", "#") for e in root.iter()]
        assert all(link.startswith(("#", "data:image/png;base64,")) for link in links)
        said = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
        assert not any(char in said for char in "\u202e\u202c\x07\x00\x1b\n")
    if n != 7:
        assert any("<script>" in (t.text or "") or "frac{1}" in (t.text or "") for t in texts_of(drawing.svg))


def test_boxes_and_links_of_a_diagram_tell_their_words_in_full() -> None:
    long = "a body of which nobody can say in three short lines what it is for or why it meets at all"
    nodes = [f.DiagramNode("a", long, "driver", 0), f.DiagramNode("b", "B & sons", "pace", 1)]
    figure = f.Diagram(**TEXTS, nodes=nodes, edges=[f.DiagramEdge("a", "b", "war", -1)])
    for svg in (draw(figure).svg, draw(figure).inline):
        told = {e.text for e in ElementTree.fromstring(svg).iter(f"{SVG}title")}
        assert {long, "B & sons", f"{long} slows B & sons (war)"} <= told


def test_a_long_entry_of_a_legend_goes_on_below_itself() -> None:
    words = "first people sent, or the registration of a medicine by the other side"
    panels = [
        f.LinePanel(title="t", x=["2026-02-27", "2027-02-27"], series=[words, "other"], values=np.zeros((2, 2)))
        for _ in range(3)
    ]
    said = " ".join(t.text or "" for t in texts_of(draw(f.Lines(**TEXTS, panels=panels)).svg))
    assert "…" not in said
    for word in words.split():
        assert word in said


@pytest.mark.parametrize("most", ["", "no assumption has a spread: there is nothing to be ignorant of"])
def test_a_headline_and_what_lies_inside_it_are_never_cut(most: str) -> None:
    """What does not fit beside the name stands below it, and moves all that follows down."""
    row = f.ThreeWayRow(
        label="Agreements in substantive cooperation", value=0.62, noise=(0.5123, 0.7231), ignorance=(0.3, 1.4),
        chance=(0, 2), scale="number", chance_text=most, bound=True,
    )  # fmt: skip
    second = replace(row, label="Second")
    texts = texts_of(draw(f.ThreeWay(**TEXTS, rows=[row, second])).svg)
    said = [text.text or "" for text in texts]
    assert "…" not in "".join(said)
    # the number ends its name: a narrow window shows no more than the left of the drawing
    assert {f"{row.label}: 0.6", "Second: 0.6"} <= set(said)
    assert any(text.endswith(most) and text.startswith("noise 0.5–0.7 ·") for text in said)
    tall = [ElementTree.fromstring(draw(f.ThreeWay(**TEXTS, rows=[x])).svg).get("viewBox") for x in (row, second)]
    assert (tall[0] == tall[1]) == (not most)


def test_noise_is_told_with_the_digits_of_the_number_it_belongs_to() -> None:
    row = f.ThreeWayRow(label="l", value=0.306, noise=(0.293, 0.3069), ignorance=(0.2, 0.5))
    said = [text.text or "" for text in texts_of(draw(f.ThreeWay(**TEXTS, rows=[row])).svg)]
    assert "l: 30.6%" in said
    assert "noise 29.3–30.7% · ignorance 20–50%" in said


@pytest.mark.parametrize(("columns", "told"), [(11, True), (41, False)])
def test_values_stand_above_columns_where_most_have_room(columns: int, told: bool) -> None:
    """A short one alone among forty would look as if it meant more than its neighbours."""
    values = np.where(np.arange(columns) == 3, 0.081, 0.149)
    figure = f.Columns(
        **TEXTS, labels=list(map(str, range(columns))), values=values, low=values - 0.012, high=values + 0.012
    )
    said = [text.text or "" for text in texts_of(draw(figure).svg)]
    assert ("8%" in said) is told


def test_both_of_a_pair_are_named_however_long_they_are() -> None:
    long = "Acuerdo marco de cooperación económica, técnica y científica para"
    names = {"rows": [f"{long} el agua", "Railway"], "partners": [f"{long} la escuela", "school"]}
    value = np.array([[0.4], [0.3]])
    figure = f.Intervals(**TEXTS, **names, value=value, low=value - 0.1, high=value + 0.1)
    said = [text.text or "" for text in texts_of(draw(figure).svg)]
    assert "Railway and school" in said
    joined = " ".join(said)
    assert f"{long} el agua and {long} la escuela" in joined


def test_names_inside_two_drawings_never_meet_and_all_lead_somewhere(examples: dict[str, Any]) -> None:
    seen: set[str] = set()
    for figure in examples["all_figures"]():
        root = ElementTree.fromstring(draw(figure).inline)
        ids = {e.get("id", "") for e in root.iter()} - {""}
        assert all(identity.startswith(f"{figure.name}-") for identity in ids)
        assert not ids & seen
        seen |= ids
        values = [value for e in root.iter() for value in e.attrib.values()]
        used = {found for value in values for found in re.findall(r"url\(#([^)]+)\)", value)}
        used |= {value[1:] for value in values if value.startswith("#") and not re.fullmatch("#[0-9a-f]{6}", value)}
        assert used == ids
    assert seen


def test_a_drawing_at_a_prompt_is_told_by_its_size(examples: dict[str, Any]) -> None:
    drawing = draw(examples["class_bars"]())
    assert repr(drawing) == f"<Drawing: {len(drawing.svg):,} bytes of SVG, {len(drawing.png):,} of PNG>"


def test_inline_colours_follow_the_page(examples: dict[str, Any]) -> None:
    drawing = draw(examples["class_bars"]())
    assert "var(--ink)" in drawing.inline
    assert "#1b1f23" not in drawing.inline
    assert b"var(" not in drawing.svg


PROBE = """
import hashlib, runpy, sys
from pactrisk.figures import draw
examples = runpy.run_path(sys.argv[1])
for make in ("class_bars", "drivers", "diagram", "density"):
    drawing = draw(examples[{"drivers": "fan"}.get(make, make)]())
    print(hashlib.sha256(drawing.svg + drawing.png + drawing.inline.encode()).hexdigest())
"""


def test_the_same_figure_gives_the_same_bytes_in_another_process(examples: dict[str, Any]) -> None:
    here = [draw(examples[make]()) for make in ("class_bars", "fan", "diagram", "density")]
    hashes = [hashlib.sha256(d.svg + d.png + d.inline.encode()).hexdigest() for d in here]
    path = str(Path(__file__).with_name("examples.py"))
    import pactrisk

    root = str(Path(pactrisk.__file__).parents[1])
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": root}
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, path], capture_output=True, text=True, env=environment, check=True
    )
    assert ran.stdout.split() == hashes


NAN = np.full((1, 1), np.nan)
DAY = ["2026-02-27"]
EDGES = {"ceremony_edges": [0, 1], "delivery_edges": [0, 1]}
NOWHERE = {"label": "l", "value": np.nan, "noise": (np.nan, 1), "ignorance": (0, np.inf), "scale": "number"}


@pytest.mark.parametrize(
    "make",
    [
        lambda: f.StackedBars(**TEXTS, rows=[], segments=["a"], values=np.zeros((0, 1))),
        lambda: f.StackedBars(**TEXTS, rows=["r"], segments=["a", "b"], values=np.array([[0.0, np.nan]])),
        lambda: f.Intervals(**TEXTS, rows=["r"], value=NAN, low=NAN, high=NAN),
        lambda: f.Intervals(**TEXTS, rows=["r"], value=NAN + np.inf, low=NAN, high=NAN, scale="number", unit="t"),
        lambda: f.Intervals(**TEXTS, rows=["r"], value=NAN * 0 + 5, low=NAN, high=NAN, scale="difference"),
        lambda: f.Columns(**TEXTS, labels=["0"], values=np.array([np.nan])),
        lambda: f.Columns(**TEXTS, labels=list(map(str, range(200))), values=np.zeros(200)),
        lambda: f.Fan(**TEXTS, panels=[f.FanPanel(title="t", x=DAY, bands={0.5: [70.0]})]),
        lambda: f.Fan(**TEXTS, panels=[f.FanPanel(title="t", x=DAY, bands={0.1: [np.nan], 0.9: [np.nan]})]),
        lambda: f.Fan(**TEXTS, panels=[]),
        lambda: f.StackedArea(**TEXTS, panels=[f.AreaPanel(title="t", x=DAY, series=["a"], shares=[[1.0]])]),
        lambda: f.Lines(**TEXTS, panels=[f.LinePanel(title="t", x=DAY, series=["a"], values=NAN, low=NAN, high=NAN)]),
        lambda: f.Density(**TEXTS, panels=[f.DensityPanel(title="t", **EDGES, mass=[[0]])]),
        lambda: f.Diagram(**TEXTS, nodes=[f.DiagramNode("a", "A", "k", 3)], edges=[f.DiagramEdge("a", "a", sign=1)]),
        lambda: f.ThreeWay(**TEXTS, rows=[f.ThreeWayRow(label="l", value=0.0, noise=(0, 0), ignorance=(0, 0))]),
        lambda: f.ThreeWay(**TEXTS, rows=[f.ThreeWayRow(**NOWHERE)]),
    ],
)  # fmt: skip
def test_little_or_nothing_to_draw_draws(make: Callable[[], f.Figure]) -> None:
    assert draw(make()).svg


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="Figure"):
        draw(f.Figure(**TEXTS))


def test_what_is_drawn_is_what_is_given(examples: dict[str, Any]) -> None:
    """Lengths in the drawing are the shares: segments of one row, read back from the file."""
    bars = replace(
        examples["class_bars"](), rows=("only",), values=[[0.5, 0.3, 0.2, 0, 0, 0, 0, 0]], low=None, high=None
    )
    root = ElementTree.fromstring(draw(bars).svg)
    widths = {}
    for path in root.iter(f"{SVG}path"):
        for name, colour in (("substantive", "#16697a"), ("partial", "#63b3b5"), ("token", "#e6c56c")):
            if f"fill:{colour}" in path.get("style", ""):
                xs = [float(v) for v in path.get("d", "").replace("z", "").split() if v not in "ML"][::2]
                widths[name] = max(widths.get(name, 0.0), max(xs) - min(xs))
    total = sum(widths.values())
    assert [round(widths[k] / total, 3) for k in ("substantive", "partial", "token")] == [0.5, 0.3, 0.2]
