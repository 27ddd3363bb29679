"""Numbers in words: rounded to what their interval supports, and chances by a declared standard.

Percents are whole, with one decimal only where the interval is narrower than one percentage point, two where it is
narrower than a tenth of one, and so on. Other numbers are rounded to the power of ten at or below half the
interval's width. A chance is never said to be 0% or 100%: a simulation cannot know that. What is known without it
has an interval of no width at 0 or 1: it is ``ruled out`` or ``certain``.

The words for chances are those of Intelligence Community Directive 203, Analytic Standards (2015),
section D.6.e.(2)(a), and stand only beside the number.
"""

from __future__ import annotations

import math
from typing import Protocol

__all__ = [
    "STANDARD",
    "HasInterval",
    "chance_text",
    "chance_words",
    "change_text",
    "count_text",
    "difference_text",
    "interval_text",
    "listed",
    "months_text",
    "number_step",
    "number_text",
    "percent_step",
    "percent_text",
    "range_text",
]

STANDARD = "ICD 203"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
_FINEST = 1e-4
"""The least step of a percent that is told."""

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
    if _unknown(value):
        return DASH
    if value == low == high and value in (0, 1):
        return "certain" if value else "ruled out"
    step = percent_step(value, low, high)
    ticks, whole = _ticks(value, step), _ticks(1, step)
    if ticks <= 0:
        bound = 1 if high is None or _unknown(high) else _ticks_up(high, step)
        return f"under {_percent(min(bound, whole - 1), step)}"
    if ticks >= whole:
        gap = 1 if low is None or _unknown(low) else _ticks_up(1 - low, step)
        return f"over {_percent(max(whole - gap, 1), step)}"
    return _percent(ticks, step)


def interval_text(value: float, low: float, high: float) -> str:
    """A probability with its interval: ``21% (20-22%)`` with an en dash.

    An end that rounds to 0% or 100% is left open: ``3% (up to 5%)``, ``97% (95% or more)``. What rounds to nothing, or
    to all, is only its bound.
    """
    step = percent_step(value, low, high)
    shown = percent_text(value, low, high)
    if _unknown(value, low, high) or not shown[0].isdigit():
        return shown
    first, last, whole = _ticks(low, step), _ticks(high, step), _ticks(1, step)
    if first <= 0 and last >= whole:
        return f"{shown} (could be anything)"
    if first <= 0:
        end = f"up to {_percent(max(last, _ticks_up(high, step)), step)}"
    elif last >= whole:
        end = f"{_percent(min(first, whole - _ticks_up(1 - low, step)), step)} or more"
    else:
        end = f"{_percent(first, step).removesuffix('%')}{DASH}{_percent(last, step)}"
    return shown if low == high else f"{shown} ({end})"


def chance_words(value: float, low: float | None = None, high: float | None = None) -> str:
    """A chance in the words of ICD 203: almost no chance (to 5%), very unlikely (to 20%), unlikely (to
    45%), roughly even chance (to 55%), likely (to 80%), very likely (to 95%), almost certain. Where the
    ends of the interval fall under different words, both are said."""
    if low is None or high is None:
        low = high = value
    if _unknown(value, low, high):
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
    if _unknown(value):
        return DASH
    if value == 0 and not low and not high:
        return "no change"
    step = percent_step(0.5, low, high)
    if low is not None and high is not None:
        step = _with_sign(step, 100 * low, 100 * high)
    shown = f"{_signed(100 * value, step)} {'point' if _signed(100 * abs(value), step) == '+1' else 'points'}"
    if low is None or high is None or _unknown(low, high):
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
    if _unknown(value):
        return DASH
    tail, say = f" {unit}" if unit else "", _signed if signed else _fixed
    if value == 0 and not low and not high:
        return "0" + tail
    if low is None or high is None or _unknown(low, high):
        return say(value, _power(abs(value)) / 100) + tail
    step = max(step, number_step(low, high) if high > low else _power(abs(value)) / 100)
    if step < 1 and all(float(end).is_integer() for end in (value, low, high)):
        step = 1.0
    if signed:
        step = _with_sign(step, low, high)
    first, last = say(low, step), say(high, step)
    if value == low == 0:
        # what never showed has no digits, only a bound, which holds as it is told
        last = say(math.ceil(high / step - 1e-9) * step, step)
        return f"0{tail} (up to {last})" if last.strip("0.") else f"under {_fixed(step, step)}{tail}"
    if first == last and high > low and step > number_step(low, high):
        # digits that its neighbours lack are better than a number without its interval
        return number_text(value, low, high, unit, step / 10, signed)
    if first == last:
        return say(value, step) + tail
    between = " to " if signed or low < 0 or high < 0 else DASH
    return f"{say(value, step)}{tail} ({first}{between}{last})"


def _with_sign(step: float, low: float, high: float) -> float:
    """A step at which no end of an interval without nought is told as nought; ten times finer at the most."""
    return step if not low * high > 0 or round(min(abs(low), abs(high)) / step) else step / 10


def number_step(low: float, high: float) -> float:
    """The power of ten that an interval supports, at or below half its width."""
    return _power((high - low) / 2)


def change_text(value: float, low: float | None = None, high: float | None = None, step: float = 0.0) -> str:
    """A difference of two numbers with its sign: ``+0.15 (+0.14 to +0.16)``; ``no change`` for a certain nought."""
    return "no change" if value == low == high == 0 else number_text(value, low, high, step=step, signed=True)


def range_text(low: float, high: float) -> str:
    """Two ends: ``0.66-1.00`` with an en dash, rounded to the power of ten at or below a quarter of the way between."""
    if _unknown(low, high) or not low < high:
        return number_text(low)
    step = _power((high - low) / 4)
    return f"{_fixed(low, step)}{' to ' if low < 0 else DASH}{_fixed(high, step)}"


def months_text(value: float, low: float | None = None, high: float | None = None) -> str:
    """A length of time in months; ``never`` where it is infinite.

    Whole months are not rounded further: they count steps of a grid, and would become others.
    """
    if value == math.inf:
        return "never" if low is None or _unknown(low) else f"never ({_fixed(low, 1)} or more)"
    if high is not None and high == math.inf and low is not None:
        return f"{_fixed(value, 1)} months ({_fixed(low, 1)} or more)"
    if low is None or high is None:
        return DASH if _unknown(value) else f"{_fixed(value, 1)} months"
    if all(float(end).is_integer() for end in (value, low, high)):
        between = f" ({_fixed(low, 1)}{DASH}{_fixed(high, 1)})" if low < high else ""
        return f"{_fixed(value, 1)} months{between}"
    return number_text(value, low, high, "months")


def count_text(value: float) -> str:
    """A count with thousands apart: ``100,000``."""
    return DASH if _unknown(value) else f"{round(value):,}"


def listed(words: tuple[str, ...] | list[str]) -> str:
    """Words joined as a sentence has them: ``a, b and c``."""
    return " and ".join((*([", ".join(words[:-1])] if len(words) > 1 else ()), *words[-1:]))


def _word(value: float) -> str:
    return next(word for edge, word in _WORDS if value < edge)


def percent_step(value: float, low: float | None = None, high: float | None = None) -> float:
    """The finest step that an interval supports, in percent."""
    if low is None or high is None or _unknown(low, high) or low == high:
        return 0.1 if min(value, 1 - value) < 0.01 else 1.0
    # a width of a whole point must not fall short of it by its last bit
    return max(min(_power(100 * (high - low) * (1 + 1e-9)), 1.0), _FINEST)


def _ticks(value: float, step: float) -> int:
    return round(100 * value / step)


def _ticks_up(value: float, step: float) -> int:
    # The tolerance keeps a bound that is itself a round number from being pushed up by its last bit.
    return max(1, math.ceil(100 * value / step - 1e-9))


def _percent(ticks: int, step: float) -> str:
    return f"{_fixed(ticks * step, step)}%"


def _power(width: float) -> float:
    return float(10.0 ** math.floor(math.log10(width))) if width > 0 else 1.0


def _fixed(value: float, step: float) -> str:
    decimals = max(0, -round(math.log10(step)))
    text = f"{round(value / step) * step:,.{decimals}f}"
    bare = text.removeprefix("-")
    return bare if bare == text or not bare.strip("0.,") else MINUS + bare


def _signed(value: float, step: float) -> str:
    text = _fixed(value, step)
    return text if text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"


def _unknown(*values: float) -> bool:
    return any(not math.isfinite(value) for value in values)
