"""Truths of a formula: 1 for what holds and 0 for what does not, and no number where arithmetic leaves it open.

What a comparison makes of a division by zero is no answer, and would be counted as one. It passes through ``and``,
``or`` and ``not`` where nothing else decides: ``p > 0 and log(p) > 1`` is settled where p is below 0.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.magnitude import ALIKE

__all__ = ["COMPARISONS", "chosen", "compared", "denied", "joined", "sure"]

Array = npt.NDArray[Any]

COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: lambda x, y: x < y - ALIKE * abs(y),
    ast.LtE: lambda x, y: x <= y + ALIKE * abs(y),
    ast.Gt: lambda x, y: x > y + ALIKE * abs(y),
    ast.GtE: lambda x, y: x >= y - ALIKE * abs(y),
    ast.Eq: lambda x, y: abs(x - y) <= ALIKE * abs(y),
    ast.NotEq: lambda x, y: abs(x - y) > ALIKE * abs(y),
}
"""How numbers are compared: what only rounding tells apart is alike."""


@lru_cache(maxsize=4096)
def sure(*parts: ast.expr) -> bool:
    """Whether parts of a formula are finite whatever they read, since no arithmetic is in them: nobody need look."""
    return not any(isinstance(node, ast.BinOp | ast.Call) for part in parts for node in ast.walk(part))


def compared(test: type[ast.cmpop], left: Any, right: Any, known: bool) -> Array:
    """Whether a comparison holds; open where a side is not a finite number, unless it is ``known`` that none is."""
    truth = _one_or_zero(COMPARISONS[test](left, right))
    return truth if known else _open_where_not(truth, left, right)


def denied(value: Any, known: bool) -> Array:
    """``not``: whether a value is nothing."""
    truth = _one_or_zero(np.logical_not(value))
    return truth if known else _open_where_not(truth, value)


def joined(values: Sequence[Any], every: bool, known: bool) -> Array:
    """``and``, where ``every`` value must hold, or else ``or``; open where those that are open decide."""
    if known or all(np.isfinite(value).all() for value in values):
        return _one_or_zero(reduce(np.logical_and if every else np.logical_or, values))
    truths = [_open_where_not(_one_or_zero(np.not_equal(value, 0)), value) for value in values]
    # one that does not hold settles and, one that does settles or, whatever the open ones would be
    settles, of_the_known, of_all = (0.0, np.fmin, np.minimum) if every else (1.0, np.fmax, np.maximum)
    return np.where(reduce(of_the_known, truths) == settles, settles, reduce(of_all, truths))


def chosen(test: Any, yes: Any, no: Any) -> Array:
    """One value where the test holds and the other where it does not; open where the test is."""
    return _open_where_not(np.asarray(np.where(test, yes, no)), test)


def _open_where_not(found: Array, *of: Any) -> Array:
    for value in of:
        finite = np.isfinite(value)
        if not finite.all():
            found = np.where(finite, found, np.nan)
    return found


def _one_or_zero(truth: Any) -> Array:
    # truths are counted and subtracted like numbers; booleans of numpy would be joined by "or" when added
    return np.asarray(truth, dtype=float)
