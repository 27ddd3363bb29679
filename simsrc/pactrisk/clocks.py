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
Indices = npt.NDArray[np.intp]


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
        # row by row: numpy's own cumulative sum walks down the columns, ten times slower
        for k in range(len(pace)):
            np.add(tau[k], pace[k], out=tau[k + 1])
        if step != 1:
            tau *= step
        return cls(tau, float(step))

    def at(self, months: Array, trial: Indices | None = None) -> Array:
        """``tau`` at any time within the grid, one a trial; beyond the grid its last value.

        ``trial`` says of which trials, where not of all of them.
        """
        last, trials = len(self.tau) - 1, self.tau.shape[1]
        k = np.clip(months / self.step, 0.0, last)
        low = np.minimum(k.astype(np.intp), last - 1)
        cell = low * trials + (np.arange(trials) if trial is None else trial)
        flat = self.tau.ravel()
        before = flat.take(cell)
        return np.asarray(before + (flat.take(cell + trials) - before) * (k - low))

    def first(self, target: Array, trial: Indices | None = None) -> Array:
        """The first time at which ``tau`` reaches ``target``, one a trial; infinite if it never does.

        ``trial`` says of which trials, where not of all of them.
        """
        steps, trials = len(self.tau) - 1, self.tau.shape[1]
        flat = self.tau.ravel()
        column = np.arange(trials) if trial is None else trial
        # halving for all trials at once: every row before that of ``cell`` is below the target
        cell, length = column, steps
        while length > 1:
            half = length >> 1
            cell = cell + (flat.take(cell + (half - 1) * trials) < target) * (half * trials)
            length -= half
        cell = cell + (flat.take(cell) < target) * trials
        after = flat.take(cell)
        before = flat.take(np.maximum(cell - trials, column))
        with np.errstate(divide="ignore", invalid="ignore"):
            part = (target - before) / (after - before)
        # fmin and fmax pass over what 0 / 0 is; at the first point it is reached already, whatever the part
        part = np.fmax(np.fmin(part, 1.0), 0.0)
        time = np.maximum(((cell - column) // trials - 1 + part) * self.step, 0.0)
        return np.where(after >= target, time, np.inf)
