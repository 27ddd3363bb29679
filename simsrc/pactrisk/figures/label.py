"""One line of text on a sheet."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.artist import allow_rasterization
from matplotlib.backend_bases import RendererBase
from matplotlib.text import Text

__all__ = ["Label"]

_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}
"""Share of its width that stands before the place of a text."""


class Label(Text):
    """A line of text on its baseline, turned about its place.

    Matplotlib would lay it out anew as a paragraph each time, which takes longer than to draw it.
    """

    @allow_rasterization  # type: ignore[untyped-decorator]
    def draw(self, renderer: RendererBase, *_: Any, **__: Any) -> None:
        """Draw it from where its width says that it begins."""
        words, font, angle = self.get_text(), self.get_fontproperties(), self.get_rotation()
        if not words:
            return
        x, y = self.get_transform().transform(self.get_unitless_position())
        before = _BEFORE[str(self.get_horizontalalignment())]
        if before:
            wide = before * renderer.get_text_width_height_descent(words, font, False)[0]
            x, y = x - wide * math.cos(math.radians(angle)), y - wide * math.sin(math.radians(angle))
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        renderer.open_group("text", self.get_gid())
        looks = renderer.new_gc()
        looks.set_foreground(self.get_color())
        renderer.draw_text(looks, x, y, words, font, angle, False, self)
        looks.restore()
        renderer.close_group("text")
