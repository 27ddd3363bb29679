"""Cells of a table as a reader sees them: rounded, with their interval, and with a key to sort by."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pactrisk.findings import Column, Table, plain
from pactrisk.findings.tables import ColumnKind
from pactrisk.findings.wording import (
    change_text,
    count_text,
    difference_text,
    interval_text,
    months_text,
    number_text,
    percent_step,
    percent_text,
)

_RARE = 0.01

__all__ = ["Cell", "heading", "rows"]


@dataclass(frozen=True)
class Cell:
    """``text`` as shown, ``key`` to sort by (for what is not text), ``kind`` of its column."""

    text: str
    key: str
    kind: ColumnKind

    @property
    def value(self) -> str:
        """What is shown, without the interval."""
        return self.text if self.kind == "text" else self.text.partition(" (")[0]

    @property
    def interval(self) -> str:
        """The interval in its brackets, empty where there is none."""
        return self.text.removeprefix(self.value).strip()


def heading(column: Column) -> str:
    """The label of a column with its unit."""
    unit = {"difference": "points"}.get(column.kind, column.unit)
    return plain(f"{column.label} ({unit})" if unit else column.label)


def rows(table: Table, most: int | None = None) -> list[list[Cell]]:
    """The cells of the columns shown, row by row, at most ``most`` rows."""
    frame = table.frame if most is None else table.frame.iloc[:most]
    steps = {name: _step(table, column, name) for name, column in table.columns.items()}
    return [
        [_cell(row, name, column, steps[name]) for name, column in table.columns.items()]
        for row in frame.to_dict(orient="records")
    ]


def _step(table: Table, column: Column, name: str) -> float:
    """The coarsest step that an interval of the column asks for, in percent: chances of one column read alike."""
    if column.kind not in ("probability", "difference") or column.low is None or column.high is None:
        return 0.0
    value, low, high = (table.frame[word].to_numpy(float) for word in (name, column.low, column.high))
    common = (high > low) & ((value > _RARE) & (value < 1 - _RARE) if column.kind == "probability" else True)
    return max((percent_step(0.5, *ends) for ends in zip(low[common], high[common], strict=True)), default=0.0)


def _cell(row: dict[Any, Any], name: str, column: Column, step: float) -> Cell:
    value = row[name]
    if value is None or value is pd.NaT or value is pd.NA:
        return Cell("", "", column.kind)
    if column.kind == "text":
        text = plain(str(value)) if not isinstance(value, float) or math.isfinite(value) else ""
        return Cell(text, "", "text")
    if column.kind == "date":
        day = value.date().isoformat() if hasattr(value, "date") else plain(str(value))
        return Cell(day, day, "date")
    number = float(value)
    ends = [row[end] for end in (column.low, column.high) if end is not None]
    low, high = (float(end) if pd.notna(end) else math.nan for end in ends) if ends else (None, None)
    return Cell(
        _said(number, low, high, column.kind, step),
        "" if math.isnan(number) else f"{number:.9g}".replace("inf", "Infinity"),
        column.kind,
    )


def _said(value: float, low: float | None, high: float | None, kind: ColumnKind, step: float) -> str:
    if kind == "count":
        return count_text(value)
    if kind == "difference":
        return difference_text(value, low, high, step).replace(" points", "").replace(" point", "")
    if kind == "months":
        return months_text(value, low, high).replace(" months", "")
    if kind == "number":
        return number_text(value, low, high)
    if kind == "change":
        return change_text(value, low, high)
    if low is None or high is None:
        return percent_text(value)
    # of a rare thing a coarser step would leave only a bound
    return interval_text(value, low, high, step if _RARE < value < 1 - _RARE else 0.0)
