"""A scenario's links as a diagram: factors, drivers, paces, agreements, quantities."""

from __future__ import annotations

import re

from pactrisk.agreements.waiting import resolve
from pactrisk.drivers import Effect
from pactrisk.explain.effects import direction, number_text
from pactrisk.explain.sentences import push_text
from pactrisk.expressions import Expression
from pactrisk.findings import Diagram, DiagramEdge, DiagramNode, plain
from pactrisk.lint.readings import readings
from pactrisk.scenario import Scenario

__all__ = ["LAYERS", "diagram_of", "dot", "mermaid", "tree"]

LAYERS = ("Factors", "Drivers", "Paces", "Agreements", "Quantities")
_KINDS = ("factor", "driver", "pace", "agreement", "quantity")
_ENDINGS = {1: "hastens its ending", -1: "puts off its ending", 0: "its ending"}
_PLAIN = re.compile(r"[^A-Za-z0-9_]")


def diagram_of(scenario: Scenario) -> Diagram:
    """Nodes in layers and the links between them; several links of a pair are one, with their labels joined."""
    things = (
        {name: f.title for name, f in scenario.factors.items()},
        {name: d.title for name, d in scenario.drivers.items()},
        {name: p.title for name, p in scenario.paces.items()},
        {a.id: a.title for a in scenario.agreements},
        {name: q.title for name, q in scenario.quantities.items()},
    )
    nodes = [
        DiagramNode(f"{_KINDS[layer]}:{name}", plain(title) or name, _KINDS[layer], layer)
        for layer, named in enumerate(things)
        for name, title in named.items()
    ]
    known = {node.id for node in nodes}
    links: dict[tuple[str, str], tuple[list[str], set[int]]] = {}
    for edge in _links(scenario):
        if edge.source in known and edge.target in known and edge.source != edge.target:
            labels, signs = links.setdefault((edge.source, edge.target), ([], set()))
            signs.add(edge.sign)
            if edge.label not in labels:
                labels.append(edge.label)
    edges = [
        DiagramEdge(source, target, "; ".join(label for label in labels if label), next(iter(s)) if len(s) == 1 else 0)
        for (source, target), (labels, s) in links.items()
    ]
    name = f"{len(scenario.drivers)} drivers, {len(scenario.paces)} paces and {len(scenario.agreements)} agreements"
    return Diagram(
        name="links",
        title="What acts on what",
        caption=f"From left to right: {name}, with what is computed from them.",
        alt=f"Diagram of the links between {name}.",
        nodes=nodes,
        edges=edges,
        layer_titles=LAYERS,
    )


def _links(scenario: Scenario) -> list[DiagramEdge]:
    found: list[DiagramEdge] = []
    for name, driver in scenario.drivers.items():
        for factor, loading in getattr(driver, "factors", {}).items():
            found.append(DiagramEdge(f"factor:{factor}", f"driver:{name}", number_text(loading)))
    for reading in readings(scenario):
        if reading.path[0] == "templates":
            continue
        layer = {"driver": "driver", "pace": "pace", "quantity": "quantity"}.get(reading.role, "agreement")
        sign = 0 if reading.effect is None else direction(reading.effect)
        label = held = reading.state or _held(reading.effect)
        if reading.trigger is not None:
            label = push_text(reading.trigger)
        if reading.role in ("flow", "ending", "ceremony"):
            # what brings the end nearer works as what slows
            label, sign = (_ENDINGS[sign], -sign) if reading.role == "ending" else (reading.role, sign)
            label += f", {held}" if held else ""
        found.append(DiagramEdge(f"driver:{reading.driver}", f"{layer}:{reading.reader}", label, sign))
    for name, pace in scenario.paces.items():
        found += [DiagramEdge(f"pace:{other}", f"pace:{name}", "includes") for other in pace.includes]
    for a in scenario.agreements:
        paces = dict.fromkeys(m.pace or a.pace for m in a.milestones.values())
        found += [DiagramEdge(f"pace:{pace}", f"agreement:{a.id}") for pace in paces if pace]
        waits = [other for m in a.milestones.values() for other in m.after]
        for other in (*waits, *(a.flow.after if a.flow else ())):
            id_, milestone = resolve(a.id, other)
            found.append(DiagramEdge(f"agreement:{id_}", f"agreement:{a.id}", f"waits for {milestone}"))
    for name, quantity in scenario.quantities.items():
        for dotted in Expression(quantity.expression).names:
            id_, _, part = dotted.partition(".")
            if id_ in scenario.ids:
                found.append(DiagramEdge(f"agreement:{id_}", f"quantity:{name}", part))
    return found


def _held(effect: Effect | None) -> str:
    """When an effect of a value holds: ``below 20``, or as the value rises."""
    beyond = {} if effect is None else {"below": effect.below, "above": effect.above}
    side = next((f"{side} {number_text(cut)}" for side, cut in beyond.items() if cut is not None), "")
    return side or ("as it rises" if effect is not None else "")


def mermaid(diagram: Diagram) -> str:
    """The diagram as Mermaid text; slowing links are dotted. Titles are quoted, so that none can act."""
    lines = ["flowchart LR"]
    for layer, title in enumerate(diagram.layer_titles):
        members = [node for node in diagram.nodes if node.layer == layer]
        if members:
            lines.append(f"  subgraph {title}")
            lines += [f'    {_key(node.id)}["{_quoted(node.label)}"]' for node in members]
            lines.append("  end")
    for edge in diagram.edges:
        arrow = "-.->" if edge.sign < 0 else "-->"
        label = f'|"{_quoted(edge.label)}"|' if edge.label else ""
        lines.append(f"  {_key(edge.source)} {arrow}{label} {_key(edge.target)}")
    return "\n".join(lines) + "\n"


def dot(diagram: Diagram) -> str:
    """The diagram in the language of Graphviz; slowing links are dashed."""

    def quoted(text: str) -> str:
        return '"' + plain(text).replace("\\", "\\\\").replace('"', '\\"') + '"'

    lines = ["digraph links {", "  rankdir = LR;", "  node [shape = box];"]
    for layer in range(len(diagram.layer_titles)):
        members = [node for node in diagram.nodes if node.layer == layer]
        inside = " ".join(f"{quoted(node.id)} [label = {quoted(node.label)}];" for node in members)
        if members:
            lines.append(f"  {{ rank = same; {inside} }}")
    for edge in diagram.edges:
        style = ", style = dashed" if edge.sign < 0 else ""
        lines.append(f"  {quoted(edge.source)} -> {quoted(edge.target)} [label = {quoted(edge.label)}{style}];")
    return "\n".join([*lines, "}"]) + "\n"


def tree(diagram: Diagram) -> str:
    """The diagram as indented text: every layer, its things, and what acts on each."""
    label = {node.id: node.label for node in diagram.nodes}
    kind = {node.id: node.kind for node in diagram.nodes}
    signs = {1: "+", -1: "-", 0: "·"}
    lines: list[str] = []
    for layer, title in enumerate(diagram.layer_titles):
        members = [node for node in diagram.nodes if node.layer == layer]
        if not members:
            continue
        lines.append(title)
        for node in members:
            lines.append(f"  {node.label}")
            for edge in diagram.edges:
                if edge.target == node.id:
                    said = f" ({plain(edge.label)})" if edge.label else ""
                    lines.append(f"    {signs[edge.sign]} {kind[edge.source]} {label[edge.source]}{said}")
    return "\n".join(lines) + "\n"


def _key(id_: str) -> str:
    return _PLAIN.sub("_", id_)


def _quoted(text: str) -> str:
    # Mermaid reads entities by code inside quotes; nothing else of a title may reach its grammar
    return re.sub(r'["#<>&|\\`\[\]{}()]', lambda m: f"#{ord(m[0])};", plain(text))
