"""The conditions that a plan looks back on."""

from __future__ import annotations

from collections.abc import Mapping

from pactrisk.drivers.processes.regime import Regime
from pactrisk.question import Condition, Question
from pactrisk.scenario import Scenario

__all__ = ["conditions_of"]


def conditions_of(question: Question, scenario: Scenario) -> Mapping[str, Condition]:
    """Those asked for by name, or each state of each regime (``war.hot``)."""
    if question.conditions:
        return question.conditions
    # names are not read as formulas: what is wrong with one is told elsewhere
    return {
        f"{name}.{state}": Condition.model_construct(
            title=f"{driver.title or name}: {spec.title or state}", when=f"{name}.{state}", months=1.0
        )
        for name, driver in scenario.drivers.items()
        if isinstance(driver, Regime)
        for state, spec in driver.states.items()
    }
