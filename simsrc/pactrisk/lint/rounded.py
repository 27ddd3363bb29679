"""Remarks on what a question does not get: times that are no whole number of steps, keys that do nothing, and titles
that tell nothing apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from pactrisk.cuts import UNASKED
from pactrisk.drivers import Effect
from pactrisk.lint.fault import Fault
from pactrisk.lint.reach import condition_remarks
from pactrisk.lint.titles import question_title_remarks
from pactrisk.numerals import counted, shown
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.tables import Table

__all__ = ["effect_remarks", "question_remarks"]

_HINT = 'a grid of months is finer: step = "month"'
_YEAR = 12


def effect_remarks(every: Iterable[Table], step: int = 1) -> Iterator[Fault]:
    """Lags and averages of effects, among all tables of a scenario, that no step ends on."""
    for table in every:
        if isinstance(table.spec, Effect):
            for word, least in (("lag", 0), ("average", 1)):
                months = getattr(table.spec, word)
                # no average at all is one step
                counts = max(round(months / step), least) * step
                if months and counts != months:
                    yield _remark((*table.keys, word), word, months, counts, step)


def question_remarks(question: Question, scenario: Scenario) -> list[Fault]:
    """Spans of a question that no step ends on, what its executor has no use for, and titles that several things share;
    paths are those of the config."""
    step, grid = (1 if question.step == "month" else 3), question.grid(scenario.signed)
    found = []
    asked = {"horizon": (question.horizon, grid.steps), "headline": (question.headline, None)}
    for word, (span, point) in asked.items():
        if span is None:
            continue
        if isinstance(span, date):
            # a horizon that is a date ends before it, as everyone who writes one expects
            found += _judged_on(question, scenario, span) if word == "headline" else []
            continue
        counts = (question.headline_point(scenario.signed) if point is None else point) * step
        if counts != span:
            found.append(_remark((word,), word, float(span), counts, step))
    window = question.rule.window
    counts = max(round(window / step), 1) * step
    if counts != window:
        found.append(_remark(("rule", "window"), "window", window, counts, step))
    headline = question.headline_point(scenario.signed) * step
    for name, condition in question.conditions.items():
        if condition.months > headline:
            spans = (counted(span, "month") for span in (condition.months, headline))
            message = "it can never hold for {} before the headline, {}".format(*spans)
            found.append(Fault(("conditions", name, "months"), message))
    found += [*_too_young(question, scenario), *_less_than_a_year(question, scenario)]
    listed = (*condition_remarks(question, scenario), *question_title_remarks(question))
    return [*found, *listed, *_useless(question), *_counted(question, scenario)]


def _judged_on(question: Question, scenario: Scenario, headline: date) -> list[Fault]:
    """That a headline between two dates of the grid is judged on the first of them."""
    grid = question.grid(scenario.signed)
    day = grid.dates[question.headline_point(scenario.signed)]
    if day == headline:
        return []
    message = f"{headline} is no date of the grid, which counts from the signature: judged is {day}"
    hint = f"write headline = {day}" if day > scenario.signed else ""
    return [Fault(("headline",), message, hint, (("signed",),))]


def _too_young(question: Question, scenario: Scenario) -> Iterator[Fault]:
    """Agreements that are too young at the headline to be symbolic or dormant: those of which nothing is delivered are
    pending.
    """
    pending, point = question.rule.pending, question.headline_point(scenario.signed)
    if not point:
        return
    grid, age = question.grid(scenario.signed), _ages(question, scenario)
    unsigned = [id_ for id_, months in age.items() if months < 0]
    if unsigned:
        are = "is" if len(unsigned) == 1 else "are"
        message = f"{', '.join(unsigned)} {are} signed after it, {grid.dates[point]}: too young to be judged then"
        yield Fault(("headline",), message, rests=(("signed",),))
    elif max(age.values()) < pending:
        young = f"every agreement is younger than {counted(pending, 'month')} then"
        message = f"{young}: what is not delivered is too young to judge"
        hint = "a later one, or a smaller rule.pending, can tell symbolic from dormant"
        yield Fault(("headline",), message, hint, (("signed",),))


def _less_than_a_year(question: Question, scenario: Scenario) -> Iterator[Fault]:
    """Flows that cannot have gone on for the year that their targets are for."""
    flowing = {a.id for a in scenario.agreements if a.flow is not None and a.flow_weight > 0}
    short = {id_: age for id_, age in _ages(question, scenario).items() if id_ in flowing and 0 < age < _YEAR}
    if short:
        most = counted(max(short.values()), "month")
        whose = f"no flow can have gone on for more than {most}"
        if short.keys() != flowing:
            whose = f"the flow of {', '.join(short)} can have gone on for {most} at most"
        message = f"a target is for a year, and {whose} by then"
        yield Fault(("headline",), message, "a later one, or targets of as many months", (("signed",),))


def _ages(question: Question, scenario: Scenario) -> dict[str, float]:
    """Months from the signature of each agreement to the headline; below 0 where it is signed later."""
    grid = question.grid(scenario.signed)
    until = float(grid.months[question.headline_point(scenario.signed)])
    return {a.id: until - grid.month_of(a.signed or scenario.signed) for a in scenario.agreements}


def _useless(question: Question) -> Iterator[Fault]:
    """Sets of cuts that move none, and keys that the executor has no use for."""
    for name, cuts in question.cuts.items():
        if cuts.moved(question.rule) == question.rule and question.cuts != UNASKED:
            message = "every cut that it gives is the rule's: it moves none"
            yield Fault(("cuts", name), message, "give another cut, or leave the set out")
    executor = question.executor
    if question.scheduler is not None and executor != "dask":
        yield Fault(("scheduler",), "only the executor dask has a scheduler", 'write executor = "dask"')
    if executor == "alone" and question.workers > 1:
        yield Fault(("workers",), "the executor alone is one process", "leave it out, or take the executor processes")
    if executor == "alone" and question.batch > 1:
        yield Fault(("batch",), "the executor alone has no workers to give blocks to", "leave it out")
    if executor == "dask" and question.workers:
        yield Fault(("workers",), "the executor dask has the workers of its scheduler", "leave it out")


def _counted(question: Question, scenario: Scenario) -> Iterator[Fault]:
    """Agreements that conditional Monte Carlo can do nothing for."""
    if not question.conditional_monte_carlo:
        return
    # a check loads nothing of what makes blocks unless it must
    from pactrisk.ensemble.integrated import out_of_reach

    if ids := out_of_reach(scenario):
        whose = "the chances of " + (", ".join(ids) if len(ids) < len(scenario.ids) else "every agreement")
        why = "who waits for what waits for it, or has more than ten milestones in doubt, is not worked out"
        yield Fault(("conditional_monte_carlo",), f"{whose} are counted all the same: {why}")


def _remark(path: tuple[str | int, ...], word: str, months: float, counts: float, step: int) -> Fault:
    message = f"{word} = {shown(months)} is no whole number of {'months' if step == 1 else 'quarters'}"
    return Fault(path, f"{message}: it counts as {counted(counts, 'month')}", _HINT if step > 1 else "")
