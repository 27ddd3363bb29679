"""From ceremony and delivery to a class: the rule, ordered, exclusive and exhaustive.

=============  =========================  ========================
class          when                       group
=============  =========================  ========================
reversed       ended                      failed
substantive    delivery >= substantive    substantive cooperation
partial        delivery >= partial        substantive cooperation
token          delivery >= token          symbolic diplomacy
pending        age < pending              too early
symbolic       ceremony >= symbolic       symbolic diplomacy
dormant        otherwise                  failed
=============  =========================  ========================

An agreement that is not in the portfolio of a world is ``absent`` there: no class of the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.agreements.progress import Progress
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Num
from pactrisk.specs import Ruled, Wrong

__all__ = [
    "CLASSES",
    "CUTS",
    "GROUPS",
    "MEANING",
    "Rule",
    "Wanted",
    "add_cases",
    "classify",
    "group_members",
    "in_group",
    "numbers_in",
]

CLASSES = ("substantive", "partial", "token", "pending", "symbolic", "dormant", "reversed", "absent")
"""Every class, from most delivered to not there; a class is stored as its place in this list."""

GROUPS: dict[str, tuple[str, ...]] = {
    "substantive cooperation": ("substantive", "partial"),
    "symbolic diplomacy": ("token", "symbolic"),
    "too early": ("pending",),
    "failed": ("dormant", "reversed"),
    "not in the portfolio": ("absent",),
}
"""The classes of each group."""

CUTS = ("substantive", "partial", "token", "symbolic")
"""The cuts of a rule: those of delivery, which fall, and that of ceremony."""

MEANING = {
    "substantive": "two thirds or more of the promise delivered",
    "partial": "a third to two thirds delivered",
    "token": "a tenth to a third delivered: one project shown to prove the rest",
    "pending": "next to nothing delivered, and too young to judge",
    "symbolic": "ceremony goes on, next to nothing delivered",
    "dormant": "neither ceremony nor delivery",
    "reversed": "denounced, blocked or lapsed",
    "absent": "not among the documents signed, in this world",
}
"""What each class means under the default rule, in a few words."""


Array = npt.NDArray[np.float64]
_NOTHING, _NONE, _NOWHERE = np.empty((0, 0)), np.empty(0), np.empty((0, 0), dtype=np.bool_)
_EDGE = 1e-9  # sums of weights such as 0.34 + 0.33 must reach a cut of 0.67


class Rule(Ruled):
    """Cuts between the classes. One rule for all variants, or they could not be compared."""

    substantive: Annotated[float, Num("delivery from which an agreement is substantive", above=0, most=1)] = 0.67
    partial: Annotated[float, Num("delivery from which it is partial", above=0, most=1)] = 0.33
    token: Annotated[float, Num("delivery from which it is token", above=0, most=1)] = 0.10
    symbolic: Annotated[float, Num("ceremony from which it is symbolic", above=0, most=1)] = 0.33
    pending: Annotated[float, Num("age below which it is too early to judge", "months", least=0)] = 12.0
    window: Annotated[
        float, Num("how long a formal act or ceremonial event counts, to the nearest step", "months", above=0)
    ] = 24.0

    def wrong(self) -> Iterator[Wrong]:
        """Cuts that do not fall."""
        return unfallen({word: getattr(self, word) for word in CUTS})


def unfallen(cuts: Mapping[str, float]) -> Iterator[Wrong]:
    """The broken rule of every two neighbours among the cuts of delivery, by their names, that do not fall."""
    falling = [(word, cuts[word]) for word in CUTS if word in cuts and word != "symbolic"]
    for (upper, most), (lower, least) in pairwise(falling):
        if not most > least:
            yield Wrong(f"cuts must fall: {upper} = {most:g} is not above {lower} = {least:g}", (upper, lower))


@dataclass(frozen=True)
class Wanted:
    """What is kept of all that is worked out on the way to the classes of an agreement at every grid point."""

    headline: int
    """The grid point at which delivery and what honours the agreement are kept with its progress."""
    parts: frozenset[str]
    """Those of ``delivery`` and ``total`` that are kept with it at every grid point."""
    symbolic: npt.NDArray[np.bool_]
    """Filled with whether ceremony alone keeps it alive once it is signed, however young it is; (time, trial)."""


def classify(
    rule: Rule,
    progress: Progress,
    grid: TimeGrid,
    k: slice = slice(None),
    out: npt.NDArray[np.int8] | None = None,
    wanted: Wanted | None = None,
) -> npt.NDArray[np.int8]:
    """The class at the grid points ``k``, as places in :data:`CLASSES`, shape (time, trial); in ``out`` if given.

    What is ``wanted`` besides is kept, if ``k`` are all grid points.
    """
    first, stop, _ = k.indices(grid.points)
    months, young = grid.months[first:stop], _young(rule, progress, grid)[first:stop]
    cuts = _cuts(rule)
    result = np.empty((stop - first, len(progress.ended)), dtype=np.int8) if out is None else out
    if stop - first == 1 and wanted is None:
        # one date is asked for again and again, with other cuts
        kernels.outcomes.classes_of(*progress.at(first), progress.compact, cuts, months[0], young[0], result[0])
        return result
    given = (progress.compact, first, cuts, months, young)
    if wanted is None:
        kernels.outcomes.classes(*given, (_NOTHING, _NOTHING), -1, (_NONE, _NONE), _NOWHERE, result)
        return result
    delivery, total = (np.empty(result.shape if p in wanted.parts else (0, 0)) for p in ("delivery", "total"))
    there = np.empty(result.shape[1]), np.empty(result.shape[1])
    kernels.outcomes.classes(*given, (delivery, total), wanted.headline, there, wanted.symbolic, result)
    wanted.symbolic[: np.searchsorted(months, progress.signed - _EDGE)] = False
    progress.keep(wanted.headline, there, delivery, total)
    return result


def add_cases(
    rule: Rule,
    progress: Progress,
    grid: TimeGrid,
    k: int,
    cases: tuple[Array, Array, Array, Array],
    chances: Array,
) -> None:
    """Add to ``chances``, shape (class, trial), that of each case to the class which it comes to at grid point ``k``.

    ``cases`` are, each with a row a case, the weights of the material and of the formal milestones in it, whether the
    flow begins, 1 or 0, and its chance in each trial.
    """
    cuts, young = _cuts(rule), _young(rule, progress, grid)
    kernels.outcomes.over_cases(progress.compact, k, cuts, grid.months[k], young[k], cases, chances)


def _cuts(rule: Rule) -> Array:
    """Cuts of delivery, falling, and that of ceremony on the scale of the summed weights."""
    ceremony = -np.log1p(-rule.symbolic) - _EDGE if rule.symbolic < 1 else np.inf
    return np.array([rule.substantive - _EDGE, rule.partial - _EDGE, rule.token - _EDGE, ceremony])


def _young(rule: Rule, progress: Progress, grid: TimeGrid) -> Array:
    """1 at the grid points at which it is too early to judge, else 0."""
    return np.asarray(grid.months - progress.signed < rule.pending, dtype=float)


def group_members(group: str) -> tuple[int, ...]:
    """Places in :data:`CLASSES` of the classes of a group."""
    return tuple(CLASSES.index(name) for name in GROUPS[group])


def in_group(classes: npt.NDArray[np.int8], group: str) -> npt.NDArray[np.bool_]:
    """Whether each class is of a group."""
    first, *others = group_members(group)
    inside = np.asarray(classes == first)
    for other in others:
        inside |= classes == other
    return inside


def numbers_in(classes: npt.NDArray[np.int8], groups: Iterable[str]) -> npt.NDArray[np.int16]:
    """How many agreements are in each group, shape (group, time, trial); classes are (agreement, time, trial)."""
    bits = np.array([sum(1 << c for c in group_members(group)) for group in groups], dtype=np.int16)
    numbers = np.empty((len(bits), *classes.shape[1:]), dtype=np.int16)
    kernels.tallies.members(classes, bits, numbers)
    return numbers
