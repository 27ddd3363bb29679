"""What a formula or a driver can be at all: its least and greatest value, and whether it counts in whole numbers.

Interval arithmetic over the grammar of :mod:`pactrisk.expressions`. A range may be wider than what is reached, never
narrower; and what is called positive stays above 0, as a price does that may come as near to 0 as it likes.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product

from pactrisk.drivers.processes.events import Events
from pactrisk.drivers.processes.formula import Formula
from pactrisk.drivers.processes.index import Index
from pactrisk.drivers.processes.trend import Trend
from pactrisk.expressions import Expression
from pactrisk.scenario import Scenario
from pactrisk.spreads import extent

__all__ = ["Range", "driver_ranges", "formula_range", "settled"]


@dataclass(frozen=True)
class Range:
    """Least and greatest possible value, whether every value is a whole number, and whether 0 is never reached."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    not_0: bool = False

    @property
    def positive(self) -> bool:
        """Whether every value is above 0."""
        return self.low > 0 or (self.low == 0 and self.not_0)


_EVERYTHING = Range()
_TRUTH = Range(0.0, 1.0, True)
_SHARE = Range(0.0, 1.0)
_AMOUNT = Range(0.0, math.inf)
_PRICE = Range(0.0, math.inf, not_0=True)


def formula_range(scenario: Scenario, text: str, drivers: Mapping[str, Range]) -> Range:
    """The range of a formula over the agreements of a scenario and its ``drivers``, whose ranges are known."""
    return _of(Expression(text).tree(), lambda name: _named(scenario, name, drivers))


def settled(scenario: Scenario, text: str, drivers: Mapping[str, Range]) -> bool | None:
    """Whether a comparison always holds, or never, by the ranges of what it compares; None where it may do either.

    ``drivers`` may hold a part of an agreement too, such as ``rail.delivery``, where more is known of it.
    """
    return _settled(Expression(text).tree(), lambda name: _named(scenario, name, drivers))


def driver_ranges(scenario: Scenario) -> dict[str, Range]:
    """The range of the values of each driver; of what has none, such as a regime, everything.

    Raises
    ------
    ValueError : where drivers read one another in a circle.
    """
    known: dict[str, Range] = {}
    for name in scenario.drivers_in_order:
        known[name] = _driver_range(scenario, name, known)
    return known


def _driver_range(scenario: Scenario, name: str, known: Mapping[str, Range]) -> Range:
    driver = scenario.driver(name)
    if driver.positive:
        return _PRICE
    # a shock is added to what has been cut, or worked out, already
    if any(shock.driver == name and shock.size is not None for shock in scenario.shocks):
        return _EVERYTHING
    if isinstance(driver, Formula):
        return formula_range(scenario, driver.expression, known)
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


def _named(scenario: Scenario, name: str, drivers: Mapping[str, Range]) -> Range:
    first, _, part = name.partition(".")
    if part and name in drivers:
        return drivers[name]
    if first in scenario.ids:
        return _SHARE if part == "delivery" else _AMOUNT if part in ("flow", "total") else _TRUTH
    if part and first in scenario.drivers:
        return _TRUTH
    return drivers.get(first, _EVERYTHING)


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


def _settled(node: ast.expr, named: Callable[[str], Range]) -> bool | None:
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            found = _settled(operand, named)
            return None if found is None else not found
        case ast.BoolOp(op=op, values=values):
            parts, decides = [_settled(value, named) for value in values], isinstance(op, ast.Or)
            return decides if decides in parts else None if None in parts else not decides
        case ast.Compare(left=left, ops=ops, comparators=right):
            sides = [_of(side, named) for side in (left, *right)]
            links = [_compared(op, x, y) for op, x, y in zip(ops, sides, sides[1:], strict=False)]
            return False if False in links else None if None in links else True
    return None


def _compared(op: ast.cmpop, x: Range, y: Range) -> bool | None:
    match op:
        case ast.Gt() | ast.GtE():
            return _compared(ast.Lt() if isinstance(op, ast.Gt) else ast.LtE(), y, x)
        case ast.Lt():
            return True if x.high < y.low else False if x.low >= y.high else None
        case ast.LtE():
            return True if x.high <= y.low else False if x.low > y.high else None
    apart = x.high < y.low or x.low > y.high
    return None if not apart else isinstance(op, ast.NotEq)


def _joined(op: ast.operator, x: Range, y: Range) -> Range:
    whole = x.whole and y.whole
    match op:
        case ast.Add():
            positive = (x.positive and y.low >= 0) or (y.positive and x.low >= 0)
            return Range(x.low + y.low, x.high + y.high, whole, positive)
        case ast.Sub():
            return Range(x.low - y.high, x.high - y.low, whole)
        case ast.Mult():
            return _times(x, y, whole)
        case ast.Div() if y.low >= 0:
            return _times(x, Range(_inverse(y.high), _inverse(y.low), not_0=True), False)
        case ast.Pow() if x.low >= 0:
            return _PRICE if x.positive else _AMOUNT
    return _EVERYTHING


def _times(x: Range, y: Range, whole: bool) -> Range:
    corners = [0.0 if 0.0 in (a, b) else a * b for a, b in product((x.low, x.high), (y.low, y.high))]
    return Range(min(corners), max(corners), whole, x.positive and y.positive)


def _inverse(value: float) -> float:
    return math.inf if value == 0 else 1 / value


def _called(function: str, args: list[Range]) -> Range:
    x, whole = args[0], all(arg.whole for arg in args)
    if function == "min":
        positive = all(arg.positive for arg in args)
        return Range(min(arg.low for arg in args), min(arg.high for arg in args), whole, positive)
    if function == "max":
        positive = any(arg.positive for arg in args)
        return Range(max(arg.low for arg in args), max(arg.high for arg in args), whole, positive)
    if function == "clip":
        _, least, most = args
        return _called("min", [_called("max", [x, least]), most])
    if function == "where":
        _, yes, no = args
        positive = yes.positive and no.positive
        return Range(min(yes.low, no.low), max(yes.high, no.high), yes.whole and no.whole, positive)
    if function == "abs":
        nearest = 0.0 if x.low <= 0 <= x.high else min(abs(x.low), abs(x.high))
        return Range(nearest, max(abs(x.low), abs(x.high)), x.whole, x.positive)
    if function == "exp" or (function == "sqrt" and x.positive):
        return _PRICE
    return _AMOUNT if function == "sqrt" else _EVERYTHING
