"""The world simulated, block by block (floor 4)."""

from pactrisk.ensemble.block import Block, Simulated, simulate_block
from pactrisk.ensemble.conditionals import conditional, store_conditional
from pactrisk.ensemble.executors import Alone, Executor, Make, Note, Processes, Threads, in_order, make_all, tasks
from pactrisk.ensemble.pilot import aimed
from pactrisk.ensemble.plan import Plan
from pactrisk.ensemble.reading import Reading
from pactrisk.ensemble.run import run, take_down
from pactrisk.ensemble.sums import Observer, Sums, add, moments, observe_outcomes, store
from pactrisk.ensemble.tallies import complement, each, up_to

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
