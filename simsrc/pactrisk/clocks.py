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

from pactrisk import kernels

__all__ = ["Clock"]

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Clock:
    """``by_trial`` is tau at the grid points, shape (trial, time); ``step`` is the months between points."""

    by_trial: Array
    step: float

    @classmethod
    def from_pace(cls, pace: Array, step: float) -> Clock:
        """The clock of a pace held constant on each step; ``pace`` has shape (step, trial)."""
        tau = np.empty((pace.shape[1], len(pace) + 1))
        kernels.clocks.tau_of(np.ascontiguousarray(pace), float(step), tau)
        return cls(tau, float(step))

    @property
    def tau(self) -> Array:
        """The same by time, shape (time, trial)."""
        return self.by_trial.T

    def at(self, months: Array, trial: Indices | None = None) -> Array:
        """``tau`` at any time within the grid, one a trial; beyond the grid its last value.

        ``trial`` says of which trials, where not of all of them.
        """
        out = np.empty(months.shape)
        kernels.clocks.value_at(self.by_trial, self.step, months, self._of(trial), out)
        return out

    def first(self, target: Array, trial: Indices | None = None) -> Array:
        """The first time at which ``tau`` reaches ``target``, one a trial; infinite if it never does.

        ``trial`` says of which trials, where not of all of them.
        """
        out = np.empty(target.shape)
        kernels.clocks.first(self.by_trial, self.step, target, self._of(trial), out)
        return out

    def finish(
        self, start: Array, takes: Array, never: npt.NDArray[np.bool_], ended: Array, earliest: float = 0.0
    ) -> Array:
        """When work begun at ``start`` that takes ``takes`` undisturbed months is done, one a trial.

        Infinite where it is ``never`` done, does not begin, or would be done after ``ended`` or beyond the grid; not
        before ``earliest``.
        """
        out = np.empty(start.shape)
        kernels.clocks.finish(self.by_trial, self.step, start, takes, never, ended, earliest, out)
        return out

    def if_pursued(self, start: Array, takes: Array, known: Array, earliest: float = 0.0) -> Array:
        """As :meth:`finish` where all is pursued and nothing ends; ``known`` is when it is done, where finite."""
        out = np.empty(start.shape)
        kernels.clocks.if_pursued(self.by_trial, self.step, start, takes, known, earliest, out)
        return out

    def _of(self, trial: Indices | None) -> Indices:
        return np.arange(len(self.by_trial)) if trial is None else trial
