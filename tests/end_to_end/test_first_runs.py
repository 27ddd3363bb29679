"""First runs on a machine: two at once, and where no place takes what is compiled."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from end_to_end.killing import MANY, ROOT, command, made

pytestmark = [
    pytest.mark.skipif(not MANY, reason="compiles the engine anew: only with PACTRISK_KILLS=50 or more"),
    pytest.mark.timeout(1800),
]
WAITS = "compiling the engine"


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    place = tmp_path_factory.mktemp("truth")
    assert subprocess.run(command(Path("run")), cwd=place, capture_output=True, check=False).returncode == 0
    return made(place / "run")


def begun(place: Path, package: Path, **environment: str) -> subprocess.Popen[str]:
    place.mkdir()
    return subprocess.Popen(
        command(Path("run")), cwd=place, env={**os.environ, "PYTHONPATH": str(package), **environment}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def copied(to: Path) -> Path:
    """The package, never run before."""
    shutil.copytree(ROOT / "simsrc", to, ignore=shutil.ignore_patterns("__pycache__"))
    return to


def test_two_at_once_compile_side_by_side(tmp_path: Path, truth: dict[str, bytes]) -> None:
    package = copied(tmp_path / "fresh")
    for process in [begun(tmp_path / name, package) for name in ("one", "two")]:
        _, told = process.communicate()
        assert (process.returncode, WAITS in told) == (0, True), told
    assert made(tmp_path / "one" / "run") == made(tmp_path / "two" / "run") == truth
    third = begun(tmp_path / "three", package)
    assert WAITS not in third.communicate()[1]
    assert made(tmp_path / "three" / "run") == truth


def test_where_nothing_can_be_kept_every_run_compiles(tmp_path: Path, truth: dict[str, bytes]) -> None:
    package = copied(tmp_path / "fresh")
    # what is a file can hold no file, whoever asks
    nowhere = tmp_path / "nowhere"
    nowhere.touch()
    (package / "pactrisk" / "kernels" / "__pycache__").touch()
    places = {"HOME": str(nowhere), "XDG_CACHE_HOME": str(nowhere), "MPLCONFIGDIR": str(tmp_path / "fonts")}
    for name in ("one", "two"):
        process = begun(tmp_path / name, package, **places)
        _, told = process.communicate()
        assert (process.returncode, WAITS in told) == (0, True), told
        assert made(tmp_path / name / "run") == truth
