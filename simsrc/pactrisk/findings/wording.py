"""Numbers in words: rounded to what their interval supports, and chances by a declared standard.

Percents are whole, with one decimal only where the interval is narrower than one percentage point, two where it is
narrower than a tenth of one, and so on. Other numbers are rounded to the power of ten at or below half the
interval's width. Where that would tell an end as the number itself, which it is not, one digit more is told. Ends that
are whole numbers are told whole, and months are never told in tens. A chance is never said to be 0% or 100%: a
simulation cannot know that. What is known without it has an interval of no width at 0 or 1: it is ``ruled out`` or
``certain``.

The words for chances are those of Intelligence Community Directive 203, Analytic Standards (2015),
section D.6.e.(2)(a), and stand only beside the number.
"""

from __future__ import annotations

import math
from datetime import date
from functools import partial
from typing import Protocol

from pactrisk.findings.fineness import (
    apart,
    difference_step,
    number_step,
    percent_step,
    power,
    rounded_up,
    ticks,
    ticks_up,
    unknown,
    whole,
    with_sign,
)
from pactrisk.numerals import in_tens

__all__ = [
    "STANDARD", "HasInterval", "bound_text", "chance_text", "chance_words", "change_text", "count_text", "day_text",
    "difference_text", "interval_text", "listed", "months_text", "number_text", "percent_bound_text", "percent_text",
    "range_text",
]  # fmt: skip

STANDARD = "ICD 203"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
_LARGE, _SMALL = 1e15, 1e-6
"""Numbers from here on, or below here, are written in powers of ten."""
_KNOWN = 15
"""No number has more digits than these and one before its point."""
_ROUNDING = 1e-12
"""Ends that are no further apart than this part of them are those of sums of one and the same number."""
_WORDS = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (math.inf, "almost certain"),
)


class HasInterval(Protocol):
    """A number with its interval, as an estimate has."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


def percent_text(value: float, low: float | None = None, high: float | None = None) -> str:
    """A share of 1 in percent, without its interval but rounded to what it supports.

    Where the value rounds to nothing it is bounded by the interval's upper end (zero counts give
    ``under 0.3%``), and likewise at the top. What is known outright is ``certain`` or ``ruled out``. NaN
    gives an en dash.
    """
    if unknown(value):
        return DASH
    if value == low == high and value in (0, 1):
        return "certain" if value else "ruled out"
    step = percent_step(value, low, high)
    told, most = ticks(value, step), ticks(1, step)
    if told <= 0:
        bound = 1 if high is None or unknown(high) else ticks_up(high, step)
        return f"under {_percent(min(bound, most - 1), step)}"
    if told >= most:
        gap = 1 if low is None or unknown(low) else ticks_up(1 - low, step)
        return f"over {_percent(max(most - gap, 1), step)}"
    return _percent(told, step)


def percent_bound_text(most: float) -> str:
    """What a share of 1 is at most, in percent and never told smaller: ``2%`` of 1.33%; ``all`` where it may be 1."""
    step = percent_step(0.0, 0.0, most)
    told = ticks_up(most, step)
    return _percent(told, step) if told < ticks(1, step) else "all"


def interval_text(value: float, low: float, high: float) -> str:
    """A probability with its interval: ``21% (20-22%)`` with an en dash.

    An end that rounds to 0% or 100% is left open: ``3% (up to 5%)``, ``97% (95% or more)``. What rounds to nothing, or
    to all, is only its bound.
    """
    step = percent_step(value, low, high)
    shown = percent_text(value, low, high)
    if unknown(value, low, high) or not shown[0].isdigit():
        return shown
    first, last, most = ticks(low, step), ticks(high, step), ticks(1, step)
    if first <= 0 and last >= most:
        return f"{shown} (could be anything)"
    if first <= 0:
        end = f"up to {_percent(max(last, ticks_up(high, step)), step)}"
    elif last >= most:
        end = f"{_percent(min(first, most - ticks_up(1 - low, step)), step)} or more"
    else:
        end = f"{_percent(first, step).removesuffix('%')}{DASH}{_percent(last, step)}"
    return shown if low == high else f"{shown} ({end})"


def chance_words(value: float, low: float | None = None, high: float | None = None) -> str:
    """A chance in the words of ICD 203: almost no chance (to 5%), very unlikely (to 20%), unlikely (to
    45%), roughly even chance (to 55%), likely (to 80%), very likely (to 95%), almost certain. Where the
    ends of the interval fall under different words, both are said."""
    if low is None or high is None:
        low = high = value
    if unknown(value, low, high):
        return DASH
    first, last = _word(low), _word(high)
    return first if first == last else f"{first} to {last}"


def chance_text(estimate: HasInterval) -> str:
    """A chance with its interval and its words: ``21% (20-22%), unlikely``."""
    value, low, high = estimate.value, estimate.low, estimate.high
    return f"{interval_text(value, low, high)}, {chance_words(value, low, high)}"


def difference_text(value: float, low: float | None = None, high: float | None = None) -> str:
    """A difference of two probabilities in percentage points: ``+3 points (+1 to +5)``.

    An exact and certain nought, as paired trials can give, is ``no change``.
    """
    if unknown(value):
        return DASH
    if value == 0 and not low and not high:
        return "no change"
    step = difference_step(value, low, high)
    shown = f"{_signed(100 * value, step)} {'point' if _signed(100 * abs(value), step) == '+1' else 'points'}"
    if low is None or high is None or unknown(low, high):
        return shown
    return f"{shown} ({_signed(100 * low, step)} to {_signed(100 * high, step)})"


def number_text(
    value: float,
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
    step: float = 0.0,
    signed: bool = False,
) -> str:
    """A number in its unit, rounded as its interval says: ``71 USD/bbl (63-78)``; without an interval,
    to three significant digits. ``step`` is the finest that is shown where that leaves an interval; ``signed``
    gives gains a plus."""
    if unknown(value):
        return DASH
    ends = [abs(end) for end in (value, low, high) if end is not None and not unknown(end)]
    tail, say = f" {unit}" if unit else "", partial(_signed if signed else _fixed, largest=max(ends))
    if value == 0 and not low and not high:
        return "0" + tail
    if low is not None and high is not None and high - low <= _ROUNDING * max(ends):
        low = high = value
    if low is None or high is None or unknown(low, high):
        open_ends = [end is not None and math.isinf(end) for end in (low, high)]
        said = say(value, power(abs(value)) / 100) if value else "0"
        beyond = "anything" if all(open_ends) else "less" if open_ends[0] else "more"
        return f"{said}{tail}{f' (could be {beyond})' if any(open_ends) else ''}"
    step = max(step, number_step(low, high) if high > low else power(abs(value)) / 100)
    if step < 1 and whole(value, low, high):
        step = 1.0
    while step > 1 and whole(low, high) and (low % step or high % step):
        # most likely what is possible ends there, and nothing lies beyond
        step /= 10
    if signed or step > 1:
        step = with_sign(step, low, high)
    while step > 1 and abs(value) >= 1 and not round(value / step):  # a large count is not told as none
        step /= 10
    step = apart(step, value, low, high)
    first, last = say(low, step), say(high, step)
    if value == low == 0:
        # what never showed has no digits, only a bound, which holds as it is told
        last = say(rounded_up(high, step), step)
        return f"0{tail} (up to {last})" if last.strip("0.") else f"under {_fixed(step, step)}{tail}"
    if first == last and high > low and step > number_step(low, high):
        # digits that its neighbours lack are better than a number without its interval
        return number_text(value, low, high, unit, step / 10, signed)
    if first == last:
        return say(value, step) + tail
    between = " to " if signed or low < 0 or high < 0 else DASH
    if value == high and step < 1 and whole(high):
        # what always showed has no digits either, only a bound
        step = number_step(low, 2 * high - low)
        first, last = say(math.floor(low / step + 1e-9) * step, step), say(high, 1)
        return f"{last}{tail} ({first if first.strip('0.') else 0}{between}{last})"
    return f"{say(value, step)}{tail} ({first}{between}{last})"


def bound_text(most: float) -> str:
    """What a number that never showed is at most, never told smaller: ``1,900`` of 1,840."""
    step = number_step(0.0, most)
    return _fixed(rounded_up(most, step), step, most)


def change_text(value: float, low: float | None = None, high: float | None = None, step: float = 0.0) -> str:
    """A difference of two numbers with its sign: ``+0.15 (+0.14 to +0.16)``; ``no change`` for a certain nought."""
    return "no change" if value == low == high == 0 else number_text(value, low, high, step=step, signed=True)


def range_text(low: float, high: float) -> str:
    """Two ends: ``0.66-1.00`` with an en dash, rounded to the power of ten at or below a quarter of the way between."""
    if unknown(low, high) or not low < high:
        return number_text(low)
    step = power((high - low) / 4)
    return f"{_fixed(low, step)}{' to ' if low < 0 else DASH}{_fixed(high, step)}"


def months_text(value: float, low: float | None = None, high: float | None = None) -> str:
    """A length of time in months; ``never`` where it is infinite.

    Whole months are not rounded further: they count steps of a grid, and would become others.
    """
    if value == math.inf:
        return "never" if low is None or unknown(low) else f"never ({_fixed(low, 1)} or more)"
    if high is not None and high == math.inf and low is not None:
        return f"{_in_months(value)} ({_fixed(low, 1)} or more)"
    if low is None or high is None:
        return DASH if unknown(value) else _in_months(value)
    if whole(value, low, high) or number_step(low, high) > 1:
        step = apart(1.0, value, low, high)
        between = f" ({_fixed(low, step)}{DASH}{_fixed(high, step)})" if low < high else ""
        return f"{_in_months(value, step)}{between}"
    return number_text(value, low, high, "months")


def _in_months(value: float, step: float = 1.0) -> str:
    shown = _fixed(value, step)
    return f"{shown} {'month' if shown == '1' else 'months'}"


def count_text(value: float) -> str:
    """A count with thousands apart: ``100,000``."""
    return DASH if unknown(value) else f"{round(value):,}"


def day_text(day: date) -> str:
    """A day in words: ``1 November 2026``."""
    return f"{day.day} {day:%B %Y}"


def listed(words: tuple[str, ...] | list[str]) -> str:
    """Words joined as a sentence has them: ``a, b and c``."""
    return " and ".join((*([", ".join(words[:-1])] if len(words) > 1 else ()), *words[-1:]))


def _word(value: float) -> str:
    return next(word for edge, word in _WORDS if value < edge)


def _percent(ticks: int, step: float) -> str:
    return f"{_fixed(ticks * step, step)}%"


def _fixed(value: float, step: float, largest: float = 1.0) -> str:
    """To the step, in powers of ten where the ``largest`` of what stands together calls for it."""
    places, count = -round(math.log10(step)), round(value / step)
    if _SMALL <= largest < _LARGE:
        text = f"{count * step:,.{max(0, places)}f}"
    else:
        text = _in_tens(value, places) if count else "0"
    bare = text.removeprefix("-")
    return bare if bare == text or not bare.strip("0.,") else MINUS + bare


def _in_tens(value: float, places: int) -> str:
    """As ``1.5e12``: nobody counts noughts, and of thirty digits a computer knows sixteen."""
    return in_tens(value, max(0, min(math.floor(math.log10(abs(value))) + places, _KNOWN)))


def _signed(value: float, step: float, largest: float = 1.0) -> str:
    text = _fixed(value, step, largest)
    return text if text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"
