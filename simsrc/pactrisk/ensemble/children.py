"""Processes that this one starts: they end with it, and leave Ctrl-C to it."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from multiprocessing import parent_process
from multiprocessing.connection import wait as wait_for
from typing import Any

__all__ = ["await_one", "deaf", "end_if_one_is_lost", "end_with_parent"]

_PATIENCE = 2.0
"""Seconds after which it is asked whether who is waited for is alive."""


def await_one(pool: ProcessPoolExecutor, future: Future[Any]) -> None:
    """Wait until a process of the pool has done its task, or the pool is told that one of them is lost."""
    while not wait([future], timeout=_PATIENCE).done:
        end_if_one_is_lost(pool)


def end_if_one_is_lost(pool: ProcessPoolExecutor) -> None:
    """End every process of a pool of which one has died.

    One that is killed while it hands over leaves half a message, and as long as anyone holds the pipe open for writing,
    this process too, the pool would wait for its rest for ever.
    """
    processes = list((pool._processes or {}).values())
    if not all(process.is_alive() for process in processes):
        for process in processes:
            process.kill()
        queue: Any = pool._result_queue
        with contextlib.suppress(AttributeError, OSError):
            queue._writer.close()


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
