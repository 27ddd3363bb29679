"""Cells as a reader sees them: each number as it reads everywhere else."""

from __future__ import annotations

import pandas as pd

from pactrisk.findings import Column, Table
from pactrisk.findings.wording import interval_text
from pactrisk.report.cells import rows


def shown(values: list[tuple[float, float, float]], kind: str) -> list[str]:
    frame = pd.DataFrame(values, columns=["x", "low", "high"])
    column = Column("X", kind, low="low", high="high")  # type: ignore[arg-type]
    return [row[0].text for row in rows(Table("t", "T", frame, {"x": column}))]


def test_a_chance_reads_in_a_table_as_in_a_sentence() -> None:
    each = [(0.3, 0.296, 0.305), (0.365, 0.359, 0.371), (0.0281, 0.026, 0.0303)]
    assert shown(each, "probability") == ["30.0% (29.6–30.5%)", "36.5% (35.9–37.1%)", "2.8% (2.6–3.0%)"]
    assert shown(each, "probability") == [interval_text(*one) for one in each]


def test_rare_things_keep_the_digits_that_tell_them_from_nothing() -> None:
    found = shown([(0.3, 0.29, 0.31), (0.003, 0.002, 0.005), (0.0, 0.0, 0.004), (1.0, 1.0, 1.0)], "probability")
    assert found == ["30% (29–31%)", "0.3% (0.2–0.5%)", "under 0.4%", "certain"]


def test_differences_have_a_sign() -> None:
    assert shown([(0.03, 0.02, 0.04), (0.012, 0.011, 0.014)], "difference") == ["+3 (+2 to +4)", "+1.2 (+1.1 to +1.4)"]
    assert shown([(0.15, 0.14, 0.16), (0, 0, 0)], "change") == ["+0.15 (+0.14 to +0.16)", "no change"]


def test_months_bear_their_unit_in_the_heading_alone() -> None:
    assert shown([(1.0, 1.0, 3.0), (1.0, 1.0, 1.0), (24.0, 15.0, 36.0)], "months") == ["1 (1–3)", "1", "24 (15–36)"]
