"""Quantiles over trials by date, without keeping a trial.

How many trials are at each whole number adds up over blocks, and gives the quantile of all trials itself. Of what
is measured rather than counted a quantile does not add up, but a mean of quantiles does. The replicates of each of the
first blocks are dealt into a few parts; each part gives its quantiles, and what is kept is their weighted sum and sum
of squares. Parts are drawn apart, so their scatter is an honest standard error. The quantiles of a part of few worlds
lean to the middle, since it lacks what lies between worlds: by about as many times more than those of the whole block
as there are parts in it, so the two tell what to add (Richardson).

Where many trials are at the least or the greatest value that there can be (nothing delivered), a quantile is that value
or it is not, and a mean over parts would lie between: how many are there is counted in all trials. Of other lumps (one
milestone of two is worth 0.4, both 0.8) it may lie between as well. So the quantiles of each of these blocks are kept
besides, which lie as often below the truth as above it whatever the law: no interval leaves out the middle one of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble.block import Block
from pactrisk.ensemble.reading import Reading
from pactrisk.ensemble.sums import Sums, moments, store
from pactrisk.ensemble.tallies import up_to
from pactrisk.estimators import Estimates, Moments, proportion
from pactrisk.later import special
from pactrisk.ranges import Range

__all__ = ["FAN", "FAN_BLOCKS", "at_end", "fan", "fan_note", "observe_fan"]

FAN = (0.05, 0.25, 0.50, 0.75, 0.95)
"""Probabilities of the quantiles."""
FAN_BLOCKS = 10
"""Blocks that are looked at: enough for a picture, and no more work than that however long the run."""
_PARTS = 4
_MANY = 50
"""Worlds in a part of which quantiles lean too little to be told from noise."""
_MOST_COUNTED = 200
_ENOUGH = 9
"""Blocks of which all but the outermost two hold a median in 96 of 100 samples."""
_LEAST, _GREATEST = "least", "greatest"
_ANYTHING = Range()


def _counted(within: Range) -> bool:
    return within.whole and within.high - within.low <= _MOST_COUNTED


def observe_fan(
    name: str, values: npt.NDArray[Any], block: Block, within: Range = _ANYTHING, lumps: bool = False
) -> Sums:
    """Sums of the quantiles of ``values`` over trials, kept under ``name``.

    Parameters
    ----------
    name : what the sums are kept under.
    values : shape S + (trial,).
    block : the block that they are of.
    within : what the values can be.
    lumps : whether many trials may be at one value within, as what agreements deliver is.

    Returns
    -------
    Of whole numbers that have few values, ``upto``: trials at each of them or below. Of others ``least`` and
    ``greatest``: trials at the ends of ``within``, if there are any; and of the first ``FAN_BLOCKS``, with w the trials
    of a part and q its quantiles, shape (probability,) + S: ``wq`` sum of w q, ``wwq`` of w**2 q, ``wwqq`` of
    w**2 q**2; ``w``, ``ww`` and ``parts`` the sums of w, of w**2 and of 1; ``bend``, where parts have few worlds, the
    sum over blocks of w times what is to be added to the mean of q. Where there may be ``lumps``, ``blocks``: the
    quantiles of the whole block at its place among the first, shape (block, probability) + S, and 0 elsewhere.
    """
    if _counted(within):
        places = np.rint(values - within.low).astype(np.int16)
        size = int(within.high - within.low) + 1
        return store(f"{name}/upto", up_to(places, size, block.trials_per_replicate))
    sums: Sums = {}
    ends = (_LEAST, within.low, np.less_equal), (_GREATEST, within.high, np.greater_equal)
    for end, bound, reaches in ends:
        if np.isfinite(bound) and (at := reaches(values, bound)).any():
            sums |= store(f"{name}/{end}", Moments.from_trials(at, block.trials_per_replicate))
    if block.index >= FAN_BLOCKS:
        return sums
    parts = min(_PARTS, block.replicates)
    member = np.arange(block.trials) % block.replicates % parts
    shape = (len(FAN), *values.shape[:-1])
    wq, wwq, wwqq = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    w = ww = 0.0
    for part in range(parts):
        some = values[..., part::parts] if block.replicates % parts == 0 else values[..., member == part]
        weight, quantiles = float(some.shape[-1]), _quantiles(some)
        w, ww = w + weight, ww + weight * weight
        wq += weight * quantiles
        wwq += weight * weight * quantiles
        wwqq += weight * weight * quantiles * quantiles
    few = parts > 1 and block.worlds < _MANY * parts
    whole = _quantiles(values) if few or lumps else np.zeros(shape)
    if few:
        sums[f"{name}/bend"] = (w * whole - wq) * parts / (parts - 1)
    if lumps:
        blocks = np.zeros((FAN_BLOCKS, *shape))
        blocks[block.index] = whole
        sums[f"{name}/blocks"] = blocks
    found = {"wq": wq, "wwq": wwq, "wwqq": wwqq, "w": np.array(w), "ww": np.array(ww), "parts": np.array(parts)}
    return sums | {f"{name}/{key}": value for key, value in found.items()}


def _quantiles(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """As ``np.quantile(values, FAN, axis=-1, method="median_unbiased")`` to the bit, but faster for several.

    What is averaged over parts must not lean to one side (Hyndman and Fan 1996, type 8).
    """
    ranked = np.sort(values, axis=-1)
    size, probability, third = ranked.shape[-1], np.array(FAN), 1.0 / 3.0
    place = np.clip(size * probability + (third + probability * (1 - third - third)) - 1, 0, size - 1)
    below = np.floor(place).astype(np.intp)
    part, low, high = place - below, ranked[..., below], ranked[..., np.minimum(below + 1, size - 1)]
    between = np.where(part < 0.5, low + (high - low) * part, high - (high - low) * (1 - part))
    return np.moveaxis(between, -1, 0)


def fan(reading: Reading, name: str, within: Range = _ANYTHING) -> Estimates:
    r"""The quantiles that an analysis kept under ``name``, shape (probability,) + S.

    Of whole numbers they are order statistics of all trials. Of others, with w trials in each of G parts,

    .. math:: \bar q = \sum w q / \sum w, \quad
              se^2 = \frac{G}{G-1} \sum w^2 (q - \bar q)^2 / (\sum w)^2

    with Student limits of G - 1 degrees of freedom. What is added where parts have few worlds widens them by half of
    it, and leaves more noise than a mean has: of k worlds in a part a half-width is larger by 1 / (3 k). They are moved
    by :func:`_reaching` where there may be lumps. One part says nothing of the next: its interval then has no ends but
    those of ``within``, where no limit lies outside. The quantile of p is the least value where at least p of all
    trials are at it, and the greatest where more than 1 - p are; and it may be where the share of trials may be so.
    """
    if f"{reading.name}/{name}/upto/total" in reading.sums:
        return _order_statistics(reading, name, within.low)
    sums = {key: reading.sums[f"{reading.name}/{name}/{key}"] for key in ("wq", "wwq", "wwqq", "w", "ww", "parts")}
    parts, weight = int(sums["parts"]), float(sums["w"])
    value = np.asarray(sums["wq"] / weight)
    if parts > 1:
        square = sums["wwqq"] - 2 * value * sums["wwq"] + value * value * sums["ww"]
        # equal quantiles must not look different by the rounding of their squares
        noise = 16 * np.finfo(float).eps * parts * sums["wwqq"]
        variance = np.where(square > noise, square, 0.0) * parts / (parts - 1) / weight**2
        half = np.asarray(special.stdtrit(parts - 1.0, 0.5 * (1 + reading.level)) * np.sqrt(variance), np.float64)
    else:
        half = np.full(value.shape, np.inf)
    bend = reading.sums.get(f"{reading.name}/{name}/bend", 0.0) / weight
    # equal quantiles of parts and of the whole must not look different by the rounding of their sums
    bend = np.where(np.abs(bend) > 16 * np.finfo(float).eps * np.abs(value), bend, 0.0)
    one_by_k = parts * reading.plan.trials_per_world / weight
    half = np.where(bend == 0.0, half, half * (1.0 + one_by_k / (_PARTS - 1)))
    value, half = value + bend, np.hypot(half, 0.5 * bend)
    low, high = value - half, value + half
    if f"{reading.name}/{name}/blocks" in reading.sums:
        value, low, high = _reaching(reading.sums[f"{reading.name}/{name}/blocks"][: reading.plan.blocks], value, half)
    low, high = np.maximum(low, within.low), np.minimum(high, within.high)
    least, greatest = (_share(reading, f"{name}/{end}", value[0]) for end in (_LEAST, _GREATEST))
    for i, p in enumerate(FAN):
        value[i] = np.where(least[0] >= p, within.low, np.where(greatest[0] > 1 - p, within.high, value[i]))
        low[i] = np.where(least[2] >= p, within.low, np.where(greatest[1] > 1 - p, within.high, low[i]))
        high[i] = np.where(greatest[2] > 1 - p, within.high, np.where(least[1] >= p, within.low, high[i]))
    looked_at = min(reading.trials, int(weight))
    return Estimates(
        value=value,
        low=low,
        high=high,
        level=reading.level,
        kind="quantile",
        trials=np.full(value.shape, looked_at, dtype=np.int64),
        worlds=looked_at // reading.plan.trials_per_world,
    )


def at_end(reading: Reading, name: str, within: Range) -> npt.NDArray[np.int64]:
    """Trials at the least value that there can be, or where none is known at the greatest, of what an analysis kept
    under ``name``; shape S, or none where none ever were."""
    if _counted(within):
        return np.asarray(reading.sums[f"{reading.name}/{name}/upto/total"][..., 0])
    end = _LEAST if np.isfinite(within.low) else _GREATEST
    return np.asarray(reading.sums.get(f"{reading.name}/{name}/{end}/total", 0))


def _reaching(
    blocks: npt.NDArray[np.float64], value: npt.NDArray[np.float64], half: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """``value`` and its limits ``half`` to each side, unless the middle of the quantiles of the ``blocks`` lies aside.

    If it is more than half way to a limit, these reach the order statistics that hold a median (sign test; Thompson
    1936); beyond a limit it is told itself.
    """
    ranked = np.sort(blocks, axis=0)
    middle, off = ranked[(len(ranked) - 1) // 2], int(len(ranked) >= _ENOUGH)
    away, low, high = np.abs(middle - value), value - half, value + half
    low = np.where(2 * away > half, np.minimum(low, ranked[off]), low)
    high = np.where(2 * away > half, np.maximum(high, ranked[-1 - off]), high)
    return np.where(away > half, middle, value), low, high


def _share(
    reading: Reading, name: str, like: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The share of trials that are at an end, with its limits, each shaped as ``like``; none where none ever were."""
    if f"{reading.name}/{name}/total" not in reading.sums:
        nothing = np.zeros_like(like)
        return nothing, nothing, nothing
    found = proportion(moments(reading.sums, f"{reading.name}/{name}", reading.plan), reading.level)
    return found.value, found.low, found.high


def _order_statistics(reading: Reading, name: str, least: float) -> Estimates:
    """The first value that the wanted share of trials does not exceed.

    The limits are the values at which the limits of the distribution function, which hold for worlds as clusters,
    reach that share (Woodruff 1952): whatever the distribution, each misses in at most half of ``1 - level``.
    """
    kept = moments(reading.sums, f"{reading.name}/{name}/upto", reading.plan)
    below = proportion(kept, reading.level)

    def reached(curve: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        # every trial is at the greatest value or below, whatever the limit of a share that was always seen
        curve = np.concatenate([curve[..., :-1], np.ones((*curve.shape[:-1], 1))], axis=-1)
        return np.stack([(curve >= p).argmax(axis=-1) + least for p in FAN])

    value, low, high = (reached(curve) for curve in (below.value, below.high, below.low))
    trials = np.full(value.shape, reading.trials, dtype=np.int64)
    return Estimates(value, low, high, reading.level, "quantile", trials, reading.worlds)


def fan_note(reading: Reading) -> str:
    """Where the quantiles of the fans come from, in a sentence."""
    blocks = min(reading.plan.blocks, FAN_BLOCKS)
    one = reading.plan.blocks == 1
    few = any(key.startswith(f"{reading.name}/") and key.endswith("/bend") for key in reading.sums)
    lean = " What quantiles of groups of few worlds lack at the ends is added." if few else ""
    said, own = ("the only block", "its own") if one else (f"the first {blocks} blocks", "the middle one of theirs")
    return (
        "Quantiles of what is counted in whole numbers are those of all trials. Of what is measured they are means "
        f"over groups of worlds in {said} of trials, or, where many trials are at one value, {own}; their intervals "
        "come from the scatter between either. How many trials are at the least or greatest possible value, such as "
        f"nothing delivered, is counted in all.{lean}"
    )
