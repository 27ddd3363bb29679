"""Quantiles over trials by date, without keeping a trial.

A quantile does not add up over blocks, but a mean of quantiles does. The worlds of each of the first blocks
are dealt into a few parts; each part gives its quantiles, and what is kept is their weighted sum and sum of
squares. Parts hold different worlds, so their scatter is an honest standard error.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from pactrisk.ensemble.block import Block
from pactrisk.ensemble.reading import Reading
from pactrisk.ensemble.sums import Sums
from pactrisk.estimators import Estimates

__all__ = ["FAN", "FAN_BLOCKS", "fan", "fan_note", "observe_fan"]

FAN = (0.05, 0.25, 0.50, 0.75, 0.95)
"""Probabilities of the quantiles."""
FAN_BLOCKS = 10
"""Blocks that are looked at: enough for a picture, and no more work than that however long the run."""
_PARTS = 4


def observe_fan(name: str, values: npt.NDArray[Any], block: Block) -> Sums:
    """Sums of the quantiles of ``values`` over trials, kept under ``name``.

    Parameters
    ----------
    name : what the sums are kept under.
    values : shape S + (trial,).
    block : the block that they are of; nothing is taken down after the first ``FAN_BLOCKS``.

    Returns
    -------
    With w the trials of a part and q its quantiles, shape (probability,) + S: ``wq`` sum of w q, ``wwq`` of
    w**2 q, ``wwqq`` of w**2 q**2; ``w``, ``ww`` and ``parts`` the sums of w, of w**2 and of 1.
    """
    if block.index >= FAN_BLOCKS:
        return {}
    parts = min(_PARTS, block.worlds)
    member = np.arange(block.trials) % block.worlds % parts
    shape = (len(FAN), *values.shape[:-1])
    wq, wwq, wwqq = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    w = ww = 0.0
    for part in range(parts):
        some = values[..., part::parts] if block.worlds % parts == 0 else values[..., member == part]
        weight, quantiles = float(some.shape[-1]), np.quantile(some, FAN, axis=-1)
        w, ww = w + weight, ww + weight * weight
        wq += weight * quantiles
        wwq += weight * weight * quantiles
        wwqq += weight * weight * quantiles * quantiles
    found = {"wq": wq, "wwq": wwq, "wwqq": wwqq, "w": np.array(w), "ww": np.array(ww), "parts": np.array(parts)}
    return {f"{name}/{key}": value for key, value in found.items()}


def fan(reading: Reading, name: str) -> Estimates:
    r"""The quantiles that an analysis kept under ``name``, shape (probability,) + S.

    .. math:: \bar q = \sum w q / \sum w, \quad
              se^2 = \frac{G}{G-1} \sum w^2 (q - \bar q)^2 / (\sum w)^2

    over G parts, with Student limits of G - 1 degrees of freedom. One part says nothing of the next: its interval
    has no ends.
    """
    sums = {key: reading.sums[f"{reading.name}/{name}/{key}"] for key in ("wq", "wwq", "wwqq", "w", "ww", "parts")}
    parts, weight = int(sums["parts"]), float(sums["w"])
    value = np.asarray(sums["wq"] / weight)
    if parts > 1:
        square = sums["wwqq"] - 2 * value * sums["wwq"] + value * value * sums["ww"]
        # equal quantiles must not look different by the rounding of their squares
        noise = 16 * np.finfo(float).eps * parts * sums["wwqq"]
        variance = np.where(square > noise, square, 0.0) * parts / (parts - 1) / weight**2
        half = special.stdtrit(parts - 1.0, 0.5 * (1 + reading.level)) * np.sqrt(variance)
    else:
        half = np.full(value.shape, np.inf)
    looked_at = min(reading.trials, int(weight))
    return Estimates(
        value=value,
        low=value - half,
        high=value + half,
        level=reading.level,
        kind="quantile",
        trials=np.full(value.shape, looked_at, dtype=np.int64),
        worlds=looked_at // reading.plan.trials_per_world,
    )


def fan_note(reading: Reading) -> str:
    """Where the quantiles of the fans come from, in a sentence."""
    blocks = min(reading.plan.blocks, FAN_BLOCKS)
    said = "the only block" if reading.plan.blocks == 1 else f"the first {blocks} blocks"
    return (
        f"Quantiles are means over groups of worlds in {said} of trials; their intervals come from the scatter "
        "between the groups."
    )
