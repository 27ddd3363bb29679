"""Tables described as data: a frame at full precision and how its columns are to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pactrisk.findings.naming import is_slug

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Column", "ColumnKind", "Table"]

ColumnKind = Literal["text", "probability", "difference", "number", "change", "count", "date", "months"]


@dataclass(frozen=True)
class Column:
    """How one column of a frame is read.

    ``kind`` rules the format: a ``probability`` and a ``difference`` (of two probabilities) are shares
    of 1 shown in percent and percentage points; ``months`` is a length of time; ``number`` is in
    ``unit``, and so is ``change``, the difference of two numbers. ``low`` and ``high`` name the frame's columns that
    hold the ends of the interval: the page shows the three together, files keep the three apart at full precision.
    ``written`` is text that may be a number, as a file or a rank has it: a workbook holds that as a number.
    """

    label: str
    kind: ColumnKind = "text"
    unit: str = ""
    low: str | None = None
    high: str | None = None
    written: bool = False

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None):
            raise ValueError(f"column {self.label!r}: give both ends of the interval or neither")


@dataclass(frozen=True, eq=False)
class Table:
    """A table: ``columns`` maps names of ``frame`` to how they are read, in the order shown.

    Columns of the frame that ``columns`` neither names nor uses as an interval's end are kept in files
    and left out of the page. Raises ``ValueError`` where a column named is not in the frame, or where
    ``name`` could not name a file.
    """

    name: str
    title: str
    frame: pd.DataFrame
    columns: Mapping[str, Column]
    caption: str = ""

    @classmethod
    def of(
        cls, name: str, title: str, data: Mapping[str, Any], columns: Mapping[str, Column], caption: str = ""
    ) -> Table:
        """A table of ``data`` by column."""
        # a process that simulates, or draws, makes no table and need not wait for what does
        import pandas as pd

        return cls(name, title, pd.DataFrame(data), columns, caption)

    def __post_init__(self) -> None:
        if not is_slug(self.name):
            raise ValueError(f"table name {self.name!r} is not a slug")
        if not self.frame.columns.is_unique:
            raise ValueError(f"table {self.name}: the frame names a column twice")
        named = [*self.columns, *(end for c in self.columns.values() for end in (c.low, c.high) if end)]
        missing = sorted({name for name in named if name not in self.frame.columns})
        if missing:
            raise ValueError(f"table {self.name}: not in the frame: {', '.join(missing)}")
