"""Faults of a question asked of a scenario."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterator
from datetime import date

from pactrisk.drivers.processes.regime import Regime
from pactrisk.ensemble.narrowed import named_in
from pactrisk.expressions import Expression
from pactrisk.lint.fault import Fault, near, quoted, unfound
from pactrisk.lint.portfolio import PARTS, ambiguous, part_fault, unclear
from pactrisk.lint.reach import never
from pactrisk.lint.readings import in_formula, of_state
from pactrisk.lint.worlds import reading_fault
from pactrisk.numerals import shown
from pactrisk.outcomes import CLASSES, GROUPS
from pactrisk.question import NUMBER, Question
from pactrisk.scenario import Key, Scenario
from pactrisk.sizes import dates_within
from pactrisk.spelling import nearest, plainly

__all__ = ["question_faults", "size_faults"]

_LONGEST = 1200
_HALF = 0.5
_SHORT = 80
_NAMED = ("quantities", "variants", "conditions")
_MEMORY = 512 * 2**20


def question_faults(question: Question, scenario: Scenario) -> list[Fault]:
    """What is wrong with a question when it is asked of this scenario; paths are those of the config."""
    listed = [
        *_spans(question, scenario),
        *size_faults(question, scenario, ("horizon",)),
        *_conditions(question, scenario),
        *_precision(question, scenario),
        *_executor(question),
        *_rare(question, scenario),
    ]
    lost = unclear(scenario)
    return [fault for fault in listed if not fault.rests_on(lost)]


def size_faults(question: Question, scenario: Scenario, path: tuple[str, ...]) -> Iterator[Fault]:
    """A block of trials that would not fit in memory: every agreement and driver is kept at every date."""
    if not 0 < question.months(question.horizon, scenario.signed) <= _LONGEST:
        return
    dates = question.grid(scenario.signed).points
    most = dates_within(scenario, _MEMORY)
    if dates > most:
        asked = f"{len(scenario.agreements):,} agreements and {len(scenario.drivers):,} drivers at {dates:,} dates"
        if most < 2:
            yield Fault(path, f"{asked} do not fit in memory, nor would any horizon", "make several portfolios of it")
            return
        coarser = question.step == "month" and dates // 3 < most
        hint = 'step = "quarter" needs a third' if coarser else "shorten the horizon, or make several portfolios of it"
        spans = (("horizon",), ("step",))
        yield Fault(path, f"{asked} do not fit in memory: at most {most:,} dates would", hint, spans)


def _spans(question: Question, scenario: Scenario) -> Iterator[Fault]:
    horizon = question.months(question.horizon, scenario.signed)
    step = 1 if question.step == "month" else 3
    if horizon < step:
        rests, after = _counted(question.horizon, scenario.signed)
        yield Fault(("horizon",), f"must be at least a {question.step} {after}", rests=rests)
    elif horizon > _LONGEST:
        rests, _ = _counted(question.horizon, scenario.signed)
        yield Fault(("horizon",), f"must be at most {_LONGEST} months, not {horizon:g}", rests=rests)
    if question.headline is None:
        return
    headline = question.months(question.headline, scenario.signed)
    if headline <= 0:
        rests, after = _counted(question.headline, scenario.signed)
        yield Fault(("headline",), f"must be {after}", rests=rests)
    elif headline > horizon >= step:
        message = f"{headline:g} months lie beyond the horizon, {horizon:g} months"
        yield Fault(("headline",), message, rests=(("horizon",), ("signed",)))


def _counted(span: int | date, signed: date) -> tuple[tuple[Key, ...], str]:
    """What a span in months rests on, and the words for what it is counted from: a date counts from the signature."""
    if isinstance(span, date):
        return (("signed",),), f"after the signature, {signed}"
    return (), "after the signature"


def _executor(question: Question) -> Iterator[Fault]:
    if question.executor == "dask" and question.scheduler is None:
        hint = 'write scheduler = "tcp://10.0.0.5:8786", or give --scheduler; dask scheduler prints its address'
        yield Fault(("executor",), "dask needs the address of a scheduler", hint, (("scheduler",),))


def _precision(question: Question, scenario: Scenario) -> Iterator[Fault]:
    """Names of what must be narrow; those that an analysis keeps need the analysis."""
    if question.precision is None:
        return
    named, narrow = named_in(question, scenario, question.variants), question.precision
    if narrow.half_width >= _HALF and all(word in named and named[word].is_chance for word in narrow.of):
        width = narrow.half_width
        message = f"half the width of an interval of a chance is below 0.5, not {shown(width)}"
        hint = f"a share of 1: {shown(width)} points are {shown(width / 100)}"
        yield Fault(("precision",), message, hint, (("precision", "half_width"), ("precision", "of")))
    for place, word in enumerate(narrow.of):
        path = ("precision", "of", str(place))
        if word not in named:
            parts = (word, *word.rpartition(".")[::2])
            rests = tuple(
                key for one in parts for key in (("agreements", one, "id"), *((kind, one) for kind in _NAMED), (one,))
            )
            whole = [name for name, one in named.items() if "." in word or not one.part]
            hint = _of_group(word, scenario) or _of_title(word, question, scenario, named)
            hint = hint or near(word, whole, "there are")
            yield Fault(path, f"{quoted(word)} is nothing that a run estimates", hint, rests)
            continue
        needs = named[word].analysis
        if needs and question.analyses and needs not in question.analyses:
            yield Fault(path, f"{word} needs the analysis {needs}, which analyses leaves out")


def _of_group(word: str, scenario: Scenario) -> str:
    """How the chance of a group of an agreement is asked for; empty where a word is none."""
    id_, _, part = word.partition(".")
    group = nearest(part, GROUPS) if id_ in scenario.ids and plainly(part) in map(plainly, GROUPS) else None
    if group is None:
        return ""
    # cooperation is what is told of an agreement by itself
    classes = GROUPS[group]
    if len(classes) > 1 and CLASSES[0] not in classes:
        return "write " + ", ".join(f'"{id_}.{name}"' for name in classes)
    return f"write {id_ if CLASSES[0] in classes else f'{id_}.{classes[0]}'}"


def _of_title(word: str, question: Question, scenario: Scenario, named: Container[str]) -> str:
    """What bears this title is asked for by its name; empty where none does, or several."""
    titled = [(name, variant.title) for name, variant in question.variants.items()]
    titled += [(name, condition.title) for name, condition in question.conditions.items()]
    titled += [(name, quantity.title) for name, quantity in scenario.quantities.items()]
    titled += [(agreement.id, agreement.title) for agreement in scenario.agreements]
    names = {name for name, title in titled if title and plainly(title) == plainly(word) and name in named}
    return f"write {names.pop()}" if len(names) == 1 else ""


def _conditions(question: Question, scenario: Scenario) -> Iterator[Fault]:
    for name, condition in question.conditions.items():
        path = ("conditions", name, "when")
        formula = Expression(condition.when)
        names = formula.names
        if not names:
            yield Fault(path, "reads no driver: it always holds or never does")
        for reading in in_formula(path, formula, "quantity", name):
            driver = reading.driver
            if of_state(scenario, reading):
                continue
            if driver not in scenario.drivers and driver in scenario.ids:
                message = f"{driver} is an agreement: a condition is about drivers"
                yield Fault(path, message, sought=("drivers",))
                continue
            fault = reading_fault(scenario, reading)
            if fault is not None:
                yield fault
        if names and isinstance(formula.tree(), ast.Name):
            driver_ = scenario.drivers.get(names[0])
            if driver_ is not None and not isinstance(driver_, Regime) and driver_.kind != "formula":
                yield Fault(path, f"{names[0]} is a number: it neither holds nor fails", f"write {names[0]} < 50 or so")


def _rare(question: Question, scenario: Scenario) -> Iterator[Fault]:
    """What a rare event reads, and whether it is something that happens."""
    if question.rare is None:
        return
    path, event = ("rare", "event"), question.rare.event
    names = Expression(event).names
    if question.analyses and "rare" not in question.analyses:
        yield Fault(("analyses",), "leaves out rare, which tells the chance of the rare event", "add rare to analyses")
    if not names:
        yield Fault(path, "reads nothing: it always happens or never does", f"write {NUMBER} >= 9 or so")
        return
    unread = list(_unread(path, event, scenario, shown(question.rule.partial)))
    yield from unread
    # whether it can happen is known once it is known what is read
    if unread:
        return
    if not _can_happen(event, scenario):
        part = names[0].partition(".")[2]
        least = shown(question.rule.partial) if part == PARTS[0] else "1"
        yield Fault(path, "is a number: it neither happens nor fails", f"compare it, as in {names[0]} >= {least}")
    elif (why := never(scenario, event)) is not None:
        rests = tuple(("drivers", name.partition(".")[0]) for name in names)
        yield Fault(path, f"can never happen: {', '.join(why)}" if why else "can never happen", rests=rests)


def _unread(path: tuple[str, ...], event: str, scenario: Scenario, partial: str) -> Iterator[Fault]:
    """Names in a rare event that stand for nothing it can read; ``partial`` is the delivery that is cooperation."""
    by_id = {agreement.id: agreement for agreement in scenario.agreements}
    untold = ambiguous(scenario)
    formula = Expression(event)
    truths = set(_truths(formula.tree()))
    for reading in in_formula(path, formula, "quantity", "rare"):
        name = reading.driver
        fault: Fault | None = None
        if (name, reading.state) == (NUMBER, None):
            if NUMBER in scenario.drivers:
                fault = Fault(path, f"{NUMBER} is a driver as well: the two could not be told apart")
        elif name in untold or of_state(scenario, reading):
            continue
        elif name in by_id:
            fault = part_fault(by_id[name], reading.state or "", path, CLASSES)
            if fault is not None and name in truths:
                message = f"{name} is an agreement: it neither happens nor fails"
                fault = Fault(path, message, f"write {name}.delivery >= {partial} or {name}.substantive")
        elif name in scenario.quantities and name not in scenario.drivers:
            message = f"{quoted(name)} is a quantity: none is read here, only drivers and agreements"
            written = _in_place(scenario.quantities[name].expression)
            compare = " >= 1" if written and name in truths else ""
            rests = (("agreements", name, "id"), ("drivers", name))
            fault = Fault(path, message, f"write {written}{compare}" if written else "write its expression", rests)
        elif name not in scenario.drivers:
            message = f"no driver or agreement is called {quoted(name)}"
            rests = (("agreements", name, "id"), ("drivers", name))
            known = (NUMBER, *scenario.drivers, *by_id)
            fault = unfound(path, message, name, known, "names", rests, ("drivers", "agreements"))
        else:
            fault = reading_fault(scenario, reading)
        if fault is not None:
            yield fault


def _truths(tree: ast.expr) -> Iterator[str]:
    """Names without a part that stand alone where something holds or not."""
    match tree:
        case ast.Name(id=name):
            yield name
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _truths(operand)
        case ast.BoolOp(values=values):
            yield from (name for value in values for name in _truths(value))


def _in_place(expression: str) -> str:
    """An expression as it stands within a formula; empty where it is too long for a hint."""
    short = expression.strip() if len(expression) <= _SHORT else ""
    plain = not short or re.fullmatch(r"[\w.]+", short)
    return short if plain else f"({short})"


def _can_happen(event: str, scenario: Scenario) -> bool:
    """Whether a formula is a comparison, or the name of a state, a milestone or a class."""
    tree = ast.parse(event.strip(), mode="eval").body
    if isinstance(tree, ast.Attribute):
        return not any(event.strip() == f"{id_}.{part}" for id_ in scenario.ids for part in PARTS)
    return isinstance(tree.op, ast.Not) if isinstance(tree, ast.UnaryOp) else isinstance(tree, ast.Compare | ast.BoolOp)
