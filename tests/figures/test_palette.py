"""Classes are told apart without colour, and text on them can be read."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from pactrisk.figures.palette import ON_DARK, fill_of, ink_on, lightness, line_of

CLASSES = ("substantive", "partial", "token", "pending", "symbolic", "dormant", "reversed", "absent")
SERIES = tuple(f"series {n}" for n in range(8))


def contrast(one: str, other: str) -> float:
    lum = [((lightness(c) + 16) / 116) ** 3 if lightness(c) > 8 else lightness(c) / 903.3 for c in (one, other)]
    return (max(lum) + 0.05) / (min(lum) + 0.05)


def test_lightness_of_known_greys() -> None:
    assert lightness("#000000") == pytest.approx(0)
    assert lightness("#ffffff") == pytest.approx(100)
    assert lightness("#777777") == pytest.approx(50.03, abs=0.05)


@pytest.mark.parametrize("names", [CLASSES, SERIES])
def test_neighbours_differ_in_grey(names: tuple[str, ...]) -> None:
    fills = [fill_of(name, n) for n, name in enumerate(names)]
    for one, other in pairwise(fills):
        apart = abs(lightness(one.colour) - lightness(other.colour))
        assert apart >= 8 or one.hatch != other.hatch, (one, other)


def test_any_two_classes_differ_in_grey_or_in_hatching() -> None:
    for one, other in combinations([fill_of(name, 0) for name in CLASSES], 2):
        assert abs(lightness(one.colour) - lightness(other.colour)) >= 4 or one.hatch != other.hatch, (one, other)


@pytest.mark.parametrize("name", [*CLASSES, *SERIES])
def test_text_on_a_segment_can_be_read(name: str) -> None:
    for n in range(8):
        colour = fill_of(name, n).colour
        assert contrast(colour, ink_on(colour)) >= 4.5


@pytest.mark.parametrize("name", [*CLASSES, *SERIES])
def test_lines_stand_out_on_light_and_dark_pages(name: str) -> None:
    for n in range(8):
        colour = line_of(name, n)
        assert contrast(colour, "#ffffff") >= 2.3
        assert contrast(ON_DARK[colour][1], "#15191d") >= 3


def test_classes_keep_their_colour_wherever_they_stand() -> None:
    assert {fill_of("symbolic", n) for n in range(9)} == {fill_of("symbolic", 0)}
    assert fill_of("a state", 0) != fill_of("a state", 8), "the ninth series is told from the first by its hatch"
