"""A table in the making: columns of text and counts, and estimates that bring their intervals along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pactrisk.estimators import Estimates
from pactrisk.findings.tables import Column, ColumnKind, Table

__all__ = ["Ledger", "joined"]

_KINDS: dict[str, ColumnKind] = {"probability": "probability", "difference": "difference"}


class Ledger:
    """Columns added one by one, each of one value a row."""

    def __init__(self) -> None:
        self._data: dict[str, Any] = {}
        self._columns: dict[str, Column] = {}

    def plain(self, name: str, label: str, values: Sequence[Any], kind: ColumnKind = "text", unit: str = "") -> Ledger:
        """A column without an interval; files keep text that is empty in every row, and the page leaves it out."""
        self.hidden(name, values)
        if kind != "text" or any(value != "" for value in values) or not len(values):
            self._columns[name] = Column(label, kind, unit)
        return self

    def written(self, name: str, label: str, values: Sequence[str]) -> Ledger:
        """A plain column of text that may be a number, as a file or a rank has it."""
        self.plain(name, label, values)
        if name in self._columns:
            self._columns[name] = Column(label, written=True)
        return self

    def hidden(self, name: str, values: Sequence[Any]) -> Ledger:
        """A column that files keep and the page leaves out."""
        self._data[name] = list(values)
        return self

    def estimates(
        self, name: str, label: str, found: Estimates, kind: ColumnKind | None = None, unit: str = ""
    ) -> Ledger:
        """Estimates, flattened row after row; the ends of the intervals become ``name_low`` and ``name_high``."""
        low, high = f"{name}_low", f"{name}_high"
        self._data[name], self._data[low] = found.value.ravel(), found.low.ravel()
        self._data[high] = found.high.ravel()
        self._columns[name] = Column(label, kind or _KINDS.get(found.kind, "number"), unit, low, high)
        return self

    def table(self, name: str, title: str, caption: str = "") -> Table:
        """The table. Raises ``ValueError`` where the columns differ in length."""
        return Table.of(name, title, self._data, self._columns, caption)


def joined(parts: Sequence[Estimates]) -> Estimates:
    """Estimates of one kind one after the other, each flattened row after row."""
    first = parts[0]
    value, low, high, trials = (
        np.concatenate([np.ravel(getattr(part, word)) for part in parts]) for word in ("value", "low", "high", "trials")
    )
    return Estimates(value, low, high, first.level, first.kind, trials, first.worlds)
