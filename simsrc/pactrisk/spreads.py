"""Spreads: distributions as written in a file, read and checked.

``{ p10 = 9, p90 = 24 }``, ``{ distribution = "uniform", low = 1, high = 3 }`` or ``{ value = 0.33, source = "EIA" }``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, get_args

import numpy as np

from pactrisk.distributions import FAMILIES, Distribution, Real
from pactrisk.intended import QUANTILES, RISING, converted, intended, mistaken, word_meant
from pactrisk.numerals import in_per_cent, part, parts, shown

__all__ = [
    "PAPERS",
    "TRUSTS",
    "Duration",
    "Spread",
    "Trust",
    "Value",
    "addressed",
    "extent",
    "numbers_in",
    "plain_number",
    "read_spread",
    "spread_schema",
]

Trust = Literal["A", "B", "C", "judgement"]
TRUSTS: tuple[str, ...] = get_args(Trust)
PAPERS = ("source", "note", "trust")
"""Words that say where a number comes from, and not what it is."""


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
        """The distribution, with inner spreads replaced by ``value_of(spread)``.

        What must rise is put in order in each world: spreads that overlap may cross there.
        """
        return self._constant or self._filled(value_of)

    @cached_property
    def _constant(self) -> Distribution | None:
        """The distribution where no number in it is itself a spread: made once for all worlds."""
        inner = (*self.parameters.values(), self.low, self.high)
        return None if any(isinstance(x, Spread) for x in inner) else self._filled(None)

    def _filled(self, value_of: Any) -> Distribution:
        def drawn(x: float | Spread) -> Real:
            return value_of(x) if isinstance(x, Spread) else x

        parameters = {name: drawn(x) for name, x in self.parameters.items()}
        low = None if self.low is None else drawn(self.low)
        high = None if self.high is None else drawn(self.high)
        if self.family in RISING:
            parameters = dict(zip(parameters, _in_order(*parameters.values()), strict=True))
        if low is not None and high is not None:
            low, high = _in_order(low, high)
        return Distribution(self.family, parameters, low, high, self.bounds)

    def __str__(self) -> str:
        if self.family == "fixed":
            return shown(self.parameters["value"])
        inside = ", ".join(f"{name} = {shown(x)}" for name, x in self.parameters.items())
        name = "" if self.family == "quantiles" else f"{self.family}: "
        cut = "".join(f", {word} = {shown(x)}" for word, x in (("min", self.low), ("max", self.high)) if x is not None)
        return f"{{ {name}{inside}{cut} }}"

    @property
    def spread(self) -> bool:
        """Whether there is anything to draw."""
        return self.family != "fixed"


def _in_order(*values: Real) -> list[Real]:
    if not any(np.ndim(x) for x in values):
        return sorted(values)
    return list(np.sort(np.stack(np.broadcast_arrays(*values)), axis=0))


Value = float | Spread
Duration = float | Spread


def read_spread(
    raw: Mapping[str, object], bounds: tuple[float, float], read: Any, families: Collection[str] = FAMILIES
) -> Spread:
    """The distribution in a table of a file; ``families`` are those that are proposed where it names none.

    Raises
    ------
    ValueError : with all that is wrong with it in one sentence.
    """
    papers = {word: raw[word] for word in (*PAPERS, "address") if word in raw}
    wrong = [f"{word} must be text" for word, text in papers.items() if not isinstance(text, str)]
    if isinstance(trust := papers.get("trust", "A"), str) and trust not in TRUSTS:
        wrong.append(f"trust must be one of {', '.join(TRUSTS)}")
    given: dict[str, Any] = {word: str(text) for word, text in papers.items()}
    rest = {word: x for word, x in raw.items() if word not in (*PAPERS, "address")}
    odd: list[str] = []
    near: dict[str, str] = {}
    if "distribution" not in rest and any(word in QUANTILES for word in rest):
        odd = [word for word in rest if word not in (*QUANTILES, "min", "max")]
        wrong += [f"{word!r} is neither a quantile such as p10 nor one of min and max" for word in odd]
        slips = {word: word_meant(word) for word in odd}
        near = {word: right for word, right in slips.items() if right and right not in rest}
    # what was plainly meant is judged as if it were written
    known = {near.get(word, word): x for word, x in rest.items() if word not in odd or word in near}
    try:
        spread = _read(known, bounds, read, families, given)
    except ValueError as error:
        if not wrong:
            raise
        wrong.append(str(error.args[0]))
    if len(wrong) == 1 and near:
        raise ValueError(wrong[0], f"did you mean {next(iter(near.values()))}?")
    if wrong:
        raise ValueError(wrong[0] if len(wrong) == 1 else f"has {len(wrong)} faults: {'; '.join(wrong)}")
    return spread


def _read(
    raw: dict[str, object], bounds: tuple[float, float], read: Any, families: Collection[str], given: dict[str, Any]
) -> Spread:
    rest = dict(raw)
    cut = {side: part(word, rest.pop(word), read) for word, side in (("min", "low"), ("max", "high")) if word in rest}
    if "distribution" in rest:
        return _read_named(rest, cut, bounds, read, given)
    if set(rest) == {"value"} and not cut:
        return Spread("fixed", {"value": part("value", rest["value"], read)}, **given)
    if rest and all(word in QUANTILES for word in rest):
        return _read_quantiles(rest, cut, bounds, read, given)
    odd = next((word for word in rest if word not in QUANTILES), None)
    hint = intended(rest, cut, bounds, families)
    message = "needs quantiles such as p10 and p90, or a distribution, or a value"
    if "value" in rest and odd is not None:
        other = next(word for word in raw if word != "value")
        message = f"{other!r} does not go with value: besides it there are {', '.join(PAPERS)}"
    elif odd is not None:
        message = f"{odd!r} is neither a quantile such as p10 nor one of distribution, value, min, max"
    raise ValueError(message, hint) if hint else ValueError(message)


def _read_named(
    rest: dict[str, Any], cut: dict[str, Any], bounds: tuple[float, float], read: Any, given: dict[str, Any]
) -> Spread:
    name = rest.pop("distribution")
    if not isinstance(name, str) or name not in FAMILIES:
        raise ValueError(f"distribution must be one of {', '.join(FAMILIES)}, not {str(name)[:60]!r}")
    needed = FAMILIES[name].above
    wrong = mistaken(name, list(needed), list(rest))
    hint = converted({**rest, "distribution": name}, cut, bounds)
    if hint:
        raise ValueError(wrong[0], hint)
    parameters = parts({word: rest[word] for word in needed if word in rest}, read)
    for word, x in parameters.items():
        if isinstance(x, float) and not x > needed[word]:
            wrong.append(f"{word} must be above {shown(needed[word])}, not {shown(x)}")
    if wrong:
        raise ValueError("; ".join(wrong))
    plain = {word: known for word, x in parameters.items() if (known := plain_number(x)) is not None}
    if name in RISING and len(plain) > 1:
        ordered = list(plain.values())
        if ordered != sorted(ordered) or plain.get("low") == plain.get("high"):
            raise ValueError(f"{', '.join(plain)} must rise, not {', '.join(map(shown, ordered))}")
    _check_cut(cut)
    return Spread(name, parameters, **cut, **given)


def _read_quantiles(
    rest: dict[str, Any], cut: dict[str, Any], bounds: tuple[float, float], read: Any, given: dict[str, Any]
) -> Spread:
    parameters = parts({word: rest[word] for word in sorted(rest)}, read)
    if len(parameters) < 2:
        raise ValueError("needs two quantiles or more, such as p10 and p90")
    low, high = bounds
    plain = [(word, x) for word, x in parameters.items() if isinstance(x, float)]
    for (word, x), (other, y) in pairwise(plain):
        if not x < y:
            raise ValueError(f"quantiles must rise: {word} = {shown(x)} is not below {other} = {shown(y)}")
    for word, x in plain:
        if not low < x < high:
            edge = low if x <= low else high
            message = f"{word} = {shown(x)} must lie inside the bound {shown(edge)}"
            raise ValueError(message, hint) if (hint := in_per_cent(x, low, high)) else ValueError(message)
    _check_cut(cut)
    return Spread("quantiles", parameters, **cut, bounds=bounds, **given)


def extent(value: float | Spread) -> tuple[float, float]:
    """The least and greatest value that a number can have."""
    if not isinstance(value, Spread):
        return value, value
    inner = {word: extent(x) for word, x in value.parameters.items()}
    if value.family == "fixed":
        low, high = inner["value"]
    elif value.family in ("uniform", "triangular"):
        # put in order where they cross
        low, high = min(x for x, _ in inner.values()), max(x for _, x in inner.values())
    elif value.family == "quantiles":
        low, high = value.bounds
    else:
        low, high = FAMILIES[value.family].support
    if value.low is not None:
        low = max(low, extent(value.low)[0])
    if value.high is not None:
        high = min(high, extent(value.high)[1])
    return low, high


def plain_number(x: float | Spread) -> float | None:
    """The number itself where it is one, papers or not; None where it differs between worlds."""
    if not isinstance(x, Spread):
        return x
    return None if x.spread else plain_number(x.parameters["value"])


def _check_cut(cut: dict[str, Any]) -> None:
    known = {side: x for side, given in cut.items() if (x := plain_number(given)) is not None}
    if len(known) == 2 and not known["low"] < known["high"]:
        raise ValueError(f"min = {shown(cut['low'])} is not below max = {shown(cut['high'])}")


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


def addressed(value: Spread, path: str) -> Spread:
    """``value`` with ``path`` as its address, and its inner spreads below it."""
    own = value.address or path

    def inner(name: str, x: Any) -> Any:
        return addressed(x, f"{own}.{name}") if isinstance(x, Spread) else x

    parameters = {name: inner(name, x) for name, x in value.parameters.items()}
    return replace(
        value, parameters=parameters, low=inner("min", value.low), high=inner("max", value.high), address=own
    )
