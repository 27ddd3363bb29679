"""Arithmetic of other drivers: stress = price shortfall x war."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import AfterValidator

from pactrisk.drivers.paths import Path
from pactrisk.drivers.process import Process, Setting, Theory, kind
from pactrisk.expressions import Expression
from pactrisk.grid import TimeGrid
from pactrisk.magnitude import sound, unsound


def _arithmetic(text: str) -> str:
    Expression(text)
    return text


@kind
class Formula(Process):
    """A driver computed from others at the same grid point.

    ``max(70 - oil, 0) * war.hot`` is how far oil is below 70 while the war is hot.
    """

    kind: Literal["formula"]
    expression: Annotated[str, AfterValidator(_arithmetic)]
    """arithmetic over drivers; a regime is read by its state and is 1 while in it"""

    def reads(self) -> Iterable[str]:
        """The names in the expression."""
        return Expression(self.expression).names

    def simulate(self, setting: Setting) -> Path:
        """The expression at every grid point.

        Raises
        ------
        RunError : where it is not a finite number (a division by zero, the logarithm of a negative number).
        """
        value = np.asarray(Expression(self.expression).evaluate(setting.paths.read), dtype=float)
        value = np.array(np.broadcast_to(value, (setting.grid.points, setting.trials)))
        if not sound(value):
            said, worlds = f"drivers.{setting.name}: {self.expression} is", setting.worlds
            raise unsound(said, value, setting.grid.dates, worlds.count, worlds.streams.block)
        return Path(value, before=self._before(setting))

    def _before(self, setting: Setting) -> npt.NDArray[np.float64] | None:
        """Until the day of signature, where something that it reads moves on that very day."""
        if all(setting.paths[name.partition(".")[0]].before is None for name in self.reads()):
            return None
        value = np.asarray(Expression(self.expression).evaluate(setting.paths.initial), dtype=float)
        return np.array(np.broadcast_to(value, setting.trials))

    def theory(self, grid: TimeGrid) -> Theory | None:
        """Nothing beyond its parts, unless it has none: a constant."""
        if self.reads():
            return None
        value = float(Expression(self.expression).evaluate(lambda name: None))
        return Theory("plain", np.full(grid.points, value), np.zeros(grid.points))
