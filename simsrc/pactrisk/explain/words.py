"""A scenario in words: paragraphs on its drivers, paces and agreements, made from the specs alone."""

from __future__ import annotations

from collections.abc import Iterator

from pactrisk.agreements import Agreement, Flow, Milestone
from pactrisk.agreements.waiting import order
from pactrisk.drivers import Process
from pactrisk.drivers.processes import KINDS
from pactrisk.drivers.processes.regime import Regime
from pactrisk.explain.effects import effect_text, exception_text, in_unit, number_text, short_unit
from pactrisk.explain.prose import summary
from pactrisk.findings.wording import listed
from pactrisk.quantities import Spread, Value
from pactrisk.scenario import Scenario
from pactrisk.tables import Table

__all__ = ["Section", "sections"]

Section = tuple[str, tuple[str, ...]]
"""A heading and its paragraphs."""


def sections(scenario: Scenario) -> tuple[Section, ...]:
    """The whole scenario, section by section; what a scenario lacks has no section."""
    told: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("The world", tuple(_world(scenario))),
        ("Drivers", tuple(_driver(scenario, name, d) for name, d in scenario.drivers.items())),
        ("Shocks", tuple(_shocks(scenario))),
        ("Paces", tuple(_paces(scenario))),
        ("Agreements", tuple(_agreement(scenario, a) for a in scenario.agreements)),
        ("Quantities", tuple(_quantities(scenario))),
    )
    return tuple((heading, paragraphs) for heading, paragraphs in told if paragraphs)


def _sentence(*parts: str) -> str:
    text = " ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}."


def _of_it(name: str, text: str) -> str:
    """A sentence that begins with a name, which stays as it is written."""
    return f"{name}{text}."


def _join(sentences: Iterator[str]) -> str:
    return " ".join(sentences)


def _named(name: str, title: str) -> str:
    return f"{title} ({name})" if title and title != name else name


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
    uncertain = f"{_of(spreads, 'number')} {'is' if spreads == 1 else 'are'}"
    day = f"{scenario.signed:%d %B %Y}".lstrip("0")
    yield f"{scenario.title}. Month 0 is {day}. It has {listed(counts)}; {uncertain} not known, drawn once a world."
    if scenario.summary:
        yield " ".join(scenario.summary.split())
    if scenario.ceremony_effect == 0:
        yield "Ceremony does not speed work."
    else:
        yield f"Full ceremony speeds work by {number_text(scenario.ceremony_effect)} (ceremony_effect)."


def _driver(scenario: Scenario, name: str, driver: Process) -> str:
    def said() -> Iterator[str]:
        kind = summary(KINDS[driver.kind]).rstrip(".")
        yield _of_it(_named(name, driver.title), f" is of kind {driver.kind}: {kind[:1].lower()}{kind[1:]}")
        numbers = list(_numbers(Table((), "", driver, unit=driver.unit)))
        if numbers:
            yield _sentence(listed(numbers))
        expression = getattr(driver, "expression", None)
        if expression is not None:
            yield f"It is {expression}."
        jumps = getattr(driver, "jumps", None)
        if jumps is not None:
            yield _sentence("it leaps with", listed(list(_numbers(Table((), "", jumps)))))
        factors = getattr(driver, "factors", {})
        if factors:
            loads = listed([f"{number_text(loading)} on {factor}" for factor, loading in factors.items()])
            yield _sentence("it loads", loads)
        for entry in driver.when:
            yield _sentence(exception_text(entry))
        if isinstance(driver, Regime):
            yield from _states(scenario, driver)

    return _join(said())


def _numbers(table: Table) -> Iterator[str]:
    for keys, word, value, number in table.numbers:
        if len(keys) == 1:
            unit = number.unit or (table.unit if word in ("initial", "level", "mean", "sd", "impulse") else "")
            yield f"{word} {number_text(value, short_unit(unit))}"


def _states(scenario: Scenario, regime: Regime) -> Iterator[str]:
    if isinstance(regime.initial, str):
        yield f"It begins in {regime.initial}."
    else:
        yield _sentence("it begins in", _odds(regime.initial))
    for name, state in regime.states.items():
        if state.duration is None:
            yield _of_it(_named(name, state.title), " never ends by itself")
            continue
        yield _of_it(_named(name, state.title), f" lasts {_months(state.duration)}, then comes {_odds(state.next)}")
        for entry in state.when:
            comes = "comes" if len(entry.next) == 1 else "come"
            yield _sentence(f"while {entry.driver} is in {entry.state}, {_odds(entry.next)} {comes} next")
        for effect in state.effects:
            yield _sentence(f"the pace at which {name} ends is {effect_text(effect, _unit(scenario, effect.driver))}")
    for trigger in regime.triggers:
        chance = "" if trigger.chance == 1 else f" with chance {number_text(trigger.chance)}"
        delay = "" if trigger.delay == 0 else f" after {_months(trigger.delay)}"
        only = f" (only from {listed(trigger.only_from)})" if trigger.only_from else ""
        yield _sentence(f"an event of {trigger.driver} pushes it into {trigger.state}{chance}{delay}{only}")


def _odds(odds: dict[str, Value]) -> str:
    if len(odds) == 1:
        return next(iter(odds))
    scaled = any(isinstance(chance, Spread) and chance.spread for chance in odds.values())
    each = listed([f"{state} ({number_text(chance)})" for state, chance in odds.items()])
    return f"{each} (scaled to sum to 1 in each world)" if scaled else each


def _months(duration: Value) -> str:
    named = isinstance(duration, Spread) and duration.family not in ("fixed", "quantiles")
    return f"{'a time that is ' if named else ''}{number_text(duration, 'month' if duration == 1 else 'months')}"


def _unit(scenario: Scenario, driver: str) -> str:
    return scenario.drivers[driver].unit if driver in scenario.drivers else ""


def _shocks(scenario: Scenario) -> Iterator[str]:
    for shock in scenario.shocks:
        driver = scenario.drivers.get(shock.driver)
        if shock.state is not None:
            yield f"On {shock.date}, {shock.driver} is put into {shock.state}."
        elif shock.size is not None:
            relative = driver is not None and driver.positive
            unit = "of its price" if relative else _unit(scenario, shock.driver)
            half = "" if shock.half_life is None else f"; it halves in {_months(shock.half_life)}"
            yield _sentence(
                f"on {shock.date}, {shock.driver} departs by {number_text(shock.size)} {unit}".rstrip() + half
            )


def _paces(scenario: Scenario) -> Iterator[str]:
    for name, pace in scenario.paces.items():
        users = [a.id for a in scenario.agreements if name in {a.pace, *(m.pace for m in a.milestones.values())}]
        parts = [_of_it(_named(name, pace.title), f" is the pace of {listed(users)}" if users else " is a pace")]
        if pace.includes:
            parts.append(_sentence(f"it has the effects of {listed(pace.includes)}"))
        parts += [_sentence(f"work is {effect_text(e, _unit(scenario, e.driver))}") for e in pace.effects]
        if not pace.effects and not pace.includes:
            parts.append("Nothing disturbs it.")
        yield " ".join(parts)


def _agreement(scenario: Scenario, agreement: Agreement) -> str:
    def said() -> Iterator[str]:
        form = agreement.form or "agreement"
        form = f" is {'an' if form[0].lower() in 'aeiou' else 'a'} {form}"
        form += f", in the sector {agreement.sector}" if agreement.sector else ""
        between = f", between {listed(agreement.parties)}" if agreement.parties else ""
        day = f", signed {agreement.signed}" if agreement.signed is not None else ""
        yield _of_it(_named(agreement.id, agreement.title), f"{form}{between}{day}")
        if agreement.presence != 1:
            yield f"It is in the portfolio with chance {number_text(agreement.presence)}."
        if agreement.depth != 1:
            yield f"Its depth is {number_text(agreement.depth)}."
        # in the order in which they can be done, which is not that of a file with templates
        for _, name in order({agreement.id: agreement}):
            yield _milestone(name, agreement.milestones[name], agreement.pace)
        if agreement.flow is not None:
            yield _flow(scenario, agreement.flow, agreement.flow_weight)
        if agreement.ending is not None:
            yield f"It ends with a hazard of {number_text(agreement.ending.rate)} a year."
            for effect in agreement.ending.effects:
                yield _sentence(f"the hazard is {effect_text(effect, _unit(scenario, effect.driver))}")
        if agreement.ceremonies:
            events = listed([f"{c.driver} (weight {c.weight:g})" for c in agreement.ceremonies])
            yield f"It is honoured by {events}."
        hidden = [*agreement.frailties, *(["a factor of its own"] if agreement.frailty != 0 else [])]
        if hidden:
            yield f"Hidden factors on its paces: {listed(hidden)}."

    return _join(said())


def _milestone(name: str, milestone: Milestone, pace: str | None) -> str:
    counts = "delivery" if milestone.track == "material" else "ceremony"
    weight = f" (weight {milestone.weight:g} in {counts})" if milestone.weight else ""
    after = f" after {listed(milestone.after)}" if milestone.after else ""
    never = f", and is never pursued with chance {number_text(milestone.never)}" if milestone.never != 0 else ""
    own = f", on the pace {milestone.pace}" if milestone.pace not in (None, pace) else ""
    earliest = f", not before {milestone.earliest}" if milestone.earliest is not None else ""
    takes = "is done at once" if milestone.duration == 0 else f"takes {_months(milestone.duration)}"
    text = f", {milestone.track}{weight}, {takes}{after}{own}{earliest}{never}"
    return _of_it(f"{name} ({milestone.title})" if milestone.title else name, text)


def _flow(scenario: Scenario, flow: Flow, weight: float) -> str:
    ramp = f" over a ramp of {_months(flow.ramp)}" if flow.ramp != 0 else ""
    capacity = f", {number_text(flow.capacity)} when undisturbed" if flow.capacity is not None else ""
    target = number_text(flow.target, flow.unit)
    start = f"once {listed(flow.after)} stands" if len(flow.after) == 1 else f"once {listed(flow.after)} stand"
    sentences = [_sentence(f"it delivers up to {target}{capacity} (weight {weight:g} in delivery) {start}{ramp}")]
    sentences += [_sentence(f"the flow is {effect_text(e, _unit(scenario, e.driver))}") for e in flow.effects]
    return " ".join(sentences)


def _quantities(scenario: Scenario) -> Iterator[str]:
    for name, quantity in scenario.quantities.items():
        yield f"{_named(name, quantity.title)} is {quantity.expression}{in_unit(quantity.unit)}."
