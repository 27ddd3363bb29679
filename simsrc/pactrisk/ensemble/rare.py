"""Trials that are drawn where a rare event lies, each with the weight that undoes it.

They are blocks of their own, apart from the plain ones: every other chapter rests on plain trials and is no worse for
the tilts. A trial is here a world of its own, for which the interval of a rare event is narrowest, and ends at the
headline date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble.block import Simulated, simulate_on
from pactrisk.ensemble.plan import Plan
from pactrisk.expressions import Expression
from pactrisk.magnitude import sound, unsound
from pactrisk.outcomes import CLASSES
from pactrisk.question import NUMBER
from pactrisk.streams import TILTED
from pactrisk.tilting import Direction, Tilted

__all__ = ["Weighted", "happening", "tilted_trials", "to_headline", "weighted_block"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weighted:
    """One block of tilted trials at the headline.

    ``classes`` have shape (agreement, trial). ``weights`` undo the tilts, ``happens`` says where the event comes to
    pass, ``read`` holds what it reads; each of shape (trial,). ``streams`` hold what could be tilted.
    """

    simulated: Simulated
    classes: npt.NDArray[np.int8]
    weights: Array
    happens: npt.NDArray[np.bool_]
    read: Mapping[str, Array]
    streams: Tilted


def to_headline(plan: Plan) -> Plan:
    """The plan of tilted trials: the scenario alone, to the headline date, each trial a world of its own."""
    asked = {"horizon": plan.headline * plan.grid.step, "headline": None, "trials_per_world": 1, "sampler": "plain"}
    return replace(plan, question=plan.question.model_copy(update=asked), variants={})


def tilted_trials(plan: Plan, index: int) -> Iterator[Weighted]:
    """The tilted blocks that go with block ``index`` of the plan, whose tilts are known."""
    rare = plan.question.rare
    assert rare is not None
    assert plan.tilts is not None
    short = to_headline(plan)
    for turn in range(rare.times):
        yield weighted_block(short, TILTED + index * rare.times + turn, plan.tilts)


def weighted_block(plan: Plan, number: int, tilts: Sequence[Direction]) -> Weighted:
    """One block of a plan made by :func:`to_headline`; ``number`` tells its random numbers from all others."""
    streams = Tilted(plan.question.seed, number, tilts)
    simulated = simulate_on(plan, streams, slice(plan.headline, plan.headline + 1))
    now = simulated.classes[:, 0]
    happens, read = happening(plan, simulated, now, number)
    return Weighted(simulated, now, streams.weights, happens, read, streams)


def happening(
    plan: Plan, simulated: Simulated, now: npt.NDArray[np.int8], block: int
) -> tuple[npt.NDArray[np.bool_], dict[str, Array]]:
    """Where the rare event comes to pass, shape (trial,), and what it reads; ``now`` are the classes at the headline,
    shape (agreement, trial), and ``block`` is the number by which a message tells them.

    Raises
    ------
    RunError : where the event is not a finite number, or too large.
    """
    rare = plan.question.rare
    assert rare is not None
    event = Expression(rare.event)
    read = {name: _at_headline(plan, simulated, now, name) for name in event.names}
    value = np.broadcast_to(np.asarray(event.evaluate(read.__getitem__), dtype=float), now.shape[-1:])
    if not sound(value):
        when = plan.grid.dates[plan.headline]
        raise unsound(f"rare: {rare.event} is", value[None], [when], len(value), block)
    return value != 0, read


def _at_headline(plan: Plan, simulated: Simulated, now: npt.NDArray[np.int8], name: str) -> Array:
    """What a name of the event stands for in each trial."""
    if name == NUMBER:
        return np.asarray((now <= 1).sum(axis=0), dtype=float)
    first, _, part = name.partition(".")
    if part in CLASSES and first in simulated.progress:
        return np.asarray(now[plan.scenario.ids.index(first)] == CLASSES.index(part), dtype=float)
    return np.asarray(simulated.read(name, plan.grid.step)[plan.headline], dtype=float)
