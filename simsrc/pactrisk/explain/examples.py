"""What can be written for a word whose value is a table, or may be one: a line of a file each."""

from __future__ import annotations

from pactrisk.agreements.terms import Ending, Flow, Pace
from pactrisk.drivers import Process
from pactrisk.drivers.processes.events import Events
from pactrisk.drivers.processes.regime import Regime
from pactrisk.drivers.processes.trend import Trend
from pactrisk.drivers.states import State
from pactrisk.question import Question, Variant
from pactrisk.specs import Documented, Spec
from pactrisk.spreads import PAPERS

__all__ = ["EXAMPLES", "example"]

_NUMBER = 'never = { value = 0.05, source = "a survey of 2024", trust = "B", note = "of three countries" }'
"""A number that carries its own papers."""
_EDITED = 'variants.cheap-oil = { set = { "drivers.oil.level" = 45 }, source = "a bank", trust = "B", note = "May" }'
_EFFECTS = 'effects = [{ driver = "war", state = "hot", factor = 0.5 }, { driver = "brent", elasticity = 0.3 }]'
"""What drivers do to work, a flow or a hazard, in two of its forms."""
EXAMPLES: dict[tuple[type[Spec], str], str] = {
    (Process, "when"): 'when = [{ driver = "war", state = "hot", volatility = 0.6 }]',
    (State, "when"): 'when = [{ driver = "veto", state = "yes", next = { truce = 1 } }]',
    (State, "effects"): 'effects = [{ driver = "veto", state = "yes", factor = 0.5 }]',
    (Pace, "effects"): _EFFECTS,
    (Flow, "effects"): _EFFECTS,
    (Ending, "effects"): _EFFECTS,
    (Events, "dated"): "dated = [{ date = 2027-05-01, chance = 0.5 }]",
    (Trend, "values"): "values = [{ date = 2027-01-01, value = 0 }, { date = 2028-01-01, value = 1 }]",
    (Regime, "triggers"): 'triggers = [{ driver = "attacks", state = "hot", chance = 0.3 }]',
    (Question, "precision"): 'precision = { half_width = 0.05, of = ["number"] }',
    (Question, "rare"): 'rare = { event = "number >= 9", times = 5 }',
    (Question, "cuts"): 'cuts.severe = { title = "severe", substantive = 0.8, partial = 0.5 }',
    (Question, "variants"): 'variants.cheap-oil = { title = "Oil at 45", set = { "drivers.oil.level" = 45 } }',
    (Question, "conditions"): 'conditions.cheap-oil = { title = "Oil below 50", when = "oil < 50", months = 6 }',
    **{(Documented, word): _NUMBER for word in PAPERS},
    **{(Variant, word): _EDITED for word in PAPERS},
}


def example(spec: type[Spec], word: str) -> str:
    """A line that gives the word; nothing where it needs no example."""
    return next((EXAMPLES[base, word] for base in spec.__mro__ if (base, word) in EXAMPLES), "")
