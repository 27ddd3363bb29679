"""Past prices for the bootstrap: CSV files beside the scenario, read before the first draw."""

from __future__ import annotations

import io
import stat
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from pactrisk.config.documents import Document
from pactrisk.config.quoting import clean, listed, shown
from pactrisk.errors import Place, Problem
from pactrisk.spelling import nearest

__all__ = ["with_histories"]

_LARGEST = 16 * 2**20
_FEWEST = 13
_MOST_COLUMNS = 200


class _Refused(Exception):
    """Why a file cannot be used: a sentence and a hint."""


def with_histories(document: Document, path: Path, inputs: dict[str, bytes], found: list[Problem]) -> Document:
    """The document with the monthly log returns of every bootstrap driver filled in.

    Each file's bytes are added to ``inputs``; what is wrong with one is added to ``found``.
    """
    drivers = document.data.get("drivers")
    if not isinstance(drivers, dict):
        return document
    filled: dict[str, Any] = {}
    for name, driver in drivers.items():
        if not isinstance(driver, dict) or driver.get("kind") != "bootstrap":
            continue
        file, column = driver.get("file"), driver.get("column")
        if not isinstance(file, str) or not isinstance(column, str):
            continue
        word = "file"
        try:
            content = _bytes(_beside(path.parent, file))
            inputs[f"scenarios/{file}"] = content
            word = "column"
            returns = _returns(content, column)
        except _Refused as refusal:
            key = ("drivers", name, word)
            place: Place = document.place(key)
            message, hint = refusal.args
            found.append(Problem(document.dotted(key), message, hint, place))
            returns = (0.0,)
        filled[name] = {**driver, "returns": returns}
    if not filled:
        return document
    return replace(document, data={**document.data, "drivers": {**drivers, **filled}})


def _beside(folder: Path, file: str) -> Path:
    """The file in the folder of the scenario or below it: a report keeps it under the same name."""
    inside = PurePath(file)
    if "\0" in file or inside.is_absolute() or ".." in inside.parts or not inside.parts:
        raise _Refused(f"must be the name of a CSV file beside the scenario, not {shown(file)}", "")
    return folder / inside


def _bytes(path: Path) -> bytes:
    name = clean(str(path), 120)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _Refused(f"{name} is not an ordinary file", "name a CSV file")
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except FileNotFoundError:
        near = nearest(path.name, [p.name for p in path.parent.glob("*.csv")] if path.parent.is_dir() else [])
        raise _Refused(f"there is no file {name}", f"did you mean {clean(near)}?" if near else "") from None
    except OSError as error:
        raise _Refused(f"{name} cannot be read: {clean(error.strerror or str(error)).lower()}", "") from None
    if len(content) > _LARGEST:
        raise _Refused(f"{name} is larger than {_LARGEST // 2**20} MiB, the most that is read", "")
    return content


def _returns(content: bytes, column: str) -> tuple[float, ...]:
    import pandas as pd

    try:
        table = pd.read_csv(io.BytesIO(content))
    except (ValueError, UnicodeDecodeError) as error:
        raise _Refused(f"the file is not a CSV table: {clean(str(error), 80)}", "") from None
    if column not in table.columns:
        columns = [str(c) for c in table.columns[:_MOST_COLUMNS]]
        near = nearest(column, columns)
        hint = f"did you mean {clean(near)}?" if near else f"it has {listed(columns, 8)}"
        raise _Refused(f"there is no column {shown(column)}", hint)
    prices = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)
    good = np.isfinite(prices) & (prices > 0)
    if not good.all():
        line = int(np.nonzero(~good)[0][0]) + 2
        raise _Refused(f"line {line} of the file holds no price above 0", "leave such rows out, or fill them in")
    if len(prices) < _FEWEST:
        raise _Refused(f"{len(prices)} rows are too few to resample; at least {_FEWEST} are needed", "")
    return tuple(float(x) for x in np.diff(np.log(prices)))
