"""Folders that are registries: what fails in one of their files is said of that file and its line."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
import traceback
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from types import ModuleType

from pactrisk.errors import InputError, PactriskError, Place, Problem, RunError

__all__ = ["blamed", "files_of", "given_not"]


def files_of(package: str, path: Iterable[str]) -> dict[str, ModuleType]:
    """Every file of the folder ``path`` by its name, in the order of names, imported as part of ``package``.

    Raises
    ------
    InputError : where some cannot be: every one, and the line in it.
    """
    found: dict[str, ModuleType] = {}
    wrong: list[Problem] = []
    for name in sorted(entry.name for entry in pkgutil.iter_modules(path)):
        try:
            found[name] = importlib.import_module(f"{package}.{name}")
        except PactriskError:
            raise
        except Exception as error:
            spec = find_spec(f"{package}.{name}")
            assert spec is not None
            wrong.append(Problem("", f"cannot be read: {_said(error)}", "", _place(error, str(spec.origin))))
    if wrong:
        raise InputError(wrong)
    return found


@contextlib.contextmanager
def blamed(what: str, file: str) -> Iterator[None]:
    """Within this, what fails without being told is said to be a failure of ``what``, at the line of its ``file``.

    Raises
    ------
    RunError : where it fails.
    """
    try:
        yield
    except (PactriskError, MemoryError):
        raise
    except Exception as error:
        raise RunError(f"{_place(error, file)}: {what} fails: {_said(error)}") from error


def given_not(what: str, file: str, given: object, wanted: str) -> RunError:
    """That ``what``, defined in ``file``, gives something else than what is ``wanted``."""
    said = "nothing" if given is None else f"a value of type {type(given).__name__}"
    return RunError(f"{file}: {what} gives {said}, where {wanted} is wanted")


def _said(error: Exception) -> str:
    text = error.msg if isinstance(error, SyntaxError) else " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _place(error: Exception, file: str) -> Place:
    """The last line in the file that led to it, as far as one did."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return Place(file, error.lineno or 0)
    lines = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return Place(file, lines[-1] if lines else 0)
