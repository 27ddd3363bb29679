"""By sector, party, stakeholder and beneficiary: what becomes substantive, what stays symbolic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble import Block, Plan, Reading, Sums, store
from pactrisk.ensemble.dates import dates_at, year_ends
from pactrisk.ensemble.settled import never_in_groups
from pactrisk.estimators import Estimates, Moments, how_many, proportion
from pactrisk.findings import Figure, Finding, Intervals, Table
from pactrisk.findings.comparing import ranks, some_of, tied_text
from pactrisk.findings.ledger import Ledger, joined
from pactrisk.findings.tables import ColumnKind
from pactrisk.findings.wording import interval_text, listed, number_text
from pactrisk.outcomes import GROUPS, numbers_in

TITLE = "By sector, party, stakeholder and beneficiary"
ORDER = 70

_PLURAL = {"sector": "sectors", "party": "parties", "stakeholder": "stakeholders", "beneficiary": "beneficiaries"}
_ACTS = {
    "sector": ("covers", "cover"),
    "party": ("is party to", "are party to"),
    "stakeholder": ("stands behind", "stand behind"),
    "beneficiary": ("benefits from", "benefit from"),
}
"""What one label of a kind has to do with agreements, and several."""
_NAMED = 3
_DRAWN = 25

GROUPS_TOLD = {"": "substantive cooperation", "symbolic_": "symbolic diplomacy"}
"""Groups of classes that are counted, by what their columns begin with."""

Places = tuple[int, ...]
Found = Mapping[Places, Mapping[str, Estimates]]
"""Of each set of agreements, ``number``, ``any`` and ``all`` of each group told, shape (time,)."""


def observe(block: Block) -> Sums:
    """For each set of agreements that a tag names: how many are substantive or symbolic, any, all; by date."""
    # what is said of one agreement is in the shared sums
    sets = [places for places in _sets(block.plan) if len(places) > 1]
    if not sets:
        return {}
    found = [_counts(block.base.classes[list(places)], block.trials_per_replicate) for places in sets]
    sums: Sums = {}
    for row, word in enumerate(GROUPS_TOLD):
        for key, each in zip(("number", "any", "all"), zip(*found, strict=True), strict=True):
            sums |= store(f"{word}{key}", _stacked([one[row] for one in each]))
    return sums


def _counts(classes: npt.NDArray[np.int8], m: int) -> tuple[Moments, Moments, Moments]:
    """How many of some agreements are in each group told, any, all, shape (group, time); theirs is (agreement, time,
    trial).
    """
    number = numbers_in(classes, GROUPS_TOLD.values())
    some, every = number > 0, number == len(classes)
    return Moments.from_trials(number, m), Moments.from_trials(some, m), Moments.from_trials(every, m)


def _stacked(each: Sequence[Moments]) -> Moments:
    total, square, trial_square = (
        np.stack([getattr(one, word) for one in each]) for word in ("total", "square", "trial_square")
    )
    return Moments(total, square, trial_square, each[0].worlds, each[0].trials_per_world)


def find(reading: Reading) -> Finding | None:
    """Expected number, chance of at least one and of all, by label and date."""
    tags = reading.plan.scenario.tags()
    if not tags:
        return None
    found, now = _found(reading), reading.plan.headline
    everywhere = tuple(range(reading.plan.grid.points))
    tables = (
        _table(reading, found, (now,), "tags", f"By label, {reading.date:%B %Y}"),
        _table(reading, found, year_ends(reading.plan), "tags-by-year", "By label and year"),
        _table(reading, found, everywhere, "tags-by-date", "By label at every date"),
    )
    drawn = [_figure(reading, found, kind) for kind, labels in tags.items() if len(set(labels.values())) > 1]
    said = [_sentence(reading, found, kind) for kind in tags]
    notes = (
        "An agreement counts under each of its labels, so labels of one kind may share agreements and do not add up.",
        "An agreement that is not in the portfolio of a world counts in neither group there.",
    )
    return Finding("tags", TITLE, " ".join(said), tables=tables, figures=tuple(drawn), notes=notes)


def _sets(plan: Plan) -> list[Places]:
    """The sets of agreements that labels name, each once, however many labels name it."""
    found = {places for labels in plan.scenario.tags().values() for places in labels.values()}
    return sorted(found)


def _rows(reading: Reading) -> list[tuple[str, str, Places]]:
    tags = reading.plan.scenario.tags()
    return [(kind, label, places) for kind, labels in tags.items() for label, places in labels.items()]


def _found(reading: Reading) -> Found:
    sets, level = _sets(reading.plan), reading.level
    several = [places for places in sets if len(places) > 1]
    found: dict[Places, dict[str, Estimates]] = {places: {} for places in sets}
    never = never_in_groups(reading)
    for word, group in GROUPS_TOLD.items():
        place = list(GROUPS).index(group)
        shared = reading.shared("groups")[..., place]
        for places in sets:
            own = {
                key: reading.own(f"{word}{key}")[several.index(places)] if len(places) > 1 else shared[places[0]]
                for key in ("number", "any", "all")
            }
            each = {"number": how_many(own["number"], level, len(places))}
            each |= {key: proportion(own[key], level) for key in ("any", "all")}
            # all need each of them, and at least one needs one
            out = never[list(places), :, place]
            for key, one in each.items():
                ruled_out = out.any(axis=0) if key == "all" else out.all(axis=0)
                found[places][f"{word}{key}"] = one.known(ruled_out & (one.value == 0))
    return found


def _share(found: Found, places: Places, word: str, time: int) -> Estimates:
    """Expected share of the agreements; of a single one, its chance."""
    if len(places) == 1:
        return found[places][f"{word}any"][[time]]
    number, n = found[places][f"{word}number"][[time]], len(places)
    value, low, high = number.value / n, number.low / n, number.high / n
    return Estimates(value, low, high, number.level, number.kind, number.trials, number.worlds)


def _table(reading: Reading, found: Found, times: tuple[int, ...], name: str, title: str) -> Table:
    rows = _rows(reading)
    each = [(kind, label, places, day) for kind, label, places in rows for day in dates_at(reading.plan, times)]
    ledger = Ledger().plain("kind", "Kind", [kind for kind, *_ in each])
    ledger.plain("label", "Label", [label for _, label, *_ in each])
    if len(times) > 1:
        ledger.plain("date", "Date", [day for *_, day in each], "date")
    ledger.plain("agreements", "Agreements", [len(places) for *_, places, _ in each], "count")
    for word, group in GROUPS_TOLD.items():
        columns: tuple[tuple[str, str, ColumnKind], ...] = (
            ("number", f"Number in {group}", "number"),
            ("any", f"At least one in {group}", "probability"),
            ("all", f"All in {group}", "probability"),
        )
        for key, label, kind in columns:
            column = joined([found[places][f"{word}{key}"][list(times)] for *_, places in rows])
            ledger.estimates(f"{word}{key}", label, column, kind)
    return ledger.table(
        name,
        title,
        "Expected number in substantive cooperation and in symbolic diplomacy, and the chances of at least one and of "
        "all.",
    )


def _shares(reading: Reading, found: Found, kind: str) -> tuple[list[str], Estimates, Estimates]:
    """Labels of a kind, the largest substantive share first, and their shares, substantive and symbolic."""
    labels, now = reading.plan.scenario.tags()[kind], reading.plan.headline
    shares, symbolic = (
        joined([_share(found, places, word, now) for places in labels.values()]) for word in GROUPS_TOLD
    )
    order = np.argsort(-shares.value, kind="stable")
    words = [f"{label} ({len(places)})" for label, places in labels.items()]
    return [words[i] for i in order], shares[order], symbolic[order]


def _sentence(reading: Reading, found: Found, kind: str) -> str:
    labels = reading.plan.scenario.tags()[kind]
    if len(set(labels.values())) == 1:
        return _one_set(reading, found, kind, list(labels), next(iter(labels.values())))
    words, shares, _ = _shares(reading, found, kind)
    if not shares.high.any():
        return (
            f"Under none of {len(words)} {_PLURAL[kind]} can an agreement be in substantive cooperation by "
            f"{reading.date:%B %Y}."
        )
    places_of = ranks(shares.low[:, None] > shares.high[None, :])
    best = shares.at(0)
    text = interval_text(best.value, best.low, best.high)
    tied = [word for word, (place, _) in zip(words, places_of, strict=True) if place == 1]
    behind = {f"{label} ({len(places)})": places for label, places in labels.items()}
    if len(tied) > 1 and len({behind[word] for word in tied}) == 1:
        # labels of the same agreements are not a close race: they are one and the same number
        same = "agreement" if len(behind[tied[0]]) == 1 else "agreements"
        return (
            f"Of {len(words)} {_PLURAL[kind]}, {some_of(tied, 3)}, which {_ACTS[kind][1]} the same {same}, see the "
            f"largest share in substantive cooperation: {text}."
        )
    if not np.ptp(shares.value):
        return f"The {len(words)} {_PLURAL[kind]} are too close to tell apart; the largest share is {text}."
    others = tied_text(tied[1:])
    most = f"{words[0]} sees the largest share in substantive cooperation: {text}{others}"
    return f"Of {len(words)} {_PLURAL[kind]}, {most}."


def _one_set(reading: Reading, found: Found, kind: str, labels: list[str], places: Places) -> str:
    """What is said where all labels of a kind are of the same agreements, which are named: other kinds have others."""
    one, several = _ACTS[kind]
    who = f"{listed(labels)} ({kind if len(labels) == 1 else _PLURAL[kind]}) {one if len(labels) == 1 else several}"
    more = len(places) - _NAMED
    # a title may hold a comma, or an "and"
    named = "; ".join([*(reading.names[i] for i in places[:_NAMED]), *([f"{more} more"] if more > 0 else [])])
    if len(places) == 1:
        chance = found[places]["any"].at(reading.plan.headline)
        if chance.high == 0:
            return f"{who} 1 agreement ({named}), which cannot be in substantive cooperation by {reading.date:%B %Y}."
        text = interval_text(chance.value, chance.low, chance.high)
        return f"{who} 1 agreement ({named}), which is in substantive cooperation with chance {text}."
    number = found[places]["number"].at(reading.plan.headline)
    return (
        f"{who} {'' if len(labels) == 1 else 'the same '}{len(places)} agreements ({named}), of which "
        f"{number_text(number.value, number.low, number.high)} can be expected to be in substantive cooperation."
    )


def _figure(reading: Reading, found: Found, kind: str) -> Figure:
    words, *shares = _shares(reading, found, kind)
    more = len(words) - _DRAWN
    left_out = f" The {more} with the smallest shares are in the table." if more > 0 else ""
    value, low, high = (
        np.stack([getattr(share, end)[:_DRAWN] for share in shares], axis=-1) for end in ("value", "low", "high")
    )
    return Intervals(
        name=f"tags-{kind}",
        title=f"By {kind}",
        caption=f"Share of the agreements under each label that is expected to be in substantive cooperation, and in "
        f"symbolic diplomacy, by {reading.date:%B %Y}; how many agreements bear the label is in brackets. Whiskers "
        f"that overlap: too close to rank.{left_out}",
        alt=f"Expected share in substantive cooperation and in symbolic diplomacy by {kind}, as in the table",
        rows=words[:_DRAWN],
        series=tuple(GROUPS_TOLD.values()),
        value=value,
        low=low,
        high=high,
    )
