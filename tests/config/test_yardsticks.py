"""An edit of where a driver begins also moves what effects without a reference are measured from: that is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from pactrisk.config import load, load_scenario
from pactrisk.errors import Problem

WORLD = Path(__file__).parents[2] / "scenarios" / "first-steps.toml"
ASKED = f'scenario = "{WORLD}"\nhorizon = "48 months"\nheadline = "36 months"\n'
MOVED = "moves where oil begins, and with it what paces.works.effects.0 is measured from"
FROM_70 = '"paces.works.effects.0.reference" = 70 beside it keeps that where it was'


def told(odd: tuple[Problem, ...]) -> list[tuple[str, str, str, str]]:
    found = [(problem, problem.place) for problem in odd if problem.message.startswith("moves where")]
    return [(p.path, p.message, p.hint, place.file if place else "") for p, place in found]


@pytest.mark.parametrize(
    ("edits", "moved"),
    [
        ('"drivers.oil.initial" = 45', True),
        ('"drivers.oil.initial" = 45, "drivers.oil.level" = 45', True),
        ("drivers.oil.initial = { p10 = 40, p90 = 50 }", True),
        ('"drivers.oil.initial" = 45, "paces.works.effects.0.reference" = 70', False),
        ('"drivers.oil.initial" = 70', False),
        ('"drivers.oil.level" = 45', False),
        ('"drivers.border.initial" = "closed"', False),
    ],
)
def test_a_variant_that_moves_the_measure_with_the_price_is_remarked_on(
    edits: str, moved: bool, tmp_path: Path
) -> None:
    file = tmp_path / "c.toml"
    file.write_text(f"{ASKED}[variants.other]\nset = {{ {edits} }}\n")
    expected = [("variants.other", MOVED, FROM_70, str(file))] if moved else []
    assert told(load(file).remarks) == expected


def test_what_the_command_line_sets_and_what_a_child_writes_are_edits_too(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(ASKED)
    path, unknown = "drivers.oil.initial", FROM_70.replace(" = 70", "")
    assert told(load(tmp_path / "c.toml", "drivers.oil.initial=45").remarks) == [(path, MOVED, unknown, "--set")]
    child = tmp_path / "s.toml"
    child.write_text(f'extends = "{WORLD}"\n[drivers.oil]\ninitial = 45\n')
    assert told(load_scenario(child)[1]) == [(path, MOVED, unknown, str(child))]
    # one who writes both knows both
    own = 'effects = [{ driver = "oil", elasticity = 0.5 }]'
    child.write_text(f"{child.read_text()}[paces.works]\n{own}\n")
    assert told(load_scenario(child)[1]) == []


def test_effects_of_agreements_go_by_their_id_and_several_are_counted(tmp_path: Path) -> None:
    effects = '[{ driver = "oil", per_unit = 1.01 }, { driver = "oil", elasticity = 1 }]'
    child = tmp_path / "s.toml"
    child.write_text(
        f'extends = "{WORLD}"\n[[agreements]]\nid = "corridor"\nending = {{ rate = 0.1, effects = {effects} }}\n'
    )
    where = "moves where oil begins, and with it what {} is measured from"
    for more, named in (
        ([], "paces.works.effects.0 and 2 more"),
        (["paces.works.effects.0.reference=70"], "agreements.corridor.ending.effects.0 and 1 more"),
    ):
        said = told(load_scenario(child, ["drivers.oil.initial=45", *more])[1])
        assert [message for _, message, *_ in said] == [where.format(named)]
