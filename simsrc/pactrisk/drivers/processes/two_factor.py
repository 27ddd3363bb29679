"""Schwartz and Smith (2000): deviations that pass and deviations that last."""

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
class TwoFactor(Process):
    r"""Short-term variation and long-term dynamics of a price.

    .. math:: \ln S = \chi + \xi,\quad d\chi = -\kappa\chi\,dt + \sigma_\chi\,dW_\chi,\quad
              d\xi = \mu\,dt + \sigma_\xi\,dW_\xi,\quad dW_\chi dW_\xi = \rho\,dt

    Exact on the grid. Loadings are those of the whole shock to the log price in a step, so two drivers'
    loadings multiply to the correlation of their shocks, as for every other kind.
    """

    positive: ClassVar[bool] = True
    kind: Literal["two_factor"]
    initial: Annotated[Value, Num("price at the start", above=0)]
    deviation: Annotated[Value, Num("part of the log price at the start that will pass", least=-5, most=5)] = 0.0
    half_life: Annotated[Value, Num("time for a passing deviation to halve", "months", above=0)]
    passing_volatility: Annotated[Value, Num("volatility of passing deviations", "per year", least=0, most=10)]
    lasting_volatility: Annotated[Value, Num("volatility of lasting changes", "per year", least=0, most=10)]
    drift: Annotated[Value, Num("drift of the lasting part of the log price", "per year", least=-5, most=5)] = 0.0
    correlation: Annotated[Value, Num("between passing and lasting shocks", above=-1, below=1)] = 0.0
    nested: ClassVar[dict[str, type[Spec]]] = {"jumps": JumpsWhen}
    jumps: Jumps | None = None
    """rare leaps of the lasting part"""
    factors: Loadings = {}

    def simulate(self, setting: Setting) -> Path:
        """Exact joint normal steps of both parts."""
        dt = setting.grid.years
        kappa = 12 * np.log(2) / setting.parameter(self, "half_life")
        phi = np.exp(-kappa * dt)
        rho = setting.parameter(self, "correlation")
        passing, lasting = (setting.parameter(self, f"{part}_volatility") for part in ("passing", "lasting"))
        grown = np.sqrt(-np.expm1(-2 * kappa * dt) / (2 * kappa))
        # correlation of the two integrals over a step, not of the instantaneous shocks: the volatilities cancel
        r = rho * -np.expm1(-kappa * dt) / kappa / (grown * np.sqrt(dt))
        a, b = passing * grown, lasting * np.sqrt(dt)
        deviation = setting.each(setting.value(self.deviation))
        log = np.empty((setting.grid.points, setting.trials))
        kernels.prices.two_parts(
            deviation,
            np.log(setting.value(self.initial)) - deviation,
            setting.rows_of(phi),
            setting.rows_of(a),
            setting.rows_of(b),
            setting.rows_of(r),
            setting.rows_of(setting.parameter(self, "drift") * dt),
            setting.innovations(self.factors),
            setting.normal("across"),
            leaps_of(self, setting),
            log,
        )
        return Path.from_log(log, setting.value(self.initial))

    def theory(self, grid: TimeGrid) -> Theory:
        """Equations 6a-6d of the paper: mean and variance of the log price."""
        t = grid.months / 12
        kappa = 12 * np.log(2) / float(self.half_life)  # type: ignore[arg-type]
        chi = float(self.deviation)  # type: ignore[arg-type]
        s, x = float(self.passing_volatility), float(self.lasting_volatility)  # type: ignore[arg-type]
        rho, drift = float(self.correlation), float(self.drift)  # type: ignore[arg-type]
        mean = np.log(float(self.initial)) - chi + drift * t + chi * np.exp(-kappa * t)  # type: ignore[arg-type]
        variance = s**2 * -np.expm1(-2 * kappa * t) / (2 * kappa) + x**2 * t
        variance = variance + 2 * rho * s * x * -np.expm1(-kappa * t) / kappa
        if self.jumps is not None:
            leap, spread = self.jumps.moments(1.0)
            mean, variance = mean + leap * t, variance + spread * t
        return Theory("log", mean, np.sqrt(np.maximum(variance, 0)))
