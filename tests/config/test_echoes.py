"""No fault and no remark is told that only follows from another; none is hidden by another; each has its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from first_steps import FILES, TEXTS, Changes, refused, taken, written
from pactrisk.config import load_scenario
from pactrisk.config.documents import parse
from pactrisk.errors import InputError

LATE = ("never = 0.3", "earliest = 2029-01-01")
"""A milestone that lies beyond a short horizon, so that what waits for it is told too."""


@pytest.mark.parametrize(
    "horizon", ['"5 yrs"', "2025-01-01", '"0 months"', '"2000 months"', "true"], ids=lambda text: text.strip('"')
)
def test_nothing_is_told_that_rests_on_a_wrong_horizon(horizon: str, tmp_path: Path) -> None:
    shock = ("", '[[shocks]]\ndriver = "oil"\ndate = 2033-01-01\nsize = -0.3')
    error = refused(tmp_path, [LATE, shock], [('"48 months"', horizon)])
    assert [problem.path for problem in error.problems] == ["horizon"]
    assert not error.remarks


def test_what_rests_on_a_short_horizon_is_told(tmp_path: Path) -> None:
    late = ("never = 0.3", "earliest = 2031-01-01")
    remarks = taken(tmp_path, [late]).remarks
    assert [remark.path for remark in remarks] == [
        "agreements.corridor.milestones.trains",
        "agreements.farm_trade.flow",
    ]


def test_nothing_is_told_of_a_dated_horizon_that_rests_on_a_wrong_signature(tmp_path: Path) -> None:
    error = refused(tmp_path, [LATE, ("= 2026-03-01", '= "soon"')], [('"48 months"', "2130-01-01")])
    assert [problem.path for problem in error.problems] == ["signed"]
    assert not error.remarks


def test_remarks_stand_in_the_order_of_lines(tmp_path: Path) -> None:
    idle = '{name} = {{ kind = "trend", values = [{{ date = 2026-05-01, value = 1 }}] }}'
    more = "\n".join(["[drivers]", idle.format(name="zeta"), idle.format(name="alpha"), "[sources]", 'C9 = "x"'])
    loaded = taken(tmp_path, [("", more)])
    lines = [remark.place.line for remark in loaded.remarks if remark.place is not None]
    assert len(lines) == 3
    assert lines == sorted(lines)
    assert [remark.path for remark in loaded.remarks] == ["drivers.zeta", "drivers.alpha", "sources.C9"]


def test_an_agreement_is_called_in_one_style(tmp_path: Path) -> None:
    more = '[[agreements]]\nid = "my agreement"\n[agreements.milestones.a]\ntrack = "material"\nduration = 3\n'
    error = refused(tmp_path, [("", f"{more}weight = 1\nweight = 1")])
    assert {problem.path for problem in error.problems} == {
        'agreements."my agreement".id',
        'agreements."my agreement".milestones.a.weight',
    }
    assert not any("agreements.2" in str(problem) for problem in error.problems)


def test_a_date_that_cannot_be_read_hides_nothing_else_in_its_list(tmp_path: Path) -> None:
    entries = "{ date = 2027-02-30 }, { date = 2027-01-01, chance = 1.2 }, { date = 2028-01-01, chance = 30 % }"
    visits = f'[drivers.visits]\nkind = "events"\ndated = [{entries}, {{ date = 1.5.2029, chance = 1.3 }}]'
    error = refused(tmp_path, [("", f'{visits}\n[quantities.seen]\nexpression = "visits"')])
    assert {problem.path.removeprefix("drivers.visits.dated."): problem.message for problem in error.problems} == {
        "2027-02-30.date": "has a date that does not exist",
        "2027-01-01.chance": "must be at least 0 and at most 1, not 1.2",
        "2028-01-01.chance": "has a per cent sign after a number",
        '"1.5.2029".date': "'1.5.2029' is not a date",
        '"1.5.2029".chance': "must be at least 0 and at most 1, not 1.3",
    }


@pytest.mark.parametrize(
    ("part", "path", "said"),
    [
        ("duration = { p50 = 12 months, p90 = 36 }", "duration.p50", "has 'months' after a number"),
        ("duration = 12 months", "duration", "has 'months' after a number"),
        ("pace = works, duration = 3", "pace", "'works' is not a value"),
    ],
)
def test_a_slip_within_braces_hides_no_wrong_key_beside_it(part: str, path: str, said: str, tmp_path: Path) -> None:
    error = refused(tmp_path, [("duration = { p50 = 12, p90 = 36 }, never = 0.3", f"{part}, never = 3")])
    here = "agreements.corridor.milestones.trains"
    assert [(problem.path, problem.message) for problem in error.problems] == [
        (f"{here}.{path}", said),
        (f"{here}.never", "must be at least 0 and at most 1, not 3"),
    ]


def test_a_wrong_cut_hides_no_two_others_that_do_not_fall(tmp_path: Path) -> None:
    rule = "[rule]\ntoken = 0\nsubstantive = 0.3\npartial = 0.4"
    assert [(problem.path, problem.message) for problem in refused(tmp_path, config=[("", rule)]).problems] == [
        ("rule", "cuts must fall: substantive = 0.3 is not above partial = 0.4"),
        ("rule.token", "must be above 0 and at most 1, not 0"),
    ]


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (
            "[rule]\ntoken = 0.3\n[cuts.low]\npartial = 0.25",
            [("cuts.low", "cuts must fall: partial = 0.25 is not above token = 0.3, and token is the rule's")],
        ),
        (
            "[rule]\ntoken = 0.3\n[cuts.low]\npartial = 0.25\nsubstantive = 0.2",
            [("cuts.low", "cuts must fall: substantive = 0.2 is not above partial = 0.25")],
        ),
        (
            "[rule]\ntoken = 0.4\n[cuts.low]\npartial = 0.25",
            [("rule", "cuts must fall: partial = 0.33 is not above token = 0.4")],
        ),
        # what nobody asked for does not fall either: it is left out
        ("[rule]\ntoken = 0.3\npartial = 0", [("rule.partial", "must be above 0 and at most 1, not 0")]),
    ],
)
def test_other_cuts_must_fall_with_those_of_the_rule(config: str, told: list[tuple[str, str]], tmp_path: Path) -> None:
    assert [(p.path, p.message) for p in refused(tmp_path, config=[("", config)]).problems] == told


CORRIDOR = '[[agreements]]\nid                = "corridor"'
FARMS = '[[agreements]]\nid                      = "farm_trade"'
EDITS = """[variants.deep]
set = { "agreements.corridor.depth" = 0.5, "agreements.corridor.milestones.trains.never" = 0.2 }
[variants.farms]
set.agreements.farm_trade.presence = 0.5
"""
SECOND = TEXTS["world"][TEXTS["world"].index(FARMS) :]


@pytest.mark.parametrize(
    ("world", "config", "told"),
    [
        (
            [(CORRIDOR, "[agreements.corridor]"), (FARMS, "[agreements.farm_trade]")],
            EDITS,
            {"agreements": 'write [[agreements]] and below it id = "corridor", and so for each agreement'},
        ),
        (
            [(CORRIDOR, "[agreements.corridor]\ndepht = 1"), (FARMS, "[agreements.farm_trade]\npresence = 3")],
            "",
            {"agreements": "write", "agreements.corridor.depht": "did you mean", "agreements.farm_trade.presence": ""},
        ),
        (
            [(CORRIDOR, "[agreements.corridor]"), (SECOND, "")],
            EDITS.partition("[variants.farms]")[0],
            {"agreements": 'write [[agreements]] and below it id = "corridor"'},
        ),
        (
            [(CORRIDOR, '[agreements.corridor]\nid = "corridor"'), (SECOND, "")],
            "",
            {"agreements": "write [[agreements]]"},
        ),
        (
            [(CORRIDOR, '[agreements]\nid = "corridor"'), (SECOND, "")],
            EDITS.partition("[variants.farms]")[0],
            {"agreements": "write [[agreements]]"},
        ),
        (
            [(CORRIDOR, "[agreements]"), (SECOND, "")],
            EDITS,
            {"agreements": "write [[agreements]]", "agreements.0.id": "id: name"},
        ),
        ([(CORRIDOR, "[[agreements]]")], EDITS, {"agreements.0.id": "id: name"}),
        ([(CORRIDOR, "[[agreements]]\nid = 3")], EDITS, {"agreements.0.id": "id: name"}),
        ([(CORRIDOR, '[[agreements]]\nidd = "corridor"')], EDITS, {"agreements.0.idd": "did you mean id?"}),
        (
            [(CORRIDOR, CORRIDOR.replace("agreements", "agreement"))],
            EDITS,
            {"agreement": "did you mean [[agreements]]?"},
        ),
        (
            [(CORRIDOR, f"{CORRIDOR}\nending = 0.1")],
            f"{EDITS}set.agreements.corridor.ending.rate = 0.2",
            {"agreements.corridor.ending": "ending:"},
        ),
        (
            [(CORRIDOR, "[[agreements]]")],
            EDITS.replace(".presence", ".presense"),
            {"agreements.0.id": "id: name", "variants.farms.set.agreements.farm_trade.presense": "did you mean"},
        ),
    ],
)
def test_of_agreements_that_cannot_be_read_only_that_is_told(
    world: Changes, config: str, told: dict[str, str], tmp_path: Path
) -> None:
    error = refused(tmp_path, world, [("", config)])
    assert {problem.path for problem in error.problems} == told.keys()
    assert all(problem.hint.startswith(told[problem.path]) for problem in error.problems)
    assert not error.remarks


@pytest.mark.parametrize(
    ("change", "edit", "path"),
    [
        (("level      =", "levl ="), '"drivers.oil.level.p50" = 71', "drivers.oil.levl"),
        (("flow  ", "flw  "), '"agreements.farm_trade.flow.target" = 9', "agreements.farm_trade.flw"),
        (
            ('material", after', 'material", aftr'),
            '"agreements.corridor.milestones.trains.after.0" = "plan"',
            "agreements.corridor.milestones.trains.aftr",
        ),
        (
            ("elasticity", "elastcity"),
            '"paces.works.effects.oil/elasticity.lag" = 3',
            "paces.works.effects.oil.elastcity",
        ),
        (
            ('"oil", elasticity', "3, elasticity"),
            '"paces.works.effects.oil/elasticity.lag" = 3',
            "paces.works.effects.3/elasticity.driver",
        ),
        (("[drivers.oil]", '[drivers."o il"]'), '"drivers.oil.volatility" = 0.3', 'drivers."o il"'),
        (("[drivers.oil]", "[[drivers.oil]]"), '"drivers.oil.volatility" = 0.3', "drivers.oil"),
    ],
)
def test_an_edit_of_what_is_misspelt_or_wrong_is_not_told_to_lead_nowhere(
    change: tuple[str, str], edit: str, path: str, tmp_path: Path
) -> None:
    error = refused(tmp_path, [change], [("", f"[variants.x]\nset = {{ {edit} }}")])
    assert [problem.path for problem in error.problems] == [path]
    assert not error.remarks


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ('"drivers.border.states.open.duration.mean" = 1200', []),
        ('"drivers.border.states.open.duration.mean" = "long"', ["drivers.border.states.open.duration.mean"]),
        ('"drivers.border.states.open.next" = { shut = 1 }', ["drivers.border.states.open.next.shut"]),
    ],
)
def test_an_edit_within_a_table_that_is_wrong_tells_that_no_second_time(
    edit: str, told: list[str], tmp_path: Path
) -> None:
    world = [('distribution = "exponential", mean', 'distribution = "exponential", median')]
    config = [('{ "drivers.border.states.open.duration.mean" = 1200 }', f"{{ {edit} }}")]
    error = refused(tmp_path, world, config)
    paths = ["drivers.border.states.open.duration", *(f"variants.open-border.set.{path}" for path in told)]
    assert sorted(problem.path for problem in error.problems) == paths


def test_what_is_typed_into_an_agreement_that_cannot_be_read_is_not_told_to_be_nowhere(tmp_path: Path) -> None:
    sets = ["agreements.corridor.depth=0.5"]
    for world in ([(CORRIDOR, "[[agreements]]")], [(CORRIDOR, "[[agreements]]\nid = 3")]):
        assert [p.path for p in refused(tmp_path, world, sets=sets).problems] == ["agreements.0.id"]
        with pytest.raises(InputError) as caught:
            load_scenario(tmp_path / FILES["world"], sets)
        assert [p.path for p in caught.value.problems] == ["agreements.0.id"]
    assert [p.path for p in refused(tmp_path, sets=["agreements.coridor.depth=0.5"]).problems] == ["agreements.coridor"]


def test_agreements_by_name_are_matched_with_the_file_that_is_extended(tmp_path: Path) -> None:
    written(tmp_path)
    file = tmp_path / "scenarios/more.toml"
    file.write_text('extends = "first-steps"\n[agreements.corridor]\ndepth = 0.5\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(file)
    (problem,) = caught.value.problems
    assert (problem.path, problem.hint) == ("agreements", 'write [[agreements]] and below it id = "corridor"')
    file.write_text('extends = "first-steps"\n[[agreements]]\nid = "corridor"\ndepth = 0.5\n', encoding="utf-8")
    assert load_scenario(file)[0].agreement("corridor").depth == 0.5


HONOURED = '[templates.x]\nceremonies = [{ driver = "border", weight = 0.3 }]'
GATE = '[drivers.gate]\nkind = "regime"\ninitial = "up"\nstates.up = {}\n'
WORSE = "[paces.more]\neffects = [{ "
SPARE = """[drivers.spare]
kind = "trend"
values = [{ date = 2026-05-01, value = 1 }]
[paces.idle]
includes = ["works"]
[sources]
C9 = "a desk"
"""


@pytest.mark.parametrize(
    ("world", "config", "left"),
    [
        ("", "", {"drivers.spare", "paces.idle", "sources.C9"}),
        ("", '[conditions.dear]\nwhen = "gas > 80"', {"paces.idle", "sources.C9"}),
        ("", '[conditions.dear]\nwhen = "spar > 80"', {"paces.idle", "sources.C9"}),
        ("", '[conditions.dear]\nwhen = "bordr.open"', {"drivers.spare", "paces.idle", "sources.C9"}),
        ("", '[conditions.dear]\nwhen = "corridor > 80"', {"paces.idle", "sources.C9"}),
        ("", '[conditions.dear]\nwhen = "gas > 80 and"', set()),
        ("", 'rare = "gas > 80"', {"paces.idle", "sources.C9"}),
        ('[quantities.bill]\nexpression = "gas"', "", {"paces.idle", "sources.C9"}),
        ('[quantities.bill]\nexpression = "gas * (3"', "", set()),
        ('[[shocks]]\ndriver = "gas"\ndate = 2027-01-01\nsize = 1', "", {"paces.idle", "sources.C9"}),
        ('[paces.more]\nincludes = ["rest"]\nsource = "C3"', "", {"drivers.spare"}),
        ('[[agreements]]\nid = "hall"\ntemplate = "building"', "", set()),
        (HONOURED, "", {"templates.x", "paces.idle", "sources.C9"}),
        (f"{GATE}triggers = [{{ driver = 'oil', state = 'up', chance = 0.5 }}]", "", {"paces.idle", "sources.C9"}),
        (f"{WORSE}driver = 'oil', state = 'high', factor = 2 }}]", "", {"paces.more", "paces.idle", "sources.C9"}),
        (f"{WORSE}driver = 'border', below = 3, factor = 2 }}]", "", {"paces.more", "paces.idle", "sources.C9"}),
    ],
)
def test_nobody_is_said_to_read_what_a_wrong_name_may_have_meant(
    world: str, config: str, left: set[str], tmp_path: Path
) -> None:
    changes = [("", f"{SPARE}{world}")], [("seed     = 1", config)]
    remarks = refused(tmp_path, *changes).remarks if world or config else taken(tmp_path, *changes).remarks
    assert {remark.path for remark in remarks} == left


def test_a_key_that_is_misspelt_says_nothing_of_a_name_that_is_spelt_alike(tmp_path: Path) -> None:
    spare = SPARE.replace("drivers.spare", "drivers.volatility").partition("[paces")[0]
    error = refused(tmp_path, [("", spare), ("volatility = 0.33", "volatilty = 0.33")])
    assert [problem.hint for problem in error.problems] == ["did you mean volatility?"]
    assert [remark.path for remark in error.remarks] == ["drivers.volatility"]


def test_nothing_is_said_to_wait_for_what_a_wrong_name_may_have_meant(tmp_path: Path) -> None:
    gala = 'milestones.gala = { track = "formal", duration = 3, weight = 0 }'
    idle = ("milestones.plan ", f"{gala}\nmilestones.plan ")
    remarks = taken(tmp_path, [idle]).remarks
    assert [remark.message for remark in remarks] == ["nothing waits for gala, and it has no weight in ceremony"]
    for wrong in ("corridor.feast", "corrydoor.feast"):
        assert not refused(tmp_path, [idle, ('"corridor.trains"', f'"{wrong}"')]).remarks
    assert not refused(tmp_path, [idle, ("", '[quantities.x]\nexpression = "corridor.feast"')]).remarks


GAS = """[drivers.gas]
kind = "mean_reverting"
initial = 70
level = 60
half_life = 3
volatility = 0.3
[quantities.bill]
expression = "gas"
"""


@pytest.mark.parametrize(
    ("edits", "paths"),
    [
        ('"drivers.gas.kind" = "index"', ["drivers.gas.kind"]),
        ('"drivers.gas.kind" = "indx", "drivers.gas.mean" = 3', ["drivers.gas.kind"]),
        (
            '"drivers.gas.kind" = "geometric_brownian", "drivers.oil.level" = -3',
            ["drivers.gas.kind", "drivers.oil.level"],
        ),
        ('"drivers.gas.kind" = "tide"', ["drivers.gas.kind"]),
        ('drivers.gas = { kind = "index", mean = 3 }', ["drivers.gas.kind"]),
        ('"drivers.gas" = { kind = "index", mean = 3 }', ["drivers.gas.half_life", "drivers.gas.sd"]),
    ],
)
def test_a_kind_that_is_changed_alone_is_told_once(edits: str, paths: list[str], tmp_path: Path) -> None:
    error = refused(tmp_path, [("", GAS)], [("", f"[variants.dear]\nset = {{ {edits} }}")])
    assert [problem.path.removeprefix("variants.dear.set.") for problem in error.problems] == paths
    assert not error.remarks


def test_the_hint_to_set_a_driver_whole_mends(tmp_path: Path) -> None:
    def whole(hint: str) -> str:
        return hint.removeprefix("set it whole: ").replace("...", "mean = 3, half_life = 3, sd = 0.1")

    world, variant = [("", GAS)], "[variants.other]\nset = {{ {} }}"
    (problem,) = refused(tmp_path, world, sets=["drivers.gas.kind=index"]).problems
    assert problem.path == "drivers.gas.kind"
    assert taken(tmp_path, world, sets=[whole(problem.hint)]).scenario.drivers["gas"].kind == "index"
    (problem,) = refused(tmp_path, world, [("", variant.format('"drivers.gas.kind" = "index"'))]).problems
    loaded = taken(tmp_path, world, [("", variant.format(whole(problem.hint)))])
    assert loaded.variants["other"].drivers["gas"].kind == "index"


def test_a_kind_may_change_where_its_keys_are_set_too(tmp_path: Path) -> None:
    gas = GAS.replace("mean_reverting", "geometric_brownian").replace("level = 60\nhalf_life = 3\n", "")
    sets = ["drivers.gas.kind=mean_reverting", "drivers.gas.level=60", "drivers.gas.half_life=3"]
    assert taken(tmp_path, [("", gas)], sets=sets).scenario.drivers["gas"].kind == "mean_reverting"


def test_of_an_agreement_called_like_a_driver_only_that_is_told(tmp_path: Path) -> None:
    world = [
        ('= "corridor"', '= "oil"'),
        ("corridor.trains", "oil.trains"),
        ("", "[quantities]"),
        (
            "",
            'mixed.expression = "oil.plan + oil.trains"\nsum.expression = "oil.delivery"\nprice.expression = "oil + 1"',
        ),
    ]
    error = refused(tmp_path, world, [("seed     = 1", 'rare = "oil > 3 or oil.plan"')])
    assert [(problem.path, problem.hint) for problem in error.problems] == [
        ("agreements.oil.id", "call one of them otherwise")
    ]
    assert not error.remarks


def test_no_mean_is_remarked_on_where_the_cuts_themselves_are_crossed(tmp_path: Path) -> None:
    will = '[drivers.will]\nkind = "index"\nmean = 1\nhalf_life = 6\nsd = 0.3\nleast = 2\nmost = 0.5'
    error = refused(tmp_path, [("", f'{will}\n[quantities.seen]\nexpression = "will"')])
    assert [problem.message for problem in error.problems] == ["least = 2 is not below most = 0.5"]
    assert not error.remarks


def test_places_hold_behind_an_entry_that_could_not_be_read(tmp_path: Path) -> None:
    values = (
        '  { date = 2027-02-30, value = 1 },\n  { date = 2028-01-01, value = "x" },\n  { dat = 2029-01-01, value = 3 },'
    )
    plan = f'[drivers.plan]\nkind = "trend"\nvalues = [\n{values}\n  {{ date = 2030-01-01, value = {{ p10 = 3 }} }},\n]'
    error = refused(tmp_path, [("", f'{plan}\n[quantities.seen]\nexpression = "plan"')])
    told = [(problem.path.removeprefix("drivers.plan.values."), problem.place) for problem in error.problems]
    lines = {path: place.line for path, place in told if place is not None}
    assert lines == {"2027-02-30.date": 44, "2028-01-01.value": 45, "2.dat": 46, "2030-01-01.value": 47}


def test_columns_are_those_of_the_file_where_parts_of_a_line_were_put_right() -> None:
    text = "pace = [works, other]\nodds = [wor ks, { a = 30 %, b = 1 }]\nlist = { c = 1 }, { d = 2 }]\n"
    document, rows = parse(text, mend=True), text.split("\n")
    assert document.data["odds"][0] == "wor ks"
    seen = {
        path[-1]: rows[place.line - 1][place.column - 1 :] for path, place in document.places.items() if len(path) > 1
    }
    assert seen[0] == "{ c = 1 }, { d = 2 }]"
    assert [seen[word][:5] for word in ("a", "b", "c", "d")] == ["a = 3", "b = 1", "c = 1", "d = 2"]
    begun = [
        (slip.place.line, rows[slip.place.line - 1][slip.place.column - 1 :]) for slip in document.slips if slip.place
    ]
    assert [(line, rest[:5].strip()) for line, rest in begun] == [
        (1, "works"), (1, "other"), (2, "wor k"), (2, "%, b"), (3, "{ c")
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["horizon", "headline"])
def test_no_day_of_signature_is_made_up_where_that_is_wrong(word: str, tmp_path: Path) -> None:
    months = {"horizon": '"48 months"', "headline": '"36 months"'}[word]
    error = refused(tmp_path, [("= 2026-03-01", '= "soon"')], [(months, "0")])
    assert [problem.path for problem in error.problems] == [word, "signed"]
    assert error.problems[0].message.endswith("after the signature")


def test_what_reads_a_driver_that_is_refused_for_its_name_is_not_told(tmp_path: Path) -> None:
    world = [("[drivers.oil]", '[drivers."año"]'), ('state = "closed"', 'state = "shut"')]
    error = refused(tmp_path, world, [('"drivers.oil.level" = 45', 'title = "Another"')])
    assert [problem.message for problem in error.problems] == [
        "its name must be letters a to z, digits and underscores, a letter first, not 'año'",
        "border has no state 'shut'",
    ]


@pytest.mark.parametrize("value", ["0,4", "{ p10 = 0,3, p90 = 0.5 }", "0.4 +-"])
def test_a_misspelt_key_whose_value_cannot_be_read_is_named_and_not_missed(value: str, tmp_path: Path) -> None:
    error = refused(tmp_path, [("volatility = 0.33", f"volatilty = {value}")])
    told = [(problem.path.removesuffix(".p10"), problem.message) for problem in error.problems]
    assert ("drivers.oil.volatilty", "is not a key here") in told
    assert len(told) == 2
    assert {problem.place.line for problem in error.problems if problem.place} == {11}


@pytest.mark.parametrize(
    ("triggers", "slips"),
    [
        (('driver = "ev", state = "closed"', 'driver = "ev", state = "opn"'), 1),
        (('driver = "evs", state = "closed"', 'driver = "evs", state = "open"'), 2),
    ],
)
def test_what_pushes_by_a_wrong_name_is_told_to_meet_nothing(
    triggers: tuple[str, str], slips: int, tmp_path: Path
) -> None:
    """Whether it does depends on what was meant."""
    events = '[drivers.ev]\nkind = "events"\nrate = 1'
    own = f"triggers = [{{ {triggers[0]} }}, {{ {triggers[1]} }}]"
    there = 'source        = "Judgement: one closure in three years"'
    error = refused(tmp_path, [(there, own), ("", events)])
    assert len(error.problems) == slips
    assert not [remark for remark in error.remarks if "at one moment" in remark.message]
