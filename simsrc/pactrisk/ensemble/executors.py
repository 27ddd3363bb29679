"""Where blocks are made: in this process alone, in its threads, or in processes beside it.

Whoever makes them, their sums are handed on in the order of the blocks, one block at a time: an executor never moves a
number. What is sent away are tasks of a few consecutive blocks, and only so many before their turn that memory stays
bounded. A cluster is an executor too (``pactrisk.cluster``).
"""

from __future__ import annotations

import contextlib
import gc
import pickle
import uuid
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import NamedTuple, Protocol, TypeAlias, TypeVar

from pactrisk.children import Crew
from pactrisk.ensemble.allocation import keep_freed_memory
from pactrisk.ensemble.sums import Sums

__all__ = ["Alone", "Executor", "Make", "Processes", "Threads", "in_order", "make_all", "tasks"]

T = TypeVar("T")
Make: TypeAlias = Callable[[int], Sums]
"""Simulates the block of an index and takes down its sums; it can be pickled."""
Note: TypeAlias = Callable[[str], None]

_AHEAD = 2
_WAITING = 64
_FEW = 4
_LOST = "a worker process is lost, most likely to a lack of memory: the run goes on with one process less"


class Executor(Protocol):
    """What makes blocks."""

    def blocks(self, make: Make, indices: range, note: Note | None = None) -> Generator[Sums, None, None]:
        """The sums of each block of ``indices`` in their order. Closed early, it makes no more than is under way.

        ``note`` is called with a sentence where it goes on in another way than it began.

        Raises
        ------
        RunError : where a block fails.
        """
        ...


def tasks(indices: range, batch: int) -> Iterator[range]:
    """Consecutive blocks, ``batch`` a task; the last may have fewer."""
    return (indices[place : place + batch] for place in range(0, len(indices), batch))


def make_all(make: Make, task: range) -> list[Sums]:
    """The sums of each block of a task; they are not added up, since whoever adds must do it in order."""
    return [make(index) for index in task]


def in_order(
    waiting: Iterator[range], send: Callable[[range], Future[T]], made: Callable[[Future[T]], list[Sums]], ahead: int
) -> Generator[Sums, None, None]:
    """Blocks in their order from tasks that are sent away, ``ahead`` of them at most before their turn.

    ``made`` waits for what comes back, and makes sums of it.
    """
    sent = deque(map(send, islice(waiting, ahead)))
    while sent:
        sums = made(sent.popleft())
        sent.extend(map(send, islice(waiting, 1)))
        yield from sums


@dataclass(frozen=True)
class Alone:
    """This process, one block after another."""

    def blocks(self, make: Make, indices: range, note: Note | None = None) -> Generator[Sums, None, None]:
        """See :class:`Executor`."""
        keep_freed_memory()
        yield from map(make, indices)


@dataclass(frozen=True)
class Threads:
    """Threads of this process. Compiled loops and NumPy run side by side, all else by turns."""

    workers: int
    batch: int = 1

    def blocks(self, make: Make, indices: range, note: Note | None = None) -> Generator[Sums, None, None]:
        """See :class:`Executor`."""
        keep_freed_memory()
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                work = partial(make_all, make)
                ahead = self.workers * _AHEAD
                yield from in_order(
                    tasks(indices, self.batch), lambda task: pool.submit(work, task), Future.result, ahead
                )
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True)
class Processes:
    """Processes of this machine; this one makes blocks too, and begins while the others start."""

    workers: int
    batch: int = 1
    crew: Crew | None = field(default=None, repr=False)
    """Those that are there already."""

    def blocks(self, make: Make, indices: range, note: Note | None = None) -> Generator[Sums, None, None]:
        """See :class:`Executor`."""
        count = -(-len(indices) // self.batch)
        if min(self.workers, count) < 2 or len(indices) < _FEW:
            return Alone().blocks(make, indices)
        return self._side_by_side(make, lambda number: indices[number * self.batch :][: self.batch], count, note)

    def _side_by_side(
        self, make: Make, task: Callable[[int], range], count: int, note: Note | None
    ) -> Generator[Sums, None, None]:
        """Only a few more tasks are under way than there are processes, and only so many are made before their turn,
        that memory stays bounded. A worker that is lost, or cannot begin, takes the others with it: what was under way
        is made again, by one process less.
        """
        keep_freed_memory()
        others, most = self.workers - 1, max(_WAITING // self.batch, self.workers * _AHEAD)
        theirs: dict[int, Future[list[Sums]]] = {}
        ours: dict[int, list[Sums]] = {}
        number, todo = 0, deque(range(count))
        packed = _Packed(uuid.uuid4().hex, pickle.dumps(make))
        with contextlib.nullcontext(self.crew) if self.crew is not None else Crew() as crew:
            while number < count:
                try:
                    # without any others it is never sent to, and starts none
                    crew.of(max(others, 1))
                    while number < count:
                        while number not in ours and not (number in theirs and theirs[number].done()):
                            # the last is left to this process: of what is sent it could take nothing back
                            while len(todo) > 1 and sum(not f.done() for f in theirs.values()) < others * _AHEAD:
                                theirs[todo[0]] = crew.send(_work, packed, task(todo[0]))
                                todo.popleft()
                            if not todo or (number in theirs and len(ours) + len(theirs) >= most):
                                crew.wait_for(theirs[number])
                                break
                            ours[todo[0]] = make_all(make, task(todo[0]))
                            todo.popleft()
                        made = ours.pop(number) if number in ours else theirs.pop(number).result()
                        number += 1
                        yield from made
                except (BrokenProcessPool, OSError):
                    if others < 1:
                        raise
                    others -= 1
                    crew.dismiss()
                    if note is not None:
                        note(_LOST)
                finally:
                    crew.call_off(theirs.values())
                theirs = {n: f for n, f in theirs.items() if not f.cancelled() and f.exception() is None}
                todo = deque(n for n in range(number, count) if n not in ours and n not in theirs)


class _Packed(NamedTuple):
    """What makes blocks, packed once and sent with each task: a worker opens it with the first."""

    key: str
    content: bytes


_opened: tuple[str, Make] | None = None


def _work(packed: _Packed, task: range) -> list[Sums]:
    global _opened
    if _opened is None or _opened[0] != packed.key:
        keep_freed_memory()
        _opened = packed.key, pickle.loads(packed.content)
        # all that is loaded by now stays: no collector need look through it
        gc.freeze()
    return make_all(_opened[1], task)
