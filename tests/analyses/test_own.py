"""An analysis of one's own that is not whole, or asks for what it does not keep, is told by its name."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from end_to_end.desk import lay_out, tagged
from end_to_end.test_unkind_places import SHORT, said
from pactrisk import analyses
from pactrisk.errors import InputError

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
(WHOLE,) = [b for b in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "def observe" in b]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """What writes an analysis called ``every`` among the others."""
    monkeypatch.setattr(analyses, "__path__", [*analyses.__path__, str(tmp_path)])

    def write(source: str) -> Path:
        file = tmp_path / "every.py"
        file.write_text(source, encoding="utf-8")
        analyses.registry.cache_clear()
        return file

    yield write
    sys.modules.pop("pactrisk.analyses.every", None)
    analyses.registry.cache_clear()


def test_the_analysis_of_the_readme_is_whole(own: Callable[[str], Path]) -> None:
    own(WHOLE)
    assert analyses.registry()["every"].title == "All of them"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ORDER = 37", "", "lacks ORDER (a number)"),
        ('TITLE = "All of them"', "TITLE = 5", "lacks TITLE (a text)"),
        ("def find", "def found", "lacks find (a function)"),
        ("def observe", "def observed", "lacks observe (a function)"),
    ],
)
def test_what_an_analysis_lacks_is_told(own: Callable[[str], Path], old: str, new: str, message: str) -> None:
    file = own(WHOLE.replace(old, new))
    with pytest.raises(InputError) as refused:
        analyses.registry()
    (problem,) = refused.value.problems
    assert (problem.place, problem.message) == ((str(file), 0, 0), message)


def test_a_file_that_is_no_analysis_is_none(own: Callable[[str], Path]) -> None:
    own("HALF = 0.5\n")
    assert "every" not in analyses.registry()


def test_a_sum_that_nobody_keeps_is_told_and_what_is_done_is_kept(
    own: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(WHOLE.replace('own("every")', 'own("evry")'))
    lay_out(tmp_path, tagged(), {**SHORT, "analyses": ["headline", "every"]})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pactrisk.keeping._EVERY", 0)
    code, text = said("run", "small", "-q", "--workers", "1")
    assert (code, text) == (1, "the analysis every asks for the sum 'evry', which is not kept; its own are: every\n")
    assert [path.name for path in (tmp_path / "reports").iterdir()] == [".small.blocks"]
