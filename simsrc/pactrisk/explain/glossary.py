"""Words that are no key of a file: what the report and this documentation mean by them."""

from __future__ import annotations

import re

from pactrisk.distributions import FAMILIES
from pactrisk.drivers.processes import KINDS
from pactrisk.explain.specs import places
from pactrisk.expressions import FUNCTIONS
from pactrisk.outcomes import CLASSES, GROUPS, MEANING
from pactrisk.quantities import NO_DURATION
from pactrisk.question import Question
from pactrisk.samplers import REPLICATES
from pactrisk.scenario import Scenario
from pactrisk.streams import BLOCK

__all__ = ["GLOSSARY", "defined", "vocabulary"]

GLOSSARY = {
    "world": "one draw of everything that is not known; it holds many trials",
    "trial": "one simulated history, from the signature to the horizon",
    "number": "whatever a file gives a value to: plain, or with its papers. In a rare event or a precision it "
    "is how many agreements are in substantive cooperation",
    "value": 'a number with its own papers is written { value = 0.05, source = "a survey of 2024" }',
    "spread": "a number that is not known, written as quantiles, such as { p10 = 9, p90 = 24 }, or as a named "
    "distribution; drawn once a world",
    "distribution": 'the name of a law, as in { distribution = "uniform", low = 1, high = 3 }: one of '
    f"{', '.join(FAMILIES)}",
    "min": "below this nothing of a distribution is kept: { p10 = 9, p90 = 24, min = 6 }. In a formula the least of "
    "some numbers: min(oil, gas)",
    "max": "above this nothing of a distribution is kept. In a formula the largest of some numbers: max(70 - oil, 0)",
    "expression": "what is worked out from names: numbers, + - * / **, comparisons such as oil < 50, and, or, not, "
    f"brackets, and the functions {', '.join(FUNCTIONS)}. What holds is 1, what does not is 0",
    "abs": "in a formula, a number without its sign: abs(oil - 70)",
    "exp": "in a formula, e to the power of a number: exp(-gap)",
    "log": "in a formula, the natural logarithm of a number above 0: log(oil)",
    "sqrt": "in a formula, the square root of a number not below 0: sqrt(gap)",
    "clip": "in a formula, a number kept between two others: clip(oil, 40, 90)",
    "where": "in a formula, one of two numbers, by what holds: where(oil < 50, 1, 0.5)",
    "extends": 'the baseline of a scenario file that lists only what differs: extends = "NAME". Tables are merged key '
    "by key and agreements by their id; any other list, such as shocks, replaces that of the baseline",
    "remove": 'what a scenario file that extends another leaves out of it: remove = ["drivers.gas"]',
    "driver": "an outside series that nobody at the table controls: a price, a war, a route, elections",
    "agreement": "one document of the portfolio: milestones on a clock, perhaps a flow, perhaps an ending",
    "portfolio": "all agreements of a scenario together",
    "tag": "a label of an agreement, its sector or a party, stakeholder or beneficiary: results are told by tags too",
    "tags": "the labels of an agreement: its sector, parties, stakeholders and beneficiaries",
    "milestone": "a dated, observable act: formal on paper or at a table, material in goods, money or people",
    "pace": "how fast work goes: 1 undisturbed, 0.5 half speed, 0 standstill",
    "ceremony": "from 0 to 1: formal milestones done and ceremonial events since the signature, within the window of "
    "the rule",
    "delivery": "from 0 to 1: depth times the weighted share of material milestones and flow achieved",
    "total": "in a formula, what the flow of an agreement has delivered since signature, as in rail.total; rail.flow "
    "is what it delivered in the last twelve months",
    "noise": "how far an estimate may be off because trials are few; more trials shrink it",
    "ignorance": "how much of the uncertainty comes from numbers that are not known; knowledge shrinks it",
    "chance": "what would remain uncertain even if every number were known; nothing shrinks it",
    "interval": "where the true value lies at the config's level of confidence, were the model right",
    "paired": "compared trial by trial on the same random numbers, so that only the edit differs",
    "shock": "a dated departure written into a scenario, or a condition looked back on",
    "source": "where a number comes from: said of a table it holds for all numbers in it, unless one says its own",
    "trust": "how far a source is trusted: A official or peer-reviewed, B serious single source, C press, or judgement",
    "judgement": "a grade of trust: nobody measured the number, somebody judged it",
    "variant": "the same scenario with named edits, or another that extends it",
    "question": "what a config asks: scenario, horizon, trials, variants, the rule",
    "horizon": "how far is simulated",
    "plain": "a sampler: every number is drawn by itself",
    "antithetic": "a sampler: of two trials one takes what mirrors the draws of the other",
    "latin": "a sampler: the draws of each number are spread evenly over its whole range (Latin hypercube)",
    "sobol": "a sampler: the draws of many numbers fill their space evenly together (scrambled Sobol points)",
    "block": f"{BLOCK:,} trials, which are made at once by one worker and kept when they are done",
    "replicate": f"a part of the trials that is drawn apart from every other: {BLOCK // REPLICATES} of them, where the "
    "sampler is not plain. An interval comes from how far replicates differ",
    "processes": "an executor: processes of this machine make the blocks, as many as workers says",
    "threads": "an executor: threads of this process make the blocks, where no process may be started",
    "alone": "an executor: this process makes the blocks, one after another",
    "dask": "an executor: the workers of the Dask scheduler whose address is given make the blocks, on many machines",
    "almost no chance": "a chance below 5%, in the words of ICD 203",
    "very unlikely": "a chance of 5 to 20%, in the words of ICD 203",
    "unlikely": "a chance of 20 to 45%, in the words of ICD 203",
    "roughly even chance": "a chance of 45 to 55%, in the words of ICD 203",
    "likely": "a chance of 55 to 80%, in the words of ICD 203",
    "very likely": "a chance of 80 to 95%, in the words of ICD 203",
    "almost certain": "a chance above 95%, in the words of ICD 203",
}
"""Each word with its meaning."""
_QUANTILES = "p01 to p99"


def defined(word: str) -> tuple[str, str, tuple[tuple[str, str], ...]] | None:
    """Title, meaning and rows of a word that is no key, if it is one."""
    if word in FAMILIES:
        family = FAMILIES[word]
        of = (("of", "a number, and no duration"),) if word in NO_DURATION else ()
        return f'distribution = "{word}"', family.meaning, (("takes", ", ".join(family.above)), *of)
    if word in MEANING:
        return word, MEANING[word], (("group", next(name for name, held in GROUPS.items() if word in held)),)
    if word in GROUPS:
        classes = GROUPS[word]
        return word, f"the class{'es' if len(classes) > 1 else ''} {' and '.join(classes)}", ()
    if word == _QUANTILES:
        return word, "quantiles of a number that is not known: it is thought to lie below p10 with a chance of 10%", ()
    if re.fullmatch(r"p[0-9][0-9]", word) and word != "p00":
        level = int(word[1:])
        return word, f"the {level}% quantile: the true value is thought to lie below it with a chance of {level}%", ()
    if word in GLOSSARY:
        return word, GLOSSARY[word], ()
    held = tuple((name, family.meaning) for name, family in FAMILIES.items() if word in family.above)
    return (word, "a number that a named distribution takes", held) if held else None


def vocabulary() -> dict[str, tuple[str, ...]]:
    """Every word that can be explained without a scenario, by what sort of word it is."""

    def keys(model: type[Scenario] | type[Question]) -> tuple[str, ...]:
        return tuple(sorted({word for place in places(model) for word in place.spec.model_fields}))

    return {
        "keys of a scenario": keys(Scenario),
        "keys of a config": keys(Question),
        "kinds of driver": tuple(sorted(KINDS)),
        "distributions": tuple(FAMILIES),
        "numbers of distributions": tuple(sorted({word for family in FAMILIES.values() for word in family.above})),
        "classes and groups": (*CLASSES, *GROUPS),
        "words": tuple(GLOSSARY),
        "quantiles": (_QUANTILES,),
    }
