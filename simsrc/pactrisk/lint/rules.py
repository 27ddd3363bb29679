"""Faults of tables whose keys are right one by one and wrong together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pactrisk.lint.fault import Fault, unfound
from pactrisk.specs import Ruled
from pactrisk.tables import Table

__all__ = ["rule_faults"]


def rule_faults(every: Iterable[Table]) -> Iterator[Fault]:
    """Every rule that one of these tables breaks."""
    for table in every:
        if isinstance(table.spec, Ruled):
            for wrong in table.spec.wrong():
                path = (*table.keys, *wrong.path)
                rests = tuple((*table.keys, *rest.split(".")) for rest in wrong.rests)
                if wrong.named:
                    sought = tuple(rest.partition(".")[0] for rest in wrong.rests)
                    yield unfound(path, wrong.message, wrong.named, wrong.known, "names", rests, sought)
                else:
                    yield Fault(path, wrong.message, wrong.hint, rests)
