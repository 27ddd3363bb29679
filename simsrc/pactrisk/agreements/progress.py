"""From clocks to what was done, delivered and honoured, in every trial of a block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.agreements.paces import Clocks, ceremonial
from pactrisk.agreements.terms import Agreement, Ceremony, Ending, Frailty, Milestone
from pactrisk.agreements.waiting import order, resolve
from pactrisk.clocks import Clock
from pactrisk.drivers.effects import product
from pactrisk.drivers.paths import DriverPaths
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Worlds
from pactrisk.streams import normal_quantile

__all__ = ["Progress", "follow"]

Array = npt.NDArray[np.float64]
_NOTHING, _NONE = np.empty((0, 0)), np.empty(0)


@dataclass(frozen=True)
class Progress:
    """One agreement in every trial of a block.

    ``done`` and ``ended`` are months since the scenario's start, shape (trial,), infinite for never;
    ``present`` says whether the agreement is in the portfolio. What follows from them at each grid point is worked out
    when it is asked for.
    """

    agreement: Agreement
    signed: float
    present: npt.NDArray[np.bool_]
    ended: Array
    done: dict[str, Array]
    points: int
    """Grid points."""
    compact: kernels.progress.Agreement
    """All that decides its outcome, for the loops."""
    takes: dict[str, tuple[Array, npt.NDArray[np.bool_]]] = field(default_factory=dict, repr=False)
    """Of each milestone the months that it takes undisturbed, and whether it is never done; each of shape (trial,)."""
    hazard: Clock | None = field(default=None, repr=False)
    """Its integrated hazard of ending, while all trials of a block are at hand; None where it has none."""
    _known: dict[int, tuple[Array, Array]] = field(default_factory=dict, repr=False)

    def at(self, k: int) -> tuple[Array, Array]:
        """Delivery, and the summed weights behind ceremony, at the grid point ``k``; each of shape (trial,)."""
        if k not in self._known:
            delivery, honours = (np.empty((1, len(self.ended))) for _ in range(2))
            kernels.progress.trace(self.compact, k, delivery, honours, _NOTHING, _NOTHING)
            self._known[k] = delivery[0], honours[0]
        return self._known[k]

    def _traced(self, place: int) -> Array:
        """One of delivery, honours, flow and total, at every grid point."""
        asked = [_NOTHING] * 4
        asked[place] = np.empty((self.points, len(self.ended)))
        kernels.progress.trace(self.compact, 0, *asked)
        return asked[place]

    @cached_property
    def delivery(self) -> Array:
        """Delivery, shape (time, trial)."""
        return self._traced(0)

    def keep_delivery(self, found: Array) -> None:
        """Take down delivery that was worked out with something else, so that it is not worked out again."""
        self.__dict__["delivery"] = found

    @cached_property
    def honours(self) -> Array:
        """The summed weights behind ceremony, shape (time, trial)."""
        return self._traced(1)

    @property
    def ceremony(self) -> Array:
        """``1 - exp(-summed weights)``, shape (time, trial)."""
        return np.asarray(-np.expm1(-self.honours))

    @cached_property
    def flow(self) -> Array | None:
        """Delivered over the last twelve months, a year, shape (time, trial); None without a flow."""
        return None if self.agreement.flow is None else self._traced(2)

    @cached_property
    def total(self) -> Array | None:
        """Delivered since signature, shape (time, trial); None without a flow."""
        return None if self.agreement.flow is None else self._traced(3)

    def of(self, trials: npt.NDArray[np.intp]) -> Progress:
        """The same with only some of the trials."""

        def some(x: Any) -> Any:
            return np.ascontiguousarray(x[..., trials]) if isinstance(x, np.ndarray) and x.shape[-1] == many else x

        many = len(self.ended)
        material, weight, formal, honour, *rest = self.compact
        compact = (some(material), weight, some(formal), honour, *(some(x) for x in rest))
        done = {name: times[trials] for name, times in self.done.items()}
        takes = {name: (months[trials], never[trials]) for name, (months, never) in self.takes.items()}
        present, ended = self.present[trials], self.ended[trials]
        return replace(
            self, present=present, ended=ended, done=done, compact=compact, takes=takes, hazard=None, _known={}
        )

    def at_other_times(
        self, done: Mapping[str, Array], ended: Array, flow_begins: Array | None, step: float
    ) -> Progress:
        """The same where milestones are done, the agreement ends and its flow begins at other times."""
        compact = (
            *_seen(self.agreement, "material", done, step),
            *_seen(self.agreement, "formal", done, step),
            *self.compact[4:7],
            ended,
            self.compact[8] if flow_begins is None else flow_begins,
            *self.compact[9:],
        )
        return replace(self, ended=ended, done=dict(done), compact=compact, _known={})


def follow(
    agreements: Sequence[Agreement],
    frailties: Mapping[str, Frailty],
    clocks: Clocks,
    paths: DriverPaths,
    worlds: Worlds,
    grid: TimeGrid,
    window: int,
    in_order: Sequence[tuple[str, str]] | None = None,
) -> dict[str, Progress]:
    """Every agreement's progress in one block; ``window`` is that of ceremony, in steps.

    ``in_order`` are the milestones as :func:`order` puts them, where that is known already.
    """
    by_id = {agreement.id: agreement for agreement in agreements}
    block = _Block(by_id, frailties, clocks, paths, worlds, grid, window)
    for id_, name in in_order or order(by_id):
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
        self.takes: dict[tuple[str, str], tuple[Array, npt.NDArray[np.bool_]]] = {}
        self.frailty = {name: self._lognormal(f"frailty/{name}", f) for name, f in sorted(frailties.items())}
        self.signed = {a.id: 0.0 if a.signed is None else grid.month_of(a.signed) for a in agreements.values()}
        self.present = {id_: self._present(a) for id_, a in agreements.items()}
        self.factor = {id_: self._factor(a) for id_, a in agreements.items()}
        self.hazards: list[tuple[Ending, Clock]] = []
        self.hazard_of: dict[str, Clock] = {}
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
        self.hazard_of[agreement.id] = clock
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
        never = ~self.present[agreement.id]
        if milestone.never != 0:
            never = never | (self.streams.uniform(f"{address}/never") < self.worlds.value(milestone.never))
        earliest = 0.0 if milestone.earliest is None else self.grid.month_of(milestone.earliest)
        takes = takes / self.factor[agreement.id]
        self.takes[agreement.id, name] = takes, never
        self.done[agreement.id, name] = clock.finish(start, takes, never, self.ended[agreement.id], earliest)

    def progress(self, agreement: Agreement) -> Progress:
        """Delivery, honours and flow over the grid."""
        done = {name: self.done[agreement.id, name] for name in agreement.milestones}
        takes = {name: self.takes[agreement.id, name] for name in agreement.milestones}
        events = self._honoured(agreement.ceremonies)
        present, ended = self.present[agreement.id], self.ended[agreement.id]
        compact = (
            *_seen(agreement, "material", done, float(self.grid.step)),
            *_seen(agreement, "formal", done, float(self.grid.step)),
            self.window,
            _NOTHING if events is None else events,
            present.astype(float),
            ended,
            *self._flow(agreement),
            self.worlds.each(self.worlds.value(agreement.depth)),
            float(self.grid.step),
            max(round(12 / self.grid.step), 1),
        )
        signed, hazard = self.signed[agreement.id], self.hazard_of.get(agreement.id)
        return Progress(agreement, signed, present, ended, done, self.grid.points, compact, takes, hazard)

    def _flow(self, agreement: Agreement) -> tuple[Array, Array, Array, Array, Array, float]:
        """When the flow begins, its ramp, its rate a month, the effects on it, its target and its share of delivery."""
        flow = agreement.flow
        if flow is None:
            return _NONE, _NONE, _NONE, _NOTHING, _NONE, 0.0
        start = np.full(self.trials, self.signed[agreement.id])
        for other in flow.after:
            start = np.maximum(start, self.done[resolve(agreement.id, other)])
        capacity = self.worlds.value(flow.target if flow.capacity is None else flow.capacity)
        if flow.variation != 0:
            u = self.streams.uniform(f"agreement/{agreement.id}/flow/variation")
            capacity = capacity * np.exp(self.worlds.value(flow.variation) * normal_quantile(u))
        effects = product(flow.effects, self.paths, self.worlds, self.grid, f"agreements.{agreement.id}.flow")
        return (
            np.where(self.present[agreement.id], start, np.inf),
            self.worlds.each(self.worlds.value(flow.ramp)),
            self.worlds.each(capacity / 12),
            _NOTHING if effects is None else effects,
            self.worlds.each(self.worlds.value(flow.target)),
            agreement.flow_weight,
        )


def _seen(agreement: Agreement, track: str, done: Mapping[str, Array], step: float) -> tuple[Array, Array]:
    """Grid points that see each milestone of a track done, shape (milestone, trial), and its weight."""
    names = [n for n, m in sorted(agreement.milestones.items()) if m.track == track and m.weight]
    rows, trials = kernels.progress.in_fours(len(names)), len(next(iter(done.values())))
    points, weights = np.empty((rows, trials)), np.zeros(rows)
    points[len(names) :] = kernels.progress.NEVER
    for row, name in enumerate(names):
        kernels.progress.seen(done[name], step, points[row])
        weights[row] = agreement.milestones[name].weight
    return points, weights
