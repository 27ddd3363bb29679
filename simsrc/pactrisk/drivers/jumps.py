r"""Merton (1976) jumps: rare leaps in the logarithm of a price.

In each step N ~ Poisson(rate x years) leaps happen, each Normal(mean, sd) in the logarithm; they land on the
grid point that ends the step. Given N their sum is :math:`N\,\text{mean} + \sqrt{N}\,\text{sd}\,Z`: one uniform and
one normal a step and trial, each with its own place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.distributions import Real
from pactrisk.drivers.process import Process, Setting, When
from pactrisk.quantities import Num, Value
from pactrisk.specs import Documented, Spec
from pactrisk.streams import normal_quantile

__all__ = ["Jumps", "JumpsWhen", "leaps_of", "poisson_ppf"]

Array = npt.NDArray[np.float64]


class Jumps(Documented):
    """Rare leaps of a price."""

    rate: Annotated[Value, Num("how often it leaps", "per year", least=0, most=120)]
    mean: Annotated[Value, Num("mean of the logarithm of a leap: -0.1 is about 10% down", least=-5, most=5)] = 0.0
    sd: Annotated[Value, Num("standard deviation of the logarithm of a leap", least=0, most=5)] = 0.0

    def draw(self, setting: Setting, when: Sequence[When] = ()) -> Array:
        """Sum of the log leaps in each step, shape (step, trial); ``when`` are those of the price."""
        entries = [(entry, inner) for entry in when if (inner := getattr(entry, "jumps", None)) is not None]
        rate, mean, sd = (
            setting.rows_of(setting.in_state(getattr(self, name), [(e, getattr(j, name)) for e, j in entries]))
            for name in ("rate", "mean", "sd")
        )
        rate = rate * setting.grid.years
        if kernels.compilation.compiling():
            out = np.empty((setting.grid.steps, setting.trials))
            counts, sizes = (setting.rows(f"jumps/{word}").words for word in ("count", "size"))
            kernels.prices.leap(counts, sizes, np.exp(-rate), rate, mean, sd, out)
            return out
        u = setting.uniform("jumps/count", setting.grid.steps)
        count = poisson_ppf(u, rate)
        leaps = np.zeros_like(u)
        # most steps have none; the size of a leap is had by its place, whoever else leaps
        step, trial = np.nonzero(count)
        z = normal_quantile(setting.rows("jumps/size").pick(step, trial))
        many = count[step, trial]
        each, spread = (x[np.minimum(step, len(x) - 1), trial] for x in (mean, sd))
        leaps[step, trial] = many * each + np.sqrt(many) * spread * z
        return leaps

    def moments(self, years: float) -> tuple[float, float]:
        """Mean and variance of the summed log leaps over ``years``, when all numbers are plain."""
        rate, mean, sd = float(self.rate), float(self.mean), float(self.sd)  # type: ignore[arg-type]
        return rate * years * mean, rate * years * (mean**2 + sd**2)


class JumpsWhen(Spec):
    """Other leaps while a regime is in a state."""

    rate: Annotated[Value, Num("how often it leaps", "per year", least=0, most=120)] | None = None
    mean: Annotated[Value, Num("mean of the logarithm of a leap", least=-5, most=5)] | None = None
    sd: Annotated[Value, Num("standard deviation of the logarithm of a leap", least=0, most=5)] | None = None


def leaps_of(process: Process, setting: Setting) -> Array:
    """Sum of a price's log leaps in each step, shape (step, trial); empty where it has none."""
    jumps: Jumps | None = getattr(process, "jumps", None)
    return np.empty((0, setting.trials)) if jumps is None else jumps.draw(setting, process.when)


def poisson_ppf(u: Array, mean: Real) -> Array:
    """The Poisson quantile at level ``u``, by summing probabilities until all levels are reached."""
    n, least = 0, np.exp(-np.asarray(mean, dtype=float))
    count = np.zeros_like(u)
    flat, level = count.reshape(-1), u.reshape(-1)
    over = np.nonzero((u > least).reshape(-1))[0]
    # only the few that are not reached yet are looked at again
    total = np.broadcast_to(least, u.shape).reshape(-1)[over]
    rate = np.broadcast_to(np.asarray(mean, dtype=float), u.shape).reshape(-1)[over]
    term = total
    while over.size and n < 1000:
        flat[over] += 1
        n += 1
        term = term * rate / n
        total = total + term
        still = level[over] > total
        over, term, rate, total = over[still], term[still], rate[still], total[still]
    return count
