"""What a word that nothing bears was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["meant", "nearest", "plainly"]

_MOST = 200
_ALIKE, _PLAINLY = 0.6, 0.8
_SLIPS = 1 / 3
"""At most so many slips a letter are between two words that are near; one always may be."""


def nearest(word: str, options: Iterable[str], alike: float = _ALIKE) -> str | None:
    """The option that was most likely meant, whatever its case and hyphens; None if none is near.

    Near are those of which at least a part ``alike`` of both words' letters is shared, in their order, and that are few
    slips away (letters put in, left out, changed or swapped with the next) or begin with one another. Of these the one
    that is fewest slips away is taken, and one that begins alike before one that does not: whoever slips seldom does so
    at the beginning.
    """
    known = set(options)
    if word in known:
        return word
    by_plain: dict[str, str] = {}
    for option in sorted(known):
        by_plain.setdefault(plainly(option), option)
    if not by_plain:
        return None
    from rapidfuzz import process
    from rapidfuzz.distance import OSA, Indel

    near = plainly(word)
    found = process.extract(near, list(by_plain), scorer=Indel.normalized_similarity, limit=None, score_cutoff=alike)
    slips = {other: OSA.distance(near, other) - 0.5 * (other[:2] == near[:2]) for other, *_ in found}
    most = max(_SLIPS * len(near), 1)
    few = [other for other, many in slips.items() if many <= most or _begin(near, other)]
    return by_plain[min(few, key=slips.__getitem__)] if few else None


def _begin(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def meant(word: str, options: Iterable[str]) -> str | None:
    """The option that a word plainly is, but for a letter or two that are wrong, missing, too many or swapped."""
    near = nearest(word, options)
    if near is None:
        return None
    from rapidfuzz.distance import OSA, Indel

    one, other = word.casefold(), near.casefold()
    one_more = len(one) != len(other) and OSA.distance(one, other) == 1
    alike = Indel.normalized_similarity(one, other) > _PLAINLY
    return near if alike or one_more or sorted(one) == sorted(other) else None


def plainly(text: str) -> str:
    """A word without what is only its writing: capitals, hyphens, spaces."""
    return text[:_MOST].casefold().replace("-", "_").replace(" ", "_")
