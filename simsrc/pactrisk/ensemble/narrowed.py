"""What the words of a precision name: results of which a run can be asked for narrow intervals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from pactrisk.ensemble.conditions import conditions_of
from pactrisk.outcomes import CLASSES
from pactrisk.question import Question
from pactrisk.scenario import Scenario

__all__ = ["Named", "named_in"]


class Named(NamedTuple):
    """A result, by what it is about: ``of`` is one of a kind, or empty for each of them.

    ``part`` is the class of an agreement, or the agreement that is looked at under a variant or a condition.
    """

    kind: Literal["agreements", "number", "quantities", "rare", "variants", "conditions"]
    of: str = ""
    part: str = ""

    @property
    def analysis(self) -> str:
        """The analysis that keeps it; empty for what is always kept."""
        return "" if self.kind in ("agreements", "number") else self.kind

    @property
    def is_chance(self) -> bool:
        """Whether it is a chance, and no number or difference of numbers."""
        return self.kind in ("agreements", "rare", "conditions") or bool(self.part)


def named_in(question: Question, scenario: Scenario, variants: Iterable[str]) -> Mapping[str, Named]:
    """Every word that a precision can hold, by what it names; one that could name several things names the first."""
    found: dict[str, Named] = {}
    for word, named in _words(question, scenario, tuple(variants)):
        found.setdefault(word, named)
    return found


def _words(question: Question, scenario: Scenario, variants: tuple[str, ...]) -> Iterator[tuple[str, Named]]:
    ids, conditions = scenario.ids, tuple(conditions_of(question, scenario))
    yield "agreements", Named("agreements")
    yield from ((id_, Named("agreements", id_)) for id_ in ids)
    yield "number", Named("number")
    yield from ((f"{id_}.{part}", Named("agreements", id_, part)) for id_ in ids for part in CLASSES)
    yield from ((name, Named("quantities", name)) for name in scenario.quantities)
    if question.rare is not None:
        yield "rare", Named("rare")
    of: tuple[tuple[Literal["variants", "conditions"], tuple[str, ...]], ...]
    of = (("variants", variants), ("conditions", conditions))
    for kind, names in of:
        if names:
            yield kind, Named(kind)
        yield from ((name, Named(kind, name)) for name in names)
        yield from ((f"{name}.{id_}", Named(kind, name, id_)) for name in names for id_ in ids)
