"""The contract of a driver kind.

A kind is one file in ``drivers/processes/``: a :class:`Process` with its documented numbers, ``simulate``
(its paths) and ``theory`` (what is known about them in closed form). One shared test holds each to the other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import AfterValidator, Field, ValidationInfo, create_model

from pactrisk import kernels
from pactrisk.distributions import Real
from pactrisk.drivers.paths import DriverPaths, Path, StatePath
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Num, Spread, Value, Worlds
from pactrisk.specs import LATER, Documented, Ruled, Spec, Wrong
from pactrisk.streams import Rows

__all__ = ["Factor", "Process", "Setting", "Theory", "When", "at", "kind", "stacked"]

Array = npt.NDArray[np.float64]


class When(Ruled):
    """Other values of a driver's numbers while a regime is in a state."""

    driver: str
    """the regime that is looked at"""
    state: str
    """the state in which the other values hold"""

    def wrong(self) -> Iterator[Wrong]:
        """An entry that gives no other number."""
        if all(getattr(self, name) is None for name in type(self).model_fields if name not in ("driver", "state")):
            yield Wrong("changes nothing: give a number of this driver that differs in the state", ("*",))


class Factor(Documented):
    """A common cause that several drivers load on."""

    title: str = ""
    """name for people"""
    tails: (
        Annotated[Value, Num("degrees of freedom of a Student t; without it the factor is Gaussian", above=2)] | None
    ) = None


@dataclass(frozen=True)
class Theory:
    """What is known of a kind with plain numbers and without ``when``.

    ``mean`` and ``sd`` (shape (time,)) are those of ``transform(values)``: ``log`` for prices, ``plain``
    otherwise. For a regime ``occupancy`` has shape (state, time), states by name; for events ``mean`` is that of the
    number of events so far (``counts``). What is not known is None.
    """

    transform: str
    mean: Array | None = None
    sd: Array | None = None
    occupancy: Array | None = None


@dataclass
class Setting:
    """What a process sees of the block it is simulated in."""

    name: str
    grid: TimeGrid
    worlds: Worlds
    paths: DriverPaths
    factors: dict[str, Array] = field(default_factory=dict)
    """Standardised factor innovations, each of shape (step, trial), to be read only."""
    forced: list[tuple[float, str]] = field(default_factory=list)
    """Dated states that a shock forces on a regime: (month, state)."""

    @property
    def trials(self) -> int:
        """Trials in the block."""
        return self.worlds.streams.size

    def address(self, word: str) -> str:
        """The stream of one of this driver's draws."""
        return f"driver/{self.name}/{word}"

    def normal(self, word: str) -> Array:
        """Standard normals, shape (step, trial)."""
        return self.worlds.streams.normal(self.address(word), self.grid.steps, self.trials)

    def uniform(self, word: str, *shape: int) -> Array:
        """Uniforms of ``shape`` + (trial,)."""
        return self.worlds.streams.uniform(self.address(word), *shape, self.trials)

    def rows(self, word: str) -> Rows:
        """Uniforms, row after row."""
        return self.worlds.streams.rows(self.address(word))

    def value(self, value: Value) -> Real:
        """A number, or one a trial."""
        return self.worlds.value(value)

    def parameter(self, process: Process, name: str) -> Real:
        """A number of the process: plain, one a trial, or by ``when`` of shape (step, trial).

        Where several ``when`` entries hold at once, the first one listed is taken.
        """
        return self.in_state(getattr(process, name), [(entry, getattr(entry, name, None)) for entry in process.when])

    def in_state(self, value: Value, others: Iterable[tuple[When, Value | None]]) -> Real:
        """A number, or by the entries of ``when`` that have another one of shape (step, trial)."""
        entries = [(entry, other) for entry, other in others if other is not None]
        if not entries:
            return self.value(value)
        result, found = np.empty((self.grid.steps, self.trials)), self.rows_of(self.value(value))
        for entry, other in reversed(entries):
            regime = self.paths.regime(entry.driver)
            here, inside = regime.names.index(entry.state), self.each(self.value(other))
            kernels.effects.choose(regime.states, here, inside, found, result)
            found = result
        return result

    def innovations(self, loadings: dict[str, Value], word: str = "diffusion") -> Array:
        r"""Standardised shocks of shape (step, trial).

        .. math:: Z = \sum_j \ell_j F_j + \sqrt{1 - \sum_j \ell_j^2}\; \varepsilon
        """
        own = self.normal(word)
        if not loadings:
            return own
        names, out = sorted(loadings), np.empty_like(own)
        sizes = np.empty((len(names), self.trials))
        for row, name in zip(sizes, names, strict=True):
            row[:] = self.value(loadings[name])
        kernels.prices.blend(own, sizes, stacked([self.factors[name] for name in names]), out)
        return out

    def rows_of(self, value: Real) -> Array:
        """A number, one a trial, or one a step and trial, as shape (row, trial): one row, or one a step."""
        given = np.asarray(value, dtype=float)
        return np.ascontiguousarray(given) if given.ndim == 2 else self.each(given)[None]

    def each(self, value: Real) -> Array:
        """A number as one a trial."""
        return self.worlds.each(value)


def _within_one(loadings: dict[str, Value], info: ValidationInfo) -> dict[str, Value]:
    if info.context is LATER:
        return loadings
    square = sum(x * x for x in loadings.values() if not isinstance(x, Spread))
    if square > 1 + 1e-9:
        raise ValueError(f"the squares of the loadings must sum to 1 at most, not {square:.6g}")
    return loadings


Loadings = Annotated[
    dict[str, Annotated[Value, Num("loading on a factor", least=-1, most=1)]],
    AfterValidator(_within_one),
    Field(description="named common causes and how much of this driver's shocks each one is"),
]


class Process(Documented):
    """A driver: an outside series that nobody at the table controls."""

    positive: ClassVar[bool] = False
    """Whether values are prices: always above 0, shocks are relative."""
    nested: ClassVar[dict[str, type[Spec]]] = {}
    """Tables of the driver whose numbers ``when`` can change too, each with what it takes there."""
    starts: ClassVar[frozenset[str]] = frozenset({"initial", "deviation", "elapsed"})
    """Numbers that hold at the start only, which ``when`` therefore cannot change."""

    kind: str
    """the law of the driver"""
    title: str = ""
    """name for people"""
    unit: str = ""
    """unit of the values"""
    when: tuple[When, ...] = ()
    """other values of these numbers while a regime is in a state; of several that hold at once, the first that gives a
    number counts for it"""

    def parents(self) -> set[str]:
        """Names of the drivers that this one reads."""
        return {entry.driver for entry in self.when} | {name.partition(".")[0] for name in self.reads()}

    def reads(self) -> Iterable[str]:
        """Dotted names that it reads besides ``when``: a driver, or a driver's state as ``war.ceasefire``."""
        return ()

    def simulate(self, setting: Setting) -> Path | StatePath:
        """Its path in every trial of the block: by any date the same, however much further the grid goes."""
        raise NotImplementedError

    def seen(self, values: Array) -> Array:
        """What others see of values that shocks have moved, of the same shape."""
        return values

    def theory(self, grid: TimeGrid) -> Theory | None:
        """What closed forms say, when every number is plain; None where nothing is known."""
        raise NotImplementedError


P = TypeVar("P", bound=Process)
T = TypeVar("T", bound=np.generic)


def kind(cls: type[P]) -> type[P]:
    """Finish a driver kind: its ``when`` entries may set any of its numbers."""
    numbers: dict[str, Any] = {}
    for name, info in cls.model_fields.items():
        num = next((m for m in info.metadata if isinstance(m, Num)), None)
        if num is not None and name not in cls.starts:
            numbers[name] = (Annotated[Value, num] | None, None)
    for name, table in cls.nested.items():
        numbers[name] = (table | None, None)
    entry = create_model(
        f"{cls.__name__}When",
        __base__=When,
        __module__=cls.__module__,
        __doc__=When.__doc__,
        **numbers,
    )
    entry.part_of = cls
    # workers find a class by its module and name
    setattr(sys.modules[cls.__module__], entry.__name__, entry)
    fields: dict[str, Any] = {"when": (tuple[entry, ...], ())}
    made: type[P] = create_model(cls.__name__, __base__=cls, __module__=cls.__module__, __doc__=cls.__doc__, **fields)
    made.__qualname__ = cls.__qualname__
    return made


def stacked(arrays: Sequence[npt.NDArray[T]]) -> npt.NDArray[T]:
    """Arrays of one shape as one, with a first axis more; a single one is not copied, unless it is to be read only:
    for such another loop would be compiled.
    """
    return arrays[0][None] if len(arrays) == 1 and arrays[0].flags.writeable else np.stack(arrays)


def at(value: Real, k: int) -> Real:
    """The value that rules step k, of a number, one a trial, or one a step and trial."""
    return value[k] if isinstance(value, np.ndarray) and value.ndim == 2 else value
