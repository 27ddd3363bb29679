"""Stopping as soon as intervals are narrow enough: asked at block counts that are fixed beforehand.

A run that looked after every block would stop at the first lucky one. Looks that lie half as far again apart each
time are few, and the first comes after ten thousand trials, when the width of an interval is known far better than
its centre: the coverage of an interval does not suffer (Chow and Robbins 1965, Annals of Mathematical Statistics 36,
457; a test counts it).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from pactrisk.ensemble import Plan, Reading, Sums
from pactrisk.ensemble.averages import average
from pactrisk.ensemble.conditions import conditions_of
from pactrisk.ensemble.given import given_in
from pactrisk.ensemble.narrowed import Named, named_in
from pactrisk.ensemble.unlikely import chance_in
from pactrisk.estimators import Estimates, difference, how_many, how_many_more, proportion
from pactrisk.outcomes import CLASSES

__all__ = ["Stopping", "half_widths"]

_FIRST, _APART = 5, 1.5


def half_widths(plan: Plan, sums: Sums) -> dict[str, float]:
    """Half the width of the widest interval of each thing that the question's precision names, so far."""
    asked = plan.question.precision
    if asked is None:
        return {}
    named = named_in(plan.question, plan.scenario, plan.variants)
    return {word: _half_width(named[word], plan, sums) for word in asked.of}


def _half_width(named: Named, plan: Plan, sums: Sums) -> float:
    k, level, shared, ids = plan.headline, plan.question.level, Reading(plan, sums), plan.scenario.ids
    match named:
        case Named("agreements", of, ""):
            return _widest(_one_or_all(proportion(shared.at_headline("each"), level), ids, of))
        case Named("agreements", of, part):
            place = CLASSES.index(part)
            return _widest(proportion(shared.shared("classes")[ids.index(of), k, place : place + 1], level))
        case Named("number"):
            return _widest(how_many(shared.shared("mean")[k : k + 1], level, len(ids)))
        case Named("quantities", of):
            return _widest(average(Reading(plan, sums, "quantities"), of)[k : k + 1])
        case Named("rare"):
            return _widest(chance_in(Reading(plan, sums, "rare")))
        case Named("variants", of, part):
            return _between(of, part, plan, Reading(plan, sums, "variants"))
        case _:
            return _widest(_under_conditions(named.of, named.part, plan, sums))


def _between(variant: str, id_: str, plan: Plan, own: Reading) -> float:
    """Of the difference that a variant makes: to how many agreements are in cooperation, or to the chance of one."""
    level, variants = plan.question.level, plan.variants
    if not id_:
        # the pairs that begin with the scenario come first
        most = max(len(each.ids) for each in (plan.scenario, *variants.values()))
        pairs = how_many_more(own.own("pairs")[: len(variants)], level, (-most, most))
        return _widest(_one_or_all(pairs, tuple(variants), variant))
    both = [each for each in plan.scenario.ids if each in variants[variant].ids]
    # of an agreement that the variant does not hold there is no difference to be known
    if id_ not in both:
        return math.inf
    return _widest(_one_or_all(difference(own.own(f"changes/{variant}")[:, 0], level), both, id_))


def _under_conditions(name: str, id_: str, plan: Plan, sums: Sums) -> Estimates:
    """Chances of substantive cooperation given a condition: of one agreement, of each, or of each given any condition
    that was ever seen."""
    names, ids = tuple(conditions_of(plan.question, plan.scenario)), plan.scenario.ids
    given = given_in(Reading(plan, sums, "conditions"), "events")
    chances = given.chances(plan.question.level)[0][:, : len(ids)]
    if name:
        return _one_or_all(chances[names.index(name)], ids, id_)
    seen = given.chance(plan.question.level).value > 0
    return chances[seen] if seen.any() else chances


def _one_or_all(found: Estimates, names: Sequence[str], name: str) -> Estimates:
    return found[names.index(name) :][:1] if name else found


def _widest(found: Estimates) -> float:
    return float(((found.high - found.low) / 2).max())


def _after(look: int) -> int:
    return max(math.ceil(look * _APART), look + 1)


@dataclass
class Stopping:
    """Called with the sums so far and the blocks in them, it says how many blocks there should be."""

    plan: Plan
    begun: int = 0
    """Blocks that an earlier run has done: the looks that it had are over."""
    _next: int = _FIRST
    _wanted: int = field(default=_FIRST)

    def __post_init__(self) -> None:
        while self._next < self.begun:
            self._next = _after(self._next)

    def __call__(self, sums: Sums, done: int) -> int:
        """Blocks that will do, as far as is known: no more than ``done`` once the run may stop."""
        asked = self.plan.question.precision
        if asked is None:
            return self.plan.blocks
        if done >= self._next:
            self._next = _after(done)
            # widths fall with the square root of the trials
            share = max(half_widths(self.plan, sums).values()) / asked.half_width
            if share <= 1:
                return done
            self._wanted = max(math.ceil(min(done * share * share, self.plan.blocks)), self._next)
        return max(self._wanted, done + 1)
