"""What does a rare event cost? The flagship's chance that nine of ten are in substantive cooperation, 1 in 5,000.

    python benchmarks/rare.py           a few minutes

From a checkout, with the package installed. Tilted trials against plain ones, on two cores, each in a fresh process
that is warm: seconds on the clock, seconds of both processors, half the width of the 95% interval in parts of the
chance, and from these the seconds for a fifth. The pilot is counted in.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from pactrisk.config import load
from pactrisk.ensemble import Reading
from pactrisk.ensemble.unlikely import chance_in
from pactrisk.estimators import Estimate, proportion
from pactrisk.study import Result, Study

CONFIG = Path(__file__).resolve().parent.parent / "configs" / "kazakhstan-serbia.toml"
ASKED = 0.2
"""Half the width of the interval that is wanted, in parts of the chance."""
KINDS = {"tilted": 20_000, "plain": 400_000}
"""Plain trials of each; with five tilted ones for each where they are."""


def study(kind: str, trials: int, seed: int, least: int) -> Study:
    """The flagship without its variants, asked for as little as may be besides."""
    chapter = "rare" if kind == "tilted" else "portfolio"
    edits = [f"trials={trials}", f"seed={seed}", f'analyses=["headline", "{chapter}"]']
    rare = [f'rare={{ event = "number >= {least}", times = 5 }}'] if kind == "tilted" else []
    loaded = load(CONFIG, [*edits, *rare]).study
    return replace(loaded, plan=replace(loaded.plan, variants={}))


def chance(kind: str, result: Result, least: int) -> Estimate:
    """The chance, with its interval."""
    plan = result.study.plan
    if kind == "tilted":
        return chance_in(Reading(plan, result.sums, "rare")).item()
    fewer = Reading(plan, result.sums, "portfolio").own("fewer")[plan.headline]
    # "fewer" counts trials in which at most so many are missing
    return proportion(fewer[len(plan.scenario.agreements) - least], plan.question.level).item()


def processors() -> float:
    """Seconds of all processors so far, of this process and of those that it started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure(kind: str, seed: int, least: int) -> None:
    """One run, after a first small one, on one line."""
    study(kind, 20, seed, least).first_block()
    began, used = time.perf_counter(), processors()
    found = chance(kind, study(kind, KINDS[kind], seed, least).run(2), least)
    seconds, used = time.perf_counter() - began, processors() - used
    print(json.dumps([found.value, found.low, found.high, seconds, used]))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="A rare event of the flagship, by tilted trials and by plain ones.")
    parser.add_argument("--turns", type=int, default=3, help="seeds (3)")
    parser.add_argument("--least", type=int, default=9, help="agreements in substantive cooperation (9)")
    parser.add_argument("--measure", choices=list(KINDS), help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked.measure, asked.seed, asked.least)
        return
    print("| trials | seed | chance | half width | on the clock | of both processors | so for a fifth |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for seed in range(1, asked.turns + 1):
        for kind in KINDS:
            command = [sys.executable, __file__, "--measure", kind, "--seed", str(seed)]
            command += ["--least", str(asked.least)]
            told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            value, low, high, clock, used = told
            half = (high - low) / 2 / value if value else float("inf")
            found, fifth = f"{value:.6f} ({low:.6f} to {high:.6f})", used * (half / ASKED) ** 2
            print(
                f"| {kind} | {seed} | {found} | {half:.0%} | {clock:.1f} s | {used:.1f} s | {fifth:.0f} s |", flush=True
            )


if __name__ == "__main__":
    main()
