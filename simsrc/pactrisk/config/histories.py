"""Past prices for the bootstrap: CSV files beside the scenario, read before the first draw."""

from __future__ import annotations

import io
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from pactrisk.config.documents import Document
from pactrisk.errors import Place, Problem

__all__ = ["with_histories"]

_LARGEST = 64 * 2**20
_FEWEST = 13


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
            content = _bytes(path.parent / file)
            inputs[f"scenarios/{file}"] = content
            word = "column"
            returns = _returns(content, column)
        except _Refused as refusal:
            key = ("drivers", name, word)
            place: Place = document.place(key)
            message, hint = refusal.args
            found.append(Problem(".".join(key), message, hint, place))
            returns = (0.0,)
        filled[name] = {**driver, "returns": returns}
    if not filled:
        return document
    return replace(document, data={**document.data, "drivers": {**drivers, **filled}})


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise _Refused(f"{path} is larger than {_LARGEST // 2**20} MiB", "")
        return path.read_bytes()
    except FileNotFoundError:
        near = (
            get_close_matches(path.name, [p.name for p in path.parent.glob("*.csv")], 1) if path.parent.is_dir() else []
        )
        raise _Refused(f"there is no file {path}", f"did you mean {near[0]}?" if near else "") from None
    except OSError as error:
        raise _Refused(f"{path} cannot be read: {error.strerror}", "") from None


def _returns(content: bytes, column: str) -> tuple[float, ...]:
    import pandas as pd

    try:
        table = pd.read_csv(io.BytesIO(content))
    except (ValueError, UnicodeDecodeError) as error:
        raise _Refused(f"the file is not a CSV table: {str(error).splitlines()[0][:80]}", "") from None
    if column not in table.columns:
        near = get_close_matches(column, [str(c) for c in table.columns], 1)
        listed = ", ".join(str(c) for c in table.columns[:8])
        raise _Refused(
            f"there is no column {column[:60]!r}", f"did you mean {near[0]}?" if near else f"it has {listed}"
        )
    prices = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)
    good = np.isfinite(prices) & (prices > 0)
    if not good.all():
        line = int(np.nonzero(~good)[0][0]) + 2
        raise _Refused(f"line {line} of the file holds no price above 0", "leave such rows out, or fill them in")
    if len(prices) < _FEWEST:
        raise _Refused(f"{len(prices)} rows are too few to resample; at least {_FEWEST} are needed", "")
    return tuple(float(x) for x in np.diff(np.log(prices)))
