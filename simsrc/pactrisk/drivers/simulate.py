"""All drivers of a block, in the order of who reads whom."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.drivers.paths import DriverPaths, EventPath, Path, StatePath
from pactrisk.drivers.process import Factor, Process, Setting
from pactrisk.drivers.shocks import Shock, shocked
from pactrisk.errors import RunError
from pactrisk.grid import TimeGrid
from pactrisk.magnitude import sound, unsound
from pactrisk.plugged import blamed, given_not
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
    known: Mapping[str, Path | StatePath] | None = None,
    in_order: Sequence[str] | None = None,
) -> DriverPaths:
    """Every driver's path in one block; those that are ``known`` already are taken as they are.

    ``in_order`` are the names as :func:`order` puts them, where that is known already.

    Raises
    ------
    RunError : where a path is not finite; the message names the driver, the world and the date.
    """
    paths = DriverPaths(dict(known or {}))
    names = [name for name in in_order or order(drivers) if name not in paths.paths]
    loaded = {word for name in names for word in getattr(drivers[name], "factors", {})}
    drawn = {word: _factor(word, factors[word], worlds, grid) for word in sorted(loaded & factors.keys())}
    for name in names:
        driver = drivers[name]
        own = [shock for shock in shocks if shock.driver == name]
        forced = sorted((grid.month_of(shock.date), shock.state) for shock in own if shock.state is not None)
        setting = Setting(name, grid, worlds, paths, drawn, forced)
        path = _simulated(driver, setting)
        path = shocked(path, [s for s in own if s.size is not None], driver, worlds, grid)
        _check(name, path, driver.positive, worlds, grid)
        paths.paths[name] = path
    return paths


def _simulated(driver: Process, setting: Setting) -> Path | StatePath:
    """What the kind makes of the driver; that it is a path, and of the right shape, is seen to here."""
    file = str(sys.modules[type(driver).__module__].__file__)
    what, wanted = f"simulate of the kind {driver.kind}", (setting.grid.points, setting.trials)
    with blamed(what, file), np.errstate(all="ignore"):
        path = driver.simulate(setting)
    if not isinstance(path, Path | StatePath):
        raise given_not(what, file, path, "a path")
    found = path.values if isinstance(path, Path) else path.states
    if not isinstance(found, np.ndarray) or found.dtype.kind not in "biuf":
        raise given_not(f"{what}, in its path,", file, found, "an array of numbers")
    if found.shape != wanted:
        raise RunError(f"{file}: {what} gives a path of shape {found.shape}, where {wanted} is wanted: (time, trial)")
    return path


def _factor(name: str, factor: Factor, worlds: Worlds, grid: TimeGrid) -> Array:
    r"""Innovations of a common cause with mean 0 and variance 1, shape (step, trial).

    With heavy tails, Bailey's polar transform of two normals (Mathematics of Computation 62, 1994),

    .. math:: T = z \sqrt{\frac{e^r - 1}{r}}, \quad r = \frac{z^2 + w^2}{\nu}

    exactly Student t, rising in z, and z itself as :math:`\nu` grows.
    """

    def made() -> Array:
        z = worlds.streams.normal(f"factor/{name}", grid.steps, worlds.streams.size)
        if factor.tails is not None:
            df = np.asarray(worlds.value(factor.tails))
            w = worlds.streams.normal(f"factor/{name}/tails", grid.steps, worlds.streams.size)
            each = worlds.each(df)
            kernels.prices.radius(z, w, each, w)
            kernels.prices.heavier(z, np.expm1(w), w, each, z)
        # it is every driver's that loads on it, and every variant's
        z.flags.writeable = False
        return z

    # a variant may go less far than the scenario
    return worlds.reuse.of(("cause", name), (factor,), made)[: grid.steps]


def _check(name: str, path: Path | StatePath | EventPath, positive: bool, worlds: Worlds, grid: TimeGrid) -> None:
    if isinstance(path, StatePath):
        return
    wrong = None if sound(path.values) else (" is", path.values)
    # a price that is nothing has a logarithm that is none, also where its kind made it from one that is a number
    if wrong is None and positive and not path.values.min() > 0:
        wrong = (": its logarithm is", Path(path.values).log)
    if wrong is not None:
        said, values = wrong
        why = "; its numbers are too far out"
        raise unsound(f"drivers.{name}{said}", values, grid.dates, worlds.count, worlds.streams.block, why)
