"""Conditional moments as sums that add up over blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt

from pactrisk.ensemble.plan import Plan
from pactrisk.estimators import ConditionalMoments

__all__ = ["conditional", "store_conditional"]

_PARTS = ("both", "given", "both_square", "cross", "given_square")


def store_conditional(name: str, found: ConditionalMoments) -> dict[str, npt.NDArray[Any]]:
    """Conditional moments as sums, under ``name/both`` and so on."""
    return {f"{name}/{part}": getattr(found, part) for part in _PARTS}


def conditional(sums: Mapping[str, npt.NDArray[Any]], name: str, plan: Plan) -> ConditionalMoments:
    """The conditional moments kept under ``name``."""
    parts = {part: sums[f"{name}/{part}"] for part in _PARTS}
    replicates = int(sums["replicates"])
    return ConditionalMoments(
        **parts, worlds=replicates, trials_per_world=plan.trials_per_replicate, worlds_each=plan.worlds_each
    )
