"""Faults of a question asked of a scenario."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pactrisk.drivers.processes.regime import Regime
from pactrisk.expressions import Expression
from pactrisk.lint.fault import Fault, near, quoted
from pactrisk.lint.readings import Reading
from pactrisk.lint.worlds import reading_fault
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.streams import BLOCK

__all__ = ["question_faults"]

_LONGEST = 1200
_MEMORY = 512 * 2**20
_OF_AGREEMENT = 4
"""Numbers that are kept of an agreement at each date of a trial: delivery, honours, flow and its total."""


def question_faults(question: Question, scenario: Scenario) -> list[Fault]:
    """What is wrong with a question when it is asked of this scenario; paths are those of the config."""
    return [
        *_spans(question, scenario),
        *_size(question, scenario),
        *_conditions(question, scenario),
        *_precision(question, scenario),
        *_executor(question),
    ]


def _size(question: Question, scenario: Scenario) -> Iterator[Fault]:
    """A block of trials that would not fit in memory: every agreement and driver is kept at every date."""
    if not 0 < question.months(question.horizon, scenario.signed) <= _LONGEST:
        return
    agreements, drivers, dates = len(scenario.agreements), len(scenario.drivers), question.grid(scenario.signed).points
    most = _MEMORY // (8 * BLOCK * (_OF_AGREEMENT * agreements + drivers))
    if dates > most:
        asked = f"{agreements:,} agreements and {drivers:,} drivers at {dates:,} dates"
        coarser = question.step == "month" and dates // 3 < most
        hint = 'step = "quarter" needs a third' if coarser else "shorten the horizon, or make several portfolios of it"
        yield Fault(("horizon",), f"{asked} do not fit in memory: at most {most:,} dates would", hint)


def _spans(question: Question, scenario: Scenario) -> Iterator[Fault]:
    horizon = question.months(question.horizon, scenario.signed)
    step = 1 if question.step == "month" else 3
    if horizon < step:
        yield Fault(("horizon",), f"must be at least a {question.step} after the signature, {scenario.signed}")
    elif horizon > _LONGEST:
        yield Fault(("horizon",), f"must be at most {_LONGEST} months, not {horizon:g}")
    if question.headline is None:
        return
    headline = question.months(question.headline, scenario.signed)
    if headline <= 0:
        yield Fault(("headline",), f"must be after the signature, {scenario.signed}")
    elif headline > horizon:
        yield Fault(("headline",), f"{headline:g} months lie beyond the horizon, {horizon:g} months")


def _executor(question: Question) -> Iterator[Fault]:
    if question.executor == "dask" and question.scheduler is None:
        hint = 'write scheduler = "tcp://10.0.0.5:8786", or give --scheduler; dask scheduler prints its address'
        yield Fault(("executor",), "dask needs the address of a scheduler", hint)


def _precision(question: Question, scenario: Scenario) -> Iterator[Fault]:
    """Names of what must be narrow; those that an analysis keeps need the analysis."""
    if question.precision is None:
        return
    kept = {"agreements": "", "number": "", **dict.fromkeys(scenario.ids, "")}
    kept |= dict.fromkeys(scenario.quantities, "quantities")
    kept |= dict.fromkeys(("variants", *question.variants) if question.variants else (), "variants")
    for place, word in enumerate(question.precision.of):
        path = ("precision", "of", str(place))
        if word not in kept:
            yield Fault(path, f"{quoted(word)} is nothing that a run estimates", near(word, kept, "there are"))
        elif kept[word] and question.analyses and kept[word] not in question.analyses:
            yield Fault(path, f"{word} needs the analysis {kept[word]}, which analyses leaves out")


def _conditions(question: Question, scenario: Scenario) -> Iterator[Fault]:
    for name, condition in question.conditions.items():
        path = ("conditions", name, "when")
        names = Expression(condition.when).names
        if not names:
            yield Fault(path, "reads no driver: it always holds or never does")
        for dotted in names:
            driver, dot, state = dotted.partition(".")
            if driver not in scenario.drivers and driver in scenario.ids:
                yield Fault(path, f"{driver} is an agreement: a condition is about drivers")
                continue
            use = "state" if dot else "value"
            reading = Reading(path, driver, state if dot else None, use, "quantity", name)  # type: ignore[arg-type]
            fault = reading_fault(scenario, reading)
            if fault is not None:
                yield fault
        if names and isinstance(ast.parse(condition.when.strip(), mode="eval").body, ast.Name):
            driver_ = scenario.drivers.get(names[0])
            if driver_ is not None and not isinstance(driver_, Regime) and driver_.kind != "formula":
                yield Fault(path, f"{names[0]} is a number: it neither holds nor fails", f"write {names[0]} < 50 or so")
