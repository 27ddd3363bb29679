"""Honest estimates from a nested sample: W independent worlds of m trials each.

A sample leaves sums behind that add up over blocks (:class:`Moments`, :class:`ConditionalMoments`,
:class:`Bins`), and every estimate is made from those: :func:`proportion`, :func:`ratio`, :func:`mean`,
:func:`mean_by_date`, :func:`difference`, how many of some things (:func:`how_many`, :func:`how_many_more`), the
three-way bar (:func:`composition`, :func:`of_kinds`) and whose ignorance it is (:func:`first_order`).
All work on any shape S of statistics at once.
"""

from __future__ import annotations

from pactrisk.estimators.clusters import Moments, world_sums
from pactrisk.estimators.composition import Composition, composition
from pactrisk.estimators.contrasts import difference
from pactrisk.estimators.estimate import Estimate, Estimates, Kind
from pactrisk.estimators.first_order import Bins, FirstOrder, first_order
from pactrisk.estimators.means import mean, mean_by_date
from pactrisk.estimators.mixtures import of_kinds
from pactrisk.estimators.numbers import how_many, how_many_more
from pactrisk.estimators.proportions import proportion
from pactrisk.estimators.ratios import ConditionalMoments, ratio
from pactrisk.estimators.rounding import digits, rounded

__all__ = [
    "Bins",
    "Composition",
    "ConditionalMoments",
    "Estimate",
    "Estimates",
    "FirstOrder",
    "Kind",
    "Moments",
    "composition",
    "difference",
    "digits",
    "first_order",
    "how_many",
    "how_many_more",
    "mean",
    "mean_by_date",
    "of_kinds",
    "proportion",
    "ratio",
    "rounded",
    "world_sums",
]
