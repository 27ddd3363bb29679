"""Running the blocks: in this process or in several, always added up in the order of the blocks."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for

import numpy as np

from pactrisk.ensemble.allocation import keep_freed_memory
from pactrisk.ensemble.block import simulate_block
from pactrisk.ensemble.plan import Plan
from pactrisk.ensemble.sums import Observer, Sums, add, observe_outcomes
from pactrisk.errors import RunError
from pactrisk.streams import BLOCK

__all__ = ["run", "take_down"]

_AHEAD = 2
_WAITING = 64
_ALONE = 4

_plan: Plan | None = None
_observers: Mapping[str, Observer] = {}


def run(
    plan: Plan,
    observers: Mapping[str, Observer],
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[Sums, int], int] | None = None,
    begun: tuple[int, Sums] = (0, {}),
    keep: Callable[[Sums, int], None] | None = None,
    note: Callable[[str], None] | None = None,
) -> Sums:
    """Simulate every block and add up what the observers take down.

    Parameters
    ----------
    plan : what is simulated.
    observers : by name; the sums of each are kept under ``name/...``.
    workers : processes. Never moves a number.
    progress : called with the blocks done and the blocks in all, as far as they are known.
    stop : called with the sums and the blocks in them, in the order of the blocks whoever made them; it says how many
        there should be, and no more are added once there are so many.
    begun : blocks that an earlier run has done, and their sums.
    keep : called with the sums so far and the whole blocks in them.
    note : called with a sentence where the run goes on in another way than it began.

    Raises
    ------
    RunError : where a number is not finite; the message names whose, the world and the date.
    """
    first, sums = begun[0], dict(begun[1])
    if first and (first >= plan.blocks or (stop is not None and stop(sums, first) <= first)):
        return sums
    alone = workers <= 1 or plan.blocks - first < _ALONE
    found = _one_by_one(plan, observers, first) if alone else _side_by_side(plan, observers, workers, first, note)
    with contextlib.closing(found):
        for done, more in enumerate(found, first + 1):
            add(sums, more)
            wanted = plan.blocks if stop is None else min(stop(sums, done), plan.blocks)
            if progress is not None:
                progress(done, max(wanted, done))
            if keep is not None and done * BLOCK <= plan.trials:
                keep(sums, done)
            if wanted <= done:
                break
    return sums


def take_down(plan: Plan, observers: Mapping[str, Observer], index: int) -> Sums:
    """Simulate one block and take down what every chapter and each observer wants of it.

    Raises
    ------
    RunError : where a number is not finite.
    """
    # what is too large or divided by zero is looked for, and named, where it comes about
    with np.errstate(all="ignore"):
        block = simulate_block(plan, index)
        sums = observe_outcomes(block)
        for name, observe in observers.items():
            sums |= {f"{name}/{key}": value for key, value in observe(block).items()}
    for name, value in sums.items():
        if not np.isfinite(value).all():
            raise RunError(
                f"the sums of {name} are not finite in block {index}; numbers of the scenario are too far out"
            )
    return sums


def _one_by_one(plan: Plan, observers: Mapping[str, Observer], first: int) -> Generator[Sums, None, None]:
    keep_freed_memory()
    for index in range(first, plan.blocks):
        yield take_down(plan, observers, index)


def _begin(plan: Plan, observers: Mapping[str, Observer]) -> None:
    global _plan, _observers
    _end_with_parent()
    keep_freed_memory()
    _plan, _observers = plan, observers


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
    """Processes begun within this never hear Ctrl-C, which a terminal sends to all: this process tells them to end."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(index: int) -> Sums:
    assert _plan is not None
    return take_down(_plan, _observers, index)


def _side_by_side(
    plan: Plan, observers: Mapping[str, Observer], workers: int, first: int, note: Callable[[str], None] | None
) -> Generator[Sums, None, None]:
    """Blocks in order; this process makes them too, and begins while the others start.

    Only a few more are under way than there are processes, and only so many are made before their turn, that memory
    stays bounded. A worker that is lost, or cannot begin, takes the others with it: what was under way
    is made again, by one process less.
    """
    keep_freed_memory()
    others = min(workers, plan.blocks - first) - 1
    theirs: dict[int, Future[Sums]] = {}
    ours: dict[int, Sums] = {}
    index = first
    while index < plan.blocks:
        # without any others it is never sent to, and starts none
        pool = ProcessPoolExecutor(max(others, 1), get_context("spawn"), _begin, (plan, dict(observers)))
        try:
            while index < plan.blocks:
                while index not in ours and not (index in theirs and theirs[index].done()):
                    waiting = (i for i in range(index, plan.blocks) if i not in ours and i not in theirs)
                    while sum(not f.done() for f in theirs.values()) < others * _AHEAD:
                        if (sent := next(waiting, None)) is None:
                            break
                        with _deaf():
                            theirs[sent] = pool.submit(_work, sent)
                    sent = next(waiting, None)
                    if sent is None or (index in theirs and len(ours) + len(theirs) >= _WAITING):
                        wait([theirs[index]])
                        break
                    ours[sent] = take_down(plan, observers, sent)
                yield ours.pop(index) if index in ours else theirs.pop(index).result()
                index += 1
        except (BrokenProcessPool, OSError):
            others -= 1
            if note is not None:
                note("a worker process is lost, most likely to a lack of memory: the run goes on with one process less")
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        theirs = {i: f for i, f in theirs.items() if not f.cancelled() and f.exception() is None}
