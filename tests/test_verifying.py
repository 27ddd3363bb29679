"""``pactrisk verify``: identical, near enough elsewhere, or not the same; and which number."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pactrisk.errors import InputError
from pactrisk.report.archive import from_npz, to_npz
from pactrisk.runs import redraw, run
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


def spoilt(folder: Path, tmp_path: Path, name: str, old: str, new: str) -> Path:
    """The folder with one word of a file changed."""
    made = tmp_path / "spoilt"
    shutil.copytree(folder, made)
    text = (made / name).read_text("utf-8")
    assert old in text
    (made / name).write_text(text.replace(old, new, 1), "utf-8")
    return made


def test_results_and_tables_must_say_what_the_sums_give(folder: Path, tmp_path: Path) -> None:
    made = spoilt(folder, tmp_path, "tables/agreements.csv", "0.", "1.")
    results = json.loads((made / "results.json").read_text("utf-8"))
    row = results["findings"]["headline"]["tables"]["agreements"][0]
    chance, row["substantive_cooperation"] = row["substantive_cooperation"], 1.93
    (made / "results.json").write_text(json.dumps(results), "utf-8")
    found = verify(made, 1)
    assert not found.holds
    assert found.told[0] == "NOT the same"
    assert found.told[1] == (
        f"results.json: findings.headline.tables.agreements.0.substantive_cooperation is 1.93, by the sums {chance}"
    )
    assert "tables/agreements.csv: is not what the sums give" in found.told


def test_an_analysis_added_since_is_nothing_that_a_folder_lacks(folder: Path, tmp_path: Path) -> None:
    made = spoilt(folder, tmp_path, "manifest.json", "{", "{")
    store = from_npz((made / "store.npz").read_bytes())
    (made / "store.npz").write_bytes(to_npz({n: x for n, x in store.items() if not n.startswith("density/")}))
    results = json.loads((made / "results.json").read_text("utf-8"))
    tables = results["findings"].pop("density")["tables"]
    (made / "results.json").write_text(json.dumps(results), "utf-8")
    for name in tables:
        (made / "tables" / f"{name}.csv").unlink()
    found = verify(made, 1)
    assert found.holds, found.told
    assert "only here: density" in found.told


def test_a_folder_of_another_version_is_held_to_its_numbers_alone(folder: Path, tmp_path: Path) -> None:
    made = spoilt(folder, tmp_path, "manifest.json", '"pandas": "', '"pandas": "0')
    (made / "tables" / "agreements.csv").write_text("in other words\n")
    assert verify(made, 1).holds
    results = json.loads((made / "results.json").read_text("utf-8"))
    results["findings"]["headline"]["sentence"] = "In other words."
    row = results["findings"]["headline"]["tables"]["agreements"][0]
    row["substantive_cooperation"] *= 1 + 1e-12
    (made / "results.json").write_text(json.dumps(results), "utf-8")
    assert verify(made, 1).holds
    row["substantive_cooperation"] *= 1 + 1e-6
    (made / "results.json").write_text(json.dumps(results), "utf-8")
    assert not verify(made, 1).holds


def test_an_input_that_was_changed_since_is_told_and_draws_no_report(folder: Path, tmp_path: Path) -> None:
    made = spoilt(folder, tmp_path, "inputs/scenarios/first-steps.toml", "\n", "\n# a remark\n")
    assert verify(made, 1).told[-1] == "inputs/scenarios/first-steps.toml: was changed since the run"
    with pytest.raises(InputError, match="was changed since the run") as refused:
        redraw(made)
    (problem,) = refused.value.problems
    assert str(problem.place) == str(made / "inputs/scenarios/first-steps.toml")


def test_what_is_gone_from_a_folder_is_told_by_its_name(folder: Path, tmp_path: Path) -> None:
    made = spoilt(folder, tmp_path, "manifest.json", "{", "{")
    (made / "inputs" / "configs" / "first-steps.toml").unlink()
    for again in (verify, redraw):
        with pytest.raises(InputError, match="is not there: the run was made from it") as refused:
            again(made)
        (problem,) = refused.value.problems
        assert str(problem.place) == str(made / "inputs/configs/first-steps.toml")
    (made / "store.npz").unlink()
    with pytest.raises(InputError, match=r"is damaged: store.npz: No such file"):
        verify(made)


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
