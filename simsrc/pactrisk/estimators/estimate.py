"""A number with its interval, and an array of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

__all__ = ["Estimate", "Estimates", "Kind"]

Kind = Literal["probability", "mean", "difference", "quantile"]


@dataclass(frozen=True)
class Estimate:
    """One number and the interval that holds the truth with confidence ``level``.

    Parameters
    ----------
    value, low, high : the number and its interval, in the unit of what is estimated. ``value`` is NaN
        when no trial speaks about it; a side of the interval on which nothing is known is infinite, or
        0 and 1 for a probability.
    level : confidence of the interval, between 0 and 1.
    kind : what the number is.
    trials : trials that it rests on (for a conditional probability, those that meet the condition).
    worlds : worlds that were drawn.
    count : trials in which the event happened; for a difference of two events, trials in which they
        differ; None where nothing is counted.
    """

    value: float
    low: float
    high: float
    level: float
    kind: Kind
    trials: int
    worlds: int
    count: int | None = None


@dataclass(frozen=True, eq=False)
class Estimates:
    """Estimates of one kind, as arrays of one shape S, e.g. (agreement, time, class).

    The fields mean what they mean in :class:`Estimate`; ``level``, ``kind`` and ``worlds`` hold for all.
    """

    value: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    level: float
    kind: Kind
    trials: npt.NDArray[np.int64]
    worlds: int
    count: npt.NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        shape = np.shape(self.value)
        for name in ("low", "high", "trials", "count"):
            array = getattr(self, name)
            # Scalars are welcome where one number holds for the whole shape.
            if array is not None and np.shape(array) != shape:
                object.__setattr__(self, name, np.broadcast_to(array, shape))

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape S."""
        return np.shape(self.value)

    def __getitem__(self, index: Any) -> Estimates:
        """A part, chosen as numpy chooses."""
        return Estimates(
            np.asarray(self.value[index]),
            np.asarray(self.low[index]),
            np.asarray(self.high[index]),
            self.level,
            self.kind,
            np.asarray(self.trials[index]),
            self.worlds,
            None if self.count is None else np.asarray(self.count[index]),
        )

    def known(self, outright: npt.ArrayLike) -> Estimates:
        """The same without doubt where ``outright``, of shape S: what a definition settles has no interval."""
        low, high = (np.where(outright, self.value, ends) for ends in (self.low, self.high))
        return replace(self, low=low, high=high)

    def item(self) -> Estimate:
        """The only estimate held. Raises ValueError when there is not exactly one."""
        return Estimate(
            float(self.value.item()),
            float(self.low.item()),
            float(self.high.item()),
            self.level,
            self.kind,
            int(self.trials.item()),
            self.worlds,
            None if self.count is None else int(self.count.item()),
        )

    def at(self, *index: int) -> Estimate:
        """The estimate at one position, one number for each axis of S."""
        return self[index].item()
