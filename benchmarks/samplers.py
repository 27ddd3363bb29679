"""What each sampler buys: how precise a headline is for the processor time that it costs, against plain Monte Carlo.

    python benchmarks/samplers.py --blocks 60

Every sampler simulates the same blocks of the flagship by turns, so that a busy machine slows all alike. The variance
of an estimate is that between replicates; efficiency is 1 / (variance x time), as a ratio to plain with 20 trials a
world, the geometric mean over the chances named. The last rows integrate out what has a closed form given the rest
(conditional Monte Carlo): whether an agreement exists, whether a milestone is pursued, and whether it ends.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pactrisk.config import load
from pactrisk.ensemble import Plan, simulate_block
from pactrisk.outcomes import CLASSES

HOME = Path(__file__).parents[1]
Array = npt.NDArray[np.float64]
RARE = 0.005
"""Chances below this are left out of the means: too few trials show them for a variance to be known."""


@dataclass
class Measured:
    """A sampler with the trials of a world, and what it showed: replicate means and seconds, block by block."""

    label: str
    plan: Plan
    chances: Callable[[Plan, int], Array]
    """Chances of each class of each agreement in each replicate of a block, shape (agreement, class, replicate)."""
    means: list[Array] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def simulate(self, block: int) -> None:
        """One more block."""
        begun = time.process_time()
        found = self.chances(self.plan, block)
        self.seconds.append(time.process_time() - begun)
        self.means.append(found)

    @property
    def variances(self) -> dict[str, Array]:
        """Variance a trial of each chance, and of the mean number in substantive cooperation."""
        each = np.concatenate(self.means, axis=-1)
        trials = self.plan.trials_per_replicate
        cooperation = each[:, :2].sum(axis=1)
        shown = {"cooperation": cooperation, "classes": each.reshape(-1, each.shape[-1])}
        shown["number"] = cooperation.sum(axis=0, keepdims=True)
        return {name: x.var(axis=-1, ddof=1) * trials for name, x in shown.items()}

    @property
    def chance(self) -> Array:
        """Chance of each class of each agreement, in one row."""
        return np.concatenate(self.means, axis=-1).mean(axis=-1).reshape(-1)


def counted(plan: Plan, block: int) -> Array:
    """Chances as every report has them: trials counted."""
    simulated = simulate_block(plan, block)
    classes = simulated.base.classes[:, plan.headline]
    inside = np.stack([classes == c for c in range(len(CLASSES))], axis=1)
    return by_replicate(plan, inside)


def given(plan: Plan, block: int) -> Array:
    """Chances as ``conditional_monte_carlo`` has them: given the rest of each trial."""
    chances = simulate_block(plan, block).base.chances
    assert chances is not None
    return by_replicate(plan, chances)


def by_replicate(plan: Plan, x: npt.NDArray[np.generic]) -> Array:
    """Means over the trials of each replicate of a block."""
    return np.asarray(x.reshape(*x.shape[:-1], -1, plan.replicates_in_block).mean(axis=-2))


def prepared(plan: Plan) -> list[Measured]:
    """Plain as it was first, then each sampler."""

    def asked(sampler: str, m: int, conditional: bool = False) -> Plan:
        update = {"sampler": sampler, "trials_per_world": m, "trials": 10**8, "conditional_monte_carlo": conditional}
        return replace(plan, question=plan.question.model_copy(update=update), variants={})

    found = [
        Measured(f"{sampler}, {m} a world", asked(sampler, m), counted)
        for sampler, m in (
            ("plain", 20), ("plain", 5), ("antithetic", 5), ("latin", 20), ("latin", 5), ("sobol", 20), ("sobol", 5),
        )
    ]  # fmt: skip
    found += [
        Measured(f"{sampler}, {m} a world, conditional", asked(sampler, m, True), given)
        for sampler, m in (("plain", 5), ("latin", 5), ("sobol", 5), ("latin", 2))
    ]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blocks", type=int, default=60, help="blocks of 2,000 trials for each sampler")
    parser.add_argument("--config", type=Path, default=HOME / "configs" / "kazakhstan-serbia.toml")
    blocks, config = (getattr(parser.parse_args(), word) for word in ("blocks", "config"))
    plan = load(config).study.plan
    samplers = prepared(plan)
    for one in samplers:
        one.simulate(0)
        one.seconds.clear()
        one.means.clear()
    for block in range(blocks):
        for one in samplers:
            one.simulate(block)
    print(report(samplers))


def report(samplers: list[Measured]) -> str:
    """The table, in Markdown."""
    first = samplers[0]
    told = first.chance.reshape(-1) > RARE
    rows = ["| sampler | ms a block | cooperation | classes | number | efficiency: cooperation | classes | number |"]
    rows.append("|---|---|---|---|---|---|---|---|")
    for one in samplers:
        cost = float(np.median(one.seconds) / np.median(first.seconds))
        gains = []
        for name in ("cooperation", "classes", "number"):
            before, after = first.variances[name], one.variances[name]
            if name == "classes":
                before, after = before[told], after[told]
            gains.append(float(np.exp(np.mean(np.log(before / after)))))
        said = " | ".join(f"{gain:.1f}" for gain in [*gains, *(gain / cost for gain in gains)])
        rows.append(f"| {one.label} | {1000 * np.median(one.seconds):.0f} | {said} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
