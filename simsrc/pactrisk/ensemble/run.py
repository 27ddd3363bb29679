"""Running the blocks: wherever they are made, they are added up in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from pactrisk.ensemble.block import simulate_block
from pactrisk.ensemble.executors import Executor, Processes
from pactrisk.ensemble.plan import Plan
from pactrisk.ensemble.sums import Observer, Sums, add, observe_outcomes
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
    executor : where the blocks are made, if not in ``workers`` processes. Never moves a number.

    Raises
    ------
    RunError : where a block fails, or a worker is lost.
    """
    first, sums = begun[0], dict(begun[1])
    if first and (first >= plan.blocks or (stop is not None and stop(sums, first) <= first)):
        return sums
    where = executor or Processes(workers)
    found = where.blocks(partial(take_down, plan, dict(observers)), range(first, plan.blocks))
    for done, more in enumerate(found, first + 1):
        add(sums, more)
        wanted = plan.blocks if stop is None else min(stop(sums, done), plan.blocks)
        if progress is not None:
            progress(done, max(wanted, done))
        if keep is not None and done * BLOCK <= plan.trials:
            keep(sums, done)
        if wanted <= done:
            found.close()
            break
    return sums


def take_down(plan: Plan, observers: Mapping[str, Observer], index: int) -> Sums:
    """Simulate one block and take down what every chapter and each observer wants of it."""
    block = simulate_block(plan, index)
    sums = observe_outcomes(block)
    for name, observe in observers.items():
        sums |= {f"{name}/{key}": value for key, value in observe(block).items()}
    return sums
