"""Assumptions by their addresses, in words."""

from __future__ import annotations

from typing import Any

from pactrisk.scenario import Scenario

__all__ = ["assumption_words", "draw_words", "written_address"]

_STRUCTURE = ("milestones", "states", "effects", "when", "triggers", "conditions")
_SAID = {"never": "never done", "sd": "standard deviation", "presence": "chance that it exists"}
_PREFIX = {"paces": "pace", "frailties": "hidden factor", "factors": "factor"}


def written_address(address: str) -> str:
    """The address as it can be written in a file: whether an agreement exists is ruled by its ``presence``."""
    return address.removesuffix("/exists")


def assumption_words(scenario: Scenario, address: str) -> str:
    """An address for people: ``drivers.brent.half_life`` is ``Brent: half life`` where the driver has that title."""
    kind, _, rest = address.partition(".")
    name, _, inside = rest.partition(".")
    if not inside:
        return address.replace("_", " ").replace(".", " ").replace("/", " ")
    if inside == "presence/exists":
        return f"{_owner(scenario, kind, name)}: whether it exists at all"
    words: list[str] = []
    spec: Any = _found(scenario, kind, name)
    for part in inside.split("."):
        spec = spec.get(part) if isinstance(spec, dict) else getattr(spec, part, None)
        if part in _STRUCTURE:
            continue
        said = getattr(spec, "title", "") or _SAID.get(part) or _entry_words(scenario, part)
        # "brent/elasticity" holds an elasticity: once is enough
        if not words or not words[-1].endswith(said):
            words.append(said)
    return f"{_owner(scenario, kind, name)}: {', '.join(words)}"


def _entry_words(scenario: Scenario, part: str) -> str:
    """What an address calls an entry of a list, in words: ``war/hot`` by the titles of the driver and its state."""
    name, slash, rest = part.partition("/")
    driver = _found(scenario, "drivers", name) if slash else None
    state = getattr(driver, "states", {}).get(rest)
    named = ((name, getattr(driver, "title", "")), (rest, getattr(state, "title", "")))
    return " ".join(title or word.replace("_", " ").replace("/", " ") for word, title in named).strip()


def draw_words(scenario: Scenario, address: str) -> str:
    """The address of a random number for people: ``agreement/veterinary/contract/never`` is the veterinary
    agreement's ``contract, never done``, ``driver/brent/diffusion`` Brent's ``diffusion``."""
    kind, _, rest = address.partition("/")
    if kind == "assumption":
        return f"assumption, {assumption_words(scenario, rest)}"
    table = {"agreement": "agreements", "driver": "drivers", "frailty": "frailties", "factor": "factors"}[kind]
    name, *inside = rest.split("/")
    said = [_SAID.get(part, part.replace("_", " ")) for part in inside]
    return f"{_owner(scenario, table, name)}{': ' if said else ''}{', '.join(said)}"


def _found(scenario: Scenario, kind: str, name: str) -> Any:
    if kind == "agreements":
        return next((a for a in scenario.agreements if a.id == name), None)
    table = getattr(scenario, kind, None)
    return table.get(name) if isinstance(table, dict) else None


def _owner(scenario: Scenario, kind: str, name: str) -> str:
    found = _found(scenario, kind, name)
    title = getattr(found, "title", "") or name.replace("_", " ").replace("/", " ")
    return f"{_PREFIX[kind]} {title}" if kind in _PREFIX else str(title)
