"""The rule: ordered, exclusive, exhaustive. And the five guards between ceremony and delivery."""

from __future__ import annotations

import ast
import math
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pactrisk.agreements import Agreement, Clocks, Progress, follow
from pactrisk.drivers import simulate
from pactrisk.grid import TimeGrid
from pactrisk.kernels.progress import NEVER
from pactrisk.lint import faults
from pactrisk.outcomes import CLASSES, GROUPS, MEANING, Rule, classify, group_members
from pactrisk.quantities import Worlds
from pactrisk.scenario import Scenario
from pactrisk.streams import Streams
from small_world import data

SIGNED = date(2026, 2, 27)
PACKAGE = Path(__file__).parent.parent / "simsrc" / "pactrisk"

ANY = Agreement.model_validate({"id": "a", "milestones": {"x": {"track": "material", "duration": 1.0, "weight": 1.0}}})


def told(
    delivery: float, honours: float, signed: float = 0.0, ended: float = math.inf, present: bool = True, steps: int = 20
) -> Progress:
    # one material milestone done on the first day, worth all that is delivered; honours as events of every month
    # loops take milestones by fours: what is filled up is never done
    here = np.array([[0.0], *[[NEVER]] * 3])
    nothing, none = np.empty((0, 0)), np.empty(0)
    flow = (none, none, none, nothing, none, 0.0)
    compact = (
        *(here, np.array([delivery, 0.0, 0.0, 0.0]), np.empty((0, 1)), none, 24),
        *(np.full((steps + 1, 1), honours), np.ones(1) * present, np.array([ended]), *flow, np.ones(1), 1.0, 12),
    )
    return Progress(ANY, signed, np.array([present]), np.array([ended]), {}, steps + 1, compact)


def class_at(rule: Rule, progress: Progress, k: int) -> str:
    return CLASSES[classify(rule, progress, TimeGrid(SIGNED, 20))[k, 0]]


def by_the_table(rule: Rule, delivery: float, ceremony: float, age: float, ended: bool, present: bool) -> str:
    """The table of the design, line by line."""
    if not present:
        return "absent"
    if ended:
        return "reversed"
    if delivery >= rule.substantive:
        return "substantive"
    if delivery >= rule.partial:
        return "partial"
    if delivery >= rule.token:
        return "token"
    if age < rule.pending:
        return "pending"
    if ceremony >= rule.symbolic:
        return "symbolic"
    return "dormant"


SHARES = st.one_of(st.sampled_from([0.0, 0.1, 0.33, 0.67, 1.0]), st.floats(0.0, 1.0))


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    delivery=SHARES,
    honours=st.one_of(st.just(0.0), st.floats(0.0, 5.0)),
    k=st.integers(0, 20),
    signed=st.sampled_from([0.0, 3.5, 8.0]),
    ended=st.one_of(st.just(math.inf), st.floats(0.0, 25.0)),
    present=st.booleans(),
    rule=st.sampled_from(
        [Rule(), Rule(substantive=0.5, partial=0.25), Rule(pending=0.0, symbolic=0.9), Rule(symbolic=1.0)]
    ),
)
@example(0.67, 0.0, 20, 0.0, math.inf, True, Rule())
@example(0.0, 0.0, 12, 0.0, math.inf, True, Rule())
@example(0.9, 9.0, 20, 0.0, 20.0, True, Rule())
def test_the_rule_is_the_table(
    delivery: float, honours: float, k: int, signed: float, ended: float, present: bool, rule: Rule
) -> None:
    cuts = [c for c in (rule.substantive, rule.partial, rule.token) if 0 < abs(delivery - c) < 1e-8]
    ceremony = 1 - math.exp(-honours)
    if cuts or 0 < abs(ceremony - rule.symbolic) < 1e-8:
        return  # closer to a cut than sums of weights can be told apart
    truth = by_the_table(rule, delivery, ceremony, k - signed, ended <= k, present)
    assert class_at(rule, told(delivery, honours, signed, ended, present), k) == truth


def test_sums_of_weights_reach_the_cut_they_were_written_for() -> None:
    for sum_ in (0.34 + 0.33, 0.1 + 0.2 + 0.37, 0.67 - 1e-16, 1 - 0.33):
        assert class_at(Rule(), told(sum_, 0.0), 20) == "substantive"
    assert class_at(Rule(), told(0.6699, 0.0), 20) == "partial"
    assert class_at(Rule(), told(0.3 * 1.1, 0.0), 20) == "partial"
    assert class_at(Rule(token=0.3), told(0.1 + 0.2, 0.0), 20) == "token"
    assert class_at(Rule(), told(0.0, -math.log(0.67)), 20) == "symbolic"
    assert class_at(Rule(), told(0.0, -math.log(0.67) - 1e-6), 20) == "dormant"


def test_age_is_counted_from_its_own_signature() -> None:
    assert class_at(Rule(), told(0.0, 0.0, signed=8.5), 20) == "pending"
    assert class_at(Rule(), told(0.0, 0.0, signed=8.0), 20) == "dormant"
    assert class_at(Rule(), told(0.0, 0.0, signed=-12.0), 0) == "dormant"


def test_a_slice_of_dates_is_a_slice_of_classes() -> None:
    grid, progress = TimeGrid(SIGNED, 20), told(0.2, 1.0, ended=15.0)
    whole = classify(Rule(), progress, grid)
    for k in (slice(10, 11), slice(12, 20), slice(0, 0), slice(20, 21)):
        assert (classify(Rule(), progress, grid, k) == whole[k]).all()


def test_cuts_must_fall() -> None:
    for law in ({"partial": 0.67}, {"token": 0.4}, {"substantive": 0.3}):
        with pytest.raises(ValidationError, match="cuts must fall"):
            Rule(**law)


def test_every_class_is_in_one_group_and_has_a_meaning() -> None:
    members = [name for names in GROUPS.values() for name in names]
    assert sorted(members) == sorted(CLASSES) == sorted(MEANING)
    assert group_members("substantive cooperation") == (0, 1)
    assert sorted(place for group in GROUPS for place in group_members(group)) == list(range(len(CLASSES)))


# ---- the five guards


def world(visits: float = 2.0, weights: float = 1.0, effect: float = 0.0) -> dict[str, Progress]:
    """Two agreements whose work waits for formal acts, under visits."""
    milestones: dict[str, Any] = {
        "signing": {"track": "formal", "duration": 0.0, "weight": 0.3 * weights},
        "plan": {"track": "formal", "after": "signing", "duration": {"p10": 2, "p90": 14}, "weight": 0.25 * weights},
        "contract": {"track": "material", "after": "plan", "duration": {"p10": 3, "p90": 20}, "weight": 0.4},
    }
    flow = {"unit": "t", "target": 10.0, "after": "contract", "ramp": 6.0, "variation": 0.2}
    agreement = {
        "milestones": milestones,
        "flow": flow,
        "frailty": 0.3,
        "ending": {"rate": 0.05},
        "ceremonies": [{"driver": "visits", "weight": 0.2 * weights}],
    }
    scenario = Scenario.from_data(
        {
            "title": "T",
            "signed": SIGNED,
            "ceremony_effect": effect,
            "drivers": {"visits": {"kind": "events", "rate": visits}},
            "agreements": [{"id": name, **agreement} for name in ("a", "b")],
        }
    )
    grid, worlds = TimeGrid(SIGNED, 48), Worlds(Streams(4, 0, 1000), 1)
    paths = simulate(scenario.drivers, scenario.factors, scenario.shocks, worlds, grid)
    clocks = Clocks(scenario.paces, scenario.ceremony_effect, 24, paths, worlds, grid)
    return follow(scenario.agreements, scenario.frailties, clocks)


def test_guard_1_nothing_formal_counts_in_delivery() -> None:
    """All formal acts done and honoured, nothing material: delivery is zero, to the bit, in every trial."""
    for progress in world().values():
        nothing = np.isinf(progress.done["contract"])
        assert nothing.any()
        assert (progress.honours[48, nothing] > 0).any()
        assert (progress.delivery[:, nothing] == 0.0).all()


def test_guard_2_tripling_the_visits_leaves_delivery_identical() -> None:
    before, after = world(), world(visits=6.0)
    for name, progress in before.items():
        assert (after[name].delivery == progress.delivery).all()
        assert after[name].ceremony.mean() > progress.ceremony.mean() + 0.1


def test_guard_3_tripling_the_weights_of_ceremony_leaves_delivery_identical() -> None:
    before, after = world(), world(weights=3.0)
    for name, progress in before.items():
        assert (after[name].delivery == progress.delivery).all()
        np.testing.assert_allclose(after[name].honours, 3 * progress.honours, rtol=1e-9, atol=1e-12)
        assert (after[name].honours > 0).any()


def test_guard_4_one_named_number_is_the_only_way_across() -> None:
    assert Scenario.model_fields["ceremony_effect"].default == 0.0
    plain, linked, more = world(), world(effect=0.5), world(effect=0.5, visits=6.0)
    for name, progress in plain.items():
        assert linked[name].delivery[48].mean() > progress.delivery[48].mean()
        assert more[name].delivery[48].mean() > linked[name].delivery[48].mean()
        sooner = np.isfinite(progress.done["contract"])
        assert (linked[name].done["contract"][sooner] <= progress.done["contract"][sooner]).all()


def test_guard_4_where_no_visits_are_named_the_effect_changes_nothing() -> None:
    """The effect is that of ceremonial events, never of formal milestones."""
    quiet, linked = world(weights=0.0), world(weights=0.0, effect=0.9)
    for name, progress in quiet.items():
        assert (linked[name].delivery == progress.delivery).all()


CEREMONIAL = {"ceremony", "honours"}


def words_in(node: ast.AST) -> set[str]:
    found = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return found | {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}


def mixtures(tree: ast.AST) -> list[str]:
    """Arithmetic, products and sums that have both ceremony and delivery in them."""
    found = []
    for node in ast.walk(tree):
        called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        adds = called in ("add", "subtract", "multiply", "dot", "average", "sum", "mean", "maximum", "minimum")
        if isinstance(node, ast.BinOp | ast.AugAssign) or adds:
            words = words_in(node)
            if "delivery" in words and words & CEREMONIAL:
                found.append(ast.unparse(node))
    return found


def test_guard_5_no_function_computes_with_both() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        assert not mixtures(ast.parse(path.read_text())), path
    # the scan sees what it is there to see
    for planted in (
        "score = ceremony + delivery",
        "x += 0.5 * p.delivery * p.honours",
        "np.add(a.ceremony, b.delivery)",
    ):
        assert mixtures(ast.parse(planted))


def test_guard_5_no_quantity_can_read_ceremony() -> None:
    """The names that a formula may read of an agreement do not include it."""
    from pactrisk.ensemble.block import Simulated

    progress = world()
    simulated = Simulated(None, None, progress, np.zeros((2, 49, 1000), np.int8), {})  # type: ignore[arg-type]
    assert simulated.read("a.delivery", 1) is progress["a"].delivery
    for word in ("ceremony", "honours"):
        with pytest.raises((KeyError, ValueError)):
            simulated.read(f"a.{word}", 1)


def test_guard_5_no_quantity_can_mix_a_formal_act_with_delivery() -> None:
    """Apart each may be read; together they would be a score of cooperation."""
    for expression, mixes in (
        ("grain.delivery + grain.signing", True),
        ("grain.flow * rail.plan", True),
        ("grain.contract - science.plan", True),
        ("grain.signing + rail.plan", False),
        ("grain.delivery + rail.contract + grain.total", False),
    ):
        tables = data()
        tables["quantities"] = {"mix": {"expression": expression}}
        found = [f for f in faults(Scenario.from_data(tables)) if f.path == ("quantities", "mix", "expression")]
        assert bool(found) == mixes, expression
