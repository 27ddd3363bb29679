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
    percent_text,
)

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
    return [
        [_cell(row, name, column) for name, column in table.columns.items()] for row in frame.to_dict(orient="records")
    ]


def _cell(row: dict[Any, Any], name: str, column: Column) -> Cell:
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
        _said(number, low, high, column.kind),
        "" if math.isnan(number) else f"{number:.9g}".replace("inf", "Infinity"),
        column.kind,
    )


def _said(value: float, low: float | None, high: float | None, kind: ColumnKind) -> str:
    if kind == "count":
        return count_text(value)
    if kind == "difference":
        return difference_text(value, low, high).replace(" points", "").replace(" point", "")
    if kind == "months":
        return months_text(value, low, high).replace(" months", "").replace(" month", "")
    if kind == "number":
        return number_text(value, low, high)
    if kind == "change":
        return change_text(value, low, high)
    if low is None or high is None:
        return percent_text(value)
    return interval_text(value, low, high)
