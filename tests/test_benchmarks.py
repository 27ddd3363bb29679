"""The notebook of the benchmarks is the same model: both give the same probabilities, and another model does not."""

from __future__ import annotations

import importlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy import special

from pactrisk.config import load
from pactrisk.ensemble import Plan
from pactrisk.study import Study

ROOT = Path(__file__).parent.parent
TRIALS = 6000


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load(ROOT / "configs" / "kazakhstan-serbia.toml").study.plan


def script(monkeypatch: pytest.MonkeyPatch, name: str) -> Any:
    """The benchmarks are scripts beside the package, not part of it."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    for other in ("notebook", "notebook_drivers", "notebook_results", "same_answers", "curves"):
        monkeypatch.delitem(sys.modules, other, raising=False)
    return importlib.import_module(name)


@pytest.fixture
def same_answers(monkeypatch: pytest.MonkeyPatch) -> Any:
    return script(monkeypatch, "same_answers")


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
    larger = script(monkeypatch, "curves").larger(20, 20_000, 60)
    assert len(set(larger.plan.scenario.ids)) == 20
    assert larger.first_block()["classes/total"].shape == (20, 61, 8)


PARTS = 20
"""Parts of the notebook, drawn apart, of which the scatter says how sure it is."""
FALSE_ALARM = 1e-3


def test_the_notebook_gives_the_same_joint_and_conditional_results_and_quantities(
    monkeypatch: pytest.MonkeyPatch, plan: Plan
) -> None:
    """Ratios of sums over parts of the notebook against the tables of a report, within Student limits of the parts."""
    notebook, k = script(monkeypatch, "notebook_results"), plan.headline
    asked = replace(plan, variants={}, question=plan.question.model_copy(update={"trials": TRIALS}))
    tables = Study(asked).run(1).tables
    parts = [notebook.run(asked, TRIALS // PARTS, seed=part) for part in range(PARTS)]
    many = np.full(PARTS, TRIALS // PARTS)
    compared: dict[Any, float] = {}

    def compare(what: Any, sums: Any, of: Any, row: pd.Series[Any], word: str, rounding: float) -> None:
        told, low, high = (float(row[word + end]) for end in ("", "_low", "_high"))
        own, over = np.array(sums, float), np.array(of, float)
        share = own.sum() / over.sum()
        error = np.std(own - share * over, ddof=1) * np.sqrt(PARTS) / over.sum()
        compared[what] = max(abs(share - told) - rounding, 0.0) / np.hypot(error, (high - low) / 4)

    def moved(values: npt.NDArray[Any]) -> float:
        """What a month more or less changes: the notebook rounds to months."""
        return float(np.abs(values[[k - 1, k + 1]] - values[k]).max())

    for least, by_date in tables["at-least-by-date"].groupby("number"):
        if least <= 5:
            sums = [one.number[k, least:].sum() for one in parts]
            compare(("at least", least), sums, many, by_date.iloc[k], "chance", moved(by_date["chance"].to_numpy()))
    for name, by_date in tables["quantities"].groupby("quantity"):
        means = [one.means[name][k] * many[0] for one in parts]
        compare(name, means, many, by_date.iloc[k], "mean", moved(by_date["mean"].to_numpy()))
        for place, word in enumerate(("p05", "p25", "p50", "p75", "p95")):
            quantiles = [one.quantiles[name][place, k] * many[0] for one in parts]
            if np.ptp(quantiles) > 0:
                # quantiles of so small parts lean to the middle by less than what one lies from the next
                rounding = moved(by_date[word].to_numpy()) + np.std(quantiles) / many[0]
                compare((name, word), quantiles, many, by_date.iloc[k], word, rounding)
    conditions = list(plan.question.conditions)
    for _, row in tables["conditions"].iterrows():
        for held, word in enumerate(("number_given", "number_otherwise")):
            sums, of = (
                [one.given[conditions.index(row["condition"]), held, place] for one in parts] for place in (-2, -1)
            )
            compare((row["condition"], word), sums, of, row, word, 0.05)
    ids = list(plan.scenario.ids)
    for _, row in tables["pairs"].iterrows():
        pair = ids.index(row["first"]), ids.index(row["second"])
        compare(pair, [one.pairs[pair] for one in parts], many, row, "both", 0.002)
    assert len(compared) > 60
    limit = special.stdtrit(PARTS - 1, 1 - FALSE_ALARM / 2 / len(compared))
    assert {what: apart for what, apart in compared.items() if apart > limit} == {}
