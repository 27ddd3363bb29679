"""Names that are safe as file names, and text that is safe to show.

Titles, labels and notes come from scenario files that anybody may have written. Nothing here trusts
them: a slug can name a file on any system, and plain text holds no character that acts instead of
being read.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["is_slug", "plain", "slug"]

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_SPACES = re.compile(r" {2,}")
_LONGEST = 80

# Windows opens these as devices whatever their suffix.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])")

# Direction marks, embeddings, overrides and isolates: they reorder the text of whoever comes next.
_BIDI = frozenset(map(chr, (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def is_slug(name: str) -> bool:
    """Whether ``name`` can name a file: lower-case ASCII words joined by ``-`` or ``_``, at most 80 long."""
    return len(name) <= _LONGEST and bool(_SLUG.fullmatch(name)) and not _DEVICES.fullmatch(name)


def slug(text: str) -> str:
    """A slug made of the letters and digits of ``text``; ``unnamed`` where none is left.

    Distinct texts may give the same slug: who needs distinct names adds a number.
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    made = "-".join(re.findall(r"[a-z0-9]+", ascii_text))[:_LONGEST].strip("-")
    if not made:
        return "unnamed"
    return f"{made}-file" if _DEVICES.fullmatch(made) else made


@lru_cache(maxsize=2**14)
def plain(text: str) -> str:
    """``text`` on one line, without control characters, direction overrides or broken code points.

    Letters that are themselves written right to left stay: they are text.
    """
    if not text.isprintable():
        spaced = "".join(" " if char.isspace() else char for char in text)
        text = "".join(char for char in spaced if char not in _BIDI and not _unprintable(char))
    return _SPACES.sub(" ", text).strip()


def _unprintable(char: str) -> bool:
    # Cc control, Cs lone surrogate (cannot be encoded), noncharacters (not allowed in XML).
    return unicodedata.category(char) in {"Cc", "Cs"} or ord(char) & 0xFFFE == 0xFFFE
