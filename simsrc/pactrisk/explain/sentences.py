"""What the sentences about a scenario are made of: names, months, odds, a full stop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pactrisk.drivers.states import Trigger
from pactrisk.explain.effects import number_text
from pactrisk.quantities import Spread, Value
from pactrisk.spreads import plain_number

__all__ = ["ceremony_verb", "either", "joined", "months", "named", "odds_text", "of_it", "push_text", "sentence"]


def sentence(*parts: str) -> str:
    """A sentence of these parts, those that are empty left out."""
    text = " ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}."


def of_it(name: str, text: str) -> str:
    """A sentence that begins with a name, which stays as it is written."""
    return f"{name}{text}."


def joined(sentences: Iterable[str]) -> str:
    """A paragraph."""
    return " ".join(filter(None, sentences))


def named(name: str, title: str) -> str:
    """A thing by its title, and by the name that files call it by; a title that others have bears that already."""
    return title if title.endswith(f" ({name})") else f"{title} ({name})" if title and title != name else name


def either(words: Sequence[str]) -> str:
    """Words of which one holds: ``a, b or c``."""
    return " or ".join((*([", ".join(words[:-1])] if len(words) > 1 else ()), *words[-1:]))


def months(duration: Value) -> str:
    """How long something takes: ``6 months``, ``a time that is exponential with mean 12 months``."""
    is_named = isinstance(duration, Spread) and duration.family not in ("fixed", "quantiles")
    return f"{'a time that is ' if is_named else ''}{number_text(duration, 'months')}"


def ceremony_verb(effect: Value) -> str:
    """What ceremony does to work by an effect that is not 0; one that is not known may go either way."""
    known = plain_number(effect)
    return "moves" if known is None else "speeds" if known > 0 else "slows"


def odds_text(odds: Mapping[str, Value]) -> str:
    """States with their odds; the only one by its name alone."""
    if len(odds) == 1:
        return next(iter(odds))
    scaled = any(isinstance(chance, Spread) and chance.spread for chance in odds.values())
    each = either([f"{state} with chance {number_text(chance)}" for state, chance in odds.items()])
    return f"{each}, scaled to sum to 1 in each world" if scaled else each


def push_text(trigger: Trigger) -> str:
    """What an event does to a regime: ``pushes it into cold with chance 0.25 after 1 month``."""
    chance = "" if trigger.chance == 1 else f" with chance {number_text(trigger.chance)}"
    delay = "" if trigger.delay == 0 else f" after {months(trigger.delay)}"
    only = f" (only from {either(trigger.only_from)})" if trigger.only_from else ""
    return f"pushes it into {trigger.state}{chance}{delay}{only}"
