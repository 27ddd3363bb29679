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

from pactrisk.ensemble import Alone, Executor, Processes, Threads
from pactrisk.question import Question

__all__ = ["WHO", "compiles_here", "executor_of", "most_workers", "processes_here", "processors", "without"]

WHO = ("workers", "executor", "scheduler", "batch")
"""Keys of a question that say who makes the blocks: they move no number, and are no part of a run's recipe."""


def without(edits: Collection[str], keys: Collection[str]) -> list[str]:
    """Edits (``key=value``) but for those of some keys."""
    return [edit for edit in edits if edit.partition("=")[0].strip() not in keys]


@contextlib.contextmanager
def executor_of(question: Question, workers: int | None = None) -> Iterator[Executor]:
    """The executor that a question asks for, with so many ``workers`` if given; a cluster is left when it ends.

    Raises
    ------
    RunError : where a cluster cannot be had.
    """
    asked = workers or question.workers
    if question.executor == "dask":
        from pactrisk.cluster import connected

        assert question.scheduler is not None
        with connected(question.scheduler, question.batch) as cluster:
            yield cluster
    elif question.executor == "threads":
        yield Threads(asked or processors(), max(question.batch, 1))
    elif question.executor == "alone":
        yield Alone()
    else:
        yield Processes(most_workers(asked), max(question.batch, 1))


def processes_here(question: Question, workers: int | None = None) -> int:
    """Processes of this machine that a question allows, with so many ``workers`` if given."""
    return 1 if question.executor in ("alone", "threads") else most_workers(workers or question.workers)


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
