"""Being asked to stop: by Ctrl-C, or by the system."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from types import FrameType

__all__ = ["SIGNALS", "at_once", "between_blocks", "number_of"]

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Ctrl-C, and what a system sends that wants its processes to end, or whose terminal is closed."""
_CURSOR = b"\x1b[?25h"
"""Shows the cursor that a progress bar hides."""


def at_once(number: int, _frame: FrameType | None) -> None:
    """A handler: what runs is left where it is, and everything on the way out tidied up.

    Raises
    ------
    KeyboardInterrupt : always; it holds the number of the signal.
    """
    raise KeyboardInterrupt(number)


def number_of(stop: BaseException) -> int:
    """The number of the signal that stopped a command; that of Ctrl-C where it is not known."""
    while not isinstance(stop, KeyboardInterrupt) and stop.__cause__ is not None:
        stop = stop.__cause__
    return stop.args[0] if stop.args and isinstance(stop.args[0], int) else signal.SIGINT


def _say(sentence: bytes) -> None:
    """A sentence on standard error; a terminal that is closed takes none, and is given nothing more."""
    try:
        # a handler may have come between two halves of a print
        os.write(2, sentence)
    except OSError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


@contextlib.contextmanager
def between_blocks(quiet: bool) -> Iterator[Callable[[], int]]:
    """Within this a first signal is only taken down, so that a run can stop between two blocks; a second ends at once.

    Yields what tells the number of the signal that came, 0 while none did.
    """
    from pactrisk.children import leave_none

    came = 0

    def take_down(number: int, _frame: FrameType | None) -> None:
        nonlocal came
        if came:
            with contextlib.suppress(OSError):
                if os.isatty(2):
                    os.write(2, _CURSOR)
            leave_none()
            os._exit(128 + number)
        came = number
        _say(b"" if quiet else b"\nstopping as soon as a block is done; once more ends at once\n")

    # who is told to be deaf to Ctrl-C (in the background, under nohup) stays so
    before = {number: signal.getsignal(number) for number in SIGNALS}
    heard = [number for number in SIGNALS if before[number] is not signal.SIG_IGN]
    for number in heard:
        signal.signal(number, take_down)
    try:
        yield lambda: came
    finally:
        # a second one ends at once on the way out too
        for number in heard if not came else ():
            signal.signal(number, before[number])
