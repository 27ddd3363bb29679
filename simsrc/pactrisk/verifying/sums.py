"""The sums of two runs, compared to the bit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["TOLD", "TOLERANCE", "Verdict", "compare", "some", "whose"]

TOLERANCE = 1e-9
"""How far sums may be from one another, in parts of the larger, where another processor or version made them."""
TOLD = 1e-6
"""How far what is told of the sums may be there, in parts of the farther end of its interval: libraries have changed
the ninth digit of a quantile, and an end may be small by being the difference of larger numbers.
"""
_SAID = 10
"""Lines of one sort that are told."""


@dataclass(frozen=True)
class Verdict:
    """Whether the numbers hold, and what is to be said of them, line by line."""

    holds: bool
    told: tuple[str, ...]


def compare(stored: Mapping[str, Any], again: Mapping[str, Any], unlike: tuple[str, ...] = ()) -> Verdict:
    """Every stored array against that of the run again, to the bit; ``unlike`` says what was different there."""
    gone, new = sorted(stored.keys() - again.keys()), sorted(again.keys() - stored.keys())
    differs: dict[str, float] = {}
    for name in sorted(stored.keys() & again.keys()):
        apart = _apart(np.asarray(stored[name]), np.asarray(again[name]))
        if apart > 0:
            differs[name] = apart
    if not differs and _whole_analyses(gone, again) and _whole_analyses(new, stored):
        shared = len(stored.keys() & again.keys())
        found = [
            f"only {where}: {', '.join(names)}"
            for where, names in (("in the folder", sorted(whose(gone))), ("here", sorted(whose(new))))
            if names
        ]
        if found:
            return Verdict(True, (f"identical in all that both hold: {shared} arrays, to the last bit", *found))
    if not (gone or new or differs):
        return Verdict(True, (f"identical: {len(stored)} arrays, to the last bit",))
    told = [f"{name}: differs by up to {apart:.2g} of its size" for name, apart in list(differs.items())[:_SAID]]
    told += [f"{name}: only in the folder" for name in gone[:_SAID]] + [
        f"{name}: not in the folder" for name in new[:_SAID]
    ]
    rest = len(differs) + len(gone) + len(new) - len(told)
    told += [f"and {rest} more"] if rest > 0 else []
    told += [f"made with {line}" for line in unlike]
    near = not (gone or new) and bool(unlike) and max(differs.values()) <= TOLERANCE
    said = f"the same within {TOLERANCE:g}, which another processor or version may move" if near else "NOT the same"
    return Verdict(near, (said, *told))


def whose(names: Iterable[str]) -> set[str]:
    """The analyses, or what every run keeps, that arrays are of by their names."""
    return {name.partition("/")[0] for name in names}


def some(lines: Sequence[str]) -> tuple[str, ...]:
    """The first of many lines, and how many more there are."""
    return (*lines[:_SAID], *([f"and {len(lines) - _SAID} more"] if len(lines) > _SAID else []))


def _whole_analyses(names: list[str], others: Mapping[str, Any]) -> bool:
    """Whether the names are those of analyses of which the other side has nothing: one was added, or left out."""
    return not whose(names) & whose(others)


def _apart(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> float:
    """The largest difference, in parts of the largest size; infinite where shapes or kinds differ."""
    if first.shape != second.shape or first.dtype != second.dtype:
        return np.inf
    if first.tobytes() == second.tobytes():
        return 0.0
    size = float(np.nanmax(np.abs(first), initial=0.0)) or 1.0
    with np.errstate(invalid="ignore"):
        apart = np.abs(first.astype(float) - second.astype(float))
    return float(np.nanmax(apart, initial=0.0)) / size or np.finfo(float).tiny
