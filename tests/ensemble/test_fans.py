"""Quantiles of parts that hold whole worlds: by hand, adding up, and with an honest scatter."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from pactrisk.ensemble.fans import FAN, FAN_BLOCKS, fan, observe_fan


def block(worlds: int, m: int, index: int = 0) -> Any:
    return SimpleNamespace(index=index, worlds=worlds, trials=worlds * m, trials_per_world=m)


def reading(sums: dict[str, Any], worlds: int, m: int) -> Any:
    named = {f"a/{key}": value for key, value in sums.items()}
    plan = SimpleNamespace(trials_per_world=m)
    return SimpleNamespace(sums=named, name="a", level=0.95, trials=worlds * m, plan=plan)


def test_worlds_are_not_split_between_parts() -> None:
    # five worlds in four parts: 0 and 4, 1, 2, 3; every trial of world w has the value w
    values = np.tile(np.arange(5.0), 20)
    found = observe_fan("x", values, block(5, 20))
    middle = FAN.index(0.5)
    assert found["x/parts"] == 4
    assert found["x/w"] == 100
    assert found["x/ww"] == 40**2 + 3 * 20**2
    assert found["x/wq"][middle] == 40 * 2 + 20 * (1 + 2 + 3)
    assert found["x/wq"][0] == 40 * 0 + 20 * (1 + 2 + 3)
    assert found["x/wwqq"][middle] == 40**2 * 4 + 20**2 * (1 + 4 + 9)


def test_equal_parts_give_the_mean_and_its_student_interval() -> None:
    values = np.random.default_rng(1).normal(size=(3, 400))
    sums = observe_fan("x", values, block(20, 20))
    each = np.stack([np.quantile(values[:, part::4], FAN, axis=-1) for part in range(4)])
    found = fan(reading(sums, 20, 20), "x")
    half = stats.t.ppf(0.975, 3) * each.std(axis=0, ddof=1) / 2
    np.testing.assert_allclose(found.value, each.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.high - found.value, half, rtol=1e-9)
    assert found.shape == (len(FAN), 3)


def test_one_world_has_no_interval() -> None:
    sums = observe_fan("x", np.arange(20.0), block(1, 20))
    found = fan(reading(sums, 1, 20), "x")
    assert found.value[FAN.index(0.5)] == pytest.approx(9.5)
    assert np.isinf(found.low).all()
    assert np.isinf(found.high).all()


def test_only_the_first_blocks_are_looked_at() -> None:
    values = np.zeros(100)
    assert observe_fan("x", values, block(5, 20, FAN_BLOCKS - 1))
    assert observe_fan("x", values, block(5, 20, FAN_BLOCKS)) == {}
