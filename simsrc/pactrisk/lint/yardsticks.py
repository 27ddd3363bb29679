"""Remarks on edits of where a driver begins, from which effects without a reference are measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pactrisk.lint.fault import Fault
from pactrisk.lint.readings import readings
from pactrisk.numerals import shown
from pactrisk.scenario import Key, Scenario
from pactrisk.spreads import plain_number
from pactrisk.tables import Table

__all__ = ["measured_from", "moved_in", "moved_yardstick"]


def measured_from(scenario: Scenario, every: Sequence[Table] | None = None) -> dict[str, list[Key]]:
    """By driver the effects that are measured from where it begins, each by its path; ``every`` are all tables."""
    found: dict[str, list[Key]] = {}
    for reading in readings(scenario, every):
        effect = reading.effect
        if effect is None or effect.reference is not None:
            continue
        if effect.elasticity is not None or effect.per_unit is not None:
            found.setdefault(reading.driver, []).append(reading.path[:-1])
    return found


def moved_in(scenario: Scenario, variants: Mapping[str, Scenario]) -> Iterator[Fault]:
    """Variants in which a driver begins elsewhere; paths are those of the config."""
    for name, other in variants.items():
        for driver, effects in measured_from(other).items():
            before, now = (getattr(s.drivers.get(driver), "initial", None) for s in (scenario, other))
            if before is not None and now is not None and before != now:
                yield moved_yardstick(("variants", name), driver, effects, other, plain_number(before))


def moved_yardstick(
    path: Key, driver: str, effects: Sequence[Key], scenario: Scenario, before: float | None = None
) -> Fault:
    """The remark on an edit at this path; ``before`` is where the driver began."""
    first, more = effects[0], len(effects) - 1
    if first[0] == "agreements":
        first = (first[0], scenario.ids[int(first[1])], *first[2:])
    dotted = ".".join(map(str, first))
    others = f" and {more} more" if more else ""
    message = f"moves where {driver} begins, and with it what {dotted}{others} is measured from"
    value = "" if before is None else f" = {shown(before)}"
    return Fault(path, message, f'"{dotted}.reference"{value} beside it keeps that where it was')
