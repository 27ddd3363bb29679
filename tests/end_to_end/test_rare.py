"""A rare event from the config to the folder: said in the terminal, kept, drawn again, and the same when run again."""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
from pathlib import Path

from pactrisk.report import read
from pactrisk.runs import redraw
from pactrisk.verifying import verify

ROOT = Path(__file__).parent.parent.parent
EVENT = "corridor.substantive and oil < 40"


def test_from_the_config_to_the_folder_and_back(tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = ["run", str(ROOT / "configs" / "first-steps.toml"), "--set", f"rare={EVENT}", "--out", str(out)]
    command = [sys.executable, "-W", "error", "-m", "pactrisk", *words, "--trials", "6000", "--workers", "2"]
    done = subprocess.run(command, env={**os.environ, "COLUMNS": "200"}, capture_output=True, text=True, check=True)
    assert f"{EVENT} in March 2029 has a chance of" in done.stdout
    told = json.loads((out / "results.json").read_bytes())["findings"]["rare"]
    assert told["sentence"] in done.stdout
    page = html.unescape((out / "index.html").read_text(encoding="utf-8"))
    assert f"{EVENT} in March 2029 has a chance of" in page
    assert "Weights undo the tilts in every number of this chapter" in page
    row = told["tables"]["rare-event"][0]
    assert row["chance_low"] < row["chance"] < row["chance_high"]
    assert row["effective"] > 30
    assert row["plain_low"] <= row["chance_high"]
    assert row["chance_low"] <= row["plain_high"]
    # the record holds the tilts, and a run of the inputs finds them and every sum again
    record, _, store = read(out)
    (direction,) = record["tilts"]
    assert direction["share"] == 1.0
    assert "driver/oil/diffusion" in direction["tilts"]
    assert {name.removeprefix("rare/drawn/") for name in store if "/drawn/" in name} == set(direction["tilts"])
    files = sum(path.is_file() and out / "inputs" not in path.parents for path in out.rglob("*"))
    assert verify(out, 1).told == (
        f"identical: {len(store)} arrays, to the last bit",
        f"identical: {files} files, to the last byte",
    )
    again = redraw(out, tmp_path / "again")
    assert (again / "results.json").read_bytes() == (out / "results.json").read_bytes()
