"""A desk to write configs on, with the small world at hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli_w

from small_world import data


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the small world among its scenarios, in which commands are typed."""
    for name in ("scenarios", "configs"):
        (tmp_path / name).mkdir()
    (tmp_path / "scenarios/small.toml").write_text(tomli_w.dumps(data()), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path
