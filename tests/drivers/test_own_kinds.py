"""A kind of one's own that is not whole, or makes no path, is told by its file."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from pactrisk.drivers import Factor, processes, simulate
from pactrisk.errors import InputError, RunError
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Worlds
from pactrisk.streams import Streams

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
(WHOLE,) = [b for b in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "def theory" in b]
RETURN = re.search(r"return Path\(.*\)\n", WHOLE)[0].strip()  # type: ignore[index]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """What writes a kind called ``walk`` among the others."""
    monkeypatch.setattr(processes, "__path__", [*processes.__path__, str(tmp_path)])

    def write(source: str) -> Path:
        file = tmp_path / "walk.py"
        file.write_text(source, encoding="utf-8")
        return file

    yield write
    sys.modules.pop("pactrisk.drivers.processes.walk", None)


def test_the_kind_of_the_readme_is_whole(own: Callable[[str], Path]) -> None:
    own(WHOLE)
    assert processes._found().keys() == processes.KINDS.keys() | {"random_walk"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("@kind\n", "", "RandomWalk lacks @kind"),
        ('Literal["random_walk"]', "str", "RandomWalk lacks kind: Literal with one word"),
        ("def simulate", "def simulated", "RandomWalk lacks simulate"),
        ("def theory", "def theories", "RandomWalk lacks theory"),
        ("import numpy as np", "import numpy as np as n", "cannot be read: SyntaxError: invalid syntax"),
    ],
)
def test_what_a_kind_lacks_is_told(own: Callable[[str], Path], old: str, new: str, message: str) -> None:
    file = own(WHOLE.replace(old, new))
    with pytest.raises(InputError) as refused:
        processes._found()
    (problem,) = refused.value.problems
    assert problem.place is not None
    assert (problem.place.file, problem.message) == (str(file), message)


def test_a_word_that_another_kind_has_is_told(own: Callable[[str], Path]) -> None:
    file = own(WHOLE.replace('["random_walk"]', '["bootstrap"]'))
    with pytest.raises(InputError) as refused:
        processes._found()
    (problem,) = refused.value.problems
    assert problem.place == (str(file), 0, 0)
    assert problem.message.startswith("RandomWalk is of the kind 'bootstrap', which is defined in ")
    assert problem.message.endswith("bootstrap.py too")


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("return None", r"walk\.py: simulate of the kind random_walk gives nothing, where a path is wanted"),
        ("return Path(start)", r"walk\.py: .* gives a path of shape \(1, 40\), where \(13, 40\) is wanted"),
        ("return Path(start / {})", r"walk\.py:\d+: simulate of the kind random_walk fails: TypeError: unsupported"),
    ],
)
def test_what_makes_no_path_is_said_of_the_kind(own: Callable[[str], Path], new: str, message: str) -> None:
    own(WHOLE.replace(RETURN, new))
    walk = processes._found()["random_walk"].model_validate({"kind": "random_walk", "initial": 1.0, "sd": 0.5})
    worlds = Worlds(Streams(1, 0, 40), 2)
    with pytest.raises(RunError, match=message):
        simulate({"mood": walk}, {}, (), worlds, TimeGrid(date(2026, 2, 27), 12))


def test_what_others_read_too_cannot_be_written_into(own: Callable[[str], Path]) -> None:
    """The innovations of a common cause are every driver's that loads on it, and every variant's."""
    own(WHOLE.replace(RETURN, f'setting.factors["fear"] *= 0.5\n        {RETURN}'))
    data = {"kind": "random_walk", "initial": 1.0, "sd": 0.5, "factors": {"fear": 0.5}}
    walk = processes._found()["random_walk"].model_validate(data)
    worlds = Worlds(Streams(1, 0, 40), 2)
    with pytest.raises(RunError, match=r"walk\.py:\d+: .* fails: ValueError: output array is read-only"):
        simulate({"mood": walk}, {"fear": Factor()}, (), worlds, TimeGrid(date(2026, 2, 27), 12))
