"""The world simulated, block by block (floor 4).

Names are imported when they are first used: a check asks for a plan, and for nothing that runs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pactrisk.later import front

if TYPE_CHECKING:
    from pactrisk.ensemble.block import Block, Simulated, simulate_block
    from pactrisk.ensemble.conditionals import conditional, store_conditional
    from pactrisk.ensemble.executors import Alone, Executor, Make, Note, Processes, Threads, in_order, make_all, tasks
    from pactrisk.ensemble.pilot import aimed
    from pactrisk.ensemble.plan import Plan
    from pactrisk.ensemble.reading import Reading
    from pactrisk.ensemble.running import run, take_down
    from pactrisk.ensemble.sums import Observer, Sums, add, moments, observe_outcomes, store
    from pactrisk.ensemble.tallies import complement, each, up_to

_HOMES = {
    "block": ("Block", "Simulated", "simulate_block"),
    "conditionals": ("conditional", "store_conditional"),
    "executors": ("Alone", "Executor", "Make", "Note", "Processes", "Threads", "in_order", "make_all", "tasks"),
    "pilot": ("aimed",),
    "plan": ("Plan",),
    "reading": ("Reading",),
    "running": ("run", "take_down"),
    "sums": ("Observer", "Sums", "add", "moments", "observe_outcomes", "store"),
    "tallies": ("complement", "each", "up_to"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Alone",
    "Block",
    "Executor",
    "Make",
    "Note",
    "Observer",
    "Plan",
    "Processes",
    "Reading",
    "Simulated",
    "Sums",
    "Threads",
    "add",
    "aimed",
    "complement",
    "conditional",
    "each",
    "in_order",
    "make_all",
    "moments",
    "observe_outcomes",
    "run",
    "simulate_block",
    "store",
    "store_conditional",
    "take_down",
    "tasks",
    "up_to",
]


__getattr__ = front(__name__, _HOME)
