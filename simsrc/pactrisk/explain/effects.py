"""Effects and durations in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from pactrisk.drivers import Effect
from pactrisk.drivers.process import When
from pactrisk.findings.wording import listed
from pactrisk.numerals import counted
from pactrisk.quantities import Spread, Value
from pactrisk.register import DRIVER_UNIT
from pactrisk.specs import Spec
from pactrisk.spreads import plain_number
from pactrisk.tables import declared

__all__ = [
    "direction",
    "effect_text",
    "exception_text",
    "in_unit",
    "number_text",
    "numbers_text",
    "short_unit",
]

_SHAPES = ("shape", "sigma", "a", "b")
_NO_UNITS = re.compile(r"share|ratio|index|of ")


def number_text(value: Value, unit: str = "") -> str:
    """A number for a sentence: ``70 USD/bbl (p10 58, p90 80)``, ``lognormal with median 6 and sigma 0.7``."""
    if not isinstance(value, Spread):
        return f"{value:.15g}{_after('month' if unit == 'months' and value == 1 else unit)}"
    # the unit belongs to what is measured in it, not to a shape
    measured = [word for word in value.parameters if word not in _SHAPES and value.family != "quantiles"]
    last = measured[-1] if measured else ""
    parts = {word: number_text(x, unit if word == last else "") for word, x in value.parameters.items()}
    if value.family == "fixed":
        return parts["value"]
    cuts = "".join(
        f", {word} {number_text(x)}" for word, x in (("at least", value.low), ("at most", value.high)) if x is not None
    )
    if value.family != "quantiles":
        with_ = listed([f"{word} {text}" for word, text in parts.items()])
        return f"{value.family.replace('_', '-')} with {with_}{cuts}"
    middle = parts.pop("p50", "")
    ends = [f"{level} {text}" for level, text in parts.items()]
    if middle:
        # "1 month", though the ends beside it are more
        return f"{middle}{_after('month' if unit == 'months' and middle == '1' else unit)} ({', '.join(ends)}{cuts})"
    levels, values = list(parts), list(parts.values())
    between = f"{levels[0]} to {levels[-1]}" if len(levels) == 2 else ", ".join(ends)
    return f"{values[0]} to {values[-1]}{_after(unit)} ({between}{cuts})"


def _after(unit: str) -> str:
    return unit if unit == "%" else f" {unit}" if unit else ""


def short_unit(unit: str) -> str:
    """A unit that fits behind a number; nothing for one that is a sentence itself, or only says what is counted."""
    return unit if len(unit) <= 15 and "," not in unit and not _NO_UNITS.match(unit) else ""


def in_unit(unit: str) -> str:
    """``, in t``; a unit that cannot stand behind "in" is in brackets."""
    if not unit:
        return ""
    return f" ({unit})" if "," in unit or _NO_UNITS.match(unit) else f", in {unit}"


def _middle(value: Value) -> float:
    number = plain_number(value)
    return float(value.distribution().ppf(0.5)) if number is None else number  # type: ignore[arg-type, union-attr]


def effect_text(effect: Effect, unit: str = "") -> str:
    """What an effect does, after "work is" or "the hazard is": ``multiplied by 0.5 while war is in the state hot``."""
    name, of = effect.driver, short_unit(unit)
    if effect.factor is not None:
        what = f"multiplied by {number_text(effect.factor)} while {name} is "
        if effect.state is not None:
            what += f"in the state {effect.state}"
        elif effect.below is not None:
            what += f"below {number_text(effect.below, of)}"
        elif effect.above is not None:
            what += f"above {number_text(effect.above, of)}"
    else:
        base = "its start" if effect.reference is None else number_text(effect.reference, of)
        if effect.elasticity is not None:
            what = f"moved by {number_text(effect.elasticity, '%')} for each 1% of {name} against {base}"
        elif effect.per_unit is not None:
            what = f"multiplied by {number_text(effect.per_unit)} for each {of or 'unit'} of {name} above {base}"
            what += ", and divided by as much for each below"
    later = [f"averaged over {counted(effect.average, 'month')}"] if effect.average else []
    later += [f"{counted(effect.lag, 'month')} later"] if effect.lag else []
    return ", ".join([what, *later])


def direction(effect: Effect) -> int:
    """+1 where more of the driver quickens, or its state or being beyond its threshold; -1 where that slows; 0 where it
    depends on the world.
    """
    for word, neutral in (("factor", 1.0), ("elasticity", 0.0), ("per_unit", 1.0)):
        value = getattr(effect, word)
        if value is not None:
            middle = _middle(value)
            return (middle > neutral) - (middle < neutral)
    return 0


def numbers_text(spec: Spec, unit: str = "", apart: Collection[str] = ()) -> list[str]:
    """The numbers of a table, each after its word: ``rate 0.3 per year``. ``unit`` is that of its driver.

    What is left at nothing is not told, nor what is told ``apart``.
    """
    return [
        f"{word} {text}"
        for word, text, value in _measured(spec, unit)
        if word not in apart and (value != 0 or word in spec.model_fields_set)
    ]


def _measured(spec: Spec, unit: str) -> Iterator[tuple[str, str, Value]]:
    for word in type(spec).model_fields:
        number, value = declared(type(spec), word), getattr(spec, word)
        if number is not None and isinstance(value, float | Spread):
            own = number.unit or (unit if word in DRIVER_UNIT else "")
            yield word, number_text(value, short_unit(own)), value


def exception_text(entry: When, unit: str) -> str:
    """Other numbers of a driver, which is in ``unit``, while a regime is in a state."""
    others = [f"{word} is {text}" for word, text, _ in _measured(entry, unit)]
    for word, table in entry:
        if isinstance(table, Spec):
            others += [f"the {name} of its {word} is {text}" for name, text, _ in _measured(table, "")]
    return f"while {entry.driver} is in the state {entry.state}, {listed(others)}"
