"""What was written below the header of an inner table is sent to the table that takes it, and is not missing there."""

from __future__ import annotations

from pathlib import Path

from first_steps import TEXTS, Changes, refused, taken

WINDOW = '[agreements.milestones.window]\ntrack = "formal"\nduration = 3\nweight = 0.1'
DEPTH = "depth                   = { p10 = 0.6, p90 = 0.9 }"


def told(tmp_path: Path, world: Changes = (), config: Changes = ()) -> list[tuple[str, str, str]]:
    error = refused(tmp_path, world, config)
    return [(problem.path.rpartition(".")[2], problem.message, problem.hint) for problem in error.problems]


def test_a_key_below_an_inner_table_is_sent_above_it(tmp_path: Path) -> None:
    hint = "depth belongs to agreements: put it above [agreements.milestones.window]"
    assert told(tmp_path, [(DEPTH, f"{WINDOW}\n{DEPTH}")])[0] == ("depth", "is not a key here", hint)
    taken(tmp_path, [(DEPTH, f"{DEPTH}\n{WINDOW}\n#")])
    # above the first of several
    more = WINDOW.replace("window", "later")
    assert told(tmp_path, [(DEPTH, f"{WINDOW}\n{more}\n{DEPTH}")])[0] == ("depth", "is not a key here", hint)


def test_what_is_told_to_be_in_the_wrong_table_is_not_missing_in_the_right_one(tmp_path: Path) -> None:
    found = told(tmp_path, [("half_life  = 14", "[drivers.oil.jumps]\nrate = 0.3\nhalf_life = 14")])
    hint = "belongs to drivers.oil: put it above [drivers.oil.jumps]"
    assert found == [(word, "is not a key here", f"{word} {hint}") for word in ("half_life", "volatility")]


def test_a_key_of_a_config_below_a_table_is_sent_to_the_top(tmp_path: Path) -> None:
    found = told(tmp_path, config=[("trials   = 20_000", "[rule]\ntrials = 20_000")])
    assert found == [
        (word, "is not a key here", f"{word} belongs to the top of the file: put it above [rule]")
        for word in ("trials", "seed")
    ]


def test_a_key_between_braces_is_told_where_it_belongs(tmp_path: Path) -> None:
    ((_, message, hint),) = told(tmp_path, [(DEPTH, "# none"), ("ramp = 12", "ramp = 12, depth = 0.5")])
    assert (message, hint) == ("is not a key here", "depth belongs to agreements")


def test_a_key_among_names_is_no_table_and_is_sent_above_them(tmp_path: Path) -> None:
    agreement = '[[agreements]]\nid = "rail"\npace = "works"\n[agreements.milestones]\ndepth = 0.4'
    done = 'done = { track = "material", duration = 3, weight = 1 }'
    ((_, message, hint),) = told(tmp_path, [("", f"{agreement}\n{done}")])
    assert message == "must be a table, not a number"
    assert hint == "depth belongs to agreements: put it above [agreements.milestones]"


FLOW = next(row for row in TEXTS["world"].splitlines() if row.startswith("flow "))
CONTENTS = 'unit = "t/year"\ntarget = 2000\nafter = ["certificates", "corridor.trains"]\nramp = 12'
AFTER = next(row for row in TEXTS["world"].splitlines() if "2,000 t a year" in row)
TABLE = "must be a table, not a list"


def test_a_table_with_the_header_of_a_list_is_told_with_its_own(tmp_path: Path) -> None:
    def flow(header: str) -> Changes:
        return [(FLOW, "# none"), (AFTER, f"{AFTER}\n{header}\n{CONTENTS}")]

    assert told(tmp_path, flow("[[agreements.flow]]")) == [("flow", TABLE, "write [agreements.flow]")]
    taken(tmp_path, flow("[agreements.flow]"))
    assert told(tmp_path, config=[("", "[[rule]]\npartial = 0.3")]) == [("rule", TABLE, "write [rule]")]
    change = [("", '[[quantities]]\nid = "x"\nexpression = "oil"')]
    assert told(tmp_path, change) == [("quantities", TABLE, "write [quantities.x] and no id")]
    taken(tmp_path, [("", '[quantities.x]\nexpression = "oil"')])
    change = [("", '[[quantities]]\nexpression = "oil"')]
    assert told(tmp_path, change) == [("quantities", TABLE, "write [quantities.NAME]")]
    assert told(tmp_path, [("", '[[sources]]\nC7 = "EIA"')]) == [("sources", TABLE, "write [sources]")]


def test_a_table_in_square_brackets_is_told_in_braces(tmp_path: Path) -> None:
    hint = "write flow = { ... }"
    assert told(tmp_path, [(FLOW, FLOW.replace("{", "[{").replace("}", "}]"))]) == [("flow", TABLE, hint)]
    edit = '[variants.x]\nset = { "agreements.farm_trade.flow" = [{ unit = "t", target = 3, after = "certificates" }] }'
    assert told(tmp_path, config=[("", edit)]) == [("flow", TABLE, hint)]
