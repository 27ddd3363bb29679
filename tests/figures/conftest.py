from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def examples() -> dict[str, Any]:
    """The makers of ``examples.py``, by name."""
    return runpy.run_path(str(Path(__file__).with_name("examples.py")))
