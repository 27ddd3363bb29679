"""What can go wrong, and how it is said.

::

    PactriskError
    ├── InputError    the files or the command line are wrong; nothing was run (exit code 2)
    ├── RunError      the input was fine and the run failed (exit code 1)
    │   └── Lost      who made its blocks is lost; another time it may go well
    └── Stopped       the run was asked to stop, and kept what was done (exit code 128 and the signal's number)

An :class:`InputError` carries every :class:`Problem` found, not the first one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, TypeAlias

__all__ = [
    "Asked", "InputError", "Kind", "Lost", "PactriskError", "Place", "Problem", "RunError", "Stopped", "in_order",
    "stop_if", "unasked",
]  # fmt: skip

Asked: TypeAlias = Callable[[], int]
"""What tells the number of the signal that asked the run to stop, 0 while none did."""


class Place(NamedTuple):
    """Where something is written: a file (or ``--set``), a line and a column, both counted from 1."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Kind(Enum):
    """What a problem is recognised by where others depend on it; its sentence is for people."""

    OTHER = "any other"
    MISSING = "a key that is required and not there"
    PER_CENT = "a number with a per cent sign and without quotes"
    UNQUOTED = "text without its quotes"
    UNFIT = "a value where one of another sort must stand, which no text is"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the input.

    ``path`` is the dotted path of the key, ``message`` one plain sentence, and ``hint`` at most one
    thing that the reader can act on. ``sought`` and ``meant`` are as those of a fault in the logic of a scenario.
    ``also`` are the paths of other keys that the sentence is about.
    """

    path: str
    message: str
    hint: str = ""
    place: Place | None = None
    sought: tuple[str, ...] = field(default=(), compare=False)
    meant: str = field(default="", compare=False)
    kind: Kind = field(default=Kind.OTHER, compare=False)
    also: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        where = f"{self.place}  {self.path}".rstrip() if self.place else self.path
        lines = [where, f"  {self.message}"]
        if self.hint:
            lines.append(f"  {self.hint}")
        return "\n".join(lines)


class PactriskError(Exception):
    """Root of all errors that Pactrisk raises on purpose."""

    exit_code = 1


class InputError(PactriskError):
    """The input is wrong. ``problems`` lists all that was found, in file order.

    ``remarks`` are what is odd besides, but not wrong.
    """

    exit_code = 2

    def __init__(self, problems: Iterable[Problem] | Problem, remarks: Iterable[Problem] = ()) -> None:
        self.problems = in_order((problems,) if isinstance(problems, Problem) else problems)
        self.remarks = in_order(remarks)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...], tuple[Problem, ...]]]:
        return (type(self), (self.problems, self.remarks))


def in_order(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems or remarks in the order of files and lines, each once."""
    return tuple(sorted(dict.fromkeys(found), key=lambda p: (p.place or Place("~"), p.path, p.message)))


class RunError(PactriskError):
    """The run failed: the message names the driver, world and time where it can."""


class Lost(RunError):
    """The run failed since who made its blocks is lost: what is kept of it can be gone on from."""


class Stopped(PactriskError):
    """The run was asked to stop by the signal ``number``, between two blocks; ``done`` of them are done."""

    def __init__(self, number: int, done: int, message: str = "") -> None:
        self.number, self.done, self.exit_code = number, done, 128 + number
        super().__init__(message or f"stopped after {done} blocks")


def unasked() -> int:
    """That nobody asks the run to stop."""
    return 0


def stop_if(asked: Asked) -> None:
    """Stop the run where it is asked to, though no block is done to stop after.

    Raises
    ------
    KeyboardInterrupt : where it is; it holds the number of the signal.
    """
    if number := asked():
        raise KeyboardInterrupt(number)
