"""Variants side by side: the same random numbers, one edit apart, so that differences are sharp."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble import Block, Plan, Reading, Sums, store
from pactrisk.ensemble.untouched import untouched_agreements
from pactrisk.estimators import Estimates, Moments, difference, how_many, how_many_more, proportion
from pactrisk.findings import Figure, Finding, Intervals, Table
from pactrisk.findings.comparing import more_or_fewer, rank_text, ranks
from pactrisk.findings.ledger import Ledger, joined
from pactrisk.findings.wording import listed, number_text
from pactrisk.outcomes import in_group
from pactrisk.register import said as spelled

TITLE = "Variants side by side"
ORDER = 60

_GROUPS = ("substantive cooperation", "symbolic diplomacy")
_DRAWN = 3

Classes = npt.NDArray[np.int8]


def observe(block: Block) -> Sums:
    """Numbers, chances and paired differences of the scenario and its variants at the headline."""
    if not block.variants:
        return {}
    m, k = block.trials_per_replicate, block.plan.headline
    base = block.base.classes[:, k]
    classes = block.variants
    counts = np.stack([_count(base), *(_count(each) for each in classes.values())])
    some = (counts > 0).astype(np.int8)
    pairs = [counts[i] - counts[j] for i, j in combinations(range(len(counts)), 2)]
    sums = store("number", Moments.from_trials(counts, m))
    sums |= store("some", Moments.from_trials(counts > 0, m))
    sums |= store("some_change", Moments.from_trials(some[1:] - some[0], m))
    sums |= store("pairs", Moments.from_trials(np.stack(pairs), m))
    for name, each in classes.items():
        here, there = _shared(block.plan, name)
        sums |= store(f"groups/{name}", Moments.from_trials(_groups(each), m))
        if here:
            change = _groups(each[there]).astype(np.int8) - _groups(base[here])
            sums |= store(f"changes/{name}", Moments.from_trials(change, m))
    return sums


def find(reading: Reading) -> Finding | None:
    """Each variant's number and chances, how they differ from the scenario, and their order."""
    names = tuple(reading.plan.variants)
    if not names:
        return None
    number, apart = _numbers(reading)
    places = _ranks(apart, len(names) + 1)
    # the pairs that begin with the scenario come first, as scenario minus variant
    change = _turned(apart[: len(names)])
    change = change.known(np.array([_still(reading.plan, name) for name in names]) & (change.value == 0))
    overview = _overview(reading, number, change, places)
    figures = [_figure(reading, change), *_agreements(reading, change)]
    return Finding(
        "variants",
        TITLE,
        _sentence(reading, number, change, places),
        tables=(overview, _by_agreement(reading)),
        figures=tuple(figures),
        notes=_notes(reading),
    )


def _count(classes: Classes) -> npt.NDArray[np.int64]:
    return np.asarray((classes <= 1).sum(axis=0, dtype=np.int64))


def _groups(classes: Classes) -> npt.NDArray[np.bool_]:
    """Whether each agreement is in each of the groups, shape (agreement, group, trial)."""
    return np.stack([in_group(classes, group) for group in _GROUPS], axis=1)


def _shared(plan: Plan, name: str) -> tuple[list[int], list[int]]:
    """Places in the scenario and in the variant of the agreements that both hold."""
    other = {id_: place for place, id_ in enumerate(plan.variants[name].ids)}
    here = [place for place, id_ in enumerate(plan.scenario.ids) if id_ in other]
    return here, [other[plan.scenario.ids[place]] for place in here]


def _sizes(plan: Plan) -> list[int]:
    return [len(scenario.ids) for scenario in (plan.scenario, *plan.variants.values())]


def _numbers(reading: Reading) -> tuple[Estimates, Estimates]:
    """Number in each world and difference of each pair, each within what its own portfolios can hold."""
    number, pairs, level = reading.own("number"), reading.own("pairs"), reading.level
    sizes = _sizes(reading.plan)
    apart = [
        how_many_more(pairs[pair : pair + 1], level, (-second, first))
        for pair, (first, second) in enumerate(combinations(sizes, 2))
    ]
    return joined([how_many(number[i : i + 1], level, size) for i, size in enumerate(sizes)]), joined(apart)


def _still(plan: Plan, name: str) -> bool:
    """Whether the variant moves no agreement at all."""
    return set(plan.scenario.ids) == set(plan.variants[name].ids) == untouched_agreements(plan, name)


def _turned(found: Estimates) -> Estimates:
    # 0 - x rather than -x: a nought must not turn into a negative one
    return Estimates(
        0 - found.value, 0 - found.high, 0 - found.low, found.level, found.kind, found.trials, found.worlds
    )


def _ranks(apart: Estimates, n: int) -> list[tuple[int, int]]:
    above = np.zeros((n, n), dtype=bool)
    for pair, (i, j) in enumerate(combinations(range(n), 2)):
        above[i, j], above[j, i] = apart.low[pair] > 0, apart.high[pair] < 0
    return ranks(above)


def _title(reading: Reading, name: str) -> str:
    variant = reading.plan.question.variants.get(name)
    return variant.title if variant is not None and variant.title else name


def _said(reading: Reading, name: str, key: str) -> str:
    variant = reading.plan.question.variants.get(name)
    return str(getattr(variant, key) or "") if variant is not None else ""


def _sentence(reading: Reading, number: Estimates, change: Estimates, places: list[tuple[int, int]]) -> str:
    names = [_title(reading, name) for name in reading.plan.variants]
    own = number.at(0)
    shows = [i for i in range(len(names)) if change.low[i] > 0 or change.high[i] < 0]
    order = sorted(shows, key=lambda i: float(change.value[i]))
    said = [f"{more_or_fewer(*_ends(change, i), own)} under {names[i]}" for i in order]
    rest = [names[i] for i in range(len(names)) if i not in shows]
    parts = [
        f"Against the scenario's {number_text(own.value, own.low, own.high)} agreements in substantive cooperation by "
        f"{reading.date:%B %Y}"
    ]
    if said:
        parts[0] += f": {'; '.join(said)}"
        if rest:
            parts.append(f"{listed(rest)} {'shows' if len(rest) == 1 else 'show'} no difference")
    else:
        parts[0] += f", {listed(rest)} {'shows' if len(rest) == 1 else 'show'} no difference"
    tied = [(["the scenario", *names])[i] for i, (first, last) in enumerate(places) if first == 1]
    parts.append(
        f"The highest number is expected under {tied[0]}"
        if len(tied) == 1
        else f"Which of {listed(tied)} has the highest number cannot be told"
    )
    return ". ".join(parts) + "."


def _ends(found: Estimates, i: int) -> tuple[float, float, float]:
    return float(found.value[i]), float(found.low[i]), float(found.high[i])


def _overview(reading: Reading, number: Estimates, change: Estimates, places: list[tuple[int, int]]) -> Table:
    variants = reading.plan.variants
    some = proportion(reading.own("some"), reading.level)
    ledger = Ledger().hidden("variant", ["", *variants])
    ledger.plain("title", "World", ["The scenario", *(_title(reading, name) for name in variants)])
    ledger.plain("note", "Why", ["", *(_said(reading, name, "note") for name in variants)])
    sources = [spelled(_said(reading, name, "source"), scenario.sources) for name, scenario in variants.items()]
    ledger.plain("source", "Source", ["", *sources])
    ledger.plain("trust", "Trust", ["", *(_said(reading, name, "trust") for name in variants)])
    ledger.plain("agreements", "Agreements", _sizes(reading.plan), "count")
    ledger.written("rank", "Rank", [rank_text(*place) for place in places])
    ledger.estimates("number", "Number in substantive cooperation", number, "number")
    ledger.estimates("number_difference", "Against the scenario", _after_scenario(change), "change")
    ledger.estimates("some", "At least one", some)
    chance = difference(reading.own("some_change"), reading.level)
    ledger.estimates("some_difference", "Against the scenario", _after_scenario(chance))
    return ledger.table(
        "variants",
        f"Variants by {reading.date:%B %Y}",
        "Expected number of agreements in substantive cooperation and the chance of at least one. Differences are "
        "paired: the same trials with and without the edit. Worlds that share ranks cannot be told apart.",
    )


def _after_scenario(found: Estimates) -> Estimates:
    """With an empty first row: the scenario does not differ from itself."""
    return joined([_unknown(found, 1), found])


def _unknown(like: Estimates, size: int) -> Estimates:
    nan = np.full(size, np.nan)
    return Estimates(nan, nan, nan, like.level, like.kind, np.zeros(size, dtype=np.int64), like.worlds)


def _by_agreement(reading: Reading) -> Table:
    variants = reading.plan.variants
    rows = [(name, agreement, group) for name, s in variants.items() for agreement in s.agreements for group in _GROUPS]
    chances = [proportion(reading.own(f"groups/{name}"), reading.level) for name in variants]
    ledger = Ledger().hidden("variant", [name for name, _, _ in rows])
    ledger.plain("title", "World", [_title(reading, name) for name, _, _ in rows])
    ledger.hidden("agreement", [agreement.id for _, agreement, _ in rows])
    ledger.plain("name", "Agreement", [agreement.name for _, agreement, _ in rows])
    ledger.plain("group", "Group", [group for *_, group in rows])
    ledger.estimates("chance", "Chance", joined(chances))
    ledger.estimates("difference", "Against the scenario", joined([_changes(reading, name) for name in variants]))
    return ledger.table(
        "variants-agreements",
        "Each agreement under each variant",
        "Agreements are matched by id; one that the scenario does not hold has no difference. No change: nothing that "
        "the variant edits can reach the agreement.",
    )


def _changes(reading: Reading, name: str) -> Estimates:
    """Differences of the chances of each agreement of a variant, shape (agreement x group,), unknown where new."""
    here, there = _shared(reading.plan, name)
    size = len(reading.plan.variants[name].ids)
    if not here:
        return _unknown(difference(reading.own("some_change"), reading.level), size * len(_GROUPS))
    found = difference(reading.own(f"changes/{name}"), reading.level)
    still = untouched_agreements(reading.plan, name)
    found = found.known(np.array([[reading.plan.scenario.ids[i] in still] for i in here]) & (found.count == 0))
    parts = [found[there.index(i)] if i in there else _unknown(found, len(_GROUPS)) for i in range(size)]
    return joined(parts)


def _figure(reading: Reading, change: Estimates) -> Intervals:
    names = list(reading.plan.variants)
    order = np.argsort(change.value, kind="stable")
    return Intervals(
        name="variants",
        title="How many agreements more or fewer in each variant",
        caption=f"Difference from the scenario in the expected number of agreements in substantive cooperation by "
        f"{reading.date:%B %Y}, in the same trials. Left of the line: fewer than in the scenario. A whisker that "
        "crosses the line: the edit makes no difference that shows.",
        alt="Difference of each variant from the scenario, as in the table",
        rows=[_title(reading, names[i]) for i in order],
        value=change.value[order, None],
        low=change.low[order, None],
        high=change.high[order, None],
        scale="change",
        unit="agreements in substantive cooperation",
        reference=0.0,
        reference_label="as in the scenario",
    )


def _agreements(reading: Reading, change: Estimates) -> list[Figure]:
    """Which agreements the variants with the largest differences move; none where no agreement is shared."""
    names, ids = list(reading.plan.variants), reading.plan.scenario.ids
    largest = [names[i] for i in np.argsort(-np.abs(change.value), kind="stable")[:_DRAWN]]
    columns = []
    for name in largest:
        places = {id_: place for place, id_ in enumerate(reading.plan.variants[name].ids)}
        found = _changes(reading, name)
        whole = np.stack([found.value, found.low, found.high])[:, :: len(_GROUPS)]
        gap = np.full(3, np.nan)
        columns.append(np.stack([whole[:, places[id_]] if id_ in places else gap for id_ in ids]))
    cells = np.stack(columns, axis=1)
    if np.isnan(cells).all():
        return []
    which = "variant" if len(largest) == 1 else f"{len(largest)} variants"
    return [
        Intervals(
            name="variants-agreements",
            title="Which agreements are moved",
            caption=f"Difference from the scenario in the chance of substantive cooperation by {reading.date:%B %Y}, "
            f"in percentage points, for the {which} with the largest difference in all.",
            alt="Difference of each agreement's chance from the scenario, as in the table",
            rows=reading.names,
            series=[_title(reading, name) for name in largest],
            value=cells[..., 0],
            low=cells[..., 1],
            high=cells[..., 2],
            scale="difference",
            reference=0.0,
            reference_label="as in the scenario",
        )
    ]


def _notes(reading: Reading) -> tuple[str, ...]:
    notes = [
        "Every variant runs on the random numbers of the scenario: what differs is the edit, not the luck of the draw."
    ]
    for name, scenario in reading.plan.variants.items():
        ours, theirs = ({a.id: a.name for a in world.agreements} for world in (reading.plan.scenario, scenario))
        added, lost = (sorted(x[id_] for id_ in x.keys() - y.keys()) for x, y in ((theirs, ours), (ours, theirs)))
        said = [f"adds {listed(added)}"] if added else []
        said += [f"lacks {listed(lost)}"] if lost else []
        if said:
            notes.append(f"{_title(reading, name)} {' and '.join(said)}: its number counts its own agreements.")
    return tuple(notes)
