"""Which agreements succeed and fail together: joint chances and correlations of every pair."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from pactrisk.ensemble import Block, Plan, Reading, Sums
from pactrisk.estimators import Estimates, Moments, proportion
from pactrisk.estimators.correlations import PairMoments, correlation
from pactrisk.findings import Finding, Intervals, Table
from pactrisk.findings.ledger import Ledger
from pactrisk.findings.wording import number_text

TITLE = "Which agreements go together"
ORDER = 35

MOST_PAIRED = 40
"""Agreements up to which every pair is looked at."""

_SHOWN = 12


def observe(block: Block) -> Sums:
    """``sums`` (3, pair) and ``products`` (3, 3, pair): two agreements in substantive cooperation at the headline."""
    pairs = _pairs(block.plan)
    if not pairs:
        return {}
    now = block.base.classes[:, block.plan.headline] <= 1
    first, second = (now[[pair[side] for pair in pairs]] for side in (0, 1))
    found = PairMoments.from_trials(first, second, block.trials_per_replicate)
    return {"sums": found.sums, "products": found.products}


def find(reading: Reading) -> Finding | None:
    """Every pair; None where there is none, or too many to look at."""
    pairs = _pairs(reading.plan)
    if not pairs:
        return None
    joint, together, surely = _together(reading)
    return Finding(
        "together",
        TITLE,
        _sentence(reading, together, surely),
        tables=(_table(reading, joint, together, surely),),
        figures=(_figure(reading, together),),
        notes=(
            "Two agreements go together where what helps or hurts one does so to the other: a driver, a party, an "
            f"assumption.{_allowed(len(pairs))}",
            *_uncompared(together),
        ),
        section="The portfolio",
    )


def _allowed(pairs: int) -> str:
    return f" Whether a pair does is judged at a level that allows for {pairs} comparisons." if pairs > 1 else ""


def _uncompared(together: Estimates) -> tuple[str, ...]:
    """Why some pairs have no correlation; nothing where every pair has one, or none, which the sentence says."""
    known, every = int(np.isfinite(together.value).sum()), len(together.value)
    if known in (0, every):
        return ()
    said = "can be compared: those of agreements that succeed in some trials and not in others."
    return (f"{known} of {every} pairs {said}",)


def _pairs(plan: Plan) -> list[tuple[int, int]]:
    n = len(plan.scenario.agreements)
    return list(combinations(range(n), 2)) if n <= MOST_PAIRED else []


def _together(reading: Reading) -> tuple[Estimates, Estimates, Estimates]:
    """Joint chances, correlations, and correlations with intervals that hold for all pairs at once."""
    kept = PairMoments(
        reading.sums[f"{reading.name}/sums"],
        reading.sums[f"{reading.name}/products"],
        reading.replicates,
        reading.plan.trials_per_replicate,
        reading.plan.worlds_each,
    )
    both = Moments(
        kept.sums[2], kept.products[2, 2], kept.sums[2], kept.worlds, kept.trials_per_world, kept.worlds_each
    )
    level, pairs = reading.level, kept.sums.shape[1]
    return proportion(both, level), correlation(kept, level), correlation(kept, 1 - (1 - level) / pairs)


def _sentence(reading: Reading, together: Estimates, surely: Estimates) -> str:
    known = np.isfinite(together.value)
    if not known.any():
        return f"No pair of agreements can be compared: all but one never, or always, succeed by {reading.date:%B %Y}."
    up, down = int((surely.low > 0).sum()), int((surely.high < 0).sum())
    every = int(known.sum())
    among = f" (of {len(known)}) that can be compared" if every < len(known) else ""
    if every == 1:
        verb = "goes together" if up else "goes against each other" if down else "shows no correlation"
        one = together.at(int(np.flatnonzero(known)[0]))
        return f"The one pair{among} {verb}: correlation {number_text(one.value, one.low, one.high)}."
    some = f"the {every} pairs{among}" if among else f"{every} pairs"
    told = up or down
    pairs = f"All {every} pairs{among}" if up == every else f"Of {some}, {told or 'none'}"
    verb = "succeeds or fails" if told == 1 else "succeed or fail" if told else "is seen to succeed or fail"
    said = f"{pairs} {verb} together {'less' if down and not up else 'more'} than chance has it"
    said += ", and none more" if down and not up else f", and {down} less" if down else ""
    # of those that are seen to go together: beside them a pair of which it cannot be told may look stronger by luck
    best = int(np.argmax(np.where(surely.low > 0, together.value, -np.inf)))
    # every pair whose interval reaches the best one's is as good a candidate
    near = int((together.high[known] >= together.low[best]).sum())
    one, names = together.at(best), [reading.names[i] for i in _pairs(reading.plan)[best]]
    if up:
        strongest = number_text(one.value, one.low, one.high)
        said += f"; the highest correlation, {strongest}, is between {names[0]} and {names[1]}"
        said += f", though {near} pairs are too close to rank" if near > 1 else ""
    return f"{said}."


def _table(reading: Reading, joint: Estimates, together: Estimates, surely: Estimates) -> Table:
    ids, names, pairs = reading.plan.scenario.ids, reading.names, _pairs(reading.plan)
    order = [int(i) for i in np.argsort(-np.nan_to_num(together.value, nan=-2.0), kind="stable")]
    ledger = Ledger().hidden("first", [ids[pairs[i][0]] for i in order])
    ledger.hidden("second", [ids[pairs[i][1]] for i in order])
    ledger.plain("one", "Agreement", [names[pairs[i][0]] for i in order])
    ledger.plain("other", "and", [names[pairs[i][1]] for i in order])
    ledger.estimates("both", "Both in substantive cooperation", joint[order])
    ledger.estimates("correlation", "Correlation", together[order], "number")
    verdict = np.where(surely.low > 0, "together", np.where(surely.high < 0, "against each other", "cannot tell"))
    ledger.plain("verdict", "They go", [str(verdict[i]) for i in order])
    return ledger.table(
        "pairs",
        f"Every pair in substantive cooperation, {reading.date:%B %Y}",
        "Chance of both, and correlation over trials; strongest first.",
    )


def _figure(reading: Reading, together: Estimates) -> Intervals:
    pairs, names = _pairs(reading.plan), reading.names
    known = int(np.isfinite(together.value).sum())
    order = np.argsort(-np.nan_to_num(together.value, nan=-2.0), kind="stable")[: min(_SHOWN, max(known, 1))]
    compared = f"the {known} pairs that can be compared" if known < len(pairs) else f"{known} pairs"
    return Intervals(
        name="pairs",
        title="Which agreements go together",
        caption=(
            "Correlation of substantive cooperation over trials, strongest first"
            f"{f' ({_SHOWN} of {compared})' if known > _SHOWN else ''}. "
            "Right of the line they succeed and fail together; whiskers that overlap cannot be ranked."
        ),
        alt="Correlation of pairs of agreements, as in the table",
        rows=tuple(names[pairs[i][0]] for i in order),
        partners=tuple(names[pairs[i][1]] for i in order),
        value=together.value[order, None],
        low=together.low[order, None],
        high=together.high[order, None],
        scale="number",
        unit="correlation",
        reference=0.0,
        reference_label="0: no correlation",
    )
