"""From what Matplotlib writes to an SVG that can live inside a page.

Text stays text: it can be read aloud, searched and copied, and needs a tenth of the bytes of outlines.
Names inside are made unique by the figure's own, since two drawings in one page share one space of
names; names that nothing refers to are dropped.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from itertools import pairwise
from xml.etree import ElementTree

from pactrisk.figures.palette import FAINT, HINT, INK, MUTED, ON_DARK, PAPER
from pactrisk.findings import plain

__all__ = ["both"]

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
_VARIABLES = {INK: "var(--ink)", MUTED: "var(--muted)", FAINT: "var(--faint)", PAPER: "var(--paper)"}
_VARIABLES |= {light: f"var({name},{light})" for light, (name, _) in ON_DARK.items()}
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_LONG = 1000
_STRAIGHT = re.compile(r"(?:M( -?[\d.]+){2}(?: L( -?[\d.]+){2})*(?: z)? ?)+")
_FONT = re.compile(r"font: (?:(\w+) )?([\d.]+px) [^;]*")
_FAMILY = re.compile(r"font-family: [^;]*;? ?")
_COLOUR = re.compile("|".join(_VARIABLES))

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def both(raw: bytes, name: str, title: str, alt: str) -> tuple[bytes, str]:
    """A file of its own, and a part of a page."""
    root = _cleaned(raw, name)
    return _standalone(copy.deepcopy(root), title, alt), _inline(root, alt)


def _standalone(root: ElementTree.Element, title: str, alt: str) -> bytes:
    """On white paper, in plain colours, with a title and a description."""
    root.set("font-family", _FONTS)
    root.set("role", "img")
    _, _, width, height = root.get("viewBox", "0 0 0 0").split()
    paper = ElementTree.Element(f"{{{_SVG}}}rect", {"width": width, "height": height, "fill": "#ffffff"})
    root.insert(0, paper)
    for tag, text in (("desc", alt), ("title", title)):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}")
        element.text = plain(text)
        root.insert(0, element)
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _inline(root: ElementTree.Element, alt: str) -> str:
    """No paper, colours from the page's variables, font from the page."""
    for key in ("width", "height"):
        root.attrib.pop(key, None)
    root.set("role", "img")
    root.set("aria-label", plain(alt))
    for element in root.iter():
        for key in ("style", "fill", "stroke"):
            if key in element.attrib:
                element.set(key, _COLOUR.sub(lambda found: _VARIABLES[found[0]], element.attrib[key]))
    return ElementTree.tostring(root, encoding="unicode")


def _cleaned(raw: bytes, name: str) -> ElementTree.Element:
    root = ElementTree.fromstring(raw)
    # Matplotlib's style sheet would reach beyond the drawing once that is part of a page.
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"}:
                parent.remove(child)
    for element in list(root.iter()):
        _tell(element)
    root.set("stroke-linejoin", "round")
    used = {found for e in root.iter() for value in e.attrib.values() for found in _REFERENCE.findall(value)}
    used |= {value[1:] for e in root.iter() if (value := e.get(_LINK, "")).startswith("#")}
    for element in root.iter():
        _rename(element, name, used)
        _shorten(element)
    _unwrap(root)
    return root


def _tell(element: ElementTree.Element) -> None:
    """What an id was made to carry becomes the words that a pointer resting there is shown."""
    if element.get("id", "").startswith(HINT):
        told = ElementTree.Element(f"{{{_SVG}}}title")
        told.text = plain(element.attrib.pop("id").removeprefix(HINT))
        element.insert(0, told)
        element.set("class", "hint")


def _shorten(element: ElementTree.Element) -> None:
    """Hundredths of a point are enough for any eye (tenths in a long curve), and half of the bytes."""
    if "d" in element.attrib:
        path = " ".join(element.attrib["d"].split())
        if len(path) > _LONG and _STRAIGHT.fullmatch(path):
            element.set("d", _stepwise(path))
        else:
            digits = 1 if len(path) > _LONG else 2
            element.set("d", _LONG_NUMBER.sub(lambda found: f"{round(float(found[0]), digits):g}", path))
    if "style" in element.attrib:
        # The reader's fonts, not the one that was measured with; Matplotlib before 3.10 writes them in one.
        style = _FONT.sub(lambda f: f"font-weight: {f[1] or 'normal'}; font-size: {f[2]}", element.attrib["style"])
        element.set("style", _FAMILY.sub("", style).replace("; ", ";").replace(": ", ":"))
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if not (element.text or "").strip():
        element.text = None
    element.tail = None


def _stepwise(path: str) -> str:
    """Straight lines told by the step to each next point, in tenths of a point: half the bytes of places."""
    said = []
    for line in path.split("M")[1:]:
        # rounded before they are subtracted, so that no step adds its error to those before
        at = [[round(10 * float(n)) for n in point.split()] for point in line.strip(" z").split("L")]
        steps = (here - before for one, two in pairwise(at) for before, here in zip(one, two, strict=True))
        said.append(f"M{_tenths(at[0])}l{_tenths(steps)}{'z' if 'z' in line else ''}")
    return "".join(said)


def _tenths(numbers: Iterable[int]) -> str:
    """Numbers in tenths, with nothing between them that a reader of paths can do without."""
    words = (f"{n / 10:g}".replace("0.", ".") if -10 < n < 10 else f"{n / 10:g}" for n in numbers)
    return " ".join(words).replace(" -", "-")


def _unwrap(parent: ElementTree.Element) -> None:
    """Groups that say nothing give way to what they hold."""
    held: list[ElementTree.Element] = []
    for child in parent:
        _unwrap(child)
        held += child if child.tag == f"{{{_SVG}}}g" and not child.attrib else [child]
    parent[:] = held


def _rename(element: ElementTree.Element, name: str, used: set[str]) -> None:
    identity = element.get("id")
    if identity is not None:
        if identity in used:
            element.set("id", f"{name}-{identity}")
        else:
            del element.attrib["id"]
    for key, value in list(element.attrib.items()):
        if key == _LINK and value.startswith("#"):
            element.set(key, f"#{name}-{value[1:]}")
        elif "url(#" in value:
            element.set(key, _REFERENCE.sub(rf"url(#{name}-\1)", value))
