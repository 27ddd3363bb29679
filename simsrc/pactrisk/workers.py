"""Who makes the blocks of a run: how many processes it may use, and whether it may use any but this one."""

from __future__ import annotations

import ast
import contextlib
import multiprocessing
import os
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from types import FrameType

from pactrisk.ensemble import Alone, Executor, Plan, Processes, Threads
from pactrisk.ensemble.allocation import block_bytes
from pactrisk.question import Question

__all__ = ["WHO", "compiles_here", "crowded", "executor_of", "most_workers", "processes_here", "processors", "without"]

WHO = ("workers", "executor", "scheduler", "batch")
"""Keys of a question that say who makes the blocks: they move no number, and are no part of a run's recipe."""

_A_PROCESSOR, _BARE = 512 * 2**20, 200 * 2**20
"""Memory that a run may take for each processor; that of a process before its first block."""


def without(edits: Collection[str], keys: Collection[str]) -> list[str]:
    """Edits (``key=value``) but for those of some keys."""
    return [edit for edit in edits if edit.partition("=")[0].strip() not in keys]


@contextlib.contextmanager
def executor_of(plan: Plan, workers: int | None = None) -> Iterator[Executor]:
    """The executor that a plan asks for, with so many ``workers`` if given; a cluster is left when it ends.

    Raises
    ------
    RunError : where a cluster cannot be had.
    """
    question = plan.question
    if question.executor == "dask":
        from pactrisk.cluster import connected

        assert question.scheduler is not None
        with connected(question.scheduler, question.batch) as cluster:
            yield cluster
    elif question.executor == "threads":
        yield Threads(_asked(plan, workers) or _fitting(plan), max(question.batch, 1))
    elif question.executor == "alone":
        yield Alone()
    else:
        yield Processes(processes_here(plan, workers), max(question.batch, 1))


def processes_here(plan: Plan, workers: int | None = None) -> int:
    """Processes of this machine for a plan: so many ``workers`` if given, or as many as its question says, or as
    processors and their memory allow.
    """
    alone = plan.question.executor in ("alone", "threads")
    return 1 if alone else most_workers(_asked(plan, workers) or _fitting(plan))


def crowded(plan: Plan, workers: int | None = None) -> bool:
    """Whether there are processors that are left idle, since a block on each would take too much memory."""
    local = plan.question.executor in ("processes", "threads")
    return local and not _asked(plan, workers) and _fitting(plan) < processors()


def _asked(plan: Plan, workers: int | None) -> int:
    """Workers that somebody asked for; 0 where nobody did."""
    return workers or plan.question.workers


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


def processors() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def most_workers(asked: int | None) -> int:
    """Processes for a run: as many as asked, or as there are processors; 1 where a worker could not begin.

    A worker imports the main module again. Where that is standard input, or a script that calls from its top level
    without ``if __name__ == "__main__"``, each worker would read nothing or run the script anew.
    """
    return (asked or processors()) if _may_begin() else 1


def _may_begin() -> bool:
    process = multiprocessing.current_process()
    # a process that is itself being started may start none, nor may one of a pool
    if process.daemon or getattr(process, "_inheriting", False):
        return False
    main = sys.modules.get("__main__")
    name = getattr(getattr(main, "__spec__", None), "name", "")
    path = getattr(main, "__file__", None)
    # workers do not import the main module of a package, an archive, a notebook or `python -c`
    if path is None or name == "__main__" or name.endswith(".__main__"):
        return True
    line = _line_of_main(sys._getframe())
    try:
        tree = ast.parse(Path(path).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return False
    return line is None or _guarded(tree, line)


def _line_of_main(frame: FrameType | None) -> int | None:
    """The line of the main module's top level from which this was called."""
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") == "__main__":
            return frame.f_lineno
        frame = frame.f_back
    return None


def _guarded(tree: ast.Module, line: int) -> bool:
    tests = (node for node in ast.walk(tree) if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test))
    return any(node.body[0].lineno <= line <= (node.body[-1].end_lineno or 0) for node in tests)
