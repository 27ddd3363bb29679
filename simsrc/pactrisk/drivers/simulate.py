"""All drivers of a block, in the order of who reads whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

import numpy as np
import numpy.typing as npt
from scipy import special

from pactrisk.drivers.paths import DriverPaths, EventPath, Path, StatePath
from pactrisk.drivers.process import Factor, Process, Setting
from pactrisk.drivers.shocks import Shock, shocked
from pactrisk.errors import RunError
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Worlds

__all__ = ["order", "simulate"]

Array = npt.NDArray[np.float64]


def order(drivers: Mapping[str, Process]) -> list[str]:
    """Names of the drivers, each after those that it reads; ties by name.

    Raises
    ------
    ValueError : where drivers read one another in a circle; the message names them.
    """
    known = {name: sorted(d.parents() & drivers.keys()) for name, d in sorted(drivers.items())}
    try:
        return list(TopologicalSorter(known).static_order())
    except CycleError as error:
        raise ValueError(f"drivers read one another in a circle: {' <- '.join(error.args[1])}") from None


def simulate(
    drivers: Mapping[str, Process],
    factors: Mapping[str, Factor],
    shocks: Sequence[Shock],
    worlds: Worlds,
    grid: TimeGrid,
) -> DriverPaths:
    """Every driver's path in one block.

    Raises
    ------
    RunError : where a path is not finite; the message names the driver, the world and the date.
    """
    paths = DriverPaths({})
    drawn = {name: _factor(name, factor, worlds, grid) for name, factor in sorted(factors.items())}
    for name in order(drivers):
        driver = drivers[name]
        own = [shock for shock in shocks if shock.driver == name]
        forced = sorted((grid.month_of(shock.date), shock.state) for shock in own if shock.state is not None)
        setting = Setting(name, grid, worlds, paths, drawn, forced)
        with np.errstate(over="ignore", invalid="ignore"):
            path = driver.simulate(setting)
        path = shocked(path, [s for s in own if s.size is not None], driver.positive, worlds, grid)
        _finite(name, path, worlds, grid)
        paths.paths[name] = path
    return paths


def _factor(name: str, factor: Factor, worlds: Worlds, grid: TimeGrid) -> Array:
    """Innovations of a common cause with mean 0 and variance 1, shape (step, trial)."""
    z = worlds.streams.normal(f"factor/{name}", grid.steps, worlds.streams.size)
    if factor.tails is None:
        return z
    df = np.asarray(worlds.value(factor.tails))
    # through the nearer tail, where the distribution function keeps its digits
    low = special.stdtrit(df, special.ndtr(-np.abs(z)))
    return np.asarray(np.sign(z) * -low * np.sqrt((df - 2) / df))


def _finite(name: str, path: Path | StatePath | EventPath, worlds: Worlds, grid: TimeGrid) -> None:
    if isinstance(path, StatePath) or bool(np.isfinite(path.values).all()):
        return
    k, i = (int(x[0]) for x in np.nonzero(~np.isfinite(path.values)))
    raise RunError(
        f"drivers.{name} is not a finite number on {grid.dates[k]} "
        f"(world {i % worlds.count} of block {worlds.streams.block}); its numbers are too large"
    )
