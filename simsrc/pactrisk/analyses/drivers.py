"""What the drivers do: prices as fans, regimes by the chance of each state, events by the year."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from pactrisk.drivers import EventPath, StatePath
from pactrisk.drivers.processes.events import Events
from pactrisk.drivers.processes.formula import Formula
from pactrisk.drivers.processes.regime import Regime
from pactrisk.drivers.states import State
from pactrisk.ensemble import Block, Plan, Reading, Sums, each, store
from pactrisk.ensemble.dates import year_ends
from pactrisk.ensemble.fans import FAN, fan, fan_note, observe_fan
from pactrisk.estimators import Estimates, Moments, mean_by_date, proportion
from pactrisk.explain.effects import short_unit
from pactrisk.findings import AreaPanel, Fan, FanPanel, Figure, Finding, LinePanel, Lines, Table
from pactrisk.findings.ledger import Ledger, joined
from pactrisk.findings.wording import interval_text, listed, number_text

TITLE = "What the drivers do"
ORDER = 40

_SAID = 3


def observe(block: Block) -> Sums:
    """Quantiles of values, trials in each state, events in each year."""
    sums: Sums = {}
    m = block.trials_per_replicate
    ends = _years(block.plan)
    for name, path in sorted(block.base.paths.items().items()):
        if isinstance(path, StatePath):
            # in the order of the scenario, whatever the order in which the path numbers them
            places = [path.names.index(state) for state in _states(block.plan, name)]
            inside = each(path.states, len(path.names), m)[0]
            sums |= store(f"states/{name}", _by_state(inside, places))
            continue
        if not isinstance(path, EventPath):
            within, lumps = block.plan.ranges[f"drivers.{name}"], isinstance(block.plan.scenario.drivers[name], Formula)
            sums |= observe_fan(f"fan/{name}", path.values, block, within, lumps)
        elif ends:
            # the first year begins with the day of signature, each other one on the morrow of the last
            parts = pairwise([0, *(end + 1 for end in ends)])
            years = [path.counts[first:morrow].sum(axis=0, dtype=np.int64) for first, morrow in parts]
            sums |= store(f"events/{name}", Moments.from_trials(np.stack(years), m))
    return sums


def _by_state(found: Moments, places: list[int]) -> Moments:
    """Moments of shape (time, place) as (state, time)."""
    total, square, trial_square = (x.T[places] for x in (found.total, found.square, found.trial_square))
    return Moments(total, square, trial_square, found.worlds, found.trials_per_world)


def find(reading: Reading) -> Finding | None:
    """A fan for each value, the chance of each state, the events of each year."""
    drivers = reading.plan.scenario.drivers
    if not drivers:
        return None
    states = {name: _occupancy(reading, name) for name, d in drivers.items() if isinstance(d, Regime)}
    # events are told by how many there are: what is left of their impulses has no unit that a reader could use
    valued = [name for name, d in drivers.items() if not isinstance(d, Regime | Events)]
    fans = {name: fan(reading, f"fan/{name}", reading.plan.ranges[f"drivers.{name}"]) for name in valued}
    events = _events(reading)
    figures: list[Figure] = [_figure(reading, fans, states)] if fans or states else []
    tables: list[Table] = []
    everywhere, ends = tuple(range(reading.plan.grid.points)), year_ends(reading.plan)
    if fans:
        tables.append(_values(reading, fans, ends, "drivers-by-year", "Values by year"))
        tables.append(_values(reading, fans, everywhere, "drivers", "Values at every date"))
    if states:
        tables.append(_chances(reading, states, ends, "regimes-by-year", "Chance of each state by year"))
        tables.append(_chances(reading, states, everywhere, "regimes", "Chance of each state at every date"))
    if events:
        figures.append(_lines(reading, events))
        tables.append(_counts(reading, events))
    return Finding(
        "drivers",
        TITLE,
        _sentence(reading, fans, states, events),
        tables=tuple(tables),
        figures=tuple(figures),
        notes=(fan_note(reading),) if fans else (),
    )


def _years(plan: Plan) -> list[int]:
    """Grid points where a year of counting ends: whole years, and what is left of the last one."""
    step, last = plan.grid.step, plan.grid.steps
    return sorted({*range(12 // step, last + 1, 12 // step), last} - {0})


def _title(reading: Reading, name: str) -> str:
    return reading.plan.scenario.driver(name).title or name


def _occupancy(reading: Reading, name: str) -> Estimates:
    found = proportion(reading.own(f"states/{name}"), reading.level)
    driver = reading.plan.scenario.driver(name)
    assert isinstance(driver, Regime)
    # the state at signature is written in the file, unless its odds are
    at_start = np.arange(found.shape[1]) == 0
    return found.known(at_start & np.isin(found.value, (0, 1)) & isinstance(driver.initial, str))


def _states(plan: Plan, name: str) -> dict[str, State]:
    driver = plan.scenario.driver(name)
    assert isinstance(driver, Regime)
    return driver.states


def _state_titles(reading: Reading, name: str) -> list[str]:
    return [state.title or word for word, state in _states(reading.plan, name).items()]


def _events(reading: Reading) -> dict[str, Estimates]:
    """Events a year in each year of the run, by driver, shape (year,)."""
    ends = _years(reading.plan)
    length = np.diff([0, *ends]) * reading.plan.grid.years
    found = {}
    for name in reading.plan.scenario.drivers:
        if f"{reading.name}/events/{name}/total" in reading.sums:
            counts = mean_by_date(reading.own(f"events/{name}"), reading.level, (0, np.inf))
            scaled = (counts.value / length, counts.low / length, counts.high / length)
            found[name] = Estimates(*scaled, counts.level, counts.kind, counts.trials, counts.worlds)
    return found


def _figure(reading: Reading, fans: dict[str, Estimates], states: dict[str, Estimates]) -> Fan:
    dates = reading.plan.grid.dates
    panels: list[FanPanel | AreaPanel] = []
    for name, found in fans.items():
        start = found.value[:, 0]
        # of an index or a programme the first value is no more than where it begins
        known = reading.plan.scenario.driver(name).positive and bool(np.ptp(start) == 0)
        panels.append(
            FanPanel(
                title=_title(reading, name),
                x=dates,
                bands=dict(zip(FAN, found.value, strict=True)),
                unit=reading.plan.scenario.driver(name).unit,
                reference=float(start[0]) if known else None,
                reference_label="at signature" if known else "",
            )
        )
    for name, shares in states.items():
        panels.append(
            AreaPanel(title=_title(reading, name), x=dates, series=_state_titles(reading, name), shares=shares.value)
        )
    parts = []
    if fans:
        parts.append(
            "Wide band: nine trials in ten lie inside at each date; narrow: half of them; line: the median. A fan that "
            "soon stops widening is pulled back to a level; one that keeps widening is not."
        )
    if states:
        parts.append("Stacked: the chance that a regime is in each of its states at each date.")
    return Fan(
        name="drivers",
        title="Drivers by date",
        caption=" ".join(parts),
        alt="Fan charts of " + listed([_title(reading, name) for name in (*fans, *states)]) + ", as in the tables",
        panels=panels,
    )


def _lines(reading: Reading, events: dict[str, Estimates]) -> Lines:
    # a year is a level stretch from its first day to its last: a slope would tell of days that nobody counted
    dates = [reading.plan.grid.dates[k] for year in pairwise([0, *_years(reading.plan)]) for k in year]
    panels = [
        LinePanel(
            title=_title(reading, name),
            x=dates,
            series=("events a year",),
            values=np.repeat(found.value, 2)[None],
            low=np.repeat(found.low, 2)[None],
            high=np.repeat(found.high, 2)[None],
            scale="number",
            unit="a year",
            from_nought=True,
        )
        for name, found in events.items()
    ]
    return Lines(
        name="events",
        title="Events a year",
        caption="Mean number of events in each year, counted from signature, with its interval."
        + _why_years_differ(reading, list(events)),
        alt="Events a year of " + listed([_title(reading, name) for name in events]) + ", as in the table",
        panels=panels,
    )


def _why_years_differ(reading: Reading, names: list[str]) -> str:
    """What can move the mean from year to year, of each driver whose events the kinds of this package make."""
    drivers = {name: d for name in names if isinstance(d := reading.plan.scenario.driver(name), Events)}
    rated = {n for n, d in drivers.items() if any(getattr(when, "rate", None) is not None for when in d.when)}
    reasons = {
        "known days fall into some of them": {name for name, d in drivers.items() if d.dated},
        "the rate goes with a regime": rated,
        "events bring further ones, which takes time to build up": {n for n, d in drivers.items() if d.excitation},
    }

    def named(some: set[str]) -> str:
        return listed([_title(reading, name) for name in names if name in some])

    said = [f"{why} ({named(some)})" for why, some in reasons.items() if some]
    steady = drivers.keys() - set().union(*reasons.values())
    text = f" Years can differ where {', and where '.join(said)}." if said else ""
    return text + (f" The rate of {named(steady)} is the same throughout: what differs there is noise." * bool(steady))


def _values(reading: Reading, fans: dict[str, Estimates], at: tuple[int, ...], name: str, title: str) -> Table:
    dates, drivers = reading.plan.grid.dates, reading.plan.scenario.drivers
    rows = [(driver, k) for driver in fans for k in at]
    ledger = Ledger().hidden("driver", [driver for driver, _ in rows])
    ledger.plain("title", "Driver", [_title(reading, driver) for driver, _ in rows])
    ledger.plain("unit", "Unit", [drivers[driver].unit for driver, _ in rows])
    ledger.plain("date", "Date", [dates[k].isoformat() for _, k in rows], "date")
    together = [fans[driver][:, list(at)] for driver in fans]
    for i, p in enumerate(FAN):
        label = "median" if p == 0.5 else f"{p:.0%} lie below"
        ledger.estimates(f"p{round(100 * p):02d}", label, joined([part[i] for part in together]), "number")
    return ledger.table(name, title, "Quantiles over trials, each with its interval, in the unit of the driver.")


def _chances(reading: Reading, states: dict[str, Estimates], at: tuple[int, ...], name: str, title: str) -> Table:
    dates = reading.plan.grid.dates
    rows = [(driver, word, k) for driver in states for word in _state_titles(reading, driver) for k in at]
    ledger = Ledger().hidden("driver", [driver for driver, _, _ in rows])
    ledger.plain("title", "Regime", [_title(reading, driver) for driver, _, _ in rows])
    ledger.plain("state", "State", [word for _, word, _ in rows])
    ledger.plain("date", "Date", [dates[k].isoformat() for *_, k in rows], "date")
    ledger.estimates("chance", "Chance", joined([found[:, list(at)] for found in states.values()]))
    return ledger.table(name, title, "Chance that the regime is in the state on that day.")


def _counts(reading: Reading, events: dict[str, Estimates]) -> Table:
    ends = _years(reading.plan)
    rows = [(driver, k) for driver in events for k in ends]
    ledger = Ledger().hidden("driver", [driver for driver, _ in rows])
    ledger.plain("title", "Events", [_title(reading, driver) for driver, _ in rows])
    ledger.plain("date", "Year that ends", [reading.plan.grid.dates[k].isoformat() for _, k in rows], "date")
    ledger.estimates("count", "Mean number a year", joined(list(events.values())), "number")
    return ledger.table("events-by-year", "Events a year", "A last year that is cut short is scaled to a whole one.")


def _left_out(*many: int) -> list[str]:
    """How many of so many drivers of each sort the sentence does not tell of, if any."""
    left = sum(max(0, number - _SAID) for number in many)
    return [f"{left} more {'is' if left == 1 else 'are'} in the tables"] if left else []


def _sentence(
    reading: Reading, fans: dict[str, Estimates], states: dict[str, Estimates], events: dict[str, Estimates]
) -> str:
    k = reading.plan.headline
    said = []
    spread = {name: found[:, k] for name, found in fans.items() if np.ptp(found.value[:, k]) > 0}
    for name, found in list(spread.items())[:_SAID]:
        low, middle, high = (found.at(i) for i in (0, 2, 4))
        unit = short_unit(reading.plan.scenario.driver(name).unit)
        said.append(
            f"{_title(reading, name)} lies between {number_text(low.value, low.low, low.high)} and "
            f"{number_text(high.value, high.low, high.high)}{f' {unit}' if unit else ''} in nine trials in ten, with "
            f"a median of {number_text(middle.value, middle.low, middle.high)}"
        )
    for name, found in list(states.items())[:_SAID]:
        place = int(np.argmax(found.value[:, k]))
        one = found.at(place, k)
        said.append(
            f"{_title(reading, name)} is in the state {_state_titles(reading, name)[place]} with chance "
            f"{interval_text(one.value, one.low, one.high)}"
        )
    said += _left_out(len(spread), len(states)) if said else []
    first = [(_title(reading, name), found.at(0)) for name, found in list(events.items())[:_SAID]]
    counts = [f"{title}: {number_text(one.value, one.low, one.high)}" for title, one in first] + _left_out(len(events))
    parts = [f"By {reading.date:%B %Y}: {'; '.join(said)}."] if said else []
    grid = reading.plan.grid
    # what is shorter than a year is scaled to one, as in the table
    when = "in the first year" if grid.months[-1] >= 12 else f"a year, until {grid.dates[-1]:%B %Y}"
    parts += [f"Events {when}: {'; '.join(counts)}."] if counts else []
    return " ".join(parts) or f"No driver differs between trials by {reading.date:%B %Y}."
