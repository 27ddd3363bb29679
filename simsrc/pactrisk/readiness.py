"""Whether the engine's loops are compiled already: the first run of an installation waits for that, and says so."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pactrisk import kernels
from pactrisk.later import special
from pactrisk.study import Study

__all__ = ["FURTHER", "WAITING", "Compiling", "first_time", "load_engine", "make_ready", "noticed"]

WAITING = "compiling the engine, once for this installation: about half a minute"
FURTHER = "compiling parts of the engine that no run before needed: up to half a minute"


@dataclass
class Compiling:
    """How long loops were compiled in this process."""

    seconds: float = 0.0


def _mark() -> Path | None:
    """A file beside the kept machine code; None where no folder takes any, and every process compiles for itself."""
    folder = kernels.compilation.kept_in(kernels.draws.uniforms)
    return Path(folder) / f"made-{kernels.compilation.stamp()}" if folder else None


def first_time() -> bool:
    """Whether the loops have yet to be compiled."""
    mark = _mark()
    return mark is None or not mark.is_file()


def make_ready(study: Study) -> None:
    """Compile all that the study calls, by its first block: workers then find it made."""
    study.first_block()
    mark = _mark()
    if mark is not None:
        try:
            mark.touch()
        except OSError:
            return


@contextlib.contextmanager
def noticed(note: Callable[[str], None] | None) -> Iterator[Compiling]:
    """Within this it is counted how long loops are compiled in this process; ``note`` is told so when that begins.

    A world may need loops that the first run of the installation did not call. Other processes compile them as well,
    at the same time.
    """
    spent, told, began = Compiling(), False, 0.0

    def begins() -> None:
        nonlocal told, began
        began = time.perf_counter()
        if note is not None and not told:
            told = True
            note(FURTHER)

    def ends() -> None:
        spent.seconds += time.perf_counter() - began

    with kernels.compilation.watched(begins, ends):
        yield spent


def load_engine() -> None:
    """Load all that simulates, so that the first block need not wait for it. Nothing is compiled."""
    for name in kernels.__all__:
        getattr(kernels, name)
    special.ndtr(0.0)
    if not first_time():
        # with the first loop that is called Numba loads what it knows of every type
        kernels.draws.uniforms(np.zeros(5, dtype=np.uint64), 0, np.empty(1))
