"""What a formula or a driver can be at all: its least and greatest value, and whether it counts in whole numbers.

Interval arithmetic over the grammar of :mod:`pactrisk.expressions`. A range may be wider than what is reached, never
narrower.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from pactrisk.drivers.processes.events import Events
from pactrisk.drivers.processes.formula import Formula
from pactrisk.drivers.processes.index import Index
from pactrisk.drivers.processes.trend import Trend
from pactrisk.expressions import Expression
from pactrisk.lint.fault import extent
from pactrisk.scenario import Scenario

__all__ = ["Range", "driver_range", "formula_range"]


@dataclass(frozen=True)
class Range:
    """Least and greatest possible value, and whether every value is a whole number."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False


_EVERYTHING = Range()
_TRUTH = Range(0.0, 1.0, True)
_SHARE = Range(0.0, 1.0)
_AMOUNT = Range(0.0, math.inf)


def formula_range(scenario: Scenario, text: str) -> Range:
    """The range of a formula over the drivers and agreements of a scenario."""
    return _of(Expression(text).tree(), lambda name: _named(scenario, name))


def driver_range(scenario: Scenario, name: str) -> Range:
    """The range of the values of a driver."""
    driver = scenario.driver(name)
    if isinstance(driver, Formula):
        return formula_range(scenario, driver.expression)
    if driver.positive:
        return _AMOUNT
    # a shock is added to what has been cut already
    if any(shock.driver == name and shock.size is not None for shock in scenario.shocks):
        return _EVERYTHING
    if isinstance(driver, Index):
        return Range(
            -math.inf if driver.least is None else driver.least, math.inf if driver.most is None else driver.most
        )
    if isinstance(driver, Trend):
        ends = [extent(entry.value) for entry in driver.values]
        return Range(min(low for low, _ in ends), max(high for _, high in ends))
    if isinstance(driver, Events):
        impulses = [driver.impulse, *(getattr(entry, "impulse", None) for entry in driver.when)]
        if all(extent(impulse)[0] >= 0 for impulse in impulses if impulse is not None):
            return _AMOUNT
    return _EVERYTHING


def _named(scenario: Scenario, name: str) -> Range:
    first, _, part = name.partition(".")
    if first in scenario.ids:
        return _SHARE if part == "delivery" else _AMOUNT if part in ("flow", "total") else _TRUTH
    if part:
        return _TRUTH
    return driver_range(scenario, first)


def _of(node: ast.expr, named: Callable[[str], Range]) -> Range:
    match node:
        case ast.Constant(value=value):
            number = float(value)  # type: ignore[arg-type]
            return Range(number, number, number.is_integer())
        case ast.BinOp(left=left, op=op, right=right):
            return _joined(op, _of(left, named), _of(right, named))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            x = _of(operand, named)
            return Range(-x.high, -x.low, x.whole)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _of(operand, named)
        case ast.UnaryOp() | ast.BoolOp() | ast.Compare():
            return _TRUTH
        case ast.Call(func=ast.Name(id=function), args=args):
            return _called(function, [_of(arg, named) for arg in args])
    return named(ast.unparse(node))


def _joined(op: ast.operator, x: Range, y: Range) -> Range:
    whole = x.whole and y.whole
    match op:
        case ast.Add():
            return Range(x.low + y.low, x.high + y.high, whole)
        case ast.Sub():
            return Range(x.low - y.high, x.high - y.low, whole)
        case ast.Mult():
            return _times(x, y, whole)
        case ast.Div() if y.low >= 0:
            return _times(x, Range(_inverse(y.high), _inverse(y.low)), False)
        case ast.Pow() if x.low >= 0:
            return _AMOUNT
    return _EVERYTHING


def _times(x: Range, y: Range, whole: bool) -> Range:
    corners = [0.0 if 0.0 in (a, b) else a * b for a, b in product((x.low, x.high), (y.low, y.high))]
    return Range(min(corners), max(corners), whole)


def _inverse(value: float) -> float:
    return math.inf if value == 0 else 1 / value


def _called(function: str, args: list[Range]) -> Range:
    x, whole = args[0], all(arg.whole for arg in args)
    if function == "min":
        return Range(min(arg.low for arg in args), min(arg.high for arg in args), whole)
    if function == "max":
        return Range(max(arg.low for arg in args), max(arg.high for arg in args), whole)
    if function == "clip":
        _, least, most = args
        return Range(min(max(x.low, least.low), most.low), min(max(x.high, least.high), most.high), whole)
    if function == "where":
        _, yes, no = args
        return Range(min(yes.low, no.low), max(yes.high, no.high), yes.whole and no.whole)
    if function == "abs":
        nearest = 0.0 if x.low <= 0 <= x.high else min(abs(x.low), abs(x.high))
        return Range(nearest, max(abs(x.low), abs(x.high)), x.whole)
    return _AMOUNT if function in ("exp", "sqrt") else _EVERYTHING
