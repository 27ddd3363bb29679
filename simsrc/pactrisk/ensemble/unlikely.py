"""Sums of tilted trials, with their weights, and the chance of the rare event that is read from them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble.rare import Weighted
from pactrisk.ensemble.reading import Reading
from pactrisk.ensemble.sums import Sums
from pactrisk.estimators import Estimates, proportion
from pactrisk.estimators.weighted import WeightedMoments, rare_chance
from pactrisk.tilting import MOST_WEIGHT

__all__ = [
    "DRAWN", "by_plain_trials", "chance_in", "heaviest_in", "heaviest_share", "is_common", "is_denied",
    "is_heavy", "store_weighted", "tilted_draws", "weighted_in",
]  # fmt: skip

DRAWN = "drawn/"
"""What the sums of each tilted draw, where the event happens, are kept under."""
_HEAVY, _UNLIKE = 0.2, 4.0
_CERTAIN = 0.999
"""Only what is as sure as this is held against the weights: two intervals at 95% part by chance now and then."""
_COMMON = 0.1
_PARTS = ("w", "ww", "wx", "wwx", "wwxx")
_AN_OCTAVE = 8
_OCTAVES = 64


def store_weighted(part: Weighted, statistics: npt.NDArray[Any]) -> Sums:
    """Sums of one block of tilted trials, for statistics of shape (statistic, trial).

    ``tilted`` trials; ``seen`` those in which the event happened, and ``heaviest`` these by weight, in eighths of an
    octave from the largest that there can be; ``whole/...`` and ``given/...`` weighted moments of the statistics, over
    all trials and over those in which it happened.
    """
    sums: Sums = {
        "tilted": np.array(len(part.weights)),
        "seen": np.array(part.happens.sum()),
        "heaviest": _by_weight(part.weights[part.happens]),
    }
    for name, weights in (("whole", part.weights), ("given", part.weights * part.happens)):
        found = WeightedMoments.from_trials(statistics, weights)
        sums |= {f"{name}/{key}": np.asarray(getattr(found, key)) for key in _PARTS}
    return sums


def _by_weight(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    below = np.floor(_AN_OCTAVE * np.log2(MOST_WEIGHT / weights))
    last = _AN_OCTAVE * _OCTAVES - 1
    return np.bincount(np.clip(below, 0, last).astype(np.intp), minlength=last + 1)


def weighted_in(reading: Reading, name: str) -> WeightedMoments:
    """The moments kept under ``whole`` or ``given``."""
    return WeightedMoments(*(np.asarray(reading.sums[f"{reading.name}/{name}/{key}"]) for key in _PARTS))


def heaviest_in(reading: Reading) -> float:
    """The largest weight of a trial in which the event happened, rounded up by less than a tenth; 0 without any."""
    places = np.nonzero(reading.sums[f"{reading.name}/heaviest"])[0]
    return MOST_WEIGHT * 2.0 ** (-int(places[0]) / _AN_OCTAVE) if len(places) else 0.0


def heaviest_share(reading: Reading) -> float:
    """The part of the chance that one trial carries; 0 where the event was never seen."""
    given = weighted_in(reading, "given")
    return min(heaviest_in(reading) / float(given.w), 1.0) if given.w > 0 else 0.0


def tilted_draws(reading: Reading) -> int:
    """How many draws are tilted."""
    return sum(name.startswith(f"{reading.name}/{DRAWN}") for name in reading.sums)


def is_common(chance: Estimates) -> bool:
    """Whether the event is anything but rare: plain trials tell of it as well, and the interval by weights, which is
    that of a rare thing's count, is wider than that of as many plain sightings."""
    return bool(chance.item().low > _COMMON)


def is_heavy(reading: Reading) -> bool:
    """Whether one trial carries so much of the chance that the weights have collapsed; a few that weigh the same have
    not.
    """
    share, seen = heaviest_share(reading), int(reading.sums[f"{reading.name}/seen"])
    return bool(tilted_draws(reading)) and share > _HEAVY and share * seen > _UNLIKE


def is_denied(reading: Reading) -> bool:
    """Whether the plain trials say so surely otherwise that the weights must have collapsed unseen."""
    chance, plain = _weighted_chance(reading, _CERTAIN), proportion(reading.own("plain"), _CERTAIN)
    return bool(tilted_draws(reading)) and bool(plain.low > chance.high or plain.high < chance.low)


def by_plain_trials(reading: Reading) -> bool:
    """Whether the plain trials alone tell the chance: no tilted one saw the event, or the weights have collapsed."""
    unseen = not reading.sums[f"{reading.name}/seen"]
    return bool(tilted_draws(reading)) and (unseen or is_heavy(reading) or is_denied(reading))


def chance_in(reading: Reading) -> Estimates:
    """The chance of the rare event, with its interval."""
    if by_plain_trials(reading):
        return proportion(reading.own("plain"), reading.level)
    return _weighted_chance(reading, reading.level)


def _weighted_chance(reading: Reading, level: float) -> Estimates:
    given, trials = weighted_in(reading, "given"), int(reading.sums[f"{reading.name}/tilted"])
    most = MOST_WEIGHT if tilted_draws(reading) else 1.0
    return rare_chance(float(given.w), float(given.ww), heaviest_in(reading), trials, level, most)
