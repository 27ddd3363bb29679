"""The rest of what a report tells, worked out in the notebook: joint and conditional results, and quantities.

The history of a batch is kept while it is simulated, and read when it is done: how many agreements are substantive at
each month, and which pairs; what became of each where a condition held and where it did not; the mean and the quantiles
of each quantity by month. Intervals are left out, and so are variants, the cuts moved and whose ignorance it is, all of
which the package works out besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from notebook import Notebook
from notebook_drivers import Array
from pactrisk.ensemble import Plan
from pactrisk.ensemble.fans import FAN
from pactrisk.outcomes import CLASSES, group_members

COOPERATION, SYMBOLIC = group_members("substantive cooperation"), group_members("symbolic diplomacy")


@dataclass
class Results:
    """What is counted of all batches.

    ``classes`` (agreement, month, class) and ``number`` (month, how many substantive) count trials, ``pairs``
    (agreement, agreement) those in which both are substantive at the headline. ``given`` (condition, held or not,
    statistic) are sums over trials at the headline: of each agreement in cooperation, of each that is symbolic, of the
    number, and of 1. ``means`` and ``quantiles`` are of each quantity by month, means over batches.
    """

    classes: npt.NDArray[np.int64]
    number: npt.NDArray[np.int64]
    pairs: npt.NDArray[np.int64]
    given: npt.NDArray[np.int64]
    means: dict[str, Array]
    quantiles: dict[str, Array]


class Whole(Notebook):
    """One batch of trials that keeps its history."""

    def __init__(self, plan: Plan, rng: np.random.Generator, worlds: int) -> None:
        super().__init__(plan.scenario, plan.question.rule, plan.grid.steps, rng, worlds, plan.trials_per_world)
        self.plan = plan
        shape = (self.months + 1, len(plan.scenario.agreements), self.n)
        self.found, self.delivered = np.empty(shape, np.int8), np.empty(shape)

    def judge(self, k: int) -> npt.NDArray[np.int8]:
        """As in the notebook; what is found is kept."""
        self.found[k] = super().judge(k)
        self.delivered[k] = self.delivery
        return self.found[k]

    def results(self) -> Results:
        """Everything, once all months are simulated."""
        self.simulate(self.plan.headline)
        inside = np.isin(self.found, COOPERATION)
        number = inside.sum(axis=1)
        size = len(self.plan.scenario.agreements) + 1
        headline = inside[self.plan.headline].astype(float)
        symbolic = np.isin(self.found[self.plan.headline], SYMBOLIC)
        events = np.concatenate([headline, symbolic, number[[self.plan.headline]], np.ones((1, self.n))])
        names = self.names()
        value = {q: self.value_of(spec.expression, names) for q, spec in self.plan.scenario.quantities.items()}
        given = []
        for condition in self.plan.question.conditions.values():
            months = (self.value_of(condition.when, names)[: self.plan.headline] != 0).sum(axis=0)
            held = months >= condition.months
            given.append([events @ held, events @ ~held])
        return Results(
            classes=self.classes,
            number=np.array([np.bincount(row, minlength=size) for row in number]),
            pairs=np.rint(headline @ headline.T).astype(np.int64),
            given=np.rint(given).astype(np.int64),
            means={q: x.mean(axis=1) for q, x in value.items()},
            quantiles={q: np.quantile(x, FAN, axis=1) for q, x in value.items()},
        )

    def names(self) -> dict[str, Any]:
        """What formulas read, each of shape (month, trial)."""
        flowing = {i for i, *_ in self.flowing}
        # what is done in the month of an end or later is not
        ended = (self.found == CLASSES.index("reversed")).cumsum(axis=0) > 0
        found: dict[str, Any] = {name: path[12:] for name, path in self.history.items()}
        for name, states in self.states_before.items():
            words = self.drivers[name].states
            found[name] = _Lazy({word: (lambda i=i, s=states: s[12:] == i) for i, word in enumerate(words)})
        for i, agreement in enumerate(self.scenario.agreements):
            parts: dict[str, Any] = {"delivery": lambda i=i: self.delivered[:, i]}
            if i in flowing:
                parts["total"] = lambda i=i: np.cumsum(self.flow[self.year :, i], axis=0)
            for milestone in agreement.milestones:
                done = self.number[agreement.id, milestone]
                parts[milestone] = lambda done=done, i=i: self.stands(self.done[done], ended[:, i]) & self.present[i]
            found[agreement.id] = _Lazy(parts)
        return found

    def stands(self, done: Array, ended: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """By which months a milestone is done, if it is before the agreement has ended."""
        months = np.arange(self.months + 1)[:, None]
        return np.asarray(((done <= months) & (done > months - 1) & ~ended).cumsum(axis=0) > 0)

    def value_of(self, formula: str, names: dict[str, Any]) -> Array:
        """A formula of the files, which is one of Python too."""
        return np.asarray(eval(formula, {"__builtins__": {}}, names) + np.zeros((1, self.n)))


class _Lazy(SimpleNamespace):
    """Parts that are worked out when they are read."""

    def __init__(self, parts: dict[str, Any]) -> None:
        super().__init__(parts=parts)

    def __getattr__(self, name: str) -> Any:
        return self.parts[name]() + 0


def run(plan: Plan, trials: int, seed: int = 1, batch: int = 10_000) -> Results:
    """Every result of ``trials`` in batches that fit in memory."""
    rng = np.random.default_rng(seed)
    every, sizes = [], []
    while trials > 0:
        sizes.append(min(batch, trials))
        every.append(Whole(plan, rng, sizes[-1] // plan.trials_per_world).results())
        trials -= sizes[-1]
    return Results(
        *(sum(getattr(one, name) for one in every) for name in ("classes", "number", "pairs", "given")),
        means=_mean([one.means for one in every], sizes),
        quantiles=_mean([one.quantiles for one in every], sizes),
    )


def _mean(every: list[dict[str, Array]], sizes: list[int]) -> dict[str, Array]:
    return {name: np.average([one[name] for one in every], axis=0, weights=sizes) for name in every[0]}
