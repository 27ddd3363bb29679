"""What a run hands over."""

from __future__ import annotations

from datetime import date

import pytest

from pactrisk.findings import Finding
from pactrisk.study import Result, Study, _gathered
from small_world import data, plan


def test_an_analysis_in_between_splits_no_chapter() -> None:
    named = [("headline", ""), ("count", "Portfolio"), ("own", ""), ("together", "Portfolio"), ("when", "")]
    found = _gathered([Finding(name, name, "", section=section) for name, section in named])
    assert [finding.name for finding in found] == ["headline", "count", "together", "own", "when"]


@pytest.mark.parametrize(
    ("signed", "said"),
    [
        ([None, None, None], "3 agreements signed 27 February 2026, followed to February 2029; 2,000 trials in 100"),
        ([None, date(2027, 1, 1), date(2029, 1, 1)], "3 agreements signed from 27 February 2026 to 1 January 2029, "),
        ([date(2026, 8, 1)] * 3, "3 agreements signed 1 August 2026, followed to February 2029; "),
    ],
)
def test_the_page_says_when_agreements_are_signed(signed: list[date | None], said: str) -> None:
    tables = data()
    for agreement, day in zip(tables["agreements"], signed, strict=True):
        agreement.pop("signed", None)
        agreement |= {"signed": day} if day else {}
    asked = Study(plan(tables, analyses=["method"]))
    assert asked.plan.scenario.agreements[0].signed == signed[0]
    sums = asked.first_block()
    assert Result.of(asked, sums).page().question.startswith(said)
