"""Every scenario still gives the output that is kept beside it."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_spec = importlib.util.spec_from_file_location("expected", Path(__file__).with_name("expected.py"))
assert _spec is not None
assert _spec.loader is not None
expected = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(expected)

# another processor's exp and log may differ in the last bit and carry a trial in a few thousand across a cut
FEW_TRIALS = 2
LAST_DIGITS = 1e-7


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    else:
        yield path, value


@pytest.mark.parametrize("name", expected.NAMES)
def test_the_output_beside_the_scenario(name: str) -> None:
    kept = dict(leaves(json.loads(expected.file(name).read_text(encoding="utf-8"))))
    now = dict(leaves(expected.made(name)))
    assert now.keys() == kept.keys()
    for path, value in kept.items():
        if isinstance(value, int):
            assert abs(now[path] - value) <= FEW_TRIALS, path
        else:
            assert now[path] == pytest.approx(value, rel=LAST_DIGITS, abs=1e-9), path


def test_no_output_is_kept_of_a_scenario_that_is_gone() -> None:
    assert {p.name for p in expected.SCENARIOS.glob("*.json")} == {f"{name}.expected.json" for name in expected.NAMES}
