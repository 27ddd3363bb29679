"""A study: a plan and the analyses asked of it. The whole run is the few lines of :meth:`Study.run`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pactrisk.analyses import Unkept, chosen
from pactrisk.ensemble import Executor, Observer, Plan, Sums, aimed, run, take_down
from pactrisk.errors import Asked, RunError, unasked
from pactrisk.findings import Finding, Page
from pactrisk.findings.few import few
from pactrisk.findings.wording import day_text
from pactrisk.numerals import counted
from pactrisk.scenario import Scenario
from pactrisk.stopping import Stopping

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Result", "Study"]

_LONGEST = 500


@dataclass(frozen=True)
class Study:
    """A checked plan, ready to run."""

    plan: Plan
    name: str = "study"

    def run(
        self,
        workers: int = 1,
        progress: Callable[[int, int], None] | None = None,
        begun: tuple[int, Sums] = (0, {}),
        keep: Callable[[Sums, int], None] | None = None,
        note: Callable[[str], None] | None = None,
        executor: Executor | None = None,
        asked: Asked = unasked,
    ) -> Result:
        """Simulate and add up, in so many ``workers`` (processes) or by another ``executor``; neither moves a number.

        ``begun`` are the blocks that an earlier run of the same study has done, and their sums; ``keep`` is called with
        the sums and the whole blocks in them as the run goes; ``note`` with a sentence where it goes on in another way.
        ``asked`` tells the number of the signal that asked the run to stop, 0 while none did.

        Raises
        ------
        RunError : where a number is not finite.
        """
        plan = aimed(self.plan, asked)
        stop = None if plan.question.precision is None else Stopping(plan, begun[0])
        sums = run(plan, self._observers, workers, progress, stop, begun, keep, note, executor)
        return Result.of(replace(self, plan=plan), sums)

    def first_block(self) -> Sums:
        """What one block leaves behind: enough to have called all that the run will call."""
        return take_down(self.plan, self._observers, 0)

    @property
    def _observers(self) -> dict[str, Observer]:
        return {name: analysis.take_down for name, analysis in chosen(self.plan.question.analyses).items()}


@dataclass(frozen=True)
class Result:
    """The sums of a run, and what is read from them."""

    study: Study
    sums: Sums
    left_out: frozenset[str] = frozenset()
    """Names of analyses that are not told of."""
    older: bool = False
    """Whether analyses that want sums, and of which none are kept, are passed over: they were added since."""

    @classmethod
    def of(cls, study: Study, sums: Sums) -> Result:
        """The result of a run that may have stopped before the trials asked for: its plan is what was simulated."""
        trials = min(int(sums["trials"]), study.plan.question.trials)
        question = study.plan.question.model_copy(update={"trials": trials})
        return cls(replace(study, plan=replace(study.plan, question=question)), sums)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """One finding an analysis, in the order of the page; those of one section stand together."""
        return _gathered([finding for finding in self._told[0] if finding.name not in self.left_out])

    @property
    def added(self) -> list[str]:
        """Names of analyses that are passed over, where the sums are ``older`` than they are."""
        return self._told[1]

    @cached_property
    def _told(self) -> tuple[list[Finding], list[str]]:
        plan, added = self.study.plan, []
        found: dict[str, Finding] = {}
        for name, analysis in chosen(plan.question.analyses).items():
            try:
                finding = analysis.finding(plan, self.sums)
            except Unkept:
                if not self.older or any(key.startswith(f"{name}/") for key in self.sums):
                    raise
                added.append(name)
                continue
            if finding is None:
                continue
            if finding.name in found:
                said = f"find of the analysis {name} gives a Finding called {finding.name!r}, as another does"
                raise RunError(f"{analysis.file}: {said}")
            found[finding.name] = replace(finding, figures=tuple(map(few, finding.figures)))
        return list(found.values()), added

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of every finding, by name."""
        return {table.name: table.frame for finding in self.findings for table in finding.tables}

    def page(self, made: Mapping[str, str] | None = None) -> Page:
        """The report before it is drawn."""
        plan, question = self.study.plan, self.study.plan.question
        findings = self.findings
        return Page(
            title=question.title or plan.scenario.title,
            subtitle=plan.scenario.summary,
            question=(
                f"{counted(len(plan.scenario.agreements), 'agreement')} signed {_signed(plan.scenario)}, "
                f"followed to {plan.grid.dates[-1]:%B %Y}; {counted(int(self.sums['trials']), 'trial')} in "
                f"{counted(int(self.sums['worlds']), 'world')}"
            ),
            sentence=findings[0].sentence if findings else "",
            findings=findings,
            made=made or {},
        )

    def results(self) -> dict[str, Any]:
        """The numbers of every finding as plain values, in a stable order, for ``results.json``.

        Tables of more than 500 rows (every grid date) are named, and stand in ``tables/`` alone.
        """
        return {
            "title": self.study.plan.scenario.title,
            "signed": self.study.plan.scenario.signed.isoformat(),
            "headline": self.study.plan.grid.dates[self.study.plan.headline].isoformat(),
            "trials": int(self.sums["trials"]),
            "worlds": int(self.sums["worlds"]),
            "findings": {
                finding.name: {
                    "title": finding.title,
                    "sentence": finding.sentence,
                    "tables": {t.name: _records(t.frame) for t in finding.tables if len(t.frame) <= _LONGEST},
                    "in tables/ only": [t.name for t in finding.tables if len(t.frame) > _LONGEST],
                }
                for finding in self.findings
            },
        }

    def store(self) -> dict[str, npt.NDArray[Any]]:
        """The sums, from which the report can be drawn again without simulating."""
        told = {name: value for name, value in self.sums.items() if name.partition("/")[0] not in self.left_out}
        return {name: np.asarray(value) for name, value in sorted(told.items())}


def _signed(scenario: Scenario) -> str:
    """The day on which all agreements are signed, or the first and the last."""
    days = {agreement.signed or scenario.signed for agreement in scenario.agreements}
    first, last = (day_text(day) for day in (min(days), max(days)))
    return first if first == last else f"from {first} to {last}"


def _gathered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Every section where its first finding stands, so that one more analysis splits no chapter."""
    first: dict[str, int] = {}
    places = [first.setdefault(f.section, place) if f.section else place for place, f in enumerate(findings)]
    return tuple(findings[place] for place in sorted(range(len(findings)), key=lambda place: places[place]))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict(orient="records")]


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value
