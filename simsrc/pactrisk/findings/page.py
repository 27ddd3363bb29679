"""The page: all findings of a run in the order in which they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pactrisk.findings.finding import Finding

__all__ = ["Page"]


@dataclass(frozen=True, eq=False)
class Page:
    """A report before it is drawn.

    ``question`` is one line on what the config asked, ``sentence`` what a minister should take away,
    ``made`` how it was made (label to value), ``partial`` whether the run stopped early. The first
    finding fills the first screen. Raises ``ValueError`` where two findings, two tables or two figures
    share a name, since names become addresses and files.
    """

    title: str
    subtitle: str
    question: str
    sentence: str
    findings: tuple[Finding, ...]
    made: Mapping[str, str] = field(default_factory=dict)
    partial: bool = False

    def __post_init__(self) -> None:
        names = {
            "findings": [f.name for f in self.findings],
            "tables": [t.name for f in self.findings for t in f.tables],
            "figures": [g.name for f in self.findings for g in f.figures],
        }
        for kind, given in names.items():
            twice = sorted(name for name, count in Counter(given).items() if count > 1)
            if twice:
                raise ValueError(f"two {kind} share a name: {', '.join(twice)}")
