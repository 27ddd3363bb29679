"""A fault in the logic of a scenario, and the name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pactrisk.quantities import Spread
from pactrisk.scenario import Key, Scenario
from pactrisk.spelling import nearest

__all__ = ["Fault", "by_id", "near", "quoted", "typical", "unfound", "unknown"]


@dataclass(frozen=True)
class Fault:
    """One thing wrong, or worth a remark.

    ``path`` is the path in the tables of the file; an entry of a list that the file writes as a single text
    has a last key that the file lacks. ``hint`` is at most one thing that the reader can act on. ``rests`` are the
    paths that were looked at, ``*`` for any key, an agreement by place or id; one with an empty last word is looked at
    for the names in its table, not for what they stand for. ``unused`` is the name of what nobody names anywhere;
    ``sought`` are the tables, milestones or states, in which a name was looked for in vain, and ``meant`` is the one
    that was probably meant by it.
    """

    path: Key
    message: str
    hint: str = ""
    rests: tuple[Key, ...] = ()
    unused: str = ""
    sought: tuple[str, ...] = ()
    meant: str = ""

    def rests_on(self, lost: Iterable[Key]) -> bool:
        """Whether something was looked at that could not be read: that alone may be the fault."""
        return any(_meet(rest, path) for path in lost for rest in self.rests)


def _meet(pattern: Key, path: Key) -> bool:
    """Whether one of two paths leads to the other."""
    return all("*" in (part, other) or str(part) == str(other) for part, other in zip(pattern, path, strict=False))


def by_id(scenario: Scenario, path: Key) -> Key:
    """A path with an agreement by its id: it may have another place in another world."""
    first, *rest = path
    return (first, scenario.ids[int(rest[0])], *rest[1:]) if first == "agreements" and rest else path


def quoted(name: object) -> str:
    """A name from a file, cut and quoted, so that a message stays one line."""
    return repr(str(name)[:60])


def near(name: str, known: Iterable[str], what: str, most: int = 8) -> str:
    """What was probably meant, or what there is: at ``most`` so many names."""
    names = sorted(set(known))
    return _hint(nearest(name, names), names, what, most)


def _hint(meant: str | None, names: list[str], what: str, most: int) -> str:
    if meant is not None:
        return f"did you mean {meant}?"
    if not names:
        return f"there are no {what}"
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{what}: {', '.join(names[:most])}{more}"


def unfound(
    path: Key,
    message: str,
    name: str,
    known: Iterable[str],
    what: str,
    rests: tuple[Key, ...],
    sought: tuple[str, ...],
    most: int = 8,
) -> Fault:
    """A name that nothing bears of what is ``known``; the hint is that of :func:`near`."""
    names = sorted(set(known))
    meant = nearest(name, names)
    return Fault(path, message, _hint(meant, names, what, most), rests, sought=sought, meant=meant or "")


def unknown(path: Key, word: str, name: str, known: Iterable[str]) -> Fault:
    """A name of a driver, pace ... that nothing bears; ``word`` says what it should be."""
    table = "frailties" if word == "frailty" else f"{word}s"
    message = f"no {word} is called {quoted(name)}"
    return unfound(path, message, name, known, table, ((table, name),), (table,))


def typical(value: float | Spread, level: float) -> tuple[float, float]:
    """Quantiles of a number at ``level`` and ``1 - level``."""
    if not isinstance(value, Spread):
        return value, value
    low, high = value.distribution().ppf(np.array([level, 1 - level]))
    return float(low), float(high)
