"""Results, manifest and stored sums as bytes: the same content gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np

__all__ = ["are_sums", "digest_of", "from_npz", "to_json", "to_npz"]

# The oldest day that a zip archive can name.
_NO_DAY = (1980, 1, 1, 0, 0, 0)
# Control characters beyond those of ASCII, which JSON escapes by itself, line separators, and direction overrides.
_ACTING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def to_json(content: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON: keys sorted, floats by their shortest exact text, what is not finite as ``null``, a line
    feed at the end. Characters that would act on a terminal are written as escapes. Raises ``TypeError`` on
    values that have no place in JSON."""
    text = json.dumps(_bare(content), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    text = _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return (text + "\n").encode("utf-8", "replace")


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_key(key): _bare(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return _bare(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_bare(item) for item in value]
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value)
    if isinstance(value, np.generic):
        return _bare(value.item())
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, bool, int)):
        return value
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def _key(key: Any) -> str:
    bare = _bare(key)
    return bare if isinstance(bare, str) else json.dumps(bare)


def digest_of(store: Mapping[str, np.ndarray[Any, Any]]) -> str:
    """What tells arrays from all others: their names, kinds, shapes and bytes."""
    found = hashlib.sha256()
    for name, array in sorted(store.items()):
        found.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def are_sums(store: Mapping[str, np.ndarray[Any, Any]]) -> bool:
    """Whether arrays can be those of a run: it counts its trials, and keeps nothing that is not finite."""
    counts = (store.get(word) for word in ("trials", "worlds", "replicates"))
    counted = all(count is not None and count.shape == () and count.dtype.kind in "iu" for count in counts)
    return counted and all(np.isfinite(array).all() for array in store.values() if array.dtype.kind == "f")


def to_npz(store: Mapping[str, np.ndarray[Any, Any]]) -> bytes:
    """Arrays as NumPy's ``.npz``, without the time of writing. Raises ``ValueError`` on arrays of objects,
    which could hold code."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(store):
            entry = zipfile.ZipInfo(f"{name}.npy", _NO_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            array = io.BytesIO()
            np.lib.format.write_array(array, np.asanyarray(store[name]), allow_pickle=False)
            archive.writestr(entry, array.getvalue())
    return buffer.getvalue()


def from_npz(content: bytes) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays that :func:`to_npz` stored. Never runs code from the archive."""
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
