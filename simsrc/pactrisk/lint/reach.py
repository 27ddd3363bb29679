"""Remarks on what lies where nothing ever comes: thresholds, references, conditions, flows that cannot count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pactrisk.drivers import Effect
from pactrisk.expressions import Expression
from pactrisk.lint.fault import Fault, typical
from pactrisk.numerals import counted, shown
from pactrisk.question import NUMBER, Question
from pactrisk.ranges import Range, driver_ranges, settled
from pactrisk.scenario import Key, Scenario
from pactrisk.spreads import extent
from pactrisk.tables import Table

__all__ = ["condition_remarks", "never", "reach_remarks"]

_NOTHING = 0.01
_TAIL = 0.01


def reach_remarks(scenario: Scenario, every: Iterable[Table]) -> Iterator[Fault]:
    """Effects, among all tables, that a driver always or never sets off, and flows far below their target."""
    known = _ranges(scenario)
    for table in every:
        if isinstance(table.spec, Effect) and not table.spec.formless and table.spec.driver in known:
            yield from _beyond(table.spec, table.keys, known[table.spec.driver])
    for place, agreement in enumerate(scenario.agreements):
        flow = agreement.flow
        if flow is None or flow.capacity is None:
            continue
        (_, most), (least, _) = (typical(value, _TAIL) for value in (flow.capacity, flow.target))
        if 0 < most < _NOTHING * least:
            path: Key = ("agreements", place, "flow", "capacity")
            message = f"at most {shown(float(f'{most:.3g}'))} a year is not a hundredth of the target"
            rests = ((*path[:-1], "target"),)
            yield Fault(path, message, f"both are in the flow's unit, {flow.unit}", rests)


def condition_remarks(question: Question, scenario: Scenario) -> Iterator[Fault]:
    """Conditions that are settled before any trial."""
    known = _ranges(scenario) if question.conditions else {}
    for name, condition in question.conditions.items():
        names = Expression(condition.when).names
        rests = tuple(("drivers", dotted.partition(".")[0]) for dotted in names)
        # a name that is no driver's is told elsewhere
        known_all = all(driver in scenario.drivers for _, driver in rests)
        found = settled(scenario, condition.when, known) if names and known_all else None
        if found is not None:
            why, holds = ", ".join(_bounds_said(known, names)), "always" if found else "never"
            yield Fault(("conditions", name, "when"), f"it {holds} holds{f': {why}' if why else ''}", rests=rests)


def never(scenario: Scenario, event: str) -> list[str] | None:
    """Why an event over drivers, agreements and their number can never happen, by what these can be at all, as far as
    there are words for it; None where it may happen.
    """
    size = len(scenario.agreements)
    # what is delivered is a share of the depth
    delivered = {f"{a.id}.delivery": Range(0, extent(a.depth)[1]) for a in scenario.agreements}
    known = _ranges(scenario) | delivered
    if settled(scenario, event, {NUMBER: Range(0, size, whole=True)} | known) is not False:
        return None
    names = Expression(event).names
    has = [f"the portfolio has {counted(size, 'agreement')}"] if NUMBER in names else []
    return [*has, *_bounds_said(known, names)]


def _bounds_said(known: Mapping[str, Range], names: Iterable[str]) -> list[str]:
    """Between what each of these that is a driver lies, where that is anywhere."""
    return [f"{name} {_between(known[name])}" for name in names if name in known and known[name] != Range()]


def _ranges(scenario: Scenario) -> dict[str, Range]:
    try:
        return driver_ranges(scenario)
    except ValueError:
        # drivers that read one another in a circle are told elsewhere
        return {}


def _between(found: Range) -> str:
    ends = [
        f"{word} {shown(end)}"
        for word, end in (("at least", found.low), ("at most", found.high))
        if abs(end) < float("inf")
    ]
    return f"is {' and '.join(ends)}"


def _beyond(effect: Effect, keys: Key, reached: Range) -> Iterator[Fault]:
    name = effect.driver
    if effect.above is not None:
        low, high = extent(effect.above)
        yield from _settled_beforehand((*keys, "above"), name, reached, low >= reached.high, high < reached.low)
    if effect.below is not None:
        low, high = extent(effect.below)
        yield from _settled_beforehand((*keys, "below"), name, reached, high <= reached.low, low > reached.high)
    if effect.reference is not None:
        low, high = extent(effect.reference)
        if high < reached.low or low > reached.high:
            message = f"{name} {_between(reached)}: it is never at its reference"
            yield Fault((*keys, "reference"), message, rests=(("drivers", name), ("shocks",)))


def _settled_beforehand(path: Key, name: str, reached: Range, never: bool, always: bool) -> Iterator[Fault]:
    if never or always:
        message = f"{name} {_between(reached)}: the factor {'never' if never else 'always'} holds"
        yield Fault(path, message, rests=(("drivers", name), ("shocks",)))
