"""Faults of distributions: a cut that keeps nothing of one, a stay that has outlived its own length.

A number that is not known differs between worlds, so a fault is looked for in many of them, spread evenly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from pactrisk.distributions import Distribution
from pactrisk.drivers.processes.regime import Regime
from pactrisk.lint.fault import Fault
from pactrisk.numerals import counted, shown
from pactrisk.quantities import Duration, Spread, Value
from pactrisk.scenario import Key, Scenario
from pactrisk.spreads import extent
from pactrisk.survival import kept, lasting
from pactrisk.tables import Table

__all__ = ["mass_faults"]

Array = npt.NDArray[np.float64]
_WORLDS = 400
_NOTHING = 1e-12
"""Below this share of a distribution its inverse has no digits left."""
_FEW = 0.01
"""Share of worlds that a spread may lose without a word: its tails were never elicited so far out."""


def mass_faults(scenario: Scenario, every: Iterable[Table]) -> Iterator[Fault]:
    """Cuts that keep nothing, and stays under way that cannot have lasted so long; ``every`` are its tables."""
    empty: set[Key] = set()
    for table in every:
        # what stands in another comes first: of that no more is said where this is at fault
        for path, spread in reversed(table.spreads):
            if (spread.low, spread.high) != (None, None) and not any(w[: len(path)] == path for w in empty):
                for fault in _cut(spread, path):
                    empty.add(path)
                    yield fault
    for name, driver in scenario.drivers.items():
        if isinstance(driver, Regime):
            for state in _first(driver):
                stay: Key = ("drivers", name, "states", state, "duration")
                if not any(where[: len(stay)] == stay for where in empty):
                    yield from _outlived(name, driver, state)


def _cut(value: Spread, path: Key) -> Iterator[Fault]:
    if _surely_kept(value):
        return
    share = _share(value, lambda law, _: kept(law) < _NOTHING)
    if share > _FEW:
        ends = ("min", value.low), ("max", value.high)
        cut = " and ".join(f"{word} = {shown(x)}" for word, x in ends if x is not None)
        verb = "keep" if " and " in cut else "keeps"
        yield Fault(path, f"{cut} {verb} nothing of it{_where(share)}", "move what cuts it to where its mass is")


def _surely_kept(value: Spread) -> bool:
    """Whether two plain quantiles between the cuts say by themselves that much is kept."""
    plain = [x for x in value.parameters.values() if not isinstance(x, Spread)]
    low, high = (-np.inf if value.low is None else value.low), (np.inf if value.high is None else value.high)
    if value.family != "quantiles" or isinstance(low, Spread) or isinstance(high, Spread):
        return False
    return len(plain) == len(value.parameters) and sum(low <= x <= high for x in plain) > 1


def _first(regime: Regime) -> list[str]:
    odds = regime.initial_odds()
    return [state for state in odds if state in regime.states and extent(odds[state])[1] > 0]


def _outlived(name: str, regime: Regime, state: str) -> Iterator[Fault]:
    duration, elapsed = regime.states[state].duration, regime.elapsed
    if duration is None or elapsed == 0:
        return

    def gone(law: Distribution, drawn: Callable[[Value], Array]) -> npt.NDArray[np.bool_]:
        return (lasting(law, drawn(elapsed)) < _NOTHING) & (drawn(elapsed) > 0)

    share = _share(duration, gone)
    if share > _FEW:
        lasted = f"{elapsed} months" if isinstance(elapsed, Spread) else counted(elapsed, "month")
        message = f"{state} cannot have lasted {lasted}: it lasts {shown(duration)}{_where(share)}"
        rests = (("drivers", name, "states", state, "duration"), ("drivers", name, "initial"))
        yield Fault(("drivers", name, "elapsed"), message, "lengthen the duration, or shorten what has elapsed", rests)


def _where(share: float) -> str:
    return "" if share == 1 else f", in {max(round(100 * share), 1)} of 100 worlds"


def _share(value: Duration, wrong: Callable[[Distribution, Callable[[Value], Array]], npt.NDArray[np.bool_]]) -> float:
    """Share of worlds in which something is wrong with a distribution."""
    places: dict[int, int] = {}

    def drawn(x: Value) -> Array:
        if not isinstance(x, Spread):
            return np.full(_WORLDS, x)
        # multiples of the roots of 2, 3, 5 ... modulo 1 fill the cube of levels evenly, and the same at each check
        root = np.sqrt(_PRIMES[places.setdefault(id(x), len(places)) % len(_PRIMES)])
        levels = (np.arange(_WORLDS) + 0.5) * root % 1.0
        return _above_zero(x, levels) if _is_above_zero(x) else x.distribution(drawn).ppf(levels)

    law = value.distribution(drawn) if isinstance(value, Spread) else Distribution("fixed", {"value": value})
    # what a world without mass makes of a formula is what is looked for
    with np.errstate(all="ignore"):
        return float(np.mean(np.broadcast_to(wrong(law, drawn), _WORLDS)))


def _is_above_zero(x: Spread) -> bool:
    plain = all(isinstance(y, float) for y in x.parameters.values())
    return x.family == "quantiles" and x.bounds == (0.0, np.inf) and plain and x.low is None and x.high is None


def _above_zero(x: Spread, levels: Array) -> Array:
    """Quantiles of a spread as most are written, without SciPy, which takes as long to load as a whole check."""
    normal = NormalDist().inv_cdf
    known = sorted((normal(int(word[1:]) / 100), math.log(y)) for word, y in x.parameters.items())  # type: ignore[arg-type]
    z, y = (np.array(side) for side in zip(*known, strict=True))
    at = np.array([normal(level) for level in levels.tolist()])
    # the outermost segments go on
    segment = np.clip(np.searchsorted(z, at) - 1, 0, len(z) - 2)
    slope = (y[segment + 1] - y[segment]) / (z[segment + 1] - z[segment])
    return np.asarray(np.exp(y[segment] + (at - z[segment]) * slope))


_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
