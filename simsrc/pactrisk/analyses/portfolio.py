"""The portfolio: how many become substantive cooperation, and what most of them are."""

from __future__ import annotations

import numpy as np

from pactrisk.ensemble import Block, Reading, Sums, store, up_to
from pactrisk.ensemble.dates import dates_at
from pactrisk.estimators import Estimates, Moments, mean, proportion
from pactrisk.findings import Columns, Finding, LinePanel, Lines, Table
from pactrisk.findings.comparing import leaders
from pactrisk.findings.ledger import Ledger
from pactrisk.findings.wording import chance_words, interval_text, number_text
from pactrisk.outcomes import GROUPS

TITLE = "The portfolio"
ORDER = 30

_SAID = 3
"""Numbers that the sentence tells of, each with its chance, where they are no more."""

_MAJORITIES = ("substantive cooperation", "symbolic diplomacy", "failed")


def observe(block: Block) -> Sums:
    """How many, and which groups prevail.

    ``fewer`` (time, n): n less the number in substantive cooperation is at most 0, 1, ...; ``most`` (group, time): more
    than half of the agreements in the portfolio are in the group.
    """
    m, n = block.trials_per_replicate, len(block.base.classes)
    counts = [block.numbers[group] for group in _MAJORITIES]
    present = n - block.numbers["not in the portfolio"]
    sums = store("fewer", up_to(n - counts[0], n, m))
    most = np.stack([2 * count > present for count in counts])
    sums |= store("most", Moments.from_trials(most, m))
    return sums


def find(reading: Reading) -> Finding | None:
    """The distribution of the number, at least so many by date, and majorities; None for one agreement."""
    if len(reading.names) == 1:
        return None
    at_least = proportion(reading.own("fewer"), reading.level)[:, ::-1]
    exactly = proportion(reading.shared("portfolio")[reading.plan.headline], reading.level)
    most = proportion(reading.own("most"), reading.level)
    return Finding(
        "portfolio",
        TITLE,
        _sentence(reading, exactly, at_least, most),
        tables=(
            _numbers(reading, exactly, at_least),
            _majorities(reading, most),
            _at_least_by_date(reading, at_least),
        ),
        figures=(_columns(reading, exactly), _by_date(reading, at_least, most)),
        notes=("Most: more than half of the agreements that are in the portfolio of a world.",),
        section=TITLE,
    )


def _sentence(reading: Reading, exactly: Estimates, at_least: Estimates, most: Estimates) -> str:
    k, n = reading.plan.headline, len(reading.names)
    number = mean(reading.shared("mean")[k], reading.level, bounds=(0, n)).item()
    best, *near = leaders(exactly)
    one, half = at_least.at(k, 0), at_least.at(k, -(-n // 2) - 1)
    few = near if len(near) < _SAID else []
    said = [
        f"{'none' if i == 0 else i} with chance {interval_text(c.value, c.low, c.high)}"
        for i, c in ((i, exactly.at(i)) for i in (best, *few))
    ]
    wide = "" if few == near else f"; {len(near)} others from {min(near)} to {max(near)} cannot be told apart from it"
    at_least_half = "" if n <= 2 else f"; at least half: {interval_text(half.value, half.low, half.high)}"
    symbolic = most.at(_MAJORITIES.index("symbolic diplomacy"), k)
    return (
        f"Of {n} agreements, {number_text(number.value, number.low, number.high)} are expected in substantive "
        f"cooperation by {reading.date:%B %Y}; the likeliest number is {' or '.join(said)}{wide}. At least one: "
        f"{interval_text(one.value, one.low, one.high)}{at_least_half}. The chance that most are symbolic diplomacy is "
        f"{interval_text(symbolic.value, symbolic.low, symbolic.high)}, "
        f"{chance_words(symbolic.value, symbolic.low, symbolic.high)}."
    )


def _numbers(reading: Reading, exactly: Estimates, at_least: Estimates) -> Table:
    n = len(reading.names)
    sure = Estimates(np.ones(1), np.ones(1), np.ones(1), reading.level, "probability", np.array([1]), 1)
    here = at_least[reading.plan.headline]
    columns = {
        word: np.concatenate([getattr(sure, word), getattr(here, word)]) for word in ("value", "low", "high", "trials")
    }
    ledger = Ledger().plain("number", "Number", list(range(n + 1)), "count").estimates("exactly", "Exactly", exactly)
    ledger.estimates("at_least", "At least", Estimates(**columns, level=reading.level, kind="probability", worlds=1))
    return ledger.table(
        "how-many",
        f"How many agreements are in substantive cooperation, {reading.date:%B %Y}",
        "At least none is certain by definition.",
    )


def _at_least_by_date(reading: Reading, at_least: Estimates) -> Table:
    n, points = len(reading.names), reading.plan.grid.points
    days = [day for day in dates_at(reading.plan, tuple(range(points))) for _ in range(n)]
    ledger = Ledger().plain("date", "Date", days, "date")
    ledger.plain("number", "At least", list(range(1, n + 1)) * points, "count")
    ledger.estimates("chance", "Chance", at_least)
    return ledger.table("at-least-by-date", "Chance that at least so many are in substantive cooperation, by date")


def _majorities(reading: Reading, most: Estimates) -> Table:
    points = reading.plan.grid.points
    ledger = Ledger().plain("date", "Date", dates_at(reading.plan, tuple(range(points))), "date")
    for i, group in enumerate(_MAJORITIES):
        ledger.estimates(group.replace(" ", "_"), f"Most: {group}", most[i])
    return ledger.table("majorities", "Chance that most agreements are in one group, by date")


def _columns(reading: Reading, exactly: Estimates) -> Columns:
    return Columns(
        name="how-many",
        title=f"How many agreements are in substantive cooperation, {reading.date:%B %Y}",
        caption=(
            "Each column is the chance of that number, with its interval. A long tail at the right is a portfolio "
            "whose agreements succeed together; a tall column at 0 is one that fails together."
        ),
        alt="Chance of each number of agreements in substantive cooperation, as in the table",
        labels=[str(i) for i in range(len(exactly.value))],
        values=exactly.value,
        low=exactly.low,
        high=exactly.high,
        x_title="agreements in substantive cooperation",
    )


def _by_date(reading: Reading, at_least: Estimates, most: Estimates) -> Lines:
    grid = reading.plan.grid
    # lines that hug the axis from end to end say nothing
    shown = [i for i in range(at_least.shape[1]) if at_least.value[:, i].max() >= 0.02][:6] or [0]
    return Lines(
        name="portfolio-by-date",
        title="At least so many in substantive cooperation, and what most agreements are, by date",
        caption=(
            "Left: the chance that at least so many are in substantive cooperation. Right: the chance that more than "
            "half of the portfolio is in one group; what is missing to 100% has no majority."
        ),
        alt="Chances by date for the portfolio, as in the tables",
        panels=(
            LinePanel(
                title="At least so many in substantive cooperation",
                x=grid.dates,
                series=tuple(f"at least {i + 1}" for i in shown),
                values=at_least.value[:, shown].T,
                low=at_least.low[:, shown].T,
                high=at_least.high[:, shown].T,
            ),
            LinePanel(
                title="Most agreements are",
                x=grid.dates,
                series=tuple(group for group in GROUPS if group in _MAJORITIES),
                values=most.value,
                low=most.low,
                high=most.high,
            ),
        ),
    )
