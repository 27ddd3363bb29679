"""What happened under each shock: the trials in which it came to pass, against the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble import Block, Plan, Reading, Sums
from pactrisk.ensemble.conditions import conditions_of
from pactrisk.ensemble.given import given_in, store_given
from pactrisk.estimators import Estimates
from pactrisk.findings import Figure, Finding, Intervals, Table
from pactrisk.findings.comparing import more_or_fewer, some_of, tied_text
from pactrisk.findings.ledger import Ledger
from pactrisk.findings.tables import ColumnKind
from pactrisk.findings.wording import interval_text, listed, number_text
from pactrisk.outcomes import in_group
from pactrisk.question import Condition

TITLE = "What happened under each shock"
ORDER = 50

_GROUPS = ("substantive cooperation", "symbolic diplomacy")
_NEARLY_ALWAYS = 0.995


@dataclass(frozen=True)
class _Shock:
    name: str
    title: str
    when: str
    months: float


def observe(block: Block) -> Sums:
    """World sums where each shock came to pass: agreements by group, at least one, how many."""
    shocks, m = _shocks(block.plan), block.trials_per_replicate
    if not shocks:
        return {}
    holds = np.stack([_held(block, shock) for shock in shocks])
    classes = block.base.classes[:, block.plan.headline]
    number = block.numbers[_GROUPS[0]][block.plan.headline]
    events = np.concatenate([*(in_group(classes, group) for group in _GROUPS), (number > 0)[None]])
    return store_given("events", holds, events, m) | store_given("number", holds, number[None], m)


def find(reading: Reading) -> Finding | None:
    """Chances and numbers given each shock, against the trials without it."""
    shocks = _shocks(reading.plan)
    if not shocks:
        return None
    number, events = given_in(reading, "number"), given_in(reading, "events")
    chance = number.chance(reading.level)
    count = chance.value * chance.trials
    told = [i for i in range(len(shocks)) if count[i] > 0 and chance.value[i] <= _NEARLY_ALWAYS]
    told_shocks = [shocks[i] for i in told]
    notes = _notes(reading, shocks, chance)
    if not told:
        said = f"No shock came to pass in some trials and not in others by {reading.date:%B %Y}."
        return Finding("conditions", TITLE, said, notes=notes)
    every, n = events.chances(reading.level), len(reading.names)
    chances = _of(every, told, slice(None))
    # of one agreement the number is whether it is there, which comes last
    means = _of(every, told, slice(-1, None)) if n == 1 else _of(number.means(reading.level, n), told, slice(0, 1))
    strongest = _strongest(means[2])
    tables = (_overview(told_shocks, chance[told], means, chances), _by_agreement(reading, told_shocks, chances))
    figures: list[Figure] = [_figure(reading, told_shocks, means[2])]
    if strongest is not None:
        figures.append(_agreements(reading, told_shocks[strongest], _row(chances, strongest)))
    said = _sentence(reading, told_shocks, chance[told], means, strongest)
    left = len(shocks) - len(told)
    said += f" {left} more {'is' if left == 1 else 'are'} left out: see the notes." if left else ""
    return Finding("conditions", TITLE, said, tables=tables, figures=tuple(figures), notes=notes)


Three = tuple[Estimates, Estimates, Estimates]
"""Given the shock, otherwise, and the difference; shape (shock, statistic)."""


def _shocks(plan: Plan) -> list[_Shock]:
    """Those asked for, or each state of each regime."""
    return [
        _Shock(name, one.title or _called(one), one.when, one.months)
        for name, one in conditions_of(plan.question, plan.scenario).items()
    ]


def _called(condition: Condition) -> str:
    """What a condition without a title asks for."""
    return condition.when if condition.months == 1 else f"{condition.when} for {condition.months:g} months in all"


def _held(block: Block, shock: _Shock) -> npt.NDArray[np.bool_]:
    """Whether it held for so many months in all before the headline; the value at a grid point rules the step after."""
    before = slice(0, block.plan.headline)
    if block.plan.question.conditions:
        inside = block.evaluate(shock.when, f"conditions.{shock.name}", before) != 0
    else:
        name, _, state = shock.when.partition(".")
        inside = block.base.paths.regime(name).indicator(state)[before]
    return np.asarray(inside.sum(axis=0, dtype=np.int32) * block.plan.grid.step >= shock.months - 1e-9)


def _of(three: Three, rows: list[int], columns: slice) -> Three:
    given, otherwise, apart = (one[rows][:, columns] for one in three)
    return given, otherwise, apart


def _row(three: Three, row: int) -> Three:
    given, otherwise, apart = (one[row] for one in three)
    return given, otherwise, apart


def _strongest(apart: Estimates) -> int | None:
    """The shock with the largest difference of those that show."""
    shows = (apart.low[:, 0] > 0) | (apart.high[:, 0] < 0)
    return int(np.argmax(np.where(shows, np.abs(apart.value[:, 0]), -1.0))) if shows.any() else None


def _rivals(apart: Estimates, first: int) -> tuple[list[int], list[int]]:
    """Shocks whose difference may be as large as that of ``first``, the same way and else the other, the largest first.

    Whether it shows does not matter: what is hardly known may be anything.
    """
    ends = np.sign(apart.value[first, 0]) * np.stack([apart.low[:, 0], apart.high[:, 0]])
    reached = ends[:, first].min() <= np.stack([ends.max(axis=0), -ends.min(axis=0)])
    others = [int(i) for i in np.argsort(-np.abs(apart.value[:, 0]), kind="stable") if i != first]
    along = [i for i in others if reached[0, i]]
    return along, [i for i in others if reached[1, i] and not reached[0, i]]


def _sentence(reading: Reading, shocks: list[_Shock], chance: Estimates, means: Three, first: int | None) -> str:
    given, otherwise, apart = means
    if first is None:
        many = f"any of the {len(shocks)} shocks" if len(shocks) > 1 else shocks[0].title
        return f"The number of agreements in substantive cooperation does not show a difference under {many}."
    name = shocks[first].title
    among = f"Of {len(shocks)} shocks looked back on, {name} goes with the largest difference"
    if len(shocks) == 1:
        among = f"One shock is looked back on, {name}"
    there, here, one = given.at(first, 0), chance.at(first), apart.at(first, 0)
    other = otherwise.at(first, 0)
    apart_text = more_or_fewer(one.value, one.low, one.high, there)
    # as many more and as many fewer are as large, but are no tie: they are apart by both together
    alike, against = ([shocks[i].title for i in rivals] for rivals in _rivals(apart, first))
    tied = tied_text(alike)
    opposite = f"; {some_of(against)} may go with as large a difference the other way" if against else ""
    return (
        f"{among}: where it came to pass "
        f"by {reading.date:%B %Y}, a chance of {interval_text(here.value, here.low, here.high)}, "
        f"{number_text(there.value, there.low, there.high)} agreements are in substantive cooperation against "
        f"{number_text(other.value, other.low, other.high)} elsewhere, {apart_text}{tied}{opposite}."
    )


def _overview(shocks: list[_Shock], chance: Estimates, means: Three, chances: Three) -> Table:
    ledger = Ledger().hidden("condition", [shock.name for shock in shocks])
    ledger.plain("title", "Shock", [shock.title for shock in shocks])
    ledger.plain("when", "When", [shock.when for shock in shocks])
    ledger.plain("months", "For at least", [shock.months for shock in shocks], "months", "months")
    ledger.plain("trials", "Trials", np.rint(chance.value * chance.trials).astype(int).tolist(), "count")
    ledger.estimates("chance", "Chance", chance)
    words = (("given", "where it happened"), ("otherwise", "elsewhere"), ("difference", "difference"))
    for (word, label), found in zip(words, means, strict=True):
        kind: ColumnKind = "change" if word == "difference" else "number"
        ledger.estimates(f"number_{word}", f"Number in substantive cooperation, {label}", found, kind)
    for (word, label), found in zip(words, chances, strict=True):
        ledger.estimates(f"some_{word}", f"At least one, {label}", found[:, -1])
    return ledger.table(
        "conditions",
        "Outcomes given each shock",
        "Expected number of agreements in substantive cooperation, and the chance of at least one.",
    )


def _by_agreement(reading: Reading, shocks: list[_Shock], chances: Three) -> Table:
    ids, names = reading.plan.scenario.ids, reading.names
    rows = [(shock, group, i) for shock in shocks for group in _GROUPS for i in range(len(ids))]
    ledger = Ledger().hidden("condition", [shock.name for shock, _, _ in rows])
    ledger.plain("title", "Shock", [shock.title for shock, _, _ in rows])
    ledger.hidden("agreement", [ids[i] for *_, i in rows])
    ledger.plain("name", "Agreement", [names[i] for *_, i in rows])
    ledger.plain("group", "Group", [group for _, group, _ in rows])
    words = (("given", "Where it happened"), ("otherwise", "Elsewhere"), ("difference", "Difference"))
    for (word, label), found in zip(words, chances, strict=True):
        ledger.estimates(word, label, found[:, : len(_GROUPS) * len(ids)])
    return ledger.table("conditions-agreements", "Chances of each agreement given each shock")


def _figure(reading: Reading, shocks: list[_Shock], apart: Estimates) -> Intervals:
    order = np.argsort(apart.value[:, 0], kind="stable")
    return Intervals(
        name="conditions",
        title="How many agreements more or fewer under each shock",
        caption="Difference in the expected number of agreements in substantive cooperation between the trials in "
        f"which the shock came to pass by {reading.date:%B %Y} and the others. Left of the line: fewer where it did; "
        "a whisker across the line: no difference that shows.",
        alt="Difference in the number of agreements under each shock, as in the table",
        rows=[shocks[i].title for i in order],
        value=apart.value[order],
        low=apart.low[order],
        high=apart.high[order],
        scale="change",
        unit="agreements in substantive cooperation",
        reference=0.0,
        reference_label="no difference",
    )


def _agreements(reading: Reading, shock: _Shock, chances: Three) -> Intervals:
    n = len(reading.names)
    given, otherwise, _ = chances
    return Intervals(
        name="conditions-agreements",
        title=f"Each agreement under the shock with the largest difference: {shock.title}",
        caption="Chance of substantive cooperation in the trials in which the shock came to pass, and in the others. "
        "The farther apart the two dots, the more the agreement goes with the shock.",
        alt="Chance of substantive cooperation of each agreement with and without the shock, as in the table",
        rows=reading.names,
        series=("where it happened", "elsewhere"),
        value=np.stack([given.value[:n], otherwise.value[:n]], axis=1),
        low=np.stack([given.low[:n], otherwise.low[:n]], axis=1),
        high=np.stack([given.high[:n], otherwise.high[:n]], axis=1),
    )


def _notes(reading: Reading, shocks: list[_Shock], chance: Estimates) -> tuple[str, ...]:
    def named(places: list[int]) -> str:
        each = [chance.at(i) for i in places]
        return listed(
            [
                f"{shocks[i].title} ({interval_text(one.value, one.low, one.high)})"
                for i, one in zip(places, each, strict=True)
            ]
        )

    always = [i for i in range(len(shocks)) if chance.value[i] > _NEARLY_ALWAYS]
    never = [i for i in range(len(shocks)) if chance.value[i] == 0]
    notes = [
        "To look back on the trials in which something happened is not to make it happen: what else goes with it is "
        "in the difference too. To see what a shock does, write it into a variant.",
        "A shock came to pass where it held for so many months in all before the date, as seen on the grid.",
    ]
    if not reading.plan.question.conditions:
        notes.append("No conditions were asked for: these are the states of the regimes, held for a month in all.")
    if always:
        notes.append(f"Left out because nearly every trial has it: {named(always)}.")
    if never:
        notes.append(f"Left out because no trial has it: {named(never)}.")
    return tuple(notes)
