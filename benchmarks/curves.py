"""How does the cost grow? Three curves: with the trials, with the agreements, and with the grid.

    python benchmarks/curves.py            a few minutes
    python benchmarks/curves.py --quick    one turn, and fewer sizes

From a checkout, with the package installed. The flagship is made larger by repeating its agreements under other names,
and its question by more trials or a longer horizon. Every size is measured in turns with the others of its curve, each
in a fresh process, after a first block that compiles and loads what is needed, and told as a ratio to the one before
it: a cost that grows linearly doubles where the size does. Seconds are those of the processor, so that others on the
machine matter less. Nothing is asserted about time.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from pactrisk.config import load
from pactrisk.ensemble import Plan
from pactrisk.report.archive import to_npz
from pactrisk.streams import BLOCK
from pactrisk.study import Study

CONFIG = Path(__file__).resolve().parent.parent / "configs" / "kazakhstan-serbia.toml"


def larger(agreements: int, trials: int, months: int, analyses: tuple[str, ...] = ()) -> Study:
    """The flagship without variants, with so many agreements, trials and months."""
    plan = load(CONFIG).study.plan
    own = plan.scenario.agreements
    repeated = [
        agreement.model_copy(update={"id": f"{agreement.id}-{round_}" if round_ else agreement.id})
        for round_ in range(-(-agreements // len(own)))
        for agreement in own
    ]
    scenario = plan.scenario.model_copy(update={"agreements": tuple(repeated[:agreements])})
    asked = {"trials": trials, "horizon": months, "headline": min(36, months), "analyses": analyses, "variants": {}}
    return Study(Plan(plan.question.model_copy(update=asked), scenario))


def measure(asked: argparse.Namespace) -> None:
    """What :func:`measured` starts: one study in this process, and what it took, on one line."""
    study = larger(asked.agreements, asked.trials, asked.months, ("headline",) if asked.bare else ())
    study.first_block()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    result = study.run()
    seconds = time.process_time() - start
    told: dict[str, Any] = {"seconds": seconds, "mib": before / 1024}
    if asked.sizes:
        sums = result.sums
        told["sums"] = sum(value.nbytes for value in sums.values())
        told["sent"] = len(pickle.dumps(sums, protocol=5))
        told["kept"] = len(to_npz(result.store()))
        told["largest"] = sorted(((v.nbytes, n) for n, v in sums.items()), reverse=True)[:4]
        start = time.process_time()
        told["findings"] = len(result.findings)
        told["reading"] = time.process_time() - start
        told["mib_read"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told))


def measured(agreements: int = 10, trials: int = 5 * BLOCK, months: int = 60, *more: str) -> dict[str, Any]:
    """Seconds and sizes of one study in a fresh process."""
    words = ["--agreements", str(agreements), "--trials", str(trials), "--months", str(months), *more]
    command = [sys.executable, __file__, "--measure", *words]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def curve(what: str, sizes: list[int], turns: int, **fixed: int) -> None:
    """One table: seconds at each size, the ratio to the size before, and what linear growth would have given."""
    found: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(turns):
        for size in sizes:
            found[size].append(measured(**{**fixed, what: size})["seconds"])
    print(f"\n| {what} | seconds | to the one before | linear would be |\n| --- | --- | --- | --- |")
    last: int | None = None
    for size in sizes:
        seconds = statistics.median(found[size])
        if last is None:
            print(f"| {size:,} | {seconds:.2f} | | |", flush=True)
        else:
            ratios = [now / then for now, then in zip(found[size], found[last], strict=True)]
            print(f"| {size:,} | {seconds:.2f} | {statistics.median(ratios):.2f} | {size / last:.2f} |", flush=True)
        last = size


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description="How the cost grows with trials, agreements and grid.")
    parser.add_argument("--quick", action="store_true", help="one turn, and fewer sizes")
    parser.add_argument("--turns", type=int, default=3, help="turns, of which medians are taken (3)")
    for word, size in (("agreements", 10), ("trials", 5 * BLOCK), ("months", 60)):
        parser.add_argument(f"--{word}", type=int, default=size, help=argparse.SUPPRESS)
    for word in ("measure", "sizes", "bare"):
        parser.add_argument(f"--{word}", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked)
        return
    turns = 1 if asked.quick else asked.turns
    plan = load(CONFIG).study.plan
    print(f"{plan.scenario.title}, without variants, every analysis, one core.")
    curve("trials", [20_000, 40_000, 80_000] if asked.quick else [20_000, 40_000, 80_000, 160_000], turns)
    curve("agreements", [10, 20, 40] if asked.quick else [10, 20, 40, 80, 160], turns)
    curve("months", [60, 120, 240] if asked.quick else [60, 120, 240, 480], turns, trials=10 * BLOCK)


if __name__ == "__main__":
    main()
