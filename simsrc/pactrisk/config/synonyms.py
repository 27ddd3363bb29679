"""Keys that go by another word elsewhere: which one of a table was meant by its sense, however unlike it is spelled."""

from __future__ import annotations

from collections.abc import Collection

from pactrisk.numerals import shown
from pactrisk.spelling import meant, nearest, plainly

__all__ = ["denied", "key_meant", "misspelt"]

_SENSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("chance probability prob likelihood odds", ("presence", "chance", "never")),
    ("success succeeds success_rate", ("never",)),
    ("failure fails failure_rate", ("never",)),
    ("countries country signatories governments members states_parties sides", ("parties",)),
    ("depends_on depends requires needs prerequisite prerequisites dependencies follows waits_for", ("after",)),
    ("start starts begin begins start_date not_before", ("initial", "earliest", "date", "after", "signed")),
    ("goal aim", ("target",)),
    ("frequency intensity hazard", ("rate",)),
    ("rate volume amount", ("capacity",)),
    ("time takes length months", ("duration",)),
    ("share", ("weight",)),
    ("std stdev stddev standard_deviation sigma", ("sd",)),
    ("mean average", ("mean", "level")),
    ("level norm", ("mean",)),
    ("minimum min lower floor", ("least",)),
    ("maximum max upper ceiling", ("most",)),
    ("multiplier times", ("factor",)),
    ("name label", ("id", "title")),
    ("description comment remark", ("summary", "note")),
    ("reference citation", ("source",)),
    ("type category", ("kind", "form")),
    ("if condition when event expression formula", ("when", "event", "expression")),
    ("transitions probabilities", ("next",)),
    ("runs samples simulations iterations", ("trials",)),
    ("end until", ("horizon",)),
    ("tolerance accuracy", ("precision",)),
    ("confidence confidence_level", ("level",)),
)
"""Words, and the keys that they may stand for in a table: the first that it knows and lacks, or else knows."""
_KEYS = {word: keys for words, keys in _SENSES for word in words.split()}
_OPPOSITE = ("chance", "probability", "prob", "likelihood", "odds", "success", "succeeds", "success_rate")
"""Words for the chance that something happens, where ``never`` is the chance that it does not."""
_LATEST = ("deadline", "latest", "due", "due_date", "finish", "before", "until")


def key_meant(word: str, free: Collection[str], known: Collection[str]) -> str | None:
    """The key of a table that was meant by a word: by its sense, or else by its spelling; None if by neither.

    ``known`` are the keys of the table, ``free`` those that it lacks: one of these is rather meant.
    """
    called = _KEYS.get(plainly(word), ())
    by_sense = [key for keys in (free, known) for key in called if key in keys]
    if by_sense:
        return by_sense[0]
    taken = nearest(word, known)
    return taken if taken is None or taken in free else nearest(word, free) or taken


def misspelt(word: str, free: Collection[str], known: Collection[str]) -> str | None:
    """The ``free`` key of a table that a word plainly misspells; None where by its sense it is another one: samples are
    trials, however near a sampler is.
    """
    right = meant(word, free)
    return right if key_meant(word, free, known) == right else None


def denied(word: str, value: object, known: Collection[str]) -> str:
    """What to do about a word for what a milestone says the other way round, or not at all; empty for any other."""
    if "never" not in known:
        return ""
    if plainly(word) == "before" and isinstance(value, str) and not value.strip()[:1].isdigit():
        return "which comes first is said by after, in the one that comes later"
    if plainly(word) in _LATEST:
        return "a milestone has no latest day: duration says how long it takes"
    if plainly(word) not in _OPPOSITE:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return f"write never = {shown(round(1 - value, 12))}: the chance that it is not pursued"
    return "did you mean never? It is the chance that it is not pursued"
