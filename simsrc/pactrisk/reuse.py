"""What one scenario has worked out, for another to take where it would work out the same.

A variant shares its random numbers with the scenario. So whatever is a function of the same terms and of the same
arrays is the same array, to the last bit, and need not be made again; and what is made of that alone neither.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel

from pactrisk.spreads import Spread

__all__ = ["Reuse"]

T = TypeVar("T")
_TERMS = (BaseModel, Spread, tuple, float, int, str, date)
"""What is the same where it says the same; all else, such as an array, is the same only where it is that one."""


class Reuse:
    """Results by key, each with what it was made from: those of the scenario itself, or with those of ``before``.

    It keeps what it makes, for others, if ``keep``.
    """

    def __init__(self, before: Reuse | None = None, keep: bool = False) -> None:
        self._before = {} if before is None else before._made
        self._keep = keep
        self._made: dict[Hashable, tuple[tuple[Any, ...], Any]] = {}

    def of(self, key: Hashable, inputs: tuple[Any, ...], make: Callable[[], T]) -> T:
        """What ``make`` would return, which is a function of the key and the ``inputs`` alone."""
        known = self._before.get(key)
        result: T = known[1] if known is not None and _alike(known[0], inputs) else make()
        if self._keep:
            self._made[key] = inputs, result
        return result


def _alike(first: tuple[Any, ...], second: tuple[Any, ...]) -> bool:
    return len(first) == len(second) and all(
        one is other or (isinstance(one, _TERMS) and bool(one == other))
        for one, other in zip(first, second, strict=True)
    )
