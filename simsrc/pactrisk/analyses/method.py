"""How it was made: what is simulated, by which rule, with which random numbers, and what is assumed."""

from __future__ import annotations

from collections import Counter

from pactrisk.ensemble import Block, Plan, Reading, Sums
from pactrisk.ensemble.fans import FAN_BLOCKS
from pactrisk.findings import Finding, Table
from pactrisk.findings.ledger import Ledger
from pactrisk.findings.ties import milestones_together
from pactrisk.findings.wording import count_text, day_text, listed, percent_text
from pactrisk.numerals import counted
from pactrisk.outcomes import GROUPS
from pactrisk.scenario import Scenario
from pactrisk.spreads import plain_number
from pactrisk.streams import BLOCK

TITLE = "How it was made"
ORDER = 99

Rows = list[tuple[str, str]]


def observe(block: Block) -> Sums:
    """Nothing beyond the number of worlds and trials that every run keeps."""
    return {}


_SAMPLING = {
    "plain": "Plain Monte Carlo.",
    "antithetic": "Antithetic: what is drawn once a world or once a trial comes in pairs, u and 1 - u.",
    "latin": "Latin hypercube: what is drawn once a world or once a trial has one number in each of as many strata of "
    "equal probability as a replicate has worlds; drivers draw plainly as they go.",
    "sobol": "Scrambled Sobol points: what an agreement draws once a trial are the coordinates of one; what is drawn "
    "once a world, and what several agreements share, is a Latin hypercube; drivers draw plainly as they go.",
}


_KINDS = {
    "bootstrap": ("price from past returns", "prices from past returns"),
    "events": ("series of events", "series of events"),
    "formula": ("formula", "formulas"),
    "geometric_brownian": ("price that wanders", "prices that wander"),
    "index": ("index", "indices"),
    "mean_reverting": ("price pulled to its level", "prices pulled to their levels"),
    "regime": ("regime", "regimes"),
    "trend": ("programme of values", "programmes of values"),
    "two_factor": ("price of two factors", "prices of two factors"),
}
"""One driver of a kind, and several; what is not here goes by its word."""


def find(reading: Reading) -> Finding:
    """The run in a sentence, and each choice in a row."""
    plan = reading.plan
    rows = [
        *_simulated(plan),
        *_rule(plan),
        *_randomness(reading),
        *_independence(plan.scenario),
        *_intervals(reading),
        *_limits(),
    ]
    return Finding("method", TITLE, _sentence(reading), tables=(_table(rows),))


def _sentence(reading: Reading) -> str:
    plan = reading.plan
    how = (
        f"{count_text(reading.trials)} trials in {count_text(reading.worlds)} worlds of {plan.trials_per_world}"
        if plan.trials_per_world > 1
        else f"{count_text(reading.trials)} trials, each a world of its own"
    )
    return (
        f"{how}, from seed {plan.question.seed}, follow {counted(len(plan.scenario.agreements), 'agreement')} under "
        f"{counted(len(plan.scenario.drivers), 'driver')} from {plan.grid.dates[0]:%B %Y} to "
        f"{plan.grid.dates[-1]:%B %Y}, "
        f"{'month by month' if plan.grid.step == 1 else 'quarter by quarter'}. The same files and seed give the same "
        "numbers, to the last bit, on any number of workers."
    )


def _table(rows: Rows) -> Table:
    ledger = Ledger().plain("part", "Part", [part for part, _ in rows])
    ledger.plain("said", "How", [said for _, said in rows])
    return ledger.table("method", "Method")


def _simulated(plan: Plan) -> Rows:
    scenario = plan.scenario
    kinds = sorted(Counter(driver.kind for driver in scenario.drivers.values()).items())
    milestones = [m for agreement in scenario.agreements for m in agreement.milestones.values()]
    formal = sum(m.track == "formal" for m in milestones)
    flows = sum(agreement.flow is not None for agreement in scenario.agreements)
    first, headline, last = (day_text(plan.grid.dates[k]) for k in (0, plan.headline, -1))
    found = [
        (
            "Time",
            f"From {first} to {last} in {plan.grid.steps} steps of a "
            f"{'month' if plan.grid.step == 1 else 'quarter'}; the headline is of {headline}. "
            "What a driver is at one grid point rules the step to the next: nothing looks ahead.",
        )
    ]
    if kinds:
        said = listed([counted(n, *_KINDS.get(kind, (kind, kind))) for kind, n in kinds])
        found.append(("Drivers", f"{counted(len(scenario.drivers), 'driver')}: {said}."))
    found.append(
        (
            "Agreements",
            f"{counted(len(scenario.agreements), 'agreement')} with {counted(len(milestones), 'milestone')} "
            f"({formal} formal, {len(milestones) - formal} material) and {counted(flows, 'flow')}. A milestone is done "
            "once the pace of its work, added up since it could begin, reaches the months that it would take "
            "undisturbed (accelerated failure time).",
        )
    )
    if plan.variants:
        found.append(
            (
                "Variants",
                f"{counted(len(plan.variants), 'variant')} on the same random numbers, so that a trial differs only by "
                "what was edited.",
            )
        )
    return found


def _rule(plan: Plan) -> Rows:
    rule = plan.question.rule
    classes = (
        "An agreement that has ended is reversed. Otherwise what is delivered decides: substantive from "
        f"{rule.substantive:g} of the promise, partial from {rule.partial:g}, token from {rule.token:g}. Below that it "
        f"is pending in its first {counted(rule.pending, 'month')}; later symbolic where ceremony reaches "
        f"{rule.symbolic:g}, else dormant. The first that fits holds."
    )
    groups = "; ".join(f"{name}: {listed(members)}" for name, members in GROUPS.items())
    effect = plan.scenario.ceremony_effect
    apart = (
        "No formal act and no summit counts in delivery, and none speeds work (ceremony_effect = 0)."
        if plain_number(effect) == 0
        else "No formal act and no summit counts in delivery; ceremonial events, and no formal acts, move the speed of "
        f"work by ceremony_effect = {effect}, times the ceremony that they make."
    )
    return [
        ("Outcome rule", classes),
        ("Groups", f"{groups[:1].upper()}{groups[1:]}."),
        (
            "Ceremony and delivery",
            f"Ceremony is 1 - exp(-sum of weights) over formal milestones and ceremonial events of the last "
            f"{counted(plan.window * plan.grid.step, 'month')}; delivery is depth x the weighted share of material "
            f"milestones and flow. {apart}",
        ),
    ]


def _randomness(reading: Reading) -> Rows:
    plan = reading.plan
    spreads, maybe = len(plan.scenario.spreads()), len(plan.scenario.uncertain_presence())
    uncertain = spreads + maybe
    number = f"{counted(spreads, 'number')} of the scenario {'is' if spreads == 1 else 'are'} uncertain"
    if maybe:
        number += f", and whether {counted(maybe, 'agreement')} {'is' if maybe == 1 else 'are'} in the portfolio at all"
    worlds = (
        f"{number}{'' if uncertain else ', but some of a variant are'}; each is drawn once a world, and a world holds "
        f"{plan.trials_per_world} trials. Between worlds differs what is not known, within a world what happens."
        if plan.trials_per_world > 1
        else "No number is uncertain: every trial is a world of its own."
        if not uncertain
        else f"{number} and drawn anew for every trial."
    )
    return [
        ("Trials and worlds", worlds),
        (
            "Random numbers",
            f"Seed {plan.question.seed}. Each number is a function of the seed, of words that say what it decides, "
            f"and of the block of {count_text(BLOCK)} trials ({counted(plan.blocks, 'block')}): a Philox counter-based "
            "generator keyed by a BLAKE2b hash. Who else draws, in which order and on how many workers moves nothing. "
            "The record of this run gives the command that repeats it from its folder, with every edit that was made.",
        ),
        (
            "Sampling",
            f"{_sampling(reading)} Uniforms and normals are drawn; everything else is their inverse transform, so a "
            "longer duration moves a milestone later in the same trial. Elicited quantiles become a piecewise "
            "normal curve (of the logarithm above a bound, of the logit between two) through the quantiles given.",
        ),
    ]


def _sampling(reading: Reading) -> str:
    plan = reading.plan
    said = [_SAMPLING[plan.question.sampler]]
    if plan.question.conditional_monte_carlo:
        besides = f", and all of {listed(reading.counted)}" if reading.counted else ""
        said.append(
            "Chances at the headline date are worked out given the rest of each trial, where whether agreements exist, "
            "whether milestones are pursued and whether agreements end has a closed form (conditional Monte Carlo). "
            f"All else counts trials: other dates, how many at least, conditions, cuts, variants{besides}. They agree "
            "within their intervals."
        )
    if plan.question.rare is not None:
        said.append(
            "For the rare event alone, trials of their own by importance sampling, weighed by the "
            "balance heuristic (Owen and Zhou 2000), with limits by Fay and Feuer (1997)."
        )
    return " ".join(said)


def _independence(scenario: Scenario) -> Rows:
    rows: Rows = []
    if scenario.drivers:
        groups = _groups(scenario)
        said = "; ".join(listed([_title(scenario, name) for name in group]) for group in groups if len(group) > 1)
        alone = [_title(scenario, group[0]) for group in groups if len(group) == 1]
        parts = []
        if said:
            parts.append(f"Drivers that share a factor or read one another may move together: {said}.")
        if alone:
            parts.append(f"Moving apart from all others: {listed(alone)}.")
        if len(groups) > 1:
            parts.append("Drivers of different groups are independent, given the assumptions.")
        rows.append(("Drivers together", " ".join(parts)))
    shared = (
        "Uncertain numbers are drawn independently of one another, save those that several agreements take from "
        "one template: these share one draw."
    )
    return [*rows, ("Agreements together", milestones_together(scenario)), ("Assumptions together", shared)]


def _title(scenario: Scenario, name: str) -> str:
    return scenario.driver(name).title or name


def _groups(scenario: Scenario) -> list[list[str]]:
    """Drivers linked by a factor or by reading one another; between groups nothing is shared."""
    group = {name: {name} for name in scenario.drivers}
    shared: dict[str, set[str]] = {}
    for name, driver in scenario.drivers.items():
        for factor in getattr(driver, "factors", {}):
            shared.setdefault(factor, set()).add(name)
    links = [*shared.values(), *({name} | (d.parents() & group.keys()) for name, d in scenario.drivers.items())]
    for link in links:
        joined = set().union(*(group[name] for name in link))
        for name in joined:
            group[name] = joined
    order = list(scenario.drivers)
    distinct = {id(members): members for members in group.values()}.values()
    return sorted(
        (sorted(members, key=order.index) for members in distinct), key=lambda members: order.index(members[0])
    )


def _intervals(reading: Reading) -> Rows:
    level = percent_text(reading.level)
    return [
        (
            "Intervals",
            f"At {level}. {_apart(reading.plan)} A chance: Clopper and Pearson with the effective size of Korn and "
            "Graubard (1998); what never happened is given a bound. A mean: Student's over world means, or Garwood's "
            "(1936) where it rests on few sightings, Fay and Feuer's (1997) if uneven. A chance under a condition: the "
            "same on linearised ratios. A difference: paired, as trials are seen twice (Zou and Donner 2008).",
        ),
        (
            "Fans",
            "Quantiles of what is counted in whole numbers are order statistics of all trials, with limits from those "
            "of the distribution function (Woodruff 1952). Others are means over groups of worlds in the first "
            f"{counted(min(FAN_BLOCKS, reading.plan.blocks), 'block')}; their intervals come from the scatter between "
            "the groups.",
        ),
        (
            "Ranks",
            f"Two are told apart only where the interval of their difference (or the two intervals) at {level} says "
            "so, pair by pair and without a correction for the number of pairs; else they share ranks. Who cannot be "
            "told apart from the first of many is judged at a level that allows for all pairs of them.",
        ),
    ]


def _apart(plan: Plan) -> str:
    if plan.question.sampler == "plain":
        return "Worlds, not trials, are what is independent."
    return (
        f"Replicates of {plan.trials_per_replicate} trials, not worlds or trials, are what is independent, and stand "
        "for worlds here; what was never seen is bounded by the number of worlds."
    )


def _limits() -> Rows:
    return [
        (
            "What the intervals leave out",
            "They hold the noise of simulation. They do not hold what the files leave out, a wrong form of a law, or a "
            "judgement that is off: see the register for what rests on judgement, and the variants for other worlds.",
        ),
        (
            "What is not modelled",
            "Nobody in the model learns, bargains or answers what others do, save through the links in the diagram. "
            "Durations and effects are as the files state them; nothing is fitted to how the agreements went on.",
        ),
    ]
