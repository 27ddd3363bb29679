"""What a driver did in every trial of a block: arrays of shape (time, trial)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pactrisk.distributions import Real

__all__ = ["DriverPaths", "EventPath", "Path", "StatePath", "until"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Path:
    """A driver with a value: ``values`` at the grid points, shape (time, trial).

    ``before`` is what it was until the day of signature, shape (trial,), where something moves it on that very day.
    ``whole`` is the path that this one is the beginning of, if it is.
    """

    values: Array
    before: Array | None = field(default=None, kw_only=True)
    whole: Path | None = field(default=None, kw_only=True, repr=False, compare=False)

    @classmethod
    def from_log(cls, log: Array, initial: Real) -> Path:
        """The path of a price whose logarithm is known; at the start it is the ``initial`` one itself, which the
        exponential of its logarithm may miss by a last digit, on one side or the other of a threshold."""
        values = np.exp(log)
        values[0] = initial
        path = cls(values)
        path.__dict__["log"] = log
        return path

    @property
    def initial(self) -> Array:
        """The value that it comes with, whatever the day of signature brings; shape (trial,)."""
        return self.values[0] if self.before is None else self.before

    @cached_property
    def log(self) -> Array:
        """Natural logarithm of the values."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(self.values)


@dataclass(frozen=True)
class EventPath(Path):
    """Events: ``values`` is the sum of their decaying impulses.

    ``counts`` has shape (time, trial): events in the step that ends at the grid point, and at the first those of the
    day of signature.
    ``times`` has shape (event, trial): months since the start, in order, infinite where there are no more.
    """

    counts: npt.NDArray[np.int16]
    times: Array


@dataclass(frozen=True)
class StatePath:
    """A regime: ``states`` holds the number of the state at each grid point, ``names`` their names.

    ``before`` is the state until the day of signature, shape (trial,), where it changes on that very day.
    ``whole`` is the path that this one is the beginning of, if it is.
    """

    states: npt.NDArray[np.int8]
    names: tuple[str, ...]
    before: npt.NDArray[np.int8] | None = None
    whole: StatePath | None = field(default=None, repr=False, compare=False)

    @property
    def initial(self) -> npt.NDArray[np.int8]:
        """The state that it comes with, whatever the day of signature brings; shape (trial,)."""
        return self.states[0] if self.before is None else self.before

    def indicator(self, state: str) -> npt.NDArray[np.bool_]:
        """Whether the regime is in ``state`` at each grid point."""
        return np.asarray(self.states == self.names.index(state))


def until(path: Path | StatePath, points: int) -> Path | StatePath:
    """The first ``points`` grid points of a path: its own arrays, of which nothing is copied."""
    if isinstance(path, StatePath):
        return replace(path, states=path.states[:points], whole=path)
    if isinstance(path, EventPath):
        return replace(path, values=path.values[:points], counts=path.counts[:points], whole=path)
    begun = replace(path, values=path.values[:points], whole=path)
    if "log" in path.__dict__:
        begun.__dict__["log"] = path.log[:points]
    return begun


class Reader(Protocol):
    """What reads a driver: an effect, a ceremony."""

    @property
    def driver(self) -> str:
        """The driver's name."""


@dataclass
class DriverPaths:
    """All drivers of a block, by name."""

    paths: dict[str, Path | StatePath]

    def __getitem__(self, name: str) -> Path | StatePath:
        return self.paths[name]

    def of(self, readers: Iterable[Reader]) -> tuple[Path | StatePath, ...]:
        """The path that each of them reads, whole where it is the beginning of another."""
        found = (self.paths[reader.driver] for reader in readers)
        return tuple(path.whole or path for path in found)

    def valued(self, name: str) -> Path:
        """The driver's path, which must have values (any kind but a regime)."""
        path = self.paths[name]
        if isinstance(path, StatePath):
            raise TypeError(f"{name} is a regime: read {name}.{path.names[0]} and the like")
        return path

    def regime(self, name: str) -> StatePath:
        """The driver's path, which must be a regime's."""
        path = self.paths[name]
        if not isinstance(path, StatePath):
            raise TypeError(f"{name} is not a regime")
        return path

    def events(self, name: str) -> EventPath:
        """The driver's path, which must be one of events."""
        path = self.paths[name]
        if not isinstance(path, EventPath):
            raise TypeError(f"{name} has no events")
        return path

    def read(self, dotted: str) -> Array:
        """The value of ``brent`` or of ``ukraine.war`` (1 while in that state), shape (time, trial)."""
        name, _, state = dotted.partition(".")
        if state:
            return self.regime(name).indicator(state).astype(float)
        return self.valued(name).values

    def initial(self, dotted: str) -> Array:
        """The same until the day of signature, shape (trial,)."""
        name, _, state = dotted.partition(".")
        if not state:
            return self.valued(name).initial
        regime = self.regime(name)
        return np.asarray(regime.initial == regime.names.index(state), dtype=float)

    def items(self) -> Mapping[str, Path | StatePath]:
        """All paths by name."""
        return self.paths
