"""Wherever a list of names is wanted, a single text is a list of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import jsonschema
import pytest
from pydantic import TypeAdapter

from first_steps import taken
from pactrisk.config.schema import schema
from pactrisk.specs import Spec


def lists_of_text(spec: type[Spec] = Spec) -> Iterator[tuple[str, Any]]:
    for made in spec.__subclasses__():
        for word, info in made.model_fields.items() if made.__module__.startswith("pactrisk.") else ():
            if info.annotation == tuple[str, ...]:
                yield f"{made.__name__}.{word}", Annotated[info.annotation, *info.metadata]
        yield from lists_of_text(made)


def test_every_list_of_names_takes_a_single_text() -> None:
    found = dict(lists_of_text())
    assert {"Milestone.after", "Trigger.only_from", "Precision.of", "Question.analyses"} <= found.keys()
    assert {word: TypeAdapter(wanted).validate_python("one") for word, wanted in found.items()} == dict.fromkeys(
        found, ("one",)
    )


@pytest.mark.parametrize(
    ("text", "listed"), [('of = "number"', 'of = ["number"]'), ('analyses = "headline"', 'analyses = ["headline"]')]
)
def test_in_a_config(text: str, listed: str, tmp_path: Path) -> None:
    def read(said: str) -> Any:
        said = f"precision = {{ half_width = 0.05, {said} }}" if said.startswith("of") else said
        return taken(tmp_path, config=[("seed     = 1", said)]).question

    assert read(text) == read(listed)


@pytest.mark.parametrize("names", ["rare", ["rare", "number"]])
def test_in_the_schemas(names: Any) -> None:
    asked = {"scenario": "small", "analyses": names, "precision": {"half_width": 0.05, "of": names}}
    assert jsonschema.Draft7Validator(schema("config")).is_valid(asked)
    assert jsonschema.Draft7Validator(schema("scenario")).is_valid({"extends": "small", "remove": names})
    triggers = [{"driver": "attacks", "state": "hot", "only_from": names}]
    regime = {"kind": "regime", "initial": "hot", "states": {"hot": {}}, "triggers": triggers}
    assert jsonschema.Draft7Validator(schema("scenario")).is_valid({"extends": "small", "drivers": {"war": regime}})
