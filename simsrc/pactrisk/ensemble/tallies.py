"""Counting in which place each trial is, and from there the chance to be there or before."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.estimators import Moments

__all__ = ["complement", "up_to"]


def up_to(places: npt.NDArray[Any], size: int, trials_per_world: int) -> Moments:
    """Moments of the events "place at most p" for every p from 0 to ``size - 1``.

    A milestone done at grid point ``places`` gives its chance by each date; ``n - places`` gives the chance
    of at least so many.

    Parameters
    ----------
    places : shape S + (trial,), whole numbers from 0; what lies at ``size`` or beyond never counts.
    size : places looked at.
    trials_per_world : m; trial i belongs to world ``i % worlds``.

    Returns
    -------
    Moments of shape S + (size,).
    """
    trials = places.shape[-1]
    rows = places.reshape(-1, trials)
    # Alone in its world, a trial is its own square: there is nothing to keep apart.
    worlds = trials // trials_per_world if trials_per_world > 1 else 1
    cell = np.arange(len(rows))[:, None] * (size + 1) + np.minimum(rows, size)
    cell = cell * worlds + np.arange(trials) % worlds
    counts = np.bincount(cell.ravel(), minlength=len(rows) * (size + 1) * worlds)
    held = np.cumsum(counts.reshape(*places.shape[:-1], size + 1, worlds)[..., :size, :], axis=-2, dtype=np.int64)
    if trials_per_world > 1:
        return Moments.from_world_sums(held, trials_per_world)
    total = held[..., 0]
    return Moments(total, total, total, trials, 1)


def complement(events: Moments) -> Moments:
    """Moments of the opposite of each event: with s of m trials of a world, m - s."""
    m, worlds = events.trials_per_world, events.worlds
    total = events.trials - events.total
    return Moments(total, worlds * m * m - 2 * m * events.total + events.square, total, worlds, m)
