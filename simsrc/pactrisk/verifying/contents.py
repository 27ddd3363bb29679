"""What two files say, where their bytes are not the same."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pactrisk.report.archive import to_json

__all__ = ["READABLE", "Measure", "contents_apart"]

READABLE = (".json", ".csv", ".parquet")
"""How files are called of which what they say can be compared, and not their bytes alone."""
_LONG = 60


@dataclass(frozen=True)
class Measure:
    """What counts between two readings: numbers that are further apart than ``near``, in parts of the larger or of the
    farther end of their interval, ``texts`` and ``words`` that only one of them holds."""

    near: float = 0.0
    texts: bool = True
    words: bool = True


def contents_apart(name: str, there: bytes, ours: bytes, by: str, measure: Measure) -> list[str]:
    """What a file that can be read says otherwise than ours of this name, line by line; ``by`` says what gives ours."""
    try:
        said = _read(name, there)
    except Exception:
        # what libraries raise on bytes that none of them wrote has no end
        return ["is damaged"]
    return list(_apart(said, _read(name, ours), by, measure))


def _read(name: str, content: bytes) -> Any:
    if name.endswith(".json"):
        said = json.loads(content)
        # which files there are is asked of the folder itself
        said = {word: value for word, value in said.items() if word != "files"} if isinstance(said, dict) else said
        return _finite(said)
    read = pd.read_csv if name.endswith(".csv") else pd.read_parquet
    frame = read(io.BytesIO(content))
    words, columns = [str(word) for word in frame], [frame[word].tolist() for word in frame]
    rows = [dict(zip(words, row, strict=True)) for row in zip(*columns, strict=True)]
    return _finite({"columns": dict.fromkeys(words), "rows": rows})


def _finite(said: Any) -> Any:
    """As our own files would say it: no number is near what is not finite."""
    return json.loads(to_json({"said": said}))["said"]


def _apart(there: Any, ours: Any, by: str, measure: Measure, path: str = "", size: float = 0.0) -> Iterator[str]:
    if isinstance(there, dict) and isinstance(ours, dict):
        sizes = _sizes(ours)
        for word in sorted(there.keys() | ours.keys()):
            place = f"{path}.{word}".lstrip(".")
            if word in there and word in ours:
                yield from _apart(there[word], ours[word], by, measure, place, sizes.get(_measured(word), 0.0))
            elif measure.words:
                yield f"{place} is not there" if word in ours else f"{place} is nothing that {by} give"
    elif isinstance(there, list) and isinstance(ours, list) and len(there) == len(ours):
        for number, (first, second) in enumerate(zip(there, ours, strict=True)):
            yield from _apart(first, second, by, measure, f"{path}.{number}")
    elif isinstance(there, float) and isinstance(ours, float):
        if abs(there - ours) > measure.near * max(abs(there), abs(ours), size):
            yield f"{path} is {there}, by {by} {ours}"
    elif there != ours and (measure.texts or not isinstance(ours, str)):
        yield f"{path or 'all of it'} is {_short(there)}, by {by} {_short(ours)}"


def _sizes(row: dict[str, Any]) -> dict[str, float]:
    """The largest number that is told of each thing in a row: its value or an end of its interval."""
    sizes: dict[str, float] = {}
    for word, value in row.items():
        if isinstance(value, float):
            sizes[_measured(word)] = max(sizes.get(_measured(word), 0.0), abs(value))
    return sizes


def _measured(word: str) -> str:
    """What a column is of: the ends of an interval stand beside its value."""
    return word.removesuffix("_low").removesuffix("_high")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
