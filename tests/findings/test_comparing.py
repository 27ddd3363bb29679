"""Comparisons in words, and ranks that admit ties."""

from __future__ import annotations

import numpy as np
import pytest

from pactrisk.findings.comparing import more_or_fewer, rank_text, ranks


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((1.1, 1.0, 1.2), "1.1 (1.0–1.2) more"),
        ((-1.1, -1.2, -1.0), "1.1 (1.0–1.2) fewer"),
        ((0.1, -0.2, 0.4), "no difference that shows: 0.1 (−0.2 to 0.4)"),
        ((np.nan, -1, 1), "–"),
    ],
)
def test_more_or_fewer(ends: tuple[float, float, float], said: str) -> None:
    assert more_or_fewer(*ends) == said


def test_ranks_are_shared_by_what_cannot_be_told_apart() -> None:
    # a above all; b and c alike, both above d; e only told apart from a
    above = np.zeros((5, 5), bool)
    above[0, 1:] = True
    above[1, 3] = above[2, 3] = True
    assert ranks(above) == [(1, 1), (2, 4), (2, 4), (4, 5), (2, 5)]


def test_rank_text() -> None:
    assert rank_text(2, 2) == "2"
    assert rank_text(2, 4) == "2–4"
