"""What the fuzzer asks of each input: a plain answer, quickly, in little memory; and of what is accepted, a sound run.

``python tests/fuzzing/judge.py SEED FIRST LAST`` prints one line of JSON for each input.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import re
import resource
import shutil
import sys
import tempfile
import time
import traceback
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fuzzing.inputs import Input, made
from pactrisk.cli import _main
from pactrisk.config import load
from pactrisk.ensemble import Plan, simulate_block
from pactrisk.errors import RunError
from pactrisk.outcomes import CLASSES
from pactrisk.study import Study

__all__ = ["judged"]

LONGEST = 400
NO_LINE = (
    "does not exist",
    "is a folder",
    "is not an ordinary file",
    "may not be read",
    "cannot be read",
    "is larger",
    "is empty",
)
"""What is said of a file as a whole: there is no line to name."""
JARGON = (
    "Traceback",
    "pydantic",
    "ValidationError",
    "NoneType",
    "object at 0x",
    "type=",
    "numpy",
    "np.float",
    "<class",
)
SIMULATED, FINISHED = 6, 48
"""One accepted input in so many is simulated for a block, and one in so many goes on to its findings."""


def peak() -> int:
    """The most memory that this program has held, in KiB; ``getrusage`` counts that of its starter too."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def judged(made_: Input, folder: Path) -> dict[str, Any]:
    """What came of one input: ``wrong`` lists what should not be."""
    for path, content in made_.files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    wrong: list[str] = []
    as_json = made_.number % 4 != 0
    args = ["check", *made_.args, *(["--json"] if as_json else [])]
    before, begun = peak(), time.process_time()
    code, out, err = _typed(args, wrong)
    took = time.process_time() - begun
    told = _told(code, out, err, as_json, wrong)
    answer = "fine" if code == 0 else "refused" if code == 2 else "failed"
    ran = ""
    if code == 0 and made_.args[0].startswith("configs/") and not wrong:
        ran = _run(made_, wrong)
    grown = peak() - before
    return {
        **{
            "number": made_.number,
            "how": made_.how,
            "answer": answer,
            "seconds": round(took, 3),
            "grown_mib": grown // 1024,
        },
        **{"ran": ran, "problems": told, "bytes": len(out) + len(err), "wrong": wrong},
    }


def _typed(args: list[str], wrong: list[str]) -> tuple[int, str, str]:
    """Exit code and both outputs of the command; what escapes is a traceback that a user would see."""
    out, err = io.StringIO(), io.StringIO()
    code = -1
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = _main(args)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        wrong.append("traceback: " + "".join(traceback.format_exception(error))[-1500:])
    # a check, which ends with its process, leaves it off
    gc.enable()
    return code, out.getvalue(), err.getvalue()


def _told(code: int, out: str, err: str, as_json: bool, wrong: list[str]) -> list[list[str]]:
    """Problems as (message, hint); each must have a place, and be one inert sentence."""
    if code not in (0, 2):
        wrong.append(f"exit code {code}: {(out + err)[-300:]}")
        return []
    for character in out + err:
        if character != "\n" and unicodedata.category(character)[0] == "C":
            wrong.append(f"prints the character {character!r}")
            break
    if not as_json:
        if code == 2 and not err.strip():
            wrong.append("refused without a word")
        return []
    answer = json.loads(out)
    if (code == 2) != bool(answer["problems"]):
        wrong.append("exit code and problems differ")
    for problem in answer["problems"] + answer["remarks"]:
        file, line, message = problem["file"], problem["line"], problem["message"]
        whole = message.startswith(NO_LINE)
        if file != "--set" and not whole and not (Path(file).is_file() and 1 <= line <= _lines(Path(file))):
            wrong.append(f"no place: {problem}")
        for words in (message, problem["hint"], problem["path"]):
            if "\n" in words or len(words) > 2 * LONGEST or any(word in words for word in JARGON):
                wrong.append(f"no plain sentence: {problem}")
        if not message or len(message) > LONGEST:
            wrong.append(f"no sentence, or a long one: {problem}")
    return [[problem["message"], problem["hint"]] for problem in answer["problems"]][:20]


def _lines(file: Path) -> int:
    return len(file.read_bytes().split(b"\n"))


def _run(made_: Input, wrong: list[str]) -> str:
    """Simulate some of what is accepted: numbers are finite, or a sentence says which is not."""
    if made_.number % SIMULATED:
        return ""
    sets = made_.args[2::2] if "--set" in made_.args else ()
    try:
        plan = load(made_.args[0], [word for word in sets if word != "--strict"]).plan
        plan = Plan(plan.question.model_copy(update={"trials": 2000, "precision": None}), plan.scenario, plan.variants)
        _sound(plan, wrong)
        if made_.number % FINISHED:
            return "simulated"
        result = Study(plan, "fuzz").run()
        json.dumps(result.results(), allow_nan=False)
        _finite(result.sums, wrong)
        return "finished"
    except RunError as error:
        if "\n" in str(error) or not 0 < len(str(error)) < LONGEST:
            wrong.append(f"no plain sentence: {error}")
        return "stopped: " + str(error)
    except Exception as error:
        wrong.append("traceback: " + "".join(traceback.format_exception(error))[-1500:])
        return "failed"


def _sound(plan: Plan, wrong: list[str]) -> None:
    block = simulate_block(plan, 0)
    for progress in block.base.progress.values():
        if not (np.isfinite(progress.delivery).all() and np.isfinite(progress.honours).all()):
            wrong.append("delivery or honours are not finite")
    for classes in (block.base.classes, *block.variants.values()):
        if not ((classes >= 0) & (classes < len(CLASSES))).all():
            wrong.append("a class that is none")


def _finite(sums: Mapping[str, Any], wrong: list[str]) -> None:
    for name, values in sums.items():
        numbers = np.asarray(values)
        if numbers.dtype.kind == "f" and not np.isfinite(numbers).all():
            wrong.append(f"the sums {name} are not finite")


def main(seed: int, first: int, last: int) -> None:
    # what runs away ends in a MemoryError, which is told as what it is
    resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, 6 * 2**30))
    home = Path(tempfile.mkdtemp(prefix="pactrisk-fuzz-"))
    try:
        for number in range(first, last):
            folder = home / str(number)
            folder.mkdir()
            os.chdir(folder)
            said = judged(made(seed, number), folder)
            said["peak_mib"] = peak() // 1024
            print(json.dumps(said), flush=True)
            os.chdir(home)
            shutil.rmtree(folder)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
