"""The notebook of the benchmarks is the same model: both give the same probabilities, and another model does not."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from pactrisk.config import load
from pactrisk.ensemble import Plan

ROOT = Path(__file__).parent.parent
TRIALS = 6000


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load(ROOT / "configs" / "kazakhstan-serbia.toml").study.plan


@pytest.fixture
def same_answers(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The benchmarks are scripts beside the package, not part of it."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    for name in ("notebook", "notebook_drivers", "same_answers"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("same_answers")


def test_the_notebook_gives_the_same_probabilities(same_answers: Any, plan: Plan) -> None:
    found = same_answers.compare(plan, TRIALS)
    assert found.package.shape == (len(plan.scenario.agreements), 8)
    assert found.package.sum(axis=1) == pytest.approx(1)
    assert found.notebook.sum(axis=1) == pytest.approx(1)
    assert found.same, found.worst(plan.scenario)


def test_a_model_that_differs_in_one_thing_is_told_apart(same_answers: Any, plan: Plan) -> None:
    """The same without the hazard of an end: the limits are narrow enough to see it."""
    immortal = [agreement.model_copy(update={"ending": None}) for agreement in plan.scenario.agreements]
    other = plan.scenario.model_copy(update={"agreements": tuple(immortal)})
    assert not same_answers.compare(plan, TRIALS // 3, other=other).same


def test_the_flagship_is_made_larger_by_repeating_its_agreements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    monkeypatch.delitem(sys.modules, "curves", raising=False)
    larger = importlib.import_module("curves").larger(20, 20_000, 60)
    assert len(set(larger.plan.scenario.ids)) == 20
    assert larger.first_block()["classes/total"].shape == (20, 61, 8)
