"""A run's folder made again from its own inputs, and compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pactrisk import __version__
from pactrisk.children import Crew
from pactrisk.config.quoting import listed
from pactrisk.runs import Run, finish, stored
from pactrisk.verifying.contents import Measure
from pactrisk.verifying.files import STRANGE, files_apart, gone_from, in_the_way, inputs_apart, names_apart
from pactrisk.verifying.record import drawn_otherwise, expected, made_otherwise
from pactrisk.verifying.sums import TOLD, Verdict, compare, some, whose
from pactrisk.workers import processes_here

__all__ = ["verify"]

_SOME = 6


def verify(folder: Path, workers: int | None = None, progress: Callable[[int, int], None] | None = None) -> Verdict:
    """Run a folder again from its own inputs, on this machine, draw it again, and compare all that it holds.

    Raises
    ------
    InputError : where the folder is not a report, or what it is run again from is gone or damaged.
    RunError : where it cannot be run again.
    """
    before, changed = stored(folder)
    asked = before.loaded.question
    # whoever made them, as many processes as are asked for make the blocks again
    here = {"executor": "processes", "workers": workers or asked.workers}
    loaded = replace(before.loaded, question=asked.model_copy(update=here))
    inputs = inputs_apart(loaded.inputs, before.record, changed)
    with Crew() as crew:
        again = finish(loaded, progress, crew=crew)
        found = compare(before.result.store(), again.result.store(), made_otherwise(before.record))
        if not found.holds:
            return replace(found, told=(*found.told, *inputs))
        again = replace(again, record=expected(folder, before, again))
        return _held(folder, before, _as_there(folder, before, again), found, inputs, crew)


def _as_there(folder: Path, before: Run, again: Run) -> Run:
    """The run without the analyses that were added since: a folder does not lack them."""
    ours, theirs = whose(again.result.sums), whose(before.result.sums)
    try:
        path = folder / "results.json"
        told = json.loads(path.read_text("utf-8") if path.is_file() else "")["findings"].keys()
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        told = {finding.name for finding in again.findings}
    # those that keep no sums are known by what is told of them alone
    since = {f.name for f in again.findings if f.name not in theirs and (f.name in ours or f.name not in told)}
    return replace(again, result=replace(again.result, left_out=frozenset(since)))


def _held(folder: Path, before: Run, again: Run, found: Verdict, inputs: Sequence[str], crew: Crew) -> Verdict:
    """Every file of a folder held to the sums, which hold: to the byte where it is drawn here as it was there."""
    made, left = made_otherwise(before.record), sorted(whose(before.result.sums) - whose(again.result.sums))
    unlike = (*made, *drawn_otherwise(before.record), *(f"the analysis {name}, here none" for name in left))
    known = before.record["versions"]["pactrisk"] == __version__ and not left
    measure = Measure(TOLD if made else 0.0, not made, known)
    drawn = again.files(processes_here(again.loaded.plan), crew)
    ours = {name: content for name, content in drawn.items() if not name.startswith("inputs/")}
    files = files_apart(folder, ours, measure, drawn=not unlike)
    # notes of one's own may stand beside a run, and a copy may leave drawings out: neither is a number that differs
    apart, gone = [*names_apart(folder, ours, top=not known), *inputs], gone_from(folder, ours, top=not known)
    strange = [line for line in apart if line.endswith(STRANGE)]
    wrong = [*files.told, *(line for line in apart if line not in strange)]
    drawn_anew = not (unlike or any(one.startswith(("manifest.json", "inputs/")) for one in wrong))
    beside = [*([f"not there: {listed(gone, _SOME)}"] if gone else []), *some(strange)]
    if drawn_anew and (wrong or gone):
        first = "".join(f"move {folder / name} away, then " for name in in_the_way(folder, ours))
        beside.append(f"{first}pactrisk report {folder} draws its files again")
    if wrong:
        return Verdict(False, ("NOT the same", *some(wrong), *beside))
    told = [*found.told, f"identical: {len(files.byte)} files, to the last byte"]
    if files.word:
        told.append(f"the same in what they say: {listed(files.word, _SOME)}")
    if files.unread:
        told.append(f"not compared: {listed(files.unread, _SOME)}")
    made_with = [f"made with {line}" for line in unlike if files.word or files.unread]
    return Verdict(True, (*told, *(line for line in made_with if line not in told), *beside))
