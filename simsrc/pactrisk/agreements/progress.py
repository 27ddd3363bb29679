"""From clocks to what was done, delivered and honoured, in every trial of a block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np
import numpy.typing as npt
from scipy import special

from pactrisk.agreements.paces import Clocks, ceremonial, window_sum
from pactrisk.agreements.terms import Agreement, Ceremony, Ending, Flow, Frailty, Milestone
from pactrisk.clocks import Clock
from pactrisk.drivers.effects import product
from pactrisk.drivers.paths import DriverPaths
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Worlds

__all__ = ["Progress", "follow", "order", "resolve"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Progress:
    """One agreement in every trial of a block.

    ``done`` and ``ended`` are months since the scenario's start, shape (trial,), infinite for never;
    ``present`` says whether the agreement is in the portfolio. ``delivery`` and ``honours`` (the summed
    weights behind ceremony) have shape (time, trial), and so have ``flow``, delivered over the last twelve months,
    a year, and ``total``, delivered since signature; both are None without a flow.
    """

    agreement: Agreement
    signed: float
    present: npt.NDArray[np.bool_]
    ended: Array
    done: dict[str, Array]
    delivery: Array
    honours: Array
    flow: Array | None
    total: Array | None

    @property
    def ceremony(self) -> Array:
        """``1 - exp(-summed weights)``, shape (time, trial)."""
        return np.asarray(-np.expm1(-self.honours))


def resolve(agreement: str, name: str) -> tuple[str, str]:
    """``name`` in an ``after`` of ``agreement`` as (agreement, milestone)."""
    other, dot, milestone = name.partition(".")
    return (other, milestone) if dot else (agreement, name)


def order(agreements: Mapping[str, Agreement]) -> list[tuple[str, str]]:
    """All milestones as (agreement, milestone), each after what must be done first; ties by name.

    Raises
    ------
    ValueError : where milestones wait for one another in a circle; the message names them.
    """
    known: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for id_, agreement in sorted(agreements.items()):
        for name, milestone in sorted(agreement.milestones.items()):
            first = (resolve(id_, other) for other in milestone.after)
            known[id_, name] = sorted(f for f in first if f[0] in agreements and f[1] in agreements[f[0]].milestones)
    try:
        return list(TopologicalSorter(known).static_order())
    except CycleError as error:
        circle = " <- ".join(".".join(pair) for pair in error.args[1])
        raise ValueError(f"milestones wait for one another in a circle: {circle}") from None


def follow(
    agreements: Sequence[Agreement],
    frailties: Mapping[str, Frailty],
    clocks: Clocks,
    paths: DriverPaths,
    worlds: Worlds,
    grid: TimeGrid,
    window: int,
) -> dict[str, Progress]:
    """Every agreement's progress in one block; ``window`` is that of ceremony, in steps."""
    by_id = {agreement.id: agreement for agreement in agreements}
    block = _Block(by_id, frailties, clocks, paths, worlds, grid, window)
    for id_, name in order(by_id):
        block.milestone(by_id[id_], name)
    return {id_: block.progress(by_id[id_]) for id_ in sorted(by_id)}


class _Block:
    """The progress of one block, agreement by agreement."""

    def __init__(
        self,
        agreements: Mapping[str, Agreement],
        frailties: Mapping[str, Frailty],
        clocks: Clocks,
        paths: DriverPaths,
        worlds: Worlds,
        grid: TimeGrid,
        window: int,
    ) -> None:
        self.clocks, self.paths, self.worlds, self.grid, self.window = clocks, paths, worlds, grid, window
        self.streams = worlds.streams
        self.trials = worlds.streams.size
        self.done: dict[tuple[str, str], Array] = {}
        self.frailty = {name: self._lognormal(f"frailty/{name}", f) for name, f in sorted(frailties.items())}
        self.signed = {a.id: 0.0 if a.signed is None else grid.month_of(a.signed) for a in agreements.values()}
        self.present = {id_: self._present(a) for id_, a in agreements.items()}
        self.factor = {id_: self._factor(a) for id_, a in agreements.items()}
        self.hazards: list[tuple[Ending, Clock]] = []
        self.honours: dict[tuple[Ceremony, ...], Array | None] = {}
        self.ended = {id_: self._ended(a) for id_, a in agreements.items()}

    def _lognormal(self, address: str, frailty: Frailty) -> Array:
        z = self.streams.normal(address)
        return np.asarray(np.exp(self.worlds.value(frailty.sd) * z))

    def _present(self, agreement: Agreement) -> npt.NDArray[np.bool_]:
        if agreement.presence == 1:
            return np.ones(self.trials, dtype=bool)
        # whether a document exists is a thing not known, not a thing that happens: one draw a world
        u = self.worlds.spread(self.worlds.level(f"agreements.{agreement.id}.presence/exists"))
        return np.asarray(u < self.worlds.value(agreement.presence))

    def _factor(self, agreement: Agreement) -> Array | float:
        factor: Array | float = 1.0
        if agreement.frailty != 0:
            z = self.streams.normal(f"agreement/{agreement.id}/frailty")
            factor = np.asarray(np.exp(self.worlds.value(agreement.frailty) * z))
        for name in sorted(agreement.frailties):
            factor = factor * self.frailty[name]
        return factor

    def _ended(self, agreement: Agreement) -> Array:
        if agreement.ending is None:
            return np.full(self.trials, np.inf)
        owed = -np.log1p(-self.streams.uniform(f"agreement/{agreement.id}/ending"))
        clock = self._hazard(agreement.ending, f"agreements.{agreement.id}.ending")
        signed = self.signed[agreement.id]
        if signed > 0:
            owed = owed + clock.at(np.full(self.trials, signed))
        return clock.first(owed)

    def _hazard(self, ending: Ending, what: str) -> Clock:
        """The integrated hazard of an ending, made once for all the agreements that take it from one template."""
        for known, clock in self.hazards:
            if known == ending:
                return clock
        hazard = product(ending.effects, self.paths, self.worlds, self.grid, what)
        rate = np.asarray(self.worlds.value(ending.rate)) / 12
        pace = np.broadcast_to(rate if hazard is None else rate * hazard, (self.grid.steps, self.trials))
        self.hazards.append((ending, Clock.from_pace(pace, self.grid.step)))
        return self.hazards[-1][1]

    def _honoured(self, ceremonies: tuple[Ceremony, ...]) -> Array | None:
        """Weights of ceremonial events, summed once for all the agreements that they honour."""
        if ceremonies not in self.honours:
            self.honours[ceremonies] = ceremonial(ceremonies, self.paths, self.window)
        return self.honours[ceremonies]

    def milestone(self, agreement: Agreement, name: str) -> None:
        """When the milestone is done, once those before it are known."""
        milestone: Milestone = agreement.milestones[name]
        address = f"agreement/{agreement.id}/{name}"
        takes = self.worlds.duration(milestone.duration).ppf(self.streams.uniform(f"{address}/duration"))
        start = np.full(self.trials, self.signed[agreement.id])
        for other in milestone.after:
            before = resolve(agreement.id, other)
            start = np.maximum(start, self.done[before])
        clock = self.clocks.of(milestone.pace or agreement.pace, agreement.ceremonies)
        begun = np.isfinite(start)
        with np.errstate(invalid="ignore"):
            target = clock.at(np.where(begun, start, 0.0)) + takes / self.factor[agreement.id]
            done = np.where(begun, np.maximum(clock.first(target), start), np.inf)
        if milestone.earliest is not None:
            done = np.maximum(done, self.grid.month_of(milestone.earliest))
        if milestone.never != 0:
            done = np.where(self.streams.uniform(f"{address}/never") < self.worlds.value(milestone.never), np.inf, done)
        stands = (done <= self.ended[agreement.id]) & self.present[agreement.id]
        self.done[agreement.id, name] = np.where(stands & (done <= self.grid.months[-1]), done, np.inf)

    def progress(self, agreement: Agreement) -> Progress:
        """Delivery, honours and flow over the grid."""
        done = {name: self.done[agreement.id, name] for name in agreement.milestones}
        shape = (self.grid.points, self.trials)
        delivery, formal = np.zeros(shape), np.zeros(shape)
        for name in sorted(agreement.milestones):
            milestone = agreement.milestones[name]
            if not milestone.weight:
                continue
            table = delivery if milestone.track == "material" else formal
            trial = np.nonzero(np.isfinite(done[name]))[0]
            seen = np.ceil(done[name][trial] / self.grid.step - 1e-12).astype(np.intp)
            table[np.maximum(seen, 0), trial] += milestone.weight
        for k in range(self.grid.steps):
            np.add(delivery[k], delivery[k + 1], out=delivery[k + 1])
        honours = window_sum(formal, self.window)
        events = self._honoured(agreement.ceremonies)
        present = self.present[agreement.id]
        if events is not None:
            honours += events if present.all() else events * present
        flow = total = None
        if agreement.flow is not None:
            flow, total = self._flow(agreement, agreement.flow)
            share = flow / self.worlds.value(agreement.flow.target)
            np.minimum(share, 1.0, out=share)
            share *= agreement.flow_weight
            delivery += share
        if agreement.depth != 1:
            delivery *= self.worlds.value(agreement.depth)
        np.clip(delivery, 0.0, 1.0, out=delivery)
        np.maximum(honours, 0.0, out=honours)
        signed, ended = self.signed[agreement.id], self.ended[agreement.id]
        return Progress(agreement, signed, present, ended, done, delivery, honours, flow, total)

    def _flow(self, agreement: Agreement, flow: Flow) -> tuple[Array, Array]:
        """Delivered over the last twelve months, and since signature; the ramp is integrated exactly within steps."""
        start = np.full(self.trials, self.signed[agreement.id])
        for other in flow.after:
            start = np.maximum(start, self.done[resolve(agreement.id, other)])
        start = np.where(self.present[agreement.id], start, np.inf)
        capacity = self.worlds.value(flow.target if flow.capacity is None else flow.capacity)
        if flow.variation != 0:
            u = self.streams.uniform(f"agreement/{agreement.id}/flow/variation")
            capacity = capacity * np.exp(self.worlds.value(flow.variation) * special.ndtri(u))
        ramp = np.asarray(self.worlds.value(flow.ramp))
        elapsed = np.minimum(self.grid.months[:, None], self.ended[agreement.id])
        elapsed -= start
        np.maximum(elapsed, 0.0, out=elapsed)
        growing = np.minimum(elapsed, ramp)
        # integral of min(elapsed / ramp, 1): a parabola, then a straight line
        elapsed -= growing
        growing *= growing
        growing /= np.maximum(2 * ramp, 1e-300)
        grown = np.add(growing, elapsed, out=growing)
        amount = grown[1:] - grown[:-1]
        effects = product(flow.effects, self.paths, self.worlds, self.grid, f"agreements.{agreement.id}.flow")
        if effects is not None:
            amount *= effects
        amount *= capacity / 12
        total = np.zeros((self.grid.points, self.trials))
        for k in range(self.grid.steps):
            np.add(total[k], amount[k], out=total[k + 1])
        year = max(round(12 / self.grid.step), 1)
        lately = total.copy()
        lately[year:] -= total[:-year]
        return np.maximum(lately, 0.0, out=lately), total
