"""Running the blocks: wherever they are made, they are added up in their order."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from pactrisk.ensemble.block import simulate_block
from pactrisk.ensemble.executors import Executor, Processes
from pactrisk.ensemble.kinds import observe_kinds
from pactrisk.ensemble.plan import Plan
from pactrisk.ensemble.sums import Observer, Sums, add, observe_outcomes
from pactrisk.errors import RunError
from pactrisk.streams import BLOCK

__all__ = ["run", "take_down"]


def run(
    plan: Plan,
    observers: Mapping[str, Observer],
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[Sums, int], int] | None = None,
    begun: tuple[int, Sums] = (0, {}),
    keep: Callable[[Sums, int], None] | None = None,
    note: Callable[[str], None] | None = None,
    executor: Executor | None = None,
) -> Sums:
    """Simulate every block and add up what the observers take down.

    Parameters
    ----------
    plan : what is simulated.
    observers : by name; the sums of each are kept under ``name/...``.
    workers : processes. Never moves a number.
    progress : called with the blocks done and the blocks in all, as far as they are known.
    stop : called with the sums and the blocks in them, in the order of the blocks whoever made them; it says how many
        there should be, and no more are added once there are so many.
    begun : blocks that an earlier run has done, and their sums.
    keep : called with the sums so far and the whole blocks in them.
    note : called with a sentence where the run goes on in another way than it began.
    executor : who makes the blocks, if not so many processes. Never moves a number.

    Raises
    ------
    RunError : where a number is not finite; the message names whose, the world and the date.
    """
    first, sums = begun[0], dict(begun[1])
    if first and (first >= plan.blocks or (stop is not None and stop(sums, first) <= first)):
        return sums
    make, indices = partial(take_down, plan, dict(observers)), range(first, plan.blocks)
    found = (executor or Processes(workers)).blocks(make, indices, note)
    with contextlib.closing(found):
        for done, more in enumerate(found, first + 1):
            add(sums, more)
            wanted = plan.blocks if stop is None else min(stop(sums, done), plan.blocks)
            if progress is not None:
                progress(done, max(wanted, done))
            if keep is not None and done * BLOCK <= plan.trials:
                keep(sums, done)
            if wanted <= done:
                break
    return sums


def take_down(plan: Plan, observers: Mapping[str, Observer], index: int) -> Sums:
    """Simulate one block and take down what every chapter and each observer wants of it.

    Raises
    ------
    RunError : where a number is not finite.
    """
    # what is too large or divided by zero is looked for, and named, where it comes about
    with np.errstate(all="ignore"):
        block = simulate_block(plan, index, keep=bool(observers))
        sums = observe_outcomes(block) | observe_kinds(block)
        for name, observe in observers.items():
            sums |= {f"{name}/{key}": value for key, value in observe(block).items()}
    for name, value in sums.items():
        # a whole number is finite, and asking it takes as long
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            whose = name.partition("/")[0]
            or_it = f", or the analysis {whose} does not take them down right" if whose in observers else ""
            raise RunError(
                f"the sums of {name} are not finite in block {index}; numbers of the scenario are too far out{or_it}"
            )
    return sums
