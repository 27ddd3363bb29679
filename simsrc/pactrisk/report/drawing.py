"""Figures drawn beside the rest of a report, by other processes where there may be any."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeAlias

from pactrisk.ensemble.children import await_one, deaf, end_with_parent, pool_of
from pactrisk.figures import Drawing, draw
from pactrisk.findings import Figure

__all__ = ["drawing"]

Drawings: TypeAlias = dict[str, Drawing]

_FEW = 8
"""So few figures are drawn before a process could begin."""


@contextlib.contextmanager
def drawing(figures: Sequence[Figure], workers: int) -> Iterator[Callable[[], Drawings]]:
    """Begin to draw; what is yielded draws what no other process has begun, and returns all by name.

    A figure is the same whoever draws it. Without other processes nothing is drawn before it is asked for.
    """
    if workers < 2 or len(figures) < _FEW:
        yield lambda: {figure.name: draw(figure) for figure in figures}
        return
    with pool_of(workers - 1, end_with_parent) as pool:
        with deaf():
            begun = [pool.submit(draw, figure) for figure in figures]
        yield lambda: _all(pool, figures, begun)


def _all(pool: ProcessPoolExecutor, figures: Sequence[Figure], begun: Sequence[Future[Drawing]]) -> Drawings:
    # from the end, where the others have not come yet
    ours = {
        figure.name: draw(figure)
        for figure, other in reversed(list(zip(figures, begun, strict=True)))
        if other.cancel()
    }
    return {
        figure.name: ours[figure.name] if figure.name in ours else _handed(pool, figure, other)
        for figure, other in zip(figures, begun, strict=True)
    }


def _handed(pool: ProcessPoolExecutor, figure: Figure, other: Future[Drawing]) -> Drawing:
    try:
        await_one(pool, other)
        return other.result()
    except (BrokenProcessPool, OSError):
        # who drew it is lost, most likely to a lack of memory
        return draw(figure)
