"""The place on a line where a text stops being TOML, and what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pactrisk.errors import Kind

__all__ = ["SPANS", "TO_QUOTE", "Said", "Spot"]

Said = tuple[str, str] | tuple[str, str, Kind]
"""A sentence, and a hint or nothing; and the kind of problem, where it is recognised by that."""

SPANS = ("horizon", "headline")
"""Keys of which the value is a date, or may be a number with its unit, as text."""

TO_QUOTE = "text goes in quotes"
"""How the hint begins that is given of a bare word."""


@dataclass(frozen=True)
class Spot:
    """The line of an error, cut where the parser stopped."""

    before: str
    rest: str

    @property
    def key(self) -> str:
        found = re.match(r"\s*([\w.-]+)\s*=", self.before)
        return found[1] if found else "key"

    @property
    def keys(self) -> list[str]:
        """The keys of the tables in braces that the value stands in on this line, from the outermost, and its own."""
        opened = self.before
        while (shorter := re.sub(r"\{[^{}]*\}|\[[^\[\]]*\]", "", opened)) != opened:
            opened = shorter
        return re.findall(r"(?<![\w-])([\w-]+)\s*=\s*(?:[\[{]|[^=]*$)", opened)

    @property
    def last(self) -> str:
        """The key that says what the value is: the value of a number is that of whatever it stands in."""
        return next((word for word in reversed(self.keys) if word != "value"), "")

    @property
    def within(self) -> bool:
        """Whether the value stands in brackets or braces on this line."""
        return re.search(r"=.*[\[{]", self.before) is not None

    @property
    def spoilt(self) -> bool:
        """Whether a number in brackets or braces goes on with what is no part of one."""
        goes_on = re.match(r"[-./%+±–—]|[A-Za-z][\w ]*[,\]}]", self.rest.lstrip())
        return re.search(r"\d\s*$", self.before) is not None and goes_on is not None

    @property
    def token(self) -> str:
        """The run of characters that the parser stopped in."""
        left = re.split(r"[\s=,\[{]", self.before)[-1]
        return left + re.split(r"[\s,\]}#]", self.rest, maxsplit=1)[0]

    @property
    def value(self) -> str:
        """From the last ``=``, comma or bracket to the end of the value, as it was meant."""
        left = re.split(r"[=,\[{]", self.before)[-1]
        end = r"[,\]}#]" if self.within else r"#"
        return (left + re.split(end, self.rest, maxsplit=1)[0]).strip()
