"""By sector, party, stakeholder and beneficiary: how much of what concerns each becomes substantive cooperation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble import Block, Plan, Reading, Sums, store
from pactrisk.ensemble.dates import dates_at, year_ends
from pactrisk.estimators import Estimates, Moments, mean, proportion
from pactrisk.findings import Figure, Finding, Intervals, Table
from pactrisk.findings.comparing import ranks
from pactrisk.findings.ledger import Ledger, joined
from pactrisk.findings.wording import interval_text, listed, number_text

TITLE = "By sector, party, stakeholder and beneficiary"
ORDER = 70

_PLURAL = {"sector": "sectors", "party": "parties", "stakeholder": "stakeholders", "beneficiary": "beneficiaries"}
_DRAWN = 25

Places = tuple[int, ...]
Bools = npt.NDArray[np.bool_]


def observe(block: Block) -> Sums:
    """For each set of agreements that a tag names: how many are substantive, any, all; at each year's end."""
    sets = _sets(block.plan)
    if not sets:
        return {}
    m = block.trials_per_world
    inside = block.base.classes[:, list(year_ends(block.plan))] <= 1
    counts = np.stack([inside[list(places)].sum(axis=0, dtype=np.int16) for places in sets])
    size = np.array([len(places) for places in sets], dtype=np.int16)[:, None, None]
    return (
        store("number", Moments.from_trials(counts, m))
        | store("any", Moments.from_trials(counts > 0, m))
        | store("all", Moments.from_trials(counts == size, m))
    )


def find(reading: Reading) -> Finding | None:
    """Expected number, chance of at least one and of all, by label and date."""
    tags = reading.plan.scenario.tags()
    if not tags:
        return None
    points = year_ends(reading.plan)
    now = points.index(reading.plan.headline)
    tables = (
        _table(reading, [now], "tags", f"By label, {reading.date:%B %Y}"),
        _table(reading, list(range(len(points))), "tags-by-year", "By label and year"),
    )
    drawn = [_figure(reading, kind, now) for kind, labels in tags.items() if len(set(labels.values())) > 1]
    said = [_sentence(reading, kind, now) for kind in tags]
    notes = (
        "An agreement counts under each of its labels, so labels of one kind may share agreements and do not add up.",
        "An agreement that is not in the portfolio of a world counts as not substantive there.",
    )
    return Finding("tags", TITLE, " ".join(said), tables=tables, figures=tuple(drawn), notes=notes)


def _sets(plan: Plan) -> list[Places]:
    """The sets of agreements that labels name, each once, however many labels name it."""
    found = {places for labels in plan.scenario.tags().values() for places in labels.values()}
    return sorted(found)


def _rows(reading: Reading) -> list[tuple[str, str, Places]]:
    tags = reading.plan.scenario.tags()
    return [(kind, label, places) for kind, labels in tags.items() for label, places in labels.items()]


def _number(reading: Reading, places: Places, times: list[int]) -> Estimates:
    """Expected number of the agreements in substantive cooperation, shape (time,)."""
    row = _sets(reading.plan).index(places)
    return mean(reading.own("number")[row][times], reading.level, bounds=(0, len(places)))


def _chance(reading: Reading, key: str, places: Places, times: list[int]) -> Estimates:
    return proportion(reading.own(key)[_sets(reading.plan).index(places)][times], reading.level)


def _share(reading: Reading, places: Places, time: int) -> Estimates:
    """Expected share of the agreements; of a single one, its chance."""
    if len(places) == 1:
        return _chance(reading, "any", places, [time])
    found, n = _number(reading, places, [time]), len(places)
    return Estimates(
        found.value / n, found.low / n, found.high / n, found.level, found.kind, found.trials, found.worlds
    )


def _table(reading: Reading, times: list[int], name: str, title: str) -> Table:
    rows, dates = _rows(reading), dates_at(reading.plan, year_ends(reading.plan))
    each = [(kind, label, places, t) for kind, label, places in rows for t in times]
    ledger = Ledger().plain("kind", "Kind", [kind for kind, *_ in each])
    ledger.plain("label", "Label", [label for _, label, *_ in each])
    if len(times) > 1:
        ledger.plain("date", "Date", [dates[t] for *_, t in each], "date")
    ledger.plain("agreements", "Agreements", [len(places) for *_, places, _ in each], "count")
    ledger.estimates("number", "Number substantive", joined([_number(reading, p, times) for *_, p in rows]), "number")
    ledger.estimates("any", "At least one", joined([_chance(reading, "any", p, times) for *_, p in rows]))
    ledger.estimates("all", "All", joined([_chance(reading, "all", p, times) for *_, p in rows]))
    return ledger.table(
        name, title, "Expected number in substantive cooperation, and the chances of at least one and of all."
    )


def _shares(reading: Reading, kind: str, time: int) -> tuple[list[str], Estimates]:
    """Labels of a kind, the largest share first, and their shares."""
    labels = reading.plan.scenario.tags()[kind]
    shares = joined([_share(reading, places, time) for places in labels.values()])
    order = np.argsort(-shares.value, kind="stable")
    words = [f"{label} ({len(places)})" for label, places in labels.items()]
    return [words[i] for i in order], shares[order]


def _sentence(reading: Reading, kind: str, time: int) -> str:
    labels = reading.plan.scenario.tags()[kind]
    if len(set(labels.values())) == 1:
        places = next(iter(labels.values()))
        number = _number(reading, places, [time]).item()
        many = "1 agreement" if len(places) == 1 else f"the same {len(places)} agreements"
        return (
            f"{listed(list(labels))} ({kind if len(labels) == 1 else _PLURAL[kind]}) stand behind {many}, of which "
            f"{number_text(number.value, number.low, number.high)} can be expected to be in substantive cooperation."
        )
    words, shares = _shares(reading, kind, time)
    places_of = ranks(shares.low[:, None] > shares.high[None, :])
    best = shares.at(0)
    text = interval_text(best.value, best.low, best.high)
    tied = [word for word, (place, _) in zip(words, places_of, strict=True) if place == 1]
    if len(tied) == 1:
        return f"Of {len(words)} {_PLURAL[kind]}, {words[0]} sees the largest share become substantive: {text}."
    behind = {f"{label} ({len(places)})": places for label, places in labels.items()}
    if len({behind[word] for word in tied}) == 1:
        # labels of the same agreements are not a close race: they are one and the same number
        same = "agreement" if len(behind[tied[0]]) == 1 else "agreements"
        named = listed([*tied[:3], f"{len(tied) - 3} more"] if len(tied) > 3 else tied)
        return (
            f"Of {len(words)} {_PLURAL[kind]}, {named}, which stand behind the same {same}, see the largest share "
            f"become substantive: {text}."
        )
    if len(tied) == len(words):
        return f"The {len(words)} {_PLURAL[kind]} are too close to tell apart; the largest share is {text}."
    named = listed([*tied[:3], f"{len(tied) - 3} more"] if len(tied) > 3 else tied)
    return f"Of {len(words)} {_PLURAL[kind]}, {named} lead, too close to tell apart; the largest share is {text}."


def _figure(reading: Reading, kind: str, time: int) -> Figure:
    words, shares = _shares(reading, kind, time)
    more = len(words) - _DRAWN
    left_out = f" The {more} with the smallest shares are in the table." if more > 0 else ""
    return Intervals(
        name=f"tags-{kind}",
        title=f"By {kind}",
        caption=f"Share of the agreements under each label that is expected to be in substantive cooperation by "
        f"{reading.date:%B %Y}; how many agreements bear the label is in brackets. Whiskers that overlap: too close "
        f"to rank.{left_out}",
        alt=f"Expected share in substantive cooperation by {kind}, as in the table",
        rows=words[:_DRAWN],
        value=shares.value[:_DRAWN, None],
        low=shares.low[:_DRAWN, None],
        high=shares.high[:_DRAWN, None],
    )
