"""Processes that this one starts: they end with it, and leave to it what a terminal sends."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from multiprocessing import active_children, get_context, parent_process, util
from multiprocessing.connection import wait as wait_for
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

__all__ = ["Crew", "call", "leave_none"]

P = ParamSpec("P")
T = TypeVar("T")

_MOST = 61
"""Processes that Windows lets one wait for."""
_PATIENCE = 2.0
"""Seconds after which it is asked whether who is waited for is alive."""


class Crew:
    """Processes that do whatever they are sent, until the crew is left.

    One begins with the first task that none is idle for, so that a crew of which nothing is asked costs nothing. One
    may be sent a task before there is any work, and loads meanwhile what that will need.
    """

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._most = 0

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.dismiss()

    def of(self, most: int) -> None:
        """Be ``most`` processes at the most; a crew of another size, or that has lost somebody, is dismissed."""
        most = min(most, _MOST) if sys.platform == "win32" else most
        if self._pool is None or self._most != most or self._pool._broken:
            self.dismiss()
            with _deaf():
                # one that counts what they share begins with it
                self._pool = ProcessPoolExecutor(most, get_context("spawn"), _end_with_parent)
            self._most = most

    def send(self, task: Callable[P, T], *given: P.args, **named: P.kwargs) -> Future[T]:
        """A task that some process of the crew will do.

        Raises
        ------
        BrokenProcessPool : where one of them was lost.
        OSError : where none can begin.
        """
        assert self._pool is not None, "nobody said how many they are"
        with _deaf():
            return self._pool.submit(task, *given, **named)

    def each(self, task: Callable[[], object]) -> None:
        """Send a task once for each process that has begun; where one of them is lost, none does it."""
        with contextlib.suppress(BrokenProcessPool, OSError):
            for _ in self._processes():
                self.send(task)

    def wait_for(self, task: Future[Any]) -> None:
        """Wait until a task is done, or the crew is told that one of them is lost."""
        assert self._pool is not None
        while not wait([task], timeout=_PATIENCE).done:
            _end_if_one_is_lost(self._processes(), self._pool._result_queue)

    def call_off(self, tasks: Iterable[Future[Any]]) -> None:
        """Call off tasks, but for those that are under way."""
        sent = list(self._pool._pending_work_items.values()) if self._pool is not None else []
        called_off = {id(task) for task in tasks if task.cancel()}
        for item in sent:
            if id(item.future) in called_off:
                item.future = _CalledOff()

    def dismiss(self) -> None:
        """End every process, whatever it does: who waits for something has it by now."""
        pool, processes, self._pool = self._pool, self._processes(), None
        if pool is None:
            return
        # a pool that is shut down forgets them
        queue: Any = pool._result_queue
        manager: Any = pool._executor_manager_thread
        # what lies in the pipe to them nobody will read, and this process would wait for that at its end
        pool._call_queue.cancel_join_thread()  # type: ignore[attr-defined]
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        while manager is not None and manager.is_alive():
            _end_if_one_is_lost(processes, queue)
            manager.join(_PATIENCE)

    def _processes(self) -> list[BaseProcess]:
        return list((self._pool._processes or {}).values()) if self._pool is not None else []


class _CalledOff(Future[Any]):
    """In place of a task that is called off: where a process ends, a pool before Python 3.13 tells all that waits of
    it, and stumbles over what was cancelled.
    """

    def set_running_or_notify_cancel(self) -> bool:
        """It is never begun."""
        return False

    def set_exception(self, exception: BaseException | None) -> None:
        """Nobody waits for it."""


def call(module: str, function: str) -> None:
    """Call a function of a module that who sends this has not loaded."""
    getattr(import_module(module), function)()


def leave_none() -> None:
    """End every process that this one began and give back what they shared, for one that ends without tidying up.

    It is what they share that the system is said to have lost otherwise. Who is asked for this in the middle of
    anything may hold what it takes: it waits for a short while only.
    """

    def tidy_up() -> None:
        for process in active_children():
            process.kill()
        util._run_finalizers(0)  # type: ignore[attr-defined]

    thread = threading.Thread(target=tidy_up, daemon=True)
    thread.start()
    thread.join(_PATIENCE)


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


def _end_with_parent() -> None:
    """A worker whose parent is killed would wait for it for ever, and hold its memory and its terminal."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait_for([parent.sentinel])
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Processes begun within this never hear what a terminal sends to all, by Ctrl-C or when it is closed: this process
    tells them to end.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
