"""Whether the engine's loops are compiled already: the first run of an installation waits for that, and says so."""

from __future__ import annotations

from pathlib import Path

from pactrisk import kernels
from pactrisk.study import Study

__all__ = ["WAITING", "first_time", "make_ready"]

WAITING = "compiling the engine, once for this installation: about half a minute"


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
