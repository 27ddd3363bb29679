"""How fast is it? One table, every comparison a ratio within this run.

    python benchmarks/run.py            a few minutes
    python benchmarks/run.py --full     also a million trials

From a checkout, with the package installed. The flagship (``configs/kazakhstan-serbia.toml``) is set against the same
model as a competent analyst would write it in a NumPy notebook (``benchmarks/notebook.py``): first that both give the
same probabilities (``benchmarks/same_answers.py``), then trials a second, in turns, medians of the turns. The notebook
keeps the class counts of every month; the package keeps these, their squares over worlds, groups and the portfolio.

Nothing is asserted about time: a machine that others share is slower, and a ratio less so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import scipy

import notebook
from pactrisk.config import load
from pactrisk.ensemble import Plan, run
from pactrisk.study import Study
from same_answers import compare

CONFIG = Path(__file__).resolve().parent.parent / "configs" / "kazakhstan-serbia.toml"


def flagship(trials: int, variants: bool = False) -> Plan:
    """The flagship's plan with so many trials, by itself or with its variants."""
    plan = load(CONFIG).study.plan
    return replace(
        plan,
        question=plan.question.model_copy(update={"trials": trials}),
        variants=plan.variants if variants else {},
    )


def seconds(what: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def in_turns(turns: int, *what: Callable[[], object]) -> list[list[float]]:
    """Seconds of each, one turn after another, so that a busy machine slows all of them alike."""
    return [list(times) for times in zip(*([seconds(w) for w in what] for _ in range(turns)), strict=True)]


def peak(trials: int, workers: int, variants: bool) -> tuple[float, float]:
    """Seconds, and MiB of all processes together at most, of a run in a process of its own."""
    command = [sys.executable, __file__, "--measure", str(trials), str(workers), str(int(variants))]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told["seconds"], told["mib"]


def measure(trials: int, workers: int, variants: bool) -> None:
    """What :func:`peak` starts: one run, its time and its memory on one line."""
    plan = flagship(trials, variants)
    taken = seconds(lambda: Study(plan).run(workers)) if variants else seconds(lambda: run(plan, {}, workers))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if workers > 1 else 0
    per_mib = 1024**2 if sys.platform == "darwin" else 1024
    print(json.dumps({"seconds": taken, "mib": (own + workers * largest) / per_mib}))


def row(what: str, found: str) -> None:
    """One line of the table."""
    print(f"| {what} | {found} |", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="The flagship against a NumPy notebook, and by itself.")
    parser.add_argument("--full", action="store_true", help="also a million trials")
    parser.add_argument("--trials", type=int, default=20_000, help="trials of a turn (20000)")
    parser.add_argument("--turns", type=int, default=5, help="turns, of which medians are taken (5)")
    parser.add_argument("--measure", nargs=3, type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        trials, workers, variants = asked.measure
        measure(trials, workers, bool(variants))
        return
    plan = flagship(asked.trials)
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}"
    print(f"{plan.scenario.title}: {len(plan.scenario.agreements)} agreements, {len(plan.scenario.drivers)} drivers, ")
    print(f"{plan.grid.steps} months. {os.cpu_count()} cores ({platform.machine()}), {versions}.\n")
    row("measured", "found")
    row("---", "---")

    # a process begins with the high-water mark of the one that starts it: memory is measured before it rises
    whole = flagship(100_000, variants=True)
    alone, together = peak(100_000, 2, False), peak(100_000, 2, True)
    million = peak(1_000_000, 2, False) if asked.full else None

    same = compare(plan, asked.trials)
    row(
        "same probabilities as the notebook",
        f"{'yes' if same.same else 'NO'}; nearest to its limit: {same.worst(plan.scenario)}",
    )

    def by_notebook() -> object:
        return notebook.run(
            plan.scenario, plan.question.rule, plan.grid.steps, plan.headline, plan.trials, plan.trials_per_world
        )

    slow, fast = in_turns(asked.turns, by_notebook, lambda: run(plan, {}, 1))
    row("notebook, one core", f"{plan.trials / statistics.median(slow):,.0f} trials/s")
    row("package, one core", f"{plan.trials / statistics.median(fast):,.0f} trials/s")
    ratios = [a / b for a, b in zip(slow, fast, strict=True)]
    row("ratio, one core", f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})")

    large = flagship(100_000)
    one, two = in_turns(max(asked.turns // 2, 1), lambda: run(large, {}, 1), lambda: run(large, {}, 2))
    row("package, two cores", f"{large.trials / statistics.median(two):,.0f} trials/s, start of the workers included")
    per_trial = statistics.median(slow) / plan.trials
    row("ratio, two cores to the notebook on one", f"{per_trial * large.trials / statistics.median(two):.1f}")
    row("ratio, two cores to one", f"{statistics.median(a / b for a, b in zip(one, two, strict=True)):.2f}")
    row("100,000 trials, two cores", f"{statistics.median(two):.1f} s")

    row("memory at 100,000 trials, two cores", f"{alone[1]:,.0f} MiB in all processes")
    row(
        f"the same with {len(whole.variants)} variants and all analyses", f"{together[0]:.1f} s, {together[1]:,.0f} MiB"
    )
    if million is not None:
        row("1,000,000 trials, two cores", f"{million[0]:.1f} s, {million[1]:,.0f} MiB in all processes")

    def told() -> object:
        return subprocess.run([sys.executable, "-m", "pactrisk", "--help"], check=True, capture_output=True)

    def nothing() -> object:
        return subprocess.run([sys.executable, "-c", "pass"], check=True, capture_output=True)

    help_, bare = in_turns(2 * asked.turns, told, nothing)
    row("pactrisk --help", f"{statistics.median(help_):.2f} s, of which Python {statistics.median(bare):.2f} s")


if __name__ == "__main__":
    main()
