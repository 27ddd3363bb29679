"""Other cuts at which the headline is told again: what a config gives of them, and what the rule adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pactrisk.outcomes import CUTS, Rule, unfallen
from pactrisk.quantities import Num
from pactrisk.specs import Ruled, Wrong

__all__ = ["UNASKED", "Cuts", "moved_rules", "unfallen_together"]


class Cuts(Ruled):
    """Other cuts at which the headline is told again; those not given are the rule's."""

    title: str = ""
    """name for people"""
    substantive: (
        Annotated[
            float, Num("delivery from which an agreement is substantive; the rule's if not given", above=0, most=1)
        ]
        | None
    ) = None
    partial: (
        Annotated[float, Num("delivery from which it is partial; the rule's if not given", above=0, most=1)] | None
    ) = None
    token: Annotated[float, Num("delivery from which it is token; the rule's if not given", above=0, most=1)] | None = (
        None
    )
    symbolic: (
        Annotated[float, Num("ceremony from which it is symbolic; the rule's if not given", above=0, most=1)] | None
    ) = None

    def wrong(self) -> Iterator[Wrong]:
        """Cuts that do not fall."""
        return unfallen(self.given)

    @property
    def given(self) -> dict[str, float]:
        """The cuts that are given, by their names."""
        return {word: cut for word in CUTS if (cut := getattr(self, word)) is not None}

    def moved(self, rule: Rule) -> Rule:
        """The rule with these cuts."""
        return rule.model_copy(update=self.given)


UNASKED = {
    "looser": Cuts(title="looser: partial from 0.25, substantive from 0.50", substantive=0.5, partial=0.25),
    "stricter": Cuts(title="stricter: partial from 0.50, substantive from 0.75", substantive=0.75, partial=0.5),
}
"""The sets of cuts that are told of where none is asked for."""
_SIDES = {"looser": -1, "stricter": 1}


def unfallen_together(rule: Rule, every: Mapping[str, Cuts]) -> Iterator[Wrong]:
    """Sets of cuts that fall by themselves, but not together with those of a rule which falls by itself; as faults of
    the question that holds both.
    """
    if every == UNASKED or any(rule.wrong()):
        return
    for name, cuts in every.items():
        if not any(cuts.wrong()):
            for wrong in cuts.moved(rule).wrong():
                rests = tuple(f"cuts.{name}.{word}" if word in cuts.given else f"rule.{word}" for word in wrong.rests)
                own = next(word for word in wrong.rests if word not in cuts.given)
                yield Wrong(f"{wrong.message}, and {own} is the rule's", rests, ("cuts", name))


def moved_rules(rule: Rule, every: Mapping[str, Cuts]) -> dict[str, Rule]:
    """The rule with each set of cuts, by its name.

    Of the sets that nobody asked for, only what is so: one that is called looser must not be stricter than the rule.
    """
    found = {name: cuts.moved(rule) for name, cuts in every.items()}
    return {name: moved for name, moved in found.items() if every != UNASKED or _on_side(moved, rule, _SIDES[name])}


def _on_side(moved: Rule, rule: Rule, side: int) -> bool:
    """Whether cuts fall and lie above the rule's (below, where ``side`` is -1), and none on its other side."""
    apart = [side * (getattr(moved, word) - getattr(rule, word)) for word in CUTS]
    return min(apart) >= 0 and max(apart) > 0 and not any(moved.wrong())
