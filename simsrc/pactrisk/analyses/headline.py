"""The first screen: how many agreements become substantive cooperation, which, and how sure we are."""

from __future__ import annotations

import numpy as np

from pactrisk.ensemble import Block, Reading, Sums, store
from pactrisk.ensemble.settled import in_classes, in_groups, never_in
from pactrisk.estimators import Estimate, Estimates, Moments, how_many, proportion
from pactrisk.explain.sentences import ceremony_verb
from pactrisk.findings import Column, Finding, StackedBars, Table, ThreeWay
from pactrisk.findings.comparing import leaders, tied_text
from pactrisk.findings.fineness import number_step
from pactrisk.findings.three_ways import INSIDE, composed, three_way_row
from pactrisk.findings.wording import chance_text, interval_text, listed, number_text, range_text
from pactrisk.outcomes import CLASSES, GROUPS, MEANING
from pactrisk.spreads import plain_number

TITLE = "Substantive cooperation or symbolic diplomacy"
ORDER = 0

_SUBSTANTIVE = "substantive cooperation"
_OTHERS = {
    "symbolic diplomacy": "to be symbolic diplomacy",
    "failed": "to have failed",
    "too early": "to be too young to judge",
    "not in the portfolio": "not to be in the portfolio",
}
"""What is said of those in each other group; all together they are the whole portfolio."""


def observe(block: Block) -> Sums:
    """How many agreements are in each group but the first, at the headline."""
    sums: Sums = {}
    for group in _OTHERS:
        sums |= store(group, Moments.from_trials(block.expected(group), block.trials_per_replicate))
    return sums


def find(reading: Reading) -> Finding:
    """The minister's sentence, the three-way bar, and the chance of each class for each agreement."""
    k = reading.plan.headline
    classes = in_classes(reading, proportion(reading.shared("classes")[:, k], reading.level), k)
    groups = proportion(reading.shared("groups")[:, k], reading.level)
    return Finding(
        "headline",
        TITLE,
        _sentence(reading, groups),
        tables=(
            _table(reading, "agreements", "group", tuple(GROUPS), in_groups(reading, groups, k)),
            _table(reading, "agreement-classes", "class", CLASSES, classes),
        ),
        figures=(_three_way(reading), _bars(reading, classes)),
        notes=_notes(reading),
    )


def _sentence(reading: Reading, groups: Estimates) -> str:
    k, n = reading.plan.headline, len(reading.names)
    # where it is known of every agreement, so is the number
    known = in_groups(reading, groups, k)
    sure = dict(zip(GROUPS, (known.low == known.high).all(axis=0), strict=True))
    expected = how_many(reading.shared("mean")[k], reading.level, n).known(sure[_SUBSTANTIVE]).item()
    some = proportion(reading.at_headline("some"), reading.level).known(sure[_SUBSTANTIVE]).item()
    share = known[:, list(GROUPS).index(_SUBSTANTIVE)]
    most = dict.fromkeys(_OTHERS, n) | {"not in the portfolio": int((~reading.surely).sum())}
    others = {
        group: how_many(reading.own(group), reading.level, most[group]).known(sure[group]).item() for group in _OTHERS
    }
    # what stands beside the first number is no finer than it
    step = number_step(expected.low, expected.high)
    number, *rest = (number_text(one.value, one.low, one.high, step=step) for one in (expected, *others.values()))
    # of what no trial shows only the two that are always asked for are told
    told = [
        f"{said} {_OTHERS[group]}"
        for place, (said, (group, one)) in enumerate(zip(rest, others.items(), strict=True))
        if place < 2 or one.value > 0
    ]
    documents = "1 agreement" if n == 1 else f"{n} agreements"
    return (
        f"By {reading.date:%B %Y} we expect "
        f"{number} of {documents} to have become substantive "
        f"cooperation, {listed(told)}; "
        f"{_none(some)}." + (f" {_leader(reading.names, share)}" if n > 1 and some.high > 0 else "")
    )


def _none(some: Estimate) -> str:
    if some.high == 0:
        return f"none can be in {_SUBSTANTIVE} then"
    return f"the chance that none is in {_SUBSTANTIVE} is {interval_text(1 - some.value, 1 - some.high, 1 - some.low)}"


def _leader(names: tuple[str, ...], share: Estimates) -> str:
    """Which agreement has the best chance, with all that cannot be told from it."""
    best, *near = leaders(share)
    said = chance_text(share.at(best))
    if not np.ptp(share.value):
        return f"No agreement can be told from the one with the best chance: {said}."
    leader = names[best]
    return f"{leader[:1].upper()}{leader[1:]} has the best chance: {said}{tied_text([names[i] for i in near])}."


def _three_way(reading: Reading) -> ThreeWay:
    n = len(reading.names)
    number, some = reading.at_headline("number"), reading.at_headline("some")
    spread = _range(reading, INSIDE)
    rows = (
        three_way_row(
            "Agreements in substantive cooperation",
            how_many(number, reading.level, n).item(),
            composed(reading, "number"),
            "number",
            (0.0, float(n)),
            spread,
        ),
        three_way_row(
            "Chance that at least one is",
            proportion(some, reading.level).item(),
            composed(reading, "some"),
        ),
    )
    first = rows[0]
    return ThreeWay(
        name="three-way",
        title="How sure we are",
        caption=(
            "Inmost: simulation noise, which more trials shrink. Middle: ignorance of the assumptions, which knowledge "
            "shrinks (nine worlds in ten lie inside; hollow, at most, where it cannot be told from nothing). Outer: "
            "chance, which nothing shrinks (nine trials in ten)."
        ),
        alt=f"Expected number {number_text(first.value, *first.noise)}, by ignorance "
        f"{range_text(*first.ignorance)}, by chance {spread[0]:.0f} to {spread[1]:.0f}",
        rows=rows,
    )


def _range(reading: Reading, inside: float) -> tuple[float, float]:
    """Central range of the number of agreements over trials."""
    total = reading.shared("portfolio").total[reading.plan.headline]
    cumulated = np.cumsum(total) / max(total.sum(), 1)
    low = int(np.searchsorted(cumulated, (1 - inside) / 2))
    high = int(np.searchsorted(cumulated, 1 - (1 - inside) / 2))
    return float(low), float(high)


def _bars(reading: Reading, classes: Estimates) -> StackedBars:
    used = [c for c in range(len(CLASSES)) if classes.value[:, c].max() > 0]
    return StackedBars(
        name="classes",
        title=f"Each agreement by {reading.date:%B %Y}",
        caption="Each bar is one agreement; its parts are the chances of each class, with the interval at its end. "
        + "; ".join(f"{CLASSES[c]}: {MEANING[CLASSES[c]]}" for c in used)
        + ".",
        alt="Chance of each class for each agreement, as in the table below",
        rows=reading.names,
        segments=tuple(CLASSES[c] for c in used),
        values=classes.value[:, used],
        low=classes.low[:, used],
        high=classes.high[:, used],
    )


def _table(reading: Reading, name: str, kind: str, words: tuple[str, ...], estimates: Estimates) -> Table:
    agreements = reading.plan.scenario.agreements
    data: dict[str, object] = {
        "agreement": list(reading.plan.scenario.ids),
        "title": list(reading.names),
        "sector": [agreement.sector for agreement in agreements],
    }
    columns = {"title": Column("Agreement", "text")}
    surely, of_age = reading.surely, bool(never_in(reading)[:, reading.plan.headline, CLASSES.index("pending")].all())
    for i, word in enumerate(words):
        absence = word in ("absent", "not in the portfolio")
        if (absence and surely.all()) or (word in ("pending", "too early") and of_age):
            continue
        # an agreement known to exist cannot be absent: that is no estimate, and has no interval
        known = surely & absence
        key = word.replace(" ", "_")
        data[key], data[f"{key}_low"], data[f"{key}_high"] = (
            np.where(known, np.nan, x[:, i]) for x in (estimates.value, estimates.low, estimates.high)
        )
        columns[key] = Column(word, "probability", low=f"{key}_low", high=f"{key}_high")
    # last, so that a narrow screen shows the chances first
    if any(agreement.sector for agreement in agreements):
        columns["sector"] = Column("Sector", "text")
    return Table.of(name, f"Chance of each {kind} by {reading.date:%B %Y}", data, columns)


def _notes(reading: Reading) -> tuple[str, ...]:
    effect = reading.plan.scenario.ceremony_effect
    ceremony = (
        "Ceremony does not speed delivery in this scenario (ceremony_effect = 0)."
        if plain_number(effect) == 0
        else f"In this scenario ceremony {ceremony_verb(effect)} work: ceremony_effect = {effect}."
    )
    rule = reading.plan.question.rule
    cuts = (
        f"Substantive from {rule.substantive:g} of the promise delivered, partial from {rule.partial:g}, "
        f"token from {rule.token:g}; symbolic from {rule.symbolic:g} of ceremony."
    )
    return (cuts, ceremony, *([_given(reading)] if reading.plan.question.conditional_monte_carlo else []))


def _given(reading: Reading) -> str:
    """What of the first screen is worked out, and what is counted."""
    said = (
        "Chances of groups and classes, and how many are expected in each, are worked out given the rest of each trial "
        "(conditional Monte Carlo)."
    )
    if reading.counted:
        said += (
            f" Not so of {listed(reading.counted)}, which {'is' if len(reading.counted) == 1 else 'are'} counted: an "
            "agreement that waits for what waits for it, or of which very many milestones may not be pursued."
        )
    if len(reading.names) > 1:
        said += (
            f" That none, or at least one, is in {_SUBSTANTIVE} is counted in trials, for it hangs on what they do "
            "together: it agrees with the chances of the table within its interval."
        )
    return said
