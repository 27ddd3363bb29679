"""Drivers in words: what a kind is, its numbers, and what its own tables say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pactrisk.drivers import Process
from pactrisk.drivers.processes import KINDS
from pactrisk.explain.effects import effect_text, exception_text, in_unit, number_text, numbers_text, short_unit
from pactrisk.explain.prose import summary
from pactrisk.explain.sentences import joined, months, named, odds_text, of_it, push_text, sentence
from pactrisk.explain.written import internal, written
from pactrisk.findings.wording import listed
from pactrisk.quantities import Spread
from pactrisk.scenario import Scenario
from pactrisk.spreads import PAPERS

__all__ = ["driver_words", "unit_of"]

Words = Callable[[Scenario, Any], Iterator[str]]
_APART = frozenset({"kind", "title", "unit", "when", *PAPERS})


def driver_words(scenario: Scenario, name: str, driver: Process) -> str:
    """A driver in a paragraph; what its kind has that no other has is told as it is written."""

    def said() -> Iterator[str]:
        kind = summary(KINDS[driver.kind]).rstrip(".")
        yield of_it(named(name, driver.title), f" is of kind {driver.kind}: {kind[:1].lower()}{kind[1:]}")
        with_others = _WITH.get(driver.kind, ())
        numbers = numbers_text(driver, driver.unit, with_others)
        if numbers:
            yield sentence(listed(numbers))
        for word in type(driver).model_fields:
            if word in _APART or word in with_others or internal(type(driver), word):
                continue
            own = _OWN.get((driver.kind, word), _SHARED.get(word))
            if own is not None:
                yield from own(scenario, driver)
            elif not isinstance(getattr(driver, word), float | Spread):
                yield from (sentence(f"its {key}: {text}") for key, text in written(driver, word))
        yield from (sentence(exception_text(entry, driver.unit)) for entry in driver.when)

    return joined(said())


def unit_of(scenario: Scenario, driver: str) -> str:
    """The unit of a driver; nothing for what is none."""
    return scenario.drivers[driver].unit if driver in scenario.drivers else ""


def _expression(_: Scenario, driver: Any) -> Iterator[str]:
    yield f"It is {driver.expression}{in_unit(driver.unit)}."


def _jumps(_: Scenario, driver: Any) -> Iterator[str]:
    if driver.jumps is not None:
        yield sentence("it leaps with", listed(numbers_text(driver.jumps)))


def _factors(_: Scenario, driver: Any) -> Iterator[str]:
    if driver.factors:
        loads = [f"{number_text(loading)} on {factor}" for factor, loading in driver.factors.items()]
        yield sentence("it loads", listed(loads))


def _excitation(_: Scenario, driver: Any) -> Iterator[str]:
    if driver.excitation is not None:
        yield sentence("its events bring further events, with", listed(numbers_text(driver.excitation)))


def _dated(_: Scenario, driver: Any) -> Iterator[str]:
    if driver.dated:
        chances = ("for certain" if d.chance == 1 else f"with chance {number_text(d.chance)}" for d in driver.dated)
        days = [f"on {d.date} {chance}" for d, chance in zip(driver.dated, chances, strict=True)]
        yield sentence("it happens on known days:", listed(days))


def _values(_: Scenario, driver: Any) -> Iterator[str]:
    unit = short_unit(driver.unit)
    yield sentence("it is", listed([f"{number_text(entry.value, unit)} on {entry.date}" for entry in driver.values]))
    if len(driver.values) > 1:
        between = "straight lines lie between them" if driver.interpolation == "linear" else "each holds until the next"
        yield sentence(f"{between}; before the first and after the last it is constant")


def _past(_: Scenario, driver: Any) -> Iterator[str]:
    yield f"Its past is the column {driver.column} of {driver.file}."


def _initial(_: Scenario, regime: Any) -> Iterator[str]:
    first = regime.initial if isinstance(regime.initial, str) else odds_text(regime.initial)
    spent = "" if regime.elapsed == 0 else f", where it has been for {months(regime.elapsed)}"
    yield f"It begins in {first}{spent}."


def _states(scenario: Scenario, regime: Any) -> Iterator[str]:
    for name, state in regime.states.items():
        if state.duration is None:
            yield of_it(named(name, state.title), " never ends by itself")
            continue
        then = odds_text(state.next)
        yield of_it(named(name, state.title), f" lasts {months(state.duration)}, then comes {then}")
        for entry in state.when:
            yield sentence(f"while {entry.driver} is in the state {entry.state}, {odds_text(entry.next)} comes next")
        for effect in state.effects:
            acts = effect_text(effect, unit_of(scenario, effect.driver))
            yield sentence(f"the pace at which {name} ends is {acts}")


def _triggers(_: Scenario, regime: Any) -> Iterator[str]:
    for trigger in regime.triggers:
        yield sentence(f"an event of {trigger.driver} {push_text(trigger)}")


_SHARED: dict[str, Words] = {"factors": _factors, "jumps": _jumps}
"""Words that several kinds have, with how they are told."""
_OWN: dict[tuple[str, str], Words] = {
    ("bootstrap", "file"): _past,
    ("events", "dated"): _dated,
    ("events", "excitation"): _excitation,
    ("formula", "expression"): _expression,
    ("regime", "initial"): _initial,
    ("regime", "states"): _states,
    ("regime", "triggers"): _triggers,
    ("trend", "values"): _values,
}
"""Words that one kind has, with how they are told."""
_WITH = {"bootstrap": ("column",), "regime": ("elapsed",), "trend": ("interpolation",)}
"""Words that are told together with another."""
