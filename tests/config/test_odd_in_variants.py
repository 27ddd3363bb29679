"""What is odd about a scenario is no remark where a variant makes something of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from first_steps import taken

EFFECT = '{ driver = "border", state = "closed", factor = 0.3 }'
FAIR = '[drivers.fair]\nkind = "trend"\nsource = "x"\nvalues = [{ date = 2026-03-01, value = 0 }]'
VISITS = '[drivers.visits]\nkind = "events"\nsource = "x"\nrate = 0'
READS_FAIR = (EFFECT, f'{EFFECT}, {{ driver = "fair", above = 0.5, factor = 2 }}')
READS_VISITS = (EFFECT, f'{EFFECT}, {{ driver = "visits", above = 0.5, factor = 2 }}')


@pytest.mark.parametrize(
    ("world", "edit", "odd"),
    [
        ([("", FAIR), READS_FAIR], '"drivers.fair.values.0.value" = 1', ""),
        ([("", FAIR), READS_FAIR], '"paces.works.effects.2.above" = -1', ""),
        ([("", FAIR), READS_FAIR], '"paces.works.effects.2.factor" = 3', "paces.works.effects.fair/above.above"),
        ([("", VISITS), READS_VISITS], '"drivers.visits.rate" = 4', ""),
        ([("", VISITS), READS_VISITS], '"drivers.visits.half_life" = 4', "drivers.visits.rate"),
    ],
)
def test_what_a_variant_sets_off_is_no_remark(
    tmp_path: Path, world: list[tuple[str, str]], edit: str, odd: str
) -> None:
    variant = f'[variants.other]\nsource = "x"\nset = {{ {edit} }}'
    assert [remark.path for remark in taken(tmp_path, world).remarks]
    told = [remark.path for remark in taken(tmp_path, world, [("", variant)]).remarks]
    assert told == [odd] * bool(odd)


def test_what_a_variant_does_not_hold_is_still_odd(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios/less.toml").write_text('extends = "first-steps"\nremove = ["drivers.fair"]\n', "utf-8")
    variant = '[variants.less]\nsource = "x"\nscenario = "less"'
    loaded = taken(tmp_path, [("", FAIR)], [("", variant)])
    assert [remark.path for remark in loaded.remarks] == ["drivers.fair"]
