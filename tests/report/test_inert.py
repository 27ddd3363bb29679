"""Names that somebody meant to run come out as text: in HTML, CSV, Parquet, Excel and file names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactrisk import findings as f
from pactrisk import report
from pactrisk.report.cells import rows
from pactrisk.report.spreadsheets import inert, to_csv, to_workbook

PATHS = (
    "../../outside.toml",
    "/etc/passwd",
    "C:\\Windows\\x.toml",
    "..",
    "",
    "con.toml",
    "a/../../b.toml",
    "\u202elmot.x",
)


@pytest.fixture(scope="module")
def folder(examples: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in which every text is hostile."""
    bad: tuple[str, ...] = examples["HOSTILE"]
    # A frame cannot hold broken code points, and neither can a file in UTF-8.
    cells = [text.replace("\ud800", "") for text in bad]
    frame = pd.DataFrame({"t": cells, "=1+1": cells, "n": np.arange(len(bad)) - 2.5})
    columns = {"t": f.Column(bad[0]), "=1+1": f.Column("=1+1"), "n": f.Column("@n", "number", "<b>")}
    table = f.Table("names", bad[0], frame, columns, bad[6])
    long = f.Table("names-" + "x" * 60, bad[2], pd.concat([frame] * 50), columns)
    figures = tuple(examples["hostile_figures"]())
    found = (
        f.Finding("one", bad[0], bad[6], (table,), figures[:2], bad, bad[6]),
        f.Finding("two", bad[3], "</script><script>alert(2)</script>", (long,), figures[2:4], bad, bad[0]),
    )
    page = f.Page(
        bad[0], bad[6], bad[3], "</style><script>alert(3)</script>", found, dict(zip(bad, bad, strict=True)), True
    )
    inputs = {name: name.encode("utf-8", "replace") for name in PATHS}
    target = tmp_path_factory.mktemp("inert") / "run"
    return report.write(target, page, {bad[0]: bad}, {bad[1]: bad}, inputs, {"a": np.zeros(1)})


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_has_one_script_and_it_is_ours(folder: Path) -> None:
    text = (folder / "index.html").read_text("utf-8")
    tags = Tags()
    tags.feed(text)
    assert [tag for tag, _ in tags.found].count("script") == 1
    assert not {"iframe", "object", "embed", "form", "img", "base"} & {tag for tag, _ in tags.found}
    for _, attributes in tags.found:
        assert not [key for key in attributes if key.startswith("on")]
        for key in ("href", "xlink:href", "src"):
            assert (attributes.get(key) or "#").startswith(("#", "figures/", "tables", "data:"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{{ 7*7 }}" in text
    assert not set("\u202e\u202c\x07\x00\x1b\ufffe\uffff") & set(text)


def test_the_page_is_within_its_means(folder: Path) -> None:
    text = (folder / "index.html").read_text("utf-8")
    assert len(text.encode()) < 5_000_000
    policy = text.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0]
    assert policy.startswith("default-src &#39;none&#39;") or policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2]


def test_a_page_of_huge_tables_stays_within_its_means(tmp_path: Path) -> None:
    frame = pd.DataFrame({f"c{n}": ["word " * 12] * 500 for n in range(8)})
    columns = {name: f.Column(name) for name in frame.columns}
    tables = tuple(f.Table(f"t{n}", "T", frame, columns) for n in range(40))
    made = report.write(
        tmp_path / "run", f.Page("T", "S", "Q", "M", (f.Finding("x", "X", "x", tables),)), {}, {}, {}, {}
    )
    text = (made / "index.html").read_text("utf-8")
    assert len(text.encode()) < 5_000_000
    assert text.count("440 more rows are in the files.") == 40
    assert (made / "tables" / "t0.csv").read_text("utf-8").count("\n") == 501


def cells(folder: Path) -> Iterator[str]:
    for path in (folder / "tables").glob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text("utf-8"))):
            yield from row


def test_no_cell_of_a_csv_runs(folder: Path) -> None:
    texts = [cell for cell in cells(folder) if not _is_number(cell)]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any(text.startswith("'=HYPERLINK") for text in texts)
    assert "-2.5" in set(cells(folder)), "numbers stay numbers"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    assert len(book.sheetnames) == 3
    assert max(map(len, book.sheetnames)) <= 31
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in found} <= {"s", "n"}
    assert not [cell for cell in found if cell.hyperlink]
    texts = [cell.value for cell in found if cell.data_type == "s"]
    assert '=HYPERLINK("http://x.invalid","y")' in texts
    assert [row[2].value for row in book["names"].iter_rows(min_row=2)][:2] == [-2.5, -1.5]


def test_parquet_keeps_text_as_it_is(folder: Path) -> None:
    frame = pd.read_parquet(folder / "tables" / "names.parquet")
    assert frame["t"][1] == '=HYPERLINK("http://x.invalid","y")'


def test_no_file_leaves_its_folder(folder: Path) -> None:
    around = [path.name for path in folder.parent.iterdir()]
    assert around == ["run"]
    stored = report.read(folder)[1]
    assert len(stored) == len(PATHS)
    for name in stored:
        assert ".." not in name.split("/")
        assert not set(name) & set("\\:\u202e")
        assert name.split(".")[0].lower() != "con"


NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?(e[-+][0-9]{1,2})?", re.ASCII)


@given(st.text().filter(lambda text: not NEGATIVE.fullmatch(text)))
def test_inert_text_never_starts_a_formula(text: str) -> None:
    assert not inert(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("text", ["-1+2", "-x", "+1", "-1.", "--1", "- 1", "-1e5", "-0x1"])
def test_what_only_looks_like_a_number_is_text(text: str) -> None:
    assert inert(text) == f"'{text}"


@given(st.from_regex(NEGATIVE, fullmatch=True))
def test_a_number_below_nought_stays_one_in_a_csv(text: str) -> None:
    table = f.Table("t", "t", pd.DataFrame({"x": [text]}), {"x": f.Column("X")})
    assert float(to_csv(table).decode().split()[1]) == float(text)


@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=5))
def test_any_text_comes_back_from_a_csv_as_one_cell(texts: list[str]) -> None:
    table = f.Table("t", "t", pd.DataFrame({"x": texts}), {"x": f.Column("X")})
    back = list(csv.reader(io.StringIO(to_csv(table).decode(), newline="")))
    assert [row[0] if row else "" for row in back[1:]] == [inert(text) for text in texts]


def test_sheet_names_are_unique_however_alike_the_tables() -> None:
    frame = pd.DataFrame({"x": [1]})
    tables = [f.Table("a" * 31 + str(n), "t", frame, {"x": f.Column("X")}) for n in range(12)]
    tables.append(f.Table("contents", "t", frame, {"x": f.Column("X")}))
    names = openpyxl.load_workbook(io.BytesIO(to_workbook(tables))).sheetnames
    assert len({name.lower() for name in names}) == 14
    assert max(map(len, names)) <= 31


def test_cells_read_as_their_kind_says() -> None:
    frame = pd.DataFrame(
        {
            "text": ["a", None],
            "p": [0.21, np.nan],
            "low": [0.2, np.nan],
            "high": [0.22, np.nan],
            "d": [-0.05, 0.0],
            "n": [12.5, np.inf],
            "count": [100_000, 0],
            "day": pd.to_datetime(["2026-02-27", None]),
            "months": [24.2, np.inf],
        }
    )
    columns = {
        "text": f.Column("T"),
        "p": f.Column("P", "probability", "", "low", "high"),
        "d": f.Column("D", "difference"),
        "n": f.Column("N", "number"),
        "count": f.Column("C", "count"),
        "day": f.Column("W", "date"),
        "months": f.Column("M", "months"),
    }
    said = [[cell.text for cell in row] for row in rows(f.Table("t", "t", frame, columns))]
    assert said == [
        ["a", "21% (20–22%)", "−5", "12.5", "100,000", "2026-02-27", "24"],
        ["", "–", "no change", "–", "0", "", "never"],
    ]
