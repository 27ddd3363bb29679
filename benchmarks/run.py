"""How fast is it? One table, every comparison a ratio within this run.

    python benchmarks/run.py            a few minutes
    python benchmarks/run.py --full     also a million trials

From a checkout, with the package installed. The flagship (``configs/kazakhstan-serbia.toml``) is set against the same
model as a competent analyst would write it in a NumPy notebook (``benchmarks/notebook.py``): first that both give the
same probabilities (``benchmarks/same_answers.py``), then trials a second, in turns, medians of the turns. The notebook
keeps the class counts of every month; the package keeps these, their squares over worlds, groups and the portfolio.
Then both with joint and conditional results and quantities (``benchmarks/notebook_results.py``), of which the package
works out every analysis, with intervals.

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
import notebook_results
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


def measured(what: str, trials: int, workers: int = 1) -> tuple[float, float]:
    """Seconds, and MiB of all processes together at most, of a run in a fresh process."""
    command = [sys.executable, __file__, "--measure", what, "--trials", str(trials), "--workers", str(workers)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told["seconds"], told["mib"]


def measure(what: str, trials: int, workers: int) -> None:
    """What :func:`measured` starts: one run, after a first small one, its time and its memory on one line."""
    plan = flagship(trials, variants=what == "study")

    def once(size: int) -> object:
        asked = replace(plan, question=plan.question.model_copy(update={"trials": size}))
        if what == "notebook":
            rule, months = plan.question.rule, plan.grid.steps
            return notebook.run(plan.scenario, rule, months, plan.headline, size, plan.trials_per_world)
        if what == "notebook-results":
            return notebook_results.run(plan, size)
        return Study(asked).run(workers) if what in ("results", "study") else run(asked, {}, workers)

    once(plan.trials_per_world)
    taken = seconds(lambda: once(trials))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # this process makes blocks too
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if workers > 1 else 0
    per_mib = 1024**2 if sys.platform == "darwin" else 1024
    print(json.dumps({"seconds": taken, "mib": (own + (workers - 1) * largest) / per_mib}))


def in_turns(turns: int, *what: Callable[[], float]) -> list[list[float]]:
    """Seconds of each, one turn after another, so that a busy machine slows all of them alike."""
    return [list(times) for times in zip(*([w() for w in what] for _ in range(turns)), strict=True)]


def row(what: str, found: str) -> None:
    """One line of the table."""
    print(f"| {what} | {found} |", flush=True)


def set_against(asked: argparse.Namespace, both: dict[str, str], ratio: str) -> None:
    """Lines of trials a second of a slower and a faster one on one core, by what is told of each, and of their ratio:
    the median of the turns, the least and the greatest.
    """
    slow, fast = in_turns(asked.turns, *(lambda w=w: measured(w, asked.trials)[0] for w in both))  # type: ignore[misc]
    for what, times in zip(both.values(), (slow, fast), strict=True):
        row(what, f"{asked.trials / statistics.median(times):,.0f} trials/s")
    ratios = [a / b for a, b in zip(slow, fast, strict=True)]
    row(ratio, f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="The flagship against a NumPy notebook, and by itself.")
    parser.add_argument("--full", action="store_true", help="also a million trials")
    parser.add_argument("--trials", type=int, default=20_000, help="trials of a turn (20000)")
    parser.add_argument("--turns", type=int, default=5, help="turns, of which medians are taken (5)")
    measured_alone = ["notebook", "notebook-results", "package", "results", "study"]
    parser.add_argument("--measure", choices=measured_alone, help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, default=1, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked.measure, asked.trials, asked.workers)
        return
    plan, many = flagship(asked.trials, variants=True), 100_000
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}"
    size = f"{len(plan.scenario.agreements)} agreements, {len(plan.scenario.drivers)} drivers, {plan.grid.steps} months"
    print(f"{plan.scenario.title}: {size}.")
    print(f"{os.cpu_count()} cores ({platform.machine()}), {versions}.\n")
    row("measured", "found")
    row("---", "---")

    # a process begins with the high-water mark of the one that starts it: memory is measured before that rises
    alone, together = measured("package", many, 2), measured("study", many, 2)
    million = [measured(what, 1_000_000, 2) for what in ("package", "results")] if asked.full else []

    same = compare(plan, asked.trials)
    answer = "yes" if same.same else "NO"
    row("same probabilities as the notebook", f"{answer}; nearest to its limit: {same.worst(plan.scenario)}")

    one_core = {"notebook": "notebook, one core", "package": "package, one core"}
    set_against(asked, one_core, "ratio, one core")
    one_core = {
        "notebook-results": "notebook with joint and conditional results and quantities",
        "results": "package with every analysis, one core",
    }
    set_against(asked, one_core, "ratio, one core, all of these results")

    one, two, slow = in_turns(
        max(asked.turns // 2, 1),
        lambda: measured("package", many)[0],
        lambda: measured("package", many, 2)[0],
        lambda: measured("notebook", asked.trials)[0] * many / asked.trials,
    )
    row("package, two cores, with the start of the workers", f"{many / statistics.median(two):,.0f} trials/s")
    row("ratio, two cores to one", f"{statistics.median(a / b for a, b in zip(one, two, strict=True)):.1f}")
    ratio = statistics.median(a / b for a, b in zip(slow, two, strict=True))
    row("ratio, two cores to the notebook on one", f"{ratio:.1f}")
    row("100,000 trials, two cores", f"{statistics.median(two):.1f} s, {alone[1]:,.0f} MiB in all processes")
    for (taken, memory), what in zip(million, ("", " with every analysis"), strict=False):
        row(f"1,000,000 trials{what}, two cores", f"{taken:.1f} s, {memory:,.0f} MiB in all processes")
    if million:
        ratio = statistics.median(slow) * 1_000_000 / many / million[0][0]
        row("ratio, a million trials on two cores to the notebook on one", f"{ratio:.1f}")
    what = f"100,000 trials with {len(plan.variants)} variants and all analyses"
    row(what, f"{together[0]:.1f} s, {together[1]:,.0f} MiB")

    told = [sys.executable, "-m", "pactrisk", "--help"]
    bare = [sys.executable, "-c", "pass"]
    help_, nothing = in_turns(
        2 * asked.turns,
        *(lambda c=c: seconds(lambda: subprocess.run(c, check=True, capture_output=True)) for c in (told, bare)),  # type: ignore[misc]
    )
    row("pactrisk --help", f"{statistics.median(help_):.2f} s, of which Python {statistics.median(nothing):.2f} s")


if __name__ == "__main__":
    main()
