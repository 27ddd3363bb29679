"""Kinds of worlds, by which of the agreements that may not exist are there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pactrisk.ensemble.block import Block
from pactrisk.ensemble.reading import Reading
from pactrisk.ensemble.sums import Sums
from pactrisk.estimators import Moments, world_sums

__all__ = ["kinds_in", "observe_kinds"]

_WORDS = ("total", "square", "trial_square")


def observe_kinds(block: Block) -> Sums:
    """Sums over the worlds of each kind at the headline; nothing where every agreement is sure to exist.

    ``kinds/worlds`` (kind,), how many there are, by how many of the agreements that may not exist are there;
    ``kinds/number/total`` and so on (kind,), of how many are in substantive cooperation; ``kinds/some/total`` and so
    on, of there being any; ``kinds/present`` (agreement,), worlds in which each agreement is there.
    """
    ids, maybe = block.plan.scenario.ids, block.plan.scenario.uncertain_presence()
    if not maybe:
        return {}
    m = block.trials_per_world
    there = np.array([block.base.progress[id_].present[: block.worlds] for id_ in ids])
    kind = there[np.isin(ids, maybe)].sum(axis=0)
    number = block.numbers["substantive cooperation"][block.plan.headline].astype(np.int64)
    sums: Sums = {
        "kinds/worlds": np.bincount(kind, minlength=len(maybe) + 1),
        "kinds/present": there.sum(axis=1, dtype=np.int64),
    }
    for name, values in (("number", number), ("some", (number > 0).astype(np.int64))):
        each = world_sums(values, m)
        for word, summed in zip(_WORDS, (each, each * each, world_sums(values * values, m)), strict=True):
            by_kind = [summed[kind == one].sum() for one in range(len(maybe) + 1)]
            sums[f"kinds/{name}/{word}"] = np.array(by_kind, dtype=np.int64)
    return sums


def kinds_in(reading: Reading, key: str) -> list[list[Moments]]:
    """Moments over the worlds of each kind, for the ``number``, for there being ``some``, or for ``each`` agreement in
    turn; empty lists where worlds are of one kind."""
    whole, m = reading.by_world(key), reading.plan.trials_per_world
    if "kinds/worlds" not in reading.sums:
        return [[] for _ in range(whole.total.size)]
    if key != "each":
        total, square, trial_square = (reading.sums[f"kinds/{key}/{word}"] for word in _WORDS)
        counts = enumerate(reading.sums["kinds/worlds"])
        return [[Moments(total[i], square[i], trial_square[i], int(worlds), m) for i, worlds in counts]]
    nothing = np.zeros((), dtype=np.int64)
    return [
        [replace(whole[i], worlds=int(there)), Moments(nothing, nothing, nothing, whole.worlds - int(there), m)]
        for i, there in enumerate(reading.sums["kinds/present"])
    ]
