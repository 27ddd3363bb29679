"""Whose ignorance: what each uncertain assumption explains of the spread between worlds, with ties declared."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble import Reading
from pactrisk.ensemble.ignorance import bins_in
from pactrisk.estimators import Estimates, FirstOrder, Moments, composition, first_order
from pactrisk.findings.assumption_words import assumption_words, written_address
from pactrisk.findings.comparing import rank_text, ranks, some_of
from pactrisk.findings.figure import Intervals
from pactrisk.findings.ledger import Ledger
from pactrisk.findings.tables import Table
from pactrisk.findings.wording import interval_text
from pactrisk.later import special
from pactrisk.register import Assumption, assumptions
from pactrisk.scenario import Scenario

__all__ = ["Attribution", "attribution", "by_agreement", "dots", "names", "ranking"]

_SHOWN = 12
_EXISTS = "whether the agreement is in the portfolio of a world"


@dataclass(frozen=True, eq=False)
class Attribution:
    """Shares of ignorance by assumption: of the number, shape (assumption,), and of each agreement."""

    addresses: tuple[str, ...]
    share: Estimates
    each: Estimates
    shows: npt.NDArray[np.bool_]
    """Whether the share of the number can be told from zero, allowing for as many comparisons as assumptions."""
    each_shows: npt.NDArray[np.bool_]
    places: list[tuple[int, int]]
    """First and last rank that each may hold."""
    told: bool
    """Whether ignorance about the number can be told from nothing: else there is nothing to share out."""

    @property
    def order(self) -> list[int]:
        """Assumptions from the largest share to the smallest."""
        return [int(i) for i in np.argsort(-np.nan_to_num(self.share.value, nan=-1.0), kind="stable")]

    @property
    def leaders(self) -> list[int]:
        """Assumptions whose share shows and that no other surely exceeds."""
        return [i for i in self.order if self.shows[i] and self.places[i][0] == 1]


def attribution(reading: Reading, number: Moments, each: Moments) -> Attribution | None:
    """Whose ignorance about ``number``, of no shape, and about ``each`` agreement, shape (agreement,).

    What the analysis of ``reading`` kept by :func:`~pactrisk.ensemble.ignorance.store_bins` must be of the same
    statistics, in that order. None where no assumption has a spread, or there are not two worlds.
    """
    addresses = reading.plan.uncertain
    if not addresses or reading.worlds < 2:
        return None
    total, square, trial_square = (
        np.append(getattr(number, word), getattr(each, word)) for word in ("total", "square", "trial_square")
    )
    targets = Moments(total, square, trial_square, number.worlds, number.trials_per_world)
    alpha = (1 - reading.level) / len(addresses)
    found = first_order(bins_in(reading), targets, reading.level, len(addresses))
    # shares of what cannot be told from nothing are shares of noise
    told = _told(reading, number, each)
    share = _with_limits(reading, found, told)
    z = special.ndtri(0.5 * (1 + reading.level))
    value, se = np.nan_to_num(found.share[:, 0]), np.nan_to_num(found.se[:, 0])
    shows = ~found.indistinguishable[:, 0] & (share.low[:, 0] > 0)
    each_shows = (found.p_value[:, 1:] <= alpha / each.total.size) & (share.low[:, 1:] > 0)
    apart = value[:, None] - value[None, :] > z * np.hypot(se[:, None], se[None, :])
    places = ranks(apart & shows[:, None])
    return Attribution(addresses, share[:, 0], share[:, 1:], shows, each_shows, places, bool(told[0]))


def _told(reading: Reading, number: Moments, each: Moments) -> npt.NDArray[np.bool_]:
    """Whether ignorance about the number, and then about each agreement, can be told from nothing; with one trial a
    world what is shared out is all variance, and there is always that."""
    if number.trials_per_world == 1:
        return np.ones(1 + each.total.size, dtype=np.bool_)
    parts = (composition(one, most, level=reading.level) for one, most in ((number, each.total.size), (each, 1)))
    return ~np.concatenate([np.atleast_1d(part.indistinguishable) for part in parts])


def _with_limits(reading: Reading, found: FirstOrder, told: npt.NDArray[np.bool_]) -> Estimates:
    unknown = np.isnan(found.share) | ~told
    low, high = np.where(unknown, 0.0, found.low), np.where(unknown, 1.0, found.high)
    trials = np.full(low.shape, reading.trials, dtype=np.int64)
    return Estimates(
        np.where(unknown, np.nan, found.share), low, high, reading.level, "probability", trials, reading.worlds
    )


def names(reading: Reading, whose: Attribution | None) -> str:
    """Whose ignorance matters most, in words; empty where no assumption shows."""
    if whose is None or not whose.leaders:
        return ""
    first = whose.leaders[0]
    one = whose.share.at(first)
    named = [f"“{assumption_words(reading.plan.scenario, whose.addresses[i])}”" for i in whose.leaders]
    # a share of 1 is of what is there, and no chance
    share = "all" if one.low == 1 else interval_text(one.value, one.low, one.high)
    of_what, alone = _of_what(reading), _alone(reading)
    if len(whose.leaders) == 1:
        row = _register(reading.plan.scenario).get(whose.addresses[first])
        told = f"{named[0]} ({row.meaning})" if row else named[0]
        said = f"Even so {told} is seen to matter" if alone else f"Better knowledge of {told} will"
        return f" {said}: it alone explains {share} of {of_what}."
    told = some_of(named, 3)
    said = f"Even so {told} are seen to matter" if alone else f"Better knowledge of {told} will"
    return f" {said}, too close to rank: the first alone explains {share} of {of_what}."


def _alone(reading: Reading) -> bool:
    """Whether each trial is a world of its own: what differs between worlds is then chance as well."""
    return reading.plan.trials_per_world == 1


def _of_what(reading: Reading) -> str:
    return "all variance" if _alone(reading) else "the spread between worlds"


def _share_label(reading: Reading) -> str:
    return f"Share of {'all variance' if _alone(reading) else 'ignorance'}"


def _register(scenario: Scenario) -> dict[str, Assumption]:
    """The rows of the register by the address of what is drawn: whether an agreement exists is ruled by its presence,
    which may be that of its template, and is another thing than that chance."""
    said = {one.address: one for one in assumptions(scenario)}
    for id_ in scenario.uncertain_presence():
        template = scenario.agreement(id_).template
        row = said.get(f"agreements.{id_}.presence") or said.get(f"templates.{template}.presence")
        if row is not None:
            said[f"agreements.{id_}.presence/exists"] = replace(row, meaning=_EXISTS)
    return said


def ranking(reading: Reading, whose: Attribution) -> Table:
    """Every uncertain assumption with its rank, its papers, its share and what knowing it would buy."""
    scenario, order = reading.plan.scenario, whose.order
    said = _register(scenario)
    rows = [said.get(whose.addresses[i]) for i in order]
    shares = (whose.share.value, whose.share.low, whose.share.high)
    value, low, high = (1 - np.sqrt(1 - np.clip(share[order], 0, 1)) for share in shares)
    found = whose.share[order]
    gain = Estimates(value, low, high, found.level, "probability", found.trials, found.worlds)
    ledger = Ledger().written("rank", "Rank", [rank_text(*whose.places[i]) for i in order])
    ledger.plain("assumption", "Assumption", [assumption_words(scenario, whose.addresses[i]) for i in order])
    ledger.plain("meaning", "Meaning", [row.meaning if row else "" for row in rows])
    ledger.written("written", "As written", [row.value if row else "" for row in rows])
    ledger.plain("trust", "Trust", [row.trust if row else "" for row in rows])
    ledger.estimates("share", _share_label(reading), found)
    narrower = "Spread" if _alone(reading) else "Ignorance"
    ledger.estimates("narrower", f"{narrower} narrower, were it known", gain)
    words = ["shows" if whose.shows[i] else "indistinguishable from zero" for i in order]
    ledger.plain("verdict", "At this number of trials", words)
    ledger.plain("address", "Address", [written_address(whose.addresses[i]) for i in order])
    return ledger.table(
        "whose-ignorance",
        "Whose ignorance: assumptions by what they explain of the expected number",
        f"The share of {_of_what(reading)} that each assumption explains by itself.",
    )


def by_agreement(reading: Reading, whose: Attribution) -> list[Table]:
    """For each agreement the assumptions whose share shows; no table where none does."""
    scenario, value = reading.plan.scenario, np.nan_to_num(whose.each.value)
    rows = [(i, a) for i in range(value.shape[1]) for a in np.argsort(-value[:, i], kind="stable")]
    rows = [(i, int(a)) for i, a in rows if whose.each_shows[a, i]]
    if not rows:
        return []
    agreements, places = [i for i, _ in rows], [a for _, a in rows]
    ledger = Ledger().hidden("agreement", [scenario.ids[i] for i in agreements])
    ledger.plain("title", "Agreement", [reading.names[i] for i in agreements])
    ledger.plain("assumption", "Assumption", [assumption_words(scenario, whose.addresses[a]) for a in places])
    ledger.estimates("share", _share_label(reading), whose.each[places, agreements])
    ledger.plain("address", "Address", [written_address(whose.addresses[a]) for a in places])
    return [
        ledger.table(
            "whose-ignorance-by-agreement",
            "Whose ignorance, agreement by agreement",
            "Only assumptions whose share can be told from zero.",
        )
    ]


def dots(reading: Reading, whose: Attribution) -> Intervals:
    """The assumptions that explain most."""
    order = whose.order[:_SHOWN]
    return Intervals(
        name="whose-ignorance",
        title="Whose ignorance it is",
        caption=(
            f"Share of {_of_what(reading)}, in the expected number of agreements, that each assumption explains "
            "by itself: the better it is known, the narrower the headline. Whiskers that overlap cannot be ranked; one "
            "that reaches zero may not matter at all."
        ),
        alt=f"{_share_label(reading)} of the assumptions that explain most, as in the table",
        rows=tuple(assumption_words(reading.plan.scenario, whose.addresses[i]) for i in order),
        value=whose.share.value[order, None],
        low=whose.share.low[order, None],
        high=whose.share.high[order, None],
    )
