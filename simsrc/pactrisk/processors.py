"""How many processors there are, and whether this process may begin others."""

from __future__ import annotations

import ast
import multiprocessing
import os
import sys
from pathlib import Path
from types import FrameType

__all__ = ["most_workers", "processors"]


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
