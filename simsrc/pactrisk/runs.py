"""A run, from files to a folder: what the command line calls, and a notebook too.

>>> import pactrisk
>>> run = pactrisk.run("configs/first-steps.toml", trials=2000)     # doctest: +SKIP
>>> run.sentence, run.tables["agreements"], run.figure("classes")   # doctest: +SKIP
>>> run.save("reports/first-steps")                                 # doctest: +SKIP
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pactrisk import __version__
from pactrisk.children import Crew
from pactrisk.config import Loaded, Option, load
from pactrisk.errors import InputError, Place, Problem, RunError, unasked
from pactrisk.figures import Drawing, draw
from pactrisk.findings import Finding, Page
from pactrisk.findings.wording import listed
from pactrisk.keeping import Kept, alone
from pactrisk.manifest import record_of, told, unlike_inputs, unsaid, versions
from pactrisk.provenance import mark
from pactrisk.readiness import first_time, make_ready, noticed
from pactrisk.report import files, read, recipe, write
from pactrisk.report.archive import are_sums, digest_of
from pactrisk.streams import BLOCK
from pactrisk.study import Result
from pactrisk.workers import WHO, compiles_here, executor_of, without

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

__all__ = ["Run", "finish", "identity", "loaded_from", "options", "redraw", "run", "stored", "unfinished"]


class Tables(dict[str, "pd.DataFrame"]):
    """Tables by name; a name that is none is answered with those there are."""

    def __missing__(self, name: str) -> pd.DataFrame:
        raise KeyError(f"there is no table {name!r}: there are {', '.join(self)}")

    def __repr__(self) -> str:
        return f"<tables: {', '.join(self)}>"


@dataclass(frozen=True, repr=False)
class Run:
    """A finished run: its study, its sums, and what is read from them."""

    loaded: Loaded
    result: Result
    record: dict[str, Any] = field(default_factory=dict)
    """What the manifest says of how it was made."""

    def __repr__(self) -> str:
        plan = self.result.study.plan
        held = f"{len(self.findings)} findings, {len(self.tables)} tables, {len(self.figures)} figures"
        return f"<Run of {self.loaded.name}: {plan.trials:,} trials in {plan.worlds:,} worlds; {held}>"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in the order of the page."""
        return self.result.findings

    @property
    def sentence(self) -> str:
        """The headline in one sentence, or the first chapter's where ``analyses`` leaves it out; empty for none."""
        return self.findings[0].sentence if self.findings else ""

    @property
    def tables(self) -> Tables:
        """Every table by name."""
        return Tables(self.result.tables)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Names of the figures."""
        return tuple(figure.name for finding in self.findings for figure in finding.figures)

    def figure(self, name: str) -> Drawing:
        """One figure, drawn; a notebook shows it.

        Raises
        ------
        KeyError : where there is no figure of this name.
        """
        for finding in self.findings:
            for figure in finding.figures:
                if figure.name == name:
                    return draw(figure)
        raise KeyError(f"there is no figure {name!r}: there are {', '.join(self.figures)}")

    def page(self) -> Page:
        """The report before it is drawn."""
        return replace(self.result.page(told(self.record)), partial="partial" in self.record)

    def save(self, folder: str | Path | None = None, workers: int = 1, crew: Crew | None = None) -> Path:
        """Write the run's folder, whole or not at all; ``reports/<config>`` if no folder is given.

        ``workers`` is the number of processes that draw its figures, some of them a ``crew`` that is there already;
        it never moves a byte.

        Raises
        ------
        InputError : where the folder holds something that Pactrisk did not make.
        RunError : where the disk refuses.
        """
        target = Path("reports") / self.loaded.name if folder is None else Path(folder)
        return write(target, *self._parts(), workers, crew)

    def files(self, workers: int = 1, crew: Crew | None = None) -> dict[str, bytes]:
        """The files of the run's folder by their paths in it, as :meth:`save` writes them."""
        return files(*self._parts(), workers, crew)

    def _parts(
        self,
    ) -> tuple[Page, dict[str, Any], dict[str, Any], dict[str, bytes], dict[str, npt.NDArray[Any]]]:
        results = self.result.results()
        # the word is there only where it is true, so that other results stay as they were
        results |= {"partial": True} if "partial" in self.record else {}
        return self.page(), results, self.record, self.loaded.inputs, self.result.store()


def run(
    config: str | Path,
    sets: str | Sequence[str] = (),
    *,
    trials: int | None = None,
    precision: float | None = None,
    seed: int | None = None,
    workers: int | None = None,
    executor: str | None = None,
    scheduler: str | None = None,
    batch: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    command: Sequence[str] = (),
) -> Run:
    """Load a config and run it.

    Parameters
    ----------
    config : the config file; a bare name is looked for in ``configs/``.
    sets : edits as ``key=value``, as after ``--set``; a text is one edit.
    trials, precision, seed : instead of the config's.
    workers : processes or threads instead of the config's, as many as there are processors if 0; never moves a number.
        A script that calls this outside ``if __name__ == "__main__":`` runs in one process.
    executor, scheduler, batch : who makes the blocks, instead of the config's: ``processes``, ``threads``, ``alone``,
        or ``dask`` with the address of its scheduler; and how many blocks at once. Never moves a number.
    progress : called with the blocks done and the blocks in all.
    command : what was typed, for the manifest.

    Raises
    ------
    InputError : with every problem of the files.
    RunError : where a number is not finite.
    """
    asked = options(
        "{}=", trials=trials, precision=precision, seed=seed, workers=workers, executor=executor,
        scheduler=scheduler, batch=batch,
    )  # fmt: skip
    return finish(load(config, sets, options=asked), progress, command)


def options(written: str, **given: object) -> list[Option]:
    """Keys of a config that are given one by one, ``written`` as ``--{}`` or ``{}=``, without those that are None."""
    return [Option(key, value, written.format(key)) for key, value in given.items() if value is not None]


def finish(
    loaded: Loaded,
    progress: Callable[[int, int], None] | None = None,
    command: Sequence[str] = (),
    kept: Kept | None = None,
    crew: Crew | None = None,
) -> Run:
    """Run what was loaded, from the blocks that are ``kept`` of an earlier run on, by a ``crew`` if there is one."""
    question = loaded.plan.question
    if compiles_here(question) and first_time():
        make_ready(loaded.study)
    begun, keep, note = ((0, {}), None, None) if kept is None else ((kept.done, kept.sums), kept.keep, kept.note)
    asked = unasked if kept is None else kept.asked
    with executor_of(loaded.plan, crew, asked) as executor, noticed(note) as compiling:
        began = time.perf_counter()
        result = loaded.study.run(progress=progress, begun=begun, keep=keep, note=note, executor=executor, asked=asked)
        seconds = max(time.perf_counter() - began, 0.0)
    return Run(loaded, result, record_of(loaded, result, command, seconds, compiling.seconds))


def unfinished(loaded: Loaded, kept: Kept, command: Sequence[str] = ()) -> Run:
    """The run of as many trials as are ``kept`` of an earlier one: partial, but each of its numbers is that of a run.

    Raises
    ------
    RunError : where none are.
    """
    if not kept.done:
        if kept.longer:
            many = f"{kept.longer * BLOCK:,} trials are kept of a longer run"
            raise RunError(f"{many}: ask for as many --trials as it did")
        if kept.damaged:
            whose = "what is kept of a run of these inputs is damaged"
            raise RunError(f"{whose}: there is no part to report; without --partial it begins anew")
        raise RunError("nothing is kept of a run of these inputs into this folder: there is no part to report")
    trials = kept.done * BLOCK
    question = loaded.question.model_copy(update={"trials": trials, "executor": "alone"})
    run = finish(replace(loaded, question=question, edits=(*loaded.edits, f"trials={trials}")), None, command, kept)
    return replace(run, record={**run.record, "partial": {"trials_asked_for": loaded.plan.trials}})


def identity(loaded: Loaded) -> str:
    """What tells the blocks of a run from those of any other: all that can move a number or stop the run early."""
    asked = loaded.plan.question.model_dump_json(exclude={"trials", "title", *WHO}, fallback=str)
    inputs = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(loaded.inputs.items())}
    edits = without(loaded.edits, ("trials", *WHO))
    said = [mark(), versions(), asked, inputs, edits]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def stored(folder: Path, own: bool = False) -> tuple[Run, list[str]]:
    """A run as it stands in its folder, and which of its inputs were changed since.

    ``own`` asks for a folder of this very version, and for inputs that were not changed.

    Raises
    ------
    InputError : where the folder is not a report, is damaged, or lacks a file that the run was made from.
    """
    record, inputs, store = read(folder)
    for word in ("made_by", "files"):
        record.pop(word, None)
    file = Place(str(folder / "manifest.json"))
    if wrong := unsaid(record):
        raise InputError(Problem("", f"is damaged: it does not say {', '.join(wrong)}", recipe(folder), file))
    made = record["versions"].get("pactrisk", "an unknown version")
    if own and made != __version__:
        raise InputError(Problem("", f"was made by {made}, not {__version__}", recipe(folder), Place(str(folder))))
    place = Place(str(folder / "store.npz"))
    if not are_sums(store):
        raise InputError(Problem("", "is damaged: it does not hold the sums of a run", recipe(folder), place))
    if own and digest_of(store) != record.get("sums", digest_of(store)):
        raise InputError(Problem("", "was changed since the run", recipe(folder), place))
    gone, changed = unlike_inputs(record, inputs)
    if gone:
        places = [Place(str(folder / "inputs" / name)) for name in gone]
        raise InputError([Problem("", "is not there: the run was made from it", "run it again", p) for p in places])
    if own and changed:
        places = [Place(str(folder / "inputs" / name)) for name in changed]
        message = "was changed since the run: its results are not of this file"
        raise InputError([Problem("", message, recipe(folder), place) for place in places])
    loaded = replace(loaded_from(folder, record), inputs=inputs)
    return Run(loaded, Result.of(loaded.study, dict(store)), record), changed


def loaded_from(folder: Path, record: Mapping[str, Any]) -> Loaded:
    """What a run's folder was made from by its ``record``, loaded again from its own copies."""
    return load(folder / "inputs" / record["config"], record["edits"])


def redraw(
    folder: str | Path,
    out: str | Path | None = None,
    workers: int = 1,
    note: Callable[[str], None] | None = None,
    begun: Callable[[], None] | None = None,
) -> Path:
    """Draw the report of a run again from its stored sums, in so many processes, without simulating.

    ``note`` is called with a sentence where an analysis that was added since the run cannot be told of, ``begun`` once
    nobody else writes where the report will be.

    Raises
    ------
    InputError : where the folder is not a report, is damaged, was made by another version or from other inputs.
    """
    source = Path(folder)
    target = source if out is None else Path(out)
    # what is no report is told before anything is made beside it
    read(source)
    with alone(target):
        if begun is not None:
            begun()
        # a run that ends meanwhile has put another one there
        again, _ = stored(source, own=True)
        again = replace(again, result=replace(again.result, older=True))
        written = again.save(target, workers)
    if note is not None and (added := again.result.added):
        note(f"without {listed(added)}, added since the run: run it again to have that too")
    return written
