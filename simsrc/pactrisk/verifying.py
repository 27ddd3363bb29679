"""Whether a run's folder holds what its inputs give: it is run again, every stored sum compared, and what is said of
them read from them anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pactrisk.manifest import made_with
from pactrisk.report.archive import to_json
from pactrisk.report.spreadsheets import to_csv
from pactrisk.runs import Run, finish, stored

__all__ = ["TOLERANCE", "Verdict", "compare", "verify"]

TOLERANCE = 1e-9
"""How far sums may be from one another, in parts of the larger, where another processor or version made them."""
_SAID = 10
_LONG = 60


@dataclass(frozen=True)
class Verdict:
    """Whether the numbers hold, and what is to be said of them, line by line."""

    holds: bool
    told: tuple[str, ...]


def verify(folder: Path, workers: int | None = None, progress: Callable[[int, int], None] | None = None) -> Verdict:
    """Run a folder again from its own inputs, on this machine, and compare.

    Raises
    ------
    InputError : where the folder is not a report, or is damaged.
    RunError : where it cannot be run again.
    """
    before, results, changed = stored(folder)
    asked = before.loaded.question
    here = {
        "executor": "processes" if asked.executor == "dask" else asked.executor,
        "workers": workers or asked.workers,
    }
    loaded = replace(before.loaded, question=asked.model_copy(update=here))
    again, unlike = finish(loaded, progress), _unlike(before.record)
    found = compare(before.result.store(), again.result.store(), unlike)
    if found.holds:
        told = _said_otherwise(folder, again, results, exact=not unlike)
        found = Verdict(False, ("NOT the same", *told)) if told else found
    notes = tuple(f"inputs/{name}: was changed since the run" for name in changed)
    return replace(found, told=(*found.told, *notes))


def _said_otherwise(folder: Path, run: Run, results: Mapping[str, Any], exact: bool) -> tuple[str, ...]:
    """What the results and tables of a folder say otherwise than its sums, which are those of the run again: they are
    made from these alone. An analysis that was added since is nothing that they lack.

    Where another version or processor made them (not ``exact``) only the numbers of ``results.json`` are compared, and
    within the tolerance.
    """
    ours = json.loads(to_json(run.result.results()))
    told = [f"results.json: {line}" for line in _apart_in(results, ours, exact)]
    if exact:
        for finding in (finding for finding in run.findings if finding.name in results.get("findings", {})):
            for table in finding.tables:
                path = folder / "tables" / f"{table.name}.csv"
                if not path.is_file() or path.read_bytes() != to_csv(table):
                    told.append(f"tables/{path.name}: is not what the sums give")
    return (*told[:_SAID], *([f"and {len(told) - _SAID} more"] if len(told) > _SAID else []))


def _apart_in(there: Any, ours: Any, exact: bool, path: str = "") -> Iterator[str]:
    """Where two readings of the same sums differ, in what both hold."""
    if isinstance(there, dict) and isinstance(ours, dict):
        for word in there.keys() & ours.keys() if path == "findings" else ours:
            yield from _apart_in(there.get(word), ours[word], exact, f"{path}.{word}".lstrip("."))
    elif isinstance(there, list) and isinstance(ours, list) and len(there) == len(ours):
        for place, (first, second) in enumerate(zip(there, ours, strict=True)):
            yield from _apart_in(first, second, exact, f"{path}.{place}")
    elif isinstance(there, float) and isinstance(ours, float) and not exact:
        if abs(there - ours) > TOLERANCE * max(abs(there), abs(ours)):
            yield f"{path} is {there}, by the sums {ours}"
    elif there != ours and (exact or not isinstance(ours, str)):
        yield f"{path} is {_short(there)}, by the sums {_short(ours)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _unlike(record: Mapping[str, Any]) -> tuple[str, ...]:
    """How this place differs from where the folder was made, in what can move a last digit."""
    here, there = made_with(), {**record.get("versions", {}), "platform": record.get("platform", "")}
    return tuple(
        f"{word} {there.get(word) or 'unknown'}, here {here[word]}" for word in here if there.get(word) != here[word]
    )


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
            for where, names in (("in the folder", _first(gone)), ("here", _first(new)))
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


def _first(names: list[str]) -> list[str]:
    return sorted({name.partition("/")[0] for name in names})


def _whole_analyses(names: list[str], others: Mapping[str, Any]) -> bool:
    """Whether the names are those of analyses of which the other side has nothing: one was added, or left out."""
    return not set(_first(names)) & set(_first(list(others)))


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
