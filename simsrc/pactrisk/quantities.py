"""A number in a file: what it means, its unit and bounds, and how sure we are of it.

Every number of a scenario is declared as ``Annotated[Value, Num("meaning", unit=..., above=...)]``. In the
file it may be written as

- a plain number: ``volatility = 0.33``;
- elicited quantiles, drawn once a world: ``half_life = { p10 = 9, p90 = 24 }``;
- a named distribution, drawn once a world: ``{ distribution = "uniform", low = 1, high = 3 }``, which ``min``
  and ``max`` truncate;
- a number with its papers: ``{ value = 0.33, source = "EIA", trust = "A" }``.

Each spread may carry ``source``, ``note`` and ``trust``. A :class:`Duration` is written the same way, but it is
drawn once a trial, and its own parameters may in turn be spreads.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from pactrisk.distributions import FAMILIES
from pactrisk.intended import RISING, lacking, ranged
from pactrisk.numerals import FRACTION, in_per_cent, kind_of, number, part, shown
from pactrisk.spreads import (
    PAPERS,
    TRUSTS,
    Duration,
    Spread,
    Trust,
    Value,
    numbers_in,
    read_spread,
    spread_schema,
)
from pactrisk.worlds import Worlds

__all__ = [
    "NO_DURATION",
    "TRUSTS",
    "Dur",
    "Duration",
    "Num",
    "Spread",
    "Trust",
    "Value",
    "Worlds",
    "measured",
    "numbers_in",
    "spread_schema",
]

_LEAVES = {"min": "fall below", "max": "exceed"}
_FURTHER = {"min": "more", "max": "less"}
NO_DURATION = ("normal", "beta")


def measured(meaning: str, unit: str) -> str:
    """A meaning with its unit: ``time for a gap to halve, in months``, ``how often it leaps, per year``."""
    return f"{meaning}, {unit if unit.startswith('per ') else f'in {unit}'}" if unit else meaning


@dataclass(frozen=True)
class Num:
    """What a number means: the sentence, the unit and the bounds that go into every message, page and schema."""

    meaning: str
    unit: str = ""
    above: float | None = None
    least: float | None = None
    below: float | None = None
    most: float | None = None

    @property
    def bounds(self) -> tuple[float, float]:
        """Lower and upper bound, infinite where there is none."""
        low = self.above if self.above is not None else self.least
        high = self.below if self.below is not None else self.most
        return (-math.inf if low is None else low, math.inf if high is None else high)

    @property
    def share(self) -> bool:
        """Whether it is a fraction of 1, or grows by one a year: what is written elsewhere in per cent."""
        return self.unit == "per year" or (self.unit == "" and max(map(abs, self.bounds)) <= FRACTION)

    @property
    def range(self) -> str:
        """The bounds in words."""
        words = []
        if self.above is not None:
            words.append(f"above {shown(self.above)}")
        if self.least is not None:
            words.append(f"at least {shown(self.least)}")
        if self.below is not None:
            words.append(f"below {shown(self.below)}")
        if self.most is not None:
            words.append(f"at most {shown(self.most)}")
        return " and ".join(words)

    def check(self, x: float) -> float:
        """``x``, or a ValueError that says which bound it breaks."""
        if not math.isfinite(x):
            raise ValueError(f"must be a finite number, not {x}")
        if self._breaks(x):
            message = f"must be {self.range}, not {shown(x)}"
            raise ValueError(message, hint) if (hint := self._in_per_cent(x)) else ValueError(message)
        return x

    def _breaks(self, x: float) -> bool:
        """Whether ``x`` lies outside the bounds."""
        return (
            (self.above is not None and not x > self.above)
            or (self.least is not None and not x >= self.least)
            or (self.below is not None and not x < self.below)
            or (self.most is not None and not x <= self.most)
        )

    def _in_per_cent(self, x: float) -> str:
        """What a number that is too large comes to if it was meant in per cent; empty where that is not plain."""
        # what only comes near to 1 is no share
        return in_per_cent(x, *self.bounds) if self.unit in ("", "per year") and self.below is None else ""

    def alone(self, raw: object) -> float:
        """The number, where a spread may stand too; a range that is written as text or a list is told as a spread."""
        if hint := ranged(raw, self.bounds, lambda x: not self._breaks(x), self.share):
            raise ValueError(f"must be a number, not {kind_of(raw)}", hint)
        return self.check(number(raw, self.unit))

    def read(self, raw: object) -> Value:
        """A plain number or a spread, checked against the bounds."""
        if isinstance(raw, Spread):
            return raw
        if not isinstance(raw, Mapping):
            return self.alone(raw)
        spread = read_spread(raw, self.bounds, partial(number, unit=self.unit))
        if spread.family in ("fixed", "quantiles"):
            for x in spread.parameters.values():
                self.check(float(x))  # type: ignore[arg-type]
        elif spread.family in RISING:
            for word in ("low", "high"):
                part(word, spread.parameters[word], self.check)
        else:
            spread = self._fenced(spread)
        return spread

    def _fenced(self, spread: Spread) -> Spread:
        """A named distribution that could leave the bounds must be truncated to them in so many words."""
        cut = {"low": spread.low, "high": spread.high}
        ends = lacking(spread.family, cut, self.bounds)
        wrong = []
        if ends:
            does = " and ".join(f"{_LEAVES[word]} {shown(bound)}" for word, bound in ends.items())
            add = ", and ".join(f"{word}, {shown(bound)} or {_FURTHER[word]}" for word, bound in ends.items())
            wrong.append(f"can {does}: add {add}")
        low, high = self.bounds
        for word, x in (("min", spread.low), ("max", spread.high)):
            if x is not None and not low <= float(x) <= high:  # type: ignore[arg-type]
                wrong.append(f"{word} must be {self.range}, not {shown(x)}")
        if wrong:
            raise ValueError("; ".join(wrong))
        return spread

    def read_plain(self, raw: object) -> float:
        """A number that is no spread: a weight, a lag, a cut."""
        if isinstance(raw, Mapping) and "value" in raw and not raw.keys() - {"value", "address", *PAPERS}:
            raise ValueError("must be a plain number; it has no papers of its own")
        if isinstance(raw, Mapping | Spread):
            raise ValueError("must be a plain number; it cannot be a spread")
        return self.check(number(raw, self.unit))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        read = self.read_plain if source is float else self.read
        return core_schema.no_info_plain_validator_function(read, metadata={"plain": source is float})

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        plain: dict[str, Any] = {"type": "number"}
        for word, bound in (
            ("exclusiveMinimum", self.above),
            ("minimum", self.least),
            ("exclusiveMaximum", self.below),
            ("maximum", self.most),
        ):
            if bound is not None:
                plain[word] = bound
        spread = spread_schema(trial=False)
        told = measured(self.meaning, self.unit)
        if self.range:
            told += f" ({self.range})"
        if (schema.get("metadata") or {}).get("plain"):
            return {"description": told, **plain}
        return {"description": told, "anyOf": [plain, spread]}


@dataclass(frozen=True)
class Dur:
    """What a duration means. Months unless ``unit`` says otherwise; drawn once a trial."""

    meaning: str
    unit: str = "months"

    def read(self, raw: object) -> Duration:
        """A fixed number of months, or a distribution whose parameters may themselves be spreads."""
        inner = Num(self.meaning, self.unit, least=0)
        if isinstance(raw, Spread):
            return raw
        if not isinstance(raw, Mapping):
            return inner.alone(raw)

        def parameter(x: object) -> float | Spread:
            return Num(self.meaning, self.unit, above=0).read(x) if isinstance(x, Mapping) else number(x, self.unit)

        spread = read_spread(raw, (0.0, math.inf), parameter, [name for name in FAMILIES if name not in NO_DURATION])
        if spread.family in NO_DURATION:
            hint = "no time is below 0: write quantiles such as { p10 = 3, p90 = 12 }, or lognormal"
            raise ValueError(f"{spread.family} is no distribution of a duration", hint)
        spread = replace(spread, aleatory=True)
        for name, x in spread.parameters.items():
            if isinstance(x, float):
                zero_fits = spread.family in ("fixed", *RISING)
                (inner if zero_fits else Num(name, above=0)).check(x)
        return spread

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        plain: dict[str, Any] = {"type": "number", "minimum": 0}
        spread = spread_schema(trial=True)
        return {"description": measured(self.meaning, self.unit), "anyOf": [plain, spread]}
