"""What a value named that could not be read: who reads only that may seem to be read by nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pactrisk.config.documents import Key

__all__ = ["named_in"]

_WORDS = re.compile(r"\w+")
_FORMULAS = frozenset({"expression", "when", "event"})
_STATES = frozenset({"states", "next", "initial"})
_OF_NAMES = _STATES | {"drivers", "milestones", "paces", "frailties", "templates", "factors", "quantities", "sources"}
"""Tables whose keys are names."""
_HOLDING = (_OF_NAMES - _STATES) | {"effects", "triggers", "ceremonies", "agreements", "conditions", "flow", "ending"}
"""Keys that hold tables in which something is named."""
_READING = (
    _FORMULAS | _HOLDING | {"driver", "pace", "after", "includes", "template", "source", "note", "rare", "shocks"}
)
"""Keys under which something may be named that is named nowhere else."""


def named_in(value: Any, path: Key) -> tuple[set[str], bool]:
    """The names in a value that is lost at ``path``, and whether it may have had some that nobody can make out."""
    words = [part for part in path if isinstance(part, str)]
    above = path[-2] if len(path) > 1 else ""
    names = _names(value, words[-1], set())
    nameless = not names or (isinstance(value, str) and bool(_HOLDING & {words[-1], above}))
    dark = nameless and not isinstance(value, Mapping) and bool(_READING & {words[-1], above})
    # what a formula that cannot be read names may be no name either
    dark |= isinstance(value, str) and words[-1] in _FORMULAS
    return names | ({str(path[-1])} if above in _OF_NAMES else set()), dark


def _names(value: Any, word: str, found: set[str]) -> set[str]:
    """What a lost value names under the key ``word``, added to ``found``."""
    if isinstance(value, dict):
        if word in _OF_NAMES:
            found.update(map(str, value))
        for key, inner in value.items():
            if isinstance(inner, dict | list | str):
                _names(inner, str(key), found)
    elif isinstance(value, list | tuple):
        for inner in value:
            _names(inner, word, found)
    elif isinstance(value, str):
        found.update(_WORDS.findall(value))
    return found
