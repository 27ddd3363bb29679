"""The ways in which an event can come about, as far as its formula names them: each a formula of its own.

``oil > 100 or war.hot and gas > 50`` has two. Besides ``or`` (and a negated ``and``) a comparison names several where
it holds ``max(...)`` or ``abs(...)`` above something, or ``min(...)`` below. The event happens where any of them does.
"""

from __future__ import annotations

import ast
from itertools import product
from math import prod

from pactrisk.expressions import Expression

__all__ = ["MOST", "alternatives"]

MOST = 8
"""Of an event that has more ways than these, all are looked at as one."""
_LONGEST = 2000
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Eq: ast.Eq, ast.NotEq: ast.NotEq,
}  # fmt: skip
_NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip
_ABOVE = (ast.Gt, ast.GtE)
_BELOW = (ast.Lt, ast.LtE)

Way = tuple[ast.expr, ...]
"""What holds together in one way."""


def alternatives(event: str) -> list[str]:
    """The ways of an event, in the order of its formula, each once; the event itself where there is one or too many."""
    found = _ways(Expression(event).tree(), True)
    if found is None:
        return [event]
    texts = list(dict.fromkeys(" and ".join(f"({ast.unparse(part)})" for part in way) for way in found))
    return texts if 1 < len(texts) <= MOST and max(map(len, texts)) <= _LONGEST else [event]


def _ways(node: ast.expr, wanted: bool) -> list[Way] | None:
    """The ways in which a truth is as ``wanted``; None where they are too many to be told apart."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _ways(operand, not wanted)
        case ast.BoolOp(op=op, values=values):
            parts = [_ways(value, wanted) for value in values]
            return _together(parts) if isinstance(op, ast.And) == wanted else _either(parts)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            sides = [left, *comparators]
            each = [_compared(sides[i], type(op), sides[i + 1], wanted) for i, op in enumerate(ops)]
            return _together(each) if wanted else _either(each)
    return [(node if wanted else ast.UnaryOp(op=ast.Not(), operand=node),)]


def _together(parts: list[list[Way] | None]) -> list[Way] | None:
    """Every part holds, each in any of its ways."""
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or prod(map(len, known)) > MOST:
        return None
    return [tuple(piece for way in chosen for piece in way) for chosen in product(*known)]


def _either(parts: list[list[Way] | None]) -> list[Way] | None:
    """Any part holds."""
    known = [part for part in parts if part is not None]
    return [way for part in known for way in part] if len(known) == len(parts) else None


def _compared(left: ast.expr, compares: type[ast.cmpop], right: ast.expr, wanted: bool) -> list[Way] | None:
    """One comparison, or those of what a function chooses from."""
    compares = compares if wanted else _NEGATED[compares]
    if not isinstance(left, ast.Call) and isinstance(right, ast.Call):
        left, compares, right = right, _TURNED[compares], left
    match left:
        case ast.Call(func=ast.Name(id="max"), args=args) if compares in (*_ABOVE, *_BELOW):
            each = [_compared(x, compares, right, True) for x in args]
            return _either(each) if compares in _ABOVE else _together(each)
        case ast.Call(func=ast.Name(id="min"), args=args) if compares in (*_ABOVE, *_BELOW):
            each = [_compared(x, compares, right, True) for x in args]
            return _either(each) if compares in _BELOW else _together(each)
        case ast.Call(func=ast.Name(id="abs"), args=[x]) if compares in (*_ABOVE, *_BELOW):
            other = ast.UnaryOp(op=ast.USub(), operand=right)
            each = [_compared(x, compares, right, True), _compared(x, _TURNED[compares], other, True)]
            return _either(each) if compares in _ABOVE else _together(each)
    return [(ast.Compare(left=left, ops=[compares()], comparators=[right]),)]
