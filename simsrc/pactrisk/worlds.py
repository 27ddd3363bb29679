"""Worlds: what each uncertain number is in each draw of the assumptions."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.distributions import Distribution, Real
from pactrisk.reuse import Reuse
from pactrisk.spreads import Duration, Spread, Value
from pactrisk.streams import Streams

__all__ = ["Worlds"]


@dataclass
class Worlds:
    """The worlds of one block: what each uncertain number is in each of them.

    Trial i of the block belongs to world ``i % count``. A spread is drawn from the address
    ``assumption/<where it was written>``, once a world, and used everywhere it is read.
    """

    streams: Streams
    trials_per_world: int
    reuse: Reuse = field(default_factory=Reuse)
    """What another scenario on the same random numbers has worked out already."""
    levels: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    """Quantile level of each spread drawn so far, shape (world,)."""
    _values: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    _durations: dict[str, Distribution] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Worlds in the block."""
        return self.streams.size // self.trials_per_world

    def level(self, address: str) -> npt.NDArray[np.float64]:
        """A uniform a world at ``assumption/<address>``, shape (world,)."""
        if address not in self.levels:
            self.levels[address] = self.streams.levels(f"assumption/{address}", self.count)
        return self.levels[address]

    def spread(self, x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """One number a world laid out as one number a trial."""
        return np.tile(x, self.trials_per_world)

    def each(self, value: Real) -> npt.NDArray[np.float64]:
        """A number as one a trial, in an array of its own."""
        out = np.empty(self.streams.size)
        out[:] = value
        return out

    def value(self, value: Value) -> Real:
        """A number, or one number a trial that is constant within each world."""
        if not isinstance(value, Spread):
            return value
        if not value.spread:
            return float(value.parameters["value"])  # type: ignore[arg-type]
        if not value.address:
            raise ValueError(f"the spread {value} has no address")
        if value.address not in self._values:
            self._values[value.address] = self.reuse.of(
                ("value", value.address),
                (value,),
                lambda: self._drawn(value.distribution(), self.level(value.address)),
            )
        return self._values[value.address]

    def _drawn(self, law: Distribution, levels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        coded = law.coded(1) if kernels.compilation.compiling() else None
        if coded is None:
            return self.spread(law.ppf(levels))
        out = np.empty(self.streams.size)
        kernels.quantiles.spread(levels, *coded, out)
        return out

    def duration(self, value: Duration) -> Distribution:
        """The distribution of a duration, with its uncertain parameters drawn."""
        if not isinstance(value, Spread):
            return Distribution("fixed", {"value": value})
        if not value.address:
            return value.distribution(self.value)
        if value.address not in self._durations:
            self._durations[value.address] = self.reuse.of(
                ("duration", value.address), (value,), lambda: value.distribution(self.value)
            )
        return self._durations[value.address]
