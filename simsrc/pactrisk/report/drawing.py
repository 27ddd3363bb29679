"""Figures drawn beside the rest of a report, by other processes where there may be any."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

from pactrisk.children import Crew
from pactrisk.figures import Drawing, draw
from pactrisk.findings import Figure

__all__ = ["Drawings", "drawing"]

_FEW = 8
"""So few figures are drawn before a process could begin."""


@dataclass(frozen=True)
class Drawings(Mapping[str, Drawing]):
    """Figures by name, each drawn at the latest when it is asked for; the same whoever draws it."""

    figures: Mapping[str, Figure]
    crew: Crew | None = None
    begun: Mapping[str, Future[Drawing]] = field(default_factory=dict)
    """What others draw, or will."""
    _drawn: dict[str, Drawing] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Drawing:
        while name not in self._drawn:
            other = self.begun.get(name)
            if other is None or other.cancel() or other.cancelled():
                self._draw(name)
            elif other.done() or not self._draw_another():
                self._drawn[name] = self._handed(name, other)
        return self._drawn[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self.figures)

    def _draw(self, name: str) -> None:
        self._drawn[name] = draw(self.figures[name])

    def _draw_another(self) -> bool:
        """Draw one that nobody has begun, from the end, where the others come last; False where there is none."""
        for name, other in reversed(tuple(self.begun.items())):
            if name not in self._drawn and other.cancel():
                self._draw(name)
                return True
        return False

    def _handed(self, name: str, other: Future[Drawing]) -> Drawing:
        assert self.crew is not None
        try:
            self.crew.wait_for(other)
            return other.result()
        except (BrokenProcessPool, OSError):
            # who drew it is lost, most likely to a lack of memory
            return draw(self.figures[name])


@contextlib.contextmanager
def drawing(figures: Sequence[Figure], workers: int, crew: Crew | None = None) -> Iterator[Drawings]:
    """Begin to draw, in so many processes with this one: those of the ``crew``, if there is one."""
    named = {figure.name: figure for figure in figures}
    if workers < 2 or len(figures) < _FEW:
        yield Drawings(named)
        return
    with contextlib.nullcontext(crew) if crew is not None else Crew() as beside:
        begun: dict[str, Future[Drawing]] = {}
        with contextlib.suppress(BrokenProcessPool, OSError):
            beside.of(workers - 1)
            for name, figure in named.items():
                begun[name] = beside.send(draw, figure)
        yield Drawings(named, beside, begun)
