"""Values stand where a plane says, and labels where Matplotlib's own text would."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from pactrisk.figures.label import Label
from pactrisk.figures.plane import Plane

TALL, WIDE = 3.0, 4.0
VALUES = st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))


def plane(across: tuple[float, float], up: tuple[float, float]) -> Plane:
    """Of 100 by 50 points, its top left corner 30 and 40 points from that of the sheet."""
    return Plane(Figure(figsize=(WIDE, TALL), dpi=72), (30, 40, 100, 50), across, up)


def artists(made: Plane, kind: type[Any]) -> list[Any]:
    return [artist for artist in made._sheet.artists if isinstance(artist, kind)]


def drawn(figure: Figure) -> Any:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


@given(VALUES, VALUES, st.floats(-0.5, 1.5), st.floats(-0.5, 1.5), st.booleans())
def test_values_stand_where_the_plane_says(
    across: tuple[float, float], up: tuple[float, float], x: float, y: float, down: bool
) -> None:
    left, right = across[0], across[0] + across[1]
    bottom, top = up[0], up[0] + up[1]
    if down:
        bottom, top = top, bottom
    made = plane((left, right), (bottom, top))
    place = left + x * (right - left), bottom + y * (top - bottom)
    made.line(*([value] for value in place))
    (line,) = artists(made, Line2D)
    # of a sheet of 72 dots to an inch a dot is a point, counted from the bottom
    dots = line.get_transform().transform(place)
    assert made.x_of(place[0]) == pytest.approx(dots[0], abs=1e-4)
    assert made.y_of(place[1]) == pytest.approx(72 * TALL - dots[1], abs=1e-4)
    assert dots == pytest.approx((30 + 100 * x, 72 * TALL - 90 + 50 * y), abs=1e-4)


def test_what_is_drawn_moves_with_limits_set_later() -> None:
    made = plane((0, 1), (0, 1))
    made.line([0, 1], [5, 5])
    made.up = 0, 10
    (line,) = artists(made, Line2D)
    assert line.get_transform().transform((0.5, 5)) == pytest.approx((80, 72 * TALL - 65))
    assert (made.up, made.across) == ((0, 10), (0, 1))


def test_what_leaves_the_plane_is_cut_unless_it_may() -> None:
    for clip in (True, False):
        made = plane((0, 1), (0, 1))
        made.line([-1, 2], [0.5, 0.5], clip=clip, color="black", linewidth=3)
        dark = np.nonzero((drawn(made._sheet)[..., 0] < 128).any(axis=0))[0]
        assert (dark[0] >= 30, dark[-1] <= 129) == (clip, clip)


def test_a_band_ends_where_nothing_is_known() -> None:
    made = plane((0, 5), (0, 1))
    low = np.array([0.1, 0.1, np.nan, 0.1, 0.1, 0.1])
    made.band(np.arange(6.0), low, low + 0.5, "black", 1.0)
    (band,) = artists(made, PolyCollection)
    assert [sorted(set(path.vertices[:, 0])) for path in band.get_paths()] == [[0, 1], [3, 4, 5]]
    dark = (drawn(made._sheet)[..., 0] < 128)[:, 30:130]
    # from 0.1 to 0.6 of a height of 50 points, over three of five parts of the width
    assert dark.sum() == pytest.approx(25 * 60, rel=0.05)
    assert not dark[:, 25:55].any()


def test_straight_lines_reach_from_edge_to_edge() -> None:
    made = plane((10, 20), (1, 3))
    made.level(2)
    made.upright(12)
    made.segments(([10, 12], [14, 20]), (1, [2, 3]))
    level, upright = artists(made, Line2D)
    assert (tuple(level.get_xdata()), tuple(level.get_ydata())) == ((10, 20), (2, 2))
    assert (tuple(upright.get_xdata()), tuple(upright.get_ydata())) == ((12, 12), (1, 3))
    (segments,) = artists(made, LineCollection)
    assert [part.tolist() for part in segments.get_segments()] == [[[10, 1], [14, 2]], [[12, 1], [20, 3]]]


@pytest.mark.parametrize("angle", [0, 90])
@pytest.mark.parametrize("ha", ["left", "center", "right"])
def test_a_label_is_the_text_that_matplotlib_draws(ha: str, angle: float) -> None:
    def written(kind: type[Text]) -> Any:
        figure = Figure(figsize=(WIDE, TALL), dpi=144)
        looks = {"ha": ha, "va": "baseline", "rotation": angle, "rotation_mode": "anchor", "color": "red"}
        figure.add_artist(kind(0.47, 0.53, "Ägyptisch, qualified", **looks))
        return drawn(figure)

    ours, theirs = written(Label), written(Text)
    assert (theirs != 255).any()
    np.testing.assert_array_equal(ours, theirs)
