"""Tables as files: CSV and Parquet for programs, one Excel workbook for people; all at full precision.

Text that came from outside must not run where it is opened. A CSV has no types, so text that a
spreadsheet would take for a formula gets an apostrophe before it, unless it is a plain number such as
-1; Parquet and Excel have types, and there text stays as it is. In the workbook dates are dates, ranks
and values of the register that are numbers are numbers, and a cell of full precision shows four digits.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import pandas as pd
import xlsxwriter

from pactrisk.findings import Column, Table, plain
from pactrisk.report.cells import heading

__all__ = ["inert", "to_csv", "to_parquet", "to_workbook"]

# The last four are the wide forms that some spreadsheets read as the first four.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_LONGEST_CELL = 32_000
_TEXTS = ("text", "written")
_FINEST = 15
_DATE = "yyyy-mm-dd"
# Excel knows no day before 1900.
_DAY = re.compile(r"(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}")
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[-+][0-9]+)?")


def inert(text: str) -> str:
    """``text`` made plain, with an apostrophe before it where a spreadsheet would run it."""
    cleaned = plain(text)
    runs = text.startswith(_RUNS) or cleaned.startswith(_RUNS)
    return f"'{cleaned}" if runs and not _PLAIN_NUMBER.fullmatch(text) else cleaned


def to_csv(table: Table) -> bytes:
    """UTF-8, a line feed after each row, floats to their last digit."""
    frame = _texts(table.frame, inert)
    frame.columns = [inert(str(name)) for name in frame.columns]
    return frame.to_csv(index=False, lineterminator="\n").encode()


def to_parquet(table: Table) -> bytes:
    """Parquet with the frame's own column names."""
    frame = _texts(table.frame, plain)
    frame.columns = [plain(str(name)) for name in frame.columns]
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, engine="pyarrow")
    return buffer.getvalue()


def to_workbook(tables: Sequence[Table]) -> bytes:
    """One sheet a table after a sheet of contents; no cell is ever a formula or a link."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": _DATE,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        # A workbook notes when it was made: a fixed day keeps the same run the same file.
        book.set_properties({"created": datetime(2000, 1, 1)})
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        formats = cache(lambda text: book.add_format({"num_format": text}))
        contents = book.add_worksheet("Contents")
        contents.set_column(0, 0, 34)
        contents.set_column(1, 1, 80)
        contents.write_row(0, 0, ["Sheet", "Table"], bold)
        for n, (sheet_name, table) in enumerate(zip(_sheet_names(tables), tables, strict=True), start=1):
            contents.write_string(n, 0, sheet_name)
            contents.write_string(n, 1, plain(table.title))
            _sheet(book.add_worksheet(sheet_name), table, wrapped, formats)
    return buffer.getvalue()


def _sheet(sheet: Any, table: Table, head: Any, formats: Callable[[str], Any]) -> None:
    shown = _columns(table)
    for c, (name, label, kind) in enumerate(shown):
        sheet.write_string(0, c, label, head)
        values = table.frame[name].tolist()
        texts = [len(plain(str(value))) for value in values[:50]] if kind in _TEXTS else [10]
        sheet.set_column(c, c, min(60, max(12, *texts, 0)))
        for r, value in enumerate(values, start=1):
            _write(sheet, r, c, _typed(value, kind), kind, formats)
    sheet.freeze_panes(1, 1)
    if shown and len(table.frame):
        sheet.autofilter(0, 0, len(table.frame), len(shown) - 1)


def _typed(value: Any, kind: str) -> Any:
    """A day or a number where a cell holds the text of one."""
    if kind == "date" and isinstance(value, str) and _DAY.fullmatch(value):
        return datetime.fromisoformat(value)
    return float(value) if kind == "written" and _PLAIN_NUMBER.fullmatch(str(value)) else value


def _form(value: float, kind: str) -> str:
    """How a number is shown: a share of 1 in percent with two digits or more, what was measured with four or more."""
    if kind == "written" or (isinstance(value, int) and kind != "count"):
        return "General"
    share = kind in ("probability", "difference")
    shown = 100 * value if share else value
    first = math.floor(math.log10(abs(shown))) if shown else 0
    digits = max(1 - first, 1) if share else 0 if float(value).is_integer() else max(3 - first, 0)
    text = f"0.{'0' * min(digits, _FINEST)}{'%' * share}" if digits else "#,##0"
    return f"+{text};-{text};{text}" if kind in ("difference", "change") else text


def _write(sheet: Any, r: int, c: int, value: Any, kind: str, formats: Callable[[str], Any]) -> None:
    if value is None or value is pd.NaT or value is pd.NA:
        return
    if isinstance(value, bool):
        sheet.write_boolean(r, c, value)
    elif isinstance(value, (int, float)):
        if math.isfinite(value):
            sheet.write_number(r, c, value, formats(_form(value, kind)))
        elif not math.isnan(value):
            sheet.write_string(r, c, "never" if value > 0 else str(value))
    elif isinstance(value, pd.Timestamp | datetime):
        sheet.write_datetime(r, c, pd.Timestamp(value).tz_localize(None).to_pydatetime(), formats(_DATE))
    else:
        sheet.write_string(r, c, plain(str(value))[:_LONGEST_CELL])


def _columns(table: Table) -> list[tuple[str, str, str]]:
    """Name, heading and kind of all columns: those shown with their ends beside them, then the rest."""
    found: dict[str, tuple[str, str]] = {}
    for name, column in table.columns.items():
        found.setdefault(name, (heading(column), "written" if column.written else column.kind))
        for end, word in ((column.low, "low"), (column.high, "high")):
            if end is not None:
                found.setdefault(
                    end, (heading(Column(f"{column.label}, {word}", column.kind, column.unit)), column.kind)
                )
    for name in table.frame.columns:
        found.setdefault(name, (plain(str(name)), "text"))
    return [(name, label, kind) for name, (label, kind) in found.items()]


def _sheet_names(tables: Sequence[Table]) -> list[str]:
    """Unique names of at most 31 letters; a table's name is a slug, so no letter is forbidden."""
    taken = {"contents"}
    names = []
    for table in tables:
        name, n = table.name[:31], 2
        while name in taken:
            name, n = f"{table.name[: 30 - len(str(n))]}-{n}", n + 1
        taken.add(name)
        names.append(name)
    return names


def _texts(frame: pd.DataFrame, clean: Any) -> pd.DataFrame:
    """A copy in which every cell that is not a number, a truth value or a date is clean text."""
    made = frame.reset_index(drop=True).copy()
    for name in made.columns:
        if not (pd.api.types.is_numeric_dtype(made[name]) or pd.api.types.is_datetime64_any_dtype(made[name])):
            made[name] = [None if pd.api.types.is_scalar(v) and pd.isna(v) else clean(str(v)) for v in made[name]]
    return made
