"""JSON Schema of the files, for an editor that completes and checks keys; printed from the same specs."""

from __future__ import annotations

import copy
from typing import Any, Literal

from pactrisk.quantities import spread_schema
from pactrisk.question import Question
from pactrisk.scenario import Scenario
from pactrisk.specs import NAMES, Spec, derived, described

__all__ = ["SCHEMAS", "schema"]

SCHEMAS = ("scenario", "config")
_NAMES = {False: "Spread", True: "Duration"}
_DRAFT = "http://json-schema.org/draft-07/schema#"


def schema(of: Literal["scenario", "config"]) -> dict[str, Any]:
    """The schema of scenario files or of config files.

    It describes the file, not the checked value: an agreement may leave to its template what it does not
    override, and a scenario that ``extends`` another lists only what differs.
    """
    model: type[Spec] = Scenario if of == "scenario" else Question
    made = model.model_json_schema()
    _describe(made, model)
    made = _draft_seven(made)
    if of == "scenario":
        _as_written(made)
    if of == "scenario":
        made["definitions"] |= {_NAMES[False]: spread_schema(False), _NAMES[True]: spread_schema(True)}
    title = "Pactrisk scenario" if of == "scenario" else "Pactrisk config"
    return {"$schema": _DRAFT, **made, "title": title}


def _describe(made: dict[str, Any], model: type[Spec]) -> None:
    """Give every key its description."""
    specs = {model.__name__: model}
    for spec in derived(Spec):
        # where two have one name, pydantic tells them apart by their modules
        for name in (spec.__name__, f"{spec.__module__}.{spec.__name__}".replace(".", "__")):
            specs[name] = spec
    for name, table in ((model.__name__, made), *made["$defs"].items()):
        keys = table["properties"]
        for word, info in described(specs[name]).items():
            if info.description and word in keys:
                keys[word] = {
                    "description": info.description,
                    **{k: v for k, v in keys[word].items() if k != "description"},
                }


def _as_written(made: dict[str, Any]) -> None:
    text = {"type": "string"}
    made["properties"]["extends"] = {**text, "description": "baseline that this file lists only the differences to"}
    removal = "dotted keys of the baseline that this world does not have"
    made["properties"]["remove"] = {"description": removal, **NAMES}
    needed = made.pop("required")
    definitions = made["definitions"]
    made["anyOf"] = [{"required": ["extends"]}, {"required": needed}]
    for name in ("Milestone", "Flow", "Ending"):
        partial = copy.deepcopy(definitions[name])
        partial.pop("required", None)
        definitions[f"{name}InAgreement"] = partial
    agreement = definitions["Agreement"]
    agreement["required"] = ["id"]
    _point(agreement, {name: f"{name}InAgreement" for name in ("Milestone", "Flow", "Ending")})
    _with_edits(made["properties"]["drivers"], definitions)
    for definition in definitions.values():
        hidden = [k for k, v in definition.get("properties", {}).items() if v.get("internal")]
        for key in hidden:
            del definition["properties"][key]


def _with_edits(drivers: dict[str, Any], definitions: dict[str, Any]) -> None:
    """Beside the kinds, a driver may be an edit of the baseline's: no kind, and any of their keys."""
    entry = next(iter(drivers["patternProperties"].values()))
    keys: dict[str, list[Any]] = {}
    for choice in entry["oneOf"]:
        for key, value in definitions[choice["$ref"].rpartition("/")[2]]["properties"].items():
            if key != "kind" and value not in keys.setdefault(key, []):
                keys[key].append(value)
    definitions["DriverEdit"] = {
        "type": "object",
        "description": "what differs from the driver of the baseline that this file extends",
        "properties": {key: values[0] if len(values) == 1 else {"anyOf": values} for key, values in keys.items()},
        "additionalProperties": False,
    }
    entry["oneOf"].append({"$ref": "#/definitions/DriverEdit"})


def _point(node: Any, renamed: dict[str, str]) -> None:
    if isinstance(node, dict):
        target = str(node.get("$ref", "")).rpartition("/")[2]
        if target in renamed:
            node["$ref"] = f"#/definitions/{renamed[target]}"
        for value in node.values():
            _point(value, renamed)
    elif isinstance(node, list):
        for value in node:
            _point(value, renamed)


def _draft_seven(node: Any) -> Any:
    """The words of draft 7, the one that every TOML editor reads."""
    if isinstance(node, list):
        return [_draft_seven(value) for value in node]
    if not isinstance(node, dict):
        return node
    if "patternProperties" in node and str(node.get("description", "")).startswith("a distribution, drawn"):
        return {"$ref": f"#/definitions/{_NAMES['trial' in node['description']]}"}
    choices = node.get("anyOf", ())
    if len(choices) == 2 and {"type": "null"} in choices:
        # a key that may be left out; in TOML nothing is written as null
        rest = {key: value for key, value in node.items() if key not in ("anyOf", "default")}
        return _draft_seven({**next(c for c in choices if c != {"type": "null"}), **rest})
    made = {}
    for key, value in node.items():
        if key == "$defs":
            made["definitions"] = {name: _draft_seven(inner) for name, inner in value.items()}
        elif key == "discriminator" or value is None:
            continue
        elif key == "$ref":
            made[key] = value.replace("#/$defs/", "#/definitions/")
        elif key in ("title", "default") and not isinstance(value, dict):
            continue
        else:
            made[key] = _draft_seven(value)
    return made
