"""One agreement in every trial of a block: what was done, delivered and honoured, and what follows at each date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.agreements.terms import Agreement
from pactrisk.clocks import Clock

__all__ = ["Progress", "seen", "weights_without"]

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

    def keep(self, k: int, there: tuple[Array, Array], delivery: Array, total: Array) -> None:
        """Take down what was worked out with something else, so that it is not worked out again: what :meth:`at` says
        of the grid point ``k``, and delivery and all that was delivered unless they are empty.
        """
        self._known[k] = there
        self.__dict__.update((name, found) for name, found in (("delivery", delivery), ("total", total)) if len(found))

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

    def if_pursued(self, done: Mapping[str, Array], flow_begins: Array | None, step: float) -> Progress:
        """The same in the portfolio and never ended, its milestones done and its flow begun at these times."""
        present, ended = np.ones_like(self.present), np.full(self.ended.shape, np.inf)
        compact = (
            *seen(self.agreement, "material", done, step),
            *seen(self.agreement, "formal", done, step),
            *self.compact[4:6],
            present.astype(float),
            ended,
            self.compact[8] if flow_begins is None else flow_begins,
            *self.compact[9:],
        )
        return replace(self, present=present, ended=ended, done=dict(done), compact=compact, hazard=None, _known={})


def seen(agreement: Agreement, track: str, done: Mapping[str, Array], step: float) -> tuple[Array, Array]:
    """Grid points that see each milestone of a track done, shape (milestone, trial), and its weight."""
    names, weights = _weighty(agreement, track), weights_without(agreement, track, [()])[0]
    points = np.empty((len(weights), len(next(iter(done.values())))))
    points[len(names) :] = kernels.progress.NEVER
    for row, name in enumerate(names):
        kernels.progress.seen(done[name], step, points[row])
    return points, weights


def weights_without(agreement: Agreement, track: str, cases: Collection[Collection[str]]) -> Array:
    """The weight of each milestone of a track in each case, shape (case, milestone), as :func:`seen` puts them: 0 for
    those that are idle in it.
    """
    names = _weighty(agreement, track)
    weights = np.zeros((len(cases), kernels.progress.in_fours(len(names))))
    for row, name in enumerate(names):
        weights[:, row] = [0.0 if name in idle else agreement.milestones[name].weight for idle in cases]
    return weights


def _weighty(agreement: Agreement, track: str) -> list[str]:
    return [name for name, m in sorted(agreement.milestones.items()) if m.track == track and m.weight]
