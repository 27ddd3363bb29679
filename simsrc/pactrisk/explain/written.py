"""What a scenario says, in the words of its file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pactrisk.quantities import Spread
from pactrisk.specs import Spec
from pactrisk.spreads import PAPERS

__all__ = ["internal", "written"]


def written(spec: Spec, word: str) -> Iterator[tuple[str, str]]:
    """What a table says for a word, as rows of (name, text): a table in it is a row, and of several each."""
    value = getattr(spec, word)
    if isinstance(value, Mapping) and any(isinstance(inner, Spec) for inner in value.values()):
        yield from ((f"{word}.{name}", _inline(inner)) for name, inner in value.items())
    elif isinstance(value, tuple) and any(isinstance(inner, Spec) for inner in value):
        yield from ((word, _inline(inner)) for inner in value)
    elif text := _text(value):
        yield word, text if word in spec.model_fields_set else f"{text} (the default)"


def internal(spec: type[Spec], word: str) -> bool:
    """Whether a word is none of a file, but filled in while it is read."""
    extra = spec.model_fields[word].json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("internal"))


def _text(value: Any) -> str:
    if value is None or (isinstance(value, Mapping | tuple) and not value):
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else _inline(value, "")


def _inline(value: Any, mark: str = '"') -> str:
    """A value as one line of a file; text stands in quotes but for where it stands alone."""
    if isinstance(value, Spec):
        words = [word for word in type(value).model_fields if word in value.model_fields_set]
        words = sorted((word for word in words if not internal(type(value), word)), key=lambda word: word in PAPERS)
        return _inline({word: inner for word in words if (inner := getattr(value, word)) is not None})
    if isinstance(value, Mapping):
        inside = ", ".join(f"{word} = {_inline(inner)}" for word, inner in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if mark else value
    return f"{value:.15g}" if isinstance(value, float) and not isinstance(value, Spread) else str(value)
