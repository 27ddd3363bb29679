"""Remarks on edits of where a driver begins, from which effects without a reference are measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pactrisk.lint.fault import Fault, by_id
from pactrisk.lint.readings import readings
from pactrisk.numerals import shown
from pactrisk.scenario import Key, Scenario
from pactrisk.spreads import plain_number

__all__ = ["measured_from", "moved_in", "moved_yardstick"]


def measured_from(scenario: Scenario) -> dict[str, list[Key]]:
    """By driver the effects that are measured from where it begins, each by its path."""
    found: dict[str, list[Key]] = {}
    for reading in readings(scenario):
        effect = reading.effect
        if effect is None or effect.reference is not None:
            continue
        if effect.elasticity is not None or effect.per_unit is not None:
            found.setdefault(reading.driver, []).append(reading.path[:-1])
    return found


def moved_in(scenario: Scenario, variants: Mapping[str, Scenario]) -> Iterator[Fault]:
    """Variants in which a driver begins elsewhere; paths are those of the config."""
    for name, other in variants.items():
        # a check reads no world for what nobody moves
        if not (moved := [driver for driver in other.drivers if _begins(scenario, driver) != _begins(other, driver)]):
            continue
        effects = measured_from(other)
        for driver in moved:
            before, now = _begins(scenario, driver), _begins(other, driver)
            if driver in effects and before is not None and now is not None:
                yield moved_yardstick(("variants", name), driver, effects[driver], other, plain_number(before))


def _begins(scenario: Scenario, driver: str) -> Any:
    """Where a driver begins; None where it is not there, or says nothing of that."""
    return getattr(scenario.drivers.get(driver), "initial", None)


def moved_yardstick(
    path: Key, driver: str, effects: Sequence[Key], scenario: Scenario, before: float | None = None
) -> Fault:
    """The remark on an edit at this path; ``before`` is where the driver began."""
    dotted, more = ".".join(map(str, by_id(scenario, effects[0]))), len(effects) - 1
    others = f" and {more} more" if more else ""
    message = f"moves where {driver} begins, and with it what {dotted}{others} is measured from"
    value = "" if before is None else f" = {shown(before)}"
    return Fault(path, message, f'"{dotted}.reference"{value} beside it keeps that where it was')
