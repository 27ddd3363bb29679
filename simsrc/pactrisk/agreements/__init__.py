"""Agreements: milestones on a clock, a flow, an ending (floor 2)."""

from pactrisk.agreements.following import follow
from pactrisk.agreements.paces import Clocks
from pactrisk.agreements.progress import Progress, weights_without
from pactrisk.agreements.terms import Agreement, Ceremony, Ending, Flow, Frailty, Milestone, Pace, Terms

__all__ = [
    "Agreement",
    "Ceremony",
    "Clocks",
    "Ending",
    "Flow",
    "Frailty",
    "Milestone",
    "Pace",
    "Progress",
    "Terms",
    "follow",
    "weights_without",
]
