"""Drivers: what nobody at the table controls (floor 1)."""

from pactrisk.drivers.effects import Effect
from pactrisk.drivers.paths import DriverPaths, EventPath, Path, StatePath, until
from pactrisk.drivers.process import Factor, Process
from pactrisk.drivers.processes import KINDS, Driver
from pactrisk.drivers.shocks import Shock
from pactrisk.drivers.simulate import order, simulate

__all__ = [
    "KINDS",
    "Driver",
    "DriverPaths",
    "Effect",
    "EventPath",
    "Factor",
    "Path",
    "Process",
    "Shock",
    "StatePath",
    "order",
    "simulate",
    "until",
]
