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
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Annotated, Any, Literal, get_args

import numpy as np
import numpy.typing as npt
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from pactrisk.distributions import FAMILIES, Distribution, Real
from pactrisk.streams import Streams

__all__ = ["TRUSTS", "Dur", "Duration", "Num", "Spread", "Trust", "Value", "Worlds", "numbers_in", "spread_schema"]

Trust = Literal["A", "B", "C", "judgement"]
TRUSTS: tuple[str, ...] = get_args(Trust)
_PAPERS = ("source", "note", "trust")
_QUANTILES = tuple(f"p{level:02d}" for level in range(1, 100))


@dataclass(frozen=True)
class Spread:
    """A distribution as written in a file, with its papers.

    ``parameters`` hold numbers, or further spreads where the whole is a duration. ``address`` is the
    dotted path where it was written: two places that inherit one spread share one draw a world.
    """

    family: str
    parameters: Mapping[str, float | Spread]
    low: float | Spread | None = None
    high: float | Spread | None = None
    bounds: tuple[float, float] = (-math.inf, math.inf)
    source: str = ""
    note: str = ""
    trust: str = ""
    address: str = ""
    aleatory: bool = False
    """Whether it is a duration, drawn once a trial rather than once a world."""

    def distribution(self, value_of: Any = None) -> Distribution:
        """The distribution, with inner spreads replaced by ``value_of(spread)``."""

        def number(x: float | Spread) -> Real:
            return value_of(x) if isinstance(x, Spread) else x

        return Distribution(
            self.family,
            {name: number(x) for name, x in self.parameters.items()},
            None if self.low is None else number(self.low),
            None if self.high is None else number(self.high),
            self.bounds,
        )

    def __str__(self) -> str:
        if self.family == "fixed":
            return _text(self.parameters["value"])
        inside = ", ".join(f"{name} = {_text(x)}" for name, x in self.parameters.items())
        name = "" if self.family == "quantiles" else f"{self.family}: "
        cut = "".join(f", {word} = {_text(x)}" for word, x in (("min", self.low), ("max", self.high)) if x is not None)
        return f"{{ {name}{inside}{cut} }}"

    @property
    def spread(self) -> bool:
        """Whether there is anything to draw."""
        return self.family != "fixed"


def _text(x: float | Spread) -> str:
    return str(x) if isinstance(x, Spread) else f"{x:.15g}"


Value = float | Spread
Duration = float | Spread


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
    def range(self) -> str:
        """The bounds in words."""
        words = []
        if self.above is not None:
            words.append(f"above {_text(self.above)}")
        if self.least is not None:
            words.append(f"at least {_text(self.least)}")
        if self.below is not None:
            words.append(f"below {_text(self.below)}")
        if self.most is not None:
            words.append(f"at most {_text(self.most)}")
        return " and ".join(words)

    def check(self, x: float) -> float:
        """``x``, or a ValueError that says which bound it breaks."""
        if not math.isfinite(x):
            raise ValueError(f"must be a finite number, not {x}")
        broken = (
            (self.above is not None and not x > self.above)
            or (self.least is not None and not x >= self.least)
            or (self.below is not None and not x < self.below)
            or (self.most is not None and not x <= self.most)
        )
        if broken:
            raise ValueError(f"must be {self.range}, not {_text(x)}")
        return x

    def read(self, raw: object) -> Value:
        """A plain number or a spread, checked against the bounds."""
        if isinstance(raw, Spread):
            return raw
        if not isinstance(raw, Mapping):
            return self.check(_number(raw))
        spread = _read_spread(raw, self.bounds, _number)
        if spread.family in ("fixed", "quantiles"):
            for x in spread.parameters.values():
                self.check(float(x))  # type: ignore[arg-type]
        elif spread.family in ("uniform", "triangular"):
            for word in ("low", "high"):
                self.check(float(spread.parameters[word]))  # type: ignore[arg-type]
        else:
            spread = self._fenced(spread)
        return spread

    def _fenced(self, spread: Spread) -> Spread:
        """A named distribution that could leave the bounds must be truncated to them in so many words."""
        support = FAMILIES[spread.family].support
        low, high = self.bounds
        if low > support[0] and spread.low is None:
            raise ValueError(f"can fall below {_text(low)}: add min, {_text(low)} or more")
        if high < support[1] and spread.high is None:
            raise ValueError(f"can exceed {_text(high)}: add max, {_text(high)} or less")
        for x in (spread.low, spread.high):
            if x is not None and not low <= float(x) <= high:  # type: ignore[arg-type]
                raise ValueError(f"must be {self.range}, not {_text(x)}")
        return spread

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

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
        told = f"{self.meaning}{f', in {self.unit}' if self.unit else ''}"
        if self.range:
            told += f" ({self.range})"
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
            return inner.check(_number(raw))

        def parameter(x: object) -> float | Spread:
            return Num(self.meaning, self.unit, above=0).read(x) if isinstance(x, Mapping) else _number(x)

        spread = _read_spread(raw, (0.0, math.inf), parameter)
        if spread.family in ("normal", "beta"):
            raise ValueError(f"{spread.family} is no distribution of a duration")
        spread = replace(spread, aleatory=True)
        for name, x in spread.parameters.items():
            if isinstance(x, float):
                zero_fits = spread.family in ("fixed", "uniform", "triangular")
                (inner if zero_fits else Num(name, above=0)).check(x)
        return spread

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        plain: dict[str, Any] = {"type": "number", "minimum": 0}
        spread = spread_schema(trial=True)
        return {"description": f"{self.meaning}, in {self.unit}", "anyOf": [plain, spread]}


def _number(raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        kind = {bool: "true or false", str: "text", list: "a list"}.get(type(raw), "a table")
        raise ValueError(f"must be a number, not {kind}")
    try:
        x = float(raw)
    except OverflowError:
        raise ValueError("must be a number that a computer can hold") from None
    if not math.isfinite(x):
        raise ValueError(f"must be a finite number, not {x}")
    return x


def _read_spread(raw: Mapping[str, object], bounds: tuple[float, float], read: Any) -> Spread:
    papers = {word: raw[word] for word in (*_PAPERS, "address") if word in raw}
    for word, text in papers.items():
        if not isinstance(text, str):
            raise ValueError(f"{word} must be text")
    if papers.get("trust", "A") not in TRUSTS:
        raise ValueError(f"trust must be one of {', '.join(TRUSTS)}")
    rest = {word: x for word, x in raw.items() if word not in (*_PAPERS, "address")}
    given: dict[str, Any] = {word: str(text) for word, text in papers.items()}
    cut = {side: read(rest.pop(word)) for word, side in (("min", "low"), ("max", "high")) if word in rest}
    if "distribution" in rest:
        return _read_named(rest, cut, read, given)
    if set(rest) == {"value"} and not cut:
        return Spread("fixed", {"value": read(rest["value"])}, **given)
    if rest and all(word in _QUANTILES for word in rest):
        return _read_quantiles(rest, cut, bounds, read, given)
    odd = next((word for word in rest if word not in _QUANTILES), None)
    if odd is None:
        raise ValueError("needs quantiles such as p10 and p90, or a distribution, or a value")
    raise ValueError(f"{odd!r} is neither a quantile such as p10 nor one of distribution, value, min, max")


def _read_named(rest: dict[str, Any], cut: dict[str, Any], read: Any, given: dict[str, Any]) -> Spread:
    name = rest.pop("distribution")
    if not isinstance(name, str) or name not in FAMILIES:
        raise ValueError(f"distribution must be one of {', '.join(FAMILIES)}, not {str(name)[:60]!r}")
    needed = FAMILIES[name].above
    missing = [word for word in needed if word not in rest]
    odd = [word for word in rest if word not in needed]
    if missing or odd:
        wrong = f"{missing[0]} is missing" if missing else f"{str(odd[0])[:60]!r} is not one of them"
        raise ValueError(f"{name} takes {', '.join(needed)}: {wrong}")
    parameters = {word: read(rest[word]) for word in needed}
    for word, above in needed.items():
        x = parameters[word]
        if isinstance(x, float) and not x > above:
            raise ValueError(f"{word} must be above {_text(above)}, not {_text(x)}")
    plain = {word: x for word, x in parameters.items() if isinstance(x, float)}
    if name in ("uniform", "triangular") and len(plain) == len(parameters):
        ordered = list(plain.values())
        if ordered != sorted(ordered) or ordered[0] == ordered[-1]:
            raise ValueError(f"{', '.join(needed)} must rise, not {', '.join(map(_text, ordered))}")
    _check_cut(cut)
    return Spread(name, parameters, **cut, **given)


def _read_quantiles(
    rest: dict[str, Any], cut: dict[str, Any], bounds: tuple[float, float], read: Any, given: dict[str, Any]
) -> Spread:
    parameters = {word: read(rest[word]) for word in sorted(rest)}
    if len(parameters) < 2:
        raise ValueError("needs two quantiles or more, such as p10 and p90")
    low, high = bounds
    plain = [(word, x) for word, x in parameters.items() if isinstance(x, float)]
    for (word, x), (other, y) in pairwise(plain):
        if not x < y:
            raise ValueError(f"quantiles must rise: {word} = {_text(x)} is not below {other} = {_text(y)}")
    for word, x in plain:
        if not low < x < high:
            edge = low if x <= low else high
            raise ValueError(f"{word} = {_text(x)} must lie inside the bound {_text(edge)}")
    _check_cut(cut)
    return Spread("quantiles", parameters, **cut, bounds=bounds, **given)


def _check_cut(cut: dict[str, Any]) -> None:
    if len(cut) == 2 and all(isinstance(x, float) for x in cut.values()) and not cut["low"] < cut["high"]:
        raise ValueError(f"min = {_text(cut['low'])} is not below max = {_text(cut['high'])}")


def spread_schema(trial: bool) -> dict[str, Any]:
    """JSON Schema of a distribution as written in a file: of a number (a world), or of a duration (a trial)."""
    number: dict[str, Any] = {"type": "number"}
    item: dict[str, Any] = {"anyOf": [number, {"type": "object"}]} if trial else number
    drawn = f"drawn once a {'trial' if trial else 'world'}"
    names: dict[str, Any] = {word: item for family in FAMILIES.values() for word in family.above}
    papers: dict[str, Any] = {word: {"type": "string"} for word in ("source", "note")}
    return {
        "type": "object",
        "description": f"a distribution, {drawn}: quantiles (p10, p50, p90 ...), or a named one",
        "properties": {
            **dict.fromkeys(("p05", "p10", "p25", "p50", "p75", "p90", "p95", "value", "min", "max"), item),
            "distribution": {"enum": list(FAMILIES)},
            **names,
            **papers,
            "trust": {"enum": list(TRUSTS)},
        },
        "patternProperties": {"^p[0-9][0-9]$": item},
        "additionalProperties": False,
    }


def numbers_in(value: Spread) -> list[Spread]:
    """The spreads inside a value that are drawn once a world.

    A duration is drawn once a trial: of it, only the spreads among its own parameters are.
    """
    inner = [x for x in (*value.parameters.values(), value.low, value.high) if isinstance(x, Spread)]
    return inner if value.aleatory else [value]


@dataclass
class Worlds:
    """The worlds of one block: what each uncertain number is in each of them.

    Trial i of the block belongs to world ``i % count``. A spread is drawn from the address
    ``assumption/<where it was written>``, once a world, and used everywhere it is read.
    """

    streams: Streams
    trials_per_world: int
    levels: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    """Quantile level of each spread drawn so far, shape (world,)."""
    _values: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Worlds in the block."""
        return self.streams.size // self.trials_per_world

    def level(self, address: str) -> npt.NDArray[np.float64]:
        """A uniform a world at ``assumption/<address>``, shape (world,)."""
        if address not in self.levels:
            self.levels[address] = self.streams.uniform(f"assumption/{address}", self.count)
        return self.levels[address]

    def spread(self, x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """One number a world laid out as one number a trial."""
        return np.tile(x, self.trials_per_world)

    def value(self, value: Value) -> Real:
        """A number, or one number a trial that is constant within each world."""
        if not isinstance(value, Spread):
            return value
        if not value.spread:
            return float(value.parameters["value"])  # type: ignore[arg-type]
        if not value.address:
            raise ValueError(f"the spread {value} has no address")
        if value.address not in self._values:
            drawn = value.distribution().ppf(self.level(value.address))
            self._values[value.address] = self.spread(drawn)
        return self._values[value.address]

    def duration(self, value: Duration) -> Distribution:
        """The distribution of a duration, with its uncertain parameters drawn."""
        if not isinstance(value, Spread):
            return Distribution("fixed", {"value": value})
        return value.distribution(self.value)


def addressed(value: Spread, path: str) -> Spread:
    """``value`` with ``path`` as its address, and its inner spreads below it."""
    own = value.address or path

    def inner(name: str, x: Any) -> Any:
        return addressed(x, f"{own}.{name}") if isinstance(x, Spread) else x

    parameters = {name: inner(name, x) for name, x in value.parameters.items()}
    return replace(
        value, parameters=parameters, low=inner("min", value.low), high=inner("max", value.high), address=own
    )


Share = Annotated[Value, Num("a share or chance", least=0, most=1)]
