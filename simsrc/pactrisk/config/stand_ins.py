"""What stands in the place of a value that could not be read, where something must."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel

from pactrisk.config.documents import Document, Key
from pactrisk.config.fields import choices, declared, discriminator, field_at, sorts_of
from pactrisk.quantities import Num
from pactrisk.scenario import unshared

__all__ = ["PLACEHOLDER", "stand_in"]

PLACEHOLDER = "stands_in"
"""How every text begins that was never written."""
_AGREEMENT = {"id": PLACEHOLDER, "milestones": {"done": {"track": "material", "weight": 1.0, "duration": 1}}}


def stand_in(model: type[BaseModel], path: Key, data: dict[str, Any], number: int) -> Any:
    """A value that the key at ``path`` of the tables ``data`` may have, a text with this ``number``; None if none."""
    if path == ("agreements",):
        return [unshared(_AGREEMENT)]
    if not isinstance(Document(data).get(path[:-1]), dict):
        return None
    info = field_at(model, path, data)
    declares = declared(info)
    if declares is not None:
        return _inside(declares) if isinstance(declares, Num) else 1.0
    options, sorts = choices(info), sorts_of(info)
    if options:
        return None if path[-1] == discriminator(field_at(model, path[:-1], data)) else options[0]
    if date in sorts:
        return date(2000, 1, 1)
    if str in sorts:
        return f"{PLACEHOLDER}_{number}"
    return 0.5 if float in sorts else 1 if int in sorts else None


def _inside(number: Num) -> float:
    low, high = number.bounds
    if abs(low) < float("inf") and abs(high) < float("inf"):
        return (low + high) / 2
    return low + 1 if low > -float("inf") else min(high - 1, 1.0)
