"""Files spoilt by machine: every one is refused with file, line and a sentence, or still makes sense."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w

from pactrisk.config import load
from pactrisk.ensemble import Plan, simulate_block
from pactrisk.errors import InputError, RunError
from pactrisk.outcomes import CLASSES
from small_world import data

ROOT = Path(__file__).parent.parent
CONFIG: dict[str, Any] = {
    "scenario": "small",
    "horizon": "36 months",
    "headline": "24 months",
    "trials": 2000,
    "seed": 7,
    "variants": {"dear": {"set": {"drivers.oil.level": 120, "agreements.grain.depth": 0.4}}},
    "conditions": {"hot": {"when": "war.hot", "months": 6}},
    "rule": {"token": 0.1},
}
SPOILT: list[Any] = [
    *(-9, 0, 1e300, 10**30, float("nan"), float("inf"), True, [], {}, [[[]]], ["a", 1], date(1900, 1, 1)),
    *("", "x" * 3000, "../../etc/passwd", "<script>", "\u202e", "no_such_name", "war.hot", "__import__('os')"),
    *({"p10": 3, "p90": 1}, {"p10": 1}, {"distribution": "weibul"}, {"value": "ten"}),
    {"distribution": "normal", "mean": 1, "sd": -1},
]
EACH = 110


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path in the tables."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from places(inner, (*path, key))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a path."""
    for step in path:
        value = value[step]
    return value


def spoil(tables: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The tables with one thing wrong: a key lost, misspelt, doubled, or a value of the wrong sort."""
    tables = copy.deepcopy(tables)
    path = rng.choice(list(places(tables)))
    holder: Any = tables
    for step in path[:-1]:
        holder = holder[step]
    key, what = path[-1], rng.randrange(4)
    if what == 0:
        del holder[key]
    elif what == 1 and isinstance(holder, dict):
        word = str(key)
        at = rng.randrange(len(word) + 1)
        holder[word[:at] + rng.choice("xyz_. \"'é") + word[at + 1 :]] = holder.pop(key)
    elif what == 2 and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    else:
        holder[key] = copy.deepcopy(rng.choice(SPOILT))
    return tables


def spoil_text(text: str, rng: random.Random) -> bytes:
    """The file with bytes cut, doubled, swapped or put in."""
    content = bytearray(text.encode())
    for _ in range(rng.randint(1, 3)):
        at, what = rng.randrange(len(content)), rng.randrange(5)
        if what == 0:
            del content[at : at + rng.randint(1, 30)]
        elif what == 1:
            content[at:at] = content[at : at + rng.randint(1, 80)]
        elif what == 2:
            content[at] = rng.randrange(256)
        elif what == 3:
            content[at:at] = rng.choice(
                [b"[", b"]]", b"=", b'"', b"'''", b"\n", b"\x00", b"\xff", b"{", b"#", b"-", b"e9"]
            )
        else:
            del content[at:]
        if not content:
            content = bytearray(b"=")
    return bytes(content)


def refused_or_fine(config: Path) -> bool:
    """Load; True if refused. Every problem must name a file that exists, a line in it, and say one sentence.

    What is accepted must run: to numbers that are finite, or to a sentence that says what is not.
    """
    try:
        accepted = load(config)
    except InputError as error:
        problems = error.problems
    else:
        runs_or_says_why(accepted.plan)
        return False
    assert problems
    for problem in problems:
        assert problem.place is not None, problem
        file = Path(problem.place.file)
        assert file.exists(), problem
        lines = len(file.read_bytes().splitlines()) + 1
        assert 1 <= problem.place.line <= lines, problem
        assert problem.message, problem
        assert "\n" not in problem.message, problem
        assert len(problem.message) < 400, problem
        words = ("Traceback", "pydantic", "ValidationError", "NoneType", "object at 0x", "type=")
        assert not any(word in problem.message for word in words), problem
    return True


def runs_or_says_why(plan: Plan) -> None:
    """Warnings are errors in this suite: an overflow on the way counts as much as a traceback."""
    said, block = "", None
    try:
        block = simulate_block(plan, 0)
    except RunError as error:
        said = str(error)
    if block is None:
        assert "\n" not in said
        assert 0 < len(said) < 400
        return
    for progress in block.base.progress.values():
        assert np.isfinite(progress.delivery).all()
        assert np.isfinite(progress.honours).all()
    for classes in (block.base.classes, *block.variants.values()):
        assert ((classes >= 0) & (classes < len(CLASSES))).all()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "configs").mkdir()
    return tmp_path


def written(folder: Path, scenario: bytes, config: bytes) -> Path:
    (folder / "scenarios" / "small.toml").write_bytes(scenario)
    path = folder / "configs" / "small.toml"
    path.write_bytes(config)
    return path


def test_the_files_are_fine_before_they_are_spoilt(folder: Path) -> None:
    assert not refused_or_fine(written(folder, tomli_w.dumps(data()).encode(), tomli_w.dumps(CONFIG).encode()))


@pytest.mark.parametrize("seed", range(3))
def test_spoilt_scenarios(folder: Path, seed: int) -> None:
    rng, refused = random.Random(seed), 0
    for _ in range(EACH):
        scenario = tomli_w.dumps(spoil(data(), rng)).encode()
        refused += refused_or_fine(written(folder, scenario, tomli_w.dumps(CONFIG).encode()))
    assert EACH // 2 < refused < EACH


def test_odd_numbers_are_refused_or_run(folder: Path) -> None:
    """Numbers of the right sort and an odd size: most are accepted, and every one of these must run."""
    rng, refused = random.Random(10), 0
    for _ in range(EACH // 2):
        tables = data()
        for _ in range(2):
            numbers = [path for path in places(tables) if type(at(tables, path)) in (int, float)]
            path = rng.choice(numbers)
            at(tables, path[:-1])[path[-1]] = at(tables, path) * rng.choice([0, 1e-6, 0.3, 3, 40, 1e4])
        refused += refused_or_fine(written(folder, tomli_w.dumps(tables).encode(), tomli_w.dumps(CONFIG).encode()))
    assert 5 < refused < EACH // 3


def test_spoilt_configs(folder: Path) -> None:
    rng, refused = random.Random(11), 0
    for _ in range(EACH):
        config = tomli_w.dumps(spoil(CONFIG, rng)).encode()
        refused += refused_or_fine(written(folder, tomli_w.dumps(data()).encode(), config))
    assert EACH // 2 < refused < EACH


def test_spoilt_bytes(folder: Path) -> None:
    rng, refused = random.Random(12), 0
    scenario, config = tomli_w.dumps(data()), tomli_w.dumps(CONFIG)
    for turn in range(EACH):
        pair = (
            (spoil_text(scenario, rng), config.encode()) if turn % 3 else (scenario.encode(), spoil_text(config, rng))
        )
        refused += refused_or_fine(written(folder, *pair))
    assert refused > EACH // 3


def test_the_flagship_spoilt(folder: Path) -> None:
    rng, refused = random.Random(13), 0
    for name in ("kazakhstan-serbia.toml", "kazakhstan-serbia-route-closed.toml", "kazakhstan-serbia-eu-squeeze.toml"):
        (folder / "scenarios" / name).write_bytes((ROOT / "scenarios" / name).read_bytes())
    config = folder / "configs" / "kazakhstan-serbia.toml"
    config.write_bytes((ROOT / "configs" / "kazakhstan-serbia.toml").read_bytes())
    text = (ROOT / "scenarios" / "kazakhstan-serbia.toml").read_text(encoding="utf-8")
    for _ in range(12):
        (folder / "scenarios" / "kazakhstan-serbia.toml").write_bytes(spoil_text(text, rng))
        refused += refused_or_fine(config)
    assert refused > 3
