"""The promises of keyed randomness: what must not move does not move, bit for bit."""

from __future__ import annotations

import random

import numpy as np
import pytest

from pactrisk.ensemble import run, simulate_block
from pactrisk.streams import BLOCK
from small_world import arrays, base, data, plan, same, shuffled


def test_every_part_of_the_world_varies() -> None:
    """A promise about arrays that never vary would be empty."""
    still = [
        name
        for name, value in base().items()
        if value.ndim == 2 and not name.startswith("driver/fair") and np.ptp(value.astype(float), axis=1).max() == 0
    ]
    assert still == []


def test_another_seed_and_another_block_move_everything_random() -> None:
    first = base()
    for other in (base(seed=8), base(block=1, trials=4000)):
        moved = {name for name, value in first.items() if not np.array_equal(value, other[name])}
        assert moved >= {name for name in first if name.startswith("driver/") and name != "driver/fair"}


def test_one_more_driver_moves_nothing_else() -> None:
    more = data()
    more["drivers"]["copper"] = {
        "kind": "mean_reverting", "initial": 9.0, "level": {"p10": 8, "p90": 11}, "half_life": 20, "volatility": 0.2,
        "factors": {"demand": 0.4},
    }  # fmt: skip
    more["drivers"]["alarm"] = {"kind": "events", "rate": 2.0}
    more["factors"]["metals"] = {}
    same(base(), base(more))


def test_one_more_agreement_moves_nothing_else() -> None:
    more = data()
    extra = {"id": "aaa", "template": "memorandum", "milestones": {"contract": {"weight": 1.0}}, "frailty": 0.9}
    more["agreements"].insert(0, extra)
    same(base(), base(more))


def test_one_more_milestone_and_effect_elsewhere_moves_nothing_else() -> None:
    more = data()
    more["agreements"][2]["milestones"]["review"] = {"track": "formal", "after": "contract", "duration": 3}
    more["paces"]["idle"] = {"effects": [{"driver": "gold", "elasticity": {"p10": 0.1, "p90": 0.9}}]}
    same(base(), base(more))


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_entries_moves_nothing(seed: int) -> None:
    same(base(), base(shuffled(data(), random.Random(seed))))


def test_a_longer_horizon_keeps_the_earlier_part() -> None:
    short, long = base(horizon=24), base(horizon=36)
    for name, value in short.items():
        other = long[name]
        if value.ndim == 2:
            assert np.array_equal(value, other[: len(value)]), name
        elif value.dtype == float:  # months: those beyond the shorter horizon are not seen from it
            assert np.array_equal(value, np.where(other <= 24, other, np.inf)), name
        else:
            assert np.array_equal(value, other), name


def test_more_trials_keep_the_earlier_blocks() -> None:
    same(base(trials=2000), base(trials=6000))


def test_trials_cut_short_are_the_first_worlds_of_the_block() -> None:
    whole = simulate_block(plan(trials=2000), 0)
    cut = simulate_block(plan(trials=500), 0)
    keep = np.arange(BLOCK) % whole.worlds < cut.worlds
    assert cut.trials == 500
    assert np.array_equal(cut.base.classes, whole.base.classes[:, :, keep])
    full, part = arrays(whole.base), arrays(cut.base)
    assert all(np.array_equal(value, full[name][..., keep]) for name, value in part.items())


def test_variants_differ_only_by_what_was_edited() -> None:
    other = data()
    other["drivers"]["gold"]["volatility"] = 0.3
    other["agreements"][2]["milestones"]["contract"]["never"] = 0.9
    first, second = base(), base(other)
    moved = {name for name, value in first.items() if not np.array_equal(value, second[name])}
    assert moved == {"driver/gold", "science/done/contract", "science/delivery", "science/classes"}


def test_an_edit_that_changes_nothing_changes_nothing() -> None:
    asked = plan(variants={"same": data()})
    found = run(plan(trials=2000, variants={"same": data()}), {}, 1)
    assert (
        simulate_block(asked, 0).variants["same"].tobytes()
        == simulate_block(plan(), 0).base.classes[:, asked.headline].tobytes()
    )
    assert int(found["trials"]) == 2000


def test_a_longer_duration_moves_that_milestone_later_in_every_trial() -> None:
    slower = data()
    slower["templates"]["memorandum"]["milestones"]["contract"]["duration"]["scale"] = 12
    first, second = base(), base(slower)
    for id_ in ("grain", "rail", "science"):
        before, after = first[f"{id_}/done/contract"], second[f"{id_}/done/contract"]
        assert np.all(after >= before)
        assert np.any(after > before)
        assert np.array_equal(first[f"{id_}/done/plan"], second[f"{id_}/done/plan"])


def test_a_spread_shared_through_a_template_is_one_draw_a_world() -> None:
    block = simulate_block(plan(), 0)
    shared = [address for address in block.base.levels if address.endswith("milestones.contract.never")]
    assert shared == ["templates.memorandum.milestones.contract.never"]


def test_without_uncertain_numbers_every_trial_is_its_own_world() -> None:
    tables = data()
    plain = {"level": 70.0}
    tables["drivers"]["oil"] |= plain
    tables["drivers"]["war"]["states"]["cold"]["duration"] = {"p50": 18, "p90": 60}
    tables["shocks"][0]["size"] = 0.3
    tables["paces"]["works"]["effects"][0]["factor"] = 0.5
    memorandum = tables["templates"]["memorandum"]["milestones"]
    memorandum["plan"]["duration"] = {"p50": 9, "p90": 30}
    memorandum["contract"]["never"] = 0.2
    tables["agreements"][0] |= {"depth": 0.8}
    tables["agreements"][0]["flow"]["capacity"] = 120
    tables["agreements"][1]["presence"] = 1
    assert plan(tables).trials_per_world == 1
    tables["agreements"][1]["presence"] = 0.8
    assert plan(tables).trials_per_world == 20


def test_one_table_used_in_two_places_is_two_numbers() -> None:
    tables = data()
    shared = {"p10": 0.5, "p90": 0.9}
    tables["agreements"][1]["depth"] = tables["agreements"][2]["depth"] = shared
    levels = simulate_block(plan(tables), 0).base.levels
    assert not np.array_equal(levels["agreements.rail.depth"], levels["agreements.science.depth"])


def test_two_effects_that_read_alike_are_told_apart_by_what_they_say() -> None:
    tables = data()
    pair = [
        {"driver": "oil", "below": 60, "factor": {"p10": 0.2, "p90": 0.9}},
        {"driver": "oil", "below": 45, "factor": {"p10": 0.1, "p90": 0.6}},
    ]
    tables["paces"]["works"]["effects"] = pair
    first = base(tables)
    tables["paces"]["works"]["effects"] = pair[::-1]
    same(first, base(tables))
