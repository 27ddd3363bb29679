"""Counting in which place each trial is, and from there the chance to be there or before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.estimators import Moments

__all__ = ["complement", "each", "up_to"]


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
    rows = np.ascontiguousarray(places.reshape(-1, trials), dtype=np.int16)
    worlds = trials // trials_per_world
    total, square = (np.empty((len(rows), size), dtype=np.int64) for _ in range(2))
    kernels.tallies.up_to(rows, worlds, total, square)
    shape = (*places.shape[:-1], size)
    held = total.reshape(shape)
    return Moments(held, square.reshape(shape), held, worlds, trials_per_world)


def each(
    values: npt.NDArray[Any], kinds: int, trials_per_world: int, unions: Sequence[Sequence[int]] = ()
) -> tuple[Moments, Moments]:
    """Moments of the events "the value is this kind", shape S + (kind,), and of unions of kinds, S + (union,).

    Parameters
    ----------
    values : shape S + (trial,), whole numbers from 0 below ``kinds``.
    kinds : how many there are.
    trials_per_world : m; trial i belongs to world ``i % worlds``.
    unions : of each, the kinds in it, which no two of them share.
    """
    trials = values.shape[-1]
    worlds = trials // trials_per_world
    inside = np.array([[kind in union for kind in range(kinds)] for union in unions], dtype=np.bool_)
    inside = inside.reshape(len(unions), kinds)
    rows = np.ascontiguousarray(values.reshape(-1, trials))
    sums = [np.empty((len(rows), n), dtype=np.int64) for n in (kinds, kinds, len(unions), len(unions))]
    kernels.tallies.equal(rows, worlds, inside, *sums)
    total, square, whole, squares = (x.reshape(*values.shape[:-1], -1) for x in sums)
    return (
        Moments(total, square, total, worlds, trials_per_world),
        Moments(whole, squares, whole, worlds, trials_per_world),
    )


def complement(events: Moments) -> Moments:
    """Moments of the opposite of each event: with s of m trials of a world, m - s."""
    m, worlds = events.trials_per_world, events.worlds
    total = events.trials - events.total
    return Moments(total, worlds * m * m - 2 * m * events.total + events.square, total, worlds, m, events.worlds_each)
