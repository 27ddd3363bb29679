"""A scenario in words: paragraphs on its drivers, paces and agreements, made from the specs alone."""

from __future__ import annotations

from collections.abc import Iterator

from pactrisk.explain.agreement_words import agreement_words
from pactrisk.explain.driver_words import driver_words, unit_of
from pactrisk.explain.effects import effect_text, in_unit, number_text
from pactrisk.explain.sentences import ceremony_verb, joined, months, named, of_it, sentence
from pactrisk.explain.uses import loading, milestones_on
from pactrisk.findings.wording import day_text, listed
from pactrisk.scenario import Scenario
from pactrisk.spreads import plain_number

__all__ = ["Section", "sections"]

Section = tuple[str, tuple[str, ...]]
"""A heading and its paragraphs."""


def sections(scenario: Scenario) -> tuple[Section, ...]:
    """The whole scenario, section by section; what a scenario lacks has no section."""
    told: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("The world", tuple(_world(scenario))),
        ("Factors", tuple(_factors(scenario))),
        ("Drivers", tuple(driver_words(scenario, name, d) for name, d in scenario.drivers.items())),
        ("Shocks", tuple(_shocks(scenario))),
        ("Paces", tuple(_paces(scenario))),
        ("Frailties", tuple(_frailties(scenario))),
        ("Agreements", tuple(agreement_words(scenario, a) for a in scenario.agreements)),
        ("Quantities", tuple(_quantities(scenario))),
    )
    return tuple((heading, paragraphs) for heading, paragraphs in told if paragraphs)


def _of(count: int, thing: str) -> str:
    plural = f"{thing[:-1]}ies" if thing.endswith("y") else f"{thing}s"
    return f"{count} {thing if count == 1 else plural}"


def _world(scenario: Scenario) -> Iterator[str]:
    counts = [
        _of(len(scenario.agreements), "agreement"),
        _of(len(scenario.drivers), "driver"),
        _of(len(scenario.paces), "pace"),
    ]
    spreads = len(scenario.spreads())
    unknown = f"{_of(spreads, 'number')} {'is' if spreads == 1 else 'are'} not known, drawn once a world"
    uncertain = unknown if spreads else "every number is taken as known"
    day = day_text(scenario.signed)
    yield f"{scenario.title}. Month 0 is {day}. It has {listed(counts)}; {uncertain}."
    if scenario.summary:
        yield " ".join(scenario.summary.split())
    if plain_number(scenario.ceremony_effect) == 0:
        yield "Ceremony does not speed work."
    else:
        share, verb = number_text(scenario.ceremony_effect), ceremony_verb(scenario.ceremony_effect)
        by = share.removeprefix("-") if verb == "slows" else share
        yield f"A full ceremony of events {verb} work by {by} (ceremony_effect); formal acts {verb[:-1]} none."


def _factors(scenario: Scenario) -> Iterator[str]:
    for name, factor in scenario.factors.items():
        drivers = loading(scenario, name)
        cause = f" is a common cause of {listed(drivers)}" if drivers else " is a common cause of nothing"
        shocks = "are Gaussian"
        if factor.tails is not None:
            shocks = f"follow a Student t with {number_text(factor.tails, 'degrees of freedom')}"
        yield joined((of_it(named(name, factor.title), cause), f"Its shocks {shocks}."))


def _shocks(scenario: Scenario) -> Iterator[str]:
    for shock in scenario.shocks:
        driver = scenario.drivers.get(shock.driver)
        if shock.state is not None:
            yield f"On {shock.date}, {shock.driver} is put into {shock.state}."
        elif shock.size is not None:
            relative = driver is not None and driver.positive
            unit = "of its price" if relative else unit_of(scenario, shock.driver)
            half = " and stays so" if shock.half_life is None else f"; that halves in {months(shock.half_life)}"
            size = f"{number_text(shock.size)} {unit}".rstrip()
            yield sentence(f"on {shock.date}, {shock.driver} departs by {size}{half}")


def _paces(scenario: Scenario) -> Iterator[str]:
    for name, pace in scenario.paces.items():
        users = [a.id for a in scenario.agreements if milestones_on(a, name)]
        parts = [of_it(named(name, pace.title), f" is the pace of {listed(users)}" if users else " is a pace")]
        if pace.includes:
            parts.append(sentence(f"it has the effects of {listed(pace.includes)}"))
        parts += [sentence(f"work is {effect_text(e, unit_of(scenario, e.driver))}") for e in pace.effects]
        if not pace.effects and not pace.includes:
            parts.append("Nothing disturbs it.")
        yield joined(parts)


def _frailties(scenario: Scenario) -> Iterator[str]:
    for name, frailty in scenario.frailties.items():
        users = [a.id for a in scenario.agreements if name in a.frailties]
        where = f" on the paces of {listed(users)}" if users else ", on no pace"
        sd = f"Its logarithm has a standard deviation of {number_text(frailty.sd)}, and its median is 1."
        yield joined((of_it(named(name, frailty.title), f" is a hidden factor{where}"), sd))


def _quantities(scenario: Scenario) -> Iterator[str]:
    for name, quantity in scenario.quantities.items():
        yield f"{named(name, quantity.title)} is {quantity.expression}{in_unit(quantity.unit)}."
