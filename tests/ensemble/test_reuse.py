"""What a variant takes from the scenario is what it would have worked out by itself, to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from pactrisk.ensemble import Plan, block
from pactrisk.reuse import Reuse
from pactrisk.streams import Streams
from small_world import arrays, data, plan

Tables = dict[str, Any]


def memorandum(tables: Tables, *path: str) -> Any:
    part = tables["templates"]["memorandum"]
    for word in path:
        part = part[word]
    return part


EDITS: dict[str, Callable[[Tables], object]] = {
    "title": lambda t: t.update(title="another"),
    "presence": lambda t: t["agreements"][1].update(presence=0.3),
    "uncertain presence": lambda t: t["agreements"][1].update(presence={"p10": 0.2, "p90": 0.5}),
    "depth": lambda t: t["agreements"][0].update(depth=0.5),
    "a spread's end": lambda t: t["agreements"][0]["depth"].update(p90=0.7),
    "shared factor": lambda t: t["frailties"]["north"].update(sd=0.9),
    "own factor": lambda t: memorandum(t).update(frailty=0.9),
    "no shared factor": lambda t: t["agreements"][2].update(frailties=[]),
    "duration": lambda t: memorandum(t, "milestones", "contract", "duration").update(scale=14),
    "a duration's median": lambda t: memorandum(t, "milestones", "plan", "duration")["p50"].update(p90=20),
    "never": lambda t: memorandum(t, "milestones", "plan").update(never=0.5),
    "weight": lambda t: memorandum(t, "milestones", "plan").update(weight=0.6),
    "after": lambda t: memorandum(t, "milestones", "contract").update(after="signing"),
    "earliest": lambda t: memorandum(t, "milestones", "plan").update(earliest=date(2027, 3, 1)),
    "signed": lambda t: t["agreements"][2].update(signed=date(2026, 12, 1)),
    "hazard": lambda t: memorandum(t, "ending").update(rate=0.3),
    "no ending": lambda t: memorandum(t).pop("ending"),
    "effect on a hazard": lambda t: memorandum(t, "ending")["effects"][0].update(factor=9),
    "ceremony": lambda t: memorandum(t, "ceremonies")[0].update(weight=0.9),
    "ceremony that speeds work": lambda t: t.update(ceremony_effect=0.8),
    "pace": lambda t: t["agreements"][1].update(pace="works"),
    "pace of one milestone": lambda t: t["agreements"][1]["milestones"]["opening"].update(pace="works"),
    "effect on a pace": lambda t: t["paces"]["works"]["effects"][1].update(elasticity=1.5),
    "effect on what includes": lambda t: t["paces"]["transport"]["effects"][0].update(factor=0.6),
    "no longer included": lambda t: t["paces"]["transport"].pop("includes"),
    "capacity": lambda t: t["agreements"][0]["flow"]["capacity"].update(p10=20),
    "ramp": lambda t: t["agreements"][0]["flow"].update(ramp=20),
    "target": lambda t: t["agreements"][0]["flow"].update(target=300),
    "variation": lambda t: t["agreements"][0]["flow"].update(variation=0.9),
    "effect on a flow": lambda t: t["agreements"][0]["flow"]["effects"][0].update(factor=0.9),
    "what a flow waits for": lambda t: t["agreements"][0]["flow"].update(after="plan"),
    "a regime that paces read": lambda t: t["drivers"]["war"]["states"]["hot"].update(duration=30),
    "events that honour": lambda t: t["drivers"]["summits"].update(rate=6.0),
    "a factor that drivers load on": lambda t: t["factors"]["fear"].update(tails=3),
    "one agreement fewer": lambda t: t["agreements"].pop(2),
}
NOTHING = {"title"}


def edited(edit: str) -> Tables:
    tables = data()
    EDITS[edit](tables)
    return tables


def three(asked: Plan, name: str) -> tuple[block.Simulated, block.Simulated, block.Simulated]:
    """The scenario, its variant beside it and the variant alone, in one block."""
    variant, reuse = asked.variants[name], Reuse(keep=True)

    def drawn() -> Streams:
        return Streams(asked.question.seed, 0, sampler=asked.sampler(variant))

    base = block._simulate(asked, asked.scenario, drawn(), reuse)
    known = {driver: base.paths[driver] for driver in asked.unchanged[name]}
    beside = block._simulate(asked, variant, drawn(), Reuse(reuse), known)
    return base, beside, block._simulate(asked, variant, drawn(), Reuse())


@pytest.mark.parametrize("sampler", ["plain", "latin", "sobol"])
@pytest.mark.parametrize("edit", EDITS)
def test_a_variant_beside_the_scenario_is_the_variant_alone(edit: str, sampler: str) -> None:
    asked = plan(variants={edit: edited(edit)}, sampler=sampler, trials_per_world=5)
    base, beside, alone = (arrays(one) for one in three(asked, edit))
    assert beside.keys() == alone.keys()
    assert [name for name, value in alone.items() if not np.array_equal(value, beside[name])] == []
    moved = base.keys() != alone.keys() or any(not np.array_equal(value, alone[name]) for name, value in base.items())
    assert moved == (edit not in NOTHING), "an edit that moves nothing proves nothing"


def test_what_is_the_same_is_taken_whole() -> None:
    edits = ("title", "target", "own factor")
    asked = plan(variants={edit: edited(edit) for edit in edits})
    taken = {}
    for edit in edits:
        base, beside, _ = three(asked, edit)
        taken[edit] = {id_ for id_, progress in beside.progress.items() if progress is base.progress[id_]}
    assert taken == {"title": set(asked.scenario.ids), "target": {"rail", "science"}, "own factor": set()}


def test_an_array_is_the_same_only_where_it_is_that_one() -> None:
    first, reuse = np.ones(3), Reuse(keep=True)
    made = reuse.of("it", (first, 2.0), lambda: "made")
    assert Reuse(reuse).of("it", (first, 2.0), lambda: "anew") is made
    assert Reuse(reuse).of("it", (np.ones(3), 2.0), lambda: "anew") == "anew"
    assert Reuse(reuse).of("it", (first, 2.5), lambda: "anew") == "anew"
    assert Reuse(reuse).of("it", (first,), lambda: "anew") == "anew"
    assert Reuse(reuse).of("other", (first, 2.0), lambda: "anew") == "anew"
    assert Reuse(Reuse()).of("it", (first, 2.0), lambda: "anew") == "anew"


def test_who_is_not_to_keep_keeps_nothing() -> None:
    reuse = Reuse()
    reuse.of("it", (), lambda: "made")
    assert Reuse(reuse).of("it", (), lambda: "anew") == "anew"
