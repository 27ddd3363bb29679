"""Names for people: which things share one, and how a report then tells them apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.specs import Spec

__all__ = ["Path", "alike_in_question", "alike_in_scenario", "question_told_apart", "told_apart"]

Path = tuple[str, ...]
"""Where a thing stands: its table and its key, and of what is part of another thing both of each."""
Table = TypeVar("Table", bound=Spec)

_OF_SCENARIO = ("factors", "drivers", "paces", "frailties", "agreements", "quantities")
_OF_QUESTION = ("variants", "conditions", "cuts")
_WITHIN = ("states", "milestones")


def alike_in_scenario(scenario: Scenario) -> list[tuple[Path, ...]]:
    """Things of a scenario that go by one name: several drivers, say, or several milestones of one agreement."""
    return list(_alike(scenario, _OF_SCENARIO))


def alike_in_question(question: Question) -> list[tuple[Path, ...]]:
    """Variants, conditions and cuts that go by one name."""
    return list(_alike(question, _OF_QUESTION))


def told_apart(worlds: Sequence[Scenario]) -> list[Scenario]:
    """The same worlds, with its id behind each title that several things have in one of them.

    It stands there in all worlds alike: a world differs from another by what happens in it alone.
    """
    shared = {path for world in worlds for group in alike_in_scenario(world) for path in group}
    return [_with_ids(world, _OF_SCENARIO, shared) for world in worlds]


def question_told_apart(question: Question) -> Question:
    """The same question, with its id behind each title that several variants, conditions or cuts have."""
    shared = {path for group in alike_in_question(question) for path in group}
    return _with_ids(question, _OF_QUESTION, shared)


def _alike(spec: Spec, words: Iterable[str], above: Path = ()) -> Iterator[tuple[Path, ...]]:
    for word in words:
        entries = _entries(spec, word)
        groups: dict[str, list[Path]] = {}
        for key, entry in entries.items():
            name = " ".join((entry.title or key).split()).casefold()
            groups.setdefault(name, []).append((*above, word, key))
        yield from (tuple(group) for group in groups.values() if len(group) > 1)
        for key, entry in entries.items():
            yield from _alike(entry, _WITHIN, (*above, word, key))


def _entries(spec: Spec, word: str) -> Mapping[str, Any]:
    found = getattr(spec, word, None) or {}
    return found if isinstance(found, Mapping) else {entry.id: entry for entry in found}


def _with_ids(spec: Table, words: Iterable[str], shared: Collection[Path], above: Path = ()) -> Table:
    """What changes nothing is left as it is: worlds share most of their tables."""
    update: dict[str, Any] = {}
    for word in words:
        entries, paths = _entries(spec, word), {key: (*above, word, key) for key in _entries(spec, word)}
        made = {key: _with_ids(entry, _WITHIN, shared, paths[key]) for key, entry in entries.items()}
        for key, entry in made.items():
            if entry.title and paths[key] in shared:
                made[key] = entry.model_copy(update={"title": f"{entry.title} ({key})"})
        if any(made[key] is not entry for key, entry in entries.items()):
            update[word] = made if isinstance(getattr(spec, word), Mapping) else tuple(made.values())
    return spec.model_copy(update=update) if update else spec
