"""The workbook: dates are dates, numbers are numbers, all at full precision and with the digits that are of use."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from pactrisk import findings as f
from pactrisk.estimators import Estimates
from pactrisk.findings.ledger import Ledger
from pactrisk.report.spreadsheets import to_workbook


def column(values: list[Any], kind: str = "text", written: bool = False) -> list[Any]:
    """The cells that a column comes to."""
    frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
    table = f.Table("t", "T", frame, {"x": f.Column("X", kind, written=written)})  # type: ignore[arg-type]
    sheet = openpyxl.load_workbook(io.BytesIO(to_workbook([table])))["t"]
    return [cell for (cell,) in sheet.iter_rows(min_row=2)]


def test_days_are_dates() -> None:
    cells = column(["2027-02-27", "some day", "1848-03-15"], "date")
    assert [cell.value for cell in cells] == [datetime(2027, 2, 27), "some day", "1848-03-15"]
    assert cells[0].number_format == "yyyy-mm-dd"


def test_what_is_written_is_a_number_where_it_is_one() -> None:
    told = ["4", "0.25", "-1e-05", "2–4", "{ p10 = 60 }", "=1+1", "nan", "1_000"]
    found = [cell.value for cell in column(told, written=True)]
    assert found == [4, 0.25, -1e-05, "2–4", "{ p10 = 60 }", "=1+1", "nan", "1_000"]
    assert [cell.number_format for cell in column(["0.25"], written=True)] == ["General"]
    assert [cell.value for cell in column(["007"])] == ["007"]


@pytest.mark.parametrize(
    ("kind", "value", "form"),
    [
        ("number", 2.305123456789012, "0.000"),
        ("number", 0.0001234567890123, "0.0000000"),
        ("number", 109.1234567890123, "0.0"),
        ("number", 123456.7890123, "#,##0"),
        ("number", 0.0, "#,##0"),
        ("months", 24.0, "#,##0"),
        ("change", -0.0184321, "+0.00000;-0.00000;0.00000"),
        ("probability", 0.7630001, "0.0%"),
        ("probability", 0.000412345, "0.000%"),
        ("probability", 0.0, "0.0%"),
        ("difference", 0.0312345, "+0.0%;-0.0%;0.0%"),
        ("count", 20000, "#,##0"),
        ("text", 0.41234567890123, "0.0000"),
        ("text", 7, "General"),
    ],
)
def test_a_number_keeps_all_its_digits_and_shows_some(kind: str, value: float, form: str) -> None:
    (cell,) = column([value], kind)
    assert (cell.value, cell.number_format) == (value, form)


def test_ranks_of_a_ledger_are_written() -> None:
    found = Estimates(np.zeros(2), np.zeros(2), np.zeros(2), 0.95, "mean", np.full(2, 10), 10)
    table = Ledger().written("rank", "Rank", ["1", "2"]).written("none", "None", ["", ""]).estimates("x", "X", found)
    columns = table.table("t", "T").columns
    assert columns["rank"].written
    assert "none" not in columns
    assert not columns["x"].written
