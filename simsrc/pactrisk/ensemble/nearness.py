r"""How near a trial comes to what happens or does not: what is only yes or no, by degrees.

A milestone that is not done by the headline is the nearer the fewer months it would have taken undisturbed, those
that it waits for included. With H the months there are and T those that it would take, its grade is

.. math:: \frac{1}{1 + \log \max(T / H, 1)} \in [0, 1),

and where it is never done next to nothing, the less the lower the draw that said so. A state that a regime is not in
has next to nothing too. Grades only order trials for a pilot; no estimate is made of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from pactrisk.agreements import Agreement
from pactrisk.agreements.waiting import resolve
from pactrisk.ensemble.plan import Plan
from pactrisk.ensemble.rare import Weighted
from pactrisk.question import NUMBER

__all__ = ["nearer"]

Array = npt.NDArray[np.float64]
_ALMOST, _FAINT = 0.999, 0.01


def nearer(plan: Plan, part: Weighted) -> dict[str, Array]:
    """What the rare event reads, with a share of what is missing added where it is counted or yes or no."""
    grades = _grades(plan, part)
    cooperation = {id_: _cooperation(plan, id_, grades) for id_ in plan.scenario.ids}
    found = {}
    for name, value in part.read.items():
        id_, _, word = name.partition(".")
        if name == NUMBER:
            missing = np.where(part.classes <= 1, 0.0, np.stack([cooperation[each] for each in plan.scenario.ids]))
            value = value + _ALMOST * missing.mean(axis=0)
        elif (id_, word) in grades:
            value = np.maximum(value, _ALMOST * grades[id_, word])
        elif id_ in cooperation and word in ("substantive", "partial"):
            value = np.maximum(value, _ALMOST * cooperation[id_])
        elif id_ in cooperation and word == "delivery":
            value = value + (1.0 - _ALMOST) * cooperation[id_]
        elif word and id_ not in cooperation:
            # a state is never tilted: where it is multiplied with what is, that must still tell trials apart
            value = np.maximum(value, _FAINT)
        found[name] = value
    return found


def _grades(plan: Plan, part: Weighted) -> dict[tuple[str, str], Array]:
    """The grade of each milestone that a trial gives, by (agreement, milestone)."""
    ends: dict[tuple[str, str], Array] = {}
    grades: dict[tuple[str, str], Array] = {}
    for id_, name in plan.scenario.milestones_in_order:
        progress = part.simulated.progress[id_]
        months, never = progress.takes[name]
        start = np.full(months.shape, progress.signed)
        before = [resolve(id_, other) for other in progress.agreement.milestones[name].after]
        for other in before:
            start = np.maximum(start, ends[other])
        ends[id_, name] = np.where(never, np.inf, start + months)
        late = ends[id_, name] / plan.grid.months[plan.headline]
        drawn = part.streams.uniforms.get(f"agreement/{id_}/{name}/never", np.zeros(1))
        grade = np.where(never, _FAINT * drawn, 1.0 / (1.0 + np.log(np.maximum(late, 1.0))))
        grades[id_, name] = np.minimum.reduce([grade, *(grades[other] for other in before)])
    return grades


def _cooperation(plan: Plan, id_: str, grades: Mapping[tuple[str, str], Array]) -> Array:
    """The grade of the milestones that weigh enough together for partial delivery, the nearest first."""
    agreement: Agreement = plan.scenario.agreement(id_)
    material = {name: m.weight for name, m in agreement.milestones.items() if m.track == "material" and m.weight}
    if not material:
        return np.zeros(next(iter(grades.values())).shape) if grades else np.zeros(1)
    each = np.stack([grades[id_, name] for name in material])
    order = np.argsort(-each, axis=0, kind="stable")
    weights = np.array(list(material.values()))[order].cumsum(axis=0)
    enough = np.minimum((weights < plan.question.rule.partial - 1e-9).sum(axis=0), len(material) - 1)
    return np.asarray(np.take_along_axis(np.take_along_axis(each, order, axis=0), enough[None], axis=0)[0])
