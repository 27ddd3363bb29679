"""Substance against ceremony: where trials end up between the two, and how long agreements live on paper alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.ensemble import Block, Reading, Sums, conditional, store, store_conditional
from pactrisk.ensemble.dates import dates_at, starting_point
from pactrisk.ensemble.settled import unsigned
from pactrisk.estimators import ConditionalMoments, Estimates, Moments, how_many, mean, proportion, ratio, world_sums
from pactrisk.findings import Cut, Density, DensityPanel, Finding, Intervals, Table
from pactrisk.findings.comparing import leaders, tied_text
from pactrisk.findings.ledger import Ledger
from pactrisk.findings.wording import interval_text, months_text, number_text
from pactrisk.numerals import counted

TITLE = "Substance against ceremony"
ORDER = 10

BINS = 25
"""Bins of ceremony, and of delivery, from 0 to 1."""

_EDGE = 1e-9  # as in the rule: sums of weights must reach a cut that they are meant to meet


def observe(block: Block) -> Sums:
    """Ceremony and delivery at the headline date, and months alive on paper until each date.

    ``mass`` (agreement, ceremony bin, delivery bin): trials in which the agreement is in the portfolio.
    ``paper`` (agreement,): alive on paper at the headline; ``count`` (): how many are; ``steps`` (agreement + 1,
    time): steps alive on paper before each date, for each agreement and summed. ``honoured`` and ``neglected``
    (agreement + 1,): substantive cooperation where ceremony is at its cut or above, and where it is below. All
    agreements together come last.
    """
    k, m = block.plan.headline, block.trials_per_replicate
    paper = _alive_on_paper(block)
    every = [block.base.progress[id_] for id_ in block.plan.scenario.ids]
    delivery, honours = (np.stack(part) for part in zip(*(p.at(k) for p in every), strict=True))
    ceremony = -np.expm1(-honours)
    present = np.stack([progress.present for progress in every])
    sums: Sums = {"mass": _histograms(ceremony, delivery, present)}
    sums |= store("paper", Moments.from_trials(paper[:, k], m))
    sums |= store("count", Moments.from_trials(paper[:, k].sum(axis=0, dtype=np.int64), m))
    sums |= store("steps", _steps(paper, m))
    high = ceremony >= block.plan.question.rule.symbolic - _EDGE
    substantive = block.base.classes[:, k] <= 1
    for name, given in (("honoured", high & present), ("neglected", ~high & present)):
        sums |= store_conditional(name, _with_all(substantive, given, m))
    return sums


def _alive_on_paper(block: Block) -> npt.NDArray[np.bool_]:
    """Ceremony at its cut and delivery below token, signed and not ended, shape (agreement, time, trial).

    An agreement too young to be judged may be kept alive by ceremony all the same.
    """
    assert block.base.symbolic is not None
    return block.base.symbolic


def _steps(paper: npt.NDArray[np.bool_], m: int) -> Moments:
    """Steps before each date, for each agreement and all together, of shape (agreement, time, trial)."""
    n, points, trials = paper.shape
    total, square, trial_square = (np.empty((n + 1, points), dtype=np.int64) for _ in range(3))
    kernels.tallies.spent(np.ascontiguousarray(paper).view(np.int8), trials // m, total, square, trial_square)
    return Moments(total, square, trial_square, trials // m, m)


def _histograms(
    ceremony: npt.NDArray[np.float64], delivery: npt.NDArray[np.float64], present: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Trials by ceremony and delivery, shape (agreement, bin, bin), of arrays of shape (agreement, trial)."""
    across, up = (np.minimum((x * BINS + _EDGE).astype(np.intp), BINS - 1) for x in (ceremony, delivery))
    cell = (np.arange(len(present))[:, None] * BINS + across) * BINS + up
    return np.bincount(cell[present], minlength=len(present) * BINS * BINS).reshape(-1, BINS, BINS)


def _with_all(event: npt.NDArray[np.bool_], given: npt.NDArray[np.bool_], m: int) -> ConditionalMoments:
    """Each agreement, and last all together: an agreement in a trial is then what is counted."""
    both, condition = world_sums(event & given, m), world_sums(given, m)
    return ConditionalMoments.from_world_sums(
        np.concatenate([both, both.sum(axis=0, keepdims=True)]),
        np.concatenate([condition, condition.sum(axis=0, keepdims=True)]),
        m,
    )


def find(reading: Reading) -> Finding:
    """The joint density with the rule's cuts, months alive on paper, and what ceremony tells of substance."""
    level, n = reading.level, len(reading.names)
    until = float(reading.plan.grid.months[reading.plan.headline])
    early, by_date = unsigned(reading.plan), _months(reading)
    paper = proportion(reading.own("paper"), level)
    paper = paper.known(early[:, reading.plan.headline] & (paper.value == 0))
    months = by_date[:-1, reading.plan.headline]
    honoured, neglected = (
        ratio(conditional(reading.sums, f"{reading.name}/{name}", reading.plan), level)
        for name in ("honoured", "neglected")
    )
    notes = [
        f"Alive on paper: ceremony at {reading.plan.question.rule.symbolic:g} or above while delivery is below "
        f"{reading.plan.question.rule.token:g}, signed and not ended; months are counted from "
        f"{starting_point(reading.plan)} to {reading.date:%B %Y} ({counted(until, 'month')}), over all trials, as seen "
        "on the grid.",
        "An agreement that has ended is shown where it stands, but counts as reversed.",
    ]
    if not reading.surely.all():
        notes.append(
            "The densities, and the shares where ceremony is alive and where it is not, leave out trials in which an "
            "agreement is not in the portfolio."
        )
    figures = (*_densities(reading), _dots(reading, months)) if n > 1 else _densities(reading)
    return Finding(
        "density",
        TITLE,
        _sentence(reading, by_date[:, reading.plan.headline], honoured, neglected),
        tables=(_table(reading, paper, months, honoured, neglected), _by_date(reading, by_date)),
        figures=figures,
        notes=tuple(notes),
    )


def _months(reading: Reading) -> Estimates:
    """Months alive on paper until each date, shape (agreement + 1, time); last the mean over agreements."""
    steps, step, n = reading.own("steps"), reading.plan.grid.step, len(reading.names)
    parts = []
    for k in range(reading.plan.grid.points):
        each = mean(steps[:-1, k], reading.level, bounds=(0, k))
        every = mean(steps[-1:, k], reading.level, bounds=(0, k * n))
        parts.append([np.append(getattr(each, w), getattr(every, w) / n) * step for w in ("value", "low", "high")])
    value, low, high = np.moveaxis(np.array(parts), 0, -1)
    found = Estimates(value, low, high, reading.level, "mean", np.full(value.shape, reading.trials), reading.worlds)
    # what is signed at a date has spent no month on paper by then
    early = np.pad(unsigned(reading.plan)[:, :-1], ((0, 0), (1, 0)), constant_values=True)
    return found.known(np.concatenate([early, early.all(axis=0, keepdims=True)]) & (value == 0))


def _sentence(reading: Reading, by_agreement: Estimates, honoured: Estimates, neglected: Estimates) -> str:
    n = len(reading.names)
    count = how_many(reading.own("count"), reading.level, n).item()
    every, months = by_agreement.at(n), by_agreement[:n]
    most, *near = leaders(months)
    longest = months.at(most)
    said = (
        f"In {reading.date:%B %Y}, {number_text(count.value, count.low, count.high)} of {n} "
        f"{'agreement is' if n == 1 else 'agreements are'} expected to be alive on paper only; until then an "
        f"agreement spends {months_text(every.value, every.low, every.high)} in that state on average"
    )
    if len(near) < n - 1:
        said += f", longest for {reading.names[most]}: {months_text(longest.value, longest.low, longest.high)}"
        said += tied_text([reading.names[i] for i in near])
    with_it, without = honoured.at(-1), neglected.at(-1)
    if not (with_it.trials and without.trials):
        return f"{said}."
    alive, dead = (interval_text(one.value, one.low, one.high) for one in (with_it, without))
    telling = _telling(honoured[:n], neglected[:n])
    sure = reading.surely.all()
    if n == 1:
        there = "" if sure else ", of those in which it is in the portfolio"
        return (
            f"{said}. Ceremony {telling}: where it is alive, an agreement is in substantive cooperation in {alive} of "
            f"cases; where it is not, in {dead}{there}."
        )
    # agreements that have much of both, or little, would by themselves make the one seem to go with the other
    return (
        f"{said}. Agreement by agreement, ceremony {telling}. Over all{'' if sure else ' in the portfolio'}, one is in "
        f"substantive cooperation in {alive} of cases where ceremony is alive and in {dead} where it is not, which "
        "tells of the mix of agreements as well."
    )


def _telling(honoured: Estimates, neglected: Estimates) -> str:
    """What ceremony tells of substance, each agreement by itself."""
    known = (honoured.trials > 0) & (neglected.trials > 0)
    goes = int((known & (honoured.low > neglected.high)).sum())
    against = int((known & (honoured.high < neglected.low)).sum())
    many = len(known)
    if not (goes or against):
        return "tells little of substance"
    if many == 1:
        return "goes with substance" if goes else "tells against substance"
    return f"goes with substance in {goes or 'none'} of {many} and tells against it in {against or 'none'}"


def _densities(reading: Reading) -> tuple[Density, ...]:
    mass = reading.sums[f"{reading.name}/mass"]
    everything = mass.sum(axis=0)
    together = Density(
        name="density",
        title=f"All agreements by ceremony and delivery, {reading.date:%B %Y}",
        caption=(
            "The stronger the colour, the more trials. Symbolic diplomacy is at the lower right: much ceremony, little "
            "delivery. Substantive cooperation is above the line called partial, wherever it stands on ceremony. At "
            f"the right the same without the trials in which less than {1 / BINS:g} is delivered, to show the rest."
        ),
        alt="Joint density of ceremony and delivery over all agreements, with the cuts of the rule",
        panels=(
            _panel(reading, "All agreements", everything),
            _panel(reading, "Where something is delivered", np.where(np.arange(BINS) > 0, everything, 0)),
        ),
    )
    if len(mass) == 1:
        return (together,)
    each = Density(
        name="density-by-agreement",
        title=f"Each agreement by ceremony and delivery, {reading.date:%B %Y}",
        caption=(
            f"One square an agreement, all trials{'' if reading.surely.all() else ' in which it is in the portfolio'}, "
            "read as above. Bands are what milestones in hand are worth; "
            "the spread along them is depth and flow."
        ),
        alt="Joint density of ceremony and delivery for each agreement, with the cuts of the rule",
        panels=tuple(_panel(reading, name, one) for name, one in zip(reading.names, mass, strict=True)),
    )
    return together, each


def _panel(reading: Reading, title: str, mass: npt.NDArray[np.int64]) -> DensityPanel:
    rule, edges = reading.plan.question.rule, np.linspace(0, 1, BINS + 1)
    return DensityPanel(
        title=title,
        ceremony_edges=edges,
        delivery_edges=edges,
        mass=mass / max(int(mass.sum()), 1),
        ceremony_cuts=(Cut(rule.symbolic, "symbolic"),),
        delivery_cuts=tuple(Cut(getattr(rule, word), word) for word in ("token", "partial", "substantive")),
    )


def _dots(reading: Reading, months: Estimates) -> Intervals:
    return Intervals(
        name="alive-on-paper",
        title=f"Months alive on paper until {reading.date:%B %Y}",
        caption="How long ceremony goes on while next to nothing is delivered: the mean over trials and its interval.",
        alt="Mean months alive on paper for each agreement, as in the table below",
        rows=reading.names,
        value=months.value[:, None],
        low=months.low[:, None],
        high=months.high[:, None],
        scale="number",
        unit="months",
    )


def _table(reading: Reading, paper: Estimates, months: Estimates, honoured: Estimates, neglected: Estimates) -> Table:
    ledger = Ledger().plain("agreement", "Id", reading.plan.scenario.ids).plain("title", "Agreement", reading.names)
    ledger.estimates("alive_on_paper", "Alive on paper", paper)
    ledger.estimates("months_on_paper", "Time alive on paper", months, "months", "months")
    ledger.estimates("substantive_if_honoured", "In substantive cooperation where ceremony is alive", honoured[:-1])
    ledger.estimates("substantive_if_neglected", "In substantive cooperation where it is not", neglected[:-1])
    there = "" if reading.surely.all() else " and the agreement is in the portfolio"
    return ledger.table(
        "ceremony-and-delivery",
        f"Alive on paper, {reading.date:%B %Y}",
        "Chance to be alive on paper, months so until then, and what ceremony tells of substantive cooperation: shares "
        f"of the trials in which ceremony is alive{there}, and of those in which it is not{there}.",
    )


def _by_date(reading: Reading, months: Estimates) -> Table:
    ids, points = reading.plan.scenario.ids, reading.plan.grid.points
    rows = list(zip(ids, reading.names, strict=True))
    if len(rows) == 1:
        months = months[:1]
    else:
        rows.append(("", "Mean over all agreements"))
    ledger = Ledger().hidden("agreement", [id_ for id_, _ in rows for _ in range(points)])
    ledger.plain("title", "Agreement", [name for _, name in rows for _ in range(points)])
    ledger.plain("date", "Date", dates_at(reading.plan, tuple(range(points))) * len(rows), "date")
    ledger.estimates("months_on_paper", "Time alive on paper until then", months, "months", "months")
    return ledger.table(
        "alive-on-paper-by-date",
        "Months alive on paper until every date",
        f"Counted from {starting_point(reading.plan)} over all trials; the mean and its interval.",
    )
