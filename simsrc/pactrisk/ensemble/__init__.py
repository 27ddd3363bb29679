"""The world simulated, block by block (floor 4)."""

from pactrisk.ensemble.block import Block, Simulated, simulate_block
from pactrisk.ensemble.conditionals import conditional, store_conditional
from pactrisk.ensemble.pilot import aimed
from pactrisk.ensemble.plan import Plan
from pactrisk.ensemble.reading import Reading
from pactrisk.ensemble.run import run, take_down
from pactrisk.ensemble.sums import Observer, Sums, add, moments, observe_outcomes, store
from pactrisk.ensemble.tallies import complement, each, up_to

__all__ = [
    "Block",
    "Observer",
    "Plan",
    "Reading",
    "Simulated",
    "Sums",
    "add",
    "aimed",
    "complement",
    "conditional",
    "each",
    "moments",
    "observe_outcomes",
    "run",
    "simulate_block",
    "store",
    "store_conditional",
    "take_down",
    "up_to",
]
