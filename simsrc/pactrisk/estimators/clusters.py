"""What a nested sample leaves behind: sums over worlds that add up over blocks of trials.

A sample holds W worlds of m trials each. Worlds are independent; the trials of a world share its
assumptions and are exchangeable. In a block of N = m W trials, trial i belongs to world i mod W.

When no assumption has a spread, trials are independent of each other: treat each as a world of its own
(m = 1), and every interval is as narrow as it may honestly be.

Where a sampler spreads the numbers of several worlds together, these are not independent: replicates are, each of
``worlds_each`` worlds. A replicate then stands wherever a world is said to, W and m are those of replicates, and only
the bounds on what was never seen still count the worlds within (pairs of them, where two mirror each other).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk import kernels

__all__ = ["Moments", "world_sums"]

_FEW, _SIDE_BY_SIDE = 64, 256
Numbers = npt.NDArray[np.int64] | npt.NDArray[np.float64]


def world_sums(x: npt.NDArray[Any], trials_per_world: int) -> Numbers:
    """Sum over the trials of each world.

    Parameters
    ----------
    x : shape S + (N,), a number or a yes-or-no for every trial of a block.
    trials_per_world : m; N must be a multiple of it.

    Returns
    -------
    Shape S + (N / m,), whole numbers (int64) from whole numbers or booleans, else float64.

    Raises
    ------
    ValueError : N is not a multiple of m, or m is below 1.
    """
    worlds = _worlds_in(x, trials_per_world)
    folds = _folds(trials_per_world, worlds)
    if folds > 1:
        # a few long sums are slow side by side: first as if there were more of them, and then those together
        return world_sums(world_sums(x, trials_per_world // folds), folds)
    grouped = x.reshape(*x.shape[:-1], trials_per_world, worlds)
    if x.dtype.kind == "f":
        return np.asarray(grouped.sum(axis=-2, dtype=np.float64))
    if x.dtype.kind == "b":
        # Bytes add many to a machine word; a world of more trials than a byte counts needs wider ones.
        small: npt.DTypeLike = np.uint8 if trials_per_world <= 255 else np.uint32
        sums = np.asarray(grouped[..., 0, :], dtype=small)
        for trial in range(1, trials_per_world):
            sums = np.add(sums, grouped[..., trial, :], out=sums)
        return sums.astype(np.int64)
    return np.asarray(grouped.sum(axis=-2, dtype=np.int64))


def _worlds_in(x: npt.NDArray[Any], trials_per_world: int) -> int:
    size: int = x.shape[-1]
    if trials_per_world < 1 or size % trials_per_world:
        raise ValueError(f"{size} trials do not fill worlds of {trials_per_world} trials")
    return size // trials_per_world


@cache
def _folds(trials_per_world: int, worlds: int) -> int:
    """Parts in which the trials of few worlds are best summed; 1 where they are summed at once."""
    if worlds >= _FEW:
        return 1
    fit = (f for f in range(1, trials_per_world) if trials_per_world % f == 0 and f * worlds <= _SIDE_BY_SIDE)
    return max(fit, default=1)


@dataclass(frozen=True, eq=False)
class Moments:
    """First and second moments of a nested sample, for any shape S of statistics at once.

    With s the sum of x over the trials of a world:

    Parameters
    ----------
    total : sum of s over worlds, shape S.
    square : sum of s**2 over worlds, shape S.
    trial_square : sum of x**2 over trials, shape S; equal to ``total`` for events (x is 0 or 1).
    worlds : W, of what is independent: worlds, or replicates.
    trials_per_world : m, trials in each of these.
    worlds_each : worlds (or mirrored pairs) in each; 1 unless they are replicates.

    Moments of two parts of a sample add. Events are summed in whole numbers, so that no order of
    adding can move a bit; other sums are the same to the bit when blocks are added in the same order.
    """

    total: Numbers
    square: Numbers
    trial_square: Numbers
    worlds: int
    trials_per_world: int
    worlds_each: int = 1

    @classmethod
    def from_world_sums(cls, sums: Numbers, trials_per_world: int, trial_square: Numbers | None = None) -> Moments:
        """Moments from world sums of shape S + (W,); without ``trial_square``, x is an event."""
        total = sums.sum(axis=-1)
        square = (sums * sums).sum(axis=-1)
        return cls(
            total=total,
            square=square,
            trial_square=total if trial_square is None else trial_square,
            worlds=sums.shape[-1],
            trials_per_world=trials_per_world,
        )

    @classmethod
    def from_trials(cls, x: npt.NDArray[Any], trials_per_world: int) -> Moments:
        """Moments from a block, shape S + (N,); booleans are events, other types are numbers."""
        if x.dtype.kind == "f":
            wide = x.astype(np.float64, copy=False)
            return cls.from_world_sums(world_sums(x, trials_per_world), trials_per_world, (wide * wide).sum(axis=-1))
        worlds = _worlds_in(x, trials_per_world)
        rows = np.ascontiguousarray(x).reshape(-1, x.shape[-1])
        if x.dtype.kind == "b":
            rows = rows.view(np.int8)
        elif x.dtype not in (np.int8, np.int16):
            rows = rows.astype(np.int64, copy=False)
        made = [np.empty(len(rows), dtype=np.int64) for _ in range(3)]
        kernels.tallies.whole(rows, worlds, *made)
        total, square, trial_square = (one.reshape(x.shape[:-1]) for one in made)
        return cls(total, square, trial_square, worlds, trials_per_world)

    @property
    def trials(self) -> int:
        """Trials in all, N = m W."""
        return self.worlds * self.trials_per_world

    @property
    def worlds_in_all(self) -> int:
        """Worlds in all, whether or not they were drawn apart."""
        return self.worlds * self.worlds_each

    def __add__(self, other: Moments) -> Moments:
        """Moments of both parts together. Raises ValueError if their worlds differ in size."""
        if self.trials_per_world != other.trials_per_world:
            raise ValueError(f"worlds of {self.trials_per_world} and of {other.trials_per_world} trials do not add")
        return Moments(
            self.total + other.total,
            self.square + other.square,
            self.trial_square + other.trial_square,
            self.worlds + other.worlds,
            self.trials_per_world,
            self.worlds_each,
        )

    def __getitem__(self, index: Any) -> Moments:
        """A part of the statistics, chosen as numpy chooses."""
        return Moments(
            np.asarray(self.total[index]),
            np.asarray(self.square[index]),
            np.asarray(self.trial_square[index]),
            self.worlds,
            self.trials_per_world,
            self.worlds_each,
        )
