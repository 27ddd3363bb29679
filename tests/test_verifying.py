"""``pactrisk verify``: identical, near enough elsewhere, or not the same; and which number."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pactrisk.report.archive import from_npz, to_npz
from pactrisk.runs import run
from pactrisk.verifying import compare, verify

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sets = ["drivers.oil.volatility=0.5"]
    return run(ROOT / "configs" / "first-steps.toml", sets, trials=6000, workers=1).save(
        tmp_path_factory.mktemp("v") / "run"
    )


def test_a_folder_that_is_what_it_says(folder: Path) -> None:
    found = verify(folder, 2)
    assert found.holds
    assert "identical" in found.told[0]
    told = subprocess.run([sys.executable, "-m", "pactrisk", "verify", str(folder)], capture_output=True, text=True)
    assert (told.returncode, told.stdout[:9]) == (0, "identical")


def test_a_number_that_was_changed_is_named(folder: Path) -> None:
    store = from_npz((folder / "store.npz").read_bytes())
    spoilt = dict(store)
    spoilt["classes/total"] = store["classes/total"].copy()
    spoilt["classes/total"].flat[5] += 1
    found = compare(spoilt, store)
    assert not found.holds
    assert found.told[0] == "NOT the same"
    assert found.told[1].startswith("classes/total: differs by up to")


def test_last_digits_of_another_place_are_allowed_and_said() -> None:
    here = {"a": np.array([1.0, 2.0]), "n": np.array([3])}
    there = {"a": here["a"] * (1 + 1e-13), "n": np.array([3])}
    assert not compare(here, there).holds
    found = compare(here, there, ("numpy 2.0, here 2.1",))
    assert found.holds
    assert found.told[-1] == "made with numpy 2.0, here 2.1"
    assert not compare(here, {**there, "n": np.array([4])}, ("numpy 2.0, here 2.1",)).holds
    part = {"a/x": here["a"], "a/y": here["n"]}
    assert not compare(part, {"a/x": here["a"]}, ("numpy 2.0, here 2.1",)).holds


def test_an_analysis_added_or_left_out_since_is_no_difference() -> None:
    here = {"classes/total": np.array([1]), "every/total": np.array([2])}
    found = compare(here, {"classes/total": np.array([1]), "other/total": np.array([3])})
    assert found.holds
    assert found.told[1:] == ("only in the folder: every", "only here: other")
    assert not compare(here, {"classes/total": np.array([2])}).holds


def test_order_moves_no_byte() -> None:
    here = {"a": np.array([1.0]), "n": np.array([3])}
    assert to_npz(here) == to_npz(dict(reversed(here.items())))
