"""Processes that this one starts: they end with it, and leave Ctrl-C to it."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from multiprocessing import parent_process
from multiprocessing.connection import wait as wait_for

__all__ = ["deaf", "end_with_parent"]


def end_with_parent() -> None:
    """A worker whose parent is killed would wait for it for ever, and hold its memory and its terminal."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait_for([parent.sentinel])
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


@contextlib.contextmanager
def deaf() -> Iterator[None]:
    """Processes begun within this never hear Ctrl-C, which a terminal sends to all: this process tells them to end."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
