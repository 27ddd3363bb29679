"""``pactrisk run``."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pactrisk.cli.options import EXECUTORS, Above, Whole
from pactrisk.numerals import counted

if TYPE_CHECKING:
    from rich.console import Console

    from pactrisk.ensemble import Plan
    from pactrisk.errors import Problem, RunError, Stopped
    from pactrisk.keeping import Kept
    from pactrisk.runs import Run

__all__ = ["command"]


@click.command(
    "run",
    epilog="\b\nExamples:\n  pactrisk run configs/kazakhstan-serbia.toml\n"
    "  pactrisk run configs/first-steps.toml --trials 100000 --set drivers.oil.level=45\n"
    "  pactrisk run configs/first-steps.toml --json > results.json",
)
@click.argument("config", type=click.Path(path_type=Path))
@click.option("--trials", type=Whole(1, 1_000_000_000), help="Simulated histories, instead of the config's.")
@click.option(
    "--precision",
    type=Above(0, 0.5),
    help="Stop as soon as half the width of chances' intervals is so small: 0.02 is 2 points.",
)
@click.option("--seed", type=Whole(0, 2**63 - 1), help="Start of all randomness, instead of the config's.")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Change one key; may be given again.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the report. [default: reports/<config>]")
@click.option("--workers", type=Whole(1, 1024), help="Processes or threads; never moves a number. [default: all]")
@click.option("--executor", type=click.Choice(EXECUTORS), help="Who makes the blocks, instead of the config's.")
@click.option("--scheduler", metavar="ADDRESS", help="Of the executor dask, as tcp://10.0.0.5:8786.")
@click.option("--batch", type=Whole(0, 100), help="Blocks that a worker is given at once. [default: chosen]")
@click.option("--partial", is_flag=True, help="Simulate nothing: report what a run that was stopped has done.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON on standard output.")
def command(
    config: Path,
    trials: int | None,
    precision: float | None,
    seed: int | None,
    sets: tuple[str, ...],
    out: Path | None,
    workers: int | None,
    executor: str | None,
    scheduler: str | None,
    batch: int | None,
    partial: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Simulate the CONFIG, print the headline, and write the report folder."""
    from pactrisk.children import Crew, call
    from pactrisk.processors import most_workers

    crew = click.get_current_context().with_resource(Crew())
    others = most_workers(workers) - 1
    if others and executor in (None, "processes") and not partial:
        # one of them loads the engine while this one reads the files; where none can begin, the run does without
        crew.of(others)
        with contextlib.suppress(OSError):
            crew.send(call, "pactrisk.readiness", "load_engine")
    from pactrisk.cli.signals import between_blocks, report_told
    from pactrisk.cli.terminal import out as console_on
    from pactrisk.cli.terminal import progress, show_headline
    from pactrisk.config import load
    from pactrisk.errors import Lost, RunError, Stopped
    from pactrisk.figures import ready
    from pactrisk.findings import plain
    from pactrisk.keeping import keeping
    from pactrisk.manifest import missed_precision
    from pactrisk.readiness import WAITING, first_time, make_ready
    from pactrisk.report import check_target
    from pactrisk.runs import finish, identity, options, unfinished
    from pactrisk.streams import BLOCK
    from pactrisk.workers import compiles_here, crowded, processes_here

    asked = options(
        "--{}", trials=trials, precision=precision, seed=seed, workers=workers, executor=executor,
        scheduler=scheduler, batch=batch,
    )  # fmt: skip
    loaded = load(config, sets, options=asked)
    folder = out if out is not None else Path("reports") / loaded.name
    check_target(folder)
    plan = loaded.plan
    if processes_here(plan) < 2:
        crew.dismiss()
    if not quiet:
        _notes(loaded.remarks, plan, crowded(plan), console_on(err=True))
    if compiles_here(plan.question) and first_time() and not partial:
        if not quiet:
            console_on(err=True).print(f"note: {WAITING}", style="dim")
        with progress("compiling", quiet, blocks=False):
            make_ready(loaded.study)
    # what is loaded stays to the end: looking through it for what nobody needs any more finds nothing
    gc.freeze()
    with report_told(folder) as begun:
        with keeping(folder, identity(loaded), plan.trials // BLOCK) as kept, _stop_told(kept, plan):
            begun()
            if partial:
                done = unfinished(loaded, kept, sys.argv[1:])
            else:
                if not quiet:
                    _going_on(kept, console_on(err=True))
                kept.note = lambda said: _note(said, quiet, kept)
                try:
                    with (
                        _keeping_told(kept, Lost),
                        between_blocks(quiet) as kept.asked,
                        progress("simulating", quiet) as tell,
                    ):
                        done = finish(loaded, tell, sys.argv[1:], kept, crew)
                except Stopped as stop:
                    raise _stopped(stop.number, stop.done, plan) from None
            with _nothing_lost(kept, done):
                if kept.asked():
                    raise KeyboardInterrupt(kept.asked())
                crew.each(ready)
                gc.freeze()
                # an analysis that fails is mended in its file, and blocks that other files made are none to go on from
                findings = done.findings
            with progress("drawing", quiet, blocks=False), _keeping_told(kept, RunError), _nothing_lost(kept, done):
                written = done.save(folder, processes_here(plan), crew)
            if not partial:
                kept.forget()
        if as_json:
            click.echo((written / "results.json").read_bytes(), nl=False)
        if quiet:
            return
        console = console_on(err=as_json)
        if findings:
            show_headline(findings[0], console)
        else:
            console.print("no chapter that analyses names has anything to tell of this world")
        for finding in findings[1:]:
            if finding.name == "rare":
                console.print(f"\n{plain(finding.sentence)}", markup=False)
        if partial:
            part = f"{done.result.study.plan.trials:,} of {counted(plan.trials, 'trial')}"
            console.print(f"\npartial: {part}; without --partial the run goes on", style="bold")
            console.print(f"report: {written / 'index.html'}", markup=False)
            return
        made, before = done.result.study.plan.trials, kept.done * BLOCK
        earlier = f", {before:,} of them kept from before," if before else ""
        console.print(f"\n{counted(made, 'trial')}{earlier} in {_pace(done.record, made - before)}", style="dim")
        missed = missed_precision(done.record)
        if missed:
            console.print(f"the precision asked for is not reached: {missed}", style="dim")
        elif plan.question.precision is not None:
            early = "stopped there: " if made < plan.trials else ""
            console.print(f"{early}the precision asked for is reached", style="dim")
        console.print(f"report: {written / 'index.html'}", markup=False)


def _pace(record: Mapping[str, Any], trials: int) -> str:
    """How long so many trials took, and how many a second that is, unless some of the time went into compiling."""
    seconds, compiling = record["engine_seconds"], record.get("compiling_seconds")
    took, lost = (f"{x:,.0f} s" if x >= 10 else f"{x:.2g} s" for x in (seconds, compiling or 0.0))
    if compiling:
        return f"{took}, of which {lost} went into compiling the engine"
    return f"{took} ({trials / max(seconds, 1e-9):,.0f} a second)"


def _stopped(number: int, done: int, plan: Plan) -> Stopped:
    """What to say of a run that was stopped by a signal with so many blocks kept."""
    from pactrisk.errors import Stopped
    from pactrisk.streams import BLOCK

    far = f"{done * BLOCK:,} of {counted(plan.trials, 'trial')} are done and kept"
    ways = "The same command goes on from them; with --partial it reports what is done"
    return Stopped(number, done, f"stopped; no report was written. {far}. {ways}")


@contextlib.contextmanager
def _stop_told(kept: Kept, plan: Plan) -> Iterator[None]:
    """Who ends a run between no two blocks is told what is kept of it, if anything is: workers that are gone make none
    to stop after, and a report that is being drawn has none.
    """
    from pactrisk.cli.signals import number_of

    try:
        yield
    except KeyboardInterrupt as stop:
        if not kept.held:
            raise
        raise _stopped(number_of(stop), kept.held, plan) from None


@contextlib.contextmanager
def _nothing_lost(kept: Kept, run: Run) -> Iterator[None]:
    """Within this a run that is stopped, or fails, keeps all whole blocks of what it has simulated."""
    from pactrisk.streams import BLOCK

    try:
        yield
    except BaseException:
        blocks, rest = divmod(int(run.result.sums["trials"]), BLOCK)
        if not rest and blocks > kept.held:
            kept.hold(run.result.sums, blocks)
        raise


@contextlib.contextmanager
def _keeping_told(kept: Kept, which: type[RunError]) -> Iterator[None]:
    """Whose run ends with such an error is told what is kept of it."""
    from pactrisk.errors import RunError
    from pactrisk.streams import BLOCK

    try:
        yield
    except which as error:
        if not kept.held:
            raise
        raise RunError(f"{error}. {kept.held * BLOCK:,} trials are kept: the same command goes on from them") from error


def _note(sentence: str, quiet: bool, kept: Kept) -> None:
    from pactrisk.cli.terminal import out as console_on

    # where all processes are told to end, none is lost
    if not quiet and not kept.asked():
        console_on(err=True).print(f"note: {sentence}", style="dim")


def _going_on(kept: Kept, console: Console) -> None:
    from pactrisk.keeping import RUNS_KEPT
    from pactrisk.streams import BLOCK

    if kept.others:
        stay = f"{kept.others * BLOCK:,} trials are kept here of other inputs or of another source of the package"
        console.print(f"note: {stay}, and stay for their runs", style="dim")
    if kept.leaving:
        lost = f"{kept.leaving * BLOCK:,} trials that are kept here of the run that was stopped longest ago"
        most = f"of {RUNS_KEPT} runs at most something is kept"
        console.print(f"note: {lost} are given up once this one has blocks to keep: {most}", style="dim")
    if kept.longer:
        stay = f"{kept.longer * BLOCK:,} trials are kept here of a longer run of the same inputs, and stay for it"
        console.print(f"note: {stay}; this run begins anew, and keeps none if it is stopped", style="dim")
    if kept.damaged:
        anew = "the blocks kept of an earlier run are damaged: it begins anew"
        some = "one of the two files of blocks kept of an earlier run is damaged: the other is whole"
        console.print(f"note: {some if kept.done or kept.longer else anew}", style="dim")
    if kept.done:
        console.print(
            f"note: goes on from {kept.done * BLOCK:,} trials of an earlier run of the same inputs", style="dim"
        )


def _notes(remarks: Sequence[Problem], plan: Plan, crowded: bool, console: Console) -> None:
    from pactrisk.findings import plain

    for problem in remarks:
        console.print(f"note: {plain(problem.path)}: {plain(problem.message)}", markup=False, style="dim")
    if plan.trials != plan.question.trials:
        parts = "worlds" if plan.question.sampler == "plain" else "replicates"
        made = f"note: {counted(plan.trials, 'trial')}, in whole {parts} of {plan.trials_per_replicate}"
        console.print(made, markup=False, style="dim")
    if crowded:
        idle = "fewer workers than processors, as each holds a block of this large world; --workers says otherwise"
        console.print(f"note: {idle}", markup=False, style="dim")
