"""What a run hands over."""

from __future__ import annotations

from pactrisk.findings import Finding
from pactrisk.study import _gathered


def test_an_analysis_in_between_splits_no_chapter() -> None:
    named = [("headline", ""), ("count", "Portfolio"), ("own", ""), ("together", "Portfolio"), ("when", "")]
    found = _gathered([Finding(name, name, "", section=section) for name, section in named])
    assert [finding.name for finding in found] == ["headline", "count", "together", "own", "when"]
