"""Being asked to stop: by Ctrl-C, or by the system."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from pactrisk.cli.silence import print_no_more

__all__ = ["SIGNALS", "at_once", "between_blocks", "number_of", "report_told", "stop_behind"]

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Ctrl-C, and what a system sends that wants its processes to end, or whose terminal is closed."""
_CURSOR = b"\x1b[?25h"
"""Shows the cursor that a progress bar hides."""


def at_once(number: int, _frame: FrameType | None) -> None:
    """A handler: what runs is left where it is, and everything on the way out tidied up, unless a second one comes.

    Raises
    ------
    KeyboardInterrupt : always; it holds the number of the signal.
    """
    for each in SIGNALS:
        if signal.getsignal(each) is at_once:
            signal.signal(each, _end)
    raise KeyboardInterrupt(number)


def stop_behind(error: BaseException | None) -> KeyboardInterrupt | None:
    """The stop that an error came of, if one did: who tidies up in the middle of something may stumble."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error


def number_of(stop: BaseException) -> int:
    """The number of the signal that stopped a command; that of Ctrl-C where it is not known."""
    first = stop_behind(stop)
    given = first.args if first is not None else ()
    return given[0] if given and isinstance(given[0], int) else signal.SIGINT


def _end(number: int, _frame: FrameType | None) -> None:
    from pactrisk.children import leave_none

    with contextlib.suppress(OSError):
        if os.isatty(2):
            os.write(2, _CURSOR)
    leave_none()
    os._exit(128 + number)


def _say(sentence: bytes) -> None:
    """A sentence on standard error; a terminal that is closed takes none, and is given nothing more."""
    try:
        # a handler may have come between two halves of a print
        os.write(2, sentence)
    except OSError:
        print_no_more(sys.stderr)


@contextlib.contextmanager
def between_blocks(quiet: bool) -> Iterator[Callable[[], int]]:
    """Within this a first signal is only taken down, so that a run can stop between two blocks; a second ends at once.

    Yields what tells the number of the signal that came, 0 while none did.
    """
    came = 0

    def take_down(number: int, frame: FrameType | None) -> None:
        nonlocal came
        if came:
            _end(number, frame)
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


@contextlib.contextmanager
def report_told(folder: Path) -> Iterator[Callable[[], None]]:
    """Within this a stop that comes when the report is in its place in ``folder`` is told so.

    Yields what is called once nobody else writes there, before the report is.

    Raises
    ------
    Stopped : where that is so.
    """
    before: list[object] = []
    try:
        yield lambda: before.append(_which(folder))
    except BaseException as error:
        from pactrisk.errors import Stopped

        stopped = isinstance(error, Stopped) or stop_behind(error) is not None
        if not stopped or not before or _which(folder) in (*before, None):
            raise
        number = error.number if isinstance(error, Stopped) else number_of(error)
        raise Stopped(number, 0, f"stopped; the report is written: {folder / 'index.html'}") from None


def _which(folder: Path) -> object:
    """What tells the folder at a path from another that is put there; None where there is none."""
    try:
        seen = folder.stat()
    except OSError:
        return None
    return seen.st_dev, seen.st_ino
