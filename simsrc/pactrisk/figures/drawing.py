"""What a figure becomes when it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Drawing"]


@dataclass(frozen=True, repr=False)
class Drawing:
    """A figure drawn: ``svg`` and ``png`` are files (on white), ``inline`` an ``<svg>`` for a page that
    sets the variables ``--ink``, ``--muted``, ``--faint`` and ``--paper``."""

    svg: bytes
    png: bytes
    inline: str

    def __repr__(self) -> str:
        return f"<Drawing: {len(self.svg):,} bytes of SVG, {len(self.png):,} of PNG>"

    def _repr_png_(self) -> bytes:
        """What a notebook shows."""
        return self.png
