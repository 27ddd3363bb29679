"""The first small world and its config as they are shipped, written to a folder with some words changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pactrisk.config import Loaded, load
from pactrisk.errors import InputError

ROOT = Path(__file__).parent.parent
FILES = {"world": "scenarios/first-steps.toml", "config": "configs/first-steps.toml"}
TEXTS = {which: (ROOT / file).read_text(encoding="utf-8") for which, file in FILES.items()}
Changes = Sequence[tuple[str, str]]
"""What is written and what stands there instead; what is added at the end where nothing is written."""


def written(folder: Path, world: Changes = (), config: Changes = ()) -> Path:
    """The config, beside its scenario, with these changes."""
    for which, changes in (("world", world), ("config", config)):
        text = TEXTS[which]
        for before, after in changes:
            assert before in text
            text = text.replace(before, after, 1) if before else f"{text}\n{after}\n"
        (folder / FILES[which]).parent.mkdir(exist_ok=True)
        (folder / FILES[which]).write_text(text, encoding="utf-8")
    return folder / FILES["config"]


def refused(
    folder: Path, world: Changes = (), config: Changes = (), sets: Sequence[str] = (), strict: bool = False
) -> InputError:
    """Why they are refused with these changes."""
    with pytest.raises(InputError) as caught:
        load(written(folder, world, config), sets, strict)
    return caught.value


def taken(folder: Path, world: Changes = (), config: Changes = (), sets: Sequence[str] = ()) -> Loaded:
    """What is read of them with these changes."""
    return load(written(folder, world, config), sets)
