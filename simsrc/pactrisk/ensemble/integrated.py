r"""Conditional Monte Carlo: chances at the headline given all that is drawn but what has a closed form.

Whether a milestone is pursued at all, and whether an agreement ends, is decided by draws that nothing else of its
agreement hangs on. Given everything else of a trial (drivers, durations, frailties, presence, the other agreements),
the chance of each class is then a sum over the sets :math:`S` of milestones that are not pursued or wait for one,

.. math:: P(c \mid \text{rest}) = s \sum_S \Big( \prod_{m \in S} q_m \prod_{m \notin S} (1 - q_m) \Big)
    1\{\text{class given } S = c\},

with :math:`q_m` the chance that m, being free to begin, is not pursued, and :math:`s = \exp(-\int h)` that of having
not ended by then. By the law of total variance its mean over trials scatters no more than a count (Owen, Monte Carlo
theory, chapter 8).

An agreement that waits for what waits for itself is counted, and so is one with more than :data:`MOST` sets.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from pactrisk.agreements import Agreement, Clocks, Progress
from pactrisk.agreements.waiting import resolve
from pactrisk.distributions import Real
from pactrisk.grid import TimeGrid
from pactrisk.outcomes import CLASSES, Rule, classify
from pactrisk.quantities import Worlds
from pactrisk.scenario import Scenario

__all__ = ["MOST", "chances_given", "entangled"]

Array = npt.NDArray[np.float64]
MOST = 32
"""Sets of milestones of one agreement that are told apart."""
_ABSENT, _REVERSED = CLASSES.index("absent"), CLASSES.index("reversed")


def chances_given(
    scenario: Scenario,
    progress: Mapping[str, Progress],
    clocks: Clocks,
    worlds: Worlds,
    rule: Rule,
    grid: TimeGrid,
    k: int,
) -> Array:
    """The chance of each class at the grid point ``k`` given the rest of a trial, shape (agreement, class, trial).

    Agreements are in the scenario's order; ``progress`` is theirs as it was drawn.
    """
    out = np.zeros((len(scenario.ids), len(CLASSES), worlds.streams.size))
    tied = entangled(scenario)
    for agreement, chances in zip(scenario.agreements, out, strict=True):
        drawn = progress[agreement.id]
        own = [name for id_, name in scenario.milestones_in_order if id_ == agreement.id]
        cases = None if agreement.id in tied else _cases(agreement, own, worlds)
        if cases is None:
            _count(chances, _class_of(drawn, rule, grid, k), 1.0)
            continue
        done = _as_if_pursued(agreement, own, progress, clocks, grid)
        for idle, weight in cases.items():
            _count(chances, _class_of(_without(drawn, done, progress, idle, grid), rule, grid, k), weight)
        if drawn.hazard is not None:
            _end(chances, drawn, float(grid.months[k]))
    return np.clip(out, 0.0, 1.0, out=out)


def entangled(scenario: Scenario) -> set[str]:
    """Agreements with a milestone or flow that waits, through other agreements, for a milestone of its own."""
    waits: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for agreement in scenario.agreements:
        entries = [(name, m.after) for name, m in agreement.milestones.items()]
        entries += [("", agreement.flow.after)] if agreement.flow is not None else []
        for name, after in entries:
            waits[agreement.id, name] = [resolve(agreement.id, other) for other in after]
    return {id_ for id_ in scenario.ids if any(start[0] == id_ and _returns(waits, start) for start in waits)}


def _returns(waits: Mapping[tuple[str, str], list[tuple[str, str]]], start: tuple[str, str]) -> bool:
    """Whether what ``start`` waits for in other agreements waits for a milestone of its own agreement."""
    waiting, seen = [other for other in waits[start] if other[0] != start[0]], set()
    while waiting:
        here = waiting.pop()
        if here[0] == start[0]:
            return True
        if here not in seen:
            seen.add(here)
            waiting += waits.get(here, [])
    return False


def _cases(agreement: Agreement, own: list[str], worlds: Worlds) -> dict[frozenset[str], Real] | None:
    """The sets of milestones that are not done for want of pursuit, each with its chance; None if there are too many.

    ``own`` are the milestones in an order in which none comes before what it waits for.
    """
    cases: dict[frozenset[str], Real] = {frozenset(): 1.0}
    for name in own:
        milestone = agreement.milestones[name]
        never = worlds.value(milestone.never)
        before = {resolve(agreement.id, other) for other in milestone.after}
        found: dict[frozenset[str], Real] = {}
        for idle, weight in cases.items():
            if any((agreement.id, other) in before for other in idle):
                _add(found, idle | {name}, weight)
            elif isinstance(never, float) and never in (0.0, 1.0):
                _add(found, idle if never == 0.0 else idle | {name}, weight)
            else:
                _add(found, idle, weight * (1.0 - never))
                _add(found, idle | {name}, weight * never)
        cases = found
        if len(cases) > MOST:
            return None
    told: dict[frozenset[str], Real] = {}
    for idle, weight in cases.items():
        _add(told, idle & _telling(agreement), weight)
    return told


def _telling(agreement: Agreement) -> set[str]:
    """The milestones that the class is told by."""
    flow = () if agreement.flow is None else agreement.flow.after
    begins = {name for id_, name in (resolve(agreement.id, other) for other in flow) if id_ == agreement.id}
    return begins | {name for name, milestone in agreement.milestones.items() if milestone.weight}


def _add(cases: dict[frozenset[str], Real], idle: frozenset[str], weight: Real) -> None:
    cases[idle] = cases[idle] + weight if idle in cases else weight


def _as_if_pursued(
    agreement: Agreement, own: list[str], progress: Mapping[str, Progress], clocks: Clocks, grid: TimeGrid
) -> dict[str, Array]:
    """When each milestone would be done if all were pursued and the agreement never ended; others' are as drawn."""
    drawn = progress[agreement.id]
    for_ever = np.full(drawn.ended.shape, np.inf)
    done: dict[str, Array] = {}
    for name in own:
        milestone = agreement.milestones[name]
        start = _after(drawn, milestone.after, done, progress)
        earliest = 0.0 if milestone.earliest is None else grid.month_of(milestone.earliest)
        clock = clocks.of(milestone.pace or agreement.pace, agreement.ceremonies)
        done[name] = clock.finish(start, drawn.takes[name][0], ~drawn.present, for_ever, earliest)
    return done


def _after(
    drawn: Progress, after: tuple[str, ...], done: Mapping[str, Array], progress: Mapping[str, Progress]
) -> Array:
    """When all of ``after`` are done: those of its own agreement in ``done``, the others as they were drawn."""
    start = np.full(drawn.ended.shape, drawn.signed)
    for id_, name in (resolve(drawn.agreement.id, other) for other in after):
        start = np.maximum(start, done[name] if id_ == drawn.agreement.id else progress[id_].done[name])
    return start


def _without(
    drawn: Progress, done: Mapping[str, Array], progress: Mapping[str, Progress], idle: frozenset[str], grid: TimeGrid
) -> Progress:
    """The progress in which all but the ``idle`` milestones are done at their times, and nothing ends."""
    never = np.full(drawn.ended.shape, np.inf)
    now = {name: never if name in idle else times for name, times in done.items()}
    flow = drawn.agreement.flow
    start = None if flow is None else np.where(drawn.present, _after(drawn, flow.after, now, progress), np.inf)
    return drawn.at_other_times(now, never, start, float(grid.step))


def _class_of(progress: Progress, rule: Rule, grid: TimeGrid, k: int) -> npt.NDArray[np.int8]:
    return np.asarray(classify(rule, progress, grid, slice(k, k + 1))[0])


def _count(chances: Array, classes: npt.NDArray[np.int8], weight: Real) -> None:
    chances[classes, np.arange(classes.size)] += weight


def _end(chances: Array, drawn: Progress, month: float) -> None:
    """What is in the portfolio may have ended by then."""
    assert drawn.hazard is not None
    size = drawn.ended.shape
    begun = np.full(size, min(drawn.signed, month))
    stays = np.exp(drawn.hazard.at(begun) - drawn.hazard.at(np.full(size, month)))
    stays = np.where(drawn.present, stays, 1.0)
    chances *= stays
    chances[_REVERSED] += 1.0 - stays
