"""Comparisons in words, and ranks that admit ties."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pactrisk.estimators import Estimates
from pactrisk.findings.fineness import number_step
from pactrisk.findings.wording import DASH, HasInterval, listed, number_text
from pactrisk.later import special

__all__ = ["leaders", "more_or_fewer", "rank_text", "ranks", "some_of", "tied_text"]


def leaders(found: Estimates) -> list[int]:
    """The largest of estimates of shape (n,), and after it all that cannot be told apart from it, the largest first.

    Of many that are alike the largest is so by luck, and the least by bad luck: intervals are widened until all of n
    that are alike are told to be so at the level that they are given at.
    """
    first, *others = (int(i) for i in np.argsort(-found.value, kind="stable"))
    wide = _allowing(int(np.isfinite(found.value).sum()), found.level)
    least = found.value[first] - wide * (found.value[first] - found.low[first])
    return [first, *(i for i in others if found.value[i] + wide * (found.high[i] - found.value[i]) >= least)]


def _allowing(n: int, level: float) -> float:
    """By how much two intervals at a level are widened so that, of n estimates that are alike, the ends meet of the two
    farthest apart (Bonferroni, over their pairs); 1 where they are wide enough as they are.
    """
    every = max(n * (n - 1), 1)
    apart = special.ndtri(1 - (1 - level) / every)
    return max(1.0, float(apart / np.sqrt(2) / special.ndtri(0.5 * (1 + level))))


def tied_text(others: Sequence[str]) -> str:
    """What follows the leader and its number: ``; b, c and 5 more cannot be told apart from it``; empty for none."""
    return f"; {some_of(others)} cannot be told apart from it" if others else ""


def some_of(names: Sequence[str], most: int = 2) -> str:
    """The first ``most`` names, and how many more there are: ``b, c and 5 more``."""
    left = len(names) - most
    return listed([*names[:most], *([f"{left} more"] if left > 0 else [])])


def more_or_fewer(value: float, low: float, high: float, beside: HasInterval | None = None) -> str:
    """A difference of two numbers in words: ``1.1 (1.0-1.2) fewer`` with an en dash; ``no difference that shows``
    with its interval where that holds nought; ``no difference`` where there can be none. ``beside`` is the number that
    it is said with: paired differences are sharper, but no digit is said that the number itself has not earned."""
    if not np.isfinite(value):
        return DASH
    if value == low == high == 0:
        return "no difference"
    step = 0.0 if beside is None else number_step(beside.low, beside.high)
    if low <= 0 <= high:
        return f"no difference that shows: {number_text(value, low, high, step=step)}"
    ends, word = ((value, low, high), "more") if value > 0 else ((-value, -high, -low), "fewer")
    # a difference that shows must not be rounded to nought
    return f"{number_text(*ends, step=step if ends[1] > step else 0.0)} {word}"


def ranks(above: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last place that each of n things may hold, of ``above``, shape (n, n): whether the row is told
    apart from the column and above it. Things that cannot be told apart share places."""
    n = len(above)
    beaten, beats = above.sum(axis=0), above.sum(axis=1)
    return [(1 + int(beaten[i]), n - int(beats[i])) for i in range(n)]


def rank_text(first: int, last: int) -> str:
    """``2``, or ``2-4`` (with an en dash) where places are shared."""
    return str(first) if first == last else f"{first}{DASH}{last}"
