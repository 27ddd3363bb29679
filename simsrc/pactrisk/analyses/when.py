"""When: the chance of each milestone and of each class, by date."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.agreements import Agreement
from pactrisk.ensemble import Block, Plan, Reading, Sums, store, up_to
from pactrisk.ensemble.dates import dates_at, starting_point, year_ends
from pactrisk.ensemble.settled import in_classes, in_groups, settled, unsigned
from pactrisk.estimators import Estimates, how_many, proportion
from pactrisk.findings import AreaPanel, Finding, LinePanel, Lines, StackedArea, Table
from pactrisk.findings.comparing import leaders, tied_text
from pactrisk.findings.ledger import Ledger
from pactrisk.findings.wording import interval_text, listed, months_text, number_text
from pactrisk.outcomes import CLASSES, GROUPS

TITLE = "When"
ORDER = 20

QUANTILES = (0.1, 0.5, 0.9)
"""Shares of trials whose time to a milestone is told."""

_SEEN = 0.01
"""How much of a leap in a chance is seen in a figure."""

_YEARS = 5

Floats = npt.NDArray[np.float64]


def observe(block: Block) -> Sums:
    """``done`` (milestone, time): trials in which each milestone is done by each grid date."""
    grid, progress = block.plan.grid, block.base.progress
    times = [progress[agreement.id].done[name] for agreement, name in _milestones(block.plan)]
    places = np.empty((len(times), block.trials), dtype=np.int32)
    for row, done in zip(places, times, strict=True):
        # what is done within a step stands from its end; what is never done lies beyond the grid
        kernels.progress.seen(done, float(grid.step), row)
    np.minimum(places, grid.points, out=places)
    return store("done", up_to(places, grid.points, block.trials_per_replicate))


def find(reading: Reading) -> Finding:
    """Milestones and classes by date, and months to each milestone with "never by the horizon" among the answers."""
    by_date = proportion(reading.own("done"), reading.level)
    sure = np.array([[settled(reading.plan, agreement, name)] for agreement, name in _milestones(reading.plan)])
    before = dict(zip(reading.plan.scenario.ids, unsigned(reading.plan), strict=True))
    unbegun = np.stack([before[agreement.id] for agreement, _ in _milestones(reading.plan)])
    by_date = by_date.known(sure & np.isin(by_date.value, (0, 1)) | unbegun & (by_date.value == 0))
    classes = in_classes(reading, proportion(reading.shared("classes"), reading.level))
    groups = in_groups(reading, proportion(reading.shared("groups"), reading.level))
    months = [months_to(by_date, reading.plan.grid.months, share) for share in QUANTILES]
    horizon = reading.plan.grid.dates[-1]
    return Finding(
        "when",
        TITLE,
        _sentence(reading, by_date, months[1]),
        tables=(
            _milestone_table(reading, by_date, months),
            _by_date(reading, "classes-by-date", "class", tuple(CLASSES), classes),
            _by_date(reading, "groups-by-date", "group", tuple(GROUPS), groups),
            _milestones_by_date(reading, by_date),
        ),
        figures=(_lines(reading, by_date), _areas(reading, classes)),
        notes=(
            f"Months to a milestone are counted from {starting_point(reading.plan)} over all trials: those in which it "
            f"is not done by {horizon:%B %Y} count as longer than all others. So a median that is never means that "
            "half of the trials or more do not get there by then.",
            f"They are whole steps of {_step(reading.plan)}: the first grid date by which so many are done. Their "
            "intervals reach from the first date at which the upper limit of that chance is there to the first at "
            "which the lower is (Woodruff 1952).",
            *([_given(reading)] if reading.plan.question.conditional_monte_carlo else []),
        ),
    )


def _given(reading: Reading) -> str:
    return (
        f"Classes and groups of {reading.date:%B %Y}, the date of the headline, are worked out given the rest of each "
        "trial (conditional Monte Carlo), those of all other dates are counted: a step there and back between them is "
        "the noise of counting."
    )


def _milestones(plan: Plan) -> list[tuple[Agreement, str]]:
    """Every milestone, agreement by agreement, the formal ones first."""
    return [
        (agreement, name)
        for agreement in plan.scenario.agreements
        for track in ("formal", "material")
        for name, milestone in agreement.milestones.items()
        if milestone.track == track
    ]


def months_to(by_date: Estimates, months: Floats, share: float) -> Estimates:
    """Months by which ``share`` of all trials are done, shape S, of chances by date, shape S + (time,).

    The first grid point with ``F(t) >= share``; infinite where the chance stays below within the horizon. The interval
    is where the upper and the lower limit of F get there (Woodruff 1952, Journal of the American Statistical
    Association 47, 635-646).
    """
    value, low, high = (_reached(curve, months, share) for curve in (by_date.value, by_date.high, by_date.low))
    return Estimates(value, low, high, by_date.level, "quantile", by_date.trials[..., 0], by_date.worlds)


def _reached(curve: Floats, months: Floats, share: float) -> Floats:
    # a point within a step would be invented: where in it a fixed or a narrow duration ends, F at its ends cannot tell
    there = curve >= share
    return np.where(there.any(axis=-1), months[there.argmax(axis=-1)], np.inf)


def _step(plan: Plan) -> str:
    return "one month" if plan.grid.step == 1 else f"{plan.grid.step} months"


def _called(agreement: Agreement, name: str) -> str:
    return agreement.milestones[name].title or name.replace("_", " ")


def _sentence(reading: Reading, by_date: Estimates, median: Estimates) -> str:
    plan, n = reading.plan, len(reading.names)
    number = how_many(reading.shared("mean"), reading.level, n)
    parts = []
    for k in _said_ends(plan):
        one = number.at(k)
        parts.append(f"{number_text(one.value, one.low, one.high)} by {plan.grid.dates[k]:%B %Y}")
    said = f"Of {n} {'agreement' if n == 1 else 'agreements'} we expect in substantive cooperation {listed(parts)}."
    material = [j for j, (a, name) in enumerate(_milestones(plan)) if a.milestones[name].track == "material"]
    if not material:
        return said
    last = by_date[material, -1]
    likely, unlikely = int((last.low > 0.5).sum()), int((last.high < 0.5).sum())
    close = len(material) - likely - unlikely
    done = f"more likely than not to be done by {plan.grid.dates[-1]:%B %Y}"
    if close == len(material) == 1:
        return f"{said} Whether the one material milestone is {done} is too close to call."
    said += f" {_of_them(likely, len(material))} {done}"
    said += f", and {close} {'are' if close > 1 else 'is'} too close to call." if close else "."
    best, *near = leaders(last)
    if len(near) < len(material) - 1:
        each = [_milestones(plan)[material[i]] for i in (best, *near)]
        who, *others = (f"{_called(a, name)} ({a.name})" for a, name in each)
        one, month = last.at(best), median.at(material[best])
        half = (
            f", half of the trials within {months_text(month.value, month.low, month.high)}"
            if np.isfinite(month.value)
            else ""
        )
        said += f" The likeliest is {who}: {interval_text(one.value, one.low, one.high)}{half}{tied_text(others)}."
    return said


def _said_ends(plan: Plan) -> list[int]:
    """Grid points of the years that the sentence tells of: at most five, evenly apart, the headline and the horizon."""
    years, last = plan.grid.months[-1] / 12, plan.grid.steps
    apart = next(step for step in (1, 2, 5, 10, 20) if years / step <= _YEARS)
    return [k for k in year_ends(plan) if k in (plan.headline, last) or plan.grid.months[k] % (12 * apart) == 0]


def _of_them(likely: int, steps: int) -> str:
    if steps == 1:
        return f"The one material milestone is{'' if likely else ' not'}"
    if likely == steps:
        return f"{'Both' if steps == 2 else f'All {steps}'} material milestones are"
    return f"Of {steps} material milestones, {likely or 'none'} {'are' if likely > 1 else 'is'}"


def _milestone_table(reading: Reading, by_date: Estimates, months: Sequence[Estimates]) -> Table:
    plan, listing = reading.plan, _milestones(reading.plan)
    ledger = Ledger().hidden("agreement", [a.id for a, _ in listing]).hidden("milestone", [name for _, name in listing])
    ledger.plain("title", "Agreement", [a.name for a, _ in listing])
    ledger.plain("what", "Milestone", [_called(a, name) for a, name in listing])
    ledger.plain("track", "Track", [a.milestones[name].track for a, name in listing])
    if plan.headline < plan.grid.steps:
        ledger.estimates("by_headline", f"By {reading.date:%B %Y}", by_date[:, plan.headline])
    ledger.estimates("by_horizon", f"By {plan.grid.dates[-1]:%B %Y}", by_date[:, -1])
    never = by_date[:, -1]
    ledger.estimates(
        "never",
        "Never by then",
        Estimates(1 - never.value, 1 - never.high, 1 - never.low, never.level, "probability", never.trials, 0),
    )
    words = {0.1: "One trial in ten", 0.5: "Half of the trials", 0.9: "Nine in ten"}
    for share, found in zip(QUANTILES, months, strict=True):
        ledger.estimates(f"p{round(100 * share)}", f"{words[share]} done within", found, "months", "months")
    return ledger.table(
        "milestones",
        "Each milestone: how likely, and how soon",
        f"Months from {starting_point(plan)} over all trials, in whole steps of {_step(plan)}; never: not within the "
        f"{plan.grid.months[-1]:g} months looked at.",
    )


def _milestones_by_date(reading: Reading, by_date: Estimates) -> Table:
    listing, points = _milestones(reading.plan), reading.plan.grid.points
    ledger = Ledger().hidden("agreement", [a.id for a, _ in listing for _ in range(points)])
    ledger.hidden("milestone", [name for _, name in listing for _ in range(points)])
    ledger.plain("title", "Agreement", [a.name for a, _ in listing for _ in range(points)])
    ledger.plain("what", "Milestone", [_called(a, name) for a, name in listing for _ in range(points)])
    ledger.plain("date", "Date", dates_at(reading.plan, tuple(range(points))) * len(listing), "date")
    ledger.estimates("done", "Done by then", by_date)
    return ledger.table("milestones-by-date", "Chance of each milestone at every date")


def _by_date(reading: Reading, name: str, word: str, kinds: tuple[str, ...], found: Estimates) -> Table:
    """Chances of shape (agreement, time, kind) in long form; a kind that no trial ever shows is left out."""
    plan = reading.plan
    used = [j for j in range(len(kinds)) if found.value[..., j].any()]
    ids, points = plan.scenario.ids, plan.grid.points
    ledger = Ledger().hidden("agreement", [id_ for id_ in ids for _ in range(points * len(used))])
    ledger.plain("title", "Agreement", [name for name in reading.names for _ in range(points * len(used))])
    every = [day for day in dates_at(plan, tuple(range(points))) for _ in used]
    ledger.plain("date", "Date", every * len(ids), "date")
    ledger.plain(word, word.capitalize(), [kinds[j] for j in used] * (points * len(ids)))
    ledger.estimates("chance", "Chance", found[..., used])
    return ledger.table(
        name, f"Chance of each {word} at every date", f"For each agreement and date.{_left_out(kinds, used, found)}"
    )


def _left_out(kinds: tuple[str, ...], used: list[int], found: Estimates) -> str:
    """What a table by date leaves out, and why."""
    most = {kind: float(found.high[..., j].max()) for j, kind in enumerate(kinds) if j not in used}
    unseen, never = [kind for kind in most if most[kind]], [kind for kind in most if not most[kind]]
    said = [f"{listed(unseen)}, which no trial shows (under {100 * max(most.values()):.2g}%)"] if unseen else []
    said += [f"{listed(never)}, which {'are' if len(never) > 1 else 'is'} ruled out"] if never else []
    return f" Left out: {'; '.join(said)}." if said else ""


def _steps(reading: Reading, classes: Estimates) -> str:
    """Why what is dormant rises in a step, where the sums show one as the signing leaves the window of the rule."""
    plan, dormant = reading.plan, classes.value[..., CLASSES.index("dormant")]
    weighed = [any(m.track == "formal" and m.weight for m in a.milestones.values()) for a in plan.scenario.agreements]
    closes = unsigned(plan).sum(axis=1) + plan.window
    if not any(has and _leaps(curve, k) for has, curve, k in zip(weighed, dormant, closes.tolist(), strict=True)):
        return ""
    return (
        f" A formal act counts as ceremony for {plan.question.rule.window:g} months: the step there is of agreements "
        "whose signing falls out of that window, and that become dormant where nothing has been added."
    )


def _leaps(curve: Floats, k: int) -> bool:
    """Whether a curve rises into point ``k`` by more than into the points beside it, and enough to be seen."""
    into = np.diff(curve, prepend=curve[0])
    return k < len(curve) and bool(into[k] - max(0.0, *into[k - 1 : k], *into[k + 1 : k + 2]) > _SEEN)


def _lines(reading: Reading, by_date: Estimates) -> Lines:
    grid, listing = reading.plan.grid, _milestones(reading.plan)
    panels = []
    for agreement in reading.plan.scenario.agreements:
        rows = [j for j, (a, _) in enumerate(listing) if a.id == agreement.id]
        panels.append(
            LinePanel(
                title=agreement.name,
                x=grid.dates,
                series=tuple(_called(*listing[j]) for j in rows),
                values=by_date.value[rows],
                low=by_date.low[rows],
                high=by_date.high[rows],
            )
        )
    return Lines(
        name="milestones-by-date",
        title="Chance that each milestone is done, by date",
        caption=(
            "Where a line flattens below 100%, the rest is never done by the horizon. The gap between the formal "
            "steps and the first material one is what ceremony promises and delivery owes."
        ),
        alt="Chance by date of every milestone of each agreement, as in the table",
        panels=tuple(panels),
    )


def _areas(reading: Reading, classes: Estimates) -> StackedArea:
    used = [c for c in range(len(CLASSES)) if classes.value[..., c].any()]
    series = tuple(CLASSES[c] for c in used)
    shares = [("All agreements", classes.value.mean(axis=0))] if len(reading.names) > 1 else []
    shares += list(zip(reading.names, classes.value, strict=True))
    return StackedArea(
        name="classes-by-date",
        title="Chance of each class, by date",
        caption=(
            "Read upwards at a date: the lowest bands are substantive cooperation, then what is token or only "
            f"symbolic. An agreement too young to judge is pending until it comes of age.{_steps(reading, classes)}"
        ),
        alt="Chance of each class by date for each agreement, as in the table",
        panels=tuple(
            AreaPanel(title=name, x=reading.plan.grid.dates, series=series, shares=share[:, used].T)
            for name, share in shares
        ),
    )
