"""The rare event that is asked about: its chance, and what the histories in which it happens have in common."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from pactrisk.drivers import StatePath
from pactrisk.ensemble import Block, Plan, Reading, Sums, add, store
from pactrisk.ensemble.rare import Weighted, happening, tilted_trials
from pactrisk.ensemble.unlikely import (
    DRAWN,
    by_plain_trials,
    chance_in,
    heaviest_share,
    is_common,
    is_denied,
    is_heavy,
    store_weighted,
    tilted_draws,
    weighted_in,
)  # fmt: skip
from pactrisk.estimators import Estimate, Estimates, Moments, proportion
from pactrisk.estimators.weighted import WeightedMoments, weighted_mean, weighted_share
from pactrisk.expressions import Expression
from pactrisk.findings import Finding, Intervals, Table
from pactrisk.findings.assumption_words import draw_words
from pactrisk.findings.ledger import Ledger
from pactrisk.findings.wording import bound_text, count_text, interval_text, listed, number_text, percent_text
from pactrisk.numerals import counted
from pactrisk.outcomes import in_group
from pactrisk.question import NUMBER

TITLE = "A rare event"
ORDER = 45

_MILLION, _SELDOM = 1e6, 0.01
_FEW = 30
_GROUPS = ("substantive cooperation", "symbolic diplomacy")
_AND_IN_ALL = "and in all trials of this chapter"
_ALL = "The trials of this chapter are its own: from what other chapters tell of theirs, this differs by noise."


def observe(block: Block) -> Sums:
    """Weighted sums of the tilted trials that go with the block, and how often the event happens in the plain ones."""
    plan = block.plan
    if plan.question.rare is None or plan.tilts is None:
        return {}
    happens, _ = happening(plan, block.base, block.base.classes[:, plan.headline], block.index)
    sums: Sums = store("plain", Moments.from_trials(happens, block.trials_per_replicate))
    for part in tilted_trials(plan, block.index):
        add(sums, store_weighted(part, _statistics(plan, part)))
        weights, levels = part.weights * part.happens, part.streams.drawn
        for address in plan.tilted:
            found = WeightedMoments.from_trials(levels[address], weights)
            add(sums, {f"{DRAWN}{address}": np.array([found.wx, found.wwx, found.wwxx])})
    return sums


def _statistics(plan: Plan, part: Weighted) -> npt.NDArray[np.float64]:
    """Each agreement in each group, how many, each state of each regime, each value; shape (statistic, trial)."""
    rows = [in_group(part.classes, group) for group in _GROUPS]
    drivers = []
    for name, state in _driver_rows(plan):
        path = part.simulated.paths[name]
        drivers.append(path.indicator(state)[-1] if isinstance(path, StatePath) else path.values[-1])
    return np.concatenate([*rows, rows[0].sum(axis=0, keepdims=True), *(row[None] for row in drivers)]).astype(float)


def _driver_rows(plan: Plan) -> list[tuple[str, str]]:
    """Each state of each regime, and each driver that has a value."""
    rows = []
    for name, driver in plan.scenario.drivers.items():
        states = getattr(driver, "states", {})
        rows += [(name, state) for state in states] or ([(name, "")] if driver.kind != "events" else [])
    return rows


def find(reading: Reading) -> Finding | None:
    """Its chance, what comes with it, and how far the weights can be trusted."""
    if f"{reading.name}/tilted" not in reading.sums:
        return None
    chance, plain = chance_in(reading), proportion(reading.own("plain"), reading.level)
    warnings = _warnings(reading, chance)
    said = " ".join((_sentence(reading, chance), *warnings))
    if not reading.sums[f"{reading.name}/seen"]:
        return Finding("rare", TITLE, said, tables=(_table(reading, chance, plain),), notes=_notes(reading, chance))
    draws = _draws(reading)
    tables = (_table(reading, chance, plain), _agreements(reading), *_drivers(reading), *draws)
    return Finding("rare", TITLE, said, tables=tables, figures=(_figure(reading),), notes=_notes(reading, chance))


def _event(reading: Reading) -> str:
    rare = reading.plan.question.rare
    assert rare is not None
    return rare.title or rare.event


def _sentence(reading: Reading, chance: Estimates) -> str:
    one = chance.item()
    when, alone = f"in {reading.date:%B %Y}", by_plain_trials(reading)
    if not one.value:
        bound = bound_text(_MILLION * one.high)
        among = " in the plain trials" if alone else ""
        return (
            f"{_event(reading)} {when} was never seen{among}: it is {percent_text(reading.level)} sure that its chance "
            f"is below {bound} in a million."
        )
    odds = f", about 1 in {count_text(float(f'{1 / one.value:.2g}'))}" if one.value < _SELDOM else ""
    worth = "" if is_common(chance) else f", as sure as {_sightings(reading)}"
    return f"{_event(reading)} {when} has a chance of {_said(one)}{odds}{', by the plain trials' if alone else worth}."


def _sightings(reading: Reading, then: str = "") -> str:
    """How many plain sightings those of the weighted trials are worth, and what they are ``then``."""
    many = round(weighted_in(reading, "given").effective)
    return counted(many, "plain sighting") + (f" {'is' if many == 1 else 'are'} {then}" if then else "")


def _said(chance: Estimate) -> str:
    """In percent, or in a million where percents would have no digits left."""
    ends = chance.value, chance.low, chance.high
    if chance.value >= _SELDOM:
        return interval_text(*ends)
    return number_text(_MILLION * ends[0], _MILLION * ends[1], _MILLION * ends[2], "in a million")


def _warnings(reading: Reading, chance: Estimates) -> list[str]:
    """What speaks against trusting the weights, or against having asked for them."""
    common = ["It is not rare: plain trials alone would tell as much of it."] * is_common(chance)
    few = "" if weighted_in(reading, "given").effective >= _FEW else "no trial of this chapter saw it"
    if few and reading.sums[f"{reading.name}/seen"]:
        few = _sightings(reading, f"too few to trust the interval (fewer than {_FEW})")
    if not tilted_draws(reading):
        why = "Nothing was tilted: the pilot found no draw that leads to it"
        return common or [f"{why}; {few}, and more trials are needed." if few else f"{why}."]
    heavy = f"one trial carries {percent_text(heaviest_share(reading))} of the chance"
    told = [heavy] * is_heavy(reading) + ["the plain trials say otherwise"] * is_denied(reading)
    more = "more trials or a higher times are needed"
    if told:
        return [f"The weights have collapsed, and the chance is that of the plain trials: {listed(told)}; {more}."]
    if few:
        plainly = "most of all where regimes, events or jumps bring it about, which are drawn plainly"
        return [f"{few.capitalize()}: {more}, {plainly}."]
    return common


def _drawn(reading: Reading) -> str:
    tilted, tilts = count_text(int(reading.sums[f"{reading.name}/tilted"])), tilted_draws(reading)
    if not tilts:
        return (
            f"{tilted} trials beside the others are drawn plainly, to the headline date, each a world of its own: a "
            "pilot run found no draw worth tilting. The event is not rare, or comes of what is never tilted."
        )
    return (
        f"{tilted} trials beside the plain ones are drawn where the event lies, to the headline date, each "
        f"a world of its own: a tenth plainly, the others with {tilts} draws tilted, by strengths that a pilot run "
        "found and the record of this run holds. Weights undo the tilts in every number of this chapter; all other "
        "chapters rest on plain trials alone."
    )


def _notes(reading: Reading, chance: Estimates) -> tuple[str, ...]:
    event = "" if is_common(chance) else f", those of the event {_sightings(reading)}"
    return (
        _drawn(reading),
        f"For what is not rare the weighted trials are worth {count_text(_whole(reading))} plain ones (Kish){event}. "
        "No weight is above ten. Tilted are what is drawn once a trial and the paths of prices and indices; stays of "
        "regimes, times of events and jumps are drawn plainly.",
    )


def _table(reading: Reading, chance: Estimates, plain: Estimates) -> Table:
    one, given = chance.item(), weighted_in(reading, "given")
    millionths = replace(
        chance[None], value=_MILLION * chance.value[None], low=_MILLION * chance.low[None],
        high=_MILLION * chance.high[None], kind="mean",
    )  # fmt: skip
    seen = int(reading.sums[f"{reading.name}/seen"])
    ledger = Ledger().plain("event", "Event", [_event(reading)])
    ledger.estimates("millionths", "Chance", millionths, "number", "in a million")
    ledger.hidden("chance", [one.value]).hidden("chance_low", [one.low]).hidden("chance_high", [one.high])
    ledger.plain(
        "trials",
        "Tilted trials" if tilted_draws(reading) else "Trials",
        [int(reading.sums[f"{reading.name}/tilted"])],
        "count",
    )
    ledger.plain("seen", "In which it happened", [seen], "count")
    if not is_common(chance):
        ledger.plain("effective", "Worth so many plain sightings", [round(given.effective)], "count")
    ledger.plain("effective_all", "All worth so many plain trials", [_whole(reading)], "count")
    ledger.hidden("heaviest_share", [heaviest_share(reading)])
    ledger.estimates("plain", "In plain trials", plain[None])
    return ledger.table("rare-event", f"Chance of {_event(reading)}, {reading.date:%B %Y}")


def _whole(reading: Reading) -> int:
    return round(weighted_in(reading, "whole").effective)


def _two(reading: Reading, place: int) -> tuple[Estimates, Estimates]:
    """Chances of each agreement to be in a group, over all weighted trials, and where the event happens."""
    n = len(reading.names)
    rows = slice(place * n, (place + 1) * n)
    whole, given = (weighted_in(reading, name)[rows] for name in ("whole", "given"))
    there = weighted_share(given, reading.level)
    return weighted_share(whole, reading.level), there.known(_GROUPS[place] in _settled_by(reading))


def _settled_by(reading: Reading) -> tuple[str, ...]:
    """Groups of which the event itself says that all agreements are in them, or none: ``number >= 7`` of seven does."""
    rare = reading.plan.question.rare
    assert rare is not None
    event, numbers = Expression(rare.event), np.arange(len(reading.names) + 1.0)
    if event.names != (NUMBER,):
        return ()
    happens = np.broadcast_to(event.evaluate(lambda _: numbers) != 0, numbers.shape)
    if happens.sum() != 1:
        return ()
    return _GROUPS if happens[-1] else _GROUPS[:1] * bool(happens[0])


def _agreements(reading: Reading) -> Table:
    ledger = Ledger().hidden("agreement", reading.plan.scenario.ids).plain("title", "Agreement", reading.names)
    for place, group in enumerate(_GROUPS):
        every, there = _two(reading, place)
        word = group.partition(" ")[0]
        ledger.estimates(f"{word}_all", f"{group.capitalize()}, in all", every)
        ledger.estimates(f"{word}_there", "Where it happens", there)
    return ledger.table("rare-agreements", f"Agreements where the rare event happens, {_AND_IN_ALL}", _ALL)


def _drivers(reading: Reading) -> tuple[Table, ...]:
    rows = _driver_rows(reading.plan)
    if not rows:
        return ()
    first, scenario = len(_GROUPS) * len(reading.names) + 1, reading.plan.scenario
    found = []
    for name, title, wanted, heads in (
        ("rare-states", "States", True, ("In all", "Where it happens")),
        ("rare-drivers", "Means of drivers", False, ("Mean in all", "Mean where it happens")),
    ):
        places = [place for place, (_, state) in enumerate(rows) if bool(state) == wanted]
        if not places:
            continue
        ledger = Ledger().hidden("name", [".".join(filter(None, rows[p])) for p in places])
        ledger.plain("driver", "Driver", [scenario.driver(rows[p][0]).title or rows[p][0] for p in places])
        if wanted:
            here = ((getattr(scenario.driver(rows[p][0]), "states", {}), rows[p][1]) for p in places)
            ledger.plain("state", "State", [states[state].title or state for states, state in here])
        else:
            ledger.plain("unit", "Unit", [scenario.driver(rows[p][0]).unit for p in places])
        for key, label, moments in zip(("all", "there"), heads, ("whole", "given"), strict=True):
            some = weighted_in(reading, moments)[[first + p for p in places]]
            ledger.estimates(key, label, (weighted_share if wanted else weighted_mean)(some, reading.level))
        found.append(ledger.table(name, f"{title} at the headline where the rare event happens, {_AND_IN_ALL}", _ALL))
    return tuple(found)


def _draws(reading: Reading) -> tuple[Table, ...]:
    """The tilted draws, by how far from even they lie where the event happens."""
    prefix = f"{reading.name}/{DRAWN}"
    addresses = [name.removeprefix(prefix) for name in sorted(reading.sums) if name.startswith(prefix)]
    if not addresses:
        return ()
    given = weighted_in(reading, "given")
    wx, wwx, wwxx = np.stack([reading.sums[f"{prefix}{address}"] for address in addresses], axis=1)
    found = weighted_mean(replace(given, wx=wx, wwx=wwx, wwxx=wwxx), reading.level)
    order = np.argsort(-np.abs(found.value - 0.5), kind="stable")
    level = found[order]
    level = replace(level, low=np.clip(level.low, 0, 1), high=np.clip(level.high, 0, 1))
    ledger = Ledger().hidden("address", [addresses[i] for i in order])
    ledger.plain("draw", "Draw", [draw_words(reading.plan.scenario, addresses[i]) for i in order])
    ledger.estimates("level", "Mean level, where it happens", level)
    caption = (
        "Level 0 is the lowest draw, 1 the highest, and 0.5 what is usual. A low draw makes a duration short, and an "
        "agreement exist; a high draw of what may never be done, or may end, means that it is done, or lasts."
    )
    return (ledger.table("rare-draws", "What sets apart the trials in which the rare event happens", caption),)


def _figure(reading: Reading) -> Intervals:
    every, there = _two(reading, 0)
    value, low, high = (
        np.stack([getattr(every, word), getattr(there, word)], axis=1) for word in ("value", "low", "high")
    )
    return Intervals(
        name="rare-agreements",
        title=f"Substantive cooperation where the rare event happens, {_AND_IN_ALL}",
        caption="Dots far apart are agreements that go with the event; where they touch, it says nothing of them.",
        alt="Two chances for each agreement, as in the table",
        rows=reading.names,
        series=("in all trials of this chapter", "where it happens"),
        value=value,
        low=low,
        high=high,
    )
