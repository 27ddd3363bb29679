"""From clocks to what was done, in every trial of a block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from pactrisk.agreements.paces import Clocks
from pactrisk.agreements.progress import Progress, seen
from pactrisk.agreements.terms import Agreement, Ceremony, Ending, Frailty, Milestone
from pactrisk.agreements.waiting import order, resolve
from pactrisk.clocks import Clock
from pactrisk.drivers.effects import product
from pactrisk.streams import normal_quantile

__all__ = ["follow"]

Array = npt.NDArray[np.float64]
_NOTHING, _NONE = np.empty((0, 0)), np.empty(0)


def follow(
    agreements: Sequence[Agreement],
    frailties: Mapping[str, Frailty],
    clocks: Clocks,
    in_order: Sequence[tuple[str, str]] | None = None,
) -> dict[str, Progress]:
    """Every agreement's progress in the block whose clocks these are.

    ``in_order`` are the milestones as :func:`order` puts them, where that is known already.
    """
    by_id = {agreement.id: agreement for agreement in agreements}
    block = _Block(by_id, frailties, clocks)
    for id_, name in in_order or order(by_id):
        block.milestone(by_id[id_], name)
    return {id_: block.progress(by_id[id_]) for id_ in sorted(by_id)}


class _Block:
    """The progress of one block, agreement by agreement."""

    def __init__(self, agreements: Mapping[str, Agreement], frailties: Mapping[str, Frailty], clocks: Clocks) -> None:
        self.clocks, self.paths, self.worlds = clocks, clocks.paths, clocks.worlds
        self.grid, self.window = clocks.grid, clocks.window
        self.streams, self.reuse = self.worlds.streams, self.worlds.reuse
        self.trials = self.streams.size
        self.done: dict[tuple[str, str], Array] = {}
        self.takes: dict[tuple[str, str], tuple[Array, npt.NDArray[np.bool_]]] = {}
        self.frailty = {name: self._shared(name, f) for name, f in sorted(frailties.items())}
        self.signed = {a.id: 0.0 if a.signed is None else self.grid.month_of(a.signed) for a in agreements.values()}
        self.present = {id_: self._present(a) for id_, a in agreements.items()}
        self.factor = {id_: self._factor(a) for id_, a in agreements.items()}
        self.hazards: list[tuple[Ending, Clock]] = []
        self.hazard_of: dict[str, Clock] = {}
        self.honours: dict[tuple[tuple[Ceremony, ...], float], Array | None] = {}
        self.ended = {id_: self._ended(a) for id_, a in agreements.items()}

    def _shared(self, name: str, frailty: Frailty) -> Array:
        def made() -> Array:
            return np.asarray(np.exp(self.worlds.value(frailty.sd) * self.streams.normal(f"frailty/{name}")))

        return self.reuse.of(("frailty", name), (frailty.sd,), made)

    def _present(self, agreement: Agreement) -> npt.NDArray[np.bool_]:
        def made() -> npt.NDArray[np.bool_]:
            if agreement.presence == 1:
                return np.ones(self.trials, dtype=bool)
            # whether a document exists is a thing not known, not a thing that happens: one draw a world
            u = self.worlds.spread(self.worlds.level(f"agreements.{agreement.id}.presence/exists"))
            return np.asarray(u < self.worlds.value(agreement.presence))

        return self.reuse.of(("present", agreement.id), (agreement.presence,), made)

    def _factor(self, agreement: Agreement) -> Array | float:
        shared = [self.frailty[name] for name in sorted(set(agreement.frailties))]

        def made() -> Array | float:
            factor: Array | float = 1.0
            if agreement.frailty != 0:
                z = self.streams.normal(f"agreement/{agreement.id}/frailty")
                factor = np.asarray(np.exp(self.worlds.value(agreement.frailty) * z))
            for one in shared:
                factor = factor * one
            return factor

        return self.reuse.of(("factor", agreement.id), (agreement.frailty, *shared), made)

    def _ended(self, agreement: Agreement) -> Array:
        id_, signed = agreement.id, self.signed[agreement.id]
        clock = None
        if agreement.ending is not None:
            clock = self.hazard_of[id_] = self._hazard(agreement.ending, f"agreements.{id_}.ending")

        def made() -> Array:
            if clock is None:
                return np.full(self.trials, np.inf)
            owed = -np.log1p(-self.streams.uniform(f"agreement/{id_}/ending"))
            if signed > 0:
                owed = owed + clock.at(np.full(self.trials, signed))
            return clock.first(owed)

        return self.reuse.of(("ended", id_), (clock, signed), made)

    def _hazard(self, ending: Ending, what: str) -> Clock:
        """The integrated hazard of an ending, made once for all the agreements that take it from one template."""
        for known, clock in self.hazards:
            if known == ending:
                return clock

        def made() -> Clock:
            hazard = product(ending.effects, self.paths, self.worlds, self.grid, what)
            rate = np.asarray(self.worlds.value(ending.rate)) / 12
            pace = rate if hazard is None else np.multiply(hazard, rate, out=hazard)
            pace = np.broadcast_to(pace, (self.grid.steps, self.trials))
            return Clock.from_pace(pace, self.grid.step)

        clock = self.reuse.of(("hazard", what), (ending, *self.paths.of(ending.effects)), made)
        self.hazards.append((ending, clock))
        return clock

    def _honoured(self, agreement: Agreement) -> Array | None:
        """Weights of ceremonial events, summed once for all the agreements of one day that they honour."""
        key = agreement.ceremonies, self.signed[agreement.id]
        if key not in self.honours:
            read = self.paths.of(agreement.ceremonies)
            self.honours[key] = self.reuse.of(("honours", *key), read, lambda: self.clocks.honours(*key))
        return self.honours[key]

    def milestone(self, agreement: Agreement, name: str) -> None:
        """When the milestone is done, once those before it are known."""
        milestone: Milestone = agreement.milestones[name]
        here, signed, ended = (agreement.id, name), self.signed[agreement.id], self.ended[agreement.id]
        before = [self.done[resolve(agreement.id, other)] for other in milestone.after]
        clock = self.clocks.of(milestone.pace or agreement.pace, agreement.ceremonies, signed)
        earliest = 0.0 if milestone.earliest is None else self.grid.month_of(milestone.earliest)
        factor, present = self.factor[agreement.id], self.present[agreement.id]
        takes, never = self.takes[here] = self.reuse.of(
            ("takes", *here),
            (milestone.duration, milestone.never, factor, present),
            lambda: self._takes(milestone, "/".join(("agreement", *here)), factor, present),
        )

        def made() -> Array:
            return clock.finish(self._after(signed, before), takes, never, ended, earliest)

        inputs = (takes, never, clock, signed, ended, earliest, *before)
        self.done[here] = self.reuse.of(("done", *here), inputs, made)

    def _after(self, signed: float, before: Sequence[Array]) -> Array:
        """When what waits for these can begin, shape (trial,)."""
        start = np.full(self.trials, signed)
        for other in before:
            start = np.maximum(start, other)
        return start

    def _takes(
        self, milestone: Milestone, address: str, factor: Array | float, present: npt.NDArray[np.bool_]
    ) -> tuple[Array, npt.NDArray[np.bool_]]:
        """The months that it takes undisturbed, and whether it is never done; each of shape (trial,)."""
        takes = self.worlds.duration(milestone.duration).ppf(self.streams.uniform(f"{address}/duration"))
        never = ~present
        if milestone.never != 0:
            never = never | (self.streams.uniform(f"{address}/never") < self.worlds.value(milestone.never))
        return takes / factor, never

    def progress(self, agreement: Agreement) -> Progress:
        """Delivery, honours and flow over the grid."""
        id_, flow = agreement.id, agreement.flow
        done = {name: self.done[id_, name] for name in agreement.milestones}
        awaited = () if flow is None else (self.done[resolve(id_, other)] for other in flow.after)
        events = self._honoured(agreement)
        read = () if flow is None else self.paths.of(flow.effects)
        inputs = (agreement, self.present[id_], self.ended[id_], events, *done.values(), *awaited, *read)
        return self.reuse.of(("progress", id_), inputs, lambda: self._progress(agreement, done, events))

    def _progress(self, agreement: Agreement, done: dict[str, Array], events: Array | None) -> Progress:
        takes = {name: self.takes[agreement.id, name] for name in agreement.milestones}
        present, ended = self.present[agreement.id], self.ended[agreement.id]
        compact = (
            *seen(agreement, "material", done, float(self.grid.step)),
            *seen(agreement, "formal", done, float(self.grid.step)),
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
        awaited = [self.done[resolve(agreement.id, other)] for other in flow.after]
        start = self._after(self.signed[agreement.id], awaited)
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
