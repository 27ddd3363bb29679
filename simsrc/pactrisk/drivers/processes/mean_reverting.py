"""Schwartz (1997) one-factor model: a price that is pulled back to a level."""

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
class MeanReverting(Process):
    r"""A price whose logarithm is an Ornstein-Uhlenbeck process about the logarithm of ``level``.

    .. math:: x_{k+1} = \alpha + (x_k - \alpha)\,\phi + \sigma\sqrt{\frac{1-\phi^2}{2\kappa}}\,Z_k + J_k,
              \quad \phi = e^{-\kappa\Delta t},\; \kappa = 12 \ln 2 / \text{half-life}

    Exact on the grid. ``level`` is the long-run median price (:math:`\alpha = \ln \text{level}`), jumps apart.
    """

    positive: ClassVar[bool] = True
    kind: Literal["mean_reverting"]
    initial: Annotated[Value, Num("price at the start", above=0)]
    level: Annotated[Value, Num("price it is pulled to: the long-run median", above=0)]
    half_life: Annotated[Value, Num("time for a gap to the level to halve", "months", above=0)]
    volatility: Annotated[Value, Num("standard deviation of the log return", "per year", least=0, most=10)]
    nested: ClassVar[dict[str, type[Spec]]] = {"jumps": JumpsWhen}
    jumps: Jumps | None = None
    """rare leaps, undone with the half-life"""
    factors: Loadings = {}

    def simulate(self, setting: Setting) -> Path:
        """Exact steps of the Ornstein-Uhlenbeck process."""
        kappa = 12 * np.log(2) / setting.parameter(self, "half_life")
        phi = np.exp(-kappa * setting.grid.years)
        sd = setting.parameter(self, "volatility") * np.sqrt(-np.expm1(-2 * kappa * setting.grid.years) / (2 * kappa))
        target = (1 - phi) * np.log(setting.parameter(self, "level"))
        log = np.empty((setting.grid.points, setting.trials))
        kernels.prices.pulled(
            setting.each(np.log(setting.value(self.initial))),
            setting.rows_of(phi),
            setting.rows_of(target),
            setting.rows_of(sd),
            setting.innovations(self.factors),
            leaps_of(self, setting),
            log,
        )
        return Path.from_log(log, setting.value(self.initial))

    def theory(self, grid: TimeGrid) -> Theory:
        """Log prices: the conditional mean and variance, with the geometric sum of jumps."""
        kappa = 12 * np.log(2) / float(self.half_life)  # type: ignore[arg-type]
        years = grid.months / 12
        alpha = np.log(float(self.level))  # type: ignore[arg-type]
        mean = alpha + (np.log(float(self.initial)) - alpha) * np.exp(-kappa * years)  # type: ignore[arg-type]
        variance = float(self.volatility) ** 2 * -np.expm1(-2 * kappa * years) / (2 * kappa)  # type: ignore[arg-type]
        if self.jumps is not None:
            leap, spread = self.jumps.moments(grid.years)
            phi, k = np.exp(-kappa * grid.years), np.arange(grid.points)
            mean = mean + leap * (1 - phi**k) / (1 - phi)
            variance = variance + spread * (1 - phi ** (2 * k)) / (1 - phi**2)
        return Theory("log", mean, np.sqrt(variance))
