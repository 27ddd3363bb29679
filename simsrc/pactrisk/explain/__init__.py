"""What a key means, and a scenario in words and as a diagram, always from the specs (floor 5)."""

from __future__ import annotations

from dataclasses import dataclass

from pactrisk.explain.diagram import diagram_of, dot, mermaid, tree
from pactrisk.explain.glossary import vocabulary
from pactrisk.explain.keys import Explanation, explain_key
from pactrisk.explain.words import Section, sections
from pactrisk.findings import Diagram
from pactrisk.scenario import Scenario

__all__ = [
    "Explanation",
    "Portrait",
    "diagram_of",
    "dot",
    "explain_key",
    "explain_scenario",
    "mermaid",
    "tree",
    "vocabulary",
]


@dataclass(frozen=True)
class Portrait:
    """A scenario explained: sections of paragraphs, and its links as a diagram."""

    title: str
    sections: tuple[Section, ...]
    diagram: Diagram

    @property
    def mermaid(self) -> str:
        """The diagram as Mermaid text."""
        return mermaid(self.diagram)

    @property
    def dot(self) -> str:
        """The diagram in the language of Graphviz."""
        return dot(self.diagram)

    @property
    def tree(self) -> str:
        """The diagram as indented text for a terminal."""
        return tree(self.diagram)


def explain_scenario(scenario: Scenario) -> Portrait:
    """The scenario in words and as a diagram."""
    return Portrait(scenario.title, sections(scenario), diagram_of(scenario))
