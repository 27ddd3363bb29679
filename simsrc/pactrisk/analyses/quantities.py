"""Named quantities: whatever the scenario asks to be worked out, by date."""

from __future__ import annotations

import numpy as np

from pactrisk.ensemble import Block, Reading, Sums, store
from pactrisk.ensemble.averages import average
from pactrisk.ensemble.dates import year_ends
from pactrisk.ensemble.fans import FAN, fan, fan_note, observe_fan
from pactrisk.estimators import Estimates, Moments
from pactrisk.explain.effects import short_unit
from pactrisk.findings import Fan, FanPanel, Finding, LinePanel, Lines, Table
from pactrisk.findings.ledger import Ledger, joined
from pactrisk.findings.wording import listed, number_text

TITLE = "Named quantities"
ORDER = 75

_SAID = 4
_BY_YEAR = "Quantities by year"


def observe(block: Block) -> Sums:
    """Mean of each quantity at each date, and its quantiles over trials."""
    sums: Sums = {}
    for name, quantity in sorted(block.plan.scenario.quantities.items()):
        value = np.asarray(block.evaluate(quantity.expression, f"quantities.{name}"))
        sums |= store(f"mean/{name}", Moments.from_trials(value, block.trials_per_replicate))
        sums |= observe_fan(f"fan/{name}", value, block, block.plan.ranges[name], lumps=True)
    return sums


def find(reading: Reading) -> Finding | None:
    """A fan and a mean for each quantity."""
    names = list(reading.plan.scenario.quantities)
    if not names:
        return None
    within = reading.plan.ranges
    means = {name: average(reading, name) for name in names}
    fans = {name: fan(reading, f"fan/{name}", within[name]) for name in names}
    everywhere = tuple(range(reading.plan.grid.points))
    return Finding(
        "quantities",
        TITLE,
        _sentence(reading, means, fans),
        tables=(
            _table(reading, means, fans, year_ends(reading.plan), "quantities-by-year", _BY_YEAR),
            _table(reading, means, fans, everywhere, "quantities", "Quantities at every date"),
        ),
        figures=(_fans(reading, fans), _means(reading, means)),
        notes=(
            fan_note(reading),
            "The mean is over all trials; where a few trials are far out, it may lie away from the median.",
            *(f"{_title(reading, name)} is {reading.plan.scenario.quantities[name].expression}." for name in names),
        ),
    )


def _title(reading: Reading, name: str) -> str:
    return reading.plan.scenario.quantities[name].title or name


def _unit(reading: Reading, name: str) -> str:
    return reading.plan.scenario.quantities[name].unit


def _sentence(reading: Reading, means: dict[str, Estimates], fans: dict[str, Estimates]) -> str:
    k = reading.plan.headline
    said = []
    for name in list(means)[:_SAID]:
        average, unit = means[name].at(k), short_unit(_unit(reading, name))
        text = number_text(average.value, average.low, average.high, unit)
        constant = average.low == average.high
        spread = "in every trial" if constant else f"on average, {_spread(fans[name], k)}"
        said.append(f"{_title(reading, name)} is {text} {spread}")
    return f"By {reading.date:%B %Y}: {'; '.join(said)}.{_rest(reading, list(means)[_SAID:])}"


def _spread(found: Estimates, k: int) -> str:
    """Between which two values nine trials in ten lie, or at which one; the median where it is at an end of these."""
    low, middle, high = (found.at(FAN.index(p), k) for p in (0.05, 0.5, 0.95))
    first, half, last = (number_text(one.value, one.low, one.high) for one in (low, middle, high))
    if low.value == high.value:
        return f"and {half} in nine trials in ten or more"
    at_end = f", with a median of {half}" if middle.value in (low.value, high.value) else ""
    return f"in nine trials in ten between {first} and {last}{at_end}"


def _rest(reading: Reading, names: list[str]) -> str:
    if not names:
        return ""
    called = [_title(reading, name) for name in names[:_SAID]]
    if len(names) > _SAID:
        called.append("others")
    are = "is" if len(names) == 1 else "are"
    return f" {len(names)} more {are} in the figures and in the table “{_BY_YEAR}” below: {listed(called)}."


def _table(
    reading: Reading,
    means: dict[str, Estimates],
    fans: dict[str, Estimates],
    at: tuple[int, ...],
    name: str,
    title: str,
) -> Table:
    rows, dates = [(quantity, k) for quantity in means for k in at], reading.plan.grid.dates
    ledger = Ledger().hidden("quantity", [quantity for quantity, _ in rows])
    ledger.plain("title", "Quantity", [_title(reading, quantity) for quantity, _ in rows])
    ledger.plain("unit", "Unit", [_unit(reading, quantity) for quantity, _ in rows])
    ledger.plain("date", "Date", [dates[k].isoformat() for _, k in rows], "date")
    points = list(at)
    ledger.estimates("mean", "Mean", joined([found[points] for found in means.values()]), "number")
    for i, p in enumerate(FAN):
        label = "Median" if p == 0.5 else f"{p:.0%} lie below"
        found = joined([each[i][points] for each in fans.values()])
        ledger.estimates(f"p{round(100 * p):02d}", label, found, "number")
    return ledger.table(name, title, "Mean and quantiles over trials, each with its interval.")


def _fans(reading: Reading, fans: dict[str, Estimates]) -> Fan:
    return Fan(
        name="quantities",
        title="Quantities by date",
        caption="Wide band: nine trials in ten lie inside at each date; narrow: half of them; line: the median.",
        alt="Fan charts of " + listed([_title(reading, name) for name in fans]) + ", as in the tables",
        panels=[
            FanPanel(
                title=_title(reading, name),
                x=reading.plan.grid.dates,
                bands=dict(zip(FAN, found.value, strict=True)),
                unit=_unit(reading, name),
            )
            for name, found in fans.items()
        ],
    )


def _means(reading: Reading, means: dict[str, Estimates]) -> Lines:
    return Lines(
        name="quantities-mean",
        title="Quantities on average",
        caption="Mean over all trials at each date. The band is simulation noise only: more trials make it narrower, "
        "while the fans above stay as wide as they are.",
        alt="Means of " + listed([_title(reading, name) for name in means]) + ", as in the tables",
        panels=[
            LinePanel(
                title=_title(reading, name),
                x=reading.plan.grid.dates,
                series=("mean",),
                values=found.value[None],
                low=found.low[None],
                high=found.high[None],
                scale="number",
                unit=_unit(reading, name),
            )
            for name, found in means.items()
        ],
    )
