"""A state that a formula asks for in other words than its own is told once, and how it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from first_steps import Changes, refused, taken

WHEN = 'when   = "border.closed"'
VALUELESS = "border is a regime: its state can be read, it has no value"
NO_STATE = "border has no state 'shut'"
OF_STATES = "its states: closed, open"
GATE = """[drivers.gate]
kind = "regime"
initial = "up"
states.up = {}
"""


def told_in(place: str, formula: str, folder: Path) -> list[tuple[str, str]]:
    """What is told of a formula that stands in one of the places where formulas do."""
    world: Changes = []
    config: Changes = []
    if place == "when":
        config = [(WHEN, f'when = "{formula}"')]
    elif place == "rare":
        config = [("seed     = 1", f'seed = 1\nrare = "{formula}"')]
    elif place == "quantity":
        world = [("", f'[quantities.q]\nexpression = "{formula}"')]
    else:
        world = [("", f'[drivers.f]\nkind = "formula"\nexpression = "{formula}"\n[quantities.q]\nexpression = "f"')]
    return [(problem.message, problem.hint) for problem in refused(folder, [*world, ("", GATE)], config).problems]


@pytest.mark.parametrize("place", ["when", "rare", "quantity", "driver"])
@pytest.mark.parametrize(
    ("formula", "message", "hint"),
    [
        ("border == closed", VALUELESS, "write border.closed"),
        ("border == clsed", VALUELESS, "write border.closed"),
        ("closed == border", VALUELESS, "write border.closed"),
        ("border != closed", VALUELESS, "write not border.closed"),
        ("oil > 50 and not border == closed", VALUELESS, "write border.closed"),
        ("border == shut", NO_STATE, OF_STATES),
        ("oil > 50 or border == shut", NO_STATE, OF_STATES),
        ("border == oil", VALUELESS, "write border.open"),
        ("border == corridor", NO_STATE.replace("shut", "corridor"), OF_STATES),
        ("border > 3", VALUELESS, "write border.open"),
    ],
)
def test_a_regime_that_is_said_to_be_a_state(place: str, formula: str, message: str, hint: str, tmp_path: Path) -> None:
    assert told_in(place, formula, tmp_path) == [(message, hint)]


@pytest.mark.parametrize("place", ["when", "rare", "quantity", "driver"])
@pytest.mark.parametrize("formula", ["bordr == closed", "closed != bordr"])
def test_of_a_regime_that_is_misspelt_only_that_is_told(place: str, formula: str, tmp_path: Path) -> None:
    ((message, hint),) = told_in(place, formula, tmp_path)
    assert message.endswith("is called 'bordr'")
    assert hint == "did you mean border?"


@pytest.mark.parametrize("place", ["when", "rare", "quantity", "driver"])
def test_of_two_regimes_each_is_told(place: str, tmp_path: Path) -> None:
    assert {message for message, _ in told_in(place, "border == gate", tmp_path)} == {
        VALUELESS, VALUELESS.replace("border", "gate")
    }  # fmt: skip


@pytest.mark.parametrize("place", ["when", "rare", "quantity", "driver"])
def test_a_name_that_is_compared_with_a_number_is_told_itself(place: str, tmp_path: Path) -> None:
    ((message, _),) = told_in(place, "oil == clash", tmp_path)
    assert message.endswith("is called 'clash'")


@pytest.mark.parametrize(
    ("bare", "state"),
    [
        ("border == closed", "border.closed"),
        ("border==closed", "border.closed"),
        ("border = closed", "border.closed"),
        ("border is closed", "border.closed"),
        ("border is not closed", "not border.closed"),
        ("border != closed", "not border.closed"),
        ('border == "closed"', "border.closed"),
        ("border == 'closed'", "border.closed"),
        ("oil >= 50 or border == closed", "border.closed"),
        ("oil == border", "border.open"),
    ],
)
def test_a_state_without_quotes_is_told_once_with_a_hint_that_holds(bare: str, state: str, tmp_path: Path) -> None:
    other = ("volatility = 0.33", "volatility = 33")
    for before, key in ((WHEN, "when"), ("seed     = 1", "rare")):
        problem, found = refused(tmp_path, [other], [(before, f"{key} = {bare}")]).problems
        assert found.path == "drivers.oil.volatility"
        assert problem.path == ("rare.event" if key == "rare" else "conditions.border-closed.when")
        assert (problem.message, problem.hint) == (VALUELESS, f"write {state}; text goes in quotes")
        taken(tmp_path, config=[(before, f'{key} = "{state}"')])


@pytest.mark.parametrize(
    ("bare", "meant"),
    [
        ("oil == 3", "oil == 3"),
        ("oil = 3", "oil == 3"),
        ("oil == gas", "oil == gas"),
        ("oil = gas", "oil == gas"),
        ("oil != gas", "oil != gas"),
        ("oil is not gas", "oil != gas"),
        ("not oil > gas", "not oil > gas"),
        ("50 < oil", "50 < oil"),
        ("1 / oil == 3", "1 / oil == 3"),
        ("border.closed", "border.closed"),
        ("-oil + 150 > gas", "-oil + 150 > gas"),
        ("(oil + 1) * 2 > gas", "(oil + 1) * 2 > gas"),
        (".5 * oil > gas", ".5 * oil > gas"),
        ("5. * oil > gas", "5. * oil > gas"),
    ],
)
def test_a_formula_without_quotes_has_a_hint_that_holds_as_it_is(bare: str, meant: str, tmp_path: Path) -> None:
    gas = ("", '[drivers.gas]\nkind = "geometric_brownian"\ninitial = 70\nvolatility = 0.3')
    for before, key in ((WHEN, "when"), ("seed     = 1", "rare")):
        (slip,) = refused(tmp_path, [gas], [(before, f"{key} = {bare}")]).problems
        assert (slip.message, slip.hint) == (f"'{bare}' is not a value", f'text goes in quotes: {key} = "{meant}"')
        taken(tmp_path, [gas], [(before, slip.hint.partition(": ")[2])])


@pytest.mark.parametrize("bare", ["oil == gas", "oil = gas", "oil is gas", "gas.closed", "oil > 3 and gas < 4"])
def test_a_name_that_nobody_bears_in_a_formula_without_quotes_is_told_once(bare: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, config=[(WHEN, f"when = {bare}")]).problems
    assert (problem.message, problem.hint) == ("no driver is called 'gas'", "drivers: border, oil; text goes in quotes")


@pytest.mark.parametrize("bare", ["50% * oil > 3", "2 % oil > 3"])
def test_per_cent_in_a_formula_without_quotes_is_told_as_with_them(bare: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, config=[(WHEN, f"when = {bare}")]).problems
    share = "numbers are written without per cent: a share of 50% is 0.5"
    assert problem.hint == f"{share}; text goes in quotes"
    (problem,) = refused(tmp_path, config=[(WHEN, f'when = "{bare}"')]).problems
    assert problem.hint == share


def test_a_formula_without_quotes_in_braces_is_told_of_its_own_key(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, config=[("seed     = 1", "rare = { event = border == closed }")]).problems
    assert (problem.path, problem.hint) == ("rare.event", "write border.closed; text goes in quotes")
    (slip,) = refused(tmp_path, config=[("seed     = 1", "rare = { event = oil = 3, times = 2 }")]).problems
    assert (slip.path, slip.hint) == ("rare", 'text goes in quotes: "oil == 3"')
    (slip,) = refused(tmp_path, config=[("seed     = 1", "rare = { event = oil == 3 }")]).problems
    assert (slip.path, slip.hint) == ("rare.event", 'text goes in quotes: "oil == 3"')


def test_what_is_no_formula_stays_as_it_was_written(tmp_path: Path) -> None:
    title = 'title  = "the border is closed for half a year or more"'
    (slip,) = refused(tmp_path, config=[(title, "title = shut == closed")]).problems
    assert slip.hint == 'text goes in quotes: title = "shut == closed"'
