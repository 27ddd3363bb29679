"""Every compiled loop against its plain NumPy twin, to the bit; and whole blocks both ways."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pactrisk import kernels, samplers
from pactrisk.config import load
from pactrisk.distributions import FAMILIES, Distribution
from pactrisk.drivers import StatePath
from pactrisk.ensemble import Plan, simulate_block
from pactrisk.kernels import compilation
from pactrisk.kernels.quantiles import CODES, quantile_one
from pactrisk.streams import Streams

ROOT = Path(__file__).parent.parent
STEPS, TRIALS, WORLDS = 24, 300, 50


def draws(rng: np.random.Generator) -> dict[str, list[Any]]:
    words = Streams(5, 3).words("driver/a")
    return {
        "draws.uniforms": [words, 17, np.empty(1001)],
        "draws.pick_uniforms": [words, rng.integers(0, 10**9, 500), np.empty(500)],
        "draws.normals": [words, 17, np.empty(4001)],
        # far tails too
        "draws.quantile": [rng.random(4001) ** rng.choice([1, 40], 4001), np.empty(4001)],
    }


def clocks(rng: np.random.Generator) -> dict[str, list[Any]]:
    pace = rng.random((STEPS, TRIALS)) * rng.integers(0, 2, (STEPS, TRIALS))
    tau = np.concatenate([np.zeros((1, TRIALS)), pace]).cumsum(axis=0).T.copy()
    months = rng.uniform(-2, STEPS + 2, TRIALS)
    trial = rng.integers(0, TRIALS, TRIALS)
    owed = np.where(rng.random(TRIALS) < 0.3, tau[trial, 7], rng.uniform(-1, 15, TRIALS))
    start = np.where(rng.random(TRIALS) < 0.2, np.inf, np.abs(months))
    ended = np.where(rng.random(TRIALS) < 0.5, np.inf, rng.uniform(0, STEPS, TRIALS))
    finish = [tau, 1.0, start, rng.uniform(0, 6, TRIALS), rng.random(TRIALS) < 0.2, ended, 5.0, np.empty(TRIALS)]
    return {
        "clocks.tau_of": [pace, 3.0, np.empty((TRIALS, STEPS + 1))],
        "clocks.value_at": [tau, 1.0, months, trial, np.empty(TRIALS)],
        "clocks.first": [tau, 1.0, owed, trial, np.empty(TRIALS)],
        "clocks.finish": finish,
        "clocks.if_pursued": [*finish[:4], np.where(rng.random(TRIALS) < 0.4, np.inf, start), 5.0, np.empty(TRIALS)],
        "clocks.stands": [np.floor(start), 3, np.empty((STEPS, TRIALS))],
    }


def effects(rng: np.random.Generator) -> dict[str, list[Any]]:
    states = rng.integers(0, 3, (STEPS + 1, TRIALS)).astype(np.int8)
    values = rng.random((STEPS, TRIALS))
    codes = rng.integers(0, 8, (STEPS, TRIALS)).astype(np.uint16)
    each = rng.random(TRIALS)
    return {
        "effects.mark_state": [states, 3, 2, 4, codes.copy()],
        "effects.mark_beyond": [values, each, True, 3, codes.copy()],
        "effects.look_up": [codes, rng.random((8, WORLDS)), False, values.copy()],
        "effects.choose": [states, 1, each, rng.random((1, TRIALS)), values.copy()],
        "effects.departed": [values, each, rng.normal(size=TRIALS), np.empty((STEPS, TRIALS))],
        "effects.averaged": [rng.random((STEPS + 1, TRIALS)), 2, 1, np.empty((STEPS, TRIALS))],
    }


def prices(rng: np.random.Generator) -> dict[str, list[Any]]:
    def rows(n: int) -> Any:
        return rng.random((n, TRIALS))

    z, other, out = (rng.standard_normal((STEPS, TRIALS)) for _ in range(3))
    whole = np.empty((STEPS + 1, TRIALS))
    leaps = rng.random((STEPS, TRIALS))
    parts = [rows(1)[0], rows(1)[0], rows(1), rows(STEPS), rows(1), rows(STEPS) * 2 - 1, rows(1), z, other]
    return {
        "prices.blend": [z, rng.uniform(-0.9, 0.9, (2, TRIALS)), rng.standard_normal((2, STEPS, TRIALS)), out],
        "prices.radius": [z, other, 3 + rows(1)[0], np.empty_like(z)],
        "prices.heavier": [z, np.expm1(z * z), z * z, 3 + rows(1)[0], np.empty_like(z)],
        "prices.pulled": [rows(1)[0], rows(1), rows(STEPS), rows(1), z, leaps, whole],
        "prices.two_parts": [*parts, leaps, whole.copy()],
    }


def progress(rng: np.random.Generator) -> dict[str, list[Any]]:
    points = rng.integers(0, STEPS + 1, (12, TRIALS)).astype(float)
    points[rng.random(points.shape) < 0.3] = kernels.progress.NEVER
    each = [rng.random(TRIALS) for _ in range(4)]
    ended = np.where(rng.random(TRIALS) < 0.5, np.inf, rng.uniform(0, STEPS, TRIALS))
    start = np.where(rng.random(TRIALS) < 0.2, np.inf, rng.uniform(0, 9, TRIALS))
    present = (rng.random(TRIALS) < 0.8).astype(float)
    shape = (STEPS + 1, TRIALS)
    agreement = (
        *(points[:4], np.array([0.3, 0.2, 0.1, 0.0]), points[4:], rng.random(8), 6, rng.random(shape), present),
        *(ended, start, 12 * each[0], each[1], rng.random((STEPS, TRIALS)), each[2], 0.5, each[3], 1.0, 12),
    )
    months = np.arange(STEPS + 1.0)
    out = [np.empty((STEPS - 4, TRIALS)) for _ in range(4)]
    cuts = np.array([0.5, 0.3, 0.1, 0.4])
    young = (months < 6).astype(float)
    there = np.empty(TRIALS), np.empty(TRIALS)
    weights = [np.where(rng.random((5, len(w))) < 0.3, 0.0, w) for w in (agreement[1], agreement[3])]
    cases = (*weights, np.array([1.0, 0.0, 1.0, 1.0, 0.0]), rng.random((5, TRIALS)))
    kept = (np.empty(shape), np.empty(shape)), 3, there, np.empty(shape, dtype=np.bool_)
    return {
        "progress.seen": [
            np.where(rng.random(TRIALS) < 0.2, np.inf, each[0] * 9),
            3.0,
            np.empty(TRIALS, dtype=np.int32),
        ],
        "progress.ceremony": [rng.integers(0, 3, shape).astype(np.int16), 0.3, 6, rng.random(shape)],
        "progress.trace": [agreement, 5, *out],
        "outcomes.classes": [agreement, 0, cuts, months, young, *kept, np.empty(shape, dtype=np.int8)],
        "outcomes.classes_of": [each[1], each[2], agreement, cuts, 9.0, 0.0, np.empty(TRIALS, dtype=np.int8)],
        "outcomes.over_cases": [agreement, 9, cuts, 9.0, 0.0, cases, rng.random((8, TRIALS))],
    }


def tallies(rng: np.random.Generator) -> dict[str, list[Any]]:
    classes = rng.integers(0, 8, (3, STEPS, TRIALS)).astype(np.int8)
    rows = classes.reshape(-1, TRIALS)
    unions = np.zeros((2, 8), dtype=np.bool_)
    unions[0, :2], unions[1, 5] = True, True
    size = [np.zeros((len(rows), n), dtype=np.int64) for n in (8, 8, 2, 2)]
    up_to = [np.zeros((len(rows), 6), dtype=np.int64) for _ in range(2)]
    edges = np.linspace(0.1, 0.9, 9)
    levels = np.concatenate([rng.random((3, WORLDS)), np.resize(edges, (1, WORLDS))])
    sums = rng.integers(0, 20, (3, WORLDS))
    whole = [np.zeros((4, 10, 3), dtype=np.int64), np.zeros((4, 10), dtype=np.int64)]
    moments = [np.zeros(len(rows), dtype=np.int64) for _ in range(3)]
    spent = [np.zeros((4, STEPS), dtype=np.int64) for _ in range(3)]
    bits = np.array([0b11, 0b10100000, 0b1111111], dtype=np.int16)
    return {
        "tallies.equal": [rows, WORLDS, unions, *size],
        "tallies.up_to": [rows.astype(np.int16), WORLDS, *up_to],
        "tallies.by_bin": [levels, edges, sums, *whole],
        "tallies.whole": [rows, WORLDS, *moments],
        "tallies.spent": [(classes == 4).view(np.int8), WORLDS, *spent],
        "tallies.members": [classes, bits, np.empty((3, STEPS, TRIALS), dtype=np.int16)],
    }


def events(rng: np.random.Generator) -> dict[str, list[Any]]:
    rate, words = rng.uniform(0.1, 0.5, TRIALS), Streams(5, 3).words("driver/b")
    return {"events.arrivals": [words, 18 * rate, rate, np.empty((0, 1)), 1.0, 18.0, np.empty((40, TRIALS))]}


def stays(rng: np.random.Generator) -> dict[str, list[Any]]:
    trial = rng.integers(0, TRIALS, 900)
    most = int(np.bincount(trial, minlength=TRIALS).max())
    month = np.floor(rng.uniform(0, 9, 900))
    sources = np.zeros((most, TRIALS), dtype=np.int64)
    return {"stays.arrange": [month, trial, np.sort(rng.integers(0, 3, 900)), np.empty((most + 1, TRIALS)), sources]}


def strata(rng: np.random.Generator) -> dict[str, list[Any]]:
    points = samplers.net()[5]
    order = rng.integers(0, 30, 120)
    return {
        "strata.shuffled": [Streams(5, 3).words("driver/a"), 5, 40, 2, np.empty(120, dtype=np.int64)],
        "strata.stratified": [Streams(5, 3).words("driver/a"), 40, 2, np.empty(120)],
        "strata.scrambled": [Streams(5, 3).words("driver/a"), 5, 60, 2, points, order, np.empty(120, dtype=np.uint64)],
    }


def cases() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for made in (draws, clocks, effects, events, prices, progress, tallies, stays, strata):
        found |= made(np.random.default_rng(20260227))
    return found


def loop(name: str) -> compilation.Loop:
    module, _, word = name.partition(".")
    found = getattr(getattr(kernels, module), word)
    assert isinstance(found, compilation.Loop)
    return found


@pytest.mark.parametrize("name", sorted(cases()))
def test_a_loop_and_its_twin_agree(name: str) -> None:
    here, there = cases()[name], cases()[name]
    found = loop(name)(*here)
    with compilation.plainly():
        truth = loop(name)(*there)
    assert found == truth
    if name == "events.arrivals":
        assert 8 < found < 41
        here[6], there[6] = here[6][:found], there[6][:found]
    for mine, its in zip(here, there, strict=True):
        for x, y in zip(mine, its, strict=True) if isinstance(mine, tuple) else [(mine, its)]:
            np.testing.assert_array_equal(x, y)
    assert any(not np.array_equal(x, y) for x, y in zip(here, cases()[name], strict=True) if isinstance(x, np.ndarray))


def test_every_loop_with_a_twin_is_held_to_it() -> None:
    named = {f"{m}.{w}" for m in kernels.__all__ for w, v in vars(getattr(kernels, m)).items() if is_own(m, v)}
    assert named == set(cases())


def is_own(module: str, value: Any) -> bool:
    own = isinstance(value, compilation.Loop) and value.twin is not None
    return own and value.loop.py_func.__module__ == f"pactrisk.kernels.{module}"


def test_averages_of_many_agree_but_for_rounding() -> None:
    values = np.random.default_rng(1).random((STEPS + 1, TRIALS))
    here, there = (np.empty((STEPS, TRIALS)) for _ in range(2))
    kernels.effects.averaged(values, 2, 7, here)
    with compilation.plainly():
        kernels.effects.averaged(values, 2, 7, there)
    np.testing.assert_allclose(here, there, rtol=1e-14)


def test_arrivals_by_a_clock() -> None:
    rng = np.random.default_rng(3)
    words, tau = Streams(5, 3).words("driver/b"), rng.random((TRIALS, STEPS + 1)).cumsum(axis=1)
    tau[:, 0] = 0.0
    here, there = np.empty((40, TRIALS)), np.empty((40, TRIALS))
    given = [words, tau[:, -1].copy(), np.zeros(TRIALS), tau, 1.0, float(STEPS)]
    used = kernels.events.arrivals(*given, here)
    with compilation.plainly():
        assert kernels.events.arrivals(*given, there) == used < 41
    np.testing.assert_array_equal(here[:used], there[:used])


@pytest.mark.parametrize(("worlds", "kinds"), [(1, 8), (2, 8), (10, 8), (50, 8), (2, 9), (50, 12)])
@pytest.mark.parametrize("each", [255, 256, 40])
def test_kinds_are_counted_however_many_and_however_crowded(worlds: int, kinds: int, each: int) -> None:
    values = np.random.default_rng(4).integers(0, kinds, (3, worlds * each)).astype(np.int8)
    values[0] = kinds - 1
    unions = np.arange(kinds) % 3 == np.arange(3)[:, None]
    here, there = ([np.empty((3, n), dtype=np.int64) for n in (kinds, kinds, 3, 3)] for _ in range(2))
    kernels.tallies.equal(values, worlds, unions, *here)
    with compilation.plainly():
        kernels.tallies.equal(values, worlds, unions, *there)
    for mine, its in zip(here, there, strict=True):
        np.testing.assert_array_equal(mine, its)


def test_members_are_counted_however_many() -> None:
    classes = np.random.default_rng(6).integers(0, 8, (600, 2, 10)).astype(np.int8)
    bits, out = np.array([0b1, 0b11111110], dtype=np.int16), np.empty((2, 2, 10), dtype=np.int16)
    kernels.tallies.members(classes, bits, out)
    np.testing.assert_array_equal(out, [(classes == 0).sum(axis=0), (classes > 0).sum(axis=0)])


LAWS: dict[str, dict[str, float]] = {
    "normal": {"mean": 5.0, "sd": 2.0},
    "fixed": {"value": 3.0},
    "uniform": {"low": 2.0, "high": 5.0},
    "triangular": {"low": 1.0, "mode": 2.0, "high": 6.0},
    "lognormal": {"median": 4.0, "sigma": 0.8},
    "exponential": {"mean": 7.0},
    "weibull": {"scale": 12.0, "shape": 0.7},
    "log_logistic": {"median": 5.0, "shape": 2.2},
}
QUANTILES = [
    {"p10": 2.0, "p90": 9.0},
    {"p10": 2.0, "p50": 3.0, "p90": 9.0},
    {"p05": 1.0, "p25": 2.0, "p50": 5.0, "p75": 7.0},
]


@pytest.mark.parametrize("cut", [(None, None), (2.5, 4.5)])
@pytest.mark.parametrize("law", [*LAWS, *range(len(QUANTILES))])
def test_what_loops_draw_is_the_quantile_function(law: str | int, cut: tuple[float | None, float | None]) -> None:
    u = np.concatenate([np.random.default_rng(2).random(500), [2.0**-53, 1 - 2.0**-53, 0.1, 0.5, 0.9]])
    family, numbers = (law, LAWS[law]) if isinstance(law, str) else ("quantiles", QUANTILES[law])
    distribution = Distribution(family, numbers, *cut, bounds=(0.0, np.inf))
    check_drawn(distribution, u)


@pytest.mark.parametrize("bounds", [(-np.inf, np.inf), (0.5, np.inf), (-np.inf, 12.0), (0.0, 20.0)])
def test_quantiles_on_every_scale(bounds: tuple[float, float]) -> None:
    check_drawn(
        Distribution("quantiles", {"p10": 2.0, "p50": 3.0, "p90": 9.0}, bounds=bounds), np.linspace(0.001, 0.999, 99)
    )


def check_drawn(distribution: Distribution, u: np.ndarray) -> None:
    coded = distribution.coded(2)
    assert coded is not None
    found = [quantile_one(coded[0], coded[1], 1, x) for x in u]
    np.testing.assert_allclose(found, distribution.ppf(u), rtol=1e-12)


def test_families_that_no_loop_knows_are_said() -> None:
    assert set(LAWS) | {"quantiles"} == set(CODES)
    for family in FAMILIES.keys() - CODES.keys():
        numbers = dict.fromkeys(FAMILIES[family].above, 1.5)
        assert Distribution(family, numbers, bounds=(0.0, np.inf)).coded(3) is None


def alike(plan: Plan) -> None:
    """A block with compiled loops and with their twins: the same states, dates and classes in every trial."""
    here = simulate_block(plan, 0)
    with compilation.plainly():
        there = simulate_block(plan, 0)
    for name, path in here.base.paths.items().items():
        other = there.base.paths[name]
        if isinstance(path, StatePath):
            assert isinstance(other, StatePath)
            np.testing.assert_array_equal(path.states, other.states, err_msg=name)
        else:
            assert not isinstance(other, StatePath)
            np.testing.assert_allclose(path.values, other.values, rtol=1e-11, atol=1e-12, err_msg=name)
    for id_, progress_ in here.base.progress.items():
        for name, done in progress_.done.items():
            np.testing.assert_allclose(done, there.base.progress[id_].done[name], rtol=1e-11, err_msg=f"{id_}.{name}")
        np.testing.assert_allclose(progress_.delivery, there.base.progress[id_].delivery, rtol=1e-11, atol=1e-12)
    np.testing.assert_array_equal(here.base.classes, there.base.classes)
    for name, classes in here.variants.items():
        np.testing.assert_array_equal(classes, there.variants[name], err_msg=name)


@pytest.mark.parametrize("name", ["kazakhstan-serbia", "kazakhstan-serbia-brief"])
def test_whole_worlds_are_the_same_trial_by_trial(name: str) -> None:
    alike(load(ROOT / "configs" / f"{name}.toml").study.plan)


def test_any_line_of_any_loop_changes_what_compiled_code_is_known_by(tmp_path: Path) -> None:
    shutil.copytree(
        Path(kernels.__path__[0]).parent, tmp_path / "pactrisk", ignore=shutil.ignore_patterns("__pycache__")
    )
    # a comment is the last line of each file in turn
    said = """
import pathlib
from pactrisk import kernels
from pactrisk.kernels.compilation import stamp
known = [stamp()]
for file in sorted(pathlib.Path(kernels.__path__[0]).glob("*.py")):
    text = file.read_text()
    file.write_text(text + "# more")
    known.append(stamp.__wrapped__())
    file.write_text(text)
    assert stamp.__wrapped__() == known[0]
print(len(known), len(set(known)))
"""
    told = subprocess.run(
        [sys.executable, "-c", said],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    many, different = map(int, told.stdout.split())
    # the front of the folder holds no loops
    assert (many, different) == (many, many - 1)
    assert many > 12


@pytest.mark.parametrize(
    ("said", "features", "name", "takes"),
    [
        ("+avx512f,+avx512fp16", None, None, "+avx512f,+avx512fp16,-prefer-256-bit"),
        ("+avx512f,-avx512fp16", None, None, None),
        ("", None, None, None),
        ("+avx512fp16", "+sse2", None, "+sse2"),
        ("+avx512fp16", None, "generic", None),
    ],
)
def test_the_widest_lanes_are_filled_where_they_slow_nothing_down_and_nobody_has_said_otherwise(
    said: str, features: str | None, name: str | None, takes: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compilation.codegen, "get_host_cpu_features", lambda: said)
    settings = SimpleNamespace(CPU_FEATURES=features, CPU_NAME=name)
    compilation._wide(settings)
    found = settings.CPU_FEATURES
    assert found == takes
