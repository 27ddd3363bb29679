"""A TOML file as plain data that knows where each key was written.

Values come from the standard library's strict reader, places from a concrete syntax tree of the same text.
Whatever is wrong with a file is an :class:`InputError` with its line and one plain sentence.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pactrisk.config import places as written
from pactrisk.config.mending import column_in, read_mended
from pactrisk.config.nesting import at, nesting
from pactrisk.config.quoting import clean, dotted, key, listed
from pactrisk.config.slips import Slip
from pactrisk.errors import InputError, Place, Problem
from pactrisk.scenario import labels
from pactrisk.spelling import nearest

__all__ = ["DEEPEST", "Document", "Inherited", "Key", "in_file", "parse", "read"]

Key = tuple[str | int, ...]
"""Path of a value: names of tables and, in lists, positions counted from 0."""

DEEPEST = 64
"""Most levels of tables and lists within one another."""

MOST_VALUES = 100_000
"""Most keys and values of a file: a thousand agreements as rich as the flagship's hold two thirds of that."""

MOST_ENTRIES = 5_000
"""Most entries of one table or list."""

_LARGEST = 2**63 - 1
_FEWER = "templates hold once what many entries share"


@dataclass(frozen=True, eq=False)
class Document:
    """Tables as read, and the place of every key in them; the same only as itself, since nobody changes it."""

    data: dict[str, Any]
    places: Mapping[Key, Place] = field(default_factory=dict)
    name: str = "text"
    """the file as the user typed it, relative where possible"""
    slips: tuple[Problem, ...] = ()
    """where it is not TOML, and all else could be read"""
    removed: Mapping[Key, tuple[Key, Place]] = field(default_factory=dict)
    """what was taken away from the file that it extends, by its names and by its path: its names, and where"""

    def place(self, path: Key) -> Place:
        """Where ``path`` was written, or else the nearest table around it."""
        for length in range(len(path), 0, -1):
            found = self.places.get(path[:length])
            if found is not None:
                return found
        return Place(self.name, 1, 1)

    def get(self, path: Key) -> Any:
        """The value at ``path``, or None where there is nothing."""
        value: Any = self.data
        for part in path:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def dotted(self, path: Key) -> str:
        """``path`` as the register has it: a list item by its ``id`` or what it reads, else by its position."""
        words = []
        for length, part in enumerate(path):
            called = self._called(path[:length]) if isinstance(part, int) else []
            word = called[part] if isinstance(part, int) and part < len(called) else part
            words.append(clean(word) if isinstance(word, str) and re.search("[/#]", word) else key(word))
        return ".".join(words)

    def _called(self, path: Key) -> list[str]:
        """What the items of the list at ``path`` are called."""
        if path not in self._labels:
            entries = self.get(path)
            self._labels[path] = labels(entries) if isinstance(entries, list) else []
        return self._labels[path]

    @cached_property
    def _labels(self) -> dict[Key, list[str]]:
        return {}


class Inherited(Mapping[Key, Place]):
    """The ``own`` places of a document, and with them of values that were written elsewhere.

    What stands at a path of ``origins``, and all below, was written at the path that it is mapped to.
    """

    def __init__(self, own: Mapping[Key, Place], origins: Mapping[Key, Key]) -> None:
        self._own, self._origins = own, origins

    def __getitem__(self, path: Key) -> Place:
        if path in self._own:
            return self._own[path]
        for length in range(len(path), 0, -1):
            there = self._origins.get(path[:length])
            if there is not None:
                return self._own[(*there, *path[length:])]
        raise KeyError(path)

    def __iter__(self) -> Iterator[Key]:
        yield from self._own
        below: dict[Key, list[Key]] = {there: [] for there in self._origins.values()}
        for path in self._own:
            for length in range(1, len(path) + 1):
                if path[:length] in below:
                    below[path[:length]].append(path[length:])
        for here, there in self._origins.items():
            yield from ((*here, *rest) for rest in below[there] if (*here, *rest) not in self._own)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def read(path: str | Path, *, limit: int = 4 * 2**20) -> Document:
    """The document in a file of at most ``limit`` bytes.

    Raises
    ------
    InputError : a missing, unreadable, oversized or malformed file, with the line and a sentence.
    """
    name = _display(path)
    raw = _bytes(Path(path), name, limit)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _wrong(
            name, "is not UTF-8 text on this line", "save the file with the encoding UTF-8", line=line
        ) from None
    ours = Path(path).suffix == ".toml"
    try:
        return parse(text, name, mend=ours)
    except InputError:
        if ours:
            raise
        raise _wrong(name, "is not a TOML file", "scenarios and configs are files whose names end in .toml") from None


def parse(text: str, name: str = "text", mend: bool = False) -> Document:
    """The document written in ``text``; ``name`` is the file that messages speak of.

    To ``mend`` is to go on after a slip where it is plain what it is about; slips are then told in the document.

    Raises
    ------
    InputError : text that is not TOML, or nested or sized beyond what the package reads.
    """
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise _wrong(name, "holds a NUL character", "is it a text file?", line=line)
    seen = nesting(text, DEEPEST, MOST_VALUES)
    if seen.deep is not None:
        raise _too_deep(Place(name, *at(text, seen.deep)))
    if seen.many:
        raise _wrong(name, f"holds more than {MOST_VALUES:,} keys and values, the most that is read", _FEWER, line=1)
    try:
        data, text, found, moves = read_mended(text, mend)
        if data is None:
            raise InputError(_told(slip, name, dotted(slip.path)) for slip in found)
    except RecursionError:
        raise _too_deep(Place(name)) from None
    except ValueError:
        # the one that is no TOML error: an integer of thousands of digits
        digits = re.search(r"[0-9_]{1000}", text)
        line = text.count("\n", 0, digits.start()) + 1 if digits else 0
        raise _wrong(name, "holds a whole number that is too large", line=line) from None
    found_at = written.find(text).items()
    places = {key: Place(name, line, column_in(moves, line, column)) for key, (line, column) in found_at}
    document = Document(data, places, name)
    slips = tuple(_told(slip, name, document.dotted(slip.path or _set_at(slip, places))) for slip in found)
    try:
        _check(document)
    except InputError as error:
        raise InputError((*slips, *error.problems)) from None
    return replace(document, slips=slips)


def _told(slip: Slip, name: str, path: str) -> Problem:
    return Problem(path, slip.message, slip.hint, Place(name, slip.line, slip.column), kind=slip.kind)


def _set_at(slip: Slip, places: Mapping[Key, Place]) -> Key:
    """The key of a list that lacked its beginning, which was read as the list that it is."""
    here = [(place.column, path) for path, place in places.items() if slip.opens and place.line == slip.line]
    return max((found for found in here if found[0] < slip.column), default=(0, ()))[1]


def _display(path: str | Path) -> str:
    shown = Path(path)
    if shown.is_absolute():
        try:
            shown = shown.relative_to(Path.cwd())
        except (ValueError, OSError):
            shown = Path(path)
    return clean(str(shown), None)


def in_file(path: Key) -> list[tuple[int, str]]:
    """A key to put paths in order by: the entries of a list by their place."""
    return [(part, "") if isinstance(part, int) else (-1, part) for part in path]


def _wrong(name: str, message: str, hint: str = "", line: int = 0) -> InputError:
    return InputError(Problem("", message, hint, Place(name, line)))


def _too_deep(place: Place) -> InputError:
    return InputError(Problem("", f"is nested more than {DEEPEST} levels deep", "", place))


def _bytes(path: Path, name: str, limit: int) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise _wrong(name, "is a folder, not a file", _in_folder(path))
        if not stat.S_ISREG(mode):
            raise _wrong(name, "is not an ordinary file")
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except FileNotFoundError:
        raise _wrong(name, "does not exist", _similar(path)) from None
    except PermissionError:
        raise _wrong(name, "may not be read", "check the permissions of the file") from None
    except OSError as error:
        raise _wrong(name, f"cannot be read: {clean(error.strerror or str(error)).lower()}") from None
    except ValueError:
        raise _wrong(name, "is not a file name") from None
    if len(raw) > limit:
        raise _wrong(name, f"is larger than {limit / 2**20:.3g} MiB, the most that is read")
    return raw


def _in_folder(folder: Path) -> str:
    names = [path.name for path in _entries(folder) if path.suffix == ".toml"]
    return f"did you mean {clean(str(folder / names[0]), None)}?" if len(names) == 1 else ""


def _similar(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {clean(_display(folder), None)}"
    names = [entry.name for entry in _entries(folder)]
    # of two names that end alike, half is alike whatever they say
    stems = {Path(name).stem: name for name in sorted(names, key=lambda name: name.endswith(".toml"))}
    stem = nearest(path.stem, stems)
    if stem is not None:
        return f"did you mean {clean(str(folder / stems[stem]), None)}?"
    there = [clean(str(folder / name), None) for name in names if name.endswith(".toml") and name[0] != "."]
    return f"there are {listed(there)}" if there else "pactrisk new NAME begins a scenario and a config"


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _check(document: Document) -> None:
    problems = []
    for path, value in _walk(document.data):
        if len(path) > DEEPEST:
            raise _too_deep(document.place(path))
        if isinstance(value, dict | list) and len(value) > MOST_ENTRIES:
            message = f"has {len(value):,} entries; at most {MOST_ENTRIES:,} are read"
            raise InputError(Problem(document.dotted(path), message, _FEWER, document.place(path)))
        if isinstance(value, int) and not -_LARGEST - 1 <= value <= _LARGEST:
            problems.append(
                Problem(document.dotted(path), "is a whole number that is too large", "", document.place(path))
            )
    if problems:
        raise InputError(problems)


def _walk(data: dict[str, Any]) -> Iterator[tuple[Key, Any]]:
    """Every value with its path, without recursion and never far below the deepest level."""
    left: list[tuple[Key, Any]] = [((), data)]
    while left:
        path, value = left.pop()
        if path:
            yield path, value
        if isinstance(value, dict):
            left += [((*path, name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            left += [((*path, number), inner) for number, inner in enumerate(value)]
