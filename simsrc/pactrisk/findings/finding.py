"""What an analysis hands over: a sentence, and the tables and figures that stand behind it."""

from __future__ import annotations

from dataclasses import dataclass

from pactrisk.findings.figure import Figure
from pactrisk.findings.naming import is_slug
from pactrisk.findings.tables import Table

__all__ = ["Finding"]


@dataclass(frozen=True, eq=False)
class Finding:
    """One thing found.

    ``name`` is a slug, ``title`` a heading, ``sentence`` the finding in plain words with its numbers and
    intervals, ``notes`` what a careful reader must know, ``section`` the heading on the page that findings
    of one kind share (empty: its own). Raises ``ValueError`` where ``name`` is not a slug.
    """

    name: str
    title: str
    sentence: str
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()
    section: str = ""

    def __post_init__(self) -> None:
        if not is_slug(self.name):
            raise ValueError(f"finding name {self.name!r} is not a slug")
