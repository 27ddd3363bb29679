"""The first screen: how many agreements become substantive cooperation, which, and how sure we are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pactrisk.ensemble import Block, Reading, Sums
from pactrisk.estimators import Estimates, composition, mean, proportion
from pactrisk.findings import Column, Finding, StackedBars, Table, ThreeWay, ThreeWayRow
from pactrisk.findings.wording import chance_words, interval_text, listed, number_text
from pactrisk.outcomes import CLASSES, GROUPS, MEANING

TITLE = "Substantive cooperation or symbolic diplomacy"
ORDER = 0

_SUBSTANTIVE, _SYMBOLIC = "substantive cooperation", "symbolic diplomacy"


def observe(block: Block) -> Sums:
    """Nothing beyond what every run keeps."""
    return {}


def find(reading: Reading) -> Finding:
    """The minister's sentence, the three-way bar, and the chance of each class for each agreement."""
    k = reading.plan.headline
    classes = proportion(reading.shared("classes")[:, k], reading.level)
    groups = proportion(reading.shared("groups")[:, k], reading.level)
    return Finding(
        "headline",
        TITLE,
        _sentence(reading, groups),
        tables=(_table(reading, groups, classes),),
        figures=(_three_way(reading), _bars(reading, classes)),
        notes=_notes(reading),
    )


def _sentence(reading: Reading, groups: Estimates) -> str:
    k, n = reading.plan.headline, len(reading.names)
    expected = mean(reading.shared("mean")[k], reading.level, bounds=(0, n)).item()
    none = proportion(reading.shared("portfolio")[k, 0], reading.level).item()
    share = groups[:, list(GROUPS).index(_SUBSTANTIVE)]
    best = int(np.argmax(share.value))
    near = [i for i in range(n) if i == best or share.high[i] >= share.low[best]]
    leader = listed([reading.names[i] for i in near[:3]])
    verb = "is the likeliest" if len(near) == 1 else "are the likeliest, too close to tell apart"
    top = share.at(best)
    documents = "1 agreement" if n == 1 else f"{n} agreements"
    return (
        f"By {reading.date:%B %Y} we expect "
        f"{number_text(expected.value, expected.low, expected.high)} of {documents} to have become substantive "
        f"cooperation; the chance that none has is {interval_text(none.value, none.low, none.high)}. "
        f"{leader[:1].upper()}{leader[1:]} {verb}: {interval_text(top.value, top.low, top.high)}, "
        f"{chance_words(top.value, top.low, top.high)}."
    )


def _three_way(reading: Reading) -> ThreeWay:
    k, n = reading.plan.headline, len(reading.names)
    number = reading.shared("mean")[k]
    some = reading.shared("portfolio")[k, 0]
    bar = composition(number)
    low, high = (float(x) for x in (bar.ignorance_low, bar.ignorance_high))
    expected = mean(number, reading.level, bounds=(0, n)).item()
    spread = _range(reading, 0.9)
    rows = [
        ThreeWayRow(
            label="Agreements in substantive cooperation",
            value=expected.value,
            noise=(expected.low, expected.high),
            ignorance=(max(min(low, expected.low), 0.0), min(max(high, expected.high), float(n))),
            chance=(min(spread[0], low), max(spread[1], high)),
            scale="number",
        )
    ]
    chance = composition(some)
    none = proportion(some, reading.level).item()
    rows.append(
        ThreeWayRow(
            label="Chance that at least one is",
            value=1 - none.value,
            noise=(1 - none.high, 1 - none.low),
            ignorance=(
                min(1 - float(chance.ignorance_high), 1 - none.high),
                max(1 - float(chance.ignorance_low), 1 - none.low),
            ),
            chance_text="what is left is chance: it happens or it does not",
        )
    )
    return ThreeWay(
        name="three-way",
        title="How sure we are",
        caption=(
            "Dark: simulation noise, which more trials shrink. Middle: ignorance of the assumptions, which knowledge "
            "shrinks (nine worlds in ten lie inside). Light: chance, which nothing shrinks (nine trials in ten)."
        ),
        alt=f"Expected number {number_text(expected.value, expected.low, expected.high)}, "
        f"by ignorance {low:.1f} to {high:.1f}, by chance {spread[0]:.0f} to {spread[1]:.0f}",
        rows=tuple(rows),
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


def _table(reading: Reading, groups: Estimates, classes: Estimates) -> Table:
    data: dict[str, object] = {
        "agreement": list(reading.plan.scenario.ids),
        "title": list(reading.names),
        "sector": [agreement.sector for agreement in reading.plan.scenario.agreements],
    }
    columns = {
        "agreement": Column("Id", "text"),
        "title": Column("Agreement", "text"),
        "sector": Column("Sector", "text"),
    }
    wanted = [(groups, i, name) for i, name in enumerate(GROUPS)] + [
        (classes, i, name) for i, name in enumerate(CLASSES)
    ]
    for estimates, i, name in wanted:
        word = name.replace(" ", "_")
        if name in ("too early", "not in the portfolio", "substantive cooperation", "pending", "absent") and not np.any(
            estimates.value[:, i]
        ):
            continue
        data[word] = estimates.value[:, i]
        data[f"{word}_low"], data[f"{word}_high"] = estimates.low[:, i], estimates.high[:, i]
        columns[word] = Column(name, "probability", low=f"{word}_low", high=f"{word}_high")
    return Table(
        "agreements",
        f"Chance of each group and class by {reading.date:%B %Y}",
        pd.DataFrame(data),
        columns,
        caption="Groups first, then the classes that make them up.",
    )


def _notes(reading: Reading) -> tuple[str, ...]:
    effect = reading.plan.scenario.ceremony_effect
    ceremony = (
        "Ceremony does not speed delivery in this scenario (ceremony_effect = 0)."
        if effect == 0
        else f"In this scenario ceremony speeds work: ceremony_effect = {effect}."
    )
    rule = reading.plan.question.rule
    cuts = (
        f"Substantive from {rule.substantive:g} of the promise delivered, partial from {rule.partial:g}, "
        f"token from {rule.token:g}; symbolic from {rule.symbolic:g} of ceremony."
    )
    return (cuts, ceremony)
