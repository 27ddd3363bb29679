"""Whether a value fits its key, by what pydantic found: what others that tell of it need to know."""

from __future__ import annotations

from typing import get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from pactrisk.config.documents import Document, Key
from pactrisk.config.fields import choices, field_at, sorts_of, takes_text
from pactrisk.config.wanted import wants_number
from pactrisk.errors import Kind
from pactrisk.miswritten import FORMULAS

__all__ = ["LACKING", "UNKNOWN", "is_type", "kind_of"]

LACKING, UNKNOWN = "missing", "extra_forbidden"
"""What pydantic calls a key that is required, and one that nobody knows."""


def kind_of(details: ErrorDetails, path: Key, document: Document, model: type[BaseModel]) -> Kind:
    """What others need to know of what pydantic found at a path of the document."""
    if details["type"] in (LACKING, "union_tag_not_found"):
        return Kind.MISSING
    info, word, held = field_at(model, path, document.data), path[-1] if path else "", document.get(path)
    # of a key that is not known nobody can say what it takes
    text = details["type"] == UNKNOWN or takes_text(info) or choices(info) or word in FORMULAS
    # a part of a distribution
    text = text or (info is None and wants_number(str(word)) is False)
    unfit = is_type(details) or not text
    if isinstance(held, dict | list):
        # what is wrong with a table or list that may stand there is not wrong with all that it holds
        single = isinstance(held, list) and all(get_origin(sort) is not tuple for sort in sorts_of(info))
        unfit = single or is_type(details) or details["type"] in ("literal_error", "union_tag_invalid")
    return Kind.UNFIT if unfit else Kind.OTHER


def is_type(details: ErrorDetails) -> bool:
    """Whether a value is of another sort than its key takes."""
    return details["type"].endswith("_type")
