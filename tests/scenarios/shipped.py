"""The shipped worlds, simulated for a few blocks, with means over their worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pactrisk.config import load
from pactrisk.ensemble import Block, Plan, simulate_block
from pactrisk.outcomes import group_members

HOME = Path(__file__).parents[2]
BLOCKS = 3
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Some blocks of a study, with means over its worlds."""

    plan: Plan
    blocks: tuple[Block, ...]

    def by_world(self, values: Callable[[Block], Array]) -> Array:
        """Means over the trials of each world, shape (..., world), all blocks joined."""
        means = []
        for block in self.blocks:
            x = np.asarray(values(block), dtype=float)
            means.append(x.reshape(*x.shape[:-1], block.trials_per_world, block.worlds).mean(axis=-2))
        return np.concatenate(means, axis=-1)

    def substantive(self, variant: str | None = None) -> Array:
        """Share of each world's trials in which each agreement is substantive at the headline, (agreement, world)."""
        members = group_members("substantive cooperation")
        k = self.plan.headline

        def inside(block: Block) -> Array:
            classes = block.base.classes[:, k] if variant is None else block.variants[variant]
            return np.isin(classes, members).astype(float)

        return self.by_world(inside)


def error(x: Array) -> Array:
    """Standard error of the mean over worlds, which are independent."""
    return np.asarray(x.std(axis=-1, ddof=1) / np.sqrt(x.shape[-1]))


@cache
def sample(name: str) -> Sample:
    """A shipped config, simulated for a few blocks with its variants."""
    plan = load(HOME / "configs" / f"{name}.toml").study.plan
    return Sample(plan, tuple(simulate_block(plan, b) for b in range(BLOCKS)))
