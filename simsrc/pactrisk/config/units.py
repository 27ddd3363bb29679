"""A number that is written with its unit: units are fixed, or have a key of their own."""

from __future__ import annotations

import re

from pactrisk.config.fields import fields_under, takes_text, unit_of
from pactrisk.config.quoting import clean
from pactrisk.config.spots import Spot
from pactrisk.config.wanted import instead, wants_number
from pactrisk.numerals import in_unit

__all__ = ["alone", "in_per_cent"]

_TIME = re.compile(r"[\d._]+\s*(?:month|quarter|year|week|day)s?\b")


def alone(spot: Spot) -> str:
    """What to do about a number with its unit."""
    if wants_number(spot.last) is False:
        return instead(spot)
    # a value is that of whatever it stands in
    words = [word for word in spot.keys if word != "value"]
    unit = next((unit for word in words if (unit := unit_of(word)) is not None), None)
    begin = "" if spot.within else f"{clean(spot.key)} = "
    if unit is None:
        found = re.match(r"[+-]?[\d._]+", spot.value)
        if found is None or any(map(takes_text, fields_under(spot.last))):
            return instead(spot)
        return f"a number stands alone: {begin}{found[0]}"
    # the part of a number may be a time where the key that it belongs to stands in a line above
    figure = None if not unit and _TIME.match(spot.value) else in_unit(spot.value, unit)
    if figure is not None:
        return f"a number stands alone: {begin}{figure[0]}{figure[1].removesuffix(' and unit')}"
    return "a number stands alone" + (f", {unit if unit.startswith('per ') else f'in {unit}'}" if unit else "")


def in_per_cent(spot: Spot) -> str:
    """What to do about a number with a per cent sign, as far as the line says it: it is a hundredth, but for times."""
    unit = next((unit for word in reversed(spot.keys) if (unit := unit_of(word)) is not None), "")
    figure = in_unit(spot.value, unit)
    begin = "" if spot.within else f"{clean(spot.key)} = "
    if figure is None:
        return instead(spot) if wants_number(spot.last) is False else "a number stands alone"
    return f"write {begin}{figure[0]}{figure[1]}"
