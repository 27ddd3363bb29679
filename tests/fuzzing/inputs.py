"""Inputs for the fuzzer: the shipped files and a small world, spoilt. Any input is had again by its seed and number."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tomli_w

from fuzzing.spoiling import NUMBERS, SPREADS, TEXTS, at, places, spoil_bytes, spoil_tables, spoil_text
from small_world import data

__all__ = ["Input", "made"]

HOME = Path(__file__).parents[2]
CONFIG: dict[str, Any] = {
    "scenario": "main",
    "horizon": "36 months",
    "headline": "24 months",
    "trials": 2000,
    "seed": 7,
    "variants": {"dear": {"set": {"drivers.oil.level": 120, "agreements.grain.depth": 0.4}}},
    "conditions": {"hot": {"when": "war.hot", "months": 6}},
    "rule": {"token": 0.1},
    "precision": {"half_width": 0.2, "of": ["number"]},
}
EXTENSION: dict[str, Any] = {
    "extends": "base",
    "title": "The small world, shocked",
    "remove": ["quantities.carried", "agreements.science"],
    "drivers": {"oil": {"level": 40, "volatility": 0.5}},
    "agreements": [{"id": "grain", "depth": 0.3}],
}
PAST = "month,price\n" + "".join(f"{n},{100 + n * n % 37}\n" for n in range(60))
_OFTEN = {"small": 60, "extension": 15, "first-steps": 19, "brief": 2, "flagship": 4}


@dataclass(frozen=True)
class Input:
    """Files by their path in a folder, and what is typed after ``pactrisk check``."""

    number: int
    files: Mapping[str, bytes]
    args: tuple[str, ...]
    how: str
    """the world and the way in which it was spoilt"""


@cache
def _world(name: str) -> dict[str, str]:
    """The sound files of a world, by path; the file that is spoilt is drawn from them."""
    if name in ("small", "extension"):
        tables = data()
        tables["drivers"]["wheat"] = {"kind": "bootstrap", "initial": 9, "file": "past.csv", "column": "price"}
        tables["quantities"]["bread"] = {"expression": "wheat / 9 * (1 + war.hot)"}
        files = {"configs/main.toml": tomli_w.dumps(CONFIG), "scenarios/main.toml": tomli_w.dumps(tables)}
        if name == "extension":
            base = files.pop("scenarios/main.toml")
            files |= {"scenarios/main.toml": tomli_w.dumps(EXTENSION), "scenarios/base.toml": base}
        return files | {"scenarios/past.csv": PAST}
    names = {"first-steps": ["first-steps"], "brief": ["kazakhstan-serbia-brief", "kazakhstan-serbia"]}
    flagship = ["kazakhstan-serbia", "kazakhstan-serbia-route-closed", "kazakhstan-serbia-eu-squeeze"]
    wanted = names.get(name, flagship)
    files = {f"scenarios/{n}.toml": (HOME / "scenarios" / f"{n}.toml").read_text(encoding="utf-8") for n in wanted}
    return {"configs/main.toml": (HOME / "configs" / f"{wanted[0]}.toml").read_text(encoding="utf-8"), **files}


@cache
def _tables(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def made(seed: int, number: int) -> Input:
    """The input of this number."""
    rng = random.Random(f"{seed}/{number}")
    name = rng.choices(list(_OFTEN), list(_OFTEN.values()))[0]
    files = {path: text.encode() for path, text in _world(name).items()}
    path = rng.choice([p for p in files if p != "scenarios/kazakhstan-serbia.toml" or name == "flagship"])
    text, how = _world(name)[path], rng.choices(["tables", "text", "bytes", "set"], [64, 16, 12, 8])[0]
    if path.endswith(".csv") and how in ("tables", "set"):
        path, text = "scenarios/main.toml", _world(name)["scenarios/main.toml"]
    if how == "tables":
        files[path] = tomli_w.dumps(spoil_tables(_tables(text), rng)).encode("utf-8", "surrogatepass")
    elif how == "text":
        files[path] = spoil_text(text, rng).encode("utf-8", "surrogatepass")
    elif how == "bytes":
        files[path] = spoil_bytes(files[path], rng)
    # a chain and a loop of extensions, for files that are told to extend them
    files |= {"scenarios/loop.toml": b'extends = "again"\n', "scenarios/again.toml": b'extends = "loop"\n'}
    scenario = path.startswith("scenarios/") and path.endswith(".toml") and rng.random() < 0.25
    args = [path if scenario else "configs/main.toml"]
    if how == "set":
        for _ in range(rng.randint(1, 3)):
            args += ["--set", _assignment(_tables(text), rng)]
    if rng.random() < 0.1:
        args.append("--strict")
    return Input(number, files, tuple(args), f"{name} {how} {path}")


def _assignment(tables: dict[str, Any], rng: random.Random) -> str:
    path = rng.choice(list(places(tables)))
    key = ".".join(map(str, path))
    if rng.random() < 0.3:
        key = rng.choice(
            [key[:-1], key + ".x", key.upper(), "." + key, key.replace(".", ".."), rng.choice(TEXTS)[:200], f'"{key}"']
        )
    value = rng.choice([rng.choice(NUMBERS), rng.choice(TEXTS)[:2000], rng.choice(SPREADS), at(tables, path)])
    written = tomli_w.dumps({"v": value}).partition("=")[2].strip() if not isinstance(value, dict | list) else ""
    written = written or rng.choice(
        ["{p10 = 1, p90 = 2}", "[1, 2", "{", "[]", "{value=1}\nx=2", "[[x]]", "1 2", "'", "#"]
    )
    raw = f"{key}{rng.choice(['=', '=', '=', '=', ' = ', '==', ''])}{rng.choice([written, written, str(value)[:300]])}"
    return raw.replace("\0", "")
