"""The memory that a block takes."""

from __future__ import annotations

from pactrisk.agreements.paces import SHARED
from pactrisk.scenario import Scenario
from pactrisk.streams import BLOCK

__all__ = ["block_bytes", "dates_within"]

_A_DATE, _A_MILESTONE, _AN_AGREEMENT = 4, 4, 10
"""Numbers that a trial keeps: of an agreement at each date delivery, honours, flow and its total; of a milestone when
it is done, what it takes, and its place on the grid; of an agreement when it ends, its flow and its depth.
"""


def block_bytes(scenario: Scenario, dates: int) -> int:
    """What a block of the scenario takes, at most, at so many dates."""
    always, each = _numbers(scenario)
    return 8 * BLOCK * (always + each * dates)


def dates_within(scenario: Scenario, most: int) -> int:
    """The dates at which a block of the scenario takes ``most`` bytes; below 1 where none fits."""
    always, each = _numbers(scenario)
    return (most // (8 * BLOCK) - always) // each


def _numbers(scenario: Scenario) -> tuple[int, int]:
    """Numbers that a trial keeps in any case, and at each date."""
    agreements = len(scenario.agreements)
    milestones = sum(len(agreement.milestones) for agreement in scenario.agreements)
    clocks = max(min(len(scenario.paces), SHARED), _clocks(scenario))
    each = _A_DATE * agreements + len(scenario.drivers) + clocks
    return _A_MILESTONE * milestones + _AN_AGREEMENT * agreements, max(each, 1)


def _clocks(scenario: Scenario) -> int:
    """Clocks that milestones run on: where ceremony speeds work, one for each day of signature too."""
    speeds = scenario.ceremony_effect != 0
    own = {a.id: (a.ceremonies, a.signed) if speeds and a.ceremonies else () for a in scenario.agreements}
    return len({(m.pace or a.pace, own[a.id]) for a in scenario.agreements for m in a.milestones.values()})
