"""What a folder says of how it was made, held to how it is made here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pactrisk.manifest import drawn_with, made_with
from pactrisk.runs import Run, loaded_from

__all__ = ["drawn_otherwise", "expected", "made_otherwise"]

_OF_ITS_DAY = (
    "command", "finished", "engine_seconds", "compiling_seconds", "versions", "drawn_with", "platform", "rounding",
    "inputs", "sums",
)  # fmt: skip
"""Words of which the inputs say nothing; inputs are compared file by file, and sums array by array."""


def made_otherwise(record: Mapping[str, Any]) -> tuple[str, ...]:
    """How this place differs from where a folder was made, in what can move a last digit."""
    there = {**record["versions"], **{word: record.get(word, "") for word in ("platform", "rounding")}}
    return _unlike(there, made_with())


def drawn_otherwise(record: Mapping[str, Any]) -> tuple[str, ...]:
    """How this place differs from where a folder was made, in what moves no number and may move a byte of a file."""
    return _unlike(record.get("drawn_with", {}), drawn_with())


def _unlike(there: Mapping[str, str], here: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{word} {there.get(word) or 'unknown'}, here {here[word]}" for word in here if there.get(word) != here[word]
    )


def expected(folder: Path, before: Run, again: Run) -> dict[str, Any]:
    """The record that a folder should hold: that of the run ``again``, but for what only its own day could say."""
    record = {word: said for word, said in again.record.items() if word not in _OF_ITS_DAY}
    record |= {word: said for word, said in before.record.items() if word in _OF_ITS_DAY}
    if "partial" in before.record:
        # the last edit is the part that was done
        whole = loaded_from(folder, {**before.record, "edits": before.record["edits"][:-1]})
        record["partial"] = {"trials_asked_for": whole.plan.trials}
    return record
