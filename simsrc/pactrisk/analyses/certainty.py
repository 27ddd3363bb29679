"""How sure we are: noise, ignorance and chance; whose ignorance it is; what more trials would buy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble import Block, Reading, Sums
from pactrisk.ensemble.ignorance import BINS, store_bins
from pactrisk.estimators import (
    Composition,
    Estimates,
    how_many,
    proportion,
    world_sums,
)
from pactrisk.findings import Finding, Intervals, Table, ThreeWay
from pactrisk.findings.attribution import Attribution, attribution, by_agreement, dots, names, ranking
from pactrisk.findings.ledger import Ledger, joined
from pactrisk.findings.three_ways import INSIDE, composed, three_way_row, told_apart, world_range
from pactrisk.findings.wording import count_text, listed, number_text, percent_bound_text, range_text
from pactrisk.later import special
from pactrisk.numerals import counted

TITLE = "How sure we are"
ORDER = 95

PRECISIONS = (0.01, 0.005, 0.001)
"""Half-widths of an interval, as shares of 1, whose price in trials is told."""

Floats = npt.NDArray[np.float64]

_TOLD = ("number", "some", "each")
_MUCH_WIDER = 3.0
_HARDLY = 0.05


def observe(block: Block) -> Sums:
    """The number in substantive cooperation, and each agreement, by the level of every assumption."""
    if not block.plan.uncertain:
        return {}
    substantive = block.base.classes[:, block.plan.headline] <= 1
    each = world_sums(substantive, block.trials_per_world)
    return store_bins(block, np.concatenate([each.sum(axis=0, keepdims=True), each]))


def find(reading: Reading) -> Finding:
    """Three ways of not knowing for the headline and each agreement, whose ignorance, and the price of precision."""
    level, n = reading.level, len(reading.names)
    number = reading.at_headline("number")
    whose = attribution(reading, reading.by_world("number"), reading.by_world("each"))
    tables = [_shares(reading), _price(reading)]
    figures: list[ThreeWay | Intervals] = [_bars(reading)]
    if whose is not None:
        tables[1:1] = [*([ranking(reading, whose)] if whose.told else []), *by_agreement(reading, whose)]
        figures += [dots(reading, whose)] if whose.told else []
    bar = composed(reading, "number")
    return Finding(
        "certainty",
        TITLE,
        _sentence(reading, bar, how_many(number, level, n), whose),
        tables=tuple(tables),
        figures=tuple(figures),
        notes=_notes(reading, whose),
    )


def _sentence(reading: Reading, bar: Composition, expected: Estimates, whose: Attribution | None) -> str:
    one, moved = expected.item(), range_text(*world_range(bar, (0.0, float(len(reading.names)))))
    said = f"After {count_text(reading.trials)} trials the expected number of agreements in substantive cooperation is "
    if reading.nowhere.all():
        return f"{said}0, and can be nothing else: no agreement is in the portfolio of any world."
    said += f"{number_text(one.value, one.low, one.high)}, simulation noise and all."
    if reading.certain:
        return (
            f"{said} No assumption of this scenario has a spread, so nothing is said of ignorance: more trials would "
            "narrow the noise, and the rest is chance."
        )
    if np.isnan(bar.ignorance_var):
        return (
            f"{said} With one trial a world, or one world, ignorance cannot be told from chance: ask for "
            f"several trials a world.{names(reading, whose)}"
        )
    if bar.ignorance_var + bar.chance_var == 0:
        return (
            f"{said} The number was the same in every trial, so neither ignorance of the assumptions nor chance "
            "has been seen to move it; more trials would bound what they can do."
        )
    noise, ignorance = float(bar.noise_se), float(np.sqrt(bar.ignorance_var))
    most = float(bar.share_high)
    if not told_apart(bar):
        bound = percent_bound_text(most)
        hope = (
            "nearly all is chance, which neither more trials nor better knowledge will shrink"
            if most < _HARDLY
            else "more trials will help to tell"
        )
        return (
            f"{said} At this number of trials ignorance of the assumptions cannot be told from nothing: at most it "
            f"moves the number within {moved} in nine worlds of ten, and is {bound} of what a single trial can do; "
            f"{hope}."
        )
    said += f" What we do not know of the assumptions moves it within {moved} in nine worlds of ten."
    better = names(reading, whose)
    if ignorance >= _MUCH_WIDER * noise:
        hope = better or " Better knowledge would, though no single assumption stands out at this number of trials."
        return f"{said} More trials will not help.{hope}"
    return f"{said} Noise is nearly as wide: both more trials and better knowledge will help.{better}"


def _bars(reading: Reading) -> ThreeWay:
    found = proportion(reading.at_headline("each"), reading.level)
    parts = composed(reading, "each")
    return ThreeWay(
        name="three-way-by-agreement",
        title="Noise, ignorance and chance, agreement by agreement",
        caption=(
            "Inmost: simulation noise. Middle: where the chance of substantive cooperation lies in nine worlds of ten, "
            "as the assumptions may have it; hollow where ignorance cannot be told from nothing, and at most so wide. "
            "Where the middle is wide, look for facts; where it is narrow, no fact will say how the agreement ends."
        ),
        alt="Noise and ignorance about each agreement's chance, as in the table",
        rows=tuple(three_way_row(name, found.at(i), parts[i]) for i, name in enumerate(reading.names)),
    )


def _shares(reading: Reading) -> Table:
    n, level = len(reading.names), reading.level
    expected = how_many(reading.at_headline("number"), level, n)
    some, each = (reading.at_headline(key) for key in ("some", "each"))
    ends = (np.atleast_1d(x) / n for x in (expected.value, expected.low, expected.high))
    share_of = _chances(reading, level, *ends)
    events = [proportion(one, level) for one in (some[None], each)]
    parts = [composed(reading, key) for key in _TOLD]
    every = [part[i] if part.value.shape else part for part in parts for i in range(part.value.size)]
    scale = [float(n), *([1.0] * (len(every) - 1))]
    value = np.array([float(one.value) / by for one, by in zip(every, scale, strict=True)])
    ranges = [world_range(one, (0.0, by)) for one, by in zip(every, scale, strict=True)]
    low, high = (np.array([pair[end] / by for pair, by in zip(ranges, scale, strict=True)]) for end in (0, 1))
    worlds_range = _chances(reading, INSIDE, value, np.nan_to_num(low, nan=0.0), np.nan_to_num(high, nan=1.0))
    share = _chances(
        reading,
        level,
        *(
            np.concatenate([np.atleast_1d(getattr(part, word)) for part in parts])
            for word in ("ignorance_share", "share_low", "share_high")
        ),
    )
    ledger = Ledger().hidden("agreement", ["number", "some", *reading.plan.scenario.ids])
    ledger.plain("what", "What", [f"Agreements in cooperation, share of {n}", "At least one", *reading.names])
    ledger.estimates("chance", "Chance, with noise", joined([share_of, *events]))
    ledger.estimates("by_ignorance", "In nine worlds of ten", worlds_range)
    ledger.estimates("ignorance", "Ignorance, of all variance", share)
    told = [told_apart(one) for one in every]
    words = ["none" if reading.certain else "shows" if one else "indistinguishable from zero" for one in told]
    ledger.plain("verdict", "Ignorance", words)
    return ledger.table(
        "certainty",
        f"Noise, ignorance and chance, {reading.date:%B %Y}",
        "First the estimate with its simulation noise, then where it lies as assumptions vary (at most, where "
        "ignorance cannot be told from zero), then how much of the variance of a single trial is ignorance; what is "
        "left is chance.",
    )


def _chances(reading: Reading, level: float, value: Floats, low: Floats, high: Floats) -> Estimates:
    trials = np.full(value.shape, reading.trials, dtype=np.int64)
    return Estimates(value, low, high, level, "probability", trials, reading.worlds)


def _price(reading: Reading) -> Table:
    n, level = len(reading.names), reading.level
    rows = [composed(reading, key) for key in _TOLD]
    freedom = max(reading.replicates - 1, 1)
    # the variance between what is independent is itself an estimate, with chi-square limits
    tails = [special.chdtri(freedom, tail) for tail in (0.5 * (1 - level), 0.5 * (1 + level))]
    ledger = Ledger().hidden("agreement", ["number", "some", *reading.plan.scenario.ids])
    ledger.plain("what", "What", [f"Agreements in cooperation, share of {n}", "At least one", *reading.names])
    for precision in PRECISIONS:
        trials = np.concatenate(
            [
                np.atleast_1d(part.trials_for(precision * by, level, by))
                for part, by in zip(rows, (n, 1, 1), strict=True)
            ]
        )
        varies = np.concatenate([np.atleast_1d(part.noise_var) for part in rows]) > 0
        low, high = (np.where(varies, trials * freedom / tail, trials) for tail in tails)
        counts = np.full(trials.shape, reading.trials, dtype=np.int64)
        found = Estimates(trials, low, high, level, "mean", counts, reading.worlds)
        name = f"points_{100 * precision:g}".replace(".", "_")
        each = "point" if precision == 0.01 else "points"
        ledger.estimates(name, f"For ±{100 * precision:g} {each}", found, "number", "trials")
    return ledger.table(
        "trials-needed",
        "What more trials would buy",
        f"Trials, in worlds of {reading.plan.trials_per_world}, that bring the interval of simulation noise down to so "
        f"many points to each side; this run had {count_text(reading.trials)}.",
    )


def _notes(reading: Reading, whose: Attribution | None) -> tuple[str, ...]:
    notes = [
        "Noise is the error of a finite number of trials, ignorance the spread of assumptions, chance what happens in "
        "a trial once all assumptions are given. None is hidden in another.",
    ]
    if whose is None:
        return tuple(notes)
    if reading.plan.trials_per_world > 1:
        notes.append(
            "The interval of the share of ignorance is that of an F distribution, with degrees of freedom for chances "
            "that vary from world to world by a Beta law (Satterthwaite 1946)."
        )
    if not whose.told:
        notes.append("Whose ignorance it is cannot be said while ignorance itself cannot be told from nothing.")
        return tuple(notes)
    shown = int(whose.shows.sum())
    notes.append(
        f"Worlds are sorted into {BINS} bins, narrow in the tails, by the level at which each assumption was drawn; "
        "its share is what the means of the bins explain (first-order Sobol index, limits by Fieller 1954). Of "
        f"{_uncertain(reading, whose)} {shown or 'none'} can be told from zero{_allowed(len(whose.addresses))}."
    )
    notes.append(
        "What the shares leave is spread thinly over many assumptions, or is done by several at once. Each share is "
        "estimated by itself, so those of one agreement may come to more than 100%."
    )
    return tuple(notes)


def _allowed(comparisons: int) -> str:
    return f", at a level that allows for {comparisons} comparisons" if comparisons > 1 else ""


def _uncertain(reading: Reading, whose: Attribution) -> str:
    maybe = len(reading.plan.scenario.uncertain_presence())
    numbers = len(whose.addresses) - maybe
    said = [counted(numbers, "uncertain number")] if numbers else []
    said += [f"{counted(maybe, 'agreement')} that may not exist"] if maybe else []
    return listed(said)
