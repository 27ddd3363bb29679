"""Agreements in words: milestones, a flow, an ending, what honours it, what is hidden."""

from __future__ import annotations

from collections.abc import Iterator

from pactrisk.agreements import Agreement, Flow, Milestone
from pactrisk.agreements.waiting import order
from pactrisk.explain.driver_words import unit_of
from pactrisk.explain.effects import effect_text, number_text
from pactrisk.explain.sentences import joined, months, named, of_it, sentence
from pactrisk.findings.wording import listed
from pactrisk.scenario import Scenario

__all__ = ["agreement_words"]


def agreement_words(scenario: Scenario, agreement: Agreement) -> str:
    """An agreement in a paragraph, its milestones in an order in which they can be done."""

    def said() -> Iterator[str]:
        yield _document(agreement)
        yield from _people(agreement)
        if agreement.presence != 1:
            yield f"It is in the portfolio with chance {number_text(agreement.presence)}."
        if agreement.depth != 1:
            yield f"Its depth is {number_text(agreement.depth)}."
        if agreement.pace is not None:
            yield f"Its pace is {agreement.pace}."
        # not in the order of the file, in which those of a template come last
        for _, name in order({agreement.id: agreement}):
            yield from _milestone(name, agreement.milestones[name], agreement.pace)
        if agreement.flow is not None:
            yield from _flow(scenario, agreement.flow, agreement.flow_weight)
        if agreement.ending is not None:
            yield f"It ends with a hazard of {number_text(agreement.ending.rate)} a year."
            for effect in agreement.ending.effects:
                yield sentence(f"the hazard is {effect_text(effect, unit_of(scenario, effect.driver))}")
        if agreement.ceremonies:
            yield f"It is honoured by {listed([f'{c.driver} (weight {c.weight:g})' for c in agreement.ceremonies])}."
        if agreement.frailties:
            yield f"Hidden factors on its paces: {listed(list(dict.fromkeys(agreement.frailties)))}."
        if agreement.frailty != 0:
            sd = number_text(agreement.frailty)
            yield f"A hidden factor of its own lies on its paces; its logarithm has a standard deviation of {sd}."

    return joined(said())


def _document(agreement: Agreement) -> str:
    form = agreement.form or "agreement"
    form = f" is {'an' if form[0].lower() in 'aeiou' else 'a'} {form}"
    form += f", in the sector {agreement.sector}" if agreement.sector else ""
    several = len(agreement.parties) > 1
    between = f", {'between' if several else 'of'} {listed(agreement.parties)}" if agreement.parties else ""
    day = f", signed {agreement.signed}" if agreement.signed is not None else ""
    return of_it(named(agreement.id, agreement.title), f"{form}{between}{day}")


def _people(agreement: Agreement) -> Iterator[str]:
    for one, many, names in (
        ("stakeholder", "stakeholders", agreement.stakeholders),
        ("beneficiary", "beneficiaries", agreement.beneficiaries),
    ):
        if names:
            yield f"Its {f'{one} is' if len(names) == 1 else f'{many} are'} {listed(names)}."


def _milestone(name: str, milestone: Milestone, pace: str | None) -> Iterator[str]:
    counts = "delivery" if milestone.track == "material" else "ceremony"
    weight = f" (weight {milestone.weight:g} in {counts})" if milestone.weight else ""
    after = f"follows {listed(milestone.after)} and " if milestone.after else ""
    takes = "is done at once" if milestone.duration == 0 else f"takes {months(milestone.duration)}"
    called = f"{name} ({milestone.title})" if milestone.title else name
    yield of_it(called, f", {milestone.track}{weight}, {after}{takes}")
    more = [f"runs on the pace {milestone.pace}"] if milestone.pace not in (None, pace) else []
    more += [f"cannot be done before {milestone.earliest}"] if milestone.earliest is not None else []
    more += [f"is never pursued with chance {number_text(milestone.never)}"] if milestone.never != 0 else []
    if more:
        yield sentence("it", listed(more))


def _flow(scenario: Scenario, flow: Flow, weight: float) -> Iterator[str]:
    begins = f"once {listed(flow.after)} {'stands' if len(flow.after) == 1 else 'stand'}"
    ramp = f" and grows to its capacity over {months(flow.ramp)}" if flow.ramp != 0 else ""
    called = f" ({flow.title})" if flow.title else ""
    yield f"Its flow{called} begins {begins}{ramp} (weight {weight:g} in delivery)."
    target = f"Its target, what counts as the whole promise, is {number_text(flow.target, flow.unit)}"
    if flow.capacity is None:
        yield f"{target}; as much flows when nothing disturbs."
    else:
        yield f"{target}; its capacity, what flows when nothing disturbs, is {number_text(flow.capacity, flow.unit)}."
    if flow.variation != 0:
        sd = number_text(flow.variation)
        yield f"From trial to trial what flows varies: its logarithm has a standard deviation of {sd}."
    yield from (sentence(f"the flow is {effect_text(e, unit_of(scenario, e.driver))}") for e in flow.effects)
