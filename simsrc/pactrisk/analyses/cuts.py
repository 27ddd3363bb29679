"""The cuts moved: the headline told again with other cuts, on the same trials."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from pactrisk.cuts import moved_rules
from pactrisk.ensemble import Block, Plan, Reading, Sums, store
from pactrisk.estimators import Estimates, Moments, difference, how_many, how_many_more, proportion
from pactrisk.findings import Finding, Intervals, Table
from pactrisk.findings.comparing import more_or_fewer
from pactrisk.findings.ledger import Ledger, joined
from pactrisk.findings.wording import listed, number_text
from pactrisk.outcomes import CUTS, Rule, classify, in_group
from pactrisk.outcomes import GROUPS as ALL_GROUPS

TITLE = "The cuts moved"
ORDER = 80

GROUPS = ("substantive cooperation", "symbolic diplomacy", "failed")
"""The groups whose sizes make the verdict."""


def observe(block: Block) -> Sums:
    """Groups under every set of cuts, the question's own first, and differences from it trial by trial.

    ``groups`` and ``apart`` (cuts, group, agreement), ``numbers`` and ``number_apart`` (cuts, group), ``leads`` (cuts,
    group, group): how many more agreements are in the one group than in the other.
    """
    rules = _rules(block.plan)
    if len(rules) == 1:
        return {}
    m = block.trials_per_replicate
    groups = np.stack([_groups(block, rule) for rule in rules.values()])
    numbers = groups.sum(axis=2, dtype=np.int16)
    sums = store("groups", Moments.from_trials(groups, m))
    sums |= store("apart", Moments.from_trials(groups.view(np.int8) - groups[0].view(np.int8), m))
    sums |= store("numbers", Moments.from_trials(numbers, m))
    sums |= store("number_apart", Moments.from_trials(numbers - numbers[0], m))
    return sums | store("leads", Moments.from_trials(numbers[:, :, None] - numbers[:, None, :], m))


def _rules(plan: Plan) -> dict[str, Rule]:
    """The question's own rule, and it with other cuts, by title."""
    question = plan.question
    found = {"as asked": question.rule}
    for name, rule in moved_rules(question.rule, question.cuts).items():
        title = question.cuts[name].title or name
        found[f"{title} ({name})" if title in found else title] = rule
    return found


def _groups(block: Block, rule: Rule) -> npt.NDArray[np.bool_]:
    """Whether each agreement is in each group at the headline, shape (group, agreement, trial)."""
    k, progress = block.plan.headline, block.base.progress
    if rule is block.plan.question.rule:
        classes = block.base.classes[:, k]
    else:
        at, every = slice(k, k + 1), block.plan.scenario.ids
        classes = np.stack([classify(rule, progress[id_], block.plan.grid, at)[0] for id_ in every])
    return np.stack([in_group(classes, group) for group in GROUPS])


def find(reading: Reading) -> Finding | None:
    """The number in each group, and each agreement, under other cuts; None where no other cuts are asked for."""
    rules = _rules(reading.plan)
    if len(rules) == 1:
        return None
    n, level = len(reading.names), reading.level
    numbers = how_many(reading.own("numbers"), level, n)
    untouched = _untouched(rules)
    number_apart = how_many_more(reading.own("number_apart"), level, (-n, n)).known(untouched)
    leads = how_many_more(reading.own("leads"), level, (-n, n))
    groups = proportion(reading.own("groups"), level)
    apart = difference(reading.own("apart"), level).known(untouched[:, :, None])
    verdicts = [_verdict(leads[c], numbers[c]) for c in range(len(rules))]
    judged = _judged(reading)
    return Finding(
        "cuts",
        TITLE,
        _sentence(rules, numbers, number_apart, groups, verdicts, reading.names, judged),
        tables=(_overview(rules, numbers, number_apart, verdicts), _each(reading, rules, groups, apart)),
        figures=(_figure(reading, rules, groups),),
        notes=(
            "The same trials are judged by each set of cuts, so differences are those of the cuts alone. Where no cut "
            "that a group rests on is moved, the difference is nought by definition and has no interval.",
            "The verdict is the group that the most agreements are expected in"
            f"{f', of those {judged}' if judged else ''}; two that cannot be told apart share "
            "it. A ranking changes where one agreement is above another under the cuts as asked, below it "
            "under the others, and their intervals are apart both times.",
        ),
    )


_RESTS_ON = {
    "substantive cooperation": ("partial",),
    "symbolic diplomacy": ("partial", "token", "symbolic"),
    "failed": ("token", "symbolic"),
}
"""Cuts that can move each group: the others only part the classes within it."""


def _untouched(rules: Mapping[str, Rule]) -> npt.NDArray[np.bool_]:
    """Whether a set of cuts cannot move a group, since those that it rests on are as asked; shape (cuts, group)."""
    own = next(iter(rules.values()))
    return np.array(
        [
            [all(getattr(rule, word) == getattr(own, word) for word in _RESTS_ON[group]) for group in GROUPS]
            for rule in rules.values()
        ]
    )


def _judged(reading: Reading) -> str:
    """What an agreement must be to be in one of the groups at all, where it may not be: there, and of age."""
    early = list(ALL_GROUPS).index("too early")
    young = bool((reading.shared("groups").total[:, reading.plan.headline, early] > 0).any())
    parts = [("in the portfolio", not reading.surely.all()), ("old enough to judge", young)]
    return listed([words for words, holds in parts if holds])


def _verdict(leads: Estimates, numbers: Estimates) -> tuple[str, ...]:
    """The groups that no other surely exceeds, of leads of shape (group, group); none where no agreement is in any."""
    if not numbers.value.any():
        return ()
    return tuple(group for g, group in enumerate(GROUPS) if not np.any(leads.low[:, g] > 0))


def _named(verdict: tuple[str, ...]) -> str:
    if not verdict:
        return "none"
    return verdict[0] if len(verdict) == 1 else f"a tie of {listed(list(verdict))}"


def _swaps(own: Estimates, other: Estimates) -> int:
    """Pairs of agreements whose order turns round and is told apart both times, of chances of shape (agreement,)."""
    above, still = (found.low[:, None] > found.high[None, :] for found in (own, other))
    return int((above & still.T).sum())


def _sentence(
    rules: Mapping[str, Rule],
    numbers: Estimates,
    apart: Estimates,
    groups: Estimates,
    verdicts: list[tuple[str, ...]],
    names: tuple[str, ...],
    judged: str,
) -> str:
    own, parts = numbers.at(0, 0), []
    others = list(enumerate((title.partition(":")[0] for title in rules), 0))[1:]
    for c, title in others:
        one, change = numbers.at(c, 0), apart.at(c, 0)
        told = more_or_fewer(change.value, change.low, change.high, one)
        parts.append(f"under the {title} cuts {number_text(one.value, one.low, one.high)}, {told}")
    said = (
        f"As asked, {number_text(own.value, own.low, own.high)} of {_agreements(len(names))} expected in "
        f"substantive cooperation; {'; '.join(parts)}."
    )
    if not any(verdicts):
        return f"{said} No agreement is {judged} in any trial: there is no verdict that cuts could move."
    largest = f"the largest group{f' of those {judged}' if judged else ''}"
    leader = _named(verdicts[0])
    turned = [(c, title) for c, title in others if not set(verdicts[c]) & set(verdicts[0])]
    blurred = [(c, title) for c, title in others if verdicts[c] != verdicts[0] and (c, title) not in turned]
    swapped = [title for c, title in others if _swaps(groups[0, 0], groups[c, 0])]
    if not turned and not blurred and not swapped:
        known = len(verdicts[0]) == 1 and not _vague(apart, len(names))
        return f"{said} {_unmoved(f'{largest}: {leader}', known, groups[0, 0])}"
    for c, title in turned:
        other = _named(verdicts[c])
        said += f" The verdict, {largest}, hangs on the cuts: {leader} as asked, {other} under the {title} ones."
    for c, title in blurred:
        said += f" The verdict, {largest}, is {leader} as asked, {_named(verdicts[c])} under the {title} cuts."
    if swapped and not turned and not blurred:
        said += f" The verdict, {largest}, is {leader} under all of them."
    if swapped:
        too = " too" if turned or blurred else ""
        said += f" The ranking of agreements hangs on the cuts{too}: it turns under the {listed(swapped)} ones."
    return f"{said} Rule of thumb: quote the headline with its cuts."


def _agreements(n: int) -> str:
    return "1 agreement is" if n == 1 else f"{n} agreements are"


def _unmoved(verdict: str, known: bool, chances: Estimates) -> str:
    """Of a verdict and a ranking that no other cuts are seen to move: whether they are ``known`` well enough to be."""
    few, verdict = "These trials are too few to tell", f"the verdict ({verdict})"
    several, ranked = len(chances.value) > 1, bool((chances.low[:, None] > chances.high[None, :]).any())
    if not known:
        ranking = "" if ranked or not several else " or the ranking of agreements"
        kept = " The ranking of agreements does not." if ranked else ""
        return f"{few} whether {verdict}{ranking} hangs on the cuts.{kept}"
    if several and not ranked:
        return f"T{verdict[1:]} does not hang on the cuts. {few} whether the ranking of agreements does."
    both = f"Neither {verdict} nor the ranking of agreements hangs" if several else f"T{verdict[1:]} does not hang"
    return f"{both} on the cuts: read the headline as it stands."


def _vague(apart: Estimates, n: int) -> bool:
    """Whether a difference that does not show could be of any size, of differences of shape (cuts, group)."""
    return bool(((apart.low <= 0) & (apart.high >= 0) & (apart.high - apart.low >= n)).any())


def _overview(
    rules: Mapping[str, Rule], numbers: Estimates, apart: Estimates, verdicts: list[tuple[str, ...]]
) -> Table:
    ledger = Ledger().plain("cuts", "Cuts", list(rules))
    ledger.plain("verdict", "Verdict", [_named(verdict) for verdict in verdicts])
    for word in CUTS:
        ledger.plain(word, word.capitalize(), [f"{getattr(rule, word):g}" for rule in rules.values()])
    for g, group in enumerate(GROUPS):
        name = group.replace(" ", "_")
        ledger.estimates(name, f"Number: {group}", numbers[:, g], "number")
        ledger.estimates(f"{name}_difference", f"Against as asked: {group}", apart[:, g], "change")
    return ledger.table(
        "cuts",
        "How many agreements are in each group under other cuts",
        "Cuts of delivery and, for symbolic, of ceremony; expected numbers and paired differences.",
    )


def _each(reading: Reading, rules: Mapping[str, Rule], groups: Estimates, apart: Estimates) -> Table:
    ids, names, shown = reading.plan.scenario.ids, reading.names, GROUPS[:2]
    ledger = Ledger().plain("cuts", "Cuts", [title for title in rules for _ in ids])
    ledger.hidden("agreement", list(ids) * len(rules)).plain("title", "Agreement", list(names) * len(rules))
    for g, group in enumerate(shown):
        name = group.replace(" ", "_")
        ledger.estimates(name, group.capitalize(), joined([groups[:, g]]))
        ledger.estimates(f"{name}_difference", "Against as asked", joined([apart[:, g]]))
    return ledger.table(
        "cuts-by-agreement",
        f"Each agreement under other cuts, {reading.date:%B %Y}",
        "Chances, and paired differences in points.",
    )


def _figure(reading: Reading, rules: Mapping[str, Rule], groups: Estimates) -> Intervals:
    return Intervals(
        name="cuts",
        title="Substantive cooperation under each set of cuts",
        caption=(
            f"Chance by {reading.date:%B %Y}. Where the dots of an agreement are far apart, its verdict is a matter of "
            "definition; where all rows keep their order, the ranking is not."
        ),
        alt="Chance of substantive cooperation of each agreement under each set of cuts, as in the table",
        rows=reading.names,
        series=tuple(rules),
        value=groups.value[:, 0].T,
        low=groups.low[:, 0].T,
        high=groups.high[:, 0].T,
    )
