r"""Merton (1976) jumps: rare leaps in the logarithm of a price.

In each step N ~ Poisson(rate x years) leaps happen, each Normal(mean, sd) in the logarithm; they land on the
grid point that ends the step. Given N their sum is :math:`N\,\text{mean} + \sqrt{N}\,\text{sd}\,Z`: one uniform and
one normal a step and trial, drawn whether needed or not.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import numpy.typing as npt

from pactrisk.distributions import Real
from pactrisk.drivers.process import Documented, Setting
from pactrisk.quantities import Num, Value

__all__ = ["Jumps", "poisson_ppf"]

Array = npt.NDArray[np.float64]


class Jumps(Documented):
    """Rare leaps of a price."""

    rate: Annotated[Value, Num("leaps a year", "per year", least=0, most=120)]
    mean: Annotated[Value, Num("mean of the logarithm of a leap: -0.1 is about 10% down", least=-5, most=5)] = 0.0
    sd: Annotated[Value, Num("standard deviation of the logarithm of a leap", least=0, most=5)] = 0.0

    def draw(self, setting: Setting) -> Array:
        """Sum of the log leaps in each step, shape (step, trial)."""
        u = setting.uniform("jumps/count", setting.grid.steps)
        z = setting.normal("jumps/size")
        count = poisson_ppf(u, np.asarray(setting.value(self.rate)) * setting.grid.years)
        return np.asarray(count * setting.value(self.mean) + np.sqrt(count) * setting.value(self.sd) * z)

    def moments(self, years: float) -> tuple[float, float]:
        """Mean and variance of the summed log leaps over ``years``, when all numbers are plain."""
        rate, mean, sd = float(self.rate), float(self.mean), float(self.sd)  # type: ignore[arg-type]
        return rate * years * mean, rate * years * (mean**2 + sd**2)


def poisson_ppf(u: Array, mean: Real) -> Array:
    """The Poisson quantile at level ``u``, by summing probabilities until all levels are reached."""
    term = np.exp(-np.asarray(mean, dtype=float))
    total = term + np.zeros_like(u)
    count = np.zeros_like(u)
    n = 0
    over = u > total
    while over.any() and n < 1000:
        count += over
        n += 1
        term = term * mean / n
        total = total + term
        over = u > total
    return count
