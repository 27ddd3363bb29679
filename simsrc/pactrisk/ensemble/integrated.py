r"""Conditional Monte Carlo: chances at the headline given all that is drawn but what has a closed form.

Whether an agreement is in the portfolio, whether a milestone is pursued at all, and whether an agreement ends, is
decided by draws that nothing else of its agreement hangs on. Given everything else of a trial (drivers, durations,
frailties, the other agreements), the chance of each class is then a sum over the sets :math:`S` of milestones that are
not pursued or wait for one,

.. math:: P(c \mid \text{rest}) = p s \sum_S \Big( \prod_{m \in S} q_m \prod_{m \notin S} (1 - q_m) \Big)
    1\{\text{class given } S = c\},

with p the chance that it exists, :math:`q_m` that m, being free to begin, is not pursued, and
:math:`s = \exp(-\int h)` that of having not ended by then; :math:`p (1 - s)` is that of having ended, and
:math:`1 - p` that of being absent. By the law of total variance its mean over trials scatters no more than a count
(Owen, Monte Carlo theory, chapter 8).

An agreement that waits for what waits for itself is counted, and so is one with more than :data:`MOST` sets.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np
import numpy.typing as npt

from pactrisk.agreements import Agreement, Clocks, Progress, weights_without
from pactrisk.agreements.waiting import resolve
from pactrisk.distributions import Real
from pactrisk.grid import TimeGrid
from pactrisk.outcomes import CLASSES, Rule, add_cases, classify
from pactrisk.quantities import Value, Worlds
from pactrisk.scenario import Scenario
from pactrisk.spreads import plain_number

__all__ = ["MOST", "chances_given", "entangled", "out_of_reach"]

Array = npt.NDArray[np.float64]
MOST = 1024
"""Sets of milestones of one agreement that are told apart: those of ten that are pursued or not."""
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
    tied, own = entangled(scenario), _in_order(scenario)

    def in_worlds(value: Value) -> Real:
        drawn = worlds.value(value)
        return drawn[: worlds.count] if isinstance(drawn, np.ndarray) else drawn

    for agreement, chances in zip(scenario.agreements, out, strict=True):
        drawn = progress[agreement.id]
        cases = None if agreement.id in tied else _cases(agreement, own[agreement.id], in_worlds)
        if cases is None:
            classes = classify(rule, drawn, grid, slice(k, k + 1))[0]
            chances[classes, np.arange(classes.size)] = 1.0
            continue
        given = np.empty((len(cases), worlds.trials_per_world, worlds.count))
        for row, chance in zip(given, cases.values(), strict=True):
            row[:] = chance
        pursued = _as_if_pursued(agreement, own[agreement.id], progress, clocks, grid)
        add_cases(rule, pursued, grid, k, (*_told_by(agreement, cases), given.reshape(len(cases), -1)), chances)
        if drawn.hazard is not None:
            _end(chances, drawn, float(grid.months[k]))
        if agreement.presence != 1:
            exists = worlds.value(agreement.presence)
            chances *= exists
            chances[_ABSENT] += 1.0 - exists
    return np.clip(out, 0.0, 1.0, out=out)


def out_of_reach(scenario: Scenario) -> tuple[str, ...]:
    """Agreements whose chances are counted all the same: they wait for what waits for them, or have too many sets."""
    tied, own = entangled(scenario), _in_order(scenario)

    def any_chance(value: Value) -> float:
        number = plain_number(value)
        return 0.5 if number is None else number

    return tuple(
        agreement.id
        for agreement in scenario.agreements
        if agreement.id in tied or _cases(agreement, own[agreement.id], any_chance) is None
    )


def _in_order(scenario: Scenario) -> dict[str, list[str]]:
    """Each agreement's milestones in an order in which none comes before what it waits for."""
    own: dict[str, list[str]] = {id_: [] for id_ in scenario.ids}
    for id_, name in scenario.milestones_in_order:
        own[id_].append(name)
    return own


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


def _cases(
    agreement: Agreement, own: list[str], chance_of: Callable[[Value], Real]
) -> dict[frozenset[str], Real] | None:
    """The sets of milestones that are not done for want of pursuit, each with its chance; None if there are too many.

    ``own`` are the milestones in an order in which none comes before what it waits for, and ``chance_of`` gives the
    chance that one is not pursued. Sets hold what the class is told by.
    """
    waits = {name: _here(agreement, agreement.milestones[name].after) for name in own}
    telling = _telling(agreement)
    cases: dict[frozenset[str], Real] = {frozenset(): 1.0}
    for place, name in enumerate(own):
        never = chance_of(agreement.milestones[name].never)
        kept = telling.union(*(waits[later] for later in own[place + 1 :]))
        found: dict[frozenset[str], Real] = {}
        for idle, weight in cases.items():
            chance = 1.0 if idle & waits[name] else never
            # what is sure makes no second set
            if not (isinstance(chance, float) and chance == 1.0):
                _add(found, idle & kept, weight * (1.0 - chance))
            if not (isinstance(chance, float) and chance == 0.0):
                _add(found, (idle | {name}) & kept, weight * chance)
        cases = found
        if len(cases) > MOST:
            return None
    return cases


def _here(agreement: Agreement, after: tuple[str, ...]) -> set[str]:
    """Those of the milestones waited for that are the agreement's own."""
    return {name for id_, name in (resolve(agreement.id, other) for other in after) if id_ == agreement.id}


def _telling(agreement: Agreement) -> set[str]:
    """The milestones that the class is told by."""
    return _awaited(agreement) | {name for name, milestone in agreement.milestones.items() if milestone.weight}


def _awaited(agreement: Agreement) -> set[str]:
    """Its own milestones that its flow waits for."""
    return set() if agreement.flow is None else _here(agreement, agreement.flow.after)


def _told_by(agreement: Agreement, cases: Collection[frozenset[str]]) -> tuple[Array, Array, Array]:
    """In each case, named by its idle milestones, the weights of the material and of the formal ones, and whether the
    flow begins.
    """
    material, formal = (weights_without(agreement, track, cases) for track in ("material", "formal"))
    awaited = _awaited(agreement)
    return material, formal, np.array([float(agreement.flow is not None and not idle & awaited) for idle in cases])


def _add(cases: dict[frozenset[str], Real], idle: frozenset[str], weight: Real) -> None:
    cases[idle] = cases[idle] + weight if idle in cases else weight


def _as_if_pursued(
    agreement: Agreement, own: list[str], progress: Mapping[str, Progress], clocks: Clocks, grid: TimeGrid
) -> Progress:
    """Its progress if it existed, all were pursued and it never ended; others' are as drawn."""
    drawn = progress[agreement.id]
    done: dict[str, Array] = {}
    for name in own:
        milestone = agreement.milestones[name]
        start = _after(drawn, milestone.after, done, progress)
        earliest = 0.0 if milestone.earliest is None else grid.month_of(milestone.earliest)
        clock = clocks.of(milestone.pace or agreement.pace, agreement.ceremonies, drawn.signed)
        # what is done as it was drawn is done then here too
        done[name] = clock.if_pursued(start, drawn.takes[name][0], drawn.done[name], earliest)
    flow = agreement.flow
    begins = None if flow is None else _after(drawn, flow.after, done, progress)
    return drawn.if_pursued(done, begins, float(grid.step))


def _after(
    drawn: Progress, after: tuple[str, ...], done: Mapping[str, Array], progress: Mapping[str, Progress]
) -> Array:
    """When all of ``after`` are done: those of its own agreement in ``done``, the others as they were drawn."""
    start = np.full(drawn.ended.shape, drawn.signed)
    for id_, name in (resolve(drawn.agreement.id, other) for other in after):
        start = np.maximum(start, done[name] if id_ == drawn.agreement.id else progress[id_].done[name])
    return start


def _end(chances: Array, drawn: Progress, month: float) -> None:
    """It may have ended by then."""
    assert drawn.hazard is not None
    size = drawn.ended.shape
    owed = drawn.hazard.at(np.full(size, month))
    if drawn.signed > 0:
        owed = owed - drawn.hazard.at(np.full(size, min(drawn.signed, month)))
    stays = np.exp(-owed)
    chances *= stays
    chances[_REVERSED] += 1.0 - stays
