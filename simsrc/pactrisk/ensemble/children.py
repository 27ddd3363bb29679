"""Processes that this one starts: they end with it, and leave Ctrl-C to it."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for
from multiprocessing.process import BaseProcess
from typing import Any

__all__ = ["await_one", "deaf", "end_with_parent", "pool_of"]

_PATIENCE = 2.0
"""Seconds after which it is asked whether who is waited for is alive."""


@contextlib.contextmanager
def pool_of(count: int, begin: Callable[..., None], *given: object) -> Iterator[ProcessPoolExecutor]:
    """As many processes, each of which begins with ``begin(*given)``; what nobody waits for is dropped at the end."""
    pool = ProcessPoolExecutor(count, get_context("spawn"), begin, given)
    try:
        yield pool
    finally:
        # a pool that is shut down forgets them
        processes, queue = _processes(pool), pool._result_queue
        manager: Any = pool._executor_manager_thread
        pool.shutdown(wait=False, cancel_futures=True)
        while manager is not None and manager.is_alive():
            _end_if_one_is_lost(processes, queue)
            manager.join(_PATIENCE)


def await_one(pool: ProcessPoolExecutor, future: Future[Any]) -> None:
    """Wait until a process of the pool has done its task, or the pool is told that one of them is lost."""
    while not wait([future], timeout=_PATIENCE).done:
        _end_if_one_is_lost(_processes(pool), pool._result_queue)


def _processes(pool: ProcessPoolExecutor) -> list[BaseProcess]:
    return list((pool._processes or {}).values())


def _end_if_one_is_lost(processes: list[BaseProcess], queue: Any) -> None:
    """End every process of a pool of which one has died.

    One that is killed while it hands over leaves half a message, and as long as anyone holds the pipe open for writing,
    this process too, the pool would wait for its rest for ever.
    """
    if not all(process.is_alive() for process in processes):
        for process in processes:
            process.kill()
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
