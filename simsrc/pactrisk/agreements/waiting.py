"""Who waits for whom among milestones."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from pactrisk.agreements.terms import Agreement

__all__ = ["awaited", "order", "resolve"]


def resolve(agreement: str, name: str) -> tuple[str, str]:
    """``name`` in an ``after`` of ``agreement`` as (agreement, milestone)."""
    other, dot, milestone = name.partition(".")
    return (other, milestone) if dot else (agreement, name)


def awaited(agreement: Agreement) -> set[str]:
    """Ids of the agreements for whose milestones one waits, its own among them."""
    waits = [*(agreement.flow.after if agreement.flow else ())]
    waits += [other for milestone in agreement.milestones.values() for other in milestone.after]
    return {resolve(agreement.id, other)[0] for other in waits}


def order(agreements: Mapping[str, Agreement]) -> list[tuple[str, str]]:
    """All milestones as (agreement, milestone), each after what must be done first; ties by name.

    Raises
    ------
    ValueError : where milestones wait for one another in a circle; the message names them.
    """
    known: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for id_, agreement in sorted(agreements.items()):
        for name, milestone in sorted(agreement.milestones.items()):
            first = (resolve(id_, other) for other in milestone.after)
            known[id_, name] = sorted(f for f in first if f[0] in agreements and f[1] in agreements[f[0]].milestones)
    try:
        return list(TopologicalSorter(known).static_order())
    except CycleError as error:
        circle = " <- ".join(".".join(pair) for pair in error.args[1])
        raise ValueError(f"milestones wait for one another in a circle: {circle}") from None
