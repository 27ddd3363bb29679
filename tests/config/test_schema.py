"""The schema that editors read: shipped as printed, true of every shipped file, and sharp."""

from __future__ import annotations

import copy
import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pactrisk.config.schema import SCHEMAS, schema

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ROOT / "simsrc/pactrisk/config/schemas"


def plain(value: Any) -> Any:
    """Tables as an editor hands them to a validator: dates as text."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def tables(path: Path) -> Any:
    return plain(tomllib.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("which", SCHEMAS)
def test_the_shipped_schema_is_the_printed_one(which: Any) -> None:
    text = (SHIPPED / f"{which}.schema.json").read_text(encoding="utf-8")
    assert json.loads(text) == schema(which), f"pactrisk schema {which} > {SHIPPED / which}.schema.json"
    jsonschema.Draft7Validator.check_schema(schema(which))


@pytest.mark.parametrize("which", SCHEMAS)
def test_every_shipped_file_fits(which: Any) -> None:
    files = sorted((ROOT / f"{which}s").glob("*.toml"))
    assert len(files) >= 3
    validator = jsonschema.Draft7Validator(schema(which))
    for file in files:
        assert [error.message for error in validator.iter_errors(tables(file))] == [], file


def test_editors_find_the_schemas() -> None:
    rules = tomllib.loads((ROOT / ".taplo.toml").read_text(encoding="utf-8"))["rule"]
    assert {rule["schema"]["path"] for rule in rules} == {
        f"simsrc/pactrisk/config/schemas/{which}.schema.json" for which in SCHEMAS
    }
    assert all((ROOT / rule["schema"]["path"]).is_file() for rule in rules)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t["drivers"]["oil"].update(half_lief=3),
        lambda t: t["drivers"]["oil"].update(volatility=-1),
        lambda t: t["drivers"]["oil"].update(kind="mean_revertin"),
        lambda t: t["agreements"][0].update(depht=0.3),
        lambda t: t["agreements"][0].pop("id"),
        lambda t: t.update(agreement=[]),
        lambda t: t.pop("signed"),
        lambda t: t["agreements"][0]["milestones"]["plan"].update(track="formel"),
    ],
)
def test_a_slip_is_seen_in_the_editor(spoil: Any) -> None:
    world = copy.deepcopy(tables(ROOT / "scenarios/first-steps.toml"))
    validator = jsonschema.Draft7Validator(schema("scenario"))
    assert validator.is_valid(world)
    spoil(world)
    assert not validator.is_valid(world)


def test_every_key_of_a_number_tells_its_meaning() -> None:
    definitions = schema("scenario")["definitions"]
    told = definitions["MeanReverting"]["properties"]["half_life"]
    assert told["description"] == "time for a gap to the level to halve, in months (above 0)"
    silent = [
        f"{name}.{key}"
        for name, definition in definitions.items()
        for key, value in definition.get("properties", {}).items()
        if not value.get("description") and key != "kind" and name not in ("Spread", "Duration", "DriverEdit")
    ]
    assert silent == []
