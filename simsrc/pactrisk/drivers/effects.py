r"""Effects: what a driver does to a pace, a flow, a hazard or a sojourn.

One effect reads one driver and has one form; the product of all of them is the factor on each step.

=========================  ==========================================================
written                    factor on the step that begins at the grid point
=========================  ==========================================================
``state``, ``factor``      factor while the regime is in the state, else 1
``below``, ``factor``      factor while the value is below the threshold, else 1
``above``, ``factor``      factor while the value is above the threshold, else 1
``elasticity``             :math:`(x / \text{reference})^{\text{elasticity}}`
``per_unit``               :math:`\text{per\_unit}^{\,x - \text{reference}}`
=========================  ==========================================================

``lag`` looks that many months back, ``average`` takes the mean of that many months; before the start a driver
is taken as it was at the start, without what happens on that very day: a shock of the day of signature is felt after
the lag, against the initial value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Annotated, TypeVar

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.distributions import Real
from pactrisk.drivers.paths import DriverPaths
from pactrisk.grid import TimeGrid
from pactrisk.magnitude import ALIKE, sound, unsound
from pactrisk.quantities import Num, Value, Worlds
from pactrisk.specs import Documented, Ruled, Wrong

__all__ = ["ANYTHING", "FORMS", "Effect", "product"]

Array = npt.NDArray[np.float64]
Rows = TypeVar("Rows", Array, npt.NDArray[np.int8])

ANYTHING = "pace, flow or hazard"
"""What an effect can be on, in the meanings of its numbers."""
Multiplier = Annotated[Value, Num(f"what the {ANYTHING} is multiplied by: 1 changes nothing, 0 stops", least=0)]
_TABLE = 2**16
FORMS = ("state", "below", "above", "elasticity", "per_unit")
"""Keys of which an effect has exactly one."""


class Effect(Documented, Ruled):
    """What one driver does, in one of the five forms."""

    driver: str
    """the driver that is read"""
    state: str | None = None
    """state of the regime in which the factor holds"""
    below: Annotated[Value, Num("threshold below which the factor holds, in the driver's unit")] | None = None
    above: Annotated[Value, Num("threshold above which the factor holds, in the driver's unit")] | None = None
    factor: Multiplier | None = None
    """what the pace, flow or hazard is multiplied by while the state or threshold holds"""
    elasticity: (
        Annotated[Value, Num(f"per cent of the {ANYTHING} for each per cent of the driver against its reference")]
        | None
    ) = None
    per_unit: Annotated[Value, Num("factor for each unit of the driver above its reference", above=0)] | None = None
    reference: (
        Annotated[Value, Num("value of the driver at which the factor is 1; its initial value if not given")] | None
    ) = None
    lag: Annotated[
        float,
        Num(
            "time between the driver and its effect, to the nearest step; before the start a driver is as at the start",
            "months",
            least=0,
            most=1200,
        ),
    ] = 0.0
    average: Annotated[
        float,
        Num("time over which the driver is averaged first, to the nearest step", "months", least=0, most=1200),
    ] = 0.0

    def wrong(self) -> Iterator[Wrong]:
        """No form or several, and keys that the form does not take."""
        forms = [word for word in FORMS if getattr(self, word) is not None]
        if len(forms) != 1:
            said = "none is given" if not forms else f"not {' and '.join(forms)}"
            yield Wrong(f"an effect has exactly one of {', '.join(FORMS)}; {said}", FORMS)
            return
        form = forms[0]
        if (form in ("state", "below", "above")) != (self.factor is not None):
            needs = "needs a" if self.factor is None else "takes no"
            yield Wrong(f"{form} {needs} factor", (*FORMS, "factor"))
        if self.reference is not None and form not in ("elasticity", "per_unit"):
            yield Wrong(f"{form} takes no reference", FORMS)
        if self.average and form == "state":
            yield Wrong("a state cannot be averaged; use lag", FORMS)

    @property
    def formless(self) -> bool:
        """Whether no form is given, so that it does nothing."""
        return all(getattr(self, word) is None for word in FORMS)

    @property
    def form(self) -> str:
        """Which of the five forms it has."""
        return next(word for word in FORMS if getattr(self, word) is not None)

    @property
    def reads(self) -> str:
        """The dotted name that it reads."""
        return f"{self.driver}.{self.state}" if self.state else self.driver

    @cached_property
    def ordered(self) -> str:
        """A key to put effects in an order that does not depend on the file."""
        return self.said()


def _looked_at(values: Array, before: Array | None, effect: Effect, grid: TimeGrid) -> Array:
    """Values that rule each step, shape (step, trial): lagged and averaged, ``before`` being those until the start."""
    lag = round(effect.lag / grid.step)
    window = max(round(effect.average / grid.step), 1)
    if lag == 0 and window == 1:
        return values[:-1]
    out = np.empty((grid.steps, values.shape[1]))
    values, lag = _preceded(values, before, lag)
    kernels.effects.averaged(np.ascontiguousarray(values), lag, window, out)
    return out


def _preceded(rows: Rows, before: Rows | None, lag: int) -> tuple[Rows, int]:
    """What a lag reads, and how far it then looks back: where the day of signature moves it, with what came before."""
    return (rows, lag) if before is None else (np.concatenate([before[None], rows]), lag - 1)


def product(effects: Sequence[Effect], paths: DriverPaths, worlds: Worlds, grid: TimeGrid, what: str) -> Array | None:
    """The product of the effects on each step, shape (step, trial); None where there are none.

    Raises
    ------
    RunError : where the product is not a finite number, or too large, naming the driver and the date.
    """
    if not effects:
        return None
    exponent: Array | None = None
    switches: list[Effect] = []
    for effect in sorted(effects, key=lambda effect: effect.ordered):
        if effect.form in ("elasticity", "per_unit"):
            term = _exponent(effect, paths, worlds, grid)
            exponent = term if exponent is None else np.add(exponent, term, out=exponent)
        else:
            switches.append(effect)
    factor, bounded = _switched(switches, paths, worlds, grid)
    if exponent is not None:
        with np.errstate(over="ignore"):
            np.exp(exponent, out=exponent)
        factor = exponent if factor is None else np.multiply(factor, exponent, out=factor)
    assert factor is not None
    if not (bounded and exponent is None) and not sound(factor):
        for effect in effects if len(effects) > 1 else ():
            # one that is too large by itself is named by itself
            product([effect], paths, worlds, grid, what)
        names = ", ".join(dict.fromkeys(effect.driver for effect in effects))
        said = f"{what}: the effects of {names} are"
        raise unsound(said, factor, grid.dates, worlds.count, worlds.streams.block)
    return factor


def _switched(
    switches: Sequence[Effect], paths: DriverPaths, worlds: Worlds, grid: TimeGrid
) -> tuple[Array | None, bool]:
    """The product of the factors that hold on each step, None where there are none; and whether no choice of them is
    too large.

    In a world the factors are numbers, so the product is looked up by which of them hold: all at once, in a table
    with a row for each choice of them and a column for each world.
    """
    if not switches:
        return None, True
    trials, at_once = worlds.streams.size, max(int(np.log2(_TABLE / worlds.count)), 1)
    factor = np.empty((grid.steps, trials))
    for first in range(0, len(switches), at_once):
        table = np.ones((1, worlds.count))
        codes = np.zeros((grid.steps, trials), dtype=np.uint16)
        for bit, effect in enumerate(switches[first : first + at_once]):
            assert effect.factor is not None
            _mark(effect, bit, codes, paths, worlds, grid)
            value = worlds.value(effect.factor)
            table = np.concatenate([table, table * (value[: worlds.count] if isinstance(value, np.ndarray) else value)])
        kernels.effects.look_up(codes, table, first == 0, factor)
    return factor, len(switches) <= at_once and sound(table)


def _mark(
    effect: Effect, bit: int, codes: npt.NDArray[np.uint16], paths: DriverPaths, worlds: Worlds, grid: TimeGrid
) -> None:
    """Set the bit of the steps and trials in which the effect's factor holds."""
    if effect.state is not None:
        regime = paths.regime(effect.driver)
        states, lag = _preceded(regime.states, regime.before, round(effect.lag / grid.step))
        kernels.effects.mark_state(states, lag, regime.names.index(effect.state), bit, codes)
        return
    path = paths.valued(effect.driver)
    values = np.ascontiguousarray(_looked_at(path.values, path.before, effect, grid))
    cut = effect.below if effect.below is not None else effect.above
    assert cut is not None
    above, threshold = effect.above is not None, worlds.each(worlds.value(cut))
    # what is beyond by rounding alone is not
    threshold += (ALIKE if above else -ALIKE) * np.abs(threshold)
    kernels.effects.mark_beyond(values, threshold, above, bit, codes)


def _exponent(effect: Effect, paths: DriverPaths, worlds: Worlds, grid: TimeGrid) -> Array:
    path = paths.valued(effect.driver)
    plain = effect.average * 1.0 <= grid.step
    if effect.per_unit is not None:
        base: Real = path.initial if effect.reference is None else worlds.value(effect.reference)
        seen = _looked_at(path.values, path.before, effect, grid)
        return _departed(seen, base, np.log(worlds.value(effect.per_unit)), worlds)
    assert effect.elasticity is not None
    with np.errstate(divide="ignore", invalid="ignore"):
        before = None if path.before is None else np.log(path.before)
        if plain:
            logs = _looked_at(path.log, before, effect, grid)
        else:
            logs = np.log(_looked_at(path.values, path.before, effect, grid))
        first = path.log[0] if before is None else before
        start: Real = first if effect.reference is None else np.log(worlds.value(effect.reference))
    return _departed(logs, start, worlds.value(effect.elasticity), worlds)


def _departed(values: Array, base: Real, slope: Real, worlds: Worlds) -> Array:
    out = np.empty(values.shape)
    kernels.effects.departed(np.ascontiguousarray(values), worlds.each(base), worlds.each(slope), out)
    return out
