"""Substance against ceremony: where trials end up between the two, and how long agreements live on paper alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble import Block, Reading, Sums, conditional, store, store_conditional
from pactrisk.estimators import ConditionalMoments, Estimates, Moments, mean, proportion, ratio, world_sums
from pactrisk.findings import Cut, Density, DensityPanel, Finding, Intervals, Table
from pactrisk.findings.ledger import Ledger
from pactrisk.findings.wording import interval_text, listed, months_text, number_text, percent_step
from pactrisk.outcomes import CLASSES, classify

TITLE = "Substance against ceremony"
ORDER = 10

BINS = 25
"""Bins of ceremony, and of delivery, from 0 to 1."""

_SYMBOLIC = CLASSES.index("symbolic")
_EDGE = 1e-9  # as in the rule: sums of weights must reach a cut that they are meant to meet


def observe(block: Block) -> Sums:
    """Ceremony and delivery at the headline date, and months alive on paper until then.

    ``mass`` (agreement, ceremony bin, delivery bin): trials in which the agreement is in the portfolio.
    ``paper`` (agreement,): alive on paper at the headline; ``count`` (): how many are; ``steps`` (agreement,)
    and ``all_steps`` (): steps alive on paper before the headline, for each and summed. ``honoured`` and
    ``neglected`` (agreement + 1,): substantive cooperation where ceremony is at its cut or above,
    and where it is below; all agreements together come last.
    """
    k, m = block.plan.headline, block.trials_per_world
    paper = _alive_on_paper(block)
    steps: npt.NDArray[np.int64] = paper[:, :k].sum(axis=1, dtype=np.int64)
    every = [block.base.progress[id_] for id_ in block.plan.scenario.ids]
    delivery, honours = (np.concatenate(part) for part in zip(*(p.at(slice(k, k + 1)) for p in every), strict=True))
    ceremony = -np.expm1(-honours)
    present = np.stack([progress.present for progress in every])
    sums: Sums = {"mass": _histograms(ceremony, delivery, present)}
    sums |= store("paper", Moments.from_trials(paper[:, k], m))
    sums |= store("count", Moments.from_trials(paper[:, k].sum(axis=0, dtype=np.int64), m))
    sums |= store("steps", Moments.from_trials(steps, m))
    sums |= store("all_steps", Moments.from_trials(steps.sum(axis=0), m))
    high = ceremony >= block.plan.question.rule.symbolic - _EDGE
    substantive = block.base.classes[:, k] <= 1
    for name, given in (("honoured", high & present), ("neglected", ~high & present)):
        sums |= store_conditional(name, _with_all(substantive, given, m))
    return sums


def _alive_on_paper(block: Block) -> npt.NDArray[np.bool_]:
    """Ceremony at its cut and delivery below token, signed and not ended, shape (agreement, time, trial)."""
    plan, base = block.plan, block.base
    # an agreement too young to be judged may be kept alive by ceremony all the same
    ageless = plan.question.rule.model_copy(update={"pending": 0.0})
    alive: npt.NDArray[np.bool_] = base.classes == _SYMBOLIC
    for place, id_ in enumerate(plan.scenario.ids):
        progress = base.progress[id_]
        signed = int(np.searchsorted(plan.grid.months, progress.signed - 1e-9))
        young = slice(signed, int(np.searchsorted(plan.grid.months, progress.signed + plan.question.rule.pending)))
        if young.stop > young.start:
            alive[place, young] = classify(ageless, progress, plan.grid, young) == _SYMBOLIC
    return alive


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
    paper = proportion(reading.own("paper"), level)
    months = _months(mean(reading.own("steps"), level, bounds=(0, reading.plan.headline)), reading.plan.grid.step)
    honoured, neglected = (
        ratio(conditional(reading.sums, f"{reading.name}/{name}", reading.plan.trials_per_world), level)
        for name in ("honoured", "neglected")
    )
    notes = [
        f"Alive on paper: ceremony at {reading.plan.question.rule.symbolic:g} or above while delivery is below "
        f"{reading.plan.question.rule.token:g}, signed and not ended; months are counted from signature to "
        f"{reading.date:%B %Y} ({until:g} months), over all trials.",
        "An agreement that has ended is shown where it stands, but counts as reversed.",
    ]
    if reading.plan.scenario.uncertain_presence():
        notes.append("The densities leave out worlds in which an agreement is not in the portfolio.")
    figures = (*_densities(reading), _dots(reading, months)) if n > 1 else _densities(reading)
    return Finding(
        "density",
        TITLE,
        _sentence(reading, months, honoured, neglected),
        tables=(_table(reading, paper, months, honoured, neglected),),
        figures=figures,
        notes=tuple(notes),
    )


def _months(steps: Estimates, step: int) -> Estimates:
    """The same in months."""
    value, low, high = (x * step for x in (steps.value, steps.low, steps.high))
    return Estimates(value, low, high, steps.level, steps.kind, steps.trials, steps.worlds)


def _sentence(reading: Reading, months: Estimates, honoured: Estimates, neglected: Estimates) -> str:
    k, n, step = reading.plan.headline, len(reading.names), reading.plan.grid.step
    count = mean(reading.own("count"), reading.level, bounds=(0, n)).item()
    every = _months(mean(reading.own("all_steps"), reading.level, bounds=(0, k * n)), step).item()
    most = int(np.argmax(months.value))
    near = [i for i in range(n) if i == most or months.high[i] >= months.low[most]]
    longest = months.at(most)
    said = (
        f"In {reading.date:%B %Y}, {number_text(count.value, count.low, count.high)} of {n} "
        f"{'agreement is' if n == 1 else 'agreements are'} expected to be alive on paper only; until then an "
        f"agreement spends {months_text(every.value / n, every.low / n, every.high / n)} in that state on average"
    )
    if n > 1 and len(near) < n:
        who = listed([reading.names[i] for i in near[:3]])
        more = f" (and {len(near) - 3} more that cannot be told apart)" if len(near) > 3 else ""
        said += f", longest for {who}{more}: {months_text(longest.value, longest.low, longest.high)}"
    with_it, without = honoured.at(-1), neglected.at(-1)
    if not (with_it.trials and without.trials):
        return f"{said}."
    telling = "tells little of substance"
    if with_it.low > without.high:
        telling = "goes with substance"
    elif with_it.high < without.low:
        telling = "tells against substance"
    coarsest = max(percent_step(one.value, one.low, one.high) for one in (with_it, without))
    return (
        f"{said}. Ceremony {telling}: where it is alive, an agreement is in substantive cooperation in "
        f"{interval_text(with_it.value, with_it.low, with_it.high, coarsest)} of cases; where it is not, in "
        f"{interval_text(without.value, without.low, without.high, coarsest)}."
    )


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
            "One square an agreement, all trials, read as above. Bands are what milestones in hand are worth; "
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
    ledger.estimates("months_on_paper", "Months alive on paper", months, "months", "months")
    ledger.estimates("substantive_if_honoured", "Substantive where ceremony is alive", honoured[:-1])
    ledger.estimates("substantive_if_neglected", "Substantive where it is not", neglected[:-1])
    return ledger.table(
        "ceremony-and-delivery",
        f"Alive on paper, {reading.date:%B %Y}",
        "Chance to be alive on paper, months so until then, and what ceremony tells of substantive cooperation.",
    )
