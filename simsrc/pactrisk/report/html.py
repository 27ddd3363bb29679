"""The page as one HTML file: no network, no outside part, nothing from outside that runs."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pactrisk.figures import ON_DARK, Drawing
from pactrisk.findings import Finding, Page, Table, plain
from pactrisk.findings.wording import STANDARD
from pactrisk.report import cells

__all__ = ["to_html"]

_FOLDED = 12
# Rows of a table on the page: the first number that keeps the page below its largest size. Files hold all.
_MOST_ROWS = (240, 60, 15)
_LARGEST = 5_000_000
_WIDE = 8
_SEAM = re.compile(r"([._/])(?=\w)")


@dataclass(frozen=True)
class _Chapter:
    """Findings under one heading."""

    name: str
    title: str
    findings: tuple[Finding, ...]


def to_html(page: Page, drawings: Mapping[str, Drawing]) -> str:
    """The page with its figures inside; ``drawings`` are by the figure's name.

    Everything that comes from a scenario passes through :func:`~pactrisk.findings.plain` and is escaped.
    The content policy allows one script, by its hash, and no address but the page itself.
    """
    for most in _MOST_ROWS:
        text = _rendered(page, drawings, most)
        if len(text.encode()) < _LARGEST:
            break
    return text


def _rendered(page: Page, drawings: Mapping[str, Drawing], most: int) -> str:
    script = _part("behaviour.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _environment().get_template("page.html").render(
        page=page,
        first=page.findings[:1],
        chapters=list(_chapters(page.findings[1:])),
        svg=lambda name: Markup(drawings[name].inline),
        style=Markup(_part("style.css").replace("/* lines */", _lines_on_dark())),
        script=Markup(script),
        script_hash=f"sha256-{digest}",
        standard=STANDARD,
        headings=_headings,
        breakable=_breakable,
        kept=_kept,
        rows=lambda table: cells.rows(table, most),
        folded=lambda table: len(table.frame) > _FOLDED,
        wide=_wide,
        left_out=lambda table: max(0, len(table.frame) - most),
    )  # fmt: skip


def _lines_on_dark() -> str:
    return " ".join(f"{name}: {value};" for name, value in ON_DARK.values())


def _wide(table: Table) -> bool:
    """Whether a table would not fit a page with each interval beside its number, which takes the room of another."""
    return sum(1 if column.low is None else 2 for column in table.columns.values()) > _WIDE


def _headings(table: Table) -> list[tuple[str, str]]:
    return [(cells.heading(column), column.kind) for column in table.columns.values()]


def _chapters(findings: tuple[Finding, ...]) -> Iterator[_Chapter]:
    """Neighbours that name the same section share a heading; a finding without one has its own."""
    run: list[Finding] = []
    for finding in findings:
        if run and not (finding.section and finding.section == run[0].section):
            yield _chapter(run)
            run = []
        run.append(finding)
    if run:
        yield _chapter(run)


def _chapter(run: list[Finding]) -> _Chapter:
    return _Chapter(f"part-{run[0].name}", run[0].section or run[0].title, tuple(run))


_LONG = 14
_INTERVAL = re.compile(r"\([^()\s&]{1,20}\)")


def _kept(text: str) -> Markup:
    """A sentence in which no interval is broken over two lines."""
    return Markup(_INTERVAL.sub(r'<span class="whole">\g<0></span>', str(escape(plain(text)))))


def _breakable(text: str) -> Markup:
    """Text whose long words may break after a dot, a stroke or an underscore, and nowhere else."""
    words = [(str(escape(word)), len(word) > _LONG) for word in text.split(" ")]
    return Markup(" ".join(_SEAM.sub(r"\1<wbr>", word) if long else word for word, long in words))


def _part(name: str) -> str:
    return resources.files("pactrisk.report").joinpath("templates", name).read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pactrisk.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )


def _finalize(value: Any) -> Any:
    return plain(value) if type(value) is str else value
