"""Who makes the blocks of a run, and how many processes it uses."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator

from pactrisk.children import Crew
from pactrisk.ensemble import Alone, Executor, Plan, Processes, Threads
from pactrisk.errors import Asked, unasked
from pactrisk.processors import most_workers, processors
from pactrisk.question import Question
from pactrisk.sizes import block_bytes

__all__ = ["WHO", "compiles_here", "crowded", "executor_of", "processes_here", "without"]

WHO = ("workers", "executor", "scheduler", "batch")
"""Keys of a question that say who makes the blocks: they move no number, and are no part of a run's recipe."""

_A_PROCESSOR, _BARE = 512 * 2**20, 200 * 2**20
"""Memory that a run may take for each processor; that of a process before its first block."""


def without(edits: Collection[str], keys: Collection[str]) -> list[str]:
    """Edits (``key=value``) but for those of some keys."""
    return [edit for edit in edits if edit.partition("=")[0].strip() not in keys]


@contextlib.contextmanager
def executor_of(plan: Plan, crew: Crew | None = None, asked: Asked = unasked) -> Iterator[Executor]:
    """The executor that a plan asks for; a cluster is left when it ends.

    Its processes are those of a ``crew``, if there is one, and are begun for this otherwise. A cluster
    asks ``asked`` while it waits for workers.

    Raises
    ------
    RunError : where a cluster cannot be had.
    """
    question = plan.question
    if question.executor == "dask":
        from pactrisk.cluster import connected

        assert question.scheduler is not None
        with connected(question.scheduler, question.batch, asked) as cluster:
            yield cluster
    elif question.executor == "threads":
        yield Threads(question.workers or _fitting(plan), max(question.batch, 1))
    elif question.executor == "alone":
        yield Alone()
    else:
        yield Processes(processes_here(plan), max(question.batch, 1), crew)


def processes_here(plan: Plan) -> int:
    """Processes of this machine for a plan: as many as its question says, or as processors and their memory allow."""
    alone = plan.question.executor in ("alone", "threads")
    return 1 if alone else most_workers(plan.question.workers or _fitting(plan))


def crowded(plan: Plan) -> bool:
    """Whether there are processors that are left idle, since a block on each would take too much memory."""
    local = plan.question.executor in ("processes", "threads")
    return local and not plan.question.workers and _fitting(plan) < processors()


def _fitting(plan: Plan) -> int:
    """Workers that fit: each has a block of its own."""
    worlds = (plan.scenario, *plan.variants.values())
    block = max(block_bytes(scenario, plan.grid.points) for scenario in worlds)
    return max(min(processors(), processors() * _A_PROCESSOR // (_BARE + block)), 1)


def compiles_here(question: Question) -> bool:
    """Whether this machine makes blocks, and so compiles the engine first; the workers of a cluster do it there, but
    for the pilot of a rare event.
    """
    return question.executor != "dask" or question.rare is not None
