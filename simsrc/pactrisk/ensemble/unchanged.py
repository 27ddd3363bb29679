"""What a variant leaves as it was, so that it need not be simulated again: the same bits for less work."""

from __future__ import annotations

from pactrisk.drivers import order
from pactrisk.scenario import Scenario

__all__ = ["unchanged_drivers"]


def unchanged_drivers(base: Scenario, variant: Scenario) -> frozenset[str]:
    """Names of the drivers whose paths a variant cannot move.

    A driver stays as it was where its own numbers, the factors it loads on, its shocks and all the drivers that it
    reads are the same: a path is a function of these and of random numbers that belong to names.
    """
    same: set[str] = set()
    for name in order(variant.drivers):
        driver = variant.driver(name)
        loaded = getattr(driver, "factors", {})
        if (
            base.drivers.get(name) == driver
            and driver.parents() <= same
            and all(base.factors.get(word) == variant.factors.get(word) for word in loaded)
            and [s for s in base.shocks if s.driver == name] == [s for s in variant.shocks if s.driver == name]
        ):
            same.add(name)
    return frozenset(same)
