"""Geometric Brownian motion: a price with no pull (Black and Scholes 1973; jumps of Merton 1976)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np

from pactrisk import kernels
from pactrisk.drivers.jumps import Jumps, JumpsWhen, leaps_of
from pactrisk.drivers.paths import Path
from pactrisk.drivers.process import Loadings, Process, Setting, Theory, kind
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Num, Value
from pactrisk.specs import Spec


@kind
class GeometricBrownian(Process):
    r"""A price with constant drift and volatility.

    .. math:: \ln S_{k+1} = \ln S_k + (\mu - \sigma^2/2)\,\Delta t + \sigma \sqrt{\Delta t}\, Z_k + J_k

    Exact on the grid. The drift is that of the expected price without jumps.
    """

    positive: ClassVar[bool] = True
    kind: Literal["geometric_brownian"]
    initial: Annotated[Value, Num("price at the start", above=0)]
    drift: Annotated[Value, Num("growth of the expected price, jumps apart", "per year", least=-5, most=5)] = 0.0
    volatility: Annotated[Value, Num("standard deviation of the log return", "per year", least=0, most=10)]
    nested: ClassVar[dict[str, type[Spec]]] = {"jumps": JumpsWhen}
    jumps: Jumps | None = None
    """rare leaps"""
    factors: Loadings = {}

    def simulate(self, setting: Setting) -> Path:
        """Exact log-normal steps."""
        dt = setting.grid.years
        sigma = setting.parameter(self, "volatility")
        drift = (setting.parameter(self, "drift") - np.square(sigma) / 2) * dt
        log = np.empty((setting.grid.points, setting.trials))
        kernels.prices.pulled(
            setting.each(np.log(setting.value(self.initial))),
            setting.rows_of(1.0),
            setting.rows_of(drift),
            setting.rows_of(sigma * np.sqrt(dt)),
            setting.innovations(self.factors),
            leaps_of(self, setting),
            log,
        )
        return Path.from_log(log, setting.value(self.initial))

    def theory(self, grid: TimeGrid) -> Theory:
        """Log prices are normal up to the jumps: mean and standard deviation at each grid point."""
        years = grid.months / 12
        sigma = float(self.volatility)  # type: ignore[arg-type]
        mean = np.log(float(self.initial)) + (float(self.drift) - sigma**2 / 2) * years  # type: ignore[arg-type]
        variance = sigma**2 * years
        if self.jumps is not None:
            leap, spread = self.jumps.moments(1.0)
            mean, variance = mean + leap * years, variance + spread * years
        return Theory("log", mean, np.sqrt(variance))
