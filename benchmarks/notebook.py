"""The flagship as a competent analyst would write it in a NumPy notebook.

One pass over the months, every line for all trials of a batch at once. Drivers move by the month; each state has its
time left, counted down; each milestone has its work left, worked off at the month's pace, and what is left of the
month goes to the next milestone of the ladder. Every random number is drawn when its month comes, from one generator.
There are no keyed streams, nothing is solved in closed form, no trial can be drawn again by itself.

The numbers come from the same scenario file as those of the package, so that tuning it moves both. Only reading the
file, and drawing what is not known (once a world), are the package's; what happens in a trial is all written here.

What the months round: a push by an event acts after the changes of its month; offspring of an event come in later
months; a stay that begins within a month runs the rest of it at the pace of the state before; a flow is taken at the
middle of the month; an end is known by the month. None of these moves anything by more than a month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from notebook_drivers import Array, Drivers, Real
from pactrisk.agreements import Agreement
from pactrisk.agreements.waiting import order as order_of_milestones
from pactrisk.agreements.waiting import resolve
from pactrisk.outcomes import CLASSES, Rule
from pactrisk.scenario import Scenario


@dataclass
class Counts:
    """Trials in each class: ``classes`` by (agreement, month, class) and ``by_world`` at the headline, with worlds."""

    classes: npt.NDArray[np.int64]
    by_world: npt.NDArray[np.int64]

    @property
    def trials(self) -> int:
        return int(self.classes[0, 0].sum())


def run(
    scenario: Scenario,
    rule: Rule,
    months: int,
    headline: int,
    trials: int,
    per_world: int = 20,
    seed: int = 1,
    batch: int = 10_000,
) -> Counts:
    """Class of every agreement at every month, counted over ``trials`` in batches that fit in memory."""
    rng = np.random.default_rng(seed)
    classes, by_world = [], []
    while trials > 0:
        size = min(batch, trials)
        notebook = Notebook(scenario, rule, months, rng, size // per_world, per_world)
        by_world.append(notebook.simulate(headline))
        classes.append(notebook.classes)
        trials -= size
    return Counts(np.sum(classes, axis=0), np.concatenate(by_world, axis=-1))


class Notebook(Drivers):
    """One batch of trials: its drivers, and with them its agreements."""

    def __init__(
        self, scenario: Scenario, rule: Rule, months: int, rng: np.random.Generator, worlds: int, per_world: int
    ) -> None:
        super().__init__(scenario, months, rng, worlds, per_world)
        self.rule = rule
        self.classes = np.zeros((len(scenario.agreements), months + 1, len(CLASSES)), np.int64)
        self.begin_agreements()

    def begin_agreements(self) -> None:
        agreements = self.scenario.agreements
        if self.scenario.ceremony_effect != 0 or any(a.signed is not None for a in agreements):
            raise NotImplementedError("in the notebook all is signed on one day and ceremony speeds nothing")
        by_id = {a.id: a for a in agreements}
        place = {a.id: i for i, a in enumerate(agreements)}
        self.levels = _levels(by_id)
        rows = [pair for level in self.levels for pair in level]
        number = {pair: row for row, pair in enumerate(rows)}
        specs = [by_id[id_].milestones[name] for id_, name in rows]
        every = np.arange(self.n)
        # one row a milestone: work left, and when it was done; a last row that is always done
        self.remaining = np.array([self.duration(m.duration, every) for m in specs])
        for row, m in enumerate(specs):
            if m.never != 0:
                self.remaining[row][self.rng.random(self.n) < self.value(m.never)] = np.inf
            if m.earliest is not None:
                raise NotImplementedError("in the notebook nothing has an earliest day")
        self.done = np.full((len(rows) + 1, self.n), np.inf)
        self.done[-1] = 0.0
        self.agreement = np.array([place[id_] for id_, _ in rows])
        self.material = np.array([m.weight if m.track == "material" else 0.0 for m in specs])
        self.formal = np.array([m.weight if m.track == "formal" else 0.0 for m in specs])
        # rows that must be done first, filled up with the row that always is
        self.after = np.full((len(rows), max(len(m.after) for m in specs) or 1), -1)
        for row, ((id_, _), m) in enumerate(zip(rows, specs, strict=True)):
            for j, other in enumerate(m.after):
                self.after[row, j] = number[resolve(id_, other)]
        paces = list(self.scenario.paces)
        names = [m.pace or by_id[id_].pace for m, (id_, _) in zip(specs, rows, strict=True)]
        self.pace = np.array([len(paces) if name is None else paces.index(name) for name in names])
        shared = {
            name: np.exp(self.value(f.sd) * self.rng.standard_normal(self.n))
            for name, f in self.scenario.frailties.items()
        }
        self.frailty = np.ones((len(agreements), self.n))
        self.depth = np.empty((len(agreements), self.n))
        self.present = np.ones((len(agreements), self.n), bool)
        for i, a in enumerate(agreements):
            self.frailty[i] = np.exp(self.value(a.frailty) * self.rng.standard_normal(self.n))
            for name in a.frailties:
                self.frailty[i] *= shared[name]
            self.depth[i] = self.value(a.depth)
            exists = np.tile(self.rng.random(self.worlds), self.per_world)
            self.present[i] = exists < self.value(a.presence)
        self.endings = []
        for i, a in enumerate(agreements):
            same = [group for ending, group in self.endings if ending == a.ending]
            if same:
                same[0].append(i)
            elif a.ending is not None:
                self.endings.append((a.ending, [i]))
        self.flowing = [(i, a.id, a.flow, a.flow_weight) for i, a in enumerate(agreements) if a.flow is not None]
        # what is added in each month, and its sum over the window; rows before the first month stay 0
        shape = (len(agreements), self.n)
        self.window, self.year = round(self.rule.window), 12
        self.honours, self.honoured = np.zeros((self.months + 1 + self.window, *shape)), np.zeros(shape)
        self.flow, self.yearly = np.zeros((self.months + 1 + self.year, *shape)), np.zeros(shape)
        self.ended, self.achieved = np.zeros(shape, bool), np.zeros(shape)
        self.number = number
        self.variation = [
            np.exp(self.value(a.flow.variation) * self.rng.standard_normal(self.n))
            if a.flow is not None and a.flow.variation != 0
            else 1.0
            for a in agreements
        ]

    def paces_in(self, k: int) -> Array:
        """Every pace in the month that begins at k, and last the pace that nothing disturbs."""
        found: dict[str, Real] = {}

        def speed(name: str) -> Real:
            if name not in found:
                pace = self.scenario.paces[name]
                found[name] = self.product(pace.effects, k)
                for other in pace.includes:
                    found[name] = found[name] * speed(other)
            return found[name]

        return np.array([np.zeros(self.n) + speed(name) for name in self.scenario.paces] + [np.ones(self.n)])

    def work(self, k: int, length: float) -> None:
        """Milestones in the month that begins at k, level after level of the ladder."""
        paces = self.paces_in(k)
        seen = self.honours[k + round(length) + self.window]
        first = 0
        for level in self.levels:
            rows = slice(first, first + len(level))
            first += len(level)
            start = self.done[self.after[rows, 0]]
            for j in range(1, self.after.shape[1]):
                start = np.maximum(start, self.done[self.after[rows, j]])
            time = np.minimum(np.maximum(k + length - start, 0.0), length)
            speed = paces[self.pace[rows]] * self.frailty[self.agreement[rows]]
            left = self.remaining[rows]
            left -= speed * time
            finished = (left <= 0) & (start <= k + length)
            row, trial = np.nonzero(finished)
            self.done[row + rows.start, trial] = k + length + left[row, trial] / speed[row, trial]
            left[row, trial] = np.inf
            finished &= ~self.ended[self.agreement[rows]]
            for here, row in zip(finished, range(rows.start, rows.stop), strict=True):
                i = self.agreement[row]
                if self.material[row]:
                    self.achieved[i] += self.material[row] * here
                if self.formal[row]:
                    seen[i] += self.formal[row] * here

    def end(self, k: int) -> None:
        for ending, group in self.endings:
            hazard = np.asarray(self.value(ending.rate)) / 12 * self.product(ending.effects, k)
            self.ended[group] |= self.rng.random((len(group), self.n)) < 1 - np.exp(-hazard)

    def deliver(self, k: int) -> None:
        """What flows in the month that begins at k."""
        for i, id_, flow, _ in self.flowing:
            start = self.done[[self.number[resolve(id_, other)] for other in flow.after]].max(axis=0)
            age = np.maximum(k + 0.5 - start, 0.0)
            grown = np.minimum(age / np.maximum(np.asarray(self.value(flow.ramp)), 1e-9), 1.0)
            capacity = self.value(flow.target if flow.capacity is None else flow.capacity) * self.variation[i]
            amount = np.where(self.ended[i], 0.0, capacity / 12 * grown * self.product(flow.effects, k))
            self.flow[k + 1 + self.year, i] = amount
            self.yearly[i] += amount - self.flow[k + 1, i]

    def honour(self, k: int) -> None:
        """What was done at a table in the month up to k, milestones apart."""
        seen = self.honours[k + self.window]
        for i, a in enumerate(self.scenario.agreements):
            for ceremony in a.ceremonies:
                seen[i] += ceremony.weight * self.counts[ceremony.driver][k]
        self.honoured += seen - self.honours[k]

    def judge(self, k: int) -> npt.NDArray[np.int8]:
        """The class of every agreement at month k."""
        rule = self.rule
        delivery = self.achieved.copy()
        for i, _, flow, weight in self.flowing:
            delivery[i] += weight * np.minimum(self.yearly[i] / self.value(flow.target), 1.0)
        delivery *= self.depth
        self.delivery = delivery
        ceremony = 1 - np.exp(-self.honoured)
        place = {name: np.int8(i) for i, name in enumerate(CLASSES)}
        idle = "pending" if k < rule.pending else "dormant"
        found = np.full(delivery.shape, place[idle])
        if k >= rule.pending:
            found[ceremony >= rule.symbolic - 1e-9] = place["symbolic"]
        found[delivery >= rule.token - 1e-9] = place["token"]
        found[delivery >= rule.partial - 1e-9] = place["partial"]
        found[delivery >= rule.substantive - 1e-9] = place["substantive"]
        found[self.ended] = place["reversed"]
        found[~self.present] = place["absent"]
        for c in range(len(CLASSES)):
            self.classes[:, k, c] = np.count_nonzero(found == c, axis=1)
        return found

    def simulate(self, headline: int) -> npt.NDArray[np.int64]:
        """All months, one after another; what is returned are the classes at the headline, by world."""
        for k in range(self.months + 1):
            if k == 0:
                self.work(0, 0.0)
            else:
                self.end(k - 1)
                self.work(k - 1, 1.0)
                self.deliver(k - 1)
                self.move_drivers(k - 1)
            self.honour(k)
            found = self.judge(k)
            if k == headline:
                grouped = found.reshape(len(found), self.per_world, self.worlds)
                by_world = np.array([(grouped == c).sum(axis=1) for c in range(len(CLASSES))])
        return by_world


def _levels(by_id: dict[str, Agreement]) -> list[list[tuple[str, str]]]:
    """Milestones by how many come before them."""
    level: dict[tuple[str, str], int] = {}
    for id_, name in order_of_milestones(by_id):
        before = [level[resolve(id_, other)] for other in by_id[id_].milestones[name].after]
        level[id_, name] = 1 + max(before, default=-1)
    return [[pair for pair in level if level[pair] == depth] for depth in range(max(level.values()) + 1)]
