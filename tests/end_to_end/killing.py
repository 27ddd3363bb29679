"""Runs that are killed at random moments, where the processes that are to die can import it."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import re
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing.process import BaseProcess
from pathlib import Path

from pactrisk.cli import main

ROOT = Path(__file__).parent.parent.parent
KILLS = int(os.environ.get("PACTRISK_KILLS", "6"))
MANY = KILLS >= 50
FORKING = multiprocessing.get_context("forkserver" if MANY else "spawn")
FORKING.set_forkserver_preload(["pactrisk.cli.run", "pactrisk.runs", "pactrisk.kernels.draws"])
ASKED = ["run", str(ROOT / "configs" / "first-steps.toml"), "--trials", "40000"]


def command(out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "pactrisk", *ASKED, "--out", str(out), *more]


def made(folder: Path) -> dict[str, bytes]:
    """All that a run leaves behind, but for the moment at which it did and how long it took."""
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    record = json.loads(files["manifest.json"])
    seconds, finished = record["engine_seconds"], re.escape(record["finished"])
    # parts of the engine may be compiled by whoever needs them first
    files["manifest.json"] = re.sub(rb'\n "compiling_seconds": [^\n]*', b"", files["manifest.json"])
    for name, words in (
        ("index.html", (finished, rf"<bdi>{seconds:.1f} s[^<]*</bdi>")),
        ("manifest.json", (finished, f'"engine_seconds": {json.dumps(seconds)}')),
    ):
        for word in words:
            files[name], found = re.subn(word.encode(), b"", files[name])
            assert found
    return files


def forked(place: str) -> None:
    """The command in a process that has imported all it needs, on one processor: a life without the long start."""
    os.chdir(place)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    sys.argv = ["pactrisk", *command(Path("run"))[3:]]
    with Path(os.devnull).open("w") as out, Path("told").open("w") as told, redirect_stdout(out), redirect_stderr(told):
        main()


class Killing:
    """Runs into a folder of their own, killed at random moments of the life of a run."""

    def __init__(
        self, place: Path, seconds: float, moments: random.Random, fork: bool = False, **environment: str
    ) -> None:
        self.place, self.seconds, self.moments, self.fork = place, seconds, moments, fork
        self.environment = {**os.environ, **environment}
        place.mkdir()

    def kill(self) -> bool:
        """Begin a run and kill it at a random moment; whether it was still running then."""
        process = self._begin()
        time.sleep(self.moments.uniform(0, self.seconds))
        process.kill()
        return self._ended(process) != 0

    def end(self) -> str:
        """Run again, to the end; what is said on the way. Nothing but the report is left behind."""
        assert self._ended(self._begin()) == 0
        told = (self.place / "told").read_text()
        assert sorted(path.name for path in self.place.iterdir()) == ["run", "told"]
        return told

    def _begin(self) -> subprocess.Popen[bytes] | BaseProcess:
        if self.fork:
            child = FORKING.Process(target=forked, args=(str(self.place),))
            child.start()
            return child
        with (self.place / "told").open("w") as told:
            return subprocess.Popen(
                command(Path("run")), cwd=self.place, env=self.environment, stdout=subprocess.DEVNULL, stderr=told
            )

    def _ended(self, process: subprocess.Popen[bytes] | BaseProcess) -> int | None:
        if isinstance(process, subprocess.Popen):
            return process.wait()
        process.join()
        return process.exitcode
