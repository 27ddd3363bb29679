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


FAULTS = {
    "def observe(block: Block) -> Sums:": ("def observe(block: Block -> Sums:", "SyntaxError: "),
    "from pactrisk.ensemble import Block, ": ("from pactrisk.ensemble import Blocks, Block, ", "ImportError: "),
}


@pytest.mark.parametrize("old", FAULTS)
def test_a_file_that_cannot_be_read_is_told_with_its_line(own: Callable[[str], Path], old: str) -> None:
    new, kind = FAULTS[old]
    source = WHOLE.replace(old, new)
    file = own(source)
    with pytest.raises(InputError) as refused:
        analyses.registry()
    (problem,) = refused.value.problems
    assert problem.message.startswith(f"cannot be read: {kind}")
    assert problem.place == (str(file), 1 + source[: source.index(new)].count("\n"), 0)


OBSERVE, FIND = "observe of the analysis every", "find of the analysis every"
KEEPS = 'return store("every", Moments.from_trials(every, block.trials_per_replicate))'
FINDS = 'return Finding("every", TITLE, f"The chance that every agreement is substantive is {text}.")'


@pytest.mark.parametrize(
    ("old", "new", "placed", "said_of_it"),
    [
        (KEEPS, "return None", False, f"{OBSERVE} gives nothing, where a dictionary of arrays by name is wanted"),
        (KEEPS, "return every", False, f"{OBSERVE} gives a value of type ndarray, where "),
        (
            KEEPS,
            'return {"x": 5}',
            False,
            f"{OBSERVE}, under 'x', gives a value of type int, where an array of numbers",
        ),
        (KEEPS, 'return {"x": np.array("a")}', False, f"{OBSERVE}, under 'x', gives a value of type ndarray, where an"),
        (KEEPS, "return {5: every}", False, f"{OBSERVE} gives a value of type dict, where a dictionary of arrays by"),
        ('"every", TITLE,', '"headline", TITLE,', False, f"{FIND} gives a Finding called 'headline', as another does"),
        ('is {text}.")', 'is {text}.", tables=(5,))', False, f"{FIND}, in its Finding, gives a value of type int"),
        (KEEPS, "return every / {}", True, f"{OBSERVE} fails: TypeError: unsupported operand"),
        ("(block: Block)", "(block: Block, more: int)", False, f"{OBSERVE} fails: TypeError: observe() missing 1"),
        (FINDS, "return text", False, f"{FIND} gives a value of type str, where a Finding"),
        (FINDS, "raise ValueError('no\\nway')", True, f"{FIND} fails: ValueError: no way"),
        (KEEPS, 'return {"x": 0 * np.log(0.0 * every.sum())}', False, "the sums of every/x are not finite"),
    ],
)
def test_what_an_analysis_does_wrong_is_said_of_it(
    own: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    old: str, new: str, placed: bool, said_of_it: str,
) -> None:  # fmt: skip
    source = WHOLE.replace(old, new).replace("TITLE =", "import numpy as np; TITLE =")
    file = own(source)
    lay_out(tmp_path, tagged(), {**SHORT, "analyses": ["headline", "every"]})
    monkeypatch.chdir(tmp_path)
    code, text = said("run", "small", "-q", "--workers", "1")
    assert code == 1
    if "not finite" in said_of_it:
        assert text.startswith(said_of_it)
        assert "or the analysis every does not take them down right" in text
        return
    place = f"{file}:{1 + source[: source.index(new)].count(chr(10))}" if placed else str(file)
    assert text.startswith(f"{place}: {said_of_it}"), text
    assert text.count("\n") == 1


def test_sums_of_other_shapes_do_not_add_up(
    own: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = WHOLE.replace(KEEPS, 'return {"x": np.zeros(1 + block.index)}')
    own(source.replace("TITLE =", "import numpy as np; TITLE ="))
    lay_out(tmp_path, tagged(), {**SHORT, "trials": 4000, "analyses": ["headline", "every"]})
    monkeypatch.chdir(tmp_path)
    code, text = said("run", "small", "-q", "--workers", "1")
    assert code == 1
    assert text.startswith("the sums of every/x do not add up: a block has them in another shape, (2,) after (1,)")


def test_a_report_is_drawn_again_without_an_analysis_that_was_added_since(
    own: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, tagged(), {word: value for word, value in SHORT.items() if word != "analyses"})
    monkeypatch.chdir(tmp_path)
    assert said("run", "small", "-q", "--workers", "1")[0] == 0
    page = (tmp_path / "reports" / "small" / "index.html").read_bytes()
    own(WHOLE)
    code, text = said("report", "reports/small")
    assert code == 0, text
    assert text.startswith("without every, added since the run: run it again to have that too\n")
    assert (tmp_path / "reports" / "small" / "index.html").read_bytes() == page
    assert said("verify", "reports/small")[0] == 0
