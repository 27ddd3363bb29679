"""What is removed from a baseline and still named there is told once, where it is removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from first_steps import refused, taken, written
from pactrisk.config import load
from pactrisk.errors import InputError, Problem

TRADE = "agreements.farm_trade"


def told(folder: Path, *lines: str) -> list[Problem]:
    """What is wrong with a scenario that extends the first small world."""
    written(folder)
    text = "\n".join(('extends = "first-steps"', 'title = "Less"', *lines))
    (folder / "scenarios/less.toml").write_text(text, encoding="utf-8")
    asked = folder / "configs/less.toml"
    asked.write_text('scenario = "less"\nhorizon = "48 months"', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(asked)
    assert all(problem.place is not None for problem in caught.value.problems)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("removed", "readers"),
    [
        ("drivers.oil", "paces.works.effects.oil/elasticity.driver"),
        ("paces.works", f"agreements.corridor.pace, {TRADE}.pace"),
        ("agreements.corridor", f"{TRADE}.flow.after.1"),
        ("agreements.corridor.milestones.trains", f"{TRADE}.flow.after.1"),
        ("agreements.0.milestones.plan", "agreements.corridor.milestones.trains.after.0"),
        (
            "drivers.border.states.closed",
            "drivers.border.states.open.next.closed, paces.works.effects.border/closed.state",
        ),
    ],
)
def test_who_still_names_it(removed: str, readers: str, tmp_path: Path) -> None:
    found = told(tmp_path, f'remove = [\n  "agreements.farm_trade.depth",\n  "{removed}",\n]')
    problem = next(problem for problem in found if "removed" in problem.message)
    assert problem.path == removed.replace(".0.", ".corridor.")
    assert problem.message == f"is removed, and still named by {readers}"
    assert problem.hint == "remove what names it too, or keep it"
    assert problem.place is not None
    assert (Path(problem.place.file).name, problem.place.line) == ("less.toml", 5)
    assert not [other for other in found if other.message.startswith(("no ", "this agreement has no", "border has"))]


@pytest.mark.parametrize(
    ("removed", "paths"),
    [
        ("drivers", ["drivers.border", "drivers.oil"]),
        ("paces", ["paces.works"]),
        ("agreements.corridor.milestones", ["agreements.corridor.milestones.trains"]),
    ],
)
def test_what_goes_with_its_table_is_told_by_its_name(removed: str, paths: list[str], tmp_path: Path) -> None:
    found = [p for p in told(tmp_path, f'remove = ["{removed}"]') if p.message.startswith("is removed, and still")]
    assert [problem.path for problem in found] == paths
    assert {(Path(p.place.file).name, p.place.line) for p in found if p.place} == {("less.toml", 3)}


@pytest.mark.parametrize("removed", ["signed", "drivers.oil.level", "drivers.border.states", "agreements"])
def test_what_is_required_is_told_where_it_is_removed(removed: str, tmp_path: Path) -> None:
    (problem,) = told(tmp_path, 'remove = [\n  "agreements.farm_trade.depth",', f'  "{removed}",\n]')
    assert (problem.path, problem.message) == (removed, "is removed, and required")
    assert problem.hint == "keep it, or write it anew"
    assert problem.place is not None
    assert (Path(problem.place.file).name, problem.place.line) == ("less.toml", 5)


@pytest.mark.parametrize(
    ("removed", "path"),
    [
        ("drivers.oil.kind", "drivers.oil.kind"),
        ("drivers.border.kind", "drivers.border.kind"),
        ("agreements.corridor.id", "agreements.corridor.id"),
        ("agreements.1.id", "agreements.farm_trade.id"),
        ("paces.works.effects.0.driver", 'paces.works.effects."oil/elasticity".driver'),
    ],
)
def test_a_kind_or_an_id_is_told_where_it_is_removed(removed: str, path: str, tmp_path: Path) -> None:
    (problem, *others) = told(tmp_path, f'remove = [\n  "{removed}",\n]')
    assert not [other for other in others if "required" in other.message]
    assert (problem.path, problem.message, problem.hint) == (path, "is removed, and required", KEEP)
    assert problem.place is not None
    assert (Path(problem.place.file).name, problem.place.line) == ("less.toml", 4)


ENDS = "a state that ends needs duration and next; {} is missing"
KEEP = "keep it, or write it anew"


@pytest.mark.parametrize(
    ("removed", "message"),
    [
        ("drivers.border.states.open.next", ENDS.format("next")),
        ("drivers.border.states.open.next.closed", ENDS.format("next")),
        ("drivers.border.states.closed.duration", ENDS.format("duration")),
        ("paces.works.effects.1.factor", "state needs a factor"),
        (
            "paces.works.effects.0.elasticity",
            "an effect has exactly one of state, below, above, elasticity, per_unit; ",
        ),
        ("agreements.farm_trade.flow", "the weights of the material milestones and the flow must sum to 1, not 0.25"),
        ("agreements.farm_trade.milestones", "an agreement needs at least one milestone"),
    ],
)
def test_what_a_rule_asks_for_is_told_where_it_is_removed(removed: str, message: str, tmp_path: Path) -> None:
    found = told(tmp_path, f'remove = [\n  "{removed}",\n]')
    (problem,) = (problem for problem in found if not problem.message.startswith("is removed, and still"))
    assert problem.path.rpartition(".")[2] == removed.rpartition(".")[2]
    assert problem.message.startswith(f"is removed, and {message}")
    assert problem.hint == KEEP
    assert {(Path(p.place.file).name, p.place.line) for p in found if p.place} == {("less.toml", 4)}


def test_an_item_that_moves_up_is_not_taken_for_one_that_is_removed(tmp_path: Path) -> None:
    lines = ('remove = [\n  "agreements.corridor",\n  "agreements.farm_trade.id",\n]',)
    found = told(tmp_path, *lines)
    (problem,) = (problem for problem in found if problem.message == "is removed, and required")
    assert problem.path == "agreements.farm_trade.id"
    assert problem.place is not None
    assert problem.place.line == 5


def test_what_is_wrong_besides_is_told_of_itself(tmp_path: Path) -> None:
    oil = "[drivers.border.states.open]\nnext = { closed = 0.4 }"
    (problem,) = told(tmp_path, 'remove = ["drivers.border.states.open.next"]', oil)
    assert problem.message == "the odds of what comes next must sum to 1, not 0.4"
    assert problem.path == "drivers.border.states.open.next"
    anew = '[drivers.border]\nkind = "regime"\nstates.open = { duration = 3 }\nstates.closed = {}'
    for problem in told(tmp_path, 'remove = ["drivers.border"]', anew):
        assert problem.place is not None
        assert problem.place.line >= 4
        assert "removed" not in problem.message
    bare = '[drivers.gas]\ninitial = 3\n[quantities.q]\nexpression = "gas"'
    (problem,) = told(tmp_path, 'remove = ["drivers.oil.unit"]', bare)
    assert problem.path == "drivers.gas"
    assert problem.message.startswith("kind is required")


def test_that_many_name_it_is_told_in_part(tmp_path: Path) -> None:
    more = "".join(
        f'\n[[agreements]]\nid = "a{n}"\nmilestones.m = {{ track = "material", after = "corridor.plan", duration = 1, '
        "weight = 1 }"
        for n in range(5)
    )
    (problem,) = told(tmp_path, 'remove = ["agreements.corridor"]', more)
    assert problem.message.endswith(
        ", agreements.a1.milestones.m.after.0, agreements.a2.milestones.m.after.0 and 2 more"
    )


def test_what_was_never_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    shock = '[[shocks]]\ndriver = "gas"\ndate = 2027-01-01\nsize = -0.3'
    (problem, other) = told(tmp_path, 'remove = ["drivers.oil"]', shock)
    assert problem.path == "drivers.oil"
    assert (other.path, other.message) == ("shocks.gas/2027-01-01.driver", "no driver is called 'gas'")


def test_what_is_removed_and_written_anew_is_there(tmp_path: Path) -> None:
    oil = '[drivers.oil]\nkind = "geometric_brownian"\ninitial = 70\nvolatility = 33'
    (problem,) = told(tmp_path, 'remove = ["drivers.oil"]', oil)
    assert problem.path == "drivers.oil.volatility"


@pytest.mark.parametrize("others", ["", ', "agreements.farm_trade"'])
def test_a_name_without_quotes_among_what_is_removed_is_told_once(others: str, tmp_path: Path) -> None:
    (problem,) = told(tmp_path, f"remove = [drivers.oil{others}]")
    assert (problem.path, problem.hint) == ("remove.0", 'text goes in quotes: "drivers.oil"')


OWN_FILE = "write a scenario of its own that extends this one, and name that as scenario"


def test_what_extends_no_other_removes_nothing(tmp_path: Path) -> None:
    for word in ("remove", "removes"):
        error = refused(tmp_path, [("title  =", f'{word} = ["drivers.oil"]\ntitle  =')])
        problem = error.problems[0]
        assert (problem.path, problem.message) == ("remove", "takes nothing away: this scenario extends no other")
        assert problem.hint == 'say what it extends, as in extends = "baseline", or take this out'
        assert problem.place is not None
        assert problem.place.line == 2


@pytest.mark.parametrize("value", ['["drivers.oil"]', '"first-steps"', "3"])
@pytest.mark.parametrize("word", ["remove", "extends"])
def test_an_edit_removes_nothing(word: str, value: str, tmp_path: Path) -> None:
    variant = f'[variants.less]\nset = {{ {word} = {value}, "drivers.oil.volatility" = 0.3 }}'
    (problem,) = refused(tmp_path, config=[("", variant)]).problems
    assert (problem.path, problem.hint) == (f"variants.less.set.{word}", OWN_FILE)
    (problem,) = refused(tmp_path, sets=[f"{word}={value}"]).problems
    assert (problem.path, problem.message) == (word, f"no edit can say {word}: only a file can")
    (problem,) = refused(tmp_path, config=[("", f"[variants.less]\n{word} = {value}")]).problems
    assert (problem.path, problem.message, problem.hint) == (f"variants.less.{word}", "is not a key here", OWN_FILE)
    (tmp_path / "scenarios/less.toml").write_text('extends = "first-steps"\nremove = ["agreements.farm_trade"]')
    assert taken(tmp_path, config=[("", '[variants.less]\nscenario = "less"')]).variants["less"].ids == ("corridor",)
