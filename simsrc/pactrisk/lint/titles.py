"""Remarks on titles that several things share, by which no reader could tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pactrisk.lint.fault import Fault
from pactrisk.question import Question
from pactrisk.scenario import Key, Scenario
from pactrisk.titles import Path, alike_in_question, alike_in_scenario

__all__ = ["question_title_remarks", "title_remarks"]

_HINT = "give each a title of its own: a report tells them apart by their ids alone"
_SAID = 3


def title_remarks(scenario: Scenario) -> Iterator[Fault]:
    """Things of a scenario that go by one name."""
    places: dict[str, int] = {id_: place for place, id_ in enumerate(scenario.ids)}
    for fault in _remarks(alike_in_scenario(scenario)):
        top, name, *rest = fault.path
        yield Fault((top, places[str(name)], *rest), fault.message, _HINT) if top == "agreements" else fault


def question_title_remarks(question: Question) -> Iterator[Fault]:
    """Variants, conditions and cuts that go by one name; paths are those of the config."""
    return _remarks(alike_in_question(question))


def _remarks(groups: Iterable[tuple[Path, ...]]) -> Iterator[Fault]:
    """One remark for each name, told of the second that bears it."""
    for group in groups:
        keys = [path[-1] for path in group]
        more = f" and {len(keys) - _SAID} more" if len(keys) > _SAID else ""
        *first, last = keys[:_SAID]
        named = f"{', '.join(keys[:_SAID])}{more}" if more else f"{', '.join(first)} and {last}"
        path: Key = (*group[1], "title")
        yield Fault(path, f"{named} have one title", _HINT)
