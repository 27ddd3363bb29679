"""The scenario in words, and what acts on what."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from pactrisk.ensemble import Block, Reading, Sums
from pactrisk.explain import explain_scenario
from pactrisk.findings import Diagram, DiagramEdge, Finding, Table
from pactrisk.findings.ledger import Ledger
from pactrisk.findings.wording import listed
from pactrisk.numerals import counted

TITLE = "The scenario in words and as a diagram"
ORDER = 92

_QUICKENS, _SLOWS, _EITHER = ("quickens", "quicken"), ("slows", "slow"), ("goes either way", "go either way")
_HONOURS = ("makes ceremony", "make ceremony")
_ON = {
    "driver": ("acts on another driver", "act on other drivers"),
    "quantity": ("is read in a quantity", "are read in quantities"),
}
_WAYS = (_QUICKENS, _SLOWS, _EITHER, _HONOURS, *_ON.values())
_DIRECTION = {1: "quickens", -1: "slows", 0: ""}


def observe(block: Block) -> Sums:
    """Nothing: the diagram is of the scenario, not of its trials."""
    return {}


def find(reading: Reading) -> Finding:
    """The diagram, its links as a table, and the scenario in sentences."""
    portrait = explain_scenario(reading.plan.scenario)
    caption, alt = _told(portrait.diagram)
    diagram = replace(portrait.diagram, caption=caption, alt=alt)
    return Finding(
        "diagram",
        TITLE,
        _sentence(diagram),
        tables=(_words(portrait.sections), *([_links(diagram)] if diagram.edges else [])),
        figures=(diagram,),
        notes=("The words and the diagram are made from the files alone: what is not in them is not in the model.",),
    )


def _told(diagram: Diagram) -> tuple[str, str]:
    """Caption and text for the drawing: every column with its count."""
    kinds = Counter(node.kind for node in diagram.nodes)
    said = [counted(n, kind, "quantities" if kind == "quantity" else "") for kind, n in kinds.items()]
    caption = (
        f"From left to right: {listed(said)}. Blue quickens or puts off an ending, dashed orange slows or hastens "
        "one, grey goes one way or the other, makes ceremony, acts on a driver, or is read in a sum. "
        "Rest on a box or a line for its words; the table below has them all."
    )
    return caption, f"Diagram of the links between {listed(said)}, as in the table"


def _sentence(diagram: Diagram) -> str:
    kinds = {node.id: node.kind for node in diagram.nodes}
    ours = [edge for edge in diagram.edges if kinds[edge.source] == "driver"]
    reach = Counter(edge.source for edge in ours)
    if not reach:
        return "No driver acts on anything: every agreement takes its own time."
    many = max(reach.values())
    label = {node.id: node.label for node in diagram.nodes}
    widest = [label[id_] for id_, count in reach.items() if count == many]
    named = listed([*widest[:3], f"{len(widest) - 3} more"] if len(widest) > 3 else widest)
    ways = Counter(_way(edge, kinds[edge.target]) for edge in ours)
    said = [f"{ways[way]} {way[ways[way] > 1]}" for way in _WAYS if ways[way]]
    return (
        f"{counted(len(ours), 'link leads', 'links lead')} from drivers to what they act on: {listed(said)}. {named} "
        f"{'reaches' if len(widest) == 1 else 'reach'} furthest, with {many} {'link' if many == 1 else 'links'}"
        f"{'' if len(widest) == 1 else ' each'}."
    )


def _way(edge: DiagramEdge, target: str) -> tuple[str, str]:
    """In which way a link of a driver acts on something of the kind ``target``, as one does and as several do."""
    if edge.sign:
        return _QUICKENS if edge.sign > 0 else _SLOWS
    if target == "agreement" and edge.label.startswith("ceremony"):
        return _HONOURS
    return _ON.get(target, _EITHER)


def _words(sections: tuple[tuple[str, tuple[str, ...]], ...]) -> Table:
    rows = [(heading, paragraph) for heading, paragraphs in sections for paragraph in paragraphs]
    ledger = Ledger().plain("part", "Part", [heading for heading, _ in rows])
    ledger.plain("said", "In words", [paragraph for _, paragraph in rows])
    return ledger.table("scenario", "The scenario in words")


def _links(diagram: Diagram) -> Table:
    label = {node.id: f"{node.kind} {node.label}" for node in diagram.nodes}
    ledger = Ledger().plain("source", "From", [label[edge.source] for edge in diagram.edges])
    ledger.plain("target", "To", [label[edge.target] for edge in diagram.edges])
    ledger.plain("direction", "Direction", [_DIRECTION[edge.sign] for edge in diagram.edges])
    ledger.plain("how", "How", [edge.label for edge in diagram.edges])
    how = (
        "A state slows or quickens while it lasts, and so does a value below or above what is named. What hastens an "
        "ending counts as slowing."
    )
    return ledger.table("links", "What acts on what", how)
