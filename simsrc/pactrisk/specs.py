"""Tables of a file as typed values: every key is documented, and what keys must be together is a rule.

A key that is wrong by itself is refused while its table is read. A :class:`Ruled` table also has rules that tie its
keys together. Read from Python it refuses what breaks them; read with :data:`LATER` as context it is made all the
same, so that a check can tell what else is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationInfo, model_validator

from pactrisk.quantities import Trust

__all__ = ["LATER", "Documented", "Ruled", "Spec", "Wrong"]

LATER: dict[str, Any] = {"rules": "later"}
"""Context of a validation that leaves the rules of tables to who asked for it."""


class Spec(BaseModel):
    """A table of a file, with typed and documented keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Documented(Spec):
    """A table that can carry its papers; numbers inside it inherit them."""

    source: str = ""
    """where the numbers come from"""
    trust: Trust | None = None
    """how far the source is trusted: A official or peer-reviewed, B serious single source, C press, or judgement"""
    note: str = ""
    """anything a reader should know"""


@dataclass(frozen=True)
class Wrong:
    """A broken rule: where below the table, what is wrong, and one thing that can be done.

    ``rests`` are the dotted paths below the table that the rule looked at, ``*`` for any key: where one of them could
    not be read, the rule may be broken for that alone. Where a name is unknown, ``named`` is that name and ``known``
    are those that could have been meant.
    """

    message: str
    rests: tuple[str, ...]
    path: tuple[str | int, ...] = ()
    hint: str = ""
    named: str = ""
    known: Iterable[str] = ()


class Ruled(Spec):
    """A table whose keys can be right one by one and wrong together."""

    def wrong(self) -> Iterator[Wrong]:
        """Every rule that the table breaks."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _sound(self, info: ValidationInfo) -> Self:
        if info.context is not LATER:
            for wrong in self.wrong():
                raise ValueError(wrong.message, wrong.hint) if wrong.hint else ValueError(wrong.message)
        return self
