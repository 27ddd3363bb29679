"""Arithmetic written in a file, and nothing but arithmetic.

Grammar: numbers, dotted names, ``+ - * / **``, comparisons, ``and or not``, and the functions of
:data:`FUNCTIONS`. What is true is 1 and what is not is 0. Python's own parser reads it; every other construct is
refused, so a file can never run code.
"""

from __future__ import annotations

import ast
import operator
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.miswritten import HOLDS, elsehow, grouped, of_state, unread
from pactrisk.truths import COMPARISONS, chosen, compared, denied, joined, sure

__all__ = ["FUNCTIONS", "Expression"]

Array = npt.NDArray[Any]
Truth = Callable[[ast.expr, Callable[[str], Any]], Any]

FUNCTIONS: Mapping[str, Callable[..., Array]] = {
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "min": lambda *x: _fold(np.minimum, x),
    "max": lambda *x: _fold(np.maximum, x),
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "where": chosen,
}
_ARITY = {"abs": (1, 1), "exp": (1, 1), "log": (1, 1), "sqrt": (1, 1)}
_ARITY |= {"min": (2, 16), "max": (2, 16), "clip": (3, 3), "where": (3, 3)}
_BINARY: Mapping[type[ast.operator], np.ufunc] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.true_divide,
    ast.Pow: np.float_power,
}
_LONGEST = 2000
_FAINT = 1e-3
_DEEPEST = 60
_LARGEST = sys.float_info.max


@dataclass(frozen=True)
class Expression:
    """A parsed formula: ``text`` as written and the dotted ``names`` it reads, in order of appearance.

    Raises
    ------
    ValueError : when the text is not arithmetic; the message is one plain sentence, the second argument a hint if any.
    """

    text: str

    def __post_init__(self) -> None:
        self.tree()

    def tree(self) -> ast.expr:
        """The formula as Python's parser reads it."""
        return _parsed(self.text)

    @property
    def names(self) -> tuple[str, ...]:
        """Dotted names that the formula reads."""
        return _read(self.text)

    @property
    def beside(self) -> Mapping[str, tuple[str, bool]]:
        """By each plain name that is compared with another for being the same: that one, and whether it is to be."""
        return _beside(self.text)

    def evaluate(self, value_of: Callable[[str], Any]) -> Array:
        """The formula's value, with ``value_of(name)`` giving the value of each dotted name.

        It is not a finite number where a comparison of what is none decides.
        """
        with np.errstate(all="ignore"):
            return np.asarray(_evaluate(self.tree(), value_of))

    def margin(self, value_of: Callable[[str], Any], beyond: bool = False) -> Array:
        """How far the comparisons are from holding: 0 where the formula holds (or next to it), else below 0.

        The two sides of a comparison are set apart in standard deviations of their difference over the values given,
        so that unlike units may be joined: ``and`` adds what is missing, ``or`` takes the nearest. A value that is not
        compared is a truth from 0 to 1, and so is a comparison within arithmetic: the nearer to holding, the nearer to
        1. With ``beyond`` it goes on above 0, by how far they hold.
        """
        with np.errstate(all="ignore"):
            found = np.asarray(_margin(self.tree(), value_of, True))
            return found if beyond else np.minimum(found, 0.0)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> ast.expr:
    if len(text) > _LONGEST:
        raise ValueError(f"a formula may have at most {_LONGEST} characters")
    text = text.strip()
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise ValueError(*unread(text, error)) from None
    except (ValueError, RecursionError, MemoryError):
        raise ValueError("this is not arithmetic that can be read") from None
    _check(tree, text)
    return tree


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_names(_parsed(text))))


@lru_cache(maxsize=4096)
def _beside(text: str) -> Mapping[str, tuple[str, bool]]:
    found: dict[str, tuple[str, bool]] = {}
    for node in ast.walk(_parsed(text)):
        match node:
            case ast.Compare(
                left=ast.Name(id=one), ops=[ast.Eq() | ast.NotEq() as op], comparators=[ast.Name(id=other)]
            ):
                found |= {name: (by, isinstance(op, ast.Eq)) for name, by in ((one, other), (other, one))}
    return MappingProxyType(found)


def _margin(node: ast.expr, value_of: Callable[[str], Any], wanted: bool) -> Any:
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _margin(operand, value_of, not wanted)
        case ast.BoolOp(op=op, values=values):
            parts = tuple(_margin(v, value_of, wanted) for v in values)
            return _all(parts) if isinstance(op, ast.And) == wanted else _fold(np.maximum, parts)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            sides = [_evaluate(v, value_of, _degree) for v in (left, *comparators)]
            parts = tuple(_missing(type(o), sides[i], sides[i + 1], wanted) for i, o in enumerate(ops))
            return _all(parts) if wanted else _fold(np.maximum, parts)
    truth = np.clip(np.asarray(_evaluate(node, value_of, _degree), dtype=float), 0.0, 1.0)
    return truth - 1.0 if wanted else -truth


def _all(parts: tuple[Any, ...]) -> Any:
    """What is missing of several together; where nothing is, the least of how far they go beyond."""
    short = _fold(operator.add, tuple(np.minimum(part, 0.0) for part in parts))
    return np.where(short < 0, short, _fold(np.minimum, parts))


def _degree(node: ast.expr, value_of: Callable[[str], Any]) -> Any:
    """How nearly a comparison within arithmetic holds, from 0 to 1: next to 1 where it does, the nearer the further."""
    apart = _margin(node, value_of, True)
    return np.where(apart < 0, (1 - _FAINT) / (1 - np.minimum(apart, 0)), 1 - _FAINT / (1 + np.maximum(apart, 0)))


def _missing(compares: type[ast.cmpop], left: Any, right: Any, wanted: bool) -> Any:
    """How much one comparison is missing by, below 0; above it by how far it holds."""
    apart = np.asarray(left - right, dtype=float)
    known = apart[np.isfinite(apart)]
    unit = (float(np.std(known)) if known.size else 0.0) or 1.0
    if compares in (ast.Eq, ast.NotEq):
        same = (compares is ast.Eq) == wanted
        return -np.abs(apart) / unit if same else np.where(apart != 0, 0.0, -1.0)
    rising = apart if (compares in (ast.Gt, ast.GtE)) == wanted else -apart
    return rising / unit


def _fold(function: Callable[[Any, Any], Any], values: tuple[Any, ...]) -> Any:
    result = values[0]
    for value in values[1:]:
        result = function(result, value)
    return result


def _holds(first: Any, second: Any) -> bool:
    """Whether what two values come to fits where the first one stands."""
    wide = isinstance(first, np.ndarray) and first.dtype == np.float64
    return wide and np.shape(second) in ((), np.shape(first))


def _dotted(node: ast.expr) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def _check(node: ast.expr, text: str, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise ValueError("this formula is nested too deeply")
    match node:
        case ast.Constant(value=bool()):
            raise ValueError("true and false are not numbers here")
        case ast.Constant(value=int() | float() as number):
            if not -_LARGEST <= number <= _LARGEST:
                raise ValueError("a number in a formula must be finite")
        case ast.Name() | ast.Attribute():
            if _dotted(node) is None:
                raise ValueError("only names such as brent or war.escalation may be read")
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            _check(left, text, depth + 1)
            _check(right, text, depth + 1)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not(), operand=operand):
            _check(operand, text, depth + 1)
        case ast.BoolOp(values=values):
            for value in values:
                _check(value, text, depth + 1)
        case (
            ast.Compare(
                left=ast.Name(id=name),
                ops=[ast.Eq() | ast.NotEq() | ast.Is() | ast.IsNot() as op],
                comparators=[ast.Constant(value=str() as state)],
            )
            | ast.Compare(left=ast.Name(id=name), ops=[ast.Is() | ast.IsNot() as op], comparators=[ast.Name(id=state)])
        ) if state.isidentifier():
            raise ValueError(HOLDS, of_state(name, state, isinstance(op, ast.Eq | ast.Is)))
        case ast.Compare(left=left, ops=ops, comparators=comparators) if all(type(o) in COMPARISONS for o in ops):
            for value in (left, *comparators):
                _check(value, text, depth + 1)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            least, most = _ARITY[name]
            if not least <= len(args) <= most or any(isinstance(a, ast.Starred) for a in args):
                message = f"{name}() takes {least if least == most else f'{least} or more'} values"
                hint = grouped(text) if len(args) > most else ""
                raise ValueError(message, hint) if hint else ValueError(message)
            for value in args:
                _check(value, text, depth + 1)
        case ast.Call(func=ast.Name(id=name)) if name not in FUNCTIONS:
            raise ValueError(f"{name[:30]}() is not known: the only functions are {', '.join(FUNCTIONS)}")
        case ast.Call():
            raise ValueError(f"the only functions are {', '.join(FUNCTIONS)}")
        case _:
            hint = elsehow(node, text)
            raise ValueError(HOLDS, hint) if hint else ValueError(HOLDS)


def _names(node: ast.expr) -> list[str]:
    dotted = _dotted(node)
    if dotted is not None:
        return [dotted]
    children = [c for c in ast.iter_child_nodes(node) if isinstance(c, ast.expr)]
    if isinstance(node, ast.Call):
        children = list(node.args)
    return [name for child in children for name in _names(child)]


def _evaluate(node: ast.expr, value_of: Callable[[str], Any], truth: Truth | None = None) -> Any:
    """The value of a formula; ``truth`` says what comparisons count for, if not 1 or 0."""
    if truth is not None and _is_truth(node):
        return truth(node, value_of)

    def of(part: ast.expr) -> Any:
        return _evaluate(part, value_of, truth)

    match node:
        case ast.Constant(value=value):
            return float(value)  # type: ignore[arg-type]
        case ast.BinOp(left=left, op=op, right=right):
            first, second = of(left), of(right)
            # what a part came to is nobody else's: a sum of many terms takes no new array for each
            free = isinstance(left, ast.BinOp) and _holds(first, second)
            return _BINARY[type(op)](first, second, out=first if free else None)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return denied(of(operand), sure(operand))
        case ast.UnaryOp(op=op, operand=operand):
            value = of(operand)
            return -value if isinstance(op, ast.USub) else value
        case ast.BoolOp(op=op, values=values):
            return joined([of(v) for v in values], isinstance(op, ast.And), sure(*values))
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            parts = [of(v) for v in (left, *comparators)]
            known = sure(left, *comparators)
            tests = [compared(type(o), parts[i], parts[i + 1], known) for i, o in enumerate(ops)]
            return tests[0] if len(tests) == 1 else joined(tests, True, known)
        case ast.Call(func=ast.Name(id=name), args=args):
            return FUNCTIONS[name](*map(of, args))
    return value_of(str(_dotted(node)))


def _is_truth(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )
