r"""Clocks: how much undisturbed time has passed, and when enough of it has.

A clock is a non-decreasing piecewise-linear function of calendar time,

.. math:: \tau(t) = \int_0^t \text{pace}(s)\,ds,

held at the grid points. Work that takes D undisturbed months from ``start`` is done at the first t with
:math:`\tau(t) - \tau(\text{start}) \ge D`: the accelerated-failure-time model. The inversion is exact within a step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Clock"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Clock:
    """``tau`` at the grid points, shape (time, trial); ``step`` is the months between points."""

    tau: Array
    step: float

    @classmethod
    def from_pace(cls, pace: Array, step: float) -> Clock:
        """The clock of a pace held constant on each step; ``pace`` has shape (step, trial)."""
        tau = np.empty((len(pace) + 1, pace.shape[1]))
        tau[0] = 0.0
        np.cumsum(pace, axis=0, out=tau[1:])
        if step != 1:
            tau *= step
        return cls(tau, float(step))

    def at(self, months: Array) -> Array:
        """``tau`` at any time within the grid, one a trial; beyond the grid its last value."""
        last = len(self.tau) - 1
        k = np.clip(months / self.step, 0.0, last)
        low = np.minimum(k.astype(np.intp), last - 1)
        cell = low * self.tau.shape[1] + np.arange(self.tau.shape[1])
        flat = self.tau.ravel()
        before = flat[cell]
        return np.asarray(before + (flat[cell + self.tau.shape[1]] - before) * (k - low))

    def first(self, target: Array) -> Array:
        """The first time at which ``tau`` reaches ``target``, one a trial; infinite if it never does."""
        steps, trials = len(self.tau) - 1, self.tau.shape[1]
        flat = self.tau.ravel()
        column = np.arange(trials)
        low = np.zeros(trials, dtype=np.intp)
        high = np.full(trials, steps, dtype=np.intp)
        # invariant: tau[low] < target <= tau[high], with low = -1 read as minus infinity
        low -= 1
        for _ in range(int(steps + 1).bit_length()):
            middle = (low + high) >> 1
            reached = flat[np.maximum(middle, 0) * trials + column] >= target
            reached &= middle >= 0
            open_ = high - low > 1
            high = np.where(reached & open_, middle, high)
            low = np.where(~reached & open_, middle, low)
        after = flat[high * trials + column]
        before = flat[np.maximum(high - 1, 0) * trials + column]
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(after > before, (target - before) / (after - before), 1.0)
        time = (high - 1 + np.clip(part, 0.0, 1.0)) * self.step
        time = np.where(high == 0, 0.0, time)
        return np.where(after >= target, time, np.inf)
